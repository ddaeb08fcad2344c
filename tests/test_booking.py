"""Bookings as customers make, find and cancel them, through whole turns."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest
from support import migrated

from frontdesk import Business
from frontdesk.model import ModelReply, ToolCall, ToolResult
from frontdesk.testing import Call, ScriptedModel, TestDesk, open_desk, read_toml
from frontdesk.testing.desk import Conversation

BELLA = read_toml(
    """
id = "bella"
name = "Bella"
timezone = "America/New_York"
phone = "+1 212 555 0142"
tools = ["check_availability", "create_booking", "lookup_booking", "cancel_booking"]
[hours]
mon = ["17:00-22:30"]
tue = ["17:00-22:30"]
sat = ["22:00-04:00"]
[[exceptions]]
date = 2026-12-01
reason = "Inventory"
[settings.booking]
step = 15
lead = 30
horizon = 120
durations = { "2" = 90, "8" = 120 }
resources = [ { id = "a", min = 1, max = 2 }, { id = "b", min = 2, max = 4 }, { id = "c", min = 2, max = 4 } ]
combinations = [ { resources = ["b", "c"], min = 5, max = 8 } ]
"""
)
MONDAY = "2026-11-23"
WHO = {"name": "Ada Lovelace", "phone": "(212) 555-0199"}


class Guest:
    """A customer whose every message is one tool call."""

    def __init__(self, desk: TestDesk, model: ScriptedModel, talk: Conversation) -> None:
        self.desk, self.model, self.talk = desk, model, talk
        self.words = "please"

    async def call(self, tool: str, /, **arguments: Any) -> tuple[str, dict[str, Any]]:
        """(status, what the card gets); a refusal has the model's text."""
        self.model.then(Call(tool, **arguments), "So it is.")
        await self.talk.say(self.words)
        if self.talk.actions and self.talk.actions[0].status == "needs_confirmation":
            self.model.then("Here you are.")
            await self.talk.say("Yes.", confirm=self.talk.actions[0].data["proposalId"])
        if self.talk.actions:
            return self.talk.actions[0].status, self.talk.actions[0].data
        (result,) = self.model.requests[-1].messages[-1].blocks
        assert isinstance(result, ToolResult)
        return "refused", {"message": result.text}

    async def book(self, party: int, time: str, day: str = MONDAY, **more: Any) -> dict[str, Any]:
        arguments = {"party_size": party, "date": day, "time": time} | WHO | more
        status, data = await self.call("create_booking", **arguments)
        return data | {"outcome": status}


@asynccontextmanager
async def restaurant(
    folder: Path, *more: Business, url: str = "", packs: Sequence[str] = ()
) -> AsyncIterator[TestDesk]:
    if url:
        await migrated(url)
    async with open_desk(
        folder,
        url=url,
        models=[ScriptedModel()],
        pack_folders=packs,
        settings={"model": {"use": ["scripted"]}},
    ) as desk:
        for business in (BELLA, *more):
            await desk.add_business(business)
        yield desk


async def guest_of(desk: TestDesk, business: str = "bella") -> Guest:
    model = desk.desk.plugins.models["scripted"]
    assert isinstance(model, ScriptedModel)
    return Guest(desk, model, await desk.conversation(business))


@pytest.fixture
async def guest(tmp_path: Path) -> AsyncIterator[Guest]:
    async with restaurant(tmp_path) as desk:
        yield await guest_of(desk)


async def claims(desk: TestDesk) -> list[str]:
    rows = await desk.desk.database.fetch(
        "SELECT r.key FROM booking_claim c JOIN booking_resource r ON r.id = c.resource "
        "WHERE c.active ORDER BY c.id"
    )
    return [row["key"] for row in rows]


async def test_the_best_table_then_the_next_then_a_combination(guest: Guest) -> None:
    booked = await guest.book(2, "19:00")
    assert (booked["outcome"], booked["status"], booked["party_size"]) == ("done", "confirmed", 2)
    assert (booked["date"], booked["time"], booked["timezone"]) == (
        MONDAY, "19:00", "America/New_York",
    )  # fmt: skip
    assert booked["start"] == "2026-11-23T19:00-05:00"
    assert booked["end"] == "2026-11-23T20:30-05:00"
    assert booked["message"] == (
        "Booked: Table for 2 on Mon, Nov 23, 7:00 PM, for Ada Lovelace. "
        f"Reference {booked['reference']}."
    )
    assert await claims(guest.desk) == ["a"]
    await guest.book(2, "19:00")
    assert await claims(guest.desk) == ["a", "b"]
    refused = await guest.book(7, "19:00")
    assert refused["message"] == "Mon, Nov 23, 7:00 PM is fully booked for 7."
    # Both tables of the combination: one is taken from 19:00 to 20:30.
    assert [offer["time"] for offer in refused["alternatives"]] == ["17:00", "20:30"]
    late = await guest.book(7, "20:30")
    assert late["outcome"] == "done"
    assert await claims(guest.desk) == ["a", "b", "b", "c"]


