"""Filling the fields of a tool, one question at a time, until it can be called."""

import re

from frontdesk.tools import Tool
from frontdesk_plugins.offline import choices, intents, numbers, reader, times, words
from frontdesk_plugins.offline.formats import join
from frontdesk_plugins.offline.questions import label, limit, question, read_back, shown
from frontdesk_plugins.offline.reading import Found, is_correction, lower, tidy
from frontdesk_plugins.offline.slots import Slot, slots_of
from frontdesk_plugins.offline.state import Choice, Talk

_AVAILABILITY = re.compile(r"avail|free|check|slot")


def fill(talk: Talk, text: str, *, only_new: bool = False) -> bool:
    """Take from a message what it says about the fields. False when it says nothing of use."""
    state = talk.state
    plain = lower(tidy(text))
    found = reader.read(text, talk.slots, talk.context, state.asked)
    decided = state.stage in {"confirm", "change", "leave", "offer"}
    changing = decided or is_correction(plain)
    if not found and decided:
        found = _lone_number(talk, plain)
    used = False
    for slot in talk.slots:
        one = found.get(slot.name)
        if one is None or (only_new and slot.name in state.filled):
            continue
        if slot.name in state.filled and slot.name != state.asked and one.weak and not changing:
            continue
        used |= _settle(talk, slot, one)
    offered = {name for choice in state.choices for name in choice.fields}
    if not offered or offered & found.keys():
        state.choices = []
    return used


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


def count_or_hour(talk: Talk, text: str) -> bool:
    """Ask what a bare "8" means after "what should I change?"."""
    plain = lower(tidy(text))
    if not re.fullmatch(rf"{numbers.NUMBER}[ .!]*(?:please|pls|then)?[ .!]*", plain):
        return False
    fitting: list[Choice] = []
    for slot in talk.slots:
        if slot.kind not in {"integer", "time"} or slot.name not in talk.state.filled:
            continue
        one = reader.read(plain, [slot], talk.context, slot.name).get(slot.name)
        day = _moment(talk)[0]
        values = one.values if one else ()
        if slot.kind == "time":
            values = times.narrow(
                values, talk.state.filled.get(day.name) if day else None, talk.context
            )
        fitting += [
            Choice(shown(slot, value, talk.context), {slot.name: value})
            for value in values
            if not slot.problems(value)
        ]
    if len(fitting) > 1:
        choices.offer(talk, fitting, "Which do you mean?")
    return len(fitting) > 1


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
        return False
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
    """Ask for the next field, check the availability, read back, or call."""
    tool = talk.tool
    assert tool is not None
    narrow(talk)
    _look_at_moment(talk)
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
        names = [label(slot) for slot in talk.slots if slot.name in talk.state.checked]
        talk.say(f"What should I change: {join(names, 'or')}?")
        return
    if _ask_open(talk):
        return
    if not confirm_first(talk, tool):
        carry_out(talk, tool)


def confirm_first(talk: Talk, tool: Tool) -> bool:
    """Read everything back before a tool that the customer must agree to."""
    if not tool.confirm:
        return False
    talk.state.stage, talk.state.asked = "confirm", ""
    talk.say(read_back(talk, tool))
    return True


def carry_out(talk: Talk, tool: Tool) -> None:
    if not talk.request.may_call:
        talk.say("I could not finish that just now. Please send me a message in a moment to go on.")
        return
    talk.call(tool, "do")


def open_slots(talk: Talk) -> list[Slot]:
    return [slot for slot in talk.slots if slot.required and slot.name not in talk.state.filled]


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


def _moment(talk: Talk) -> tuple[Slot | None, Slot | None]:
    """The date and the time that belong together, when there is one of each."""
    dates = [slot for slot in talk.slots if slot.kind == "date" and not slot.past]
    walls = [slot for slot in talk.slots if slot.kind == "time"]
    return (dates[0] if len(dates) == 1 else None), (walls[0] if len(walls) == 1 else None)


def narrow(talk: Talk) -> None:
    """Readings of a time that the date and the opening hours rule out."""
    state = talk.state
    day_slot, wall_slot = _moment(talk)
    if not wall_slot or wall_slot.name not in state.maybe:
        return
    day = state.filled.get(day_slot.name) if day_slot else None
    left = times.narrow(state.maybe[wall_slot.name], day, talk.context)
    if len(left) == 1 and (day or not day_slot):
        state.filled[wall_slot.name] = left[0]
        del state.maybe[wall_slot.name]


def _look_at_moment(talk: Talk) -> None:
    """Times that are over, or that the clocks skip."""
    state = talk.state
    day_slot, wall_slot = _moment(talk)
    if not day_slot or not wall_slot:
        return
    day, wall = state.filled.get(day_slot.name), state.filled.get(wall_slot.name)
    if not day or not wall:
        return
    why = times.trouble(day, wall, talk.context)
    if why:
        del state.filled[wall_slot.name]
        talk.troubles[wall_slot.name] = why


def availability_tool(talk: Talk, tool: Tool) -> Tool | None:
    """A tool that can tell beforehand whether this one will succeed."""
    names = {slot.name for slot in talk.slots}
    if not tool.confirm or not talk.request.may_call:
        return None
    for other in talk.usable:
        needed = {slot.name for slot in slots_of(other) if slot.required}
        if other.confirm or other.name == tool.name or not _AVAILABILITY.search(other.name):
            continue
        if needed and needed <= names and any(slot.kind == "time" for slot in slots_of(other)):
            return other
    return None


def _is_checkable(talk: Talk, tool: Tool, check: Tool) -> bool:
    """All is known that both tools can take: a day alone does not tell whether an hour is free."""
    taken = {slot.name for slot in slots_of(check)}
    needed = [slot.name for slot in slots_of(tool) if slot.required and slot.name in taken]
    return all(name in talk.state.filled for name in needed)


def _is_checked(talk: Talk) -> bool:
    state = talk.state
    now = {name: state.filled.get(name) for name in state.checked}
    return bool(state.checked) and now == state.checked


def mark_checked(talk: Talk, names: set[str], *, free: bool) -> None:
    """Remember what is known about these values of the fields."""
    filled = talk.state.filled
    talk.state.checked = {name: filled[name] for name in sorted(names) if name in filled}
    talk.state.free = free


def named_field(talk: Talk, text: str) -> Slot | None:
    """The field that the customer wants to change: "the time"."""
    said = set(intents.stems(text, keep=True)) - words.FILLER
    fitting = [
        slot
        for slot in talk.slots
        if slot.name in talk.state.filled and said & {intents.stem(word) for word in _names(slot)}
    ]
    return fitting[0] if len(fitting) == 1 else None


def _names(slot: Slot) -> set[str]:
    common: dict[str, set[str]] = {
        "date": {"date", "day"},
        "time": {"time", "hour"},
        "phone": {"phone", "number", "telephone"},
        "name": {"name"},
        "email": {"email", "mail"},
    }
    people = {"people", "guests", "persons", "party"} if slot.is_people else set[str]()
    return common.get(slot.kind, set()) | people | set(label(slot).lower().split())
