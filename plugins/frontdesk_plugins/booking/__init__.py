"""Bookings: what is free, holding, booking, moving, cancelling, and waiting."""

from collections.abc import Awaitable
from datetime import datetime
from typing import TYPE_CHECKING, Any

import msgspec

from frontdesk import Action, contacts, hookimpl
from frontdesk.jobs import Job
from frontdesk.migrate import Tables
from frontdesk_plugins.booking import (
    areas,
    attendance,
    changing,
    claims,
    feeds,
    making,
    pages,
    panel,
    params,
    reading,
    reminders,
    situation,
    upkeep,
    walk_ins,
)
from frontdesk_plugins.booking.rules import BookingRules
from frontdesk_plugins.booking.tables import CONTACTS, TABLES

if TYPE_CHECKING:
    import click

    from frontdesk.business import Business
    from frontdesk.conversation import Conversation
    from frontdesk.desk import Desk
    from frontdesk.pages import Page, Section


@hookimpl
def register_tables() -> Tables:
    return Tables(app="booking", tables=TABLES, migrations="frontdesk_plugins.booking.migrations")


@hookimpl
def register_business_settings() -> dict[str, type[msgspec.Struct]]:
    return {"booking": BookingRules}


@hookimpl
def register_actions() -> list[Action]:
    return [*_looking(), *_changing()]


def _looking() -> list[Action]:
    return [
        Action(
            name="list_services",
            description="What can be booked, how long it takes, what it costs and with whom.",
            params=params.ListServices,
            run=reading.list_services,
            changes=False,
        ),
        Action(
            name="check_availability",
            description="Whether something is free on a local date, at a time if one is given.",
            params=params.Wish,
            run=reading.check_availability,
            changes=False,
        ),
        Action(
            name="service_area",
            description="Whether the business comes to a postcode, and what holds there.",
            params=params.ServiceArea,
            run=areas.service_area,
            changes=False,
        ),
        Action(
            name="quote_wait",
            description="About how long until something is free today, for who comes without a "
            "booking. Keeps nothing.",
            params=params.QuoteWait,
            run=walk_ins.quote_wait,
            changes=False,
        ),
        Action(
            name="lookup_booking",
            description="The customer's own bookings, or one by reference and name or telephone.",
            params=params.LookupBooking,
            run=reading.lookup_booking,
            changes=False,
        ),
    ]


def _changing() -> list[Action]:
    return [
        Action(
            name="hold_slot",
            description="Keep a slot for a few minutes while the customer decides.",
            params=params.HoldSlot,
            run=making.hold_slot,
            claims=(claims.HELD,),
        ),
        Action(
            name="create_booking",
            description="Book at a local date and time, or by the slot_id of an offer.",
            params=params.CreateBooking,
            run=making.create_booking,
            propose=making.propose_booking,
            withdraw=making.withdraw,
            claims=(claims.BOOKED, claims.HELD),
        ),
        Action(
            name="reschedule_booking",
            description="Move a booking to another time, or change its party; its reference stays.",
            params=params.RescheduleBooking,
            run=changing.reschedule_booking,
            propose=changing.propose_move,
            withdraw=making.withdraw,
            claims=(claims.MOVED,),
        ),
        Action(
            name="cancel_booking",
            description="Cancel a booking by its reference.",
            params=params.CancelBooking,
            run=changing.cancel_booking,
            propose=changing.propose_cancel,
            claims=(claims.CANCELLED,),
        ),
        Action(
            name="confirm_attendance",
            description="Note that the customer of a booking has confirmed that they will come.",
            params=params.ConfirmAttendance,
            run=attendance.confirm_attendance,
        ),
        Action(
            name="join_waitlist",
            description="Wait for something to become free on a date that is fully booked.",
            params=params.JoinWaitlist,
            run=making.join_waitlist,
            claims=(claims.WAITLISTED,),
        ),
    ]


@hookimpl
def merge_contacts(business: str, kept: str, gone: str) -> Awaitable[None]:
    return contacts.move(CONTACTS, business, kept, gone)


@hookimpl
def register_jobs(desk: "Desk") -> list[Job]:
    return [upkeep.job(desk), reminders.job(desk)]


@hookimpl
def register_routes(desk: "Desk") -> list[Any]:
    return feeds.routes(desk)


@hookimpl
def register_pages(desk: "Desk") -> "list[Page]":
    return pages.pages(desk)


@hookimpl
def describe_contact(business: "Business", contact: str) -> "Awaitable[Section]":
    return panel.describe(business, contact)


@hookimpl
def register_commands() -> "list[click.Command]":
    return feeds.commands()


@hookimpl
def extend_context(conversation: "Conversation", now: datetime) -> dict[str, Awaitable[str]]:
    return {
        "The customer's own bookings": situation.upcoming(conversation, now),
        "Became free for the customer, who waits for it": situation.offers(conversation, now),
    }
