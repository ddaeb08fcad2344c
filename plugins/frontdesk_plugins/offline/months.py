"""Dates that name a month or are written in figures: "5 December", "12/5", "the last Friday in May"."""

import re
from datetime import date, timedelta

from msgspec.structs import replace

from frontdesk_plugins.offline import numbers, weekdays, words, years
from frontdesk_plugins.offline.days import (
    WHICH,
    accept,
    day_of,
    impossible,
    next_day_of_month,
    unclear,
    yearless,
)
from frontdesk_plugins.offline.formats import show_date
from frontdesk_plugins.offline.holidays import nth_weekday
from frontdesk_plugins.offline.reading import Context, Found, Rule, any_of, before, rule

_WEEKDAY = any_of([*words.WEEKDAYS, *words.SHORT_WEEKDAYS])
_MONTH = any_of(words.MONTHS)
_ORDINAL = any_of(words.ORDINALS)
_LEAD = rf"(?:\b(?P<weekday>{_WEEKDAY})\b\.?,?\s*(?:the\s+)?)?"
_UNITS = any_of(words.UNITS)
_YEAR = (
    r"(?:,?\s+(?P<year>(?:19|20)\d\d)\b(?![:.]\d)|\s+'(?P<short>\d\d)\b"
    rf"|,?\s+(?:two thousand(?: and)?|twenty) (?P<spoken>(?:twenty|thirty)(?:[ -]{_UNITS})?)\b)?"
)
_NOT_COUNTED = r"(?!\s*(?:people|persons?|ppl|pax|guests|adults|of us)\b)"
_NOT_TIME = r"(?!\s*(?:[ap]\.?m\b|o'?clock|:\d|h\b|ish))"
_NOT_A_SHARE = r"(?!\s*(?:hours?|price|pint|dozen|off|an?\b|past\b|to\s+(?!\d{1,2}/)))"
_NOT_A_PLACE = (
    r"(?!\s*(?:floor|street|st\b|avenue|ave|birthday|anniversary|time|grade|one\b|option|bday|table"
    r"|row|person|thing|choice|visit|date"
    r"|half (?:of|term)|quarter of|week|day|course|sitting|seating|service))"
)
_NTH = {"first": 1, "1st": 1, "second": 2, "2nd": 2, "third": 3, "3rd": 3, "fourth": 4, "4th": 4,
        "last": -1}  # fmt: skip
_SAY_YEAR = "Please say the year too."


def _day(text: str) -> int:
    return words.ORDINALS.get(text) or int(re.sub(r"\D", "", text) or 0)


def _named_day(match: re.Match[str], context: Context) -> Found | None:
    """ "Saturday, 5th of December 2026", with or without its parts."""
    month, day = words.MONTHS[match["month"]], _day(match["day"])
    year = int(match["year"]) if match["year"] else None
    if match["short"] or match["spoken"]:
        year = 2000 + (numbers.number(match["short"] or match["spoken"]) or 0)
    if year and year < context.today.year - 5 and not context.past and year % 100 < 60:
        # "20 March 1930" is half past seven.
        return replace(_on_calendar(match, context, None, month, day), end=match.start("year"))
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
        return Found(match.start(), match.end(), (), _SAY_YEAR)
    found = day_of(year, month, day) if year else yearless(context.today, month, day)
    if not found:
        return impossible(match, month, day, year)
    named = weekdays.number(match["weekday"])
    if named is None or named == found.weekday():
        return accept(context, match, found)
    nearest = found + timedelta(days=(named - found.weekday() + 3) % 7 - 3)
    why = f"{show_date(found, context.business)} is not a {words.WEEKDAY_NAMES[named]}."
    return accept(context, match, found, nearest, why=why)


def _squeezed(match: re.Match[str], context: Context) -> Found | None:
    """ "for 2 dec 5": the 2nd or the 5th."""
    month = words.MONTHS[match["month"]]
    days = [yearless(context.today, month, int(match[part])) for part in ("low", "high")]
    return accept(context, match, *[day for day in days if day], why=WHICH)


def _iso(match: re.Match[str], context: Context) -> Found | None:
    year, month, day = int(match["year"]), int(match["month"]), int(match["day"])
    found = day_of(year, month, day)
    return accept(context, match, found) if found else impossible(match, month, day, year)


def _full_year(text: str, context: Context) -> int:
    """Nobody was born in 2080: two digits of a date gone by may be of the last century."""
    year = int(text) if len(text) == 4 else 2000 + int(text)
    return year - 100 if context.past and year > context.today.year else year


def _numeric(match: re.Match[str], context: Context) -> Found | None:
    """ "12/5" and "12/5/2026", in the order of the business's country, or the only possible one."""
    if match[0].strip() == "24/7":
        return None
    first, second = int(match["first"]), int(match["second"])
    text = match.groupdict().get("year")
    year = _full_year(text, context) if text else None
    if context.past and not year:
        return Found(match.start(), match.end(), (), _SAY_YEAR)

    def build(month: int, day: int) -> date | None:
        return day_of(year, month, day) if year else yearless(context.today, month, day)

    readings = {True: build(first, second), False: build(second, first)}
    order = context.month_first
    certain = readings[order] if order is not None else None
    if certain:
        return accept(context, match, certain)
    days = [day for day in readings.values() if day]
    if not days:
        month, day = (first, second) if order else (second, first)
        return impossible(match, month, day, year)
    return accept(context, match, *days, why="That can be read in two ways.")


