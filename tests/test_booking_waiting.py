"""The waiting list: what becomes free goes to who waits longest, and on to the next in time."""

import asyncio
from datetime import timedelta
from pathlib import Path
from typing import Any

from support_booking import ADA, MONDAY, SALON, Caller, bookings, count, with_rules
from test_booking import BELLA

from frontdesk.events import Noticed, Stored
from frontdesk.reads import read_events
from frontdesk.testing import TestDesk
from frontdesk.testing.desk import NOW
from frontdesk_plugins.booking import upkeep

ONE_TABLE = with_rules(BELLA, resources=[{"id": "a", "max": 2}], combinations=[])
WAIT: dict[str, Any] = {"party_size": 2, "date": MONDAY, "time": "19:00", **ADA}


async def states(desk: TestDesk) -> list[str]:
    rows = await desk.desk.database.fetch("SELECT status FROM booking_waiting ORDER BY created, id")
    return [row["status"] for row in rows]


async def events_of(desk: TestDesk, caller: Caller) -> list[Stored]:
    return await read_events(desk.desk.database, caller.conversation, 0)


async def told(desk: TestDesk, caller: Caller) -> str:
    """What the next turn of a conversation is told."""
    from frontdesk_plugins.booking import situation

    talk: Any = type("Talk", (), {"id": caller.conversation, "business": caller.business})
    return await situation.offers(talk, desk.desk.now(caller.business))


async def test_what_is_cancelled_is_offered_to_who_waits_longest(
    database_url: str, tmp_path: Path
) -> None:
    async with bookings(tmp_path, ONE_TABLE, url=database_url) as desk:
        ada, bob, cat = [await Caller.arrive(desk) for _ in range(3)]
        reference = (await ada.book())["reference"]
        waits = await bob.run("join_waitlist", **WAIT)
        assert waits["message"] == (
            "On the waiting list for Mon, Nov 23, 6:00 PM to 8:00 PM. "
            "What becomes free is offered here and held for 15 minutes."
        )
        assert waits["status"] == "waitlisted"
        assert bob.commitments() == {f"waitlist {MONDAY}": ("waitlisted",)}
        desk.set_time(NOW + timedelta(seconds=1))
        await cat.run("join_waitlist", **WAIT)
        assert await told(desk, bob) == ""
        await ada.run("cancel_booking", reference=reference)
        assert await states(desk) == ["offered", "waiting"]
        assert await told(desk, bob) == (
            "2026-11-23T19:00-05:00 (as slot_id) for 2, held until 07:15. Tell the customer first."
        )
        assert await told(desk, cat) == ""
        assert await ada.free("19:00") == []
        assert await cat.free("19:00") == []
        for _ in range(2):
            await upkeep.tidy(desk.desk)
        told_to = [e.event.text for e in await events_of(desk, bob) if isinstance(e.event, Noticed)]
        (news,) = told_to
        assert news == (
            "Good news from the waiting list: Mon, Nov 23, 7:00 PM has become free. "
            "It is held for you until 7:15 AM. Would you like it?"
        )
        # Through the proposal that a yes to the offer makes.
        wish = {"party_size": 2, "slot_id": "2026-11-23T19:00-05:00", **ADA}
        shown = await bob.propose("create_booking", "p", **wish)
        assert shown["held_until"] == "2026-11-22T07:15-05:00"  # no shorter than it was
        await bob.run("create_booking", "p", **wish)
        assert await states(desk) == ["booked", "waiting"]
        assert await count(desk, "booking_hold") == 0


async def test_an_offer_that_is_not_taken_goes_to_the_next(
    database_url: str, tmp_path: Path
) -> None:
    async with bookings(tmp_path, ONE_TABLE, url=database_url) as desk:
        ada, bob, cat = [await Caller.arrive(desk) for _ in range(3)]
        reference = (await ada.book())["reference"]
        for n, waiting in enumerate((bob, cat)):
            desk.set_time(NOW + timedelta(seconds=n))
            await waiting.run("join_waitlist", **WAIT)
        await ada.run("cancel_booking", reference=reference)
        desk.set_time(NOW + timedelta(minutes=15))
        await upkeep.tidy(desk.desk)
        assert await states(desk) == ["offered", "waiting"]  # made a second later
        desk.set_time(NOW + timedelta(minutes=15, seconds=1))
        # On every node at the same time.
        await asyncio.gather(*(upkeep.tidy(desk.desk) for _ in range(3)))
        assert await states(desk) == ["passed", "offered"]
        assert await count(desk, "booking_hold") == 1
        assert await told(desk, bob) == ""
        assert "held until 07:30" in await told(desk, cat)
        assert (await cat.book())["status"] == "confirmed"


