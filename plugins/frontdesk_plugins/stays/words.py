"""What guests read about stays, by language. English stands in for languages without words."""

from frontdesk import Business
from frontdesk.words import in_language
from frontdesk_plugins.stays.refusals import REFUSALS

_WORDS: dict[str, dict[str, str]] = {
    # ---- what there is
    "from_price": {
        "en": "{room} (for {sleeps}, {price} a night)",
        "es": "{room} (para {sleeps}, {price} por noche)",
        "de": "{room} (für {sleeps}, {price} pro Nacht)",
        "fr": "{room} (pour {sleeps}, {price} la nuit)",
        "it": "{room} (per {sleeps}, {price} a notte)",
    },
    "rooms_listed": {
        "en": "{rooms}. Usual prices, all in; some nights cost more or less.",
        "es": "{rooms}. Precios habituales, todo incluido; algunas noches varían.",
        "de": "{rooms}. Übliche Endpreise; einzelne Nächte kosten mehr oder weniger.",
        "fr": "{rooms}. Prix habituels, tout compris ; certaines nuits diffèrent.",
        "it": "{rooms}. Prezzi abituali, tutto incluso; alcune notti variano.",
    },
    "offer": {
        "en": "{room}: {total} in total ({nightly})",
        "es": "{room}: {total} en total ({nightly})",
        "de": "{room}: {total} insgesamt ({nightly})",
        "fr": "{room} : {total} au total ({nightly})",
        "it": "{room}: {total} in totale ({nightly})",
    },
    "free": {
        "en": "Free {dates}, taxes and fees included: {rooms}.",
        "es": "Libre {dates}, impuestos y tasas incluidos: {rooms}.",
        "de": "Frei {dates}, Steuern und Gebühren inbegriffen: {rooms}.",
        "fr": "Disponible {dates}, taxes et frais compris : {rooms}.",
        "it": "Disponibile {dates}, tasse e supplementi inclusi: {rooms}.",
    },
    "dates": {
        "en": "from {first} to {last}",
        "es": "del {first} al {last}",
        "de": "vom {first} bis {last}",
        "fr": "du {first} au {last}",
        "it": "dal {first} al {last}",
    },
    "quote": {
        "en": "{what}: {total} in total, taxes and fees included ({nightly}). {policy}",
        "es": "{what}: {total} en total, impuestos y tasas incluidos ({nightly}). {policy}",
        "de": "{what}: {total} insgesamt, Steuern und Gebühren inbegriffen ({nightly}). {policy}",
        "fr": "{what} : {total} au total, taxes et frais compris ({nightly}). {policy}",
        "it": "{what}: {total} in totale, tasse e supplementi inclusi ({nightly}). {policy}",
    },
    "each": {"en": "{price} a night", "es": "{price} por noche", "de": "{price} pro Nacht",
             "fr": "{price} la nuit", "it": "{price} a notte"},
    "average": {"en": "{price} a night on average", "es": "{price} por noche de media",
                "de": "im Mittel {price} pro Nacht", "fr": "{price} la nuit en moyenne",
                "it": "{price} a notte in media"},
    "once": {"en": "{price} for the pet", "es": "{price} por la mascota",
             "de": "{price} für das Haustier", "fr": "{price} pour l'animal",
             "it": "{price} per l'animale"},
    # ---- the terms
    "free_until": {
        "en": "Cancelling is free until {until}, after that it costs {fee}.",
        "es": "Se cancela gratis hasta el {until}; después cuesta {fee}.",
        "de": "Stornieren ist bis {until} kostenlos, danach kostet es {fee}.",
        "fr": "Annulation gratuite jusqu'au {until} ; ensuite, elle coûte {fee}.",
        "it": "Cancellazione gratuita fino a {until}; dopo costa {fee}.",
    },
    "costs": {
        "en": "Cancelling costs {fee}.",
        "es": "Cancelar cuesta {fee}.",
        "de": "Stornieren kostet {fee}.",
        "fr": "L'annulation coûte {fee}.",
        "it": "Cancellare costa {fee}.",
    },
    "not_refundable": {
        "en": "Not refundable: cancelling costs the whole price, {fee}.",
        "es": "No reembolsable: cancelar cuesta el precio entero, {fee}.",
        "de": "Nicht erstattbar: Stornieren kostet den vollen Preis, {fee}.",
        "fr": "Non remboursable : l'annulation coûte le prix entier, {fee}.",
        "it": "Non rimborsabile: cancellare costa l'intero prezzo, {fee}.",
    },
    # ---- booking
    "read_back": {
        "en": "{what}, {party}, for {name}, phone {phone}. {total} in total, taxes and fees "
        "included. {policy}",
        "es": "{what}, {party}, a nombre de {name}, teléfono {phone}. {total} en total, impuestos "
        "y tasas incluidos. {policy}",
        "de": "{what}, {party}, auf den Namen {name}, Telefon {phone}. {total} insgesamt, Steuern "
        "und Gebühren inbegriffen. {policy}",
        "fr": "{what}, {party}, au nom de {name}, téléphone {phone}. {total} au total, taxes et "
        "frais compris. {policy}",
        "it": "{what}, {party}, a nome di {name}, telefono {phone}. {total} in totale, tasse e "
        "supplementi inclusi. {policy}",
    },
    "booked": {
        "en": "Booked: {what}, for {name}, {total} in total. Reference {reference}.",
        "es": "Reservado: {what}, a nombre de {name}, {total} en total. Referencia {reference}.",
        "de": "Gebucht: {what}, auf den Namen {name}, {total} insgesamt. Referenz {reference}.",
        "fr": "Réservé : {what}, au nom de {name}, {total} au total. Référence {reference}.",
        "it": "Prenotato: {what}, a nome di {name}, {total} in totale. Riferimento {reference}.",
    },
    "wishes": {
        "en": "Your wish is noted, without a promise.",
        "es": "Su deseo queda anotado, sin compromiso.",
        "de": "Ihr Wunsch ist vermerkt, ohne Zusage.",
        "fr": "Votre souhait est noté, sans garantie.",
        "it": "Il Suo desiderio è annotato, senza garanzia.",
    },
    "guarantee": {
        "en": "To guarantee it, use {link}; card details never belong in this chat.",
        "es": "Para garantizarla, use {link}; los datos de la tarjeta nunca van en este chat.",
        "de": "Zur Garantie: {link}; Kartendaten gehören nie in diesen Chat.",
        "fr": "Pour la garantir : {link} ; les données de carte n'ont pas leur place ici.",
        "it": "Per garantirla: {link}; i dati della carta non vanno mai in questa chat.",
    },
    # ---- cancelling
    "cancel": {
        "en": "Cancel {reference}: {what}",
        "es": "Cancelar {reference}: {what}",
        "de": "{reference} stornieren: {what}",
        "fr": "Annuler {reference} : {what}",
        "it": "Cancellare {reference}: {what}",
    },
    "fee": {
        "en": "This costs {fee}.", "es": "Esto cuesta {fee}.", "de": "Das kostet {fee}.",
        "fr": "Cela coûte {fee}.", "it": "Costa {fee}.",
    },
    "no_fee": {
        "en": "It costs nothing.", "es": "No cuesta nada.", "de": "Das kostet nichts.",
        "fr": "C'est gratuit.", "it": "Non costa nulla.",
    },
    "cancelled": {
        "en": "Cancelled: {what}. Reference {reference}.",
        "es": "Cancelado: {what}. Referencia {reference}.",
        "de": "Storniert: {what}. Referenz {reference}.",
        "fr": "Annulé : {what}. Référence {reference}.",
        "it": "Cancellato: {what}. Riferimento {reference}.",
    },
    "told_cancelled": {
        "en": "Our team has cancelled {reference}: {room} {dates}.",
        "es": "Nuestro equipo ha cancelado {reference}: {room} {dates}.",
        "de": "Unser Team hat {reference} storniert: {room} {dates}.",
        "fr": "Notre équipe a annulé {reference} : {room} {dates}.",
        "it": "Il nostro team ha cancellato {reference}: {room} {dates}.",
    },
    # ---- during the stay
    "shown": {
        "en": "{reference}: {what}. {status}",
        "es": "{reference}: {what}. {status}",
        "de": "{reference}: {what}. {status}",
        "fr": "{reference} : {what}. {status}",
        "it": "{reference}: {what}. {status}",
    },
    "passed_on": {
        "en": "Your request is with our team: {text}. It is not a promise; they get back to you.",
        "es": "Nuestro equipo tiene su petición: {text}. No es una promesa; le responderán.",
        "de": "Ihr Wunsch liegt unserem Team vor: {text}. Eine Zusage ist das nicht; es meldet sich.",
        "fr": "Notre équipe a votre demande : {text}. Ce n'est pas une promesse ; elle vous répondra.",
        "it": "Il nostro team ha la Sua richiesta: {text}. Non è una promessa; Le risponderà.",
    },
    "late": {
        "en": "late check-out until {time} on {day}",
        "es": "salida tardía hasta las {time} el {day}",
        "de": "späterer Check-out bis {time} am {day}",
        "fr": "départ tardif jusqu'à {time} le {day}",
        "it": "check-out posticipato fino alle {time} del {day}",
    },
    # ---- how a stay stands
    "confirmed": {"en": "It is booked.", "es": "Está reservada.", "de": "Gebucht.",
                  "fr": "C'est réservé.", "it": "È prenotata."},
    "arrived": {"en": "You are checked in.", "es": "Ya ha hecho el check-in.",
                "de": "Sie sind eingecheckt.", "fr": "Vous êtes enregistré.",
                "it": "Il check-in è fatto."},
    "departed": {"en": "It is over.", "es": "Ha terminado.", "de": "Sie ist beendet.",
                 "fr": "Il est terminé.", "it": "È concluso."},
    "no_show": {"en": "Nobody arrived.", "es": "No se presentó nadie.", "de": "Niemand kam an.",
                "fr": "Personne ne s'est présenté.", "it": "Nessuno è arrivato."},
    "is_cancelled": {"en": "It is cancelled.", "es": "Está cancelada.", "de": "Storniert.",
                     "fr": "C'est annulé.", "it": "È cancellata."},
}  # fmt: skip