async def test_an_offer_is_booked_by_its_slot_id(guest: Guest) -> None:
    status, free = await guest.call("check_availability", party_size=2, date=MONDAY, time="19:07")
    assert (status, free["available"]) == ("done", False)
    assert free["message"] == "Bookings start every 15 minutes."
    offer = free["alternatives"][0]
    assert offer["label"] == "Mon, Nov 23, 6:45 PM"
    _, booked = await guest.call("create_booking", party_size=2, slot_id=offer["slot_id"], **WHO)
    assert booked["time"] == "18:45"
    both = await guest.book(2, "18:45", slot_id=offer["slot_id"])
    assert both["outcome"] == "done"
    other = await guest.book(2, "19:00", slot_id=offer["slot_id"])
    assert "another time than the slot_id" in other["message"]


@pytest.mark.parametrize(
    "slot", ["x", "19:00", "2026-11-23T19:00", "9999-12-31T23:59-12:00", "0001-01-01T00:00+12:00"]
)
async def test_a_made_up_slot_id_is_told_so(guest: Guest, slot: str) -> None:
    status, data = await guest.call("create_booking", party_size=2, slot_id=slot, **WHO)
    assert (status, "not from an offer" in data["message"]) == ("failed", True)


@pytest.mark.parametrize(
    ("day", "time", "message"),
    [
        ("2026-11-20", "19:00", "Fri, Nov 20 is in the past; today is Sun, Nov 22."),
        ("0001-01-01", "19:00", "is in the past"),
        ("2027-03-23", "19:00", "Bookings can be made up to Mon, Mar 22 2027."),
        ("9999-12-31", "23:59", "Bookings can be made up to Mon, Mar 22 2027."),
        ("2026-12-01", "19:00", "Bella is closed on Tue, Dec 1 (Inventory)."),
        ("2026-11-25", "19:00", "Bella is closed on Wed, Nov 25."),
        (MONDAY, "19:05", "Bookings start every 15 minutes."),
        (MONDAY, "16:45", "is outside the hours for a booking of 90 minutes."),
        (MONDAY, "21:15", "is outside the hours for a booking of 90 minutes."),
    ],
)
@pytest.mark.parametrize("tool", ["create_booking", "check_availability"])
async def test_what_cannot_be_booked_is_told_why(
    guest: Guest, tool: str, day: str, time: str, message: str
) -> None:
    who = WHO if tool == "create_booking" else {}
    status, data = await guest.call(tool, party_size=2, date=day, time=time, **who)
    assert message in data["message"]
    assert status == "failed" or data["available"] is False
    assert await claims(guest.desk) == []


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"date": "2026-02-31"}, "not a date (YYYY-MM-DD"),
        ({"date": "tomorrow"}, "not a date (YYYY-MM-DD"),
        ({"time": "25:00"}, "must match the pattern"),
        ({"party_size": 0}, "/party_size: must be at least 1"),
        ({"party_size": 2.5}, "/party_size: must be of type integer"),
        ({"reference": "x"}, "unknown: reference"),
    ],
)
async def test_what_cannot_be_is_refused_with_the_field(
    guest: Guest, wrong: Any, said: str
) -> None:
    wish = {"party_size": 2, "date": MONDAY, "time": "19:00"} | WHO | wrong
    status, data = await guest.call("create_booking", **wish)
    assert status == "refused"
    assert said in data["message"]


async def test_too_late_for_today(guest: Guest) -> None:
    guest.desk.set_time(datetime(2026, 11, 24, 0, 20, tzinfo=UTC))  # Monday, 19:20
    assert (await guest.book(2, "19:15"))["message"] == "Mon, Nov 23, 7:15 PM is in the past."
    soon = await guest.book(2, "19:45")
    assert soon["message"] == "Bookings need 30 minutes of notice."
    assert soon["alternatives"][0]["time"] == "20:00"
    assert (await guest.book(2, "20:00"))["outcome"] == "done"


async def test_times_that_the_clocks_skip_or_show_twice_are_never_guessed(guest: Guest) -> None:
    guest.desk.set_time(datetime(2027, 3, 1, tzinfo=UTC))
    for tool, who in (("check_availability", {}), ("create_booking", WHO)):
        _, data = await guest.call(tool, party_size=2, date="2027-03-14", time="02:30", **who)
        assert "the clocks skip 02:30" in data["message"]
    guest.desk.set_time(datetime(2026, 10, 20, tzinfo=UTC))
    twice = await guest.book(2, "01:30", "2026-11-01")
    assert twice["outcome"] == "failed"
    assert "show 01:30 twice" in twice["message"]
    first, second = twice["alternatives"]
    assert (first["label"], second["label"]) == ("1:30 AM EDT", "1:30 AM EST")
    booked = await guest.book(2, "01:30", "2026-11-01", slot_id=second["slot_id"])
    assert booked["label"] == "Sun, Nov 1, 1:30 AM EST"
    assert booked["start"] == "2026-11-01T01:30-05:00"
    assert booked["end"] == "2026-11-01T03:00-05:00"


