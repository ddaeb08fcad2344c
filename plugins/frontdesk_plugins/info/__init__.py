"""Questions about the business: who and where it is, when it is open, and what its owner wrote."""

from typing import TYPE_CHECKING

import msgspec

from frontdesk import Action, hookimpl
from frontdesk.migrate import Tables
from frontdesk_plugins.info import actions, pages
from frontdesk_plugins.info.entries import InfoSettings
from frontdesk_plugins.info.tables import TABLES

if TYPE_CHECKING:
    from frontdesk.desk import Desk
    from frontdesk.pages import Page


@hookimpl
def register_tables() -> Tables:
    return Tables(app="info", tables=TABLES, migrations="frontdesk_plugins.info.migrations")


@hookimpl
def register_business_settings() -> dict[str, type[msgspec.Struct]]:
    return {"info": InfoSettings}


@hookimpl
def register_actions() -> list[Action]:
    return [
        Action(
            name="get_business_info",
            description="The business's name, address, telephone, e-mail, web site and facts.",
            params=actions.NoParams,
            run=actions.get_business_info,
            changes=False,
        ),
        Action(
            name="get_hours",
            description="Opening hours of a date, of some days, or of this week, with the "
            "exceptions, and whether it is open now.",
            params=actions.HoursParams,
            run=actions.get_hours,
            changes=False,
        ),
        Action(
            name="search_faq",
            description="What the business itself wrote about a question, with its source.",
            params=actions.FaqParams,
            run=actions.search_faq,
            changes=False,
        ),
    ]


@hookimpl
def register_pages(desk: "Desk") -> "list[Page]":
    return pages.pages(desk)
