"""How a hotel sells its nights: the section [settings.stays] of its file. Money is minor units of the
business's currency, with all taxes and fees; dates and times are local."""

from datetime import date
from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta

from frontdesk import Business

Id = Annotated[str, Meta(pattern=r"^[a-z0-9][a-z0-9_-]{0,62}$")]
Title = Annotated[str, Meta(min_length=1, max_length=80)]
Text = Annotated[str, Meta(max_length=1000)]
Money = Annotated[int, Meta(ge=0, le=10**10)]
Clock = Annotated[str, Meta(pattern=r"^([01]\d|2[0-3]):[0-5]\d$")]
Weekday = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
WEEKDAYS: tuple[Weekday, ...] = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
Nights = Annotated[int, Meta(ge=1, le=365)]


class RoomType(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    id: Id
    title: Title
    text: Text = ""
    count: Annotated[int, Meta(ge=0, le=2000)]
    """How many rooms of this type there are."""
    sleeps: Annotated[int, Meta(ge=1, le=20)]
    """How many persons have a bed without an extra one."""
    extra_beds: Annotated[int, Meta(ge=0, le=6)] = 0
    extra_bed_price: Money = 0
    """Of one, a night."""
    price: Money
    """A room and night, where no season says otherwise."""
    beds: Annotated[str, Meta(max_length=80)] = ""
    view: Annotated[str, Meta(max_length=80)] = ""
    accessible: bool = False
    pets: bool = False


class Season(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Other prices on some nights, or longer stays. Where several hold for a night, the last one in the
    file that says something of a room's price decides on it, and the highest `min_nights` holds."""

    title: Annotated[str, Meta(max_length=80)] = ""
    first: date = msgspec.field(name="from")
    last: date = msgspec.field(name="to")
    """The first night and the last."""
    weekdays: tuple[Weekday, ...] = ()
    """Of the evening on which a night begins; none named: all."""
    types: tuple[Id, ...] = ()
    """None named: all."""
    percent: Annotated[int, Meta(ge=-90, le=500)] | None = None
    """Added to the price of the type: 20 is a fifth more, -10 a tenth less, 0 the usual price again."""
    prices: dict[str, Money] = {}
    """By type, instead of the percent."""
    min_nights: Annotated[int, Meta(ge=0, le=60)] = 0
    """A stay with one of these nights has at least so many."""

    def __post_init__(self) -> None:
        _in_order(self.first, self.last)


class RatePlan(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    id: Id
    title: Title
    text: Text = ""
    percent: Annotated[int, Meta(ge=-90, le=500)] = 0
    """Added to the price of the night: -10 for who pays for good."""
    refundable: bool = True
    free_until: Annotated[int, Meta(ge=0, le=24 * 60)] = 24
    """Hours before the time of check-in until which cancelling is free, if it is refundable."""
    fee: Literal["first_night", "all"] = "first_night"
    """What cancelling later costs; of what is not refundable, everything."""


class Closed(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Nights on which rooms are not sold here."""

    first: date = msgspec.field(name="from")
    last: date = msgspec.field(name="to")
    """The first night and the last."""
    types: tuple[Id, ...] = ()
    """None named: all."""
    rooms: Annotated[int, Meta(ge=0, le=2000)] = 0
    """How many of each type; 0 is all of them."""
    reason: Annotated[str, Meta(max_length=200)] = ""
    """For the team."""

    def __post_init__(self) -> None:
        _in_order(self.first, self.last)


class StayRules(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    rooms: Annotated[tuple[RoomType, ...], Meta(max_length=200)] = ()
    seasons: Annotated[tuple[Season, ...], Meta(max_length=500)] = ()
    plans: Annotated[tuple[RatePlan, ...], Meta(max_length=20)] = ()
    """The first is meant when a guest names none. Without any, cancelling is free until a day before."""
    closed: Annotated[tuple[Closed, ...], Meta(max_length=1000)] = ()
    check_in: Clock = "15:00"
    check_out: Clock = "11:00"
    today_until: Clock = "20:00"
    """Until then a stay may begin on the same day."""
    lead: Annotated[int, Meta(ge=0, le=365)] = 0
    """Days from today to the first arrival that can be booked."""
    horizon: Annotated[int, Meta(ge=1, le=730)] = 365
    """Days from today to the last arrival that can be booked."""
    min_nights: Nights = 1
    max_nights: Nights = 28
    max_online_rooms: Annotated[int, Meta(ge=1, le=4)] = 4
    """More are arranged by the team."""
    infant_age: Annotated[int, Meta(ge=-1, le=5)] = 2
    """Children up to this age need no bed; -1: all do."""
    max_infants: Annotated[int, Meta(ge=0, le=6)] = 2
    """So many of them in a room: those beyond that need a bed."""
    pet_fee: Money = 0
    """A room and stay."""
    guarantee_link: Annotated[str, Meta(max_length=500)] = ""
    """An https address with {reference}, where a guest guarantees or pays; told with the confirmation."""

    def __post_init__(self) -> None:
        _unique("rooms", [room.id for room in self.rooms])
        _unique("rooms (title)", [room.title.casefold() for room in self.rooms])
        _unique("plans", [plan.id for plan in self.plans])
        known = {room.id for room in self.rooms}
        named = [("seasons", {*one.types, *one.prices}) for one in self.seasons]
        named += [("closed", set(one.types)) for one in self.closed]
        for key, types in named:
            if unknown := types - known:
                raise ValueError(f"{key}: there is no room type {min(unknown)!r}")
        if self.min_nights > self.max_nights:
            raise ValueError("min_nights is more than max_nights")
        if self.lead > self.horizon:
            raise ValueError("lead is more than horizon")
        _check_link(self.guarantee_link)

    @property
    def offered(self) -> tuple[RatePlan, ...]:
        return self.plans or (STANDARD,)


STANDARD = RatePlan(id="standard", title="Standard")


def rules_of(business: Business) -> StayRules:
    settings: dict[str, Any] = business.settings.get("stays", {})
    return msgspec.convert(settings, StayRules)


def _in_order(first: date, last: date) -> None:
    if last < first:
        raise ValueError("`to` is before `from`; it is the last night that is meant")


def _unique(key: str, names: list[str]) -> None:
    if twice := [name for name in names if names.count(name) > 1]:
        raise ValueError(f"{key}: {twice[0]!r} stands twice")


def _check_link(link: str) -> None:
    if not link:
        return
    if not link.startswith("https://") or " " in link:
        raise ValueError("guarantee_link: an https:// address is expected")
    if "{reference}" not in link or link.replace("{reference}", "").count("{"):
        raise ValueError("guarantee_link: it needs {reference}, and nothing else in braces")
