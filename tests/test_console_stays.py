"""The page "Stays": who arrives, who is there, who leaves, and what staff say of it."""

import asyncio
import re
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from support_booking import Caller
from support_pages import Console, console, text_of
from support_stays import HOTEL, QUEEN, arrive, book, nights, rows

from frontdesk.database import Row
from frontdesk.events import Noticed
from frontdesk.reads import read_events
from frontdesk.testing.desk import NOW
from frontdesk_plugins.stays import pages

EVIL = "<script>alert(1)</script>"
OTHER = "other"


@pytest.fixture
async def house(tmp_path: Path, database_url: str) -> AsyncIterator[Console]:
    async with console(tmp_path, HOTEL, url=database_url) as opened:
        yield opened


@pytest.fixture
async def small(tmp_path: Path) -> AsyncIterator[Console]:
    """SQLite only."""
    import msgspec

    other = msgspec.structs.replace(HOTEL, id=OTHER, settings={})
    async with console(tmp_path, HOTEL, other) as opened:
        yield opened


async def booked(house: Console, **wish: Any) -> tuple[Caller, Row]:
    guest = await arrive(house.desk)
    card = await book(guest, **wish)
    return guest, (await rows(house.desk, card["reference"]))[0]


def step(row: Row, to: str, version: int = 0) -> dict[str, Any]:
    return {"stay": row["id"], "version": version, "to": to}


async def test_a_day_with_arrivals_guests_and_departures(house: Console) -> None:
    await booked(house, wishes=EVIL, rooms=2, children_ages=[1])
    await booked(house, room_type="family", check_in="2026-11-24", check_out="2026-11-26")
    ana = await house.sign_in("hotel")
    html = await ana.see("stays", date="2026-11-23")
    assert EVIL not in html
    read = text_of(html)
    assert "Free in this night: Queen room 0 of 2, Family room 1 of 1" in read
    assert "Arrivals 2" in read
    assert "Queen room 1 Flexible Ada Lovelace +44 20 7946 0123 Guests: 2 + child of 1" in read
    assert "Mon 23 Nov to Wed 25 Nov" in read
    assert "£200.00 Free to cancel: Sun 22 Nov, 18:00 Expected" in read
    middle = text_of(await ana.see("stays", date="2026-11-24"))
    assert "In the house overnight 2" in middle
    assert "Arrivals 1" in middle
    last = text_of(await ana.see("stays", date="2026-11-25"))
    assert "Departures 2" in last
    assert "In the house overnight 1" in last


async def test_nonsense_in_the_address_shows_today(small: Console) -> None:
    ana = await small.sign_in("hotel")
    for date in ("", "yesterday", "0001-01-01", "9999-12-31", "2026-02-30"):
        assert "Sun 22 Nov" in text_of(await ana.see("stays", date=date))
    bob = await small.sign_in(OTHER)
    assert "No rooms" in text_of(await bob.see("stays"))


async def test_arrived_and_departed_early(house: Console) -> None:
    _, row = await booked(house, check_out="2026-11-27")
    ana = await house.sign_in("hotel")
    early = await ana.refused("stays", "change", **step(row, "arrived"))
    assert early == "A stay that is expected cannot become that."
    house.desk.set_time(NOW + timedelta(days=1))
    assert (await ana.done("stays", "change", **step(row, "arrived"))).endswith("in the house.")
    stale = await ana.refused("stays", "change", **step(row, "departed"))
    assert stale.startswith("Somebody changed this stay meanwhile.")
    house.desk.set_time(NOW + timedelta(days=3))
    await ana.done("stays", "change", **step(row, "departed", 1))
    # The nights to come can be sold again, those that were slept in stay on record.
    assert [night for _, _, night in await nights(house.desk)] == [
        "2026-11-23", "2026-11-24",
    ]  # fmt: skip
    (now,) = await rows(house.desk)
    assert (now["status"], now["version"], now["agent"]) == ("departed", 2, "Ana")


