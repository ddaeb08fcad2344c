"""What did not work: asked again, offered otherwise, or left."""

import re

from frontdesk.tools import Tool
from frontdesk_plugins.offline import (
    choices,
    filling,
    flow,
    intents,
    manners,
    needs,
    offers,
    roles,
    staff,
)
from frontdesk_plugins.offline.outcomes import Outcome
from frontdesk_plugins.offline.questions import label, sentence
from frontdesk_plugins.offline.slots import Slot
from frontdesk_plugins.offline.state import Talk, Task

_MOST = 3
"""Refusals in a row of one task."""
_PERSON = re.compile(r"\b(?:person|staff|team|call us|please call)\b", re.IGNORECASE)


def reopen(talk: Talk, outcome: Outcome) -> None:
    """Ask again for the fields that the tool complained about."""
    for name, problem in outcome.problems.items():
        slot = talk.slot(name)
        talk.state.filled.pop(name, None)
        if slot and slot.required:
            talk.troubles[name] = f"That does not fit: {sentence(problem)}"
    if not talk.troubles or _gives_up(talk):
        talk.say("Sorry, that did not work.")
        talk.end()
        return
    filling.advance(talk)


def _gives_up(talk: Talk) -> bool:
    """The same has been refused again and again."""
    talk.state.failures += 1
    return talk.state.failures > _MOST


def failed(talk: Talk, tool: Tool, outcome: Outcome) -> None:
    required = [slot for slot in talk.slots if slot.required]
    why = sentence(outcome.message) or "Sorry, that did not work."
    talk.state.proposed = {}
    if slot := needs.field(tool, outcome):
        needs.ask(talk, needs.task(talk, Task(tool.name, talk.state.filled), slot, outcome))
    elif _gives_up(talk):
        talk.say(f"{why} {manners.call_us(talk)}".strip())
        talk.end()
        flow.resume(talk)
    elif outcome.alternatives:
        _turn_to_booking(talk, tool)
        names = {s.name for s in required if s.kind not in {"name", "phone", "email", "text"}}
        filling.mark_checked(talk, names, free=False)
        offers.unavailable(talk, outcome)
    elif proof := _proof(talk, why):
        talk.say(why)
        filling.ask(talk, proof)
    elif roles.builds(tool):
        talk.say(why)
        talk.end()
        flow.end(talk, building=True)
    elif len(required) == 1 and _is_guess(talk, required[0]):
        talk.state.filled.pop(required[0].name, None)
        talk.say(why)
        filling.ask(talk, required[0])
    elif len(required) > 1:
        talk.state.stage, talk.state.asked = "change", ""
        talk.say(f'{why} What should I change? Or say "never mind" to leave it.')
    else:
        talk.say(why)
        talk.end()
        if not (_PERSON.search(why) and staff.offer(talk)):
            flow.resume(talk)


def _is_guess(talk: Talk, slot: Slot) -> bool:
    """A reference that the customer typed, rather than one that a tool gave us."""
    typed = talk.state.filled.get(slot.name) != talk.state.known.get(slot.name)
    return slot.kind in {"code", "pattern"} and typed


def _turn_to_booking(talk: Talk, tool: Tool) -> None:
    """Who wanted to wait for a table is offered a free one: that is to be booked."""
    making = (
        offers.follow_up(talk) if any(role.deed == "join" for role in roles.roles(tool)) else None
    )
    if making:
        known = choices.carried(talk, making.name)
        talk.state.tool, talk.state.filled = making.name, known


def _proof(talk: Talk, why: str) -> Slot | None:
    """A field that may stay open, and that the refusal asks for: the name on the booking."""
    said = set(intents.stems(why, keep=True))
    for slot in talk.slots:
        named = {intents.stem(word) for word in (slot.kind, *label(slot).lower().split())}
        is_open = not slot.required and slot.name not in talk.state.filled
        if is_open and slot.kind in {"name", "phone", "email"} and said & named:
            return slot
    return None
