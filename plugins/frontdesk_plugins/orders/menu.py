"""What a business sells, as its file says it. Prices are integers in the currency's minor unit."""

from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from frontdesk.business import Ranges, parse_range

Minor = Annotated[int, Meta(ge=0, le=100_000_000)]
Id = Annotated[str, Meta(pattern=r"^[a-z0-9][a-z0-9_-]{0,39}$")]
Name = Annotated[str, Meta(min_length=1, max_length=80)]
Count = Annotated[int, Meta(ge=1, le=99)]
Day = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
Allergen = Literal[
    "celery", "crustaceans", "eggs", "fish", "gluten", "lupin", "milk", "molluscs", "mustard",
    "nuts", "peanuts", "sesame", "soy", "sulphites",
]  # fmt: skip
"""The fourteen of EU regulation 1169/2011; the nine of the United States are among them."""
Dietary = Literal["vegetarian", "vegan", "gluten_free", "lactose_free", "halal", "kosher"]


class Closed(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The base: a misspelt key is an error."""


class Window(Closed, frozen=True):
    """When something can be had: local ranges on some weekdays."""

    hours: Annotated[Ranges, Meta(min_length=1)]
    days: tuple[Day, ...] = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")

    def __post_init__(self) -> None:
        for text in self.hours:
            try:
                parse_range(text)
            except ValueError as error:
                raise ValueError(f"hours: {error}") from error


class Variant(Closed, frozen=True):
    """A size or kind with its own price; exactly one is chosen."""

    id: Id
    name: Name
    price: Minor
    aliases: tuple[Name, ...] = ()


class Modifier(Closed, frozen=True):
    id: Id
    name: Name
    price: Minor = 0
    default: bool = False
    """It is in the dish unless the customer leaves it out or takes another of a group of one."""
    sold_out: bool = False
    aliases: tuple[Name, ...] = ()


class Group(Closed, frozen=True):
    """Modifiers to choose from."""

    id: Id
    name: Name
    modifiers: Annotated[tuple[Modifier, ...], Meta(min_length=1)]
    min: Annotated[int, Meta(ge=0, le=99)] = 0
    """From 1 on, the customer has to choose."""
    max: Count | None = None
    max_per_option: Count = 1
    free_count: Annotated[int, Meta(ge=0, le=99)] = 0
    """So many are in the price, the dearest first."""

    def __post_init__(self) -> None:
        unique("modifiers", self.modifiers)
        chosen = sum(modifier.default for modifier in self.modifiers)
        if self.max is not None and self.min > self.max:
            raise ValueError("min: it is more than max")
        if self.max is not None and chosen > self.max:
            raise ValueError("modifiers: more are default than max allows")
        if self.min > len(self.modifiers) * self.max_per_option:
            raise ValueError("min: there are not that many modifiers")


class Category(Closed, frozen=True):
    id: Id
    name: Name
    available: tuple[Window, ...] = ()
    """For items that do not say it themselves. Without any: whenever the business is open."""


class Item(Closed, frozen=True):
    id: Id
    name: Name
    category: Id
    description: Annotated[str, Meta(max_length=500)] = ""
    aliases: tuple[Name, ...] = ()
    """Other names that customers use."""
    price: Minor | None = None
    """Unless variants have theirs."""
    variants: tuple[Variant, ...] = ()
    variant_name: str = ""
    """What the variants are, such as "Size"."""
    groups: tuple[Id, ...] = ()
    allergens: tuple[Allergen, ...] | None = None
    """Not given is not known; an empty list is none of the fourteen."""
    dietary: tuple[Dietary, ...] = ()
    available: tuple[Window, ...] = ()
    sold_out: bool = False
    stock: Annotated[int, Meta(ge=0, le=100_000)] | None = None
    """How many can be sold for one local day; not given is enough."""
    max_qty: Count = 20
    """Of one order."""
    age_restricted: Annotated[int, Meta(ge=0, le=99)] = 0
    """The customer's least age; an identity card is asked for at the door."""
    prep_minutes: Annotated[int, Meta(ge=0, le=24 * 60)] = 0
    tax: str = "standard"

    def __post_init__(self) -> None:
        if (self.price is None) == (not self.variants):
            raise ValueError("price: give a price or variants, one of the two")
        unique("variants", self.variants)


def unique(key: str, things: "tuple[Variant | Modifier | Group | Category | Item, ...]") -> None:
    """Raises ValueError, with the key in front, when an id stands twice."""
    seen: set[str] = set()
    for thing in things:
        if thing.id in seen:
            raise ValueError(f"{key}: two have the id {thing.id!r}")
        seen.add(thing.id)
