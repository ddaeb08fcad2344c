"""Answers to what a tool needs for one thing, when they say more than that: how many, or another
thing."""

import re

from frontdesk_plugins.offline import filling, goods, intents, portions, steps, tasks, wordings
from frontdesk_plugins.offline.aims import aims
from frontdesk_plugins.offline.reading import is_correction, lower, tidy
from frontdesk_plugins.offline.remainders import counted, remainder
from frontdesk_plugins.offline.roles import ADD, CHANGE, builds, for_aim, item_slot
from frontdesk_plugins.offline.state import Talk, Task

_WHICH = re.compile(r"\b(?:sizes?|options?|choices?|kinds?|variants?)\b")
_TAIL = re.compile(r"\b(?:with(?:out)?|extra|no)\b(?! (?:problem|thanks))\s+\w.*$")
_INSTEAD = re.compile(r"^\W*no\b|\binstead\b")


def hear(talk: Talk, text: str) -> bool:
    """True when it was not, or not only, the answer that was asked for."""
    state, tool = talk.state, talk.tool
    item = item_slot(tool) if tool else None
    if not state.needed or tool is None or item is None or not builds(tool):
        return False
    if item.name == state.needed:
        return False
    if intents.is_question(text):
        asks = _WHICH.search(lower(text)) and not goods.dishes(text, talk.request.business)
        if asks:
            steps.repeat(talk)
        return bool(asks)
    return _other(talk, text, str(state.filled.get(item.name, ""))) or (
        _count(talk, text) or _extras(talk, text)
    )


def _extras(talk: Talk, text: str) -> bool:
    """ "A large one with olives", "with olives": what is in it, and perhaps the answer before it."""
    state, tool = talk.state, talk.tool
    assert tool is not None
    slot, match = portions.extras_slot(tool), _TAIL.search(lower(tidy(text)))
    if slot is None or match is None or slot.name == state.needed or slot.kind == "list":
        return False
    state.filled[slot.name] = ", ".join(filter(None, [state.filled.get(slot.name, ""), match[0]]))
    if match.start():
        return False
    state.choices, state.stage = [], ""
    filling.carry_out(talk, tool)
    return True


def _other(talk: Talk, text: str, current: str) -> bool:
    """ "A large diavola", where it was asked how large the margherita shall be: it is added, and the
    question comes again. "No, a diavola" takes the place of it."""
    state, business = talk.state, talk.request.business
    said = goods.dishes(text, business) - goods.dishes(current, business)
    offered = " ".join(choice.label for choice in state.choices)
    adding = for_aim(talk.usable, ADD)
    deed = aims(text, business)[:1]
    if not said or not adding or said <= goods.dishes(offered, business):
        return False
    if deed and deed[0] not in {ADD, CHANGE}:
        return False
    plain = lower(tidy(text))
    if not (_INSTEAD.search(plain) or is_correction(plain)):
        why = state.question
        why = why if why.startswith('For "') else f'For "{current}": {why}'
        waits = Task(state.tool, dict(state.filled), state.needed, why, list(state.choices))
        state.waiting.insert(0, waits)
    waiting = state.waiting
    talk.state = state.kept()
    talk.state.waiting = waiting
    tasks.open_task(talk, adding[0], _INSTEAD.sub(" ", plain))
    filling.advance(talk)
    return True


def _count(talk: Talk, text: str) -> bool:
    """ "Two large ones", "500": how many, and perhaps the answer beside it."""
    state, tool = talk.state, talk.tool
    assert tool is not None
    slot, item = wordings.count_slot(tool), item_slot(tool)
    part = counted(remainder(text) or text)
    if slot is None or item is None or part.count is None or part.count < 2:
        return False
    if not part.words and part.count <= len(state.choices):
        return False  # the second of the list
    if slot.problems(part.count):
        state.filled[item.name] = f"{part.count} {state.filled.get(item.name, '')}".strip()
        state.filled.pop(slot.name, None)
    else:
        state.filled[slot.name] = part.count
    if part.words:
        return False  # the rest is the answer
    state.choices, state.stage = [], ""
    filling.carry_out(talk, tool)
    return True
