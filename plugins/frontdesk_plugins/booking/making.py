"""Holding and booking. Whatever is free for a moment is kept until the customer has answered."""

from datetime import datetime, time, timedelta
from typing import Any

import msgspec

from frontdesk import ActionCall, ActionError, phones, speech
from frontdesk.hours import Span, to_utc
from frontdesk.instants import instant
from frontdesk_plugins.booking import bookings, cards, feeds, holds, reminders, waiting
from frontdesk_plugins.booking.areas import check_area
from frontdesk_plugins.booking.asked import (
    OFFERS,
    check_date,
    find_alternatives,
    find_visit,
    free_on,
    start_of,
    wanted_start,
    why_not,
)
from frontdesk_plugins.booking.bookings import Guest
from frontdesk_plugins.booking.cards import What, what_of_slot
from frontdesk_plugins.booking.holds import Place
from frontdesk_plugins.booking.ledger import Row
from frontdesk_plugins.booking.params import CreateBooking, HoldSlot, JoinWaitlist, Wish
from frontdesk_plugins.booking.rules import BookingRules, rules_of
from frontdesk_plugins.booking.slots import nearest
from frontdesk_plugins.booking.visits import Visit
from frontdesk_plugins.booking.words import say


class Asked(msgspec.Struct, frozen=True):
    """A wish that makes sense; whether there is room is not known yet."""

    rules: BookingRules
    visit: Visit
    start: datetime


def ask(call: ActionCall, params: Wish) -> Asked:
    rules = rules_of(call.business)
    check_area(call.business, params.postcode)
    visit = find_visit(call.business, rules, params.party_size, params.service, params.variant,
                       params.resource)  # fmt: skip
    if params.date is not None:
        check_date(call, visit, params.date)
    start = wanted_start(call, params.date, params.time, params.slot_id)
    check_date(call, visit, start.astimezone(call.business.zone).date())
    return Asked(rules, visit, start)


async def place_for(call: ActionCall, asked: Asked) -> tuple[Place, Row | None]:
    """A free place, locked, and what was held of it. Raises ActionError with other times."""
    rules, visit, start = asked.rules, asked.visit, asked.start
    held = await holds.held_for(call, visit, start)
    place = None
    if start > call.now:
        place = await holds.find_place(call, rules, visit, start, held=held)
    if place is None:
        others = await find_alternatives(call, rules, visit, start)
        raise ActionError(why_not(call, rules, visit, start), alternatives=others)
    return place, held


async def _keep(call: ActionCall, asked: Asked) -> tuple[What, Row]:
    place, held = await place_for(call, asked)
    row = await holds.hold(call, asked.visit, place, holds.BOOK, held=held)
    what = what_of_slot(call.business, asked.visit, place.slot)
    call.patch["commitments"] = [cards.holding(what, call.business)]
    return what, row


def _until(call: ActionCall, hold: Row) -> str:
    until = instant(hold["expires"]).astimezone(call.business.zone)
    return until.isoformat(timespec="minutes")


async def hold_slot(call: ActionCall, params: HoldSlot) -> dict[str, Any]:
    """Keep a slot for a few minutes, while the customer makes up their mind."""
    asked = ask(call, params)
    what, hold = await _keep(call, asked)
    call.patch["booking_draft"] = msgspec.to_builtins(params)
    return cards.card_of(call.business, asked.rules, what) | {
        "status": "held",
        "held_until": _until(call, hold),
        "message": say(
            call.business, "held",
            until=speech.clock(call.business, instant(hold["expires"])),
            what=cards.described(call.business, asked.rules, what),
        ),
    }  # fmt: skip


async def propose_booking(call: ActionCall, params: CreateBooking) -> dict[str, Any]:
    """Hold the slot and read everything back."""
    business, asked, guest = call.business, ask(call, params), guest_of(call, params)
    what, hold = await _keep(call, asked)
    parts = [
        cards.described(business, asked.rules, what),
        say(business, "for_name", name=guest.name),
        say(business, "phone", phone=phones.shown(guest.phone)),
    ]
    reminds = await reminders.tell(call, guest.phone, asked.start)
    message = ", ".join(parts)
    return cards.card_of(business, asked.rules, what) | {
        "name": guest.name,
        "held_until": _until(call, hold),
        "message": f"{message}. {reminds}" if reminds else message,
    }


