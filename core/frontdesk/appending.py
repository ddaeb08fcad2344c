"""Putting events behind those that a conversation has: the one home of that statement.

Words for a customer who does not fetch them go into the outbox in the same transaction.
"""

from typing import Any

import msgspec

from frontdesk import events
from frontdesk.database import Database
from frontdesk.events import Noticed, Replied, StaffSaid, Stored
from frontdesk.ids import new_id
from frontdesk.instants import now_ms


class Place(msgspec.Struct, frozen=True):
    """Where events are appended."""

    business: str
    conversation: str
    outbox: str = ""
    """See `ConversationRow.outbox`."""


class Words(msgspec.Struct, frozen=True, kw_only=True):
    """The body of an outbox entry with words for a customer."""

    conversation: str
    event: str
    """Id of the message: the same words never get a second entry."""
    text: str


async def insert(database: Database, place: Place, stored: list[Stored]) -> None:
    """The rows of events whose seqs the caller took in this transaction."""
    if not stored:
        return
    values = ", ".join(["({}, {}, {}, {}, {}, {})"] * len(stored))
    arguments: list[Any] = []
    for item in stored:
        kind = str(type(item.event).__struct_config__.tag)
        arguments += [
            place.conversation,
            item.seq,
            kind,
            item.at,
            item.turn,
            events.encode(item.event),
        ]
    await database.fetch(
        f"INSERT INTO event (conversation, seq, type, at, turn, body) VALUES {values}",  # noqa: S608
        *arguments,
    )
    if place.outbox:
        await _send(database, place, stored)


async def _send(database: Database, place: Place, stored: list[Stored]) -> None:
    for item in stored:
        match item.event:
            case Replied(id=identifier, content=text) | StaffSaid(id=identifier, text=text):
                pass
            case Noticed(id=identifier, text=text):
                pass
            case _:
                continue
        if text.strip():
            words = Words(conversation=place.conversation, event=identifier, text=text)
            await put(database, place.business, place.outbox, msgspec.to_builtins(words))


async def put(database: Database, business: str, kind: str, body: dict[str, Any]) -> str:
    """Put an entry into the outbox, in the caller's transaction; its id."""
    identifier, now = new_id(), now_ms()
    await database.fetch(
        "INSERT INTO outbox (id, business, kind, body, next_at, created) "
        "VALUES ({}, {}, {}, {}, {}, {})",
        identifier, business, kind, msgspec.json.encode(body).decode(), now, now,
    )  # fmt: skip
    return identifier
