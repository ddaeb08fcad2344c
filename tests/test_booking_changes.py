"""Moving a booking: one transaction, one reference, and the old one stands when it fails."""

import asyncio
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec
import pytest
from support_booking import ADA, SALON, Caller, bookings, count, with_rules
from test_booking import BELLA

from frontdesk import ActionError
from frontdesk.testing import TestDesk
from frontdesk_plugins.booking.ledger import Row

ONE_TABLE = with_rules(BELLA, resources=[{"id": "a", "max": 4}], combinations=[], step=30)
TUESDAY = "2026-11-24"


async def only(desk: TestDesk) -> Row:
    (row,) = await desk.desk.database.fetch("SELECT * FROM booking")
    return row


async def claims(desk: TestDesk) -> list[tuple[int, int]]:
    found = await desk.desk.database.fetch(
        "SELECT starts, ends FROM booking_claim WHERE active ORDER BY starts"
    )
    return [(row["starts"], row["ends"]) for row in found]


async def test_a_move_keeps_the_reference_and_remembers_what_was(
    database_url: str, tmp_path: Path
) -> None:
    async with bookings(tmp_path, ONE_TABLE, url=database_url) as desk:
        ada, bob = await Caller.arrive(desk), await Caller.arrive(desk)
        booked = await ada.book()
        before = await only(desk)
        # Into its own time: the old claim is not in the way, and no other table is needed.
        wish: dict[str, Any] = {"reference": booked["reference"], "time": "19:30"}
        shown = await ada.propose("reschedule_booking", "p", **wish)
        assert shown["message"] == (
            f"Move booking {booked['reference']} from Mon, Nov 23, 7:00 PM "
            "to: Table for 2 on Mon, Nov 23, 7:30 PM"
        )
        assert await only(desk) == before
        assert await bob.free("20:30") == []  # what the move will need is held
        assert await bob.free("21:00") == ["21:00"]
        moved = await ada.run("reschedule_booking", "p", **wish)
        assert (moved["reference"], moved["time"], moved["status"]) == (
            booked["reference"], "19:30", "confirmed",
        )  # fmt: skip
        assert moved["message"].startswith("Moved: Table for 2 on Mon, Nov 23, 7:30 PM. Reference")
        assert ada.commitments() == {"hold": (), booked["reference"]: ("booked", "moved")}
        row = await only(desk)
        assert (row["id"], row["sequence"], row["moves"]) == (before["id"], 1, 1)
        assert row["wall"] == "2026-11-23T19:30"
        assert await claims(desk) == [(row["starts"], row["ends"])]
        assert await count(desk, "booking_hold") == 0
        (past,) = await desk.desk.database.fetch("SELECT * FROM booking_history")
        assert (past["sequence"], past["what"], past["by"]) == (1, "moved", "customer")
        assert msgspec.json.decode(past["before"])["wall"] == "2026-11-23T19:00"


async def test_a_move_that_fails_leaves_the_old_booking(database_url: str, tmp_path: Path) -> None:
    async with bookings(tmp_path, ONE_TABLE, url=database_url) as desk:
        ada, bob = await Caller.arrive(desk), await Caller.arrive(desk)
        reference = (await ada.book("17:00"))["reference"]
        await bob.book("20:00")
        before, taken = await desk.desk.database.fetch("SELECT * FROM booking"), await claims(desk)
        for part in ("propose", "run"):
            with pytest.raises(ActionError, match="fully booked") as caught:
                await ada._do(part, "reschedule_booking", "p",
                              {"reference": reference, "time": "19:00"})  # fmt: skip
            assert caught.value.data["alternatives"]
        assert await desk.desk.database.fetch("SELECT * FROM booking") == before
        assert await claims(desk) == taken
        assert await count(desk, "booking_history") == 0


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"date": TUESDAY}, ("2026-11-24T19:00", 2)),
        ({"time": "20:00"}, ("2026-11-23T20:00", 2)),
        ({"party_size": 4}, ("2026-11-23T19:00", 4)),
        ({"slot_id": "2026-11-24T18:00-05:00", "party_size": 1}, ("2026-11-24T18:00", 1)),
        ({}, "That is when the booking already is."),
        ({"time": "19:00"}, "That is when the booking already is."),
        ({"time": "19:10"}, "Bookings start every 30 minutes."),
        ({"date": "2026-11-20"}, "Fri, Nov 20 is in the past; today is Sun, Nov 22."),
        ({"date": "2026-12-01"}, "Bella is closed on Tue, Dec 1 (Inventory)."),
        ({"party_size": 5}, "A party of 5 cannot be booked here, 4 at most. Please call +1 212 555 0142."),
    ],
)  # fmt: skip
async def test_what_is_not_said_stays(tmp_path: Path, change: Any, expected: Any) -> None:
    async with bookings(tmp_path, ONE_TABLE) as desk:
        ada = await Caller.arrive(desk)
        wish = {"reference": (await ada.book())["reference"]} | change
        if isinstance(expected, str):
            assert (await ada.refusal("reschedule_booking", **wish)).message == expected
            assert (await only(desk))["sequence"] == 0
        else:
            await ada.run("reschedule_booking", **wish)
            row = await only(desk)
            assert (row["wall"], row["party"]) == expected


