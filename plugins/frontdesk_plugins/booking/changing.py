"""Moving and cancelling: with proof, and by the policy that held when the booking was made."""

from datetime import date, datetime
from typing import Any

import msgspec

from frontdesk import ActionCall, ActionError, speech
from frontdesk.instants import instant, ms
from frontdesk.references import shown
from frontdesk_plugins.booking import bookings, cards, feeds, holds, ledger, waiting
from frontdesk_plugins.booking.asked import (
    check_date,
    find_alternatives,
    find_visit,
    wanted_start,
    why_not,
)
from frontdesk_plugins.booking.holds import Place
from frontdesk_plugins.booking.ledger import Row
from frontdesk_plugins.booking.params import CancelBooking, RescheduleBooking
from frontdesk_plugins.booking.proof import Proof, is_own, proven
from frontdesk_plugins.booking.rules import BookingRules, rules_of
from frontdesk_plugins.booking.visits import Visit
from frontdesk_plugins.booking.words import length, say


class Change(msgspec.Struct, frozen=True):
    """A change of time that may be made, if there is room."""

    rules: BookingRules
    booking: Row
    visit: Visit
    start: datetime


async def _own(call: ActionCall, params: RescheduleBooking | CancelBooking) -> Row:
    """The proven booking, locked."""
    proof = Proof(
        reference=params.reference, name=params.name, phone=params.phone, email=params.email
    )
    return await bookings.lock(call.db, await proven(call, proof))


def _check_open(call: ActionCall, booking: Row) -> None:
    if booking["status"] not in bookings.LIVE or instant(booking["starts"]) <= call.now:
        raise ActionError(say(call.business, "begun"))


def _ask_person(call: ActionCall, text: str) -> ActionError:
    return ActionError(f"{text} {say(call.business, 'person')}", needs_person=True)


# ---- another time ----------------------------------------------------------------------------


async def _change(call: ActionCall, params: RescheduleBooking) -> Change:
    business, rules = call.business, rules_of(call.business)
    booking = await _own(call, params)
    if booking["status"] == "cancelled":
        raise ActionError(say(business, "was_cancelled"))
    _check_open(call, booking)
    policy = bookings.policy_of(booking)
    if booking["moves"] >= policy.moves:
        raise _ask_person(call, say(business, "too_many_moves"))
    if call.now > bookings.free_until(booking):
        notice = length(business, policy.cancel_until)
        raise _ask_person(call, say(business, "too_late", notice=notice))
    party = params.party_size or booking["party"]
    visit = find_visit(business, rules, party, booking["service"], booking["variant"],
                       params.resource)  # fmt: skip
    start = _new_start(call, params, booking)
    check_date(call, visit, start.astimezone(business.zone).date())
    if (ms(start), party) == (booking["starts"], booking["party"]) and not params.resource:
        raise ActionError(say(business, "same_time"))
    return Change(rules, booking, visit, start)


def _new_start(call: ActionCall, params: RescheduleBooking, booking: Row) -> datetime:
    """What is not said stays: "the same time on Friday"."""
    if params.slot_id is not None or (params.date and params.time):
        return wanted_start(call, params.date, params.time, params.slot_id)
    if not params.date and not params.time:
        return instant(booking["starts"])
    day, _, wall = booking["wall"].partition("T")
    return wanted_start(call, params.date or date.fromisoformat(day), params.time or wall, None)


async def _place(call: ActionCall, change: Change) -> tuple[Place, Row | None]:
    rules, visit, start = change.rules, change.visit, change.start
    identifier = change.booking["id"]
    held = await holds.held_for(call, visit, start, moving=identifier)
    place = None
    if start > call.now:
        for wished in [visit] if held else _wishes(change):
            place = place or await holds.find_place(
                call, rules, wished, start, moving=identifier, held=held
            )
    if place is None:
        others = await find_alternatives(call, rules, visit, start, moving=identifier)
        raise ActionError(why_not(call, rules, visit, start), alternatives=others)
    return place, held


def _wishes(change: Change) -> list[Visit]:
    """The same member of staff as before, then anyone."""
    staff = {r.id for r in change.rules.resources if r.kind == "staff"}
    same = staff & set(bookings.resources_of(change.booking))
    kept = tuple(
        option for option in change.visit.options if same and same <= set(option.resources)
    )
    return [*([msgspec.structs.replace(change.visit, options=kept)] if kept else []), change.visit]


