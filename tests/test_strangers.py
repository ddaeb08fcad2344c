"""Reminders to numbers that a visitor typed: whoever has the number may know nothing of it."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pigeon import NUMBER, sent, texting
from support_reminders import BISTRO, at, book, open_bistro, tick, want

from frontdesk import contacts, opting
from frontdesk.testing import TestDesk
from frontdesk_plugins.booking import strangers


@pytest.fixture
async def desk(tmp_path: Path, database_url: str) -> AsyncIterator[TestDesk]:
    async with open_bistro(tmp_path, database_url) as opened:
        yield opened


BAIT = "You won! claim at http://evil.example/1"


async def test_words_of_a_stranger_are_not_passed_on(desk: TestDesk) -> None:
    await want(desk)
    booked = await book(desk, name=BAIT)
    (text,) = await tick(desk, at(23, 19))
    assert text == (
        "Bistro reminds you: Table for 2 on Tue, Nov 24, 7:00 PM, "
        f"reference {booked.reference}. Reply 1 to confirm, 2 to change."
    )


async def test_who_has_shown_their_number_reads_any_name(desk: TestDesk) -> None:
    await want(desk)
    booked = await book(desk, name="Room 7")
    core = desk.desk
    async with core.database.transaction():
        await contacts.verify_phone(
            core.database, core.plugins, "bistro", booked.caller.contact.id, NUMBER
        )
    (text,) = await tick(desk, at(23, 19))
    assert ", for Room 7, reference" in text


@pytest.mark.parametrize(
    "name",
    ["Ada Lovelace", "Zoë O'Neill-Núñez", "J. R. R. Tolkien", "J.R. Smith", "'t Hooft", "李小龍",
     "Seán Ó\u2019Brien", "Ana"],
)  # fmt: skip
def test_names(name: str) -> None:
    assert strangers.is_name(name)


@pytest.mark.parametrize(
    "name",
    ["evil.com", "t.co", "x.y", "go to a.b.com", "a. b.c", "call 5550199", "http://x", "a/b", "\u2460",
     "me@home", "Dr. Who", "", " ", "a" * 41, "a\nb", "ada. evil", "win $", "evil\u3002com", "-", "."],
)  # fmt: skip
def test_what_is_no_name(name: str) -> None:
    assert not strangers.is_name(name)


@given(st.text("aB.'- 1/:é\u2019", max_size=50))
def test_no_name_is_an_address(name: str) -> None:
    if strangers.is_name(name):
        assert len(name) <= 40
        assert not set(name) & set("1/:")
        for word in name.split(" "):
            assert "." not in word or all(len(part) <= 1 for part in word.split("."))


async def three(desk: TestDesk, **more: Any) -> None:
    """Three bookings with the same number."""
    await want(desk)
    for hour in (18, 19, 20):
        await book(desk, time=f"{hour}:00", **more)


async def test_a_number_that_never_wrote_hears_of_two_bookings_a_day(desk: TestDesk) -> None:
    await three(desk)
    assert len(await tick(desk, at(23, 20, 30))) == 2
    assert await tick(desk, at(23, 20, 31)) == []
    # Of the same two it is told again; the third one has to wait for another day.
    assert len(await tick(desk, at(24, 16))) == 1
    assert len(await tick(desk, at(24, 17))) == 1
    assert await tick(desk, at(24, 18)) == []


async def test_who_wrote_hears_of_all(desk: TestDesk) -> None:
    await three(desk)
    await (await texting(desk, "bistro")).say("Hello?")
    assert len(await tick(desk, at(23, 20, 30))) == 3


async def test_who_has_shown_their_number_hears_of_all(desk: TestDesk) -> None:
    await three(desk)
    core, booked = desk.desk, await book(desk, time="21:00")
    async with core.database.transaction():
        await contacts.verify_phone(
            core.database, core.plugins, "bistro", booked.caller.contact.id, NUMBER
        )
    assert len(await tick(desk, at(23, 20, 30))) == 3


async def test_what_is_too_much_for_an_hour_waits(
    desk: TestDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(strangers, "MOST_TEXTS", 2)
    for n in range(3):
        await book(desk, phone=f"+1212555010{n}", time=f"{17 + n}:00")
        await opting.record(desk.desk.database, "bistro", f"+1212555010{n}", "in", "form", "yes")
    assert len(await tick(desk, at(23, 19))) == 2
    assert await tick(desk, at(23, 19, 30)) == []
    assert len(await tick(desk, at(23, 20, 1))) == 1
    assert len(await sent(desk)) == 3


async def test_each_business_has_its_own_limit(desk: TestDesk) -> None:
    other = msgspec.structs.replace(BISTRO, id="other", name="Other")
    await desk.add_business(other)
    await want(desk)
    await want(desk, business="other")
    for hour in (18, 19):
        await book(desk, time=f"{hour}:00")
        await book(desk, other, time=f"{hour}:00")
    assert len(await tick(desk, at(23, 20))) == 4
