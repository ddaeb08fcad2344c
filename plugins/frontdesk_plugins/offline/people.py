"""How many people come, as they say it: "party of 6", "just us two", "for 4"."""

import re
from functools import cache

from msgspec.structs import replace

from frontdesk_plugins.offline import companies, words
from frontdesk_plugins.offline.numbers import (
    END,
    HOW_MANY,
    NUMBER,
    START,
    UNCOUNTED,
    counted,
    is_led_in,
    number,
)
from frontdesk_plugins.offline.reading import (
    BLANK,
    Context,
    Found,
    Reader,
    Rule,
    any_of,
    blank,
    rule,
    scan,
)

_CROWDS = {"pair": 2, "twosome": 2, "duo": 2, "trio": 3, "threesome": 3, "foursome": 4,
           "quartet": 4}  # fmt: skip


def _either(match: re.Match[str], context: Context) -> Found | None:
    low, high = number(match["low"]), number(match["high"])
    if low is None or high is None or not low < high <= low + 20:
        return None
    return Found(match.start(), match.end(), (low, high), HOW_MANY)


def _exactly(value: int) -> Reader:
    return lambda match, context: Found(match.start(), match.end(), (value,))


def _vague(match: re.Match[str], context: Context) -> Found:
    return Found(match.start(), match.end(), (), HOW_MANY)


def _below(match: re.Match[str], context: Context) -> Found:
    """ "For -3": nothing that can be, but nothing to pass over either."""
    return Found(match.start(), match.end(), (-(number(match["n"]) or 0),))


def _nothing(match: re.Match[str], context: Context) -> Found:
    return Found(match.start(), match.end())


def _crowd(match: re.Match[str], context: Context) -> Found:
    return Found(match.start(), match.end(), (_CROWDS[match["crowd"]],))


_SHORT_TABLE = re.compile(r"\b(?:table|tbl|tabel)\s+4\s+\d{1,2}\b(?![:.]\d)")
"""Is the 4 a "for" or a number?"""


@cache
def _span_rules() -> list[Rule]:
    """Two numbers to choose from, and crowds without a number."""
    span = rf"(?:between\s+)?(?P<low>{NUMBER})\s*(?:-|/|or|to|and|maybe)\s*(?P<high>{NUMBER})"
    whole, no_time = rf"{END}{UNCOUNTED}", r"(?!\s*(?:o'?clock|am|pm|[ap]\.m))"
    crowd = (
        r"(?:a few|several|some|a bunch of|lots of|many|(?:a )?couple of)\s+"
        r"(?:people|friends|of us|us|guests|ppl|families)"
    )
    return [
        rule(rf"\b{span}\s*{any_of(words.PEOPLE)}\b", _either),
        rule(
            rf"\b(?:party|table|group) (?:of|for)\s+(?:like |maybe |about )?{span}{whole}", _either
        ),
        rule(rf"\bfor\s+{span}{whole}{no_time}", _either, "for"),
        rule(rf"\b{crowd}\b", _vague),
        rule(
            r"\b(?:2|two) for (?:1|one|the price)\b|\b(?:3|three) for (?:2|two)\b", _nothing, "for"
        ),
        rule(_SHORT_TABLE.pattern, _vague, "4"),
        # "3 tables of 4".
        rule(rf"{START}(?!(?:1|one)\b){NUMBER}\s+tables\b", _vague, "tables"),
        rule(rf"{START}{NUMBER}\s*x\s*\d+\b", _vague, "x"),
    ]


@cache
def _people_rules() -> list[Rule]:
    leads = (
        r"party(?: size)?|group|family|total|(?:table|booking|reservation|team|seats?)(?= (?:for|of))"
        r"|we are|we're|(?<!we )were|we will be|we'll be|well be|we'd be|we would be|there are"
        r"|there're|there will be|there'll be|there's|there is|it will be|it'll be|it'll just be"
        r"|it's|its|seats?"
    )
    labels = r"guests?|people|persons?|pax|covers|number of (?:guests|people)|party size|how many"
    links = (
        "of|for|is|with|about|around|to|gonna be|going to be|just|only|now|really|like|maybe|the"
    )
    one, whole = rf"(?P<n>{NUMBER})", rf"{END}{UNCOUNTED}"
    no_time = r"(?!\s*(?:o'?clock|am|pm|[ap]\.m))"
    alone = (
        r"(?:just|only)\s+(?:me|myself)|by myself|on my own|(?<!leave me )alone|solo|just the one"
    )
    couple = r"(?:just\s+)?us two|(?:the\s+)?both of us|me (?:and|&|n) you|you and (?:me|i)"
    joined = r"(?!\s*(?:,|&|\+|\b(?:and|plus|with|n)\b)\s*\w)"
    return [
        rule(rf"\b(?:table|tbl)\s+4\s+(?P<n>(?!\d){NUMBER}){whole}{no_time}", counted, "4"),
        rule(
            rf"\b(?:{leads})(?:\s+(?:{links}))*"
            rf"\s+{one}{whole}{no_time}",
            counted,
        ),
        rule(rf"\b(?:{labels})\s*[:=]\s*{one}{whole}", counted, ":", "="),
        rule(rf"(?:^|[,.;]\s*)(?:{labels})\s+{one}(?=\s*(?:[,;]|$|{BLANK}))", counted),
        rule(
            rf"(?:^|\b(?:for|be|are|of|it) )\s*(?:-|minus )\s?{one}{whole}{no_time}",
            _below, "-", "minus",
        ),
        rule(rf"\bus\s+{one}{whole}", counted, "us "),
        rule(rf"{START}{one}[ -]top\b", counted, "top"),
        rule(r"(?<!\w)(?<!\d )x\s?(?P<n>\d{1,2})(?!\w|[.:]\d)", counted, "x"),
        rule(rf"\b(?:a|the)\s+(?P<crowd>{any_of(_CROWDS)})(?:\s+of us)?\b(?! of \w)", _crowd),
        rule(rf"\b(?:{alone})\b{joined}", _exactly(1)),
        rule(rf"\b(?:{couple})\b", _exactly(2), "us", "you"),
    ]  # fmt: skip


