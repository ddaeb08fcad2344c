"""Bookings and slots as models read them and as customers see them, in the business's zone."""

from datetime import date, datetime
from typing import Any

from frontdesk import Business
from frontdesk.hours import is_ambiguous
from frontdesk_plugins.booking import ledger
from frontdesk_plugins.booking.references import shown
from frontdesk_plugins.booking.slots import Slot


def day_label(day: date) -> str:
    return f"{day:%A} {day.day} {day:%B %Y}"


def start_label(business: Business, start: datetime) -> str:
    """A start in the business's zone, with the zone's name where the clocks are about to change."""
    local = start.astimezone(business.zone)
    return f"{local:%A} {local.day} {local:%B}, {_time_label(business, start)}"


def times_label(business: Business, slots: list[Slot]) -> str:
    return ", ".join(_time_label(business, slot.start) for slot in slots)


def _time_label(business: Business, start: datetime) -> str:
    local = start.astimezone(business.zone)
    zone = f" {local:%Z}" if is_ambiguous(local.date(), local.time(), business.zone) else ""
    return f"{local:%H:%M}{zone}"


def offer(business: Business, slot: Slot) -> dict[str, str]:
    local = slot.start.astimezone(business.zone)
    return {
        "slot_id": local.isoformat(timespec="minutes"),
        "date": f"{local:%Y-%m-%d}",
        "time": f"{local:%H:%M}",
        "label": start_label(business, slot.start),
        "start": local.isoformat(timespec="minutes"),
    }


def booking_card(business: Business, booking: dict[str, Any]) -> dict[str, Any]:
    start, end = ledger.instant(booking["starts"]), ledger.instant(booking["ends"])
    local = start.astimezone(business.zone)
    return {
        "reference": shown(booking["reference"]),
        "status": booking["status"],
        "party_size": booking["party"],
        "date": f"{local:%Y-%m-%d}",
        "time": f"{local:%H:%M}",
        "label": start_label(business, start),
        "start": local.isoformat(timespec="minutes"),
        "end": end.astimezone(business.zone).isoformat(timespec="minutes"),
        "timezone": business.timezone,
        "name": booking["name"],
    }
