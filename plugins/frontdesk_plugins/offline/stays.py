"""Two days of one month in one breath: "December 10 to 12", "10-12 December"."""

import re

from msgspec.structs import replace

from frontdesk_plugins.offline import dates, words
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
