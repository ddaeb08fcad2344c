"""Counts: digits, number words, and the ways people say how many they are."""

import re
from collections.abc import Iterable
from functools import cache

from frontdesk_plugins.offline import words
from frontdesk_plugins.offline.reading import (
    BLANK,
    Context,
    Found,
    Reader,
    Rule,
    any_of,
    before,
    is_negated,
    merge,
    rules,
    scan,
)

_SMALL = {word: n for word, n in words.UNITS.items() if word not in words.MISHEARD} | words.TEENS
_UNIT = any_of(word for word, n in _SMALL.items() if n < 10)
WORD = rf"(?:{any_of(words.TENS)}(?:[ -]{_UNIT})?|{any_of(_SMALL)})"
NUMBER = rf"(?:\d{{1,3}}(?:,\d{{3}})+|\d{{1,9}}|{any_of(words.GROUPS)}|{WORD})"
_START = r"(?<![\w.,:/$\u20ac\u00a3#+-])"
_END = r"(?![\w:/%]|[.,]\d|-\d)"
"""A number is whole: "7" is not found in "7:30", "1.5" or "4-5"."""
_TEAM = rf"(?:\s*{any_of(words.PEOPLE)}\b)"
_SEPARATOR = r"\s*(?:,\s*and\b|,|\band\b|&|\+|\bplus\b|\bwith\b)\s*"
_UNCOUNTED = rf"(?!\s*-?\s*{any_of(words.OTHER_UNITS)}\b)"
_VAGUE = "How many is that exactly?"


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
    known = _SMALL | words.TENS
    if not parts or any(part not in known for part in parts):
        return None
    return sum(known[part] for part in parts)


@cache
def _item() -> re.Pattern[str]:
    """One member of a company: "my wife", "two small kids", "me", "3"."""
    relations = any_of(words.RELATIONS)
    return re.compile(
        rf"\b(?:(?P<self>me|myself|i)"
        rf"|(?:(?:my|our|the|his|her)\s+)?(?P<count>{NUMBER})\s*(?:\w+\s+)?(?P<many>{relations})"
        rf"|(?:my|our|a|an|the|his|her|their|plus)\s+(?:\w+\s+)?(?P<who>{relations})"
        rf"|(?:(?<=\+)|(?<=\+ ))(?P<added>{relations})"
        rf"|(?P<bare>{NUMBER}){_END}{_UNCOUNTED})\b"
    )


def _company(match: re.Match[str], context: Context) -> Found | None:
    """Add up "me, my wife and two kids". A list with only "me" in it is no company."""
    total, others, unknown = 0, 0, False
    for item in _item().finditer(match[0]):
        if item["self"]:
            total += 1
            continue
        who = item["who"] or item["added"]
        size = words.RELATIONS[who] if who else number(item["count"] or item["bare"]) or 0
        unknown |= size == 0
        others += 1
        total += size
    if not others:
        return None
    if unknown:
        return Found(match.start(), match.end(), (), _VAGUE)
    return Found(match.start(), match.end(), (total,))


def _one(match: re.Match[str], context: Context) -> Found | None:
    return _counted(match)


def _counted(match: re.Match[str]) -> Found | None:
    """A number, unless it is excluded ("not 4") or only a limit ("at least 4")."""
    value = number(match["n"])
    if value is None or is_negated(match.string, match.start()):
        return None
    lead = before(match.string, match.start())
    if re.search(r"\b(?:at least|up to|more than|less than|fewer than|over|under|minimum)$", lead):
        return Found(match.start(), match.end(), (), _VAGUE)
    return Found(match.start(), match.end(), (value,))


def _either(match: re.Match[str], context: Context) -> Found | None:
    low, high = number(match["low"]), number(match["high"])
    if low is None or high is None or not low < high <= low + 20:
        return None
    return Found(match.start(), match.end(), (low, high), _VAGUE)


def _exactly(value: int) -> Reader:
    return lambda match, context: Found(match.start(), match.end(), (value,))


def _vague(match: re.Match[str], context: Context) -> Found:
    return Found(match.start(), match.end(), (), _VAGUE)


def _below(match: re.Match[str], context: Context) -> Found:
    """ "For -3": nothing that can be, but nothing to pass over either."""
    return Found(match.start(), match.end(), (-(number(match["n"]) or 0),))


def _nothing(match: re.Match[str], context: Context) -> None:
    return None


def _companies() -> str:
    """People listed one by one: "me, my wife and two kids"."""
    relations = any_of(words.RELATIONS)
    owner, kind = r"\b(?:my|our|the|his|her)\s+", r"(?:\w+\s+)?"
    more = rf"\s*(?:\+|\bplus\b)\s*{relations}\b"
    plus = r"\s*(?:\+|&|\bplus\b|\band\b)\s*"
    someone = (
        rf"(?:\b(?:me|myself|i)\b"
        rf"|{_START}(?:{owner})?{NUMBER}\s*{kind}{relations}\b"
        rf"|{_START}{NUMBER}(?={_SEPARATOR}(?:{NUMBER}|an?)\s+{kind}{relations}\b)"
        rf"|{_START}{NUMBER}(?={more})"
        rf"|\b(?:my|our|a|an|the|his|her)\s+{kind}{relations}\b)"
    )
    further = (
        rf"(?:{_SEPARATOR}{someone}|{more}|\s+{NUMBER}\s+{relations}\b"
        rf"|{plus}{NUMBER}{_END}{_UNCOUNTED}(?!\s+(?:in|of|is|has|needs)\b))"
    )
    return rf"{someone}{further}+"


