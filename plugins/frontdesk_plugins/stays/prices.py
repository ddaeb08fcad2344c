"""What nights cost. Every sum is of whole minor units; halves are rounded up."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import TypeVar

import msgspec

from frontdesk import Business
from frontdesk.hours import to_utc
from frontdesk.instants import ms
from frontdesk_plugins.stays.rules import WEEKDAYS, Closed, RatePlan, RoomType, Season, StayRules

DAY = timedelta(days=1)
S = TypeVar("S", Season, Closed)


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
    """The last one that says something of the room's price; one that only asks for a longer stay, or
    prices other rooms, does not."""
    found = (
        season
        for season in reversed(rules.seasons)
        if (season.percent is not None or room.id in season.prices) and _holds(season, room, night)
    )
    return next(found, None)


def within(those: Sequence[S], first: date, last: date) -> tuple[S, ...]:
    """Those that touch the nights from one date to another."""
    return tuple(one for one in those if one.first <= last and one.last >= first)


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
        percent *= 100 + (season.percent or 0)
        return (price * percent + 5_000) // 10_000
    return (price * percent + 50) // 100


def min_nights(rules: StayRules, room: RoomType, nights: Sequence[date]) -> int:
    """How long a stay with these nights has to be: what the strictest of their seasons asks for."""
    least = rules.min_nights
    for season in within(rules.seasons, nights[0], nights[-1]):
        is_stricter = season.min_nights > least
        if is_stricter and any(_holds(season, room, night) for night in nights):
            least = season.min_nights
    return least


def extra_beds(rules: StayRules, room: RoomType, party: Party) -> list[int] | None:
    """How many extra beds stand in each room; None when the party does not fit."""
    infants = sum(age <= rules.infant_age for age in party.children)
    without = min(infants, party.rooms * rules.max_infants)
    needed = party.adults + len(party.children) - without
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
