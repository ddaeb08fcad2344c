"""Contacts: the customers of a business, by what is known to be theirs."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

import msgspec

from frontdesk.appending import now_ms
from frontdesk.conversation import Contact
from frontdesk.database import Database, Row, current
from frontdesk.ids import new_id

if TYPE_CHECKING:
    from frontdesk.plugins import Plugins

# Both below lock the row until the transaction ends: a contact that is being merged into another one
# gets no new conversation.


async def of_visitor(database: Database, business: str, visitor: str) -> Contact:
    """The contact behind a visitor of the widget, who is made if need be."""
    row = await database.one(
        "INSERT INTO contact (id, business, visitor, created) VALUES ({}, {}, {}, {}) "
        "ON CONFLICT (business, visitor) WHERE visitor <> '' "
        "DO UPDATE SET visitor = excluded.visitor RETURNING *",
        new_id(), business, visitor, now_ms(),
    )  # fmt: skip
    return msgspec.convert(row, Contact)


async def of_phone(database: Database, business: str, phone: str) -> Contact:
    """The contact whose verified number (E.164) this is, who is made if need be."""
    row = await database.one(
        "INSERT INTO contact (id, business, phone, phone_verified, created) "
        "VALUES ({}, {}, {}, TRUE, {}) "
        "ON CONFLICT (business, phone) WHERE phone_verified AND phone <> '' "
        "DO UPDATE SET phone = excluded.phone RETURNING *",
        new_id(), business, phone, now_ms(),
    )  # fmt: skip
    return msgspec.convert(row, Contact)


async def verify_phone(
    database: Database, plugins: "Plugins", business: str, contact: str, phone: str
) -> None:
    """The number (E.164) is known to be the contact's: whoever had it so far is the same person.

    Runs in a transaction. The caller sees to it that no two do this for one number at once.
    """
    other = await of_phone(database, business, phone)
    if other.id == contact:
        return
    await merge(database, plugins, business, kept=contact, gone=other.id)
    await database.fetch(
        "UPDATE contact SET phone = {}, phone_verified = TRUE, opted_out = {} "
        "WHERE id = {} AND business = {}",
        phone, other.opted_out, contact, business,
    )  # fmt: skip


async def merge(
    database: Database, plugins: "Plugins", business: str, *, kept: str, gone: str
) -> None:
    """Two contacts turn out to be one person: `kept` gets all that `gone` has, and `gone` is no more.

    Runs in a transaction. A turn of `gone` that is at work is taken up again with the contact as it
    is then. What is verified of `gone` does not become verified of `kept` by this.
    """
    await _move_conversations(database, business, kept, gone)  # before contacts, as turns lock them
    rows = {one: await _lock(database, business, one) for one in sorted((kept, gone))}
    old, new = rows[gone], rows[kept]
    await _move_conversations(database, business, kept, gone)  # one may have begun meanwhile
    with database.bound():
        for _, moving in plugins.ask("merge_contacts", business=business, kept=kept, gone=gone):
            await moving
    await database.fetch("DELETE FROM contact WHERE id = {} AND business = {}", gone, business)
    claimed = {
        column: new[column] or old[column] for column in ("visitor", "name", "email", "phone")
    }
    is_blocked = old["blocked"] or new["blocked"]
    await database.fetch(
        "UPDATE contact SET visitor = {}, name = {}, email = {}, phone = {}, blocked = {}, "
        "created = {} WHERE id = {} AND business = {}",
        *claimed.values(), is_blocked, min(old["created"], new["created"]), kept, business,
    )  # fmt: skip


async def move(tables: Iterable[str], business: str, kept: str, gone: str) -> None:
    """What a plugin's hook `merge_contacts` returns: rows of its tables, which have the columns
    `business` and `contact`, change their contact."""
    for table in tables:
        await current().fetch(
            f"UPDATE {table} SET contact = {{}} WHERE business = {{}} AND contact = {{}}",  # noqa: S608
            kept, business, gone,
        )  # fmt: skip


async def _move_conversations(database: Database, business: str, kept: str, gone: str) -> None:
    """With the epoch they leave behind, turns that know the contact by its old id write no more."""
    await database.fetch(
        "UPDATE conversation SET contact = {}, owner_epoch = owner_epoch + 1 "
        "WHERE business = {} AND contact = {}",
        kept, business, gone,
    )  # fmt: skip


async def _lock(database: Database, business: str, contact: str) -> Row:
    row = await database.one(
        "UPDATE contact SET created = created WHERE id = {} AND business = {} RETURNING *",
        contact, business,
    )  # fmt: skip
    assert row is not None, "the contact is gone"
    return row
