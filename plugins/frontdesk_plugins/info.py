"""Questions about the business that its profile answers: who, where, when."""

from datetime import date, timedelta
from typing import Any

import msgspec

from frontdesk import Action, ActionCall, ActionError, hookimpl
from frontdesk.hours import opening, rules_of, spans_starting

FAR = 366
"""Days ahead and back that hours are told for."""


LocalDate = date
"""A name that a field called `date` does not hide."""


class NoParams(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    pass


class HoursParams(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    date: LocalDate | None = None
    """A local date; without one, today and the six days after it."""


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
    today = call.now.date()
    first = params.date or today
    if abs((first - today).days) > FAR:
        raise ActionError(f"Hours are known from a year back to a year ahead of {today}.")
    days = [first] if params.date else [today + timedelta(days=n) for n in range(7)]
    is_open, change = opening(call.business, call.now)
    local = change.astimezone(call.business.zone) if change else None
    shown = [_day(call, day) for day in days]
    state = "open" if is_open else "closed"
    until = f", and {'closes' if is_open else 'opens'} {local:%A} at {local:%H:%M}" if local else ""
    listed = "\n".join(f"- {day['label']}" for day in shown)
    return {
        "open_now": is_open,
        ("closes_at" if is_open else "opens_at"): (
            local.isoformat(timespec="minutes") if local else None
        ),
        "days": shown,
        "message": shown[0]["label"] + "."
        if params.date
        else f"{call.business.name} is {state} now{until}.\n{listed}",
    }


def _day(call: ActionCall, day: date) -> dict[str, Any]:
    ranges, reason = rules_of(call.business, day)
    zone = call.business.zone
    spans = spans_starting(call.business, day)
    hours = [
        f"{span.start.astimezone(zone):%H:%M}-{span.end.astimezone(zone):%H:%M}".replace(
            "-00:00", "-24:00"
        )
        for span in spans
    ]
    shown: dict[str, Any] = {
        "date": day.isoformat(),
        "weekday": f"{day:%A}",
        "hours": hours if ranges else [],
        "label": f"{day:%A} {day.day} {day:%B}: {', '.join(hours) or 'closed'}",
    }
    return shown | ({"reason": reason} if reason else {})


@hookimpl
def register_actions() -> list[Action]:
    return [
        Action(
            name="get_business_info",
            description="The business's name, address, telephone, e-mail, web site and facts.",
            params=NoParams,
            run=get_business_info,
            changes=False,
        ),
        Action(
            name="get_hours",
            description="Opening hours of a date, or of this week, and whether it is open now.",
            params=HoursParams,
            run=get_hours,
            changes=False,
        ),
    ]
