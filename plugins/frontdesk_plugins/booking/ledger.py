"""Bookings in the database. Whatever is asked, and by how many at once: no resource twice."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import msgspec

from frontdesk import ActionCall, Business
from frontdesk.database import Database
from frontdesk.hours import Span, to_utc
from frontdesk.ids import new_id
from frontdesk.store import now_ms
from frontdesk_plugins.booking.references import new_reference
from frontdesk_plugins.booking.rules import BookingRules
from frontdesk_plugins.booking.slots import Busy, Slot, first_free
from frontdesk_plugins.booking.tables import Booking, BookingClaim

Row = dict[str, Any]


class Wanted(msgspec.Struct, frozen=True, kw_only=True):
    """A booking as asked for, checked against the rules but not against other bookings."""

    party: int
    span: Span
    name: str
    phone: str
    notes: str


def ms(instant: datetime) -> int:
    return int(instant.timestamp() * 1000)


def instant(milliseconds: int) -> datetime:
    return datetime.fromtimestamp(milliseconds / 1000, UTC)


async def busy_on(
    database: Database, business: Business, rules: BookingRules, party: int, first: date, last: date
) -> Busy:
    """What is taken and could stand in the way of a start on the local dates `first` to `last`."""
    gap = timedelta(minutes=rules.buffer)
    length = timedelta(minutes=rules.minutes_for(party))
    start = to_utc(first, time(0), business.zone) - gap
    end = to_utc(last + timedelta(days=1), time(0), business.zone) + length + gap
    return await _busy(database, business.id, Span(start, end))


async def _busy(database: Database, business: str, span: Span) -> Busy:
    rows = await database.fetch(
        "SELECT r.key, c.starts, c.ends FROM booking_claim c "
        "JOIN booking_resource r ON r.id = c.resource "
        "WHERE r.business = {} AND c.active AND c.starts < {} AND c.ends > {}",
        business, ms(span.end), ms(span.start),
    )  # fmt: skip
    busy: Busy = {}
    for row in rows:
        busy.setdefault(row["key"], []).append(Span(instant(row["starts"]), instant(row["ends"])))
    return busy


async def book(call: ActionCall, rules: BookingRules, wanted: Wanted) -> Row | None:
    """The new booking, or None when nothing that fits is free. Runs in the call's transaction.

    Every resource that could serve is locked first, in one order for all, so that whoever comes
    second sees what the first one took. The constraint on `booking_claim` stands behind this.
    """
    database = call.db
    made = await database.one("SELECT * FROM booking WHERE call = {}", call.id)
    if made is not None:
        return made
    keys = sorted({key for resources in rules.candidates(wanted.party) for key in resources})
    ids = {key: await _lock(database, call.business.id, key) for key in keys}
    gap = timedelta(minutes=rules.buffer)
    around = Span(wanted.span.start - gap, wanted.span.end + gap)
    busy = await _busy(database, call.business.id, around)
    resources = first_free(rules, wanted.party, wanted.span, busy)
    if resources is None:
        return None
    row = _row(call, wanted)
    await Booking.insert(Booking(**row))
    slot = Slot(wanted.span.start, wanted.span.end, resources)
    await BookingClaim.insert(
        *(
            BookingClaim(
                booking=row["id"], resource=ids[key], starts=ms(slot.start), ends=ms(slot.end)
            )
            for key in resources
        )
    )
    return row


async def _lock(database: Database, business: str, key: str) -> int:
    row = await database.one(
        "INSERT INTO booking_resource (business, key, version) VALUES ({}, {}, 1) "
        "ON CONFLICT (business, key) DO UPDATE SET version = booking_resource.version + 1 "
        "RETURNING id",
        business, key,
    )  # fmt: skip
    assert row is not None
    return int(row["id"])


def _row(call: ActionCall, wanted: Wanted) -> Row:
    now = now_ms()
    local = wanted.span.start.astimezone(call.business.zone)
    return {
        "id": new_id(),
        "business": call.business.id,
        "reference": new_reference(),
        "status": "confirmed",
        "contact": call.contact.id,
        "conversation": call.conversation,
        "call": call.id,
        "party": wanted.party,
        "starts": ms(wanted.span.start),
        "ends": ms(wanted.span.end),
        "timezone": call.business.timezone,
        "wall": local.strftime("%Y-%m-%dT%H:%M"),
        "name": wanted.name,
        "phone": wanted.phone,
        "notes": wanted.notes,
        "extra": msgspec.json.encode(call.extra).decode(),
        "created": now,
        "updated": now,
    }


async def find(database: Database, business: str, reference: str) -> Row | None:
    return await database.one(
        "SELECT * FROM booking WHERE business = {} AND reference = {}", business, reference
    )


async def upcoming(database: Database, business: str, contact: str, now: datetime) -> list[Row]:
    """The contact's own confirmed bookings that have not ended, the next first; ten at most."""
    return await database.fetch(
        "SELECT * FROM booking WHERE business = {} AND contact = {} AND status = 'confirmed' "
        "AND ends > {} ORDER BY starts LIMIT 10",
        business, contact, ms(now),
    )  # fmt: skip


async def cancel(database: Database, booking: Row) -> bool:
    """Free its resources. False when it was cancelled already."""
    row = await database.one(
        "UPDATE booking SET status = 'cancelled', updated = {} "
        "WHERE id = {} AND status = 'confirmed' RETURNING id",
        now_ms(), booking["id"],
    )  # fmt: skip
    if row is None:
        return False
    await database.fetch(
        "UPDATE booking_claim SET active = FALSE WHERE booking = {}", booking["id"]
    )
    return True
