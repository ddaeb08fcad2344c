"""What is left of a message without its courtesies, verbs and numbers: the thing itself."""

import re
from collections.abc import Callable
from functools import cache

import msgspec

from frontdesk_plugins.offline import numbers, words
from frontdesk_plugins.offline.english import wording
from frontdesk_plugins.offline.reading import any_of, lower, tidy


@cache
def _lead() -> re.Pattern[str]:
    return re.compile(rf"(?:{wording('leads')}|{wording('articles')})\s*")


@cache
def _verb() -> re.Pattern[str]:
    """The leads without the articles, which tell how many."""
    return re.compile(rf"{wording('leads')}\s*")


@cache
def _tail() -> re.Pattern[str]:
    return re.compile(rf"{wording('tails')}$")


def remainder(text: str) -> str:
    """The words that name something: "can I get a large coke please" is "large coke"."""
    plain = lower(tidy(text))
    start, end = _after(_lead(), plain), len(plain)
    while (match := _tail().search(plain[start:end])) and match[0]:
        end = start + match.start()
    return tidy(text)[start:end].strip()


def _after(leads: re.Pattern[str], plain: str) -> int:
    """Where a text begins after all of its leads."""
    start = 0
    while (match := leads.match(plain, start)) and match[0]:
        start = match.end()
    return start


class Part(msgspec.Struct, frozen=True):
    """One of several things that a message asks for."""

    words: str
    count: int | None = None
    is_listed: bool = False
    """Only a comma stands before it."""
    left: int | None = None
    """How many are just like this, when some of them were said to be otherwise."""


_NUMBER = rf"(?:\d{{1,4}}|{any_of(words.GROUPS)}|{numbers.WORD})"
_ONE = r"(?:an?|another|one more)\b"
_COUNT = re.compile(
    rf"(?:x\s?(?P<x>\d{{1,4}})\b|(?P<n>{_NUMBER})\s?x?(?![\w.:/-])|{_ONE})\s*(?:of )?(?:the |your )?"
)
_NOTHING = {"", "food", "meal", "something", "something to eat", "order", "stuff", "things"}
"""Words that name nothing that can be ordered: what it is has to be asked."""


def counted(text: str) -> Part:
    """ "two large cokes" as a number and the rest."""
    match = _COUNT.match(lower(tidy(text)))
    if not match:
        return Part(tidy(text))
    said = match["x"] or match["n"]
    return Part(tidy(text)[match.end() :].strip(), numbers.number(said) if said else 1)


@cache
def _seam() -> re.Pattern[str]:
    """Between two things: a comma or an "and" before a number or an article."""
    begins = rf"(?=(?:{_NUMBER}\s?x?|x\s?\d{{1,3}}|{_ONE}|some)\s)"
    return re.compile(rf"\s*{wording('seams')}\s+{begins}")


_BARE_SEAM = re.compile(r"\s*(?:,|\band\b|&|\+)\s+")


def parts(text: str, is_known: Callable[[str], bool]) -> list[Part]:
    """The things of one message, each with its number. A bare "and" only parts what `is_known`."""
    plain, tidied = lower(tidy(text)), tidy(text)
    cuts = [match.span() for match in _seam().finditer(plain)]
    if not re.search(r"\bwith(?:out)?\b", plain):
        cuts += [
            match.span()
            for match in _BARE_SEAM.finditer(plain)
            if is_known(plain[: match.start()]) and is_known(plain[match.end() :])
        ]
    cuts = sorted(set(cuts))
    starts, ends = [0, *(end for _, end in cuts)], [*(start for start, _ in cuts), len(plain)]
    pieces = [tidied[start:end] for start, end in zip(starts, ends, strict=True)]
    found = [counted(piece[_after(_verb(), lower(piece)) :]) for piece in pieces]
    commas = [False, *(plain[start:end].strip() == "," for start, end in cuts)]
    named = [
        Part(remainder(part.words), part.count, is_listed)
        for part, is_listed in zip(found, commas, strict=True)
    ]
    return [part for part in named if lower(part.words) not in _NOTHING]
