"""The widget's wire over HTTP, exactly as pinned: real server, real sockets."""

import asyncio
import json
import re
from pathlib import Path
from typing import Any

import httpx
import pytest
import websockets
from support import Visitor, read_sse, serving
from support_wire import Site, frames, limits, load, site, visitor

from frontdesk.testing import Call, ScriptedModel

__all__ = ["limits", "site", "visitor"]  # fixtures


async def test_the_json_route(site: Site, visitor: Visitor) -> None:
    site.model.then(["Let me look.", Call("get_business_info")], "Here you are.")
    got = await visitor.say("where are you?")
    assert list(got) == ["messageId", "content", "actions", "handedOff"]
    assert got["content"] == "Let me look.\n\nHere you are."
    assert got["handedOff"] is False
    assert [(a["type"], a["status"]) for a in got["actions"]] == [("get_business_info", "done")]
    assert list(got["actions"][0]) == ["type", "status", "data"]


async def test_the_stream_route_sends_exactly_the_pinned_events(
    site: Site, visitor: Visitor
) -> None:
    site.model.then(["Let me look. ", Call("get_hours")], "Open until ten.")
    answer = await site.http.post(
        f"{visitor.path}/messages/stream", json={"content": "hours?"}, headers=visitor.headers
    )
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/event-stream")
    for block in answer.text.strip("\n").split("\n\n"):
        assert re.fullmatch(r": [^\n]*|id: \S+\ndata: \{[^\n]*\}", block), block
    events = read_sse(answer.text)
    assert {e["type"] for e in events} == {"chunk", "action", "done"}
    text = "".join(e["content"] for e in events if e["type"] == "chunk")
    assert text == "Let me look. \n\nOpen until ten."
    assert [list(e) for e in events if e["type"] == "action"] == [["type", "action"]]
    assert events[-1] == {"type": "done", "messageId": events[-1]["messageId"], "handedOff": False}
    history = await visitor.history()
    assert history["messages"][-1]["id"] == events[-1]["messageId"]
    assert history["messages"][-1]["content"] == text


async def test_the_history(site: Site, visitor: Visitor) -> None:
    site.model.then("One.", Call("get_hours"), "Two.")
    await visitor.say("first", clientId="c-1")
    await visitor.say("second")
    got = await visitor.history()
    assert [(m["role"], m["content"]) for m in got["messages"]] == [
        ("customer", "first"), ("assistant", "One."), ("customer", "second"), ("assistant", "Two."),
    ]  # fmt: skip
    assert got["messages"][0]["clientId"] == "c-1"
    assert got["messages"][3]["actions"][0]["type"] == "get_hours"
    assert got["lastSeq"] == got["messages"][-1]["seq"]
    later = await visitor.history(after=got["messages"][1]["seq"])
    assert later["messages"] == got["messages"][2:]
    assert (await visitor.history(after=got["lastSeq"]))["messages"] == []


async def cut_after(
    site: Site, visitor: Visitor, body: dict[str, Any], count: int
) -> tuple[str, str]:
    """Read `count` chunks of a stream and drop the connection; (text so far, last id)."""
    text, last, seen = "", "", 0
    async with site.http.stream(
        "POST", f"{visitor.path}/messages/stream", json=body, headers=visitor.headers
    ) as answer:
        async for line in answer.aiter_lines():
            if line.startswith("id: "):
                last = line[4:]
            if line.startswith("data: "):
                event = json.loads(line[6:])
                text += event.get("content", "")
                seen += 1
                if seen == count:
                    break
    return text, last


@pytest.mark.parametrize("when", ["running", "finished"])
async def test_a_cut_stream_is_resumed_without_loss_or_repetition(
    site: Site, visitor: Visitor, when: str
) -> None:
    site.model.pause = asyncio.Event()
    site.model.then("A reply of several words, with ünïcödé 👋 in it.")
    body = {"content": "hello", "clientId": "c-1"}
    text, last = await cut_after(site, visitor, body, 1)
    assert text == "A"
    if when == "finished":
        site.model.pause.set()
        await visitor.say("hello", clientId="c-1")
    resume = asyncio.create_task(
        site.http.post(
            f"{visitor.path}/messages/stream",
            json=body,
            headers=visitor.headers | {"last-event-id": last},
        )
    )
    site.model.pause.set()
    events = read_sse((await resume).text)
    assert text + "".join(e.get("content", "") for e in events) == (
        "A reply of several words, with ünïcödé 👋 in it."
    )
    assert [e["type"] for e in events if e["type"] != "chunk"] == ["done"]
    whole = await visitor.stream("hello", clientId="c-1")  # from the start without an id
    assert "".join(e.get("content", "") for e in whole) == (
        "A reply of several words, with ünïcödé 👋 in it."
    )
    assert len(site.model.requests) == 1
    assert len((await visitor.history())["messages"]) == 2


