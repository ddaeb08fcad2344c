"""Nights that are looked for, held, booked and cancelled: once each, whoever asks."""

import asyncio
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest
from support_booking import Caller
from support_stays import (
    ADA,
    MONDAY,
    QUEEN,
    TWO_NIGHTS,
    arrive,
    book,
    call_of,
    hotel,
    nights,
    rows,
)

from frontdesk import ActionError
from frontdesk_plugins.stays import making
from frontdesk_plugins.stays.params import BookRoom


async def test_proposed_held_booked(tmp_path: Path, database_url: str) -> None:
    async with hotel(tmp_path, url=database_url) as desk:
        guest = await arrive(desk)
        proposal = await guest.propose("book_room", "p1", **QUEEN, wishes="a quiet room")
        assert proposal["message"] == (
            "Queen room from Mon 23 Nov to Wed 25 Nov (2 nights), Flexible, 2 adults, for Ada "
            "Lovelace, phone +44 20 7946 0123. £200.00 in total, taxes and fees included. "
            "Cancelling is free until Sun 22 Nov, 18:00, after that it costs £100.00."
        )
        assert await nights(desk) == TWO_NIGHTS
        assert [row["status"] for row in await rows(desk)] == ["held"]
        assert guest.commitments()["stay hold"] == ("held",)
        done = await guest.run("book_room", "p1", **QUEEN, wishes="a quiet room")
        reference = done["reference"]
        assert done["message"] == (
            "Booked: Queen room from Mon 23 Nov to Wed 25 Nov (2 nights), for Ada Lovelace, "
            f"£200.00 in total. Reference {reference}. Your wish is noted, without a promise. To "
            f"guarantee it, use https://pay.example/g/{reference}; card details never belong in "
            "this chat."
        )
        (row,) = await rows(desk, reference)
        assert (row["status"], row["expires"], row["total"]) == ("confirmed", 0, 20000)
        assert (row["phone"], row["wishes"]) == ("+442079460123", "a quiet room")
        assert await nights(desk) == TWO_NIGHTS
        nothing, booked = guest.patch["commitments"]
        assert (nothing.subject, nothing.kinds) == ("stay hold", ())
        assert (booked.subject, booked.kinds) == (reference, ("stay_booked", "booked"))
        assert set(booked.facts) >= {reference, "2026-11-23", "2026-11-25", "15:00", "11:00"}


async def test_a_no_frees_the_room(tmp_path: Path) -> None:
    async with hotel(tmp_path) as desk:
        guest, other = await arrive(desk), await arrive(desk)
        await guest.propose("book_room", "p1", **QUEEN, rooms=2)
        assert (await other.refusal("book_room", **QUEEN)).data["needs"] == "room_type"
        own = await guest.run("search_rooms", **MONDAY)  # one's own hold is not in one's way
        assert own["room_types"][0]["free"] == 2
        await guest.withdraw("book_room", "p1", **QUEEN, rooms=2)
        assert (await rows(desk), await nights(desk)) == ([], [])
        assert (await book(other, rooms=2))["rooms"] == 2


async def test_the_same_call_again_is_the_same_stay(tmp_path: Path, database_url: str) -> None:
    async with hotel(tmp_path, url=database_url) as desk:
        guest = await arrive(desk)
        wish = msgspec.convert(QUEEN | {"rooms": 2}, BookRoom)
        told: list[Any] = []
        for _ in range(2):
            async with desk.desk.database.transaction():
                told.append(await making.book_room(call_of(guest, "again"), wish))
        assert told[0] == told[1]
        assert [row["room"] for row in await rows(desk)] == [0, 1]


async def test_several_rooms_all_or_none(tmp_path: Path) -> None:
    async with hotel(tmp_path) as desk:
        await book(await arrive(desk))
        guest = await arrive(desk)
        await guest.refusal("book_room", **QUEEN, rooms=2)
        assert len(await rows(desk)) == 1
        done = await book(guest, check_in="2026-11-25", check_out="2026-11-26", adults=4, rooms=2)
        assert (done["rooms"], done["total"], len(await rows(desk, done["reference"]))) == (
            2,
            20000,
            2,
        )
        assert done["label"].startswith("2 × Queen room")  # noqa: RUF001


