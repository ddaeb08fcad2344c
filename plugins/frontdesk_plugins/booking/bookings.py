"""The rows of bookings: made, moved, cancelled, looked up."""

from datetime import datetime
from typing import Any

import msgspec

from frontdesk import ActionCall, Business
from frontdesk.database import Database
from frontdesk.ids import new_id
from frontdesk.instants import instant, ms
from frontdesk.references import new_reference
from frontdesk_plugins.booking import ledger, moments
from frontdesk_plugins.booking.holds import Place
from frontdesk_plugins.booking.ledger import Row
from frontdesk_plugins.booking.policies import Policy
from frontdesk_plugins.booking.visits import Visit

LIVE = ("pending", "confirmed")
"""Statuses of what is still to come. Also in the SQL below."""
NEXT = {
    "pending": {"confirmed", "cancelled"},
    "confirmed": {"arrived", "completed", "no_show", "cancelled"},
    "arrived": {"completed"},
}
"""By status: what may follow."""
FREED = {"cancelled", "no_show"}


class Guest(msgspec.Struct, frozen=True, kw_only=True):
    """Whom a booking is for."""

    name: str
    phone: str
    email: str = ""
    notes: str = ""
    postcode: str = ""
    """Where the business comes to it."""


async def made_by(call: ActionCall) -> Row | None:
    """What this very call has booked before."""
    return await call.db.one(
        "SELECT * FROM booking WHERE business = {} AND call = {}", call.business.id, call.id
    )


async def book(call: ActionCall, visit: Visit, place: Place, guest: Guest) -> Row:
    """A new booking on a place that is free and locked. Runs in the call's transaction."""
    row = await _row(call, visit, place, guest)
    await call.db.insert("booking", [row])
    await ledger.claim(call.db, place.ids, row["id"], visit, place.slot)
    return row


async def _row(call: ActionCall, visit: Visit, place: Place, guest: Guest) -> Row:
    needs_approval = visit.service.approval or await _has_missed(call, visit.policy)
    where = {"postcode": guest.postcode} if guest.postcode else {}
    return {
        "id": new_id(),
        "business": call.business.id,
        "reference": new_reference(),
        "status": "pending" if needs_approval else "confirmed",
        "contact": call.contact.id,
        "conversation": call.conversation,
        "channel": call.channel,
        "call": call.id,
        "service": visit.service.id,
        "variant": visit.variant,
        "party": visit.party,
        **_when(call.business, place, call.now),
        "name": guest.name,
        "phone": guest.phone,
        "email": guest.email,
        "notes": guest.notes,
        "extra": msgspec.json.encode(call.extra | where).decode(),
        "price": visit.price,
        "currency": call.business.currency,
        "policy": msgspec.json.encode(visit.policy).decode(),
        "sequence": 0,
        "moves": 0,
        "fee_told": "",
        "fee": 0,
        "attends": 0,
        "cancelled_by": "",
        "reason": "",
        "created": ms(call.now),
        "updated": ms(call.now),
    }


def _when(business: Business, place: Place, now: datetime) -> Row:
    slot = place.slot
    return {
        "remind_at": moments.following(business, slot.start, now),
        "starts": ms(slot.start),
        "ends": ms(slot.end),
        "timezone": business.timezone,
        "wall": slot.start.astimezone(business.zone).strftime("%Y-%m-%dT%H:%M"),
        "resources": msgspec.json.encode(slot.resources).decode(),
    }


async def _has_missed(call: ActionCall, policy: Policy) -> bool:
    """Whether the contact stayed away so often that the team wants to be asked."""
    if not policy.no_shows:
        return False
    row = await call.db.one(
        "SELECT COUNT(*) AS n FROM booking WHERE business = {} AND contact = {} "
        "AND status = 'no_show'",
        call.business.id, call.contact.id,
    )  # fmt: skip
    return row is not None and row["n"] >= policy.no_shows


