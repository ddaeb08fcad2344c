"""Staff take over and hand back: nothing of the assistant after them, and nothing lost for it."""

import asyncio
import json
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from support import make_database
from support_inbox import Office, office_on

from frontdesk.model import ModelRequest, Situation, Text
from frontdesk.testing import Call


@pytest.fixture
async def both(database_url: str) -> AsyncIterator[Office]:
    """On SQLite and on Postgres."""
    async with office_on(database_url) as served:
        yield served


def words(request: ModelRequest) -> list[tuple[str, str]]:
    """(role, text) of everything that the model reads, without the situation of now."""
    return [
        (message.role, block.text)
        for message in request.messages
        for block in message.blocks
        if isinstance(block, Text | Situation) and not block.text.startswith("Local time")
    ]


async def frames_until(socket: Any, event: str) -> list[dict[str, Any]]:
    frames: list[dict[str, Any]] = []
    async with asyncio.timeout(15):
        while not frames or frames[-1]["event"] != event:
            frames.append(json.loads(await socket.recv()))
    return frames


async def test_in_the_middle_of_a_reply_over_sse(both: Office) -> None:
    ana = await both.member("Ana")
    visitor = await both.visitor()
    both.model.pause = asyncio.Event()
    both.model.then("The assistant speaks on and on.")
    events: list[dict[str, Any]] = []
    async with both.http.stream(
        "POST", f"{visitor.path}/messages/stream", json={"content": "hi"}, headers=visitor.headers
    ) as answer:
        async for line in answer.aiter_lines():
            if not line.startswith("data: "):
                continue
            events.append(json.loads(line[6:]))
            if len(events) == 1:
                assert events[0] == {"type": "chunk", "content": "The"}
                await ana.do("take_over", visitor.id)
                both.model.pause.set()
    assert [event["type"] for event in events] == ["chunk", "restart", "done"]
    assert events[-1] == {"type": "done", "messageId": None, "handedOff": True}
    await ana.do("reply", visitor.id, text="Ana here.", clientId="k")
    history = (await visitor.history())["messages"]
    assert [(m["role"], m["content"]) for m in history] == [
        ("customer", "hi"), ("system", "Ana joined the conversation."), ("staff", "Ana here."),
    ]  # fmt: skip


async def test_in_the_middle_of_a_reply_over_websocket(both: Office) -> None:
    ana = await both.member("Ana")
    visitor = await both.visitor()
    both.model.pause = asyncio.Event()
    both.model.then(["The assistant speaks on and on.", Call("get_hours")])
    async with both.socket(visitor) as socket, ana.console() as console:
        await console.send("open", conversation=visitor.id, after=0)
        await console.next("viewing")
        message = {"event": "send_message", "data": {"content": "hi"}}
        await socket.send(json.dumps(message))
        await frames_until(socket, "response_chunk")
        await console.next("chunk")
        await ana.do("take_over", visitor.id)
        joined = await frames_until(socket, "human_joined")
        assert joined[-1]["data"] == {"agentName": "Ana"}
        assert "response_restart" in [frame["event"] for frame in joined]
        both.model.pause.set()
        await console.next("restart")
        await ana.do("reply", visitor.id, text="Ana here.", clientId="k")
        after = await frames_until(socket, "message")
        assert [frame["event"] for frame in after] == ["message"]
        assert after[0]["data"]["content"] == "Ana here."
        await socket.send(json.dumps({"event": "send_message", "data": {"content": "thanks"}}))
        await frames_until(socket, "ack")
        both.model.pause = None
        both.model.then("Back with you.")
        await ana.do("hand_back", visitor.id)
        back = await frames_until(socket, "response_complete")
        events = [frame["event"] for frame in back if frame["event"] != "typing"]
        assert events[0] == "message"  # their own
        assert events[1] == "human_left"
        assert back[-1]["data"]["content"] == "Back with you."
    # `office_on` asserts that the model got no illegal history.


async def test_taken_over_at_another_node(postgres: str) -> None:
    """The node that speaks learns of it when it renews its lease, and before the customer does."""
    url = await make_database(postgres, f"t{uuid4().hex}")
    async with office_on(url) as here, office_on(url) as there:
        ana = await there.member("Ana")
        visitor = await here.visitor()
        here.model.pause = asyncio.Event()
        here.model.then("The assistant speaks on and on.")
        async with here.socket(visitor) as socket:
            message = {"event": "send_message", "data": {"content": "hi"}}
            await socket.send(json.dumps(message))
            await frames_until(socket, "response_chunk")
            await ana.do("take_over", visitor.id)
            frames = await frames_until(socket, "human_joined")
            assert "response_restart" in [frame["event"] for frame in frames]
            here.model.pause.set()
            await ana.do("reply", visitor.id, text="Ana here.", clientId="k")
            after = await frames_until(socket, "message")
            assert [frame["event"] for frame in after] == ["message"]
        roles = [m["role"] for m in (await visitor.history())["messages"]]
        assert roles == ["customer", "system", "staff"]


