"""What is free, and what else is when it is not."""

from frontdesk.tools import Tool
from frontdesk_plugins.offline import choices, filling, roles
from frontdesk_plugins.offline.outcomes import Outcome
from frontdesk_plugins.offline.questions import sentence
from frontdesk_plugins.offline.slots import slots_of
from frontdesk_plugins.offline.state import Talk


def is_free(talk: Talk, outcome: Outcome) -> bool:
    """Unknown forms of answers count as free: the tool itself has the last word."""
    if outcome.is_error:
        return False
    if outcome.available is not None:
        return outcome.available
    if not outcome.alternatives:
        return True
    offered = choices.alternatives(talk, outcome.alternatives, talk.slots)
    filled = talk.state.filled
    return not offered or any(
        all(filled.get(key) == value for key, value in one.fields.items()) for one in offered
    )


def unavailable(talk: Talk, outcome: Outcome) -> None:
    """Not possible: say why, and offer what is."""
    offered = choices.alternatives(talk, outcome.alternatives, talk.slots)
    why = sentence(outcome.message) or "Sorry, that is not available."
    if offered:
        choices.offer(talk, offered, f"{why} Would one of these suit you?")
        talk.state.asked = ""
        return
    talk.say(why)
    filling.advance(talk)


def follow_up(talk: Talk) -> Tool | None:
    """The tool for which this one checks."""
    needed = {slot.name for slot in talk.slots if slot.required}
    fitting = [
        tool
        for tool in talk.usable
        if roles.acts(tool) and needed and needed <= _required(tool) and not _is_of_others(tool)
    ]
    return max(fitting, key=lambda tool: (_makes(tool), tool.confirm), default=None)


def _required(tool: Tool) -> set[str]:
    return {slot.name for slot in slots_of(tool) if slot.required}


def _makes(tool: Tool) -> bool:
    return any(role.deed == "make" for role in roles.roles(tool))


def _is_of_others(tool: Tool) -> bool:
    """Waiting, moving and cancelling are no bookings."""
    return any(role.deed in {"join", "change", "cancel"} for role in roles.roles(tool))


def offer_next(talk: Talk, outcome: Outcome) -> None:
    """ "It is free: shall I book it?" """
    following = follow_up(talk)
    assert following is not None
    state = talk.state
    known = choices.carried(talk, following.name)
    names = {slot.name for slot in talk.slots}
    state.tool, state.filled, state.asked, state.stage = following.name, known, "", "offer"
    filling.fill(talk, state.topic, only_new=True)
    filling.mark_checked(talk, names, free=bool(outcome.available))
    if not outcome.available:
        unavailable(talk, outcome)
        return
    offered = choices.alternatives(talk, outcome.alternatives, talk.slots)
    if len(offered) > 1:
        choices.offer(talk, offered, "These are free. Which one would you like?")
        return
    text = sentence(outcome.message) or "Good news: that is available."
    talk.say(f"{text} Shall I book it for you?")
