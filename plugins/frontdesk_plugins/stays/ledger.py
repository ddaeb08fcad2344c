"""The rows of stays: held, booked, looked up, ended. All run in the caller's transaction."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any, Literal

import msgspec

from frontdesk import ActionCall
from frontdesk.database import Database, Row
from frontdesk.ids import new_id
from frontdesk.instants import ms
from frontdesk.references import new_reference, normal
from frontdesk_plugins.stays import nights, prices
from frontdesk_plugins.stays.asked import Asked
from frontdesk_plugins.stays.prices import Policy, Quote
from frontdesk_plugins.stays.rules import RatePlan, RoomType

MINUTES = {"sms": 20}
"""How long a proposal is held, by channel: who writes text messages answers more slowly."""
MINUTES_ELSEWHERE = 10
KEPT = timedelta(days=1)
"""How long an expired hold is remembered: a late yes is held against its price and terms."""
LIVE = ("confirmed", "arrived")

End = Literal["departed", "no_show", "cancelled"]


class Guest(msgspec.Struct, frozen=True, kw_only=True):
    name: str
    phone: str
    email: str = ""
    wishes: str = ""


class Deal(msgspec.Struct, frozen=True):
    """What a guest agrees to."""

    asked: Asked
    room: RoomType
    plan: RatePlan
    quotes: tuple[Quote, ...]
    policies: tuple[Policy, ...]
    currency: str

    @property
    def total(self) -> int:
        return sum(quote.total for quote in self.quotes)


# ---- holding and booking ---------------------------------------------------------------------


async def made_by(call: ActionCall) -> list[Row]:
    """What this very call has booked before."""
    return await call.db.fetch(
        "SELECT * FROM stay WHERE business = {} AND call = {} ORDER BY room",
        call.business.id, call.id,
    )  # fmt: skip


async def held(call: ActionCall) -> list[Row]:
    """What the call's proposal holds or held."""
    if not call.proposal:
        return []
    return await call.db.fetch(
        "SELECT * FROM stay WHERE business = {} AND conversation = {} AND proposal = {} "
        "AND status = 'held' ORDER BY room",
        call.business.id, call.conversation, call.proposal,
    )  # fmt: skip


async def kept(call: ActionCall) -> list[Row]:
    """All that is held for the caller now, in whichever of their conversations."""
    return await call.db.fetch(
        "SELECT * FROM stay WHERE business = {} AND contact = {} AND status = 'held' "
        "AND expires > {} ORDER BY created, reference, room",
        call.business.id, call.contact.id, ms(call.now),
    )  # fmt: skip


async def drop(call: ActionCall, rows: Sequence[Row]) -> None:
    """Let go of what is held. Its type is locked."""
    for row in rows:
        await nights.free(call.db, row["id"])
        await call.db.fetch("DELETE FROM stay WHERE id = {} AND status = 'held'", row["id"])


async def add(
    call: ActionCall, deal: Deal, guest: Guest, units: Sequence[int], *, hold: bool
) -> list[Row]:
    """Hold or book units that are free. Their type is locked."""
    minutes = MINUTES.get(call.channel, MINUTES_ELSEWHERE)
    asked, reference = deal.asked, new_reference()
    common: Row = {
        "business": call.business.id, "reference": reference, "contact": call.contact.id,
        "conversation": call.conversation, "channel": call.channel,
        "call": "" if hold else call.id, "proposal": call.proposal,
        "status": "held" if hold else "confirmed",
        "room_type": deal.room.id, "rate_plan": deal.plan.id,
        "check_in": asked.check_in.isoformat(), "check_out": asked.check_out.isoformat(),
        "adults": asked.party.adults, "children": _json(asked.party.children),
        "pet": asked.party.pet, "name": guest.name, "phone": guest.phone, "email": guest.email,
        "wishes": guest.wishes, "extra": _json(call.extra), "currency": deal.currency,
        "expires": ms(call.now + timedelta(minutes=minutes)) if hold else 0,
        "created": ms(call.now), "version": 0, "agent": "", "fee_told": "", "fee": 0,
        "reason": "",
    }  # fmt: skip
    rows: list[Row] = [
        common | {
            "id": new_id(), "room": n, "unit": unit, "total": quote.total,
            "policy": _json(terms),
        }
        for n, (unit, quote, terms) in enumerate(
            zip(units, deal.quotes, deal.policies, strict=True)
        )
    ]  # fmt: skip
    await call.db.insert("stay", rows)
    await nights.take(call.db, rows, asked.nights)
    return rows


async def confirm(call: ActionCall, rows: Sequence[Row]) -> list[Row]:
    """What is held becomes booked. Its type is locked, and the hold has not expired."""
    changed = {"status": "confirmed", "call": call.id, "expires": 0}
    for row in rows:
        await call.db.fetch("UPDATE stay_night SET expires = 0 WHERE stay = {}", row["id"])
        await update(call.db, row, changed)
    return [row | changed for row in rows]


