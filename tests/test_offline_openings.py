"""Which tool the offline model takes for what customers say first, with the restaurant pack."""

import json
import tomllib
from importlib.resources import files
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import msgspec
import pytest
from support_offline import NOON

from frontdesk.model import Message, ModelReply, ModelRequest, Situation, Text
from frontdesk.testing import read_toml
from frontdesk.tools import Tool
from frontdesk_plugins.offline import Offline
from frontdesk_plugins.offline.aims import Aim, aims
from frontdesk_plugins.offline.roles import acts, roles

PACK = files("frontdesk_packs.restaurant")
BUSINESS = read_toml((PACK / "business.example.toml").read_text())
NOW = NOON.astimezone(ZoneInfo("America/New_York"))
PHRASES: list[dict[str, list[str]]] = tomllib.loads(
    (Path(__file__).parent / "data" / "offline_openings.toml").read_text(encoding="utf-8")
)["group"]


def read_tool(text: str) -> Tool:
    declared: dict[str, Any] = json.loads(text)
    return msgspec.convert({k: v for k, v in declared.items() if not k.startswith("$")}, Tool)


TOOLS = tuple(
    read_tool(file.read_text())
    for file in sorted((PACK / "tools").iterdir(), key=lambda file: file.name)
)
ACTING = {tool.name for tool in TOOLS if acts(tool)}


async def taken(text: str) -> str:
    """The tool that a first message leads to; "answer", "none" or "asks" without one."""
    request = ModelRequest(
        tools=TOOLS, system=(), max_tokens=500, business=BUSINESS, now=NOW, conversation="c1",
        messages=(Message("user", (Situation("Sunday"), Text(text))),),
    )  # fmt: skip
    reply = [part async for part in Offline().stream(request)][-1]
    assert isinstance(reply, ModelReply)
    assert reply.opaque
    state = reply.opaque.data
    if state.get("tool"):
        # A check that comes before a booking is a part of it.
        return str(state["tool"])
    if reply.calls:
        return reply.calls[0].name
    if state.get("choices"):
        return "asks"
    unknown = ("did not understand", "What can I do", "automated assistant", "welcome")
    return "none" if any(words in reply.text for words in unknown) else "answer"


@pytest.mark.parametrize("kind", ["seen", "unseen", "later"])
async def test_the_right_tool_for_what_customers_say(kind: str) -> None:
    count, missed, harmful = 0, list[str](), list[str]()
    for group in PHRASES:
        for phrase in group.get(kind, []):
            count += 1
            tool = await taken(phrase)
            if tool not in group["tools"]:
                missed.append(f"{phrase!r}: {tool}")
                harmful += [phrase] if tool in ACTING else []
    assert count > 100
    assert len(missed) <= 0.05 * count, missed
    assert len(harmful) <= 0.01 * count, harmful


@pytest.mark.parametrize("tool", TOOLS, ids=lambda tool: tool.name)
async def test_a_tools_own_examples_lead_to_it(tool: Tool) -> None:
    for example in tool.examples:
        assert await taken(example) in {tool.name, "answer"}, example


@pytest.mark.parametrize(
    ("text", "deed", "thing"),
    [
        ("cancel my booking", "cancel", "booking"), ("cancel my order", "cancel", "order"),
        ("I can't make it tonight", "cancel", "booking"), ("checkout", "confirm", "order"),
        ("where is my booking", "find", "booking"), ("where is my order", "status", "order"),
        ("take the coke off my order", "remove", "order"), ("move my table", "change", "booking"),
        ("let me know if a table frees up", "join", "waitlist"), ("menu", "show", "offer"),
        ("call me back please", "take", "message"), ("a human please", "hand", "person"),
        ("do you have a table tonight", "check", "availability"),
        ("I'd like a table", "make", "booking"), ("what can I book?", "show", "service"),
    ],
)  # fmt: skip
def test_what_a_message_is_after(text: str, deed: Any, thing: Any) -> None:
    assert aims(text)[0] == Aim(deed, thing)


def test_what_a_tool_is_for() -> None:
    """By its name; without words that are known, by what customers say for it."""

    def of(name: str, about: str, *examples: str) -> list[tuple[str, str]]:
        tool = Tool(
            name=name, description=about, action=name, input_schema={}, examples=examples
        )  # fmt: skip
        return [(role.deed, role.thing) for role in roles(tool)]

    assert of("cancel_reservation", "") == [("cancel", "booking")]
    assert of("escalate", "Gets help.", "I want a human", "let me talk to someone") == [
        ("hand", "person")
    ]
    assert of("freeze_membership", "Freezes a membership.", "freeze my membership") == []


@pytest.mark.parametrize(
    "text",
    ["set an alarm for six", "change your accent", "cancel my todo list", "put laundry on my list",
     "turn the tv on", "I want to report a stolen card", "create a reminder", "call my mother",
     "I don't know", "make the male voice", "remove my account"],
)  # fmt: skip
async def test_what_nobody_here_does_begins_nothing(text: str) -> None:
    assert await taken(text) not in ACTING
