"""What staff do with bookings: by the rules and locks that hold for customers.

Each is one transaction. A conversation is locked before bookings and resources, as turns do it.
"""

from collections.abc import AsyncGenerator, Generator
from contextlib import asynccontextmanager, contextmanager
from datetime import date, datetime
from typing import TYPE_CHECKING

import msgspec

from frontdesk import ActionCall, ActionError, Business, contacts, phones, speech, status
from frontdesk.conversation import Contact, ConversationState
from frontdesk.database import Database
from frontdesk.errors import UnknownConversationError
from frontdesk.events import Stored
from frontdesk.ids import new_id
from frontdesk.instants import instant, ms
from frontdesk.pages import PageError, PageRequest
from frontdesk.references import shown
from frontdesk_plugins.booking import bookings, holds, ledger, waiting
from frontdesk_plugins.booking.asked import check_date, find_visit, why_not
from frontdesk_plugins.booking.bookings import Guest
from frontdesk_plugins.booking.ledger import Mine, Row
from frontdesk_plugins.booking.params import Notes, Party, Text
from frontdesk_plugins.booking.rules import BookingRules, rules_of
from frontdesk_plugins.booking.slots import Slot, slots_on
from frontdesk_plugins.booking.told import tell
from frontdesk_plugins.booking.visits import Visit

if TYPE_CHECKING:
    from frontdesk.desk import Desk

CHANNEL = "staff"
"""Of bookings that were made at the door or on the telephone."""


class Wish(msgspec.Struct, frozen=True, kw_only=True):
    """What is to be booked."""

    party: Party = 2
    service: Text = ""
    variant: Text = ""
    resource: Text = ""


class Change(msgspec.Struct, frozen=True, kw_only=True):
    """Which booking, and as which of its versions the form showed it."""

    booking: Text
    sequence: int
    reason: Notes = ""
    """The customer reads it when they are told."""
    tell: bool = False


@contextmanager
def refusals() -> Generator[None]:
    """What an action refuses, a page refuses."""
    try:
        yield
    except ActionError as error:
        raise PageError(error.message) from error


def visit_of(business: Business, wish: Wish) -> tuple[BookingRules, Visit]:
    """Parties as large as the house can seat, and no notice: who stands at the door may have the
    slot that has just begun. All else is as for customers. Raises ActionError."""
    rules = msgspec.structs.replace(rules_of(business), max_online_party=None)
    visit = find_visit(business, rules, wish.party, wish.service, wish.variant, wish.resource)
    return rules, msgspec.structs.replace(visit, lead=-visit.step)


async def free(
    desk: "Desk", request: PageRequest, wish: Wish, day: date, moving: Row | None = None
) -> list[Slot]:
    """The slots of a local date. Raises PageError."""
    business, mine = request.business, Mine()
    if moving is not None:
        mine = Mine(conversation=moving["conversation"], booking=moving["id"])
    with refusals():
        rules, visit = visit_of(business, wish)
        check_date(_call(desk, request), visit, day)
    busy = await ledger.busy_on(desk.database, business, rules, day, day, request.now, mine)
    return slots_on(business, rules, visit, day, request.now, busy)


def _call(desk: "Desk", request: PageRequest, moving: Row | None = None) -> ActionCall:
    """On behalf of the booking's own conversation: what is held in it is not in the way."""
    booking = moving or {"contact": "", "conversation": "", "channel": CHANNEL}
    return ActionCall(
        id=new_id(), tool="", business=request.business, contact=Contact(id=booking["contact"]),
        conversation=booking["conversation"], channel=booking["channel"], now=request.now,
        db=desk.database, plugins=desk.plugins, state=ConversationState(),
    )  # fmt: skip


# ---- a new one -------------------------------------------------------------------------------


async def book(
    desk: "Desk", request: PageRequest, wish: Wish, start: datetime, guest: Guest, form: str
) -> Row:
    """A booking at the door or on the telephone; the same form again is the same booking."""
    business, database = request.business, desk.database
    with refusals():
        phone = phones.of_customer(business, guest.phone) if guest.phone else ""
        rules, visit = visit_of(business, wish)
        guest = msgspec.structs.replace(guest, phone=phone)
        async with database.transaction():
            call = _call(desk, request)
            call.id = f"console/{business.id}/{form or new_id()}"
            place = None
            made = await bookings.made_by(call)
            if made is None:
                call.contact = await _contact(database, business.id, guest)
                place = await holds.find_place(call, rules, visit, start)
                made = await bookings.made_by(call)  # it may have been sent twice at once
            if made is not None:
                _check_same(made, visit, start, guest)
                return made
            if place is None:
                raise PageError(why_not(call, rules, visit, start))
            made = await bookings.book(call, visit, place, guest)
            if made["status"] == "pending":  # it waits for the team's yes, and this is the team
                made = await bookings.change_status(database, made, "confirmed", request.now)
            assert made is not None
            return made


def _check_same(made: Row, visit: Visit, start: datetime, guest: Guest) -> None:
    """Whether a form that is sent again still asks for what it booked. Raises PageError: whoever goes
    back, writes another name and sends it again is told that this customer has nothing."""
    wanted = {
        "service": visit.service.id, "variant": visit.variant, "party": visit.party,
        "starts": ms(start), "name": guest.name, "phone": guest.phone, "email": guest.email,
        "notes": guest.notes,
    }  # fmt: skip
    is_other = visit.resource not in ["", *msgspec.json.decode(made["resources"])]
    if is_other or any(made[key] != value for key, value in wanted.items()):
        raise PageError(
            f"This form was sent already: it booked {shown(made['reference'])} for {made['name']}, "
            "and nothing else was booked now. Open a new one for another booking."
        )


