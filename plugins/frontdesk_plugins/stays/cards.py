"""Stays as models read them and as guests see them."""

from collections.abc import Sequence
from datetime import date, datetime, time
from typing import Any

import msgspec

from frontdesk import ActionCall, Business, speech
from frontdesk.actions import Commitment
from frontdesk.database import Row
from frontdesk.instants import instant, ms
from frontdesk.references import shown
from frontdesk_plugins.stays.asked import dates, titled
from frontdesk_plugins.stays.ledger import Deal, policy_of
from frontdesk_plugins.stays.prices import Policy, together
from frontdesk_plugins.stays.rules import RatePlan, RoomType, StayRules, rules_of
from frontdesk_plugins.stays.words import count, say

HELD = "stay hold"
"""The subject of the commitment to hold rooms."""
_KINDS = {"confirmed": ("stay_booked", "booked"), "arrived": ("stay_booked", "booked"),
          "cancelled": ("stay_cancelled", "cancelled")}  # fmt: skip


def room_named(rules: StayRules, identifier: str) -> RoomType:
    """Also of a type that is offered no more."""
    known = next((room for room in rules.rooms if room.id == identifier), None)
    return known or RoomType(id=identifier, title=identifier, count=0, sleeps=1, price=0)


def plan_named(rules: StayRules, identifier: str) -> RatePlan:
    known = next((plan for plan in rules.offered if plan.id == identifier), None)
    return known or RatePlan(id=identifier, title=identifier)


def described(call: ActionCall, room: RoomType, rooms: int, first: date, last: date) -> str:
    """ "King room from Fri, Dec 4 to Sun, Dec 6 (2 nights)"."""
    number = count(call.business, "nights", (last - first).days)
    return f"{titled(room, rooms)} {dates(call, first, last)} ({number})"


def what_of(call: ActionCall, rows: Sequence[Row]) -> str:
    row = rows[0]
    room = room_named(rules_of(call.business), row["room_type"])
    return described(call, room, len(rows), _day(row["check_in"]), _day(row["check_out"]))


def party_of(business: Business, adults: int, children: int) -> str:
    text = count(business, "adults", adults)
    return f"{text}, {count(business, 'children', children)}" if children else text


def terms(business: Business, policies: Sequence[Policy], currency: str, now: datetime) -> str:
    """What cancelling costs, and until when it is free. All rooms of a stay have the same moment."""
    fee = speech.money(business, sum(policy.fee for policy in policies), currency)
    until = policies[0].free_until
    if not until:
        return say(business, "not_refundable", fee=fee)
    if until < ms(now):
        return say(business, "costs", fee=fee)
    moment = speech.moment(business, instant(until))
    return say(business, "free_until", until=moment, fee=fee)


def terms_of(call: ActionCall, rows: Sequence[Row]) -> str:
    """Those that hold for a stay, in the currency in which it was booked."""
    policies = [policy_of(row) for row in rows]
    return terms(call.business, policies, rows[0]["currency"], call.now)


def deal_card(call: ActionCall, deal: Deal) -> dict[str, Any]:
    asked, business = deal.asked, call.business
    return {
        "room_type": deal.room.id,
        "room": deal.room.title,
        "rate_plan": deal.plan.title,
        "rooms": asked.party.rooms,
        "check_in": asked.check_in.isoformat(),
        "check_out": asked.check_out.isoformat(),
        "nights": len(asked.nights),
        "adults": asked.party.adults,
        "children_ages": list(asked.party.children),
        "nightly": together(deal.quotes),
        "total": deal.total,
        "currency": deal.currency,
        "policy": terms(business, deal.policies, deal.currency, call.now),
        "label": described(call, deal.room, asked.party.rooms, asked.check_in, asked.check_out),
    }


def stay_card(call: ActionCall, rows: Sequence[Row], *, own: bool = True) -> dict[str, Any]:
    """What is told of a stay; of a stranger's, even a proven one, only the first name. The number of a
    room is told to nobody."""
    business, row = call.business, rows[0]
    rules = rules_of(business)
    children = msgspec.json.decode(row["children"], type=list[int])
    card: dict[str, Any] = {
        "reference": shown(row["reference"]),
        "status": row["status"],
        "room": room_named(rules, row["room_type"]).title,
        "rate_plan": plan_named(rules, row["rate_plan"]).title,
        "rooms": len(rows),
        "check_in": row["check_in"],
        "check_out": row["check_out"],
        "adults": row["adults"],
        "children_ages": children,
        "total": sum(one["total"] for one in rows),
        "currency": row["currency"],
        "policy": terms_of(call, rows),
        "label": what_of(call, rows),
        "name": row["name"] if own else row["name"].split()[0],
    }
    if own and row["wishes"]:
        card["wishes"] = row["wishes"]
    return card


def commitment(call: ActionCall, rows: Sequence[Row]) -> Commitment:
    """What is true of a stay, by its status."""
    row, rules = rows[0], rules_of(call.business)
    reference = shown(row["reference"])
    facts = [reference, row["check_in"], row["check_out"], rules.check_in, rules.check_out]
    if until := policy_of(row).free_until:
        local = instant(until).astimezone(call.business.zone)
        facts += [f"{local:%Y-%m-%d}", f"{local:%H:%M}"]
    return Commitment(kinds=_KINDS.get(row["status"], ()), subject=reference, facts=tuple(facts))


def holding(rows: Sequence[Row]) -> Commitment:
    """What is held, which may be nothing."""
    days = tuple(row[key] for row in rows for key in ("check_in", "check_out"))
    return Commitment(kinds=("held",) if rows else (), subject=HELD, facts=days)


def status_of(business: Business, row: Row) -> str:
    key = "is_cancelled" if row["status"] == "cancelled" else row["status"]
    return say(business, key)


def wall(business: Business, day: date, text: str) -> str:
    """A local time "15:00" as it is written there."""
    at = datetime.combine(day, time.fromisoformat(text), business.zone)
    return speech.clock(business, at)


def _day(text: str) -> date:
    return date.fromisoformat(text)
