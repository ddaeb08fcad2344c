"""Who gets a WebSocket of the console and when they lose it, and frames that do not fit."""

import asyncio
from typing import Any

import pytest
import websockets
from support_inbox import Console, Member, Office, ana, both, office, tells_of

from frontdesk_server.console import sessions, staff
from frontdesk_server.console import socket as console_socket

__all__ = ["ana", "both", "office"]  # fixtures


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"headers": {"origin": "https://evil.example"}}, 4403),
        ({"headers": {}}, 4403),
        ({"subprotocols": ["frontdesk.v1"]}, 4400),
        ({"subprotocols": None}, 4400),
    ],
)
async def test_who_gets_no_socket(office: Office, change: dict[str, Any], code: int) -> None:
    ana = await office.member("Ana")
    async with ana.console(**change) as console:
        with pytest.raises(websockets.ConnectionClosed) as closed:
            await console.socket.recv()
    assert closed.value.rcvd is not None
    assert closed.value.rcvd.code == code


async def test_no_socket_without_a_session(office: Office, ana: Member) -> None:
    ana.cookie = {"cookie": "frontdesk_session=nonsense"}
    async with ana.console() as console:
        with pytest.raises(websockets.ConnectionClosed) as closed:
            await console.socket.recv()
    assert closed.value.rcvd is not None
    assert closed.value.rcvd.code == 4401


async def test_a_session_that_ends_closes_its_socket(
    office: Office, ana: Member, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Past this process, as another node does it: it looks from time to time, also when it is quiet."""
    assert console_socket.SESSION_SECONDS < 10
    monkeypatch.setattr(console_socket, "SESSION_SECONDS", 0.0)
    async with ana.console() as console:
        await console.next("presence")
        await office.desk.database.fetch("DELETE FROM staff_session")
        await closes(console)


async def closes(console: Console) -> None:
    """Because the session is over, sooner than the next regular look."""
    async with asyncio.timeout(3):
        with pytest.raises(websockets.ConnectionClosed) as closed:
            await console.next("never")
    assert closed.value.rcvd is not None
    assert closed.value.rcvd.code == 4401


async def deactivate(office: Office, who: Member) -> None:
    await staff.set_active(office.desk.database, "restaurant", who.id, active=False)


async def remove(office: Office, who: Member) -> None:
    await staff.remove(office.desk.database, "restaurant", who.id)


async def change_password(office: Office, who: Member) -> None:
    found = await staff.member(office.desk.database, "restaurant", who.id)
    assert found
    await staff.set_password(office.desk.database, found, "correct horse battery")


async def sign_out_everywhere(office: Office, who: Member) -> None:
    await sessions.end_all(office.desk.database, who.id)


async def sign_out(office: Office, who: Member) -> None:
    answer = await office.http.post(
        "/console/sign-out", data={"csrf": who.csrf}, headers=who.headers
    )
    assert answer.status_code == 303


@pytest.mark.parametrize(
    "end", [deactivate, remove, change_password, sign_out_everywhere, sign_out]
)
async def test_who_is_signed_out_reads_no_further(both: Office, end: Any) -> None:
    ana, ben = await both.member("Ana"), await both.member("Ben")
    visitor = await both.waiting()
    await ana.do("accept", visitor.id)
    async with ana.console() as hers, ben.console() as his:
        await his.send("open", conversation=visitor.id, after=0)
        await his.next("entries")
        await end(both, ben)
        await closes(his)
        await ana.do("note", visitor.id, text="still here")
        await hers.next("changed", where=tells_of(visitor.id, "human"))


async def test_opening_needs_the_session(office: Office, ana: Member) -> None:
    visitor = await office.waiting()
    async with ana.console() as console:
        await console.next("presence")
        await office.desk.database.fetch("DELETE FROM staff_session")
        await console.send("open", conversation=visitor.id, after=0)
        await closes(console)


async def test_a_conversation_of_another_business_is_not_opened(office: Office) -> None:
    eve = await office.member("Eve", "salon")
    visitor = await office.waiting()
    async with eve.console() as console:
        await console.send("open", conversation=visitor.id, after=0)
        assert (await console.next("error", "entries", "viewing"))["code"] == "not_found"


async def test_bad_frames(office: Office, ana: Member) -> None:
    async with ana.console() as console:
        await console.send("unknown", anything=1)
        for raw in ("{", "[]", '{"event":"open","data":{"conversation":5}}', "[" * 5000):
            await console.socket.send(raw)
            assert (await console.next("error"))["code"] == "bad_frame"
        await console.socket.send("nonsense")
        with pytest.raises(websockets.ConnectionClosed) as closed:
            await console.next("never")
        assert closed.value.rcvd is not None
        assert closed.value.rcvd.code == 4400


@pytest.mark.parametrize(
    "data", [{"conversation": "\x00"}, {"after": 2**53}, {"after": 2**63}, {"after": 2**70}]
)
async def test_an_odd_frame_is_answered(both: Office, data: dict[str, Any]) -> None:
    ana = await both.member("Ana")
    visitor = await both.waiting()
    async with ana.console() as console:
        await console.send("open", **{"conversation": visitor.id} | data)
        assert (await console.next("error"))["code"] == "bad_frame"
        await console.send("open", conversation=visitor.id, after=0)
        assert await console.entries(1)


async def test_a_frame_that_is_too_large(office: Office, ana: Member) -> None:
    async with ana.console() as console:
        await console.socket.send("x" * 70_000)
        with pytest.raises(websockets.ConnectionClosed) as closed:
            await console.next("never")
        assert closed.value.rcvd is not None
        assert closed.value.rcvd.code == 1009


async def test_a_stop_tells_consoles_to_come_again(office: Office, ana: Member) -> None:
    visitor = await office.waiting()
    async with ana.console() as console:
        await console.send("open", conversation=visitor.id, after=0)
        await console.next("viewing")
        office.desk.announce_stop()
        with pytest.raises(websockets.ConnectionClosed) as closed:
            await console.next("never")
        assert closed.value.rcvd is not None
        assert closed.value.rcvd.code == 1012
