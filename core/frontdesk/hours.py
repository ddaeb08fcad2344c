"""When a business is open: wall-clock rules turned into ranges of UTC.

All arithmetic after the conversion is in UTC; a timedelta is never added to a local time, because
local days have 23, 24 or 25 hours.
"""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import msgspec

from frontdesk.business import Business, Ranges, parse_range


class Span(msgspec.Struct, frozen=True, order=True):
    """Half-open: it includes `start` and not `end`. Both are aware and in UTC."""

    start: datetime
    end: datetime


def to_utc(day: date, wall: time, zone: ZoneInfo, *, closing: bool = False) -> datetime:
    """A wall-clock time as UTC.

    A time that the clocks skip counts with the offset before the gap (RFC 5545, 3.3.5). Of a time
    that comes twice, an opening takes the first and a closing the second.
    """
    second = closing and is_ambiguous(day, wall, zone)
    return datetime.combine(day, wall, zone).replace(fold=int(second)).astimezone(UTC)


def is_ambiguous(day: date, wall: time, zone: ZoneInfo) -> bool:
    """True when the clocks show this wall time twice on this day."""
    first = datetime.combine(day, wall.replace(fold=0), zone)
    second = first.replace(fold=1)
    return first.utcoffset() != second.utcoffset() and _exists(first, zone)


def is_missing(day: date, wall: time, zone: ZoneInfo) -> bool:
    """True when the clocks skip this wall time on this day."""
    return not _exists(datetime.combine(day, wall, zone), zone)


def _exists(local: datetime, zone: ZoneInfo) -> bool:
    back = local.astimezone(UTC).astimezone(zone)
    return back.replace(tzinfo=None) == local.replace(tzinfo=None)


def rules_of(business: Business, day: date) -> tuple[Ranges, str]:
    """The ranges that hold on a local date, and the reason when an exception says so."""
    for exception in business.exceptions:
        if exception.covers(day):
            return exception.hours, exception.reason or "special hours"
    return business.hours.of(day), ""


def spans_starting(business: Business, day: date) -> list[Span]:
    """The spans that begin on a local date; the last one may end on the next."""
    zone = business.zone
    spans: list[Span] = []
    for text in rules_of(business, day)[0]:
        opens, closes = parse_range(text)
        last_day = day + timedelta(days=1) if closes <= opens else day
        span = Span(to_utc(day, opens, zone), to_utc(last_day, closes, zone, closing=True))
        if span.start < span.end:
            spans.append(span)
    return spans


def open_spans(business: Business, first: date, last: date) -> list[Span]:
    """Merged opening spans that touch the local dates `first` to `last`, in order.

    The day before `first` counts too: a Saturday that is open until 02:00 stays open on Sunday.
    """
    days = (last - first).days + 2
    spans = [
        span
        for n in range(days)
        for span in spans_starting(business, first + timedelta(days=n - 1))
    ]
    return merge(spans)


def merge(spans: list[Span]) -> list[Span]:
    """Spans in order, touching and overlapping ones joined."""
    merged: list[Span] = []
    for span in sorted(spans):
        if merged and span.start <= merged[-1].end:
            merged[-1] = Span(merged[-1].start, max(merged[-1].end, span.end))
        else:
            merged.append(span)
    return merged


def opening(business: Business, now: datetime) -> tuple[bool, datetime | None]:
    """(open now?, the next change: closing when open, opening when closed; None: not in 14 days)."""
    today = now.astimezone(business.zone).date()
    for days in (1, 14):  # the next change is near, and few days cost little
        known = to_utc(today + timedelta(days=days + 1), time(0), business.zone)
        for span in open_spans(business, today, today + timedelta(days=days)):
            if span.start <= now < span.end < known:
                return True, span.end
            if span.start > now:
                return False, span.start
            if now < span.end and days == 14:
                return True, None
    return False, None
