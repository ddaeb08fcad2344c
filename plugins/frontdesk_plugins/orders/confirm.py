"""From a cart to an order: propose it, place it, or let it go."""

from datetime import datetime, timedelta
from typing import Any, NoReturn

import msgspec

from frontdesk import ActionCall, ActionError, Commitment, phones
from frontdesk.ids import new_id
from frontdesk.instants import instant, ms
from frontdesk.references import new_reference
from frontdesk_plugins.orders import ledger
from frontdesk_plugins.orders.actions import shop_of
from frontdesk_plugins.orders.asked import Agreed, ConfirmOrder, Plan, make_plan, when
from frontdesk_plugins.orders.cards import (
    cart_card,
    line_card,
    lines_text,
    order_card,
    sums_card,
    sums_text,
)
from frontdesk_plugins.orders.cart import Cart, cart_of, close, head_of, keep
from frontdesk_plugins.orders.checks import repriced
from frontdesk_plugins.orders.phrases import say
from frontdesk_plugins.orders.shop import Shop
from frontdesk_plugins.orders.tables import CustomerOrder, OrderHold
from frontdesk_plugins.orders.transitions import Change, move, record, tell

Row = dict[str, Any]
SLACK = timedelta(minutes=15)
"""So much later than it was read back, "as soon as possible" is still what was agreed to."""
REPEATED = timedelta(minutes=30)
"""So long an order with an empty cart means the one that was placed."""


async def propose(call: ActionCall, params: ConfirmOrder) -> Row:
    """The read-back, with time and stock kept for a while under the proposal."""
    shop, cart = shop_of(call), cart_of(call.state)
    await ledger.lock(call.db, call.business.id, call.now)
    await ledger.let_go(call.db, call.business.id, call.conversation)
    _check_cart(call, shop, cart, params)
    plan = await make_plan(call, shop, cart, params)
    await ledger.take(call.db, call.business.id, shop.rules, plan.load)
    minutes = shop.rules.hold * (3 if call.channel == "sms" else 1)
    await OrderHold.insert(
        OrderHold(
            proposal=call.proposal,
            business=call.business.id,
            conversation=call.conversation,
            cart=cart.id,
            cart_version=cart.version,
            total=plan.sums.total,
            promised=ms(plan.promised),
            load=msgspec.json.encode(plan.load).decode(),
            expires=ms(call.now + timedelta(minutes=minutes)),
        )
    )
    if plan.changed:
        keep(call, plan.cart)
    local = plan.promised.astimezone(call.business.zone)
    return {
        "cart_version": cart.version,
        "fulfilment": plan.fulfilment,
        "date": f"{local:%Y-%m-%d}",
        "time": f"{local:%H:%M}",
        "label": when(shop, plan),
        "name": plan.name,
        "lines": [line_card(line) for line in plan.cart.lines],
        **sums_card(call.business, plan.sums),
        "summary": "\n".join([*plan.changed, *_head(shop, plan)]),
        "message": _read_back(shop, plan),
    }


def _read_back(shop: Shop, plan: Plan) -> str:
    head, *more = _head(shop, plan)
    lines = lines_text(shop.business, plan.cart.lines)
    sums = sums_text(shop.business, shop.rules, plan.sums)
    return "\n".join([*plan.changed, head, *lines, sums, *more])


def _head(shop: Shop, plan: Plan) -> list[str]:
    """What is read back beside the lines and the sums, which a card shows by themselves."""
    business = shop.business
    key = f"{plan.fulfilment}_{'asap' if plan.asap else 'at'}"
    where = ", ".join(part for part in (plan.address, plan.postcode) if part)
    head = say(
        business, key, at=when(shop, plan), name=plan.name, phone=phones.shown(plan.phone),
        address=where,
    )  # fmt: skip
    items = [shop.rules.item(line.item) for line in plan.cart.lines]
    age = max((item.age_restricted for item in items if item), default=0)
    return [head, *([say(business, "bring_id", age=age)] if age else [])]


async def withdraw(call: ActionCall, _: ConfirmOrder) -> Row:
    await ledger.lock(call.db, call.business.id, call.now)
    await ledger.let_go(call.db, call.business.id, call.conversation)
    return {}


async def confirm_order(call: ActionCall, params: ConfirmOrder) -> Row:
    """Place the order, once; the same call or the same cart again is the same order."""
    shop, cart = shop_of(call), cart_of(call.state)
    await ledger.lock(call.db, call.business.id, call.now)
    made = await ledger.made_by(call.db, call.business.id, call.id, cart.id, cart.version)
    made = made or await _just_placed(call, cart)
    if made is not None:
        return _placed(call, shop, made, again=True)
    hold = await ledger.find_hold(call.db, call.business.id, call.proposal)
    # What is kept for this cart is free for it, and for nobody else before this transaction ends.
    await ledger.let_go(call.db, call.business.id, call.conversation)
    _check_cart(call, shop, cart, params)
    if call.proposal and (
        hold is None or (hold["cart"], hold["cart_version"]) != (cart.id, cart.version)
    ):
        _refuse_stale(call, shop, cart)
    plan = await make_plan(call, shop, cart, params, _agreed(call, hold))
    if hold is None:
        _check_prices(call, shop, plan, cart.lines != plan.cart.lines)
    else:
        _check_prices(call, shop, plan, plan.sums.total != hold["total"])
        _check_time(shop, plan, instant(hold["promised"]))
    await ledger.take(call.db, call.business.id, shop.rules, plan.load)
    order = await _insert(call, shop, plan)
    return _placed(call, shop, order, again=False)


