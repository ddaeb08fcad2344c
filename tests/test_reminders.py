"""Reminders: at the right moment, once, and to those who agreed."""

import asyncio
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pigeon import NUMBER, sent
from support_booking import Caller, with_rules
from support_reminders import BISTRO, TEXTING, at, book, desk, open_bistro, tick, want

from frontdesk import Business, opting
from frontdesk.testing import TestDesk
from frontdesk_plugins.booking import moments, reminders
from frontdesk_plugins.booking.rules import rules_of

__all__ = ["desk"]  # fixtures

ROME = ZoneInfo("Europe/Rome")
NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)


# ---- when ------------------------------------------------------------------------------------


async def test_a_day_and_two_hours_before_each_once(desk: TestDesk) -> None:
    await want(desk)
    reference = (await book(desk)).reference
    assert await tick(desk, at(23, 18, 59)) == []
    (text,) = await tick(desk, at(23, 19))
    assert text == (
        "Bistro reminds you: Table for 2 on Tue, Nov 24, 7:00 PM, for Ada Lovelace, "
        f"reference {reference}. Reply 1 to confirm, 2 to change."
    )
    assert await tick(desk, at(23, 19, 1)) == []
    assert len(await tick(desk, at(24, 17))) == 1
    assert await tick(desk, at(24, 18)) == []


async def test_many_nodes_send_it_once(desk: TestDesk) -> None:
    await want(desk)
    for n in range(4):
        await book(desk, phone=f"+1212555010{n}", time=f"{17 + n}:00")
        await opting.record(desk.desk.database, "bistro", f"+1212555010{n}", "in", "form", "yes")
    desk.set_time(at(24, 12))
    await asyncio.gather(*(reminders.remind(desk.desk) for _ in range(5)))
    assert len(await sent(desk)) == 4


