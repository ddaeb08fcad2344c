"""The two days of a stay in one breath: "December 10 to 12", "10-12 December", "Friday for two nights"."""

import re
from datetime import date, timedelta

from msgspec.structs import replace

from frontdesk_plugins.offline import dates, words
from frontdesk_plugins.offline.numbers import SMALL
from frontdesk_plugins.offline.reading import Context, Found, any_of, blank

_DAY = r"\d{1,2}(?:st|nd|rd|th)?"
_TO = r"\s*(?:-|to|until|till|through|thru|and)\s*(?:the )?"
_MONTH = rf"(?P<month>{any_of(words.MONTHS)})\.?"
_STAYS = (
    re.compile(
        rf"\b{_MONTH} (?:the )?(?P<first>{_DAY}){_TO}(?P<last>{_DAY})(?![\w:/.]\w|\w|\s*[ap]\.?m\b)"
    ),
    re.compile(rf"(?<![\w:/.])(?P<first>{_DAY}){_TO}(?P<last>{_DAY}) (?:of )?{_MONTH}(?!\w)"),
)


_NIGHTS = re.compile(rf"(?<![\w.,])(?P<n>\d{{1,2}}|{any_of(SMALL)}) nights?(?!\w)")


def nights(text: str) -> re.Match[str] | None:
    return _NIGHTS.search(text)


def leaving(arrival: str, match: re.Match[str]) -> Found:
    """The day of departure that belongs to a number of nights."""
    count = int(match["n"]) if match["n"].isdigit() else SMALL[match["n"]]
    last = date.fromisoformat(arrival) + timedelta(days=count)
    return Found(*match.span(), (last.isoformat(),))


def read(text: str, context: Context) -> tuple[list[Found], str]:
    """The first and the last day, and the text without them."""
    for pattern in _STAYS:
        match = pattern.search(text)
        if match is None:
            continue
        both = [
            dates.read(f"{match['month']} {match[day]}", context)[0] for day in ("first", "last")
        ]
        if all(len(found) == 1 and len(found[0].values) == 1 for found in both):
            (one,), (other,) = both
            middle = match.start("last")
            stay = [
                replace(one, start=match.start(), end=middle),
                replace(other, start=middle, end=match.end()),
            ]
            return stay, blank(text, *match.span())
    return [], text
