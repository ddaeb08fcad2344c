"""One booking as the console shows it, the form for a new one, and what the inbox is told."""

from datetime import date
from typing import TYPE_CHECKING, Any

import msgspec

from frontdesk import Business, speech
from frontdesk.database import Database, current
from frontdesk.ids import new_id
from frontdesk.instants import instant
from frontdesk.pages import PageError, PageRequest, Row, Section
from frontdesk.references import shown
from frontdesk_plugins.booking import bookings
from frontdesk_plugins.booking.by_staff import Wish, find, free, named
from frontdesk_plugins.booking.cards import described, what_of
from frontdesk_plugins.booking.daybook import choices, entry, href_of
from frontdesk_plugins.booking.ledger import Row as Record
from frontdesk_plugins.booking.rules import BookingRules, rules_of
from frontdesk_plugins.booking.slots import Slot

if TYPE_CHECKING:
    from frontdesk.desk import Desk

SHOWN = 10
LABELS = {
    "confirmed": "Confirm", "arrived": "Arrived", "completed": "Completed", "no_show": "No-show",
}  # fmt: skip


# ---- one booking -----------------------------------------------------------------------------


async def booking_view(desk: "Desk", request: PageRequest, identifier: str) -> dict[str, Any]:
    business, rules = request.business, rules_of(request.business)
    booking = await find(desk.database, business.id, identifier)
    if booking is None:
        raise PageError("There is no such booking.")
    fee = speech.money(business, booking["fee"], booking["currency"]) if booking["fee"] else ""
    price = booking["price"]
    follows = bookings.NEXT.get(booking["status"], set())
    return {
        "booking": entry(business, rules, booking)
        | {
            "sequence": booking["sequence"],
            "conversation": booking["conversation"],
            "channel": booking["channel"],
            "made": speech.moment(business, instant(booking["created"])),
            "price": "" if price is None else speech.money(business, price, booking["currency"]),
            "fee": fee,
            "reason": booking["reason"],
            "cancelled_by": booking["cancelled_by"],
            "extra": _extra(booking),
        },
        "steps": [(to, label) for to, label in LABELS.items() if to in follows],
        "may_cancel": "cancelled" in follows,
        "may_move": booking["status"] in bookings.LIVE,
        "history": await _history(desk.database, business, booking),
        **await _moving(desk, request, booking),
    }


def _extra(booking: Record) -> dict[str, str]:
    found: dict[str, Any] = msgspec.json.decode(booking["extra"])
    return {key.replace("_", " "): _plain(value) for key, value in found.items()}


def _plain(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value)


async def _history(database: Database, business: Business, booking: Record) -> list[dict[str, str]]:
    rows = await database.fetch(
        "SELECT * FROM booking_history WHERE booking = {} ORDER BY sequence, id", booking["id"]
    )
    lines: list[dict[str, str]] = []
    for row in rows:
        before: dict[str, Any] = msgspec.json.decode(row["before"])
        was = before.get("status", "")
        if row["what"] == "moved":
            was = f"{speech.moment(business, instant(before['starts']))}, for {before['party']}"
        if row["what"] == "noted":
            was = before["notes"] or "no notes"
        lines.append({
            "at": speech.moment(business, instant(row["at"])), "what": named(row["what"]),
            "by": row["by"], "was": named(was),
        })  # fmt: skip
    return lines


async def _moving(desk: "Desk", request: PageRequest, booking: Record) -> dict[str, Any]:
    """The slots to which it could be moved, on the date that was asked for."""
    query, business = request.query, request.business
    party = _party(query.get("party", ""), booking["party"])
    resource = query.get("resource", "")
    local = instant(booking["starts"]).astimezone(business.zone).date()
    day = read_day(query.get("date", ""), local)
    known = {
        "move_day": day.isoformat(), "move_label": speech.day(business, day), "party": party,
        "resource": resource, "resources": choices("Whatever fits", rules_of(business).resources),
        "slots": [], "problem": "", "asked": "date" in query,
    }  # fmt: skip
    if "date" not in query or booking["status"] not in bookings.LIVE:
        return known
    wish = Wish(
        party=party, service=booking["service"], variant=booking["variant"], resource=resource
    )
    return known | await _offered(desk, request, wish, day, booking)


async def _offered(
    desk: "Desk", request: PageRequest, wish: Wish, day: date, moving: Record | None = None
) -> dict[str, Any]:
    try:
        found = await free(desk, request, wish, day, moving)
    except PageError as error:
        return {"slots": [], "problem": str(error)}
    return {"slots": [_slot(request.business, slot) for slot in found], "problem": ""}


def _slot(business: Business, slot: Slot) -> dict[str, Any]:
    labels = {one.id: one.label for one in rules_of(business).resources}
    places = ", ".join(labels[key] for key in slot.resources if key in labels)
    return {
        "id": slot.start.astimezone(business.zone).isoformat(timespec="minutes"),
        "label": speech.clock(business, slot.start),
        "detail": places if slot.left is None else f"{slot.left} left",
    }


# ---- a new one -------------------------------------------------------------------------------


async def new_view(desk: "Desk", request: PageRequest) -> dict[str, Any]:
    query, business, rules = request.query, request.business, rules_of(request.business)
    day = read_day(query.get("date", ""), request.now.date())
    wish = Wish(
        party=_party(query.get("party", ""), 2),
        service=query.get("service", "")[:200],
        variant=query.get("variant", "")[:200],
        resource=query.get("resource", "")[:200],
    )
    is_chosen = bool(wish.service) or len(rules.offered) == 1
    known: dict[str, Any] = {
        "date": day.isoformat(),
        "day": speech.day(business, day),
        "wish": wish,
        "services": choices("Choose", rules.services) if rules.services else [],
        "variants": _variants(rules, wish.service),
        "resources": choices("Whatever fits", rules.resources),
        "is_chosen": is_chosen,
        "name": query.get("name", ""),
        "phone": query.get("phone", ""),
        "form_id": new_id(),
        "slots": [],
        "problem": "",
    }
    return known | await _offered(desk, request, wish, day) if is_chosen else known


def _variants(rules: BookingRules, service: str) -> list[tuple[str, str]]:
    """Of a service, or of all as long as none is chosen."""
    found = [
        (variant.id, f"{one.label}: {variant.label}")
        for one in rules.services
        if service in ("", one.id)
        for variant in one.variants
    ]
    return [("", "Choose"), *found] if found else []


def read_day(text: str, otherwise: date) -> date:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return otherwise
    # Room for the days around it, and for the arithmetic of zones.
    return day if date(2000, 1, 1) <= day <= date(2200, 1, 1) else otherwise


def _party(text: str, otherwise: int) -> int:
    is_number = text.isascii() and text.isdecimal() and len(text) < 5
    return min(max(int(text), 1), 1000) if is_number else otherwise


# ---- for the inbox ---------------------------------------------------------------------------


async def describe(business: Business, contact: str) -> Section:
    """A customer's bookings, those to come and those of the past, the newest first."""
    rows = await current().fetch(
        "SELECT * FROM booking WHERE contact = {} AND business = {} ORDER BY starts DESC LIMIT {}",
        contact, business.id, SHOWN,
    )  # fmt: skip
    rules = rules_of(business)
    return Section(
        title="Bookings",
        rows=tuple(
            Row(
                text=described(business, rules, what_of(rules, row)),
                detail=" - ".join(part for part in (shown(row["reference"]), row["notes"]) if part),
                status=named(row["status"]),
                href=href_of(row),
            )
            for row in rows
        ),
    )
