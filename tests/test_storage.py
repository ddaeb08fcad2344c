"""The database layer, on SQLite and on Postgres: migrations, transactions, several desks."""

import asyncio
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from textwrap import dedent
from types import SimpleNamespace
from typing import Any

import pytest
from piccolo.columns import Text
from piccolo.table import Table
from support import migrated

from frontdesk import PluginError, config, hookimpl
from frontdesk.database import Database
from frontdesk.desk import Desk
from frontdesk.migrate import Tables, known, migrate, pending
from frontdesk.tables import TABLES
from frontdesk.testing import open_desk
from frontdesk_plugins.booking.tables import TABLES as BOOKING_TABLES

CORE = Tables(app="frontdesk", tables=tuple(TABLES), migrations="frontdesk.migrations")
BOOKING = Tables(
    app="booking", tables=BOOKING_TABLES, migrations="frontdesk_plugins.booking.migrations"
)


@asynccontextmanager
async def opened(url: str, *apps: Tables, pool: int = 3) -> AsyncIterator[Database]:
    database = Database(config.Database(url=url, pool=pool))
    await database.start()
    try:
        await migrate(database, list(apps))
        for app in apps:
            database.bind(app.tables)
        yield database
    finally:
        await database.stop()


async def names(database: Database) -> list[str]:
    rows = await database.fetch("SELECT id FROM prompt ORDER BY id")
    return [row["id"] for row in rows]


async def write(database: Database, name: str) -> None:
    await database.fetch("INSERT INTO prompt (id, body, created) VALUES ({}, '', 0)", name)


# ---- migrations ------------------------------------------------------------------------------


async def test_each_migration_runs_once(database_url: str) -> None:
    async with opened(database_url) as database:
        apps = [CORE, BOOKING]
        assert await pending(database, apps) == known(apps)
        assert await migrate(database, apps) == known(apps)
        assert await pending(database, apps) == []
        assert await migrate(database, apps) == []
        rows = await database.fetch("SELECT app_name, name FROM migration ORDER BY id")
        assert [(r["app_name"], r["name"]) for r in rows] == [(s.app, s.name) for s in known(apps)]


MIGRATOR = """
import asyncio, sys
from frontdesk import config
from frontdesk.desk import Desk
from frontdesk.migrate import migrate

async def main():
    desk = Desk(config.Settings(database=config.Database(url=sys.argv[1])))
    desk.load()
    print("ready", flush=True)
    sys.stdin.readline()
    await desk.open_database()
    print(len(await migrate(desk.database, desk.apps)), flush=True)
    await desk.database.stop()

asyncio.run(main())
"""


async def test_three_processes_at_once_run_each_migration_once(database_url: str) -> None:
    processes = [
        await asyncio.create_subprocess_exec(
            sys.executable, "-c", MIGRATOR, database_url,
            stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE,
        )
        for _ in range(3)
    ]  # fmt: skip
    for process in processes:
        assert process.stdout is not None
        assert await process.stdout.readline() == b"ready\n"
    outputs = await asyncio.gather(*(p.communicate(b"go\n") for p in processes))
    assert [p.returncode for p in processes] == [0, 0, 0]
    desk = Desk(config.Settings(database=config.Database(url=database_url)))
    desk.load()
    assert sum(int(output) for output, _ in outputs) == len(known(desk.apps))


async def test_many_tasks_at_once_run_each_migration_once(database_url: str) -> None:
    databases = [Database(config.Database(url=database_url, pool=2)) for _ in range(4)]
    await asyncio.gather(*(database.start() for database in databases))
    ran = await asyncio.gather(*(migrate(database, [CORE]) for database in databases))
    assert sorted(map(len, ran)) == [0, 0, 0, len(known([CORE]))]
    for database in databases:
        await database.stop()


async def test_a_new_file_is_opened_by_many_at_once(tmp_path: Path) -> None:
    for n in range(25):
        settings = config.Database(url=f"sqlite:///{tmp_path}/{n}.db")
        databases = [Database(settings) for _ in range(8)]
        await asyncio.gather(*(database.start() for database in databases))
        for database in databases:
            assert await database.fetch("PRAGMA journal_mode") == [{"journal_mode": "wal"}]
            await database.stop()


