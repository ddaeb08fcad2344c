"""The page "Hours": the week, other hours on some dates, breaks, and the days to come."""

from collections.abc import Mapping
from datetime import date, timedelta
from functools import partial
from typing import TYPE_CHECKING, Annotated, Any

import msgspec
from msgspec import Meta

from frontdesk import Business, profiles
from frontdesk.business import WEEKDAYS, Hours, HoursException, Ranges
from frontdesk.forms import digest, read
from frontdesk.pages import Page, PageError, PageRequest
from frontdesk.speech import day
from frontdesk_plugins.info.faq import last_change
from frontdesk_plugins.info.hours import day_of

if TYPE_CHECKING:
    from frontdesk.desk import Desk

NAMES: dict[str, str] = dict(
    zip(WEEKDAYS, ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
        strict=True)
)  # fmt: skip
MOST = 8
"""Ranges of one day."""
PREVIEW = 14
LocalDate = date
Text = Annotated[str, Meta(max_length=200)]


def page(desk: "Desk") -> Page:
    return Page(
        name="hours",
        title="Hours",
        template="frontdesk_plugins.info:pages/hours.html.j2",
        load=partial(_load, desk),
        posts={
            "week": partial(_set_week, desk),
            "add": partial(_add_exception, desk),
            "remove": partial(_remove_exception, desk),
            "add-closure": partial(_add_closure, desk),
            "remove-closure": partial(_remove_closure, desk),
        },
        post_role="manager",
        place=61,
        group="Knowledge",
    )


async def _load(desk: "Desk", request: PageRequest) -> dict[str, Any]:
    business, today = request.business, request.now.date()
    has_booking = "booking" in business.settings and "booking" in desk.plugins.business_settings
    return {
        "week": [_weekday(business, name) for name in WEEKDAYS],
        "exceptions": [_exception(business, one, today) for one in business.exceptions],
        "has_booking": has_booking,
        "closures": [_closure(business, one) for one in closures_of(business)],
        "resources": [("", "Everything"), *resources_of(business).items()],
        "weekdays": [("", "Every day"), *NAMES.items()],
        "preview": [
            day_of(business, today + timedelta(days=n), alone=n == 0)["label"]
            for n in range(PREVIEW)
        ],
        "changed": await last_change(desk, business),
    }


def _weekday(business: Business, name: str) -> dict[str, Any]:
    ranges: Ranges = getattr(business.hours, name)
    pairs = [text.replace("24:00", "00:00").split("-") for text in ranges]
    pairs += [["", ""]] * (min(max(len(pairs) + 1, 2), MOST) - len(pairs))
    return {"key": name, "name": NAMES[name], "was": ", ".join(ranges), "pairs": pairs}


def _exception(business: Business, one: HoursException, today: date) -> dict[str, Any]:
    last = one.until or one.date
    dates = day(business, one.date) + (f" to {day(business, last)}" if last != one.date else "")
    return {
        "dates": f"{dates} {one.date.year}", "hours": ", ".join(one.hours) or "closed",
        "reason": one.reason, "is_past": last < today, "was": digest(one),
    }  # fmt: skip


def closures_of(business: Business) -> list[dict[str, Any]]:
    """As the section of bookings has them; that plugin checks them."""
    return list(business.settings.get("booking", {}).get("closures", ()))


def resources_of(business: Business) -> dict[str, str]:
    found: list[dict[str, str]] = business.settings.get("booking", {}).get("resources", [])
    return {one["id"]: one.get("name", "") or one["id"] for one in found}


def _closure(business: Business, one: dict[str, Any]) -> dict[str, Any]:
    names = resources_of(business)
    hours = [f"{NAMES[key]} {', '.join(one['hours'][key])}" for key in WEEKDAYS
             if one["hours"].get(key)]  # fmt: skip
    return {
        "hours": "; ".join(hours), "reason": one.get("reason", ""), "was": digest(one),
        "resources": ", ".join(names.get(key, key) for key in map(str, one.get("resources", ())))
        or "Everything",
    }  # fmt: skip


# ---- the week --------------------------------------------------------------------------------


async def _set_week(desk: "Desk", request: PageRequest) -> str:
    typed = {name: _ranges(request.form, f"{name}_", NAMES[name]) for name in WEEKDAYS}
    was = {name: request.form.get(f"{name}_was", "") for name in WEEKDAYS}

    def make(business: Business) -> Business:
        known = {name: ", ".join(getattr(business.hours, name)) for name in WEEKDAYS}
        if others := [name for name in WEEKDAYS if known[name] != was[name]]:
            now = "; ".join(f"{NAMES[name]} is {known[name] or 'closed'} now" for name in others)
            raise PageError(
                f"Somebody changed the hours since you opened this page: {now}. Nothing was saved. "
                "Open the page again, then make your change."
            )
        return msgspec.structs.replace(business, hours=Hours(**typed))

    await profiles.change(desk, request.business.id, make)
    return "The weekly hours are saved."


