"""The table classes of the console and of the hand-off are what their migrations make."""

from typing import Any

import pytest
from test_storage import CORE, KINDS, opened

from frontdesk.migrate import Tables
from frontdesk_plugins.handoff.tables import TABLES as HANDOFF_TABLES
from frontdesk_server.console.tables import TABLES as CONSOLE_TABLES

CONSOLE = Tables(
    app="console", tables=CONSOLE_TABLES, migrations="frontdesk_server.console.migrations"
)
HANDOFF = Tables(
    app="handoff", tables=HANDOFF_TABLES, migrations="frontdesk_plugins.handoff.migrations"
)


@pytest.mark.parametrize("table", CONSOLE_TABLES, ids=lambda table: table.__name__)
async def test_the_table_classes_are_what_the_migrations_make(
    database_url: str, table: Any
) -> None:
    await agree(database_url, CONSOLE, table)


@pytest.mark.parametrize("table", HANDOFF_TABLES, ids=lambda table: table.__name__)
async def test_the_tables_are_what_the_migration_makes(database_url: str, table: Any) -> None:
    await agree(database_url, HANDOFF, table)


async def agree(url: str, app: Tables, table: Any) -> None:
    async with opened(url, CORE, app) as database:
        name = table._meta.tablename
        if database.is_sqlite:
            rows = await database.fetch(f"SELECT * FROM pragma_table_info('{name}')")
            found = {r["name"]: (r["type"].upper(), not (r["notnull"] or r["pk"])) for r in rows}
        else:
            rows = await database.fetch(
                "SELECT column_name, data_type, is_nullable FROM information_schema.columns "
                "WHERE table_name = {}",
                name,
            )
            found = {
                r["column_name"]: (r["data_type"].upper(), r["is_nullable"] == "YES") for r in rows
            }
        columns = {column._meta.db_column_name: column for column in table._meta.columns}
        assert set(found) == set(columns)
        for key, column in columns.items():
            kind, nullable = found[key]
            assert isinstance(column, KINDS[kind]), key
            assert column._meta.null == nullable, key