async def test_no_show_and_cancel(house: Console) -> None:
    _, one = await booked(house)
    guest, two = await booked(house)
    ana = await house.sign_in("hotel")
    await ana.done("stays", "change", **step(two, "cancelled"), reason="pipes")
    assert {unit for _, unit, _ in await nights(house.desk)} == {1}
    html = text_of(await ana.see("stays", date="2026-11-23"))
    assert "Cancelled by Ana pipes" in html
    assert (await guest.refusal("lookup_stay")).data == {"needs": "reference"}
    house.desk.set_time(NOW + timedelta(days=2))
    assert (await ana.done("stays", "change", **step(one, "no_show"))).endswith("no-show.")
    assert [night for _, _, night in await nights(house.desk)] == ["2026-11-23"]
    for to in ("arrived", "departed", "cancelled", "no_show"):
        assert "cannot become" in await ana.refused("stays", "change", **step(one, to, 1))


async def test_the_guest_is_told_of_a_cancellation(house: Console) -> None:
    guest, row = await booked(house)
    ana = await house.sign_in("hotel")
    form = step(row, "cancelled") | {"tell": "true", "reason": "The pipes burst."}
    stale = await ana.refused("stays", "change", **form | {"version": 7})
    assert stale.startswith("Somebody changed")
    assert await notices(house, guest.conversation) == []
    await ana.done("stays", "change", **form)
    reference = f"{row['reference'][:4]}-{row['reference'][4:]}"
    (told,) = await notices(house, guest.conversation)
    assert told == (
        f"Our team has cancelled {reference}: Queen room from Mon 23 Nov to Wed 25 Nov. The pipes "
        "burst."
    )


async def notices(house: Console, conversation: str) -> list[str]:
    events = await read_events(house.desk.desk.database, conversation, 0)
    return [one.event.text for one in events if isinstance(one.event, Noticed)]


async def test_staff_book_at_the_desk(house: Console) -> None:
    ana = await house.sign_in("hotel")
    house.desk.set_time(NOW + timedelta(hours=10))  # too late for the chat
    html = await ana.see("stays")
    form = re.search(r'name="form" value="([^"]+)"', html)
    assert form
    wish = {
        "form": form[1], "room_type": "queen", "rate_plan": "saver", "check_in": "2026-11-22",
        "check_out": "2026-11-24", "rooms": 2, "adults": 2, "name": "Joan Clarke",
        "phone": "020 7946 0999", "wishes": EVIL,
    }  # fmt: skip
    said = [await ana.done("stays", "book", **wish) for _ in range(2)]  # pressed twice
    reference = said[0].split()[1].rstrip(",")
    assert said == [f"Booked: {reference}, £360.00 in total."] * 2
    assert [(row["unit"], row["status"]) for row in await rows(house.desk, reference)] == [
        (1, "confirmed"), (2, "confirmed"),
    ]  # fmt: skip
    html = await ana.see("stays")
    assert EVIL not in html
    assert "conversation=" not in html
    other = wish | {"form": "another"}
    full = await ana.refused("stays", "book", **other)
    assert full.startswith("Queen room is not free from Sun 22 Nov to Tue 24 Nov.")
    assert "telephone" in await ana.refused("stays", "book", **other | {"phone": "none"})
    assert "adults" in (await ana.refused("stays", "book", **other | {"adults": 0})).lower()
    assert "Name" in await ana.refused("stays", "book", **other | {"name": " "})
    guest = await arrive(house.desk)
    assert (await guest.run("lookup_stay", reference=reference, name="Clarke"))["name"] == "Joan"


WALK_IN: dict[str, Any] = {
    "form": "one", "room_type": "queen", "rate_plan": "flex", "rooms": 1, "adults": 2,
    "check_in": "2026-11-22", "check_out": "2026-11-23", "name": "Joan Clarke",
    "phone": "020 7946 0999", "wishes": "",
}  # fmt: skip


