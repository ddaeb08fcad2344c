"""The widget's wire, exactly as pinned: real server, real sockets."""

import asyncio
import json
import re
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest
import websockets
from support import Visitor, read_sse, serving

from frontdesk import config
from frontdesk.business import Business
from frontdesk.desk import Desk
from frontdesk.hookspecs import hookimpl
from frontdesk.plugins import Plugin
from frontdesk.testing import Call, ScriptedModel


class Site:
    """A served desk, with its scripted model and a client."""

    def __init__(self, desk: Desk, model: ScriptedModel, http: httpx.AsyncClient, url: str) -> None:
        self.desk, self.model, self.http, self.url = desk, model, http, url

    def socket(self, visitor: Visitor, after: int = 0, **more: Any) -> Any:
        url = self.url.replace("http", "ws") + f"{visitor.path}/ws?after={after}"
        protocols = more.pop("subprotocols", ["frontdesk.v1", visitor.token])
        return websockets.connect(url, subprotocols=protocols, **more)


def load(folder: Path, model: ScriptedModel, **sections: Any) -> Desk:
    settings = config.settings_of(
        {
            "database": {"url": f"sqlite:///{folder / 'wire.db'}"},
            "model": {"use": ["scripted", "offline"]},
            **sections,
        }
    )
    desk = Desk(settings)
    desk.secret_keys = ("a key for tests, thirty-two characters",)
    desk.plugins.load_installed()
    models = type("Models", (), {"register_models": staticmethod(hookimpl(lambda: [model]))})
    desk.plugins.add(Plugin(name="models"), lambda: models)
    desk.collect()
    return desk


@pytest.fixture
def limits() -> dict[str, Any]:
    return {}


@pytest.fixture
async def site(tmp_path: Path, limits: dict[str, Any]) -> AsyncIterator[Site]:
    model = ScriptedModel()
    desk = load(tmp_path, model, limits=limits)
    async with serving(desk) as url, httpx.AsyncClient(base_url=url, timeout=20) as http:
        yield Site(desk, model, http, url)


@pytest.fixture
async def visitor(site: Site) -> Visitor:
    return await Visitor.arrive(site.http, "restaurant")


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


async def frames(socket: Any, until: str) -> list[dict[str, Any]]:
    got: list[dict[str, Any]] = []
    async with asyncio.timeout(10):
        while not got or got[-1]["event"] != until:
            got.append(json.loads(await socket.recv()))
    return got


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


REFUSALS = [
    ("not json", {"content-type": "application/json"}, 400),
    ('{"content": 5}', {"content-type": "application/json"}, 400),
    ('{"content": "   "}', {"content-type": "application/json"}, 400),
    ('{"content": "a\\u0000b"}', {"content-type": "application/json"}, 400),
    ('{"content": "\\ud800"}', {"content-type": "application/json"}, 400),
    ('{"content": "x", "clientId": ""}', {"content-type": "application/json"}, 400),
    ('{"content": "x"}', {"content-type": "text/plain"}, 415),
    (json.dumps({"content": "x" * 4001}), {"content-type": "application/json"}, 413),
    (json.dumps({"content": "x" * 70000}), {"content-type": "application/json"}, 413),
]


@pytest.mark.parametrize(("body", "headers", "status"), REFUSALS)
@pytest.mark.parametrize("route", ["messages", "messages/stream"])
async def test_bad_bodies_are_problems(
    site: Site, visitor: Visitor, route: str, body: str, headers: dict[str, str], status: int
) -> None:
    answer = await site.http.post(
        f"{visitor.path}/{route}", content=body, headers=visitor.headers | headers
    )
    assert answer.status_code == status, answer.text
    problem(answer)
    assert (await visitor.history())["messages"] == []


def problem(answer: httpx.Response) -> dict[str, Any]:
    assert answer.headers["content-type"] == "application/problem+json"
    body: dict[str, Any] = answer.json()
    assert body["status"] == answer.status_code
    assert body["title"]
    assert len(body["detail"]) > 10
    return body


async def test_tokens_open_their_own_conversation_only(site: Site, visitor: Visitor) -> None:
    other = await Visitor.arrive(site.http, "restaurant")
    for headers, status in (
        ({}, 401),
        ({"authorization": "Bearer nonsense"}, 401),
        ({"authorization": f"Bearer {visitor.token[:-2]}xx"}, 401),
        (other.headers, 404),
    ):
        for call in (
            site.http.get(f"{visitor.path}/messages", headers=headers),
            site.http.post(f"{visitor.path}/messages", json={"content": "x"}, headers=headers),
            site.http.post(
                f"{visitor.path}/messages/stream", json={"content": "x"}, headers=headers
            ),
        ):
            answer = await call
            assert answer.status_code == status
            problem(answer)
    assert (await visitor.history())["messages"] == []


async def test_a_reused_client_id_is_a_conflict(site: Site, visitor: Visitor) -> None:
    site.model.then("Yes.")
    await visitor.say("one", clientId="c")
    answer = await site.http.post(
        f"{visitor.path}/messages",
        json={"content": "two", "clientId": "c"},
        headers=visitor.headers,
    )
    assert answer.status_code == 409
    problem(answer)


