"""Slots that are kept for a customer for a few minutes."""

from datetime import datetime, timedelta

import msgspec

from frontdesk import ActionCall
from frontdesk.database import Database
from frontdesk.ids import new_id
from frontdesk.instants import instant, ms
from frontdesk_plugins.booking import ledger
from frontdesk_plugins.booking.ledger import Mine, Row
from frontdesk_plugins.booking.rules import BookingRules
from frontdesk_plugins.booking.slots import Slot, slots_on
from frontdesk_plugins.booking.visits import Visit

BOOK = "book"
MINUTES = {"sms": 15}
"""By channel: who writes text messages answers more slowly."""
MINUTES_ELSEWHERE = 5


class Place(msgspec.Struct, frozen=True):
    """A free slot, its resources locked until the transaction ends."""

    slot: Slot
    ids: dict[str, int]


def purpose_of_move(booking: str) -> str:
    return f"move:{booking}"


def purpose_of_offer(entry: str) -> str:
    return f"waitlist:{entry}"


async def find_place(
    call: ActionCall,
    rules: BookingRules,
    visit: Visit,
    start: datetime,
    *,
    moving: str = "",
    held: Row | None = None,
) -> Place | None:
    """The best free place for a visit, locked; None when there is none.

    What is `held` counts as found when it was held, on the resources that were shown then; the
    hold itself does not stand in the way, nor does the booking that is `moving`.
    """
    if held is not None:
        shown = tuple(msgspec.json.decode(held["resources"]))
        same = tuple(option for option in visit.options if option.resources == shown)
        visit = msgspec.structs.replace(visit, options=same or visit.options)
    keys = set(ledger.keys_for(rules, visit, start))
    if moving and await _is_wanted(call.db, call.business.id):
        keys |= set(ledger.every_key(rules))
    ids = await ledger.lock(call.db, call.business.id, keys)
    if not ids:
        return None
    await ledger.drop_expired(call.db, ids, call.now)
    day = start.astimezone(call.business.zone).date()
    mine = Mine(conversation=call.conversation, booking=moving)
    busy = await ledger.busy_on(call.db, call.business, rules, day, day, call.now, mine)
    since = instant(held["created"]) if held else call.now
    found = slots_on(call.business, rules, visit, day, since, busy, only=start)
    return Place(found[0], ids) if found else None


async def _is_wanted(database: Database, business: str) -> bool:
    """Whether what a move frees will be offered to somebody: then more has to be locked."""
    row = await database.one(
        "SELECT 1 FROM booking_waiting WHERE status = 'waiting' AND business = {} LIMIT 1", business
    )
    return row is not None


async def hold(
    call: ActionCall,
    visit: Visit,
    place: Place,
    purpose: str,
    *,
    moving: str = "",
    held: Row | None = None,
) -> Row:
    """Keep a place for the conversation; what it held for the same purpose is let go. What was
    `held` is kept on: for no shorter time, and as found when it was first held."""
    await let_go(call, visit, place, purpose)
    minutes = MINUTES.get(call.channel, MINUTES_ELSEWHERE)
    until = ms(call.now + timedelta(minutes=minutes))
    row: Row = {
        "conversation": call.conversation, "contact": call.contact.id, "purpose": purpose,
        "proposal": call.proposal, "created": held["created"] if held else ms(call.now),
        "expires": max(until, held["expires"] if held else 0),
    }  # fmt: skip
    return await keep(call.db, call.business.id, visit, place, row, moving=moving)


async def keep(
    database: Database, business: str, visit: Visit, place: Place, row: Row, *, moving: str = ""
) -> Row:
    """A new hold; `row` says whose it is and how long."""
    row = row | {
        "id": new_id(), "business": business, "service": visit.service.id,
        "variant": visit.variant, "party": visit.party, "starts": ms(place.slot.start),
        "ends": ms(place.slot.end),
        "resources": msgspec.json.encode(place.slot.resources).decode(),
    }  # fmt: skip
    await database.insert("booking_hold", [row])
    await ledger.claim(
        database, place.ids, row["id"], visit, place.slot, expires=row["expires"], beside=moving
    )
    return row


async def held_for(call: ActionCall, visit: Visit, start: datetime, moving: str = "") -> Row | None:
    """What the conversation holds for just this visit, if it has not expired."""
    kept = "purpose = {}" if moving else "purpose NOT LIKE {}"
    return await call.db.one(
        "SELECT * FROM booking_hold WHERE business = {} AND conversation = {} AND expires > {} "  # noqa: S608
        "AND service = {} AND variant = {} AND party = {} AND starts = {} "
        f"AND {kept} ORDER BY created DESC LIMIT 1",
        call.business.id, call.conversation, ms(call.now), visit.service.id, visit.variant,
        visit.party, ms(start), purpose_of_move(moving) if moving else "move:%",
    )  # fmt: skip


async def let_go(call: ActionCall, visit: Visit, place: Place, purpose: str) -> None:
    """Drop what the conversation held for a purpose, and what of its own the constraint would see
    in the way of a place."""
    ids = [place.ids[key] for key in place.slot.resources]
    marks = ", ".join(["{}"] * len(ids))
    rows = await call.db.fetch(
        "SELECT DISTINCT h.id FROM booking_hold h LEFT JOIN booking_claim c ON c.booking = h.id "  # noqa: S608
        "WHERE h.business = {} AND h.conversation = {} AND (h.purpose = {} OR "
        f"(c.resource IN ({marks}) AND c.starts < {{}} AND c.ends + c.gap_after > {{}}))",
        call.business.id, call.conversation, purpose, *ids,
        ms(place.slot.end + timedelta(minutes=visit.after)), ms(place.slot.start),
    )  # fmt: skip
    for row in rows:
        await drop(call.db, row["id"])


async def withdraw(call: ActionCall) -> None:
    """Drop what was held for the call's proposal."""
    rows = await call.db.fetch(
        "SELECT id FROM booking_hold WHERE business = {} AND conversation = {} AND proposal = {}",
        call.business.id, call.conversation, call.proposal,
    )  # fmt: skip
    for row in rows:
        await drop(call.db, row["id"])


async def drop(database: Database, identifier: str) -> None:
    await database.fetch("DELETE FROM booking_claim WHERE booking = {}", identifier)
    await database.fetch("DELETE FROM booking_hold WHERE id = {}", identifier)


async def sweep(database: Database, now: datetime) -> int:
    """Drop every hold that has expired, each in a transaction of its own; how many there were."""
    expired = await database.fetch(
        "SELECT id, business FROM booking_hold WHERE expires <= {} ORDER BY expires LIMIT 500",
        ms(now),
    )
    for row in expired:
        async with database.transaction():
            taken = await database.fetch(
                "SELECT r.key FROM booking_claim c JOIN booking_resource r ON r.id = c.resource "
                "WHERE c.booking = {}",
                row["id"],
            )
            # In the order in which everyone locks, so that no two wait for each other.
            await ledger.lock(database, row["business"], {one["key"] for one in taken})
            await drop(database, row["id"])
    return len(expired)
