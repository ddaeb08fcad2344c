"""Dates, times and money in the words of the customer."""

import re
from datetime import date, time
from typing import Any

from frontdesk.business import Business
from frontdesk_plugins.offline.words import MONTH_NAMES, WEEKDAY_NAMES

_TWELVE_HOURS = {"US", "CA", "AU", "NZ", "IN", "PH", "EN"}
_NO_CENTS = {"JPY", "KRW", "VND", "CLP", "ISK", "UGX", "XAF", "XOF", "PYG", "RWF"}
_THREE_PLACES = {"BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"}
_SIGNS = {"USD": "$", "EUR": "\u20ac", "GBP": "\u00a3"}
_ISO_DATE = re.compile(r"\d{4}-\d\d-\d\d")
_ISO_TIME = re.compile(r"\d\d:\d\d(:\d\d)?")


def region(business: Business) -> str:
    return business.locale.upper().split("-")[-1]


def show_date(day: date, business: Business) -> str:
    """The weekday is always there: it is what people check."""
    weekday, month = WEEKDAY_NAMES[day.weekday()], MONTH_NAMES[day.month - 1]
    if region(business) == "US":
        return f"{weekday}, {month} {day.day}, {day.year}"
    return f"{weekday} {day.day} {month} {day.year}"


def show_time(wall: time, business: Business) -> str:
    if region(business) not in _TWELVE_HOURS:
        return f"{wall:%H:%M}"
    half = "AM" if wall.hour < 12 else "PM"
    return f"{wall.hour % 12 or 12}:{wall.minute:02} {half}"


def show_money(minor: int, currency: str) -> str:
    places = 0 if currency in _NO_CENTS else 3 if currency in _THREE_PLACES else 2
    sign = "-" if minor < 0 else ""
    amount = f"{abs(minor) / 10**places:,.{places}f}"
    return f"{sign}{_SIGNS.get(currency, currency + ' ')}{amount}"


def show(value: Any, business: Business) -> str:
    """A plain value. Strings that are dates or times are shown as such."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    text = str(value)
    try:
        if _ISO_DATE.fullmatch(text):
            return show_date(date.fromisoformat(text), business)
        if _ISO_TIME.fullmatch(text):
            return show_time(time.fromisoformat(text), business)
    except ValueError:
        return text
    return text


def join(parts: list[str], last: str = "and") -> str:
    """ "a, b and c"."""
    if len(parts) < 2:
        return "".join(parts)
    return f"{', '.join(parts[:-1])} {last} {parts[-1]}"
