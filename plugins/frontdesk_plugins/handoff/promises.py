"""Messages taken for the team, and whether somebody answered them."""

from datetime import datetime
from typing import Literal

import msgspec

from frontdesk import ActionCall, Business
from frontdesk.conversation import Contact
from frontdesk.database import Database, Row, current
from frontdesk.ids import new_id
from frontdesk.instants import ms, now_ms
from frontdesk_plugins.handoff.staffed import read_from
from frontdesk_plugins.handoff.tables import Promise as PromiseRow


class Promise(msgspec.Struct, frozen=True, kw_only=True):
    """As staff see it. Times are milliseconds since the epoch, UTC."""

    id: str
    conversation: str
    contact: str
    topic: str
    text: str
    name: str
    phone: str
    email: str
    urgency: Literal["low", "normal", "urgent"]
    callback_window: str
    due: int
    state: Literal["open", "done"]
    created: int
    done_by: str
    done_at: int | None


async def take(call: ActionCall, message: Row) -> Row:
    """Keep a message (the columns that the customer filled, and `due`). Runs in the call's
    transaction. The same words again in one conversation are the same message."""
    made = await call.db.one(
        "SELECT * FROM promise WHERE business = {} AND (call = {} "
        "OR (conversation = {} AND state = 'open' AND text = {})) LIMIT 1",
        call.business.id, call.id, call.conversation, message["text"],
    )  # fmt: skip
    if made is not None:
        return made
    row: Row = message | {
        "id": new_id(),
        "business": call.business.id,
        "conversation": call.conversation,
        "contact": call.contact.id,
        "call": call.id,
        "created": ms(call.now),
    }
    await PromiseRow.insert(PromiseRow(**row))
    return row


async def leave(
    business: Business, conversation: str, contact: Contact, topic: str, text: str, now: datetime
) -> None:
    """Keep what another plugin has for the team, in the caller's transaction, once."""
    made = await current().one(
        "SELECT 1 AS yes FROM promise WHERE business = {} AND conversation = {} "
        "AND state = 'open' AND text = {}",
        business.id, conversation, text,
    )  # fmt: skip
    if made is not None:
        return
    await PromiseRow.insert(
        PromiseRow(
            id=new_id(),
            business=business.id,
            conversation=conversation,
            contact=contact.id,
            call=new_id(),
            topic=topic,
            text=text,
            name=contact.name,
            phone=contact.phone,
            email=contact.email,
            urgency="normal",
            callback_window="",
            due=ms(read_from(business, now)),
            created=ms(now),
        )
    )


async def open(database: Database, business: str) -> list[Promise]:  # noqa: A001
    """What a business owes its customers, what is due first first."""
    rows = await database.fetch(
        "SELECT * FROM promise WHERE business = {} AND state = 'open' ORDER BY due, created, id",
        business,
    )
    return [msgspec.convert(row, Promise) for row in rows]


async def done(database: Database, business: str, promise: str, agent: str = "") -> bool:
    """Somebody answered. False when it was done already, or is not the business's."""
    row = await database.one(
        "UPDATE promise SET state = 'done', done_by = {}, done_at = {} "
        "WHERE id = {} AND business = {} AND state = 'open' RETURNING id",
        agent, now_ms(), promise, business,
    )  # fmt: skip
    return row is not None
