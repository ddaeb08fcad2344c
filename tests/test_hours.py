"""Opening hours as ranges of UTC: nights, exceptions, and every way in which clocks change."""

from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from frontdesk.business import WEEKDAYS, Business, Hours, HoursException, parse_range
from frontdesk.catalogue import read_business
from frontdesk.errors import ConfigError
from frontdesk.hours import (
    Span,
    is_ambiguous,
    is_missing,
    merge,
    open_spans,
    opening,
    rules_of,
    spans_starting,
    to_utc,
)
from frontdesk.testing import Call, ScriptedModel, open_desk

NEW_YORK = ZoneInfo("America/New_York")


def business(zone: str = "UTC", week: tuple[str, ...] = (), **more: Any) -> Business:
    """Open at `week` every day, unless `more` names weekdays."""
    days = {day: more.pop(day, week) for day in WEEKDAYS}
    return Business(id="b", name="B", timezone=zone, hours=Hours(**days), **more)


def exception(first: str, hours: tuple[str, ...] = (), until: str = "", reason: str = "") -> Any:
    return HoursException(
        date=date.fromisoformat(first),
        until=date.fromisoformat(until) if until else None,
        hours=hours,
        reason=reason,
    )


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def local(spans: list[Span], zone: str) -> list[str]:
    """Spans as wall clocks, to be read."""
    return [
        f"{s.start.astimezone(ZoneInfo(zone)):%d %H:%M}-{s.end.astimezone(ZoneInfo(zone)):%d %H:%M}"
        for s in spans
    ]


def hours_of(spans: list[Span]) -> float:
    return sum((span.end - span.start).total_seconds() for span in spans) / 3600


@pytest.mark.parametrize(
    "text", ["", "9-17", "09:00", "09:00-25:00", "24:00-02:00", "09:60-10:00", "09:00-24:30",
             "09:00 - 17:00", "09:00-17:00\n", "٠٩:00-17:00", "09:00-17:00-18:00"],
)  # fmt: skip
def test_what_is_no_range_of_times(text: str) -> None:
    with pytest.raises(ValueError, match=r"range of times|isoformat"):
        parse_range(text)


def test_midnight_at_the_end_of_the_day() -> None:
    assert parse_range("18:00-24:00") == (time(18), time(0))
    shop = business(week=("18:00-24:00",))
    assert local(spans_starting(shop, date(2026, 6, 1)), "UTC") == ["01 18:00-02 00:00"]


def test_a_night_belongs_to_the_day_on_which_it_begins() -> None:
    bar = business(sat=("18:00-02:00",), exceptions=(exception("2026-06-07", reason="Fair"),))
    sunday = date(2026, 6, 7)
    assert rules_of(bar, sunday) == ((), "Fair")
    assert spans_starting(bar, sunday) == []
    assert local(open_spans(bar, sunday, sunday), "UTC") == ["06 18:00-07 02:00"]
    assert opening(bar, utc("2026-06-07T01:59"))[0]
    assert not opening(bar, utc("2026-06-07T02:00"))[0]


def test_a_closed_saturday_has_no_night_either() -> None:
    bar = business(sat=("18:00-02:00",), sun=("12:00-20:00",),
                   exceptions=(exception("2026-06-06"),))  # fmt: skip
    sunday = date(2026, 6, 7)
    assert local(open_spans(bar, sunday, sunday), "UTC") == ["07 12:00-07 20:00"]


def test_exceptions_replace_the_rules_of_their_dates() -> None:
    shop = business(
        week=("09:00-17:00",),
        exceptions=(
            exception("2026-12-24", ("09:00-12:00",), reason="Christmas Eve"),
            exception("2026-12-25", until="2026-12-26", reason="Christmas"),
            exception("2026-12-31", ("20:00-03:00",)),
        ),
    )
    got = local(open_spans(shop, date(2026, 12, 24), date(2026, 12, 27)), "UTC")
    assert got == ["23 09:00-23 17:00", "24 09:00-24 12:00", "27 09:00-27 17:00"]
    assert rules_of(shop, date(2026, 12, 26)) == ((), "Christmas")
    assert rules_of(shop, date(2026, 12, 31))[1] == "special hours"
    assert rules_of(shop, date(2026, 12, 27)) == (("09:00-17:00",), "")
    assert not opening(shop, utc("2026-12-25T10:00"))[0]
    assert opening(shop, utc("2027-01-01T02:30")) == (True, utc("2027-01-01T03:00"))


def test_an_exception_on_a_date_that_is_the_next_day_in_utc() -> None:
    shop = business("America/New_York", exceptions=(exception("2026-06-01", ("22:00-23:00",)),))
    day = date(2026, 6, 1)
    assert open_spans(shop, day, day) == [Span(utc("2026-06-02T02:00"), utc("2026-06-02T03:00"))]


