"""Which starts are offered: exact counts, changes of clocks, assignment, and what always holds."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from frontdesk.business import WEEKDAYS, Business, Hours, HoursException
from frontdesk.hours import Span, open_spans, to_utc
from frontdesk_plugins.booking.rules import BookingRules, Combination, Resource
from frontdesk_plugins.booking.slots import (
    Slot,
    bookable_window,
    first_free,
    nearest,
    slots_on,
    spread,
    starts_on,
)

MONDAY = date(2026, 6, 1)
LONG_AGO = datetime(2026, 5, 1, tzinfo=UTC)
ONE = (Resource(id="only"),)


def business(zone: str = "UTC", *week: str, **more: Any) -> Business:
    days = {day: tuple(more.pop(day, week)) for day in WEEKDAYS}
    return Business(id="b", name="B", timezone=zone, hours=Hours(**days), **more)


def rules(step: int, duration: int, **more: Any) -> BookingRules:
    parts: dict[str, Any] = {"resources": ONE, "lead": 0, "horizon": 3660} | more
    return BookingRules(step=step, duration=duration, **parts)


def offered(
    shop: Business,
    of: BookingRules,
    day: date = MONDAY,
    now: datetime = LONG_AGO,
    busy: Mapping[str, list[Span]] | None = None,
    party: int = 1,
) -> list[str]:
    slots = slots_on(shop, of, party, day, now, dict(busy or {}))
    return [f"{slot.start.astimezone(shop.zone):%H:%M}" for slot in slots]


def span(first: str, last: str, day: date = MONDAY, zone: str = "UTC") -> Span:
    where = ZoneInfo(zone)
    return Span(
        to_utc(day, time.fromisoformat(first), where), to_utc(day, time.fromisoformat(last), where)
    )


@pytest.mark.parametrize(
    ("hours", "step", "duration", "count"),
    [
        (["00:00-24:00"], 60, 60, 24),
        (["00:00-24:00"], 60, 30, 24),
        (["00:00-24:00"], 20, 20, 72),
        (["00:00-24:00"], 40, 40, 36),
        (["00:00-23:45"], 20, 20, 71),
        (["11:00-12:00", "14:00-15:00"], 20, 20, 6),
        (["11:00-12:00", "11:20-12:40"], 20, 20, 5),
        (["09:00-10:00"], 15, 60, 1),  # it ends when we close
        (["09:00-10:00"], 15, 61, 0),
        (["09:00-09:50"], 30, 60, 0),
        ([], 15, 15, 0),
        (["00:00-24:00"], 7, 7, 205),
        (["00:00-24:00"], 1440, 60, 1),
    ],
)
def test_how_many_a_day_has(hours: list[str], step: int, duration: int, count: int) -> None:
    assert len(offered(business("UTC", *hours), rules(step, duration))) == count


def test_what_is_left_of_today() -> None:
    day = business("UTC", "00:00-24:00")
    before_noon = datetime(2026, 6, 1, 11, 59, 59, tzinfo=UTC)
    assert offered(day, rules(60, 30), now=before_noon)[0] == "12:00"
    assert len(offered(day, rules(60, 30), now=before_noon)) == 12
    yesterday = before_noon - timedelta(days=1)
    assert len(offered(day, rules(60, 60, lead=1500), now=yesterday)) == 11
    exactly = datetime(2026, 6, 1, 12, tzinfo=UTC)
    assert offered(day, rules(60, 30, lead=60), now=exactly)[0] == "13:00"


def test_starts_are_on_the_local_clock() -> None:
    kolkata = business("Asia/Kolkata", "07:30-09:30")
    assert offered(kolkata, rules(60, 60)) == ["08:00"]
    assert offered(business("Asia/Kathmandu", "09:00-11:00"), rules(30, 30)) == [
        "09:00", "09:30", "10:00", "10:30",
    ]  # fmt: skip
    assert offered(business("Pacific/Chatham", "09:00-10:00"), rules(20, 20)) == [
        "09:00", "09:20", "09:40",
    ]  # fmt: skip
    brussels = business("Europe/Brussels", "20:30-23:00")
    assert offered(brussels, rules(15, 15))[-1] == "22:45"


def test_a_busy_time_takes_the_starts_that_would_reach_into_it() -> None:
    zone = "America/Los_Angeles"
    shop = business(zone, "08:00-12:30")
    busy = {"only": [span("10:00", "10:10", zone=zone)]}
    assert offered(shop, rules(60, 60), busy=busy) == ["08:00", "09:00", "11:00"]
    assert offered(shop, rules(60, 60, buffer=20), busy=busy) == ["08:00", "11:00"]
    assert offered(shop, rules(60, 60), busy={"other": busy["only"]}) == [
        "08:00", "09:00", "10:00", "11:00",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("buffer", "free"),
    [
        (0, ["10:00", "12:00", "12:30", "13:00"]),
        (30, ["12:30", "13:00"]),
        (60, ["13:00"]),
        (61, []),
    ],
)
def test_between_two_bookings_lies_the_buffer_once(buffer: int, free: list[str]) -> None:
    shop = business("UTC", "10:00-14:00")
    busy = {"only": [span("11:00", "12:00")]}
    assert offered(shop, rules(30, 60, buffer=buffer), busy=busy) == free


@pytest.mark.parametrize(
    ("zone", "day", "hours", "step", "expected"),
    [
        ("America/New_York", "2026-03-08", "00:00-06:00", 60, "00 EST,01 EST,03 EDT,04 EDT,05 EDT"),
        ("America/New_York", "2026-11-01", "00:00-06:00", 60,
         "00 EDT,01 EDT,01 EST,02 EST,03 EST,04 EST,05 EST"),
        ("Australia/Lord_Howe", "2026-10-04", "00:00-06:00", 60,
         "00 +1030,01 +1030,03 +11,04 +11,05 +11"),
        ("America/Santiago", "2026-09-06", "00:00-04:00", 60, "01 -03,02 -03,03 -03"),
    ],
)  # fmt: skip
def test_when_the_clocks_change(zone: str, day: str, hours: str, step: int, expected: str) -> None:
    shop = business(zone, hours)
    starts = starts_on(shop, rules(step, 60), 1, date.fromisoformat(day))
    assert ",".join(f"{at.astimezone(shop.zone):%H %Z}" for at in starts) == expected


def test_a_night_over_the_autumn_change_is_five_hours_long() -> None:
    bar = business("America/New_York", sat=["22:00-02:00"])
    saturday = date(2026, 10, 31)
    every = [starts_on(bar, rules(60, 60), 1, saturday + timedelta(days=n)) for n in range(2)]
    walls = [[f"{at.astimezone(bar.zone):%H %Z}" for at in starts] for starts in every]
    assert walls == [["22 EDT", "23 EDT"], ["00 EDT", "01 EDT", "01 EST"]]
    spring = date(2026, 3, 7)
    bar = business("America/New_York", sat=["22:00-03:00"])
    every = [starts_on(bar, rules(60, 60), 1, spring + timedelta(days=n)) for n in range(2)]
    assert [len(starts) for starts in every] == [2, 2]


def test_the_end_of_the_year_and_the_leap_day() -> None:
    shop = business("UTC", "22:00-02:00")
    assert offered(shop, rules(60, 60), date(2026, 12, 31), datetime(2026, 12, 1, tzinfo=UTC)) == [
        "00:00", "01:00", "22:00", "23:00",
    ]  # fmt: skip
    assert len(offered(shop, rules(60, 60), date(2028, 2, 29))) == 4


def test_a_closed_day_seen_from_another_zone() -> None:
    day_off = HoursException(date=date(2026, 6, 2))
    shop = business("America/Los_Angeles", "09:00-17:00", exceptions=(day_off,))
    counts = [len(offered(shop, rules(60, 60), MONDAY + timedelta(days=n))) for n in range(3)]
    assert counts == [8, 0, 8]


def test_the_horizon_is_counted_in_days_of_the_business() -> None:
    shop = business("Pacific/Auckland", "00:00-24:00")
    now = datetime(2026, 5, 31, 12, 30, tzinfo=UTC)  # half past midnight on Monday, in Auckland
    of = rules(60, 60, horizon=1)
    counts = [len(offered(shop, of, MONDAY + timedelta(days=n), now)) for n in range(-1, 3)]
    assert counts == [0, 23, 24, 0]
    assert bookable_window(shop, of, now).end == datetime(2026, 6, 2, 12, tzinfo=UTC)
    assert offered(shop, rules(60, 60, horizon=0, lead=24 * 60), MONDAY, now) == []


# ---- which table -----------------------------------------------------------------------------

TABLES = BookingRules(
    resources=(
        Resource(id="a", min=1, max=2),
        Resource(id="b", min=2, max=4),
        Resource(id="c", min=4, max=6),
    ),
    combinations=(
        Combination(resources=("b", "c"), min=7, max=10),
        Combination(resources=("a", "b"), min=5, max=6),
    ),
    durations={"2": 90, "4": 105, "10": 150},
    duration=120,
)


@pytest.mark.parametrize(
    ("party", "expected"),
    [
        (1, [("a",)]),
        (2, [("a",), ("b",)]),
        (4, [("b",), ("c",)]),
        (6, [("c",), ("a", "b")]),
        (7, [("b", "c")]),
        (10, [("b", "c")]),
        (11, []),
    ],
)
def test_the_best_table_comes_first(party: int, expected: list[tuple[str, ...]]) -> None:
    assert TABLES.candidates(party) == expected


def test_a_combination_is_free_when_all_of_it_is() -> None:
    taken = [span("19:00", "20:00")]
    evening = span("19:00", "21:00")
    assert first_free(TABLES, 8, evening, {"a": taken}) == ("b", "c")
    assert first_free(TABLES, 8, evening, {"c": taken}) is None
    assert first_free(TABLES, 2, evening, {"a": taken}) == ("b",)
    assert first_free(TABLES, 2, evening, {"a": taken, "b": taken}) is None
    assert first_free(TABLES, 6, evening, {"c": taken}) == ("a", "b")
    assert first_free(TABLES, 2, span("20:00", "21:00"), {"a": taken}) == ("a",)


def test_how_long_a_party_stays() -> None:
    assert [TABLES.minutes_for(party) for party in (1, 2, 3, 4, 5, 10, 11)] == [
        90, 90, 105, 105, 150, 150, 120,
    ]  # fmt: skip
    assert TABLES.largest_party == 10


@pytest.mark.parametrize(
    ("section", "message"),
    [
        ({"resources": [{"id": "a"}, {"id": "a"}]}, "two have the same id"),
        ({"resources": [{"id": "a", "min": 3, "max": 2}]}, "min is more than max"),
        ({"combinations": [{"resources": ["x", "y"]}]}, "no resource 'x'"),
        ({"resources": [{"id": "a"}], "combinations": [{"resources": ["a", "a"]}]}, "twice"),
        ({"durations": {"four": 60}}, "party sizes"),
        ({"durations": {"4": 0}}, ">= 1"),
        ({"duration": 0}, ">= 1"),
        ({"step": 0}, ">= 1"),
        ({"stepp": 15}, "unknown field"),
    ],
)
def test_rules_that_make_no_sense_are_refused(section: Any, message: str) -> None:
    with pytest.raises(msgspec.ValidationError, match=message):
        msgspec.convert(section, BookingRules)


def test_nearest_and_spread() -> None:
    shop = business("UTC", "10:00-14:00")
    slots = slots_on(shop, rules(60, 60), 1, MONDAY, LONG_AGO, {})
    at = datetime(2026, 6, 1, 12, 10, tzinfo=UTC)
    assert [slot.start.hour for slot in nearest(slots, at, 2)] == [12, 13]
    assert [slot.start.hour for slot in nearest(slots, at, 9)] == [10, 11, 12, 13]
    many = [Slot(at + timedelta(hours=n), at + timedelta(hours=n + 1), ("x",)) for n in range(20)]
    some = spread(many, 8)
    assert (len(some), some[0], some[-1]) == (8, many[0], many[-1])
    assert spread(many[:3], 8) == many[:3]


# ---- what always holds -----------------------------------------------------------------------

clocks = st.integers(0, 95).map(lambda n: f"{n // 4:02}:{n % 4 * 15:02}")
ranges = st.lists(st.tuples(clocks, clocks).map("-".join), max_size=3)
zones = st.sampled_from(["UTC", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu"])
days = st.dates(date(2026, 2, 25), date(2026, 11, 5))
all_rules = st.builds(
    rules,
    st.sampled_from([5, 7, 15, 20, 30, 60, 90]),
    st.integers(1, 300),
    buffer=st.sampled_from([0, 10, 45]),
    lead=st.sampled_from([0, 30, 120, 600, 1440]),
    horizon=st.integers(0, 5),
    resources=st.just((Resource(id="x", min=1, max=2), Resource(id="y", min=2, max=4))),
    combinations=st.just((Combination(resources=("x", "y"), min=4, max=6),)),
)
taken = st.dictionaries(
    st.sampled_from(["x", "y"]),
    st.lists(st.tuples(st.integers(-300, 1700), st.integers(1, 300)), max_size=6),
)


@settings(max_examples=150)
@given(
    zone=zones, week=ranges, of=all_rules, day=days, party=st.integers(1, 7), taken=taken,
    ago=st.integers(-600, 3000),
)  # fmt: skip
def test_every_offer_keeps_to_all_rules(
    zone: str, week: list[str], of: BookingRules, day: date, party: int, taken: Any, ago: int
) -> None:
    shop = business(zone, *week)
    midnight = to_utc(day, time(0), shop.zone)
    now = midnight - timedelta(minutes=ago)

    def minutes(count: int) -> timedelta:
        return timedelta(minutes=count)

    busy = {
        key: [Span(midnight + minutes(at), midnight + minutes(at + long)) for at, long in spans]
        for key, spans in taken.items()
    }
    slots = slots_on(shop, of, party, day, now, busy)
    open_at = open_spans(shop, day, day)
    last = now.astimezone(shop.zone).date() + timedelta(days=of.horizon)
    for slot in slots:
        local = slot.start.astimezone(shop.zone)
        assert local.date() == day <= last
        assert slot.start >= now + minutes(of.lead)
        assert (local.hour * 60 + local.minute) % of.step == local.second == 0
        assert slot.end - slot.start == minutes(of.minutes_for(party))
        assert any(s.start <= slot.start and slot.end <= s.end for s in open_at)
        assert slot.resources in of.candidates(party)
        for resource in slot.resources:
            for other in busy.get(resource, ()):
                gap = max(other.start - slot.end, slot.start - other.end)
                assert gap >= minutes(of.buffer)
    # One more booking never adds a start; the order of what is known does not matter.
    starts = [slot.start for slot in slots]
    if slots:
        more = busy | {"x": [*busy.get("x", []), Span(slots[0].start, slots[0].end)]}
        assert {s.start for s in slots_on(shop, of, party, day, now, more)} <= set(starts)
    back = {key: spans[::-1] for key, spans in reversed(busy.items())}
    assert slots == slots_on(business(zone, *week[::-1]), of, party, day, now, back)
