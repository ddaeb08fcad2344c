"""Answers within the webhook: `reply_mode = "twiml"`.

The reply is an outbox entry in any case. While a webhook waits for it, the delivery hands the words to
that webhook instead of sending them, and is done when the answer has left. So it is the one entry that
goes one of the two ways, and what comes too late is sent like all else.
"""

import asyncio
import re
from collections.abc import Sequence
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary
from xml.sax.saxutils import escape

from frontdesk.live import Position
from frontdesk.watch import Done, Stopping, follow

if TYPE_CHECKING:
    from frontdesk.desk import Desk

MOST = 10
"""Messages that Twilio takes in one answer."""
SENT_SECONDS = 5.0
"""How long an answer may take to leave once it has its words."""
_ILLEGAL = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What XML 1.0 cannot hold."""


class Waiter:
    """A webhook that waits for words."""

    def __init__(self) -> None:
        self.words: asyncio.Future[Sequence[str]] = asyncio.get_running_loop().create_future()
        self.event = ""
        """The message that answers it, once that is stored."""
        self.sent = asyncio.Event()

    def give(self, parts: Sequence[str]) -> None:
        if not self.words.done():
            self.words.set_result(parts)


class Room:
    """The webhooks that wait for one conversation, the longest waiting first."""

    def __init__(self) -> None:
        self.waiters: list[Waiter] = []
        self.handed = ""
        """The message that was handed over last."""


_rooms: "WeakKeyDictionary[Desk, dict[str, Room]]" = WeakKeyDictionary()


def document(parts: Sequence[str] = ()) -> bytes:
    """TwiML with a message for each part."""
    messages = "".join(f"<Message>{escape(_ILLEGAL.sub('', part))}</Message>" for part in parts)
    inside = f"<Response>{messages}</Response>" if messages else "<Response/>"
    return f'<?xml version="1.0" encoding="UTF-8"?>{inside}'.encode()


NOTHING = document()
"""Acknowledges a message and says nothing."""


async def wait(
    desk: "Desk", conversation: str, seq: int, deadline: float
) -> tuple[Sequence[str], asyncio.Event]:
    """For a webhook whose message `seq` a turn will answer: the words, nothing when there are none
    within `deadline` seconds, and what to set when the answer has left."""
    rooms = _rooms.setdefault(desk, {})
    room = rooms.setdefault(conversation, Room())
    waiter = Waiter()
    room.waiters.append(waiter)
    watching = asyncio.create_task(_watch(desk, conversation, seq, room, waiter))
    try:
        async with asyncio.timeout(deadline):
            parts = await waiter.words
    except TimeoutError:
        parts = ()
    finally:
        watching.cancel()
        room.waiters.remove(waiter)
        if not room.waiters:
            rooms.pop(conversation, None)
    return parts, waiter.sent


async def _watch(desk: "Desk", conversation: str, seq: int, room: Room, waiter: Waiter) -> None:
    """End the wait when no words come: a person has it, or they went with an earlier message."""
    async for part in follow(desk, conversation, seq, Position()):
        if isinstance(part, Stopping):
            waiter.give(())
        elif isinstance(part, Done):
            waiter.event = part.reply.id if part.reply else ""
            if part.reply is None or room.handed == waiter.event or not part.reply.content.strip():
                waiter.give(())


async def hand_over(desk: "Desk", conversation: str, event: str, parts: Sequence[str]) -> bool:
    """Within the delivery of a message: True when a webhook has taken its words and they have left,
    False when they have to be sent."""
    room = _rooms.get(desk, {}).get(conversation)
    if room is None or len(parts) > MOST:
        return False
    waiter = next((one for one in room.waiters if not one.words.done()), None)
    if waiter is None:
        return False
    waiter.give(parts)
    room.handed = event
    for other in room.waiters:
        if other.event == event:
            other.give(())
    try:
        async with asyncio.timeout(SENT_SECONDS):
            await waiter.sent.wait()
    except TimeoutError:  # the connection is gone, and nobody can have read it
        return False
    return True
