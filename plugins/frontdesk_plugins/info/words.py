"""What customers are told of hours and answers, by language. English is the default."""

from frontdesk import Business
from frontdesk.words import in_language

_WORDS: dict[str, dict[str, str]] = {
    "open_until": {
        "en": "{name} is open now, until {when}.",
        "es": "{name} está abierto ahora; cierra: {when}.",
        "de": "{name} hat jetzt geöffnet, bis {when}.",
        "fr": "{name} est ouvert en ce moment ; fermeture : {when}.",
        "it": "{name} è aperto ora; chiusura: {when}.",
    },
    "open": {
        "en": "{name} is open now.",
        "es": "{name} está abierto ahora.",
        "de": "{name} hat jetzt geöffnet.",
        "fr": "{name} est ouvert en ce moment.",
        "it": "{name} è aperto ora.",
    },
    "closed_until": {
        "en": "{name} is closed now. It opens: {when}.",
        "es": "{name} está cerrado ahora. Próxima apertura: {when}.",
        "de": "{name} hat jetzt geschlossen. Nächste Öffnung: {when}.",
        "fr": "{name} est fermé en ce moment. Prochaine ouverture : {when}.",
        "it": "{name} è chiuso ora. Prossima apertura: {when}.",
    },
    "closed": {
        "en": "{name} is closed now.",
        "es": "{name} está cerrado ahora.",
        "de": "{name} hat jetzt geschlossen.",
        "fr": "{name} est fermé en ce moment.",
        "it": "{name} è chiuso ora.",
    },
    "day_closed": {
        "en": "closed",
        "es": "cerrado",
        "de": "geschlossen",
        "fr": "fermé",
        "it": "chiuso",
    },
    "all_day": {
        "en": "open 24 hours",
        "es": "abierto las 24 horas",
        "de": "rund um die Uhr geöffnet",
        "fr": "ouvert 24 heures sur 24",
        "it": "aperto 24 ore su 24",
    },
    "night_before": {
        "en": "until {when} from the night before",
        "es": "hasta las {when} desde la noche anterior",
        "de": "bis {when} vom Vorabend",
        "fr": "jusqu'à {when} depuis la veille",
        "it": "fino alle {when} dalla sera prima",
    },
    "special": {
        "en": "special hours",
        "es": "horario especial",
        "de": "besondere Öffnungszeiten",
        "fr": "horaires particuliers",
        "it": "orario speciale",
    },
    "too_far": {
        "en": "Opening hours are known from a year back to a year ahead of {when}.",
        "es": "El horario se conoce desde un año antes hasta un año después del {when}.",
        "de": "Öffnungszeiten sind von einem Jahr vor bis ein Jahr nach dem {when} bekannt.",
        "fr": "Les horaires sont connus d'un an avant à un an après le {when}.",
        "it": "Gli orari sono noti da un anno prima a un anno dopo il {when}.",
    },
    "backwards": {
        "en": "{when} is before the first day asked for.",
        "es": "{when} es anterior al primer día pedido.",
        "de": "{when} liegt vor dem ersten gefragten Tag.",
        "fr": "{when} est avant le premier jour demandé.",
        "it": "{when} è prima del primo giorno richiesto.",
    },
    "too_many": {
        "en": "Ask for {days} days at most at a time.",
        "es": "Pregunte por {days} días como máximo a la vez.",
        "de": "Bitte höchstens {days} Tage auf einmal.",
        "fr": "Demandez {days} jours au plus à la fois.",
        "it": "Chieda al massimo {days} giorni alla volta.",
    },
    "nearest": {
        "en": "This comes nearest to your question:",
        "es": "Esto es lo más cercano a su pregunta:",
        "de": "Das kommt Ihrer Frage am nächsten:",
        "fr": "Voici ce qui s'en approche le plus :",
        "it": "Questo è ciò che più si avvicina alla sua domanda:",
    },
    "source": {
        "en": "Source: {source}",
        "es": "Fuente: {source}",
        "de": "Quelle: {source}",
        "fr": "Source : {source}",
        "it": "Fonte: {source}",
    },
    "nothing": {
        "en": "I found nothing about that in what {name} has written down. "
        "Would you like to ask a person?",
        "es": "No he encontrado nada sobre eso en la información de {name}. "
        "¿Quiere preguntar a una persona?",
        "de": "Dazu steht nichts in den Angaben von {name}. Möchten Sie einen Menschen fragen?",
        "fr": "Je n'ai rien trouvé à ce sujet dans les informations de {name}. "
        "Voulez-vous demander à une personne ?",
        "it": "Non ho trovato nulla su questo nelle informazioni di {name}. "
        "Vuole chiedere a una persona?",
    },
}


def say(business: Business, what: str, **values: object) -> str:
    table = _WORDS[what]
    return in_language(business, table).format(**values)
