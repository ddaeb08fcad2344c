"""Contacts: the customers of a business, by what is known to be theirs."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

import msgspec

from frontdesk import blocking, merges
from frontdesk.conversation import Contact
from frontdesk.database import Database, current
from frontdesk.events import Stored
from frontdesk.ids import new_id
from frontdesk.instants import now_ms
from frontdesk.locks import lock_contacts, lock_conversations

if TYPE_CHECKING:
    from frontdesk.plugins import Plugins

Happened = list[tuple[str, list[Stored]]]
"""(conversation, what was stored)"""


async def holder(database: Database, business: str, phone: str) -> str:
    """Id of the contact whose verified number (E.164) this is, or nothing. Locks nothing."""
    row = await database.one(
        "SELECT id FROM contact WHERE business = {} AND phone = {} AND phone_verified "
        "AND phone <> ''",  # so that its index is used
        business, phone,
    )  # fmt: skip
    return row["id"] if row else ""


# Both below lock the row until the transaction ends: a contact that is being merged into another one
# gets no new conversation. So no conversation may be locked after them (see frontdesk.locks).


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
    database: Database,
    plugins: "Plugins",
    business: str,
    contact: str,
    phone: str,
    asking: str = "",
) -> Happened:
    """The number (E.164) is known to be the contact's: whoever had it so far is the same person.

    Runs in a transaction. The caller sees to it that no two do this for one number at once, and tells
    of what is returned. The turn of the conversation `asking` goes on; all others of the contact that
    are at work know it as it was, write no more, and are taken up again.
    """
    gone = await holder(database, business, phone)
    if not gone:
        gone = (await of_phone(database, business, phone)).id
    if gone == contact:
        return []
    happened = await merge(database, plugins, business, kept=contact, gone=gone, asking=asking)
    await database.fetch(
        "UPDATE contact SET phone = {}, phone_verified = TRUE WHERE id = {} AND business = {}",
        phone, contact, business,
    )  # fmt: skip
    return happened


async def merge(
    database: Database, plugins: "Plugins", business: str, *, kept: str, gone: str, asking: str = ""
) -> Happened:
    """Two contacts turn out to be one person: `kept` gets all that `gone` has, and `gone` is no more.

    Runs in a transaction. What is verified of `gone` does not become verified of `kept` by this. Who
    is blocked stays blocked: what is open is resolved, the conversation `asking` when its turn ends.
    """
    await lock_conversations(database, business, (kept, gone))
    rows = await lock_contacts(database, business, (kept, gone))
    old, new = rows[gone], rows[kept]
    await _move_conversations(database, business, kept, gone, asking)
    await merges.leave(database, plugins.absent, business, kept=kept, gone=gone)
    with database.bound():
        for name in plugins.loaded:  # one that rests has rows too
            about = {"business": business, "kept": kept, "gone": gone}
            has_hook, moving = plugins.call(name, "merge_contacts", **about)
            if has_hook:
                await moving
    await database.fetch("DELETE FROM contact WHERE id = {} AND business = {}", gone, business)
    claimed = {
        column: new[column] or old[column] for column in ("visitor", "name", "email", "phone")
    }
    is_blocked = bool(old["blocked"] or new["blocked"])
    await database.fetch(
        "UPDATE contact SET visitor = {}, name = {}, email = {}, phone = {}, blocked = {}, "
        "opted_out = {}, created = {} WHERE id = {} AND business = {}",
        *claimed.values(), is_blocked, bool(old["opted_out"] or new["opted_out"]),
        min(old["created"], new["created"]), kept, business,
    )  # fmt: skip
    return await blocking.silence(database, business, kept, but=asking) if is_blocked else []


async def move(tables: Iterable[str], business: str, kept: str, gone: str) -> None:
    """What a plugin's hook `merge_contacts` returns: rows of its tables, which have the columns
    `business` and `contact`, change their contact."""
    for table in tables:
        await current().fetch(
            f"UPDATE {table} SET contact = {{}} WHERE business = {{}} AND contact = {{}}",  # noqa: S608
            kept, business, gone,
        )  # fmt: skip


async def _move_conversations(
    database: Database, business: str, kept: str, gone: str, asking: str
) -> None:
    """With the epoch they leave behind, turns that know a contact as it was write no more."""
    await database.fetch(
        "UPDATE conversation SET contact = {}, owner_epoch = owner_epoch + 1 "
        "WHERE business = {} AND (contact = {} OR (contact = {} AND lease_owner <> '' AND id <> {}))",
        kept, business, gone, kept, asking,
    )  # fmt: skip
