"""Counts: digits and number words."""

import re
from collections.abc import Iterable
from functools import cache
from itertools import pairwise

from frontdesk_plugins.offline import words
from frontdesk_plugins.offline.reading import (
    BLANK,
    Context,
    Found,
    any_of,
    before,
    is_correction,
    is_negated,
    merge,
    rule,
    scan,
)

SMALL = {word: n for word, n in words.UNITS.items() if word not in words.MISHEARD} | words.TEENS
_UNIT = any_of(word for word, n in SMALL.items() if n < 10)
WORD = rf"(?:{any_of(words.TENS)}(?:[ -]{_UNIT})?|{any_of(SMALL)})"
NUMBER = rf"(?:\d{{1,3}}(?:,\d{{3}})+|{any_of(words.GROUPS)}|\d{{1,9}}|{WORD})"
START = r"(?<![\w.,:/$\u20ac\u00a3#+-])"
END = r"(?![\w:/%]|[.,]\d|-\d|\s+(?:and|&) a half\b)"
"""A number is whole: "7" is not found in "7:30", "1.5" or "4-5"."""
UNCOUNTED = rf"(?!\s*-?\s*{any_of(words.OTHER_UNITS)}\b)"
HOW_MANY = "How many is that exactly?"
_LIMITED = re.compile(
    r"\b(?:at (?:the )?(?:least|most)|up to|more than|less than|fewer than|over|under|minimum|nearly"
    r"|almost|close to|upwards of|north of|as many as|well over"
    r"|max|maximum|min)(?: of)?$"
)
_LIMIT = re.compile(
    r"(?:\s+\w+)?\s*(?:\(?\s*\b(?:max|maximum|minimum|tops|at (?:the )?(?:most|least)"
    r"|or (?:more|less|fewer))\b"
    r"|(?:\+|\bplus\b)(?!\s*\w))"
    r"|[\s,]*\b(?:or|and|maybe|perhaps|possibly|probably)(?: maybe| possibly)?"
    r"(?: a few| some)? (?:more|less|fewer)\b"
    r"|[\s,]+and counting\b|\s+(?:each|apiece)\b"
)
SOME = re.compile(
    r"\s*(?:is|are|has|have|needs?|of (?:them|whom|which|us (?:is|are|have))|who|in a|with an?"
    r"|with \w+ allerg\w*|vegetarians?|vegans?|veggies?|coeliacs?|celiacs?|gluten|nut|halal|kosher|dietary)\b"
)
"""After a number: it tells of some of the people only."""
NEUTRAL = {
    "a", "about", "absolutely", "abt", "actually", "again", "aim", "aiming", "all", "always",
    "approx", "approximately", "are", "around", "arrive", "arriving", "at", "be", "better",
    "between", "book", "breakfast", "bring", "bringing", "brunch", "but", "by", "call",
    "called", "can", "cheers", "circa", "come", "coming", "could", "count", "definitely",
    "dinner", "do", "doing", "eh", "either", "er", "erm", "exactly", "expect", "expecting",
    "fancy", "fine", "for", "getting", "go", "going", "gonna", "good", "great", "guess",
    "guests", "guys", "happy", "have", "having", "hello", "hey", "hi", "hm", "hmm", "hoping",
    "how", "i", "i'd", "i'm", "id", "ideally", "ill", "in", "instead", "is", "it", "it'll",
    "it's", "its", "just", "k", "kind", "let's", "lets", "like", "love", "lunch", "make",
    "maybe", "me", "mean", "meant", "might", "my", "need", "no", "nope", "not", "now", "of",
    "oh", "ok", "okay", "on", "only", "oops", "or", "our", "people", "perfect", "perhaps",
    "please", "pls", "possibly", "prefer", "preferably", "probably", "rather", "reckon",
    "roughly", "said", "say", "seat", "shall", "should", "so", "some", "something", "sometime",
    "sorry", "sort", "still", "supper", "suppose", "sure", "ta", "take", "thanks", "that",
    "that's", "the", "then", "there", "there's", "think", "thinking", "this", "thx", "to",
    "together", "total", "uh", "um", "us", "usual", "usually", "wait", "want", "wants", "wd", "we",
    "we'd", "we'll", "we're", "well", "were", "what", "will", "with", "would", "x", "ya",
    "yeah", "yep", "yes", "you", "yup",
}  # fmt: skip
"""Words after which a bare number means what was asked for. After others, as in "flat 8" or
"nearly 8", we had better ask."""


