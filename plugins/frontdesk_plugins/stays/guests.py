"""Whose stay it is, how it stands, and what guests ask for during it.

Nobody learns from this whether another person stays here: what is not proven is answered as what is
not there, and failures are counted.
"""

from datetime import date, time
from typing import Any

from msgspec.structs import replace

from frontdesk import ActionCall, ActionError, Commitment, speech
from frontdesk.database import Row
from frontdesk.proof import Proof, check, is_own
from frontdesk.references import shown
from frontdesk_plugins.stays import cards, ledger
from frontdesk_plugins.stays.params import LateCheckout, LookupStay, StayRequest
from frontdesk_plugins.stays.rules import rules_of
from frontdesk_plugins.stays.words import say


async def proven(call: ActionCall, params: LookupStay) -> list[Row]:
    """All rooms of the stay, if the caller may know of it. Runs in a transaction, which counts
    failures. Without a reference it is the caller's own, if there is just one."""
    if not params.reference.strip():
        found = await ledger.own(call, _today(call))
        if not found:
            raise ActionError(say(call.business, "none_own"), needs="reference")
        if len(found) > 1:
            raise _which(call, found)
        return found[0]
    rows = await ledger.find(call.db, call.business.id, params.reference)
    proof = Proof(
        reference=params.reference, name=params.name, phone=params.phone, email=params.email
    )
    verdict = await check(call, rows[0] if rows else None, proof)
    if verdict == "too_many":
        raise ActionError(say(call.business, "too_many"), needs_person=True)
    if verdict == "unproven" or not rows:
        raise ActionError(say(call.business, "not_found"), keep_writes=True)
    return rows


def _which(call: ActionCall, found: list[list[Row]]) -> ActionError:
    """Two of their own, and no word which is meant."""
    options = [
        {"value": reference, "label": f"{reference}: {cards.what_of(call, rows)}"}
        for rows in found
        for reference in (shown(rows[0]["reference"]),)
    ]
    choices = "; ".join(one["label"] for one in options)
    return ActionError(
        say(call.business, "which_stay", choices=choices), needs="reference", options=options
    )


async def lookup_stay(call: ActionCall, params: LookupStay) -> dict[str, Any]:
    """The caller's own stays, or the one that they prove to be theirs."""
    if not params.reference.strip():
        found = await ledger.own(call, _today(call))
        if not found:
            raise ActionError(say(call.business, "none_own"), needs="reference")
        call.patch["commitments"] = [cards.commitment(call, rows) for rows in found]
        told = "\n".join(_shown(call, rows) for rows in found)
        return {"stays": [cards.stay_card(call, rows) for rows in found], "message": told}
    rows = await _counted(call, params)
    call.patch["commitments"] = [cards.commitment(call, rows)]
    card = cards.stay_card(call, rows, own=is_own(call, rows[0]))
    return card | {"message": _shown(call, rows)}


async def _counted(call: ActionCall, params: LookupStay) -> list[Row]:
    """As `proven`, where nothing else is written: a failure has to leave the transaction in peace."""
    async with call.db.transaction():
        try:
            return await proven(call, params)
        except ActionError as error:
            failed = error
    raise failed


def _shown(call: ActionCall, rows: list[Row]) -> str:
    status = cards.status_of(call.business, rows[0])
    if rows[0]["status"] == "confirmed":
        status += f" {cards.terms_of(call, rows)}"
    reference = shown(rows[0]["reference"])
    what = cards.what_of(call, rows)
    return say(call.business, "shown", reference=reference, what=what, status=status)


# ---- what guests ask for ---------------------------------------------------------------------


async def stay_request(call: ActionCall, params: StayRequest) -> dict[str, Any]:
    """Pass a wish on to the team, from the day of arrival to the day of departure."""
    rows = await proven(call, params)
    row, today = rows[0], _today(call)
    if row["status"] not in ledger.LIVE or not row["check_in"] <= today <= row["check_out"]:
        raise ActionError(say(call.business, "not_current"))
    return await _pass_on(call, rows, params.category.replace("_", " "), params.text.strip())


async def late_checkout(call: ActionCall, params: LateCheckout) -> dict[str, Any]:
    """Pass on the wish to leave later. The team grants it, or not."""
    business, rules = call.business, rules_of(call.business)
    rows = await proven(call, params)
    row = rows[0]
    if row["status"] not in ledger.LIVE or row["check_out"] < _today(call):
        raise ActionError(say(business, "late_over"))
    day = date.fromisoformat(row["check_out"])
    if time.fromisoformat(params.until) <= time.fromisoformat(rules.check_out):
        regular = cards.wall(business, day, rules.check_out)
        raise ActionError(say(business, "late_time", time=regular), needs="until")
    wish = say(
        business, "late", time=cards.wall(business, day, params.until),
        day=speech.day(business, day),
    )  # fmt: skip
    return await _pass_on(call, rows, "late check-out", wish)


async def _pass_on(call: ActionCall, rows: list[Row], category: str, text: str) -> dict[str, Any]:
    """The team gets it as a message, with the stay that it is about."""
    business, row = call.business, rows[0]
    reference = shown(row["reference"])
    taken = call.plugins.ask(
        "leave_message",
        but=business.plugins.disabled,
        business=business,
        conversation=call.conversation,
        contact=replace(call.contact, name=row["name"], phone=row["phone"], email=row["email"]),
        topic=f"{reference}: {category}"[:80],
        text=f"{cards.what_of(call, rows)}: {text}",
        now=call.now,
    )
    for _, waiting in taken:
        with call.db.bound():
            await waiting
        passed = Commitment(
            kinds=("recorded", "message_taken"), subject=f"request {reference}", facts=(reference,)
        )
        call.patch["commitments"] = [cards.commitment(call, rows), passed]
        message = say(business, "passed_on", text=text.rstrip(".!"))
        return {"reference": reference, "status": "received", "category": category,
                "message": message}  # fmt: skip
    raise ActionError(say(business, "nobody"), needs_person=True)


def _today(call: ActionCall) -> str:
    return call.now.astimezone(call.business.zone).date().isoformat()