async def test_an_id_of_another_attempt_restarts(site: Site, visitor: Visitor) -> None:
    site.model.then("The whole reply.")
    _, last = await cut_after(site, visitor, {"content": "x", "clientId": "c"}, 1)
    turn, _, _, _ = last.split(".")
    for token, first in ((f"{turn}.0.5.0", "restart"), ("rubbish", "chunk"), (last[:8], "chunk")):
        answer = await site.http.post(
            f"{visitor.path}/messages/stream",
            json={"content": "x", "clientId": "c"},
            headers=visitor.headers | {"last-event-id": token},
        )
        events = read_sse(answer.text)
        assert events[0]["type"] == first
        assert "".join(e.get("content", "") for e in events) == "The whole reply."


async def test_a_new_conversation_keeps_the_visitor(site: Site, visitor: Visitor) -> None:
    body = {"business": "restaurant"}
    mine = await site.http.post("/widget/conversations", json=body, headers=visitor.headers)
    fresh = await site.http.post("/widget/conversations", json=body)
    first = await site.http.post("/widget/conversations", json=body, headers=visitor.headers)
    assert mine.json()["visitorId"] == first.json()["visitorId"] != fresh.json()["visitorId"]
    assert mine.json()["id"] != visitor.id


async def test_a_stop_ends_open_streams_within_seconds(tmp_path: Path) -> None:
    model = ScriptedModel()
    model.pause = asyncio.Event()
    model.then("Never finished here.")
    desk = load(tmp_path, model)
    async with httpx.AsyncClient(timeout=20) as http:
        async with serving(desk) as url:
            http.base_url = httpx.URL(url)
            visitor = await Visitor.arrive(http, "restaurant")
            streaming = asyncio.create_task(visitor.stream("x", clientId="c"))
            while not model.requests:
                await asyncio.sleep(0.001)
            socket = await Site(desk, model, http, url).socket(visitor)
            began = asyncio.get_running_loop().time()
        assert asyncio.get_running_loop().time() - began < 4
        events = await streaming
        assert events[-1] == {
            "type": "error", "code": "restarting", "retryable": True,
            "message": "The service is restarting. Your message is safe.",
        }  # fmt: skip
        with pytest.raises(websockets.ConnectionClosed) as closed:
            await frames(socket, "never")
        assert closed.value.rcvd is not None
        assert closed.value.rcvd.code == 1012
    after = ScriptedModel("Finished after the restart.")
    async with (
        serving(load(tmp_path, after)) as url,
        httpx.AsyncClient(base_url=url, timeout=20) as http,
    ):
        visitor.http = http
        events = await visitor.stream("x", clientId="c")
        assert "".join(e.get("content", "") for e in events) == "Finished after the restart."
        assert len((await visitor.history())["messages"]) == 2


async def test_probes_metrics_and_schema(site: Site, visitor: Visitor) -> None:
    site.model.then("Hello.")
    await visitor.say("hi there")
    assert (await site.http.get("/health/live")).json() == {"status": "ok"}
    ready = await site.http.get("/health/ready")
    assert ready.json()["status"] == "ok"
    text = (await site.http.get("/metrics")).text
    assert 'frontdesk_turns_total{channel="web",outcome="answered"} 1.0' in text
    assert visitor.id not in text
    schema = (await site.http.get("/schema")).json()
    assert "/widget/conversations/{identifier}/messages/stream" in schema["paths"]


async def test_the_demo_embeds_the_widget_as_a_site_would(site: Site) -> None:
    page = await site.http.get("/demo/restaurant")
    assert '<script async src="/widget.js" data-business="restaurant"></script>' in page.text
    assert "/demo/restaurant" in (await site.http.get("/")).text
    script = await site.http.get("/widget.js")
    assert script.headers["content-type"].startswith("text/javascript")
    again = await site.http.get("/widget.js", headers={"if-none-match": script.headers["etag"]})
    assert again.status_code == 304


async def test_links_lead_where_the_business_lets_them(site: Site) -> None:
    """The widget links these hosts and shows every other address as text."""
    for name, hosts in (("restaurant", ["bella.example"]),
                        ("hotel", ["marlowe.example", "pay.marlowe.example"])):  # fmt: skip
        config = (await site.http.get(f"/widget/config?business={name}")).json()
        assert config["linkHosts"] == hosts
