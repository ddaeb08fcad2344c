"""Who may see and cancel a booking, and what the database itself refuses."""

import asyncio
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from test_booking import BELLA, MONDAY, WHO, claims, guest_of, restaurant
from ungated import ungated

from frontdesk.model import ToolResult
from frontdesk.references import ALPHABET, new_reference, normal, shown
from frontdesk.testing import Call, TestDesk
from frontdesk.testing.desk import NOW
from frontdesk_plugins.booking.tables import Booking

NOT_FOUND = (
    "No booking was found with these details. The reference is needed, and the name, telephone "
    "number or e-mail address that it was made with."
)


async def statuses(desk: TestDesk) -> list[str]:
    rows = await desk.desk.database.fetch("SELECT status FROM booking ORDER BY created, id")
    return [row["status"] for row in rows]


async def test_customers_see_their_own_upcoming_bookings(tmp_path: Path) -> None:
    async with restaurant(tmp_path) as desk:
        guest, other = await guest_of(desk), await guest_of(desk)
        _, none = await guest.call("lookup_booking")
        assert none["bookings"] == []
        assert "reference and the name" in none["message"]
        late, early = await guest.book(2, "20:00"), await guest.book(3, "18:00")
        _, own = await guest.call("lookup_booking")
        assert [b["reference"] for b in own["bookings"]] == [early["reference"], late["reference"]]
        assert (await other.call("lookup_booking"))[1]["bookings"] == []
        mine, theirs = (str(guest.model.requests[n].messages) for n in (-3, -1))
        assert f"own bookings: {early['reference']}: {MONDAY} 18:00 for 3; " in mine
        assert early["reference"] not in theirs
        desk.set_time(datetime(2026, 11, 24, 0, 30, tzinfo=UTC))  # half past seven
        assert len((await guest.call("lookup_booking"))[1]["bookings"]) == 2
        desk.set_time(datetime(2026, 11, 24, 1, 30, tzinfo=UTC))
        (left,) = (await guest.call("lookup_booking"))[1]["bookings"]
        assert left["reference"] == late["reference"]


@pytest.mark.parametrize("tool", ["lookup_booking", "cancel_booking"])
async def test_a_stranger_needs_the_reference_and_the_name_or_the_number(
    tmp_path: Path, tool: str
) -> None:
    twin = msgspec.structs.replace(BELLA, id="twin")
    async with restaurant(tmp_path, twin) as desk:
        reference = (await (await guest_of(desk)).book(2, "19:00"))["reference"]
        stranger, later = await guest_of(desk), NOW
        for wrong in (
            {"reference": reference},
            {"reference": reference, "name": "Ada"},
            {"reference": reference, "name": " "},
            {"reference": reference, "name": "Grace Hopper"},
            {"reference": reference, "phone": "212 555 0198"},
            {"reference": reference, "phone": "none"},
            {"reference": "0000-0000", **WHO},
            {"reference": "", **WHO} if tool == "cancel_booking" else {"reference": "x", **WHO},
        ):
            assert await stranger.call(tool, **wrong) == ("failed", {"message": NOT_FOUND}), wrong
            later += timedelta(minutes=4)  # five in a quarter of an hour are too many
            desk.set_time(later)
        elsewhere = await guest_of(desk, "twin")
        right = {"reference": reference, "name": "Mrs LOVELACE"}
        assert await elsewhere.call(tool, **right) == ("failed", {"message": NOT_FOUND})
        assert await statuses(desk) == ["confirmed"]
        proofs: list[dict[str, str]] = [{"name": "Mrs LOVELACE"}, {"phone": "+1 (212) 555-0199"}]
        for proof in proofs if tool == "lookup_booking" else proofs[1:]:
            typed = f" {reference.lower().replace('-', ' ')} "
            status, data = await stranger.call(tool, reference=typed, **proof)
            assert (status, data["reference"]) == ("done", reference)
            assert "phone" not in data


