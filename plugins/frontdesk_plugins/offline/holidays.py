"""Days with a name: "Christmas Eve", "Good Friday", "Thanksgiving"."""

import re
from collections.abc import Callable
from datetime import date, timedelta

from msgspec.structs import replace

from frontdesk_plugins.offline import words
from frontdesk_plugins.offline.days import accept, unclear
from frontdesk_plugins.offline.formats import region
from frontdesk_plugins.offline.reading import Context, Found, Rule, any_of, rule

_FIXED = {
    "christmas eve": (12, 24), "xmas eve": (12, 24), "christmas day": (12, 25),
    "xmas day": (12, 25), "christmas": (12, 25), "xmas": (12, 25), "boxing day": (12, 26),
    "new year's eve": (12, 31), "new years eve": (12, 31), "new year eve": (12, 31),
    "nye": (12, 31), "new year's day": (1, 1), "new years day": (1, 1), "new year day": (1, 1),
    "valentine's day": (2, 14), "valentines day": (2, 14), "valentine's": (2, 14),
    "valentines": (2, 14), "st patrick's day": (3, 17), "st patricks day": (3, 17),
    "saint patrick's day": (3, 17), "st paddy's day": (3, 17), "paddy's day": (3, 17),
    "halloween": (10, 31), "bonfire night": (11, 5),
}  # fmt: skip
NAMES = frozenset(part for name in _FIXED for part in name.split())
_VAGUE = (
    r"easter(?: weekend| week| time| holidays?)?|new years?'?s?|mother'?s'? day|father'?s'? day"
    r"|(?:bank|public) hol(?:iday|s)?"
)
_SPECIAL = (
    "bank holiday", "bank hol", "palm", "pancake", "shrove", "mothering", "mother's", "mothers",
    "father's", "fathers", "super bowl", "superbowl", "remembrance", "ash", "maundy", "whit",
    "holy", "spy", "giving", "election", "may day", "easter week", "glorious",
)  # fmt: skip
"""Before a weekday: one special such day of the year, not the next."""
_EVENT = (
    r"(?!(?:'s|s)?\s*(?:party|parties|do\b|dinner|lunch|meal|menu|time|week|weekend|season|period"
    r"|drinks|jumper|tree|markets?|break|holidays?|shopping|special|presents?|cards?|night out))"
)


def easter(year: int) -> date:
    """Of the western churches, by the anonymous Gregorian computus."""
    golden, century, rest = year % 19, year // 100, year % 100
    lunar = (century - century // 4 - (century - (century + 8) // 25 + 1) // 3) + 19 * golden + 15
    lunar %= 30
    weekday = (32 + 2 * (century % 4) + 2 * (rest // 4) - lunar - rest % 4) % 7
    month, day = divmod(
        lunar + weekday - 7 * ((golden + 11 * lunar + 22 * weekday) // 451) + 114, 31
    )
    return date(year, month, day + 1)


def nth_weekday(year: int, month: int, weekday: int, nth: int) -> date | None:
    """The nth such day of the month, or the last for -1; None when there are fewer."""
    if nth < 0:
        after = date(year + month // 12, month % 12 + 1, 1)
        return after - timedelta(days=(after.weekday() - weekday - 1) % 7 + 1)
    first = date(year, month, 1)
    found = first + timedelta(days=(weekday - first.weekday()) % 7 + 7 * (nth - 1))
    return found if found.month == month else None


def _thanksgiving(year: int) -> date:
    """Of the United States."""
    found = nth_weekday(year, 11, 3, 4)
    assert found is not None
    return found


def _canadian(year: int) -> date:
    found = nth_weekday(year, 10, 0, 2)
    assert found is not None
    return found


_MOVING: dict[str, Callable[[int], date]] = {
    "good friday": lambda year: easter(year) - timedelta(days=2),
    "easter saturday": lambda year: easter(year) - timedelta(days=1),
    "easter sat": lambda year: easter(year) - timedelta(days=1),
    "easter sunday": easter, "easter sun": easter, "easter day": easter,
    "easter monday": lambda year: easter(year) + timedelta(days=1),
    "easter mon": lambda year: easter(year) + timedelta(days=1),
    "black friday": lambda year: _thanksgiving(year) + timedelta(days=1),
    "cyber monday": lambda year: _thanksgiving(year) + timedelta(days=4),
}  # fmt: skip
_THANKS = {"US": _thanksgiving, "PR": _thanksgiving, "GU": _thanksgiving, "CA": _canadian}


def _next(today: date, of: Callable[[int], date]) -> date:
    this = of(today.year)
    return this if this >= today else of(today.year + 1)


def _fixed(match: re.Match[str], context: Context) -> Found | None:
    month, day = _FIXED[match[0]]
    return accept(context, match, _next(context.today, lambda year: date(year, month, day)))


def _moving(match: re.Match[str], context: Context) -> Found | None:
    return accept(context, match, _next(context.today, _MOVING[match[0]]))


def _thanks(match: re.Match[str], context: Context) -> Found | None:
    of = _THANKS.get(region(context.business))
    return accept(context, match, _next(context.today, of)) if of else unclear(match, context)


def _occasion(match: re.Match[str], context: Context) -> Found:
    """Which day is not for us to say; beside a date it only tells what is celebrated."""
    return replace(unclear(match, context), weak=True)


_OCCASION = re.compile(rf"\b(?:{_VAGUE})(?!\w)")
_EASTER = re.compile(
    r"(?<!after )(?<!before )(?<!around )\beaster(?: weekend| time| holidays?)?(?!\w)(?! week)"
)


_PERIOD = re.compile(
    r"\b(?:over|around|during|for)(?: the)? (?:(?P<mas>christmas|xmas)|new year'?s?)"
    r"(?: period| time| holidays?)?(?! (?:eve|day|party|dinner|lunch|menu))(?!\w)"
)


def is_occasion(text: str) -> bool:
    """It names a holiday, and not one day."""
    return _OCCASION.search(text) is not None or _PERIOD.search(text) is not None


def period_in(text: str, context: Context) -> tuple[date, date] | None:
    """The first and the last of the days that "over Christmas", "over New Year" are."""
    match = _PERIOD.search(text)
    if match is None:
        return None
    first = _next(context.today, lambda year: date(year, 12, 24 if match["mas"] else 31))
    return first, first + timedelta(days=2 if match["mas"] else 1)


def easter_in(text: str, context: Context) -> date | None:
    """The Sunday, where "easter" stands for itself."""
    return _next(context.today, easter) if _EASTER.search(text) else None


def holiday_rules() -> list[Rule]:
    """They must win over the weekdays in their names."""
    weekday = any_of([*words.WEEKDAYS, *words.SHORT_WEEKDAYS])
    return [
        rule(rf"\b{any_of(_MOVING)}\b", _moving, "easter", "friday", "monday"),
        rule(rf"\b{any_of(_SPECIAL)}\s+{weekday}\b", unclear, *_SPECIAL),
        rule(rf"\b{any_of(_FIXED)}\b(?:(?<!christmas)(?<!xmas)|{_EVENT})", _fixed,
             "mas", "new year", "nye", "boxing", "valen", "paddy", "patrick", "hallow", "bonfire"),
        rule(r"\bthanksgiving(?:\s+day)?\b", _thanks, "thanks"),
        rule(rf"\b(?:{_VAGUE})(?!\w)", _occasion, "easter", "new year", "day", "hol"),
        rule(r"\b(?:christmas|xmas)\b", _occasion, "mas"),
    ]  # fmt: skip
