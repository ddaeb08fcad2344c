"""What staff do with bookings, by the rules that hold for customers: change and make them."""

import asyncio
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from support_booking import MONDAY, SALON, Caller, with_rules
from support_booking_page import EVENING, booked, house, notices, row_of, slots, small, version
from support_pages import Console, console, text_of
from test_booking import BELLA

__all__ = ["house", "small"]  # fixtures

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


@pytest.mark.parametrize(
    "other",
    [
        {"name": "Di"}, {"party": 3}, {"slot": "2026-11-23T20:00-05:00"}, {"phone": "212 555 0178"},
        {"notes": "A high chair."},
    ],
)  # fmt: skip
async def test_a_form_that_was_sent_books_nobody_else(small: Console, other: Any) -> None:
    ana = await small.sign_in("bella")
    form: dict[str, Any] = {"slot": "2026-11-23T19:00-05:00", "party": 2, "name": "Cy",
                            "phone": "212 555 0177", "form": "one"}  # fmt: skip
    said = await ana.done("bookings", "book", **form)
    refused = await ana.refused("bookings", "book", **form | other)
    assert refused.startswith("This form was sent already: it booked ")
    assert " for Cy, and nothing else was booked now." in refused
    assert await ana.done("bookings", "book", **form) == said
    assert len(await small.desk.desk.database.fetch("SELECT id FROM booking")) == 1


async def test_a_form_that_is_sent_twice_at_once_books_once(house: Console) -> None:
    form = {"slot": "2026-11-23T19:00-05:00", "party": 2, "name": "Cy", "form": "one",
            "phone": "212 555 0177"}  # fmt: skip
    pages = [await house.sign_in("bella", name=name) for name in ("Ana", "Ben", "Cy")]
    said = await asyncio.gather(*(page.done("bookings", "book", **form) for page in pages))
    assert len(set(said)) == 1
    assert len(await house.desk.desk.database.fetch("SELECT id FROM booking")) == 1


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
