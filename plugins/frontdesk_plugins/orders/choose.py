"""One item with its size and extras as the customer wants it, held against the menu.

Whatever is missing, unclear or impossible is an ActionError with what there is to choose from;
nothing is ever chosen for the customer, but for what the menu itself calls the default.
"""

from collections.abc import Sequence
from typing import Any, NoReturn

import msgspec

from frontdesk_plugins.orders.cart import Line
from frontdesk_plugins.orders.extras import (
    Chosen,
    Option,
    apply,
    check_groups,
    option_names,
    price_of,
)
from frontdesk_plugins.orders.menu import Item, Variant
from frontdesk_plugins.orders.names import find, suggestions
from frontdesk_plugins.orders.phrases import join, say
from frontdesk_plugins.orders.shop import Shop
from frontdesk_plugins.orders.wording import (
    Wish,
    item_names,
    read_item,
    read_wishes,
    variant_names,
)

NOTE = 140
"""The longest note of a line: a kitchen's ticket is narrow."""


class Request(msgspec.Struct, frozen=True, kw_only=True):
    """What is wanted of one item."""

    variant: str = ""
    modifiers: str | tuple[str, ...] = ""
    extras: tuple[str, ...] = ()
    """More of the same kind, said along with the item's name."""
    note: str = ""

    @property
    def extra_words(self) -> str:
        parts = [self.modifiers] if isinstance(self.modifiers, str) else self.modifiers
        return ", ".join(part for part in (*parts, *self.extras) if part.strip())


def find_item(shop: Shop, said: str) -> tuple[Item, Request, int | None]:
    """The one item that is meant, and what its name was said with."""
    meant = read_item(shop.rules, said)
    if len(meant.items) == 1:
        request = Request(variant=meant.variant, extras=meant.extras)
        return meant.items[0], request, meant.quantity
    if meant.items:
        options = [item_option(shop, item) for item in meant.items[:8]]
        names = join(shop.business, [item.name for item in meant.items[:8]])
        raise shop.error(
            "which_item", {"needs": "item", "options": options}, said=said, names=names
        )
    near = suggestions(said, shop.rules.items, lambda item: item_names(shop.rules, item))
    if not near:
        raise shop.error("unknown_item", said=said)
    names = join(shop.business, [item.name for item in near])
    options = [item_option(shop, item) for item in near]
    raise shop.error(
        "unknown_item_near", {"needs": "item", "options": options}, said=said, names=names
    )


def item_option(shop: Shop, item: Item) -> dict[str, Any]:
    low = min([variant.price for variant in item.variants] or [item.price or 0])
    price = shop.price(low)
    text = say(shop.business, "from_price", price=price) if item.variants else price
    return {"id": item.id, "item": item.name, "label": f"{item.name} ({text})"}


def choose(shop: Shop, item: Item, request: Request, old: Line | None = None) -> Line:
    """A line of one, changed from `old` or new. Its number and quantity are the caller's."""
    options = [(group, one) for group in shop.rules.groups_of(item) for one in group.modifiers]

    def is_known(words: str) -> bool:
        return bool(find(words, options, option_names))

    wishes = read_wishes(request.modifiers, is_known)
    wishes += [wish for extra in request.extras for wish in read_wishes(extra, is_known)]
    variant, wishes = _variant(shop, item, request.variant, wishes, old)
    chosen = _start(options, old)
    notes = apply(shop, item, options, chosen, wishes)
    if item.variants and variant is None:
        _ask_variant(shop, item)
    check_groups(shop, item, chosen, request.extra_words)
    note = _note(shop, [old.note if old and not request.note else "", request.note, *notes])
    picked = price_of(shop.rules.groups_of(item), chosen)
    base = variant.price if variant else item.price or 0
    return Line(
        line_id=old.line_id if old else "",
        item=item.id,
        name=item.name,
        variant=variant.id if variant else "",
        variant_name=variant.name if variant else "",
        modifiers=picked,
        quantity=old.quantity if old else 1,
        note=note,
        unit=base + sum(one.price for one in picked),
    )


def _start(options: Sequence[Option], old: Line | None) -> Chosen:
    if old is not None:
        known = {(group.id, one.id) for group, one in options}
        picked = {(one.group, one.id): one.quantity for one in old.modifiers}
        return {key: quantity for key, quantity in picked.items() if key in known}
    return {(group.id, one.id): 1 for group, one in options if one.default}


# ---- variants --------------------------------------------------------------------------------


def _variant(
    shop: Shop, item: Item, said: str, wishes: list[Wish], old: Line | None
) -> tuple[Variant | None, list[Wish]]:
    """The variant that is wanted, or the line's, and the wishes that are not about it."""
    left: list[Wish] = []
    spoken: list[Variant] = []
    for wish in wishes:
        hits = [] if wish.without else find(wish.said, item.variants, variant_names)
        spoken += hits[:1] if len(hits) == 1 else []
        left += [] if len(hits) == 1 else [wish]
    if said:
        hits = find(said, item.variants, variant_names)
        if len(hits) != 1 and item.variants:
            _ask_variant(shop, item, said)
        spoken += hits if item.variants else []
        if not item.variants:
            raise shop.error("no_variants", item=item.name, said=said)
    if len({variant.id for variant in spoken}) > 1:
        _ask_variant(shop, item)
    if spoken:
        return spoken[0], left
    if len(item.variants) == 1:
        return item.variants[0], left
    kept = old.variant if old else ""
    return next((variant for variant in item.variants if variant.id == kept), None), left


def _ask_variant(shop: Shop, item: Item, said: str = "") -> NoReturn:
    options = [
        {"id": one.id, "variant": one.name, "label": f"{one.name} ({shop.price(one.price)})"}
        for one in item.variants
    ]
    kind = item.variant_name or say(shop.business, "variant")
    names = join(shop.business, [one.name for one in item.variants], "or")
    data = {"needs": "variant", "group": kind, "options": options, "item": item.name}
    if said:
        raise shop.error("unknown_variant", data, item=item.name, said=said, kind=kind, names=names)
    # Mid-sentence in English; a noun keeps its capital in German, so each file has its own form.
    raise shop.error("which", data, item=item.name, kind=kind, lower=kind.lower(), names=names)


def _note(shop: Shop, parts: list[str]) -> str:
    note = ", ".join(dict.fromkeys(part.strip() for part in parts if part.strip()))
    if len(note) > NOTE:
        raise shop.error("note_too_long", most=NOTE)
    return note
