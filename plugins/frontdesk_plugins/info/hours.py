"""Opening hours as customers read them, in the business's language and on its clocks."""

from datetime import date, datetime, time, timedelta
from typing import Any

from frontdesk import Business
from frontdesk.hours import Span, opening, spans_starting, to_utc
from frontdesk.speech import clock, day, moment
from frontdesk_plugins.info.words import say

NEAR = timedelta(hours=12)
"""A closing so near needs no date."""


def now_label(business: Business, now: datetime) -> tuple[bool, datetime | None, str]:
    """(open now?, when that changes, both in words)."""
    is_open, change = opening(business, now)
    if change is None:
        return is_open, None, say(business, "open" if is_open else "closed", name=business.name)
    local = change.astimezone(business.zone)
    is_near = local.date() == now.date() or (is_open and change - now < NEAR)
    when = clock(business, change) if is_near else moment(business, change)
    said = say(business, "open_until" if is_open else "closed_until", name=business.name, when=when)
    return is_open, local, said


def day_of(business: Business, of: date, *, alone: bool) -> dict[str, Any]:
    """The hours that begin on a local date. `alone`: nothing else tells of the night before."""
    spans = spans_starting(business, of)
    labels = [_label(business, span) for span in spans] or [say(business, "day_closed")]
    if alone and (over := _night_before(business, of)):
        labels.insert(0, say(business, "night_before", when=clock(business, over)))
    reason = _reason(business, of)
    return {
        "date": of.isoformat(),
        "hours": [_wall(business, span) for span in spans],
        "reason": reason,
        "label": f"{day(business, of)}: {', '.join(labels)}" + (f" ({reason})" if reason else ""),
    }


def _label(business: Business, span: Span) -> str:
    if _wall(business, span) == "00:00-24:00":
        return say(business, "all_day")
    return f"{clock(business, span.start)} - {clock(business, span.end)}"


def _wall(business: Business, span: Span) -> str:
    """As in a business file."""
    start, end = (at.astimezone(business.zone) for at in (span.start, span.end))
    return f"{start:%H:%M}-{end:%H:%M}".replace("-00:00", "-24:00")


def _night_before(business: Business, of: date) -> datetime | None:
    """When the opening of the day before ends, if that is on this day."""
    midnight = to_utc(of, time(0), business.zone)
    ends = [span.end for span in spans_starting(business, of - timedelta(days=1))]
    return next((end for end in ends if end > midnight), None)


def _reason(business: Business, of: date) -> str:
    """Why a date has other hours than its weekday; empty when it has not."""
    found = next((e for e in business.exceptions if e.covers(of)), None)
    return (found.reason or say(business, "special")) if found else ""
