"""Customers who say that they will come."""

from typing import Any

from frontdesk import ActionCall, ActionError
from frontdesk.instants import instant, ms
from frontdesk.references import shown
from frontdesk_plugins.booking import bookings, cards
from frontdesk_plugins.booking.params import ConfirmAttendance
from frontdesk_plugins.booking.proof import Proof, is_own, proven
from frontdesk_plugins.booking.rules import rules_of
from frontdesk_plugins.booking.words import say


async def confirm_attendance(call: ActionCall, params: ConfirmAttendance) -> dict[str, Any]:
    """Confirm a booking, by whoever may see it. To confirm it again changes nothing."""
    business = call.business
    proof = Proof(
        reference=params.reference, name=params.name, phone=params.phone, email=params.email
    )
    booking = await bookings.lock(call.db, await proven(call, proof))
    if booking["status"] == "cancelled":
        raise ActionError(say(business, "was_cancelled"))
    rules, reference = rules_of(business), shown(booking["reference"])
    if booking["status"] == "pending":
        what = cards.described(business, rules, cards.what_of(rules, booking))
        raise ActionError(say(business, "requested", what=what, reference=reference))
    if booking["status"] != "confirmed" or instant(booking["starts"]) <= call.now:
        raise ActionError(say(business, "begun"))
    if not booking["attends"]:
        await call.db.fetch(
            "UPDATE booking SET attends = {} WHERE id = {}", ms(call.now), booking["id"]
        )
    call.patch["commitments"] = [cards.commitment(booking)]
    card = cards.booking_card(business, rules, booking, own=is_own(call, booking))
    when = cards.when(business, instant(booking["starts"]))
    return card | {"message": say(business, "attends", name=card["name"], when=when)}
