"""What is free of what is asked for; else why nothing is, and what can be instead."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import msgspec

from frontdesk import ActionCall, ActionError, speech
from frontdesk_plugins.stays import nights as book
from frontdesk_plugins.stays import prices
from frontdesk_plugins.stays.asked import Asked, dates, day_of, find, titled
from frontdesk_plugins.stays.nights import Taken
from frontdesk_plugins.stays.params import RateQuote
from frontdesk_plugins.stays.rules import RoomType
from frontdesk_plugins.stays.words import count, say

NEAR = 14
"""Days before and after an arrival that are looked at when nothing is free."""
OFFERS = 4


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
        raise _too_short(call, asked, least)


def _too_short(call: ActionCall, asked: Asked, least: int) -> ActionError:
    when, nights = (
        dates(call, asked.check_in, asked.check_out),
        count(call.business, "nights", least),
    )
    return ActionError(
        say(call.business, "too_short", dates=when, nights=nights), needs="check_out"
    )


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


# ---- what is free ----------------------------------------------------------------------------


async def taken_around(call: ActionCall, asked: Asked, days: int = 1, *, mine: str) -> Taken:
    """What is held for the conversation `mine` does not count."""
    around = timedelta(days=days)
    first, last = asked.check_in - around, asked.check_out + around
    return await book.taken(call.db, call.business.id, first, last, call.now, mine=mine)


async def free_rooms(call: ActionCall, asked: Asked) -> list[tuple[RoomType, int]]:
    """The types that can be booked, and how many of each are free."""
    return _free(asked, await taken_around(call, asked, mine=call.conversation))


async def is_free(call: ActionCall, asked: Asked, room: RoomType) -> bool:
    taken = await taken_around(call, asked, mine=call.conversation)
    return len(book.free_units(asked.rules, room, taken, asked.nights)) >= asked.party.rooms


def _free(asked: Asked, taken: Taken) -> list[tuple[RoomType, int]]:
    nights = asked.nights
    found = [
        (room, free)
        for room, free in _vacant(asked, taken)
        if len(nights) >= prices.min_nights(asked.rules, room, nights)
    ]
    ordinary = [(room, free) for room, free in found if not room.accessible]
    return found if asked.accessible else ordinary or found


def _vacant(asked: Asked, taken: Taken) -> list[tuple[RoomType, int]]:
    """The types of which enough are free, however long a stay has to be."""
    counted = [
        (room, len(book.free_units(asked.rules, room, taken, asked.nights)))
        for room in asked.fitting
    ]
    return [(room, free) for room, free in counted if free >= asked.party.rooms]


async def none_free(call: ActionCall, asked: Asked, room: RoomType | None = None) -> ActionError:
    """Why nothing can be booked (or nothing of a type), and what can be instead."""
    business, when = call.business, dates(call, asked.check_in, asked.check_out)
    taken = await taken_around(call, asked, mine=call.conversation)
    if room is None:
        vacant = [one for one, _ in _vacant(asked, taken)]
        if vacant:  # so it is the length
            wanted = [prices.min_nights(asked.rules, one, asked.nights) for one in vacant]
            return _too_short(call, asked, min(wanted))
        return ActionError(
            say(business, "full", dates=when), alternatives=await nearest(call, asked)
        )
    text = say(business, "room_full", room=room.title, dates=when)
    free = [other for other, _ in _free(asked, taken) if other.id != room.id]
    if free:
        options = _options(call, asked, free)
        labels = "; ".join(option["label"] for option in options)
        text += f" {say(business, 'others', rooms=labels)}"
        return ActionError(text, needs="room_type", options=options)
    return ActionError(text, alternatives=await nearest(call, asked))


async def nearest(call: ActionCall, asked: Asked) -> list[dict[str, Any]]:
    """The nearest arrivals of as many nights on which one of the types is free, the cheapest of it."""
    taken = await taken_around(call, asked, NEAR + 1, mine=call.conversation)
    around = timedelta(days=NEAR)
    first, last = asked.check_in - around, asked.check_out + around
    rules = msgspec.structs.replace(  # all else costs only time
        asked.rules,
        seasons=prices.within(asked.rules.seasons, first, last),
        closed=prices.within(asked.rules.closed, first, last),
    )
    today = call.now.astimezone(call.business.zone).date()
    first = today + timedelta(days=max(1, rules.lead))
    last = today + timedelta(days=rules.horizon)
    found: list[dict[str, Any]] = []
    for shift in sorted(range(-NEAR, NEAR + 1), key=lambda n: (abs(n), -n)):
        nights = tuple(night + timedelta(days=shift) for night in asked.nights)
        if not shift or not first <= nights[0] <= last:
            continue
        other = msgspec.structs.replace(asked, rules=rules, nights=nights)
        if free := [room for room, _ in _free(other, taken)]:
            room = min(free, key=lambda room: _total(other, room))
            found.append(_alternative(call, other, room))
        if len(found) == OFFERS:
            break
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
