"""What the model asks, and how it shows what it understood."""

import re
from collections.abc import Iterable
from typing import Any

from frontdesk.tools import Tool
from frontdesk_plugins.offline import phones
from frontdesk_plugins.offline.aims import Aim
from frontdesk_plugins.offline.formats import join, show
from frontdesk_plugins.offline.reading import Context
from frontdesk_plugins.offline.roles import roles
from frontdesk_plugins.offline.slots import Slot, as_list, words_of
from frontdesk_plugins.offline.state import Talk

HONEST = "I'm an automated assistant running without a language model, so I follow fixed rules."
_EXAMPLES = {
    "date": 'a date like "tomorrow", "Friday" or "5 December"',
    "time": 'a time like "7pm", "half past six" or "19:30"',
    "integer": "a number",
    "number": "a number",
    "boolean": '"yes" or "no"',
    "phone": "a telephone number with its area code",
    "email": "an e-mail address like name@example.com",
    "name": "a name",
    "enum": "one of the options",
    "list": "one or more of the options",
}
_WITH_THE = {
    "cancel",
    "confirm",
    "change",
    "move",
    "delete",
    "remove",
    "update",
    "reschedule",
    "find",
}
_DEEDS = ("make", "add", "show", "check", "find", "change", "cancel", "join", "take", "hand")
"""What people come for, the commonest first."""
_MOST_EXAMPLES = 8
_PROOFS = {"name", "phone", "email", "code", "pattern"}
_BOOKINGS = {"booking", "reservation", "appointment"}
_CREATE = {"create", "make", "add", "new", "book", "request", "schedule", "join"}


def label(slot: Slot) -> str:
    text = slot.label.strip()
    return text if text.isupper() else text[:1].lower() + text[1:]


def question(slot: Slot, slots: tuple[Slot, ...]) -> str:
    """The question for one field: the schema's own when it is written as one."""
    described = str(slot.schema.get("description", "")).strip()
    if described.endswith("?") and "\n" not in described:
        return described
    if not slot.required and slot.kind in _PROOFS and re.match(r"The [^.\n]+\.?$", described):
        # What only proves who the customer is: "The name the booking was made with".
        return f"What is the {re.split('[,;.]', described[4:])[0]}?"
    alone = sum(other.kind == slot.kind for other in slots) == 1
    leaves_message = any(other.kind == "message" and other.required for other in slots)
    return _by_kind(slot, label(slot), alone=alone, leaves_message=leaves_message)


def _by_kind(slot: Slot, name: str, *, alone: bool, leaves_message: bool) -> str:
    match slot.kind:
        case "date" if alone and not slot.past:
            return "What date would you like?"
        case "time" if alone:
            return "What time would you like?"
        case "integer" if slot.is_people:
            return "How many people will it be?"
        case "phone" if alone:
            return "What phone number can we reach you on?"
        case "name" if alone and leaves_message:
            return "What is your name?"
        case "name" if alone:
            return "What name shall I put it under?"
        case "email" if alone:
            return "What is your e-mail address?"
        case "enum" if " or " in name:
            return f"{name[:1].upper()}{name[1:]}?"
        case "enum" | "list" if slot.options:
            options = join([shown_option(option) for option in slot.options], "or")
            return f"What is the {name}: {options}?"
        case "boolean":
            return f"{name[:1].upper()}{name[1:]}: yes or no?"
        case "query":
            return "What would you like to know?"
        case "item":
            if slot.required and name in {"item", "product", "dish"}:
                return "What would you like?"
            return f"Which {name} would you like?" if slot.required else f"Which {name} is it?"
        case "message":
            return (
                "What is your message?"
                if slot.name in {"message", "text"}
                else f"What is the {name}?"
            )
        case _:
            return f"What is the {name}?"


def shown_option(option: Any) -> str:
    return str(option).replace("_", " ")


def what_to_change(slots: Iterable[Slot]) -> str:
    """ "What should I change: the date, the time or the number of people?" """
    names = [_topic(slot) for slot in slots if slot.kind not in {"code", "pattern"}]
    return f"What should I change: {join(names, 'or')}?" if names else "What should I change?"


def _topic(slot: Slot) -> str:
    if slot.is_people:
        return "the number of people"
    fixed = {
        "date": "the date",
        "time": "the time",
        "name": "the name",
        "phone": "the phone number",
    }
    return fixed.get(slot.kind, f"the {label(slot)}")


def hint(slot: Slot) -> str:
    """What kind of answer is expected."""
    expected = _EXAMPLES.get(slot.kind)
    return f"I was looking for {expected}." if expected else ""


def limit(slot: Slot, value: Any, problem: str) -> str:
    """Why a value is refused, in terms of the field's limits."""
    low, high = slot.schema.get("minimum"), slot.schema.get("maximum")
    name = label(slot)
    if isinstance(low, int | float) and isinstance(high, int | float):
        return f"{value} is not possible here: {name} must be from {low} to {high}."
    rule = problem.split(": ", 1)[-1]
    if rule.startswith(("must match", "not ")):
        return f"That does not look like a valid {name}."
    return f"The {name} {rule}."


