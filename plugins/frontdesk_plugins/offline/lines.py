"""The lines of an order by their place: "the first one", "the last"."""

import re

from frontdesk.tools import Tool
from frontdesk_plugins.offline import words
from frontdesk_plugins.offline.reading import any_of
from frontdesk_plugins.offline.slots import slots_of
from frontdesk_plugins.offline.state import Talk

_PLACES = {word: n for word, n in words.ORDINALS.items() if n <= 12}
_PLACE = re.compile(
    rf"(?P<of>\b(?:on|for|of|in|from|off|to) )?\bthe (?:(?P<word>{any_of(_PLACES)})"
    r"|(?P<digits>\d{1,2})(?:st|nd|rd|th)|(?P<last>last))(?: (?:ones?|lines?|items?|dish))?"
    r"(?=\s*(?:$|[.,!?]|(?:with|without|to|into|small|medium|large|extra|no|and|please|instead|off)\b))"
)


def placed(talk: Talk, tool: Tool, plain: str) -> tuple[dict[str, str], str]:
    """The tool's field for the line that is meant by its place, and the text with "it" instead."""
    match, lines = _PLACE.search(plain), talk.state.lines
    if not match or not lines:
        return {}, plain
    n = int(match["digits"]) if match["digits"] else _PLACES.get(match["word"] or "", len(lines))
    rest = plain[: match.start()] + ("" if match["of"] else "it") + plain[match.end() :]
    if not 1 <= n <= len(lines):
        return {}, plain
    names = {slot.name for slot in slots_of(tool)}
    return {k: v for k, v in lines[n - 1].items() if k in names}, rest.strip()
