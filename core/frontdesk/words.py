"""The few sentences that the engine itself says to customers, by language. English is the default."""

import re
from collections.abc import Mapping
from typing import TypeVar

from frontdesk.business import Business

_APOLOGY = {
    "en": "I'm sorry, I can't answer that right now.",
    "es": "Lo siento, ahora mismo no puedo responder.",
    "de": "Es tut mir leid, ich kann das gerade nicht beantworten.",
    "fr": "Je suis désolé, je ne peux pas répondre pour le moment.",
    "it": "Mi dispiace, al momento non posso rispondere.",
}
_CALL = {
    "en": "Please try again in a moment, or call us on {phone}.",
    "es": "Inténtelo de nuevo en un momento o llámenos al {phone}.",
    "de": "Bitte versuchen Sie es gleich noch einmal oder rufen Sie uns an: {phone}.",
    "fr": "Veuillez réessayer dans un instant ou nous appeler au {phone}.",
    "it": "Riprovi tra poco o ci chiami al {phone}.",
}
_AGAIN = {
    "en": "Please try again in a moment.",
    "es": "Inténtelo de nuevo en un momento.",
    "de": "Bitte versuchen Sie es gleich noch einmal.",
    "fr": "Veuillez réessayer dans un instant.",
    "it": "Riprovi tra poco.",
}
_REFUSAL = {
    "en": "I'm sorry, I can't help with that here. Is there anything else I can do for you?",
    "es": "Lo siento, no puedo ayudarle con eso aquí. ¿Puedo hacer algo más por usted?",
    "de": "Dabei kann ich hier leider nicht helfen. Kann ich sonst etwas für Sie tun?",
    "fr": "Je suis désolé, je ne peux pas vous aider sur ce point. Puis-je faire autre chose ?",
    "it": "Mi dispiace, non posso aiutarla in questo. Posso fare altro per lei?",
}
_HANDED_OFF = {
    "en": "I'm sorry, I can't help with this myself. I'm fetching a person; they answer here.",
    "es": "Lo siento, no puedo ayudarle con esto. Aviso a una persona, que le responderá aquí.",
    "de": "Das kann ich leider nicht selbst. Ich hole jemanden; die Antwort kommt hier.",
    "fr": "Je suis désolé, je ne peux pas vous aider moi-même. J'appelle quelqu'un, qui répondra ici.",
    "it": "Mi dispiace, non posso aiutarla io. Chiamo una persona, che risponderà qui.",
}
_NO_PHONE = {
    "en": "'{text}' is not a telephone number. Please give it with its area code.",
    "es": "'{text}' no es un número de teléfono. Indíquelo con el prefijo, por favor.",
    "de": "'{text}' ist keine Telefonnummer. Bitte nennen Sie sie mit Vorwahl.",
    "fr": "'{text}' n'est pas un numéro de téléphone. Merci de l'indiquer avec l'indicatif.",
    "it": "'{text}' non è un numero di telefono. Lo indichi con il prefisso, per favore.",
}
_CHOICES = {
    "en": "Reply 1 to confirm, 2 to change.",
    "es": "Responda 1 para confirmar, 2 para cambiar.",
    "de": "Antworten Sie 1 zum Bestätigen, 2 zum Ändern.",
    "fr": "Répondez 1 pour confirmer, 2 pour modifier.",
    "it": "Risponda 1 per confermare, 2 per modificare.",
}
"""Digits, because networks and carriers take STOP, CANCEL, END, YES, HELP and the like for commands
of their own."""
_DIGIT = re.compile(r"\s*#?([12])\s*[.)!]?\s*")
_NOTICE = {
    "en": "I'm an automated assistant.",
    "es": "Soy un asistente automático.",
    "de": "Ich bin ein automatischer Assistent.",
    "fr": "Je suis un assistant automatique.",
    "it": "Sono un assistente automatico.",
}
_BLOCKED = {
    "en": "Our team has ended this conversation. Messages sent here are no longer answered.",
    "es": "Nuestro equipo ha cerrado esta conversación. Los mensajes ya no reciben respuesta.",
    "de": "Unser Team hat dieses Gespräch beendet. Nachrichten werden hier nicht mehr beantwortet.",
    "fr": "Notre équipe a mis fin à cette conversation. Les messages ne reçoivent plus de réponse.",
    "it": "Il nostro team ha chiuso questa conversazione. I messaggi non ricevono più risposta.",
}
_SWITCHED_OFF = {
    "en": "Our chat is switched off at the moment.",
    "es": "Nuestro chat está desactivado por ahora.",
    "de": "Unser Chat ist zurzeit ausgeschaltet.",
    "fr": "Notre chat est désactivé pour le moment.",
    "it": "La nostra chat al momento è disattivata.",
}
_CALL_INSTEAD = {
    "en": " Please call us on {phone}.",
    "es": " Llámenos al {phone}.",
    "de": " Bitte rufen Sie uns an: {phone}.",
    "fr": " Veuillez nous appeler au {phone}.",
    "it": " Ci chiami al {phone}.",
}
_GREETING = {
    "en": "Hello, this is {name}. How can I help?",
    "es": "Hola, aquí {name}. ¿En qué puedo ayudarle?",
    "de": "Guten Tag, hier ist {name}. Wie kann ich helfen?",
    "fr": "Bonjour, ici {name}. Que puis-je faire pour vous ?",
    "it": "Buongiorno, qui {name}. Come posso aiutarla?",
}


T = TypeVar("T")


def in_language(business: Business, table: Mapping[str, T]) -> T:
    """Of what is there by language, the business's; else the English."""
    return table.get(business.language, table["en"])


def apology(business: Business) -> str:
    then = in_language(business, _CALL).format(phone=business.phone) if business.phone else ""
    return f"{in_language(business, _APOLOGY)} {then or in_language(business, _AGAIN)}"


def switched_off(business: Business) -> str:
    """For a customer whose channel is switched off."""
    then = (
        in_language(business, _CALL_INSTEAD).format(phone=business.phone) if business.phone else ""
    )
    return in_language(business, _SWITCHED_OFF) + then


def refusal(business: Business) -> str:
    return in_language(business, _REFUSAL)


def handed_off(business: Business) -> str:
    return in_language(business, _HANDED_OFF)


def no_phone(business: Business, text: str) -> str:
    return in_language(business, _NO_PHONE).format(text=text)


def choices(business: Business) -> str:
    """The answers to a proposal, for channels that show no buttons."""
    return in_language(business, _CHOICES)


def has_choices(text: str) -> bool:
    """Whether these words end with the answers to a proposal."""
    return text.rstrip().endswith(tuple(_CHOICES.values()))


def digit(text: str) -> int | None:
    """The answer, 1 or 2, that a message consists of."""
    found = _DIGIT.fullmatch(text)
    return int(found[1]) if found else None


def notice(business: Business) -> str:
    return in_language(business, _NOTICE)


def greeting(business: Business) -> str:
    return in_language(business, _GREETING).format(name=business.name)


def blocked(business: Business) -> str:
    """For a customer of whom staff want no more."""
    return in_language(business, _BLOCKED)
