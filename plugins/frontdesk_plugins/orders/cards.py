"""Menus, carts and orders as models read them and as customers see them."""

from collections.abc import Sequence
from typing import Any

import msgspec

from frontdesk import Business
from frontdesk.instants import instant
from frontdesk.references import shown
from frontdesk.speech import moment, money
from frontdesk_plugins.orders.availability import windows_label, windows_of
from frontdesk_plugins.orders.cart import Cart, Line
from frontdesk_plugins.orders.checks import Problem
from frontdesk_plugins.orders.menu import Item, Modifier
from frontdesk_plugins.orders.money import Priced, Totals, totals
from frontdesk_plugins.orders.phrases import say
from frontdesk_plugins.orders.rules import OrderRules
from frontdesk_plugins.orders.shop import Shop

Row = dict[str, Any]


def line_label(line: Line) -> str:
    """ "2 x Latte, Large (Oat milk, 2 x Extra shot; no foam)"."""
    name = f"{line.name}, {line.variant_name}" if line.variant_name else line.name
    extras = ", ".join(
        one.name if one.quantity == 1 else f"{one.quantity} x {one.name}" for one in line.modifiers
    )
    inside = "; ".join(part for part in (extras, line.note) if part)
    return f"{line.quantity} x {name}" + (f" ({inside})" if inside else "")


def line_card(line: Line) -> dict[str, Any]:
    return {
        "line_id": line.line_id,
        "label": line_label(line),
        "item": line.item,
        "name": line.name,
        "variant": line.variant_name,
        "modifiers": [
            {"name": one.name, "quantity": one.quantity, "price": one.price}
            for one in line.modifiers
        ],
        "quantity": line.quantity,
        "note": line.note,
        "unit": line.unit,
        "total": line.total,
    }


def priced(rules: OrderRules, lines: Sequence[Line]) -> list[Priced]:
    classes = {item.id: item.tax for item in rules.items}
    return [Priced(line.total, classes.get(line.item)) for line in lines]


def cart_card(shop: Shop, cart: Cart, problems: Sequence[Problem], lead: str = "") -> Row:
    """The whole cart; its `message` is what the customer may be shown, after `lead`."""
    sums = totals(shop.rules, priced(shop.rules, cart.lines))
    said = [lead] if lead else []
    if cart.lines:
        said += [say(shop.business, "your_order"), *lines_text(shop.business, cart.lines)]
        said.append(sums_text(shop.business, shop.rules, sums))
    elif not lead:
        said.append(say(shop.business, "empty"))
    said += [problem.message for problem in problems]
    return {
        "cart_version": cart.version,
        "lines": [line_card(line) for line in cart.lines],
        **sums_card(shop.business, sums),
        "problems": msgspec.to_builtins(problems),
        "message": "\n".join(said),
    }


def lines_text(business: Business, lines: Sequence[Line]) -> list[str]:
    return [f"- {line_label(line)}: {money(business, line.total)}" for line in lines]


def sums_card(business: Business, sums: Totals) -> Row:
    return {
        "subtotal": sums.subtotal,
        "fees": [{"name": fee.name, "amount": fee.amount} for fee in sums.fees],
        "tax": sums.tax,
        "total": sums.total,
        "currency": business.currency,
    }


def sums_text(business: Business, rules: OrderRules, sums: Totals) -> str:
    """ "Subtotal $10.00, Delivery $3.00, tax $0.89. Total $13.89."."""
    parts: list[str] = []
    if sums.fees or (sums.tax and not rules.prices_include_tax):
        parts.append(say(business, "subtotal", price=money(business, sums.subtotal)))
        parts += [f"{fee.name} {money(business, fee.amount)}" for fee in sums.fees]
    if sums.tax and not rules.prices_include_tax:
        parts.append(say(business, "tax", price=money(business, sums.tax)))
    total = say(business, "total", price=money(business, sums.total))
    if sums.tax and rules.prices_include_tax:
        total += f" ({say(business, 'tax_included', price=money(business, sums.tax))})"
    return f"{', '.join(parts)}. {total}." if parts else f"{total}."


