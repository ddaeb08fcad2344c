"""Locking several rows at once, in the one order that keeps transactions from waiting for each other:
conversations by id, then contacts by id. A turn has its conversation, and its contact at the end.

On SQLite a transaction has the whole database, and these only read.
"""

from collections.abc import Sequence

from frontdesk.database import Database, Row


async def lock_conversation(database: Database, business: str, conversation: str) -> Row | None:
    """The row, which nobody else can change until the caller's transaction ends."""
    return await database.one(
        "UPDATE conversation SET updated = updated WHERE id = {} AND business = {} RETURNING *",
        conversation, business,
    )  # fmt: skip


async def lock_conversations(
    database: Database, business: str, contacts: Sequence[str]
) -> list[Row]:
    """All that these contacts have, until the caller's transaction ends."""
    return await _locked(database, "conversation", "contact", business, contacts)


async def lock_contacts(
    database: Database, business: str, contacts: Sequence[str]
) -> dict[str, Row]:
    """The rows by id; what is gone is left out."""
    rows = await _locked(database, "contact", "id", business, contacts)
    return {row["id"]: row for row in rows}


async def _locked(
    database: Database, table: str, column: str, business: str, values: Sequence[str]
) -> list[Row]:
    marks = ", ".join("{}" for _ in values)
    end = "" if database.is_sqlite else " FOR UPDATE"
    return await database.fetch(
        f"SELECT * FROM {table} WHERE business = {{}} AND {column} IN ({marks}) "  # noqa: S608
        f"ORDER BY id{end}",
        business, *values,
    )  # fmt: skip