async def move(
    call: ActionCall, booking: Row, visit: Visit, place: Place, *, by: str = "customer"
) -> Row:
    """The same booking at another time: same reference, next sequence. The old claims go first."""
    changed: Row = _when(call.business, place, call.now) | {
        "attends": 0,
        "party": visit.party, "price": visit.price,
        "moves": booking["moves"] + (by == "customer"),
        "sequence": booking["sequence"] + 1, "updated": ms(call.now),
    }  # fmt: skip
    if visit.service.approval and by == "customer":
        changed["status"] = "pending"
    await ledger.release(call.db, booking["id"])
    await _change(call.db, booking, changed, what="moved", by=by)
    await ledger.claim(call.db, place.ids, booking["id"], visit, place.slot)
    return booking | changed


async def change_status(
    database: Database,
    booking: Row,
    status: str,
    now: datetime,
    *,
    by: str = "staff",
    reason: str = "",
    fee: int = 0,
) -> Row | None:
    """The booking in its next status, its resources free when nobody comes. None when that cannot
    follow, or somebody else was faster."""
    if status not in NEXT.get(booking["status"], ()):
        return None
    changed: Row = {
        "status": status, "sequence": booking["sequence"] + 1, "updated": ms(now), "fee": fee,
    }  # fmt: skip
    if status == "cancelled":
        changed |= {"cancelled_by": by, "reason": reason}
    if not await _change(database, booking, changed, what=status, by=by):
        return None
    if status in FREED:
        await database.fetch(
            "UPDATE booking_claim SET active = FALSE WHERE booking = {}", booking["id"]
        )
    return booking | changed


async def note(database: Database, booking: Row, notes: str, now: datetime) -> bool:
    """Other notes. False when somebody else was faster."""
    changed: Row = {"notes": notes, "sequence": booking["sequence"] + 1, "updated": ms(now)}
    return await _change(database, booking, changed, what="noted", by="staff")


async def _change(database: Database, booking: Row, changed: Row, *, what: str, by: str) -> bool:
    """Change a booking that is still as it was read, and remember what it was. False if it is not."""
    columns = ", ".join(f"{column} = {{}}" for column in changed)
    done = await database.one(
        f"UPDATE booking SET {columns} "  # noqa: S608  our own names
        "WHERE id = {} AND sequence = {} AND status = {} RETURNING id",
        *changed.values(), booking["id"], booking["sequence"], booking["status"],
    )  # fmt: skip
    if done is None:
        return False
    before = {column: booking[column] for column in changed if column != "updated"}
    history: Row = {
        "booking": booking["id"], "sequence": changed["sequence"], "what": what, "by": by,
        "before": msgspec.json.encode(before).decode(), "at": changed["updated"],
    }  # fmt: skip
    await database.insert("booking_history", [history])
    return True


async def lock(database: Database, booking: Row) -> Row:
    """The booking as it is now; nobody else changes it until the transaction ends."""
    row = await database.one(
        "UPDATE booking SET updated = updated WHERE id = {} RETURNING *", booking["id"]
    )
    assert row is not None
    return row


async def find(database: Database, business: str, reference: str) -> Row | None:
    return await database.one(
        "SELECT * FROM booking WHERE business = {} AND reference = {}", business, reference
    )


async def upcoming(database: Database, business: str, contact: str, now: datetime) -> list[Row]:
    """The contact's own bookings that have not ended, the next first; ten at most."""
    return await database.fetch(
        "SELECT * FROM booking WHERE business = {} AND contact = {} "
        "AND status IN ('pending', 'confirmed', 'arrived') AND ends > {} ORDER BY starts LIMIT 10",
        business, contact, ms(now),
    )  # fmt: skip


def policy_of(booking: Row) -> Policy:
    return msgspec.json.decode(booking["policy"], type=Policy)


def free_until(booking: Row) -> datetime:
    """Until when customers cancel and move it without asking anyone."""
    return instant(booking["starts"] - policy_of(booking).cancel_until * 60_000)


def resources_of(booking: Row) -> list[Any]:
    return list(msgspec.json.decode(booking["resources"], type=list[str]))
