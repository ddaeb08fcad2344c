"""An order as it is asked for, held against the rules: who, how, where, when, and what it costs."""

from datetime import date, datetime, time, timedelta
from typing import Annotated, Any, NoReturn

import msgspec
from msgspec import Meta

from frontdesk import ActionCall, phones
from frontdesk.hours import is_ambiguous, is_missing, to_utc
from frontdesk.speech import clock, day, moment
from frontdesk_plugins.orders import ledger
from frontdesk_plugins.orders.actions import Params, Text
from frontdesk_plugins.orders.cards import priced
from frontdesk_plugins.orders.cart import Cart
from frontdesk_plugins.orders.checks import problems, repriced
from frontdesk_plugins.orders.kitchen import Kitchen, Load, order_spans, window_of
from frontdesk_plugins.orders.money import Totals, totals
from frontdesk_plugins.orders.phrases import say
from frontdesk_plugins.orders.rules import Fulfilment, Zone
from frontdesk_plugins.orders.shop import Shop

LocalDate = date
"""A name that a field called `date` does not hide."""


class ConfirmOrder(Params, frozen=True):
    fulfilment: Fulfilment
    name: Annotated[str, Meta(min_length=1, max_length=120)]
    phone: Annotated[str, Meta(min_length=3, max_length=40)]
    time: Annotated[str, Meta(pattern=r"^(([01]\d|2[0-3]):[0-5]\d|asap|)$")] = ""
    """Local HH:MM; without one, or "asap", as soon as possible."""
    date: LocalDate | None = None
    """Local; without one, the next time that the clocks show `time` while the doors are open."""
    address: Text = ""
    postcode: Annotated[str, Meta(max_length=20)] = ""
    cart_version: int | None = None
    """The version that the customer was shown; another one is refused."""


class Plan(msgspec.Struct, frozen=True, kw_only=True):
    """An order that can be made now."""

    cart: Cart
    """At the prices of now."""
    sums: Totals
    fulfilment: Fulfilment
    zone: Zone | None
    asap: bool
    ready: datetime
    promised: datetime
    name: str
    phone: str
    address: str
    postcode: str
    load: Load
    changed: list[str]
    """What changed since the customer put it into the cart."""


class Agreed(msgspec.Struct, frozen=True):
    """The time that the customer was shown, and whether it was kept for them until now."""

    at: datetime
    is_kept: bool


async def make_plan(
    call: ActionCall, shop: Shop, cart: Cart, asked: ConfirmOrder, agreed: "Agreed | None" = None
) -> Plan:
    """Check everything.

    Call `ledger.lock` before. Raises ActionError.
    """
    if not asked.name.strip():
        raise shop.error("name_needed", {"needs": "name"})
    phone = phones.of_customer(call.business, asked.phone)
    zone = _zone(shop, asked)
    fresh = repriced(shop, cart)
    sums = totals(shop.rules, priced(shop.rules, fresh.lines), asked.fulfilment, zone)
    _check_minimum(shop, sums, zone)
    way = timedelta(minutes=zone.minutes if zone else 0)
    kitchen = await _kitchen(call, shop, fresh)
    ready = _ready(shop, kitchen, asked, way, agreed)
    promised = ready + way
    local = promised.astimezone(call.business.zone).date()
    items = [line.item for line in fresh.lines]
    left = await ledger.left(call.db, call.business.id, shop.rules, items, local)
    found = problems(shop, cart, call.now, left, ready)
    for problem in found:
        if problem.code != "price_changed":
            raise shop.told(problem.code, problem.message, {"line_id": problem.line_id})
    stock = dict.fromkeys(left, 0)
    for line in fresh.lines:
        if line.item in stock:
            stock[line.item] += line.quantity
    return Plan(
        cart=fresh,
        sums=sums,
        fulfilment=asked.fulfilment,
        zone=zone,
        asap=asked.time in ("", "asap"),
        ready=ready,
        promised=promised,
        name=asked.name.strip(),
        phone=phone,
        address=asked.address.strip() if zone else "",
        postcode=asked.postcode.strip() if zone else "",
        load=Load(window=window_of(ready), units=kitchen.units, day=local.isoformat(), stock=stock),
        changed=[problem.message for problem in found],
    )


def _zone(shop: Shop, asked: ConfirmOrder) -> Zone | None:
    """Where it is brought to; None for a pick-up."""
    if asked.fulfilment == "pickup":
        if not shop.rules.pickup:
            raise shop.error("no_pickup", {"needs": "fulfilment"})
        return None
    if not shop.rules.zones:
        raise shop.error("no_delivery", {"needs": "fulfilment"})
    for field in ("address", "postcode"):
        if not getattr(asked, field).strip():
            raise shop.error(f"{field}_needed", {"needs": field})
    zone = shop.rules.zone_of(asked.postcode)
    if zone is None:
        raise shop.error("outside_zones", {"needs": "postcode"}, postcode=asked.postcode.strip())
    return zone


def _check_minimum(shop: Shop, sums: Totals, zone: Zone | None) -> None:
    least = max(shop.rules.minimum, zone.minimum if zone else 0)
    if sums.subtotal < least:
        data = {"minimum": least, "subtotal": sums.subtotal}
        missing = shop.price(least - sums.subtotal)
        raise shop.error("below_minimum", data, minimum=shop.price(least), missing=missing)


