"""What is asked for, held against the rules of the business: dates, rooms, and what is free."""

from collections.abc import Sequence
from datetime import date, time, timedelta
from typing import Any, Protocol, TypeVar

import msgspec

from frontdesk import ActionCall, ActionError, Business, speech
from frontdesk.hours import to_utc
from frontdesk.plain import plain
from frontdesk_plugins.stays import nights as book
from frontdesk_plugins.stays import prices
from frontdesk_plugins.stays.nights import Taken
from frontdesk_plugins.stays.params import RateQuote, SearchRooms
from frontdesk_plugins.stays.prices import DAY, Party
from frontdesk_plugins.stays.rules import RatePlan, RoomType, StayRules, rules_of
from frontdesk_plugins.stays.words import count, say

NEAR = 14
"""Days before and after an arrival that are looked at when nothing is free."""
OFFERS = 4


class Asked(msgspec.Struct, frozen=True):
    """A wish that makes sense; whether there is room is not known yet."""

    rules: StayRules
    nights: tuple[date, ...]
    party: Party
    fitting: tuple[RoomType, ...]
    accessible: bool = False
    """Who does not ask for an accessible room is offered one last: others need them."""

    @property
    def check_in(self) -> date:
        return self.nights[0]

    @property
    def check_out(self) -> date:
        return self.nights[-1] + DAY


class Named(Protocol):
    @property
    def id(self) -> str: ...
    @property
    def title(self) -> str: ...


N = TypeVar("N", bound=Named)


def ask(call: ActionCall, wish: SearchRooms) -> Asked:
    """Raises ActionError for what cannot be, whoever has booked."""
    business, rules = call.business, rules_of(call.business)
    if not rules.rooms:
        raise ActionError(say(business, "no_rooms"))
    _check_dates(call, rules, wish.check_in, wish.check_out)
    if wish.rooms > rules.max_online_rooms:
        most = count(business, "rooms", rules.max_online_rooms)
        raise ActionError(say(business, "too_many_rooms", rooms=most), needs_person=True)
    if wish.adults < wish.rooms:
        raise ActionError(say(business, "adult_each"), needs="adults")
    party = Party(adults=wish.adults, children=wish.children_ages, rooms=wish.rooms, pet=wish.pet)
    fitting = tuple(
        room
        for room in rules.rooms
        if (room.accessible or not wish.accessible)
        and prices.extra_beds(rules, room, party) is not None
    )
    if not fitting:
        rooms = count(business, "rooms", wish.rooms)
        raise ActionError(say(business, "no_fit", rooms=rooms), needs_person=True)
    stay = prices.nights_of(wish.check_in, wish.check_out)
    return Asked(rules, tuple(stay), party, fitting, wish.accessible)


def _check_dates(call: ActionCall, rules: StayRules, first: date, last: date) -> None:
    business, today = call.business, call.now.astimezone(call.business.zone).date()
    if first < today:
        said = {"day": day_of(call, first), "today": speech.day(business, today)}
        raise ActionError(say(business, "past", **said), needs="check_in")
    if last <= first:
        raise ActionError(say(business, "order"), needs="check_out")
    until = to_utc(today, time.fromisoformat(rules.today_until), business.zone, closing=True)
    if first == today and not rules.lead and call.now >= until:
        raise ActionError(say(business, "today"), needs="check_in")
    earliest, latest = (today + timedelta(days=n) for n in (rules.lead, rules.horizon))
    if first < earliest:
        raise ActionError(say(business, "lead", day=day_of(call, earliest)), needs="check_in")
    if first > latest:
        raise ActionError(say(business, "horizon", day=day_of(call, latest)), needs="check_in")
    if (last - first).days > rules.max_nights:
        most = count(business, "nights", rules.max_nights)
        raise ActionError(say(business, "too_long", nights=most), needs_person=True)


