"""The page "Bookings": what is shown, what is blocked, who waits, and what the inbox is told."""

import pytest
from support_booking import ADA, MONDAY, Caller
from support_booking_page import EVIL, booked, house, row_of, small, version
from support_pages import Console, text_of

from frontdesk.pages import Section
from frontdesk_plugins.booking import panel

__all__ = ["house", "small"]  # fixtures


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
