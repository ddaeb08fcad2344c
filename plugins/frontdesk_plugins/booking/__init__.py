"""Bookings: availability, booking, look-up and cancelling."""

from collections.abc import Awaitable
from datetime import datetime
from typing import TYPE_CHECKING, Any, cast

import msgspec

from frontdesk import Action, hookimpl
from frontdesk.migrate import Tables
from frontdesk_plugins.booking import actions
from frontdesk_plugins.booking.ledger import ms
from frontdesk_plugins.booking.references import shown
from frontdesk_plugins.booking.rules import BookingRules
from frontdesk_plugins.booking.tables import TABLES, Booking

if TYPE_CHECKING:
    from frontdesk.conversation import Conversation


@hookimpl
def register_tables() -> Tables:
    return Tables(app="booking", tables=TABLES, migrations="frontdesk_plugins.booking.migrations")


@hookimpl
def register_business_settings() -> dict[str, type[msgspec.Struct]]:
    return {"booking": BookingRules}


@hookimpl
def register_actions() -> list[Action]:
    return [
        Action(
            name="check_availability",
            description="Whether a party can be booked at a local date and time, and what is free.",
            params=actions.CheckAvailability,
            run=actions.check_availability,
            changes=False,
        ),
        Action(
            name="create_booking",
            description="Book for a party at a local date and time, or by the slot_id of an offer.",
            params=actions.CreateBooking,
            run=actions.create_booking,
        ),
        Action(
            name="lookup_booking",
            description="The customer's own bookings, or one by reference and name or telephone.",
            params=actions.LookupBooking,
            run=actions.lookup_booking,
            changes=False,
        ),
        Action(
            name="cancel_booking",
            description="Cancel a booking by its reference.",
            params=actions.CancelBooking,
            run=actions.cancel_booking,
        ),
    ]


@hookimpl
def extend_context(conversation: "Conversation", now: datetime) -> dict[str, Awaitable[str]]:
    return {"The customer's own bookings": _upcoming(conversation, now)}


async def _upcoming(conversation: "Conversation", now: datetime) -> str:
    # Every turn asks, and composing the query would cost more than running it.
    found = await Booking.raw(  # pyright: ignore[reportUnknownVariableType]
        "SELECT reference, wall, party FROM booking WHERE contact = {} AND business = {} "
        "AND status = 'confirmed' AND ends > {} ORDER BY starts LIMIT 5",
        conversation.contact.id, conversation.business.id, ms(now),
    )  # fmt: skip
    rows = cast("list[dict[str, Any]]", found)
    return "; ".join(
        f"{shown(row['reference'])}: {row['wall'].replace('T', ' ')} for {row['party']}"
        for row in rows
    )
