"""From a customer's question to the words that are searched for."""

import re
import unicodedata

MOST_TERMS = 16
LONGEST_TERM = 40
_WORD = re.compile(r"[^\W_]+")


def plain(text: str) -> str:
    """Small letters without accents, so that "café" and "CAFE" are one word on every database."""
    parts = unicodedata.normalize("NFKD", text.casefold())
    return "".join(part for part in parts if not unicodedata.combining(part))


def terms_of(question: str, language: str) -> list[str]:
    """The words that carry the question, at most `MOST_TERMS`; letters and digits only, so that
    none can mean anything to a search engine. All words when it has nothing but small ones."""
    words = list(dict.fromkeys(word[:LONGEST_TERM] for word in _WORD.findall(plain(question))))
    small = _SMALL.get(language) or {word for word in words if len(word) < 4}
    return ([word for word in words if word not in small] or words)[:MOST_TERMS]


_SMALL_WORDS = {
    "en": (
        "a about all am an and any are as at be been but by can could d did do does for from get "
        "got had has have how i if in is it its just know like ll m may me my need of on one or "
        "our please s should so some t tell than that the their them there they this to us was "
        "want we what when where which who why will with would you your ve re"
    ),
    "es": (
        "a al algo algun alguna ante aqui con cual cuales cuando cuanto cuanta como de del desde "
        "donde el ella ellos en es esta este esto estoy favor ha hay hacer he la las le les lo los "
        "me mi mis mucho muy necesito nos o para pero por puede pueden puedo que quien quiero quisiera "
        "se ser si sin sobre son soy su sus te tener tengo tiene tienen ti tu tus un una uno unos "
        "y ya yo"
    ),
    "de": (
        "aber alle am an auch auf aus bei beim bin bis bitte da das dass dem den der des die dir "
        "dich du ein eine einem einen einer eines er es fur gibt haben habe hat hatte hatten ich "
        "ihr ihre ihren im in ist ja kann kannst konnen konnte mal man mein meine meinen mich mir "
        "mit mochte moglich nach nicht noch nur ob oder schon sein sich sie sind so uber um und "
        "uns unser von vor wann war was welche welcher welches wenn wer wie wir wird wo wurde zu "
        "zum zur"
    ),
    "fr": (
        "a ai aux au avec avez avoir besoin bonjour c ce ces cette combien comme comment d dans de "
        "des dites du elle en es est et etes etre faut il ils j je l la le les leur lui m ma mais "
        "me mes moi mon n ne nos notre nous on ont ou par pas peut peux plait possible pour pouvez "
        "puis qu quand que quel quelle quelles quels qui quoi s sa sans se ses si sont suis sur t "
        "te tu un une veux voudrais vos votre vous y"
    ),
    "it": (
        "a ai al alla alle anche avere avete c che chi ci come con cosa cui da dal dalla dei del "
        "della delle di dove e ed essere favore fare gli ha hanno ho i il in io l la le lei lo loro "
        "ma me mi mia mio ne nei nel nella noi non o per piu posso potete puo quale quali quando "
        "quanto quanta quello questa questo se si sono su sua suo ti tra tu un una uno vi voglio "
        "voi vorrei vostro"
    ),
}
"""Words too small to tell one question from another, by language, as `plain` makes them."""
_SMALL = {language: frozenset(words.split()) for language, words in _SMALL_WORDS.items()}
