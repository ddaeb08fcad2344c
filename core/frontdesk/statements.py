"""What a sentence states: the words of data/claims.toml, unless it asks, denies, offers or depends.

For patterns that others bring the same holds, in the language that they are for.
"""

import re
from collections.abc import Mapping, Sequence
from functools import cache, lru_cache
from typing import Any

import msgspec

from frontdesk.actions import Claim
from frontdesk.plain import NEVER, data, expression, matcher, plain

_MARKS = r"[\"')\]*_\u201d\u00bb]"
_SENTENCE = re.compile(
    rf"(?:(?<=[.!?\u2026])|(?<=[.!?\u2026]{_MARKS})|(?<=[.!?\u2026]{_MARKS}{_MARKS}))\s+|(?=[\u00bf\u00a1])"
)
_UNENDED = re.compile(
    r"(?:^|[\s(])(?:\d{1,2}|[a-z]|mr|mrs|ms|dr|st|sra?|srta|nr"
    r"|jan|feb|mar|apr|jun|jul|aug|sept?|oct|okt|nov|dec"
    r"|mon|tue|wed|thu|fri|sat|sun|lun|mer|jeu|ven|sam|dim"
    r"|approx|ca|bzw|[ap]\.\s?m|z\.\s?b)\.$",
    re.IGNORECASE,
)
"""Abbreviations and ordinals: their full stop ends no sentence."""
_AGREED = re.compile(r"\b[Ss](?:[\u00ed\u00ec\u00cd\u00cc]|i[\u0300\u0301])(?!\w)")
_SHORT = re.compile(
    r"(?<=[a-z])['\u2019]s(?= (?:(?:now|all|just|already) )?"
    r"(?:been|booked|confirmed|reserved|set|cancell?ed|moved|placed|done|scheduled|ready|secured|in|on)\b)"
)
_CLAUSE = r"[,;:()\u2026](?!\d)|\.\.+|(?<![m\d])\.\s|\s-+\s"
_LONGEST = 500
"""Characters of a sentence; what is longer is cut."""
_LISTS = (
    "idioms", "negations", "plans", "conditions", "harmless", "after", "requests", "signs",
)  # fmt: skip


class _Grammar(msgspec.Struct, frozen=True):
    """What keeps a claim of a language from being one, see data/claims.toml."""

    idioms: re.Pattern[str] = NEVER
    negations: re.Pattern[str] = NEVER
    plans: re.Pattern[str] = NEVER
    conditions: re.Pattern[str] = NEVER
    harmless: re.Pattern[str] = NEVER
    after: re.Pattern[str] = NEVER
    requests: re.Pattern[str] = NEVER
    signs: re.Pattern[str] = NEVER
    boundary: re.Pattern[str] = NEVER


def sentences(text: str) -> list[str]:
    """The text in sentences. A full stop after an abbreviation or an ordinal ends none, except before
    a capital that begins a new sentence after "p.m."."""
    found: list[str] = []
    for line in text.splitlines():
        start = 0
        for gap in _SENTENCE.finditer(line):
            if not _UNENDED.search(line[max(start, gap.start() - 12) : gap.start()]) or (
                line[max(0, gap.start() - 3) : gap.start()].lower() in (".m.", " m.")
                and line[gap.end() : gap.end() + 1].isupper()
            ):
                found += _pieces(line[start : gap.start()])
                start = gap.end()
        found += _pieces(line[start:])
    return found


def _pieces(sentence: str) -> list[str]:
    cut = [sentence[at : at + _LONGEST].strip() for at in range(0, len(sentence), _LONGEST)]
    return [piece for piece in cut if piece]


def claimed(sentence: str, claims: Sequence[Claim], language: str) -> list[str]:
    """The kinds of what the sentence claims."""
    text = folded(sentence)
    asks = sentence.rstrip(" \"')]*_\u201d\u00bb").endswith("?")
    plainly: dict[str, str] = {}
    found: dict[str, None] = {}
    for claim in claims:
        for of, sources in business_first(claim.patterns, language):
            if claim.kind in found:
                break
            grammar = grammars().get(of) or grammars()["en"]
            if of not in plainly:
                tried = of == language or grammar.signs.search(text)
                plainly[of] = grammar.idioms.sub(_blank, text) if tried else ""
            if plainly[of] and _is_claimed(plainly[of], _matcher(sources), grammar, asks=asks):
                found[claim.kind] = None
    return list(found)


def _blank(match: re.Match[str]) -> str:
    return " " * len(match[0])


def _is_claimed(text: str, pattern: re.Pattern[str], grammar: _Grammar, *, asks: bool) -> bool:
    at = 0
    while match := pattern.search(text, at):
        if _is_stated(text, match, grammar, asks=asks):
            return True
        at = match.start() + 1
    return False


def _is_stated(text: str, match: re.Match[str], grammar: _Grammar, *, asks: bool) -> bool:
    """The words stand as a statement: no question, denial, offer, plan or condition."""
    start, end = match.span()
    ends = [found for found in grammar.boundary.finditer(text) if found.end() <= start]
    left = ends[-1].end() if ends else 0
    following = grammar.boundary.search(text, end)
    if asks and following is None:
        return False
    before, join = _clause_before(text, ends)
    depends = grammar.requests.search(before) or (
        "," in join and grammar.conditions.search(before) and not grammar.harmless.search(before)
    )
    return not (
        grammar.negations.search(text, left, end)
        or grammar.plans.search(text, left, start)
        or grammar.requests.search(text[left:end])
        or grammar.conditions.search(text, left, end)
        or grammar.after.match(text[end:])
        or depends
    )


def _clause_before(text: str, ends: list[re.Match[str]]) -> tuple[str, str]:
    """The clause before the last of these boundaries, and what stands between them."""
    first = len(ends) - 1
    while first > 0 and not text[ends[first - 1].end() : ends[first].start()].strip():
        first -= 1
    if first < 0:
        return "", ""
    start = ends[first - 1].end() if first else 0
    return text[start : ends[first].start()], text[ends[first].start() : ends[-1].end()]


def folded(text: str) -> str:
    """Plain, but with what only an accent or an apostrophe tells: "si" is "if", "table's booked"."""
    return plain(_AGREED.sub("yes", _SHORT.sub(" is", text)))


def business_first(by_language: Mapping[str, Any], language: str) -> list[tuple[str, Any]]:
    """Most replies are in the business's language: what is found there need not be sought elsewhere."""
    return sorted(by_language.items(), key=lambda item: item[0] != language)


@lru_cache(maxsize=512)
def _matcher(sources: tuple[str, ...]) -> re.Pattern[str]:
    """One that strangers wrote wrongly is left out rather than stopping every turn."""
    try:
        return matcher(sources)
    except (re.error, OverflowError, RecursionError):
        good = tuple(one for one in sources if _is_right(one))
        return matcher(good)


def _is_right(source: str) -> bool:
    try:
        re.compile(f"(?:{expression(source)})")
    except (re.error, OverflowError, RecursionError):
        return False
    return True


@cache
def words() -> dict[str, Any]:
    """data/claims.toml."""
    return data("claims.toml")


@cache
def grammars() -> dict[str, _Grammar]:
    """By language."""
    found: dict[str, _Grammar] = {}
    for language, of in words().items():
        if "claims" in of:
            lists = {name: matcher(tuple(of[name])) for name in _LISTS}
            found[language] = _Grammar(boundary=matcher((_CLAUSE, *of["joins"])), **lists)
    return found
