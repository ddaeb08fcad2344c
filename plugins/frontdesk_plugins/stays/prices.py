"""What nights cost. Every sum is of whole minor units; halves are rounded up."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta

import msgspec

from frontdesk import Business
from frontdesk.hours import to_utc
from frontdesk.instants import ms
from frontdesk_plugins.stays.rules import WEEKDAYS, RatePlan, RoomType, Season, StayRules

DAY = timedelta(days=1)


class Party(msgspec.Struct, frozen=True, kw_only=True):
    adults: int
    children: tuple[int, ...] = ()
    """Their ages."""
    rooms: int = 1
    pet: bool = False


class Quote(msgspec.Struct, frozen=True):
    """One room."""

    nights: tuple[int, ...]
    extras: int = 0

    @property
    def total(self) -> int:
        return sum(self.nights) + self.extras


class Policy(msgspec.Struct, frozen=True, kw_only=True):
    """The terms of one room, as they held when it was booked."""

    free_until: int
    """Milliseconds since the epoch, UTC; 0: never free of charge."""
    fee: int
    """What cancelling costs after that."""


def nights_of(check_in: date, check_out: date) -> list[date]:
    """The dates on which they begin. However long the clocks make a night, it is one."""
    return [check_in + n * DAY for n in range((check_out - check_in).days)]


def season_of(rules: StayRules, room: RoomType, night: date) -> Season | None:
    found = (season for season in reversed(rules.seasons) if _holds(season, room, night))
    return next(found, None)


def _holds(season: Season, room: RoomType, night: date) -> bool:
    return (
        season.first <= night <= season.last
        and (not season.weekdays or WEEKDAYS[night.weekday()] in season.weekdays)
        and (not season.types or room.id in season.types)
    )


def night_price(rules: StayRules, room: RoomType, plan: RatePlan, night: date) -> int:
    season = season_of(rules, room, night)
    price, percent = room.price, 100 + plan.percent
    if season and room.id in season.prices:
        price = season.prices[room.id]
    elif season:
        percent *= 100 + season.percent
        return (price * percent + 5_000) // 10_000
    return (price * percent + 50) // 100


def min_nights(rules: StayRules, room: RoomType, nights: Sequence[date]) -> int:
    """How long a stay with these nights has to be."""
    wanted = [s.min_nights for s in rules.seasons for n in nights if _holds(s, room, n)]
    return max([rules.min_nights, *wanted])


def extra_beds(rules: StayRules, room: RoomType, party: Party) -> list[int] | None:
    """How many extra beds stand in each room; None when the party does not fit."""
    needed = party.adults + sum(age > rules.infant_age for age in party.children)
    missing = max(0, needed - party.rooms * room.sleeps)
    if missing > party.rooms * room.extra_beds or (party.pet and not room.pets):
        return None
    return [missing // party.rooms + (n < missing % party.rooms) for n in range(party.rooms)]


def quotes(
    rules: StayRules, room: RoomType, plan: RatePlan, nights: Sequence[date], party: Party
) -> list[Quote]:
    """The price of each room. The party fits."""
    base = [night_price(rules, room, plan, night) for night in nights]
    beds = extra_beds(rules, room, party)
    assert beds is not None
    pet = rules.pet_fee if party.pet else 0
    return [Quote(tuple(one + n * room.extra_bed_price for one in base), pet) for n in beds]


def together(rooms: Sequence[Quote]) -> list[int]:
    """What each night costs in all rooms."""
    return [sum(night) for night in zip(*(quote.nights for quote in rooms), strict=True)]


def policy(business: Business, rules: StayRules, plan: RatePlan, first: date, q: Quote) -> Policy:
    """The terms for one room of a stay that begins on `first`."""
    if not plan.refundable:
        return Policy(free_until=0, fee=q.total)
    until = arrival(business, rules, first) - timedelta(hours=plan.free_until)
    fee = q.nights[0] if plan.fee == "first_night" else q.total
    return Policy(free_until=ms(until), fee=fee)


def arrival(business: Business, rules: StayRules, day: date) -> datetime:
    """The time of check-in, in UTC."""
    return to_utc(day, time.fromisoformat(rules.check_in), business.zone)
