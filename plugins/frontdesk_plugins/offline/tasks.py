"""The beginning of a task: its tool, with what is said and known already."""

import re
from typing import Any

import msgspec

from frontdesk.tools import Tool
from frontdesk_plugins.offline import filling, lines, manners, moments, portions, wordings
from frontdesk_plugins.offline.choices import carried
from frontdesk_plugins.offline.questions import summary
from frontdesk_plugins.offline.reading import lower, tidy
from frontdesk_plugins.offline.roles import ADD, CHANGE, PERSON, builds, roles
from frontdesk_plugins.offline.state import State, Talk, Task


def start(talk: Talk, tool: Tool, text: str) -> None:
    """Begin, say what was understood, and take the first step."""
    if talk.is_new and manners.is_greeting(text):
        talk.say(manners.HELLO)
    open_task(talk, tool, text, carried(talk, tool.name))
    moments.narrow(talk)
    noted, place = summary(talk), len(talk.said)
    is_open = bool(filling.open_slots(talk))
    if unknown := moments.unknown_day(talk, tool, text):
        filling.ask(talk, unknown)
        return
    filling.advance(talk)
    if noted and tool.confirm and is_open and not talk.calls:
        talk.said.insert(place, f"Noted so far: {noted}.")


def open_task(talk: Talk, tool: Tool, text: str, known: dict[str, Any] | None = None) -> None:
    """Start a task with what the first message says, and with what was known before."""
    state = talk.state
    state.tool, state.stage, state.asked, state.misses, state.failures = tool.name, "", "", 0, 0
    state.filled, state.maybe, state.choices, state.proposed, state.needed = {}, {}, [], {}, ""
    filling.fill(talk, text)
    said = state.filled.keys() | state.maybe.keys() | talk.troubles.keys()
    others = {n for n in said if n in state.known and state.known[n] != state.filled.get(n)}
    for slot in talk.slots:
        # Somebody else's name does not go with the reference of one's own booking.
        foreign = others and slot.kind in {"code", "pattern"}
        if known and slot.name in known and slot.name not in said and not foreign:
            state.filled[slot.name] = known[slot.name]
    for slot in talk.slots:
        is_summary = slot.kind == "message" and PERSON in roles(tool)
        if slot.name not in state.filled and (slot.required or is_summary):
            words = wordings.from_first(talk, slot, text)
            state.filled |= {slot.name: words} if words else {}
    _take_sole_number(talk, text)
    if builds(tool):
        _name_items(talk, tool, text)


_NUMBER = re.compile(r"(?<![\w.,:/-])-?\d{1,12}(?:\.\d{1,9})?(?![\w:/-])")


def _take_sole_number(talk: Talk, text: str) -> None:
    """ "Square 7": the only number, for a tool that needs one number and nothing else."""
    needed = [slot for slot in talk.slots if slot.required]
    numbers = _NUMBER.findall(text)
    if len(needed) != 1 or len(numbers) != 1 or needed[0].kind not in {"integer", "number"}:
        return
    slot, value = needed[0], float(numbers[0]) if "." in numbers[0] else int(numbers[0])
    if not slot.problems(value):
        talk.state.filled[slot.name] = value
        talk.troubles.pop(slot.name, None)
        talk.state.maybe.pop(slot.name, None)


def _name_items(talk: Talk, tool: Tool, text: str) -> None:
    """The first thing that is named belongs to this call, every other to one of its own."""
    changed = portions.portion_of(talk, tool, text) if CHANGE in roles(tool) else {}
    if changed:
        talk.state.filled |= changed
        return
    if ADD not in roles(tool) and (line := lines.placed(talk, tool, lower(tidy(text)))[0]):
        talk.state.filled |= line
        return
    first, *others = wordings.items(talk, tool, text) or [{}]
    said = dict(talk.state.filled)
    talk.state.filled |= first
    talk.state.waiting += [Task(tool.name, said | fields) for fields in others]


def turn_to(talk: Talk, tool: Tool, text: str) -> None:
    """Another wish while a task is under way: it waits, unless both have to be agreed to."""
    state = talk.state
    # The rest of an item does not wait for another step of the same order.
    follows = talk.tool is not None and builds(talk.tool) and _is_of_order(tool)
    waits = not tool.confirm and not state.paused and not follows
    talk.state = state.kept()
    if waits:
        talk.state.paused = msgspec.to_builtins(state)
    elif state.paused.get("tool") != tool.name:
        talk.state.paused = state.paused  # only the task in hand is left
    if not waits and state.tool and state.stage not in {"offer", "pick"}:
        talk.say("All right, I leave the other request.")
    open_task(talk, tool, text, carried_from(talk, state, tool))
    filling.advance(talk)


def pause(talk: Talk) -> None:
    """Put the task aside; it comes back after the next one."""
    state = talk.state
    talk.state = state.kept()
    talk.state.paused = msgspec.to_builtins(state)


def _is_of_order(tool: Tool) -> bool:
    return any(role.thing == "order" for role in roles(tool))


def carried_from(talk: Talk, old: State, tool: Tool) -> dict[str, Any]:
    """What the task that was left has said, where the new one asks for the same."""
    current, talk.state = talk.state, old
    known = carried(talk, tool.name)
    talk.state = current
    return known
