"""Stays that staff book at the desk or on the telephone, by the rules that hold for guests."""

from typing import TYPE_CHECKING

import msgspec

from frontdesk import ActionCall, ActionError, Business
from frontdesk.conversation import Contact, ConversationState
from frontdesk.database import Row
from frontdesk.pages import PageError, PageRequest
from frontdesk_plugins.stays import making
from frontdesk_plugins.stays.params import BookRoom, LocalDate, Name, Phone, Text, Wishes

if TYPE_CHECKING:
    from frontdesk.desk import Desk

CHANNEL = "staff"


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


async def book(desk: "Desk", request: PageRequest, new: New) -> list[Row]:
    """All rooms of the new stay. It has no conversation; its guest proves it by reference and name.
    Raises PageError."""
    business = _without_notice(request.business)
    call = ActionCall(
        id=f"console/{business.id}/{new.form}", tool="", business=business,
        contact=Contact(id=""), conversation="", channel=CHANNEL, now=request.now,
        db=desk.database, plugins=desk.plugins, state=ConversationState(), patch={},
    )  # fmt: skip
    wish = {key: value for key, value in msgspec.structs.asdict(new).items() if key != "form"}
    try:
        params = msgspec.convert(wish, BookRoom)
        async with desk.database.transaction():
            return await making.book(call, params)
    except msgspec.ValidationError as error:
        raise PageError(str(error)) from error
    except ActionError as error:
        raise PageError(error.message) from error


def _without_notice(business: Business) -> Business:
    """Who stands at the desk in the evening may have the night."""
    stays = business.settings.get("stays", {}) | {"lead": 0, "today_until": "23:59"}
    return msgspec.structs.replace(business, settings=business.settings | {"stays": stays})
