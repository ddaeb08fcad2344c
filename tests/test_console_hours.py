"""The page "Hours": the week, other dates, breaks, and what comes of them."""

import re
from collections.abc import AsyncIterator
from datetime import date
from pathlib import Path
from typing import Any

import msgspec
import pytest
from support_booking import SALON, Caller
from support_pages import Console, Person, console, text_of
from test_booking import BELLA

from frontdesk import Business
from frontdesk.business import WEEKDAYS, HoursException


@pytest.fixture
async def house(tmp_path: Path, database_url: str) -> AsyncIterator[Console]:
    async with console(tmp_path, BELLA, SALON, url=database_url) as opened:
        yield opened


@pytest.fixture
async def small(tmp_path: Path) -> AsyncIterator[Console]:
    """SQLite only."""
    async with console(tmp_path, BELLA, SALON) as opened:
        yield opened


async def bella(house: Console) -> Business:
    row = await house.desk.desk.database.one("SELECT profile FROM business WHERE id = 'bella'")
    assert row is not None
    return msgspec.json.decode(row["profile"], type=Business)


async def week(person: Person, **changes: str) -> dict[str, str]:
    """The form as the page fills it in, with changes."""
    html = await person.see("hours")
    fields = dict(re.findall(r'name="(\w{3}_\w+)" value="([^"]*)"', html))
    assert set(fields) >= {f"{day}_was" for day in WEEKDAYS}
    return fields | changes


async def test_the_week_is_shown_and_saved_as_it_is(house: Console) -> None:
    ana = await house.sign_in("bella", "manager")
    fields = await week(ana)
    assert (fields["mon_opens_0"], fields["mon_closes_0"]) == ("17:00", "22:30")
    assert (fields["wed_opens_0"], fields["mon_opens_1"]) == ("", "")
    assert await ana.done("hours", "week", **fields) == "The weekly hours are saved."
    assert await bella(house) == BELLA


async def test_several_ranges_a_day_in_any_order(house: Console) -> None:
    ana = await house.sign_in("bella", "manager")
    changes = {
        "wed_opens_0": "18:00", "wed_closes_0": "00:00", "wed_opens_1": "12:00",
        "wed_closes_1": "15:00", "tue_opens_0": "", "tue_closes_0": "",
    }  # fmt: skip
    await ana.done("hours", "week", **await week(ana, **changes))
    business = await bella(house)
    assert business.hours.wed == ("12:00-15:00", "18:00-24:00")
    assert business.hours.tue == ()
    assert business.hours.sat == ("22:00-04:00",)
    read = text_of(await ana.see("hours"))
    assert "Wed, Nov 25: 12:00 PM - 3:00 PM, 6:00 PM - 12:00 AM" in read
    assert "Tue, Dec 1: closed (Inventory)" in read
    fields = await week(ana)  # two ranges, and room for a third
    assert [fields[f"wed_closes_{n}"] for n in range(3)] == ["15:00", "00:00", ""]
    await ana.done("hours", "week", **fields)
    assert (await bella(house)).hours == business.hours
    guest = await Caller.arrive(house.desk, BELLA)
    assert (await guest.free(date="2026-11-25"))[0] == "12:00"


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"mon_closes_0": ""}, "Monday: give both when it opens and when it closes"),
        ({"sun_closes_1": "12:00"}, "Sunday: give both when it opens and when it closes"),
        ({"mon_opens_1": "22:00", "mon_closes_1": "23:00"},
         "hours.mon: 17:00-22:30 and 22:00-23:00 overlap: write them as one"),
        ({"thu_opens_0": "noon", "thu_closes_0": "15:00"}, "hours.thu: 'noon-15:00' is not a range"),
    ],
)  # fmt: skip
async def test_what_is_wrong_is_named_and_kept_in_the_form(
    small: Console, changes: dict[str, str], said: str
) -> None:
    ana = await small.sign_in("bella", "manager")
    fields = await week(ana, **changes)
    assert (await ana.refused("hours", "week", **fields)).startswith(said)
    answer = await ana.http.post(
        "/console/hours", data=fields | {"csrf": ana.session.csrf, "do": "week"}
    )
    kept = dict(re.findall(r'name="(\w{3}_\w+)" value="([^"]*)"', answer.text))
    assert {key: kept[key] for key in changes} == changes
    assert await bella(small) == BELLA


async def test_a_stale_week_is_refused_with_what_changed(house: Console) -> None:
    ana, ben = [await house.sign_in("bella", "manager", name) for name in ("Ana", "Ben")]
    old = await week(ana, tue_opens_0="18:00")
    await ben.done("hours", "week", **await week(ben, mon_closes_0="23:00"))
    said = await ana.refused("hours", "week", **old)
    assert "Monday is 17:00-23:00 now. Nothing was saved." in said
    assert (await bella(house)).hours.tue == ("17:00-22:30",)
    await ana.done("hours", "week", **await week(ana, tue_opens_0="18:00"))
    hours = (await bella(house)).hours
    assert (hours.mon, hours.tue) == (("17:00-23:00",), ("18:00-22:30",))