# ---- the menu --------------------------------------------------------------------------------


def price_text(shop: Shop, item: Item) -> str:
    if item.variants:
        return ", ".join(f"{one.name} {shop.price(one.price)}" for one in item.variants)
    return shop.price(item.price or 0)


def item_card(shop: Shop, item: Item) -> Row:
    """An item with all that may be said about it; what is not known stays unsaid."""
    card: Row = {
        "id": item.id,
        "name": item.name,
        "description": item.description,
        "category": shop.rules.category(item.category).name,
        "price": item.price,
        "currency": shop.business.currency,
        "variants": [{"name": one.name, "price": one.price} for one in item.variants],
        "modifiers": [
            {
                "group": group.name,
                "required": group.min > 0,
                "min": group.min,
                "max": group.max,
                "options": [
                    {"name": one.name, "price": one.price}
                    | ({"default": True} if one.default else {})
                    | ({"sold_out": True} if one.sold_out else {})
                    for one in group.modifiers
                ],
            }
            for group in shop.rules.groups_of(item)
        ],
        "allergens": "unknown" if item.allergens is None else list(item.allergens),
        "dietary": list(item.dietary),
        "available": windows_label(shop.business, windows_of(shop.rules, item)),
        "sold_out": item.sold_out,
        "age_restricted": item.age_restricted,
    }
    return {key: value for key, value in card.items() if value not in (None, "", [], False, 0)}


def item_text(shop: Shop, item: Item) -> str:
    notes = [
        say(shop.business, "mark_sold_out") if item.sold_out else "",
        windows_label(shop.business, windows_of(shop.rules, item)),
    ]
    inside = "; ".join(note for note in notes if note)
    return f"- {item.name}: {price_text(shop, item)}" + (f" ({inside})" if inside else "")


def extras_text(shop: Shop, item: Item) -> list[str]:
    """ "Toppings: Olives (+$1.50), Onions (+$1.00)"."""
    return [
        f"{group.name}: {', '.join(modifier_text(shop, one) for one in group.modifiers)}"
        for group in shop.rules.groups_of(item)
    ]


def modifier_text(shop: Shop, one: Modifier) -> str:
    notes = [f"+{shop.price(one.price)}"] if one.price else []
    notes += [say(shop.business, "mark_sold_out")] if one.sold_out else []
    return f"{one.name} ({', '.join(notes)})" if notes else one.name


def delivery_text(shop: Shop, said: str) -> str:
    """Where orders are brought to and what it costs, if that is all the words ask for."""
    asked = say(shop.business, "delivery_words").split()
    if not any(word.startswith(tuple(asked)) for word in said.casefold().split()):
        return ""
    if not shop.rules.zones:
        return say(shop.business, "no_delivery")
    texts: list[str] = []
    for zone in shop.rules.zones:
        fee = shop.price(zone.fee) if zone.fee else say(shop.business, "no_charge")
        least = max(zone.minimum, shop.rules.minimum)
        key = "delivery_minimum" if least else "delivery_zone"
        places = ", ".join(code.replace("*", "...") for code in zone.postcodes)
        minimum = shop.price(least)
        texts.append(say(shop.business, key, postcodes=places, price=fee, minimum=minimum))
    return "\n".join(texts)


# ---- orders ----------------------------------------------------------------------------------


def order_card(business: Business, order: Row) -> Row:
    """An order from its committed row, in the prices and words it was placed with."""
    promised = instant(order["promised"])
    local = promised.astimezone(business.zone)
    sums = msgspec.json.decode(order["sums"], type=Totals)
    lines = msgspec.json.decode(order["lines"], type=list[Line])
    return {
        "reference": shown(order["reference"]),
        "status": order["status"],
        "fulfilment": order["fulfilment"],
        "date": f"{local:%Y-%m-%d}",
        "time": f"{local:%H:%M}",
        "label": moment(business, promised),
        "ready": local.isoformat(timespec="minutes"),
        "name": order["name"],
        "lines": [line_card(line) for line in lines],
        **sums_card(business, sums),
        "currency": order["currency"],
    }
