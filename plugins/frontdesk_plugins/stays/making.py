"""Booking nights. What is proposed is held until the guest has answered, or some minutes."""

from typing import Any

from frontdesk import ActionCall, ActionError, phones, speech
from frontdesk.database import Row
from frontdesk.references import shown
from frontdesk_plugins.stays import cards, ledger, nights
from frontdesk_plugins.stays.asked import (
    ask,
    check_length,
    none_free,
    plan_of,
    room_of,
    taken_around,
)
from frontdesk_plugins.stays.ledger import Deal, Guest
from frontdesk_plugins.stays.params import BookRoom
from frontdesk_plugins.stays.rules import rules_of
from frontdesk_plugins.stays.words import say


async def propose_room(call: ActionCall, params: BookRoom) -> dict[str, Any]:
    """Hold the rooms and read everything back."""
    business, guest = call.business, _guest(call, params)
    deal = await _deal(call, params)
    await ledger.lock_held(call, deal.room.id)
    await ledger.let_go(call)
    await ledger.add(call, deal, guest, await _units(call, deal), hold=True)
    call.patch["commitments"] = [cards.holding(deal)]
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
    await ledger.lock_held(call)
    for row in await ledger.held(call):
        await ledger.drop(call.db, row["id"])
    call.patch["commitments"] = [cards.NOTHING_HELD]
    return {}


async def book_room(call: ActionCall, params: BookRoom) -> dict[str, Any]:
    """Book, or say why not and what is free instead. Runs in the outcome's transaction."""
    rows = await book(call, params)
    row = rows[0]
    call.patch |= {
        "contact": {key: row[key] for key in ("name", "phone", "email")},
        "commitments": [cards.NOTHING_HELD, cards.commitment(call, rows)],
    }
    return cards.stay_card(call, rows) | _told(call, rows)


async def book(call: ActionCall, params: BookRoom) -> list[Row]:
    """The rooms that the call books, or has booked before. Runs in a transaction."""
    rows = await ledger.made_by(call)
    if not rows:
        held = await ledger.held(call)
        rows = await _confirm(call, held) or await _book(call, params, held)
    return rows


async def _confirm(call: ActionCall, held: list[Row]) -> list[Row]:
    """What the proposal holds is booked at the price that it told; nothing when it has expired."""
    if not held:
        return []
    await ledger.lock_held(call)
    if not await ledger.is_kept(call, held):
        return []
    return await ledger.confirm(call, held)


async def _book(call: ActionCall, params: BookRoom, held: list[Row]) -> list[Row]:
    """Without a hold, or after it expired: then only what was agreed to."""
    guest, deal = _guest(call, params), await _deal(call, params)
    if call.proposal and not (held and ledger.is_same(held, deal)):
        raise ActionError(say(call.business, "changed"))
    await ledger.lock_held(call, deal.room.id)
    await ledger.let_go(call)
    return await ledger.add(call, deal, guest, await _units(call, deal), hold=False)


async def _deal(call: ActionCall, params: BookRoom) -> Deal:
    asked = ask(call, params)
    room = await room_of(call, asked, params)
    check_length(call, asked, room)
    plan = plan_of(call.business, asked.rules, params.rate_plan)
    return ledger.deal_of(call, asked, room, plan)


async def _units(call: ActionCall, deal: Deal) -> list[int]:
    """Free units, as many as are wanted. The type is locked; raises ActionError with other offers."""
    asked = deal.asked
    await nights.drop_expired(call.db, call.business.id, deal.room.id, asked.nights, call.now)
    taken = await taken_around(call, asked)
    free = nights.free_units(asked.rules, deal.room, taken, asked.nights)
    if len(free) < asked.party.rooms:
        raise await none_free(call, asked, deal.room)
    return free[: asked.party.rooms]


def _guest(call: ActionCall, params: BookRoom) -> Guest:
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
