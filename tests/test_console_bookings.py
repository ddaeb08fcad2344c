"""The page "Bookings": what staff do with them, by the rules that hold for customers."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from support_booking import ADA, MONDAY, SALON, Caller, with_rules
from support_pages import Console, Person, console, text_of
from test_booking import BELLA

from frontdesk.database import Row
from frontdesk.events import Noticed
from frontdesk.pages import Section
from frontdesk.reads import read_events
from frontdesk_plugins.booking import panel

EVENING = datetime(2026, 11, 24, 0, 0, tzinfo=UTC)
"""Monday, 19:00 at Bella's."""
EVIL = "<script>alert(1)</script>"


@pytest.fixture
async def house(tmp_path: Path, database_url: str) -> AsyncIterator[Console]:
    async with console(tmp_path, BELLA, SALON, url=database_url) as opened:
        yield opened


@pytest.fixture
async def small(tmp_path: Path) -> AsyncIterator[Console]:
    """SQLite only."""
    async with console(tmp_path, BELLA, SALON) as opened:
        yield opened


async def row_of(house: Console, reference: str = "") -> Row:
    row = await house.desk.desk.database.one(
        "SELECT * FROM booking WHERE reference = {} OR {} = '' ORDER BY id DESC LIMIT 1",
        reference.replace("-", ""), reference,
    )  # fmt: skip
    assert row is not None
    return row


async def booked(house: Console, **wish: Any) -> tuple[Caller, Row]:
    guest = await Caller.arrive(house.desk)
    card = await guest.book(**wish)
    return guest, await row_of(house, card["reference"])


def version(row: Row) -> dict[str, Any]:
    return {"booking": row["id"], "sequence": row["sequence"]}


async def notices(house: Console, conversation: str) -> list[str]:
    events = await read_events(house.desk.desk.database, conversation, 0)
    return [one.event.text for one in events if isinstance(one.event, Noticed)]


async def slots(person: Person, **query: Any) -> list[str]:
    import re

    html = await person.see("bookings", **query)
    return re.findall(r'name="slot" value="([^"]+)"', html)


# ---- what is shown ---------------------------------------------------------------------------


async def test_a_day_with_its_bookings_and_a_week(house: Console) -> None:
    await booked(house, time="19:00", party=2, notes="window")
    await booked(house, time="19:30", party=6, name="Bob Byte")
    ana = await house.sign_in("bella")
    read = text_of(await ana.see("bookings", date=MONDAY))
    assert "Mon, Nov 23 2 bookings, 8 guests" in read
    assert "7:00 PM 8:30 PM Ada Lovelace +1 212-555-0199 2 a window confirmed" in read
    assert "7:30 PM 9:30 PM Bob Byte +1 212-555-0199 6 b, c confirmed" in read
    assert "customer confirmed" not in read
    await house.desk.desk.database.fetch("UPDATE booking SET attends = 1 WHERE party = 6")
    html = await ana.see("bookings", date=MONDAY)
    assert "Bob Byte +1 212-555-0199 6 b, c confirmed customer confirmed" in text_of(html)
    for day in ("2026-11-22", "2026-11-24"):  # before, and after
        assert f'href="/console/bookings?view=day&amp;date={day}"' in html
    only = text_of(await ana.see("bookings", date=MONDAY, resource="b"))
    assert "Bob Byte" in only
    assert "Ada" not in only
    week = text_of(await ana.see("bookings", view="week", date="2026-11-26"))
    assert "Mon, Nov 23 2 booked, 8 guests 7:00 PM Ada Lovelace , 2" in week
    assert "Wed, Nov 25 closed" in week
    closed = text_of(await ana.see("bookings", date="2026-12-01"))
    assert "closed: Inventory" in closed


async def test_the_timeline_has_the_same_width_in_every_row(small: Console) -> None:
    import re

    for time in ("19:00", "20:45", "17:15"):
        await booked(small, time=time, party=2)
    ana = await small.sign_in("bella")
    html = await ana.see("bookings", date=MONDAY)
    table = re.search(r'<table class="timeline">(.*?)</table>', html, re.DOTALL)
    assert table is not None
    rows = [
        sum(int(n) for n in re.findall(r'colspan="(\d+)"', row))
        for row in table[1].split("<tr>")[1:]
    ]
    assert len(set(rows)) == 1, rows
    assert rows[0] == 6 * 4  # 17:00 to 23:00
    cells = re.findall(r'<td colspan="(\d+)"( class="taken)?', table[1].split("<tr>")[2])
    # From 17:15 for an hour and a half, from 19:00, and from 20:45.
    assert [(int(span), bool(taken)) for span, taken in cells] == [
        (1, False), (6, True), (1, False), (6, True), (1, False), (6, True), (3, False),
    ]  # fmt: skip


