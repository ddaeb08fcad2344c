"""Holds: what a proposal keeps, for how long, for whom, and what becomes of it."""

import asyncio
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from support_booking import ADA, MONDAY, SALON, Caller, bookings, count, with_rules
from test_booking import BELLA

from frontdesk import ActionError
from frontdesk.testing import TestDesk
from frontdesk.testing.desk import NOW
from frontdesk_plugins.booking import upkeep

ONE_TABLE = with_rules(BELLA, resources=[{"id": "a", "max": 2}], combinations=[])
WISH: dict[str, Any] = {"party_size": 2, "date": MONDAY, "time": "19:00"}


async def test_a_proposal_holds_the_slot_until_it_is_booked(
    database_url: str, tmp_path: Path
) -> None:
    async with bookings(tmp_path, ONE_TABLE, url=database_url) as desk:
        ada, bob = await Caller.arrive(desk), await Caller.arrive(desk)
        shown = await ada.propose("create_booking", "p1", **WISH, **ADA)
        assert shown["message"] == (
            "Table for 2 on Mon, Nov 23, 7:00 PM, for Ada Lovelace, phone +1 212-555-0199"
        )
        assert (shown["date"], shown["time"], shown["party_size"]) == (MONDAY, "19:00", 2)
        assert shown["held_until"] == "2026-11-22T07:05-05:00"
        assert ada.commitments() == {"hold": ("held",)}
        # It is taken for others and free for its owner.
        assert await bob.free("19:00") == []
        assert await ada.free("19:00") == ["19:00"]
        failed = await bob.refusal("create_booking", **WISH, **ADA)
        assert failed.message == "Mon, Nov 23, 7:00 PM is fully booked for 2."
        assert failed.data["alternatives"]
        booked = await ada.run("create_booking", "p1", **WISH, **ADA)
        assert booked["status"] == "confirmed"
        assert ada.commitments() == {"hold": (), booked["reference"]: ("booked",)}
        assert await count(desk, "booking_hold") == 0
        assert await count(desk, "booking_claim") == 1
        assert await count(desk, "booking_claim", "expires > 0") == 0


async def test_a_new_hold_replaces_the_old_and_a_refusal_frees(
    database_url: str, tmp_path: Path
) -> None:
    async with bookings(tmp_path, ONE_TABLE, url=database_url) as desk:
        ada, bob = await Caller.arrive(desk), await Caller.arrive(desk)
        await ada.propose("create_booking", "p1", **WISH, **ADA)
        # Overlapping with the first, which is let go.
        await ada.propose("create_booking", "p2", **WISH | {"time": "19:30"}, **ADA)
        assert await count(desk, "booking_hold") == 1
        assert await bob.free("18:00") == ["18:00"]
        await ada.withdraw("create_booking", "p1", **WISH, **ADA)  # not the one that stands
        assert await bob.free("19:30") == []
        await ada.withdraw("create_booking", "p2", **WISH | {"time": "19:30"}, **ADA)
        assert await bob.free("19:30") == ["19:30"]
        assert await count(desk, "booking_claim") == 0


async def test_an_expired_hold_blocks_nobody_even_before_it_is_swept(
    database_url: str, tmp_path: Path
) -> None:
    async with bookings(tmp_path, ONE_TABLE, url=database_url) as desk:
        ada, bob = await Caller.arrive(desk), await Caller.arrive(desk)
        await ada.propose("create_booking", "p1", **WISH, **ADA)
        desk.set_time(NOW + timedelta(minutes=4, seconds=59))
        assert await bob.free("19:00") == []
        await upkeep.tidy(desk.desk)
        assert await count(desk, "booking_hold") == 1
        desk.set_time(NOW + timedelta(minutes=5))
        assert await bob.free("19:00") == ["19:00"]
        await bob.book()  # over the hold's claims, which the constraint must not see
        with pytest.raises(ActionError, match="fully booked") as caught:
            await ada.run("create_booking", "p1", **WISH, **ADA)
        assert caught.value.data["alternatives"]
        await upkeep.tidy(desk.desk)
        assert (await count(desk, "booking_hold"), await count(desk, "booking_claim")) == (0, 1)


