"""A person of the business who takes over."""

import msgspec

from frontdesk.tools import Tool
from frontdesk_plugins.offline.aims import aims
from frontdesk_plugins.offline.roles import MESSAGE, PERSON, for_aim, roles
from frontdesk_plugins.offline.state import State, Talk

OFFER = "Shall I get a person to help you?"


def wants_person(text: str) -> bool:
    return aims(text)[:1] == (PERSON,)


def person_tool(talk: Talk) -> Tool | None:
    return next(iter(for_aim(talk.usable, PERSON)), None)


def offer(talk: Talk) -> bool:
    """A person instead of a third "I did not understand"; what is under way waits. False when no
    tool can fetch one."""
    tool = person_tool(talk)
    if tool is None:
        return False
    state = talk.state
    paused = state if state.tool or state.choices else State()
    talk.state = state.kept()
    if paused.tool or paused.choices:
        talk.state.paused = msgspec.to_builtins(paused)
    talk.state.tool, talk.state.stage = tool.name, "offer"
    talk.state.misses = 0
    talk.say(f"{OFFER} Please say yes or no.")
    return True


def offered(tool: Tool) -> str:
    """The question whether the tool is to be begun."""
    if MESSAGE in roles(tool):
        return "Shall I take a message?"
    return OFFER if PERSON in roles(tool) else "Shall I go on with it?"


def takes_message(talk: Talk) -> bool:
    """A message was offered: what is said instead of a yes is the message."""
    return talk.state.stage == "offer" and talk.tool is not None and MESSAGE in roles(talk.tool)


def offer_message(talk: Talk) -> None:
    """Nobody may come: a yes to what was said of that begins a message."""
    tool = next(iter(for_aim(talk.usable, MESSAGE)), None)
    if tool:
        talk.state.tool, talk.state.stage = tool.name, "offer"
