"""Breaks, days off, blocks, staff, classes and pacing: who is free, and who gets the customer."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from test_booking_slots import LONG_AGO, MONDAY, business, span

from frontdesk.business import Business
from frontdesk.hours import Span, to_utc
from frontdesk_plugins.booking.busy import Busy, Taken, blocks_of, intersect, subtract
from frontdesk_plugins.booking.rules import BookingRules
from frontdesk_plugins.booking.slots import Slot, class_key, session, slots_on
from frontdesk_plugins.booking.visits import Visit, visit_of

STAFF = [{"id": "ana", "kind": "staff"}, {"id": "ben", "kind": "staff"}]


def made(**section: Any) -> BookingRules:
    base = {"step": 60, "duration": 60, "lead": 0, "horizon": 3660, "resources": STAFF}
    return msgspec.convert(base | section, BookingRules)


def one(of: BookingRules, party: int = 1, **more: Any) -> Visit:
    return visit_of(of, of.offered[0], party, **more)


def taken(first: str, last: str, owner: str = "x", **more: Any) -> Taken:
    at = span(first, last)
    return Taken(start=at.start, end=at.end, owner=owner, **more)


def slots(
    shop: Business, of: BookingRules, busy: Busy | None = None, day: date = MONDAY, **more: Any
) -> list[Slot]:
    every = {} if busy is None else busy
    return slots_on(shop, of, one(of, **more), day, LONG_AGO, every)


def shown(found: list[Slot]) -> list[str]:
    return [f"{s.start:%H} {'+'.join(s.resources)}" for s in found]


# ---- whose hours -----------------------------------------------------------------------------


def test_own_hours_lie_within_those_of_the_business() -> None:
    shop = business("UTC", "09:00-12:00")
    of = made(
        resources=[
            {"id": "ana", "kind": "staff", "hours": {"mon": ["08:00-10:00"]}},
            {"id": "ben", "kind": "staff", "hours": {"mon": ["11:00-15:00"]}},
        ]
    )
    assert shown(slots(shop, of)) == ["09 ana", "11 ben"]
    assert slots(shop, of, day=date(2026, 6, 2)) == []


def test_a_day_off_in_the_zone_of_the_business() -> None:
    shop = business("America/Los_Angeles", "15:00-18:00")
    off = {"date": "2026-06-01"}
    of = made(resources=[{"id": "ana", "kind": "staff", "exceptions": [off]}])
    counts = [len(slots(shop, of, day=MONDAY + timedelta(days=n))) for n in range(-1, 2)]
    assert counts == [3, 0, 3]
    # In Kolkata it is Tuesday already for most of that Monday.
    now = datetime(2026, 5, 31, 12, tzinfo=ZoneInfo("Asia/Kolkata"))
    assert slots_on(shop, of, one(of), MONDAY, now, {}) == []
    # Where the business opens on an extra day, so do those who keep its hours.
    shop = msgspec.convert(
        {"id": "b", "name": "B", "exceptions": [{"date": "2026-06-07", "hours": ["10:00-11:00"]}]},
        Business,
    )
    assert shown(slots(shop, of, day=date(2026, 6, 7))) == ["10 ana"]


def test_breaks_of_every_week() -> None:
    shop = business("UTC", "09:00-13:00")
    of = made(
        closures=[
            {"hours": {"mon": ["10:00-11:00"]}, "resources": ["ana"]},
            {"hours": {"mon": ["12:00-12:30"]}},
        ]
    )
    assert shown(slots(shop, of)) == ["09 ana", "10 ben", "11 ana"]
    assert len(slots(shop, of, day=date(2026, 6, 2))) == 4


def test_blocks_are_local_and_may_name_resources() -> None:
    shop = business("America/New_York", "09:00-12:00")
    block = {"start": "2026-06-01T09:30:00", "end": "2026-06-01T10:00:00"}
    of = made(blocks=[block | {"resources": ["ana"]}])
    at = [f"{s.start.astimezone(shop.zone):%H} {s.resources[0]}"
          for s in slots(shop, of, blocks_of(shop, of))]  # fmt: skip
    assert at == ["09 ben", "10 ana", "11 ana"]
    everyone = made(blocks=[block])
    found = slots(shop, everyone, blocks_of(shop, everyone))
    assert [s.start.astimezone(shop.zone).hour for s in found] == [10, 11]


def test_who_is_not_active_gets_nothing_new() -> None:
    shop = business("UTC", "09:00-10:00")
    of = made(resources=[{"id": "ana", "kind": "staff", "active": False}, STAFF[1]])
    assert shown(slots(shop, of)) == ["09 ben"]
    alone = made(resources=[{"id": "ana", "kind": "staff", "active": False}])
    assert slots(shop, alone) == []


# ---- who gets the customer -------------------------------------------------------------------


def test_anyone_is_whoever_is_booked_least_that_day() -> None:
    shop = business("UTC", "09:00-17:00")
    of = made()
    busy: Busy = {"ana": [taken("15:00", "16:30")], "ben": [taken("09:00", "10:00")]}
    assert shown(slots(shop, of, busy))[:3] == ["09 ana", "10 ben", "11 ben"]
    equal: Busy = {"ana": [taken("15:00", "16:00")], "ben": [taken("09:00", "10:00")]}
    assert shown(slots(shop, of, equal))[1] == "10 ana"  # the id breaks the tie
    # Yesterday does not count, and neither does a block.
    yesterday = Taken(start=span("09:00", "10:00").start - timedelta(days=1),
                      end=span("15:00", "16:00").start - timedelta(days=1), owner="x")  # fmt: skip
    free: Busy = {"ana": [yesterday, taken("16:00", "17:00", owner="")]}
    assert shown(slots(shop, of, free))[0] == "09 ana"
    assert shown(slots(shop, of, busy, resource="ben"))[0] == "10 ben"


def test_a_service_may_need_one_of_each_kind() -> None:
    shop = business("UTC", "09:00-11:00")
    of = made(
        services=[{"id": "massage", "kinds": ["staff", "room"]}],
        resources=[*STAFF, {"id": "r", "kind": "room"}],
    )
    assert shown(slots(shop, of)) == ["09 ana+r", "10 ana+r"]
    assert shown(slots(shop, of, {"r": [taken("09:00", "10:00")]})) == ["10 ana+r"]
    assert shown(slots(shop, of, {"ana": [taken("09:00", "09:30")]})) == ["09 ben+r", "10 ben+r"]


def test_pacing_of_parties_and_of_covers() -> None:
    shop = business("UTC", "18:00-20:00")
    tables = [{"id": f"t{n}", "max": 6} for n in range(5)]
    busy: Busy = {"t0": [taken("18:05", "19:05", "a", party=4)],
                  "t1": [taken("18:10", "19:10", "b", party=2)],
                  "t2": [taken("18:10", "19:10", "b", party=2)]}  # fmt: skip

    def starts(party: int, **pacing: int) -> list[str]:
        of = made(resources=tables, step=15, pacing=pacing)
        return [f"{s.start:%H:%M}" for s in slots(shop, of, busy, party=party)]

    assert starts(2)[0] == "18:00"
    assert starts(2, parties=2)[0] == "18:15"
    assert starts(2, parties=3)[0] == "18:00"
    assert starts(2, covers=8)[0] == "18:00"  # a combination of tables is one party
    assert starts(3, covers=8)[0] == "18:15"


# ---- classes ---------------------------------------------------------------------------------

YOGA = {"id": "yoga", "duration": 60, "capacity": 3, "times": {"mon": ["18:00", "09:00"]}}


def seat(of: BookingRules, wall: str, number: int) -> Taken:
    at = span(wall, f"{int(wall[:2]) + 1:02}:00")
    name = session(one(of), at.start)
    return Taken(start=at.start, end=at.end, owner=f"o{number}", session=name, seat=number)


def test_a_class_has_as_many_places_as_seats() -> None:
    shop = business("UTC", "08:00-20:00")
    of = made(services=[YOGA], resources=[])
    assert [(f"{s.start:%H}", s.left) for s in slots(shop, of)] == [("09", 3), ("18", 3)]
    name = session(one(of), span("09:00", "10:00").start)
    busy: Busy = {class_key(name): [seat(of, "09:00", 0), seat(of, "09:00", 2)]}
    left = {f"{s.start:%H}": (s.left, s.seats) for s in slots(shop, of, busy)}
    assert left == {"09": (1, (1,)), "18": (3, (0,))}
    assert [f"{s.start:%H}" for s in slots(shop, of, busy, party=2)] == ["18"]
    assert slots(shop, of, party=3)[0].seats == (0, 1, 2)
    assert slots(business("UTC", "10:00-18:30"), of) == []  # it would end after we close


def test_a_class_with_a_teacher_takes_them_once() -> None:
    shop = business("UTC", "08:00-20:00")
    of = made(services=[YOGA | {"resources": ["ana", "ben"]}])
    assert shown(slots(shop, of)) == ["09 ana", "18 ana"]
    # Whose session has begun to fill goes on filling; someone else's appointment is in the way.
    begun: Busy = {"ben": [seat(of, "09:00", 0)], "ana": [taken("18:30", "19:00")]}
    assert [(f"{s.start:%H}", s.resources, s.left) for s in slots(shop, of, begun)] == [
        ("09", ("ben",), 2), ("18", ("ben",), 3),
    ]  # fmt: skip
    # A session of another time, or of another class, is no session of this one.
    other = msgspec.structs.replace(seat(of, "09:00", 0), session="pilates@1")
    blocked: Busy = {"ana": [other], "ben": [taken("09:30", "09:45")]}
    assert shown(slots(shop, of, blocked)) == ["18 ben"]


def test_a_timetable_leaves_out_times_that_the_clocks_skip() -> None:
    shop = business("America/New_York", "00:00-06:00")
    times = {"sun": ["01:30", "02:30", "03:30"]}
    of = made(services=[YOGA | {"times": times}], resources=[])

    def walls(day: str) -> list[str]:
        found = slots(shop, of, day=date.fromisoformat(day))
        return [f"{s.start.astimezone(shop.zone):%H:%M %Z}" for s in found]

    assert walls("2027-03-14") == ["01:30 EST", "03:30 EDT"]
    assert walls("2026-11-01") == ["01:30 EDT", "02:30 EST", "03:30 EST"]


# ---- spans -----------------------------------------------------------------------------------

spans = st.lists(
    st.tuples(st.integers(0, 200), st.integers(0, 60)).map(
        lambda t: Span(_at(t[0]), _at(t[0] + t[1]))
    ),
    max_size=8,
)


def _at(minute: int) -> datetime:
    return datetime(2026, 6, 1, tzinfo=UTC) + timedelta(minutes=minute)


def _minutes(some: list[Span]) -> set[int]:
    zero = _at(0)
    return {
        n
        for one in some
        for n in range((one.start - zero) // timedelta(minutes=1),
                       (one.end - zero) // timedelta(minutes=1))
    }  # fmt: skip


@settings(deadline=None)
@given(spans, spans)
def test_spans_are_subtracted_minute_by_minute(some: list[Span], cuts: list[Span]) -> None:
    left = subtract(some, cuts)
    assert _minutes(left) == _minutes(some) - _minutes(cuts)
    assert all(one.start < one.end for one in left)
    assert _minutes(intersect(some, cuts)) == _minutes(some) & _minutes(cuts)


@settings(max_examples=60, deadline=None)
@given(
    capacity=st.integers(1, 4), parties=st.lists(st.integers(1, 3), max_size=8),
    teachers=st.integers(0, 2),
)  # fmt: skip
def test_seats_never_exceed_the_capacity(capacity: int, parties: list[int], teachers: int) -> None:
    shop = business("UTC", "08:00-20:00")
    named = {"resources": ["ana", "ben"][:teachers]} if teachers else {}
    of = made(services=[YOGA | {"capacity": capacity} | named])
    busy: Busy = {}
    at = span("09:00", "10:00")
    for n, party in enumerate(parties):
        for slot in slots_on(shop, of, one(of, party), MONDAY, LONG_AGO, busy, only=at.start):
            assert len(slot.seats) == party
            for key in slot.resources:
                busy.setdefault(key, []).extend(
                    msgspec.structs.replace(seat(of, "09:00", s), owner=f"o{n}") for s in slot.seats
                )
    for some in busy.values():
        assert len({one.seat for one in some}) == len(some) <= capacity


@pytest.mark.parametrize("lead", [0, 30, 120, 600, 1440])
def test_what_is_offered_passes_the_check_of_its_own_start(lead: int) -> None:
    shop = business("Europe/Rome", "09:00-23:00")
    of = made(lead=lead, step=15)
    now = to_utc(MONDAY, time(8, 7), shop.zone)
    for day in (MONDAY, MONDAY + timedelta(days=1)):
        for slot in slots_on(shop, of, one(of), day, now, {}):
            again = slots_on(shop, of, one(of), day, now, {}, only=slot.start)
            assert again == [slot]