async def test_nonsense_in_the_address_shows_today(small: Console) -> None:
    ana = await small.sign_in("bella")
    for date in ("", "yesterday", "0001-01-01", "9999-12-31", "2026-02-30"):
        assert "Sun, Nov 22" in text_of(await ana.see("bookings", date=date))
    for query in ({"party": "-1"}, {"party": "9" * 50}, {"service": "x" * 900}, {"view": EVIL}):
        await ana.see("bookings", **{"view": "new"} | query)


async def test_what_customers_type_is_text(small: Console) -> None:
    _, row = await booked(small, name=f"Ada {EVIL}", notes=EVIL)
    ana = await small.sign_in("bella")

    for query in ({"date": MONDAY}, {"view": "week", "date": MONDAY}, {"booking": row["id"]}):
        html = await ana.see("bookings", **query)
        assert "<script>alert" not in html
        assert "&lt;script&gt;alert(1)" in html
    assert "<script>alert" not in await ana.see("bookings", view="new", name=EVIL, phone=EVIL)


async def test_other_businesses_bookings_are_not_there(small: Console) -> None:
    _, row = await booked(small)
    eve = await small.sign_in("salon", "owner", "Eve")
    assert "There is no such booking" in await eve.see("bookings", booking=row["id"], status=404)
    for do, fields in (
        ("status", {"to": "confirmed"}), ("cancel", {}), ("notes", {"notes": "mine"}),
        ("move", {"slot": "2026-11-23T20:00-05:00"}),
    ):  # fmt: skip
        said = await eve.refused("bookings", do, **version(row) | fields)
        assert said == "There is no such booking."
    assert await row_of(small) == row
    assert "Ada" not in text_of(await eve.see("bookings", date=MONDAY))


# ---- changes ---------------------------------------------------------------------------------


async def test_arrived_and_completed_leave_their_history(house: Console) -> None:
    _, row = await booked(house)
    ana = await house.sign_in("bella")
    early = await ana.refused("bookings", "status", to="completed", **version(row))
    assert early == "The booking begins Mon, Nov 23, 7:00 PM: it cannot be completed before that."
    assert "arrived before that" in await ana.refused(
        "bookings", "status", to="arrived", **version(row)
    )
    house.desk.set_time(EVENING)
    said = await ana.done("bookings", "status", to="arrived", **version(row))
    assert said.endswith("Ada Lovelace: arrived.")
    await ana.done("bookings", "status", to="completed", **version(await row_of(house)))
    said = await ana.refused("bookings", "status", to="no_show", **version(await row_of(house)))
    assert said.endswith("is completed: it cannot become no-show.")
    read = text_of(await ana.see("bookings", booking=row["id"]))
    assert "arrived by staff (before: confirmed)" in read
    assert "completed by staff (before: arrived)" in read


async def test_of_two_at_once_the_second_is_told(house: Console) -> None:
    _, row = await booked(house)
    ana, ben = await house.sign_in("bella"), await house.sign_in("bella", name="Ben")
    results = await asyncio.gather(
        ana.post("bookings", "cancel", **version(row)),
        ben.post("bookings", "notes", notes="a cake", **version(row)),
    )
    assert sorted(status for status, _ in results) == [200, 422]
    (refusal,) = [said for status, said in results if status == 422]
    assert "was changed meanwhile" in refusal
    assert (await row_of(house))["sequence"] == 1


async def test_a_no_show_frees_the_table(small: Console) -> None:
    _, row = await booked(small, party=2)
    small.desk.set_time(EVENING + timedelta(minutes=15))
    ana = await small.sign_in("bella")
    await ana.done("bookings", "status", to="no_show", **version(row))
    query = {"view": "new", "date": MONDAY, "party": 2, "resource": "a"}
    assert "2026-11-23T19:15-05:00" in await slots(ana, **query)


