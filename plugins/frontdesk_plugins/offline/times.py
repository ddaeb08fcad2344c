"""Times of the day as people say them. Without "am" or "pm" both readings are kept: what is known
of the day and of the opening hours decides later, or the customer does."""

import re
from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from functools import cache

from frontdesk import hours
from frontdesk_plugins.offline import numbers, words
from frontdesk_plugins.offline.reading import Context, Found, Rule, any_of, before, is_negated, scan

_HOURS = {
    word: n for word, n in (words.UNITS | words.TEENS).items()
    if n <= 12 and word not in words.MISHEARD
}  # fmt: skip
_HOUR_WORD = any_of(_HOURS)
_HOUR = rf"(?P<hour>\d{{1,2}}|{_HOUR_WORD})"
_MINUTE_WORDS = {
    "fifteen": 15, "thirty": 30, "forty-five": 45, "forty five": 45, "fourty five": 45,
    "ten": 10, "twenty": 20, "forty": 40, "fifty": 50, "oh five": 5, "o five": 5,
    "twenty-five": 25, "twenty five": 25, "thirty-five": 35, "thirty five": 35,
    "fifty-five": 55, "fifty five": 55,
}  # fmt: skip
_STEPS = {"five": 5, "ten": 10, "twenty": 20, "twenty five": 25, "twenty-five": 25, "a quarter": 15,
          "quarter": 15, "half": 30}  # fmt: skip
_HALF_OF_DAY = r"(?:\s*(?P<half>[ap])\.?\s?m?\b\.?(?!')|(?P<none>))"
_AM_PM = r"\s*(?P<half>[ap])\.?\s?m\b\.?"
_NO_UNIT = (
    rf"(?!\s*-?\s*(?:{any_of([*words.PEOPLE, *words.OTHER_UNITS])}|in our|or\s+\d)\b)"
    r"(?![\w:/%]|[.,]\d|-\d|st\b|nd\b|rd\b|th\b)"
)
_LOOSE = re.compile(
    r"\b(?:after|before|by|until|till|til|from|earliest|latest|no later than|no earlier than"
    r"|any ?time|later than|earlier than|past)$"
)
_LIMIT = re.compile(
    r"\s*(?:at the )?(?:(?:latest|earliest|onwards?)\b|or (?:later|earlier|after|before)\b|\+)"
)
EXACT = "What time exactly?"


def _wall(hour: int, minute: int) -> str:
    return f"{hour:02}:{minute:02}"


def readings(hour: int, minute: int, half: str = "", *, exact: bool = False) -> tuple[str, ...]:
    """What a time on a dial may mean on a clock of 24 hours; nothing when there is no such time."""
    if hour > 23 or minute > 59 or hour < 0:
        return ()
    if half and hour <= 12:
        return (_wall(hour % 12 + (12 if half == "p" else 0), minute),)
    if half == "a" or exact or hour > 12 or hour == 0:
        return () if half == "a" else (_wall(hour, minute),)
    if hour == 12:
        return _wall(12, minute), _wall(0, minute)
    return _wall(hour, minute), _wall(hour + 12, minute)


def _hour(text: str) -> int:
    return _HOURS[text] if text in _HOURS else int(text)


def _minute(text: str | None) -> int:
    if not text:
        return 0
    return int(text) if text.isdecimal() else _MINUTE_WORDS[text]


def _found(match: re.Match[str], values: tuple[str, ...]) -> Found:
    why = "" if values else f"There is no time {match[0].strip()}."
    return Found(match.start(), match.end(), values, why)


def _clock(match: re.Match[str], context: Context) -> Found | None:
    """Any form with an hour, perhaps minutes, perhaps am or pm."""
    parts = match.groupdict()
    hour, minute = _hour(match["hour"]), _minute(parts.get("minute"))
    exact = match["hour"].startswith("0") or parts.get("military") is not None
    return _found(match, readings(hour, minute, parts.get("half") or "", exact=exact))


def _past(match: re.Match[str], context: Context) -> Found | None:
    """ "half past 6", "ten past seven"."""
    step = match["step"].removesuffix(" minutes").strip()
    minute = _STEPS[step] if step in _STEPS else int(step)
    half = match.groupdict().get("half") or ""
    return _found(match, readings(_hour(match["hour"]), minute, half))


