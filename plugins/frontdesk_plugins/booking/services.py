"""What can be booked: a haircut, a class, a table."""

from datetime import date
from typing import Annotated

import msgspec
from msgspec import Meta

from frontdesk.business import WEEKDAYS
from frontdesk_plugins.booking.policies import Money, Policy
from frontdesk_plugins.booking.resources import Id, Kind

Minutes = Annotated[int, Meta(ge=0, le=24 * 60)]
Length = Annotated[int, Meta(ge=1, le=24 * 60)]
Step = Annotated[int, Meta(ge=1, le=24 * 60)]
Lead = Annotated[int, Meta(ge=0, le=3660 * 24 * 60)]
Horizon = Annotated[int, Meta(ge=0, le=3660)]
Wall = Annotated[str, Meta(pattern=r"^([01]\d|2[0-3]):[0-5]\d$")]


class Times(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A timetable: the local times of a weekday at which something starts."""

    mon: tuple[Wall, ...] = ()
    tue: tuple[Wall, ...] = ()
    wed: tuple[Wall, ...] = ()
    thu: tuple[Wall, ...] = ()
    fri: tuple[Wall, ...] = ()
    sat: tuple[Wall, ...] = ()
    sun: tuple[Wall, ...] = ()

    def of(self, day: date) -> tuple[str, ...]:
        walls: tuple[str, ...] = getattr(self, WEEKDAYS[day.weekday()])
        return walls


class Variant(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A service in another length or at another price: "long hair"."""

    id: Id
    name: str = ""
    duration: Length | None = None
    price: Money | None = None

    @property
    def label(self) -> str:
        return self.name or self.id


class Service(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Everything that it does not say, the section's own keys say."""

    id: Id
    name: str = ""
    description: str = ""
    duration: Length | None = None
    """Minutes. Without it the size of the party decides."""
    variants: tuple[Variant, ...] = ()
    price: Money | None = None
    buffer_before: Minutes = 0
    buffer_after: Minutes | None = None
    step: Step | None = None
    times: Times | None = None
    """Starts by a timetable instead of every `step` minutes."""
    lead: Lead | None = None
    horizon: Horizon | None = None
    capacity: Annotated[int, Meta(ge=0, le=10_000)] = 0
    """Seats of one session, for classes and tours; 0: a booking has its resources to itself."""
    resources: tuple[str, ...] = ()
    """Which may serve it. None named: all that have the skills."""
    skills: tuple[str, ...] = ()
    """What a resource must be able to do, all of them."""
    kinds: tuple[Kind, ...] = ()
    """One resource of each of these kinds is taken, such as staff and a room."""
    approval: bool = False
    """A booking waits for the team's yes."""
    policy: Policy | None = None

    def __post_init__(self) -> None:
        ids = [variant.id for variant in self.variants]
        if len(set(ids)) < len(ids):
            raise ValueError(f"two variants of {self.id!r} have the same id")
        if len(set(self.kinds)) < len(self.kinds):
            raise ValueError(f"a kind stands twice in {self.id!r}")
        if self.times is not None and not any(getattr(self.times, day) for day in WEEKDAYS):
            raise ValueError(f"the timetable of {self.id!r} is empty")

    @property
    def label(self) -> str:
        return self.name or self.id

    @property
    def needs_resources(self) -> bool:
        """False for a class that needs nothing but its seats."""
        return not self.capacity or bool(self.resources or self.skills or self.kinds)
