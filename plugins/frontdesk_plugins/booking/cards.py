"""Bookings and slots as models read them and as customers see them, in the business's zone."""

from datetime import date, datetime, timedelta
from typing import Any

import msgspec

from frontdesk import Business, speech
from frontdesk.actions import Commitment
from frontdesk.instants import instant
from frontdesk.references import shown
from frontdesk_plugins.booking.bookings import resources_of
from frontdesk_plugins.booking.ledger import Row
from frontdesk_plugins.booking.rules import BookingRules, rules_of
from frontdesk_plugins.booking.services import Service
from frontdesk_plugins.booking.slots import Slot
from frontdesk_plugins.booking.visits import Visit
from frontdesk_plugins.booking.words import say

HELD = "hold"
"""The subject of the commitment to hold something; a conversation holds one thing at a time."""


class What(msgspec.Struct, frozen=True, kw_only=True):
    """What is booked or to be booked, with all that a customer may be told of it."""

    service: Service
    start: datetime
    end: datetime
    party: int
    resources: tuple[str, ...] = ()
    variant: str = ""
    price: int | None = None
    currency: str = ""


def what_of_slot(business: Business, visit: Visit, slot: Slot) -> What:
    return What(
        service=visit.service, start=slot.start, end=slot.end, party=visit.party,
        resources=slot.resources, variant=visit.variant, price=visit.price,
        currency=business.currency,
    )  # fmt: skip


def what_of(rules: BookingRules, booking: Row) -> What:
    """Of a booking, also one whose service is offered no more."""
    known = next((one for one in rules.offered if one.id == booking["service"]), None)
    return What(
        service=known or Service(id=booking["service"]),
        start=instant(booking["starts"]), end=instant(booking["ends"]), party=booking["party"],
        resources=tuple(resources_of(booking)), variant=booking["variant"],
        price=booking["price"], currency=booking["currency"],
    )  # fmt: skip


def described(business: Business, rules: BookingRules, what: What) -> str:
    """ "Table for 4 on Tue, Nov 24, 7:00 PM" or "Haircut (long) on Tue, Nov 24, 10:00 AM with Ana,
    $40.00"."""
    at = when(business, what.start)
    if not what.service.id:
        text = say(business, "table", party=what.party, when=at)
    else:
        variant = next((v.label for v in what.service.variants if v.id == what.variant), "")
        name = f"{what.service.label} ({variant})" if variant else what.service.label
        text = say(business, "service", service=name, when=at)
        if what.party > 1:
            text += f", {say(business, 'people', party=what.party)}"
    names = _names(rules, what)
    if names.get("staff"):
        text += f" {say(business, 'with', staff=names['staff'])}"
    if what.price is not None:
        text += f", {speech.money(business, what.price, what.currency or None)}"
    return text


def _names(rules: BookingRules, what: What) -> dict[str, str]:
    """Who serves and where. Tables are not promised."""
    chosen = [r for r in rules.resources if r.id in what.resources]
    staff = ", ".join(r.label for r in chosen if r.kind == "staff")
    places = ", ".join(r.label for r in chosen if r.kind not in {"staff", "table"})
    return {key: value for key, value in (("staff", staff), ("resource", places)) if value}


def card_of(business: Business, rules: BookingRules, what: What) -> dict[str, Any]:
    """The parts of a card that a booking and a proposal share."""
    local = what.start.astimezone(business.zone)
    card: dict[str, Any] = {
        "party_size": what.party,
        "date": f"{local:%Y-%m-%d}",
        "time": f"{local:%H:%M}",
        "label": when(business, what.start),
        "start": local.isoformat(timespec="minutes"),
        "end": what.end.astimezone(business.zone).isoformat(timespec="minutes"),
        "timezone": business.timezone,
    }
    if what.service.id:
        card["service"] = what.service.label
    if what.price is not None:
        card |= {"price": what.price, "currency": what.currency}
    return card | _names(rules, what)


def booking_card(
    business: Business, rules: BookingRules, booking: Row, *, own: bool = True
) -> dict[str, Any]:
    """What is told of a booking; of a stranger's, even a proven one, only the first name."""
    name = booking["name"]
    return {
        "reference": shown(booking["reference"]),
        "status": booking["status"],
        **card_of(business, rules, what_of(rules, booking)),
        "name": name if own else name.split()[0],
    }


def offer(business: Business, slot: Slot) -> dict[str, Any]:
    local = slot.start.astimezone(business.zone)
    data: dict[str, Any] = {
        "slot_id": local.isoformat(timespec="minutes"),
        "date": f"{local:%Y-%m-%d}",
        "time": f"{local:%H:%M}",
        "label": when(business, slot.start),
        "start": local.isoformat(timespec="minutes"),
    }
    return data if slot.left is None else data | {"seats_left": slot.left}


def times_label(business: Business, slots: list[Slot]) -> str:
    return ", ".join(clock(business, slot.start) for slot in slots)


def when(business: Business, start: datetime) -> str:
    """Day and time; where somebody comes to the customer, the window of arrival."""
    return speech.moment(business, start) + _until(business, start)


def clock(business: Business, start: datetime) -> str:
    return speech.clock(business, start) + _until(business, start)


def _until(business: Business, start: datetime) -> str:
    window = rules_of(business).window
    if not window:
        return ""
    return f" \N{EN DASH} {speech.clock(business, start + timedelta(minutes=window))}"


# ---- commitments -----------------------------------------------------------------------------

_KINDS = {"pending": (), "confirmed": ("booked",), "arrived": ("booked",), "completed": ("booked",),
          "no_show": (), "cancelled": ("cancelled",)}  # fmt: skip


def commitment(booking: Row, *also: str) -> Commitment:
    """What is true of a booking, by its status. A request that waits for the team is no booking."""
    reference = shown(booking["reference"])
    day, _, time = booking["wall"].partition("T")
    return Commitment(
        kinds=(*_KINDS[booking["status"]], *also), subject=reference, facts=(reference, day, time)
    )


def holding(what: What, business: Business) -> Commitment:
    local = what.start.astimezone(business.zone)
    return Commitment(kinds=("held",), subject=HELD, facts=(f"{local:%Y-%m-%d}", f"{local:%H:%M}"))


def waiting(day: date) -> Commitment:
    return Commitment(kinds=("waitlisted",), subject=f"waitlist {day}", facts=(day.isoformat(),))


NOTHING_HELD = Commitment(kinds=(), subject=HELD)
