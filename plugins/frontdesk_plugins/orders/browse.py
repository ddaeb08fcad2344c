"""The menu as it is searched and shown."""

from typing import Any

from frontdesk_plugins.orders.cards import extras_text, item_card, item_text
from frontdesk_plugins.orders.dietary import answers, facts, is_asked, marks_in
from frontdesk_plugins.orders.menu import Dietary, Item
from frontdesk_plugins.orders.names import contained, find, words_of
from frontdesk_plugins.orders.phrases import say
from frontdesk_plugins.orders.shop import Shop
from frontdesk_plugins.orders.wording import content, read_item

FEW = 3
"""So many are shown with all that is known of them."""


def search(shop: Shop, said: str) -> list[Item]:
    by_name = read_item(shop.rules, said).items
    marks = set(marks_in(shop, said))
    by_text = find(content(said), shop.rules.items, lambda item: [_all_text(shop, item, marks)])
    found = by_name + [item for item in by_text if item not in by_name]
    # "I have a nut allergy, is the minestrone all right?"
    within = contained(words_of(said), shop.rules.items, lambda one: [one.name, *one.aliases])
    return found or [item for item, _ in within]


def _all_text(shop: Shop, item: Item, marks: set[str]) -> str:
    """All that a dish is found by; "gluten" alone does not find what is marked gluten-free."""
    parts = [item.name, *item.aliases, item.description, *marks.intersection(item.dietary)]
    return " ".join([*parts, shop.rules.category(item.category).name])


def suits(item: Item, dietary: Dietary) -> bool:
    return dietary in item.dietary or (dietary == "vegetarian" and "vegan" in item.dietary)


def menu_card(
    shop: Shop, items: list[Item], asked: str = "", *, warn: bool = False
) -> dict[str, Any]:
    """`asked` is what the customer wants to know of them."""
    few = items if len(items) <= FEW else []
    said = [text for item in few for text in answers(shop, item, asked)]
    warn = warn or len(items) == 1 or is_asked(shop, asked)
    said += texts(shop, items)
    allergens = say(shop.business, "allergens")
    if not items:
        said = [say(shop.business, "nothing_listed")]
    if warn:
        said.append(allergens)
    return {
        "items": [item_card(shop, item) for item in items],
        "allergy_note": allergens,
        "message": "\n".join(said),
    }


def texts(shop: Shop, items: list[Item]) -> list[str]:
    """A few with their descriptions, many by category."""
    if len(items) <= FEW:
        return [_whole_text(shop, item, extras=len(items) == 1) for item in items]
    lines: list[str] = []
    for category in shop.rules.categories:
        mine = [item_text(shop, item) for item in items if item.category == category.id]
        lines += [f"{category.name}:", *mine] if mine else []
    return lines


def _whole_text(shop: Shop, item: Item, *, extras: bool) -> str:
    details = [item.description, *(extras_text(shop, item) if extras else []), facts(shop, item)]
    return "\n  ".join([item_text(shop, item), *filter(None, details)])
