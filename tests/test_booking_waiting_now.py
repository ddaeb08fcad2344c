"""How long who walks in would wait: from the book, to the closing, and never a promise."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import msgspec
import pytest
from support_booking import ADA, MONDAY, SALON, Caller, bookings, count, with_rules
from test_booking import BELLA

from frontdesk.testing.desk import NOW

ZONE = ZoneInfo("America/New_York")
ONE_TABLE = with_rules(BELLA, resources=[{"id": "a", "max": 2}], combinations=[])


def local(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZONE).astimezone(UTC)


async def wait(caller: Caller, at: datetime, party: int = 2, **more: Any) -> dict[str, Any]:
    caller.desk.set_time(at)
    return await caller.run("quote_wait", party_size=party, **more)


async def test_the_wait_by_the_hour(database_url: str, tmp_path: Path) -> None:
    """One table, taken from 19:00 to 20:30; a party of two stays for 90 minutes until 22:30."""
    async with bookings(tmp_path, ONE_TABLE, url=database_url) as desk:
        ada, bob = await Caller.arrive(desk), await Caller.arrive(desk)
        await ada.book("19:00")
        expected = [
            ("10:00", "wait", 420, "17:00", "from about 5:00 PM"),  # it opens then
            ("16:50", "wait", 10, "17:00", "about 10 minutes"),
            ("17:00", "free", 0, None, "room for 2 right now"),
            ("17:35", "wait", 175, "20:30", "from about 8:30 PM"),  # too short before Ada
            ("19:00", "wait", 90, "20:30", "about 90 minutes"),
            ("19:43", "wait", 50, "20:30", "about 50 minutes"),
            ("20:28", "free", 0, None, "room for 2 right now"),
            ("21:00", "free", 0, None, "room for 2 right now"),
            ("21:01", "full", None, None, "Nothing is free for 2 for the rest of today."),
            ("23:30", "full", None, None, "Nothing is free for 2 for the rest of today."),
        ]
        for clock, status, minutes, at, said in expected:
            told = await wait(bob, local(f"{MONDAY}T{clock}"))
            found = (told["status"], told.get("minutes"), told.get("time"))
            assert found == (status, minutes, at), clock
            assert said in told["message"], clock
            if status == "full":
                assert told["alternatives"][0]["date"] == "2026-11-24"
            else:
                assert "Nothing is kept" in told["message"] or "nothing is kept" in told["message"]
        assert await count(desk, "booking_hold") == 0
        assert bob.commitments() == {}


async def test_who_comes_at_the_told_time_finds_it_free_and_nobody_could_come_sooner(
    database_url: str, tmp_path: Path
) -> None:
    two = with_rules(BELLA, resources=[{"id": "a", "max": 2}, {"id": "b", "max": 2}],
                     combinations=[], pacing={"parties": 1})  # fmt: skip
    async with bookings(tmp_path, two, url=database_url) as desk:
        bob = await Caller.arrive(desk)
        for start in ("17:15", "17:45", "19:15", "20:00", "20:45"):
            await (await Caller.arrive(desk)).book(start)
        minute, last = local(f"{MONDAY}T17:00"), local(f"{MONDAY}T21:00")
        while minute <= last:
            told = await wait(bob, minute)
            if told["status"] == "wait":
                then = local(f"{MONDAY}T{told['time']}")
                assert (then - minute) // timedelta(minutes=1) <= told["minutes"]
                assert (await wait(bob, then))["status"] == "free"
                before = then - timedelta(minutes=5)
                while before >= minute:
                    assert (await wait(bob, before))["status"] == "wait"
                    before -= timedelta(minutes=5)
            minute += timedelta(minutes=25)


async def test_the_notice_that_bookings_need_does_not_count(
    database_url: str, tmp_path: Path
) -> None:
    strict = with_rules(ONE_TABLE, lead=600)
    async with bookings(tmp_path, strict, url=database_url) as desk:
        bob = await Caller.arrive(desk)
        assert (await wait(bob, local(f"{MONDAY}T18:02")))["status"] == "free"
        assert await bob.free("18:15") == []


async def test_holds_of_others_count_until_they_expire_and_the_own_does_not(
    database_url: str, tmp_path: Path
) -> None:
    async with bookings(tmp_path, ONE_TABLE, url=database_url) as desk:
        ada, bob = await Caller.arrive(desk), await Caller.arrive(desk)
        at = local(f"{MONDAY}T18:00")
        desk.set_time(at)
        await ada.run("hold_slot", party_size=2, date=MONDAY, time="18:30")
        assert (await wait(bob, at))["minutes"] == 120
        assert (await wait(ada, at))["status"] == "free"
        assert (await wait(bob, at + timedelta(minutes=6)))["status"] == "free"


async def test_who_waits_already_is_counted_when_nothing_is_free(
    database_url: str, tmp_path: Path
) -> None:
    async with bookings(tmp_path, ONE_TABLE, url=database_url) as desk:
        ada, bob, cat = [await Caller.arrive(desk) for _ in range(3)]
        await ada.book("19:00")
        await cat.run("join_waitlist", party_size=2, date=MONDAY, time="19:00", **ADA)
        late = with_late_table(await wait(bob, local(f"{MONDAY}T19:30")))
        assert late == ("wait", None)
        await (await Caller.arrive(desk)).book("21:00")
        told = await wait(bob, local(f"{MONDAY}T19:30"))
        assert with_late_table(told) == ("full", 1)
        assert told["message"].endswith("On the waiting list for today: 1.")
        assert with_late_table(await wait(cat, local(f"{MONDAY}T19:30"))) == ("full", 0)


def with_late_table(told: dict[str, Any]) -> tuple[str, int | None]:
    return told["status"], told.get("waiting")


async def test_a_night_goes_on_past_midnight_and_through_a_change_of_clocks(
    database_url: str, tmp_path: Path
) -> None:
    async with bookings(tmp_path, ONE_TABLE, url=database_url) as desk:
        desk.set_time(datetime(2026, 10, 30, 12, tzinfo=UTC))
        ada, bob = await Caller.arrive(desk), await Caller.arrive(desk)
        # Open from Saturday 22:00 to 04:00; at 02:00 the clocks go back. 90 minutes from 00:30.
        await ada.book("00:30", date="2026-11-01")
        evening = await wait(bob, datetime(2026, 11, 1, 3, 55, tzinfo=UTC))  # Saturday 23:55
        assert (evening["status"], evening["minutes"]) == ("wait", 125)
        night = await wait(bob, datetime(2026, 11, 1, 5, 30, tzinfo=UTC))  # 01:30, the first
        assert (night["minutes"], night["time"]) == (30, "01:00")
        assert "1:00 AM EST" in night["message"]
        late = datetime(2026, 11, 1, 7, 31, tzinfo=UTC)  # 02:31, and it closes at 04:00
        over = await wait(bob, late)
        assert (over["status"], over["waiting"]) == ("full", 0)
        assert over["message"].startswith("Nothing is free for 2")
        assert (await wait(bob, late + timedelta(hours=2)))["status"] == "closed"


async def test_closed_days_say_so(tmp_path: Path) -> None:
    async with bookings(tmp_path, ONE_TABLE) as desk:
        bob = await Caller.arrive(desk)
        told = await wait(bob, local("2026-12-01T18:00"))
        assert (told["status"], told["message"]) == (
            "closed", "Bella is closed on Tue, Dec 1 (Inventory)."
        )  # fmt: skip
        assert told["alternatives"]
        assert (await wait(bob, local("2026-11-25T18:00")))["status"] == "closed"


async def test_parties_and_services(tmp_path: Path) -> None:
    async with bookings(tmp_path, BELLA) as desk:
        bob = await Caller.arrive(desk)
        refused = await bob.refusal("quote_wait", party_size=9)
        assert str(refused) == (
            "A party of 9 cannot be booked here, 8 at most. Please call +1 212 555 0142."
        )
        assert (await wait(bob, local(f"{MONDAY}T18:00"), party=8))["status"] == "free"
        eve = await Caller.arrive(desk, SALON)
        monday = datetime(2026, 11, 23, 8, 40, tzinfo=UTC)  # 09:40 in Rome
        assert (await wait(eve, monday, 1, service="cut"))["status"] == "free"
        yoga = await wait(eve, monday, 3, service="Yoga")
        assert (yoga["minutes"], yoga["time"]) == (20, "10:00")
        desk.set_time(monday)
        assert "Which" in str(await eve.refusal("quote_wait"))


@pytest.mark.parametrize(
    ("locale", "said"),
    [
        ("en-US", "about 45 minutes until something is free, around 8:30 PM"),
        ("es-ES", "unos 45 minutos: habrá sitio hacia las 20:30"),
        ("de-DE", "etwa 45 Minuten, bis gegen 20:30 etwas frei ist"),
        ("fr-FR", "environ 45 minutes : une place se libère vers 20:30"),
        ("it-IT", "circa 45 minuti: qualcosa si libera verso le 20:30"),
    ],
)
async def test_in_the_language_of_the_business(locale: str, said: str, tmp_path: Path) -> None:
    business = msgspec.structs.replace(ONE_TABLE, locale=locale)
    async with bookings(tmp_path, business) as desk:
        assert desk.desk.now(business) == NOW
        await (await Caller.arrive(desk)).book("19:00")
        told = await wait(await Caller.arrive(desk), local(f"{MONDAY}T19:45"))
        assert said in told["message"]