_FOLLOW = NEUTRAL | {
    "and", "plus",
    "as", "asap", "because", "believe", "depending", "due", "each", "et", "far", "from", "give", "if",
    "including", "incl", "inc", "last", "mate", "more-or-less", "next", "o", "off", "our", "perhaps",
    "ppl", "tonight", "today", "tomorrow", "until", "when", "which", "who", "xx", "altogether",
    "guests", "folks", "strong", "big", "size", "number", "thank", "plz", "ppls", "tho", "though",
    "rn", "unless", "he", "she", "they", "potentially", "confirmed", "minus", "instead",
    *words.PEOPLE,
}  # fmt: skip
"""Words before which a bare number still does; before others, as in "5 pizzas", we ask."""


def number(text: str) -> int | None:
    """The value of a number as `NUMBER` matches it."""
    text = text.strip().lower()
    digits = text.replace(",", "")
    if digits.isdecimal():
        return int(digits[:10])
    if text in words.GROUPS:
        return words.GROUPS[text]
    if text in words.UNITS:
        return words.UNITS[text]
    parts = re.split(r"[ -]", text)
    known = SMALL | words.TENS
    if not parts or any(part not in known for part in parts):
        return None
    return sum(known[part] for part in parts)


def counted(match: re.Match[str], context: Context) -> Found | None:
    """A number, unless it is excluded ("not 4"); no value if it is a limit ("at least 4")."""
    value = number(match["n"])
    if value is None or is_negated(match.string, match.start(), match.end()):
        return None
    if is_limit(match.string, *match.span()) or _is_other(match):
        return Found(match.start(), match.end(), (), HOW_MANY)
    return Found(match.start(), match.end(), (value,))


_OTHER = re.compile(r"\bor(?: maybe| even| like)? $")


def _is_other(match: re.Match[str]) -> bool:
    """Does another number stand before it?"""
    start = match.start("n")
    return _OTHER.search(match.string, max(0, start - 12), start) is not None


def is_limit(text: str, start: int, end: int) -> bool:
    return bool(_LIMITED.search(before(text, start)) or _LIMIT.match(text, end))


def is_led_in(text: str, start: int) -> bool:
    """Does the word in front of a bare number leave it what it seems?"""
    word = re.search(r"([^\W_][\w']*)[\s\"(~:]*$", text[max(0, start - 24) : start])
    return word is None or word[1] in NEUTRAL or number(word[1]) is not None


def is_followed_well(text: str, end: int) -> bool:
    """Does the word behind a bare number leave it what it seems?"""
    word = re.match(r"\s+([^\W_][\w']*)", text[end : end + 24])
    return word is None or word[1] in _FOLLOW or number(word[1]) is not None


def beside(text: str, hints: Iterable[str], context: Context) -> tuple[list[Found], str]:
    """A number next to a word that belongs to the field: "2 nights", "mileage 40000"."""
    hint = any_of({form for word in hints for form in (word, word + "s", word.removesuffix("s"))})
    found = [
        rule(rf"{START}(?P<n>{NUMBER})\s*-?\s*(?:\w+\s+)?{hint}\b", counted),
        rule(rf"\b{hint}\s*(?:is|of|are|:|=|to|at)?\s*(?P<n>{NUMBER}){END}", counted),
    ]
    return scan(text, found, context)


@cache
def _bare() -> re.Pattern[str]:
    return re.compile(rf"{START}(?P<n>{NUMBER}|too|fore)(?:ish)?{END}{UNCOUNTED}")


_ADDED = re.compile(r"\b(?:and|plus|with)\b|[+&]")


def alone(text: str) -> Found | None:
    """The number of an answer to "how many?", where nothing tells what it counts."""
    matches = [m for m in _bare().finditer(text) if m["n"] not in words.MISHEARD]
    if not matches and text.strip(" .!?" + BLANK) in words.MISHEARD:
        matches = list(_bare().finditer(text))
    found = [one for one in map(_lone, matches) if one]
    gaps = [text[a.end : b.start] for a, b in pairwise(found)]
    if any(_ADDED.search(gap) and not is_correction(gap) for gap in gaps):
        # "2 oldies and 2 teens" is a sum of things that we do not know.
        return Found(found[0].start, found[-1].end, (), HOW_MANY, weak=True)
    return merge(found, text)


def _lone(match: re.Match[str]) -> Found | None:
    text, start, end = match.string, match.start(), match.end()
    value = number(match["n"])
    if value is None or is_negated(text, start, end) or SOME.match(text, end):
        return None
    clear = is_led_in(text, start) and is_followed_well(text, end)
    if not clear or is_limit(text, start, end):
        return Found(start, end, (), HOW_MANY, weak=True)
    return Found(start, end, (value,), weak=True)


_DECIMAL = re.compile(rf"{START}(?P<n>\d{{1,9}}(?:\.\d{{1,6}})?){END}")


def decimal(text: str) -> Found | None:
    """The one number of an answer, with or without a fraction."""
    matches = list(_DECIMAL.finditer(text))
    if len(matches) != 1:
        return alone(text)
    return Found(matches[0].start(), matches[0].end(), (float(matches[0]["n"]),), weak=True)
