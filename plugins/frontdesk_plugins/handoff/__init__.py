"""Hand-off: fetching a person, and taking messages when there is none."""

from collections.abc import Awaitable
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING

import msgspec

from frontdesk import Action, Business, Job, contacts, hookimpl
from frontdesk.conversation import Contact
from frontdesk.migrate import Tables
from frontdesk_plugins.handoff import actions, pages, promises, timers
from frontdesk_plugins.handoff.claims import read_claims
from frontdesk_plugins.handoff.staffed import HandoffSettings
from frontdesk_plugins.handoff.tables import TABLES

if TYPE_CHECKING:
    from frontdesk.desk import Desk
    from frontdesk.pages import Page, Section


@hookimpl
def register_tables() -> Tables:
    return Tables(app="handoff", tables=TABLES, migrations="frontdesk_plugins.handoff.migrations")


@hookimpl
def register_business_settings() -> dict[str, type[msgspec.Struct]]:
    return {"handoff": HandoffSettings}


@hookimpl
def register_actions() -> list[Action]:
    claims = read_claims()
    return [
        Action(
            name="handoff_to_human",
            description="Fetch a person into this conversation, or say when one is there.",
            params=actions.HandOff,
            run=actions.handoff_to_human,
            claims=(claims["handed_off"],),
            hands_off=True,
        ),
        Action(
            name="take_message",
            description="Take a message for the team, with a telephone number or an e-mail "
            "address to answer to.",
            params=actions.TakeMessage,
            run=actions.take_message,
            claims=(claims["message_taken"],),
        ),
    ]


@hookimpl
def merge_contacts(business: str, kept: str, gone: str) -> Awaitable[None]:
    return contacts.move(("handoff", "promise"), business, kept, gone)


@hookimpl
def leave_message(
    business: Business, conversation: str, contact: Contact, topic: str, text: str, now: datetime
) -> Awaitable[None]:
    return promises.leave(business, conversation, contact, topic, text, now)


@hookimpl
def register_jobs(desk: "Desk") -> list[Job]:
    return [Job(name="handoff", seconds=timers.LOOK_SECONDS, run=partial(timers.look, desk))]


@hookimpl
def register_pages(desk: "Desk") -> "list[Page]":
    return pages.pages(desk)


@hookimpl
def describe_contact(business: "Business", contact: str) -> "Awaitable[Section]":
    return pages.describe(business, contact)
