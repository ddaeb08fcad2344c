"""Looking: which rooms there are, what is free, what it costs. Nothing here changes anything."""

from typing import Any

from frontdesk import ActionCall, ActionError, speech
from frontdesk_plugins.stays import cards, prices
from frontdesk_plugins.stays.asked import ask, dates, find, plan_of
from frontdesk_plugins.stays.ledger import Deal, deal_of
from frontdesk_plugins.stays.offers import (
    check_length,
    free_rooms,
    is_free,
    none_free,
    offer_label,
    room_of,
)
from frontdesk_plugins.stays.params import ListRooms, RateQuote, RoomDetails, SearchRooms
from frontdesk_plugins.stays.prices import Party
from frontdesk_plugins.stays.rules import RoomType, rules_of
from frontdesk_plugins.stays.words import say


async def list_rooms(call: ActionCall, params: ListRooms) -> dict[str, Any]:
    """The room types with their usual prices, without dates."""
    rules, business = rules_of(call.business), call.business
    party = Party(adults=params.sleeps, pet=params.pet)
    found = [
        room
        for room in rules.rooms
        if (room.accessible or not params.accessible)
        and prices.extra_beds(rules, room, party) is not None
    ]
    if not found:
        key = "no_fit" if rules.rooms else "no_rooms"
        return {"room_types": [], "message": say(business, key, rooms=1)}
    listed = "; ".join(_listed(call, room) for room in found)
    return {
        "room_types": [_type(call, room) for room in found],
        "message": say(business, "rooms_listed", rooms=listed),
    }


def _listed(call: ActionCall, room: RoomType) -> str:
    price = speech.money(call.business, room.price)
    sleeps = room.sleeps + room.extra_beds
    return say(call.business, "from_price", room=room.title, sleeps=sleeps, price=price)


def _type(call: ActionCall, room: RoomType) -> dict[str, Any]:
    known: dict[str, Any] = {
        "room_type": room.id, "name": room.title, "text": room.text, "sleeps": room.sleeps,
        "extra_beds": room.extra_beds, "extra_bed_price": room.extra_bed_price,
        "beds": room.beds, "view": room.view, "accessible": room.accessible, "pets": room.pets,
        "price": room.price, "currency": call.business.currency, "per": "night, all in",
    }  # fmt: skip
    return {key: value for key, value in known.items() if value not in ("", 0)}


async def room_details(call: ActionCall, params: RoomDetails) -> dict[str, Any]:
    """All that is written about one room type."""
    rules, business = rules_of(call.business), call.business
    if not rules.rooms:
        raise ActionError(say(business, "no_rooms"))
    room = find(business, rules.rooms, params.room_type)
    parts = [_listed(call, room), room.text, room.beds]
    text = ". ".join(part.rstrip(".") for part in parts if part)
    return _type(call, room) | {"message": f"{text}."}


async def search_rooms(call: ActionCall, params: SearchRooms) -> dict[str, Any]:
    """What is free for these nights, at the first rate plan; else the nearest dates that are."""
    business, asked = call.business, ask(call, params)
    found = await free_rooms(call, asked)
    answer: dict[str, Any] = {
        "check_in": asked.check_in.isoformat(), "check_out": asked.check_out.isoformat(),
        "nights": len(asked.nights), "currency": business.currency,
    }  # fmt: skip
    if not found:
        error = await none_free(call, asked)
        if "needs" in error.data:
            raise error
        return answer | {"available": False, "message": error.message} | error.data
    plan = asked.rules.offered[0]
    options: list[dict[str, Any]] = []
    for room, free in found:
        deal = deal_of(call, asked, room, plan)
        nightly = prices.together(deal.quotes)
        known = _type(call, room) | {"free": free, "total": deal.total, "nightly": nightly}
        known.pop("price", None)  # the usual one, which may be that of none of these nights
        options.append(known)
    labels = "; ".join(offer_label(call, asked, room) for room, _ in found)
    when = dates(call, asked.check_in, asked.check_out)
    return answer | {
        "available": True,
        "room_types": options,
        "rate_plans": [plan.title for plan in asked.rules.offered],
        "message": say(business, "free", dates=when, rooms=labels),
    }


async def rate_quote(call: ActionCall, params: RateQuote) -> dict[str, Any]:
    """What a room costs on these nights, all in, and the terms. It is free now and not held."""
    asked = ask(call, params)
    room = await room_of(call, asked, params)
    check_length(call, asked, room)
    plan = plan_of(call.business, asked.rules, params.rate_plan)
    if not await is_free(call, asked, room):
        raise await none_free(call, asked, room)
    deal = deal_of(call, asked, room, plan)
    return cards.deal_card(call, deal) | {"message": quoted(call, deal)}


def quoted(call: ActionCall, deal: Deal) -> str:
    business, asked = call.business, deal.asked
    nightly = prices.together(deal.quotes)
    amounts = [speech.money(business, price) for price in nightly]
    parts = [say(business, "each", price=amounts[0])] if len(set(amounts)) == 1 else amounts
    if extras := sum(quote.extras for quote in deal.quotes):
        parts.append(say(business, "once", price=speech.money(business, extras)))
    what = cards.described(call, deal.room, asked.party.rooms, asked.check_in, asked.check_out)
    if len(asked.rules.offered) > 1:
        what += f", {deal.plan.title}"
    text = say(
        business, "quote", what=what, total=speech.money(business, deal.total),
        nightly=" + ".join(parts), policy=cards.terms(business, deal.policies, deal.currency, call.now),
    )  # fmt: skip
    return f"{text} {deal.plan.text}".strip()
