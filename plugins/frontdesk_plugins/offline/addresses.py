"""Addresses and postcodes, by themselves or within a sentence; and what is no free text at all."""

import re
from collections.abc import Sequence

from frontdesk_plugins.offline import intents
from frontdesk_plugins.offline.reading import BLANK, Found
from frontdesk_plugins.offline.slots import Slot

_POSTCODE = re.compile(
    r"(?i)\b(?:[a-z]{1,2}\d[a-z\d]? ?\d[a-z]{2}|\d{4} ?[a-z]{2}|[a-z]{0,2}-?\d{4,5}(?:-\d{3,4})?)\b"
)
"""British, Dutch, and those of four or five digits."""
_STREET = (
    r"street|st|road|rd|avenue|ave|lane|ln|boulevard|blvd|drive|dr|court|ct|place|pl|square|sq|way"
    r"|terrace|crescent|broadway|highway|parkway|row|close|walk|quay|alley"
)
HOUSE = re.compile(
    r"\b\d{1,4}[a-z]?,? (?!(?:on|in|at|by|for|of|from|people|the|to|and|or|pm|am)\b)[a-z']+ "
    r"(?:street|road|lane|avenue|crescent|boulevard|rd|ave|blvd|st(?=[\s.,!?]*$))\b"
)
""" "12 May Street" is neither a date nor a number of people."""
_OTHER = r"(?!(?:on|in|at|by|for|from|people|guests|to|and|or|pm|am|an?|please)\b)"
_ADDRESS = re.compile(
    rf"(?i)\b\d{{1,5}}[a-z]?(?:-\d{{1,4}})? (?:{_OTHER}[^\W\d_][\w'.]*,? ){{0,4}}?(?:{_STREET})\b\.?"
    r"(?:,? (?:apartment|apt|flat|unit|floor|suite|#)\.? ?\w+)?"
    r"(?:, ?[^\W\d_]+(?: [^\W\d_]+){0,2})?"
    rf"|\b[^\W\d_]{{3,}}(?:straße|strasse|gasse|weg|platz|allee)\.? \d{{1,4}}[a-z]?\b"
)
_FULFILMENT = re.compile(
    r"(?i)\b(?:pick(?:ed|ing)?[ -]?(?:it |them )?up|pickup|deliver(?:y|ed)?|collect(?:ion)?|take ?away"
    r"|take ?out|to go|asap|as soon as possible)\b"
)
_YES_OR_NO = re.compile(r"(?i)(?:any|is|are|do|does|have|has|can|will|would)\b.*\?")
"""A question that may well be answered so."""
_BROUGHT = re.compile(r"(?i)[\s,]*(?:\bfor )?(?:\bdeliver(?:y|ed)?)?(?: to| at)?\s*$")
_NEAR = 20
"""Characters between a street and its postcode: ", New York, NY "."""
_LEAD = re.compile(
    r"(?i)^\W*(?:(?:please|sure|ok|okay|my|the|our|address|postcode|zip(?: code)?|is|it'?s|deliver(?:y)?|it"
    r"|to|at)\b[\s,:]*)+"
)


def is_address(slot: Slot) -> bool:
    return slot.kind == "text" and bool(slot.words & {"address", "street"})


def is_postcode(slot: Slot) -> bool:
    return slot.kind in {"text", "code"} and bool(slot.words & {"postcode", "zip", "postal", "plz"})


def address(text: str, *, asked: bool) -> Found | None:
    """A street with its house number; the whole answer, without a postcode, where it was asked for."""
    if match := _ADDRESS.search(text):
        return Found(*match.span(), (match[0].strip(" ,"),))
    if not asked:
        return None
    start = match.end() if (match := _LEAD.match(text)) else 0
    rest = text[start:].strip(" ,.")
    spoken = re.sub(_FULFILMENT, " ", rest)
    named = len(re.findall(r"[^\W\d_]{2,}", spoken))
    fits = named > 1 or (named == 1 and re.search(r"\d", spoken))
    return Found(start, len(text), (rest,)) if fits else None


def postcode(text: str, *, asked: bool) -> Found | None:
    """What looks like one; not asked for, only behind an address."""
    street = _ADDRESS.search(text)
    match = _POSTCODE.search(text, street.end() if street else 0)
    return Found(*match.span(), (match[0],)) if match and (asked or street) else None


def without(text: str) -> str:
    """The text without where it is to be brought to."""
    if not (street := _ADDRESS.search(text)):
        return text
    postcode = _POSTCODE.search(text, street.end())
    end = postcode.end() if postcode and postcode.start() - street.end() < _NEAR else street.end()
    return _BROUGHT.sub("", text[: street.start()]) + text[end:]


def read(
    slots: Sequence[Slot], text: str, asked: Slot | None, expected: Slot | None
) -> dict[str, Found]:
    """`expected` is the field that was asked for, unless the text cannot be its answer."""
    found: dict[str, Found] = {}
    for slot in slots:
        one = None
        if is_address(slot):
            one = address(text, asked=slot is expected)
        elif is_postcode(slot):
            one = postcode(text, asked=slot is asked)
        if one:
            found[slot.name] = one
    return found


def is_free_text(slot: Slot, text: str, left: str, *, has_dates: bool = True) -> bool:
    """Not a yes, a no, or what other fields take all of: "pick-up tomorrow at six". `left` is the
    text with what was read as dates and numbers blanked; where no field is one (`has_dates`),
    "yesterday" is an answer like others."""
    if _YES_OR_NO.match(str(slot.schema.get("description", ""))):
        return True
    if intents.yes_or_no(text) is not None or intents.is_stop(text):
        return False
    if text.endswith("?") and intents.is_question(text):
        return False
    rest = _FULFILMENT.sub(" ", left.replace(BLANK, " ") if has_dates else text.lower())
    taken = rest.strip() != text.lower().strip()
    return not taken or bool(intents.stems(rest)) or bool(re.search(r"\d", rest))