def _to(match: re.Match[str], context: Context) -> Found | None:
    """ "quarter to 8"."""
    step = match["step"].removesuffix(" minutes").strip()
    minute = 60 - (_STEPS[step] if step in _STEPS else int(step))
    hour = _hour(match["hour"])
    # Quarter to one is 12:45 of the same half of the day, quarter to twelve pm is in the morning.
    half = match.groupdict().get("half") or ""
    if hour == 12 and half:
        half = "a" if half == "p" else "p"
    hour = 12 if hour == 1 else 23 if hour == 0 else hour - 1
    return _found(match, readings(hour, minute, half))


def _half_seven(match: re.Match[str], context: Context) -> Found | None:
    return _found(match, readings(_hour(match["hour"]), 30, match.groupdict().get("half") or ""))


def _unclear(match: re.Match[str], context: Context) -> Found:
    return Found(match.start(), match.end(), (), EXACT)


def _noon(match: re.Match[str], context: Context) -> Found:
    return Found(match.start(), match.end(), ("12:00",))


def _midnight(match: re.Match[str], context: Context) -> Found:
    return Found(match.start(), match.end(), ("00:00",))


def _range_rules() -> list[Rule]:
    one = rf"(?:\d{{1,2}}(?:[:.]\d\d)?|{_HOUR_WORD})"
    marked = rf"{one}\s*(?:[ap]\.?m\.?|o'?clock)?\s*(?:-|to|and|until|till)\s*{one}"
    return [
        (re.compile(rf"\b{marked}\s*(?:[ap]\.?m\b\.?|o'?clock)"), _unclear),
        (re.compile(rf"\b(?:between|from|anywhere from)\s+{marked}{_NO_UNIT}"), _unclear),
        (re.compile(rf"\b{one}\s*(?:[ap]\.?m\.?)?\s+or\s+\d{{1,2}}[:.]\d\d"), _unclear),
        (re.compile(r"\b\d{1,2}:\d\d\s*(?:-|to|until)\s*\d{1,2}:\d\d\b"), _unclear),
    ]


def _spoken_rules() -> list[Rule]:
    step = r"(?P<step>\d{1,2} minutes|a quarter|quarter|half|(?:twenty[- ]five|five|ten|twenty)(?: minutes)?)"
    digits = r"(?P<step>5|10|20|25|15)"
    after = rf"\s*(?:-\s*)?{_HOUR}(?:{_AM_PM})?{_NO_UNIT}"
    minutes = rf"(?P<minute>{any_of(_MINUTE_WORDS)}|[0-5]\d)"
    return [
        (re.compile(r"\b(?:12 |twelve )?(?:noon|mid-?day|noontime)\b"), _noon),
        (re.compile(r"\b(?:12 |twelve )?midnight\b"), _midnight),
        (re.compile(rf"\b{step}\s+(?:past|after){after}"), _past),
        (re.compile(rf"\b{digits}\s+(?:past|after){after}"), _past),
        (re.compile(rf"\b{step}\s+(?:to|of|before|til|till){after}"), _to),
        # In figures "10 to 8" may as well be a range.
        (re.compile(rf"\b{digits}\s+(?:to|til|till){after}"), _unclear),
        (re.compile(rf"\bhalf\s+{_HOUR}(?:{_AM_PM})?{_NO_UNIT}"), _half_seven),
        (
            re.compile(
                rf"\b(?P<hour>{_HOUR_WORD})[ -]{minutes}\b(?![ -]?{numbers.WORD})"
                rf"(?:{_AM_PM})?{_NO_UNIT}"
            ),
            _clock,
        ),
    ]


