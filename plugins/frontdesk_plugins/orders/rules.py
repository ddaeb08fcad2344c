"""How a business takes orders: the section [settings.orders] of its file."""

from datetime import date
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from frontdesk import Business
from frontdesk.postcodes import covers
from frontdesk.webhooks import Endpoint
from frontdesk_plugins.orders.menu import (
    Category,
    Closed,
    Group,
    Id,
    Item,
    Minor,
    Name,
    Variant,
    unique,
)

Minutes = Annotated[int, Meta(ge=0, le=24 * 60)]
Fulfilment = Literal["pickup", "delivery"]


class Fee(Closed, frozen=True):
    id: Id
    name: Name
    amount: Minor
    on: Literal["pickup", "delivery"] | None = None
    """Not given: on every order."""
    below: Minor | None = None
    """Only on orders whose items cost less than this: the small-order fee."""
    tax: str | None = None
    """Its tax class; not given is untaxed."""


class Zone(Closed, frozen=True):
    """Where orders are brought to."""

    id: Id
    name: Name
    postcodes: Annotated[tuple[str, ...], Meta(min_length=1)]
    """Exact, or the beginning with a star: "1000*". Spaces and case do not matter."""
    fee: Minor = 0
    fee_tax: str | None = None
    minimum: Minor = 0
    """What the items must cost together."""
    minutes: Minutes = 20
    """The way."""

    def covers(self, postcode: str) -> bool:
        return covers(self.postcodes, postcode)


class OrderRules(Closed, frozen=True):
    categories: tuple[Category, ...] = ()
    items: tuple[Item, ...] = ()
    groups: tuple[Group, ...] = ()
    """Groups of modifiers; items name the ones they have."""
    taxes: dict[str, Annotated[int, Meta(ge=0, le=1_000_000)]] = {}  # noqa: RUF012  msgspec copies it
    """Millionths by tax class: {standard = 88750} is 8.875 percent."""
    prices_include_tax: bool = False
    rounding: Literal["line", "order"] = "line"
    """Where tax is rounded, half up: on each line, or once for each class of the order."""
    fees: tuple[Fee, ...] = ()
    pickup: bool = True
    zones: tuple[Zone, ...] = ()
    """Without any there is no delivery."""
    minimum: Minor = 0
    """What the items must cost together, on every order."""
    prep: Minutes = 15
    """Minutes that the kitchen needs at least."""
    capacity: Annotated[int, Meta(ge=1, le=100_000)] | None = None
    """How much can be ready within each quarter of an hour; not given is enough."""
    capacity_unit: Literal["orders", "items"] = "orders"
    last_order: Minutes = 0
    """Minutes before closing at which the kitchen begins its last order."""
    days_ahead: Annotated[int, Meta(ge=0, le=30)] = 1
    """How far ahead orders are taken; 0 is today only."""
    hold: Annotated[int, Meta(ge=1, le=60)] = 5
    """Minutes that time and stock are kept for a customer who was asked to confirm; on text
    messages three times that."""
    auto_accept: bool = False
    cancel_until: Literal["accepted", "preparing"] | None = None
    """Customers may cancel by themselves until the order is in this state, and never after the
    time that it is ready. Not given: "accepted", or "preparing" with `auto_accept`."""
    webhook: Endpoint | None = None
    """Where the kitchen's own system hears of orders."""
    back: dict[str, date] = {}  # noqa: RUF012  msgspec copies it
    """Of items that the console marked as sold out: the local date on which they can be had again."""

    def __post_init__(self) -> None:
        unique("categories", self.categories)
        unique("items", self.items)
        unique("groups", self.groups)
        categories = {category.id for category in self.categories}
        groups = {group.id for group in self.groups}
        for item in self.items:
            if item.category not in categories:
                raise ValueError(f"items: {item.id!r}: there is no category {item.category!r}")
            if unknown := set(item.groups) - groups:
                raise ValueError(f"items: {item.id!r}: there is no group {min(unknown)!r}")
            self._check_tax("items", item.id, item.tax)
        for fee in self.fees:
            self._check_tax("fees", fee.id, fee.tax)
        for zone in self.zones:
            self._check_tax("zones", zone.id, zone.fee_tax)

    def _check_tax(self, key: str, of: str, name: str | None) -> None:
        if self.taxes and name is not None and name not in self.taxes:
            known = ", ".join(sorted(self.taxes))
            raise ValueError(f"{key}: {of!r}: there is no tax class {name!r}; known: {known}")

    @property
    def cancelled_before(self) -> Literal["accepted", "preparing"]:
        """The state in which customers can no longer cancel by themselves."""
        return self.cancel_until or ("preparing" if self.auto_accept else "accepted")

    def item(self, identifier: str) -> Item | None:
        return next((item for item in self.items if item.id == identifier), None)

    def category(self, identifier: str) -> Category:
        return next(category for category in self.categories if category.id == identifier)

    def groups_of(self, item: Item) -> list[Group]:
        known = {group.id: group for group in self.groups}
        return [known[name] for name in item.groups]

    def zone_of(self, postcode: str) -> Zone | None:
        return next((zone for zone in self.zones if zone.covers(postcode)), None)


def variant_of(item: Item, identifier: str) -> Variant | None:
    return next((variant for variant in item.variants if variant.id == identifier), None)


def rules_of(business: Business) -> OrderRules:
    return msgspec.convert(business.settings.get("orders", {}), OrderRules)
