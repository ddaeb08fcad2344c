"""kill -9 at bad moments, and a start afterwards: one reply, one booking, nothing lost."""

import asyncio
import os
import signal
import socket
import sys
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from support import Visitor, read_sse

from frontdesk import config
from frontdesk.database import Database
from frontdesk.testing.fake_claude import FakeClaude, Silence, call, calls, says

SOON = (date.today() + timedelta(days=9)).isoformat()
BOOKING = {
    "party_size": 4, "date": SOON, "time": "19:00", "name": "Zoë Smith",
    "phone": "+1 212 555 0142",
}  # fmt: skip


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


class Process:
    """`frontdesk serve --demo` as a process of its own."""

    def __init__(self, folder: Path, fake: str) -> None:
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self._folder = folder
        self._env = os.environ | {
            "ANTHROPIC_API_KEY": "sk-test",
            "ANTHROPIC_BASE_URL": fake,
            "FRONTDESK_MODEL__USE": '["claude"]',
        }
        self._process: asyncio.subprocess.Process | None = None

    async def start(self) -> None:
        self._process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "frontdesk_server", "serve", "--demo", "--port", str(self.port),
            cwd=self._folder, env=self._env,
            stdout=asyncio.subprocess.DEVNULL, stderr=asyncio.subprocess.DEVNULL,
        )  # fmt: skip
        async with asyncio.timeout(30), httpx.AsyncClient() as http:
            while True:
                try:
                    if (await http.get(self.url + "/health/ready")).status_code == 200:
                        return
                except httpx.TransportError:
                    await asyncio.sleep(0.05)

    async def kill(self, sig: int = signal.SIGKILL) -> None:
        assert self._process is not None
        if self._process.returncode is None:
            self._process.send_signal(sig)
        await self._process.wait()


@asynccontextmanager
async def served(folder: Path, fake: FakeClaude) -> AsyncGenerator[Process]:
    process = Process(folder, fake.url)
    await process.start()
    try:
        yield process
    finally:
        await process.kill()


async def rows(folder: Path, sql: str) -> list[dict[str, Any]]:
    database = Database(config.Database(url=f"sqlite:///{folder / 'frontdesk.db'}"))
    await database.start()
    try:
        return await database.fetch(sql)
    finally:
        await database.stop()


async def post(process: Process, visitor: Visitor) -> list[dict[str, Any]]:
    """The customer's browser: the same message with the same client id, until it is answered."""
    async with httpx.AsyncClient(base_url=process.url, timeout=30) as http:
        answer = await http.post(
            f"{visitor.path}/messages/stream",
            json={"content": "Yes please", "clientId": "c-1"},
            headers=visitor.headers,
        )
        return read_sse(answer.text)


@pytest.mark.parametrize(
    "moment", ["before the first word", "after the booking", "while it speaks"]
)
async def test_kill_and_restart(tmp_path: Path, moment: str) -> None:
    book = calls(call("create_booking", BOOKING), text="One moment.")
    moments: dict[str, list[Any]] = {
        "before the first word": [Silence()],
        "after the booking": [book, Silence()],
        "while it speaks": [book, says("You are booked for four.", deltas=5).falls_silent(2)],
    }
    stuck = moments[moment]
    rest = {"before the first word": [book, says("You are booked.")]}.get(
        moment, [says("You are booked.")]
    )
    proposed = [calls(call("create_booking", BOOKING)), says("Shall I book it?")]
    async with FakeClaude([*proposed, *stuck, *rest, says("See you.")]) as fake:
        async with served(tmp_path, fake) as process:
            async with httpx.AsyncClient(base_url=process.url, timeout=30) as http:
                visitor = await Visitor.arrive(http, "restaurant")
                await visitor.say("Table for four?")
                first = asyncio.create_task(post(process, visitor))
                await fake.until(lambda: len(fake.requests) == len(proposed) + len(stuck))
                if moment == "while it speaks":
                    await shown(http, visitor, "You")
                await process.kill()
                with pytest.raises(httpx.TransportError):
                    await first
            assert len(await rows(tmp_path, "SELECT * FROM booking")) == (
                0 if moment == "before the first word" else 1
            )
            await process.start()
            events = await post(process, visitor)
            assert events[-1]["type"] == "done"
            text = "".join(event.get("content", "") for event in events)
            assert text == "One moment.\n\nYou are booked."
            async with httpx.AsyncClient(base_url=process.url, timeout=30) as http:
                visitor.http = http
                assert (await visitor.say("thanks"))["content"] == "See you."
                history = (await visitor.history())["messages"]
            assert [m["content"] for m in history] == [
                "Table for four?", "Shall I book it?", "Yes please", text, "thanks", "See you.",
            ]  # fmt: skip
        assert fake.violations == []
        assert len(await rows(tmp_path, "SELECT * FROM booking")) == 1
        settled = await rows(tmp_path, "SELECT * FROM event WHERE type = 'call_settled'")
        assert len(settled) == 2  # the proposal and the booking


async def shown(http: httpx.AsyncClient, visitor: Visitor, word: str) -> None:
    """Wait until a second watcher of the running turn has seen a word."""
    async with http.stream(
        "POST",
        f"{visitor.path}/messages/stream",
        json={"content": "Yes please", "clientId": "c-1"},
        headers=visitor.headers,
    ) as answer:
        async for line in answer.aiter_lines():
            if word in line:
                return


async def test_a_message_acknowledged_just_before_the_kill_is_answered(tmp_path: Path) -> None:
    answers: list[Any] = [Silence()]
    async with FakeClaude(lambda _: answers[0]) as fake:
        async with served(tmp_path, fake) as process:
            async with httpx.AsyncClient(base_url=process.url, timeout=30) as http:
                visitor = await Visitor.arrive(http, "restaurant")
                async with http.stream(
                    "POST",
                    f"{visitor.path}/messages/stream",
                    json={"content": "Hello?"},
                    headers=visitor.headers,
                ) as answer:
                    assert answer.status_code == 200  # it is stored
                    await process.kill()
            answers[0] = says("Here is your answer.")
            await process.start()
            async with asyncio.timeout(20), httpx.AsyncClient(base_url=process.url) as http:
                visitor.http = http
                while len((await visitor.history())["messages"]) < 2:
                    await asyncio.sleep(0.1)
                assert (await visitor.history())["messages"][1]["content"] == "Here is your answer."


async def test_a_polite_stop_hands_over_at_once(tmp_path: Path) -> None:
    async with FakeClaude([Silence(), says("Answered after all.")]) as fake:
        async with served(tmp_path, fake) as process:
            async with httpx.AsyncClient(base_url=process.url, timeout=30) as http:
                visitor = await Visitor.arrive(http, "restaurant")
                first = asyncio.create_task(post(process, visitor))
                await fake.until(lambda: len(fake.requests) == 1)
                began = asyncio.get_running_loop().time()
                await process.kill(signal.SIGTERM)
                assert asyncio.get_running_loop().time() - began < 5
                assert (await first)[-1]["code"] == "restarting"
            await process.start()
            began = asyncio.get_running_loop().time()
            events = await post(process, visitor)
            assert "".join(e.get("content", "") for e in events) == "Answered after all."
            assert asyncio.get_running_loop().time() - began < 4  # no lease to wait for
