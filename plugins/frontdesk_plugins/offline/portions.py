"""What is changed about an item of an order: how many, its size, what is in it or left out."""

import re
from functools import cache
from typing import Any

from frontdesk.tools import Tool
from frontdesk_plugins.offline import goods, lines, numbers, wordings
from frontdesk_plugins.offline.english import wording
from frontdesk_plugins.offline.reading import lower, tidy
from frontdesk_plugins.offline.remainders import counted, remainder
from frontdesk_plugins.offline.roles import item_slot
from frontdesk_plugins.offline.slots import Slot, slots_of
from frontdesk_plugins.offline.state import Talk

_TAIL = re.compile(
    r"[\s,.!]*(?:please|pls|instead|then|thanks|of (?:them|those|these|it)|(?<=\w )ones?|rather)?[\s,.!]*$"
)
_SIZES = {"size", "variant", "version", "portion", "kind"}
_EXTRAS = {"modifiers", "modifier", "extras", "options", "toppings", "changes", "additions"}
_NOTES = {"note", "notes", "comment", "comments"}
_CHANGED = re.compile(
    r"\b(?:make|change|switch|swap|update|i want|turn|add)\b(?P<item>.+?)"
    r"(?:\b(?:to|into|for)\b(?: an?)?|(?=\b(?:with(?:out)?|extra|no|small|medium|large|bigger|smaller"
    r"|regular|double|single)\b))\s*(?P<new>.+)$"
)
ANEW = re.compile(r"\W*(?:(?:no|actually|sorry|oh|wait|please)\W+)*make (?:it|that|those)\b")
"""Words that say something again."""
_ADDED = re.compile(r"\badd\b(?P<new>.+?)\b(?:to|on|in|into)\b(?P<item>.+)$")


def bare(plain: str) -> str:
    """Without what people say around a correction."""
    return _TAIL.sub("", _lead().sub("", plain.rstrip("?")))


@cache
def _lead() -> re.Pattern[str]:
    return re.compile(rf"^\W*(?:{wording('corrections')}\b[\s,.]*)+")


@cache
def _extra() -> re.Pattern[str]:
    return re.compile(rf"{wording('extras')}\b")


def portion(talk: Talk, tool: Tool, rest: str) -> dict[str, Any]:
    """ "two", "large", "without onions": the field that it changes."""
    count, business = wordings.count_slot(tool), talk.request.business
    number = numbers.number(rest) if re.fullmatch(numbers.NUMBER, rest) else None
    if number and count:
        return {count.name: number}
    size = _slot(tool, _SIZES)
    if size and goods.is_size(rest, business):
        return {size.name: rest}
    known = goods.goods(business)
    is_extra = goods.named(rest, known.extras) or not goods.named(rest, known.items)
    if _extra().match(rest) and is_extra:
        extras = _slot(tool, _EXTRAS) or _slot(tool, _NOTES)
        if extras:
            return {extras.name: [rest] if extras.kind == "list" else rest}
    return {}


def recount(talk: Talk, tool: Tool, plain: str) -> dict[str, Any]:
    """ "Make that three cokes": the item and its new number."""
    slot, count = item_slot(tool), wordings.count_slot(tool)
    part = counted(bare(plain))
    if not (slot and count and part.count and part.words and ANEW.match(plain)):
        return {}
    if not goods.named(part.words, goods.goods(talk.request.business).items):
        return {}
    if count.problems(part.count):
        return {}
    return {slot.name: part.words, count.name: part.count}


def extras_slot(tool: Tool) -> Slot | None:
    return _slot(tool, _EXTRAS)


def _slot(tool: Tool, names: set[str]) -> Slot | None:
    return next((slot for slot in slots_of(tool) if slot.words & names), None)


def portion_of(talk: Talk, tool: Tool, text: str) -> dict[str, Any]:
    """ "make the pizza large", "change the coke to two": the item, and what is new about it."""
    slot = item_slot(tool)
    if slot is None:
        return {}
    line, plain = lines.placed(talk, tool, lower(tidy(text)))
    if line:
        fields = portion(talk, tool, bare(plain))
        return line | fields if fields else {}
    match = _ADDED.search(plain) or _CHANGED.search(plain)
    if not match:
        return {}
    new = match["new"].strip()
    if match.re is _ADDED and not _extra().match(new):
        new = f"extra {new}"
    fields = portion(talk, tool, bare(new))
    return {slot.name: remainder(match["item"])} | fields if fields else {}
