"""Filling the fields of a tool, one question at a time, until it can be called."""

import re

from frontdesk.tools import Tool
from frontdesk_plugins.offline import (
    choices,
    corrections,
    gate,
    moments,
    numbers,
    portions,
    reader,
    stays,
    wordings,
)
from frontdesk_plugins.offline.questions import limit, question, shown, what_to_change
from frontdesk_plugins.offline.reading import Found, is_correction, lower, tidy
from frontdesk_plugins.offline.roles import roles
from frontdesk_plugins.offline.slots import Slot, slots_of
from frontdesk_plugins.offline.state import Talk

_AVAILABILITY = re.compile(r"avail|free|check|slot")


def fill(talk: Talk, text: str, *, only_new: bool = False) -> bool:
    """Take from a message what it says about the fields. False when it says nothing of use."""
    state = talk.state
    plain = lower(tidy(text))
    found = reader.read(text, talk.slots, talk.context, state.asked)
    asked = talk.slot(state.asked)
    if asked and not found and state.stage in {"ask", "pick"}:
        found = wordings.answer(talk, asked, text)
    if asked and not found:
        found = _by_nights(talk, asked, plain)
    decided = state.stage in {"confirm", "change", "leave", "offer"}
    changing = decided or is_correction(plain)
    if not found and (decided or counts_anew(talk, plain)):
        found = _lone_number(talk, plain)
    used = False
    for slot in talk.slots:
        one = found.get(slot.name)
        if one is None or (only_new and slot.name in state.filled):
            continue
        if slot.name in state.filled and slot.name != state.asked and one.weak and not changing:
            continue
        used |= _settle(talk, slot, one)
        if slot.kind == "enum" and slot.name != state.needed and state.needed not in found:
            state.needed = ""  # the tool says again what it needs
    offered = {name for choice in state.choices for name in choice.fields}
    if not offered or offered & found.keys():
        state.choices = []
    return used


def _by_nights(talk: Talk, asked: Slot, plain: str) -> dict[str, Found]:
    """ "Two nights", to the question for the last day of a stay."""
    before = [talk.state.filled.get(slot.name) for slot in talk.slots if slot.kind == "date"]
    count, known = stays.nights(plain), [day for day in before if isinstance(day, str)]
    if asked.kind != "date" or not count or len(known) != 1:
        return {}
    return {asked.name: stays.leaving(known[0], count)}


def counts_anew(talk: Talk, plain: str) -> bool:
    """ "Make that two", of the only field that counts something and has its value."""
    counts = [slot for slot in talk.slots if slot.kind == "integer"]
    known = len(counts) == 1 and counts[0].name in talk.state.filled
    return known and bool(portions.ANEW.match(plain)) and numbers.alone(plain) is not None


def _lone_number(talk: Talk, plain: str) -> dict[str, Found]:
    """ "make it 5", where only one field counts something, or "8 instead of 7" for a time."""
    wall = next((slot for slot in talk.slots if slot.kind == "time"), None)
    old = str(talk.state.filled.get(wall.name, "")) if wall else ""
    if (
        wall
        and old
        and re.search(rf"\b(?:instead of|not|rather than) {int(old[:2]) % 12}\b", plain)
    ):
        return reader.read(plain, [wall], talk.context, wall.name)
    counts = [slot for slot in talk.slots if slot.kind == "integer"]
    one = numbers.alone(plain)
    if len(counts) != 1 or not one:
        return {}
    return {counts[0].name: one}


def _settle(talk: Talk, slot: Slot, found: Found) -> bool:
    """Fill the field, note the readings to choose from, or why there is none."""
    state = talk.state
    fitting = [value for value in found.values if not slot.problems(value)]
    if len(fitting) == 1:
        if slot.name in state.filled and state.filled[slot.name] != fitting[0]:
            talk.say(f"Changed: {shown(slot, fitting[0], talk.context)}.")
        state.filled[slot.name] = fitting[0]
        state.maybe.pop(slot.name, None)
        return True
    if not slot.required and slot.name != state.asked:
        if fitting and slot.kind == "time":  # the opening hours may tell which is meant
            state.maybe[slot.name] = fitting
        return bool(fitting) and slot.kind == "time"
    state.filled.pop(slot.name, None)
    state.maybe.pop(slot.name, None)
    if fitting:
        state.maybe[slot.name] = fitting
        if found.why and not found.why.endswith("?"):
            talk.troubles[slot.name] = found.why
    elif found.values:
        value = found.values[0]
        talk.troubles[slot.name] = limit(slot, value, slot.problems(value)[0])
    else:
        talk.troubles[slot.name] = found.why
    return True


