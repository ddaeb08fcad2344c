"""Merged contacts, told later to plugins that were not loaded when it happened: their rows wait for it."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

import msgspec

from frontdesk.appending import put
from frontdesk.database import Database

if TYPE_CHECKING:
    from frontdesk.desk import Desk
    from frontdesk.outbox import Deliver, Entry

KIND = "merge_contacts."
"""And the plugin's name: a kind of outbox entries `{"kept", "gone"}` that are delivered to the plugin's
hook once it is there."""


async def leave(
    database: Database, plugins: Iterable[str], business: str, *, kept: str, gone: str
) -> None:
    """For these plugins, within the transaction that merges. Call it before rows are moved: whoever
    delivers an entry at this moment holds its row, and what it moved is moved on after it."""
    rows = await database.fetch(
        "SELECT id FROM outbox WHERE business = {} AND kind LIKE {} AND body LIKE {}",
        business, f"{KIND}%", f'%"kept":"{gone}"%',
    )  # fmt: skip
    for row in rows:  # who was merged into `gone` is `kept` now
        body = await _locked(database, row["id"])
        if body is not None:
            await database.fetch(
                "UPDATE outbox SET body = {} WHERE id = {}",
                msgspec.json.encode(body | {"kept": kept}).decode(), row["id"],
            )  # fmt: skip
    for name in plugins:
        await put(database, business, KIND + name, {"kept": kept, "gone": gone})


def delivery(desk: "Desk", plugin: str) -> "Deliver":
    async def tell(entry: "Entry") -> None:
        database = desk.database
        async with database.transaction():
            about = await _locked(database, entry.id)
            if about is None:
                return
            with database.bound():
                has_hook, moving = desk.plugins.call(
                    plugin, "merge_contacts", business=entry.business, **about
                )
                if has_hook:
                    await moving

    return tell


async def _locked(database: Database, identifier: str) -> dict[str, str] | None:
    """The body of an entry that nobody else changes until this transaction ends."""
    row = await database.one(
        "UPDATE outbox SET attempts = attempts WHERE id = {} RETURNING body", identifier
    )
    return msgspec.json.decode(row["body"], type=dict[str, str]) if row else None
