"""The widget's WebSocket, exactly as pinned: its frames, what is replayed, and why it is closed."""

import asyncio
import json
from typing import Any

import pytest
import websockets
from support import Visitor
from support_wire import Site, frames, limits, site, visitor

from frontdesk.testing import Call

__all__ = ["limits", "site", "visitor"]  # fixtures


async def test_the_socket_sends_exactly_the_pinned_frames(site: Site, visitor: Visitor) -> None:
    site.model.then(["Let me look.", Call("get_hours")], "Until ten.")
    async with site.socket(visitor) as socket:
        assert socket.subprotocol == "frontdesk.v1"
        assert (await frames(socket, "sync"))[-1]["data"] == {"lastSeq": 0}
        await socket.send(json.dumps({"event": "typing_start", "data": {}}))
        await socket.send(json.dumps({"event": "who knows", "data": {}}))
        await socket.send(
            json.dumps({"event": "send_message", "data": {"content": "hours?", "clientId": "c"}})
        )
        got = await frames(socket, "response_complete")
        got += [json.loads(await socket.recv())]
    by_name: dict[str, list[dict[str, Any]]] = {}
    for one in got:
        by_name.setdefault(one["event"], []).append(one)
    assert set(by_name) == {
        "ack", "message", "typing", "response_chunk", "action_performed", "response_complete",
    }  # fmt: skip
    assert by_name["ack"][0]["data"]["clientId"] == "c"
    assert [f["data"] for f in by_name["typing"]] == [
        {"isTyping": True, "isHuman": False}, {"isTyping": False, "isHuman": False},
    ]  # fmt: skip
    chunks = [f["data"] for f in by_name["response_chunk"]]
    assert all(c["conversationId"] == visitor.id for c in chunks)
    assert "".join(c["chunk"] for c in chunks) == "Let me look.\n\nUntil ten."
    offset = 0
    for chunk in chunks:
        assert chunk["offset"] == offset
        offset += len(chunk["chunk"])
    action = by_name["action_performed"][0]
    assert action["data"]["type"] == "get_hours"
    assert isinstance(action["seq"], int)
    complete = by_name["response_complete"][0]["data"]
    assert complete["content"] == "Let me look.\n\nUntil ten."
    assert [a["type"] for a in complete["actions"]] == ["get_hours"]
    assert complete["handedOff"] is False
    order = [f["event"] for f in got]
    assert order.index("action_performed") < order.index("response_complete")


async def test_a_socket_replays_what_it_missed(site: Site, visitor: Visitor) -> None:
    site.model.then("One.", "Two.")
    await visitor.say("first")
    middle = (await visitor.history())["lastSeq"]
    await visitor.say("second")
    async with site.socket(visitor, after=middle) as socket:
        got = await frames(socket, "sync")
    assert [(f["event"], f["data"].get("content")) for f in got[:-1]] == [
        ("message", "second"), ("response_complete", "Two."),
    ]  # fmt: skip
    assert got[-1]["data"]["lastSeq"] == got[-2]["seq"]


async def test_a_socket_that_joins_in_the_middle_gets_the_text_from_its_start(
    site: Site, visitor: Visitor
) -> None:
    site.model.pause = asyncio.Event()
    site.model.then("A long reply.")
    sending = asyncio.create_task(visitor.stream("x"))
    while not site.model.requests:
        await asyncio.sleep(0.001)
    async with site.socket(visitor) as socket:
        await frames(socket, "sync")
        site.model.pause.set()
        got = await frames(socket, "response_complete")
    await sending
    assert "".join(f["data"]["chunk"] for f in got if f["event"] == "response_chunk") in (
        "A long reply.", " long reply.",  # the first word may have come before the sync
    )  # fmt: skip
    assert got[-1]["data"]["content"] == "A long reply."


CLOSES = [
    ("token", 4401), ("no token", 4401), ("foreign", 4404), ("unknown", 4404), ("after", 4400),
]  # fmt: skip


@pytest.mark.parametrize(("what", "code"), CLOSES)
async def test_sockets_are_refused_with_a_code(
    site: Site, visitor: Visitor, what: str, code: int
) -> None:
    other = await Visitor.arrive(site.http, "restaurant")
    protocols = {
        "token": ["frontdesk.v1", "nonsense"], "no token": ["frontdesk.v1"],
        "foreign": ["frontdesk.v1", other.token],
    }.get(what, ["frontdesk.v1", visitor.token])  # fmt: skip
    path = "/widget/conversations/unknown" if what == "unknown" else visitor.path
    after = "x" if what == "after" else "0"
    url = site.url.replace("http", "ws") + f"{path}/ws?after={after}"
    async with websockets.connect(url, subprotocols=protocols) as socket:  # type: ignore[arg-type]
        with pytest.raises(websockets.ConnectionClosed) as closed:
            await socket.recv()
    assert closed.value.rcvd is not None
    assert closed.value.rcvd.code == code
    assert closed.value.rcvd.reason


async def test_bad_frames(site: Site, visitor: Visitor) -> None:
    async with site.socket(visitor) as socket:
        await frames(socket, "sync")
        for bad in (
            "no json",
            "[]",
            '{"data":{}}',
            '{"event":"send_message","data":{"content":5}}',
        ):
            await socket.send(bad)
            assert json.loads(await socket.recv())["event"] == "error"
        await socket.send("again")
        with pytest.raises(websockets.ConnectionClosed) as closed:
            await socket.recv()
    assert closed.value.rcvd is not None
    assert closed.value.rcvd.code == 4400
    async with site.socket(visitor) as socket:
        await frames(socket, "sync")
        await socket.send("x" * 70_000)
        with pytest.raises(websockets.ConnectionClosed) as closed:
            await socket.recv()
    assert closed.value.rcvd is not None
    assert closed.value.rcvd.code == 1009
