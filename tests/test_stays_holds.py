"""What is held for a guest until they answer: how long, how much, and what a late yes gets."""

from datetime import timedelta
from pathlib import Path

import pytest
from support_stays import (
    ADA,
    HOTEL,
    MONDAY,
    QUEEN,
    TWO_NIGHTS,
    arrive,
    book,
    hotel,
    nights,
    rows,
    with_stays,
)

from frontdesk import ActionError
from frontdesk.testing.desk import NOW
from frontdesk_plugins.stays import ledger


async def test_a_hold_expires_and_a_late_yes_is_kept_when_it_can(tmp_path: Path) -> None:
    async with hotel(tmp_path) as desk:
        guest, other = await arrive(desk), await arrive(desk)
        await guest.propose("book_room", "p1", **QUEEN, rooms=2)
        desk.set_time(NOW + timedelta(minutes=11))
        assert (await other.run("search_rooms", **MONDAY))["room_types"][0]["free"] == 2
        await book(other)
        with pytest.raises(ActionError) as failed:
            await guest.run("book_room", "p1", **QUEEN, rooms=2)
        assert failed.value.data["alternatives"]
        await guest.propose("book_room", "p2", **QUEEN)
        desk.set_time(NOW + timedelta(minutes=30))
        assert (await guest.run("book_room", "p2", **QUEEN))["status"] == "confirmed"
        assert [row["unit"] for row in await rows(desk) if row["status"] == "confirmed"] == [1, 2]


async def test_by_text_message_a_hold_lasts_longer(tmp_path: Path) -> None:
    async with hotel(tmp_path) as desk:
        guest, other = await arrive(desk, channel="sms"), await arrive(desk)
        await guest.propose("book_room", "p1", **QUEEN, rooms=2)
        desk.set_time(NOW + timedelta(minutes=19))
        assert (await other.run("search_rooms", **MONDAY))["room_types"][0]["room_type"] != "queen"
        desk.set_time(NOW + timedelta(minutes=21))
        assert (await other.run("search_rooms", **MONDAY))["room_types"][0]["room_type"] == "queen"


async def test_after_it_expired_only_what_was_agreed_to_is_booked(tmp_path: Path) -> None:
    async with hotel(tmp_path) as desk:
        guest = await arrive(desk)
        await guest.propose("book_room", "p1", **QUEEN)
        dear = [room | {"price": room["price"] + 1} for room in HOTEL.settings["stays"]["rooms"]]
        await desk.add_business(with_stays(rooms=dear))
        # While it is held, the price that was told holds.
        assert (await guest.run("book_room", "p1", **QUEEN))["total"] == 20000
        await guest.propose("book_room", "p2", **QUEEN)
        await desk.add_business(HOTEL)
        desk.set_time(NOW + timedelta(minutes=11))
        with pytest.raises(ActionError, match="has expired"):
            await guest.run("book_room", "p2", **QUEEN)
        desk.set_time(NOW + timedelta(days=3))
        assert await ledger.sweep(desk.desk.database, desk.desk.now(HOTEL)) >= 0
        with pytest.raises(ActionError):
            await guest.run("book_room", "p2", **QUEEN)


async def test_a_late_yes_is_for_the_room_and_rate_that_were_read_back(tmp_path: Path) -> None:
    async with hotel(tmp_path) as desk:
        guest, other = await arrive(desk), await arrive(desk)
        queens = (await book(other, rooms=2))["reference"]
        wish = MONDAY | ADA  # neither a room nor a rate is named
        read = await guest.propose("book_room", "p1", **wish)
        assert "Family room" in read["message"]
        await other.run("cancel_stay", reference=queens)
        flex, saver = HOTEL.settings["stays"]["plans"]
        await desk.add_business(with_stays(plans=[saver, flex]))
        desk.set_time(NOW + timedelta(minutes=11))
        done = await guest.run("book_room", "p1", **wish)
        assert (done["room"], done["rate_plan"], done["total"]) == (
            "Family room", "Flexible", read["total"]
        )  # fmt: skip


