"""Stays: nights of rooms that are looked for, priced, held, booked and cancelled."""

from collections.abc import Awaitable
from datetime import datetime
from typing import TYPE_CHECKING

import msgspec

from frontdesk import Action, contacts, hookimpl
from frontdesk.jobs import Job
from frontdesk.migrate import Tables
from frontdesk_plugins.stays import (
    changing,
    claims,
    guests,
    making,
    params,
    searching,
    situation,
    upkeep,
)
from frontdesk_plugins.stays.rules import StayRules
from frontdesk_plugins.stays.tables import TABLES

if TYPE_CHECKING:
    from frontdesk.business import Business
    from frontdesk.conversation import Conversation
    from frontdesk.desk import Desk
    from frontdesk.pages import Page, Section


@hookimpl
def register_tables() -> Tables:
    return Tables(app="stays", tables=TABLES, migrations="frontdesk_plugins.stays.migrations")


@hookimpl
def register_business_settings() -> dict[str, type[msgspec.Struct]]:
    return {"stays": StayRules}


@hookimpl
def register_actions() -> list[Action]:
    return [*_looking(), *_changing(), *_passing_on()]


def _looking() -> list[Action]:
    return [
        Action(
            name="list_rooms",
            description="The room types with their usual prices, without dates.",
            params=params.ListRooms,
            run=searching.list_rooms,
            changes=False,
        ),
        Action(
            name="room_details",
            description="All that is written about one room type.",
            params=params.RoomDetails,
            run=searching.room_details,
            changes=False,
        ),
        Action(
            name="search_rooms",
            description="What is free from a local date to another, with all-in totals; else the "
            "nearest dates that are.",
            params=params.SearchRooms,
            run=searching.search_rooms,
            changes=False,
        ),
        Action(
            name="rate_quote",
            description="The all-in price of a room type for these nights, and the terms.",
            params=params.RateQuote,
            run=searching.rate_quote,
            changes=False,
        ),
        Action(
            name="lookup_stay",
            description="The guest's own stays, or one by its reference and name or telephone.",
            params=params.LookupStay,
            run=guests.lookup_stay,
            changes=False,
        ),
    ]


def _changing() -> list[Action]:
    return [
        Action(
            name="book_room",
            description="Book rooms of one type from a local date to another.",
            params=params.BookRoom,
            run=making.book_room,
            propose=making.propose_room,
            withdraw=making.withdraw,
            claims=(claims.BOOKED,),
        ),
        Action(
            name="cancel_stay",
            description="Cancel a stay by its reference.",
            params=params.CancelStay,
            run=changing.cancel_stay,
            propose=changing.propose_cancel,
            claims=(claims.CANCELLED,),
        ),
    ]


def _passing_on() -> list[Action]:
    return [
        Action(
            name="late_checkout",
            description="Pass the wish for a later check-out on to the team.",
            params=params.LateCheckout,
            run=guests.late_checkout,
        ),
        Action(
            name="stay_request",
            description="Pass what a guest needs during their stay on to the team.",
            params=params.StayRequest,
            run=guests.stay_request,
        ),
    ]


@hookimpl
def merge_contacts(business: str, kept: str, gone: str) -> Awaitable[None]:
    return contacts.move(("stay",), business, kept, gone)


@hookimpl
def register_jobs(desk: "Desk") -> list[Job]:
    return [upkeep.job(desk)]


@hookimpl
def register_pages(desk: "Desk") -> "list[Page]":
    from frontdesk_plugins.stays.pages import make_pages  # noqa: PLC0415

    return make_pages(desk)


@hookimpl
def describe_contact(business: "Business", contact: str) -> "Awaitable[Section]":
    from frontdesk_plugins.stays.pages import section  # noqa: PLC0415

    return section(business, contact)


@hookimpl
def extend_context(conversation: "Conversation", now: datetime) -> dict[str, Awaitable[str]]:
    if "stays" not in conversation.business.settings:
        return {}  # no hotel: nothing to ask the database for
    return {"The guest's own stays": situation.own_stays(conversation, now)}
