"""Which tool a message calls for: its likeness to what the tools say, and what it is after."""

import re
from collections.abc import Iterator

from frontdesk.business import Business
from frontdesk.tools import Tool
from frontdesk_plugins.offline import goods, intents, reader
from frontdesk_plugins.offline.aims import Aim, aims
from frontdesk_plugins.offline.reading import lower, tidy
from frontdesk_plugins.offline.roles import ADD, acts, for_aim, item_slot, roles
from frontdesk_plugins.offline.slots import slots_of
from frontdesk_plugins.offline.state import Talk

_GRAVE, _LIGHT = 0.8, 0.55
_FIRST, _FURTHER, _NAMED, _EXACT = 1.0, 0.15, 0.5, 3.0
"""What an aim adds to the likeness: more than any but nearly the words of an example."""
_OPEN = {"", "any", "order", "offer", "question", "service"}
"""What a message seems to be about when only a thing is named."""
_ASKS = re.compile(
    r"\b(?:is|are|do|does|what|when|which|any|anything|have)\b.*"
    r"\b(?:free|available|open|slots?|times?|space|room|spots?|fit|squeeze)\b"
)


def ranked(talk: Talk, text: str) -> list[tuple[float, str]]:
    """The tools by how well the text fits them, the best first; `intents.ENOUGH` and more is a
    choice. A tool that is known by the words people ask for it with, and not asked for with them,
    needs to be very like an example."""
    tools, business = talk.usable, talk.request.business
    likeness = dict(_likeness(text, tools, business))
    scores = {name: score for name, score in likeness.items() if score >= _least(talk.tools[name])}
    scores |= dict.fromkeys(examples_of(talk, text), _EXACT)
    found = aims(text, business, ordering=talk.state.begun is not None)
    for n, aim in enumerate([*_booking(talk, text, found, likeness), *found]):
        for tool in _of_aim(talk, text, aim):
            if aim != ADD or item_slot(tool):
                bonus = _FURTHER if n else _FIRST
                own = scores.get(tool.name, likeness.get(tool.name, 0.0))
                scores[tool.name] = own + bonus
    for tool in tools:
        if _names_one(talk, text, tool):
            scores[tool.name] = scores.get(tool.name, likeness.get(tool.name, 0.0)) + _NAMED
    return sorted(((round(s, 4), name) for name, s in scores.items()), key=lambda o: (-o[0], o[1]))


def _of_aim(talk: Talk, text: str, aim: Aim) -> list[Tool]:
    """The tools for it. Where nothing is on offer but services, a search that can use what the message
    says of the thing is better than the list of them."""
    found = for_aim(talk.usable, aim)
    if aim.thing != "offer" or any(aim in roles(tool) for tool in found):
        return found
    telling = [tool for tool in talk.usable if not acts(tool)]
    use = {tool.name: len(reader.read(text, slots_of(tool), talk.context)) for tool in telling}
    if (most := max(use.values(), default=0)) > 1:
        return [tool for tool in telling if use[tool.name] == most]
    likely = {name: score for score, name in intents.rank(text, talk.usable)}
    best = max(telling, key=lambda tool: likely.get(tool.name, 0.0), default=None)
    return [best] if best and likely.get(best.name, 0.0) >= intents.CLEAR else found


def _names_one(talk: Talk, text: str, tool: Tool) -> bool:
    """The message has the number of the very thing that the tool tells of."""
    needed = [slot for slot in slots_of(tool) if slot.required]
    if acts(tool) or not any(slot.kind in {"code", "pattern"} for slot in needed):
        return False
    return len(reader.read(text, needed, talk.context)) == len(needed)


def _booking(
    talk: Talk, text: str, found: tuple[Aim, ...], likeness: dict[str, float]
) -> tuple[Aim, ...]:
    """ "A haircut with Maya on Friday at 11": what can be booked, and a day or an hour, or a wish for it."""
    if any(aim.thing not in _OPEN for aim in found[:1]) or "booking" in {a.thing for a in found}:
        return ()
    making = Aim("make", "booking")
    if found and for_aim(talk.usable, ADD):
        return ()  # where things are ordered, a thing that is named is one of them
    likest = max(likeness.values(), default=0.0)
    like = max((likeness.get(tool.name, 0.0) for tool in for_aim(talk.usable, making)), default=0.0)
    fields = [slot for tool in for_aim(talk.usable, making) for slot in slots_of(tool)]
    moments = [slot for slot in fields if slot.kind in {"date", "time"} and not slot.past][:2]
    people = [slot for slot in fields if slot.is_people][:1]
    said = reader.read(text, [*moments, *people], talk.context)
    for_people = any(slot.name in said for slot in people) and likest < intents.CLEAR
    is_likest = like >= max(likest, intents.ENOUGH)
    is_service = goods.service(text, talk.request.business)
    if not (for_people or is_likest or is_service):
        return ()
    rivals = [likeness.get(t.name, 0.0) for t in talk.usable if acts(t) and not roles(t)]
    is_plain = ADD in found[:1] and max(rivals, default=0.0) < intents.CLEAR  # "a haircut please"
    if not (is_service and is_plain) and not any(slot.name in said for slot in moments):
        return ()
    asks = _ASKS.search(lower(tidy(text)))
    return (Aim("check", "availability") if asks else making,)


def examples_of(talk: Talk, text: str) -> list[str]:
    """The tools that give just these words as an example."""
    said = intents.stems(text, keep=True)
    return [
        tool.name
        for tool in talk.usable
        if any(intents.stems(example, keep=True) == said for example in tool.examples)
    ]


def _least(tool: Tool) -> float:
    if not roles(tool):
        return 0.0
    return _GRAVE if acts(tool) else _LIGHT


def _likeness(
    text: str, tools: tuple[Tool, ...], business: Business
) -> Iterator[tuple[str, float]]:
    """What is sold tells nothing about what is to be done with it."""
    name = goods.find(text, business)
    rest = text.replace(name, " ") if name else text
    for said, asked in ((text, False), (rest, True)):
        for score, tool in intents.rank(said, tools):
            if asked == any(role.thing == "order" for role in roles(_by_name(tools, tool))):
                yield tool, score


def _by_name(tools: tuple[Tool, ...], name: str) -> Tool:
    return next(tool for tool in tools if tool.name == name)