@pytest.mark.parametrize(
    "other",
    [
        {"name": "Mary Ward"}, {"check_out": "2026-11-24"}, {"room_type": "family"}, {"rooms": 2},
        {"rate_plan": "saver"}, {"adults": 1}, {"phone": "020 7946 0998"}, {"wishes": "a crib"},
    ],
)  # fmt: skip
async def test_a_form_that_was_sent_books_nobody_else(small: Console, other: Any) -> None:
    ana = await small.sign_in("hotel")
    said = await ana.done("stays", "book", **WALK_IN)
    refused = await ana.refused("stays", "book", **WALK_IN | other)
    reference = said.split()[1].rstrip(",")
    assert refused == (
        f"This form was sent already: it booked {reference} for Joan Clarke, and nothing else was "
        "booked now. Open a new one for another stay."
    )
    assert await ana.done("stays", "book", **WALK_IN | {"name": " Joan Clarke "}) == said
    assert len(await rows(small.desk)) == 1


async def test_a_form_that_is_sent_twice_at_once_books_once(house: Console) -> None:
    pages = [await house.sign_in("hotel", name=name) for name in ("Ana", "Ben", "Cy")]
    said = await asyncio.gather(*(page.done("stays", "book", **WALK_IN) for page in pages))
    assert len(set(said)) == 1
    assert len(await rows(house.desk)) == 1


async def test_the_desk_sells_the_night_that_is_under_way_until_the_morning(
    small: Console,
) -> None:
    ana = await small.sign_in("hotel")
    hint = "For what is left of this night, choose yesterday."
    small.desk.set_time(datetime(2026, 11, 22, 23, 59, 30, tzinfo=UTC))
    assert hint not in await ana.see("stays")
    await ana.done("stays", "book", **WALK_IN)
    small.desk.set_time(datetime(2026, 11, 23, 0, 40, tzinfo=UTC))
    assert hint in await ana.see("stays")
    await ana.done("stays", "book", **WALK_IN | {"form": "two"})
    (_, last) = await rows(small.desk)
    assert (last["check_in"], last["agent"]) == ("2026-11-22", "Ana")
    assert "Expected by Ana" in text_of(await ana.see("stays", date="2026-11-22"))
    await ana.done("stays", "change", **step(last, "arrived"))
    before = WALK_IN | {"form": "three", "check_in": "2026-11-21", "room_type": "family"}
    assert "is past" in await ana.refused("stays", "book", **before)
    small.desk.set_time(datetime(2026, 11, 23, 6, 0, tzinfo=UTC))
    late = WALK_IN | {"form": "four", "room_type": "family"}
    assert "is past" in await ana.refused("stays", "book", **late)
    assert hint not in await ana.see("stays")


async def test_other_businesses_and_wrong_forms(small: Console) -> None:
    _, row = await booked(small)
    bob = await small.sign_in(OTHER)
    refused = await bob.refused("stays", "change", **step(row, "cancelled"))
    assert refused == "There is no such stay."
    assert row["reference"][:4] not in await bob.see("stays", date="2026-11-23")
    ana = await small.sign_in("hotel")
    for form in ({}, {"stay": row["id"]}, step(row, "held"), step(row, "x"),
                 step(row, "arrived") | {"version": "one"}):  # fmt: skip
        await ana.refused("stays", "change", **form)
    assert [one["status"] for one in await rows(small.desk)] == ["confirmed"]


async def test_what_is_shown_beside_a_conversation(small: Console) -> None:
    guest, row = await booked(small)
    other = await arrive(small.desk)
    await other.propose("book_room", "p", **QUEEN)
    with small.desk.desk.database.bound():
        (shown,) = (await pages.section(HOTEL, guest.contact.id)).rows
        assert (await pages.section(HOTEL, other.contact.id)).rows == ()
    assert shown.text == "Queen room, Mon 23 Nov to Wed 25 Nov"
    assert shown.detail.replace("-", "") == row["reference"]
    assert (shown.status, shown.href) == ("Expected", "/console/stays?date=2026-11-23")
