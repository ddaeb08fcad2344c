"""Stays that staff book at the desk or on the telephone, by the rules that hold for guests."""

from datetime import date, datetime, time
from typing import TYPE_CHECKING

import msgspec

from frontdesk import ActionCall, ActionError
from frontdesk.conversation import Contact, ConversationState
from frontdesk.database import Row
from frontdesk.pages import PageError, PageRequest
from frontdesk.references import shown
from frontdesk_plugins.stays import ledger, making, nights
from frontdesk_plugins.stays.params import BookRoom, LocalDate, Name, Phone, Text, Wishes
from frontdesk_plugins.stays.prices import DAY

if TYPE_CHECKING:
    from frontdesk.desk import Desk

CHANNEL = "staff"
MORNING = time(6)
"""Local. Who stands at the desk before it wants a bed for what is left of the night; after it,
for the evening."""


class New(msgspec.Struct, frozen=True, kw_only=True):
    """What the form asks for."""

    room_type: Text
    rate_plan: Text
    check_in: LocalDate
    check_out: LocalDate
    adults: int = 1
    rooms: int = 1
    name: Name
    phone: Phone
    wishes: Wishes = ""
    form: Text
    """The same form again is the same stay."""


def first_night(now: datetime) -> date:
    """The first that the desk may sell: the one that is under way, if there is one. `now` is local."""
    return now.date() - DAY if now.time() < MORNING else now.date()


async def book(desk: "Desk", request: PageRequest, new: New) -> list[Row]:
    """All rooms of the new stay. It has no conversation; its guest proves it by reference and name.
    Guests have to give notice, the desk does not. Raises PageError."""
    business = request.business
    call = ActionCall(
        id=f"console/{business.id}/{new.form}", tool="", business=business,
        contact=Contact(id=""), conversation="", channel=CHANNEL, now=request.now,
        db=desk.database, plugins=desk.plugins, state=ConversationState(), patch={},
    )  # fmt: skip
    wish = {key: value for key, value in msgspec.structs.asdict(new).items() if key != "form"}
    try:
        params = msgspec.convert(wish, BookRoom)
        async with desk.database.transaction():
            await nights.lock(desk.database, business.id, [params.room_type])  # sent twice at once
            if made := await ledger.made_by(call):
                return _again(call, params, made)
            rows = await making.sell(call, params, first_night(request.now))
            for row in rows:
                await ledger.update(desk.database, row, {"agent": request.staff.name})
            return rows
    except msgspec.ValidationError as error:
        raise PageError(str(error)) from error
    except ActionError as error:
        raise PageError(error.message) from error


def _again(call: ActionCall, params: BookRoom, made: list[Row]) -> list[Row]:
    """What the form has booked before, if it asked for the same. Raises PageError: whoever goes back,
    writes another name and sends it again is told that this guest has nothing."""
    row, guest = made[0], making.guest_of(call, params)
    wanted = {
        "room_type": params.room_type, "rate_plan": params.rate_plan,
        "check_in": params.check_in.isoformat(), "check_out": params.check_out.isoformat(),
        "adults": params.adults, "name": guest.name, "phone": guest.phone, "wishes": guest.wishes,
    }  # fmt: skip
    if len(made) != params.rooms or any(row[key] != value for key, value in wanted.items()):
        raise PageError(
            f"This form was sent already: it booked {shown(row['reference'])} for {row['name']}, and "
            "nothing else was booked now. Open a new one for another stay."
        )
    return made
