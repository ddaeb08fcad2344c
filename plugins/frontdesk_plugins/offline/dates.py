"""Dates as people say them: "tomorrow", "the 5th", "a week on Friday", "the day before Christmas"."""

import re
from datetime import date
from functools import cache

from msgspec.structs import replace

from frontdesk_plugins.offline import holidays, months, weekdays, years
from frontdesk_plugins.offline.days import WHICH, plus
from frontdesk_plugins.offline.reading import (
    BLANK,
    Context,
    Found,
    Reader,
    Rule,
    before,
    is_negated,
    merge,
    scan,
)

_LOOSE = re.compile(
    r"\b(?:after|before|by|any day|sometime|between"
    r"|week (?:of|commencing|beginning|starting)|w/c|wc|around|over|nearly"
    r"|(?:earlier|later|sooner) than|earliest|latest|soonest|days|months?)(?:\s+(?:on|the|after))*$"
)
_RANGE = re.compile(r"\b(?:from|until|till|til)(?:\s+(?:on|the|this|next|coming))*$")
_MOVED = re.compile(r"\b(?:move|chang|switch|reschedul|push|shift|bring)\w*\b.{0,60}\bfrom\s*$")
_OFFSET = re.compile(
    rf"\b(?:(?:the )?day (?P<side>after|before)"
    rf"|(?:(?P<n>{weekdays.COUNT}) )?(?P<unit>weeks?|wks?|fortnights?)(?: (?:on|from|after))?"
    rf"|(?P<days>{weekdays.COUNT}) days (?P<rel>from|after|before))(?: (?:the|this|coming))*$"
)
""" "A week on", "two weeks from", "the day after": counted from the date that follows."""
_LATER = re.compile(r" (?P<unit>week|wk|fortnight)\b(?!end)")
""" "Friday week"."""
_OPEN = re.compile(
    rf" (?:before|after) (?:the )?{BLANK}"
    r"|,? or (?:the |any |maybe )?(?:next|one|following|week|day|later|earlier"
    r"|after|before|another|whenever|any|other)\b|,? (?:but )?not (?:this|that|the next|the first)\b"
    r"| (?:or|and) (?:later|after)\b"
    r"|(?: at)?(?: the)? (?:earliest|latest|soonest)\b| onwards?\b| or (?:sooner|earlier|later)\b"
    rf"| (?:in )?{weekdays.COUNT} weeks?\b"
)
"""What leaves a date open that stands in front of it."""


def _offset(lead: re.Match[str]) -> int | None:
    """In days. None for what is not two to everybody, like a couple of weeks."""
    if lead["side"]:
        return 1 if lead["side"] == "after" else -1
    many = weekdays.count(lead["days"] or lead["n"] or "a")
    if lead["days"]:
        many = -many if lead["rel"] == "before" else many
    else:
        many *= 14 if lead["unit"].startswith("f") else 7
    return many or None


def _shifted(found: Found, text: str, context: Context) -> Found:
    """The date with what is counted from it, as far as it is one."""
    start, end, days = found.start, found.end, 0
    shown = before(text, start, 40)
    lead = _OFFSET.search(shown)
    if lead and re.search(r"\bin\s*$", shown[: lead.start()]):
        # "In two weeks on Saturday" is near a Saturday, but not two weeks after the next.
        return Found(start, end, (), WHICH)
    if lead:
        offset = _offset(lead)
        if offset is None or not found.values:
            return Found(start, end, (), WHICH)
        start, days = max(0, start - 40) + lead.start(), offset
    later = _LATER.match(text, end)
    if later and found.values:
        end, days = later.end(), days + (14 if later["unit"].startswith("f") else 7)
    if not days:
        return found
    moved = [plus(date.fromisoformat(value), days) for value in found.values]
    values = tuple(day.isoformat() for day in moved if context.past or day >= context.today)
    return Found(start, end, values, WHICH if len(values) != 1 else "")


