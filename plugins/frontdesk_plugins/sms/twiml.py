"""Answers within the webhook: `reply_mode = "twiml"`.

The reply is an outbox entry in any case. While a webhook waits for it, the delivery hands the words to
that webhook instead of sending them, and is done when the answer has left. So it is the one entry that
goes one of the two ways, and what comes too late is sent like all else.
"""

import asyncio
import re
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any
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
        loop = asyncio.get_running_loop()
        self.words: asyncio.Future[Sequence[str]] = loop.create_future()
        self.event = ""
        """The message that answers it, once that is stored."""
        self.left: asyncio.Future[bool] = loop.create_future()
        """Whether its answer left."""

    def give(self, parts: Sequence[str]) -> None:
        if not self.words.done():
            self.words.set_result(parts)

    def answer(self, *, has_left: bool) -> None:
        if not self.left.done():
            self.left.set_result(has_left)


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
    desk: "Desk",
    conversation: str,
    seq: int,
    deadline: float,
    receive: Callable[[], Awaitable[Mapping[str, Any]]],
) -> tuple[Sequence[str], Waiter]:
    """For a webhook whose message `seq` a turn will answer, and whose body was read: the words, nothing
    when there are none within `deadline` seconds or its connection is gone, and whom to tell when the
    answer has left. `receive` is ASGI's."""
    rooms = _rooms.setdefault(desk, {})
    room = rooms.setdefault(conversation, Room())
    waiter = Waiter()
    room.waiters.append(waiter)
    watching = asyncio.create_task(_watch(desk, conversation, seq, room, waiter))
    gone = asyncio.create_task(_gone(receive))
    is_there = False
    try:
        await asyncio.wait((waiter.words, gone), timeout=deadline, return_when="FIRST_COMPLETED")
        is_there = not gone.done()
    finally:
        watching.cancel()
        gone.cancel()
        waiter.give(())
        if not is_there:
            waiter.answer(has_left=False)
        room.waiters.remove(waiter)
        if not room.waiters:
            rooms.pop(conversation, None)
    return waiter.words.result() if is_there else (), waiter


async def _gone(receive: Callable[[], Awaitable[Mapping[str, Any]]]) -> None:
    """Returns when nobody is there any more to answer."""
    while (await receive())["type"] != "http.disconnect":
        pass


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
            return await waiter.left
    except TimeoutError:
        return False
