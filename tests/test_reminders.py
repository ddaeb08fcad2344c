"""Reminders: at the right moment, once, to those who agreed, and answered by a digit."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pigeon import NUMBER, Pigeon, sent, texting
from support import migrated
from support_booking import Caller, with_rules
from test_booking import BELLA

from frontdesk import Business, opting
from frontdesk.testing import Call, ScriptedModel, TestDesk, open_desk
from frontdesk.testing.desk import Conversation
from frontdesk_plugins.booking import moments, reminders
from frontdesk_plugins.booking.rules import rules_of

TEXTING = {"sms": {"numbers": ["+12125550100"]}}
BISTRO = msgspec.structs.replace(
    BELLA, id="bistro", name="Bistro", tools=("confirm_attendance",),
    settings=BELLA.settings | TEXTING,
)  # fmt: skip
ROME = ZoneInfo("Europe/Rome")
NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
DAY = "2026-11-24"
"""Two days after the clock's."""
WISH = {"party_size": 2, "date": DAY, "time": "19:00", "name": "Ada Lovelace"}


def at(day: int, hour: int, minute: int = 0, month: int = 11) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=NEW_YORK)


NEW_YORK = BISTRO.zone


@asynccontextmanager
async def open_bistro(
    folder: Path, url: str = "", *models: ScriptedModel, business: Business = BISTRO
) -> AsyncGenerator[TestDesk]:
    if url:
        await migrated(url)
    async with open_desk(
        folder, url=url, models=models, plugins=[Pigeon()], recover=False
    ) as desk:  # fmt: skip
        await desk.add_business(business)
        yield desk


@pytest.fixture
async def desk(tmp_path: Path, database_url: str) -> AsyncGenerator[TestDesk]:
    async with open_bistro(tmp_path, database_url) as opened:
        yield opened


class Booked(msgspec.Struct):
    """A booking of a visitor of the web."""

    caller: Caller
    read_back: str
    reference: str


async def book(desk: TestDesk, business: Business = BISTRO, **more: Any) -> Booked:
    caller = await Caller.arrive(desk, business)
    wish = WISH | {"phone": NUMBER} | more
    proposed = await caller.propose("create_booking", "p1", **wish)
    done = await caller.run("create_booking", "p1", **wish)
    return Booked(caller, proposed["message"], done["reference"])


async def tick(desk: TestDesk, now: datetime) -> list[str]:
    """The texts that left since the last time."""
    desk.set_time(now)
    before = len(await sent(desk))
    await reminders.remind(desk.desk)
    return [body["text"] for body in (await sent(desk))[before:]]


async def want(desk: TestDesk, state: Any = "in", business: str = "bistro") -> None:
    await opting.record(desk.desk.database, business, NUMBER, state, "form", "I agree")


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


# ---- the whole way ---------------------------------------------------------------------------


PACKED = msgspec.structs.replace(BISTRO, pack="restaurant")


async def agreed(desk: TestDesk, model: ScriptedModel, talk: Conversation) -> str:
    """A booking made in a conversation; its reference."""
    call = Call("create_booking", **WISH, phone=NUMBER)
    model.then(call, "Shall I book it?")
    await talk.say("A table please")
    model.then(call, "Done.")
    reply = await talk.say("Yes please")
    assert reply is not None
    (row,) = await desk.desk.database.fetch("SELECT * FROM booking")
    return f"{row['reference'][:4]}-{row['reference'][4:]}"


