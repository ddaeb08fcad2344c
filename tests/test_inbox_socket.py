"""The console's WebSocket: changes, the open conversation, who is there and who looks."""

import asyncio
import socket as python_socket
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
import websockets
from support_inbox import Console, Member, Office, office_on, sqlite

from frontdesk import status
from frontdesk.testing import Call
from frontdesk_server.console import feed, line, presence, sessions, staff
from frontdesk_server.console import socket as console_socket


@pytest.fixture
async def office(tmp_path: Path) -> AsyncIterator[Office]:
    async with office_on(sqlite(tmp_path)) as served:
        yield served


@pytest.fixture
async def both(database_url: str) -> AsyncIterator[Office]:
    """On SQLite and on Postgres."""
    async with office_on(database_url) as served:
        yield served


@pytest.fixture
async def ana(office: Office) -> Member:
    return await office.member("Ana")


def tells_of(conversation: str, status: str) -> Any:
    return lambda data: any(
        (item["id"], item["status"]) == (conversation, status) for item in data["conversations"]
    )


# ---- what changed ----------------------------------------------------------------------------


async def test_everyone_of_the_business_hears_of_changes(both: Office) -> None:
    ana, ben = await both.member("Ana"), await both.member("Ben")
    eve = await both.member("Eve", "salon")
    async with ana.console() as hers, ben.console() as his, eve.console() as other:
        visitor = await both.waiting()
        for console in (hers, his):
            changed = await console.next("changed", where=tells_of(visitor.id, "queued"))
            assert changed["counts"] == {"queued": 1, "mine": 0, "bot": 0, "all": 1}
            assert changed["conversations"][0]["unread"] == 1
        await ana.do("accept", visitor.id)
        theirs = await his.next("changed", where=tells_of(visitor.id, "human"))
        assert theirs["conversations"][0]["agent"] == {"id": ana.id, "name": "Ana"}
        assert theirs["counts"] == {"queued": 0, "mine": 0, "bot": 0, "all": 1}
        mine = await hers.next("changed", where=tells_of(visitor.id, "human"))
        assert mine["counts"]["mine"] == 1
        await ana.do("assign", visitor.id, staff=ben.id)
        given = await his.next(
            "changed", where=lambda d: d["conversations"][0]["agent"]["id"] == ben.id
        )
        assert given["counts"]["mine"] == 1
        salon = await both.waiting("salon")
        changed = await other.next("changed")
        assert [item["id"] for item in changed["conversations"]] == [salon.id]


async def test_seen_is_told_to_ones_other_windows(office: Office, ana: Member) -> None:
    visitor = await office.waiting()
    async with ana.console() as one:
        await one.next("presence")
        await ana.do("seen", visitor.id, seq=100)
        changed = await one.next("changed", where=tells_of(visitor.id, "queued"))
        while changed["conversations"][0]["unread"]:
            changed = await one.next("changed")


async def test_what_another_node_wrote_is_found(both: Office) -> None:
    """Written past this process: nothing tells the feed."""
    ana = await both.member("Ana")
    visitor = await both.waiting()
    await ana.do("accept", visitor.id)
    async with ana.console() as console:
        last = (await ana.get(f"conversations/{visitor.id}"))["lastSeq"]
        await console.send("open", conversation=visitor.id, after=last)
        await console.next("viewing")
        database = both.desk.database
        await status.say(database, "restaurant", visitor.id, ana.id, "from another node")
        frames = [await console.next("entries", "changed") for _ in range(2)]
        told = next(data for data in frames if "entries" in data)
        assert [entry["text"] for entry in told["entries"]] == ["from another node"]
        changed = next(data for data in frames if "counts" in data)
        assert changed["conversations"][0]["preview"] == "from another node"


# ---- the open conversation -------------------------------------------------------------------