async def test_what_was_held_is_booked_anew_when_it_is_still_free(
    database_url: str, tmp_path: Path
) -> None:
    async with bookings(tmp_path, ONE_TABLE, url=database_url) as desk:
        ada = await Caller.arrive(desk)
        await ada.propose("create_booking", "p1", **WISH, **ADA)
        desk.set_time(NOW + timedelta(hours=1))
        await upkeep.tidy(desk.desk)
        assert await count(desk, "booking_hold") == 0
        assert (await ada.run("create_booking", "p1", **WISH, **ADA))["status"] == "confirmed"


async def test_who_answers_in_time_is_not_too_late(tmp_path: Path) -> None:
    """The notice that a booking needs is counted from when it was held."""
    async with bookings(tmp_path) as desk:
        ada = await Caller.arrive(desk)
        just = NOW + timedelta(hours=35, minutes=30)  # Monday, half past six
        desk.set_time(just)
        await ada.propose("create_booking", "p1", **WISH, **ADA)
        desk.set_time(just + timedelta(minutes=2))
        await ada.propose("create_booking", "p1", **WISH, **ADA)  # read out once more
        desk.set_time(just + timedelta(minutes=3))
        other = await Caller.arrive(desk)
        assert (
            "30 minutes of notice" in (await other.refusal("create_booking", **WISH, **ADA)).message
        )
        assert (await ada.run("create_booking", "p1", **WISH, **ADA))["status"] == "confirmed"


async def test_text_messages_take_longer(tmp_path: Path) -> None:
    async with bookings(tmp_path) as desk:
        ada = await Caller.arrive(desk, channel="sms")
        held = await ada.run("hold_slot", **WISH)
        assert held["held_until"] == "2026-11-22T07:15-05:00"
        assert held["message"] == "Held for you until 7:15 AM: Table for 2 on Mon, Nov 23, 7:00 PM."
        assert held["status"] == "held"
        assert ada.commitments() == {"hold": ("held",)}
        booked = await ada.book()
        assert booked["status"] == "confirmed"
        assert await count(desk, "booking_hold") == 0


async def test_another_service_of_the_same_person_is_in_the_way(tmp_path: Path) -> None:
    async with bookings(tmp_path) as desk:
        ada, bob = await Caller.arrive(desk, SALON), await Caller.arrive(desk, SALON)
        await ada.run("hold_slot", service="colour", date=MONDAY, time="10:00")
        free = await bob.free("10:30", party=1, service="cut", resource="ana")
        assert free == []
        assert await bob.free("10:30", party=1, service="Haircut") == ["10:30"]
        # A quarter of an hour after it is kept free too.
        assert await bob.free("11:30", party=1, service="cut", resource="ana") == []
        assert await bob.free("12:00", party=1, service="cut", resource="ana") == ["12:00"]


async def test_who_was_read_out_is_who_is_booked(tmp_path: Path) -> None:
    """Between the proposal and the yes others change who is booked least."""
    async with bookings(tmp_path) as desk:
        ada, bob = await Caller.arrive(desk, SALON), await Caller.arrive(desk, SALON)
        cut = {"service": "cut", "date": MONDAY, "time": "15:00"}
        shown = await ada.propose("create_booking", "p", **cut, **ADA)
        assert shown["staff"] == "Ana"
        assert "Haircut on Mon, Nov 23, 3:00 PM with Ana, €40.00, for Ada" in shown["message"]
        await bob.book("09:00", party=1, service="cut", resource="Ana")
        booked = await ada.run("create_booking", "p", **cut, **ADA)
        assert (booked["staff"], booked["service"], booked["price"]) == ("Ana", "Haircut", 4000)