async def test_other_hours_on_dates_and_back_again(house: Console) -> None:
    ana = await house.sign_in("bella", "manager")
    said = await ana.done(
        "hours", "add", date="2026-11-30", reason="Tasting", opens_1="12:00", closes_1="14:00"
    )
    assert said == "Added: Mon, Nov 30, 12:00-14:00."
    await ana.done("hours", "add", date="2026-12-24", until="2026-12-26", reason="Christmas")
    business = await bella(house)
    assert business.exceptions == (
        HoursException(date=date(2026, 11, 30), hours=("12:00-14:00",), reason="Tasting"),
        HoursException(date=date(2026, 12, 1), reason="Inventory"),
        HoursException(date=date(2026, 12, 24), until=date(2026, 12, 26), reason="Christmas"),
    )
    html = await ana.see("hours")
    assert "Mon, Nov 30: 12:00 PM - 2:00 PM (Tasting)" in text_of(html)
    assert "Thu, Dec 24 to Sat, Dec 26 2026 : closed (Christmas)" in text_of(html)
    first = re.findall(r'name="do" value="remove">\s*<input[^>]*name="was" value="(\w+)"', html)[0]
    await ana.done("hours", "remove", was=first)
    assert len((await bella(house)).exceptions) == 2
    assert "Somebody changed or removed" in await ana.refused("hours", "remove", was=first)


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({}, "Date: please fill it in."),
        ({"date": "soon"}, "Date: "),
        ({"date": "2026-11-01"}, "Date: it is past"),
        ({"date": "2126-11-30"}, "Date: it is more than three years ahead"),
        ({"date": "2026-11-30", "until": "2026-12-02"}, "Date: Tue, Dec 1 has other hours already (Inv"),
        ({"date": "2026-12-10", "until": "2026-12-09"}, "exceptions.1.until: the end is before"),
        ({"date": "2026-12-10", "opens_0": "10:00"}, "Hours: give both"),
        ({"date": "2026-12-10", "opens_0": "x", "closes_0": "y"}, "exceptions.1.hours: 'x-y' is not"),
    ],
)  # fmt: skip
async def test_dates_that_make_no_sense(small: Console, fields: dict[str, str], said: str) -> None:
    ana = await small.sign_in("bella", "manager")
    assert (await ana.refused("hours", "add", **fields)).startswith(said)
    assert await bella(small) == BELLA


async def test_a_break_of_every_week(house: Console) -> None:
    ana, guest = await house.sign_in("bella", "manager"), await Caller.arrive(house.desk)
    assert (await guest.free(party=8))[0] == "17:00"
    await ana.done(
        "hours", "add-closure", weekday="mon", resource="b", reason="Cleaning", opens_0="17:00",
        closes_0="18:00",
    )  # fmt: skip
    assert (await guest.free(party=8))[0] == "18:00"
    html = await ana.see("hours")
    assert "b : Monday 17:00-18:00 (Cleaning)" in text_of(html)
    key = re.findall(r'"remove-closure">\s*<input[^>]*name="was" value="(\w+)"', html)[0]
    await ana.done("hours", "remove-closure", was=key)
    assert (await guest.free(party=8))[0] == "17:00"
    assert "Somebody changed" in await ana.refused("hours", "remove-closure", was=key)
    for fields, said in (
        ({"opens_0": "", "closes_0": ""}, "From and to: please fill them in."),
        ({"resource": "zz"}, "What: choose one of the list."),
        ({"weekday": "x"}, "Day: choose one of the list."),
        ({"opens_0": "late"}, "settings.booking: hours.mon: 'late-18:00'"),
    ):
        given = {"opens_0": "17:00", "closes_0": "18:00"} | fields
        assert (await ana.refused("hours", "add-closure", **given)).startswith(said)


async def test_agents_read_and_managers_write(small: Console) -> None:
    agent = await small.sign_in("bella", "agent")
    html = await agent.see("hours")
    assert "Mon, Nov 23: 5:00 PM - 10:30 PM" in text_of(html)
    assert "Save the week" not in html
    forms: tuple[tuple[str, dict[str, Any]], ...] = (
        ("week", {f"{day}_was": "" for day in WEEKDAYS}), ("add", {"date": "2026-12-10"}),
        ("add-closure", {"opens_0": "17:00", "closes_0": "18:00"}),
    )  # fmt: skip
    for do, fields in forms:
        status, said = await agent.post("hours", do, **fields)
        assert (status, "This needs the role manager." in said) == (403, True)
    assert await bella(small) == BELLA
    eve = await small.sign_in("salon", "owner", "Eve")
    await eve.done("hours", "add", date="2026-12-10", reason="<script>alert(1)</script>")
    assert "<script>alert" not in await eve.see("hours")
    assert await bella(small) == BELLA
