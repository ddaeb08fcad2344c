"""What reading a message needs: the situation, the tidied text, and what was found where."""

import re
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime
from typing import Any

import msgspec

from frontdesk.business import Business
from frontdesk_plugins.offline import words
from frontdesk_plugins.offline.spelling import corrected

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


class Rule(msgspec.Struct, frozen=True):
    pattern: re.Pattern[str]
    read: Reader
    needs: tuple[str, ...] = ()
    """Parts of words without which the pattern cannot match: looking for them first is quicker."""


def rule(pattern: str, read: Reader, *needs: str) -> Rule:
    return Rule(re.compile(pattern), read, needs)


def tidy(text: str) -> str:
    """One line, plain quotes and dashes, no control characters, nothing overlong, and the words
    that dates, times and counts hang on spelt right."""
    return corrected(verbatim(text))


def verbatim(text: str) -> str:
    """The same in the customer's own spelling."""
    text = text[:LONGEST].encode("utf-8", "replace").decode()
    text = unicodedata.normalize("NFKC", text)[:LONGEST].translate(_QUOTES)
    return re.sub(r"[\s\x00-\x1f\x7f\u200b-\u200f\ufeff]+", " ", text).strip()


def lower(text: str) -> str:
    """Lower case of the same length, so that places in it are places in the original."""
    low = text.lower()
    if len(low) == len(text):
        return low
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
    for one in rules:
        if one.needs and not any(part in text for part in one.needs):
            continue
        for match in one.pattern.finditer(text):
            understood = one.read(match, context)
            if understood is not None:
                found.append(understood)
                text = blank(text, understood.start, understood.end)
    return sorted(found, key=lambda one: one.start), text


def before(text: str, start: int, length: int = 24) -> str:
    """The few characters before a place, for a look at the words that lead to it."""
    return text[max(0, start - length) : start].replace(BLANK, " ").rstrip()


_NEGATED = re.compile(
    rf"(?:(?<!\bif )\b{any_of(words.NEGATION)}"
    r"|\b(?:any(?:thing|time|day)?|every(?:thing|day)?|all)(?: [a-z]+)? but(?: not)?)"
    r"(?:\s+(?:do|on|at|for|make|the|this|next|come|be|an?|really|want|able to|manage|available))*$"
)
_RULED_OUT = re.compile(
    r"(?:'s|s)?,?\s+(?:(?:is|are|would be|will be)\s+)?(?:(?:a bit|a little|way|much|really|fully)\s+)?"
    r"(?:no good|not (?:good|great|ideal|possible|available|free)|no use|bad|out\b(?! of)|full"
    r"|gone|taken|sold out|booked|unavailable|impossible|too (?:early|late|soon|busy)"
    r"|(?:doesn't|doesnt|won't|wont|isn't|isnt) (?:work|good|possible|suit|do\b|great|ideal)"
    r"|(?:i'm|im|we're|were|i am|we are) (?:busy|away|working|closed|out)"
    r"|(?:i|we) (?:can't|cant|cannot|won't))"
)
_CORRECTED = re.compile(rf"(?<!\bif )\b{any_of(words.CORRECTION)}\b")
_AFTERTHOUGHT = re.compile(
    r"[\s,.]*(?:actually|i mean|i meant|sorry|rather(?! than)|instead(?! of))\b"
)
"""After a value: it replaces the one before."""


def is_negated(text: str, start: int, end: int = 0) -> bool:
    """ "Not Friday", and, where the end is given, "Friday is no good"."""
    if end and _RULED_OUT.match(text, end):
        return True
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
        elif is_correction(text[result.end : one.start]) or _AFTERTHOUGHT.match(text, one.end):
            values, why = one.values, one.why
        else:
            why = result.why or one.why
            both = result.values and one.values
            # Something certain beside something unreadable is no certain answer either.
            values = tuple(dict.fromkeys(result.values + one.values)) if both else ()
        result = Found(result.start, one.end, values, why, result.weak and one.weak)
    return result
