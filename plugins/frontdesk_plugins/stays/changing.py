"""Cancelling: with proof, and by the terms that held when the stay was booked."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from frontdesk import ActionCall, ActionError, speech
from frontdesk.database import Row
from frontdesk.instants import ms
from frontdesk.proof import is_own
from frontdesk.references import shown
from frontdesk_plugins.stays import cards, ledger, prices
from frontdesk_plugins.stays.guests import proven
from frontdesk_plugins.stays.params import CancelStay
from frontdesk_plugins.stays.rules import rules_of
from frontdesk_plugins.stays.words import say


async def propose_cancel(call: ActionCall, params: CancelStay) -> dict[str, Any]:
    """Read back what is to be cancelled, and what that costs."""
    business, rows = call.business, await _own(call, params)
    live = _open(call, rows)
    reference = shown(rows[0]["reference"])
    message = say(business, "cancel", reference=reference, what=cards.what_of(call, live))
    fee = _fee(call, live)
    card = cards.stay_card(call, live, own=is_own(call, live[0])) | {"fee": fee}
    if fee:
        for row in live:
            await ledger.update(call.db, row, {"fee_told": call.proposal})
        amount = speech.money(business, fee, live[0]["currency"])
        return card | {"message": f"{message}. {say(business, 'fee', fee=amount)}"}
    return card | {"message": f"{message}. {say(business, 'no_fee')}"}


async def cancel_stay(call: ActionCall, params: CancelStay) -> dict[str, Any]:
    """Cancel all rooms of a reference, with the consent to a fee if there is one."""
    business, rows = call.business, await _own(call, params)
    own = is_own(call, rows[0])
    if all(row["status"] == "cancelled" for row in rows):
        call.patch["commitments"] = [cards.commitment(call, rows)]
        return cards.stay_card(call, rows, own=own) | {"message": say(business, "cancelled_before")}
    live = _open(call, rows)
    fee = _fee(call, live)
    amount = speech.money(business, fee, live[0]["currency"])
    told = all(row["fee_told"] == call.proposal for row in live) and call.proposal
    if fee and not (told or params.accept_fee):
        raise ActionError(say(business, "late_fee", fee=amount), needs_consent=True, fee=fee)
    done = [
        await ledger.end(call.db, row, "cancelled", reason=params.reason, fee=_fee(call, [row]))
        for row in live
    ]
    call.patch["commitments"] = [cards.commitment(call, done)]
    reference = shown(done[0]["reference"])
    message = say(business, "cancelled", what=cards.what_of(call, done), reference=reference)
    if fee:
        message += f" {say(business, 'fee', fee=amount)}"
    return cards.stay_card(call, done, own=own) | {"fee": fee, "message": message}


async def _own(call: ActionCall, params: CancelStay) -> list[Row]:
    """The rooms of the proven stay, locked."""
    return await ledger.lock(call.db, await proven(call, params))


def _open(call: ActionCall, rows: Sequence[Row]) -> list[Row]:
    """The rooms that can still be cancelled here. Raises ActionError when there are none."""
    business, rules = call.business, rules_of(call.business)
    live = [row for row in rows if row["status"] == "confirmed"]
    if not live and all(row["status"] == "cancelled" for row in rows):
        raise ActionError(say(business, "cancelled_before"))
    begins = prices.arrival(business, rules, date.fromisoformat(rows[0]["check_in"]))
    if not live or call.now >= begins:
        raise ActionError(say(business, "begun"), needs_person=True)
    return live


def _fee(call: ActionCall, rows: Sequence[Row]) -> int:
    """What cancelling costs now."""
    terms = [ledger.policy_of(row) for row in rows]
    return sum(one.fee for one in terms if ms(call.now) > one.free_until)