# ---- a plugin's own tables -------------------------------------------------------------------

STATEMENTS = '''
    """Notes."""
    ID, VERSION, DESCRIPTION = "2026-01-01T00:00:00:000000", "1.38.0", "notes"

    def statements(engine):
        return ["CREATE TABLE note (id TEXT PRIMARY KEY, body TEXT NOT NULL DEFAULT '')"]
'''
PICCOLO = '''
    """Notes, as Piccolo writes migrations by itself."""
    from piccolo.apps.migrations.auto.migration_manager import MigrationManager
    from piccolo.columns import Text

    ID, VERSION, DESCRIPTION = "2026-01-01T00:00:00:000000", "1.38.0", "notes"

    async def forwards():
        manager = MigrationManager(migration_id=ID, app_name="notes", description=DESCRIPTION)
        manager.add_table(class_name="Note", tablename="note", columns=None)
        for name, is_key in (("id", True), ("body", False)):
            manager.add_column(
                table_class_name="Note", tablename="note", column_name=name,
                db_column_name=name, column_class_name="Text", column_class=Text,
                params={"primary_key": is_key, "default": "", "null": False},
            )
        return manager
'''
FAILS = '''
    """It breaks half-way."""
    ID, VERSION, DESCRIPTION = "2026-01-02T00:00:00:000000", "1.38.0", "broken"

    def statements(engine):
        return ["CREATE TABLE half (id TEXT PRIMARY KEY)", "CREATE TABEL oops"]
'''


class Note(Table, tablename="note"):
    id = Text(primary_key=True)
    body = Text()


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """Makes the package `notes_NAME` with migrations."""
    made: list[str] = []

    def make(name: str, **modules: str) -> str:
        folder = tmp_path / "packages" / f"notes_{name}"
        folder.mkdir(parents=True)
        (folder / "__init__.py").write_text("")
        for module, text in modules.items():
            (folder / f"{module}.py").write_text(dedent(text))
        made.append(f"notes_{name}")
        return made[-1]

    monkeypatch.syspath_prepend(str(tmp_path / "packages"))
    monkeypatch.delenv("PICCOLO_CONF", raising=False)
    yield make
    for module in [m for m in sys.modules if m.split(".")[0] in made]:
        del sys.modules[module]


@pytest.mark.parametrize("text", [STATEMENTS, PICCOLO], ids=["statements", "forwards"])
async def test_a_plugins_tables_come_by_its_hook(
    database_url: str, tmp_path: Path, package: Any, text: str, capsys: Any
) -> None:
    where = package("plugin", m0001_notes=text)
    tables = Tables(app="notes", tables=(Note,), migrations=where)
    plugin = SimpleNamespace(register_tables=hookimpl(lambda: tables))
    await migrated(database_url)
    async with opened(database_url, tables):
        pass
    async with open_desk(tmp_path, url=database_url, plugins=[plugin]) as desk:
        await Note.insert(Note(id="a", body="hello"))
        async with desk.desk.database.transaction():
            await Note.update({Note.body: "bye"}).where(Note.id == "a")
        assert await Note.select().order_by(Note.id) == [{"id": "a", "body": "bye"}]
        assert await pending(desk.desk.database, desk.desk.apps) == []
    assert capsys.readouterr().out == ""


async def test_a_migration_that_fails_is_named_and_leaves_nothing(
    database_url: str, package: Any
) -> None:
    where = package("fails", m0001_notes=STATEMENTS, m0002_broken=FAILS)
    tables = Tables(app="notes", tables=(Note,), migrations=where)
    async with opened(database_url, CORE) as database:
        with pytest.raises(PluginError, match="m0002_broken of notes failed, and nothing of it"):
            await migrate(database, [tables])
        assert [step.name for step in await pending(database, [tables])] == ["m0002_broken"]
        with pytest.raises(Exception, match="half"):
            await database.fetch("SELECT * FROM half")
        await write(database, "still works")


async def test_a_package_without_either_way_to_migrate(database_url: str, package: Any) -> None:
    where = package("neither", m0001_nothing="ID = 'x'")
    async with opened(database_url) as database:
        with pytest.raises(PluginError, match=r"neither statements\(engine\) nor"):
            await migrate(database, [Tables(app="n", tables=(), migrations=where)])
