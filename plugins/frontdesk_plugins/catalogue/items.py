"""What a business has on its list: homes, products, rooms, plans. Data, never a promise of stock."""

from collections import Counter
from datetime import date
from typing import Annotated, Any

import msgspec
from msgspec import Meta

from frontdesk import Business

Plain = str | int | float | bool
Value = Plain | tuple[str, ...]


class Item(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One of the `[[settings.catalogue.items]]` of a business file."""

    id: Annotated[str, Meta(pattern=r"^[A-Za-z0-9][A-Za-z0-9_.-]{0,62}$")]
    kind: Annotated[str, Meta(pattern=r"^[a-z][a-z0-9_]{0,62}$")]
    """What a pack's tool searches for: "listing", "product"."""
    title: Annotated[str, Meta(min_length=1, max_length=160)]
    text: Annotated[str, Meta(max_length=2000)] = ""
    price: int | None = None
    """Minor units of the business's currency."""
    per: Annotated[str, Meta(max_length=40)] = ""
    """What the price is for, "month" or "night"; empty for the whole."""
    url: Annotated[str, Meta(max_length=500)] = ""
    fields: dict[str, Value] = {}
    """What can be asked for: beds = 3, pets = true, sizes = ["S", "M"]."""


class CatalogueRules(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """[settings.catalogue]"""

    as_of: date | None = None
    """When the list was true; customers are told."""
    items: Annotated[tuple[Item, ...], Meta(max_length=5000)] = ()

    def __post_init__(self) -> None:
        counts = Counter(item.id for item in self.items)
        if twice := [one for one, count in counts.items() if count > 1]:
            raise ValueError(f"items: the id {twice[0]!r} stands twice")


def rules_of(business: Business) -> CatalogueRules:
    return msgspec.convert(business.settings.get("catalogue", {}), CatalogueRules)


def fits(item: Item, wishes: dict[str, Any]) -> bool:
    """Whether an item has what is wished for: `min_X` and `max_X` bound the field X, `X` is equal to
    it or among its values, whatever the case. What an item does not say, it does not have."""
    return all(
        _fits(item, key, value) for key, value in wishes.items() if value not in ("", [], None)
    )


def _fits(item: Item, key: str, wish: Any) -> bool:
    for prefix, holds in (("min_", _at_least), ("max_", _at_most)):
        if key.startswith(prefix):
            has = _field(item, key.removeprefix(prefix))
            return isinstance(has, int | float) and holds(has, wish)
    has = _field(item, key)
    if isinstance(wish, list):
        return all(_is_among(has, one) for one in wish)  # pyright: ignore[reportUnknownVariableType]
    return _is_among(has, wish)


def _field(item: Item, name: str) -> Value | None:
    return item.price if name == "price" else item.fields.get(name)


def _at_least(has: float, wish: Any) -> bool:
    return isinstance(wish, int | float) and has >= wish


def _at_most(has: float, wish: Any) -> bool:
    return isinstance(wish, int | float) and has <= wish


def _is_among(has: Value | None, wish: Any) -> bool:
    if isinstance(has, tuple):
        return any(_same(one, wish) for one in has)
    return has is not None and _same(has, wish)


def _same(has: Plain, wish: Any) -> bool:
    if isinstance(has, str) and isinstance(wish, str):
        return has.casefold() == wish.casefold()
    return bool(has == wish) and isinstance(has, bool) == isinstance(wish, bool)
