"""Which languages a text may be in, as far as small words tell.

This must not miss one: rules are tried that may apply. The offline model's list is another, with words
of its trade, because it must be sure before it tells somebody that it does not speak their language.
"""

import re

_SMALL = {
    "en": "the an and are or of for to in on at is it its my our your you me we us do does did can "
    "could would will with without any some have has what which who when where how there this that "
    "from please want need looking like not no be was if so as by about get got take give show tell "
    "im id ive hi hello thanks",
    "es": "el los las una unos unas del que por para con como esta este esto hay soy eres es son "
    "quiero quiere puedo puede debo tengo tiene mi mis su sus muy usted ustedes cual cuales cuando "
    "cuanto donde se lo le esta estoy voy",
    "de": "der das dem den ein eine einen einem einer und oder ich wir sie ihr mir mich uns ist sind "
    "bin habe hab hat haben kann kannst soll muss darf nicht kein keine fur fuer mit auf bei von zu "
    "zum zur wie wo mein meine meinen es wenn dass noch auch",
    "fr": "le les une des du et je nous vous il elle est sont suis ai avez avons pour avec dans sur "
    "ce cette mon mes ma que qui ne pas puis dois peux peut quel quelle quels quelles jai cest lui",
    "it": "il lo gli uno una della dei delle del che io noi sono siamo ho hai ha abbiamo avete per "
    "mi mia mio miei questo questa non posso devo qual quale quali quanto come dove anche nella nel",
}  # fmt: skip
_KNOWN = {code: frozenset(words.split()) for code, words in _SMALL.items()}
_WORD = re.compile(r"[^\W\d_]+")


def may_be(plain: str, language: str) -> bool:
    """Whether a text in plain form has a small word of this language; True for a language of which
    none are known. "A gift card" has no German in it."""
    known = _KNOWN.get(language)
    return known is None or any(word in known for word in _WORD.findall(plain))


def is_small(word: str) -> bool:
    """A small word of one of these languages: it tells nothing of what a text is about."""
    return any(word in known for known in _KNOWN.values())