async def test_a_party_too_large_is_sent_to_the_telephone(guest: Guest) -> None:
    for tool, who in (("check_availability", {}), ("create_booking", WHO)):
        _, data = await guest.call(tool, party_size=9, date=MONDAY, time="19:00", **who)
        assert data["message"] == (
            "A party of 9 cannot be booked here, 8 at most. Please call +1 212 555 0142."
        )


@pytest.mark.parametrize(
    ("phone", "kept"),
    [
        ("(212) 555-0199", "+12125550199"),
        ("+44 20 7946 0000", "+442079460000"),
        ("212.555.0199 ext. 5", "+12125550199"),
        ("555-0199", "5550199"),  # without its area code it is nobody's in E.164
        ("911", None),
        ("call me", None),
        ("+1 212", None),
        ("00000000000000000000", None),
    ],
)
async def test_telephone_numbers(guest: Guest, phone: str, kept: str | None) -> None:
    booked = await guest.book(2, "19:00", phone=phone)
    rows = await guest.desk.desk.database.fetch("SELECT phone FROM booking")
    if kept is None:
        assert "is not a telephone number" in booked["message"]
        assert rows == []
    else:
        assert rows == [{"phone": kept}]


@pytest.mark.parametrize("name", ["", "   "])
async def test_a_booking_needs_a_name(guest: Guest, name: str) -> None:
    assert (await guest.book(2, "19:00", name=name))["outcome"] != "done"
    assert await claims(guest.desk) == []


async def test_the_packs_extra_fields_are_kept(tmp_path: Path) -> None:
    shop = msgspec.structs.replace(BELLA, id="pack", pack="restaurant", tools=())
    async with restaurant(tmp_path, shop) as desk:
        guest = await guest_of(desk, "pack")
        wish = {"occasion": "birthday", "notes": "window, please"}
        assert (await guest.book(2, "19:00", **wish))["outcome"] == "done"
        row = await desk.desk.database.one("SELECT extra, notes, wall, timezone FROM booking")
        assert row == {
            "extra": '{"occasion":"birthday"}', "notes": "window, please",
            "wall": "2026-11-23T19:00", "timezone": "America/New_York",
        }  # fmt: skip


async def test_whatever_is_offered_can_be_booked_at_once(tmp_path: Path) -> None:
    """Odd rules, odd zones; and what is booked takes its toll on what is offered next."""
    zones = ["UTC", "America/New_York", "Pacific/Auckland", "Pacific/Pago_Pago"]
    shops = [
        read_toml(
            f'id = "s{n}"\nname = "S"\ntimezone = "{zones[n % 4]}"\n'
            f'tools = ["check_availability", "create_booking"]\n[hours]\n'
            + "".join(f'{day} = ["{hours}"]\n' for day in ("sun", "mon", "tue", "wed", "thu"))
            + f"[settings.booking]\nstep = {step}\nduration = {long}\nbuffer = {buffer}\n"
            f'resources = [ {{ id = "x", max = 2 }}, {{ id = "y", max = 4 }} ]\n'
        )
        for n, (hours, step, long, buffer) in enumerate(
            [
                ("00:00-24:00", 240, 1440, 0),
                ("00:00-24:00", 240, 1440, 600),
                ("00:00-24:00", 360, 600, 1440),
                ("20:00-19:00", 60, 900, 0),
                ("10:00-11:00", 7, 11, 1),
                ("23:30-00:30", 20, 20, 5),
            ]
        )
    ]
    async with restaurant(tmp_path, *shops) as desk:
        for shop in shops:
            guest = await guest_of(desk, shop.id)
            booked = 0
            for n in range(8):
                day = date(2026, 11, 23) + timedelta(days=n % 3)
                _, free = await guest.call("check_availability", party_size=2, date=f"{day}")
                for offer in (free.get("slots") or free["alternatives"])[-1:]:
                    status, got = await guest.call(
                        "create_booking", party_size=2, slot_id=offer["slot_id"], **WHO
                    )
                    assert status == "done", (shop.id, offer, got)
                    booked += 1
            assert booked >= 2, shop.id


async def test_a_call_id_that_a_provider_repeats_is_not_ours(guest: Guest) -> None:
    arguments = {"party_size": 2, "date": MONDAY, "time": "19:00"} | WHO
    reply = ModelReply(model="m", calls=(ToolCall("same", "create_booking", arguments),),
                       stop="tool_use", text="")  # fmt: skip
    for words in ("book", "and another"):  # a provider's repeated id is not ours: two bookings
        guest.model.then(reply, "Shall I?", "There.")
        await guest.talk.say(words)
        (shown,) = guest.talk.actions
        await guest.talk.say("Yes.", confirm=shown.data["proposalId"])
    rows = await guest.desk.desk.database.fetch("SELECT call FROM booking")
    assert len({row["call"] for row in rows}) == 2


async def test_a_business_without_tables_takes_no_bookings(tmp_path: Path) -> None:
    none = read_toml('id = "none"\nname = "None"\ntools = ["create_booking"]')
    async with restaurant(tmp_path, none) as desk:
        booked = await (await guest_of(desk, "none")).book(1, "19:00")
        assert booked["message"] == "None takes no bookings here."
