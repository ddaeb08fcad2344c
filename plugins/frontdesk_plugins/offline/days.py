"""A day on the calendar, and whether a customer may mean it."""

import re
from datetime import date, timedelta

from frontdesk_plugins.offline import words
from frontdesk_plugins.offline.formats import show_date
from frontdesk_plugins.offline.reading import Context, Found

_RECENT = timedelta(days=60)
"""A date without a year that is gone by less than this is a slip, not next year."""
WHICH = "Which date exactly?"


def day_of(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def plus(day: date, days: int) -> date:
    try:
        return day + timedelta(days=days)
    except OverflowError:
        return date.max


def yearless(today: date, month: int, day: int) -> date | None:
    """The next such day, or the one just gone; None when the calendar has none."""
    this, following = (day_of(today.year + n, month, day) for n in (0, 1))
    if this and this >= today - _RECENT:
        return this
    return following


def next_day_of_month(today: date, day: int) -> date:
    """The next day with this number (1-31), past the end of a month that has no such day."""
    year, month = today.year, today.month
    while True:
        found = day_of(year, month, day)
        if found and found >= today:
            return found
        year, month = (year + 1, 1) if month == 12 else (year, month + 1)


def accept(context: Context, match: re.Match[str], *days: date, why: str = "") -> Found:
    """The days that are not over. The reason says why none is left."""
    coming = sorted({day for day in days if context.past or day >= context.today})
    if days and not coming:
        why = f"{show_date(min(days), context.business)} is already over."
    values = tuple(day.isoformat() for day in coming)
    return Found(match.start(), match.end(), values, why)


def impossible(match: re.Match[str], month: int, day: int, year: int | None = None) -> Found:
    name = words.MONTH_NAMES[month - 1] if 1 <= month <= 12 else f"month {month}"
    why = f"There is no {day} {name}{f' {year}' if year else ''}."
    return Found(match.start(), match.end(), (), why)


def unclear(match: re.Match[str], context: Context) -> Found:
    return Found(match.start(), match.end(), (), WHICH)
