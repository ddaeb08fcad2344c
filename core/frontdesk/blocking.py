"""Customers whom staff want no more of: what they write is stored and never answered.

Conversations are locked before contacts, as turns do it.
"""

from frontdesk import status
from frontdesk.database import Database
from frontdesk.errors import UnknownConversationError
from frontdesk.events import Stored

REASON = "blocked"


async def block(
    database: Database, business: str, conversation: str, agent: str
) -> list[tuple[str, list[Stored]]]:
    """Block whoever writes in this conversation, and resolve all that they have open, as
    (conversation, what was stored), this one first. StatusError when a colleague has it."""
    async with database.transaction():
        stored = await status.resolve(database, business, conversation, agent, reason=REASON)
        happened = [(conversation, stored)]
        contact = await _contact_of(database, business, conversation)
        others = await database.fetch(
            "SELECT id FROM conversation WHERE contact = {} AND business = {} "
            "AND status <> 'resolved' ORDER BY id",
            contact, business,
        )  # fmt: skip
        for row in others:
            stored = await status.resolve_for_all(database, business, row["id"], REASON)
            happened.append((row["id"], stored))
        await database.fetch(  # it may have been resolved before
            "UPDATE conversation SET reason = {} WHERE id = {} AND business = {}",
            REASON, conversation, business,
        )  # fmt: skip
        await _set(database, business, contact, blocked=True)
    return happened


async def unblock(database: Database, business: str, conversation: str) -> None:
    """What they write from now on is answered again. What was written meanwhile is not."""
    async with database.transaction():
        contact = await _contact_of(database, business, conversation)
        await database.fetch(
            "UPDATE conversation SET reason = '' WHERE contact = {} AND business = {} "
            "AND reason = {}",
            contact, business, REASON,
        )  # fmt: skip
        await _set(database, business, contact, blocked=False)


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
