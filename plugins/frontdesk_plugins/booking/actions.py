"""What customers can do with bookings. Every answer is one that a model can act on."""

from datetime import date, datetime, time, timedelta
from typing import Annotated, Any

import msgspec
from msgspec import Meta

from frontdesk import ActionCall, ActionError, Business
from frontdesk.hours import Span, is_ambiguous, is_missing, rules_of, to_utc
from frontdesk_plugins.booking import ledger
from frontdesk_plugins.booking.phones import read_phone
from frontdesk_plugins.booking.references import normal, shown
from frontdesk_plugins.booking.rules import BookingRules
from frontdesk_plugins.booking.slots import (
    Slot,
    bookable_window,
    nearest,
    slots_on,
    spread,
    starts_on,
)

OFFERS = 4
DAYS_AHEAD = 7
"""How many days are searched for alternatives when a date has nothing."""

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
    of = rules(call.business)
    _check_party(of, params.party_size, call.business)
    _check_date(call, of, params.date)
    call.patch["booking_draft"] = msgspec.to_builtins(params)
    busy = await ledger.busy_on(
        call.db, call.business, of, params.party_size, params.date, params.date
    )
    free = slots_on(call.business, of, params.party_size, params.date, call.now, busy)
    answer: dict[str, Any] = {"party_size": params.party_size, "date": params.date.isoformat()}
    if params.time is None:
        offers = spread(free, 2 * OFFERS)
        if offers:
            return answer | {
                "available": True,
                "slots": [_offer(call.business, slot) for slot in offers],
                "message": f"Free on {_day(params.date)}: {_times(call.business, offers)}.",
            }
        wanted = datetime.combine(params.date, time(12), call.business.zone)
        alternatives = await _alternatives(call, of, params.party_size, wanted)
        reason = (
            _why_closed(call.business, params.date) or f"Nothing is free on {_day(params.date)}."
        )
        return answer | {"available": False, "alternatives": alternatives, "message": reason}
    start = _start(call, params.date, params.time)
    slot = next((slot for slot in free if slot.start == start), None)
    if slot is not None:
        label = _label(call.business, slot.start)
        return answer | {
            "available": True,
            "slots": [_offer(call.business, slot)],
            "message": f"{label} is free for {params.party_size}.",
        }
    problem = _why_not(call, of, params.party_size, start)
    alternatives = await _alternatives(call, of, params.party_size, start)
    return answer | {"available": False, "alternatives": alternatives, "message": problem}


async def create_booking(call: ActionCall, params: CreateBooking) -> dict[str, Any]:
    """Book, or say why not and what is free instead. Runs in the outcome's transaction."""
    of = rules(call.business)
    _check_party(of, params.party_size, call.business)
    if params.date is not None:
        _check_date(call, of, params.date)
    start = _wanted_start(call, params)
    _check_date(call, of, start.astimezone(call.business.zone).date())
    if not params.name.strip():
        raise ActionError("A name is needed for the booking.")
    phone = read_phone(params.phone, call.business.country)
    if problem := _why_outside(call, of, params.party_size, start):
        offers = await _alternatives(call, of, params.party_size, start)
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
        offers = await _alternatives(call, of, params.party_size, start)
        raise ActionError(
            f"{_label(call.business, start)} is fully booked for {params.party_size}.",
            alternatives=offers,
        )
    call.patch["booking_draft"] = {}
    card = _card(call.business, booking)
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
            "bookings": [_card(call.business, booking) for booking in own],
            "message": ""
            if own
            else "No upcoming booking was made in this chat. To find one that "
            "was made elsewhere, the reference and the name or telephone number on it are needed.",
        }
    booking = await _proven(call, params.reference, params.name, params.phone)
    return _card(call.business, booking)


async def cancel_booking(call: ActionCall, params: CancelBooking) -> dict[str, Any]:
    """Cancel, with the same proof as for a look-up."""
    booking = await _proven(call, params.reference, params.name, params.phone)
    card = _card(call.business, booking)
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
        "No booking was found with these details. Ask for the reference, and for the name or the "
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


# ---- what is asked for, against the rules ----------------------------------------------------


def _check_party(of: BookingRules, party: int, business: Business) -> None:
    if not of.resources:
        raise ActionError(f"{business.name} takes no bookings here.")
    if not of.candidates(party):
        call_us = f" Please call {business.phone}." if business.phone else ""
        raise ActionError(
            f"A party of {party} cannot be booked here, {of.largest_party} at most.{call_us}"
        )


def _check_date(call: ActionCall, of: BookingRules, day: date) -> None:
    today = call.now.date()
    if day < today:
        raise ActionError(f"{_day(day)} is in the past; today is {_day(today)}.")
    if day > today + timedelta(days=of.horizon):
        last = today + timedelta(days=of.horizon)
        raise ActionError(f"Bookings can be made up to {_day(last)}.")


