"""Typing, both ways: seen by those who should, gone when it is not renewed, never stored."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from support_inbox import Office, office_on, sqlite

from frontdesk import live
from frontdesk_plugins.web import socket as web_socket


@pytest.fixture
async def office(tmp_path: Path) -> AsyncIterator[Office]:
    async with office_on(sqlite(tmp_path)) as served:
        yield served


async def typing_frame(socket: Any) -> dict[str, Any]:
    async with asyncio.timeout(15):
        while True:
            frame = json.loads(await socket.recv())
            if frame["event"] == "typing":
                data: dict[str, Any] = frame["data"]
                return data


async def tell(socket: Any, event: str) -> None:
    await socket.send(json.dumps({"event": event, "data": {}}))


async def test_the_customer_types(office: Office) -> None:
    ana = await office.member("Ana")
    visitor = await office.waiting()
    async with ana.console() as console, office.socket(visitor) as socket:
        await console.send("open", conversation=visitor.id, after=0)
        await console.next("viewing")
        await tell(socket, "typing_start")
        assert await console.next("typing") == {
            "conversation": visitor.id, "isTyping": True, "who": "customer", "name": "",
        }  # fmt: skip
        await tell(socket, "typing_stop")
        assert (await console.next("typing"))["isTyping"] is False


async def test_a_member_of_staff_types(office: Office) -> None:
    ana, ben = await office.member("Ana"), await office.member("Ben")
    visitor = await office.waiting()
    await ana.do("accept", visitor.id)
    before = await office.desk.database.fetch("SELECT COUNT(*) AS count FROM event")
    async with (
        ana.console() as hers,
        ben.console() as his,
        office.socket(visitor) as socket,
    ):
        for console in (hers, his):
            await console.send("open", conversation=visitor.id, after=0)
            await console.next("viewing")
        await hers.send("typing", conversation=visitor.id, isTyping=True)
        assert await typing_frame(socket) == {"isTyping": True, "isHuman": True}
        assert await his.next("typing") == {
            "conversation": visitor.id, "isTyping": True, "who": "staff", "name": "Ana",
        }  # fmt: skip
        await hers.send("typing", conversation=visitor.id, isTyping=False)
        assert await typing_frame(socket) == {"isTyping": False, "isHuman": True}
        # Who replies types no more.
        await his.next("typing")
    after = await office.desk.database.fetch("SELECT COUNT(*) AS count FROM event")
    assert after == before


async def test_only_of_whoever_has_it_does_the_customer_see_that(office: Office) -> None:
    ana, ben = await office.member("Ana"), await office.member("Ben")
    visitor = await office.waiting()
    await ana.do("accept", visitor.id)
    async with ana.console() as hers, ben.console() as his, office.socket(visitor) as socket:
        for console in (hers, his):
            await console.send("open", conversation=visitor.id, after=0)
            await console.next("viewing")
        await his.send("typing", conversation=visitor.id, isTyping=True)
        await hers.next("viewing", where=lambda d: any(s["isTyping"] for s in d["staff"]))
        await ana.do("reply", visitor.id, text="the end", clientId="k")
        frames: list[str] = []
        while "the end" not in "".join(frames):
            frames.append(str(await socket.recv()))
    assert '"typing"' not in "".join(frames)


async def test_a_reply_ends_the_typing(office: Office) -> None:
    ana = await office.member("Ana")
    visitor = await office.waiting()
    await ana.do("accept", visitor.id)
    async with ana.console() as console, office.socket(visitor) as socket:
        await console.send("open", conversation=visitor.id, after=0)
        await console.next("viewing")
        await console.send("typing", conversation=visitor.id, isTyping=True)
        assert (await typing_frame(socket))["isTyping"] is True
        await ana.do("reply", visitor.id, text="so", clientId="k")
        assert (await typing_frame(socket))["isTyping"] is False


async def test_what_is_not_renewed_goes_out(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    ana = await office.member("Ana")
    visitor = await office.waiting()
    monkeypatch.setattr(live, "TYPING_SECONDS", 0.3)
    async with ana.console() as console, office.socket(visitor) as socket:
        await console.send("open", conversation=visitor.id, after=0)
        await console.next("viewing")
        await tell(socket, "typing_start")
        assert (await console.next("typing"))["isTyping"] is True
        assert (await console.next("typing"))["isTyping"] is False


async def test_who_types_on_is_seen_to(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    """Browsers let the sign go out when it does not come again."""
    ana = await office.member("Ana")
    visitor = await office.waiting()
    monkeypatch.setattr(live, "RENEW_SECONDS", 0.0)
    monkeypatch.setattr(web_socket, "TYPING_EVERY", 0.0)
    async with ana.console() as console, office.socket(visitor) as socket:
        await console.send("open", conversation=visitor.id, after=0)
        await console.next("viewing")
        for _ in range(2):
            await tell(socket, "typing_start")
            assert (await console.next("typing"))["isTyping"] is True


async def test_signs_without_end_wake_nobody(office: Office) -> None:
    """A hostile page sends them as fast as it can."""
    ana = await office.member("Ana")
    visitor = await office.waiting()
    async with ana.console() as console, office.socket(visitor) as socket:
        await console.send("open", conversation=visitor.id, after=0)
        await console.next("viewing")
        for _ in range(500):
            await tell(socket, "typing_start")
            await tell(socket, "typing_stop")
        office.model.then("never asked")
        await socket.send(json.dumps({"event": "send_message", "data": {"content": "so"}}))
        seen = 0
        with suppress(TimeoutError):
            while True:
                frame = json.loads(await asyncio.wait_for(console.socket.recv(), 5))
                seen += frame["event"] == "typing"
                if frame["event"] == "entries" and frame["data"]["entries"][-1]["text"] == "so":
                    break
        assert seen < 20