async def test_a_reply_streams_into_the_console(office: Office, ana: Member) -> None:
    visitor = await office.visitor()
    async with ana.console() as console:
        office.model.pause = asyncio.Event()
        office.model.then("We open at noon on Sundays.")
        reply = asyncio.create_task(visitor.say("when?"))
        changed = await console.next("changed", where=tells_of(visitor.id, "bot"))
        assert changed["conversations"][0]["waitingSince"]
        await console.send("open", conversation=visitor.id, after=0)
        chunk = await console.next("chunk")
        assert (chunk["conversation"], chunk["chunk"], chunk["offset"]) == (visitor.id, "We", 0)
        office.model.pause.set()
        text = chunk["chunk"]
        kinds: list[str] = []
        data: dict[str, Any] = {}
        while "assistant" not in kinds:
            data = await console.next("chunk", "entries")
            if "chunk" in data:
                assert (data["offset"], data["turnId"]) == (len(text), chunk["turnId"])
                text += data["chunk"]
            else:
                kinds += [entry["kind"] for entry in data["entries"]]
        assert kinds == ["customer", "assistant"]
        assert data["entries"][-1]["text"] == text == "We open at noon on Sundays."
        assert data["conversation"]["waitingSince"] is None
        await reply


async def test_reconnecting_loses_and_repeats_nothing(both: Office) -> None:
    ana = await both.member("Ana")
    visitor = await both.waiting()
    await ana.do("accept", visitor.id)
    page = await ana.get(f"conversations/{visitor.id}")
    got, last = list(page["entries"]), page["lastSeq"]
    for n in range(6):
        await ana.do("reply", visitor.id, text=f"line {n}", clientId=f"k{n}")
        async with ana.console() as console:
            await console.send("open", conversation=visitor.id, after=last)
            got += await console.entries(1)
            await ana.do("note", visitor.id, text=f"note {n}")
            got += await console.entries(1)
            last = got[-1]["seq"]
        await ana.do("note", visitor.id, text=f"missed {n}")
    async with ana.console() as console:
        await console.send("open", conversation=visitor.id, after=last)
        got += await console.entries(1)
    whole = await ana.get(f"conversations/{visitor.id}")
    assert got == whole["entries"]


async def test_long_gaps_come_in_bounded_frames(office: Office, ana: Member) -> None:
    visitor = await office.waiting()
    await ana.do("accept", visitor.id)
    for n in range(120):
        await status.say(office.desk.database, "restaurant", visitor.id, ana.id, f"line {n}")
    async with ana.console() as console:
        await console.send("open", conversation=visitor.id, after=0)
        sizes: list[int] = []
        seqs: list[int] = []
        while len(seqs) < 123:
            frame = await console.next("entries")
            sizes.append(len(frame["entries"]))
            seqs += [entry["seq"] for entry in frame["entries"]]
        assert max(sizes) <= 50
        assert seqs == sorted(set(seqs))


async def test_large_outcomes_are_left_out(office: Office, ana: Member) -> None:
    visitor = await office.visitor()
    office.model.then(Call("get_hours", day="x" * 40_000), "Hm.")
    await visitor.say("hours?")
    got = await ana.get(f"conversations/{visitor.id}")
    (call,) = [entry["call"] for entry in got["entries"] if entry["kind"] == "call"]
    assert list(call["arguments"]) == ["left_out"]