async def test_what_is_not_kept_any_more_is_not_called_dearer(tmp_path: Path) -> None:
    async with hotel(tmp_path) as desk:
        guest = await arrive(desk)
        with pytest.raises(ActionError, match="not kept for you any more"):
            await guest.run("book_room", "forgotten", **QUEEN)
        assert await rows(desk) == []


async def test_two_proposals_are_held_at_once_and_each_is_booked(
    tmp_path: Path, database_url: str
) -> None:
    """A king and a queen, both in one turn."""
    async with hotel(tmp_path, url=database_url) as desk:
        guest = await arrive(desk)
        await guest.propose("book_room", "p1", **QUEEN)
        await guest.propose("book_room", "p2", **QUEEN, wishes="next door")
        assert {unit for _, unit, _ in await nights(desk)} == {1, 2}
        assert len(guest.patch["commitments"][0].facts) == 4
        one = await guest.run("book_room", "p1", **QUEEN)
        assert guest.commitments()["stay hold"] == ("held",)
        assert guest.commitments()[one["reference"]] == ("stay_booked", "booked")
        await guest.withdraw("book_room", "p2", **QUEEN, wishes="next door")
        assert guest.commitments() == {"stay hold": ()}
        assert await nights(desk) == TWO_NIGHTS


async def test_one_proposal_does_not_take_what_another_holds(tmp_path: Path) -> None:
    async with hotel(tmp_path) as desk:
        guest = await arrive(desk)
        await guest.propose("book_room", "p1", **QUEEN, rooms=2)
        with pytest.raises(ActionError, match="Queen room is not free") as failed:
            await guest.propose("book_room", "p2", **QUEEN)
        assert [one["value"] for one in failed.value.data["options"]] == ["family"]


async def test_a_guest_keeps_two_proposals_over_all_conversations(
    tmp_path: Path, database_url: str
) -> None:
    async with hotel(tmp_path, url=database_url) as desk:
        one, two, three = [await arrive(desk, visitor="v") for _ in range(3)]
        assert one.contact.id == three.contact.id
        await one.propose("book_room", "p1", **QUEEN)
        await two.propose("book_room", "p2", **QUEEN)
        wish = QUEEN | {"room_type": "family"}
        with pytest.raises(ActionError) as failed:
            await three.propose("book_room", "p3", **wish)
        assert failed.value.message == (
            "Rooms are kept for you already: Queen room from Mon 23 Nov to Wed 25 Nov (2 nights); "
            "Queen room from Mon 23 Nov to Wed 25 Nov (2 nights). Please say yes or no to that first."
        )
        stranger = await arrive(desk)
        await stranger.propose("book_room", "p4", **wish)
        await stranger.withdraw("book_room", "p4", **wish)
        await one.run("book_room", "p1", **QUEEN)
        assert (await three.propose("book_room", "p3", **wish))["room"] == "Family room"
        desk.set_time(NOW + timedelta(minutes=11))  # what has expired keeps nothing from anybody
        await three.propose("book_room", "p5", **QUEEN)
        await one.propose("book_room", "p6", **wish)


async def test_the_sweep_frees_what_expired_and_nothing_else(
    tmp_path: Path, database_url: str
) -> None:
    async with hotel(tmp_path, url=database_url) as desk:
        guest, other = await arrive(desk), await arrive(desk)
        await book(guest)
        await other.propose("book_room", "p1", **QUEEN)
        assert await ledger.sweep(desk.desk.database, NOW + timedelta(minutes=9)) == 0
        assert await ledger.sweep(desk.desk.database, NOW + timedelta(minutes=11)) == 1
        assert await nights(desk) == TWO_NIGHTS
        assert len(await rows(desk)) == 2
        await ledger.sweep(desk.desk.database, NOW + timedelta(days=2))
        assert [row["status"] for row in await rows(desk)] == ["confirmed"]
