"""What a tool says that it still needs: one of its fields, and what there is to choose from."""

from typing import Any

from frontdesk.tools import Tool
from frontdesk_plugins.offline import filling
from frontdesk_plugins.offline.choices import alternatives
from frontdesk_plugins.offline.outcomes import Outcome
from frontdesk_plugins.offline.questions import question, sentence
from frontdesk_plugins.offline.slots import Slot, as_dict, as_list, slots_of
from frontdesk_plugins.offline.state import Choice, Talk, Task


def field(tool: Tool, outcome: Outcome) -> Slot | None:
    """The field of the tool that its outcome asks for."""
    wanted = as_dict(outcome.data).get("needs")
    return next((slot for slot in slots_of(tool) if slot.name == wanted), None)


def task(talk: Talk, called: Task, slot: Slot, outcome: Outcome) -> Task:
    """The call again, waiting for this field."""
    options = as_list(as_dict(outcome.data).get("options"))
    found = [one for option in options if (one := _choice(slot, option))]
    found = found or alternatives(talk, outcome.alternatives, slots_of(talk.tools[called.tool]))
    why = sentence(outcome.message) or question(slot, slots_of(talk.tools[called.tool]))
    return Task(called.tool, dict(called.filled), slot.name, why, found)


def _choice(slot: Slot, option: Any) -> Choice | None:
    """A plain value, or an object that names the field's value and how customers read it."""
    entry = as_dict(option)
    own = (
        ("name", "id") if slot.kind == "item" else ("id", "name")
    )  # what customers read of a thing
    keys = (slot.name, "value", *own, "label")
    value = next((entry[key] for key in keys if key in entry), None) if entry else option
    if value is None:
        return None
    if slot.kind == "list" and not isinstance(value, list):
        value = [value]
    shown = entry.get("label") or entry.get("name") or option
    return Choice(str(shown), {slot.name: value}) if not slot.problems(value) else None


def ask(talk: Talk, waiting: Task) -> None:
    """Ask for the field; the answer is one of the choices, or words of the customer's own."""
    state = talk.state
    state.tool, state.filled, state.maybe = waiting.tool, waiting.filled, {}
    slot = talk.slot(waiting.needs)
    if slot and slot.kind != "list":
        state.filled.pop(waiting.needs, None)
    state.asked, state.choices, state.needed = waiting.needs, waiting.choices, waiting.needs
    state.stage = "pick" if waiting.choices else "ask"
    text = state.question = waiting.why
    if not text.endswith("?"):
        listed = len(waiting.choices) > 1
        text += (
            " Which one would you like?"
            if listed
            else f" {question(slot, talk.slots)}"
            if slot
            else ""
        )
    talk.say(text)


def next_one(talk: Talk) -> None:
    """The next of what was asked for in one message."""
    waiting = talk.state.waiting.pop(0)
    if waiting.needs:
        ask(talk, waiting)
        return
    talk.state.tool, talk.state.filled = waiting.tool, waiting.filled
    filling.advance(talk)