async def test_what_fails_half_way_is_sent_by_the_next(
    desk: TestDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    await want(desk)
    await book(desk)
    with monkeypatch.context() as broken:
        broken.setattr("frontdesk.status.append", fail)
        assert await tick(desk, at(23, 19)) == []
    assert len(await tick(desk, at(23, 19, 1))) == 1


async def fail(*_: Any) -> Any:
    raise OSError("the disk is full")


async def test_not_for_what_is_less_than_that_far_away(desk: TestDesk) -> None:
    await want(desk)
    desk.set_time(at(24, 12))
    await book(desk)  # seven hours before
    assert await tick(desk, at(24, 12, 1)) == []
    assert len(await tick(desk, at(24, 17))) == 1


async def test_a_cancelled_booking_is_not_spoken_of(desk: TestDesk) -> None:
    await want(desk)
    booked = await book(desk)
    caller, reference = booked.caller, booked.reference
    await caller.run("cancel_booking", reference=reference)
    assert await tick(desk, at(23, 19)) == []
    assert await tick(desk, at(24, 17)) == []


async def test_a_moved_booking_is_spoken_of_at_its_new_time(desk: TestDesk) -> None:
    await want(desk)
    booked = await book(desk)
    caller, reference = booked.caller, booked.reference
    await caller.run("reschedule_booking", reference=reference, date="2026-11-30", time="20:00")
    assert await tick(desk, at(23, 19)) == []
    assert await tick(desk, at(24, 17)) == []
    (text,) = await tick(desk, at(29, 20))
    assert "Mon, Nov 30, 8:00 PM" in text


async def test_a_request_is_spoken_of_once_it_is_confirmed(tmp_path: Path) -> None:
    rules = {"services": [{"id": "table", "name": "Table", "approval": True}]}
    business = with_rules(BISTRO, **rules)
    business = msgspec.structs.replace(business, settings=business.settings | TEXTING)
    async with open_bistro(tmp_path, business=business) as desk:
        await want(desk)
        await book(desk, business, service="table")
        booked = await book(desk, business, service="table", time="20:00")
        error = await booked.caller.refusal("confirm_attendance", reference=booked.reference)
        assert "once the team has confirmed it" in error.message
        await booked.caller.run("cancel_booking", reference=booked.reference)
        assert await tick(desk, at(23, 20)) == []
        await desk.desk.database.fetch("UPDATE booking SET status = 'confirmed' WHERE starts < {}",
                                       int(at(24, 19, 30).timestamp() * 1000))  # fmt: skip
        assert len(await tick(desk, at(24, 17))) == 1


async def test_who_was_away_too_long_sends_nothing_late(desk: TestDesk) -> None:
    await want(desk)
    await book(desk)
    assert await tick(desk, at(24, 18, 31)) == []  # less than half an hour before
    assert await tick(desk, at(24, 18, 32)) == []


async def test_nor_in_the_quiet_hours(desk: TestDesk) -> None:
    await want(desk)
    await book(desk)
    assert await tick(desk, at(23, 23)) == []
    assert len(await tick(desk, at(24, 17))) == 1


async def test_reminders_can_be_switched_off(tmp_path: Path) -> None:
    off = with_rules(BISTRO, reminders=[])
    off = msgspec.structs.replace(off, settings=off.settings | TEXTING)
    async with open_bistro(tmp_path, business=off) as desk:
        await want(desk)
        booked = await book(desk, off)
        assert "reminder" not in booked.read_back
        assert await tick(desk, at(24, 17)) == []


def rules(**more: Any) -> tuple[Business, Any]:
    business = Business(id="x", name="x", timezone="Europe/Rome", settings={"booking": more})
    return business, rules_of(business)


def local(*found: datetime) -> list[str]:
    return [f"{one.astimezone(ROME):%d %H:%M}" for one in found]


@pytest.mark.parametrize(
    ("start", "before", "expected"),
    [
        ((10, 20, 0), [1440, 120], ["09 20:00", "10 18:00"]),
        ((10, 9, 0), [1440, 120], ["09 09:00", "09 20:55"]),  # at seven all are asleep
        ((10, 21, 30), [1440, 120], ["09 20:55", "10 19:30"]),
        ((10, 8, 0), [60], ["09 20:55"]),
        ((10, 21, 20), [10], []),  # moved it would come too late
        ((10, 20, 0), [20], []),
        ((10, 20, 0), [], []),
    ],
)
def test_the_quiet_hours(start: Any, before: list[int], expected: list[str]) -> None:
    business, found = rules(reminders=before)
    begins = datetime(2026, 11, start[0], start[1], start[2], tzinfo=ROME)
    assert local(*moments.moments(business, found, begins)) == expected


def test_the_clocks_change(  # on 29 March 2026 from two to three, on 25 October back
) -> None:
    business, found = rules(reminders=[1440, 120])
    spring = datetime(2026, 3, 29, 9, 0, tzinfo=ROME)
    assert local(*moments.moments(business, found, spring)) == ["28 08:00", "28 20:55"]
    autumn = datetime(2026, 10, 25, 19, 0, tzinfo=ROME)
    assert local(*moments.moments(business, found, autumn)) == ["24 20:00", "25 17:00"]


@given(
    st.datetimes(datetime(2026, 1, 2), datetime(2027, 12, 30)),
    st.sampled_from(["Europe/Rome", "America/New_York", "Australia/Lord_Howe", "Asia/Kolkata"]),
    st.lists(st.integers(1, 1440), max_size=4),
    st.sampled_from(["21:00-08:00", "00:00-06:30", "13:00-15:00", "02:30-02:45", ""]),
)
def test_none_is_ever_in_the_quiet_hours_or_late(
    start: datetime, zone: str, before: list[int], quiet: str
) -> None:
    business, _ = rules()
    business = msgspec.structs.replace(
        business, timezone=zone, settings={"booking": {"reminders": before, "quiet": quiet}}
    )
    begins = start.replace(tzinfo=UTC)
    for found in moments.moments(business, rules_of(business), begins):
        assert moments.quiet_since(business, quiet, found) is None
        assert begins - found >= timedelta(minutes=30)
        assert begins - found <= timedelta(days=2, hours=1)


# ---- to whom ---------------------------------------------------------------------------------


async def test_the_read_back_of_a_booking_asks_for_consent(desk: TestDesk) -> None:
    model_told = (
        "We will text a reminder to +1 212-555-0123; you can opt out of text messages at any time."
    )
    booked = await book(desk)
    assert booked.read_back.endswith(f"+1 212-555-0123. {model_told}")
    rows = await desk.desk.database.fetch("SELECT * FROM text_consent")
    assert rows == [], "the conversation's state did not say that they were told"


async def test_nobody_is_texted_who_did_not_agree(desk: TestDesk) -> None:
    await book(desk)
    assert await tick(desk, at(23, 19)) == []
    await want(desk, "out")
    assert await tick(desk, at(24, 17)) == []


async def test_a_number_that_wants_no_texts_stays_so(desk: TestDesk) -> None:
    await want(desk, "out")
    booked = await book(desk)
    assert "reminder" not in booked.read_back
    assert await opting.state(desk.desk.database, "bistro", NUMBER) == "out"


# ---- coming ----------------------------------------------------------------------------------


async def test_attendance_needs_proof(desk: TestDesk) -> None:
    reference = (await book(desk)).reference
    stranger = await Caller.arrive(desk, BISTRO)
    error = await stranger.refusal("confirm_attendance", reference=reference, name="Bob Hope")
    assert "7:00" not in error.message
    done = await stranger.run("confirm_attendance", reference=reference, name="ada lovelace")
    assert done["message"] == "Thank you, Ada: see you on Tue, Nov 24, 7:00 PM."
    assert done == await stranger.run("confirm_attendance", reference=reference, phone=NUMBER)


async def test_only_what_is_still_to_come_is_confirmed(desk: TestDesk) -> None:
    booked = await book(desk)
    caller, reference = booked.caller, booked.reference
    desk.set_time(at(24, 20))
    assert "begun" in (await caller.refusal("confirm_attendance", reference=reference)).message
    desk.set_time(at(23, 12))
    await caller.run("cancel_booking", reference=reference)
    assert "cancelled" in (await caller.refusal("confirm_attendance", reference=reference)).message
