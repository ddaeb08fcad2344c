"""Never ask for a word that the network swallows.

Twilio takes a message that is nothing but STOP, CANCEL, END, QUIT, START, YES, HELP or INFO for a
command of its own: CANCEL ends all texts to that customer, HELP is answered without us. So no text of
ours may ask for one of these words, whoever wrote it; but to say how to opt out is right, and the law.
"""

import re

_INSTEAD = {
    "YES": "OK",
    "CANCEL": "CANCEL IT",
    "STOP": "STOP IT",
    "STOPALL": "STOP IT",
    "UNSUBSCRIBE": "NOT THIS",
    "OPTOUT": "NOT THIS",
    "REVOKE": "NOT THIS",
    "END": "DONE",
    "QUIT": "DONE",
    "START": "BEGIN",
    "UNSTOP": "BEGIN",
    "HELP": "HELP ME",
    "INFO": "MORE INFO",
}
"""Words that the engine and the models understand and Twilio lets pass: a command is one word alone."""
_WORD = "|".join(sorted(_INSTEAD, key=len, reverse=True))
_QUOTE = "[\"'*]"
_ANSWER = (
    r"(?:reply|respond|answer|text(?: back)?"  # en
    r"|respond[ae]|contest[ae]"  # es
    r"|antworten sie|antworte|schreiben sie|schreibe?|senden sie|simsen sie"  # de
    r"|répond(?:ez|s)|renvoyez"  # fr
    r"|rispond[ai]|replichi)"  # it
)
_SAY = (
    r"(?:send|say|write|type|enter|return"
    r"|env[ií][ae]|escrib[ae]|diga|mand[ea]"
    r"|sagen sie|tippen sie"
    r"|envoyez|écrivez|tapez|dites"
    r"|scriv[ai]|invi[ai]?|digit[ai]|dica)"
)
_BETWEEN = (
    r"(?:\s+(?:back|us|to us|with|by|just|simply|the word|con|la palabra|mit|dem wort|das wort"
    r"|par|avec|le mot|con la parola|la parola))*"
)
_ASKED = re.compile(rf"\b(?:{_ANSWER}|{_SAY})\b", re.IGNORECASE)
_PLAIN_ASK = re.compile(
    rf"(\b{_ANSWER}{_BETWEEN}\s*:?\s+)({_WORD})(?=\s+(?:to|for|if|or|and|now|para|si|o|um|für|wenn|oder|pour|ou|per|se)\b"
    rf"|\s*[.,;:!?)]|\s*$)",
    re.IGNORECASE | re.MULTILINE,
)
"""The word as a word like any other: "reply yes to confirm"."""
_LOUD = re.compile(rf"({_QUOTE}?)(?<!\w)(?<![A-Z] )({_WORD})(?!\w| [A-Z]{{2}})({_QUOTE}?)")
"""In capitals and alone."""
_QUOTED = re.compile(rf"({_QUOTE})({_WORD})({_QUOTE})", re.IGNORECASE)
_SENTENCE = re.compile(r"[^.!?\n]+[.!?\n]*|[.!?\n]+")
_OPTING = re.compile(
    r"\bopt(?:ing)?[- ]?(?:out|in)\b|\bunsubscribe\b|\bsubscri|\bno more (?:texts?|messages?|sms)\b"
    r"|\b(?:stop|end|get|receive|receiving|getting) (?:\w+ ){0,2}?(?:texts?|messages?|sms|them)\b"
    r"|\bdarse de baja\b|\bdejar de recibir\b|\bvolver a recibir"
    r"|\babzu?(?:melden|bestellen)\b|\bkeine (?:\w+ )?(?:sms|nachrichten)\b|\bwieder zu (?:erhalten|bekommen)"
    r"|\bdésabonner\b|\bne plus (?:en )?recevoir\b|\brecevoir à nouveau\b|\ben recevoir\b"
    r"|\bnon ricever|\bdisiscri|\briceverli di nuovo\b",
    re.IGNORECASE,
)
"""What such a sentence is about when it may name the word."""


def safe(text: str) -> str:
    """The text with words that can be answered instead of those that cannot."""
    return _SENTENCE.sub(lambda found: _sentence(found[0]), text)


def _sentence(sentence: str) -> str:
    start = _ASKED.search(sentence)
    if start is None or _OPTING.search(sentence):
        return sentence
    before, after = sentence[: start.start()], sentence[start.start() :]
    after = _QUOTED.sub(_other, after)
    after = _LOUD.sub(_other, after)
    return before + _PLAIN_ASK.sub(lambda m: m[1] + _like(m[2]), after)


def _other(found: re.Match[str]) -> str:
    return f"{found[1]}{_like(found[2])}{found[3]}"


def _like(word: str) -> str:
    """What to ask for instead, in the case of the word."""
    instead = _INSTEAD[word.upper()]
    if word.isupper():
        return instead
    return instead if instead == "OK" else instead.lower()
