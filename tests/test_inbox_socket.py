"""The console's WebSocket: what changed, and the open conversation."""

import asyncio
import socket as python_socket
from typing import Any

import pytest
from support_inbox import Member, Office, ana, both, office, tells_of

from frontdesk import status
from frontdesk.testing import Call
from frontdesk_server.console import feed, line

__all__ = ["ana", "both", "office"]  # fixtures

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
