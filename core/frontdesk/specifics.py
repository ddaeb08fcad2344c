"""The references, times and days that a sentence names, in any of the languages we speak."""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from datetime import date, timedelta

import msgspec

from frontdesk.plain import plain

_BASE32 = "[0-9A-HJKMNP-TV-Za-hjkmnp-tv-z]"
REFERENCE = re.compile(rf"(?<![\w-]){_BASE32}{{4}}-{_BASE32}{{4}}(?![\w-])")
"""XXXX-XXXX in Crockford's base 32, see `_is_reference`."""

_MONTHS = {
    name: n
    for n, names in enumerate(
        (
            "january jan januar jaenner enero ene janvier janv gennaio gen",
            "february feb februar febrero fevrier fevr febbraio febb",
            "march mar maerz marz marzo mars",
            "april apr abril abr avril avr aprile",
            "may mai mayo maggio mag",
            "june jun juni junio juin giugno giu",
            "july jul juli julio juillet juil luglio lug",
            "august aug agosto ago aout",
            "september sep sept septiembre setiembre septembre settembre sett set",
            "october oct oktober okt octubre octobre ottobre ott",
            "november nov noviembre novembre",
            "december dec dezember dez diciembre dic decembre dicembre",
        ),
        1,
    )
    for name in names.split()
}
_WEEKDAYS = {
    name: n
    for n, names in enumerate(
        (
            "monday montag lunes lundi lunedi",
            "tuesday tue tues dienstag martes mardi martedi",
            "wednesday wed mittwoch miercoles mercredi mercoledi",
            "thursday thu thur thurs donnerstag jueves jeudi giovedi",
            "friday fri freitag viernes vendredi venerdi",
            "saturday samstag sonnabend sabado samedi sabato",
            "sunday sonntag domingo dimanche domenica",
        )
    )
    for name in names.split()
}
_RELATIVE = {
    "today": 0, "tonight": 0, "this evening": 0, "this afternoon": 0, "hoy": 0, "esta noche": 0,
    "esta tarde": 0, "heute": 0, "aujourdhui": 0, "ce soir": 0, "oggi": 0, "stasera": 0,
    "tomorrow": 1, "manana": 1, "morgen": 1, "demain": 1, "domani": 1,
    "day after tomorrow": 2, "pasado manana": 2, "uebermorgen": 2, "ubermorgen": 2,
    "apres-demain": 2, "apres demain": 2, "dopodomani": 2,
}  # fmt: skip
_NOON = "noon|midday|mediodia|mittags|mezzogiorno|midi"
_MIDNIGHT = "midnight|medianoche|mitternacht|mezzanotte|minuit"


def _any_of(words: Iterable[str]) -> str:
    return "|".join(sorted(words, key=len, reverse=True))


_MONTH = rf"(?P<month>{_any_of(_MONTHS)})\b\.?(?! (?:be|not|have)\b)"
_ISO = re.compile(r"\b(?P<year>20\d\d)-(?P<month>\d\d)-(?P<day>\d\d)\b")
_DAY_FIRST = re.compile(
    rf"(?<![\d:.])(?P<day>\d{{1,2}})(?:st|nd|rd|th|er|o|\.)?\s(?:de |di |of )?{_MONTH}"
)
_MONTH_FIRST = re.compile(
    rf"\b{_MONTH}\s(?:the )?(?P<day>\d{{1,2}})(?:st|nd|rd|th)?\b(?![:.h]\d|\s?(?:[ap]\.?\s?m|h|uhr)\b)"
)
_NUMERIC = re.compile(
    r"(?<![\d/.])(?!24/7)(?P<a>\d{1,2})/(?P<b>\d{1,2})(?:/(?:20)?\d\d)?(?![\d/])"
    r"|(?<![\d/.])(?P<c>\d{1,2})\.\s?(?P<d>\d{1,2})\.(?:(?:20)?\d\d)?(?![\d/])"
)
_ORDINAL = re.compile(
    r"\bthe (?P<day>\d{1,2})(?:st|nd|rd|th)\b(?! (?:floor|street|st|avenue|ave|time))"
)
_WEEKDAY = re.compile(
    rf"\b(?P<name>{_any_of(_WEEKDAYS)})\b|\b(?P<short>mon|sat|sun)\b(?=[.,]|\s\d)"
)
_OTHER_MORNING = r"(?<!\bla )(?<!\bguten )(?<!\bam )(?<!\bheute )(?<!\bjeden )(?<!\besta )"
_AWAY = re.compile(rf"{_OTHER_MORNING}\b(?P<word>{_any_of(_RELATIVE)})\b")

