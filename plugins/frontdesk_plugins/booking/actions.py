"""What customers can do with bookings. Every answer is one that a model can act on."""

from datetime import date, datetime, time, timedelta
from typing import Annotated, Any

import msgspec
from msgspec import Meta

from frontdesk import ActionCall, ActionError, Business
from frontdesk.hours import Span
from frontdesk_plugins.booking import ledger
from frontdesk_plugins.booking.asked import (
    OFFERS,
    check_date,
    check_party,
    find_alternatives,
    start_of,
    wanted_start,
    why_closed,
    why_not,
    why_outside,
)
from frontdesk_plugins.booking.cards import booking_card, day_label, offer, start_label, times_label
from frontdesk_plugins.booking.phones import read_phone
from frontdesk_plugins.booking.references import normal
from frontdesk_plugins.booking.rules import BookingRules
from frontdesk_plugins.booking.slots import slots_on, spread

Time = Annotated[str, Meta(pattern=r"^([01]\d|2[0-3]):[0-5]\d$")]
SlotId = Annotated[str, Meta(max_length=40)]
Text = Annotated[str, Meta(max_length=200)]


LocalDate = date
"""A name that a field called `date` does not hide."""


class CheckAvailability(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    party_size: Annotated[int, Meta(ge=1, le=1000)] = 1
    date: LocalDate
    """Local."""
    time: Time | None = None
    """Local, HH:MM."""


class CreateBooking(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    party_size: Annotated[int, Meta(ge=1, le=1000)] = 1
    date: LocalDate | None = None
    time: Time | None = None
    slot_id: SlotId | None = None
    """From an offer; instead of date and time."""
    name: Annotated[str, Meta(min_length=1, max_length=120)]
    phone: Annotated[str, Meta(min_length=3, max_length=40)]
    notes: Annotated[str, Meta(max_length=500)] = ""


class LookupBooking(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    reference: Text = ""
    name: Text = ""
    phone: Text = ""


class CancelBooking(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    reference: Text
    name: Text = ""
    phone: Text = ""


def rules(business: Business) -> BookingRules:
    return msgspec.convert(business.settings.get("booking", {}), BookingRules)


async def check_availability(call: ActionCall, params: CheckAvailability) -> dict[str, Any]:
    """Whether a party can come, and what else is free."""
    of, party, day = rules(call.business), params.party_size, params.date
    check_party(of, party, call.business)
    check_date(call, of, day)
    start = start_of(call, day, params.time) if params.time else None
    call.patch["booking_draft"] = msgspec.to_builtins(params)
    busy = await ledger.busy_on(call.db, call.business, of, party, day, day)
    free = slots_on(call.business, of, party, day, call.now, busy)
    found = spread(free, 2 * OFFERS) if start is None else [s for s in free if s.start == start]
    answer: dict[str, Any] = {"party_size": party, "date": day.isoformat()}
    if found:
        message = (
            f"Free on {day_label(day)}: {times_label(call.business, found)}."
            if start is None
            else f"{start_label(call.business, start)} is free for {party}."
        )
        slots = [offer(call.business, slot) for slot in found]
        return answer | {"available": True, "slots": slots, "message": message}
    if start is None:
        message = why_closed(call.business, day) or f"Nothing is free on {day_label(day)}."
    else:
        message = why_not(call, of, party, start)
    near = start or datetime.combine(day, time(12), call.business.zone)
    others = await find_alternatives(call, of, party, near)
    return answer | {"available": False, "alternatives": others, "message": message}


async def create_booking(call: ActionCall, params: CreateBooking) -> dict[str, Any]:
    """Book, or say why not and what is free instead. Runs in the outcome's transaction."""
    of = rules(call.business)
    check_party(of, params.party_size, call.business)
    if params.date is not None:
        check_date(call, of, params.date)
    start = wanted_start(call, params.date, params.time, params.slot_id)
    check_date(call, of, start.astimezone(call.business.zone).date())
    if not params.name.strip():
        raise ActionError("A name is needed for the booking.")
    phone = read_phone(params.phone, call.business.country)
    if problem := why_outside(call, of, params.party_size, start):
        offers = await find_alternatives(call, of, params.party_size, start)
        raise ActionError(problem, alternatives=offers)
    wanted = ledger.Wanted(
        party=params.party_size,
        span=Span(start, start + timedelta(minutes=of.minutes_for(params.party_size))),
        name=params.name.strip(),
        phone=phone,
        notes=params.notes,
    )
    booking = await ledger.book(call, of, wanted)
    if booking is None:
        offers = await find_alternatives(call, of, params.party_size, start)
        raise ActionError(
            f"{start_label(call.business, start)} is fully booked for {params.party_size}.",
            alternatives=offers,
        )
    call.patch["booking_draft"] = {}
    card = booking_card(call.business, booking)
    return card | {
        "message": f"Booked: {card['label']}, {params.party_size} "
        f"{'person' if params.party_size == 1 else 'people'}, for {booking['name']}. "
        f"Reference {card['reference']}."
    }


async def lookup_booking(call: ActionCall, params: LookupBooking) -> dict[str, Any]:
    """The customer's own bookings, or one by reference with a matching name or number."""
    if not params.reference:
        own = await ledger.upcoming(call.db, call.business.id, call.contact.id, call.now)
        return {
            "bookings": [booking_card(call.business, booking) for booking in own],
            "message": ""
            if own
            else "No upcoming booking was made in this chat. To find one that "
            "was made elsewhere, the reference and the name or telephone number on it are needed.",
        }
    booking = await _proven(call, params.reference, params.name, params.phone)
    card = booking_card(call.business, booking)
    if booking["status"] == "cancelled":
        card["message"] = f"Cancelled: {card['label']}, reference {card['reference']}."
    return card


async def cancel_booking(call: ActionCall, params: CancelBooking) -> dict[str, Any]:
    """Cancel, with the same proof as for a look-up."""
    booking = await _proven(call, params.reference, params.name, params.phone)
    card = booking_card(call.business, booking)
    if booking["starts"] <= ledger.ms(call.now):
        raise ActionError("That booking has begun or is over, so it cannot be cancelled here.")
    if not await ledger.cancel(call.db, booking):
        return card | {"status": "cancelled", "message": "That booking was cancelled before."}
    message = f"Cancelled: {card['label']}, reference {card['reference']}."
    return card | {"status": "cancelled", "message": message}


# ---- proof -----------------------------------------------------------------------------------


async def _proven(call: ActionCall, reference: str, name: str, phone: str) -> dict[str, Any]:
    """The booking, if the caller may see it. One answer for all that fails, so nothing is told."""
    booking = await ledger.find(call.db, call.business.id, normal(reference))
    if booking is not None and (
        booking["contact"] == call.contact.id
        or _is_verified(call, booking)
        or _matches(call, booking, name, phone)
    ):
        return booking
    raise ActionError(
        "No booking was found with these details. The reference is needed, and the name or the "
        "telephone number that it was made with."
    )


def _is_verified(call: ActionCall, booking: dict[str, Any]) -> bool:
    return call.contact.phone_verified and call.contact.phone == booking["phone"]


def _matches(call: ActionCall, booking: dict[str, Any], name: str, phone: str) -> bool:
    if (
        name.strip()
        and name.rsplit(maxsplit=1)[-1].casefold() == booking["name"].split()[-1].casefold()
    ):
        return True
    try:
        return bool(phone) and read_phone(phone, call.business.country) == booking["phone"]
    except ActionError:
        return False
