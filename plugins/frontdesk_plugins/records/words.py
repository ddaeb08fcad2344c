"""What customers are told about records, by language. English is the default."""

from frontdesk import Business
from frontdesk.words import in_language

_WORDS: dict[str, dict[str, str]] = {
    "taken": {
        "en": "Your {what} is with our team. Reference {reference}.",
        "es": "Nuestro equipo ha recibido: {what}. Referencia {reference}.",
        "de": "Liegt unserem Team vor: {what}. Referenz {reference}.",
        "fr": "Notre équipe a bien reçu : {what}. Référence {reference}.",
        "it": "Il nostro team ha ricevuto: {what}. Riferimento {reference}.",
    },
    "nothing": {
        "en": "There is nothing of that kind under this reference and name.",
        "es": "No hay nada de ese tipo con esa referencia y ese nombre.",
        "de": "Unter dieser Referenz und diesem Namen gibt es nichts dergleichen.",
        "fr": "Il n'y a rien de tel sous cette référence et ce nom.",
        "it": "Non c'è niente del genere con questo riferimento e nome.",
    },
    "too_many": {
        "en": "There were too many tries. Our team can look it up.",
        "es": "Ha habido demasiados intentos. Nuestro equipo puede buscarlo.",
        "de": "Das waren zu viele Versuche. Unser Team kann nachsehen.",
        "fr": "Il y a eu trop d'essais. Notre équipe peut vérifier.",
        "it": "Ci sono stati troppi tentativi. Il nostro team può controllare.",
    },
    "new": {
        "en": "Received, the team has not looked at it yet.",
        "es": "Recibido; el equipo aún no lo ha mirado.",
        "de": "Eingegangen, das Team hat es noch nicht angesehen.",
        "fr": "Reçu, l'équipe ne l'a pas encore examiné.",
        "it": "Ricevuto, il team non l'ha ancora guardato.",
    },
    "working": {
        "en": "The team is working on it.",
        "es": "El equipo está en ello.",
        "de": "Das Team arbeitet daran.",
        "fr": "L'équipe s'en occupe.",
        "it": "Il team ci sta lavorando.",
    },
    "ready": {"en": "It is ready.", "es": "Está listo.", "de": "Es ist fertig.",
              "fr": "C'est prêt.", "it": "È pronto."},
    "done": {"en": "It is done.", "es": "Está terminado.", "de": "Es ist erledigt.",
             "fr": "C'est terminé.", "it": "È concluso."},
    "dropped": {"en": "It was closed.", "es": "Se ha cerrado.", "de": "Es wurde geschlossen.",
                "fr": "Il a été clos.", "it": "È stato chiuso."},
}  # fmt: skip


def say(business: Business, key: str, /, **values: object) -> str:
    table = _WORDS[key]
    return in_language(business, table).format(**values)