_PART_OF_DAY = (
    r"(?P<am>a\.?\s?m\b\.?|de la manana\b|in the morning\b|du matin\b|di mattina\b|del mattino\b|morgens\b)"
    r"|(?P<pm>p\.?\s?m\b\.?|de la (?:tarde|noche)\b|in the (?:afternoon|evening)\b|at night\b|du soir\b"
    r"|de l ?apres-midi\b|di sera\b|del pomeriggio\b|abends\b|nachmittags\b)"
)
_FREE = r"(?<![\w:./$\u20ac\u00a3])"
_CLOCK = re.compile(
    rf"{_FREE}(?P<hour>\d{{1,2}})(?:"
    rf"\s?:\s?(?P<minute>[0-5]\d)(?::\d\d)?(?:\s?(?:uhr|h\b))?"
    rf"|[.](?P<dotted>[0-5]\d)(?=\s?(?:uhr|h\b|[ap]\.?\s?m\b))(?:\s?(?:uhr|h\b))?"
    rf"|\s?(?:uhr|h|heures?|hs|hrs)\b(?:\s?(?P<spoken>[0-5]\d)\b)?"
    rf"|h(?P<joined>[0-5]\d)\b"
    rf"|\s?oclock\b"
    rf"|(?=\s?(?:{_PART_OF_DAY.replace('?P<am>', '?:').replace('?P<pm>', '?:')}))"
    rf")(?:\s?(?:{_PART_OF_DAY}))?(?![\d%])"
)
_AFTER_HOUR = (
    r"(?=\s*(?:$|[,.;!?)]|(?:on|for|with|under|tomorrow|tonight|today|this|next|in|and|or|sharp"
    rf"|instead|fur|fuer|am|mit|auf|morgen|heute|para|el|con|de|manana|hoy|pour|le|demain"
    rf"|ce|avec|per|il|domani|oggi|{_any_of(_WEEKDAYS)})\b))"
)
_LED = re.compile(
    r"\b(?:at|around|um|gegen|a las?|alle|ore|vers|las)\s(?P<hour>\d{1,2})(?:[.:](?P<minute>[0-5]\d))?"
    rf"(?!\d|[.,:/]\d|\s?%){_AFTER_HOUR}"
)
_WORDS = re.compile(rf"\b(?:(?P<noon>{_NOON})|(?P<midnight>{_MIDNIGHT}))\b")


class Specifics(msgspec.Struct, frozen=True):
    """What a text names. A time on a dial stands for both halves of the day."""

    references: frozenset[str] = frozenset()
    times: frozenset[str] = frozenset()
    """HH:MM."""
    dates: frozenset[date] = frozenset()
    month_days: frozenset[tuple[int, int]] = frozenset()
    """(month, day); month 0 is any."""
    weekdays: frozenset[int] = frozenset()
    """0 is Monday."""

    @property
    def has_day(self) -> bool:
        return bool(self.dates or self.month_days or self.weekdays)

    @property
    def is_empty(self) -> bool:
        return not (self.references or self.times or self.has_day)

    def fits(self, day: date) -> bool:
        return (
            day in self.dates
            or (day.month, day.day) in self.month_days
            or (0, day.day) in self.month_days
            or day.weekday() in self.weekdays
        )

    def shares_day(self, other: "Specifics") -> bool:
        """They may speak of the same day."""
        return (
            any(self.fits(day) for day in other.dates)
            or any(other.fits(day) for day in self.dates)
            or bool(self.month_days & other.month_days)
            or bool(self.weekdays & other.weekdays)
        )


