"""Text messages in tests: a served desk with a fake Twilio on both sides of it."""

from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from datetime import datetime
from functools import partial
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from support import serving

from frontdesk import config
from frontdesk.business import Business
from frontdesk.desk import Desk
from frontdesk.events import AnyEvent
from frontdesk.hookspecs import hookimpl
from frontdesk.model import Model
from frontdesk.plugins import Plugin
from frontdesk.reads import read_events
from frontdesk.testing.fake_twilio import OURS, Answer, FakeTwilio

ADA, BEN = "+12125550123", "+12125550124"
PUBLIC = "https://desk.example.com"
NOTHING = '<?xml version="1.0" encoding="UTF-8"?><Response/>'


def shop(identifier: str = "shop", *numbers: str, **more: Any) -> Business:
    """A business that gets text messages."""
    fields: dict[str, Any] = {
        "name": identifier.title(),
        "phone": "+1 212 555 0142",
        "timezone": "America/New_York",
        "tools": ("take_message", "handoff_to_human", "get_hours"),
        "settings": {"sms": {"numbers": list(numbers or (OURS,))}},
    }
    return Business(id=identifier, **fields | more)


def load(
    url: str,
    twilio: FakeTwilio | None = None,
    *,
    models: Sequence[Model] = (),
    plugins: Sequence[Any] = (),
    sms: dict[str, Any] | None = None,
    now: datetime | None = None,
    **sections: Any,
) -> Desk:
    """A desk that is loaded, with these models, or the offline one. `sms` are further keys of
    [plugins.sms]; `now` is where its clock stands."""
    tree: dict[str, Any] = {
        "database": {"url": url},
        "model": {"use": [model.name for model in models] or ["offline"]},
        "server": {"public_url": PUBLIC},
    }
    if twilio is not None:
        tree["plugins"] = {"sms": twilio.settings() | {"debounce": 0} | (sms or {})}
    settings = config.settings_of(tree | sections)
    desk = Desk(settings, clock=lambda: now) if now else Desk(settings)
    desk.secret_keys = ("a key for tests, thirty-two characters",)
    desk.plugins.load_installed()
    if models:
        register = hookimpl(lambda: list(models))
        plugins = (SimpleNamespace(register_models=register), *plugins)
    for n, plugin in enumerate(plugins):
        desk.plugins.add(Plugin(name=f"test-{n}"), partial(_same, plugin))
    desk.collect()
    return desk


def _same(plugin: Any) -> Any:
    return plugin


@asynccontextmanager
async def served(desk: Desk, twilio: FakeTwilio, *businesses: Business) -> AsyncGenerator[str]:
    """The desk at work, with these businesses, where Twilio's webhooks find it; its base URL."""
    async with serving(desk, demo=False) as url:
        twilio.desk_url, twilio.public_url = url, PUBLIC
        for business in businesses:
            await desk.apply(business)
        yield url


def sqlite(folder: Path) -> str:
    return f"sqlite:///{folder / 'texts.db'}"


async def said(desk: Desk, sender: str = ADA, business: str = "shop") -> list[AnyEvent]:
    """All that happened in the conversations with a number."""
    rows = await desk.database.fetch(
        "SELECT c.id FROM conversation c JOIN contact k ON k.id = c.contact "
        "WHERE c.business = {} AND k.phone = {} ORDER BY c.id",
        business, sender,
    )  # fmt: skip
    found = [await read_events(desk.database, row["id"], 0) for row in rows]
    return [stored.event for events in found for stored in events]


async def rows(desk: Desk, table: str = "sms_inbound") -> list[dict[str, Any]]:
    return await desk.database.fetch(f"SELECT * FROM {table}")


def acknowledged(answers: Sequence[Answer]) -> bool:
    """All of them are answered as Twilio wants it, and say nothing."""
    return all(
        (answer.status, answer.body, answer.content_type.partition(";")[0])
        == (200, NOTHING, "text/xml")
        for answer in answers
    )