def advance(talk: Talk) -> None:
    """Ask for the next field, check the availability, or call."""
    tool = talk.tool
    assert tool is not None
    for slot in open_slots(talk):
        if "default" in slot.schema and slot.name not in talk.state.maybe:
            talk.state.filled[slot.name] = slot.schema["default"]
    moments.narrow(talk)
    moments.look_at(talk)
    if _ask_open(talk, only_troubled=True):
        return
    check = availability_tool(talk, tool)
    if check and _is_checkable(talk, tool, check) and not _is_checked(talk):
        talk.call(check, "check")
        return
    if _is_checked(talk) and not talk.state.free:
        talk.state.stage, talk.state.asked = "change", ""
        if talk.state.choices:
            choices.offer(talk, talk.state.choices, "Please choose one:")
            return
        known = [s for s in talk.slots if talk.state.checked.get(s.name) is not None]
        talk.say(what_to_change(known))
        return
    if not _ask_open(talk) and not _ask_what_changes(talk, tool):
        carry_out(talk, tool)


def changeable(tool: Tool) -> list[Slot]:
    """What can be new about a booking that is changed; nothing for other tools."""
    if not any(role.deed == "change" and role.thing == "booking" for role in roles(tool)):
        return []
    kinds = {"date", "time", "integer", "enum"}
    return [slot for slot in slots_of(tool) if not slot.required and slot.kind in kinds]


def _ask_what_changes(talk: Talk, tool: Tool) -> bool:
    """ "Move my booking" does not say to when."""
    new = changeable(tool)
    if not new or any(slot.name in talk.state.filled for slot in new):
        return False
    if not corrections.hour_or_people(talk, new):
        talk.state.stage, talk.state.asked = "change", ""
        talk.say(what_to_change(new))
    return True


def carry_out(talk: Talk, tool: Tool, *, agreed: bool = False) -> None:
    """Call it. A tool that the customer must agree to is called a second time only after a yes."""
    if tool.confirm and not agreed and gate.is_open(talk, tool):
        gate.repeat(talk)
        return
    if not talk.request.may_call:
        talk.say("I could not finish that just now. Please send me a message in a moment to go on.")
        return
    state = talk.state
    talk.call(tool, "do")
    # What the same message also asked for, as far as nothing has to be asked.
    ready = [task for task in state.waiting if task.tool == tool.name and not task.needs]
    for task in [] if tool.confirm else ready:
        talk.call(tool, "do", task.filled)
        state.waiting.remove(task)


def open_slots(talk: Talk) -> list[Slot]:
    state = talk.state
    wanted = {state.needed, *state.maybe}
    return [
        s for s in talk.slots if (s.required or s.name in wanted) and s.name not in state.filled
    ]


def _ask_open(talk: Talk, *, only_troubled: bool = False) -> bool:
    """Ask for the first field that is open; a time of two readings waits for its date."""
    state = talk.state
    missing = open_slots(talk)
    no_date = any(slot.kind == "date" and slot.name not in state.maybe for slot in missing)
    for slot in missing:
        if only_troubled and slot.name not in talk.troubles:
            continue
        if slot.name in state.maybe:
            if slot.kind == "time" and no_date:
                continue
            why = talk.troubles.get(slot.name, "")
            choices.offer_readings(talk, slot, state.maybe[slot.name], why)
        else:
            ask(talk, slot)
        return True
    return False


def ask(talk: Talk, slot: Slot) -> None:
    state = talk.state
    state.stage, state.asked, state.choices = "ask", slot.name, []
    why = talk.troubles.get(slot.name, "")
    if why.endswith("exactly?"):
        talk.say(why)
    elif why:
        talk.say(f"{why} {question(slot, talk.slots)}")
    else:
        talk.say(question(slot, talk.slots))


def availability_tool(talk: Talk, tool: Tool) -> Tool | None:
    """A tool that can tell beforehand whether this one will succeed."""
    names = {slot.name for slot in talk.slots}
    if not tool.confirm or not talk.request.may_call:
        return None
    for other in talk.usable:
        needed = {slot.name for slot in slots_of(other) if slot.required}
        tells = other.action == "check_availability" or _AVAILABILITY.search(other.name)
        if other.confirm or other.name == tool.name or not tells:
            continue
        if needed and needed <= names and any(slot.kind == "time" for slot in slots_of(other)):
            return other
    return None


def _is_checkable(talk: Talk, tool: Tool, check: Tool) -> bool:
    """All is known that both tools can take: a day alone does not tell whether an hour is free."""
    taken = {slot.name for slot in slots_of(check)}
    needed = [slot.name for slot in slots_of(tool) if slot.required and slot.name in taken]
    needed += [slot.name for slot in slots_of(check) if slot.required]
    return all(name in talk.state.filled for name in needed)


def _is_checked(talk: Talk) -> bool:
    state = talk.state
    now = {name: state.filled.get(name) for name in state.checked}
    return bool(state.checked) and now == state.checked


def mark_checked(talk: Talk, names: set[str], *, free: bool) -> None:
    """Remember what is known about these values of the fields, and which of them had none: with one
    more it is another question."""
    own = names & {slot.name for slot in talk.slots}
    talk.state.checked = {name: talk.state.filled.get(name) for name in sorted(own)}
    talk.state.free = free
