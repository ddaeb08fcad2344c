"""What reading a message needs: the situation, the tidied text, and what was found where."""

import re
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime
from typing import Any

import msgspec

from frontdesk.business import Business
from frontdesk_plugins.offline import words

LONGEST = 2000
"""Characters of a message that are read. Longer ones are not answers to our questions."""
BLANK = "\x00"
_QUOTES = str.maketrans({"\u2019": "'", "\u2018": "'", "`": "'", "\u00b4": "'", "\u2013": "-",
                         "\u2014": "-", "\u2212": "-", "\u201c": '"', "\u201d": '"'})  # fmt: skip
_MONTH_FIRST = {"US", "PH", "PR", "GU", "FM", "BZ"}


class Context(msgspec.Struct, frozen=True):
    """Where and when the customer speaks."""

    business: Business
    now: datetime
    past: bool = False
    """True for fields like a date of birth: dates gone by fit, and they need their year."""

    @property
    def today(self) -> date:
        return self.now.date()

    @property
    def month_first(self) -> bool | None:
        """Does 12/5 begin with the month? None where people write both."""
        region = self.business.locale.upper().split("-")[-1]
        if region in _MONTH_FIRST:
            return True
        return None if region in {"CA", "EN"} else False


class Found(msgspec.Struct, frozen=True):
    """Something understood. Several values mean that the customer must choose, none that they must
    say it again; `why` then tells the reason."""

    start: int
    end: int
    values: tuple[Any, ...] = ()
    why: str = ""
    weak: bool = False
    """Too thin to change an answer that was given before."""


Reader = Callable[["re.Match[str]", Context], Found | None]
Rule = tuple[re.Pattern[str], Reader]


def rules(*pairs: tuple[str, Reader]) -> list[Rule]:
    return [(re.compile(pattern), read) for pattern, read in pairs]


def tidy(text: str) -> str:
    """One line, plain quotes and dashes, no control characters, nothing overlong."""
    text = text[:LONGEST].encode("utf-8", "replace").decode()
    text = unicodedata.normalize("NFKC", text)[:LONGEST].translate(_QUOTES)
    return re.sub(r"[\s\x00-\x1f\x7f\u200b-\u200f\ufeff]+", " ", text).strip()


def lower(text: str) -> str:
    """Lower case of the same length, so that places in it are places in the original."""
    return "".join(low if len(low := char.lower()) == 1 else char for char in text)


def blank(text: str, start: int, end: int) -> str:
    return text[:start] + BLANK * (end - start) + text[end:]


def any_of(choices: Iterable[str]) -> str:
    """A regular expression for one of the words, the longest first."""
    ordered = sorted(choices, key=len, reverse=True)
    return "(?:" + "|".join(re.escape(word) for word in ordered) + ")"


def scan(text: str, rules: Sequence[Rule], context: Context) -> tuple[list[Found], str]:
    """What the rules find, in the order of the text, and the text without it.

    Earlier rules win: they are the more specific ones.
    """
    found: list[Found] = []
    for pattern, read in rules:
        for match in pattern.finditer(text):
            one = read(match, context)
            if one is not None:
                found.append(one)
                text = blank(text, one.start, one.end)
    return sorted(found, key=lambda one: one.start), text


def before(text: str, start: int, length: int = 24) -> str:
    """The few characters before a place, for a look at the words that lead to it."""
    return text[max(0, start - length) : start].replace(BLANK, " ").rstrip()


_NEGATED = re.compile(
    rf"\b{any_of(words.NEGATION)}(?:\s+(?:do|on|at|for|make|the|this|next|come|be))*$"
)
_CORRECTED = re.compile(rf"\b{any_of(words.CORRECTION)}\b")


def is_negated(text: str, start: int) -> bool:
    return _NEGATED.search(before(text, start)) is not None


def is_correction(text: str) -> bool:
    return _CORRECTED.search(text) is not None


def merge(found: Sequence[Found], text: str) -> Found | None:
    """Several findings for one field as one.

    They may say the same thing twice ("tomorrow, Monday"); the later may correct the earlier
    ("Friday, no, Saturday"); otherwise the customer has to choose.
    """
    if not found:
        return None
    result = found[0]
    for one in found[1:]:
        common = tuple(value for value in result.values if value in one.values)
        if common:
            values, why = common, ""
        elif is_correction(text[result.end : one.start]):
            values, why = one.values, one.why
        else:
            why = result.why or one.why
            both = result.values and one.values
            # Something certain beside something unreadable is no certain answer either.
            values = tuple(dict.fromkeys(result.values + one.values)) if both else ()
        result = Found(result.start, one.end, values, why, result.weak and one.weak)
    return result