async def test_a_hold_that_expires_and_a_move_free_too(database_url: str, tmp_path: Path) -> None:
    async with bookings(tmp_path, ONE_TABLE, url=database_url) as desk:
        ada, bob = await Caller.arrive(desk), await Caller.arrive(desk)
        await ada.run("hold_slot", party_size=2, date=MONDAY, time="19:00")
        await bob.run("join_waitlist", **WAIT)
        await upkeep.tidy(desk.desk)
        assert await states(desk) == ["waiting"]
        desk.set_time(NOW + timedelta(minutes=5))
        await upkeep.tidy(desk.desk)
        assert await states(desk) == ["offered"]
        reference = (await bob.book())["reference"]
        await ada.run("join_waitlist", **WAIT)
        await bob.run("reschedule_booking", reference=reference, date="2026-11-24")
        assert await states(desk) == ["booked", "offered"]


async def test_who_could_come_need_not_wait(tmp_path: Path) -> None:
    async with bookings(tmp_path, ONE_TABLE) as desk:
        ada, bob = await Caller.arrive(desk), await Caller.arrive(desk)
        failed = await bob.refusal("join_waitlist", **WAIT)
        assert failed.message == "There is something free, so there is no need to wait."
        near = [offer["time"] for offer in failed.data["alternatives"]]
        assert near == ["18:30", "18:45", "19:00", "19:15"]
        await ada.book()
        # Only the window counts: at five there is room.
        await bob.run("join_waitlist", **WAIT | {"earliest": "18:00", "latest": "20:00"})
        assert await ada.free("17:00") == ["17:00"]
        bad = await bob.refusal("join_waitlist", **WAIT | {"earliest": "21:00", "latest": "20:00"})
        assert "before the earliest" in bad.message


async def test_the_second_entry_of_a_day_replaces_the_first(tmp_path: Path) -> None:
    async with bookings(tmp_path, ONE_TABLE) as desk:
        ada, bob = await Caller.arrive(desk), await Caller.arrive(desk)
        await ada.book()
        for _ in range(2):
            await bob.run("join_waitlist", **WAIT)
        assert await states(desk) == ["waiting"]


async def test_waiting_is_over_when_the_time_has_come(tmp_path: Path) -> None:
    async with bookings(tmp_path, ONE_TABLE) as desk:
        ada, bob = await Caller.arrive(desk), await Caller.arrive(desk)
        await ada.book()
        await bob.run("join_waitlist", **WAIT)
        desk.set_time(NOW + timedelta(hours=38))
        await upkeep.tidy(desk.desk)
        assert await states(desk) == ["over"]


async def test_seats_and_services_that_are_gone(database_url: str, tmp_path: Path) -> None:
    async with bookings(tmp_path, url=database_url) as desk:
        guests = [await Caller.arrive(desk, SALON) for _ in range(4)]
        yoga: dict[str, Any] = {"service": "yoga", "date": MONDAY, "time": "17:00"}
        booked = [await g.book("17:00", party=1, service="yoga") for g in guests[:3]]
        await guests[3].run("join_waitlist", **yoga, **ADA)
        # The class that freed a seat is far enough away to be cancelled by the team only.
        row = await desk.desk.database.one("SELECT * FROM booking ORDER BY created, id LIMIT 1")
        assert row is not None
        from frontdesk_plugins.booking import bookings as rows

        assert await rows.change_status(desk.desk.database, row, "cancelled", desk.desk.now(SALON))
        await upkeep.tidy(desk.desk)
        assert await states(desk) == ["offered"]
        assert (await guests[3].book("17:00", party=1, service="yoga"))["status"] == "confirmed"
        assert len({b["reference"] for b in booked}) == 3
        await guests[0].run("join_waitlist", **yoga, **ADA)
        section = SALON.settings["booking"]
        without = with_rules(SALON, services=[s for s in section["services"] if s["id"] != "yoga"])
        await desk.add_business(without)
        await upkeep.tidy(desk.desk)  # nobody offers it any more, and nothing breaks
        assert (await states(desk))[-1] == "waiting"