_OWN = re.compile(r"(?:\b(?:my|our|his|her|their|your)|['\u2019]s|s['\u2019])(?:\s+\w+)?$")


def _day_of_month(match: re.Match[str], context: Context) -> Found | None:
    """ "the 5th": the next one, also past the end of a month that has no such day."""
    if _OWN.search(before(match.string, match.start())):
        # "Our 10th", "my mum's 60th".
        return None
    day = _day(match["day"])
    if not 1 <= day <= 31:
        return Found(match.start(), match.end(), (), f"There is no day {day} in a month.")
    found = next_day_of_month(context.today, day)
    named = weekdays.number(match.groupdict().get("weekday"))
    if named is None or found.weekday() == named:
        return accept(context, match, found)
    why = f"{show_date(found, context.business)} is not a {words.WEEKDAY_NAMES[named]}."
    return accept(context, match, found, weekdays.upcoming(context.today, named), why=why)


def _weekday_number(match: re.Match[str], context: Context) -> Found | None:
    """ "Fri 19" is that Friday if the 19th is one. "Fri 12" may also be an hour."""
    day, named = int(match["day"]), weekdays.number(match["weekday"])
    if not 1 <= day <= 31 or named is None:
        return None
    found, first = next_day_of_month(context.today, day), weekdays.upcoming(context.today, named)
    if found.weekday() != named:
        if day < 24:
            # "Fri 8", "Fri 20" may be hours.
            return None
        why = f"{show_date(found, context.business)} is not a {words.WEEKDAY_NAMES[named]}."
        return accept(context, match, found, first, why=why)
    if day > 12 or found == first:
        return accept(context, match, found)
    return accept(context, match, first, found, why=WHICH)


def _month_of(match: re.Match[str], context: Context) -> tuple[int, int]:
    """The year and the month of "of this month", "of next month", "in May"."""
    today, parts = context.today, match.groupdict()
    if parts.get("month"):
        month = words.MONTHS[match["month"]]
        return today.year + (month < today.month), month
    later = int(match["which"] in {"next", "following"})
    return today.year + (today.month + later > 12), (today.month + later - 1) % 12 + 1


def _in_month(match: re.Match[str], context: Context) -> Found | None:
    """ "The 15th of next month", "the first of the month"."""
    day, (year, month) = _day(match["day"]), _month_of(match, context)
    if match["which"] == "the" and 1 <= day <= 31:
        return accept(context, match, next_day_of_month(context.today, day))
    found = day_of(year, month, day)
    return accept(context, match, found) if found else impossible(match, month, day)