def day_of(call: ActionCall, day: date) -> str:
    """With its year unless that is this one."""
    text = speech.day(call.business, day)
    this = call.now.astimezone(call.business.zone).year
    return text if day.year == this else f"{text} {day.year}"


def dates(call: ActionCall, first: date, last: date) -> str:
    return say(call.business, "dates", first=day_of(call, first), last=day_of(call, last))


# ---- what it may be --------------------------------------------------------------------------


def find(business: Business, those: Sequence[N], text: str) -> N:
    """By id or title, or by words that only one of them has. Raises ActionError."""
    said = plain(text)
    for one in those:
        if said in (plain(one.id), plain(one.title)):
            return one
    words = set(said.split())
    near = [one for one in those if words and words <= set(plain(one.title).split())]
    if len(near) == 1:
        return near[0]
    choices = ", ".join(one.title for one in near or those)
    raise ActionError(say(business, "no_such", text=text[:60], choices=choices))


def plan_of(business: Business, rules: StayRules, text: str) -> RatePlan:
    return find(business, rules.offered, text) if text.strip() else rules.offered[0]


async def room_of(call: ActionCall, asked: Asked, wish: RateQuote) -> RoomType:
    """The type that is meant. Raises ActionError with what there is to choose from."""
    if wish.room_type.strip():
        try:
            room = find(call.business, asked.rules.rooms, wish.room_type)
        except ActionError as error:
            free = [room for room, _ in await free_rooms(call, asked)]
            options = _options(call, asked, free)
            raise ActionError(error.message, needs="room_type", options=options) from error
        if room not in asked.fitting:
            choices = ", ".join(one.title for one in asked.fitting)
            raise ActionError(
                say(call.business, "room_does_not_fit", room=room.title, choices=choices),
                needs="room_type", options=_options(call, asked, asked.fitting),
            )  # fmt: skip
        return room
    if len(asked.fitting) == 1:
        return asked.fitting[0]
    free = [room for room, _ in await free_rooms(call, asked)]
    if not free:
        raise await none_free(call, asked)
    if len(free) == 1:
        return free[0]
    options = _options(call, asked, free)
    choices = "; ".join(one["label"] for one in options) + "."
    text = say(call.business, "which_room", choices=choices)
    raise ActionError(text, needs="room_type", options=options)


def check_length(call: ActionCall, asked: Asked, room: RoomType) -> None:
    """Raises ActionError when the nights ask for a longer stay."""
    least = prices.min_nights(asked.rules, room, asked.nights)
    if len(asked.nights) < least:
        said = {"dates": dates(call, asked.check_in, asked.check_out),
                "nights": count(call.business, "nights", least)}  # fmt: skip
        raise ActionError(say(call.business, "too_short", **said), needs="check_out")


def _options(call: ActionCall, asked: Asked, rooms: Sequence[RoomType]) -> list[dict[str, Any]]:
    return [{"value": room.id, "label": offer_label(call, asked, room)} for room in rooms]


