"""What customers are told of changes that staff made, by language."""

from frontdesk import Business
from frontdesk.words import in_language

_TOLD = {
    "confirmed": {
        "en": "Your booking {reference} for {when} is confirmed.",
        "es": "Su reserva {reference} para {when} está confirmada.",
        "de": "Ihre Buchung {reference} für {when} ist bestätigt.",
        "fr": "Votre réservation {reference} pour {when} est confirmée.",
        "it": "La Sua prenotazione {reference} per {when} è confermata.",
    },
    "declined": {
        "en": "We are sorry: we cannot take your booking {reference} for {when}.",
        "es": "Lo sentimos: no podemos aceptar su reserva {reference} para {when}.",
        "de": "Es tut uns leid: Ihre Buchung {reference} für {when} können wir nicht annehmen.",
        "fr": "Nous sommes désolés : nous ne pouvons pas accepter votre réservation {reference} "
        "pour {when}.",
        "it": "Ci dispiace: non possiamo accettare la Sua prenotazione {reference} per {when}.",
    },
    "cancelled": {
        "en": "We are sorry: we had to cancel your booking {reference} for {when}.",
        "es": "Lo sentimos: hemos tenido que cancelar su reserva {reference} para {when}.",
        "de": "Es tut uns leid: Ihre Buchung {reference} für {when} mussten wir absagen.",
        "fr": "Nous sommes désolés : nous avons dû annuler votre réservation {reference} "
        "pour {when}.",
        "it": "Ci dispiace: abbiamo dovuto annullare la Sua prenotazione {reference} per {when}.",
    },
    "moved": {
        "en": "Your booking {reference} has been moved from {old} to {when}.",
        "es": "Su reserva {reference} ha pasado del {old} al {when}.",
        "de": "Ihre Buchung {reference} wurde von {old} auf {when} verlegt.",
        "fr": "Votre réservation {reference} est passée du {old} au {when}.",
        "it": "La Sua prenotazione {reference} è stata spostata da {old} a {when}.",
    },
    "call": {
        "en": "You can reach us on {phone}.",
        "es": "Puede llamarnos al {phone}.",
        "de": "Sie erreichen uns unter {phone}.",
        "fr": "Vous pouvez nous joindre au {phone}.",
        "it": "Può chiamarci al {phone}.",
    },
}


def tell(business: Business, key: str, reason: str = "", **values: str) -> str:
    """The sentence, the reason in staff's own words, and where to ask."""
    parts = [_say(business, key, **values)]
    if reason:
        parts.append(reason if reason[-1] in ".!?" else f"{reason}.")
    if key != "confirmed" and business.phone:
        parts.append(_say(business, "call", phone=business.phone))
    return " ".join(parts)


def _say(business: Business, key: str, **values: str) -> str:
    table = _TOLD[key]
    return in_language(business, table).format_map(values)
