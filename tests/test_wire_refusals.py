"""What the widget's wire refuses: bodies, tokens, origins, and too much of anything."""

import json
from typing import Any

import pytest
import websockets
from support import Visitor
from support_wire import Site, frames, limits, problem, site, visitor

from frontdesk.business import Business

__all__ = ["limits", "site", "visitor"]  # fixtures

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
