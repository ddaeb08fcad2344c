"""Two times in one breath: "7 or 8:30", "19:00/7 PM", "between 6 and 8"."""

import re
from functools import cache

from frontdesk_plugins.offline import clock
from frontdesk_plugins.offline.clock import EXACT, HOUR_WORD, NO_UNIT, unclear
from frontdesk_plugins.offline.reading import Context, Found, Rule, rule

_ONE = (
    rf"(?:half(?: past)?|(?:a )?quarter (?:past|to|after|of))?\s*"
    rf"(?:\d{{1,2}}(?:[:.]\d\d)?|{HOUR_WORD}(?:[ -](?:thirty|fifteen|forty[ -]?five))?)"
    r"\s*(?:[ap]\.?\s?m{1,3}\b\.?|o'?clock\b|-?ish\b)?"
)
_PLAIN = rf"(?:(?:[01]?\d|2[0-4])(?!\d)(?:[:.]\d\d)?|{HOUR_WORD})"
_TWELVE = rf"(?:(?:0?\d|1[0-2])(?!\d)(?:[:.]\d\d)?|{HOUR_WORD})"
_MARK = r"(?:[ap]\.?m\b\.?|o'?clock)"
_OR = (
    r"\s*(?:,|\.|\()?\s*(?:\bor\b(?:\s+(?:else|maybe|perhaps|at|around|about|even|possibly))?|/"
    r"|\bfailing that\b|\botherwise\b|\bif not\b|\bmaybe\b|\bpossibly\b)[\s,]*(?:at\s+)?"
)
_START = r"(?<![\w:/.$+#-])"


@cache
def _single() -> list[Rule]:
    return [*clock.spoken_rules(), *clock.written_rules(), *clock.led_rules(counting=False),
            *clock.bare_rules()]  # fmt: skip


def _values(text: str, context: Context) -> tuple[str, ...]:
    """What one of the two may mean by itself."""
    text = text.strip()
    for one in _single():
        match = one.pattern.fullmatch(text)
        found = one.read(match, context) if match else None
        if found:
            return found.values
    return ()


def _either(match: re.Match[str], context: Context) -> Found | None:
    """The same time twice ("19:00/7pm"), or two to choose from."""
    low, high = _values(match["low"], context), _values(match["high"], context)
    if not low or not high:
        return Found(match.start(), match.end(), (), EXACT)
    common = tuple(value for value in low if value in high)
    values = common or tuple(dict.fromkeys((*low, *high)))
    return Found(match.start(), match.end(), values, "" if common else EXACT)


def _later(match: re.Match[str], context: Context) -> Found | None:
    """ "Move it from 7 to 8"."""
    start = match.start("high")
    return Found(match.start(), match.end(), _values(match.string[start : match.end()], context))


def _when_marked(match: re.Match[str], context: Context) -> Found | None:
    """Two bare numbers are no times by themselves."""
    marked = re.search(r"[:]|\d\.\d|[ap]\.?\s?m\b|clock|half|quarter|ish\b", match[0])
    return _either(match, context) if marked else None


@cache
def span_rules(*, asked: bool, counting: bool) -> list[Rule]:
    """They must win over the single times inside them."""
    to = rf"\s*{_MARK}?\s*(?:-|to|and|&|until|til|till|thru|through)\s*"
    marked = rf"{_PLAIN}{to}{_PLAIN}"
    pair = rf"(?P<low>{_ONE}){_OR}(?P<high>{_ONE}){NO_UNIT}"
    lead = r"at|around|about" if not counting else "at"
    between = rf"(?:between|btw|btwn|from|anywhere from)\s+{marked}(?:\s*{_MARK})?{NO_UNIT}"
    return [
        rule(
            rf"\b(?:move|chang|switch|reschedul|push|shift|bring)\w*\b.{{0,60}}?\bfrom\s+{_ONE}\s*to\s+"
            rf"(?P<high>{_ONE}){NO_UNIT}",
            _later, "from",
        ),
        *([] if counting else [rule(rf"\b{between}", unclear)]),
        rule(rf"\b{_PLAIN}{to}{_TWELVE}\s*{_MARK}", unclear),
        rule(rf"(?<!quarter )(?<![:/.-])\b{_PLAIN}\s*(?:-|to)\s*\d{{1,2}}[:.]\d\d", unclear),
        rule(rf"\b(?:noon|midday)\s*(?:-|to|until|til|till)\s*{_ONE}", unclear, "noon", "midday"),
        rule(rf"\b{_ONE}\s*(?:-|to|until|til|till)\s*(?:noon|midday)\b", unclear, "noon", "midday"),
        rule(r"\b\d{1,2}[:.]\d\d\s*(?:-|to|until|til|till)\s*\d{1,2}(?:[:.]\d\d)?\b", unclear),
        *([] if counting else [rule(
            rf"\b(?:between|btw|from)\s+{_ONE}\s*(?:and|&|-|to|til|till|until)\s*{_ONE}{NO_UNIT}",
            unclear, "between", "btw", "from",
        )]),
        rule(rf"{_START}{_ONE}\s*(?:or|to)\s+(?:half past|half|quarter (?:past|to))(?!\s*(?:\d|{HOUR_WORD}))",
             unclear, "half", "quarter"),
        rule(rf"{_START}(?<!\bfor )(?!1/[24]\s+past){pair}", _either if asked else _when_marked),
        rule(rf"\b(?:{lead})\s+{pair}", _either),
    ]  # fmt: skip


@cache
def bare_rules() -> list[Rule]:
    """What is a span only as an answer to "what time?"."""
    bare = r"\s*(?:-|to|til|till|until|thru|through)\s*"
    return [rule(rf"{_START}{_PLAIN}{bare}{_PLAIN}{NO_UNIT}", unclear)]