async def test_unknown_addresses_and_businesses(site: Site, visitor: Visitor) -> None:
    for answer in (
        await site.http.get("/nothing"),
        await site.http.get("/widget/config?business=nobody"),
        await site.http.post("/widget/conversations", json={"business": "nobody"}),
        await site.http.get("/widget/conversations/none/messages", headers=visitor.headers),
    ):
        assert answer.status_code == 404
        problem(answer)
    answer = await site.http.get(f"{visitor.path}/messages?after=-1", headers=visitor.headers)
    assert answer.status_code == 400


ORIGINS = [
    ("https://shop.example", True), ("https://www.shop.example", False),
    ("http://shop.example", False), ("https://shop.example.evil.example", False),
    ("https://a.wild.example", True), ("https://wild.example", False),
    ("https://evilwild.example", False), ("null", False), ("https://shop.example:444", False),
    ("https://shop.example:443", True),
]  # fmt: skip


@pytest.mark.parametrize(("origin", "allowed"), ORIGINS)
async def test_origins(site: Site, origin: str, allowed: bool) -> None:
    await site.desk.apply(
        Business(
            id="shop",
            name="Shop",
            allowed_origins=("https://shop.example", "https://*.wild.example"),
        )
    )
    shop = await Visitor.arrive(site.http, "shop")
    headers = {"origin": origin}
    site.model.then("Hello.")
    answers = [
        await site.http.get("/widget/config?business=shop", headers=headers),
        await site.http.post("/widget/conversations", json={"business": "shop"}, headers=headers),
        await site.http.get(f"{shop.path}/messages", headers=headers | shop.headers),
        await site.http.post(
            f"{shop.path}/messages", json={"content": "x"}, headers=headers | shop.headers
        ),
    ]
    assert {a.is_success for a in answers} == {allowed}
    assert {a.status_code for a in answers if not allowed} <= {403}
    assert all(a.headers["access-control-allow-origin"] == origin for a in answers)
    async with site.socket(shop, additional_headers=headers) as socket:
        if allowed:
            assert json.loads(await socket.recv())["event"] in ("sync", "message")
        else:
            with pytest.raises(websockets.ConnectionClosed) as closed:
                await socket.recv()
            assert closed.value.rcvd is not None
            assert closed.value.rcvd.code == 4403


async def test_the_own_origin_counts_and_may_be_required(site: Site) -> None:
    await site.desk.apply(Business(id="strict", name="Strict", require_origin=True))
    body = {"business": "strict"}
    assert (await site.http.post("/widget/conversations", json=body)).status_code == 403
    own = await site.http.post("/widget/conversations", json=body, headers={"origin": site.url})
    assert own.status_code == 201


async def test_preflight(site: Site, visitor: Visitor) -> None:
    answer = await site.http.options(
        f"{visitor.path}/messages/stream",
        headers={"origin": "https://shop.example", "access-control-request-method": "POST"},
    )
    assert answer.status_code == 204
    assert "last-event-id" in answer.headers["access-control-allow-headers"]
    assert answer.headers["access-control-allow-origin"] == "https://shop.example"


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


class TestLimits:
    @pytest.fixture
    def limits(self) -> dict[str, Any]:
        return {
            "conversations_per_hour": 3, "messages_per_minute": 2, "sockets_per_visitor": 2,
        }  # fmt: skip

    async def test_messages_of_a_visitor(self, site: Site, visitor: Visitor) -> None:
        site.model.then("1", "2")
        await visitor.say("1")
        await visitor.say("2")
        for route in ("messages", "messages/stream"):
            answer = await site.http.post(
                f"{visitor.path}/{route}", json={"content": "3"}, headers=visitor.headers
            )
            assert answer.status_code == 429
            assert 1 <= int(answer.headers["retry-after"]) <= 31
            problem(answer)
        async with site.socket(visitor) as socket:
            await frames(socket, "sync")
            await socket.send(json.dumps({"event": "send_message", "data": {"content": "3"}}))
            error = json.loads(await socket.recv())
            assert error["event"] == "error"
            assert error["data"]["code"] == "rate_limited"
            assert int(error["data"]["retryAfter"]) >= 1
        assert len((await visitor.history())["messages"]) == 4

    async def test_conversations_of_an_address(self, site: Site) -> None:
        for _ in range(3):
            await Visitor.arrive(site.http, "restaurant")
        answer = await site.http.post("/widget/conversations", json={"business": "restaurant"})
        assert answer.status_code == 429
        assert int(answer.headers["retry-after"]) > 60

    async def test_sockets_of_a_visitor(self, site: Site, visitor: Visitor) -> None:
        async with site.socket(visitor), site.socket(visitor), site.socket(visitor) as third:
            with pytest.raises(websockets.ConnectionClosed) as closed:
                await third.recv()
        assert closed.value.rcvd is not None
        assert closed.value.rcvd.code == 4429


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