def read(text: str, today: date) -> Specifics:
    """`today` is the business's, for "tomorrow"."""
    words = plain(text)
    if not any(c.isdigit() for c in words):
        dates, month_days, times = _away(words, today), set[tuple[int, int]](), set[str]()
    else:
        # Digits are read once: a date's are no time.
        dates, month_days, words = _calendar(words)
        dates |= _away(words, today)
        times = set(_times(words))
    times |= {"12:00" if found["noon"] else "00:00" for found in _WORDS.finditer(words)}
    return Specifics(
        references=references(text),
        times=frozenset(times),
        dates=frozenset(dates),
        month_days=frozenset(month_days),
        weekdays=frozenset(_weekdays(words)),
    )


def references(text: str) -> frozenset[str]:
    text = unicodedata.normalize("NFKC", text).translate({0x2010: "-", 0x2011: "-", 0x2013: "-"})
    return frozenset(
        found[0].upper() for found in REFERENCE.finditer(text) if _is_reference(found[0])
    )


def _is_reference(text: str) -> bool:
    """Not a telephone number, nor words that a hyphen joins."""
    return not text.replace("-", "").isdecimal() and (text.isupper() or any(map(str.isdigit, text)))


def _calendar(words: str) -> tuple[set[date], set[tuple[int, int]], str]:
    """The dates, and the text without them."""
    dates: set[date] = set()
    month_days: set[tuple[int, int]] = set()
    for found in _ISO.finditer(words):
        try:
            dates.add(date(int(found["year"]), int(found["month"]), int(found["day"])))
        except ValueError:
            continue
    words = _ISO.sub(" ; ", words)
    for pattern in (_DAY_FIRST, _MONTH_FIRST):
        for found in pattern.finditer(words):
            if 1 <= int(found["day"]) <= 31:
                month_days.add((_MONTHS[found["month"]], int(found["day"])))
        words = pattern.sub(" ; ", words)
    for found in _NUMERIC.finditer(words):
        a, b = int(found["a"] or found["c"]), int(found["b"] or found["d"])
        month_days |= {(m, d) for m, d in ((a, b), (b, a)) if 1 <= m <= 12 and 1 <= d <= 31}
    words = _NUMERIC.sub(" ; ", words)
    month_days |= {(0, int(found["day"])) for found in _ORDINAL.finditer(words)}
    return dates, month_days, _ORDINAL.sub(" ; ", words)


def _away(words: str, today: date) -> set[date]:
    return {
        today + timedelta(days=_RELATIVE[found["word"]])
        for found in _AWAY.finditer(words)
        if today < date.max - timedelta(days=7)
    }


def _weekdays(words: str) -> Iterator[int]:
    for found in _WEEKDAY.finditer(words):
        short = {"mon": 0, "sat": 5, "sun": 6}
        yield short[found["short"]] if found["short"] else _WEEKDAYS[found["name"]]


def _times(words: str) -> Iterator[str]:
    for found in _CLOCK.finditer(words):
        minute = found["minute"] or found["dotted"] or found["spoken"] or found["joined"] or "0"
        yield from _on_dial(found["hour"], int(minute), am=found["am"], pm=found["pm"])
    for found in _LED.finditer(_CLOCK.sub(";", words)):
        yield from _on_dial(found["hour"], int(found["minute"] or 0))


def _on_dial(text: str, minute: int, *, am: str | None = None, pm: str | None = None) -> set[str]:
    """HH:MM of an hour as it was written; both halves of the day unless it says which."""
    hour = int(text)
    if hour > 24:
        return set()
    if (am or pm) and 1 <= hour <= 12:
        hours = {hour % 12 + (12 if pm else 0)}
    elif hour > 12 or hour == 0 or text.startswith("0"):
        hours = {hour % 24}
    else:
        hours = {hour, (hour + 12) % 24}
    return {f"{one:02}:{minute:02}" for one in hours}
