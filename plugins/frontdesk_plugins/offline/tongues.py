"""The languages of customers and businesses, as far as this model has words in them: it understands
English only, and says so to whoever writes in another."""

import re
from functools import cache

from frontdesk.plain import plain

_WORDS = {
    "es": "el la los las un una unos unas de del que y en por para con como esta este esto hay "
    "soy somos quiero quiere quisiera queria queremos puedo puede podemos tiene tienen "
    "tengo necesito me gustaria mesa manana hoy noche personas reserva reservar gracias "
    "favor hola buenas buenos dias tardes noches hora abren abierto estan hablas habla "
    "hablan espanol cuando cuanto cuesta donde si pero a mi nosotros ustedes usted",
    "de": "der die das den dem des ein eine einen einem einer und oder ich wir sie ihr mir mich "
    "uns ist sind habe haben hat hatte mochte mochten moechte moechten will wollen kann "
    "konnen koennen gibt es fur fuer mit auf bei von zu zum zur im am um uhr heute morgen "
    "abend tisch personen reservieren sprechen deutsch geoffnet geoeffnet bitte danke "
    "guten tag hallo nicht wann wo wie viel kostet noch auch gerne",
    "fr": "le la les un une des du de et ou je j nous vous il elle est sont ai avez avons "
    "voudrais voudrions veux peux puis pouvez pour avec sur dans chez ce cette ces demain "
    "soir midi aujourd hui personnes reserver reservation bonjour bonsoir merci plait s c "
    "qu que qui quand quelle quel heure ouvrez parlez francais etes combien coute y a pas "
    "mais au aux l d",
    "it": "il lo la gli le un uno una di del della e o che io noi voi sono siamo ho abbiamo "
    "avete vorrei vorremmo voglio posso possiamo puo potete per con su da in nel alle "
    "domani stasera oggi sera persone tavolo prenotare prenotazione grazie favore "
    "buongiorno buonasera salve quando ora aprite siete parlate italiano quanto costa "
    "dove c non ma mi ci si",
}  # fmt: skip
_ENGLISH = (
    "the a an i we you he she they it my our your me us is are am was were be been have has had "
    "do does did can could would will shall may want need like book table order to of for in on "
    "at with and or not no but what when where which who how this that these there please "
    "thanks hello hi from by as if so any some get make tomorrow today tonight people"
)
_SURE = {
    "es": "hola buenas gracias quisiera quiero gustaria manana mesa buenos abren hablas espanol "
    "estan",
    "de": "mochte moechte mochten moechten bitte danke guten ich haben tisch fur fuer gibt "
    "hallo kostet sprechen wann",
    "fr": "bonjour bonsoir merci voudrais voudrions avez pouvez plait salut quelle ouvrez "
    "parlez",
    "it": "buongiorno buonasera vorrei vorremmo grazie salve tavolo posso aprite parlate costa",
}  # fmt: skip
"""Words of one language that are none of the others', nor names: one of them tells as much as two."""
_WORD = re.compile(r"[^\W\d_]+")


@cache
def _lists() -> dict[str, tuple[frozenset[str], frozenset[str]]]:
    found: dict[str, tuple[frozenset[str], frozenset[str]]] = {
        code: (frozenset(of.split()), frozenset(_SURE[code].split())) for code, of in _WORDS.items()
    }
    found["en"] = frozenset(_ENGLISH.split()), frozenset()
    return found


def foreign(text: str, *, in_names: bool = False) -> str:
    """es, de, fr or it when the message is clearly in that language rather than in English; else
    empty. By its small words: two more than English ones, and more than of any other language.
    Where a name may stand there, "de los" proves nothing."""
    said = _WORD.findall(plain(text.replace("'", " ").replace("\u2019", " ")))
    score = {
        code: sum((word in known) + (word in sure) for word in said if len(word) > 1)
        for code, (known, sure) in _lists().items()
    }
    english = score.pop("en")
    best = max(score, key=lambda code: score[code])
    rivals = [count for code, count in score.items() if code != best]
    clear = score[best] >= 2 and score[best] >= english + 2 and score[best] > max(rivals)
    if in_names and not _lists()[best][1] & set(said):
        return ""
    return best if clear and 3 * score[best] >= len(said) else ""