async def test_who_books_on_the_web_is_told_agrees_and_confirms_by_text(
    tmp_path: Path, database_url: str
) -> None:
    model = ScriptedModel()
    async with open_bistro(tmp_path, database_url, model, business=PACKED) as desk:
        database = desk.desk.database
        reference = await agreed(desk, model, await desk.conversation("bistro"))
        (consent,) = await database.fetch("SELECT * FROM text_consent")
        assert (consent["number"], consent["state"], consent["source"]) == (NUMBER, "in", "booking")
        assert consent["disclosure"].startswith("We will text a reminder to +1 212-555-0123;")
        (text,) = await tick(desk, at(23, 19))
        assert text.startswith("Bistro reminds you: Table for 2 on Tue, Nov 24, 7:00 PM")
        (row,) = await database.fetch("SELECT id FROM conversation WHERE channel = 'sms'")
        talk = Conversation(desk.desk, "bistro", row["id"])
        model.then("Thank you, Ada Lovelace: see you on Tue, Nov 24, 7:00 PM.")
        reply = await talk.say("1")
        assert reply is not None
        assert reply.content == "Thank you, Ada Lovelace: see you on Tue, Nov 24, 7:00 PM."
        assert [(a.tool, a.status) for a in talk.actions] == [("confirm_attendance", "done")]
        (booking,) = await database.fetch("SELECT attends FROM booking")
        assert booking["attends"]
        # The second reminder goes on in the same conversation, and asks nothing any more.
        (text,) = await tick(desk, at(24, 17))
        assert text.endswith(f"reference {reference}.")
        assert len(await database.fetch("SELECT id FROM conversation WHERE channel = 'sms'")) == 1


async def test_two_asks_what_to_change_and_the_number_is_proof_enough(tmp_path: Path) -> None:
    model = ScriptedModel()
    async with open_bistro(tmp_path, "", model, business=PACKED) as desk:
        reference = await agreed(desk, model, await desk.conversation("bistro"))
        await tick(desk, at(23, 19))
        (row,) = await desk.desk.database.fetch("SELECT id FROM conversation WHERE channel = 'sms'")
        talk = Conversation(desk.desk, "bistro", row["id"])
        model.then("What shall I change?")
        await talk.say("2")
        assert talk.actions == []
        move = Call("reschedule_booking", reference=reference, time="20:00")
        model.then(move, "Shall I move it?")
        await talk.say("8 pm please")
        assert [a.status for a in talk.actions] == ["needs_confirmation"]
        model.then("Moved.")
        await talk.say("1")
        assert [a.status for a in talk.actions] == ["done"]


async def test_who_books_by_text_has_agreed(tmp_path: Path) -> None:
    model = ScriptedModel()
    async with open_bistro(tmp_path, "", model, business=PACKED) as desk:
        await agreed(desk, model, await texting(desk, "bistro"))
        assert await opting.state(desk.desk.database, "bistro", NUMBER) == "in"
        assert len(await tick(desk, at(23, 19))) == 1


async def test_without_a_number_nothing_is_promised(tmp_path: Path) -> None:
    model = ScriptedModel()
    business = msgspec.structs.replace(PACKED, settings=BELLA.settings)
    async with open_bistro(tmp_path, "", model, business=business) as desk:
        talk = await desk.conversation("bistro")
        await agreed(desk, model, talk)
        assert await desk.desk.database.fetch("SELECT * FROM text_consent") == []
        await want(desk)
        assert await tick(desk, at(23, 19)) == []


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


# ---- without a language model ----------------------------------------------------------------


async def test_the_offline_model_hears_both_digits(tmp_path: Path) -> None:
    async with open_bistro(tmp_path, business=PACKED) as desk:
        talk = await texting(desk, "bistro")

        async def say(text: str) -> str:
            reply = await talk.say(text)
            assert reply is not None
            return reply.content

        for text in ("A table for 2 on Tuesday at 7pm", "Ada Lovelace"):
            await say(text)
        asked = await say("212 555 0123")
        assert asked.endswith("Shall I book it?\n\nReply 1 to confirm, 2 to change.")
        assert (await say("hm what")).endswith("Reply 1 to confirm, 2 to change.")
        assert "What should I change?" in await say("2")
        assert (await say("3 people")).endswith("Reply 1 to confirm, 2 to change.")
        assert (await say("1")).startswith("Booked: Table for 3 on Tue, Nov 24, 7:00 PM")
        await tick(desk, at(23, 19))
        assert (await say("2")).startswith("What should I change: the date, the time or")
        assert (await say("8pm")).startswith("Move booking ")
        assert (await say("1")).startswith("Moved: Table for 3 on Tue, Nov 24, 8:00 PM.")
        await tick(desk, at(24, 18))
        assert await say("1") == "Thank you, Ada Lovelace: see you on Tue, Nov 24, 8:00 PM."