async def test_which_room_is_asked_with_what_is_free(tmp_path: Path) -> None:
    async with hotel(tmp_path) as desk:
        guest = await arrive(desk)
        failed = await guest.refusal("book_room", **MONDAY | ADA)
        assert failed.data["needs"] == "room_type"
        assert failed.data["options"][0] == {
            "value": "queen", "label": "Queen room: £200.00 in total (£100.00 a night)"
        }  # fmt: skip


async def test_a_room_that_is_not_there_is_asked_for_again(tmp_path: Path) -> None:
    async with hotel(tmp_path) as desk:
        guest = await arrive(desk)
        failed = await guest.refusal("book_room", **QUEEN | {"room_type": "the cheapest"})
        assert failed.message.startswith("There is no the cheapest. There are: Queen room, Family")
        assert [one["value"] for one in failed.data["options"]] == ["queen", "family"]
        for said in ("QUEEN", "queen room", "Accessible", "easy"):
            card = await guest.run("rate_quote", **MONDAY, room_type=said)
            assert card["room_type"] in ("queen", "easy")
        failed = await guest.refusal("rate_quote", **MONDAY, room_type="room")
        assert "Queen room, Family room" in failed.message  # either may be meant


async def test_guests_keep_their_room_and_gaps_stay_small(tmp_path: Path) -> None:
    """A stay between two others goes where it fits tightest."""
    async with hotel(tmp_path) as desk:
        for first, last in ((23, 25), (23, 26), (27, 29)):
            wish = {"check_in": f"2026-11-{first}", "check_out": f"2026-11-{last}"}
            await book(await arrive(desk), **wish)
        assert {n for _, u, n in await nights(desk) if u == 2} == {
            "2026-11-23", "2026-11-24", "2026-11-25",
        }  # fmt: skip
        await book(await arrive(desk), check_in="2026-11-25", check_out="2026-11-27")
        found = await nights(desk)
        assert [n for _, u, n in found if u == 1] == [f"2026-11-{d}" for d in range(23, 29)]


async def test_twenty_at_once_for_the_last_room(tmp_path: Path, database_url: str) -> None:
    async with hotel(tmp_path, url=database_url) as desk:
        for week in range(4):  # each of them is a race
            monday = date(2026, 11, 23) + timedelta(weeks=week)
            wish = {"check_in": monday.isoformat(), "check_out": str(monday + timedelta(days=4))}
            await book(await arrive(desk), **wish)
            guests = [await arrive(desk) for _ in range(20)]
            won = await asyncio.gather(*(_try(n, one, monday) for n, one in enumerate(guests)))
            assert sum(map(bool, won)) == 1
        assert len(await rows(desk)) == 8
        found = await nights(desk)
        assert len(found) == len(set(found))


async def _try(n: int, guest: Caller, monday: date) -> bool:
    """Whether the guest got it. All overlap in different ways; the Tuesday is in every wish."""
    first, last = monday + timedelta(days=n % 2), monday + timedelta(days=2 + n % 3)
    wish = QUEEN | {"name": f"Guest {n}", "check_in": str(first), "check_out": str(last)}
    try:
        if n % 2:
            await guest.propose("book_room", f"p{n}", **wish)
            await guest.run("book_room", f"p{n}", **wish)
        else:
            await guest.run("book_room", **wish)
    except ActionError as error:
        return not {"options", "alternatives"} & error.data.keys()
    return True


async def test_the_database_itself_refuses_a_night_twice(tmp_path: Path, database_url: str) -> None:
    async with hotel(tmp_path, url=database_url) as desk:
        await book(await arrive(desk))
        with pytest.raises(Exception, match=r"(?i)unique|duplicate"):
            await desk.desk.database.fetch(
                "INSERT INTO stay_night (business, room_type, unit, night, stay) "
                "VALUES ('hotel', 'queen', 1, '2026-11-24', 'x')"
            )
