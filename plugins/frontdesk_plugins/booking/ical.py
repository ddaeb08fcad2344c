"""Bookings as iCalendar (RFC 5545): one for its customer, many for the business's own calendar.

Nothing here asks a database or a clock, so the same bookings always make the same bytes. Times are in
UTC, so a calendar needs no rules of time zones. icalendar escapes and folds what it knows to be text.
"""

# The library's types are incomplete:
# pyright: reportUnknownMemberType=false

import re
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Annotated, Any

import msgspec
from msgspec import Meta

from frontdesk import Business
from frontdesk.references import shown
from frontdesk.words import in_language

if TYPE_CHECKING:
    from icalendar import Calendar, Event

_STATUS = {"pending": "TENTATIVE", "cancelled": "CANCELLED"}
"""Whatever else a booking has become, it stands in the calendar as CONFIRMED."""
_REFRESH = timedelta(hours=1)
_CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u2029]")
_URL = re.compile(r"https?://[!-~]+")

_BOOKING = {
    "en": "Booking",
    "es": "Reserva",
    "de": "Buchung",
    "fr": "Réservation",
    "it": "Prenotazione",
}
_AT = {
    "en": "{what} at {name}",
    "es": "{what} en {name}",
    "de": "{what} bei {name}",
    "fr": "{what} chez {name}",
    "it": "{what} presso {name}",
}
_PARTY = {
    "en": "{n} people",
    "es": "{n} personas",
    "de": "{n} Personen",
    "fr": "{n} personnes",
    "it": "{n} persone",
}
_REFERENCE = {
    "en": "Reference",
    "es": "Referencia",
    "de": "Buchungsnummer",
    "fr": "Référence",
    "it": "Riferimento",
}
_PHONE = {
    "en": "Phone",
    "es": "Teléfono",
    "de": "Telefon",
    "fr": "Téléphone",
    "it": "Telefono",
}


class FeedRules(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """[settings.booking.feeds]: the calendars that the business's staff subscribe to."""

    version: Annotated[int, Meta(ge=1)] = 1
    """Raise it, and every address of a feed that was given out before leads nowhere."""
    initials: bool = False
    """Show A. R. instead of Ana Ruiz."""


def for_customer(business: Business, row: Mapping[str, Any], host: str) -> bytes:
    """One booking, as its customer may pass it on: nothing about the customer is in it.

    `row` is one of the table `booking`; `host` makes the event's id unique in the world.
    """
    what = _service(business, row) or _say(_BOOKING, business)
    event = _event(row, host)
    _text(event, "summary", _say(_AT, business).format(what=what, name=business.name))
    _text(event, "location", business.address)
    if _URL.fullmatch(business.website):
        event.add("url", business.website)
    lines = [_reference(business, row), _party(business, row)]
    if business.phone:
        lines.append(f"{_say(_PHONE, business)}: {business.phone}")
    _text(event, "description", "\n".join(line for line in lines if line))
    calendar = _calendar()
    calendar.add_component(event)
    return bytes(calendar.to_ical())


def feed(
    business: Business,
    rows: Iterable[Mapping[str, Any]],
    host: str,
    rules: FeedRules,
    resource: str = "",
) -> bytes:
    """Bookings of a business, or those that take one resource, for its staff."""
    places = labels(business, "resources")
    name = f"{business.name}: {places.get(resource, resource)}" if resource else business.name
    calendar = _calendar()
    _text(calendar, "name", name)
    _text(calendar, "x-wr-calname", name)
    calendar.add("x-wr-timezone", business.timezone)
    calendar.add("refresh-interval", _REFRESH, parameters={"VALUE": "DURATION"})
    calendar.add("x-published-ttl", "PT1H")
    for row in rows:
        taken = msgspec.json.decode(row.get("resources") or "[]", type=list[str])
        if resource and resource not in taken:
            continue
        event = _event(row, host)
        who = initials(row["name"]) if rules.initials else row["name"]
        parts = (_service(business, row), who or shown(row["reference"]), _party(business, row))
        _text(event, "summary", ", ".join(part for part in parts if part))
        _text(event, "location", ", ".join(places.get(each, each) for each in taken))
        _text(event, "description", _reference(business, row))
        calendar.add_component(event)
    return bytes(calendar.to_ical())


def labels(business: Business, what: str) -> dict[str, str]:
    """The names of its "resources" or "services", by id."""
    listed: list[dict[str, Any]] = business.settings.get("booking", {}).get(what, [])
    return {each["id"]: each.get("name") or each["id"] for each in listed}


def initials(name: str) -> str:
    """A. R. of Ana Ruiz."""
    letters = (next((c for c in word if c.isalnum()), "") for word in name.split())
    return " ".join(f"{letter.upper()}." for letter in letters if letter)


def _calendar() -> "Calendar":
    from icalendar import Calendar  # noqa: PLC0415  a tenth of a second that a start does not need

    calendar = Calendar()
    calendar.add("prodid", "-//Frontdesk//Bookings//EN")
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", "PUBLISH")
    return calendar


def _event(row: Mapping[str, Any], host: str) -> "Event":
    from icalendar import Event  # noqa: PLC0415

    event = Event()
    event.add("uid", f"{row['id']}@{host}")
    event.add("sequence", row.get("sequence", 0))
    event.add("status", _STATUS.get(row["status"], "CONFIRMED"))
    event.add("dtstart", _instant(row["starts"]))
    event.add("dtend", _instant(row["ends"]))
    # Not the time of the request: the same booking must make the same bytes.
    event.add("dtstamp", _instant(row["updated"]))
    event.add("created", _instant(row["created"]))
    event.add("last-modified", _instant(row["updated"]))
    return event


def _text(to: "Calendar | Event", name: str, value: str) -> None:
    """The library lets control characters pass, and knows only some properties to be text."""
    from icalendar import vText  # noqa: PLC0415

    value = _CONTROL.sub(" ", value.replace("\r\n", "\n").replace("\r", "\n")).strip()
    if value:
        to.add(name, vText(value))


def _instant(milliseconds: int) -> datetime:
    return datetime.fromtimestamp(milliseconds // 1000, UTC)


def _service(business: Business, row: Mapping[str, Any]) -> str:
    service = row.get("service") or ""
    return labels(business, "services").get(service, service)


def _party(business: Business, row: Mapping[str, Any]) -> str:
    return _say(_PARTY, business).format(n=row["party"]) if row["party"] > 1 else ""


def _reference(business: Business, row: Mapping[str, Any]) -> str:
    return f"{_say(_REFERENCE, business)}: {shown(row['reference'])}"


def _say(table: dict[str, str], business: Business) -> str:
    return in_language(business, table)