async def test_a_verified_number_is_proof(tmp_path: Path) -> None:
    async with restaurant(tmp_path) as desk:
        reference = (await (await guest_of(desk)).book(2, "19:00"))["reference"]
        other = await guest_of(desk)
        for verified, found in ((False, "failed"), (True, "done")):
            await desk.desk.database.fetch(
                "UPDATE contact SET phone = {}, phone_verified = {} WHERE id = "
                "(SELECT contact FROM conversation WHERE id = {})",
                "+12125550199", verified, other.talk.id,
            )  # fmt: skip
            assert (await other.call("lookup_booking", reference=reference))[0] == found


async def test_cancelling_frees_the_table_and_the_second_time_changes_nothing(
    tmp_path: Path,
) -> None:
    async with restaurant(tmp_path) as desk:
        guest = await guest_of(desk)
        booked = await guest.book(8, "19:00")
        assert (await guest.book(5, "19:00"))["outcome"] == "failed"
        status, data = await guest.call("cancel_booking", reference=booked["reference"])
        assert (status, data["status"]) == ("done", "cancelled")
        assert data["message"] == (
            f"Cancelled: Mon, Nov 23, 7:00 PM, reference {booked['reference']}."
        )
        assert await claims(desk) == []
        assert (await guest.book(5, "19:00"))["outcome"] == "done"
        _, again = await guest.call("cancel_booking", reference=booked["reference"])
        assert again["message"] == "That booking was cancelled before."
        assert await claims(desk) == ["b", "c"]
        assert len((await guest.call("lookup_booking"))[1]["bookings"]) == 1


async def test_what_has_begun_is_not_cancelled(tmp_path: Path) -> None:
    async with restaurant(tmp_path) as desk:
        guest = await guest_of(desk)
        reference = (await guest.book(2, "19:00"))["reference"]
        desk.set_time(datetime(2026, 11, 24, 0, 0, tzinfo=UTC))
        status, data = await guest.call("cancel_booking", reference=reference)
        assert status == "failed"
        assert "begun or is over" in data["message"]
        assert await claims(desk) == ["a"]


async def test_hours_that_change_leave_bookings_alone(tmp_path: Path) -> None:
    async with restaurant(tmp_path) as desk:
        guest = await guest_of(desk)
        reference = (await guest.book(2, "19:00"))["reference"]
        closed = msgspec.structs.replace(BELLA, hours=type(BELLA.hours)())
        await desk.add_business(closed)
        assert (await guest.book(2, "19:00"))["outcome"] == "failed"
        assert (await guest.call("lookup_booking", reference=reference))[0] == "done"
        assert (await guest.call("cancel_booking", reference=reference))[0] == "done"


# ---- the database ----------------------------------------------------------------------------


async def test_the_database_refuses_two_claims_that_overlap(
    database_url: str, tmp_path: Path
) -> None:
    async with restaurant(tmp_path, url=database_url) as desk:
        await (await guest_of(desk)).book(2, "19:00")
        database = desk.desk.database
        claim = await database.one("SELECT resource, starts, ends FROM booking_claim")
        assert claim is not None
        table, starts, ends = claim["resource"], claim["starts"], claim["ends"]
        insert = (
            "INSERT INTO booking_claim (booking, resource, starts, ends, active) "
            "VALUES ('x', {}, {}, {}, {})"
        )
        for first, last in ((starts, ends), (starts - 5, starts + 1), (ends - 1, ends + 5),
                            (starts + 1, ends - 1), (starts - 1, ends + 1)):  # fmt: skip
            with pytest.raises(Exception, match="booking_claim_overlap"):
                await database.fetch(insert, table, first, last, True)
        await database.fetch(insert, table, starts, ends, False)
        await database.fetch(insert, table, ends, ends + 1, True)
        await database.fetch(insert, table, starts - 1, starts, True)
        await database.fetch(insert, table + 1, starts, ends, True)
        with pytest.raises(Exception, match="booking_claim_overlap"):
            await database.fetch("UPDATE booking_claim SET active = {}", True)
        rows = await database.fetch("SELECT id FROM booking_claim WHERE active")
        assert len(rows) == 4


