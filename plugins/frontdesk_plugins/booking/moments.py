"""When customers are reminded of a booking. Everything in UTC; only the quiet hours are local."""

from datetime import UTC, date, datetime, time, timedelta

from frontdesk import Business
from frontdesk.hours import to_utc
from frontdesk.instants import ms
from frontdesk_plugins.booking.rules import BookingRules, rules_of

EARLIER = timedelta(minutes=5)
"""Before the quiet hours begin: by then the message has left."""
LATEST = timedelta(minutes=30)
"""Before the booking. A later reminder is of no use."""


def following(business: Business, start: datetime, after: datetime) -> int:
    """The first reminder after a moment, milliseconds since the epoch; 0 when there is none.

    After the moment of booking, so nobody is reminded of what they have just asked for.
    """
    found = [at for at in moments(business, rules_of(business), start) if at > after]
    return ms(min(found)) if found else 0


def moments(business: Business, rules: BookingRules, start: datetime) -> list[datetime]:
    """When there are reminders of a booking at `start`, in UTC. One that falls into the quiet hours
    comes before them, or not at all."""
    due = [start.astimezone(UTC) - timedelta(minutes=n) for n in rules.reminders]
    moved = [_before_quiet(business, rules.quiet, at) for at in due]
    return sorted({at for at in moved if start - at >= LATEST})


def _before_quiet(business: Business, quiet: str, at: datetime) -> datetime:
    began = quiet_since(business, quiet, at)
    return at if began is None else began - EARLIER


def quiet_since(business: Business, quiet: str, at: datetime) -> datetime | None:
    """When the quiet hours began that hold at a moment; None outside of them."""
    if not quiet:
        return None
    first, last = (time.fromisoformat(part) for part in quiet.split("-"))
    today = at.astimezone(business.zone).date()
    for day in (today, today - timedelta(days=1)):
        began, ends = _span(business, day, first, last)
        if began <= at < ends:
            return began
    return None


def _span(business: Business, day: date, first: time, last: time) -> tuple[datetime, datetime]:
    until = day + timedelta(days=1) if last <= first else day
    return to_utc(day, first, business.zone), to_utc(until, last, business.zone, closing=True)