async def is_kept(call: ActionCall, rows: Sequence[Row]) -> bool:
    """Whether a hold has not expired, and nobody whose clock is ahead took its nights. It is locked."""
    for row in rows:
        left = await call.db.one(
            "SELECT COUNT(*) AS n FROM stay_night WHERE stay = {} AND expires > {}",
            row["id"], ms(call.now),
        )  # fmt: skip
        first, last = (date.fromisoformat(row[key]) for key in ("check_in", "check_out"))
        if left is None or left["n"] < (last - first).days:
            return False
    return True


def is_same(rows: Sequence[Row], deal: Deal) -> bool:
    """Whether what was proposed costs the same by the same terms."""
    currency = deal.currency
    return [(row["room_type"], row["total"], row["policy"], row["currency"]) for row in rows] == [
        (deal.room.id, quote.total, _json(terms), currency)
        for quote, terms in zip(deal.quotes, deal.policies, strict=True)
    ]


def _json(value: Any) -> str:
    return msgspec.json.encode(value).decode()


# ---- looking up ------------------------------------------------------------------------------


async def find(database: Database, business: str, reference: str) -> list[Row]:
    """All rooms of a reference; nothing that is only held."""
    return await database.fetch(
        "SELECT * FROM stay WHERE business = {} AND reference = {} AND status <> 'held' "
        "ORDER BY room",
        business, normal(reference),
    )  # fmt: skip


async def own(call: ActionCall, today: str) -> list[list[Row]]:
    """The caller's stays that are to come or not long over, the next first, by reference."""
    phone = call.contact.phone if call.contact.phone_verified else ""
    rows = await call.db.fetch(
        "SELECT * FROM stay WHERE business = {} AND (contact = {} OR (phone = {} AND phone <> '')) "
        "AND status IN ('confirmed', 'arrived') AND check_out >= {} "
        "ORDER BY check_in, reference, room LIMIT 20",
        call.business.id, call.contact.id, phone, today,
    )  # fmt: skip
    return by_reference(rows)


def by_reference(rows: Sequence[Row]) -> list[list[Row]]:
    found: dict[str, list[Row]] = {}
    for row in rows:
        found.setdefault(row["reference"], []).append(row)
    return list(found.values())


def policy_of(row: Row) -> Policy:
    return msgspec.json.decode(row["policy"], type=Policy)


# ---- changing --------------------------------------------------------------------------------


async def lock(database: Database, rows: Sequence[Row]) -> list[Row]:
    """The rooms of a reference as they are now; nobody else changes them until the transaction ends."""
    first = rows[0]
    await nights.lock(database, first["business"], {row["room_type"] for row in rows})
    return await find(database, first["business"], first["reference"])


async def end(
    database: Database,
    row: Row,
    status: End,
    *,
    since: str = "",
    fee: int = 0,
    reason: str = "",
    agent: str = "",
) -> Row:
    """Cancelled, left or never come: its nights from the date `since` on are free. It is locked."""
    await nights.free(database, row["id"], since)
    changed: Row = {
        "status": status, "fee": fee, "reason": reason, "agent": agent,
        "version": row["version"] + 1,
    }  # fmt: skip
    await update(database, row, changed)
    return row | changed


async def update(database: Database, row: Row, changed: Row) -> None:
    columns = ", ".join(f"{column} = {{}}" for column in changed)
    await database.fetch(
        f"UPDATE stay SET {columns} WHERE id = {{}}",  # noqa: S608  our own names
        *changed.values(), row["id"],
    )  # fmt: skip


async def sweep(database: Database, now: datetime) -> int:
    """Free the nights of holds that expired, and forget those that are old; how many there were."""
    expired = await database.fetch(
        "SELECT DISTINCT n.stay, n.business, n.room_type FROM stay_night n "
        "WHERE n.expires > 0 AND n.expires <= {} LIMIT 500",
        ms(now),
    )
    for row in expired:
        async with database.transaction():
            await nights.lock(database, row["business"], [row["room_type"]])
            await database.fetch(
                "DELETE FROM stay_night WHERE stay = {} AND expires > 0 AND expires <= {}",
                row["stay"], ms(now),
            )  # fmt: skip
    await database.fetch("DELETE FROM stay WHERE status = 'held' AND expires <= {}", ms(now - KEPT))
    return len(expired)


def deal_of(call: ActionCall, asked: Asked, room: RoomType, plan: RatePlan) -> Deal:
    """What it costs, and the terms."""
    quotes = tuple(prices.quotes(asked.rules, room, plan, asked.nights, asked.party))
    terms = tuple(
        prices.policy(call.business, asked.rules, plan, asked.check_in, quote) for quote in quotes
    )
    return Deal(asked, room, plan, quotes, terms, call.business.currency)
