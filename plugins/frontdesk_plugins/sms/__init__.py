"""Text messages, by Twilio."""

from collections.abc import Awaitable, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

import msgspec

from frontdesk import Job, Settings, hookimpl
from frontdesk.database import current
from frontdesk.migrate import Tables
from frontdesk_plugins.sms import settings as own
from frontdesk_plugins.sms.inbound_tables import INBOUND_TABLES
from frontdesk_plugins.sms.tables import TABLES

if TYPE_CHECKING:
    from frontdesk.desk import Desk
    from frontdesk.outbox import Deliver
    from frontdesk.pages import Delivery

ORPHAN_SECONDS = 600.0


class Sms:
    """Customers with a telephone."""

    name = "sms"
    markdown = False
    cards = False
    outbox = "sms"


@hookimpl
def register_tables() -> Tables:
    tables = (*TABLES, *INBOUND_TABLES)
    return Tables(app="sms", tables=tables, migrations="frontdesk_plugins.sms.migrations")


@hookimpl
def register_business_settings() -> dict[str, type[msgspec.Struct]]:
    return {"sms": own.SmsBusiness}


@hookimpl
def register_channels(settings: Settings) -> list[Sms]:
    """None without an account at Twilio; what is configured is checked in any case."""
    return [Sms()] if own.load(settings).is_on else []


@hookimpl
def register_routes(desk: "Desk") -> list[Any]:
    settings = own.load(desk.settings)
    if not settings.is_on:
        return []
    from frontdesk_plugins.sms.routes import make_routes  # noqa: PLC0415  needs Litestar

    return make_routes(desk, settings)


@hookimpl
def register_deliveries(desk: "Desk") -> dict[str, "Deliver"]:
    settings = own.load(desk.settings)
    if not settings.is_on:
        return {}
    from frontdesk_plugins.sms import media, sending, tasks  # noqa: PLC0415

    return {
        **sending.deliveries(desk, settings),
        media.KIND: media.delivery(desk, settings),
        tasks.KIND: partial(tasks.leave, desk),
    }


@hookimpl
def register_jobs(desk: "Desk") -> list[Job]:
    if not own.load(desk.settings).is_on:
        return []
    from frontdesk_plugins.sms import statuses  # noqa: PLC0415

    forget = partial(statuses.forget_orphans, desk.database)
    return [Job(name="sms orphans", seconds=ORPHAN_SECONDS, run=forget)]


@hookimpl
def describe_deliveries(
    business: str, messages: Sequence[str]
) -> "Awaitable[Mapping[str, Delivery]]":
    from frontdesk_plugins.sms import statuses  # noqa: PLC0415

    return statuses.deliveries(current(), business, messages)