@pytest.mark.parametrize(
    ("ranges", "merged"),
    [
        (("06:00-10:00", "08:00-10:00"), ["06:00-10:00"]),
        (("08:00-10:00", "06:00-10:00"), ["06:00-10:00"]),
        (("11:00-12:00", "11:20-12:40"), ["11:00-12:40"]),
        (("09:00-12:00", "12:00-15:00"), ["09:00-15:00"]),
        (("14:00-15:00", "11:00-12:00"), ["11:00-12:00", "14:00-15:00"]),
        (("09:00-17:00", "10:00-11:00"), ["09:00-17:00"]),
    ],
)
def test_ranges_that_touch_or_overlap_are_one(ranges: tuple[str, ...], merged: list[str]) -> None:
    shop = business(mon=ranges)
    monday = date(2026, 6, 1)
    got = [f"{s.start:%H:%M}-{s.end:%H:%M}" for s in open_spans(shop, monday, monday)]
    assert got == merged


def test_whole_days_join() -> None:
    shop = business(mon=("00:00-24:00",), tue=("00:00-24:00",))
    assert local(open_spans(shop, date(2026, 6, 1), date(2026, 6, 2)), "UTC") == [
        "01 00:00-03 00:00"
    ]


def test_a_wall_time_that_the_clocks_skip_counts_as_before_the_gap() -> None:
    day = date(2026, 3, 8)
    assert is_missing(day, time(2, 30), NEW_YORK)
    assert not is_ambiguous(day, time(2, 30), NEW_YORK)
    assert to_utc(day, time(2, 30), NEW_YORK) == utc("2026-03-08T07:30")  # 03:30 EDT
    assert not is_missing(day, time(3), NEW_YORK)
    assert is_missing(day, time(2), NEW_YORK)
    assert not is_missing(day, time(1, 59), NEW_YORK)


def test_a_time_that_comes_twice_opens_early_and_closes_late() -> None:
    day = date(2026, 11, 1)
    assert is_ambiguous(day, time(1, 30), NEW_YORK)
    assert not is_ambiguous(day, time(2), NEW_YORK)
    assert not is_missing(day, time(1, 30), NEW_YORK)
    assert to_utc(day, time(1, 30), NEW_YORK) == utc("2026-11-01T05:30")
    assert to_utc(day, time(1, 30), NEW_YORK, closing=True) == utc("2026-11-01T06:30")
    shop = business("America/New_York", sun=("01:15-01:45",))
    assert hours_of(spans_starting(shop, day)) == 1.5


@pytest.mark.parametrize(
    ("saturday", "hours", "long"),
    [
        ("2026-10-31", "22:00-02:00", 5),
        ("2026-03-07", "22:00-03:00", 4),
        ("2026-06-06", "22:00-02:00", 4),
        ("2026-03-07", "22:00-02:30", 4.5),  # it closes at 03:30
    ],
)
def test_nights_over_a_change_of_clocks(saturday: str, hours: str, long: float) -> None:
    bar = business("America/New_York", sat=(hours,))
    assert hours_of(spans_starting(bar, date.fromisoformat(saturday))) == long


@pytest.mark.parametrize(("day", "first", "last"), [("2026-07-01", 13, 21), ("2026-12-01", 14, 22)])
def test_nine_to_five_in_summer_and_winter(day: str, first: int, last: int) -> None:
    shop = business("America/New_York", ("09:00-17:00",))
    (span,) = spans_starting(shop, date.fromisoformat(day))
    assert (span.start.hour, span.end.hour) == (first, last)


@pytest.mark.parametrize(
    ("zone", "day", "long"),
    [
        ("America/Santiago", "2026-09-06", 23),
        ("Africa/Cairo", "2026-04-24", 23),
        ("Asia/Beirut", "2026-03-29", 23),
        ("America/Havana", "2026-03-08", 23),
        ("Australia/Lord_Howe", "2026-10-04", 23.5),
        ("Australia/Lord_Howe", "2026-04-05", 24.5),
        ("Pacific/Apia", "2011-12-30", 0),
        ("Pacific/Apia", "2011-12-31", 24),
        ("Africa/Casablanca", "2026-03-22", 23),
        ("Europe/Dublin", "2026-10-25", 25),
        ("America/New_York", "2026-03-08", 23),
        ("America/New_York", "2026-11-01", 25),
        ("Asia/Kolkata", "2026-03-08", 24),
    ],
)
def test_how_long_a_whole_day_is(zone: str, day: str, long: float) -> None:
    shop = business(zone, ("00:00-24:00",))
    assert hours_of(spans_starting(shop, date.fromisoformat(day))) == long


