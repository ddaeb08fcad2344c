"""Migrations of the core and of plugins: each once, whoever starts first, all or nothing.

A migration is a module `mNNNN_what.py` in the package that `Tables.migrations` names. It has the
constants of a Piccolo migration (ID, VERSION, DESCRIPTION) and either `statements(engine)`, the SQL
for "sqlite" or "postgres", or Piccolo's own `async def forwards()`. What ran is kept in Piccolo's
table `migration`.
"""

import contextlib
import importlib
import inspect
import io
import os
import sys
import time
from datetime import UTC, datetime
from importlib.resources import files
from types import ModuleType
from typing import TYPE_CHECKING, Any

import msgspec

from frontdesk.database import Database, current
from frontdesk.errors import PluginError

if TYPE_CHECKING:
    from piccolo.table import Table

LOCK = 7_266_001
"""A Postgres advisory lock, so that nodes that start together migrate one after the other."""

_TABLE = """CREATE TABLE IF NOT EXISTS migration (
    id {id}, name VARCHAR(200) NOT NULL, app_name VARCHAR(200) NOT NULL,
    ran_on TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP)"""


class Tables(msgspec.Struct, frozen=True, kw_only=True):
    """What a plugin returns from `register_tables`."""

    app: str
    """Its name in the record of migrations; the plugin's own."""
    tables: "tuple[type[Table], ...]"
    migrations: str
    """A package, for example "frontdesk_plugins.booking.migrations"."""


class Step(msgspec.Struct, frozen=True):
    app: str
    name: str
    module: str


def known(apps: list[Tables]) -> list[Step]:
    """Every migration there is, in the order to run them, without importing one."""
    steps: list[Step] = []
    for app in apps:
        names = sorted(
            entry.name.removesuffix(".py")
            for entry in files(app.migrations).iterdir()
            if entry.name.startswith("m") and entry.name.endswith(".py")
        )
        steps += [Step(app.app, name, f"{app.migrations}.{name}") for name in names]
    return steps


async def pending(database: Database, apps: list[Tables]) -> list[Step]:
    try:
        rows = await database.fetch("SELECT app_name, name FROM migration")
    except Exception:
        rows = []
    done = {(row["app_name"], row["name"]) for row in rows}
    return [step for step in known(apps) if (step.app, step.name) not in done]


async def migrate(database: Database, apps: list[Tables]) -> list[Step]:
    """Run what is pending and return it. Each step and its record are one transaction."""
    ran: list[Step] = []
    for step in await pending(database, apps):
        async with database.transaction():
            await _lock(database)
            if await database.one(
                "SELECT 1 FROM migration WHERE app_name = {} AND name = {}", step.app, step.name
            ):
                continue  # another process was faster
            with database.bound():
                try:
                    await _forwards(database, step)
                except Exception as error:
                    raise PluginError(
                        f"the migration {step.name} of {step.app} failed, and nothing of it was "
                        f"kept: {type(error).__name__}: {error}"
                    ) from error
            await database.fetch(
                "INSERT INTO migration (name, app_name, ran_on) VALUES ({}, {}, {})",
                step.name,
                step.app,
                _now(database),
            )
        ran.append(step)
    return ran


async def _lock(database: Database) -> None:
    if not database.is_sqlite:
        await database.fetch("SELECT pg_advisory_xact_lock({})", LOCK)
    kind = "INTEGER PRIMARY KEY AUTOINCREMENT" if database.is_sqlite else "SERIAL PRIMARY KEY"
    await database.engine.fetch(_TABLE.replace("{id}", kind))


async def _forwards(database: Database, step: Step) -> None:
    module: Any = importlib.import_module(step.module)
    if hasattr(module, "statements"):
        for statement in module.statements(database.engine.engine_type):
            await database.engine.fetch(statement)
        return
    if not hasattr(module, "forwards"):
        raise PluginError(f"{step.module} has neither statements(engine) nor async forwards()")
    manager = module.forwards()
    if inspect.isawaitable(manager):
        manager = await manager
    if manager is not None:  # Piccolo's MigrationManager; it joins our transaction
        _configure_piccolo()
        with contextlib.redirect_stdout(io.StringIO()):  # it tells of its progress
            await manager.run()


class _PiccoloConf(ModuleType):
    """What Piccolo's own tools look for as `piccolo_conf.py`: the database in use."""

    @property
    def DB(self) -> Any:  # noqa: N802  Piccolo's name
        return current().engine

    @property
    def APP_REGISTRY(self) -> Any:  # noqa: N802
        raise PluginError(
            "Piccolo would run earlier migrations again to see the table that this one alters or "
            "drops from: write it as statements(engine)"
        )


def _configure_piccolo() -> None:
    name = "frontdesk_piccolo_conf"
    sys.modules.setdefault(name, _PiccoloConf(name))
    os.environ["PICCOLO_CONF"] = name


def _now(database: Database) -> Any:
    now = datetime.fromtimestamp(time.time(), UTC).replace(tzinfo=None)
    return now.isoformat(sep=" ") if database.is_sqlite else now
