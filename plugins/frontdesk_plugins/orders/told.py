"""What customers are told of what staff did with their order, by language."""

from frontdesk import Business
from frontdesk.words import in_language

_TOLD = {
    "rejected": {
        "en": "We are sorry: we cannot take your order {reference}, and nothing is charged.",
        "es": "Lo sentimos: no podemos aceptar su pedido {reference}; no se cobra nada.",
        "de": "Es tut uns leid: Ihre Bestellung {reference} können wir nicht annehmen. "
        "Es wird nichts berechnet.",
        "fr": "Nous sommes désolés : nous ne pouvons pas accepter votre commande {reference}, "
        "et rien n'est facturé.",
        "it": "Ci dispiace: non possiamo accettare il Suo ordine {reference}; "
        "non Le viene addebitato nulla.",
    },
    "cancelled": {
        "en": "We are sorry: we had to cancel your order {reference}.",
        "es": "Lo sentimos: hemos tenido que cancelar su pedido {reference}.",
        "de": "Es tut uns leid: Ihre Bestellung {reference} mussten wir stornieren.",
        "fr": "Nous sommes désolés : nous avons dû annuler votre commande {reference}.",
        "it": "Ci dispiace: abbiamo dovuto annullare il Suo ordine {reference}.",
    },
    "call": {
        "en": "You can reach us on {phone}.",
        "es": "Puede llamarnos al {phone}.",
        "de": "Sie erreichen uns unter {phone}.",
        "fr": "Vous pouvez nous joindre au {phone}.",
        "it": "Può chiamarci al {phone}.",
    },
}


def tell(business: Business, key: str, reference: str, reason: str = "") -> str:
    """The sentence, the reason in staff's own words, and where to ask."""
    parts = [_say(business, key, reference=reference)]
    if reason:
        parts.append(reason if reason[-1] in ".!?" else f"{reason}.")
    if business.phone:
        parts.append(_say(business, "call", phone=business.phone))
    return " ".join(parts)


def _say(business: Business, key: str, **values: str) -> str:
    table = _TOLD[key]
    return in_language(business, table).format_map(values)
