"""How a business takes bookings: the section [settings.booking] of its file."""

from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from frontdesk import Business
from frontdesk_plugins.booking.ical import FeedRules
from frontdesk_plugins.booking.policies import Pacing, Policy
from frontdesk_plugins.booking.resources import Area, Block, Closure, Combination, Party, Resource
from frontdesk_plugins.booking.services import Horizon, Lead, Length, Minutes, Service, Step

_WALL = r"([01]\d|2[0-3]):[0-5]\d"
QUIET = rf"^({_WALL}-{_WALL})?$"


class BookingRules(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    services: tuple[Service, ...] = ()
    """None: there is one thing to book, such as a table."""
    resources: tuple[Resource, ...] = ()
    combinations: tuple[Combination, ...] = ()
    """Resources that together serve a larger party; no others are put together."""
    areas: tuple[Area, ...] = ()
    """Where it comes to. None: customers come, or it does not matter."""
    window: Minutes = 0
    """Minutes from a start within which somebody arrives at the customer's, who is told so."""
    step: Step = 15
    """Minutes between two starts."""
    grid: Literal["clock", "opening"] = "clock"
    """"clock": starts are local times that are multiples of `step` since midnight. "opening": they
    are counted from the beginning of each free time."""
    duration: Length = 90
    """Minutes, where `durations` does not say."""
    durations: dict[str, Length] = {}
    """Minutes by the largest party they hold for: {"2" = 90, "4" = 105}."""
    buffer: Minutes = 0
    """Minutes kept free after a booking, where the service does not say."""
    buffer_mode: Literal["max", "sum"] = "max"
    """Between two bookings lie the longer of the one's time after and the other's before, or both."""
    lead: Lead = 30
    """Minutes from now to the first start that can be booked."""
    horizon: Horizon = 90
    """Days from today, in the business's zone, that can be booked."""
    max_online_party: Party | None = None
    """Larger ones are arranged by a person."""
    pacing: Pacing = Pacing()
    """How many may start within the same quarter of an hour."""
    blocks: tuple[Block, ...] = ()
    """Times, once, at which resources cannot be had."""
    closures: tuple[Closure, ...] = ()
    """Times of every week at which resources cannot be had."""
    policy: Policy = Policy()
    """What holds for changes, where the service does not say."""
    reminders: tuple[Length, ...] = (24 * 60, 2 * 60)
    """Minutes before a booking at which its customer gets a text message; none: no reminders."""
    quiet: Annotated[str, Meta(pattern=QUIET)] = "21:00-08:00"
    """Local times at which no reminder is sent: it goes out before them. Empty: at any time."""
    feeds: FeedRules = FeedRules()
    """The calendars that staff subscribe to."""

    def __post_init__(self) -> None:
        known = {resource.id for resource in self.resources}
        if len(known) < len(self.resources):
            raise ValueError("resources: two have the same id")
        names = [service.id for service in self.services]
        if len(set(names)) < len(names):
            raise ValueError("services: two have the same id")
        for key, named in (
            ("combinations", self.combinations), ("blocks", self.blocks),
            ("closures", self.closures), ("services", self.services),
        ):  # fmt: skip
            for one in named:
                if unknown := set(one.resources) - known:
                    raise ValueError(f"{key}: no resource {min(unknown)!r}")
        for service in self.services:
            self._check_service(service)
        if not all(party.isascii() and party.isdecimal() for party in self.durations):
            raise ValueError('durations: the keys are party sizes, such as "4"')

    def _check_service(self, service: Service) -> None:
        if not service.needs_resources:
            return
        able = [resource for resource in self.resources if may_serve(resource, service)]
        if not able:
            raise ValueError(f"services: no resource can serve {service.id!r}")
        if missing := set(service.kinds) - {resource.kind for resource in able}:
            raise ValueError(f"services: no {min(missing)} can serve {service.id!r}")

    def minutes_for(self, party: int) -> int:
        sizes = sorted((int(size), minutes) for size, minutes in self.durations.items())
        return next((minutes for size, minutes in sizes if party <= size), self.duration)

    @property
    def offered(self) -> tuple[Service, ...]:
        """The services; where none are named, the nameless one."""
        return self.services or (NAMELESS,)


NAMELESS = Service(id="")


def may_serve(resource: Resource, service: Service) -> bool:
    is_named = not service.resources or resource.id in service.resources
    return is_named and set(service.skills) <= set(resource.skills)


def rules_of(business: Business) -> BookingRules:
    return msgspec.convert(business.settings.get("booking", {}), BookingRules)
