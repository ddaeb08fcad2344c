"""Dates as people say them, on a calendar: "5 December", "12/5", "the 5th", "Christmas Eve"."""

import re
from datetime import date, timedelta
from functools import cache

from msgspec.structs import replace

from frontdesk_plugins.offline import weekdays, words, years
from frontdesk_plugins.offline.formats import show_date
from frontdesk_plugins.offline.reading import (
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

_RECENT = timedelta(days=60)
"""A date without a year that is gone by less than this is a slip, not next year."""
_WEEKDAY = any_of([*words.WEEKDAYS, *words.SHORT_WEEKDAYS])
_MONTH = any_of(words.MONTHS)
_ORDINAL = any_of(words.ORDINALS)
_LEAD = rf"(?:\b(?P<weekday>{_WEEKDAY})\b\.?,?\s*(?:the\s+)?)?"
_YEAR = r"(?:,?\s+(?P<year>(?:19|20)\d\d)\b(?![:.]\d))?"
_NOT_COUNTED = r"(?!\s*(?:people|persons?|ppl|pax|guests|adults|of us)\b)"
_LOOSE = re.compile(
    r"\b(?:after|before|by|day after|day before|week of|any day|sometime|between"
    r"|weeks?|fortnight|days|months?)(?:\s+(?:on|the|after))*$"
)
VAGUE = "Which date exactly?"


def day_of(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def accept(context: Context, match: re.Match[str], *days: date, why: str = "") -> Found:
    """The days that are not over. The reason says why none is left."""
    coming = sorted({day for day in days if context.past or day >= context.today})
    if days and not coming:
        why = f"{show_date(min(days), context.business)} is already over."
    values = tuple(day.isoformat() for day in coming)
    return Found(match.start(), match.end(), values, why)


def _impossible(match: re.Match[str], month: int, day: int, year: int | None = None) -> Found:
    name = words.MONTH_NAMES[month - 1] if 1 <= month <= 12 else f"month {month}"
    why = f"There is no {day} {name}{f' {year}' if year else ''}."
    return Found(match.start(), match.end(), (), why)


def _yearless(context: Context, month: int, day: int) -> date | None:
    """The next such day, or the one just gone; None when the calendar has none."""
    this, following = (day_of(context.today.year + n, month, day) for n in (0, 1))
    if this and this >= context.today - _RECENT:
        return this
    return following


def _named_day(match: re.Match[str], context: Context) -> Found | None:
    """ "Saturday, 5th of December 2026", with or without its parts."""
    month = words.MONTHS[match["month"]]
    day = words.ORDINALS.get(match["day"]) or int(re.sub(r"\D", "", match["day"]) or 0)
    year = int(match["year"]) if match["year"] else None
    if year and year > context.today.year + 2:
        found = _on_calendar(match, context, None, month, day)
        if years.is_year(year, context):
            return years.settled(found, year, context)
        # "dec 5 2030" is rather half past eight: leave that part to be read as a time.
        return replace(found, end=match.start("year"))
    return _on_calendar(match, context, year, month, day)


def _on_calendar(
    match: re.Match[str], context: Context, year: int | None, month: int, day: int
) -> Found:
    if context.past and not year:
        return Found(match.start(), match.end(), (), "Please say the year too.")
    found = day_of(year, month, day) if year else _yearless(context, month, day)
    if not found:
        return _impossible(match, month, day, year)
    named = weekdays.number(match["weekday"])
    if named is None or named == found.weekday():
        return accept(context, match, found)
    nearest = found + timedelta(days=(named - found.weekday() + 3) % 7 - 3)
    why = f"{show_date(found, context.business)} is not a {words.WEEKDAY_NAMES[named]}."
    return accept(context, match, found, nearest, why=why)


def _squeezed(match: re.Match[str], context: Context) -> Found | None:
    """ "for 2 dec 5": the 2nd or the 5th."""
    month = words.MONTHS[match["month"]]
    days = [_yearless(context, month, int(match[part])) for part in ("low", "high")]
    return accept(context, match, *[day for day in days if day], why=VAGUE)


def _several(match: re.Match[str], context: Context) -> Found:
    return Found(match.start(), match.end(), (), VAGUE)


def _full_year(text: str) -> int:
    return int(text) if len(text) == 4 else 2000 + int(text)


def _iso(match: re.Match[str], context: Context) -> Found | None:
    year, month, day = int(match["year"]), int(match["month"]), int(match["day"])
    found = day_of(year, month, day)
    return accept(context, match, found) if found else _impossible(match, month, day, year)


def _numeric(match: re.Match[str], context: Context) -> Found | None:
    """ "12/5" and "12/5/2026", in the order of the business's country, or the only possible one."""
    if match[0].strip() == "24/7":
        return None
    first, second = int(match["first"]), int(match["second"])
    text = match.groupdict().get("year")
    year = _full_year(text) if text else None
    if context.past and not year:
        return Found(match.start(), match.end(), (), "Please say the year too.")

    def build(month: int, day: int) -> date | None:
        return day_of(year, month, day) if year else _yearless(context, month, day)

    readings = {True: build(first, second), False: build(second, first)}
    order = context.month_first
    certain = readings[order] if order is not None else None
    if certain:
        return accept(context, match, certain)
    days = [day for day in readings.values() if day]
    if not days:
        month, day = (first, second) if order else (second, first)
        return _impossible(match, month, day, year)
    return accept(context, match, *days, why="That can be read in two ways.")


def _day_of_month(match: re.Match[str], context: Context) -> Found | None:
    """ "the 5th": the next one, also past the end of a month that has no such day."""
    text = match["day"]
    day = words.ORDINALS.get(text) or int(re.sub(r"\D", "", text) or 0)
    if not 1 <= day <= 31:
        return Found(match.start(), match.end(), (), f"There is no day {day} in a month.")
    found = next_day_of_month(context.today, day)
    named = weekdays.number(match.groupdict().get("weekday"))
    if named is None or found.weekday() == named:
        return accept(context, match, found)
    why = f"{show_date(found, context.business)} is not a {words.WEEKDAY_NAMES[named]}."
    return accept(context, match, found, weekdays.upcoming(context.today, named), why=why)


def next_day_of_month(today: date, day: int) -> date:
    year, month = today.year, today.month
    while True:
        found = day_of(year, month, day)
        if found and found >= today:
            return found
        year, month = (year + 1, 1) if month == 12 else (year, month + 1)


def _holiday(match: re.Match[str], context: Context) -> Found | None:
    month, day = words.HOLIDAYS[match[0]]
    found = _yearless(context, month, day)
    return accept(context, match, found) if found else None


def _guarded(read: Reader) -> Reader:
    """Skip what the customer excludes ("not Friday"), ask about what is loose ("after Friday")."""

    def guarded(match: re.Match[str], context: Context) -> Found | None:
        if is_negated(match.string, match.start()):
            return Found(match.start(), match.end())
        found = read(match, context)
        if found and _LOOSE.search(before(match.string, match.start())):
            return Found(found.start, found.end, (), VAGUE)
        return found

    return guarded


_NOT_TIME = r"(?!\s*(?:[ap]\.?m\b|o'?clock|:\d|h\b|ish))"


def _calendar_rules() -> list[Rule]:
    """Forms with a month, or a weekday with a day."""
    day = rf"(?P<day>\d{{1,2}}(?:\s?(?:st|nd|rd|th))?|{_ORDINAL})"
    two = r"\d{1,2}(?:st|nd|rd|th)?\s*(?:or|and|to|/|-)\s*(?:the\s+)?\d{1,2}(?:st|nd|rd|th)?"
    month, free = rf"(?P<month>{_MONTH})\b\.?", r"(?<![\w:/.])"
    weekday = rf"\b(?P<weekday>{_WEEKDAY})\b\.?,?\s*"
    bare = rf"(?![\w:]|\.\d){_NOT_TIME}{_NOT_COUNTED}"
    single = r"(?P<first>\d{1,2})(?P<sign>[/.-])(?P<second>\d{1,2})(?P=sign)"
    return rules(
        (r"\b(?P<year>20\d\d)[-/.](?P<month>\d{1,2})[-/.](?P<day>\d{1,2})\b", _iso),
        (r"(?<![\d+])(?P<year>20\d\d)(?P<month>[01]\d)(?P<day>[0-3]\d)(?!\d)", _iso),
        (rf"(?<![\d/.:-]){single}(?P<year>(?:19|20)?\d\d)\b", _numeric),
        (rf"{free}(?P<low>\d{{1,2}})\s+{month}\s+(?P<high>\d{{1,2}}){bare}", _squeezed),
        (rf"\b{month}\s*(?:the\s+)?{two}{bare}", _several),
        (rf"{free}{two}\s*(?:of\s+)?{month}", _several),
        (rf"{_LEAD}{free}{day}\s*(?:of\s+)?-?{month}(?!')-?{_YEAR}", _named_day),
        (
            rf"{_LEAD}\b{month}\s*(?:the\s+)?{day}{bare}{_YEAR}",
            _named_day,
        ),
        (
            rf"{weekday}the\s+(?P<day>\d{{1,2}}(?:st|nd|rd|th)?|{_ORDINAL})\b{_NOT_TIME}",
            _day_of_month,
        ),
        (rf"{weekday}(?P<day>\d{{1,2}}\s?(?:st|nd|rd|th))\b", _day_of_month),
    )


def _late_rules() -> list[Rule]:
    """What only counts when nothing more exact stands there."""
    not_a_share = r"(?!\s*(?:hours?|price|pint|dozen|off|an?\b))"
    not_a_place = (
        r"(?!\s*(?:floor|street|st\b|avenue|ave|birthday|anniversary|time|grade|one\b|option|bday))"
    )
    ordinals = rf"(?P<day>\d{{1,2}}\s?(?:st|nd|rd|th)|(?<=on the ){_ORDINAL})"
    first, second = r"(?<![\d/.:-])(?P<first>\d{1,2})", r"(?P<second>\d{1,2})"
    return rules(
        (rf"{first}\s?/\s?{second}(?![\d/]){not_a_share}", _numeric),
        (rf"{first}\.{second}\.(?!\d)", _numeric),
        (rf"(?<![\w:/.]){ordinals}\b{not_a_place}", _day_of_month),
        (rf"\b{any_of(words.HOLIDAYS)}\b", _holiday),
        (r"\bon (?:the )?(?P<day>\d{1,2})\b(?!\s*(?:[:/]|[ap]m))", _day_of_month),
    )


@cache
def _rules() -> list[Rule]:
    found = [*_calendar_rules(), *weekdays.exact_rules(accept), *_late_rules()]
    found += weekdays.plain_rules(accept)
    return [(pattern, _guarded(read)) for pattern, read in found]


@cache
def _asked_rules() -> list[Rule]:
    """Shorter forms that are dates only as an answer to "which day?"."""
    return rules(
        (r"\bthe (?P<day>\d{1,2})\b(?![:/])", _day_of_month),
        (rf"^(?:the )?(?P<day>{_ORDINAL})$", _day_of_month),
        (r"^(?P<first>\d{1,2})[-. ](?P<second>\d{1,2})$", _numeric),
    )


def read(text: str, context: Context, *, asked: bool = False) -> tuple[list[Found], str]:
    """The dates of a message in lower case, in order, and the rest of it."""
    original = text
    year, text = years.apart(text)
    found, text = scan(text, _rules(), context)
    if asked and not found:
        found, text = scan(text, _asked_rules(), context)
    if year:
        found = years.joined(found, year, VAGUE, context)
    return _adjacent([one for one in found if one.values or one.why], original), text


def _is_name_of(first: Found, second: Found, text: str) -> bool:
    """The weekday that a date in figures has: "Tuesday 1/12"."""
    named = weekdays.number(text[first.start : first.end].strip(" ."))
    if named is None or len(second.values) != 1 or text[first.end : second.start].strip(" ,."):
        return False
    return date.fromisoformat(second.values[0]).weekday() == named


def _adjacent(found: list[Found], text: str) -> list[Found]:
    """ "tomorrow (Monday)" is one date that was said twice."""
    result: list[Found] = []
    for one in found:
        last = result[-1] if result else None
        gap = text[last.end : one.start] if last else "-"
        if last and _is_name_of(last, one, text):
            result[-1] = replace(one, start=last.start)
        elif last and re.fullmatch(r"[\s,(.]*(?:the|so|on|which is|that's|i\.e\.)?[\s,(.]*", gap):
            result[-1] = merge([last, one], text) or last
        else:
            result.append(one)
    return result
