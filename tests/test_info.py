"""Who, where and when: what a business's profile answers."""

from collections.abc import AsyncIterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from test_booking import Guest

from frontdesk import Business
from frontdesk.business import HoursException
from frontdesk.hours import open_spans
from frontdesk.testing import ScriptedModel, TestDesk, open_desk, read_toml
from frontdesk_plugins.info.hours import day_of

BELLA = read_toml(
    """
id = "bella"
name = "Bella"
timezone = "America/New_York"
phone = "+1 212 555 0142"
address = "84 Orchard Street"
tools = ["get_business_info", "get_hours"]
[facts]
parking = "Behind the house."
[hours]
mon = ["12:00-15:00", "17:00-22:30"]
tue = ["17:00-22:30"]
sat = ["22:00-04:00"]
sun = ["00:00-24:00"]
[[exceptions]]
date = 2026-12-24
until = 2026-12-26
reason = "Christmas"
[[exceptions]]
date = 2026-12-31
hours = ["17:00-01:00"]
"""
)


@pytest.fixture
async def opened(tmp_path: Path) -> AsyncIterator[TestDesk]:
    model = ScriptedModel()
    async with open_desk(tmp_path, models=[model]) as desk:
        await desk.add_business(BELLA)
        yield desk


async def ask(desk: TestDesk, tool: str, business: str = "bella", **arguments: Any) -> Any:
    model = desk.desk.plugins.models["scripted"]
    assert isinstance(model, ScriptedModel)
    guest = Guest(desk, model, await desk.conversation(business))
    status, data = await guest.call(tool, **arguments)
    return data | {"outcome": status}


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


async def test_without_arguments_both_answer(opened: TestDesk) -> None:
    told = await ask(opened, "get_business_info")
    assert told["message"] == "Bella. 84 Orchard Street. +1 212 555 0142."
    assert told["facts"] == {"parking": "Behind the house."}
    opened.set_time(at("2026-11-23T18:00"))  # Monday, 13:00
    hours = await ask(opened, "get_hours")
    assert hours["outcome"] == "done"
    assert hours["message"].splitlines() == [
        "Bella is open now, until 3:00 PM.",
        "- Mon, Nov 23: 12:00 PM - 3:00 PM, 5:00 PM - 10:30 PM",
        "- Tue, Nov 24: 5:00 PM - 10:30 PM",
        "- Wed, Nov 25: closed",
        "- Thu, Nov 26: closed",
        "- Fri, Nov 27: closed",
        "- Sat, Nov 28: 10:00 PM - 4:00 AM",
        "- Sun, Nov 29: open 24 hours",
    ]
    assert (hours["open_now"], hours["closes_at"]) == (True, "2026-11-23T15:00-05:00")
    assert hours["days"][0]["hours"] == ["12:00-15:00", "17:00-22:30"]
    assert hours["days"][6]["hours"] == ["00:00-24:00"]


async def test_one_date(opened: TestDesk) -> None:
    told = await ask(opened, "get_hours", date="2026-11-24")
    assert told["message"] == "Tue, Nov 24: 5:00 PM - 10:30 PM"
    assert [day["date"] for day in told["days"]] == ["2026-11-24"]


async def test_today_is_told_with_whether_it_is_open(opened: TestDesk) -> None:
    opened.set_time(at("2026-11-24T04:00"))  # Monday, 23:00
    told = await ask(opened, "get_hours", date="2026-11-23")
    assert told["message"].splitlines() == [
        "Bella is closed now. It opens: Tue, Nov 24, 5:00 PM.",
        "Mon, Nov 23: 12:00 PM - 3:00 PM, 5:00 PM - 10:30 PM",
    ]
    assert (told["open_now"], told["opens_at"]) == (False, "2026-11-24T17:00-05:00")


async def test_the_night_before_belongs_to_a_date_too(opened: TestDesk) -> None:
    opened.set_time(at("2026-11-29T08:30"))  # Sunday, 3:30, still Saturday's opening
    late = BELLA.hours
    shop = msgspec.structs.replace(BELLA, id="late", hours=msgspec.structs.replace(late, sun=()))
    await opened.add_business(shop)
    told = await ask(opened, "get_hours", "late", date="2026-11-29")
    assert told["message"].splitlines() == [
        "Bella is open now, until 4:00 AM.",
        "Sun, Nov 29: until 4:00 AM from the night before, closed",
    ]
    later = await ask(opened, "get_hours", "late", date="2026-11-28", until="2026-11-29")
    assert later["message"].splitlines()[1:] == [
        "- Sat, Nov 28: 10:00 PM - 4:00 AM",
        "- Sun, Nov 29: closed",
    ]


