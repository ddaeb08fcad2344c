"""What customers ask about the business. Every answer has a `message` in its language."""

from datetime import date, timedelta
from typing import Annotated, Any

import msgspec
from msgspec import Meta

from frontdesk import ActionCall, ActionError
from frontdesk.speech import day
from frontdesk_plugins.info.entries import Entry
from frontdesk_plugins.info.hours import day_of, now_label
from frontdesk_plugins.info.search import search
from frontdesk_plugins.info.words import say

FAR = 366
"""Days ahead and back that hours are told for."""
WEEK, MOST_DAYS = 7, 31

LocalDate = date
"""A name that a field called `date` does not hide."""


class NoParams(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    pass


class HoursParams(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    date: LocalDate | None = None
    """Local. Without it: from today on."""
    until: LocalDate | None = None
    """The last local date, included. Without both: this week; with `date` alone: that day."""


class FaqParams(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    query: Annotated[str, Meta(min_length=1, max_length=300)]


async def get_business_info(call: ActionCall, _: NoParams) -> dict[str, Any]:
    business = call.business
    info: dict[str, Any] = {
        key: getattr(business, key)
        for key in ("name", "description", "address", "directions", "phone", "email", "website")
        if getattr(business, key)
    }
    info |= {"facts": business.facts} if business.facts else {}
    where = [business.name, business.address, business.directions, business.phone, business.website]
    return info | {"message": ". ".join(part.rstrip(".") for part in where if part) + "."}


async def get_hours(call: ActionCall, params: HoursParams) -> dict[str, Any]:
    business, today = call.business, call.now.date()
    first = params.date or today
    last = params.until or (params.date or today + timedelta(days=WEEK - 1))
    if any(abs((at - today).days) > FAR for at in (first, last)):
        raise ActionError(say(business, "too_far", when=day(business, today)))
    if last < first:
        raise ActionError(say(business, "backwards", when=day(business, last)))
    if (last - first).days >= MOST_DAYS:
        raise ActionError(say(business, "too_many", days=MOST_DAYS))
    is_open, change, said = now_label(business, call.now)
    days = [
        day_of(business, first + timedelta(days=n), alone=n == 0)
        for n in range((last - first).days + 1)
    ]
    lines = [said] if first <= today <= last else []
    lines += [str(shown["label"]) if len(days) == 1 else f"- {shown['label']}" for shown in days]
    return {
        "open_now": is_open,
        "closes_at" if is_open else "opens_at": (
            change.isoformat(timespec="minutes") if change else None
        ),
        "days": days,
        "message": "\n".join(lines),
    }


async def search_faq(call: ActionCall, params: FaqParams) -> dict[str, Any]:
    """At most three entries. Those that lack some of the words are said to be the nearest only."""
    business = call.business
    found, is_exact = await search(call.db, business, params.query)
    if not found:
        nothing = say(business, "nothing", name=business.name)
        return {"found": False, "results": [], "message": nothing}
    results = [
        {
            "id": entry.id,
            "question": entry.question,
            "answer": entry.answer,
            "source": entry.source or business.name,
        }
        | ({"url": entry.url} if entry.url else {})
        for entry in found
    ]
    message = _shown(call, found[0]) if is_exact else say(business, "nearest")
    if not is_exact:
        message += "".join(f"\n- {_titled(entry)} {_shown(call, entry)}" for entry in found)
    return {"found": True, "exact": is_exact, "results": results, "message": message}


def _titled(entry: Entry) -> str:
    """The question as a heading; a fact's topic is none by itself."""
    title = entry.question[:1].upper() + entry.question[1:]
    return title if title[-1:] in "?!.:" else f"{title}:"


def _shown(call: ActionCall, entry: Entry) -> str:
    """The answer, with where it is written when the entry says so."""
    where = ", ".join(part for part in (entry.source, entry.url) if part)
    return entry.answer + (f" ({say(call.business, 'source', source=where)})" if where else "")
