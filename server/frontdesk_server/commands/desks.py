"""A desk for one command: loaded, its database opened and closed again."""

import logging
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from urllib.parse import urlsplit

from frontdesk import ConfigError, Settings
from frontdesk.database import sqlite_path
from frontdesk.desk import Desk
from frontdesk.migrate import migrate, pending
from frontdesk_server.commands.options import Failure, Options
from frontdesk_server.commands.quiet import set_up_logs

_KEYS = {"claude": "ANTHROPIC_API_KEY"}


def load_desk(options: Options, *, packs: Sequence[str] = (), level: int = logging.WARNING) -> Desk:
    """With its plugins and packs, its database not opened yet. Raises ConfigError."""
    set_up_logs(options, level)
    desk = Desk(options.settings(), pack_folders=packs)
    desk.load()
    return desk


@asynccontextmanager
async def opened(desk: Desk, *, make: bool = False) -> AsyncGenerator[Desk, None]:
    """Its database, up to date. `make` makes a SQLite file that is not there and migrates it."""
    if not make and (missing := missing_file(desk.settings)):
        raise Failure(
            f"There is no database yet: {missing} does not exist. "
            "`frontdesk serve` or `frontdesk business apply FILE` makes it."
        )
    await desk.open_database()
    try:
        if make and desk.database.is_sqlite:
            await migrate(desk.database, desk.apps)
        elif left := await pending(desk.database, desk.apps):
            names = ", ".join(f"{step.app} {step.name}" for step in left)
            raise ConfigError(
                f"the database lacks migrations ({names}): run `frontdesk db migrate`"
            )
        yield desk
    finally:
        await desk.database.stop()


def missing_file(settings: Settings) -> Path | None:
    """The SQLite file, when the database is one that does not exist yet."""
    path = sqlite_path(settings.database.url)
    return (
        Path(path).absolute() if path and path != ":memory:" and not Path(path).exists() else None
    )


def shown_database(settings: Settings) -> str:
    """Where the database is, without a password."""
    path = sqlite_path(settings.database.url)
    if path:
        return f"SQLite, {Path(path).absolute()}"
    try:
        parts = urlsplit(settings.database.url)
        port = f":{parts.port}" if parts.port else ""
    except ValueError:
        return "Postgres"
    return f"Postgres, {parts.hostname or 'local socket'}{port}{parts.path}"


def models(desk: Desk) -> list[tuple[str, str]]:
    """(model, why it cannot be used; empty when it can), in the order of `[model] use`."""
    return [(name, _why_not(desk, name)) for name in desk.settings.model.use]


def _why_not(desk: Desk, name: str) -> str:
    if name in desk.plugins.models:
        return ""
    plugin = desk.plugins.found.get(name)
    if plugin is None:
        return "no plugin brings it"
    if plugin.status != "enabled":
        return f"its plugin is {plugin.status}"
    if name in _KEYS:
        return f"no {_KEYS[name]} is set"
    return "its plugin does not offer it; see its configuration"
