"""The forms of a time of the day: "7pm", "half past six", "19h30"."""

import re
from functools import cache

from frontdesk_plugins.offline import numbers, words
from frontdesk_plugins.offline.reading import BLANK, Context, Found, Rule, any_of, before, rules

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
    "twentyfive": 25, "thirtyfive": 35, "fortyfive": 45, "fiftyfive": 55,
}  # fmt: skip
_STEPS = {"five": 5, "ten": 10, "twenty": 20, "twenty five": 25, "twenty-five": 25, "a quarter": 15,
          "quarter": 15, "half": 30}  # fmt: skip
_HALF_OF_DAY = r"(?:\s*(?P<half>[ap])\.?\s?m?\b\.?(?!')|(?P<none>))"
_AM_PM = r"\s*(?P<half>[ap])\.?\s?m\b\.?"
_NO_UNIT = (
    rf"(?!\s*-?\s*(?:{any_of([*words.PEOPLE, *words.OTHER_UNITS])}|in our|or\s+\d)\b)"
    r"(?![\w:/%]|[.,]\d|-\d|st\b|nd\b|rd\b|th\b)"
)
EXACT = "What time exactly?"


def wall(hour: int, minute: int) -> str:
    return f"{hour:02}:{minute:02}"


def readings(hour: int, minute: int, half: str = "", *, exact: bool = False) -> tuple[str, ...]:
    """What a time on a dial may mean on a clock of 24 hours; nothing when there is no such time."""
    if hour > 23 or minute > 59 or hour < 0:
        return ()
    if half and hour <= 12:
        return (wall(hour % 12 + (12 if half == "p" else 0), minute),)
    if half == "a" or exact or hour > 12 or hour == 0:
        return () if half == "a" else (wall(hour, minute),)
    if hour == 12:
        return wall(12, minute), wall(0, minute)
    return wall(hour, minute), wall(hour + 12, minute)


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
    return rules(
        (rf"\b{marked}\s*(?:[ap]\.?m\b\.?|o'?clock)", _unclear),
        (rf"\b(?:between|from|anywhere from)\s+{marked}{_NO_UNIT}", _unclear),
        (rf"\b{one}\s*(?:[ap]\.?m\.?)?\s+or\s+\d{{1,2}}[:.]\d\d", _unclear),
        (rf"(?<!quarter )\b{one}\s*(?:-|to)\s*\d{{1,2}}[:.]\d\d", _unclear),
        (r"\b\d{1,2}:\d\d\s*(?:-|to|until)\s*\d{1,2}:\d\d\b", _unclear),
    )


def _spoken_rules() -> list[Rule]:
    few = "(?:twenty[- ]five|five|ten|twenty)"
    step = rf"(?P<step>\d{{1,2}} minutes|a quarter|quarter|half|{few}(?: minutes)?)"
    digits = r"(?P<step>5|10|20|25|15)"
    after = rf"\s*(?:-\s*)?{_HOUR}(?:{_AM_PM})?{_NO_UNIT}"
    minutes = rf"(?P<minute>{any_of(_MINUTE_WORDS)}|[0-5]\d)"
    two_words = rf"\b(?P<hour>{_HOUR_WORD})[ -]{minutes}\b(?![ -]?{numbers.WORD})"
    return rules(
        (r"\b(?:12 |twelve )?(?:noon|mid-?day|noontime)\b", _noon),
        (r"\b(?:12 |twelve )?midnight\b", _midnight),
        (rf"\b{step}\s+(?:past|after){after}", _past),
        (rf"\b{digits}\s+(?:past|after){after}", _past),
        (rf"\b{step}\s+(?:to|of|before|til|till){after}", _to),
        # In figures "10 to 8" may as well be a range.
        (rf"\b{digits}\s+(?:to|til|till){after}", _unclear),
        (rf"\bhalf\s+{_HOUR}(?:{_AM_PM})?{_NO_UNIT}", _half_seven),
        (rf"{two_words}(?:{_AM_PM})?{_NO_UNIT}", _clock),
    )


def _written_rules() -> list[Rule]:
    start = r"(?<![\w:/.$-])"
    hour = rf"{start}(?P<hour>\d{{1,2}})"
    military = r"\b(?P<military>)"
    return rules(
        (rf"{hour}\s?[:;]\s?(?P<minute>\d\d)(?::00)?(?![\d:]){_HALF_OF_DAY}", _clock),
        (rf"{hour}[. ]?(?P<minute>\d\d){_AM_PM}", _clock),
        # Not "on 5.10", which is a date.
        (rf"(?<!on ){hour}\.(?P<minute>[0-5][05]){_NO_UNIT}", _clock),
        (rf"{hour}\s?h\s?(?P<minute>[0-5]\d){military}", _clock),
        (rf"{start}(?P<hour>[01]?\d|2[0-4])\s?(?:h|hrs?|hs){military}", _military),
        (
            rf"{start}(?P<hour>[012]\d)\.?(?P<minute>[0-5]\d)\s?(?:h|hrs?|hours?){military}",
            _clock,
        ),
        (rf"(?<![\w:/.$]){_HOUR}{_AM_PM}", _clock),
        # Right after a date four digits are a time.
        (rf"(?<={BLANK} )(?P<hour>[01]\d|2[0-3])(?P<minute>[0-5][05]){military}{_NO_UNIT}", _clock),
        (rf"{hour}(?P<half>p)\b", _clock),
        (rf"\b{_HOUR}\s?o'?\s?clock\b(?:{_AM_PM})?", _clock),
    )


def _led_rules(lead: str) -> list[Rule]:
    """A bare number is a time after one of the leading words."""
    softly = r"\s*(?:about |around |like |say )?"
    either = rf"(?:\d{{1,2}}|{_HOUR_WORD})"
    digits = r"(?P<hour>[01]?\d|2[0-3])[.]?(?P<minute>[0-5]\d)"
    limits = "by|after|before|until|till|from"
    return rules(
        (rf"\b(?:{lead}){softly}{either} or {either}{_NO_UNIT}", _unclear),
        (rf"(?:\b(?:{lead})|[@~]){softly}{digits}{_NO_UNIT}", _clock),
        (rf"(?:\b(?:{lead}|{limits})|[@~]){softly}{_HOUR}{_NO_UNIT}", _led),
    )


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
def spoken_and_written(*, counting: bool) -> list[Rule]:
    """While people are counted, "about 10" is no time."""
    lead = "at" if counting else "at|around|about|approx\\.?|approximately|roughly|say"
    found = [*_range_rules(), *_spoken_rules(), *_written_rules(), *_led_rules(lead)]
    softly = re.compile(rf"(?<![\w:/.$-]){_HOUR}\s?-?ish\b")
    return found if counting else [*found, (softly, _clock)]


@cache
def as_answer() -> list[Rule]:
    """What is a time only as an answer to "what time?"."""
    start = r"(?<![\w:/.$+#-])"
    either = rf"(?:\d{{1,2}}|{_HOUR_WORD})"
    return rules(
        (rf"\b{either}\s*(?:or|/|-|to)\s*{either}{_NO_UNIT}", _unclear),
        (rf"{start}(?P<hour>[01]?\d|2[0-3])[. ]?(?P<minute>[0-5]\d){_NO_UNIT}", _clock),
        (rf"{start}{_HOUR}\b{_NO_UNIT}", _clock),
    )
