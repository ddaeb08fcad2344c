"""Orders in the database. Whatever is asked, and by how many at once: nothing is sold twice."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

import msgspec

from frontdesk.database import Database
from frontdesk.instants import ms
from frontdesk_plugins.orders.kitchen import Load, Taken
from frontdesk_plugins.orders.rules import OrderRules

Row = dict[str, Any]
ENOUGH = 1_000_000_000
"""The capacity of a kitchen that has no limit: what is taken is counted all the same."""


async def lock(database: Database, business: str, now: datetime) -> None:
    """Let nobody else take of this kitchen until the transaction ends, and free what was kept in
    vain. The constraints of `order_window` and `order_stock` stand behind this."""
    await database.fetch(
        "INSERT INTO order_kitchen (business, version) VALUES ({}, 1) "
        "ON CONFLICT (business) DO UPDATE SET version = order_kitchen.version + 1",
        business,
    )
    ended = await database.fetch(
        "UPDATE order_hold SET active = FALSE WHERE business = {} AND active AND expires <= {} "
        "RETURNING load",
        business, ms(now),
    )  # fmt: skip
    await _give_all_back(database, business, ended)


# ---- what is taken ---------------------------------------------------------------------------


async def taken(database: Database, business: str, first: datetime, last: datetime) -> Taken:
    rows = await database.fetch(
        "SELECT starts, taken FROM order_window WHERE business = {} AND starts >= {} "
        "AND starts <= {}",
        business, ms(first), ms(last),
    )  # fmt: skip
    return {row["starts"]: row["taken"] for row in rows}


async def left(
    database: Database, business: str, rules: OrderRules, items: Iterable[str], day: date
) -> dict[str, int]:
    """How many there are for a local day, of those of the items that are counted."""
    counted = {
        item.id: item.stock
        for item in map(rules.item, set(items))
        if item is not None and item.stock is not None
    }
    if not counted:
        return {}
    rows = await database.fetch(
        "SELECT item, taken FROM order_stock WHERE business = {} AND day = {}",
        business, day.isoformat(),
    )  # fmt: skip
    sold = {row["item"]: row["taken"] for row in rows}
    return {name: max(0, stock - sold.get(name, 0)) for name, stock in counted.items()}


async def take(database: Database, business: str, rules: OrderRules, load: Load) -> None:
    """Take what was found to be there since `lock`."""
    most = rules.capacity or ENOUGH
    await database.fetch(
        "INSERT INTO order_window (business, starts, capacity, taken) VALUES ({}, {}, {}, {}) "
        "ON CONFLICT (business, starts) DO UPDATE SET taken = order_window.taken + excluded.taken, "
        "capacity = CASE WHEN excluded.capacity > order_window.taken "
        "THEN excluded.capacity ELSE order_window.taken END",
        business, load.window, most, load.units,
    )  # fmt: skip
    for item, quantity in sorted(load.stock.items()):
        known = rules.item(item)
        stock = known.stock if known and known.stock is not None else ENOUGH
        await database.fetch(
            "INSERT INTO order_stock (business, item, day, stock, taken) VALUES ({}, {}, {}, {}, {}) "
            "ON CONFLICT (business, day, item) DO UPDATE SET "
            "taken = order_stock.taken + excluded.taken, "
            "stock = CASE WHEN excluded.stock > order_stock.taken "
            "THEN excluded.stock ELSE order_stock.taken END",
            business, item, load.day, stock, quantity,
        )  # fmt: skip


async def give_back(database: Database, business: str, load: Load) -> None:
    await database.fetch(
        "UPDATE order_window SET taken = taken - {} WHERE business = {} AND starts = {}",
        load.units, business, load.window,
    )  # fmt: skip
    for item, quantity in sorted(load.stock.items()):
        await database.fetch(
            "UPDATE order_stock SET taken = taken - {} WHERE business = {} AND day = {} "
            "AND item = {}",
            quantity, business, load.day, item,
        )  # fmt: skip


async def _give_all_back(database: Database, business: str, rows: Iterable[Row]) -> None:
    for row in rows:
        await give_back(database, business, msgspec.json.decode(row["load"], type=Load))


# ---- holds -----------------------------------------------------------------------------------


async def find_hold(database: Database, business: str, proposal: str) -> Row | None:
    """What a proposal kept, or had kept until it ended."""
    return await database.one(
        "SELECT * FROM order_hold WHERE proposal = {} AND business = {}", proposal, business
    )


async def let_go(database: Database, business: str, conversation: str) -> None:
    """Free whatever is kept for a conversation: one cart, one proposal. Call `lock` before."""
    rows = await database.fetch(
        "UPDATE order_hold SET active = FALSE WHERE business = {} AND conversation = {} AND active "
        "RETURNING load",
        business, conversation,
    )  # fmt: skip
    await _give_all_back(database, business, rows)


# ---- orders ----------------------------------------------------------------------------------


async def made_by(
    database: Database, business: str, call: str, cart: str, version: int
) -> Row | None:
    """The order that a call made, or that became of this version of a cart."""
    return await database.one(
        "SELECT * FROM customer_order WHERE business = {} AND (call = {} OR "
        "(cart = {} AND cart_version = {}))",
        business, call, cart, version,
    )  # fmt: skip


async def by_id(database: Database, business: str, identifier: str) -> Row | None:
    return await database.one(
        "SELECT * FROM customer_order WHERE business = {} AND id = {}", business, identifier
    )


async def find(database: Database, business: str, reference: str) -> Row | None:
    return await database.one(
        "SELECT * FROM customer_order WHERE business = {} AND reference = {}", business, reference
    )


async def open_orders(
    database: Database, business: str, contact: str, since: datetime
) -> list[Row]:
    """The contact's own orders that were promised for after `since` and are not over; ten at most."""
    return await database.fetch(
        "SELECT * FROM customer_order WHERE contact = {} AND business = {} AND promised > {} "
        "AND status IN ('placed', 'accepted', 'preparing', 'ready') ORDER BY promised LIMIT 10",
        contact, business, ms(since),
    )  # fmt: skip