def _ranges(form: Mapping[str, str], prefix: str, name: str) -> Ranges:
    """The pairs of a day that are filled in, in order. Raises PageError with the day's name."""
    found: list[str] = []
    for n in range(MOST):
        opens = form.get(f"{prefix}opens_{n}", "").strip()
        closes = form.get(f"{prefix}closes_{n}", "").strip()
        if not opens and not closes:
            continue
        if not opens or not closes:
            raise PageError(f"{name}: give both when it opens and when it closes, or neither.")
        found.append(f"{opens}-{'24:00' if closes == '00:00' else closes}")
    return tuple(sorted(found))


# ---- other hours on some dates ---------------------------------------------------------------


class _Exception(msgspec.Struct, frozen=True, kw_only=True):
    date: LocalDate
    until: LocalDate | None = None
    reason: Text = ""


class _Was(msgspec.Struct, frozen=True):
    was: Text


async def _add_exception(desk: "Desk", request: PageRequest) -> str:
    asked, today = read(request.form, _Exception), request.now.date()
    last = asked.until or asked.date
    far = today + timedelta(days=3 * 366)
    if last < today:
        raise PageError("Date: it is past. Give one from today on.")
    if max(asked.date, last) > far:
        raise PageError("Date: it is more than three years ahead. Check the year.")
    ranges = _ranges(request.form, "", "Hours")
    added = HoursException(
        date=asked.date, until=asked.until if last != asked.date else None, hours=ranges,
        reason=asked.reason,
    )  # fmt: skip

    def make(business: Business) -> Business:
        for other in business.exceptions:
            if other.date <= last and asked.date <= (other.until or other.date):
                named = f" ({other.reason})" if other.reason else ""
                raise PageError(
                    f"Date: {day(business, max(other.date, asked.date))} has other hours already"
                    f"{named}. Remove those first."
                )
        exceptions = sorted((*business.exceptions, added), key=lambda one: one.date)
        return msgspec.structs.replace(business, exceptions=tuple(exceptions))

    await profiles.change(desk, request.business.id, make)
    return f"Added: {day(request.business, asked.date)}, {', '.join(ranges) or 'closed'}."


async def _remove_exception(desk: "Desk", request: PageRequest) -> str:
    was = read(request.form, _Was).was

    def make(business: Business) -> Business:
        left = tuple(one for one in business.exceptions if digest(one) != was)
        if len(left) == len(business.exceptions):
            raise PageError("Somebody changed or removed this since you opened the page.")
        return msgspec.structs.replace(business, exceptions=left)

    await profiles.change(desk, request.business.id, make)
    return "Removed. The weekly hours hold again."


# ---- breaks ----------------------------------------------------------------------------------


class _Closure(msgspec.Struct, frozen=True, kw_only=True):
    weekday: Text = ""
    resource: Text = ""
    reason: Text = ""


async def _add_closure(desk: "Desk", request: PageRequest) -> str:
    asked, ranges = read(request.form, _Closure), _ranges(request.form, "", "From and to")
    if not ranges:
        raise PageError("From and to: please fill them in.")
    if asked.weekday and asked.weekday not in NAMES:
        raise PageError("Day: choose one of the list.")
    days = [asked.weekday] if asked.weekday else list(WEEKDAYS)
    added: dict[str, Any] = {"hours": {name: list(ranges) for name in days}}
    added |= {"resources": [asked.resource]} if asked.resource else {}
    added |= {"reason": asked.reason} if asked.reason else {}

    def make(business: Business) -> Business:
        if asked.resource and asked.resource not in resources_of(business):
            raise PageError("What: choose one of the list.")
        closures = [*closures_of(business), added]
        return profiles.with_section(business, "booking", closures=closures)

    await profiles.change(desk, request.business.id, make)
    return "The break is added. What is booked already stays."


async def _remove_closure(desk: "Desk", request: PageRequest) -> str:
    was = read(request.form, _Was).was

    def make(business: Business) -> Business:
        closures = closures_of(business)
        left = [one for one in closures if digest(one) != was]
        if len(left) == len(closures):
            raise PageError("Somebody changed or removed this since you opened the page.")
        return profiles.with_section(business, "booking", closures=left)

    await profiles.change(desk, request.business.id, make)
    return "The break is removed."