def _written_rules() -> list[Rule]:
    start = r"(?<![\w:/.$-])"
    return [
        (re.compile(rf"{start}(?P<hour>\d{{1,2}})\s?:\s?(?P<minute>\d\d)(?::00)?(?![\d:]){_HALF_OF_DAY}"), _clock),
        (re.compile(rf"{start}(?P<hour>\d{{1,2}})[. ](?P<minute>\d\d){_AM_PM}"), _clock),
        (re.compile(rf"{start}(?P<hour>\d{{1,2}})(?P<minute>\d\d){_AM_PM}"), _clock),
        # Not "on 5.10", which is a date.
        (re.compile(rf"(?<!on ){start}(?P<hour>\d{{1,2}})\.(?P<minute>[0-5][05]){_NO_UNIT}"), _clock),
        (re.compile(rf"{start}(?P<hour>\d{{1,2}})\s?h\s?(?P<minute>[0-5]\d)\b(?P<military>)"), _clock),
        (re.compile(rf"{start}(?P<hour>[01]?\d|2[0-4])\s?(?:h|hrs?|hs)\b(?P<military>)"), _military),
        (re.compile(rf"{start}(?P<hour>[012]\d)(?P<minute>[0-5]\d)\s?(?:h|hrs?|hours?)\b(?P<military>)"), _clock),
        (re.compile(rf"(?<![\w:/.$]){_HOUR}{_AM_PM}"), _clock),
        (re.compile(rf"{start}(?P<hour>\d{{1,2}})p\b"), lambda m, c: _found(m, readings(int(m["hour"]), 0, "p"))),
        (re.compile(rf"\b{_HOUR}\s?o'?\s?clock\b(?:{_AM_PM})?"), _clock),
    ]  # fmt: skip


def _led_rules(lead: str) -> list[Rule]:
    """A bare number is a time after one of the leading words."""
    softly = r"\s*(?:about |around |like |say )?"
    either = rf"(?:\d{{1,2}}|{_HOUR_WORD})"
    digits = r"(?P<hour>[01]?\d|2[0-3])[.]?(?P<minute>[0-5]\d)"
    limits = "by|after|before|until|till|from"
    return [
        (re.compile(rf"\b(?:{lead}){softly}{either} or {either}{_NO_UNIT}"), _unclear),
        (re.compile(rf"(?:\b(?:{lead})|[@~]){softly}{digits}{_NO_UNIT}"), _clock),
        (re.compile(rf"(?:\b(?:{lead}|{limits})|[@~]){softly}{_HOUR}{_NO_UNIT}"), _led),
    ]


def _military(match: re.Match[str], context: Context) -> Found | None:
    """ "19h", but not the "2 hours" that something takes."""
    hour = int(match["hour"])
    if re.search(r"\b(?:in|for|takes?|within|about|last)$", before(match.string, match.start())):
        return None
    return Found(match.start(), match.end(), readings(hour, 0, exact=True))


def _led(match: re.Match[str], context: Context) -> Found | None:
    """A bare hour after a word like "at"; after "by" or "after" it is no exact time."""
    if re.match(r"(?:by|after|before|until|till|from)\b", match[0]):
        return Found(match.start(), match.end(), (), EXACT)
    return _clock(match, context)


@cache
def _rules(*, counting: bool) -> list[Rule]:
    """While people are counted, "about 10" is no time."""
    lead = "at" if counting else "at|around|about|approx\\.?|approximately|roughly|say"
    rules = [*_range_rules(), *_spoken_rules(), *_written_rules(), *_led_rules(lead)]
    softly = re.compile(rf"(?<![\w:/.$-]){_HOUR}\s?-?ish\b")
    return rules if counting else [*rules, (softly, _clock)]


@cache
def _asked_rules() -> list[Rule]:
    """What is a time only as an answer to "what time?"."""
    start = r"(?<![\w:/.$+#-])"
    either = rf"(?:\d{{1,2}}|{_HOUR_WORD})"
    return [
        (re.compile(rf"\b{either}\s*(?:or|/|-|to)\s*{either}{_NO_UNIT}"), _unclear),
        (re.compile(rf"{start}(?P<hour>[01]?\d|2[0-3])[. ]?(?P<minute>[0-5]\d){_NO_UNIT}"), _clock),
        (re.compile(rf"{start}{_HOUR}\b{_NO_UNIT}"), _clock),
    ]


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
    found, left = scan(rest, _rules(counting=counting), context)
    if asked and not found:
        found, left = scan(rest, _asked_rules(), context)
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
    rf"\bin (?:about |around )?(?:(?P<half>half an?)|(?P<n>\d{{1,3}}|an?|{numbers.WORD}|a couple of))"
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
    wall = Found(start, end, (_wall(then.hour, then.minute),))
    return day, wall, text[:start] + "\x00" * (end - start) + text[end:]


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
