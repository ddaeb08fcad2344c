"""What customers read about bookings, by language. English stands in for languages without words."""

from frontdesk import Business
from frontdesk.words import in_language
from frontdesk_plugins.booking.refusals import REFUSALS

_WORDS = {
    # ---- what is free
    "free_times": {
        "en": "Free on {day}: {times}.",
        "es": "Libre el {day}: {times}.",
        "de": "Frei am {day}: {times}.",
        "fr": "Disponible le {day} : {times}.",
        "it": "Disponibile {day}: {times}.",
    },
    "free": {
        "en": "{when} is free.",
        "es": "{when}: está libre.",
        "de": "{when} ist frei.",
        "fr": "{when} : c'est disponible.",
        "it": "{when}: è libero.",
    },
    "free_for": {
        "en": "{when} is free for {party}.",
        "es": "{when}: hay sitio para {party}.",
        "de": "{when} ist für {party} frei.",
        "fr": "{when} : il y a de la place pour {party}.",
        "it": "{when}: c'è posto per {party}.",
    },
    "seats_left": {
        "en": "Places left on {when}: {left}.",
        "es": "Plazas libres, {when}: {left}.",
        "de": "Freie Plätze, {when}: {left}.",
        "fr": "Places restantes, {when} : {left}.",
        "it": "Posti liberi, {when}: {left}.",
    },
    # ---- for who walks in: never a promise
    "wait_none": {
        "en": "As the book stands, there is room for {party} right now. Nothing is kept for you.",
        "es": "Ahora mismo, según las reservas, hay sitio para {party}. No se guarda nada.",
        "de": "Nach dem Buch ist gerade Platz für {party}. Es wird nichts freigehalten.",
        "fr": "D'après le carnet, il y a de la place pour {party} en ce moment. Rien n'est gardé.",
        "it": "Secondo le prenotazioni, ora c'è posto per {party}. Non viene tenuto nulla.",
    },
    "wait": {
        "en": "For {party}, it is about {wait} until something is free, around {time}. "
        "That can change, and nothing is kept for you.",
        "es": "Para {party} faltan unos {wait}: habrá sitio hacia las {time}. "
        "Puede cambiar y no se guarda nada.",
        "de": "Für {party} dauert es etwa {wait}, bis gegen {time} etwas frei ist. "
        "Das kann sich ändern, und es wird nichts freigehalten.",
        "fr": "Pour {party}, comptez environ {wait} : une place se libère vers {time}. "
        "Cela peut changer, et rien n'est gardé.",
        "it": "Per {party} ci vogliono circa {wait}: qualcosa si libera verso le {time}. "
        "Può cambiare, e non viene tenuto nulla.",
    },
    "wait_until": {
        "en": "For {party}, something is free today from about {time}. "
        "That can change, and nothing is kept for you.",
        "es": "Para {party} hay sitio hoy hacia las {time}. Puede cambiar y no se guarda nada.",
        "de": "Für {party} ist heute etwa ab {time} etwas frei. "
        "Das kann sich ändern, und es wird nichts freigehalten.",
        "fr": "Pour {party}, il y a de la place aujourd'hui à partir de {time} environ. "
        "Cela peut changer, et rien n'est gardé.",
        "it": "Per {party} c'è posto oggi da circa le {time}. "
        "Può cambiare, e non viene tenuto nulla.",
    },
    "wait_not_today": {
        "en": "Nothing is free for {party} for the rest of today.",
        "es": "Hoy ya no queda nada libre para {party}.",
        "de": "Für {party} ist heute nichts mehr frei.",
        "fr": "Il n'y a plus rien pour {party} aujourd'hui.",
        "it": "Per {party} oggi non c'è più nulla di libero.",
    },
    "wait_ahead": {
        "en": "On the waiting list for today: {count}.",
        "es": "En la lista de espera de hoy: {count}.",
        "de": "Auf der Warteliste für heute: {count}.",
        "fr": "Sur la liste d'attente d'aujourd'hui : {count}.",
        "it": "In lista d'attesa per oggi: {count}.",
    },
    # ---- what a booking is, in the sentences below
    "table": {
        "en": "Table for {party} on {when}",
        "es": "Mesa para {party}, {when}",
        "de": "Tisch für {party}, {when}",
        "fr": "Table pour {party}, {when}",
        "it": "Tavolo per {party}, {when}",
    },
    "service": {
        "en": "{service} on {when}",
        "es": "{service}, {when}",
        "de": "{service}, {when}",
        "fr": "{service}, {when}",
        "it": "{service}, {when}",
    },
    "with": {
        "en": "with {staff}",
        "es": "con {staff}",
        "de": "bei {staff}",
        "fr": "avec {staff}",
        "it": "con {staff}",
    },
    "people": {
        "en": "{party} people",
        "es": "{party} personas",
        "de": "{party} Personen",
        "fr": "{party} personnes",
        "it": "{party} persone",
    },
    "for_name": {
        "en": "for {name}",
        "es": "a nombre de {name}",
        "de": "für {name}",
        "fr": "au nom de {name}",
        "it": "a nome di {name}",
    },
    "phone": {
        "en": "phone {phone}",
        "es": "teléfono {phone}",
        "de": "Telefon {phone}",
        "fr": "téléphone {phone}",
        "it": "telefono {phone}",
    },
    # ---- what is done
    "booked": {
        "en": "Booked: {what}. Reference {reference}.",
        "es": "Reservado: {what}. Referencia {reference}.",
        "de": "Gebucht: {what}. Buchungsnummer {reference}.",
        "fr": "Réservé : {what}. Référence {reference}.",
        "it": "Prenotato: {what}. Codice {reference}.",
    },
    "requested": {
        "en": "Requested: {what}. Reference {reference}. It counts once the team has confirmed it.",
        "es": "Solicitado: {what}. Referencia {reference}. Vale cuando el equipo lo confirme.",
        "de": "Angefragt: {what}. Buchungsnummer {reference}. "
        "Es gilt, sobald das Team es bestätigt hat.",
        "fr": "Demandé : {what}. Référence {reference}. "
        "La demande est valable une fois acceptée par l'équipe.",
        "it": "Richiesto: {what}. Codice {reference}. Vale quando lo staff lo conferma.",
    },
    "held": {
        "en": "Held for you until {until}: {what}.",
        "es": "Guardado para usted hasta las {until}: {what}.",
        "de": "Bis {until} für Sie freigehalten: {what}.",
        "fr": "Gardé pour vous jusqu'à {until} : {what}.",
        "it": "Tenuto per lei fino alle {until}: {what}.",
    },
    "moved": {
        "en": "Moved: {what}. Reference {reference}.",
        "es": "Cambiado: {what}. Referencia {reference}.",
        "de": "Verlegt: {what}. Buchungsnummer {reference}.",
        "fr": "Déplacé : {what}. Référence {reference}.",
        "it": "Spostato: {what}. Codice {reference}.",
    },
    "move": {
        "en": "Move booking {reference} from {old} to: {what}",
        "es": "Cambiar la reserva {reference} del {old} a: {what}",
        "de": "Buchung {reference} verlegen von {old} auf: {what}",
        "fr": "Déplacer la réservation {reference} du {old} à : {what}",
        "it": "Spostare la prenotazione {reference} da {old} a: {what}",
    },
    "cancelled": {
        "en": "Cancelled: {when}, reference {reference}.",
        "es": "Cancelado: {when}, referencia {reference}.",
        "de": "Storniert: {when}, Buchungsnummer {reference}.",
        "fr": "Annulé : {when}, référence {reference}.",
        "it": "Annullato: {when}, codice {reference}.",
    },
    "cancelled_before": {
        "en": "That booking was cancelled before.",
        "es": "Esa reserva ya estaba cancelada.",
        "de": "Diese Buchung war schon storniert.",
        "fr": "Cette réservation était déjà annulée.",
        "it": "Questa prenotazione era già annullata.",
    },
    "cancel": {
        "en": "Cancel booking {reference}: {what}",
        "es": "Cancelar la reserva {reference}: {what}",
        "de": "Buchung {reference} stornieren: {what}",
        "fr": "Annuler la réservation {reference} : {what}",
        "it": "Annullare la prenotazione {reference}: {what}",
    },
    "fee": {
        "en": "The cancellation fee is {fee}.",
        "es": "El cargo por cancelación es de {fee}.",
        "de": "Die Stornogebühr beträgt {fee}.",
        "fr": "Les frais d'annulation sont de {fee}.",
        "it": "Il costo dell'annullamento è di {fee}.",
    },
    "offer": {
        "en": "Good news from the waiting list: {at} has become free. It is held for you until "
        "{until}. Would you like it?",
        "es": "Buenas noticias de la lista de espera: ha quedado libre {at}. Se lo guardamos hasta "
        "las {until}. ¿Lo quiere?",
        "de": "Gute Nachricht von der Warteliste: {at} ist frei geworden und wird bis {until} für "
        "Sie freigehalten. Möchten Sie?",
        "fr": "Bonne nouvelle de la liste d'attente : {at} s'est libéré et vous est réservé "
        "jusqu'à {until}. Le voulez-vous ?",
        "it": "Buone notizie dalla lista d'attesa: si è liberato {at} e lo teniamo per Lei fino "
        "alle {until}. Lo desidera?",
    },
    "reminder": {
        "en": "{house} reminds you: {what}, reference {reference}.",
        "es": "{house} le recuerda: {what}, referencia {reference}.",
        "de": "{house} erinnert Sie: {what}, Buchungsnummer {reference}.",
        "fr": "{house} vous rappelle : {what}, référence {reference}.",
        "it": "{house} Le ricorda: {what}, codice {reference}.",
    },
    "reminds": {
        "en": "We will text a reminder to {phone}; you can opt out of text messages at any time.",
        "es": "Le enviaremos un recordatorio por SMS al {phone}; puede darse de baja de los SMS "
        "cuando quiera.",
        "de": "Wir erinnern Sie per SMS an {phone}; SMS können Sie jederzeit abbestellen.",
        "fr": "Nous enverrons un rappel par SMS au {phone} ; vous pouvez refuser les SMS à tout "
        "moment.",
        "it": "Le manderemo un promemoria per SMS al {phone}; può rifiutare gli SMS in qualsiasi "
        "momento.",
    },
    "attends": {
        "en": "Thank you, {name}: see you on {when}.",
        "es": "Gracias, {name}: le esperamos el {when}.",
        "de": "Danke, {name}: bis {when}.",
        "fr": "Merci, {name} : à bientôt, {when}.",
        "it": "Grazie, {name}: La aspettiamo {when}.",
    },
    "waitlisted": {
        "en": "On the waiting list for {day}, {first} to {last}. "
        "What becomes free is offered here and held for {minutes} minutes.",
        "es": "En la lista de espera del {day}, de {first} a {last}. "
        "Lo que quede libre se le ofrece aquí y se guarda {minutes} minutos.",
        "de": "Auf der Warteliste für {day}, {first} bis {last}. "
        "Was frei wird, wird hier angeboten und {minutes} Minuten freigehalten.",
        "fr": "Sur la liste d'attente du {day}, de {first} à {last}. "
        "Ce qui se libère est proposé ici et gardé {minutes} minutes.",
        "it": "In lista d'attesa per {day}, dalle {first} alle {last}. "
        "Quello che si libera è offerto qui e tenuto per {minutes} minuti.",
    },
    "no_upcoming": {
        "en": "No upcoming booking was made in this chat. To find one that was made elsewhere, the "
        "reference and the name or telephone number on it are needed.",
        "es": "En este chat no se ha hecho ninguna reserva futura. Para encontrar otra hacen falta "
        "la referencia y el nombre o el teléfono con que se hizo.",
        "de": "In diesem Chat wurde nichts gebucht, das noch bevorsteht. Für eine andere Buchung "
        "braucht es die Buchungsnummer und den Namen oder die Telefonnummer dazu.",
        "fr": "Aucune réservation à venir n'a été faite dans cette conversation. Pour en trouver "
        "une autre, il faut la référence et le nom ou le numéro de téléphone.",
        "it": "In questa chat non ci sono prenotazioni future. Per trovarne un'altra servono il "
        "codice e il nome o il numero di telefono.",
    },
    "services": {
        "en": "What can be booked: {services}.",
        "es": "Se puede reservar: {services}.",
        "de": "Buchbar sind: {services}.",
        "fr": "On peut réserver : {services}.",
        "it": "Si può prenotare: {services}.",
    },
    "tables": {
        "en": "Table for up to {most}",
        "es": "Mesa para {most} como máximo",
        "de": "Tisch für bis zu {most}",
        "fr": "Table pour {most} au plus",
        "it": "Tavolo fino a {most}",
    },
}

_UNITS = {
    "en": (("minute", "minutes"), ("hour", "hours"), ("day", "days")),
    "es": (("minuto", "minutos"), ("hora", "horas"), ("día", "días")),
    "de": (("Minute", "Minuten"), ("Stunde", "Stunden"), ("Tag", "Tage")),
    "fr": (("minute", "minutes"), ("heure", "heures"), ("jour", "jours")),
    "it": (("minuto", "minuti"), ("ora", "ore"), ("giorno", "giorni")),
}


def say(business: Business, key: str, **values: object) -> str:
    """A sentence in the business's language. What stands in it may be anybody's words."""
    table = _WORDS.get(key) or REFUSALS[key]
    return in_language(business, table).format_map(values)


def length(business: Business, minutes: int) -> str:
    """ "90 minutes", "2 hours", "1 day": the largest unit that comes out even."""
    units = in_language(business, _UNITS)
    for size, (one, many) in zip((24 * 60, 60, 1), reversed(units), strict=True):
        if minutes >= size and minutes % size == 0:
            count = minutes // size
            return f"{count} {one if count == 1 else many}"
    return f"{minutes} {units[0][1]}"
