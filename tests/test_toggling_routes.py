"""What the routes of a plugin that rests answer."""

from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest
from support import Visitor
from support_toggling import OFF, opened
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed

from frontdesk.desk import Desk


@pytest.fixture
async def served(tmp_path: Path) -> AsyncIterator[tuple[str, Desk, Path]]:
    async with opened(tmp_path) as found:
        yield found


async def test_routes_answer_politely(served: tuple[str, Desk, Path]) -> None:
    url, desk, _ = served
    async with httpx.AsyncClient(base_url=url) as http:
        assert (await http.post("/pigeon")).text == "coo"
        async with connect(f"ws{url[4:]}/pigeon/ws") as socket:
            await socket.send("a")
            assert await socket.recv() == "a"
            desk.switch_plugins(OFF)
            await socket.send("b")
            with pytest.raises(ConnectionClosed) as closed:
                await socket.recv()
            assert closed.value.rcvd
            assert closed.value.rcvd.code == 1013
        answer = await http.post("/pigeon")
        assert answer.status_code == 503
        assert answer.headers["content-type"] == "application/problem+json"
        assert "'test-0'" in answer.json()["detail"]
        assert answer.headers["retry-after"] == "60"
        polite = await http.post("/pigeon/twiml")
        assert (polite.status_code, polite.text) == (200, "<Response/>")
        desk.switch_plugins(())
        assert (await http.post("/pigeon")).text == "coo"


async def test_the_widgets_channel(served: tuple[str, Desk, Path]) -> None:
    url, desk, _ = served
    async with httpx.AsyncClient(base_url=url) as http:
        who = await Visitor.arrive(http, "restaurant")
        desk.switch_plugins({"web"})
        path, message = f"{who.path}/messages", {"content": "hello"}
        headers = who.headers | {"origin": url}
        answer = await http.post(path, json=message, headers=headers)
        assert answer.status_code == 503
        assert answer.headers["access-control-allow-origin"] == url
        assert (await http.get("/health/ready")).status_code == 200
        desk.switch_plugins(())
        assert (await who.say("hello"))["content"]