@pytest.mark.parametrize(
    "zone", ["America/Santiago", "Africa/Cairo", "Asia/Beirut", "America/Havana"]
)
def test_a_day_without_midnight_begins_at_one(zone: str) -> None:
    day = {
        "America/Santiago": date(2026, 9, 6), "Africa/Cairo": date(2026, 4, 24),
        "Asia/Beirut": date(2026, 3, 29), "America/Havana": date(2026, 3, 8),
    }[zone]  # fmt: skip
    assert is_missing(day, time(0), ZoneInfo(zone))
    shop = business(zone, ("00:00-24:00",))
    assert local(spans_starting(shop, day), zone)[0].startswith(f"{day:%d} 01:00")
    assert len(open_spans(shop, day - timedelta(days=3), day + timedelta(days=3))) == 1


@pytest.mark.parametrize(("zone", "minutes"), [("Asia/Kathmandu", 345), ("Pacific/Chatham", 765)])
def test_offsets_of_quarter_hours(zone: str, minutes: int) -> None:
    noon = to_utc(date(2026, 7, 1), time(12), ZoneInfo(zone))
    assert noon == utc("2026-07-01T12:00") - timedelta(minutes=minutes)


def test_opening_tells_the_next_change() -> None:
    shop = business("Europe/Rome", mon=("12:00-15:00", "19:00-23:00"))
    monday = date(2026, 6, 1)

    def at(wall: str, day: date = monday) -> datetime:
        return to_utc(day, time.fromisoformat(wall), ZoneInfo("Europe/Rome"))

    assert opening(shop, at("11:59")) == (False, at("12:00"))
    assert opening(shop, at("12:00")) == (True, at("15:00"))
    assert opening(shop, at("15:00")) == (False, at("19:00"))
    assert opening(shop, at("23:00")) == (False, at("12:00", monday + timedelta(days=7)))


def test_opening_of_who_is_never_or_always_open() -> None:
    now = utc("2026-06-01T12:00")
    assert opening(business(), now) == (False, None)
    assert opening(business(week=("00:00-24:00",)), now) == (True, None)
    away = business(
        week=("09:00-10:00",), exceptions=(exception("2026-05-01", until="2026-08-01"),)
    )
    assert opening(away, now) == (False, None)


async def test_who_is_always_open_is_never_said_to_close(tmp_path: Any) -> None:
    shop = msgspec.structs.replace(business(week=("00:00-24:00",)), tools=("get_hours",))
    model = ScriptedModel(Call("get_hours"), "Always.")
    async with open_desk(tmp_path, models=[model]) as desk:
        await desk.add_business(shop)
        talk = await desk.conversation("b")
        await talk.say("open?")
        said = talk.actions[0].data["message"]
        assert "open now." in said
        assert "closes" not in said
        assert "open 24 hours" in said
        (situation, *_) = model.requests[0].messages[0].blocks
        assert "closes" not in getattr(situation, "text", "closes")


def test_a_business_file_with_wrong_hours_names_each_line() -> None:
    text = """id = "b"
name = "B"
timezone = "Europe/Rom"
[hours]
mon = ["9-17"]
tue = ["09:00-17:00"]
[[exceptions]]
date = 2026-12-25
until = 2026-12-24
[[exceptions]]
date = 2026-12-31
hours = ["late"]
"""
    with pytest.raises(ConfigError) as caught:
        read_business(text, "b.toml", {})
    lines = str(caught.value).splitlines()
    assert [line.split(" ")[0] for line in lines] == [
        "b.toml:3:", "b.toml:5:", "b.toml:12:", "b.toml:9:",
    ]  # fmt: skip


clocks = st.integers(0, 1439).map(lambda n: f"{n // 60:02}:{n % 60:02}")
weeks = st.lists(st.tuples(clocks, clocks).map("-".join), max_size=3).map(tuple)
zones = st.sampled_from(["UTC", "America/New_York", "Australia/Lord_Howe", "Africa/Cairo"])


@given(zone=zones, week=weeks, day=st.dates(date(2025, 1, 1), date(2027, 12, 31)))
def test_spans_are_ordered_apart_and_the_same_from_either_side(
    zone: str, week: tuple[str, ...], day: date
) -> None:
    shop, back = business(zone, week), business(zone, week[::-1])
    spans = open_spans(shop, day, day)
    assert spans == open_spans(back, day, day)
    assert merge(spans) == spans
    assert all(a.end < b.start for a, b in pairwise(spans))
    for span in spans:
        is_open, change = opening(shop, span.start)
        assert is_open
        assert change is None or change >= span.end