def offer_label(call: ActionCall, asked: Asked, room: RoomType) -> str:
    """ "Queen room: $378.00 in total ($189.00 a night)", at the first rate plan."""
    business = call.business
    nightly, extras = _price(asked, room)
    number = len(nightly)
    average = speech.money(business, (2 * sum(nightly) + number) // (2 * number))
    parts = [say(business, "each" if len(set(nightly)) == 1 else "average", price=average)]
    if extras:
        parts.append(say(business, "once", price=speech.money(business, extras)))
    return say(
        business, "offer", room=titled(room, asked.party.rooms), nightly=" + ".join(parts),
        total=speech.money(business, sum(nightly) + extras),
    )  # fmt: skip


def _price(asked: Asked, room: RoomType) -> tuple[list[int], int]:
    """What each night costs in all rooms together, and what is paid once."""
    plan = asked.rules.offered[0]
    found = prices.quotes(asked.rules, room, plan, asked.nights, asked.party)
    return prices.together(found), sum(quote.extras for quote in found)


def titled(room: RoomType, rooms: int) -> str:
    return room.title if rooms == 1 else f"{rooms} × {room.title}"  # noqa: RUF001  a times sign


# ---- what is free ----------------------------------------------------------------------------


async def taken_around(call: ActionCall, asked: Asked, days: int = 1) -> Taken:
    around = timedelta(days=days)
    first, last = asked.check_in - around, asked.check_out + around
    return await book.taken(
        call.db, call.business.id, first, last, call.now, mine=call.conversation
    )


async def free_rooms(call: ActionCall, asked: Asked) -> list[tuple[RoomType, int]]:
    """The types that can be booked, and how many of each are free."""
    return _free(asked, await taken_around(call, asked), asked.nights)


async def is_free(call: ActionCall, asked: Asked, room: RoomType) -> bool:
    taken = await taken_around(call, asked)
    return len(book.free_units(asked.rules, room, taken, asked.nights)) >= asked.party.rooms


def _free(asked: Asked, taken: Taken, nights: Sequence[date]) -> list[tuple[RoomType, int]]:
    found: list[tuple[RoomType, int]] = []
    for room in asked.fitting:
        free = len(book.free_units(asked.rules, room, taken, nights))
        long = len(nights) >= prices.min_nights(asked.rules, room, nights)
        if long and free >= asked.party.rooms:
            found.append((room, free))
    ordinary = [(room, free) for room, free in found if not room.accessible]
    return found if asked.accessible else ordinary or found


async def none_free(call: ActionCall, asked: Asked, room: RoomType | None = None) -> ActionError:
    """Why nothing can be booked (or nothing of a type), and what can be instead."""
    business, when = call.business, dates(call, asked.check_in, asked.check_out)
    if room is None:
        for one in asked.fitting[:1]:
            check_length(call, asked, one)
        others = await nearest(call, asked, asked.fitting)
        return ActionError(say(business, "full", dates=when), alternatives=others)
    text = say(business, "room_full", room=room.title, dates=when)
    free = [other for other, _ in await free_rooms(call, asked)]
    if free:
        options = _options(call, asked, free)
        labels = "; ".join(option["label"] for option in options)
        text += f" {say(business, 'others', rooms=labels)}"
        return ActionError(text, needs="room_type", options=options)
    return ActionError(text, alternatives=await nearest(call, asked, asked.fitting))


async def nearest(
    call: ActionCall, asked: Asked, rooms: Sequence[RoomType]
) -> list[dict[str, Any]]:
    """The nearest arrivals of as many nights on which one of the types is free, the cheapest of it."""
    taken = await taken_around(call, asked, NEAR + 1)
    today = call.now.astimezone(call.business.zone).date()
    first = today + timedelta(days=max(1, asked.rules.lead))
    last = today + timedelta(days=asked.rules.horizon)
    found: list[dict[str, Any]] = []
    for shift in sorted(range(-NEAR, NEAR + 1), key=lambda n: (abs(n), -n)):
        nights = tuple(night + timedelta(days=shift) for night in asked.nights)
        if not shift or not first <= nights[0] <= last or len(found) == OFFERS:
            continue
        other = msgspec.structs.replace(asked, nights=nights)
        free = [room for room, _ in _free(other, taken, nights) if room in rooms]
        if free:
            room = min(free, key=lambda room: _total(other, room))
            found.append(_alternative(call, other, room))
    return found


def _total(asked: Asked, room: RoomType) -> int:
    nightly, extras = _price(asked, room)
    return sum(nightly) + extras


def _alternative(call: ActionCall, asked: Asked, room: RoomType) -> dict[str, Any]:
    first, last = asked.check_in, asked.check_out
    label = f"{day_of(call, first)} - {day_of(call, last)}, {offer_label(call, asked, room)}"
    return {
        "check_in": first.isoformat(), "check_out": last.isoformat(), "room_type": room.id,
        "label": label,
    }  # fmt: skip
