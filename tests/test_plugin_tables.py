"""The table classes of the core and of every plugin are what their migrations make."""

from typing import Any

import pytest
from piccolo.columns import BigInt, BigSerial, Boolean, Bytea, Text
from piccolo.columns.base import Column
from test_storage import CORE, opened

from frontdesk import config
from frontdesk.migrate import Tables
from frontdesk.plugins import Plugins

KINDS: dict[str, tuple[type[Column], ...]] = {
    "TEXT": (Text,),
    "BOOLEAN": (Boolean,),
    "BIGINT": (BigInt, BigSerial),
    "BLOB": (Bytea,),
    "BYTEA": (Bytea,),
    "INTEGER": (BigSerial,),  # SQLite's keys that count up must be declared so
}


def _apps() -> list[Tables]:
    plugins = Plugins(config.settings_of({}))
    plugins.load_installed()
    plugins.collect()
    return [CORE, *plugins.tables.values()]


@pytest.mark.parametrize("app", _apps(), ids=lambda app: app.app)
async def test_they_agree(database_url: str, app: Tables) -> None:
    async with opened(database_url, *{CORE.app: CORE, app.app: app}.values()) as database:
        for table in app.tables:
            name, columns = table._meta.tablename, table._meta.columns
            found = await _columns(database, name)
            assert set(found) == {column._meta.db_column_name for column in columns}, name
            for column in columns:
                kind, nullable = found[column._meta.db_column_name]
                assert isinstance(column, KINDS[kind]), (name, column._meta.name)
                assert column._meta.null == nullable, (name, column._meta.name)


async def _columns(database: Any, table: str) -> dict[str, tuple[str, bool]]:
    """(type, may be NULL) by name."""
    if database.is_sqlite:
        rows = await database.fetch(f"SELECT * FROM pragma_table_info('{table}')")
        return {r["name"]: (r["type"].upper(), not (r["notnull"] or r["pk"])) for r in rows}
    rows = await database.fetch(
        "SELECT column_name, data_type, is_nullable FROM information_schema.columns "
        "WHERE table_name = {}",
        table,
    )
    return {r["column_name"]: (r["data_type"].upper(), r["is_nullable"] == "YES") for r in rows}