async def test_a_cancelled_booking_can_be_taken_by_the_next(
    database_url: str, tmp_path: Path
) -> None:
    async with restaurant(tmp_path, url=database_url) as desk:
        guest = await guest_of(desk)
        first = await guest.book(7, "19:00", occasion="none of the action's own")
        assert first["outcome"] == "refused"
        first = await guest.book(7, "19:00")
        assert (await guest.book(7, "20:00"))["outcome"] == "failed"
        await guest.call("cancel_booking", reference=first["reference"])
        assert (await guest.book(7, "20:00"))["outcome"] == "done"
        assert sorted(await statuses(desk)) == ["cancelled", "confirmed"]


async def test_many_at_once_and_a_buffer(database_url: str, tmp_path: Path) -> None:
    """Every table goes once, however many ask; and between two bookings lies the buffer."""
    rules: dict[str, Any] = BELLA.settings["booking"] | {"buffer": 30, "durations": {}}
    buffered = msgspec.structs.replace(BELLA, settings={"booking": rules}, pack="ungated", tools=())

    class Booker:
        """Calls once a turn, so that many turns can run at the same time."""

        name = "scripted"

        async def stream(self, request: Any) -> Any:
            from frontdesk.testing import ScriptedModel

            newest = request.messages[-1].blocks
            time = getattr(newest[-1], "text", "")
            call = Call("create_booking", party_size=2, date=MONDAY, time=time, **WHO)
            done = isinstance(newest[0], ToolResult)
            async for part in ScriptedModel("Well." if done else call).stream(request):
                yield part

        async def warm_up(self) -> None: ...

        async def close(self) -> None: ...

    packs = [ungated(tmp_path, "create_booking")]
    async with restaurant(tmp_path, url=database_url, packs=packs) as desk:
        await desk.add_business(buffered)
        desk.desk.plugins.models["scripted"] = Booker()
        talks = [await desk.conversation("bella") for _ in range(12)]
        times = ["19:00", "20:30"] * 6  # 90 minutes long each: not both on one table
        await asyncio.gather(*(talk.say(time) for talk, time in zip(talks, times, strict=True)))
        done = [talk for talk in talks if talk.actions[0].status == "done"]
        assert len(done) == 3
        assert sorted(await claims(desk)) == ["a", "b", "c"]


async def test_the_call_makes_one_booking_however_often_it_is_carried_out(
    database_url: str, tmp_path: Path
) -> None:
    async with restaurant(tmp_path, url=database_url) as desk:
        await (await guest_of(desk)).book(2, "19:00")
        with desk.desk.database.bound():
            row = await Booking.select().first()
        assert row is not None
        same_call = Booking(**row | {"id": "other", "reference": new_reference()})
        same_reference = Booking(**row | {"id": "other", "call": "other"})
        for twice in (same_call, same_reference):
            with pytest.raises(Exception, match=r"(?i)unique"), desk.desk.database.bound():
                await Booking.insert(twice)


# ---- references ------------------------------------------------------------------------------


@given(st.text(ALPHABET, min_size=8, max_size=8), st.data())
def test_a_reference_is_read_however_it_was_typed(reference: str, data: Any) -> None:
    alike = {"0": "0oO", "1": "1iIlL"}
    typed = "".join(
        data.draw(st.sampled_from(alike.get(letter, letter + letter.lower())))
        for letter in shown(reference)
    )
    assert normal(f" {typed} ") == reference


def test_references_differ() -> None:
    many = {new_reference() for _ in range(1000)}
    assert len(many) == 1000
    assert all(len(r) == 8 and set(r) <= set(ALPHABET) for r in many)