async def test_a_cancellation_with_a_reason_that_the_customer_reads(house: Console) -> None:
    guest, row = await booked(house)
    ana = await house.sign_in("bella")
    said = await ana.done("bookings", "cancel", reason="A pipe burst", tell="true", **version(row))
    assert said.endswith("cancelled. The customer was told.")
    (told,) = await notices(house, guest.conversation)
    reference = f"{row['reference'][:4]}-{row['reference'][4:]}"
    assert told == (
        f"We are sorry: we had to cancel your booking {reference} for Mon, Nov 23, 7:00 PM. "
        "A pipe burst. You can reach us on +1 212 555 0142."
    )
    after = await row_of(house)
    assert (after["status"], after["cancelled_by"], after["reason"]) == (
        "cancelled", "staff", "A pipe burst",
    )  # fmt: skip
    assert "19:00" in await guest.free("19:00")
    await ana.refused("bookings", "cancel", tell="true", **version(after))
    assert len(await notices(house, guest.conversation)) == 1


async def test_a_stale_cancellation_tells_nobody(small: Console) -> None:
    guest, row = await booked(small)
    ana = await small.sign_in("bella")
    await ana.done("bookings", "notes", notes="x", **version(row))
    await ana.refused("bookings", "cancel", tell="true", **version(row))
    assert await notices(small, guest.conversation) == []


async def test_a_pending_booking_is_confirmed_or_declined(small: Console) -> None:
    guest = await Caller.arrive(small.desk, SALON)
    for time in ("10:00", "13:00"):
        await guest.book(time=time, party=1, service="colour")
    database = small.desk.desk.database
    first, second = await database.fetch("SELECT * FROM booking ORDER BY starts")
    assert (first["status"], second["status"]) == ("pending", "pending")
    eve = await small.sign_in("salon")
    await eve.done("bookings", "status", to="confirmed", tell="true", **version(first))
    await eve.done("bookings", "cancel", tell="true", **version(second))
    confirmed, declined = await notices(small, guest.conversation)
    assert confirmed.endswith("for Mon, Nov 23, 10:00 AM is confirmed.")
    assert declined.startswith("We are sorry: we cannot take your booking")


async def test_a_booking_moves_to_an_offered_slot_and_keeps_its_reference(house: Console) -> None:
    guest, row = await booked(house, party=2)
    ana = await house.sign_in("bella")
    offered = await slots(ana, booking=row["id"], date=MONDAY, party=2)
    assert "2026-11-23T19:00-05:00" in offered  # its own time is not in its way
    said = await ana.done(
        "bookings", "move", slot="2026-11-23T20:30-05:00", party=4, tell="true", **version(row)
    )
    assert "moved to Mon, Nov 23, 8:30 PM. The customer was told." in said
    after = await row_of(house)
    assert (after["reference"], after["party"], after["wall"], after["moves"]) == (
        row["reference"], 4, "2026-11-23T20:30", 0,
    )  # fmt: skip
    (told,) = await notices(house, guest.conversation)
    assert "from Mon, Nov 23, 7:00 PM to Mon, Nov 23, 8:30 PM" in told
    read = text_of(await ana.see("bookings", booking=row["id"]))
    assert "moved by staff (before: Mon, Nov 23, 7:00 PM, for 2)" in read
    stale = await ana.refused("bookings", "move", slot="2026-11-23T18:00-05:00", **version(row))
    assert "was changed meanwhile" in stale


async def test_a_booking_does_not_move_to_where_there_is_no_room(small: Console) -> None:
    guest, row = await booked(small, time="17:00", party=6)
    await booked(small, time="20:00", party=6)
    ana = await small.sign_in("bella")
    said = await ana.refused(
        "bookings", "move", slot="2026-11-23T20:00-05:00", party=6, tell="true", **version(row)
    )
    assert said == "Mon, Nov 23, 8:00 PM is fully booked for 6."
    for slot in ("2026-11-23T20:00", "tomorrow", "0001-01-01T00:00+00:00"):
        said = await ana.refused("bookings", "move", slot=slot, party=6, **version(row))
        assert said == "Time: choose one of the list."
    assert await notices(small, guest.conversation) == []
    assert (await row_of(small, row["reference"]))["sequence"] == 0


# ---- new ones --------------------------------------------------------------------------------


async def test_a_booking_by_telephone_and_the_same_form_again(house: Console) -> None:
    ana = await house.sign_in("bella")
    (slot,) = [at for at in await slots(ana, view="new", date=MONDAY, party=2) if "19:00" in at]
    form = {"slot": slot, "party": 2, "name": "Cy", "phone": "212 555 0177", "form": "one"}
    said = await ana.done("bookings", "book", **form)
    assert said.startswith("Booked: Cy, 2, Mon, Nov 23, 7:00 PM. Reference ")
    assert await ana.done("bookings", "book", **form) == said
    row = await row_of(house)
    assert (row["status"], row["channel"], row["phone"]) == ("confirmed", "staff", "+12125550177")
    assert len(await house.desk.desk.database.fetch("SELECT id FROM booking")) == 1
    html = await ana.see("bookings", booking=row["id"])
    assert "Tell the customer" not in html
    refused = await ana.refused("bookings", "cancel", tell="true", **version(row))
    assert "please call the customer" in refused


