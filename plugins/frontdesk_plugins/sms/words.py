"""What the receiving side says: to models and staff of pictures, to staff of customers."""

from collections.abc import Sequence

from frontdesk import Business
from frontdesk.words import in_language

_KINDS = {"image": "image", "audio": "recording", "video": "video"}

_WORDS: dict[str, dict[str, str]] = {
    "off": {
        "en": "{name}: This number does not answer text messages at the moment.",
        "es": "{name}: Este número no responde a SMS por ahora.",
        "de": "{name}: Diese Nummer beantwortet zurzeit keine SMS.",
        "fr": "{name} : Ce numéro ne répond pas aux SMS pour le moment.",
        "it": "{name}: Questo numero al momento non risponde agli SMS.",
    },
    "off_call": {
        "en": " Please call us on {phone}.",
        "es": " Llámenos al {phone}.",
        "de": " Bitte rufen Sie uns an: {phone}.",
        "fr": " Appelez-nous au {phone}.",
        "it": " Ci chiami al {phone}.",
    },
    "off_site": {
        "en": " You find us at {website}.",
        "es": " Nos encuentra en {website}.",
        "de": " Sie finden uns unter {website}.",
        "fr": " Vous nous trouvez sur {website}.",
        "it": " Ci trova su {website}.",
    },
    "cancel_topic": {
        "en": "Texted CANCEL",
        "es": "Ha escrito CANCEL por SMS",
        "de": "SMS mit CANCEL",
        "fr": "A répondu CANCEL par SMS",
        "it": "Ha scritto CANCEL via SMS",
    },
    "cancel": {
        "en": "Texted CANCEL, which ends all text messages to this number. It may have been meant "
        "for a booking or an order: please call to ask.",
        "es": "Ha escrito CANCEL, lo que termina todos los SMS a este número. Quizá quería cancelar "
        "una reserva o un pedido: llámele para preguntar.",
        "de": "Hat CANCEL geschrieben, was alle SMS an diese Nummer beendet. Vielleicht war eine "
        "Buchung oder Bestellung gemeint: bitte anrufen und fragen.",
        "fr": "A répondu CANCEL, ce qui met fin à tous les SMS vers ce numéro. Il s'agissait "
        "peut-être d'une réservation ou d'une commande : appelez pour demander.",
        "it": "Ha scritto CANCEL, che termina tutti gli SMS a questo numero. Forse intendeva una "
        "prenotazione o un ordine: lo chiami per chiedere.",
    },
    "known": {
        "en": "Known of them: {things}.",
        "es": "Se sabe: {things}.",
        "de": "Bekannt ist: {things}.",
        "fr": "On connaît : {things}.",
        "it": "Risulta: {things}.",
    },
}


def say(business: Business, what: str, **values: object) -> str:
    table = _WORDS[what]
    return in_language(business, table).format(**values)


def with_media(text: str, types: Sequence[str]) -> str:
    """A message with a mark for each kind of what came with it: "[image attached]". It is read by
    models, so it is the same in all languages."""
    counts: dict[str, int] = {}
    for kind in types:
        noun = _KINDS.get(kind.partition("/")[0], "file")
        counts[noun] = counts.get(noun, 0) + 1
    marks = [
        f"[{n} {noun}s attached]" if n > 1 else f"[{noun} attached]" for noun, n in counts.items()
    ]
    return "\n".join(part for part in (text.strip(), *marks) if part)
