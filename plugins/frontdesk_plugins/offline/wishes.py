"""Wishes about a booking that exists: to change it, to cancel it, to hear of it. They never start
a new booking: where no tool can do it, the model says so."""

import re
from typing import Literal

import msgspec

from frontdesk.tools import Tool
from frontdesk_plugins.offline import answers, choices, goods, intents, numbers, reader, staff
from frontdesk_plugins.offline.aims import Aim, aims
from frontdesk_plugins.offline.english import features
from frontdesk_plugins.offline.reading import is_correction, lower, tidy
from frontdesk_plugins.offline.roles import acts, for_aim, roles
from frontdesk_plugins.offline.slots import slots_of, words_of
from frontdesk_plugins.offline.state import Talk

Wish = Literal["", "change", "cancel", "find"]

_NOUN = re.compile(r"\b(?P<noun>booking|reservation|appointment)s?\b")
_RESTATED = re.compile(
    r"^\W*(?:(?:oh|sorry|wait|no|and|but|ok|okay|actually|hi|hello|so|well|please)\b\W*)*"
    r"(?:(?:we|it|there)(?:'re|'ll be|'s| are| is| will be)|we(?:re| will be|ll be))\b"
)
""" "We are 5", of a booking for another number."""
_MOVES_IT = re.compile(
    r"\b(?:push|move|shift|bring|put|change) (?:it|that|this)\b.*\b(?:back|forward|earlier|later)\b"
)
""" "Push it back an hour": no question about opening hours."""
_VERBS: dict[str, str] = {"change": "change", "cancel": "cancel", "find": "look up"}


def wish(talk: Talk, text: str) -> Wish:
    """What the customer wants of a booking that exists; empty for all other messages."""
    found = aims(text)
    for wanted in ("change", "cancel", "find"):
        if found[:1] == (Aim(wanted, "booking"),):
            return wanted
    if not _is_done(talk) or talk.state.begun or _is_of_other(talk, text, found):
        return ""
    changes = "change" in features(lower(tidy(text)))
    return "change" if changes or _corrects(talk, text) else ""


def _is_of_other(talk: Talk, text: str, found: tuple[Aim, ...]) -> bool:
    """It is after something else than the booking that was made. Where nothing is named that is
    sold, to change "it" is about no order."""
    if goods.named(text, goods.goods(talk.request.business).items):
        return True
    if "order" in features(lower(tidy(text))):
        return True
    if _MOVES_IT.search(lower(tidy(text))):
        return False
    return bool(set(found) - {Aim("change", "order"), Aim("add", "order")})


def _is_done(talk: Talk) -> bool:
    """A booking was made, and nothing else has begun since."""
    return talk.state.done in talk.tools and not talk.state.tool


def _corrects(talk: Talk, text: str) -> bool:
    """ "Can we make it 8 instead?", "we are 5", when the booking is made already."""
    done = talk.tools[talk.state.done]
    plain = lower(tidy(text))
    found = reader.read(text, slots_of(done), talk.context)
    if _RESTATED.match(plain):
        return any(slot.is_people and slot.name in found for slot in slots_of(done))
    if not is_correction(plain) or not (found or numbers.alone(plain)):
        return False
    others = [tool for tool in talk.usable if not any(r.thing == "order" for r in roles(tool))]
    ranked = intents.rank(text, others)
    if not ranked or ranked[0][0] < intents.ENOUGH or ranked[0][1] == done.name:
        return True
    return any(role.deed == "change" for role in roles(talk.tools[ranked[0][1]]))


def has_reference(talk: Talk, tool: Tool, text: str) -> bool:
    """The booking that is meant is known, or the message names it; or the tool needs no reference."""
    needed = {s.name for s in slots_of(tool) if s.required and s.kind in {"code", "pattern"}}
    said = reader.read(text, slots_of(tool), talk.context).keys() if needed else set[str]()
    return not needed or bool(needed & (talk.state.known.keys() | said))


def of_draft(talk: Talk, wanted: Wish, text: str) -> bool:
    """To change or cancel "my booking" while one is being made, and none is known that exists."""
    if wanted not in {"change", "cancel"} or not is_making(talk):
        return False
    tool = tool_for(talk, wanted, text)
    return tool is None or not has_reference(talk, tool, text)


def drops_draft(talk: Talk, text: str) -> bool:
    """ "Cancel my booking", where only one that is being made can be meant."""
    if is_making(talk) and "bare_cancel" in features(lower(tidy(text))):
        return True
    wanted = wish(talk, text)
    return wanted == "cancel" and of_draft(talk, wanted, text)


def say_unknown(talk: Talk, tool: Tool, text: str) -> None:
    """Before a reference is asked for: why, and what to do without it."""
    if has_reference(talk, tool, text) or staff.person_tool(talk) is None:
        return
    chat = "There is no other booking" if talk.state.made else "Nothing was booked"
    talk.say(
        f"{chat} in this chat: I need the reference of the booking, and the name or telephone "
        'number on it. If you have lost it, say "person" and I get somebody who can look.'
    )


def is_making(talk: Talk) -> bool:
    """A booking is being made."""
    return talk.tool is not None and any(
        role.deed == "make" and role.thing == "booking" for role in roles(talk.tool)
    )


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
