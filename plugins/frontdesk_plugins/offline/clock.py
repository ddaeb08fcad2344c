"""The forms of a time of the day: "7pm", "half past six", "19h30"."""

import re
from functools import cache

from frontdesk_plugins.offline import numbers, words
from frontdesk_plugins.offline.reading import BLANK, Context, Found, Rule, any_of, before, rule

HOURS = {
    word: n for word, n in (words.UNITS | words.TEENS).items()
    if n <= 12 and word not in words.MISHEARD
}  # fmt: skip
HOUR_WORD = any_of(HOURS)
_LATE = {"thirteen": 13, "fourteen": 14, "fifteen": 15, "sixteen": 16, "seventeen": 17,
         "eighteen": 18, "nineteen": 19, "twenty": 20, "twenty one": 21, "twenty-one": 21,
         "twenty two": 22, "twenty-two": 22, "twenty three": 23, "twenty-three": 23}  # fmt: skip
HOUR = rf"(?P<hour>\d{{1,2}}|{HOUR_WORD})"
_MINUTE_WORDS = {
    "fifteen": 15, "thirty": 30, "forty-five": 45, "forty five": 45,
    "ten": 10, "twenty": 20, "forty": 40, "fifty": 50, "oh five": 5, "o five": 5,
    "twenty-five": 25, "twenty five": 25, "thirty-five": 35, "thirty five": 35,
    "fifty-five": 55, "fifty five": 55,
    "twentyfive": 25, "thirtyfive": 35, "fortyfive": 45, "fiftyfive": 55, "hundred": 0,
}  # fmt: skip
_STEPS = {"five": 5, "ten": 10, "twenty": 20, "twenty five": 25, "twenty-five": 25, "a quarter": 15,
          "quarter": 15, "half": 30, "1/2": 30, "1/4": 15, "a half": 30}  # fmt: skip
_HALF_OF_DAY = r"(?:\s*(?:-?ish\s*)?(?P<half>[ap])\.?\s?m{0,3}\b\.?(?!')|(?P<none>))"
AM_PM = r"\s*(?:-?ish\s*)?(?P<half>[ap])\.?\s?m{1,3}\b\.?"
NO_UNIT = (
    rf"(?!\s*-?\s*(?:{any_of([*words.PEOPLE, *words.OTHER_UNITS])}|in our)\b)"
    r"(?![\w:/%]|[.,]\d|-\d|st\b|nd\b|rd\b|th\b)"
)
EXACT = "What time exactly?"
_HALF_TO = frozenset(
    {"de", "nl", "da", "sv", "nb", "nn", "no", "is", "fi", "et", "hu", "cs", "sk", "sl", "hr", "sr",
     "bs", "pl", "ru", "uk", "lb", "fy"}
)  # fmt: skip
"""Languages in which "half seven" is half an hour before seven."""


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
    return HOURS[text] if text in HOURS else _LATE[text] if text in _LATE else int(text)


def _minute(text: str | None) -> int:
    if not text:
        return 0
    return int(text) if text.isdecimal() else _MINUTE_WORDS[text]


def _found(match: re.Match[str], values: tuple[str, ...]) -> Found:
    why = "" if values else f"There is no time {match[0].strip()}."
    return Found(match.start(), match.end(), values, why)


def timed(match: re.Match[str], context: Context) -> Found | None:
    """Any form with an hour, perhaps minutes, perhaps am or pm."""
    parts = match.groupdict()
    hour, minute = _hour(match["hour"]), _minute(parts.get("minute"))
    exact = parts.get("military") is not None
    exact = exact or (match["hour"].startswith("0") and not parts.get("half"))
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
    hour, half = _hour(match["hour"]), match.groupdict().get("half") or ""
    values = readings(hour, 30, half)
    if context.business.locale[:2].lower() in _HALF_TO:
        # A guest from there, or from England?
        before_it = readings(hour - 1 if hour > 1 else 12, 30, half)
        return Found(match.start(), match.end(), (*before_it, *values), EXACT)
    return _found(match, values)