def _last_day(match: re.Match[str], context: Context) -> Found | None:
    """ "The last day of March"."""
    year, month = _month_of(match, context)
    after = date(year + month // 12, month % 12 + 1, 1)
    return accept(context, match, after - timedelta(days=1))


def _nth(match: re.Match[str], context: Context) -> Found | None:
    """ "The last Friday in May": of this year, or the next when it is over."""
    named, nth = weekdays.number(match["weekday"]), _NTH[match["nth"]]
    assert named is not None
    year, month = _month_of(match, context)
    found = nth_weekday(year, month, named, nth)
    if found and found < context.today and match["which"] == "the":
        year, month = (year + 1, 1) if month == 12 else (year, month + 1)
        found = nth_weekday(year, month, named, nth)
    elif found and found < context.today and match["month"]:
        found = nth_weekday(year + 1, month, named, nth)
    return accept(context, match, found) if found else unclear(match, context)


def _month_rules() -> list[Rule]:
    """Of a month that is named, or this one or the next."""
    month = rf"(?:(?P<which>the|this|next|following)(?: following)?\s+month|(?P<month>{_MONTH})\b)"
    nth = any_of(_NTH)
    day = rf"(?P<day>\d{{1,2}}(?:\s?(?:st|nd|rd|th))|{_ORDINAL})"
    of = r"\s+(?:of|in)\s+"
    return [
        rule(
            rf"\b(?:(?:next to|second(?: to)?|2nd(?: to)?) last|penultimate)\s+{_WEEKDAY}\b",
            unclear, "last", "penult",
        ),
        rule(
            rf"\b(?:the\s+)?(?P<nth>{nth})\s+(?P<weekday>{_WEEKDAY}){of}{month}", _nth, " of ", " in "
        ),
        rule(rf"\b(?:the\s+)?{nth}\s+{_WEEKDAY}{of}", unclear, " of ", " in "),
        rule(
            rf"\b(?:the\s+)?last\s+day\s+(?:of|in)\s+{month}", _last_day, "last day"
        ),
        rule(rf"\b(?:the\s+)?{day}\s+of\s+(?P<which>the|this|next)\s+month",
             _in_month, " month"),
    ]  # fmt: skip


def full_rules() -> list[Rule]:
    """Forms with a month, or a weekday with a day."""
    day = rf"(?P<day>\d{{1,2}}(?:\s?(?:st|nd|rd|th))?|{_ORDINAL})"
    one = r"\d{1,2}(?:st|nd|rd|th)?"
    two = rf"{one}\s*(?:or|and|&|to|/|-)\s*(?:the\s+)?{one}"
    month, free = rf"(?P<month>{_MONTH})\b\.?", r"(?<![\w:/.])"
    weekday = rf"\b(?P<weekday>{_WEEKDAY})\b\.?,?\s*"
    bare = rf"(?![\w:]|\.\d){_NOT_TIME}{_NOT_COUNTED}"
    single = r"(?P<first>\d{1,2})(?P<sign>[/.-])(?P<second>\d{1,2})(?P=sign)"
    ordinal = r"\d{1,2}(?:st|nd|rd|th)"
    return [
        rule(r"\b(?P<year>20\d\d)[-/.](?P<month>\d{1,2})[-/.](?P<day>\d{1,2})\b", _iso, "20"),
        rule(
            r"(?<![\d+])(?P<year>20\d\d)(?P<month>[01]\d)(?P<day>[0-3]\d)(?!\d)", _iso, "20"
        ),
        rule(rf"(?<![\d/.:-]){single}(?P<year>(?:19|20)?\d\d)\b", _numeric, "/", ".", "-"),
        *_month_rules(),
        rule(rf"{free}(?P<low>\d{{1,2}})\s+{month}\s+(?P<high>\d{{1,2}}){bare}", _squeezed),
        rule(rf"\b{month}\s*(?:the\s+)?{two}{bare}", unclear),
        rule(rf"{free}{two}\s*(?:of\s+)?{month}", unclear),
        rule(rf"{free}{ordinal}\s*[/-]\s*{ordinal}\b", unclear, "/", "-"),
        rule(
            rf"\b{month}\s*{one},\s*\d\d{_NOT_COUNTED}(?![\w:.]|\s*[ap]\.?m)", unclear, ","
        ),
        rule(rf"{_LEAD}{free}{day}\s*(?:of\s+)?-?{month}(?!')-?{_YEAR}", _named_day),
        rule(rf"{_LEAD}\b{month}\s*(?:the\s+)?{day}{bare}{_YEAR}", _named_day),
        rule(
            rf"{weekday}the\s+(?P<day>{one}|{_ORDINAL})\b{_NOT_TIME}", _day_of_month, " the "
        ),
        rule(
            rf"{weekday}(?P<day>\d{{1,2}}\s?(?:st|nd|rd|th))\b{_NOT_A_PLACE}", _day_of_month
        ),
        rule(rf"{weekday}(?P<day>\d{{1,2}})\b{bare}(?!\s*(?:-|/|or\b|to\b|for\b|weeks?))", _weekday_number),
    ]  # fmt: skip


_FIRST = r"(?:(?<![\d/.:-])|(?<=/\d-)|(?<=/\d\d-))(?P<first>\d{1,2})"
"""After a hyphen only where the hyphen follows another date."""
_SECOND = r"(?P<second>\d{1,2})"


def short_rules() -> list[Rule]:
    """What only counts when nothing more exact stands there."""
    ordinals = rf"(?P<day>\d{{1,2}}\s?(?:st|nd|rd|th)|(?<=on the ){_ORDINAL})"
    return [
        rule(rf"{_FIRST}\s?/\s?{_SECOND}(?![\d/]){_NOT_A_SHARE}{_NOT_COUNTED}", _numeric, "/"),
        rule(rf"{_FIRST}\.{_SECOND}\.(?!\d)", _numeric, "."),
        rule(rf"(?<![\w:/.]){ordinals}\b{_NOT_A_PLACE}", _day_of_month),
        rule(r"\bon the (?P<day>\d{1,2})\b(?!\s*(?:[:/]|[ap]m))", _day_of_month, "on the "),
    ]


def bare_rules() -> list[Rule]:
    """Where no hour and no number is asked for."""
    return [
        rule(r"\bon (?P<day>\d{1,2})\b(?!\s*(?:[:/]|[ap]m))", _day_of_month, "on "),
    ]


def asked_rules() -> list[Rule]:
    """Shorter forms that are dates only as an answer to "which day?"."""
    return [
        rule(r"\bthe (?P<day>\d{1,2})\b(?![:/])", _day_of_month, "the "),
        rule(rf"\bthe (?P<day>{_ORDINAL})\b{_NOT_A_PLACE}(?!\s+of\b)", _day_of_month, "the "),
        rule(rf"^(?P<day>{_ORDINAL})$", _day_of_month),
        rule(r"^(?P<first>\d{1,2})[-. ](?P<second>\d{1,2})$", _numeric),
    ]
