"""What is taken, what is closed, and the free time between. Pure functions; all times in UTC."""

from datetime import UTC, date, datetime, time, timedelta

import msgspec

from frontdesk import Business
from frontdesk.business import Hours
from frontdesk.hours import Span, merge, open_spans, to_utc
from frontdesk_plugins.booking.resources import Resource
from frontdesk_plugins.booking.rules import BookingRules
from frontdesk_plugins.booking.visits import Visit

ALL = "*"
"""The key of what stands in the way of every resource."""


class Taken(msgspec.Struct, frozen=True, kw_only=True):
    """A time at which a resource is not free, or one seat of it."""

    start: datetime
    end: datetime
    before: int = 0
    after: int = 0
    """Minutes that are kept free around it."""
    owner: str = ""
    """The booking or hold; empty for a block."""
    party: int = 0
    session: str = ""
    """The session of a class, which others may join."""
    seat: int = 0


Busy = dict[str, list[Taken]]
"""By the key of a resource, or `ALL`."""


def blocks_of(business: Business, rules: BookingRules) -> Busy:
    """The blocks of the business's own file."""
    zone = business.zone
    busy: Busy = {}
    for block in rules.blocks:
        taken = Taken(
            start=to_utc(block.start.date(), block.start.time(), zone),
            end=to_utc(block.end.date(), block.end.time(), zone, closing=True),
        )
        for key in block.resources or (ALL,):
            busy.setdefault(key, []).append(taken)
    return busy


def merged(*parts: Busy) -> Busy:
    every: Busy = {}
    for part in parts:
        for key, taken in part.items():
            every.setdefault(key, []).extend(taken)
    return every


def hours_of(
    business: Business, rules: BookingRules, resource: Resource | None, first: date, last: date
) -> list[Span]:
    """When a resource works: its hours within those of the business, without breaks."""
    spans = _joined(open_spans(business, first, last))
    if resource is not None and (resource.hours is not None or resource.exceptions):
        own = msgspec.structs.replace(
            business,
            hours=business.hours if resource.hours is None else resource.hours,
            exceptions=resource.exceptions
            + (business.exceptions if resource.hours is None else ()),
        )
        spans = intersect(spans, _joined(open_spans(own, first, last)))
    for closure in rules.closures:
        if not closure.resources or (resource is not None and resource.id in closure.resources):
            spans = subtract(spans, _weekly(business, closure.hours, first, last))
    return spans


def _joined(spans: list[Span]) -> list[Span]:
    """Who writes "00:00-23:59" and means the whole day is open at midnight too."""
    joined: list[Span] = []
    for span in spans:
        if joined and span.start - joined[-1].end <= timedelta(minutes=1):
            joined[-1] = Span(joined[-1].start, span.end)
        else:
            joined.append(span)
    return joined


def has_own_hours(rules: BookingRules, resource: Resource) -> bool:
    is_named = any(resource.id in closure.resources for closure in rules.closures)
    return is_named or resource.hours is not None or bool(resource.exceptions)


def _weekly(business: Business, hours: Hours, first: date, last: date) -> list[Span]:
    return open_spans(msgspec.structs.replace(business, hours=hours, exceptions=()), first, last)


def gaps(rules: BookingRules, visit: Visit, taken: Taken) -> tuple[timedelta, timedelta]:
    """What has to lie between the end of a visit and a taken time, and the other way round."""
    join = max if rules.buffer_mode == "max" else _sum
    return (
        timedelta(minutes=join(visit.after, taken.before)),
        timedelta(minutes=join(taken.after, visit.before)),
    )


def _sum(one: int, other: int) -> int:
    return one + other


def free_of(spans: list[Span], rules: BookingRules, visit: Visit, taken: list[Taken]) -> list[Span]:
    """What is left of `spans` for a visit, from its start to its end."""
    cuts: list[Span] = []
    for one in taken:
        ahead, behind = gaps(rules, visit, one)
        cuts.append(Span(one.start - ahead, one.end + behind))
    return subtract(spans, cuts)


def subtract(spans: list[Span], cuts: list[Span]) -> list[Span]:
    """Both in any order; spans that are empty afterwards are left out."""
    left: list[Span] = []
    holes = merge([cut for cut in cuts if cut.start < cut.end])
    for span in sorted(spans):
        start = span.start
        for hole in holes:
            if hole.end <= start or hole.start >= span.end:
                continue
            if hole.start > start:
                left.append(Span(start, hole.start))
            start = max(start, hole.end)
        if start < span.end:
            left.append(Span(start, span.end))
    return left


def intersect(spans: list[Span], others: list[Span]) -> list[Span]:
    """Both in order and without overlaps, as is the result."""
    both: list[Span] = []
    for span in spans:
        for other in others:
            start, end = max(span.start, other.start), min(span.end, other.end)
            if start < end:
                both.append(Span(start, end))
    return both


def fits(spans: list[Span], start: datetime, end: datetime) -> bool:
    return any(span.start <= start and end <= span.end for span in spans)


def minutes_booked(business: Business, day: date, taken: list[Taken]) -> int:
    """How long a resource is booked on a local date; blocks do not count."""
    first = to_utc(day, time(0), business.zone)
    last = to_utc(day + timedelta(days=1), time(0), business.zone)
    total = timedelta()
    counted: set[tuple[str, datetime]] = set()
    for one in taken:
        piece = (one.session or one.owner, one.start)
        if one.owner and piece not in counted:  # a session counts once, not once a seat
            counted.add(piece)
            total += max(timedelta(), min(one.end, last) - max(one.start, first))
    return total // timedelta(minutes=1)


def may_start(rules: BookingRules, visit: Visit, start: datetime, busy: Busy) -> bool:
    """Whether the kitchen can take one more party in this quarter of an hour."""
    pacing = rules.pacing
    if visit.is_class or not (pacing.parties or pacing.covers):
        return True
    owners = {
        one.owner: one.party
        for taken in busy.values()
        for one in taken
        if one.owner and not one.session and _quarter(one.start) == _quarter(start)
    }
    return not (
        (pacing.parties and len(owners) + 1 > pacing.parties)
        or (pacing.covers and sum(owners.values()) + visit.party > pacing.covers)
    )


def _quarter(instant: datetime) -> int:
    # Offsets from UTC are multiples of 15 minutes, so these are the quarters of every clock.
    return int((instant - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(minutes=15))