def _noon(match: re.Match[str], context: Context) -> Found:
    return Found(match.start(), match.end(), ("12:00",))


def _midnight(match: re.Match[str], context: Context) -> Found:
    return Found(match.start(), match.end(), ("00:00",))


def unclear(match: re.Match[str], context: Context) -> Found:
    return Found(match.start(), match.end(), (), EXACT)


@cache
def spoken_rules() -> list[Rule]:
    few = "(?:twenty[- ]five|five|ten|twenty)"
    some = rf"\d{{1,2}} minutes|a quarter|quarter|{few}(?: minutes)?"
    step, to = rf"(?P<step>(?<![\d/])1/[24]|(?:a )?half|{some})", rf"(?P<step>{some})"
    digits = r"(?P<step>5|10|20|25|15)"
    after = rf"\s*(?:-\s*)?{HOUR}(?:{AM_PM})?{NO_UNIT}"
    minutes = rf"(?P<minute>{any_of(set(_MINUTE_WORDS) - {'hundred'})}|[0-5]\d)"
    tail = rf"\b(?![ -]?{numbers.WORD})(?:{AM_PM})?{NO_UNIT}"
    return [
        rule(r"\b(?:12 |twelve )?(?:noon|mid-?day|noontime)(?:-?ish)?\b", _noon, "noon", "mid"),
        rule(r"\b(?:12 |twelve )?midnight\b", _midnight, "midnight"),
        rule(rf"(?<![\d/])\b{step}[\s-]+(?:past|after){after}", _past, "past", "after"),
        rule(rf"\b{digits}\s+(?:past|after){after}", _past, "past", "after"),
        rule(rf"\b{to}\s+(?:to|of|before|til|till){after}", _to, " to", " of", " before", " til"),
        rule(rf"\b(?P<step>quarter) 2{after}", _to, "quarter"),
        # In figures "10 to 8" may as well be a range.
        rule(rf"\b{digits}\s+(?:to|til|till){after}", unclear, " to", " til"),
        rule(rf"\bhalf[\s-]+{HOUR}(?:{AM_PM})?{NO_UNIT}", _half_seven, "half"),
        rule(rf"\b(?P<hour>{any_of(_LATE)})[ -](?P<minute>{any_of(_MINUTE_WORDS)})\b"
             rf"(?:\s*(?:hours|hrs|h))?(?P<military>){NO_UNIT}", timed),
        rule(rf"\b(?P<hour>{HOUR_WORD})[ -]{minutes}{tail}", timed),
        rule(rf"(?<![\w:/.$-])(?P<hour>\d{{1,2}}) (?P<minute>fifteen|thirty|forty[ -]?five){tail}",
             timed, "f", "thirty"),
    ]  # fmt: skip


@cache
def written_rules() -> list[Rule]:
    start = r"(?<![\w:/.$-])"
    hour = rf"{start}(?P<hour>\d{{1,2}})"
    military = r"\b(?P<military>)"
    return [
        rule(rf"{hour}\s?[:;]\s?(?P<minute>\d\d)(?::00)?(?![\d:]){_HALF_OF_DAY}", timed, ":", ";"),
        rule(rf"{hour}[. ]?(?P<minute>\d\d){AM_PM}", timed),
        rule(rf"{hour}-(?P<minute>15|30|45){AM_PM}", timed, "-"),
        # Not "on 5.10", which is a date.
        rule(rf"(?<!on ){hour}\.(?P<minute>[0-5][05]){NO_UNIT}", timed, "."),
        rule(rf"{start}(?P<hour>0\d|1\d|2\d)\s?h\s?(?P<minute>[0-5]\d){military}", timed, "h"),
        rule(rf"{hour}\s?h\s?(?P<minute>[0-5]\d)\b", timed, "h"),
        rule(rf"{start}(?P<hour>[01]?\d|2[0-4])\s?(?:hrs?|hs|h|uhr){military}", _military, "h"),
        rule(
            rf"{start}(?P<hour>[012]\d)\.?(?P<minute>[0-5]\d)\s?(?:h|hrs?|hours?){military}",
            timed, "h",
        ),
        rule(rf"(?<![\w:/.$]){HOUR}{AM_PM}", timed),
        # Right after a date four digits are a time.
        rule(
            rf"(?<={BLANK} )(?P<hour>[01]\d|2[0-3])(?P<minute>[0-5][05]){military}{NO_UNIT}",
            timed, BLANK,
        ),
        rule(rf"{hour}(?P<half>p)\b", timed, "p"),
        rule(rf"\b{HOUR}\s?o'?\s?clock\b(?:{AM_PM})?", timed, "clock"),
    ]  # fmt: skip


