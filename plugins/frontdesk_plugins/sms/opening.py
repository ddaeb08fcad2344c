"""The top of a conversation's first text message: who writes, and that it is a machine."""

from typing import TYPE_CHECKING

import msgspec

from frontdesk import events, words
from frontdesk.business import Business
from frontdesk.database import Database
from frontdesk.events import StaffSaid

if TYPE_CHECKING:
    from frontdesk.desk import Desk


class Opening(msgspec.Struct, frozen=True):
    text: str = ""
    discloses: bool = False


async def of_message(
    desk: "Desk", business: Business, conversation: str, event: str, text: str
) -> Opening:
    """What goes before a message, in the business's language. The name stands there once, and the
    disclosure before the first words that no person wrote. Notices that begin with the name and a colon,
    such as the answer to STOP, stand for themselves."""
    if text.startswith((f"{business.name}:", f"{business.name} :")):
        return Opening()
    sent = await desk.database.fetch(
        "SELECT discloses FROM sms_message WHERE business = {} AND conversation = {} "
        "AND state NOT IN ('held', 'failed', 'undelivered', 'canceled') AND event <> {}",
        business.id, conversation, event,
    )  # fmt: skip
    name = "" if sent else f"{business.name}: "
    is_told = any(row["discloses"] for row in sent)
    if is_told or await _is_by_staff(desk.database, conversation, event):
        return Opening(name)
    return Opening(f"{name}{_disclosure(desk, business)}\n", discloses=True)


async def _is_by_staff(database: Database, conversation: str, event: str) -> bool:
    row = await database.one(
        "SELECT body FROM event WHERE conversation = {} AND type = 'staff_said' AND body LIKE {} "
        "ORDER BY seq DESC LIMIT 1",
        conversation, f'%"id":"{event}"%',
    )  # fmt: skip
    said = events.decode(row["body"]) if row else None
    return isinstance(said, StaffSaid) and said.id == event


def _disclosure(desk: "Desk", business: Business) -> str:
    pack = desk.pack_of(business)
    manifest = pack.manifest if pack else None
    own = manifest.disclosures.get(business.language, "") if manifest else ""
    return own or words.notice(business)