def shown(slot: Slot, value: Any, context: Context) -> str:
    """A value as the customer checks it."""
    if slot.kind == "phone":
        return phones.shown(str(value), context.business.country)
    if slot.kind == "time" and value == "00:00":
        return f"{show(value, context.business)} (midnight, as that day begins)"
    if slot.kind in {"date", "time", "name", "email"}:
        return show(value, context.business)
    if slot.is_people:
        return "1 person" if value == 1 else f"{value} people"
    if isinstance(value, list):
        return f"{label(slot)}: {join([shown_option(one) for one in as_list(value)])}"
    if slot.kind == "enum":
        value = shown_option(value)
        for part in label(slot).split(" or ") if " or " in label(slot) else ():
            if re.sub(r"\W", "", part) == re.sub(r"\W", "", value):  # "pick-up or delivery"
                return part
    return f"{label(slot)}: {show(value, context.business)}"


def summary(talk: Talk) -> str:
    """All that is filled in, in the order of the fields."""
    filled = talk.state.filled
    several = [slot.kind for slot in talk.slots if slot.name in filled]
    parts = [
        _told_apart(slot, shown(slot, filled[slot.name], talk.context), several)
        for slot in talk.slots
        if slot.name in filled
    ]
    return ", ".join(parts)


def _told_apart(slot: Slot, text: str, kinds: list[Any]) -> str:
    named = slot.kind in {"date", "time", "name", "phone", "email"} and kinds.count(slot.kind) > 1
    return f"{label(slot)}: {text}" if named else text


def deed(tool: Tool) -> str:
    """ "book", "cancel the booking": what the tool does, as a verb."""
    verb, *rest = words_of(tool.name)
    if verb in _CREATE and rest and rest[-1] in _BOOKINGS:
        return "book"
    if not rest:
        return verb
    article = "the " if verb in _WITH_THE else "a " if verb in _CREATE else ""
    return f"{verb} {article}{' '.join(rest)}"


def whole_deed(tool: Tool) -> str:
    """ "book it", "place the order": what the tool does, after all was said."""
    if Aim("confirm", "order") in roles(tool):
        return "place the order"
    act = deed(tool)
    verb = act.split()[0]
    return f"{verb} it" if act == verb or verb in _WITH_THE else act


def read_back(talk: Talk, tool: Tool, title: str = "") -> str:
    if title:
        told = summary(talk)
        return f"{title}: {told}. Shall I pass it on?" if told else f"{title}. Shall I pass it on?"
    return f"Shall I {_whole(talk, tool)}?"


def _whole(talk: Talk, tool: Tool) -> str:
    """ "book: 4 people, Friday", "cancel the booking with reference AB12 for Zoe Smith"."""
    act, filled = deed(tool), talk.state.filled
    slots = [slot for slot in talk.slots if slot.name in filled]
    told = {"code", "pattern", "name", "phone", "email"}
    if words_of(tool.name)[0] not in _WITH_THE or not {slot.kind for slot in slots} <= told:
        return f"{act}: {summary(talk)}" if slots else act
    for slot in sorted(slots, key=lambda one: one.kind not in {"code", "pattern"}):
        value = shown(slot, filled[slot.name], talk.context)
        if slot.kind in {"code", "pattern"}:
            own = [word for word in label(slot).split() if word not in act.split()]
            act += f" with {' '.join(own) or label(slot)} {filled[slot.name]}"
        else:
            act += f" for {value}" if slot.kind == "name" else f" ({value})"
    return act


def example(tool: Tool) -> str:
    """What a customer says for it."""
    return tool.examples[0] if tool.examples else " ".join(words_of(tool.name))


def abilities(talk: Talk, lead: str = "You can say things like:") -> str:
    """What the tools do, in the words that customers use for them."""
    lines = [f'- "{example(tool)}"' for tool in _showcase(talk.usable)]
    if not lines:
        return "I can tell you about our opening hours, our address and what is in our FAQ."
    return f"{lead}\n" + "\n".join(lines)


def _showcase(tools: tuple[Tool, ...]) -> list[Tool]:
    """A tool for each thing that can be done here, what begins something first."""
    first: dict[str, Tool] = {}
    for tool in sorted(tools, key=_rank):
        thing = next((role.thing for role in roles(tool)), "")
        first.setdefault(str(thing) or tool.name, tool)
    return list(first.values())[:_MOST_EXAMPLES]


def _rank(tool: Tool) -> int:
    """What a tool of a pack's own does comes before what every pack has."""
    deeds = [role.deed for role in roles(tool)]
    if not deeds:
        return 1
    return _DEEDS.index(deeds[0]) if deeds[0] in _DEEDS else len(_DEEDS)


def numbered(labels: list[str]) -> str:
    return "\n".join(f"{n}. {text}" for n, text in enumerate(labels, 1))


def sentence(text: str) -> str:
    """With a capital and a full stop."""
    text = text.strip()
    if not text:
        return ""
    text = text[0].upper() + text[1:]
    return text if re.search(r"[.!?:)\]]$", text) else text + "."
