"""The chat switched off while customers are in it."""

import asyncio
import json
import time
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any

import httpx
import pytest
from support import Visitor, serving
from support_toggling import desk_of, without
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidStatus

from frontdesk import Business, businesses
from frontdesk.businesses import FRESH_SECONDS
from frontdesk.desk import Desk
from frontdesk.testing import ScriptedModel

SHOP = Business(id="shop", name="Shop", phone="+1 212 555 0142", locale="de-DE")
OTHER = Business(id="other", name="Other")
TEXT = "Unser Chat ist zurzeit ausgeschaltet. Bitte rufen Sie uns an: +1 212 555 0142."


class Chat:
    def __init__(self, url: str, desk: Desk, model: ScriptedModel, http: httpx.AsyncClient) -> None:
        self.url, self.desk, self.model, self.http = url, desk, model, http

    async def switch(self, *, off: bool, for_all: bool) -> None:
        """As another process does it: this one has to see it by itself."""
        if for_all:
            self.desk.switch_plugins({"web"} if off else ())
            return
        business = without(SHOP, "web") if off else SHOP
        await businesses.save(self.desk.database, business)

    def socket(self, who: Visitor) -> Any:
        protocols: Any = ["frontdesk.v1", who.token]
        return connect(f"ws{self.url[4:]}{who.path}/ws", subprotocols=protocols)


@asynccontextmanager
async def opened(folder: Path) -> AsyncGenerator[Chat]:
    model = ScriptedModel()
    desk = desk_of(folder, models=[model])
    async with (
        serving(desk, demo=False) as url,
        httpx.AsyncClient(base_url=url, timeout=20) as http,
    ):
        for business in (SHOP, OTHER):
            await desk.apply(business)
        yield Chat(url, desk, model, http)


async def frames_of(socket: ClientConnection) -> tuple[list[dict[str, Any]], int]:
    """What comes until it closes, and the code that it closes with."""
    found: list[dict[str, Any]] = []
    async with asyncio.timeout(15):
        with suppress(ConnectionClosed):
            while True:
                found.append(json.loads(await socket.recv()))
    return found, socket.close_code or 0


both = pytest.mark.parametrize("for_all", [True, False])


@both
async def test_every_route_says_so(tmp_path: Path, for_all: bool) -> None:
    async with opened(tmp_path) as chat:
        who = await Visitor.arrive(chat.http, "shop")
        chat.model.then("Hello.", "Hello again.")
        await who.say("hello")
        await chat.switch(off=True, for_all=for_all)
        await asyncio.sleep(0 if for_all else FRESH_SECONDS)
        body = {"content": "hello"}
        for answer in (
            await chat.http.get("/widget/config?business=shop", headers={"origin": chat.url}),
            await chat.http.post("/widget/conversations", json={"business": "shop"}),
            await chat.http.post(f"{who.path}/messages", json=body, headers=who.headers),
            await chat.http.post(f"{who.path}/messages/stream", json=body, headers=who.headers),
            await chat.http.get(f"{who.path}/messages", headers=who.headers),
        ):
            assert answer.status_code == 503
            assert answer.headers["content-type"] == "application/problem+json"
            assert answer.headers["retry-after"] == "60"
            assert answer.json()["detail"] == TEXT
        with pytest.raises(InvalidStatus):
            await chat.socket(who)
        assert (await chat.http.get("/widget.js")).status_code == 200
        other = await chat.http.get("/widget/config?business=other")
        assert other.status_code == (503 if for_all else 200)
        await chat.switch(off=False, for_all=for_all)
        await asyncio.sleep(0 if for_all else FRESH_SECONDS)
        assert (await who.say("hello"))["content"] == "Hello again."


@both
async def test_open_sockets_are_told_and_closed(tmp_path: Path, for_all: bool) -> None:
    async with opened(tmp_path) as chat:
        who = await Visitor.arrive(chat.http, "shop")
        near = await Visitor.arrive(chat.http, "other")
        async with chat.socket(who) as socket, chat.socket(near) as beside:
            assert json.loads(await socket.recv())["event"] == "sync"
            assert json.loads(await beside.recv())["event"] == "sync"
            began = time.monotonic()
            await chat.switch(off=True, for_all=for_all)
            frames, code = await frames_of(socket)
            assert time.monotonic() - began < 5
            assert code == 1013
            assert [f["event"] for f in frames] == ["error"]
            assert frames[0]["data"] == {"code": "switched_off", "message": TEXT}
            if for_all:
                assert (await frames_of(beside))[1] == 1013
            else:
                chat.model.then("Hello.")
                assert (await near.say("hello"))["content"] == "Hello."
                assert json.loads(await beside.recv())["event"] == "message"


@both
async def test_a_running_turn_is_finished_first(tmp_path: Path, for_all: bool) -> None:
    async with opened(tmp_path) as chat:
        who = await Visitor.arrive(chat.http, "shop")
        chat.model.pause = asyncio.Event()
        chat.model.then("One two three four.")
        async with chat.socket(who) as socket:
            streaming = asyncio.create_task(who.stream("hello"))
            while json.loads(await socket.recv())["event"] != "response_chunk":
                pass
            await chat.switch(off=True, for_all=for_all)
            await asyncio.sleep(FRESH_SECONDS + 1)
            await socket.send(
                '{"event": "send_message", "data": {"content": "b", "clientId": "b"}}'
            )
            error = json.loads(await socket.recv())["data"]
            assert error == {"code": "switched_off", "message": TEXT, "clientId": "b",
                             "retryAfter": "60"}  # fmt: skip
            chat.model.pause.set()
            frames, code = await frames_of(socket)
            assert code == 1013
            complete = next(f for f in frames if f["event"] == "response_complete")
            assert complete["data"]["content"] == "One two three four."
            assert frames[-1]["data"]["message"] == TEXT
        events = await streaming
        assert events[-1]["type"] == "done"
        words = [e["content"] for e in events if e["type"] == "chunk"]
        assert "".join(words) == "One two three four."


async def test_a_business_without_a_model(tmp_path: Path) -> None:
    """It does without the plugin that answers: the next in order does."""
    async with opened(tmp_path) as chat:
        await chat.desk.apply(without(SHOP, "test-models"))
        found = await chat.desk.models_for(without(SHOP, "test-models"))
        assert [model.name for model in found] == ["offline"]
        assert [m.name for m in await chat.desk.models_for(SHOP)] == ["scripted", "offline"]
