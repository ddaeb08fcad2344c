"""Customers whom staff want no more of: what they write is stored and never answered."""

from frontdesk import status
from frontdesk.database import Database, whole
from frontdesk.errors import UnknownConversationError
from frontdesk.events import Stored
from frontdesk.locks import lock_conversations

REASON = "blocked"


@whole
async def block(
    database: Database, business: str, conversation: str, agent: str
) -> list[tuple[str, list[Stored]]]:
    """Block whoever writes in this conversation, and resolve all that they have open, as
    (conversation, what was stored), this one first. StatusError when a colleague has it."""
    async with database.transaction():
        contact = await _locked(database, business, conversation)
        stored = await status.resolve(database, business, conversation, agent, reason=REASON)
        others = await silence(database, business, contact, but=conversation)
        await database.fetch(  # it may have been resolved before
            "UPDATE conversation SET reason = {} WHERE id = {} AND business = {}",
            REASON, conversation, business,
        )  # fmt: skip
        await _set(database, business, contact, blocked=True)
    return [(conversation, stored), *others]


async def silence(
    database: Database, business: str, contact: str, *, but: str = ""
) -> list[tuple[str, list[Stored]]]:
    """Within a transaction: resolve all that a contact has open, whoever has it, but one."""
    rows = await database.fetch(
        "SELECT id FROM conversation WHERE contact = {} AND business = {} "
        "AND status <> 'resolved' AND id <> {} ORDER BY id",
        contact, business, but,
    )  # fmt: skip
    return [
        (row["id"], await status.resolve_for_all(database, business, row["id"], REASON))
        for row in rows
    ]


@whole
async def unblock(database: Database, business: str, conversation: str) -> None:
    """What they write from now on is answered again. What was written meanwhile is not."""
    async with database.transaction():
        contact = await _locked(database, business, conversation)
        await database.fetch(
            "UPDATE conversation SET reason = '' WHERE contact = {} AND business = {} "
            "AND reason = {}",
            contact, business, REASON,
        )  # fmt: skip
        await _set(database, business, contact, blocked=False)


async def _locked(database: Database, business: str, conversation: str) -> str:
    """The contact, with all that they have locked."""
    await lock_conversations(
        database, business, (await _contact_of(database, business, conversation),)
    )
    return await _contact_of(
        database, business, conversation
    )  # they may have been merged meanwhile


async def _contact_of(database: Database, business: str, conversation: str) -> str:
    row = await database.one(
        "SELECT contact FROM conversation WHERE id = {} AND business = {}", conversation, business
    )
    if row is None:
        raise UnknownConversationError(conversation)
    return str(row["contact"])


async def _set(database: Database, business: str, contact: str, *, blocked: bool) -> None:
    await database.fetch(
        "UPDATE contact SET blocked = {} WHERE business = {} AND id = {} AND blocked <> {}",
        blocked, business, contact, blocked,
    )  # fmt: skip


async def refuse(database: Database, conversation: str) -> bool:
    """Within the transaction that stores a message in a resolved conversation: whether its contact is
    blocked. Then the message waits for no answer."""
    row = await database.one(
        "SELECT k.blocked FROM conversation c JOIN contact k ON k.id = c.contact WHERE c.id = {}",
        conversation,
    )
    if row is None or not row["blocked"]:
        return False
    await database.fetch("UPDATE conversation SET answered = said WHERE id = {}", conversation)
    return True