async def test_an_hour_that_comes_twice_is_asked_for(tmp_path: Path) -> None:
    async with bookings(tmp_path) as desk:
        desk.set_time(datetime(2026, 10, 20, 12, tzinfo=UTC))
        ada = await Caller.arrive(desk)
        reference = (await ada.book("22:00", date="2026-10-31"))["reference"]
        wish = {"reference": reference, "date": "2026-11-01"}
        failed = await ada.refusal("reschedule_booking", **wish, time="01:30")
        assert "show 01:30 twice" in failed.message
        slot = failed.data["alternatives"][1]["slot_id"]
        moved = await ada.run("reschedule_booking", reference=reference, slot_id=slot)
        assert moved["label"] == "Sun, Nov 1, 1:30 AM EST"
        assert moved["start"] == "2026-11-01T01:30-05:00"


async def test_a_booking_is_moved_as_often_as_the_policy_says(tmp_path: Path) -> None:
    async with bookings(tmp_path) as desk:
        ada = await Caller.arrive(desk)
        reference = (await ada.book("17:00"))["reference"]
        for time in ("18:00", "19:00"):
            await ada.run("reschedule_booking", reference=reference, time=time)
        failed = await ada.refusal("reschedule_booking", reference=reference, time="20:00")
        assert failed.data["needs_person"]
        assert (await only(desk))["moves"] == 2


async def test_the_same_stylist_stays_where_that_is_possible(tmp_path: Path) -> None:
    async with bookings(tmp_path) as desk:
        ada, bob = await Caller.arrive(desk, SALON), await Caller.arrive(desk, SALON)
        cut: dict[str, Any] = {"party": 1, "service": "cut"}
        booked = await ada.book("15:00", **cut, resource="Ben", date=TUESDAY)
        assert booked["staff"] == "Ben"
        moved = await ada.run("reschedule_booking", reference=booked["reference"], time="16:00")
        assert moved["staff"] == "Ben"  # though Ana has nothing to do
        await bob.book("12:00", **cut, resource="Ben", date=TUESDAY)
        moved = await ada.run("reschedule_booking", reference=booked["reference"], time="12:00")
        assert moved["staff"] == "Ana"


async def test_whose_hours_do_not_fit_is_said(tmp_path: Path) -> None:
    async with bookings(tmp_path) as desk:
        ada = await Caller.arrive(desk, SALON)
        wish: dict[str, Any] = {"service": "cut", "date": TUESDAY, "time": "23:00"} | ADA
        failed = await ada.refusal("create_booking", **wish, resource="Ben")
        assert "is outside Ben's hours for a booking of 30 minutes." in failed.message
        failed = await ada.refusal("create_booking", **wish)
        assert "is outside the hours for a booking of 30 minutes." in failed.message


async def test_a_move_keeps_to_what_was_read_out(tmp_path: Path) -> None:
    """Though the member of staff from before is free again when the yes comes."""
    async with bookings(tmp_path) as desk:
        ada, bob = await Caller.arrive(desk, SALON), await Caller.arrive(desk, SALON)
        cut: dict[str, Any] = {"party": 1, "service": "cut", "resource": "Ben", "date": TUESDAY}
        reference = (await ada.book("15:00", **cut))["reference"]
        other = (await bob.book("16:00", **cut))["reference"]
        wish = {"reference": reference, "time": "16:00"}
        assert (await ada.propose("reschedule_booking", "p", **wish))["staff"] == "Ana"
        await bob.run("cancel_booking", reference=other)
        assert (await ada.run("reschedule_booking", "p", **wish))["staff"] == "Ana"


async def test_two_move_to_the_same_time_at_once(database_url: str, tmp_path: Path) -> None:
    async with bookings(tmp_path, ONE_TABLE, url=database_url) as desk:
        guests = [await Caller.arrive(desk) for _ in range(3)]
        times = ["17:00", "18:30", "20:00"]
        booked = [await g.book(t) for g, t in zip(guests, times, strict=True)]

        async def move(caller: Caller, reference: str) -> bool:
            try:
                await caller.run("reschedule_booking", reference=reference, date=TUESDAY,
                                 time="19:00")  # fmt: skip
            except ActionError:
                return False
            return True

        won = await asyncio.gather(
            *(move(g, b["reference"]) for g, b in zip(guests, booked, strict=True))
        )
        assert sum(won) == 1
        assert len(await claims(desk)) == 3
