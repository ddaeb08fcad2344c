"""The life of an order, as a table. Every change goes through `move` and leaves a line of history."""

from datetime import datetime
from typing import Any, Literal

import msgspec

from frontdesk import ActionError, Business, outbox
from frontdesk.database import Database
from frontdesk.instants import ms
from frontdesk_plugins.orders import ledger
from frontdesk_plugins.orders.cards import order_card
from frontdesk_plugins.orders.kitchen import Load
from frontdesk_plugins.orders.rules import OrderRules

Row = dict[str, Any]
Status = Literal[
    "draft", "placed", "accepted", "preparing", "ready", "completed", "rejected", "cancelled",
    "expired", "failed",
]  # fmt: skip
Actor = Literal["customer", "staff", "system"]

ALLOWED: dict[Status, frozenset[Status]] = {
    "draft": frozenset({"placed", "expired"}),
    "placed": frozenset({"accepted", "rejected", "cancelled", "expired", "failed"}),
    "accepted": frozenset({"preparing", "ready", "cancelled", "failed"}),
    "preparing": frozenset({"ready", "cancelled", "failed"}),
    "ready": frozenset({"completed", "cancelled", "failed"}),
    "completed": frozenset(),
    "rejected": frozenset(),
    "cancelled": frozenset(),
    "expired": frozenset(),
    "failed": frozenset(),
}
"""What may follow. A draft is a cart: it has no row yet."""
CUSTOMER_CANCELS: dict[str, frozenset[str]] = {
    "accepted": frozenset({"placed"}),
    "preparing": frozenset({"placed", "accepted"}),
}
"""By `cancelled_before`: the states in which customers cancel by themselves."""
_FREES = ("rejected", "cancelled", "expired", "failed")
"""The kitchen gets back what the order took."""
_UNCOOKED = ("placed", "accepted")
WEBHOOK = "orders.webhook"
_TOLD = ("placed", "cancelled", "rejected")
"""What the webhook hears of."""


class Change(msgspec.Struct, frozen=True, kw_only=True):
    to: Status
    actor: Actor
    who: str = ""
    """A contact's or a member of staff's id."""
    reason: str = ""


async def move(
    database: Database,
    business: Business,
    rules: OrderRules,
    order: Row,
    change: Change,
    now: datetime,
) -> Row | None:
    """The order in its new state; None when somebody else changed it since `order` was read.

    Call it in a transaction. Raises ActionError for a change that the table does not have.
    """
    if change.to not in ALLOWED[order["status"]]:
        raise ActionError(f"An order that is {order['status']} cannot become {change.to}.")
    if change.to in _FREES:
        await ledger.lock(database, business.id, now)
    row = await database.one(
        "UPDATE customer_order SET status = {}, version = version + 1, updated = {} "
        "WHERE id = {} AND business = {} AND version = {} AND status = {} RETURNING *",
        change.to, ms(now), order["id"], business.id, order["version"], order["status"],
    )  # fmt: skip
    if row is None:
        return None
    if change.to in _FREES and order["status"] in _UNCOOKED:
        load = msgspec.json.decode(order["load"], type=Load)
        await ledger.give_back(database, business.id, load)
    await record(database, row, order["status"], change, now)
    await tell(database, business, rules, row)
    return row


async def record(
    database: Database, order: Row, before: Status, change: Change, now: datetime
) -> None:
    await database.fetch(
        "INSERT INTO order_history (business, customer_order, version, before, after, actor, who, "
        "reason, at) VALUES ({}, {}, {}, {}, {}, {}, {}, {}, {})",
        order["business"], order["id"], order["version"], before, change.to, change.actor,
        change.who, change.reason, ms(now),
    )  # fmt: skip


async def tell(
    database: Database, business: Business, rules: OrderRules, order: Row, event: str = ""
) -> None:
    """Let the kitchen's own system know, in the transaction that made it true."""
    if rules.webhook is None or not (event or order["status"] in _TOLD):
        return
    details = {key: order[key] for key in ("phone", "address", "postcode", "version")}
    card = order_card(business, order) | details
    name = f"order.{event or order['status']}"
    await outbox.put(database, business.id, WEBHOOK, {"event": name, "order": card})