def small(word: str) -> bool:
    """A small word of one of these languages, which tells nothing of what a message is about."""
    return any(plain(word) in known for code, (known, _) in _lists().items() if code != "en")


_MANNERS = {
    "hello": {
        "es": "hola buenas buenos dias tardes noches",
        "de": "guten tag morgen abend moin servus gruss gott",
        "fr": "bonjour bonsoir salut",
        "it": "buongiorno buonasera salve buon giorno buona sera",
    },
    "welcome": {
        "es": "gracias muchas",
        "de": "danke vielen dank schon schoen",
        "fr": "merci beaucoup",
        "it": "grazie mille tante",
    },
    "bye": {
        "es": "adios hasta luego",
        "de": "tschuss tschuess auf wiedersehen",
        "fr": "au revoir adieu",
        "it": "arrivederci addio",
    },
}


def manners(text: str) -> tuple[str, str]:
    """What a greeting, thanks or a goodbye in one of these languages is answered with, as `say` has
    it, and the language; both are empty for all other messages."""
    said = set(_WORD.findall(plain(text)))
    for what, known in _MANNERS.items():
        for code, words in known.items():
            if said and said <= set(words.split()):
                return what, code
    return "", ""


_SAID = {
    "english_only": {
        "es": "Lo siento, en este modo solo entiendo ingl\u00e9s.",
        "de": "Leider verstehe ich in diesem Modus nur Englisch.",
        "fr": "D\u00e9sol\u00e9, dans ce mode je ne comprends que l'anglais.",
        "it": "Mi dispiace, in questa modalit\u00e0 capisco solo l'inglese.",
    },
    "person": {
        "es": "\u00bfQuiere que avise a una persona? Responda s\u00ed o no.",
        "de": "Soll ich einen Menschen holen? Bitte antworten Sie mit Ja oder Nein.",
        "fr": "Voulez-vous que j'appelle une personne ? R\u00e9pondez oui ou non.",
        "it": "Vuole che chiami una persona? Risponda s\u00ec o no.",
    },
    "message": {
        "es": "\u00bfQuiere dejar un mensaje? Responda s\u00ed o no.",
        "de": "M\u00f6chten Sie eine Nachricht hinterlassen? Bitte antworten Sie mit Ja oder Nein.",
        "fr": "Voulez-vous laisser un message ? R\u00e9pondez oui ou non.",
        "it": "Vuole lasciare un messaggio? Risponda s\u00ec o no.",
    },
    "call": {
        "es": "Puede llamarnos al {phone}.",
        "de": "Sie k\u00f6nnen uns unter {phone} anrufen.",
        "fr": "Vous pouvez nous appeler au {phone}.",
        "it": "Pu\u00f2 chiamarci al {phone}.",
    },
    "hello": {
        "es": "Hola, esto es {name}.",
        "de": "Guten Tag, hier ist {name}.",
        "fr": "Bonjour, ici {name}.",
        "it": "Buongiorno, qui {name}.",
    },
    "honest": {
        "es": "Soy un asistente autom\u00e1tico sin modelo de lenguaje y sigo reglas fijas.",
        "de": "Ich bin ein automatischer Assistent ohne Sprachmodell und folge festen Regeln.",
        "fr": "Je suis un assistant automatique sans mod\u00e8le de langage, qui suit des r\u00e8gles.",
        "it": "Sono un assistente automatico senza modello linguistico e seguo regole fisse.",
    },
    "examples": {
        "es": "Puede escribir, por ejemplo:",
        "de": "Sie k\u00f6nnen zum Beispiel schreiben:",
        "fr": "Vous pouvez \u00e9crire par exemple :",
        "it": "Pu\u00f2 scrivere, per esempio:",
    },
    "welcome": {
        "es": "De nada. \u00bfPuedo hacer algo m\u00e1s?",
        "de": "Gern geschehen! Kann ich noch etwas tun?",
        "fr": "Je vous en prie ! Puis-je faire autre chose ?",
        "it": "Prego! Posso fare altro?",
    },
    "bye": {
        "es": "\u00a1Adi\u00f3s y gracias!",
        "de": "Auf Wiedersehen und vielen Dank!",
        "fr": "Au revoir et merci !",
        "it": "Arrivederci e grazie!",
    },
}


def say(what: str, language: str, **values: object) -> str:
    """In one of the four languages; empty for English and all others."""
    return _SAID[what].get(language, "").format(**values)
