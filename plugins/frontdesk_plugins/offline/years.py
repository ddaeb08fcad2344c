"""A year that stands apart from its date: "in 2031 on 1 June"."""

import re
from datetime import date

from msgspec.structs import replace

from frontdesk_plugins.offline.formats import show_date
from frontdesk_plugins.offline.reading import Context, Found, blank

_APART = re.compile(
    r"\b(?:in|during)\s+(?:the year\s+)?(?P<year>20\d\d)\b(?![:.]\d|\s*(?:h|hours?|people)\b)"
    r"|\bthe year\s+(?P<named>20\d\d)\b"
)
_AHEAD = 2
"""Years from now that are taken as said. Later ones are rather a slip or a time."""


def apart(text: str) -> tuple[Found | None, str]:
    """The year as a place in the text with its value, and the text without it."""
    match = _APART.search(text)
    if not match:
        return None, text
    start, end = match.span()
    year = int(match["year"] or match["named"])
    return Found(start, end, (year,)), blank(text, start, end)


def is_year(year: int, context: Context) -> bool:
    """ "5 dec 2030" is rather half past eight; nobody books for 20:31."""
    return year <= context.today.year + _AHEAD or year % 5 != 0


def joined(found: list[Found], year: Found, vague: str, context: Context) -> list[Found]:
    """The dates with the year that was said for them."""
    if not found:
        return [Found(year.start, year.end, (), vague)]
    return [settled(one, year.values[0], context) for one in found]


def settled(one: Found, year: int, context: Context) -> Found:
    """The date in that year. A year far off is asked about, not dropped."""
    days = [date.fromisoformat(value) for value in one.values]
    if not days or any(day.year == year for day in days):
        left = tuple(day.isoformat() for day in days if day.year == year)
        return replace(one, values=left)
    try:
        day = days[0].replace(year=year)
    except ValueError:
        return replace(one, values=(), why=f"There is no such day in {year}.")
    if day < context.today and not context.past:
        why = f"{show_date(day, context.business)} is already over."
        return replace(one, values=(), why=why)
    if context.past or year <= context.today.year + _AHEAD:
        return replace(one, values=(day.isoformat(),))
    values = (days[0].isoformat(), day.isoformat())
    return replace(one, values=values, why=f"{year} is a long way off.")
