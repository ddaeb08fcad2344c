"""Whether a booking is the caller's. One answer for all that fails, so that nothing is told."""

from frontdesk import ActionCall, ActionError
from frontdesk.database import Row
from frontdesk.proof import Proof, check, is_own
from frontdesk.references import normal
from frontdesk_plugins.booking import bookings
from frontdesk_plugins.booking.words import say

__all__ = ["Proof", "is_own", "proven"]


async def proven(call: ActionCall, proof: Proof) -> Row:
    """The booking, if the caller may see it. Runs in a transaction, which counts failures.

    Raises ActionError: the same for everything that does not match, and another one after too many
    failures.
    """
    booking = await bookings.find(call.db, call.business.id, normal(proof.reference))
    verdict = await check(call, booking, proof)
    if verdict == "too_many":
        raise ActionError(say(call.business, "too_many_tries"), needs_person=True)
    if verdict == "unproven" or booking is None:
        raise ActionError(say(call.business, "not_found"), keep_writes=True)
    return booking
