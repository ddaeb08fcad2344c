"""Who is there, who looks at a conversation, and who types."""

import asyncio
from typing import Any

import pytest
from support_inbox import Member, Office, ana, both, office

from frontdesk_server.console import presence

__all__ = ["ana", "both", "office"]  # fixtures


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
