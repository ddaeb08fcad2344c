"""Which starts a business offers. Pure functions: rules and busy times in, slots out."""

from datetime import UTC, date, datetime, timedelta
from math import gcd

import msgspec

from frontdesk import Business
from frontdesk.hours import Span, open_spans
from frontdesk_plugins.booking.rules import BookingRules

Busy = dict[str, list[Span]]
"""By resource: the spans that bookings occupy, in UTC."""


class Slot(msgspec.Struct, frozen=True):
    start: datetime
    """Aware, UTC."""
    end: datetime
    resources: tuple[str, ...]
    """The best free set."""


def starts_on(business: Business, rules: BookingRules, party: int, day: date) -> list[datetime]:
    """Every start on a local date that opening hours allow, in UTC, whoever else has booked.

    The grid is evaluated in local time at each instant, so that it stays on the clock's quarter
    hours when the clocks change; all arithmetic is in UTC.
    """
    zone = business.zone
    length = timedelta(minutes=rules.minutes_for(party))
    # Offsets from UTC are multiples of 15 minutes, so nothing finer than this can be on the grid.
    grain = timedelta(minutes=gcd(rules.step, 15))
    starts: list[datetime] = []
    for span in open_spans(business, day, day):
        instant = _ceil(span.start, grain)
        while instant + length <= span.end:
            local = instant.astimezone(zone)
            if local.date() == day and (local.hour * 60 + local.minute) % rules.step == 0:
                starts.append(instant)
            instant += grain
    return starts


def _ceil(instant: datetime, grain: timedelta) -> datetime:
    epoch = datetime(1970, 1, 1, tzinfo=UTC)
    return epoch - ((epoch - instant) // grain) * grain


def bookable_window(business: Business, rules: BookingRules, now: datetime) -> Span:
    """From the earliest to the latest start that may be booked now."""
    local = now.astimezone(business.zone)
    last_day = local.date() + timedelta(days=rules.horizon + 1)
    end = datetime.combine(last_day, datetime.min.time(), business.zone)
    return Span(now + timedelta(minutes=rules.lead), end.astimezone(UTC))


def slots_on(
    business: Business, rules: BookingRules, party: int, day: date, now: datetime, busy: Busy
) -> list[Slot]:
    """The slots of a local date that can be booked now, in order."""
    window = bookable_window(business, rules, now)
    length = timedelta(minutes=rules.minutes_for(party))
    found: list[Slot] = []
    for start in starts_on(business, rules, party, day):
        if window.start <= start < window.end:
            resources = first_free(rules, party, Span(start, start + length), busy)
            if resources:
                found.append(Slot(start, start + length, resources))
    return found


def first_free(rules: BookingRules, party: int, span: Span, busy: Busy) -> tuple[str, ...] | None:
    """The best set of resources that is free for the whole span, buffers included."""
    gap = timedelta(minutes=rules.buffer)
    for resources in rules.candidates(party):
        if not any(
            taken.start < span.end + gap and span.start < taken.end + gap
            for resource in resources
            for taken in busy.get(resource, ())
        ):
            return resources
    return None


def nearest(slots: list[Slot], wanted: datetime, count: int) -> list[Slot]:
    """The slots closest to a wanted start, in order of time."""
    return sorted(sorted(slots, key=lambda slot: abs(slot.start - wanted))[:count], key=_start)


def spread(slots: list[Slot], count: int) -> list[Slot]:
    """A few slots over the whole list: the first, the last and some between."""
    if len(slots) <= count:
        return slots
    picks = {round(n * (len(slots) - 1) / (count - 1)) for n in range(count)}
    return [slots[n] for n in sorted(picks)]


def _start(slot: Slot) -> datetime:
    return slot.start
