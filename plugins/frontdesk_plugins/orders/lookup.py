"""Finding and cancelling an order. Who asks has to prove that it is theirs."""

from datetime import timedelta
from typing import Any

from frontdesk import ActionCall, ActionError
from frontdesk.instants import instant
from frontdesk.proof import Proof, check
from frontdesk.references import normal
from frontdesk_plugins.orders import ledger
from frontdesk_plugins.orders.actions import Params, Text
from frontdesk_plugins.orders.cards import order_card
from frontdesk_plugins.orders.confirm import commitment
from frontdesk_plugins.orders.phrases import say
from frontdesk_plugins.orders.rules import rules_of
from frontdesk_plugins.orders.shop import Shop
from frontdesk_plugins.orders.transitions import CUSTOMER_CANCELS, Change, move

Row = dict[str, Any]
LATELY = timedelta(hours=3)
"""So long after its time an order of one's own is still shown without its reference."""


class OrderStatus(Params, frozen=True):
    reference: Text = ""
    """Not needed for what was ordered in this chat."""
    name: Text = ""
    phone: Text = ""


class CancelOrder(Params, frozen=True):
    reference: Text = ""
    """Not needed for the only order that was made in this chat."""
    name: Text = ""
    phone: Text = ""


async def order_status(call: ActionCall, params: OrderStatus) -> Row:
    """The customer's own orders, or one by reference with a matching name or number."""
    shop = Shop(call.business, rules_of(call.business))
    if params.reference:
        found = [await _proven(call, params)]
    else:
        found = await _own(call)
    cards = [order_card(call.business, order) for order in found]
    call.patch["commitments"] = [commitment(card) for card in cards]
    message = "\n".join(_status_text(shop, card) for card in cards)
    if len(cards) == 1:
        return cards[0] | {"message": message}
    return {"orders": cards, "message": message or say(call.business, "no_own_orders")}


async def propose_cancel(call: ActionCall, params: CancelOrder) -> Row:
    """What would be cancelled; nothing has to be kept for that."""
    shop = Shop(call.business, rules_of(call.business))
    order = await _meant(call, shop, params)
    _check_cancel(call, shop, order)
    card = order_card(call.business, order)
    text = say(call.business, "cancel_read_back", **_short(shop, card))
    return card | {"message": text}


async def cancel_order(call: ActionCall, params: CancelOrder) -> Row:
    shop = Shop(call.business, rules_of(call.business))
    order = await _meant(call, shop, params)
    if order["status"] == "cancelled":
        return _cancelled(call, shop, order, "cancelled_before")
    _check_cancel(call, shop, order)
    change = Change(to="cancelled", actor="customer", who=call.contact.id)
    moved = await move(call.db, call.business, shop.rules, order, change, call.now)
    if moved is None:
        raise shop.error("changed_meanwhile")
    return _cancelled(call, shop, moved, "cancelled")


def _cancelled(call: ActionCall, shop: Shop, order: Row, key: str) -> Row:
    card = order_card(call.business, order)
    call.patch["commitments"] = [commitment(card)]
    return card | {"message": say(call.business, key, **_short(shop, card))}


def _check_cancel(call: ActionCall, shop: Shop, order: Row) -> None:
    if order["status"] in ("completed", "rejected", "expired", "failed", "cancelled"):
        card = order_card(call.business, order)
        raise shop.told("over", _status_text(shop, card))
    allowed = CUSTOMER_CANCELS[shop.rules.cancelled_before]
    if order["status"] not in allowed or call.now >= instant(order["ready"]):
        phone = call.business.phone
        raise shop.error("too_late_to_cancel_call" if phone else "too_late_to_cancel", phone=phone)


def _status_text(shop: Shop, card: Row) -> str:
    state = say(shop.business, f"status_{card['status']}")
    return say(shop.business, "status", state=state, **_short(shop, card))


def _short(shop: Shop, card: Row) -> dict[str, str]:
    return {
        "reference": card["reference"],
        "at": card["label"],
        "total": shop.price(card["total"]),
    }


# ---- proof -----------------------------------------------------------------------------------


async def _own(call: ActionCall) -> list[Row]:
    since = call.now - LATELY
    return await ledger.open_orders(call.db, call.business.id, call.contact.id, since)


async def _meant(call: ActionCall, shop: Shop, params: CancelOrder) -> Row:
    """The order by its reference, or the customer's only one."""
    if params.reference:
        return await _proven(call, params)
    own = await _own(call)
    if not own:
        raise shop.error("no_own_orders", {"needs": "reference"})
    if len(own) > 1:
        cards = [order_card(call.business, order) for order in own]
        options = [{"reference": c["reference"], "label": _status_text(shop, c)} for c in cards]
        names = ", ".join(card["reference"] for card in cards)
        raise shop.error("which_order", {"needs": "reference", "options": options}, names=names)
    return own[0]


async def _proven(call: ActionCall, params: OrderStatus | CancelOrder) -> Row:
    """The order, if the caller may see it. One answer for all that fails, so nothing is told."""
    reference = normal(params.reference)[:40]
    order = await ledger.find(call.db, call.business.id, reference)
    proof = Proof(reference=reference, name=params.name, phone=params.phone)
    verdict = await check(call, order and order | {"email": ""}, proof)
    if verdict == "too_many":
        raise ActionError(say(call.business, "too_many_guesses"), code="too_many_guesses")
    if verdict == "unproven" or order is None:
        raise ActionError(
            say(call.business, "not_found"), keep_writes=True, code="not_found", needs="name"
        )
    return order