_MEALS = r"(?:dinner|lunch|brunch|breakfast|supper|tea|drinks|a meal|afternoon tea)"


@cache
def _leading_rule(*, has_time: bool) -> Rule:
    """ "2 for tomorrow at 8pm", "4 for brunch"; "7 for dinner" may be an hour."""
    what = rf"{BLANK}|{_MEALS}\b" if has_time else rf"{_MEALS}\b"

    def read(match: re.Match[str], context: Context) -> Found | None:
        if not is_led_in(match.string, match.start()):
            return None
        found = counted(match, context)
        late = re.match(r"dinner|supper|tea", match.string[match.end() :])
        if found and late and not has_time and 5 <= (number(match["n"]) or 0) <= 10:
            return replace(found, values=(), why=HOW_MANY)
        return found

    return rule(rf"{START}(?P<n>{NUMBER})\s+for\s*(?={what})", read, "for")


_PLACES = re.compile(rf"\b(?:tables?|tabel|reservation|seats?|room|space|meal|{_MEALS})$")


@cache
def _for_rule() -> Rule:
    """ "for 4": people, unless it stands beside a day ("tomorrow for 7") and may be an hour."""
    pattern = (
        rf"\bfor\s+(?:about\s+|around\s+|maybe\s+|just\s+|only\s+|the\s+|like\s+|uh\s+|um\s+)*"
        rf"(?P<n>{NUMBER}){END}{UNCOUNTED}(?!\s*(?:o'?clock|am|pm|[ap]\.m|or|ish))"
    )

    def read(match: re.Match[str], context: Context) -> Found | None:
        lead = match.string[: match.start()].rstrip(" ,")
        follows = match.string[match.end() :].lstrip(" ,").removeprefix("on").lstrip()
        beside_a_day = lead.endswith(BLANK) or follows.startswith(BLANK)
        return counted(match, context) if _PLACES.search(lead) or not beside_a_day else None

    return rule(pattern, read, "for")


_ONLY_ME = re.compile(r"\W*(?:(?:just|only|it's|its)\s+)?(?:(?:me|myself|and i)\b[\W_x]*){1,3}")
_ONLY_SPAN = re.compile(r"\W*(?P<low>\d{1,2})\s*/\s*(?P<high>\d{1,2})\W*")


def read(text: str, context: Context, *, has_time: bool, asked: bool) -> tuple[list[Found], str]:
    """How many people. `has_time` tells that the time was said elsewhere, so "for 4" is people."""
    if asked and _ONLY_ME.fullmatch(text):
        return [Found(0, len(text), (1,))], BLANK * len(text)
    span = _ONLY_SPAN.fullmatch(text) if asked else None
    if span:
        return [Found(0, len(text), (int(span["low"]), int(span["high"])), HOW_MANY)], text
    original = text
    spans, text = scan(text, _span_rules(), context)
    listed = companies.listed(text)
    for one in listed:
        text = blank(text, one.start, one.end)
    found, text = scan(text, _people_rules(), context)
    found = sorted([*spans, *listed, *found], key=lambda one: one.start)
    if not any(one.values or one.why for one in found):
        after_for = replace(_for_rule(), read=counted) if has_time else _for_rule()
        more, text = scan(text, [after_for, _leading_rule(has_time=has_time)], context)
        found += more
    found = [_revised(one, original) for one in found if one.values or one.why]
    for one in found:
        text = blank(text, one.start, one.end)
    return found, text


@cache
def _second() -> re.Pattern[str]:
    """A second number right after the first: "4, maybe 5", "4, no, 5"."""
    return re.compile(
        rf"[\s,(.\-]*(?:(?P<instead>\b(?:no|sorry|actually|i mean|make that|wait|oops)\b[\s,.]*)+"
        rf"|\b(?:or|and|but|if not)?\s*\b(?:maybe|perhaps|possibly|potentially|probably|even|or"
        rf"|(?:could|might|may)(?: even| well)? be|if not)\s+(?:even\s+|be\s+)?)"
        rf"(?:for\s+)?(?P<n>{NUMBER}){END}{UNCOUNTED}(?!\s*(?:o'?clock|am|pm|[ap]\.m))"
    )


def _revised(found: Found, text: str) -> Found:
    match = _second().match(text, found.end)
    value = number(match["n"]) if match else None
    if match is None or value is None or len(found.values) != 1 or value in found.values:
        return found
    if match["instead"]:
        return Found(found.start, match.end(), (value,))
    return Found(found.start, match.end(), (*found.values, value), HOW_MANY)