async def test_exceptions_are_told_with_their_reason(opened: TestDesk) -> None:
    told = await ask(opened, "get_hours", date="2026-12-23", until="2026-12-31")
    lines = told["message"].splitlines()
    assert lines[:5] == [
        "- Wed, Dec 23: closed",
        "- Thu, Dec 24: closed (Christmas)",
        "- Fri, Dec 25: closed (Christmas)",
        "- Sat, Dec 26: closed (Christmas)",
        "- Sun, Dec 27: open 24 hours",
    ]
    assert lines[8] == "- Thu, Dec 31: 5:00 PM - 1:00 AM (special hours)"
    assert [day["reason"] for day in told["days"]][:2] == ["", "Christmas"]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"date": "2028-01-01"}, "known from a year back to a year ahead of Sun, Nov 22"),
        ({"date": "2026-12-01", "until": "2999-01-01"}, "from a year back"),
        ({"date": "0001-01-01"}, "from a year back"),
        ({"date": "2026-12-02", "until": "2026-12-01"}, "Tue, Dec 1 is before the first day"),
        ({"until": "2026-11-01"}, "Sun, Nov 1 is before the first day"),
        ({"date": "2026-12-01", "until": "2027-01-01"}, "Ask for 31 days at most"),
    ],
)
async def test_days_that_cannot_be_told(
    opened: TestDesk, arguments: dict[str, str], message: str
) -> None:
    told = await ask(opened, "get_hours", **arguments)
    assert (told["outcome"], message in told["message"]) == ("failed", True)


async def test_until_alone_begins_today(opened: TestDesk) -> None:
    told = await ask(opened, "get_hours", until="2026-11-24")
    assert [day["date"] for day in told["days"]] == ["2026-11-22", "2026-11-23", "2026-11-24"]


@pytest.mark.parametrize(
    ("locale", "lines"),
    [
        ("en-GB", ["Bella is closed now. It opens: 17:00.", "Tue 24 Nov: 17:00 - 22:30"]),
        ("de-DE", ["Bella hat jetzt geschlossen. Nächste Öffnung: 17:00.",
                   "Di., 24. Nov.: 17:00 - 22:30"]),
        ("es-ES", ["Bella está cerrado ahora. Próxima apertura: 17:00.",
                   "mar, 24 nov: 17:00 - 22:30"]),
        ("fr-FR", ["Bella est fermé en ce moment. Prochaine ouverture : 17:00.",
                   "mar. 24 nov.: 17:00 - 22:30"]),
        ("it-IT", ["Bella è chiuso ora. Prossima apertura: 17:00.", "mar 24 nov: 17:00 - 22:30"]),
        ("pt-BR", ["Bella is closed now. It opens: 17:00.", "ter., 24 de nov.: 17:00 - 22:30"]),
    ],
)  # fmt: skip
async def test_hours_speak_the_business_language(
    opened: TestDesk, locale: str, lines: list[str]
) -> None:
    await opened.add_business(msgspec.structs.replace(BELLA, id="there", locale=locale))
    opened.set_time(at("2026-11-24T15:00"))  # Tuesday, 10:00
    told = await ask(opened, "get_hours", "there", date="2026-11-24")
    assert told["message"].splitlines() == lines


async def test_clocks_that_change_are_told_apart(opened: TestDesk) -> None:
    shop = read_toml(
        'id = "night"\nname = "N"\ntimezone = "America/New_York"\ntools = ["get_hours"]\n'
        '[hours]\nsat = ["22:00-01:30"]'
    )
    await opened.add_business(shop)
    opened.set_time(at("2026-10-31T12:00"))
    told = await ask(opened, "get_hours", "night", date="2026-10-31")
    assert told["message"].endswith("Sat, Oct 31: 10:00 PM - 1:30 AM EST")


clocks = st.integers(0, 1439).map(lambda n: f"{n // 60:02}:{n % 60:02}")


@given(
    zone=st.sampled_from(["UTC", "America/New_York", "Australia/Lord_Howe", "Africa/Cairo"]),
    ranges=st.lists(st.tuples(clocks, clocks).map("-".join), max_size=2),
    locale=st.sampled_from(["en-US", "de-DE", "es", "fr-CA", "it-IT", "ja-JP", "xx-XX"]),
    of=st.dates(date(2025, 1, 1), date(2027, 12, 31)),
)
def test_a_date_is_told_open_exactly_when_something_opens(
    zone: str, ranges: list[str], locale: str, of: date
) -> None:
    shop = Business(
        id="b", name="B", timezone=zone, locale=locale,
        exceptions=(HoursException(date=of, hours=tuple(ranges)),),
    )  # fmt: skip
    told = day_of(shop, of, alone=True)
    assert bool(told["hours"]) == bool(open_spans(shop, of, of))
    assert told["reason"]
    assert "\u202f" not in told["label"]