async def test_the_same_caller_is_the_same_contact_and_a_verified_one_is_theirs(
    small: Console,
) -> None:
    desk, ana = small.desk.desk, await small.sign_in("bella")
    _, known = await desk.open_conversation("bella", "sms", phone="+12125550188")
    for n, phone in enumerate(("+12125550177", "+12125550177", "+12125550188", "")):
        slot = f"2026-11-{23 + n % 2}T{17 + n}:30-05:00"
        await ana.done("bookings", "book", slot=slot, party=2, name="Cy", phone=phone, form=n)
    rows = await desk.database.fetch("SELECT contact FROM booking ORDER BY created, id")
    first, second, third, fourth = (row["contact"] for row in rows)
    assert first == second != third == known.id
    assert len({first, third, fourth}) == 3


async def test_the_last_table_goes_to_one_of_two_members_of_staff(house: Console) -> None:
    ana, ben = await house.sign_in("bella"), await house.sign_in("bella", name="Ben")
    wish = {"slot": "2026-11-23T19:00-05:00", "party": 6, "name": "Cy"}
    results = await asyncio.gather(
        ana.post("bookings", "book", form="a", **wish),
        ben.post("bookings", "book", form="b", **wish),
    )
    assert sorted(status for status, _ in results) == [200, 422]
    assert "Mon, Nov 23, 7:00 PM is fully booked for 6." in [said for _, said in results]


async def test_staff_keep_to_the_rules_but_not_to_those_for_customers_online(
    tmp_path: Path,
) -> None:
    rules = with_rules(BELLA, max_online_party=4, lead=120)
    async with console(tmp_path, rules, now=EVENING + timedelta(minutes=7)) as house:
        ana = await house.sign_in("bella")
        offered = await slots(ana, view="new", party=6)
        assert offered[0] == "2026-11-23T19:00-05:00"  # it has just begun
        await ana.done("bookings", "book", slot=offered[0], party=6, name="Walk-in")
        for slot, party, why in (
            ("2026-11-23T18:00-05:00", 2, "is in the past"),
            ("2026-11-23T20:05-05:00", 2, "Bookings start every 15 minutes"),
            ("2026-11-23T23:00-05:00", 2, "is outside the hours"),
            ("2026-11-25T19:00-05:00", 2, "is closed on Wed, Nov 25"),
            ("2026-11-23T19:30-05:00", 9, "cannot be booked here, 8 at most"),
        ):
            said = await ana.refused("bookings", "book", slot=slot, party=party, name="Cy")
            assert why in said
        assert "in the past" in await ana.see("bookings", view="new", date="2026-11-20")


async def test_fields_that_are_missing_or_wrong_are_named(small: Console) -> None:
    ana = await small.sign_in("bella")
    wish = {"slot": "2026-11-23T19:00-05:00", "party": 2, "name": "Cy"}
    for change, said in (
        ({"name": " "}, "Name: please fill it in."),
        ({"party": "many"}, "Party: "),
        ({"party": 0}, "Party: "),
        ({"phone": "call me"}, "'call me' is not a telephone number."),
        ({"slot": ""}, "Slot: please fill it in."),
    ):
        assert (await ana.refused("bookings", "book", **wish | change)).startswith(said)


# ---- blocks and the waiting list -------------------------------------------------------------


