"""What always holds for what is offered, whatever the rules and whatever is taken."""

from datetime import date, time, timedelta
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from test_booking_slots import business, rules, visit

from frontdesk.hours import open_spans, to_utc
from frontdesk_plugins.booking.busy import Busy, Taken
from frontdesk_plugins.booking.resources import Combination, Resource
from frontdesk_plugins.booking.rules import BookingRules
from frontdesk_plugins.booking.services import Service
from frontdesk_plugins.booking.slots import (
    slots_on,
)

clocks = st.integers(0, 95).map(lambda n: f"{n // 4:02}:{n % 4 * 15:02}")
ranges = st.lists(st.tuples(clocks, clocks).map("-".join), max_size=3)
zones = st.sampled_from(["UTC", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu"])
days = st.dates(date(2026, 2, 25), date(2026, 11, 5))
all_rules = st.builds(
    rules,
    st.sampled_from([5, 7, 15, 20, 30, 60, 90]),
    st.integers(1, 300),
    buffer=st.sampled_from([0, 10, 45]),
    buffer_mode=st.sampled_from(["max", "sum"]),
    grid=st.sampled_from(["clock", "opening"]),
    lead=st.sampled_from([0, 30, 120, 600, 1440]),
    horizon=st.integers(0, 5),
    resources=st.just((Resource(id="x", min=1, max=2), Resource(id="y", min=2, max=4))),
    combinations=st.just((Combination(resources=("x", "y"), min=4, max=6),)),
)
busy_times = st.dictionaries(
    st.sampled_from(["x", "y", "*"]),
    st.lists(
        st.tuples(
            st.integers(-300, 1700), st.integers(1, 300), st.sampled_from([0, 15]),
            st.sampled_from([0, 20]),
        ),
        max_size=6,
    ),
)  # fmt: skip


def minutes(count: int) -> timedelta:
    return timedelta(minutes=count)


@settings(max_examples=150, deadline=None)
@given(
    zone=zones, week=ranges, of=all_rules, day=days, party=st.integers(1, 7), times=busy_times,
    ago=st.integers(-600, 3000), before=st.sampled_from([0, 25]),
)  # fmt: skip
def test_every_offer_keeps_to_all_rules(
    zone: str, week: list[str], of: BookingRules, day: date, party: int, times: Any, ago: int,
    before: int,
) -> None:  # fmt: skip
    shop = business(zone, *week)
    midnight = to_utc(day, time(0), shop.zone)
    now = midnight - minutes(ago)
    wish = visit(of, party, Service(id="s", buffer_before=before))
    busy: Busy = {
        key: [
            Taken(start=midnight + minutes(at), end=midnight + minutes(at + long), before=ahead,
                  after=behind, owner=f"{key}{at}")
            for at, long, ahead, behind in some
        ]
        for key, some in times.items()
    }  # fmt: skip
    slots = slots_on(shop, of, wish, day, now, busy)
    open_at = open_spans(shop, day, day + timedelta(days=1))
    last = now.astimezone(shop.zone).date() + timedelta(days=of.horizon)
    join: Any = max if of.buffer_mode == "max" else lambda one, other: one + other
    options = [option.resources for option in wish.options]
    for slot in slots:
        local = slot.start.astimezone(shop.zone)
        assert local.date() == day <= last
        assert slot.start >= now + minutes(of.lead)
        assert local.second == 0
        if of.grid == "clock":
            assert (local.hour * 60 + local.minute) % of.step == 0
        assert slot.end - slot.start == minutes(wish.minutes)
        assert any(s.start <= slot.start and slot.end <= s.end for s in open_at)
        assert slot.resources in options
        for key in (*slot.resources, "*"):
            for other in busy.get(key, ()):
                if other.start >= slot.start:
                    gap, needed = other.start - slot.end, join(wish.after, other.before)
                else:
                    gap, needed = slot.start - other.end, join(other.after, before)
                assert gap >= minutes(needed)
        # The same question for one start has the same answer.
        assert slots_on(shop, of, wish, day, now, busy, only=slot.start) == [slot]
    # The order of what is known does not matter.
    back = {key: some[::-1] for key, some in reversed(busy.items())}
    assert slots == slots_on(business(zone, *week[::-1]), of, wish, day, now, back)
    # One more booking never adds a start: on the clock's grid, because the other one begins anew
    # behind every booking.
    if slots and of.grid == "clock":
        one = Taken(start=slots[0].start, end=slots[0].end, owner="one more")
        more = busy | {"x": [*busy.get("x", []), one]}
        later = {slot.start for slot in slots_on(shop, of, wish, day, now, more)}
        assert later <= {slot.start for slot in slots}
