"""Times at which staff close a resource, and the waiting list as staff see to it."""

from datetime import date, datetime

from frontdesk import Business
from frontdesk.database import Database
from frontdesk.ids import new_id
from frontdesk.instants import ms
from frontdesk.pages import PageError
from frontdesk_plugins.booking import holds, ledger, waiting
from frontdesk_plugins.booking.busy import ALL
from frontdesk_plugins.booking.ledger import Row
from frontdesk_plugins.booking.rules import rules_of

STAFF = "staff"
"""The source of blocks that were entered by hand."""


async def block(
    database: Database, business: Business, resource: str, start: datetime, end: datetime,
    reason: str, now: datetime,
) -> int:  # fmt: skip
    """Close a resource, or `ALL`; how many bookings are in that time all the same."""
    rules = rules_of(business)
    if resource != ALL and resource not in {one.id for one in rules.resources}:
        raise PageError("Resource: there is no such resource. Choose one of the list.")
    if end <= start:
        raise PageError("Until: the end has to be after the beginning.")
    if end <= now:
        raise PageError("Until: that time is past.")
    row: Row = {
        "id": new_id(), "business": business.id, "resource": resource, "starts": ms(start),
        "ends": ms(end), "source": STAFF, "reason": reason, "created": ms(now),
    }  # fmt: skip
    async with database.transaction():
        # Whoever books meanwhile has it first, or sees the block.
        await ledger.lock(database, business.id, ledger.every_key(rules))
        await database.insert("booking_block", [row])
        found = await database.one(
            "SELECT COUNT(DISTINCT c.booking) AS n FROM booking_claim c "
            "JOIN booking_resource r ON r.id = c.resource WHERE r.business = {} AND c.active "
            "AND c.expires = 0 AND (r.key = {} OR {} = '*') AND c.starts < {} AND c.ends > {}",
            business.id, resource, resource, row["ends"], row["starts"],
        )  # fmt: skip
    return int(found["n"]) if found else 0


async def unblock(database: Database, business: str, identifier: str) -> None:
    row = await database.one(
        "DELETE FROM booking_block WHERE id = {} AND business = {} AND source = {} RETURNING id",
        identifier, business, STAFF,
    )  # fmt: skip
    if row is None:
        raise PageError("That block is gone already.")


async def blocks_between(database: Database, business: str, first: int, last: int) -> list[Row]:
    """All that touch a time (milliseconds since the epoch), of staff and of other calendars."""
    return await database.fetch(
        "SELECT * FROM booking_block WHERE business = {} AND starts < {} AND ends > {} "
        "ORDER BY starts, id LIMIT 500",
        business, last, first,
    )  # fmt: skip


# ---- the waiting list ------------------------------------------------------------------------


async def waiting_list(database: Database, business: str, today: date) -> list[Row]:
    return await database.fetch(
        "SELECT * FROM booking_waiting WHERE business = {} AND day >= {} "
        "AND status IN ('waiting', 'offered') ORDER BY day, created, id LIMIT 500",
        business, today.isoformat(),
    )  # fmt: skip


async def promote(database: Database, business: Business, identifier: str, now: datetime) -> Row:
    """The first in line for its day; offered at once what is free."""
    async with database.transaction():
        # Before the entry's row, as those who book do it.
        await ledger.lock(database, business.id, ledger.every_key(rules_of(business)))
        entry = await database.one(
            "UPDATE booking_waiting SET created = (SELECT MIN(w.created) - 1 FROM booking_waiting w "
            "WHERE w.business = {} AND w.day = booking_waiting.day), updated = {} "
            "WHERE id = {} AND business = {} AND status = 'waiting' RETURNING *",
            business.id, ms(now), identifier, business.id,
        )  # fmt: skip
        if entry is None:
            raise PageError("That customer does not wait any more, or has an offer already.")
        await waiting.offer(database, business, date.fromisoformat(entry["day"]), now)
        row = await database.one("SELECT * FROM booking_waiting WHERE id = {}", identifier)
    assert row is not None
    return row


async def drop(database: Database, business: Business, identifier: str) -> Row:
    """Take somebody off the list; what was held for them is free again."""
    async with database.transaction():
        await ledger.lock(database, business.id, ledger.every_key(rules_of(business)))
        kept = await database.one(
            "SELECT id FROM booking_hold WHERE business = {} AND purpose = {}",
            business.id, holds.purpose_of_offer(identifier),
        )  # fmt: skip
        if kept is not None:
            await holds.drop(database, kept["id"])
        row = await database.one(
            "DELETE FROM booking_waiting WHERE id = {} AND business = {} "
            "AND status IN ('waiting', 'offered') RETURNING *",
            identifier, business.id,
        )  # fmt: skip
    if row is None:
        raise PageError("That customer is not on the list any more.")
    return row