async def test_seats_are_held_and_the_database_guards_them(
    database_url: str, tmp_path: Path
) -> None:
    async with bookings(tmp_path, url=database_url) as desk:
        callers = [await Caller.arrive(desk, SALON) for _ in range(4)]
        yoga: dict[str, Any] = {"service": "yoga", "date": MONDAY, "time": "10:00"}
        held = await callers[0].propose("create_booking", "p", party_size=2, **yoga, **ADA)
        assert held["party_size"] == 2
        found = await callers[1].run("check_availability", **yoga)
        assert found["slots"][0]["seats_left"] == 1
        assert found["message"] == "Places left on Mon, Nov 23, 10:00 AM: 1."
        await callers[1].book("10:00", party=1, service="yoga")
        full = await callers[2].refusal("create_booking", **yoga, **ADA)
        assert full.message == "Mon, Nov 23, 10:00 AM is fully booked."
        assert [o["time"] for o in full.data["alternatives"]] == ["17:00"]
        await callers[0].run("create_booking", "p", party_size=2, **yoga, **ADA)
        database = desk.desk.database
        claims = await database.fetch("SELECT * FROM booking_claim ORDER BY seat_from")
        assert [claim["seat_from"] for claim in claims] == [0, 1, 2]
        again = (claims[0]["resource"], claims[0]["starts"], claims[0]["ends"])
        for first, last in ((1, 2), (0, 1_000_000)):
            with pytest.raises(Exception, match="booking_claim_overlap"):
                await database.fetch(
                    "INSERT INTO booking_claim (booking, resource, starts, ends, seat_from, "
                    "seat_to) VALUES ('x', {}, {}, {}, {}, {})",
                    *again, first, last,
                )  # fmt: skip


async def test_many_want_the_last_seats_at_once(database_url: str, tmp_path: Path) -> None:
    async with bookings(tmp_path, url=database_url) as desk:
        callers = [await Caller.arrive(desk, SALON) for _ in range(8)]

        async def try_it(caller: Caller) -> bool:
            try:
                await caller.book("17:00", party=1, service="yoga")
            except ActionError:
                return False
            return True

        won = await asyncio.gather(*(try_it(caller) for caller in callers))
        assert sum(won) == 3


async def test_many_hold_the_last_table_at_once(database_url: str, tmp_path: Path) -> None:
    async with bookings(tmp_path, ONE_TABLE, url=database_url) as desk:
        callers = [await Caller.arrive(desk) for _ in range(8)]

        async def try_it(caller: Caller) -> bool:
            try:
                await caller.propose("create_booking", caller.conversation, **WISH, **ADA)
                await caller.run("create_booking", caller.conversation, **WISH, **ADA)
            except ActionError:
                return False
            return True

        won = await asyncio.gather(*(try_it(caller) for caller in callers))
        assert sum(won) == 1
        assert await _holds_and_bookings(desk) == (0, 1)


async def test_the_kitchen_takes_one_party_at_a_time(database_url: str, tmp_path: Path) -> None:
    """Parties that want different tables meet at the pacing alone."""
    tables = [{"id": f"t{n}", "min": n, "max": n} for n in range(1, 9)]
    shop = with_rules(BELLA, resources=tables, combinations=[], pacing={"parties": 1})
    async with bookings(tmp_path, shop, url=database_url) as desk:
        callers = [await Caller.arrive(desk) for _ in range(8)]

        async def try_it(party: int, caller: Caller) -> bool:
            try:
                await caller.book(party=party)
            except ActionError:
                return False
            return True

        won = await asyncio.gather(*(try_it(n, one) for n, one in enumerate(callers, 1)))
        assert sum(won) == 1


async def _holds_and_bookings(desk: TestDesk) -> tuple[int, int]:
    return await count(desk, "booking_hold"), await count(desk, "booking")


async def test_a_block_in_the_database_is_in_the_way(database_url: str, tmp_path: Path) -> None:
    async with bookings(tmp_path, url=database_url) as desk:
        ada = await Caller.arrive(desk)
        starts = int((NOW + timedelta(hours=36)).timestamp() * 1000)  # Monday, 19:00
        await desk.desk.database.fetch(
            "INSERT INTO booking_block (id, business, resource, starts, ends, created) "
            "VALUES ('1', 'bella', 'a', {}, {}, 0)",
            starts, starts + 3_600_000,
        )  # fmt: skip
        booked = await ada.book()
        assert booked["status"] == "confirmed"
        row = await desk.desk.database.one("SELECT resources FROM booking")
        assert row == {"resources": '["b"]'}
        await desk.desk.database.fetch(
            "INSERT INTO booking_block (id, business, resource, starts, ends, created) "
            "VALUES ('2', 'bella', '*', {}, {}, 0)",
            starts, starts + 1,
        )  # fmt: skip
        assert await ada.free("19:00", party=3) == []
        assert await ada.free("20:00", party=3) == ["20:00"]
