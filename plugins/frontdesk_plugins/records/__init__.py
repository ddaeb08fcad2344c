"""Records: what a pack's tools collect for the team, without any code of the pack's own."""

from collections.abc import Awaitable
from typing import TYPE_CHECKING

from frontdesk import Action, Business, Claim, contacts, hookimpl
from frontdesk.migrate import Tables
from frontdesk_plugins.records import actions
from frontdesk_plugins.records.tables import TABLES

if TYPE_CHECKING:
    from frontdesk.desk import Desk
    from frontdesk.pages import Page, Section

_DONE = r"(?:sent|submitted|filed|recorded|received|logged|passed on)\b"
_WHAT = r"(?:request|enquiry|inquiry|intake|report)\b"
_RECORDED = Claim(
    kind="recorded",
    patterns={
        "en": (
            rf"\b(?:your|the) {_WHAT} (?:has been|was|is) {_DONE}",
            rf"\b(?:ive|i have|weve|we have) (?:now |just )?{_DONE} (?:your|the) (?:\w+ )?{_WHAT}",
        ),
    },
)


@hookimpl
def register_tables() -> Tables:
    return Tables(app="records", tables=TABLES, migrations="frontdesk_plugins.records.migrations")


@hookimpl
def register_actions() -> list[Action]:
    return [
        Action(
            name="take_record",
            description="Keep what was collected, for the team. The tool binds kind and title and "
            "adds its own fields.",
            params=actions.TakeRecord,
            run=actions.take_record,
            claims=(_RECORDED,),
        ),
        Action(
            name="record_status",
            description="Tell how something that was taken for the team stands.",
            params=actions.RecordStatus,
            run=actions.record_status,
            changes=False,
        ),
    ]


@hookimpl
def merge_contacts(business: str, kept: str, gone: str) -> Awaitable[None]:
    return contacts.move(("record",), business, kept, gone)


@hookimpl
def register_pages(desk: "Desk") -> "list[Page]":
    from frontdesk_plugins.records.pages import make_pages  # noqa: PLC0415

    return make_pages(desk)


@hookimpl
def describe_contact(business: Business, contact: str) -> "Awaitable[Section]":
    from frontdesk_plugins.records.pages import section  # noqa: PLC0415

    return section(business, contact)
