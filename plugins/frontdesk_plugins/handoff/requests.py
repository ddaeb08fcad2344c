"""Requests for a person, and what became of them.

The conversation decides: a request that waits is settled from the changes of hands that came after
it, by whoever looks next. So nothing has to be told to this plugin when staff act.
"""

from typing import Any, Literal

import msgspec

from frontdesk import ActionCall, events
from frontdesk.database import Database, Row
from frontdesk.events import CustomerSaid, StatusChanged
from frontdesk.ids import new_id
from frontdesk.instants import ms
from frontdesk_plugins.handoff.tables import Handoff

Urgency = Literal["low", "normal", "urgent"]


class Request(msgspec.Struct, frozen=True, kw_only=True):
    """As staff see it. Times are milliseconds since the epoch, UTC."""

    id: str
    conversation: str
    contact: str
    reason: str
    summary: str
    collected: dict[str, Any]
    urgency: Urgency
    language: str
    said: str
    created: int
    answer_by: int


async def ask(call: ActionCall, *, reason: str, summary: str, urgency: str, answer_by: int) -> Row:
    """The request of this call, or the one that waits already. Runs in the call's transaction."""
    made = await call.db.one(
        "SELECT * FROM handoff WHERE call = {} AND business = {}", call.id, call.business.id
    )
    made = made or await _waiting_here(call)
    if made is not None:
        return made
    row: Row = {
        "id": new_id(),
        "business": call.business.id,
        "conversation": call.conversation,
        "contact": call.contact.id,
        "call": call.id,
        "seq": await _last_seq(call),
        "reason": reason,
        "summary": summary,
        "collected": msgspec.json.encode(_collected(call)).decode(),
        "urgency": urgency,
        "language": call.business.language,
        "said": await _last_words(call),
        "status": "waiting",
        "created": ms(call.now),
        "answer_by": answer_by,
    }
    await Handoff.insert(Handoff(**row))  # pyright: ignore[reportArgumentType]
    return row


async def _waiting_here(call: ActionCall) -> Row | None:
    rows = await call.db.fetch(
        "SELECT * FROM handoff WHERE conversation = {} AND business = {} AND status = 'waiting'",
        call.conversation, call.business.id,
    )  # fmt: skip
    for row in rows:
        if not await follow(call.db, row):
            return row
    return None


async def _last_seq(call: ActionCall) -> int:
    row = await call.db.one(
        "SELECT last_seq FROM conversation WHERE id = {} AND business = {}",
        call.conversation, call.business.id,
    )  # fmt: skip
    assert row is not None
    return int(row["last_seq"])


async def _last_words(call: ActionCall) -> str:
    row = await call.db.one(
        "SELECT body FROM event WHERE conversation = {} AND type = 'customer_said' "
        "ORDER BY seq DESC LIMIT 1",
        call.conversation,
    )
    said = events.decode(row["body"]) if row else None
    return said.text if isinstance(said, CustomerSaid) else ""


def _collected(call: ActionCall) -> dict[str, Any]:
    """What the customer need not be asked again."""
    contact, state = call.contact, call.state
    known = {
        "name": contact.name,
        "phone": contact.phone,
        "email": contact.email,
        "booking": state.booking_draft,
        "order": state.current_order_items,
        "extra": call.extra,
    }
    return {key: value for key, value in known.items() if value}


async def follow(database: Database, row: Row) -> bool:
    """Settle a waiting request if its conversation went to somebody since. True: it was settled."""
    changes = await database.fetch(
        "SELECT at, body FROM event WHERE conversation = {} AND seq > {} "
        "AND type = 'status_changed' ORDER BY seq",
        row["conversation"], row["seq"],
    )  # fmt: skip
    for change in changes:
        event = events.decode(change["body"])
        if isinstance(event, StatusChanged) and event.status in ("human", "bot", "resolved"):
            is_accepted = event.status == "human"
            await database.fetch(
                "UPDATE handoff SET status = {}, accepted_by = {}, accepted_at = {} "
                "WHERE id = {} AND status = 'waiting'",
                "accepted" if is_accepted else "cancelled",
                event.agent if is_accepted else "",
                change["at"] if is_accepted else None,
                row["id"],
            )
            return True
    return False


async def waiting(database: Database, business: str) -> list[Request]:
    """The customers of a business who wait for a person now, the longest waiting first."""
    rows = await database.fetch(
        "SELECT h.* FROM handoff h JOIN conversation c ON c.id = h.conversation "
        "WHERE h.business = {} AND h.status = 'waiting' AND c.status = 'queued' "
        "ORDER BY h.created, h.id",
        business,
    )
    return [
        msgspec.convert(row | {"collected": msgspec.json.decode(row["collected"])}, Request)
        for row in rows
        if not await follow(database, row)
    ]
