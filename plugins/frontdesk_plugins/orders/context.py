"""What a turn has to know of the customer's cart and orders."""

from datetime import datetime
from typing import TYPE_CHECKING, Any, cast

from frontdesk.instants import instant, ms
from frontdesk.references import shown
from frontdesk_plugins.orders.cards import line_label
from frontdesk_plugins.orders.cart import cart_of
from frontdesk_plugins.orders.lookup import LATELY
from frontdesk_plugins.orders.tables import CustomerOrder

if TYPE_CHECKING:
    from frontdesk.conversation import Conversation


def cart_text(conversation: "Conversation") -> str:
    """ "version 3: [1] 2 x Latte, Large, ..."; nothing for an empty cart."""
    if not conversation.state.current_order_items:
        return ""
    from frontdesk.speech import money  # noqa: PLC0415  Babel, which a start does not need

    cart, business = cart_of(conversation.state), conversation.business
    lines = [
        f"[{line.line_id}] {line_label(line)}, {money(business, line.total)}" for line in cart.lines
    ]
    return f"not placed yet, version {cart.version}: {'; '.join(lines)}"


async def orders_text(conversation: "Conversation", now: datetime) -> str:
    """The customer's own orders that are not over."""
    # Every turn asks, and composing the query would cost more than running it.
    found = await CustomerOrder.raw(  # pyright: ignore[reportUnknownVariableType]
        "SELECT reference, status, fulfilment, promised FROM customer_order WHERE contact = {} "
        "AND business = {} AND status IN ('placed', 'accepted', 'preparing', 'ready') "
        "AND promised > {} ORDER BY promised LIMIT 5",
        conversation.contact.id, conversation.business.id, ms(now - LATELY),
    )  # fmt: skip
    rows = cast("list[dict[str, Any]]", found)
    return "; ".join(
        f"{shown(row['reference'])}: {row['status']}, {row['fulfilment']} "
        f"{instant(row['promised']).astimezone(conversation.business.zone):%Y-%m-%d %H:%M}"
        for row in rows
    )
