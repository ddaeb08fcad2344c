"""What customers can ask about bookings without changing anything."""

from datetime import datetime, time
from typing import Any

import msgspec

from frontdesk import ActionCall, ActionError, speech
from frontdesk_plugins.booking import bookings, cards, feeds
from frontdesk_plugins.booking.areas import check_area
from frontdesk_plugins.booking.asked import (
    OFFERS,
    check_date,
    find_alternatives,
    find_visit,
    free_on,
    wanted_start,
    why_closed,
    why_not,
)
from frontdesk_plugins.booking.ledger import Row
from frontdesk_plugins.booking.params import ListServices, LookupBooking, Wish
from frontdesk_plugins.booking.proof import Proof, is_own, proven
from frontdesk_plugins.booking.rules import BookingRules, may_serve, rules_of
from frontdesk_plugins.booking.services import Service
from frontdesk_plugins.booking.slots import Slot, spread
from frontdesk_plugins.booking.visits import Visit, largest_party
from frontdesk_plugins.booking.words import length, say


async def list_services(call: ActionCall, params: ListServices) -> dict[str, Any]:
    """What can be booked, how long it takes and what it costs."""
    business, rules = call.business, rules_of(call.business)
    offered = [_service(call, rules, service) for service in rules.offered]
    offered = [one for one in offered if one["largest_party"]]
    if not offered:
        raise ActionError(say(business, "no_bookings", name=business.name))
    named = ", ".join(" ".join(_parts(call, one)) for one in offered)
    return {"services": offered, "message": say(business, "services", services=named)}


def _service(call: ActionCall, rules: BookingRules, service: Service) -> dict[str, Any]:
    most = largest_party(rules, service)
    minutes = service.duration or (0 if rules.durations else rules.duration)
    able = [r for r in rules.resources if r.active and may_serve(r, service) and r.kind == "staff"]
    known: dict[str, Any] = {
        "id": service.id,
        "name": service.label or say(call.business, "tables", most=most),
        "description": service.description,
        "minutes": minutes,
        "price": service.price,
        "currency": call.business.currency,
        "largest_party": most,
        "seats": service.capacity,
        "staff": [resource.label for resource in able],
        "variants": [
            {"id": v.id, "name": v.label, "minutes": v.duration or minutes,
             "price": service.price if v.price is None else v.price}
            for v in service.variants
        ],
    }  # fmt: skip
    return {k: v for k, v in known.items() if v or k in {"id", "name", "largest_party"}}


def _parts(call: ActionCall, service: dict[str, Any]) -> list[str]:
    """The service as a customer reads it: its name, and in brackets its length and price."""
    variants = service.get("variants") or [service]
    notes: list[str] = []
    for one in variants:
        found = [one["name"]] if one is not service else []
        found += [length(call.business, one["minutes"])] if one.get("minutes") else []
        price = one.get("price")
        found += [speech.money(call.business, price)] if price is not None else []
        notes += [" ".join(found)] if found else []
    return [service["name"], *([f"({'; '.join(notes)})"] if notes else [])]


async def check_availability(call: ActionCall, params: Wish) -> dict[str, Any]:
    """Whether a party can come, and what else is free."""
    business, rules = call.business, rules_of(call.business)
    check_area(business, params.postcode)
    visit = find_visit(business, rules, params.party_size, params.service, params.variant,
                       params.resource)  # fmt: skip
    start: datetime | None = None
    if params.date is not None:
        check_date(call, visit, params.date)
    if params.date is None or params.time or params.slot_id:
        start = wanted_start(call, params.date, params.time, params.slot_id)
    day = start.astimezone(business.zone).date() if start else params.date
    assert day is not None
    check_date(call, visit, day)
    call.patch["booking_draft"] = msgspec.to_builtins(params)
    free = await free_on(call, rules, visit, day, only=start)
    answer: dict[str, Any] = {"party_size": visit.party, "date": day.isoformat()}
    if visit.service.id:
        answer["service"] = visit.service.label
    if free:
        found = spread(free, 2 * OFFERS)
        message = _free_message(call, visit, found, start)
        slots = [cards.offer(business, slot) for slot in found]
        return answer | {"available": True, "slots": slots, "message": message}
    if start is not None:
        message = why_not(call, rules, visit, start)
    else:
        day_ = speech.day(business, day)
        message = why_closed(business, day) or say(business, "nothing_free", day=day_)
    near = start or datetime.combine(day, time(12), business.zone)
    others = await find_alternatives(call, rules, visit, near)
    return answer | {"available": False, "alternatives": others, "message": message}


def _free_message(call: ActionCall, visit: Visit, found: list[Slot], start: datetime | None) -> str:
    business = call.business
    if start is None:
        day = found[0].start.astimezone(business.zone).date()
        times = cards.times_label(business, found)
        return say(business, "free_times", day=speech.day(business, day), times=times)
    when = cards.when(business, start)
    if found[0].left is not None:
        return say(business, "seats_left", when=when, left=found[0].left)
    if visit.party > 1 or not visit.service.id:
        return say(business, "free_for", when=when, party=visit.party)
    return say(business, "free", when=when)


async def lookup_booking(call: ActionCall, params: LookupBooking) -> dict[str, Any]:
    """The customer's own bookings, or one by reference with a matching name, number or address."""
    business, rules = call.business, rules_of(call.business)
    if not params.reference.strip():
        own = await bookings.upcoming(call.db, business.id, call.contact.id, call.now)
        call.patch["commitments"] = [cards.commitment(booking) for booking in own]
        return {
            "bookings": [
                cards.booking_card(business, rules, booking) | feeds.of_customer(call, booking)
                for booking in own
            ],
            "message": "" if own else say(business, "no_upcoming"),
        }
    proof = Proof(
        reference=params.reference, name=params.name, phone=params.phone, email=params.email
    )
    booking = await _counted(call, proof)
    call.patch["commitments"] = [cards.commitment(booking)]
    card = cards.booking_card(business, rules, booking, own=is_own(call, booking))
    if booking["status"] == "cancelled":
        card["message"] = say(business, "cancelled", when=card["label"],
                              reference=card["reference"])  # fmt: skip
    return card


async def _counted(call: ActionCall, proof: Proof) -> Row:
    """The proven booking. A failure is counted, so it must leave the transaction in peace."""
    async with call.db.transaction():
        try:
            return await proven(call, proof)
        except ActionError as error:
            failed = error
    raise failed
