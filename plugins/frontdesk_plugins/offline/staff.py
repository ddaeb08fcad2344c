"""A person of the business who takes over."""

import re

import msgspec

from frontdesk.tools import Tool
from frontdesk_plugins.offline.aims import aims
from frontdesk_plugins.offline.roles import MESSAGE, PERSON, for_aim, roles
from frontdesk_plugins.offline.state import State, Talk

_ASKS = re.compile(r"(?i)\b(?:person|human|menschen|persona|personne)\b[^.?!]*\?\s*$")
"""In the languages of the businesses."""
OFFER = "Shall I get a person to help you?"


def wants_person(text: str) -> bool:
    return aims(text)[:1] == (PERSON,)


def person_tool(talk: Talk) -> Tool | None:
    return next(iter(for_aim(talk.usable, PERSON)), None)


def message_tool(talk: Talk) -> Tool | None:
    return next(iter(for_aim(talk.usable, MESSAGE)), None)


def offer(talk: Talk, question: str = "", *, keeps: bool = True) -> bool:
    """A person instead of a third "I did not understand"; what is under way waits, or is left with
    `keeps` off. False when no tool can fetch one."""
    tool = person_tool(talk)
    if tool is None:
        return False
    state = talk.state
    paused = state if state.tool or state.choices else State()
    talk.state = state.kept()
    if keeps and (paused.tool or paused.choices):
        talk.state.paused = msgspec.to_builtins(paused)
    talk.state.tool, talk.state.stage = tool.name, "offer"
    talk.state.misses = 0
    talk.say(question or f"{OFFER} Please say yes or no.")
    return True


def offered(tool: Tool) -> str:
    """The question whether the tool is to be begun."""
    if MESSAGE in roles(tool):
        return "Shall I take a message?"
    return OFFER if PERSON in roles(tool) else "Shall I go on with it?"


def takes_message(talk: Talk) -> bool:
    """A message was offered: what is said instead of a yes is the message."""
    return talk.state.stage == "offer" and talk.tool is not None and MESSAGE in roles(talk.tool)


def expect_answer(talk: Talk) -> None:
    """A tool's own words asked whether to ask a person: a yes to that counts."""
    state = talk.state
    if not (state.stage or state.tool or state.choices) and _ASKS.search(talk.said[-1]):
        state.stage = "person" if person_tool(talk) else ""


def offer_message(talk: Talk) -> bool:
    """Nobody may come: a yes to what was said of that begins a message."""
    tool = message_tool(talk)
    if tool:
        talk.state.tool, talk.state.stage = tool.name, "offer"
    return tool is not None
