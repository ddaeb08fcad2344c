"""Saying something to the holder of a telephone number of one's own accord, by text message."""

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

from frontdesk import contacts, opting, status
from frontdesk.business import Business
from frontdesk.database import Database, whole
from frontdesk.events import Stored
from frontdesk.instants import now_ms
from frontdesk.locks import lock_conversation
from frontdesk.model import ToolCall

if TYPE_CHECKING:
    from frontdesk.desk import Desk
    from frontdesk.plugins import Plugins

CHANNEL = "sms"


def can_text(plugins: "Plugins", business: Business) -> bool:
    """Whether text messages leave here, and the business has a number to send them from."""
    channel = plugins.channels.get(CHANNEL)
    is_off = CHANNEL in business.plugins.disabled
    has_number = bool(business.settings.get(CHANNEL, {}).get("numbers"))
    return bool(channel is not None and channel.outbox and has_number and not is_off)


async def notify(
    desk: "Desk",
    business: Business,
    phone: str,
    text: str,
    *,
    once: Callable[[], Awaitable[bool]],
    offer: ToolCall | None = None,
) -> bool:
    """Say it in the text conversation with a number (E.164), which is begun if need be. True: done.

    `once` runs in the same transaction, after the conversation is locked, and takes the notice (a
    compare-and-set, or a unique row): a crash leaves both or neither, and of several nodes one says
    it. It may run twice, when the database undid the first. Nothing is said to a number whose
    holder did not agree to text messages. For `offer` see `Noticed`.
    """
    database = desk.database
    if not can_text(desk.plugins, business):
        return False
    conversation, stored = await _notify(database, desk, business.id, phone, text, once, offer)
    desk.happened(conversation, stored)
    return bool(stored)


@whole
async def _notify(
    database: Database,
    desk: "Desk",
    business: str,
    phone: str,
    text: str,
    once: Callable[[], Awaitable[bool]],
    offer: ToolCall | None,
) -> tuple[str, list[Stored]]:
    """(conversation, what was stored). Locks as a turn does: conversation, what `once` writes, contact."""
    async with database.transaction():
        found = await _conversation(database, business, phone)
        if found:
            await lock_conversation(database, business, found)
        if not await once():
            return "", []
        if await opting.state(database, business, phone) != "in":
            return "", []
        if not found:
            await contacts.of_phone(database, business, phone)  # others who look for one wait here
            found = await _conversation(database, business, phone)
        if not found:
            found, _ = await desk.open_conversation(business, CHANNEL, phone=phone)
        return found, await status.notice(database, business, found, text, offer)


async def _conversation(database: Database, business: str, phone: str) -> str:
    """What text messages with this number go on in, or nothing."""
    contact = await contacts.holder(database, business, phone)
    return await status.continued(database, business, contact, CHANNEL, now_ms()) or ""