async def propose_move(call: ActionCall, params: RescheduleBooking) -> dict[str, Any]:
    business, change = call.business, await _change(call, params)
    place, held = await _place(call, change)
    booking = change.booking
    purpose = holds.purpose_of_move(booking["id"])
    await holds.hold(call, change.visit, place, purpose, moving=booking["id"], held=held)
    what = cards.what_of_slot(business, change.visit, place.slot)
    call.patch["commitments"] = [cards.holding(what, business)]
    reference = shown(booking["reference"])
    old = speech.moment(business, instant(booking["starts"]))
    message = say(business, "move", reference=reference, old=old,
                  what=cards.described(business, change.rules, what))  # fmt: skip
    card = cards.card_of(business, change.rules, what)
    return card | {"reference": reference, "message": message}


async def reschedule_booking(call: ActionCall, params: RescheduleBooking) -> dict[str, Any]:
    """Move a booking in one transaction; when that fails the old one stands."""
    business, change = call.business, await _change(call, params)
    place, _ = await _place(call, change)
    old = change.booking
    await holds.let_go(call, change.visit, place, holds.purpose_of_move(old["id"]))
    booking = await bookings.move(call, old, change.visit, place)
    if place.ids.keys() >= set(ledger.every_key(change.rules)):
        await waiting.offer(call.db, business, _day(call, old), call.now)
    call.patch["commitments"] = [cards.NOTHING_HELD, cards.commitment(booking, "moved")]
    card = cards.booking_card(business, change.rules, booking, own=is_own(call, booking))
    what = cards.described(business, change.rules, cards.what_of(change.rules, booking))
    message = say(business, "moved", what=what, reference=card["reference"])
    return card | feeds.of_customer(call, booking) | {"message": message}


def _day(call: ActionCall, booking: Row) -> date:
    return instant(booking["starts"]).astimezone(call.business.zone).date()


# ---- not at all ------------------------------------------------------------------------------


def _fee(call: ActionCall, booking: Row) -> int:
    """What cancelling costs now. Raises ActionError when only the team may do it."""
    policy = bookings.policy_of(booking)
    if call.now <= bookings.free_until(booking):
        return 0
    if not policy.fee:
        notice = length(call.business, policy.cancel_until)
        raise _ask_person(call, say(call.business, "too_late", notice=notice))
    return policy.fee


async def propose_cancel(call: ActionCall, params: CancelBooking) -> dict[str, Any]:
    """Read back what is to be cancelled, and what that costs."""
    business, rules = call.business, rules_of(call.business)
    booking = await _own(call, params)
    card = cards.booking_card(business, rules, booking, own=is_own(call, booking))
    if booking["status"] == "cancelled":
        raise ActionError(say(business, "cancelled_before"))
    _check_open(call, booking)
    what = cards.described(business, rules, cards.what_of(rules, booking))
    message = say(business, "cancel", reference=card["reference"], what=what)
    if fee := _fee(call, booking):
        await call.db.fetch(
            "UPDATE booking SET fee_told = {} WHERE id = {}", call.proposal, booking["id"]
        )
        amount = speech.money(business, fee, booking["currency"])
        message += f". {say(business, 'fee', fee=amount)}"
        card |= {"fee": fee, "currency": booking["currency"]}
    return card | {"message": message}


async def cancel_booking(call: ActionCall, params: CancelBooking) -> dict[str, Any]:
    """Cancel, with the same proof as for a look-up, and the consent to a fee if there is one."""
    business, rules = call.business, rules_of(call.business)
    booking = await _own(call, params)
    own = is_own(call, booking)
    if booking["status"] == "cancelled":
        call.patch["commitments"] = [cards.commitment(booking)]
        card = cards.booking_card(business, rules, booking, own=own)
        return card | {"message": say(business, "cancelled_before")}
    _check_open(call, booking)
    fee = _fee(call, booking)
    amount = speech.money(business, fee, booking["currency"])
    is_agreed = params.accept_fee or (call.proposal and booking["fee_told"] == call.proposal)
    if fee and not is_agreed:
        notice = length(business, bookings.policy_of(booking).cancel_until)
        raise ActionError(
            say(business, "late_fee", notice=notice, fee=amount), needs_consent=True, fee=fee
        )
    done = await bookings.change_status(
        call.db, booking, "cancelled", call.now, by="customer", reason=params.reason, fee=fee
    )
    assert done is not None, "it is locked"
    await waiting.offer(call.db, business, _day(call, booking), call.now)
    call.patch["commitments"] = [cards.commitment(done)]
    card = cards.booking_card(business, rules, done, own=own)
    message = say(business, "cancelled", when=card["label"], reference=card["reference"])
    if fee:
        message += f" {say(business, 'fee', fee=amount)}"
        card |= {"fee": fee, "currency": booking["currency"]}
    return card | {"message": message}
