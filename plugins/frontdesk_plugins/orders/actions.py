"""The menu and the cart, as customers ask for them. Every answer about the cart has all of it."""

from typing import Annotated, Any

import msgspec
from msgspec import Meta

from frontdesk import ActionCall, ActionError
from frontdesk_plugins.orders import ledger
from frontdesk_plugins.orders.browse import menu_card, search, suits, texts
from frontdesk_plugins.orders.cards import cart_card, delivery_text, line_label
from frontdesk_plugins.orders.cart import Cart, Line, cart_of, keep
from frontdesk_plugins.orders.checks import Left, problems
from frontdesk_plugins.orders.choose import Request, choose, find_item
from frontdesk_plugins.orders.dietary import of_all
from frontdesk_plugins.orders.menu import Dietary
from frontdesk_plugins.orders.names import find, suggestions
from frontdesk_plugins.orders.phrases import join, say
from frontdesk_plugins.orders.rules import rules_of
from frontdesk_plugins.orders.shop import Shop
from frontdesk_plugins.orders.wording import item_names, read_item, read_wishes

Text = Annotated[str, Meta(max_length=200)]
Quantity = Annotated[int, Meta(ge=1, le=99)]
Modifiers = Text | tuple[Text, ...]
FOUND = 8
"""The most that a search shows."""


