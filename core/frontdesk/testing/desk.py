"""A desk in memory of a test: a fresh SQLite file, a business, a clock that can be set."""

import tomllib
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import msgspec
import structlog

from frontdesk import config, configtree
from frontdesk.business import Business
from frontdesk.channels import Inbound
from frontdesk.desk import Desk
from frontdesk.events import CallSettled, Replied, Stored
from frontdesk.hookspecs import hookimpl
from frontdesk.ids import new_id
from frontdesk.live import Position
from frontdesk.model import Model
from frontdesk.plugins import Plugin
from frontdesk.reads import read_events
from frontdesk.watch import Acted, Done, follow

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
"""A Sunday, noon in London. The clock of a test desk stands here until it is set."""


class TestDesk:
    """A desk and what tests need around it."""

    __test__ = False  # not a test class, whatever its name says

    def __init__(self, desk: Desk, clock: "list[datetime]") -> None:
        self.desk = desk
        self._clock = clock

    def set_time(self, now: datetime) -> None:
        """An aware time."""
        self._clock[0] = now

    async def add_business(self, business: Business) -> None:
        await self.desk.apply(business)

    async def conversation(
        self, business: str, *, visitor: str = "", channel: str = "web"
    ) -> "Conversation":
        identifier, _ = await self.desk.open_conversation(business, channel, visitor or new_id())
        return Conversation(self.desk, business, identifier)


class Conversation:
    """One customer's conversation. `say` waits for the whole reply."""

    def __init__(self, desk: Desk, business: str, identifier: str) -> None:
        self.desk = desk
        self.business = business
        self.id = identifier
        self.actions: list[CallSettled] = []
        """What the customer was shown of the last reply's outcomes."""

    async def say(
        self, text: str, *, client_id: str | None = None, confirm: str | None = None
    ) -> Replied | None:
        """The reply; None when a person has the conversation. `confirm` presses a button."""
        receipt = await self.desk.receive(
            Inbound(
                business=self.business,
                conversation=self.id,
                text=text,
                client_id=client_id,
                confirm=confirm,
            )
        )
        self.actions = []
        async for part in follow(self.desk, self.id, receipt.seq, Position()):
            if isinstance(part, Acted):
                self.actions.append(part.settled)
            if isinstance(part, Done):
                return part.reply
        return None

    async def events(self) -> list[Stored]:
        return await read_events(self.desk.database, self.id, 0)


@asynccontextmanager
async def open_desk(
    folder: Path,
    *,
    models: Sequence[Model] = (),
    plugins: Sequence[Any] = (),
    pack_folders: Sequence[str] = (),
    url: str = "",
    settings: dict[str, Any] | None = None,
    recover: bool = True,
    broken: bool = False,
) -> AsyncGenerator[TestDesk]:
    """A started desk with every installed plugin and pack, and with `models` before all others.

    `plugins` are modules or objects with hooks. `settings` is the content of a configuration file;
    without `[model] use` the offline model stands behind `models`.
    A plugin that is quarantined fails the test at once, unless it is `broken` that the test is about.
    The database is a new SQLite file in `folder` unless `url` says otherwise.
    """
    base = {
        "database": {"url": url or f"sqlite:///{folder / 'test.db'}"},
        "model": {"use": [*(model.name for model in models), "offline"]},
    }
    _print_no_locals()
    loaded = config.settings_of(configtree.merge(base, settings or {}))
    clock = [NOW]
    desk = Desk(loaded, pack_folders=pack_folders, clock=lambda: clock[0])
    desk.secret_keys = ("a key for tests, thirty-two characters",)
    desk.plugins.load_installed()
    if models:
        register = hookimpl(lambda: list(models))
        desk.plugins.add(
            Plugin(name="test-models"), lambda: SimpleNamespace(register_models=register)
        )
    for n, plugin in enumerate(plugins):
        desk.plugins.add(Plugin(name=f"test-{n}"), partial(_same, plugin))
    desk.collect()
    await desk.start(recover=recover)
    try:
        if not broken:
            _refuse_quarantined(desk)
        yield TestDesk(desk, clock)
    finally:
        await desk.stop()
    violations = [v for model in models for v in getattr(model, "violations", [])]
    assert not violations, f"the Messages API would refuse: {violations}"


def _refuse_quarantined(desk: Desk) -> None:
    found = [p for p in desk.plugins.found.values() if p.status == "quarantined"]
    assert not found, "\n".join(f"{p.name} is quarantined: {p.said}. {p.cure}" for p in found)


def _print_no_locals() -> None:
    """What a test captures may be shown to anybody: structlog's own tracebacks hold every variable."""
    if not structlog.is_configured():
        processors = structlog.get_config()["processors"]
        plain = structlog.dev.ConsoleRenderer(
            colors=False, exception_formatter=structlog.dev.plain_traceback
        )
        structlog.configure(processors=[*processors[:-1], plain])


def _same(plugin: Any) -> Any:
    return plugin


def read_toml(text: str) -> Business:
    """A business from TOML, for tests."""
    return msgspec.convert(tomllib.loads(text), Business)
