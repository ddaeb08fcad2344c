"""Times of the day as people say them. Without "am" or "pm" both readings are kept: what is known
of the day and of the opening hours decides later, or the customer does."""

import re
from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from functools import cache

from frontdesk import hours
from frontdesk_plugins.offline import clock, numbers, words
from frontdesk_plugins.offline.clock import EXACT, wall
from frontdesk_plugins.offline.reading import (
    Context,
    Found,
    any_of,
    before,
    blank,
    is_negated,
    scan,
)

_LOOSE = re.compile(
    r"\b(?:after|before|by|until|till|til|from|earliest|latest|no later than|no earlier than"
    r"|any ?time|later than|earlier than|past)$"
)
_LIMIT = re.compile(
    r"\s*(?:at the )?(?:(?:latest|earliest|onwards?)\b|or (?:later|earlier|after|before)\b|\+"
    rf"|or (?:at |maybe |around |half )?(?:\d|{any_of(words.UNITS | words.TEENS)}\b))"
)
"""After a time: it is a limit, or one of several."""


@cache
def _daypart() -> re.Pattern[str]:
    return re.compile(rf"(?<!good )(?<!\w)(?:{any_of(words.DAYPARTS)})s?(?!\w)(?! bye)")


def dayparts(text: str) -> list[str]:
    """The words for a part of the day, greetings left out."""
    found = [match[0] for match in _daypart().finditer(text)]
    known = [word if word in words.DAYPARTS else word.removesuffix("s") for word in found]
    return [word for word in known if word in words.DAYPARTS]


def within(values: Sequence[str], parts: Sequence[str]) -> tuple[str, ...]:
    """The readings that lie in all the named parts of the day."""
    spans = [words.DAYPARTS[part] for part in parts]
    return tuple(v for v in values if all(low <= int(v[:2]) < high for low, high in spans))


def read(
    rest: str, text: str, context: Context, *, asked: bool = False, counting: bool = False
) -> tuple[list[Found], str]:
    """The times in `rest`, which is the message `text` without its dates."""
    found, left = scan(rest, clock.spoken_and_written(counting=counting), context)
    if asked and not found:
        found, left = scan(rest, clock.as_answer(), context)
    parts = [part for part in dayparts(text) if part not in {"am", "pm", "a.m.", "p.m."}]
    return [_settled(one, rest, parts) for one in found if not is_negated(rest, one.start)], left


def _settled(one: Found, text: str, parts: list[str]) -> Found:
    """One reading if the part of the day tells which; no value if the time is only a limit."""
    if _LOOSE.search(before(text, one.start)) or _LIMIT.match(text, one.end):
        return Found(one.start, one.end, (), EXACT)
    if len(one.values) > 1 and parts:
        inside = within(one.values, parts)
        return Found(one.start, one.end, inside or one.values, one.why)
    return one


_SOON = re.compile(
    rf"\bin (?:about |around )?"
    rf"(?:(?P<half>half an?)|(?P<n>\d{{1,3}}|an?|{numbers.WORD}|a couple of))"
    r"\s?(?P<unit>hours?|hrs?|h|minutes?|mins?)\b(?:'? time)?(?P<more> and a half)?"
)


def soon(text: str, now: datetime) -> tuple[Found, Found, str] | None:
    """ "In an hour" as a date, a time and the rest of the text."""
    match = _SOON.search(text)
    if not match:
        return None
    word = match["n"] or ""
    count = 1 if word in {"a", "an"} else 2 if word == "a couple of" else numbers.number(word) or 0
    unit = 60 if match["unit"].startswith("h") else 1
    minutes = 30 if match["half"] else count * unit + (unit // 2 if match["more"] else 0)
    # In UTC: local days have 23, 24 or 25 hours.
    then = (now.astimezone(UTC) + timedelta(minutes=minutes)).astimezone(now.tzinfo)
    start, end = match.span()
    day = Found(start, end, (then.date().isoformat(),))
    moment = Found(start, end, (wall(then.hour, then.minute),))
    return day, moment, blank(text, start, end)


def narrow(values: Sequence[str], day: str | None, context: Context) -> tuple[str, ...]:
    """The readings that are still to come and, if any is, within the opening hours."""
    if len(values) < 2:
        return tuple(values)
    days = (
        [date.fromisoformat(day)] if day else [context.today + timedelta(days=n) for n in range(7)]
    )
    left = tuple(value for value in values if not day or not is_over(day, value, context))
    open_then = tuple(v for v in left if any(_is_open(one, v, context) for one in days))
    return open_then or left or tuple(values)


def is_over(day: str, value: str, context: Context) -> bool:
    moment = hours.to_utc(date.fromisoformat(day), time.fromisoformat(value), context.business.zone)
    return moment < context.now.astimezone(UTC)


def _is_open(day: date, value: str, context: Context) -> bool:
    moment = hours.to_utc(day, time.fromisoformat(value), context.business.zone)
    spans = hours.open_spans(context.business, day, day)
    return any(span.start <= moment < span.end for span in spans)


def trouble(day: str, value: str, context: Context) -> str:
    """Why nobody can come at this local time; empty when one can."""
    if is_over(day, value, context):
        return "That time is already over."
    if hours.is_missing(date.fromisoformat(day), time.fromisoformat(value), context.business.zone):
        return "The clocks change then, and that time does not exist on that day."
    return ""