class Params(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The base of the parameters."""


class GetMenu(Params, frozen=True):
    category: Text = ""
    query: Text = ""
    dietary: Dietary | None = None


class SearchMenu(Params, frozen=True):
    query: Annotated[str, Meta(min_length=1, max_length=200)]


class AddToOrder(Params, frozen=True):
    item: Annotated[str, Meta(min_length=1, max_length=200)]
    """Its id or name."""
    variant: Text = ""
    modifiers: Modifiers = ""
    """Separated by commas; "no onions" leaves out, "2 extra shots" counts."""
    quantity: Quantity | None = None
    note: Text = ""


class UpdateOrder(Params, frozen=True):
    line_id: Text = ""
    """Or the name of an item; not needed while there is one line only."""
    quantity: Quantity | None = None
    variant: Text = ""
    modifiers: Modifiers = ""
    """What changes: "no mushrooms, extra cheese". The others stay."""
    note: Text | None = None


class RemoveFromOrder(Params, frozen=True):
    line_id: Text = ""
    item: Text = ""
    quantity: Quantity | None = None
    """How many to take away; without it, the whole line."""


class ViewOrder(Params, frozen=True):
    pass


def shop_of(call: ActionCall) -> Shop:
    """Raises ActionError where nothing can be ordered."""
    shop = Shop(call.business, rules_of(call.business))
    if not shop.rules.items:
        raise shop.error("no_orders", name=call.business.name)
    return shop


# ---- the menu --------------------------------------------------------------------------------


async def get_menu(call: ActionCall, params: GetMenu) -> dict[str, Any]:
    """The menu, or a part of it."""
    shop = shop_of(call)
    items = list(shop.rules.items)
    if params.category:
        known = shop.rules.categories
        meant = find(params.category, known, lambda one: [one.name, one.id])
        if not meant:
            names = join(call.business, [category.name for category in known])
            raise shop.error("unknown_category", said=params.category, names=names)
        chosen = {category.id for category in meant}
        items = [item for item in items if item.category in chosen]
    if params.query:
        items = [item for item in items if item in search(shop, params.query)]
    if params.dietary:
        items = [item for item in items if suits(item, params.dietary)]
    return menu_card(shop, items, params.query, warn=bool(params.dietary))


async def search_menu(call: ActionCall, params: SearchMenu) -> dict[str, Any]:
    """Items whose names, other names or descriptions have what is asked for, the nearest first."""
    shop = shop_of(call)
    items = search(shop, params.query)[:FOUND]
    if delivered := delivery_text(shop, params.query):
        return {"found": True, "message": delivered}
    if not items and (told := of_all(shop, params.query)):
        text = "\n".join([*told, say(call.business, "allergens")])
        return {"found": True, "message": text}
    if not items:
        near = suggestions(params.query, shop.rules.items, lambda one: item_names(shop.rules, one))
        answer = menu_card(shop, near)
        key = "nothing_found_near" if near else "nothing_found"
        text = say(call.business, key, said=params.query)
        return answer | {"found": False, "message": "\n".join([text, *texts(shop, near)])}
    return menu_card(shop, items, params.query) | {"found": True}


# ---- the cart --------------------------------------------------------------------------------


async def add_to_order(call: ActionCall, params: AddToOrder) -> dict[str, Any]:
    shop, cart = shop_of(call), cart_of(call.state)
    item, said, count = find_item(shop, params.item)
    quantity = params.quantity or count or 1
    if quantity > item.max_qty:  # whatever its size
        raise shop.error("max_qty", name=item.name, most=item.max_qty)
    request = Request(
        variant=params.variant or said.variant,
        modifiers=params.modifiers,
        extras=said.extras,
        note=params.note,
    )
    line = choose(shop, item, request)
    line = msgspec.structs.replace(line, quantity=quantity)
    changed = cart.with_line(line)
    lead = say(call.business, "added", line=line_label(line))
    if item.age_restricted:
        lead += " " + say(call.business, "age", age=item.age_restricted, name=item.name)
    return await _changed(call, shop, changed, {item.id}, lead)


async def update_order(call: ActionCall, params: UpdateOrder) -> dict[str, Any]:
    shop, cart = shop_of(call), cart_of(call.state)
    line = _line(shop, cart, params.line_id)
    item = shop.rules.item(line.item)
    if item is None:
        raise shop.error("gone", name=line.name)
    new = line
    if params.variant or params.modifiers or params.note is not None:
        plain = line if params.note is None else msgspec.structs.replace(line, note="")
        note = params.note or ""
        request = Request(variant=params.variant, modifiers=params.modifiers, note=note)
        new = choose(shop, item, request, plain)
    elif params.quantity is None:
        raise shop.error("nothing_to_change", label=line_label(line))
    new = msgspec.structs.replace(new, quantity=params.quantity or line.quantity)
    if new.note != line.note and (others := _having(cart, line, params.modifiers)):
        raise _which_line(shop, others, "which_line")
    if new == line:
        return cart_card(shop, cart, [], say(call.business, "unchanged", line=line_label(line)))
    lead = say(call.business, "changed", line=line_label(new))
    return await _changed(call, shop, cart.replaced(new), {item.id}, lead)


async def remove_from_order(call: ActionCall, params: RemoveFromOrder) -> dict[str, Any]:
    shop, cart = shop_of(call), cart_of(call.state)
    line = _line(shop, cart, params.line_id or params.item)
    gone = params.quantity or line.quantity
    if gone > line.quantity:
        raise shop.error("fewer", label=line_label(line))
    if gone == line.quantity:
        changed = cart.without(line.line_id)
    else:
        changed = cart.replaced(msgspec.structs.replace(line, quantity=line.quantity - gone))
    taken = line_label(msgspec.structs.replace(line, quantity=gone))
    return await _changed(call, shop, changed, set(), say(call.business, "removed", line=taken))


async def view_order(call: ActionCall, _: ViewOrder) -> dict[str, Any]:
    shop, cart = shop_of(call), cart_of(call.state)
    return cart_card(shop, cart, problems(shop, cart, call.now, await _left(call, shop, cart)))


async def _changed(
    call: ActionCall, shop: Shop, cart: Cart, touched: set[str], lead: str
) -> dict[str, Any]:
    """Keep the cart, unless something is wrong with the items that were touched."""
    found = problems(shop, cart, call.now, await _left(call, shop, cart))
    mine = {line.line_id for line in cart.lines if line.item in touched}
    for problem in found:
        if problem.line_id in mine and problem.code != "price_changed":
            raise shop.told(problem.code, problem.message)
    keep(call, cart)
    return cart_card(shop, cart, found, lead)


async def _left(call: ActionCall, shop: Shop, cart: Cart) -> Left:
    items = [line.item for line in cart.lines]
    return await ledger.left(call.db, call.business.id, shop.rules, items, call.now.date())


def _line(shop: Shop, cart: Cart, said: str) -> Line:
    """The line that is meant, by its number or by what it is."""
    if not cart.lines:
        raise shop.error("empty")
    if not said and len(cart.lines) == 1:
        return cart.lines[0]
    exact = cart.line(said.strip().lstrip("#"))
    if exact is not None:
        return exact
    found = find(said, cart.lines, _names) if said else list(cart.lines)
    if said and not found:  # "the large latte with oat milk"
        items = {item.id for item in read_item(shop.rules, said).items}
        found = [line for line in cart.lines if line.item in items]
    if len(found) == 1:
        return found[0]
    raise _which_line(shop, found or list(cart.lines), "which_line" if found else "no_such_line")


def _which_line(shop: Shop, lines: list[Line], key: str) -> ActionError:
    options = [
        {"line_id": line.line_id, "item": line.name, "label": line_label(line)} for line in lines
    ]
    names = join(shop.business, [line_label(line) for line in lines], "or")
    return shop.error(key, {"needs": "line_id", "options": options}, names=names)


def _having(cart: Cart, line: Line, said: Modifiers) -> list[Line]:
    """The other lines that have what is to be left out of this one, which has it not."""
    wishes = [wish for wish in read_wishes(said, lambda _: False) if wish.without]
    return [
        other
        for other in cart.lines
        if other is not line
        and any(find(wish.words, other.modifiers, lambda one: [one.name]) for wish in wishes)
    ]


def _names(line: Line) -> list[str]:
    return [line.name, line_label(line).removeprefix(f"{line.quantity} x ")]
