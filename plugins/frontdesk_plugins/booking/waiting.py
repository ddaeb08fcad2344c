"""The waiting list: who wants to be told when something becomes free, and what they were offered."""

from datetime import date, datetime, timedelta

from frontdesk import ActionCall, Business
from frontdesk.database import Database
from frontdesk.hours import Span
from frontdesk.ids import new_id
from frontdesk.instants import instant, ms
from frontdesk_plugins.booking import holds, ledger
from frontdesk_plugins.booking.bookings import Guest
from frontdesk_plugins.booking.holds import Place
from frontdesk_plugins.booking.ledger import Row
from frontdesk_plugins.booking.rules import BookingRules, rules_of
from frontdesk_plugins.booking.slots import nearest, slots_on
from frontdesk_plugins.booking.visits import Visit, visit_of

OFFER = timedelta(minutes=15)
"""How long an offer stands before it goes to the next."""


async def join(call: ActionCall, visit: Visit, day: date, window: Span, guest: Guest) -> Row:
    """A new entry, for a first start within `window`. It replaces the contact's earlier one for the
    same service and day."""
    await call.db.fetch(
        "DELETE FROM booking_waiting WHERE business = {} AND contact = {} AND service = {} "
        "AND day = {} AND status = 'waiting'",
        call.business.id, call.contact.id, visit.service.id, day.isoformat(),
    )  # fmt: skip
    row: Row = {
        "id": new_id(), "business": call.business.id, "conversation": call.conversation,
        "contact": call.contact.id, "channel": call.channel, "service": visit.service.id,
        "variant": visit.variant, "resource": visit.resource, "party": visit.party,
        "day": day.isoformat(), "earliest": ms(window.start), "latest": ms(window.end),
        "name": guest.name, "phone": guest.phone, "status": "waiting", "offered_until": 0,
        "created": ms(call.now), "updated": ms(call.now),
    }  # fmt: skip
    await call.db.insert("booking_waiting", [row])
    return row


async def served(call: ActionCall, visit: Visit, day: date) -> None:
    """The contact has what they waited for."""
    await call.db.fetch(
        "UPDATE booking_waiting SET status = 'booked', updated = {} WHERE business = {} "
        "AND contact = {} AND service = {} AND day = {} AND status IN ('waiting', 'offered')",
        ms(call.now), call.business.id, call.contact.id, visit.service.id, day.isoformat(),
    )  # fmt: skip


async def ahead(call: ActionCall, visit: Visit, day: date) -> int:
    """How many others still wait for the same on a local date."""
    row = await call.db.one(
        "SELECT count(*) AS n FROM booking_waiting WHERE status = 'waiting' AND business = {} "
        "AND service = {} AND day = {} AND latest > {} AND contact <> {}",
        call.business.id, visit.service.id, day.isoformat(), ms(call.now), call.contact.id,
    )  # fmt: skip
    return int(row["n"]) if row else 0


async def offer(database: Database, business: Business, day: date, now: datetime) -> int:
    """Hold what is free on a local date for those who wait longest; how many got an offer.

    Runs in a transaction that has locked nothing, or every resource of the business.
    """
    waiting = (
        "SELECT * FROM booking_waiting WHERE status = 'waiting' AND business = {} AND day = {} "
        "ORDER BY created, id"
    )
    if not await database.fetch(waiting, business.id, day.isoformat()):
        return 0
    rules = rules_of(business)
    ids = await ledger.lock(database, business.id, ledger.every_key(rules))
    await ledger.drop_expired(database, ids, now)
    offers = 0
    for entry in await database.fetch(waiting, business.id, day.isoformat()):
        visit = _visit(rules, entry)
        place = await _place(database, business, rules, visit, entry, ids, now) if visit else None
        if visit and place:
            await _keep(database, business, visit, place, entry, now)
            offers += 1
    return offers


def _visit(rules: BookingRules, entry: Row) -> Visit | None:
    """None when the business offers it no more."""
    service = next((one for one in rules.offered if one.id == entry["service"]), None)
    if service is None:
        return None
    variant = next((one for one in service.variants if one.id == entry["variant"]), None)
    return visit_of(rules, service, entry["party"], variant=variant, resource=entry["resource"])


async def _place(
    database: Database,
    business: Business,
    rules: BookingRules,
    visit: Visit,
    entry: Row,
    ids: dict[str, int],
    now: datetime,
) -> Place | None:
    """The free slot nearest to the middle of what the customer wants."""
    day = date.fromisoformat(entry["day"])
    first, last = instant(entry["earliest"]), instant(entry["latest"])
    while True:
        busy = await ledger.busy_on(database, business, rules, day, day, now)
        slots = slots_on(business, rules, visit, day, now, busy)
        fitting = [slot for slot in slots if first <= slot.start <= last]
        if not fitting:
            return None
        (slot,) = nearest(fitting, first + (last - first) / 2, 1)
        missing = set(slot.resources) - ids.keys()
        if not missing:
            return Place(slot, ids)
        # The seats of a class: look again once they are locked.
        ids |= await ledger.lock(database, business.id, missing)
        await ledger.drop_expired(database, ids, now)


async def _keep(
    database: Database, business: Business, visit: Visit, place: Place, entry: Row, now: datetime
) -> None:
    until = ms(now + OFFER)
    row: Row = {
        "conversation": entry["conversation"], "contact": entry["contact"],
        "purpose": holds.purpose_of_offer(entry["id"]), "proposal": "", "created": ms(now),
        "expires": until,
    }  # fmt: skip
    await holds.keep(database, business.id, visit, place, row)
    await database.fetch(
        "UPDATE booking_waiting SET status = 'offered', offered_until = {}, updated = {} "
        "WHERE id = {}",
        until, ms(now), entry["id"],
    )  # fmt: skip


async def pass_on(database: Database, now: datetime) -> None:
    """Offers that were not taken in time are over, and so is waiting for a time that has come."""
    async with database.transaction():
        await database.fetch(
            "UPDATE booking_waiting SET status = 'passed', updated = {} "
            "WHERE status = 'offered' AND offered_until <= {}",
            ms(now), ms(now),
        )  # fmt: skip
        await database.fetch(
            "UPDATE booking_waiting SET status = 'over', updated = {} "
            "WHERE status = 'waiting' AND latest <= {}",
            ms(now), ms(now),
        )  # fmt: skip


async def days(database: Database) -> list[tuple[str, date]]:
    """(business, local date) of all that somebody waits for."""
    rows = await database.fetch(
        "SELECT DISTINCT business, day FROM booking_waiting WHERE status = 'waiting' "
        "ORDER BY day, business LIMIT 500"
    )
    return [(row["business"], date.fromisoformat(row["day"])) for row in rows]
