"""The page "Bookings" of the console: its views, and what its forms ask for."""

from collections.abc import Awaitable, Callable
from datetime import datetime, time, timedelta
from functools import partial
from typing import TYPE_CHECKING, Any, Literal
from urllib.parse import urlencode

import msgspec

from frontdesk import Business, phones, speech
from frontdesk.forms import read
from frontdesk.hours import is_missing, to_utc
from frontdesk.instants import instant
from frontdesk.pages import Page, PageError, PageRequest
from frontdesk.references import shown
from frontdesk_plugins.booking import blocks, by_staff, daybook, panel
from frontdesk_plugins.booking.bookings import Guest
from frontdesk_plugins.booking.busy import ALL
from frontdesk_plugins.booking.by_staff import Change, Wish
from frontdesk_plugins.booking.ledger import Row
from frontdesk_plugins.booking.params import LocalDate, Name, Notes, SlotId, Text, Time
from frontdesk_plugins.booking.rules import rules_of

if TYPE_CHECKING:
    from frontdesk.desk import Desk


def pages(desk: "Desk") -> list[Page]:
    posts: dict[str, Callable[[Desk, PageRequest], Awaitable[str]]] = {
        "status": _set_status, "cancel": _cancel, "move": _move, "notes": _set_notes,
        "book": _book, "block": _block, "unblock": _unblock, "promote": _promote, "drop": _drop,
    }  # fmt: skip
    return [
        Page(
            name="bookings",
            title="Bookings",
            template="frontdesk_plugins.booking:pages/bookings.html.j2",
            load=partial(_load, desk),
            posts={do: partial(post, desk) for do, post in posts.items()},
            place=10,
        )
    ]


async def _load(desk: "Desk", request: PageRequest) -> dict[str, Any]:
    query = request.query
    day = panel.read_day(query.get("date", ""), request.now.date())
    view = "booking" if "booking" in query else query.get("view", "day")
    found: dict[str, Any] = {"view": view, "date": day.isoformat()}
    match view:
        case "booking":
            return found | await panel.booking_view(desk, request, query["booking"])
        case "new":
            return found | await panel.new_view(desk, request)
        case "blocks":
            resources = daybook.choices("Everything", rules_of(request.business).resources)
            resources[0] = (ALL, resources[0][1])
            coming = await daybook.coming_blocks(desk, request)
            return found | {"resources": resources, "blocks": coming}
        case "waiting":
            return found | {"waiting": await _waiting(desk, request)}
        case _:
            is_week = view == "week"
            show = daybook.week_view if is_week else daybook.day_view
            resources = daybook.choices("All resources", rules_of(request.business).resources)
            common = {"view": "week" if is_week else "day", "resources": resources,
                      "resource": query.get("resource", "")}  # fmt: skip
            return found | common | await show(desk, request, day)


async def _waiting(desk: "Desk", request: PageRequest) -> list[dict[str, Any]]:
    business = request.business
    rows = await blocks.waiting_list(desk.database, business.id, request.now.date())
    return [_waiter(business, row) for row in rows]


def _waiter(business: Business, row: Row) -> dict[str, Any]:
    service = next((s.label for s in rules_of(business).offered if s.id == row["service"]), "")
    wish = {
        "view": "new", "date": row["day"], "party": row["party"], "service": row["service"],
        "variant": row["variant"], "resource": row["resource"], "name": row["name"],
        "phone": row["phone"],
    }  # fmt: skip
    until = speech.clock(business, instant(row["offered_until"])) if row["offered_until"] else ""
    return {
        "id": row["id"], "name": row["name"], "party": row["party"], "service": service,
        "phone": phones.shown(row["phone"]), "conversation": row["conversation"],
        "day": speech.day(business, LocalDate.fromisoformat(row["day"])),
        "from": speech.clock(business, instant(row["earliest"])),
        "until": speech.clock(business, instant(row["latest"])),
        "is_offered": row["status"] == "offered", "offered_until": until,
        "book": f"/console/bookings?{urlencode(wish)}",
    }  # fmt: skip


# ---- a booking -------------------------------------------------------------------------------


class _To(msgspec.Struct, frozen=True):
    to: Literal["confirmed", "arrived", "completed", "no_show"]


class _Moved(Wish, frozen=True, kw_only=True):
    slot: SlotId


class _Booked(Wish, frozen=True, kw_only=True):
    slot: SlotId
    name: Name
    phone: Text = ""
    email: Text = ""
    notes: Notes = ""
    form: Text = ""