_COUNTS: dict[str, dict[str, tuple[str, str]]] = {
    "nights": {"en": ("night", "nights"), "es": ("noche", "noches"), "de": ("Nacht", "Nächte"),
               "fr": ("nuit", "nuits"), "it": ("notte", "notti")},
    "adults": {"en": ("adult", "adults"), "es": ("adulto", "adultos"),
               "de": ("Erwachsener", "Erwachsene"), "fr": ("adulte", "adultes"),
               "it": ("adulto", "adulti")},
    "children": {"en": ("child", "children"), "es": ("niño", "niños"), "de": ("Kind", "Kinder"),
                 "fr": ("enfant", "enfants"), "it": ("bambino", "bambini")},
    "rooms": {"en": ("room", "rooms"), "es": ("habitación", "habitaciones"),
              "de": ("Zimmer", "Zimmer"), "fr": ("chambre", "chambres"),
              "it": ("camera", "camere")},
}  # fmt: skip


def say(business: Business, key: str, /, **values: object) -> str:
    table = _WORDS.get(key) or REFUSALS[key]
    return in_language(business, table).format_map(values)


def count(business: Business, what: str, number: int) -> str:
    """ "1 night", "2 nights"."""
    table = _COUNTS[what]
    one, many = in_language(business, table)
    return f"{number} {one if number == 1 else many}"
