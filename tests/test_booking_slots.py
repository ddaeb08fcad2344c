"""Which starts are offered: exact counts, changes of clocks, assignment."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import msgspec
import pytest

from frontdesk.business import WEEKDAYS, Business, Hours, HoursException
from frontdesk.hours import Span, to_utc
from frontdesk_plugins.booking.busy import Busy, Taken
from frontdesk_plugins.booking.resources import Combination, Resource
from frontdesk_plugins.booking.rules import NAMELESS, BookingRules
from frontdesk_plugins.booking.services import Service
from frontdesk_plugins.booking.slots import (
    Board,
    Slot,
    bookable_window,
    nearest,
    slots_on,
    spread,
    starts_on,
)
from frontdesk_plugins.booking.visits import Visit, largest_party, visit_of

MONDAY = date(2026, 6, 1)
LONG_AGO = datetime(2026, 5, 1, tzinfo=UTC)
ONE = (Resource(id="only"),)


def business(zone: str = "UTC", *week: str, **more: Any) -> Business:
    days = {day: tuple(more.pop(day, week)) for day in WEEKDAYS}
    return Business(id="b", name="B", timezone=zone, hours=Hours(**days), **more)


def rules(step: int, duration: int, **more: Any) -> BookingRules:
    parts: dict[str, Any] = {"resources": ONE, "lead": 0, "horizon": 3660} | more
    return BookingRules(step=step, duration=duration, **parts)


def visit(of: BookingRules, party: int = 1, service: Service = NAMELESS) -> Visit:
    return visit_of(of, service, party)


def taken(spans: Mapping[str, list[Span]], after: int = 0) -> Busy:
    """Bookings of other customers."""
    return {
        key: [Taken(start=s.start, end=s.end, after=after, owner=f"{key}{n}")
              for n, s in enumerate(some)]
        for key, some in spans.items()
    }  # fmt: skip


def offered(
    shop: Business,
    of: BookingRules,
    day: date = MONDAY,
    now: datetime = LONG_AGO,
    busy: Mapping[str, list[Span]] | None = None,
    party: int = 1,
) -> list[str]:
    slots = slots_on(shop, of, visit(of, party), day, now, taken(busy or {}, of.buffer))
    return [f"{slot.start.astimezone(shop.zone):%H:%M}" for slot in slots]


def starts(shop: Business, of: BookingRules, day: date) -> list[datetime]:
    return starts_on(Board(shop, of, visit(of), day, {}))


def first_free(
    of: BookingRules, party: int, when: Span, busy: Mapping[str, list[Span]]
) -> tuple[str, ...] | None:
    """The resources of the slot at a time of a day that is open around the clock."""
    minutes = (when.end - when.start) // timedelta(minutes=1)
    whole = msgspec.structs.replace(of, durations={}, duration=minutes, lead=0, horizon=3660)
    shop = business("UTC", "00:00-24:00")
    found = slots_on(shop, whole, visit(whole, party), when.start.date(), LONG_AGO, taken(busy),
                     only=when.start)  # fmt: skip
    return found[0].resources if found else None


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
        (["00:00-23:58"], 7, 7, 205),
        (["00:00-24:00"], 1440, 60, 1),
        (["07:22-08:00"], 8, 8, 4),
        (["06:00-10:00", "08:00-10:00"], 60, 60, 4),
        (["14:00-15:00", "11:00-12:00"], 20, 20, 6),
        (["09:00-09:00"], 60, 60, 24),  # the end is on the next day
        (["00:00-23:59"], 60, 90, 24),  # the last one goes on after midnight
        (["00:00-24:00"], 60, 24 * 60, 24),
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


def test_the_grid_may_begin_at_every_free_time() -> None:
    zone = "America/Los_Angeles"
    shop = business(zone, "08:00-12:30")
    busy = {"only": [span("10:00", "10:10", zone=zone)]}
    assert offered(shop, rules(60, 60, grid="opening"), busy=busy) == [
        "08:00", "09:00", "10:10", "11:10",
    ]  # fmt: skip
    assert offered(business("UTC", "07:22-08:00"), rules(8, 8, grid="opening")) == [
        "07:22", "07:30", "07:38", "07:46",
    ]  # fmt: skip
    assert offered(business("UTC", "00:00-24:00"), rules(50, 50, grid="opening"))[:3] == [
        "00:10", "01:00", "01:50",  # open since the day before
    ]  # fmt: skip


def test_the_customers_own_zone_does_not_matter() -> None:
    shop = business("Pacific/Honolulu", "20:00-22:00")
    now = datetime(2026, 6, 1, 12, tzinfo=ZoneInfo("Europe/Brussels"))  # Monday, 00:00 in Honolulu
    assert offered(shop, rules(60, 60), now=now) == ["20:00", "21:00"]
    assert offered(shop, rules(60, 60, lead=1), now=now.astimezone(UTC)) == ["20:00", "21:00"]
    other = HoursException(date=MONDAY, hours=("22:00-23:00",))
    york = business("America/New_York", exceptions=(other,))
    (slot,) = slots_on(york, rules(60, 60), visit(rules(60, 60)), MONDAY, LONG_AGO, {})
    assert slot.start == datetime(2026, 6, 2, 2, tzinfo=UTC)


def test_two_services_with_different_buffers_on_one_resource() -> None:
    """The gap is the longer of the one's time after and the other's before, or both of them."""
    shop = business("UTC", "08:00-14:00")
    wash = Service(id="wash", duration=60, buffer_before=30, buffer_after=15)
    there = {"only": [Taken(start=span("10:00", "11:00").start, end=span("10:00", "11:00").end,
                            before=15, after=30, owner="x")]}  # fmt: skip

    def free(**more: Any) -> list[str]:
        of = rules(15, 60, **more)
        slots = slots_on(shop, of, visit(of, 1, wash), MONDAY, LONG_AGO, there)
        return [f"{slot.start:%H:%M}" for slot in slots]

    assert free()[:5] == ["08:00", "08:15", "08:30", "08:45", "11:30"]
    assert free(buffer_mode="sum")[:4] == ["08:00", "08:15", "08:30", "12:00"]


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
    found = starts(shop, rules(step, 60), date.fromisoformat(day))
    assert ",".join(f"{at.astimezone(shop.zone):%H %Z}" for at in found) == expected


def test_a_night_over_the_autumn_change_is_five_hours_long() -> None:
    bar = business("America/New_York", sat=["22:00-02:00"])
    saturday = date(2026, 10, 31)
    every = [starts(bar, rules(60, 60), saturday + timedelta(days=n)) for n in range(2)]
    walls = [[f"{at.astimezone(bar.zone):%H %Z}" for at in starts_] for starts_ in every]
    assert walls == [["22 EDT", "23 EDT"], ["00 EDT", "01 EDT", "01 EST"]]
    spring = date(2026, 3, 7)
    bar = business("America/New_York", sat=["22:00-03:00"])
    every = [starts(bar, rules(60, 60), spring + timedelta(days=n)) for n in range(2)]
    assert [len(starts_) for starts_ in every] == [2, 2]


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
    assert bookable_window(shop, visit(of), now).end == datetime(2026, 6, 2, 12, tzinfo=UTC)
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
    assert [option.resources for option in visit(TABLES, party).options] == expected


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
    assert largest_party(TABLES, NAMELESS) == 10


def test_nearest_and_spread() -> None:
    shop = business("UTC", "10:00-14:00")
    slots = slots_on(shop, rules(60, 60), visit(rules(60, 60)), MONDAY, LONG_AGO, {})
    at = datetime(2026, 6, 1, 12, 10, tzinfo=UTC)
    assert [slot.start.hour for slot in nearest(slots, at, 2)] == [12, 13]
    assert [slot.start.hour for slot in nearest(slots, at, 9)] == [10, 11, 12, 13]
    many = [Slot(at + timedelta(hours=n), at + timedelta(hours=n + 1), ("x",)) for n in range(20)]
    some = spread(many, 8)
    assert (len(some), some[0], some[-1]) == (8, many[0], many[-1])
    assert spread(many[:3], 8) == many[:3]
