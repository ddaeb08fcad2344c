"""Modifiers as they are wished for, held against the groups of an item."""

from collections.abc import Sequence
from typing import Any, NoReturn

from frontdesk_plugins.orders.cart import Picked
from frontdesk_plugins.orders.menu import Group, Item, Modifier
from frontdesk_plugins.orders.names import find, suggestions, words_of
from frontdesk_plugins.orders.phrases import join
from frontdesk_plugins.orders.shop import Shop
from frontdesk_plugins.orders.wording import Wish

Option = tuple[Group, Modifier]
Chosen = dict[tuple[str, str], int]
"""How often, by (group, modifier)."""


def option_names(option: Option) -> list[str]:
    return [option[1].name, option[1].id, *option[1].aliases]


def apply(
    shop: Shop, item: Item, options: Sequence[Option], chosen: Chosen, wishes: list[Wish]
) -> list[str]:
    """Change what is chosen as wished; what must go to the kitchen as a note comes back."""
    notes: list[str] = []
    added: Chosen = {}
    removed: set[tuple[str, str]] = set()
    for wish in wishes:
        if not wish.without:
            found = find(wish.words, options, option_names)
            for option in _wanted(shop, item, options, wish, found):
                added[_key(option)] = wish.quantity
    for wish in wishes:
        if wish.without:
            found = find(wish.words, options, option_names)
            here = [option for option in found if _key(option) in chosen | added]
            if len(here) > 1:
                _ask_option(shop, item, wish, here)
            removed |= {_key(option) for option in here}
            notes += [] if here else [wish.said]
    if both := added.keys() & removed:
        names = [one.name for group, one in options if (group.id, one.id) in both]
        raise shop.error("conflict", item=item.name, names=join(shop.business, names))
    for key in removed:
        del chosen[key]
    for group in shop.rules.groups_of(item):
        mine = {key: quantity for key, quantity in added.items() if key[0] == group.id}
        if group.max == 1 and mine:  # of a group of one, the new one takes the old one's place
            for key in [key for key in chosen if key[0] == group.id]:
                del chosen[key]
        chosen |= mine
    return notes


def _key(option: Option) -> tuple[str, str]:
    return option[0].id, option[1].id


def _wanted(
    shop: Shop, item: Item, options: Sequence[Option], wish: Wish, found: list[Option]
) -> list[Option]:
    """The options that one wish adds: one, or several that were said in one breath."""
    if not found:
        several = _in_one_breath(wish.words, options)
        if not several:
            _refuse_unknown(shop, item, options, wish)
        return several
    if len(found) > 1:
        _ask_option(shop, item, wish, found)
    return found


def _in_one_breath(words: str, options: Sequence[Option]) -> list[Option]:
    """ "oat decaf": every word has to belong to just one option."""
    found: list[Option] = []
    left = words.split()
    while left:
        for length in range(len(left), 0, -1):
            hits = find(" ".join(left[:length]), options, option_names)
            if len(hits) == 1:
                found += hits
                left = left[length:]
                break
        else:
            return []
    return found


def _refuse_unknown(shop: Shop, item: Item, options: Sequence[Option], wish: Wish) -> NoReturn:
    if not options:
        raise shop.error("no_modifiers", item=item.name, said=wish.said)
    near = suggestions(wish.words, options, option_names)
    shown = near or [option for option in options if not option[1].sold_out][:8]
    names = join(shop.business, [one.name for _, one in shown])
    data = {"needs": "modifiers", "options": [_offer(shop, option, "") for option in shown]}
    key = "unknown_modifier_near" if near else "unknown_modifier"
    raise shop.error(key, data, item=item.name, said=wish.said, names=names)


def _ask_option(shop: Shop, item: Item, wish: Wish, found: list[Option]) -> NoReturn:
    data = {"needs": "modifiers", "options": [_offer(shop, option, "") for option in found]}
    names = join(shop.business, [one.name for _, one in found], "or")
    raise shop.error("which_modifier", data, item=item.name, said=wish.said, names=names)


def _offer(shop: Shop, option: Option, given: str) -> dict[str, Any]:
    """`modifiers` is what to call again with: what was given before, and this one."""
    _, one = option
    price = f" (+{shop.price(one.price)})" if one.price else ""
    words = f"{given}, {one.name}" if given else one.name
    return {"id": one.id, "modifiers": words, "label": f"{one.name}{price}"}


def check_groups(shop: Shop, item: Item, chosen: Chosen, given: str) -> None:
    """What is too much or sold out, then what is missing; the first that is not right is told."""
    for group in shop.rules.groups_of(item):
        mine = {one: chosen[group.id, one.id] for one in group.modifiers
                if (group.id, one.id) in chosen}  # fmt: skip
        data = _choices(shop, item, group, given)
        for one, quantity in mine.items():
            most = group.max_per_option
            if one.sold_out:
                data = _choices(shop, item, group, _but(given, one))
                raise shop.error("modifier_sold_out", data, item=item.name, name=one.name)
            if quantity > most:
                raise shop.error("too_much_of_one", data, item=item.name, name=one.name, most=most)
        if group.max is not None and sum(mine.values()) > group.max:
            raise shop.error("too_many", data, item=item.name, group=group.name, most=group.max)
    for group in shop.rules.groups_of(item):
        count = sum(quantity for key, quantity in chosen.items() if key[0] == group.id)
        if count < group.min:
            _ask_group(shop, item, group, given, count)


def _but(given: str, one: Modifier) -> str:
    """What was given, without one of it."""
    gone = set(words_of(one.name))
    return ", ".join(part for part in given.split(", ") if not gone <= set(words_of(part)))


def _ask_group(shop: Shop, item: Item, group: Group, given: str, count: int) -> NoReturn:
    data = _choices(shop, item, group, given)
    names = join(shop.business, [one.name for one in group.modifiers if not one.sold_out], "or")
    if count == 0:
        kind = group.name
        raise shop.error("which", data, item=item.name, kind=kind, lower=kind.lower(), names=names)
    least = group.min
    raise shop.error("too_few", data, item=item.name, group=group.name, least=least, names=names)


def _choices(shop: Shop, item: Item, group: Group, given: str) -> dict[str, Any]:
    """What there is of a group, each with what to call again with."""
    options = [_offer(shop, (group, one), given) for one in group.modifiers if not one.sold_out]
    return {"needs": "modifiers", "group": group.name, "options": options, "item": item.name}


def price_of(groups: list[Group], chosen: Chosen) -> tuple[Picked, ...]:
    """The modifiers in the menu's order, the dearest of a group free as far as it gives some."""
    picked: list[Picked] = []
    for group in groups:
        mine = [(one, chosen[group.id, one.id]) for one in group.modifiers
                if (group.id, one.id) in chosen]  # fmt: skip
        left, charged = group.free_count, dict[str, int]()
        for one, quantity in sorted(mine, key=lambda pair: -pair[0].price):
            paid = max(0, quantity - left)
            left -= quantity - paid
            charged[one.id] = paid * one.price
        picked += [
            Picked(group=group.id, id=one.id, name=one.name, quantity=n, price=charged[one.id])
            for one, n in mine
        ]
    return tuple(picked)