async def test_handed_back_the_assistant_knows_what_was_said(both: Office) -> None:
    ana = await both.member("Ana")
    visitor = await both.visitor()
    both.model.then("Hello.")
    await visitor.say("hi")
    await ana.do("take_over", visitor.id)
    await visitor.say("is the terrace free?")
    await ana.do("note", visitor.id, text="for colleagues only")
    await ana.do("reply", visitor.id, text="It is.", clientId="k1")
    await visitor.say("then book it")
    both.model.then("I'll book the terrace.")
    last = (await visitor.history())["lastSeq"]
    async with both.socket(visitor, after=last) as socket:
        await ana.do("hand_back", visitor.id, note="give them table 5")
        await frames_until(socket, "response_complete")
    read = words(both.model.requests[-1])
    meanwhile = (
        "Since your last reply, without you:\nCustomer: is the terrace free?\nAna: It is.\n"
        "Note of Ana for you alone: give them table 5"
    )
    assert read == [
        ("user", "hi"),
        ("assistant", "Hello."),
        ("user", meanwhile),
        ("user", "then book it"),
    ]
    history = (await visitor.history())["messages"]
    assert [m["content"] for m in history][-2:] == [
        "Ana left the conversation.", "I'll book the terrace.",
    ]  # fmt: skip
    assert "table 5" not in str(history)
    both.model.then("Yes.")
    await visitor.say("and at eight?")  # it is told once
    assert str(words(both.model.requests[-1])).count("table 5") == 1


async def test_a_note_waits_for_the_next_question(both: Office) -> None:
    """Nothing is left to answer when it is handed back."""
    ana = await both.member("Ana")
    visitor = await both.waiting()
    await ana.do("accept", visitor.id)
    await ana.do("reply", visitor.id, text="Done.", clientId="k1")
    asked = len(both.model.requests)
    await ana.do("hand_back", visitor.id, note="they are a regular")
    both.model.then("Good evening.")
    await visitor.say("good evening")
    assert len(both.model.requests) == asked + 1
    assert "they are a regular" in str(words(both.model.requests[-1]))


async def test_taken_over_while_it_was_queued_is_accepted(both: Office) -> None:
    ana, ben = await both.member("Ana"), await both.member("Ben")
    visitor = await both.waiting()
    got = await ana.do("take_over", visitor.id)
    assert got["conversation"]["agent"]["name"] == "Ana"
    late = await ben.try_to("take_over", visitor.id)
    assert (late.status_code, late.json()["agentName"]) == (409, "Ana")


async def test_who_only_snoozed_it_does_not_come_again(both: Office) -> None:
    ana = await both.member("Ana")
    visitor = await both.waiting()
    await ana.do("accept", visitor.id)
    until = (datetime.now(UTC) + timedelta(hours=1)).isoformat()
    await ana.do("snooze", visitor.id, until=until)
    await visitor.say("me again")
    await ana.do("snooze", visitor.id, until=until)
    await ana.do("reopen", visitor.id)
    async with both.socket(visitor) as socket:
        await ana.do("resolve", visitor.id)
        live = await frames_until(socket, "human_left")
    assert [frame["event"] for frame in live].count("human_joined") == 1
    history = (await visitor.history())["messages"]
    assert [m.get("joined") or m.get("left") for m in history if m["role"] == "system"] == [
        "Ana", "Ana",
    ]  # fmt: skip


async def test_a_reload_shows_who_came_and_went(both: Office) -> None:
    ana = await both.member("Ana")
    visitor = await both.waiting()
    async with both.socket(visitor) as socket:
        await ana.do("accept", visitor.id)
        await ana.do("resolve", visitor.id)
        live = await frames_until(socket, "human_left")
    history = (await visitor.history())["messages"]
    shown = [(m["seq"], m.get("joined"), m.get("left")) for m in history if m["role"] == "system"]
    joined = next(frame for frame in live if frame["event"] == "human_joined")
    assert shown == [(joined["seq"], "Ana", None), (live[-1]["seq"], None, "Ana")]
