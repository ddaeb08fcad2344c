"""Fields that take the customer's own words: what is ordered, what is searched, a message."""

import re
from typing import Any

from frontdesk.tools import Tool
from frontdesk_plugins.offline import addresses, goods, intents, limits, reader, shares
from frontdesk_plugins.offline.reading import Found, lower, tidy
from frontdesk_plugins.offline.remainders import Part, counted, parts, remainder
from frontdesk_plugins.offline.roles import REMOVE, item_slot, roles
from frontdesk_plugins.offline.slots import Slot, slots_of
from frontdesk_plugins.offline.state import Talk

_COUNTS = {"quantity", "qty", "count", "amount", "number", "pieces"}
_LEADS_TO_MESSAGE = re.compile(
    r"\b(?:leave|pass|take|send|forward|relay|give|write)\b.*?\b(?:message|note|msg)\b"
    r"(?: on)?(?: (?:for|to) (?:the |your )?\w+)?\W*"
)
_BOOKING = re.compile(
    r"(?i)\b(?:book|reserve|schedule|make|hold|keep|appointments?|bookings?|reservations?|slots?|tables?"
    r"|(?:for|on|at|from|around|with|by)(?=\s*$|\s\s))(?!\w)"
)
_MOST_WORDS = 4
_UNNAMED = {"one", "it", "this", "that", "these", "those", "them", "some", "something"}
_QUESTION = {"question", "topic"}


def count_slot(tool: Tool) -> Slot | None:
    """How many of the item."""
    return next((s for s in slots_of(tool) if s.kind == "integer" and s.words & _COUNTS), None)


def items(talk: Talk, tool: Tool, text: str) -> list[dict[str, Any]]:
    """The fields of one call for each thing that the message names."""

    def is_known(piece: str) -> bool:
        return goods.named(piece, goods.goods(talk.request.business).items)

    slot = item_slot(tool)
    assert slot is not None
    named = parts(addresses.without(tidy(text)), is_known)
    return [_fields(tool, slot, part) for part in shares.spread(named, talk.request.business)]


def _fields(tool: Tool, slot: Slot, part: Part) -> dict[str, Any]:
    fields: dict[str, Any] = {slot.name: part.words[: slot.schema.get("maxLength", 300)]}
    count = count_slot(tool)
    # One is what is added if nothing is said, but all of a line is taken out then.
    if count and part.count is not None and (part.count != 1 or REMOVE in roles(tool)):
        if count.problems(part.count):  # the tool says how many there can be
            return {slot.name: f"{part.count} {fields[slot.name]}"}
        fields[count.name] = part.count
    return fields


def from_first(talk: Talk, slot: Slot, text: str) -> str:
    """What a message that begins a task says for a field of words; empty to ask for it."""
    most = int(slot.schema.get("maxLength", 300))
    if slot.kind == "query":
        rest = remainder(_without_limits(talk, text))
        return (tidy(text) if slot.name in _QUESTION or not rest else rest)[:most]
    if slot.kind == "message":
        if slot.name not in {"message", "text"}:
            return tidy(text)[:most]
        rest = _LEADS_TO_MESSAGE.sub(" ", lower(tidy(text)))
        return tidy(text)[:most] if len(intents.stems(rest)) > 1 else ""
    if slot.kind == "item":
        return goods.find(text, talk.request.business) or _named(talk, text)[:most]
    return ""


def _without_limits(talk: Talk, text: str) -> str:
    """ "Jackets under $150" is a search for jackets where the price has a field of its own."""
    left = tidy(text)
    for slot in talk.slots:
        if found := limits.limit(slot, talk.slots, left, talk.context):
            left = left[: found.start] + " " * (found.end - found.start) + left[found.end :]
    return left


def _named(talk: Talk, text: str) -> str:
    """ "Book a haircut tomorrow at 5", where nobody told what is sold: what the other fields leave."""
    if goods.goods(talk.request.business).items:
        return ""
    left = tidy(text)
    for one in reader.read(text, talk.slots, talk.context).values():
        left = left[: one.start] + " " * (one.end - one.start) + left[one.end :]
    rest = remainder(_BOOKING.sub(" ", left))
    if set(rest.lower().split()) <= _UNNAMED:
        return ""
    return rest if len(rest.split()) <= _MOST_WORDS and not re.search(r"\d", rest) else ""


def answer(talk: Talk, slot: Slot, text: str) -> dict[str, Found]:
    """The answer to a question for a field of words."""
    plain = tidy(text)
    if intents.yes_or_no(plain) is not None or not plain:
        return {}
    sold = goods.named(plain, goods.goods(talk.request.business).items)
    if slot.kind == "item" and talk.tool and (sold or not intents.is_question(plain)):
        part = counted(remainder(plain) if lower(plain)[:1].isalpha() else plain)
        found = {slot.name: Found(0, len(plain), (part.words,))} if part.words else {}
        count = count_slot(talk.tool)
        if count and part.count and found:
            found[count.name] = Found(0, len(plain), (part.count,))
        return found
    if slot.kind == "message":
        return {slot.name: Found(0, len(plain), (plain,))}
    return {}
