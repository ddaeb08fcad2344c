"""Booking nights. What is proposed is held until the guest has answered, or some minutes."""

from datetime import date
from typing import Any

import msgspec

from frontdesk import ActionCall, ActionError, Commitment, phones, speech
from frontdesk.database import Row
from frontdesk.references import shown
from frontdesk_plugins.stays import cards, ledger, nights
from frontdesk_plugins.stays.asked import ask, plan_of
from frontdesk_plugins.stays.ledger import Deal, Guest
from frontdesk_plugins.stays.offers import check_length, none_free, room_of, taken_around
from frontdesk_plugins.stays.params import BookRoom
from frontdesk_plugins.stays.rules import rules_of
from frontdesk_plugins.stays.words import say

PROPOSALS = 2
"""So many are held for a guest at a time."""


async def propose_room(call: ActionCall, params: BookRoom) -> dict[str, Any]:
    """Hold the rooms and read everything back."""
    business, guest = call.business, guest_of(call, params)
    deal = await _deal(call, params)
    await nights.lock(call.db, business.id, [deal.room.id])
    await _check_kept(call)
    await ledger.add(call, deal, guest, await _units(call, deal), hold=True)
    call.patch["commitments"] = [await _holding(call)]
    card = cards.deal_card(call, deal)
    what = card["label"]
    if len(deal.asked.rules.offered) > 1:
        what += f", {deal.plan.title}"
    party = deal.asked.party
    message = say(
        business, "read_back", what=what, name=guest.name, phone=phones.shown(guest.phone),
        party=cards.party_of(business, party.adults, len(party.children)),
        total=speech.money(business, deal.total), policy=card["policy"],
    )  # fmt: skip
    return card | {"name": guest.name, "message": message}


async def withdraw(call: ActionCall, params: BookRoom) -> dict[str, Any]:
    """Let go of what the proposal held."""
    held = await ledger.held(call)
    await nights.lock(call.db, call.business.id, {row["room_type"] for row in held})
    await ledger.drop(call, held)
    call.patch["commitments"] = [await _holding(call)]
    return {}


async def _check_kept(call: ActionCall) -> None:
    """A guest may want a king and a queen; nobody keeps half the house from others. What an earlier
    turn proposed is let go of before; what other conversations of the guest hold counts too. Raises
    ActionError."""
    kept = ledger.by_reference(await ledger.kept(call))
    if len(kept) >= PROPOSALS:
        held = "; ".join(cards.what_of(call, rows) for rows in kept)
        raise ActionError(say(call.business, "answer_first", held=held))


async def _holding(call: ActionCall) -> Commitment:
    rows = await ledger.kept(call)
    return cards.holding([row for row in rows if row["conversation"] == call.conversation])


async def book_room(call: ActionCall, params: BookRoom) -> dict[str, Any]:
    """Book, or say why not and what is free instead. Runs in the outcome's transaction."""
    rows = await book(call, params)
    row = rows[0]
    call.patch |= {
        "contact": {key: row[key] for key in ("name", "phone", "email")},
        "commitments": [await _holding(call), cards.commitment(call, rows)],
    }
    return cards.stay_card(call, rows) | _told(call, rows)


async def book(call: ActionCall, params: BookRoom) -> list[Row]:
    """The rooms that the call books, or has booked before. Runs in a transaction."""
    rows = await ledger.made_by(call)
    if not rows:
        held = await ledger.held(call)
        rows = await _confirm(call, held) or await _late(call, params, held)
    return rows


async def _confirm(call: ActionCall, held: list[Row]) -> list[Row]:
    """What the proposal holds is booked at the price that it told; nothing when it has expired."""
    if not held:
        return []
    await nights.lock(call.db, call.business.id, {row["room_type"] for row in held})
    if not await ledger.is_kept(call, held):
        return []
    return await ledger.confirm(call, held)


async def _late(call: ActionCall, params: BookRoom, held: list[Row]) -> list[Row]:
    """Without a hold, or after it expired: then only what was agreed to."""
    if not call.proposal:
        return await sell(call, params)
    if not held:
        raise ActionError(say(call.business, "gone"))
    read = msgspec.structs.replace(
        params, room_type=held[0]["room_type"], rate_plan=held[0]["rate_plan"]
    )
    if not ledger.is_same(held, await _deal(call, read)):
        raise ActionError(say(call.business, "changed"))
    await nights.lock(call.db, call.business.id, [read.room_type])
    await ledger.drop(call, held)
    return await sell(call, read)


async def sell(call: ActionCall, params: BookRoom, since: date | None = None) -> list[Row]:
    """Book what is free, whatever was read back; `since`: see `ask`. Raises ActionError."""
    guest, deal = guest_of(call, params), await _deal(call, params, since)
    await nights.lock(call.db, call.business.id, [deal.room.id])
    return await ledger.add(call, deal, guest, await _units(call, deal), hold=False)


async def _deal(call: ActionCall, params: BookRoom, since: date | None = None) -> Deal:
    asked = ask(call, params, since)
    room = await room_of(call, asked, params)
    check_length(call, asked, room)
    plan = plan_of(call.business, asked.rules, params.rate_plan)
    return ledger.deal_of(call, asked, room, plan)


async def _units(call: ActionCall, deal: Deal) -> list[int]:
    """Free units, as many as are wanted. The type is locked; raises ActionError with other offers."""
    asked = deal.asked
    await nights.drop_expired(call.db, call.business.id, deal.room.id, asked.nights, call.now)
    taken = await taken_around(call, asked, mine="")  # what another proposal holds stays held
    free = nights.free_units(asked.rules, deal.room, taken, asked.nights)
    if len(free) < asked.party.rooms:
        raise await none_free(call, asked, deal.room)
    return free[: asked.party.rooms]


def guest_of(call: ActionCall, params: BookRoom) -> Guest:
    if not params.name.strip():
        raise ActionError(say(call.business, "name"), needs="name")
    return Guest(
        name=params.name.strip(), phone=phones.of_customer(call.business, params.phone),
        email=params.email.strip(), wishes=params.wishes.strip(),
    )  # fmt: skip


def _told(call: ActionCall, rows: list[Row]) -> dict[str, Any]:
    business, row = call.business, rows[0]
    reference = shown(row["reference"])
    total = speech.money(business, sum(one["total"] for one in rows), row["currency"])
    message = say(
        business, "booked", what=cards.what_of(call, rows), name=row["name"], total=total,
        reference=reference,
    )  # fmt: skip
    told: dict[str, Any] = {}
    if row["wishes"]:
        message += f" {say(business, 'wishes')}"
    if template := rules_of(business).guarantee_link:
        told["guarantee_link"] = template.replace("{reference}", reference)
        message += f" {say(business, 'guarantee', link=told['guarantee_link'])}"
    return told | {"message": message}
