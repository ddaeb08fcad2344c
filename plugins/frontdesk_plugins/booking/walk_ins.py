"""How long whoever walks in now would wait, as the book stands."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

from msgspec.structs import replace

from frontdesk import ActionCall, Business, speech
from frontdesk.hours import open_spans, spans_starting
from frontdesk_plugins.booking import ledger, waiting
from frontdesk_plugins.booking.asked import find_alternatives, find_visit, why_closed
from frontdesk_plugins.booking.ledger import Mine
from frontdesk_plugins.booking.params import QuoteWait
from frontdesk_plugins.booking.rules import BookingRules, rules_of
from frontdesk_plugins.booking.slots import slots_on
from frontdesk_plugins.booking.visits import Visit
from frontdesk_plugins.booking.words import length, say

GRAIN = 5
"""Minutes. A wait is no more exact than this, and a shorter one is none."""
LONG = 90
"""Minutes. Of a longer wait the customer is told the time instead."""


async def quote_wait(call: ActionCall, params: QuoteWait) -> dict[str, Any]:
    """About how long until something is free today. It keeps nothing and promises nothing."""
    business, rules = call.business, rules_of(call.business)
    visit = find_visit(business, rules, params.party_size, params.service, params.variant,
                       params.resource)  # fmt: skip
    answer: dict[str, Any] = {"party_size": visit.party}
    start = await _first_today(call, rules, visit)
    if start is None:
        return answer | await _nothing_today(call, rules, visit)
    minutes = -(-(start - call.now) // timedelta(minutes=GRAIN)) * GRAIN
    if start - call.now < timedelta(minutes=GRAIN):
        said = say(business, "wait_none", party=visit.party)
        return answer | {"status": "free", "minutes": 0, "message": said}
    at = speech.clock(business, start)
    key, wait = ("wait", length(business, minutes)) if minutes <= LONG else ("wait_until", "")
    said = say(business, key, party=visit.party, wait=wait, time=at)
    wall = f"{start.astimezone(business.zone):%H:%M}"
    return answer | {"status": "wait", "minutes": minutes, "time": wall, "message": said}


async def _first_today(call: ActionCall, rules: BookingRules, visit: Visit) -> datetime | None:
    """The earliest start before the business closes: without the notice that bookings need, and not
    only on their grid. A night that goes on past midnight belongs to its evening."""
    business, now = call.business, call.now.astimezone(UTC)
    today = now.astimezone(business.zone).date()
    ends = [span.end for span in open_spans(business, today, today) if span.end > now]
    if not ends:
        return None
    last = ends[-1].astimezone(business.zone).date()
    mine = Mine(conversation=call.conversation)
    busy = await ledger.busy_on(call.db, business, rules, today, last, now, mine)
    walk_in = replace(visit, lead=0, step=GRAIN)
    for day in sorted({today, last}):
        for slot in slots_on(business, rules, walk_in, day, now, busy):
            return slot.start if slot.start < ends[-1] else None
    return None


async def _nothing_today(call: ActionCall, rules: BookingRules, visit: Visit) -> dict[str, Any]:
    business, today = call.business, call.now.astimezone(call.business.zone).date()
    others = await find_alternatives(call, rules, visit, call.now)
    evening = _evening(business, today, call.now)
    if evening is None and (closed := why_closed(business, today)):
        return {"status": "closed", "alternatives": others, "message": closed}
    ahead = await waiting.ahead(call, visit, evening or today)
    said = say(business, "wait_not_today", party=visit.party)
    if ahead:
        said += f" {say(business, 'wait_ahead', count=ahead)}"
    return {"status": "full", "waiting": ahead, "alternatives": others, "message": said}


def _evening(business: Business, today: date, now: datetime) -> date | None:
    """The date of whose opening hours this moment is a part; None when it is in none."""
    for day in (today, today - timedelta(days=1)):
        if any(span.start <= now < span.end for span in spans_starting(business, day)):
            return day
    return None