async def test_a_block_closes_a_table_until_it_is_removed(house: Console) -> None:
    guest, _ = await booked(house, time="17:00", party=2)
    ana = await house.sign_in("bella")
    said = await ana.done(
        "bookings", "block", resource="*", from_date=MONDAY, from_time="17:00", until_time="20:00",
        reason="private party",
    )  # fmt: skip
    assert said == (
        "Blocked until Mon, Nov 23, 8:00 PM. "
        "1 booked already in that time: please move or cancel them."
    )
    assert (await guest.free(party=2))[0] == "20:00"
    assert "Everything : Mon, Nov 23, 5:00 PM to Mon, Nov 23, 8:00 PM (private party)" in text_of(
        await ana.see("bookings", view="blocks")
    )
    (block,) = await house.desk.desk.database.fetch("SELECT * FROM booking_block")
    eve = await house.sign_in("salon", "owner", "Eve")
    assert "gone already" in await eve.refused("bookings", "unblock", id=block["id"])
    await ana.done("bookings", "unblock", id=block["id"])
    assert (await guest.free(party=2))[0] < "20:00"
    await ana.refused("bookings", "unblock", id=block["id"])


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"from_date": MONDAY, "resource": "zz"}, "Resource: there is no such resource"),
        ({"from_date": MONDAY, "from_time": "20:00", "until_time": "19:00"}, "Until: the end"),
        ({"from_date": "2026-11-01"}, "Until: that time is past"),
        ({"from_date": "soon"}, "From date: "),
        ({"from_date": "2026-03-08", "from_time": "02:30"}, "From time: the clocks skip 02:30"),
        ({"from_date": "9999-12-31"}, "From date: that year is too far away"),
        ({}, "From date: please fill it in."),
    ],
)
async def test_blocks_that_make_no_sense(small: Console, fields: dict[str, str], said: str) -> None:
    ana = await small.sign_in("bella")
    assert (await ana.refused("bookings", "block", **fields)).startswith(said)


async def test_the_waiting_list_is_promoted_and_left(house: Console) -> None:
    full = [await booked(house, time=time, party=8) for time in ("17:00", "19:00")]
    for name in ("Ada One", "Ada Two", f"Ada {EVIL}"):
        guest = await Caller.arrive(house.desk)
        await guest.run(
            "join_waitlist", date=MONDAY, time="19:00", party_size=8, name=name, phone=ADA["phone"]
        )
    ana = await house.sign_in("bella")
    html = await ana.see("bookings", view="waiting")
    assert "<script>alert" not in html
    assert text_of(html).index("Ada One") < text_of(html).index("Ada Two")
    database = house.desk.desk.database
    one, two, three = await database.fetch("SELECT * FROM booking_waiting ORDER BY created, id")
    said = await ana.done("bookings", "promote", id=two["id"])
    assert said == "Ada Two is the first in line now. Nothing is free for them yet."
    eve = await house.sign_in("salon", "owner", "Eve")
    await eve.refused("bookings", "promote", id=one["id"])
    await eve.refused("bookings", "drop", id=one["id"])
    await ana.done("bookings", "cancel", **version(full[1][1]))
    (offered,) = await database.fetch("SELECT * FROM booking_waiting WHERE status = 'offered'")
    assert offered["id"] == two["id"]
    assert "held until" in text_of(await ana.see("bookings", view="waiting"))
    await ana.refused("bookings", "promote", id=two["id"])
    await ana.done("bookings", "drop", id=two["id"])
    assert await database.fetch("SELECT id FROM booking_hold") == []
    said = await ana.done("bookings", "promote", id=three["id"])
    assert said.startswith(f"A slot is held for Ada {EVIL} until ")
    await ana.done("bookings", "drop", id=one["id"])
    await ana.refused("bookings", "drop", id=one["id"])


# ---- the inbox -------------------------------------------------------------------------------


async def test_what_the_inbox_is_told_of_a_customer(small: Console) -> None:
    guest, row = await booked(small)
    await guest.book(time="20:30", party=4)
    later = await row_of(small)
    business = await small.desk.desk.business("bella")
    assert business is not None
    with small.desk.desk.database.bound():
        section = await panel.describe(business, guest.contact.id)
        nobody = await panel.describe(business, "somebody else")
    assert [line.text for line in section.rows] == [
        "Table for 4 on Mon, Nov 23, 8:30 PM", "Table for 2 on Mon, Nov 23, 7:00 PM",
    ]  # fmt: skip
    assert [line.href for line in section.rows] == [
        f"/console/bookings?booking={one['id']}" for one in (later, row)
    ]
    assert nobody.rows == ()
    salon = await small.desk.desk.business("salon")
    assert salon is not None
    with small.desk.desk.database.bound():
        assert (await panel.describe(salon, guest.contact.id)).rows == ()


async def test_the_hooks_answer_for_every_plugin_with_records(small: Console) -> None:
    guest, _ = await booked(small)
    desk = small.desk.desk
    business = await desk.business("bella")
    found: dict[str, int] = {}
    with desk.database.bound():
        for name in ("booking", "orders", "handoff"):
            has, section = desk.plugins.call(
                name, "describe_contact", business=business, contact=guest.contact.id
            )
            assert has
            shown: Section = await section
            found[shown.title] = len(shown.rows)
    assert found == {"Bookings": 1, "Orders": 0, "Messages": 0}
