"""Wishes about a booking that exists: to change it, to cancel it, to hear of it. They never start
a new booking: where no tool can do it, the model says so."""

import re
from typing import Literal

import msgspec

from frontdesk.tools import Tool
from frontdesk_plugins.offline import answers, choices, goods, intents, numbers, reader
from frontdesk_plugins.offline.aims import Aim, aims
from frontdesk_plugins.offline.english import features
from frontdesk_plugins.offline.reading import is_correction, lower, tidy
from frontdesk_plugins.offline.roles import acts, for_aim, roles
from frontdesk_plugins.offline.slots import slots_of, words_of
from frontdesk_plugins.offline.state import Talk

Wish = Literal["", "change", "cancel", "find"]

_NOUN = re.compile(r"\b(?P<noun>booking|reservation|appointment)s?\b")
_VERBS: dict[str, str] = {"change": "change", "cancel": "cancel", "find": "look up"}


def wish(talk: Talk, text: str) -> Wish:
    """What the customer wants of a booking that exists; empty for all other messages."""
    found = aims(text)
    for wanted in ("change", "cancel", "find"):
        if found[:1] == (Aim(wanted, "booking"),):
            return wanted
    if not _is_done(talk) or talk.state.begun:
        return ""
    changes = "change" in features(lower(tidy(text))) and not found
    return "change" if changes or _corrects(talk, text) else ""


def _is_done(talk: Talk) -> bool:
    """A booking was made, and nothing else has begun since."""
    return talk.state.done in talk.tools and not talk.state.tool


def _corrects(talk: Talk, text: str) -> bool:
    """ "Can we make it 8 instead?", when the booking is made already."""
    done = talk.tools[talk.state.done]
    plain = lower(tidy(text))
    values = reader.read(text, slots_of(done), talk.context) or numbers.alone(plain)
    if not is_correction(plain) or not values:
        return False
    if goods.named(text, goods.goods(talk.request.business).items):
        return False
    ranked = intents.rank(text, talk.usable)
    return not ranked or ranked[0][0] < intents.ENOUGH or ranked[0][1] == done.name


def tool_for(talk: Talk, wanted: Wish, text: str) -> Tool | None:
    """The tool that says of itself that it does this."""
    fitting = for_aim(talk.usable, Aim(wanted, "booking")) if wanted else []
    if wanted == "find":
        fitting = fitting or [tool for tool in talk.usable if _finds(tool)]
    elif not fitting:
        fitting = [
            tool
            for tool in talk.usable
            if wanted in intents.about(tool) and not any(r.thing == "order" for r in roles(tool))
        ]
    ranked = intents.rank(text, fitting) if len(fitting) > 1 else []
    return talk.tools[ranked[0][1]] if ranked else fitting[0] if fitting else None


def _finds(tool: Tool) -> bool:
    """It tells of bookings and needs nothing that only a new booking has."""
    said = " ".join([*words_of(tool.name), lower(tool.description.split(".")[0])])
    if tool.confirm or not _NOUN.search(said) or intents.about(tool) & {"cancel", "change"}:
        return False
    needed = [slot.kind for slot in slots_of(tool) if slot.required]
    return not {"date", "time", "integer"} & set(needed)


def makes_bookings(tool: Tool) -> bool:
    """It acts, and at a date or a time."""
    return acts(tool) and any(slot.kind in {"date", "time"} for slot in slots_of(tool))


def is_draft(talk: Talk) -> bool:
    """What is under way is itself about a date or a time: "change" is a correction then."""
    return any(slot.kind in {"date", "time"} for slot in talk.slots)


def gives_up(talk: Talk, text: str) -> bool:
    """ "Cancel my booking" while one is being made, where no other can be cancelled."""
    wanted = wish(talk, text) if is_draft(talk) else ""
    return wanted == "cancel" and tool_for(talk, wanted, text) is None


def from_profile(talk: Talk, wanted: Wish, text: str) -> str:
    """The business's own word about it: an entry of its FAQ that names the deed."""
    business = talk.request.business
    faq = tuple(entry for entry in business.faq if wanted in intents.stems(entry.question))
    facts = {k: v for k, v in business.facts.items() if wanted in intents.stems(k)}
    own = msgspec.structs.replace(business, faq=faq, facts=facts)
    score, reply = answers.known(text, own)
    return reply if score >= answers.ENOUGH else ""


def decline(talk: Talk, wanted: Wish, text: str) -> None:
    """Say that it cannot be done here, and what can be done instead. Nothing is started."""
    cancel = tool_for(talk, "cancel", text) if wanted == "change" else None
    match, phone = _NOUN.search(lower(tidy(text))), talk.request.business.phone
    noun = match["noun"] if match else "booking"
    article = "an" if noun[0] == "a" else "a"
    text = f"I cannot {_VERBS[wanted]} {article} {noun} here."
    if cancel and any(makes_bookings(tool) for tool in talk.usable if tool is not cancel):
        call = f", or you can call us on {phone}" if phone else ""
        text += f" I can cancel it, and you can then book anew{call}."
        if not talk.state.tool:
            offer(talk, cancel)
            text += " Shall I cancel it?"
    elif phone:
        text += f" Please call us on {phone}."
    talk.say(text)


def offer(talk: Talk, tool: Tool) -> None:
    """Wait for a yes before the tool is begun."""
    state = talk.state
    state.filled = choices.carried(talk, tool.name)
    state.tool, state.stage, state.asked = tool.name, "offer", ""