async def test_a_console_that_reads_nothing_slows_nobody(
    office: Office, ana: Member, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(line, "WRITE_SECONDS", 0.5)
    visitor = await office.waiting()
    await ana.do("accept", visitor.id)
    narrow = python_socket.create_connection(("127.0.0.1", int(office.url.rpartition(":")[2])))
    narrow.setsockopt(python_socket.SOL_SOCKET, python_socket.SO_RCVBUF, 4096)
    narrow.setblocking(False)
    listeners = feed.of(office.desk)
    async with ana.console(max_queue=1, sock=narrow, close_timeout=0.1) as stuck:
        await stuck.send("open", conversation=visitor.id, after=0)
        await stuck.next("viewing")
        assert len(listeners.of("restaurant")) == 1
        at = (office.desk.database, "restaurant", visitor.id, ana.id)
        said = 0
        while listeners.of("restaurant"):  # nobody reads what this makes
            async with office.desk.database.transaction():
                many = [await status.say(*at, f"{n} " + "y" * 50_000) for n in range(20)]
            for stored in many:
                office.desk.happened(visitor.id, stored)
            said += 1
            assert said < 300
            async with asyncio.timeout(5):
                await ana.do("reply", visitor.id, text="and?", clientId=f"k{said}")
        # It was given up; others hear at once.
        async with asyncio.timeout(5), ana.console() as other:
            await ana.do("note", visitor.id, text="done")
            await other.next("changed")


# ---- who is there, who looks -----------------------------------------------------------------


def is_there(*members: Member) -> Any:
    ids = {member.id for member in members}
    return lambda data: {one["id"] for one in data["staff"] if one["isPresent"]} == ids


async def test_presence(both: Office) -> None:
    ana, ben = await both.member("Ana"), await both.member("Ben")
    assert not await presence.is_anyone_present(both.desk, "restaurant")
    async with ana.console() as hers:
        await hers.next("presence", where=is_there(ana))
        assert await presence.is_anyone_present(both.desk, "restaurant")
        assert not await presence.is_anyone_present(both.desk, "salon")
        async with ben.console() as his:
            told = await hers.next("presence", where=is_there(ana, ben))
            assert [one["name"] for one in told["staff"]] == ["Ana", "Ben"]
            await his.send("away", isAway=True)
            await hers.next("presence", where=is_there(ana))
            await his.send("away", isAway=False)
            await hers.next("presence", where=is_there(ana, ben))
        await hers.next("presence", where=is_there(ana))
        assert [c["isPresent"] for c in (await ana.get("me"))["colleagues"]] == [True, False]
    async with asyncio.timeout(10):
        while await presence.is_anyone_present(both.desk, "restaurant"):
            await asyncio.sleep(0.01)


async def test_who_sends_nothing_for_long_is_away(
    office: Office, ana: Member, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with ana.console() as console:
        await console.next("presence", where=is_there(ana))
        monkeypatch.setattr(presence, "AWAY_SECONDS", 0.0)
        await console.next("presence", where=is_there())
        monkeypatch.setattr(presence, "AWAY_SECONDS", 600.0)
        await console.send("away", isAway=False)
        await console.next("presence", where=is_there(ana))


async def test_a_node_that_died_leaves_nobody_behind(office: Office, ana: Member) -> None:
    here = {("restaurant", ana.id)}
    await presence.renew(office.desk.database, "another node", here)
    assert await presence.is_anyone_present(office.desk, "restaurant")
    await office.desk.database.fetch("UPDATE staff_presence SET until = 1")
    assert not await presence.is_anyone_present(office.desk, "restaurant")


async def test_who_else_looks_and_types(office: Office, ana: Member) -> None:
    ben = await office.member("Ben")
    visitor, another = await office.waiting(), await office.waiting()
    async with ana.console() as hers, ben.console() as his:
        await hers.send("open", conversation=visitor.id, after=0)
        assert (await hers.next("viewing"))["staff"] == []
        await his.send("open", conversation=visitor.id, after=0)
        assert (await his.next("viewing"))["staff"] == [
            {"id": ana.id, "name": "Ana", "isTyping": False}
        ]
        assert (await hers.next("viewing"))["staff"] == [
            {"id": ben.id, "name": "Ben", "isTyping": False}
        ]
        await his.send("typing", conversation=visitor.id, isTyping=True)
        told = await hers.next("viewing")
        assert told == {
            "conversation": visitor.id,
            "staff": [{"id": ben.id, "name": "Ben", "isTyping": True}],
        }
        await his.send("open", conversation=another.id, after=0)
        assert (await hers.next("viewing"))["staff"] == []
        await his.send("open", conversation=visitor.id, after=0)
        assert len((await hers.next("viewing"))["staff"]) == 1
        await his.send("close")
        assert (await hers.next("viewing"))["staff"] == []


# ---- who may, and what does not fit ----------------------------------------------------------


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