async def _contact(database: Database, business: str, guest: Guest) -> Contact:
    """Whose verified number it is; else the one whom staff know by it."""
    phone = guest.phone
    if phone and (row := await database.one(
        "SELECT id FROM contact WHERE business = {} AND phone = {} AND phone_verified",
        business, phone,
    )):  # fmt: skip
        return Contact(id=row["id"])
    # No visitor of the widget has such a name: theirs are signed.
    contact = await contacts.of_visitor(database, business, f"staff:{phone or new_id()}")
    if not contact.name:
        await database.fetch(
            "UPDATE contact SET name = {}, phone = {} WHERE id = {} AND business = {}",
            guest.name, phone, contact.id, business,
        )  # fmt: skip
    return contact


# ---- changes ---------------------------------------------------------------------------------


async def set_status(desk: "Desk", request: PageRequest, change: Change, to: str) -> Row:
    """Confirmed, arrived, completed, no_show or cancelled. Raises PageError."""
    business, now = request.business, request.now
    booking = await read(desk.database, business.id, change)
    _check_time(business, booking, to, now)
    key = "declined" if booking["status"] == "pending" and to == "cancelled" else to
    text = ""
    if change.tell and key in ("confirmed", "declined", "cancelled"):
        text = tell(business, key, change.reason, **_values(business, booking))
    async with _telling(desk, booking, text):
        done = await bookings.change_status(
            desk.database, booking, to, now, by="staff", reason=change.reason
        )
        if done is None:
            await read(desk.database, business.id, change)  # was somebody faster?
            raise _not_possible(booking, to)
        if to == "cancelled":
            await waiting.offer(desk.database, business, _day(business, booking), now)
    return done


async def move(
    desk: "Desk", request: PageRequest, change: Change, wish: Wish, start: datetime
) -> Row:
    """To another time, party or resource; when that fails the booking stands as it was."""
    business = request.business
    seen = await read(desk.database, business.id, change)
    values = _values(business, seen)
    values |= {"old": values["when"], "when": speech.moment(business, start)}
    text = tell(business, "moved", change.reason, **values) if change.tell else ""
    wish = msgspec.structs.replace(wish, service=seen["service"], variant=seen["variant"])
    with refusals():
        rules, visit = visit_of(business, wish)
        async with _telling(desk, seen, text):
            booking = await bookings.lock(desk.database, seen)
            if booking["sequence"] != seen["sequence"]:
                raise _changed(booking)
            if booking["status"] not in bookings.LIVE:
                raise _not_possible(booking, "moved")
            call = _call(desk, request, booking)
            place = await holds.find_place(call, rules, visit, start, moving=booking["id"])
            if place is None:
                raise PageError(why_not(call, rules, visit, start))
            await holds.let_go(call, visit, place, holds.purpose_of_move(booking["id"]))
            done = await bookings.move(call, booking, visit, place, by="staff")
            if place.ids.keys() >= set(ledger.every_key(rules)):
                day = _day(business, booking)
                await waiting.offer(desk.database, business, day, request.now)
    return done


async def set_notes(desk: "Desk", request: PageRequest, change: Change, notes: str) -> None:
    booking = await read(desk.database, request.business.id, change)
    async with desk.database.transaction():
        if not await bookings.note(desk.database, booking, notes, request.now):
            await read(desk.database, request.business.id, change)


async def find(database: Database, business: str, identifier: str) -> Row | None:
    return await database.one(
        "SELECT * FROM booking WHERE business = {} AND id = {}", business, identifier
    )


async def read(database: Database, business: str, change: Change) -> Row:
    """The booking, if it is still as the form showed it."""
    booking = await find(database, business, change.booking)
    if booking is None:
        raise PageError("There is no such booking.")
    if booking["sequence"] != change.sequence:
        raise _changed(booking)
    return booking


def _changed(booking: Row) -> PageError:
    return PageError(
        f"Booking {shown(booking['reference'])} was changed meanwhile: it is "
        f"{named(booking['status'])} now. Nothing was done. Look at it as it is, and try again."
    )


def _not_possible(booking: Row, to: str) -> PageError:
    return PageError(
        f"Booking {shown(booking['reference'])} is {named(booking['status'])}: it cannot become "
        f"{named(to)}."
    )


def named(state: str) -> str:
    return state.replace("no_show", "no-show")


def _check_time(business: Business, booking: Row, to: str, now: datetime) -> None:
    starts = instant(booking["starts"])
    is_early = now < starts and to in ("completed", "no_show")
    if is_early or (to == "arrived" and now.date() < _day(business, booking)):
        when = speech.moment(business, starts)
        raise PageError(f"The booking begins {when}: it cannot be {named(to)} before that.")


def _day(business: Business, booking: Row) -> date:
    return instant(booking["starts"]).astimezone(business.zone).date()


def _values(business: Business, booking: Row) -> dict[str, str]:
    when = speech.moment(business, instant(booking["starts"]))
    return {"reference": shown(booking["reference"]), "when": when}


@asynccontextmanager
async def _telling(desk: "Desk", booking: Row, text: str) -> AsyncGenerator[None]:
    """A transaction of a change, with a notice in the booking's conversation if there is a text."""
    conversation, stored = booking["conversation"], list[Stored]()
    if text and not conversation:
        raise PageError("This booking has no conversation: please call the customer instead.")
    async with desk.database.transaction():
        if text:
            try:
                stored = await status.notice(desk.database, booking["business"], conversation, text)
            except UnknownConversationError as error:
                raise PageError("The conversation of this booking is gone.") from error
        yield
    desk.happened(conversation, stored)
