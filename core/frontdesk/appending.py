"""Putting events behind those that a conversation has: the one home of that statement."""

import time
from typing import Any

from frontdesk import events
from frontdesk.database import Database
from frontdesk.events import Stored


def now_ms() -> int:
    """Milliseconds since the epoch, UTC."""
    return time.time_ns() // 1_000_000


async def insert(database: Database, conversation: str, stored: list[Stored]) -> None:
    """The rows of events whose seqs the caller took in this transaction."""
    if not stored:
        return
    values = ", ".join(["({}, {}, {}, {}, {}, {})"] * len(stored))
    arguments: list[Any] = []
    for item in stored:
        kind = str(type(item.event).__struct_config__.tag)
        arguments += [conversation, item.seq, kind, item.at, item.turn, events.encode(item.event)]
    await database.fetch(
        f"INSERT INTO event (conversation, seq, type, at, turn, body) VALUES {values}",  # noqa: S608
        *arguments,
    )
