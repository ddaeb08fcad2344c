"""The panel beside a conversation: who the customer is, and what plugins know of them."""

import asyncio
from typing import TYPE_CHECKING, Any

import structlog

from frontdesk import opting
from frontdesk.pages import Section
from frontdesk_server.console import inbox_reads
from frontdesk_server.console.entries import HOOK_SECONDS
from frontdesk_server.console.inbox_reads import Contact, Item

if TYPE_CHECKING:
    from frontdesk.business import Business
    from frontdesk.desk import Desk

log = structlog.get_logger("frontdesk.console")


async def panel(desk: "Desk", business: "Business", staff: str, item: Item) -> dict[str, Any]:
    contact = item.contact
    previous = await inbox_reads.of_contact(
        desk.database, business.id, staff, contact.id, but=item.id
    )
    return {
        "id": contact.id,
        "name": contact.name,
        "phone": contact.phone,
        "email": contact.email,
        "phoneVerified": contact.phone_verified,
        "consent": await _consent(desk, business, contact),
        "language": business.language,
        "sections": await _sections(desk, business, contact.id),
        "previous": [
            {"id": i.id, "channel": i.channel, "status": i.status, "updated": i.updated,
             "preview": i.preview}
            for i in previous
        ],
    }  # fmt: skip


async def _sections(desk: "Desk", business: "Business", contact: str) -> list[Section]:
    found = await asyncio.gather(
        *(_section(desk, business, contact, name) for name in desk.plugins.enabled())
    )
    return [section for section in found if section is not None and section.rows]


async def _section(desk: "Desk", business: "Business", contact: str, plugin: str) -> Section | None:
    """One that breaks or hangs takes only its own section with it."""
    if plugin in business.plugins.disabled:
        return None
    try:
        has_hook, answer = desk.plugins.call(
            plugin, "describe_contact", business=business, contact=contact
        )
        if not has_hook:
            return None
        async with asyncio.timeout(HOOK_SECONDS):
            section: Section = await answer
            return section
    except Exception:
        log.exception("describe_contact failed", plugin=plugin)
        return None


async def _consent(desk: "Desk", business: "Business", contact: Contact) -> str:
    """To text messages; that of a number which is only claimed says nothing of this customer."""
    if not contact.phone:
        return "unknown"
    return await opting.state(desk.database, business.id, contact.phone)
