"""What customers are told of a list, by language. English is the default."""

from frontdesk import Business
from frontdesk.words import in_language

_WORDS: dict[str, dict[str, str]] = {
    "none": {
        "en": "Nothing on our list fits that.",
        "es": "No hay nada en nuestra lista que encaje.",
        "de": "Auf unserer Liste passt nichts dazu.",
        "fr": "Rien dans notre liste ne correspond.",
        "it": "Niente nella nostra lista corrisponde.",
    },
    "as_of": {
        "en": "As of {day}; ask our team whether it still holds.",
        "es": "A fecha de {day}; pregunte a nuestro equipo si sigue siendo así.",
        "de": "Stand {day}; ob es noch gilt, sagt unser Team.",
        "fr": "État au {day} ; demandez à notre équipe si c'est encore le cas.",
        "it": "Aggiornato al {day}; chieda al nostro team se vale ancora.",
    },
    "unknown": {
        "en": "There is nothing with that number on our list.",
        "es": "No hay nada con ese número en nuestra lista.",
        "de": "Mit dieser Nummer steht nichts auf unserer Liste.",
        "fr": "Rien ne porte ce numéro dans notre liste.",
        "it": "Non c'è niente con quel numero nella nostra lista.",
    },
}


def say(business: Business, key: str, /, **values: object) -> str:
    table = _WORDS[key]
    return in_language(business, table).format(**values)