async def withdraw(call: ActionCall, params: Any) -> dict[str, Any]:
    """Let go of what a proposal held."""
    await holds.withdraw(call)
    return {}


async def create_booking(call: ActionCall, params: CreateBooking) -> dict[str, Any]:
    """Book, or say why not and what is free instead. Runs in the outcome's transaction."""
    business, rules = call.business, rules_of(call.business)
    booking = await bookings.made_by(call)
    if booking is None:
        asked, guest = ask(call, params), guest_of(call, params)
        place, _ = await place_for(call, asked)
        await holds.let_go(call, asked.visit, place, holds.BOOK)
        booking = await bookings.book(call, asked.visit, place, guest)
        await reminders.agreed(call, guest.phone)
        day = asked.start.astimezone(business.zone).date()
        await waiting.served(call, asked.visit, day)
    call.patch |= {
        "booking_draft": {},
        "contact": {"name": booking["name"], "phone": booking["phone"], "email": booking["email"]},
        "commitments": [cards.NOTHING_HELD, cards.commitment(booking)],
    }
    card = cards.booking_card(business, rules, booking)
    what = cards.described(business, rules, cards.what_of(rules, booking))
    name = say(business, "for_name", name=booking["name"])
    key = "requested" if booking["status"] == "pending" else "booked"
    message = say(business, key, what=f"{what}, {name}", reference=card["reference"])
    return card | feeds.of_customer(call, booking) | {"message": message}


def guest_of(call: ActionCall, params: CreateBooking | JoinWaitlist) -> Guest:
    if not params.name.strip():
        raise ActionError(say(call.business, "name"))
    phone = phones.of_customer(call.business, params.phone)
    if isinstance(params, JoinWaitlist):
        return Guest(name=params.name.strip(), phone=phone)
    email = params.email.strip()
    return Guest(
        name=params.name.strip(), phone=phone, email=email, notes=params.notes,
        postcode=params.postcode.strip(),
    )  # fmt: skip


# ---- the waiting list ------------------------------------------------------------------------


async def join_waitlist(call: ActionCall, params: JoinWaitlist) -> dict[str, Any]:
    """Be told when something becomes free on a date, unless something is free already."""
    business, rules = call.business, rules_of(call.business)
    visit = find_visit(business, rules, params.party_size, params.service, params.variant,
                       params.resource)  # fmt: skip
    check_date(call, visit, params.date)
    guest, window = guest_of(call, params), _window(call, params)
    free = [
        slot
        for slot in await free_on(call, rules, visit, params.date)
        if window.start <= slot.start <= window.end
    ]
    if free:
        middle = window.start + (window.end - window.start) / 2
        offers = [cards.offer(business, slot) for slot in nearest(free, middle, OFFERS)]
        raise ActionError(say(business, "no_need_to_wait"), alternatives=offers)
    await waiting.join(call, visit, params.date, window, guest)
    call.patch |= {
        "contact": {"name": guest.name, "phone": guest.phone},
        "commitments": [cards.waiting(params.date)],
    }
    message = say(
        business, "waitlisted", day=speech.day(business, params.date),
        first=speech.clock(business, window.start), last=speech.clock(business, window.end),
        minutes=waiting.OFFER // timedelta(minutes=1),
    )  # fmt: skip
    return {
        "status": "waitlisted", "party_size": visit.party, "date": params.date.isoformat(),
        "name": guest.name, "message": message,
    }  # fmt: skip


def _window(call: ActionCall, params: JoinWaitlist) -> Span:
    """The starts that would do."""
    zone, day = call.business.zone, params.date
    first, last = to_utc(day, time(0), zone), to_utc(day, time(23, 59), zone, closing=True)
    if params.time:
        wanted = start_of(call, day, params.time)
        first, last = wanted - timedelta(hours=1), wanted + timedelta(hours=1)
    if params.earliest:
        first = to_utc(day, time.fromisoformat(params.earliest), zone)
    if params.latest:
        last = to_utc(day, time.fromisoformat(params.latest), zone, closing=True)
    if last < first or last <= call.now:
        raise ActionError("The latest time is before the earliest, or past. Ask for other times.")
    return Span(first, last)