def _military(match: re.Match[str], context: Context) -> Found | None:
    """ "19h", but not the "2 hours" that something takes."""
    hour = int(match["hour"])
    if re.search(r"\b(?:in|for|takes?|within|about|last)$", before(match.string, match.start())):
        return None
    exact = hour > 12 or match["hour"].startswith("0")
    return Found(match.start(), match.end(), readings(hour, 0, exact=exact))


_LIMITS = "by|after|before|until|till|from|past"


@cache
def led_rules(*, counting: bool) -> list[Rule]:
    """A bare number is a time after a leading word. While people are counted, "about 10" is none."""
    lead = "at|@" if counting else r"at|around|about|approx\.?|approximately|roughly|say|circa|@|~"
    lead = rf"(?:(?<!\w)(?:{lead}))"
    softly = r"\s*(?:about |around |like |say |uh |um |half )?"
    digits = r"(?P<hour>[01]?\d|2[0-3])[.]?(?P<minute>[0-5]\d)"
    ish = rule(rf"(?<![\w:/.$-]){HOUR}\s?-?ish\b(?:{AM_PM})?", timed, "ish")
    return [
        rule(rf"{lead}{softly}{digits}{NO_UNIT}", timed),
        rule(rf"(?:{lead}|\b(?:{_LIMITS})){softly}{HOUR}{NO_UNIT}", _led),
        *([] if counting else [ish]),
    ]


def _led(match: re.Match[str], context: Context) -> Found | None:
    """A bare hour after a word like "at"; after "by" or "after" it is no exact time."""
    if re.match(rf"(?:{_LIMITS})\b", match[0]):
        return Found(match.start(), match.end(), (), EXACT)
    return timed(match, context)


@cache
def bare_rules() -> list[Rule]:
    """What is a time only as an answer to "what time?"."""
    start, digit = r"(?<![\w:/.$+#-])(?<!\d,)", rf"(?:\d|{any_of(words.UNITS)})"
    no_step = r"(?!\s*(?:past|to|til|till)\b)"
    return [
        # "Seven four five" may be a quarter to eight.
        rule(rf"\b{digit}(?:[ -]{digit}){{2,}}\b", unclear),
        rule(rf"{start}(?P<hour>[01]?\d|2[0-3])[. ]?(?P<minute>[0-5]\d){NO_UNIT}", _bare),
        rule(rf"{start}(?P<hour>\d{{1,2}})(?P<half>a)\b", _bare, "a"),
        rule(
            rf"{start}{HOUR}\b{NO_UNIT}{no_step}(?!\s*(?:at|@)\s*(?:about |around )?(?:\d|{HOUR_WORD}\b))",
            _bare,
        ),
    ]


def _bare(match: re.Match[str], context: Context) -> Found | None:
    side = before(match.string, match.start()).endswith("of")
    if side or not numbers.is_led_in(match.string, match.start()):
        return Found(match.start(), match.end(), (), EXACT)
    return timed(match, context)
