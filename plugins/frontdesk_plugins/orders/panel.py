"""Orders as the console shows them, and what the inbox is told of a customer's."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

import msgspec

from frontdesk import Business, phones, speech
from frontdesk.database import Database, current
from frontdesk.hours import to_utc
from frontdesk.instants import instant, ms
from frontdesk.pages import PageError, Row, Section
from frontdesk.references import shown
from frontdesk_plugins.orders import ledger
from frontdesk_plugins.orders.cart import Line
from frontdesk_plugins.orders.money import Totals
from frontdesk_plugins.orders.rules import OrderRules
from frontdesk_plugins.orders.transitions import ALLOWED, Status

Record = dict[str, Any]
COLUMNS: tuple[tuple[Status, str], ...] = (
    ("placed", "New"), ("accepted", "Accepted"), ("preparing", "Preparing"), ("ready", "Ready"),
)  # fmt: skip
OPEN = tuple(status for status, _ in COLUMNS)
STEPS: dict[Status, tuple[Status, str]] = {
    "placed": ("accepted", "Accept"),
    "accepted": ("preparing", "Start"),
    "preparing": ("ready", "Ready"),
    "ready": ("completed", "Handed over"),
}
"""By status: what one click leads to."""
BADGES = {
    "placed": "warn", "ready": "ok", "completed": "ok", "rejected": "bad", "cancelled": "bad",
    "expired": "bad", "failed": "bad",
}  # fmt: skip
MOST = 200
SHOWN = 10


def href_of(order: Record) -> str:
    return f"/console/orders?order={order['id']}"


# ---- the board -------------------------------------------------------------------------------


async def board(database: Database, business: Business, now: datetime) -> dict[str, Any]:
    midnight = to_utc(now.date(), time(0), business.zone)
    rows = await database.fetch(
        "SELECT * FROM customer_order WHERE business = {} AND (status IN "
        "('placed', 'accepted', 'preparing', 'ready') OR updated >= {}) "
        "ORDER BY promised, placed, id LIMIT {}",
        business.id, ms(midnight), MOST,
    )  # fmt: skip
    tickets = [ticket(business, row, now) for row in rows]
    columns = [
        {"title": title, "tickets": [one for one in tickets if one["status"] == status]}
        for status, title in COLUMNS
    ]
    done = [one for one in tickets if one["status"] not in OPEN]
    return {"columns": columns, "done": done, "is_full": len(rows) == MOST}


def ticket(business: Business, order: Record, now: datetime) -> dict[str, Any]:
    status: Status = order["status"]
    promised = instant(order["promised"])
    is_today = promised.astimezone(business.zone).date() == now.date()
    step = STEPS.get(status)
    sums = msgspec.json.decode(order["sums"], type=Totals)
    currency = order["currency"]
    return {
        "id": order["id"],
        "href": href_of(order),
        "version": order["version"],
        "reference": shown(order["reference"]),
        "status": status,
        "badge": BADGES.get(status, ""),
        "due": speech.clock(business, promised) if is_today else speech.moment(business, promised),
        "is_late": status in OPEN and status != "ready" and instant(order["ready"]) < now,
        "fulfilment": order["fulfilment"],
        "name": order["name"],
        "call": order["phone"],
        "phone": phones.shown(order["phone"]) if order["phone"] else "",
        "address": " ".join(part for part in (order["address"], order["postcode"]) if part),
        "conversation": order["conversation"],
        "placed": speech.moment(business, instant(order["placed"])),
        "lines": _lines(business, order),
        "extra": _extra(order),
        "sums": [(fee.name, speech.money(business, fee.amount, currency)) for fee in sums.fees],
        "tax": speech.money(business, sums.tax, currency) if sums.tax else "",
        "total": speech.money(business, order["total"], currency),
        "next": {"to": step[0], "label": step[1]} if step else None,
        "stop": _stop(status),
    }


def _stop(status: Status) -> str:
    """How staff end it before it is done: what nobody accepted is rejected."""
    return next((to for to in ("rejected", "cancelled") if to in ALLOWED[status]), "")


def _lines(business: Business, order: Record) -> list[dict[str, Any]]:
    return [
        {
            "quantity": line.quantity,
            "name": f"{line.name}, {line.variant_name}" if line.variant_name else line.name,
            "modifiers": [
                one.name if one.quantity == 1 else f"{one.quantity} x {one.name}"
                for one in line.modifiers
            ],
            "note": line.note,
            "total": speech.money(business, line.total, order["currency"]),
        }
        for line in msgspec.json.decode(order["lines"], type=list[Line])
    ]


def _extra(order: Record) -> dict[str, str]:
    found: dict[str, Any] = msgspec.json.decode(order["extra"])
    return {key.replace("_", " "): str(value) for key, value in found.items()}


async def read(database: Database, business: str, identifier: str) -> Record:
    order = await ledger.by_id(database, business, identifier)
    if order is None:
        raise PageError("There is no such order.")
    return order


async def history(database: Database, business: Business, order: Record) -> list[dict[str, str]]:
    rows = await database.fetch(
        "SELECT * FROM order_history WHERE business = {} AND customer_order = {} ORDER BY id",
        business.id, order["id"],
    )  # fmt: skip
    return [
        {
            "at": speech.moment(business, instant(row["at"])), "to": row["after"],
            "by": row["actor"], "reason": row["reason"].replace("_", " "),
        }
        for row in rows
    ]  # fmt: skip


# ---- what is sold out ------------------------------------------------------------------------


def items_view(business: Business, rules: OrderRules) -> list[dict[str, Any]]:
    """The menu by category, each item with whether it can be had."""
    return [
        {
            "name": category.name,
            "items": [
                {
                    "id": item.id, "name": item.name, "sold_out": item.sold_out,
                    "back": _back(business, rules, item.id),
                }
                for item in rules.items
                if item.category == category.id
            ],
        }
        for category in rules.categories
    ]  # fmt: skip


def _back(business: Business, rules: OrderRules, item: str) -> str:
    day = rules.back.get(item)
    return speech.day(business, day) if day else ""


def tomorrow(now: datetime) -> date:
    return now.date() + timedelta(days=1)


# ---- for the inbox ---------------------------------------------------------------------------


async def describe(business: Business, contact: str) -> Section:
    """A customer's orders, the newest first."""
    rows: Sequence[Record] = await current().fetch(
        "SELECT * FROM customer_order WHERE contact = {} AND business = {} "
        "ORDER BY promised DESC LIMIT {}",
        contact, business.id, SHOWN,
    )  # fmt: skip
    return Section(title="Orders", rows=tuple(_row(business, row) for row in rows))


def _row(business: Business, order: Record) -> Row:
    lines = msgspec.json.decode(order["lines"], type=list[Line])
    what = ", ".join(f"{line.quantity} x {line.name}" for line in lines)
    when = speech.moment(business, instant(order["promised"]))
    total = speech.money(business, order["total"], order["currency"])
    return Row(
        text=f"{shown(order['reference'])} for {when}, {total}",
        detail=what,
        status=order["status"],
        href=href_of(order),
    )


def known(rules: OrderRules, item: str) -> str:
    """The name of an item. Raises PageError when it is not on the menu."""
    found = rules.item(item)
    if found is None:
        raise PageError("That item is not on the menu any more.")
    return found.name
