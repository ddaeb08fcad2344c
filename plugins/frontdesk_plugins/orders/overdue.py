"""Orders that nobody accepts: the business is told, then the customer is let go."""

from contextlib import suppress
from datetime import timedelta
from typing import TYPE_CHECKING

import structlog

from frontdesk import Business, status
from frontdesk.database import Row
from frontdesk.errors import UnknownConversationError
from frontdesk.events import Stored
from frontdesk.instants import ms
from frontdesk.references import shown
from frontdesk_plugins.orders import ledger
from frontdesk_plugins.orders.phrases import say
from frontdesk_plugins.orders.rules import OrderRules, rules_of
from frontdesk_plugins.orders.transitions import Change, move, tell

if TYPE_CHECKING:
    from frontdesk.desk import Desk

ALERT = timedelta(minutes=5)
REJECT = timedelta(minutes=15)
KEPT = timedelta(days=1)
"""So long after its end a hold is remembered."""
log = structlog.get_logger("frontdesk.orders")


async def sweep(desk: "Desk") -> None:
    """Safe to run on several nodes at once: each change is a compare-and-set."""
    rows = await desk.database.fetch(
        "SELECT business FROM customer_order WHERE status = 'placed' UNION "
        "SELECT business FROM order_hold"
    )
    for row in rows:
        business = await desk.business_using("orders", row["business"])
        if business is None:
            continue
        try:
            await _sweep(desk, business)
        except Exception:  # one business must not stop the others
            log.exception("orders not swept", business=business.id)


async def _sweep(desk: "Desk", business: Business) -> None:
    now, database = desk.now(business), desk.database
    rules = rules_of(business)
    async with database.transaction():
        await ledger.lock(database, business.id, now)  # frees what was kept in vain
        await database.fetch(
            "DELETE FROM order_hold WHERE business = {} AND NOT active AND expires < {}",
            business.id, ms(now - KEPT),
        )  # fmt: skip
    await _alert(desk, business, rules)
    late = await database.fetch(
        "SELECT * FROM customer_order WHERE business = {} AND status = 'placed' AND placed <= {}",
        business.id, ms(now - REJECT),
    )  # fmt: skip
    for order in late:
        await _reject(desk, business, rules, order)


class _LostError(Exception):
    """Somebody else changed the order: nothing of ours is kept."""


async def _reject(desk: "Desk", business: Business, rules: OrderRules, order: Row) -> None:
    """End an order that nobody accepted, and say sorry in the conversation that it came from."""
    change = Change(to="rejected", actor="system", reason="not_accepted")
    key = "rejected_call" if business.phone else "rejected"
    text = say(business, key, reference=shown(order["reference"]), phone=business.phone)
    stored: list[Stored] = []
    with suppress(_LostError):
        async with desk.database.transaction():
            # Conversations are locked before kitchens, as turns do it.
            with suppress(UnknownConversationError):
                stored = await status.notice(
                    desk.database, business.id, order["conversation"], text
                )
            now = desk.now(business)
            if await move(desk.database, business, rules, order, change, now) is None:
                raise _LostError
        log.warning("order rejected", order=order["id"], business=business.id)
        desk.happened(order["conversation"], stored)


async def _alert(desk: "Desk", business: Business, rules: OrderRules) -> None:
    now = desk.now(business)
    async with desk.database.transaction():
        waiting = await desk.database.fetch(
            "UPDATE customer_order SET alerted = {} WHERE business = {} AND status = 'placed' "
            "AND alerted = 0 AND placed <= {} RETURNING *",
            ms(now), business.id, ms(now - ALERT),
        )  # fmt: skip
        for order in waiting:
            await tell(desk.database, business, rules, order, "waiting")
    for order in waiting:
        reference = shown(order["reference"])
        log.warning("order waits", order=order["id"], reference=reference, business=business.id)