async def _kitchen(call: ActionCall, shop: Shop, cart: Cart) -> Kitchen:
    items = [shop.rules.item(line.item) for line in cart.lines]
    minutes = max([shop.rules.prep, *(item.prep_minutes for item in items if item)])
    units = 1 if shop.rules.capacity_unit == "orders" else cart.count
    if shop.rules.capacity is not None and units > shop.rules.capacity:
        raise shop.error("too_large", phone=call.business.phone)
    spans = order_spans(shop, call.now)
    last = spans[-1].end if spans else call.now
    taken = await ledger.taken(call.db, call.business.id, call.now - timedelta(hours=1), last)
    return Kitchen(
        shop=shop,
        now=call.now,
        spans=spans,
        prep=timedelta(minutes=minutes),
        units=units,
        taken=taken,
    )


# ---- when ------------------------------------------------------------------------------------


def _ready(
    shop: Shop, kitchen: Kitchen, asked: ConfirmOrder, way: timedelta, agreed: Agreed | None
) -> datetime:
    """When the kitchen is done. A time that was kept stays possible, though less is left than the
    kitchen asks for."""

    def is_possible(ready: datetime) -> bool:
        is_kept = agreed is not None and agreed.is_kept and agreed.at - way == ready
        return (is_kept and ready > kitchen.now) or kitchen.fits(ready)

    if asked.time in ("", "asap"):
        if asked.date not in (None, kitchen.now.date()):
            raise shop.error("time_needed", {"needs": "time"})
        if agreed and is_possible(agreed.at - way) and kitchen.has_room(agreed.at - way):
            return agreed.at - way
        return _earliest(shop, kitchen, way)
    wanted = agreed.at if agreed else _wanted(shop, kitchen, asked)
    ready = wanted - way
    if not is_possible(ready):
        _fail_time(shop, kitchen, wanted, way, _why_not(shop, kitchen, wanted, ready))
    if not kitchen.has_room(ready):
        full = say(shop.business, "full", at=moment(shop.business, wanted))
        _fail_time(shop, kitchen, wanted, way, full)
    return ready


def _earliest(shop: Shop, kitchen: Kitchen, way: timedelta) -> datetime:
    ready = kitchen.earliest()
    if ready is not None:
        return ready
    key = "closed" if kitchen.open_span() is None else "too_late"
    first = next(kitchen.times(), None)
    offers = _offers(shop, [first], way) if first else []
    at = moment(shop.business, first + way) if first else ""
    if not at:
        raise shop.error(f"{key}_for_long", {"alternatives": []}, name=shop.business.name)
    raise shop.error(key, {"alternatives": offers, "needs": "time"}, name=shop.business.name, at=at)


def _wanted(shop: Shop, kitchen: Kitchen, asked: ConfirmOrder) -> datetime:
    """The instant that is meant; never a guess where the clocks change."""
    zone, wall = shop.business.zone, time.fromisoformat(asked.time)
    today = kitchen.now.astimezone(zone).date()
    local = asked.date or today
    if asked.date is None and to_utc(today, wall, zone) < kitchen.now:
        # After midnight of an evening that is still open, or that begins today.
        tomorrow = today + timedelta(days=1)
        late = to_utc(tomorrow, wall, zone)
        if any(
            span.start <= late <= span.end and span.start.astimezone(zone).date() == today
            for span in kitchen.spans
        ):
            local = tomorrow
    if is_missing(local, wall, zone):
        raise shop.error(
            "no_such_time", {"needs": "time"}, time=asked.time, day=day(shop.business, local)
        )
    if is_ambiguous(local, wall, zone):
        raise shop.error("twice", {"needs": "time"}, time=asked.time, day=day(shop.business, local))
    return to_utc(local, wall, zone)


def _why_not(shop: Shop, kitchen: Kitchen, wanted: datetime, ready: datetime) -> str:
    at = moment(shop.business, wanted)
    last_day = kitchen.now.date() + timedelta(days=shop.rules.days_ahead)
    if wanted <= kitchen.now:
        return say(shop.business, "past", at=at)
    if wanted.astimezone(shop.business.zone).date() > last_day:
        return say(shop.business, "too_far", day=day(shop.business, last_day))
    if ready < kitchen.now + kitchen.prep:
        return say(shop.business, "too_soon", at=at)
    return say(shop.business, "outside_hours", at=at)


def _fail_time(
    shop: Shop, kitchen: Kitchen, wanted: datetime, way: timedelta, message: str
) -> NoReturn:
    near = kitchen.nearest(wanted - way)
    offers = _offers(shop, near, way)
    raise shop.told("time", message, {"alternatives": offers, "needs": "time"})


def _offers(shop: Shop, ready: list[datetime], way: timedelta) -> list[dict[str, Any]]:
    local = [(at + way).astimezone(shop.business.zone) for at in ready]
    return [
        {
            "date": f"{at:%Y-%m-%d}",
            "time": f"{at:%H:%M}",
            "label": moment(shop.business, at),
        }
        for at in local
    ]


def when(shop: Shop, plan: Plan) -> str:
    """The time as the customer reads it: for today's soonest order the clock is enough."""
    return (
        clock(shop.business, plan.promised) if plan.asap else moment(shop.business, plan.promised)
    )
