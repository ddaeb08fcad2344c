"""How a business takes bookings: the section [settings.booking] of its file."""

from typing import Annotated

import msgspec
from msgspec import Meta

Minutes = Annotated[int, Meta(ge=0, le=24 * 60)]
Length = Annotated[int, Meta(ge=1, le=24 * 60)]
Party = Annotated[int, Meta(ge=1, le=1000)]


class Resource(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Something that one booking has to itself: a table, a room, a chair."""

    id: Annotated[str, Meta(min_length=1, max_length=40)]
    name: str = ""
    min: Party = 1
    max: Party = 1


class Combination(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Resources that together serve one larger party."""

    resources: Annotated[tuple[str, ...], Meta(min_length=2)]
    min: Party = 1
    max: Party = 1


class BookingRules(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    resources: tuple[Resource, ...] = ()
    combinations: tuple[Combination, ...] = ()
    step: Annotated[int, Meta(ge=1, le=1440)] = 15
    """Bookings start at local times that are multiples of this, in minutes since midnight."""
    duration: Length = 90
    """Minutes, where `durations` does not say."""
    durations: dict[str, Length] = {}
    """Minutes by the largest party they hold for: {"2" = 90, "4" = 105}."""
    buffer: Minutes = 0
    """Minutes kept free between two bookings of one resource."""
    lead: Annotated[int, Meta(ge=0)] = 30
    """Minutes from now to the first start that can be booked."""
    horizon: Annotated[int, Meta(ge=0, le=3660)] = 90
    """Days from today, in the business's zone, that can be booked."""

    def __post_init__(self) -> None:
        known = {resource.id for resource in self.resources}
        if len(known) < len(self.resources):
            raise ValueError("resources: two have the same id")
        for combination in self.combinations:
            if unknown := set(combination.resources) - known:
                raise ValueError(f"combinations: no resource {min(unknown)!r}")
            if len(set(combination.resources)) < len(combination.resources):
                raise ValueError("combinations: a resource stands twice in one")
            if combination.min > combination.max:
                raise ValueError("combinations: min is more than max")
        for resource in self.resources:
            if resource.min > resource.max:
                raise ValueError(f"resources: min is more than max in {resource.id!r}")
        if not all(party.isdecimal() for party in self.durations):
            raise ValueError('durations: the keys are party sizes, such as "4"')

    def minutes_for(self, party: int) -> int:
        sizes = sorted((int(size), minutes) for size, minutes in self.durations.items())
        return next((minutes for size, minutes in sizes if party <= size), self.duration)

    @property
    def largest_party(self) -> int:
        sizes = [resource.max for resource in self.resources]
        return max(sizes + [combination.max for combination in self.combinations], default=0)

    def candidates(self, party: int) -> list[tuple[str, ...]]:
        """Sets of resources that fit a party, the best first: least spare room, then fewest."""
        fits: list[tuple[int, int, tuple[str, ...]]] = [
            (resource.max - party, 1, (resource.id,))
            for resource in self.resources
            if resource.min <= party <= resource.max
        ]
        fits += [
            (combination.max - party, len(combination.resources), combination.resources)
            for combination in self.combinations
            if combination.min <= party <= combination.max
        ]
        return [resources for _, _, resources in sorted(fits)]
