"""What customers are told about persons and messages, by language. English is the default."""

from frontdesk import Business
from frontdesk.words import in_language

_WORDS: dict[str, dict[str, str]] = {
    "coming": {
        "en": "I'm fetching a person from our team. They answer right here; it may take a moment.",
        "es": "Estoy avisando a una persona de nuestro equipo. Le responderá aquí mismo; puede "
        "tardar un momento.",
        "de": "Ich hole jemanden aus unserem Team. Die Antwort kommt gleich hier; es kann einen "
        "Moment dauern.",
        "fr": "J'appelle une personne de notre équipe. Elle vous répondra ici même ; cela peut "
        "prendre un instant.",
        "it": "Sto chiamando una persona del nostro team. Le risponderà proprio qui; può volerci "
        "un momento.",
    },
    "nobody_until": {
        "en": "Nobody from our team is here at the moment. They are back: {when}. May I take a "
        "message for them?",
        "es": "En este momento no hay nadie de nuestro equipo. Vuelve: {when}. ¿Quiere que tome "
        "un recado?",
        "de": "Im Moment ist niemand aus unserem Team da. Wieder erreichbar: {when}. Darf ich eine "
        "Nachricht aufnehmen?",
        "fr": "Personne de notre équipe n'est là en ce moment. De retour : {when}. Puis-je prendre "
        "un message ?",
        "it": "In questo momento non c'è nessuno del nostro team. Torna: {when}. Posso prendere "
        "un messaggio?",
    },
    "nobody": {
        "en": "Nobody from our team answers here at the moment. May I take a message for them?",
        "es": "En este momento nadie de nuestro equipo responde aquí. ¿Quiere que tome un recado?",
        "de": "Im Moment antwortet hier niemand aus unserem Team. Darf ich eine Nachricht aufnehmen?",
        "fr": "Personne de notre équipe ne répond ici en ce moment. Puis-je prendre un message ?",
        "it": "In questo momento nessuno del nostro team risponde qui. Posso prendere un messaggio?",
    },
    "nobody_came": {
        "en": "I'm sorry, nobody from our team is free right now. May I take a message, so that "
        "they can get back to you? I'm still here to help, too.",
        "es": "Lo siento, ahora mismo no hay nadie libre en nuestro equipo. ¿Quiere que tome un "
        "recado para que le respondan? Yo también sigo aquí para ayudarle.",
        "de": "Es tut mir leid, gerade ist niemand aus unserem Team frei. Darf ich eine Nachricht "
        "aufnehmen, damit sich jemand bei Ihnen meldet? Ich helfe auch gern weiter.",
        "fr": "Je suis désolé, personne de notre équipe n'est libre pour le moment. Puis-je prendre "
        "un message pour que l'on vous réponde ? Je reste aussi à votre disposition.",
        "it": "Mi dispiace, in questo momento nessuno del nostro team è libero. Posso prendere un "
        "messaggio, così la ricontattano? Anch'io resto qui per aiutarla.",
    },
    "taken": {
        "en": "I've noted your message for our team, {name}. They will answer you at {contact}.",
        "es": "He anotado su mensaje para nuestro equipo, {name}. Le responderán en {contact}.",
        "de": "Ich habe Ihre Nachricht für unser Team notiert, {name}. Es meldet sich unter {contact}.",
        "fr": "J'ai noté votre message pour notre équipe, {name}. On vous répondra : {contact}.",
        "it": "Ho annotato il suo messaggio per il nostro team, {name}. Le risponderanno: {contact}.",
    },
    "read_from": {
        "en": "They read it from {when}.",
        "es": "Lo leerán a partir de: {when}.",
        "de": "Gelesen wird sie ab: {when}.",
        "fr": "Il sera lu à partir de : {when}.",
        "it": "Lo leggeranno da: {when}.",
    },
    "no_contact": {
        "en": "A telephone number or an e-mail address is needed, so that our team can answer.",
        "es": "Hace falta un número de teléfono o un correo electrónico para que el equipo responda.",
        "de": "Für die Antwort wird eine Telefonnummer oder eine E-Mail-Adresse gebraucht.",
        "fr": "Il faut un numéro de téléphone ou une adresse e-mail pour que l'équipe réponde.",
        "it": "Serve un numero di telefono o un indirizzo e-mail perché il team possa rispondere.",
    },
    "no_email": {
        "en": "{said} is no e-mail address. Please give it once more.",
        "es": "{said} no es una dirección de correo electrónico. Indíquela otra vez, por favor.",
        "de": "{said} ist keine E-Mail-Adresse. Bitte nennen Sie sie noch einmal.",
        "fr": "{said} n'est pas une adresse e-mail. Veuillez la redonner.",
        "it": "{said} non è un indirizzo e-mail. La indichi di nuovo, per favore.",
    },
}


def say(business: Business, what: str, **values: object) -> str:
    table = _WORDS[what]
    return in_language(business, table).format(**values)
