"""Times of the day as people say them. Without "am" or "pm" both readings are kept: what is known
of the day and of the opening hours decides later, or the customer does."""

import re
from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from functools import cache

from frontdesk import hours
from frontdesk_plugins.offline import clock, numbers, spans, words
from frontdesk_plugins.offline.clock import EXACT, wall
from frontdesk_plugins.offline.reading import (
    Context,
    Found,
    Rule,
    any_of,
    before,
    blank,
    is_negated,
    scan,
)

_LOOSE = re.compile(
    r"(?:\b(?:after|before|by|until|till|til|from|starting|no later than|no earlier than"
    r"|any ?time|later than|earlier than|past|nearly|almost|any ?time but"
    r"|(?:earliest|latest|soonest)\b[^.,;!?]{0,30})(?:\s+(?:about|around|like|say|is))?)$"
)
_LIMIT = re.compile(
    r"\s*(?:(?:(?:at |is |would be )?(?:the |our |my )?(?:very |absolute )?)?"
    r"(?:(?:latest|earliest|soonest|max|maximum|tops|onwards?|if that(?! \w))\b"
    r"|or (?:(?:a (?:bit|little|touch)|slightly|any ?time|just) )?(?:later|earlier|sooner|after|before)\b|\+"
    rf"|or (?:at |maybe |around |half )?(?:\d|{any_of(words.UNITS | words.TEENS)}\b)"
    r"|if not (?:sooner|earlier|later)\b|(?:minus|plus|less)\b"
    r"|(?:and|till|until|til) (?:later|late|after|close|closing)\b))"
)
"""After a time: it is a limit, or one of several."""


_FOR = re.compile(r"\bfor(?: about| around)?$")


@cache
def _daypart() -> re.Pattern[str]:
    plain = any_of(set(words.DAYPARTS) - {"eve"})
    return re.compile(
        rf"(?<!good )(?<!\w)(?:{plain})s?(?!\w)(?! bye|,? all\b|,? folks\b)"
        r"|(?:(?<=the )|(?<=this )|(?<=tomorrow )|(?<=[nsiru]day ))eve\b"
    )


def dayparts(text: str) -> list[str]:
    """The words for a part of the day, greetings left out."""
    found = [match[0] for match in _daypart().finditer(text)]
    known = [word if word in words.DAYPARTS else word.removesuffix("s") for word in found]
    return [word for word in known if word in words.DAYPARTS]


def within(values: Sequence[str], parts: Sequence[str]) -> tuple[str, ...]:
    """The readings that lie in all the named parts of the day."""
    allowed = [words.DAYPARTS[part] for part in parts]
    return tuple(v for v in values if all(low <= int(v[:2]) < high for low, high in allowed))


@cache
def _rules(*, asked: bool, counting: bool) -> list[Rule]:
    return [
        *spans.span_rules(asked=asked, counting=counting), *clock.spoken_rules(),
        *clock.written_rules(), *clock.led_rules(counting=counting),
    ]  # fmt: skip


def read(
    rest: str, text: str, context: Context, *, asked: bool = False, counting: bool = False
) -> tuple[list[Found], str]:
    """The times in `rest`, which is the message `text` without its dates.

    When a time was asked for, a mere number is one, also beside another: "we finish at 6, so 7".
    """
    found, left = scan(rest, _rules(asked=asked, counting=counting), context)
    if asked:
        bare, left = scan(left, [*spans.bare_rules(), *clock.bare_rules()], context)
        if found:
            # "7:30 for 8" counts people.
            bare = [one for one in bare if one.values and not _FOR.search(before(rest, one.start))]
        found = sorted([*found, *bare], key=lambda one: one.start)
    parts = [part for part in dayparts(text) if part not in {"am", "pm", "a.m.", "p.m."}]
    settled = [
        _settled(one, rest, parts) for one in found if not is_negated(rest, one.start, one.end)
    ]
    if len(settled) == 1 and not asked and _is_one_of(settled[0], rest):
        settled = [Found(settled[0].start, settled[0].end, (), EXACT)]
    return settled, left


@cache
def _other() -> re.Pattern[str]:
    return re.compile(rf"\b(?:so|maybe|perhaps|then)\s+(?:maybe\s+)?{clock.HOUR}\b{clock.NO_UNIT}")


def _is_one_of(one: Found, text: str) -> bool:
    """ "8 on Saturday, or 8:30" and "we land at 5, so maybe 7" name another that we did not read."""
    other = re.search(r"\bor(?: maybe| at| around)?\s*$", text[max(0, one.start - 24) : one.start])
    return bool(other or _other().search(text, one.end))


def _settled(one: Found, text: str, parts: list[str]) -> Found:
    """One reading if the part of the day tells which; no value if the time is only a limit."""
    if _LOOSE.search(before(text, one.start, 48)) or _LIMIT.match(text, one.end):
        return Found(one.start, one.end, (), EXACT)
    if len(one.values) > 1 and parts:
        inside = within(one.values, parts)
        return Found(one.start, one.end, inside or one.values, one.why)
    return one


_SOON = re.compile(
    rf"\b(?:(?P<lead>in) (?:about |around )?)?"
    rf"(?:(?P<half>half an?)|(?P<n>\d{{1,3}}|an?|{numbers.WORD}|a couple of))"
    r"\s?(?P<unit>hours?|hrs?|h|minutes?|mins?)\b(?:'? time)?(?P<more> and a half)?"
    r"(?(lead)|\s+from now\b)"
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