class _Noted(msgspec.Struct, frozen=True):
    notes: Notes = ""


async def _set_status(desk: "Desk", request: PageRequest) -> str:
    to = read(request.form, _To).to
    done = await by_staff.set_status(desk, request, read(request.form, Change), to)
    return f"Booking {shown(done['reference'])}, {done['name']}: {by_staff.named(to)}."


async def _cancel(desk: "Desk", request: PageRequest) -> str:
    change = read(request.form, Change)
    done = await by_staff.set_status(desk, request, change, "cancelled")
    told = " The customer was told." if change.tell else ""
    return f"Booking {shown(done['reference'])}, {done['name']}: cancelled.{told}"


async def _move(desk: "Desk", request: PageRequest) -> str:
    change, wish = read(request.form, Change), read(request.form, _Moved)
    start = _start(wish.slot)
    done = await by_staff.move(desk, request, change, wish, start)
    when = speech.moment(request.business, instant(done["starts"]))
    told = " The customer was told." if change.tell else ""
    return f"Booking {shown(done['reference'])}, {done['name']}: moved to {when}.{told}"


async def _set_notes(desk: "Desk", request: PageRequest) -> str:
    notes = read(request.form, _Noted).notes
    await by_staff.set_notes(desk, request, read(request.form, Change), notes)
    return "The notes are saved."


async def _book(desk: "Desk", request: PageRequest) -> str:
    wish = read(request.form, _Booked)
    guest = Guest(name=wish.name, phone=wish.phone, email=wish.email, notes=wish.notes)
    made = await by_staff.book(desk, request, wish, _start(wish.slot), guest, wish.form)
    when = speech.moment(request.business, instant(made["starts"]))
    return f"Booked: {made['name']}, {made['party']}, {when}. Reference {shown(made['reference'])}."


def _start(slot: str) -> datetime:
    try:
        start = datetime.fromisoformat(slot)
    except ValueError as error:
        raise PageError("Time: choose one of the list.") from error
    if start.utcoffset() is None or not 2000 <= start.year <= 2200:
        raise PageError("Time: choose one of the list.")
    return start


# ---- blocks ----------------------------------------------------------------------------------


class _Block(msgspec.Struct, frozen=True, kw_only=True):
    resource: Text = ALL
    from_date: LocalDate
    from_time: Time = "00:00"
    until_date: LocalDate | None = None
    """The same day unless it is said."""
    until_time: Time = "24:00"
    reason: Notes = ""


class _One(msgspec.Struct, frozen=True):
    id: Text


async def _block(desk: "Desk", request: PageRequest) -> str:
    asked, business = read(request.form, _Block), request.business
    last = asked.until_date or asked.from_date
    for field, day in (("From date", asked.from_date), ("Until date", last)):
        if not 2000 <= day.year <= 2200:
            raise PageError(f"{field}: that year is too far away.")
    start = _instant(business, "From time", asked.from_date, asked.from_time, closing=False)
    end = _instant(business, "Until time", last, asked.until_time, closing=True)
    count = await blocks.block(
        desk.database, business, asked.resource, start, end, asked.reason, request.now
    )
    said = f"Blocked until {speech.moment(business, end)}."
    if count:
        said += f" {count} booked already in that time: please move or cancel them."
    return said


def _instant(
    business: Business, field: str, day: LocalDate, text: str, *, closing: bool
) -> datetime:
    if text == "24:00":
        return to_utc(day + timedelta(days=1), time(0), business.zone)
    wall = time.fromisoformat(text)
    if is_missing(day, wall, business.zone):
        raise PageError(f"{field}: the clocks skip {text} on {speech.day(business, day)}.")
    return to_utc(day, wall, business.zone, closing=closing)


async def _unblock(desk: "Desk", request: PageRequest) -> str:
    await blocks.unblock(desk.database, request.business.id, read(request.form, _One).id)
    return "The block is removed."


# ---- the waiting list ------------------------------------------------------------------------


async def _promote(desk: "Desk", request: PageRequest) -> str:
    identifier = read(request.form, _One).id
    row = await blocks.promote(desk.database, request.business, identifier, request.now)
    if row["status"] != "offered":
        return f"{row['name']} is the first in line now. Nothing is free for them yet."
    until = speech.clock(request.business, instant(row["offered_until"]))
    return f"A slot is held for {row['name']} until {until}. They are told in their conversation."


async def _drop(desk: "Desk", request: PageRequest) -> str:
    row = await blocks.drop(desk.database, request.business, read(request.form, _One).id)
    return f"{row['name']} is off the waiting list."
