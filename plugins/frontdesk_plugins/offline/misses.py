"""Answers that were not understood: what was expected, and the ways out."""

import re

from frontdesk_plugins.offline import staff, tongues
from frontdesk_plugins.offline.questions import HONEST, hint, label
from frontdesk_plugins.offline.reading import lower, tidy
from frontdesk_plugins.offline.slots import Slot
from frontdesk_plugins.offline.state import Talk

_LACKING = re.compile(
    r"^\W*(?:no\b|nope|none|i (?:don'?t|do not) (?:know|have|remember)|i forgot|not sure)"
)
_LOST = re.compile(
    r"\b(?:lost|forgot(?:ten)?|cannot find|can'?t find|don'?t have|do not have|have no|haven'?t got"
    r"|don'?t know|do not know|don'?t remember|no idea|without)\b"
)
_REFERENCE = re.compile(r"\b(?:reference|booking (?:code|number)|confirmation (?:code|number))\b")
_MANY = 3
"""Misses in a row after which a person is offered."""
_REFERENCES = {"code", "pattern"}
"""Kinds of fields that customers may be unable to fill: then after one miss less."""


def sorry(talk: Talk) -> bool:
    """Say what was expected. True when a person is offered instead of the question once more."""
    state = talk.state
    state.misses += 1
    slot = talk.slot(state.asked) if state.stage == "ask" else None
    lost = slot is not None and slot.kind in _REFERENCES and bool(_LOST.search(_heard(talk)))
    text = _trouble(talk, slot, lost=lost)
    if lost or state.misses >= _MANY - (slot is not None and slot.kind in _REFERENCES):
        if staff.person_tool(talk):
            talk.say(text)
            return staff.offer(talk, keeps=not lost)
        phone = talk.request.business.phone
        call = f" or call us on {phone}" if phone else ""
        talk.say(f'{text} {HONEST} Say "never mind" to leave this{call}.')
        return False
    talk.say(f"{text} {way_out(talk)}" if state.misses > 1 else text)
    return False


def lost_reference(talk: Talk, text: str) -> bool:
    """Outside of any task: a person can look."""
    plain = lower(tidy(text))
    return bool(_LOST.search(plain) and _REFERENCE.search(plain)) and staff.offer(talk)


def _heard(talk: Talk) -> str:
    return lower(tidy(talk.state.topic))


def _trouble(talk: Talk, slot: Slot | None, *, lost: bool) -> str:
    """Why the answer does not do."""
    if foreign := tongues.foreign(talk.state.topic):
        return tongues.say("english_only", foreign)
    if slot and (lost or _LACKING.match(_heard(talk))):
        return f"I cannot go on without the {label(slot)}."
    if slot and slot.kind == "phone" and "@" in _heard(talk):
        return (
            f"That is an e-mail address, but I need {hint(slot).removeprefix('I was looking for ')}"
        )
    expected = hint(slot) if slot else ""
    if talk.state.stage == "confirm":
        expected = "Nothing is done yet."
    return f"Sorry, I did not understand that. {expected}".strip()


def way_out(talk: Talk) -> str:
    """What else can be said."""
    person = ', or "person" to get somebody' if staff.person_tool(talk) else ""
    return f'You can also say "never mind" to leave this{person}.'