def _guarded(read: Reader) -> Reader:
    """Skip what the customer excludes ("not Friday"), ask about what is loose ("after Friday")."""

    def guarded(match: re.Match[str], context: Context) -> Found | None:
        text = match.string
        found = read(match, context)
        if found is None:
            return None
        if is_negated(text, match.start(), found.end):
            return Found(match.start(), found.end)
        moved = _shifted(found, text, context)
        lead = before(text, moved.start)
        if moved is found and (_LOOSE.search(lead) or _OPEN.match(text, found.end)):
            return Found(found.start, found.end, (), WHICH)
        return moved

    return guarded


@cache
def _rules(*, bare: bool) -> list[Rule]:
    found = [
        *holidays.holiday_rules(), *months.full_rules(), *weekdays.exact_rules(),
        *months.short_rules(), *(months.bare_rules() if bare else ()), *weekdays.plain_rules(),
    ]  # fmt: skip
    return [replace(one, read=_guarded(one.read)) for one in found]


@cache
def _asked_rules() -> list[Rule]:
    """Shorter forms that are dates only as an answer to "which day?"."""
    return [*months.asked_rules(), *weekdays.asked_rules()]


def read(
    text: str, context: Context, *, asked: bool = False, bare: bool = True
) -> tuple[list[Found], str]:
    """The dates of a message in lower case, in order, and the rest of it. `bare` takes "on 8" for
    a date too."""
    original = text
    year, text = years.apart(text)
    found, text = scan(text, _rules(bare=bare), context)
    if asked and not any(one.values for one in found):
        more, text = scan(text, _asked_rules(), context)
        found = sorted([*found, *more], key=lambda one: one.start)
    if year:
        found = years.joined(found, year, WHICH, context)
    found = [one for one in found if one.values or one.why]
    if any(one.values for one in found):
        found = [one for one in found if one.values or not one.weak]
    return _adjacent(found, original), text


def single(days: list[Found], text: str) -> list[Found]:
    """The dates for a single field. "From Friday" is where a stay begins, but "move it from Friday
    to Saturday" names the new day last, and "or Saturday" goes with a day that we did not read."""
    moved = len(days) == 2 and _MOVED.search(text[: days[0].start]) is not None
    if moved and text[days[0].end : days[1].start].strip() == "to":
        return days[1:]
    if len(days) == 1 and re.search(r"\bor(?: maybe| on)?$", before(text, days[0].start)):
        return [Found(days[0].start, days[0].end, (), WHICH)]
    return [
        Found(day.start, day.end, (), WHICH) if _RANGE.search(before(text, day.start)) else day
        for day in days
    ]


def with_next(found: Found) -> Found:
    """The day or the one after it."""
    day = date.fromisoformat(found.values[0])
    return replace(found, values=(day.isoformat(), plus(day, 1).isoformat()), why=WHICH)


def _on_weekday(weekday: Found, other: Found, text: str) -> tuple[str, ...]:
    """The days of a date that fall on the weekday beside it: "Tuesday 1/12", "the 19th, a Friday"."""
    named = weekdays.number(text[weekday.start : weekday.end].strip(" .").removeprefix("a "))
    if named is None:
        return ()
    return tuple(v for v in other.values if date.fromisoformat(v).weekday() == named)


_SAME = re.compile(
    r"[\s,(.]*(?:the|so|on|(?:which is|which's|that's|it's|its|being)(?: an?)?|an?|i\.e\.)?[\s,(.]*"
)


def _adjacent(found: list[Found], text: str) -> list[Found]:
    """ "tomorrow (Monday)" is one date that was said twice."""
    result: list[Found] = []
    for one in found:
        last = result[-1] if result else None
        if not last or not _SAME.fullmatch(text, last.end, one.start):
            result.append(one)
            continue
        named = _on_weekday(last, one, text) or _on_weekday(one, last, text)
        if len(named) == 1:
            result[-1] = Found(last.start, one.end, named)
        else:
            result[-1] = merge([last, one], text) or last
    return result