@cache
def _people_rules() -> list[Rule]:
    leads = (
        r"party|group|family|total|we are|we're|we will be|we'll be|there are|there're"
        r"|there will be|there'll be|there is|it will be|it'll be|it's|its|seats?|table|booking"
    )
    span = rf"(?:between\s+)?(?P<low>{NUMBER})\s*(?:-|or|to|and|maybe)\s*(?P<high>{NUMBER})"
    one, whole = rf"(?P<n>{NUMBER})", rf"{_END}{_UNCOUNTED}"
    no_time = r"(?!\s*(?:o'?clock|am|pm|[ap]\.m))"
    some = r"(?:are|have|need|is|don'?t|can'?t)\b"
    alone = r"(?:just|only)\s+(?:me|myself)|by myself|on my own|(?<!leave me )alone|solo"
    couple = r"(?:just\s+)?us two|(?:the\s+)?both of us|me (?:and|&) you|you and (?:me|i)"
    crowd = r"(?:a few|several|some|a bunch of|lots of|many)\s+(?:people|friends|of us|guests|ppl)"
    return rules(
        (rf"\b{span}{_TEAM}", _either),
        (rf"\b(?:party|table|group) (?:of|for)\s+{span}{whole}", _either),
        (rf"\bfor\s+{span}{whole}{no_time}", _either),
        (_companies(), _company),
        # "2 of us are vegetarian" is about some of them only.
        (rf"{_START}{one}\s+of us\s+{some}(?!\s+coming)", _nothing),
        (rf"{_START}{one}\s*-?\s*{any_of(words.PEOPLE)}\b(?!\s+{some})", _one),
        (
            rf"\b(?:{leads})(?:\s+(?:of|for|is|with|about|around|to))*\s+{one}{whole}{no_time}",
            _one,
        ),
        (
            rf"(?:^|\b(?:for|be|are|of|it) )\s*(?:-|minus )\s?(?P<n>{NUMBER}){whole}{no_time}",
            _below,
        ),
        (rf"\b{crowd}\b", _vague),
        (rf"\b(?:{alone})\b(?!{_SEPARATOR}\w)", _exactly(1)),
        (rf"\b(?:{couple})\b", _exactly(2)),
    )


@cache
def _leading_rule() -> Rule:
    """ "2 for tomorrow at 8pm"."""
    return re.compile(rf"{_START}(?P<n>{NUMBER})\s+for\s*(?={BLANK})"), _one


_PLACES = re.compile(
    r"\b(?:tables?|tabel|reservation|seats?|room|space|dinner|lunch|brunch|breakfast|meal|supper)$"
)


@cache
def _for_rule() -> Rule:
    """ "for 4": people, unless it stands beside a day ("tomorrow for 7") and may be an hour."""
    pattern = re.compile(
        rf"\bfor\s+(?:about\s+|around\s+|maybe\s+|just\s+|only\s+|the\s+)?(?P<n>{NUMBER})"
        rf"{_END}{_UNCOUNTED}(?!\s*(?:o'?clock|am|pm|[ap]\.m|or|ish))"
    )

    def read(match: re.Match[str], context: Context) -> Found | None:
        lead = match.string[: match.start()].rstrip(" ,")
        follows = match.string[match.end() :].lstrip(" ,").removeprefix("on").lstrip()
        beside_a_day = lead.endswith(BLANK) or follows.startswith(BLANK)
        return _one(match, context) if _PLACES.search(lead) or not beside_a_day else None

    return pattern, read


def people(text: str, context: Context, *, has_time: bool) -> tuple[list[Found], str]:
    """How many people. `has_time` tells that the time was said elsewhere, so "for 4" is people."""
    found, text = scan(text, _people_rules(), context)
    if not found:
        pattern, read = _for_rule()
        loose = [(pattern, _one), _leading_rule()] if has_time else [(pattern, read)]
        found, text = scan(text, loose, context)
    return found, text


def beside(text: str, hints: Iterable[str], context: Context) -> tuple[list[Found], str]:
    """A number next to a word that belongs to the field: "2 nights", "mileage 40000"."""
    hint = any_of({form for word in hints for form in (word, word + "s", word.removesuffix("s"))})
    found = rules(
        (rf"{_START}(?P<n>{NUMBER})\s*-?\s*(?:\w+\s+)?{hint}\b", _one),
        (rf"\b{hint}\s*(?:is|of|are|:|=|to|at)?\s*(?P<n>{NUMBER}){_END}", _one),
    )
    return scan(text, found, context)


@cache
def _bare() -> re.Pattern[str]:
    return re.compile(rf"{_START}(?P<n>{NUMBER}|too|fore)(?:ish)?{_END}{_UNCOUNTED}")


def alone(text: str) -> Found | None:
    """The number of an answer to "how many?", where nothing tells what it counts."""
    matches = [m for m in _bare().finditer(text) if m["n"] not in words.MISHEARD]
    if not matches and text.strip(" .!?" + BLANK) in words.MISHEARD:
        matches = list(_bare().finditer(text))
    found = [one for one in map(_lone, matches) if one]
    return merge(found, text)


def _lone(match: re.Match[str]) -> Found | None:
    one = _counted(match)
    return one and Found(one.start, one.end, one.values, one.why, weak=True)


_DECIMAL = re.compile(rf"{_START}(?P<n>\d{{1,9}}(?:\.\d{{1,6}})?){_END}")


def decimal(text: str) -> Found | None:
    """The one number of an answer, with or without a fraction."""
    matches = list(_DECIMAL.finditer(text))
    if len(matches) != 1:
        return alone(text)
    return Found(matches[0].start(), matches[0].end(), (float(matches[0]["n"]),), weak=True)