def _wanted_start(call: ActionCall, params: CreateBooking) -> datetime:
    if params.slot_id is None:
        if params.date is None or params.time is None:
            raise ActionError("A date and a time are needed, or a slot_id from an offer.")
        return _start(call, params.date, params.time)
    try:
        start = datetime.fromisoformat(params.slot_id)
        if start.utcoffset() is None:
            raise ValueError("without an offset it is no instant")
        local = start.astimezone(call.business.zone)
    except (ValueError, OverflowError) as error:
        raise ActionError(
            "That slot_id is not from an offer. Give date and time, or check again."
        ) from error
    # By the clock, not the instant: where a time comes twice, the slot_id says which one is meant.
    wall = (params.date or local.date(), params.time or f"{local:%H:%M}")
    if wall != (local.date(), f"{local:%H:%M}"):
        raise ActionError("date and time say another time than the slot_id. Give one of the two.")
    return start


def _start(call: ActionCall, day: date, text: str) -> datetime:
    """A local date and time as an instant; never a guess where the clocks change."""
    wall, zone = time.fromisoformat(text), call.business.zone
    if is_missing(day, wall, zone):
        raise ActionError(f"On {_day(day)} the clocks skip {text}: there is no such time.")
    if is_ambiguous(day, wall, zone):
        both = [datetime.combine(day, wall, zone).replace(fold=fold) for fold in (0, 1)]
        offers = [{"slot_id": at.isoformat(), "label": f"{at:%H:%M} {at:%Z}"} for at in both]
        raise ActionError(
            f"On {_day(day)} the clocks show {text} twice. Ask which one is meant.",
            alternatives=offers,
        )
    return to_utc(day, wall, zone)


def _why_outside(call: ActionCall, of: BookingRules, party: int, start: datetime) -> str:
    """Why a start cannot be booked whoever else has booked; empty when it can."""
    local = start.astimezone(call.business.zone)
    window = bookable_window(call.business, of, call.now)
    if start <= call.now:
        return f"{_label(call.business, start)} is in the past."
    if start < window.start:
        return f"Bookings need {of.lead} minutes' notice."
    starts = starts_on(call.business, of, party, local.date())
    if start in starts:
        return ""
    if closed := _why_closed(call.business, local.date()):
        return closed
    if (local.hour * 60 + local.minute) % of.step:
        return f"Bookings start every {of.step} minutes."
    return (
        f"{_label(call.business, start)} is outside the hours for a booking of "
        f"{of.minutes_for(party)} minutes."
    )


def _why_not(call: ActionCall, of: BookingRules, party: int, start: datetime) -> str:
    outside = _why_outside(call, of, party, start)
    return outside or f"{_label(call.business, start)} is fully booked for {party}."


def _why_closed(business: Business, day: date) -> str:
    ranges, reason = rules_of(business, day)
    if ranges:
        return ""
    return f"{business.name} is closed on {_day(day)}{f' ({reason})' if reason else ''}."


async def _alternatives(
    call: ActionCall, of: BookingRules, party: int, wanted: datetime
) -> list[dict[str, str]]:
    """The nearest free slots of the same day, else of the first day after it that has some."""
    first = wanted.astimezone(call.business.zone).date()
    last = first + timedelta(days=DAYS_AHEAD)
    busy = await ledger.busy_on(call.db, call.business, of, party, first, last)
    for n in range(DAYS_AHEAD + 1):
        day = first + timedelta(days=n)
        slots = slots_on(call.business, of, party, day, call.now, busy)
        if slots:
            return [_offer(call.business, slot) for slot in nearest(slots, wanted, OFFERS)]
    return []


# ---- how it is shown -------------------------------------------------------------------------


def _day(day: date) -> str:
    return f"{day:%A} {day.day} {day:%B %Y}"


def _label(business: Business, start: datetime) -> str:
    """A start in the business's zone, with the zone's name where the clocks are about to change."""
    local = start.astimezone(business.zone)
    zone = f" {local:%Z}" if is_ambiguous(local.date(), local.time(), business.zone) else ""
    return f"{local:%A} {local.day} {local:%B}, {local:%H:%M}{zone}"


def _times(business: Business, slots: list[Slot]) -> str:
    return ", ".join(f"{slot.start.astimezone(business.zone):%H:%M}" for slot in slots)


def _offer(business: Business, slot: Slot) -> dict[str, str]:
    local = slot.start.astimezone(business.zone)
    return {
        "slot_id": local.isoformat(timespec="minutes"),
        "date": f"{local:%Y-%m-%d}",
        "time": f"{local:%H:%M}",
        "label": _label(business, slot.start),
        "start": local.isoformat(timespec="minutes"),
    }


def _card(business: Business, booking: dict[str, Any]) -> dict[str, Any]:
    start, end = ledger.instant(booking["starts"]), ledger.instant(booking["ends"])
    local = start.astimezone(business.zone)
    return {
        "reference": shown(booking["reference"]),
        "status": booking["status"],
        "party_size": booking["party"],
        "date": f"{local:%Y-%m-%d}",
        "time": f"{local:%H:%M}",
        "label": _label(business, start),
        "start": local.isoformat(timespec="minutes"),
        "end": end.astimezone(business.zone).isoformat(timespec="minutes"),
        "timezone": business.timezone,
        "name": booking["name"],
    }