def _agreed(call: ActionCall, hold: Row | None) -> Agreed | None:
    if hold is None:
        return None
    return Agreed(instant(hold["promised"]).astimezone(call.business.zone), bool(hold["active"]))


def _check_cart(call: ActionCall, shop: Shop, cart: Cart, params: ConfirmOrder) -> None:
    if not cart.lines:
        raise shop.error("empty")
    if params.cart_version not in (None, cart.version):
        _refuse_stale(call, shop, cart)


def _refuse_stale(call: ActionCall, shop: Shop, cart: Cart) -> NoReturn:
    card = cart_card(shop, repriced(shop, cart), [], say(call.business, "stale"))
    message = str(card.pop("message"))
    raise ActionError(message, code="stale", **card)


def _check_prices(call: ActionCall, shop: Shop, plan: Plan, changed: bool) -> None:
    """A price that the customer has not seen is shown first; then the same call goes through."""
    if not changed:
        return
    keep(call, plan.cart)
    lead = "\n".join([*plan.changed, say(call.business, "agree_again")])
    card = cart_card(shop, plan.cart, [], lead)
    message = str(card.pop("message"))
    raise ActionError(message, code="price_changed", **card)


def _check_time(shop: Shop, plan: Plan, agreed: datetime) -> None:
    latest = agreed + SLACK if plan.asap else agreed
    if not agreed - SLACK <= plan.promised <= latest:
        raise shop.error("time_changed", {"needs": "time"}, at=when(shop, plan))


async def _just_placed(call: ActionCall, cart: Cart) -> Row | None:
    """The order of this conversation that a repeated confirmation means."""
    placed = head_of(call.state).placed
    if cart.lines or not placed:
        return None
    order = await ledger.by_id(call.db, call.business.id, placed)
    is_open = order is not None and order["status"] in ("placed", "accepted", "preparing", "ready")
    return order if order and is_open and call.now - instant(order["placed"]) < REPEATED else None


async def _insert(call: ActionCall, shop: Shop, plan: Plan) -> Row:
    local = plan.promised.astimezone(call.business.zone)
    values: Row = {
        "id": new_id(),
        "business": call.business.id,
        "reference": new_reference(),
        "status": "placed",
        "contact": call.contact.id,
        "conversation": call.conversation,
        "call": call.id,
        "cart": plan.cart.id,
        "cart_version": plan.cart.version,
        "fulfilment": plan.fulfilment,
        "asap": plan.asap,
        "ready": ms(plan.ready),
        "promised": ms(plan.promised),
        "timezone": call.business.timezone,
        "wall": local.strftime("%Y-%m-%dT%H:%M"),
        "name": plan.name,
        "phone": plan.phone,
        "address": plan.address,
        "postcode": plan.postcode,
        "lines": msgspec.json.encode(plan.cart.lines).decode(),
        "sums": msgspec.json.encode(plan.sums).decode(),
        "total": plan.sums.total,
        "currency": call.business.currency,
        "load": msgspec.json.encode(plan.load).decode(),
        "extra": msgspec.json.encode(call.extra).decode(),
        "placed": ms(call.now),
        "updated": ms(call.now),
    }
    await CustomerOrder.insert(CustomerOrder(**values))
    order = values | {"version": 1, "alerted": 0}
    by = Change(to="placed", actor="customer", who=call.contact.id)
    await record(call.db, order, "draft", by, call.now)
    await tell(call.db, call.business, shop.rules, order)
    if shop.rules.auto_accept:
        accept = Change(to="accepted", actor="system", reason="auto_accept")
        order = await move(call.db, call.business, shop.rules, order, accept, call.now) or order
    return order


def _placed(call: ActionCall, shop: Shop, order: Row, *, again: bool) -> Row:
    card = order_card(call.business, order)
    close(call, order["id"])
    call.patch["commitments"] = [commitment(card)]
    call.patch["contact"] = {"name": order["name"], "phone": order["phone"]}
    total = shop.price(order["total"])
    key = "placed_before" if again else f"placed_{order['fulfilment']}"
    text = say(
        call.business, key, reference=card["reference"], at=card["label"], total=total,
        name=order["name"],
    )  # fmt: skip
    return card | {"message": text}


def commitment(card: Row) -> Commitment:
    """What an order's card makes true."""
    kinds = {"cancelled": ("order_cancelled",), "rejected": ("order_rejected",)}
    return Commitment(
        kinds=kinds.get(card["status"], ("ordered",)),
        subject=card["reference"],
        facts=(card["reference"], card["date"], card["time"]),
    )
