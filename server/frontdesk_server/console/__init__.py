"""The staff console: who may sign in, its pages, and telling the people on call.

Plugins add pages to it, see `frontdesk.pages`.
"""

from functools import partial
from typing import TYPE_CHECKING, Any

import msgspec

from frontdesk import Job, hookimpl, webhooks
from frontdesk.migrate import Tables
from frontdesk_server.console import feed
from frontdesk_server.console.settings import ConsoleSettings
from frontdesk_server.console.tables import TABLES

if TYPE_CHECKING:
    from frontdesk.desk import Desk
    from frontdesk.outbox import Deliver


@hookimpl
def register_tables() -> Tables:
    return Tables(app="console", tables=TABLES, migrations="frontdesk_server.console.migrations")


@hookimpl
def register_business_settings() -> dict[str, type[msgspec.Struct]]:
    return {"console": ConsoleSettings}


@hookimpl
def register_routes(desk: "Desk") -> list[Any]:
    from frontdesk_server.console.inbox import inbox_routes  # noqa: PLC0415  Litestar is heavy
    from frontdesk_server.console.routes import make_routes  # noqa: PLC0415

    return [*make_routes(desk), *inbox_routes(desk)]


@hookimpl
def register_jobs(desk: "Desk") -> list[Job]:
    from frontdesk_server.console import notices  # noqa: PLC0415

    look = partial(notices.look, desk)
    return [Job(name="console", seconds=notices.LOOK_SECONDS, run=look)]


@hookimpl
def register_deliveries(desk: "Desk") -> "dict[str, Deliver]":
    find = webhooks.in_section(desk, "console")
    return {"console.webhook": webhooks.delivery(find, desk.settings.outgoing)}


@hookimpl
def on_event(conversation: str) -> None:
    feed.hear(conversation)
