"""Orders: the menu, the cart, and what becomes of an order."""

from collections.abc import Awaitable
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING

import msgspec

from frontdesk import Action, Job, contacts, hookimpl, webhooks
from frontdesk.migrate import Tables
from frontdesk_plugins.orders import (
    actions,
    asked,
    claims,
    confirm,
    context,
    lookup,
    overdue,
    pages,
    panel,
)
from frontdesk_plugins.orders.rules import OrderRules
from frontdesk_plugins.orders.tables import CONTACTS, TABLES
from frontdesk_plugins.orders.transitions import WEBHOOK

if TYPE_CHECKING:
    from frontdesk.business import Business
    from frontdesk.conversation import Conversation
    from frontdesk.desk import Desk
    from frontdesk.outbox import Deliver
    from frontdesk.pages import Page, Section

SWEEP_SECONDS = 20.0


@hookimpl
def register_tables() -> Tables:
    return Tables(app="orders", tables=TABLES, migrations="frontdesk_plugins.orders.migrations")


@hookimpl
def register_business_settings() -> dict[str, type[msgspec.Struct]]:
    return {"orders": OrderRules}


@hookimpl
def register_actions() -> list[Action]:
    claimed = claims.read_claims()
    return [
        Action(
            name="get_menu",
            description="The menu with prices and options, whole or by category, words or diet.",
            params=actions.GetMenu,
            run=actions.get_menu,
            changes=False,
        ),
        Action(
            name="search_menu",
            description="Items of the menu whose name or description has these words.",
            params=actions.SearchMenu,
            run=actions.search_menu,
            changes=False,
        ),
        Action(
            name="add_to_order",
            description="Put one item into the customer's cart.",
            params=actions.AddToOrder,
            run=actions.add_to_order,
        ),
        Action(
            name="update_order",
            description="Change a line of the cart: how many, the size, extras, the note.",
            params=actions.UpdateOrder,
            run=actions.update_order,
        ),
        Action(
            name="remove_from_order",
            description="Take a line, or some of it, out of the cart.",
            params=actions.RemoveFromOrder,
            run=actions.remove_from_order,
        ),
        Action(
            name="view_order",
            description="The cart with its prices, taxes and problems.",
            params=actions.ViewOrder,
            run=actions.view_order,
            changes=False,
        ),
        Action(
            name="confirm_order",
            description="Place the order that is in the cart, for pick-up or delivery.",
            params=asked.ConfirmOrder,
            run=confirm.confirm_order,
            propose=confirm.propose,
            withdraw=confirm.withdraw,
            claims=(claimed["ordered"],),
        ),
        Action(
            name="order_status",
            description="The customer's own orders, or one by reference and name or telephone.",
            params=lookup.OrderStatus,
            run=lookup.order_status,
        ),
        Action(
            name="cancel_order",
            description="Cancel an order that was placed.",
            params=lookup.CancelOrder,
            run=lookup.cancel_order,
            propose=lookup.propose_cancel,
            claims=(claimed["order_cancelled"],),
        ),
    ]


@hookimpl
def merge_contacts(business: str, kept: str, gone: str) -> Awaitable[None]:
    return contacts.move(CONTACTS, business, kept, gone)


@hookimpl
def register_jobs(desk: "Desk") -> list[Job]:
    sweep = Job(name="orders", seconds=SWEEP_SECONDS, run=partial(overdue.sweep, desk))
    return [sweep, pages.back_job(desk)]


@hookimpl
def register_pages(desk: "Desk") -> "list[Page]":
    return pages.pages(desk)


@hookimpl
def describe_contact(business: "Business", contact: str) -> "Awaitable[Section]":
    return panel.describe(business, contact)


@hookimpl
def register_deliveries(desk: "Desk") -> "dict[str, Deliver]":
    find = webhooks.in_section(desk, "orders")
    return {WEBHOOK: webhooks.delivery(find, desk.settings.outgoing)}


@hookimpl
def extend_context(conversation: "Conversation", now: datetime) -> dict[str, str | Awaitable[str]]:
    return {
        "The customer's cart": context.cart_text(conversation),
        "The customer's own orders": context.orders_text(conversation, now),
    }
