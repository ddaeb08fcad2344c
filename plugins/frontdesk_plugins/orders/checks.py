"""A cart held against the menu of now: what became of prices, and what can no longer be had."""

from collections import Counter
from collections.abc import Mapping
from datetime import datetime

import msgspec

from frontdesk_plugins.orders.availability import (
    is_available,
    is_still_available,
    windows_label,
    windows_of,
)
from frontdesk_plugins.orders.cart import Cart, Line
from frontdesk_plugins.orders.extras import price_of
from frontdesk_plugins.orders.menu import Item
from frontdesk_plugins.orders.phrases import say
from frontdesk_plugins.orders.rules import variant_of
from frontdesk_plugins.orders.shop import Shop

Left = Mapping[str, int]
"""How many there are, of items that are counted."""


class Problem(msgspec.Struct, frozen=True, kw_only=True):
    code: str
    line_id: str
    message: str


def reprice(shop: Shop, line: Line) -> Line | None:
    """The line at the prices of now; None when the menu no longer has it like this."""
    item = shop.rules.item(line.item)
    if item is None:
        return None
    variant = variant_of(item, line.variant)
    if bool(item.variants) != (variant is not None):
        return None
    groups = shop.rules.groups_of(item)
    chosen = {(one.group, one.id): one.quantity for one in line.modifiers}
    picked = price_of(groups, chosen)
    counts = Counter[str]()
    for one in picked:
        counts[one.group] += one.quantity
    fits = all(
        group.min <= counts[group.id] and (group.max is None or counts[group.id] <= group.max)
        for group in groups
    )
    if len(picked) != len(chosen) or not fits:
        return None
    base = variant.price if variant else item.price or 0
    unit = base + sum(one.price for one in picked)
    return msgspec.structs.replace(line, modifiers=picked, unit=unit)


def repriced(shop: Shop, cart: Cart) -> Cart:
    """The same cart, with the prices of now wherever there is one."""
    lines = tuple(reprice(shop, line) or line for line in cart.lines)
    return msgspec.structs.replace(cart, lines=lines)


def problems(
    shop: Shop, cart: Cart, now: datetime, left: Left, ready: datetime | None = None
) -> list[Problem]:
    """Everything that stands in the way of the cart as it is; `ready` when it is known."""
    found: list[Problem] = []
    for line in cart.lines:
        item = shop.rules.item(line.item)
        new = reprice(shop, line)
        if item is None or new is None:
            found.append(_problem(shop, "gone", line))
            continue
        found += _unavailable(shop, item, line, now, ready)
        if new.unit != line.unit:
            old_price, price = shop.price(line.unit), shop.price(new.unit)
            found.append(_problem(shop, "price_changed", line, old=old_price, price=price))
    for item, count, line in _by_item(shop, cart):
        if count > item.max_qty:
            found.append(_problem(shop, "max_qty", line, most=item.max_qty))
        elif item.id in left and count > left[item.id] and not item.sold_out:
            key = "only_left" if left[item.id] > 0 else "sold_out"
            found.append(_problem(shop, key, line, left=left[item.id]))
    return found


def _by_item(shop: Shop, cart: Cart) -> list[tuple[Item, int, Line]]:
    """(item, how many over all lines, its last line)."""
    counts = Counter[str]()
    last: dict[str, Line] = {}
    for line in cart.lines:
        counts[line.item] += line.quantity
        last[line.item] = line
    items = [(shop.rules.item(name), count) for name, count in counts.items()]
    return [(item, count, last[item.id]) for item, count in items if item is not None]


def _unavailable(
    shop: Shop, item: Item, line: Line, now: datetime, ready: datetime | None
) -> list[Problem]:
    if item.sold_out:
        return [_problem(shop, "sold_out", line)]
    gone = {(group.id, m.id) for group in shop.rules.groups_of(item) for m in group.modifiers
            if m.sold_out}  # fmt: skip
    found = [
        _problem(shop, "modifier_sold_out", line, item=item.name, name=one.name)
        for one in line.modifiers
        if (one.group, one.id) in gone
    ]
    windows = windows_of(shop.rules, item)
    fits = (
        is_available(shop.business, windows, ready)
        if ready
        else is_still_available(shop.business, windows, now)
    )
    if not fits:
        hours = windows_label(shop.business, windows)
        found.append(_problem(shop, "not_available", line, hours=hours))
    return found


def _problem(shop: Shop, key: str, line: Line, **values: object) -> Problem:
    text = say(shop.business, key, **({"name": line.name} | values))
    return Problem(code=key, line_id=line.line_id, message=text)
