"""One open console: who sits there, and the line to the browser."""

import asyncio
from typing import TYPE_CHECKING, Any

import msgspec
from litestar import WebSocket

from frontdesk_server.console import feed
from frontdesk_server.console.feed import Feed, Listener
from frontdesk_server.console.sessions import Session

if TYPE_CHECKING:
    from frontdesk.desk import Desk

WRITE_SECONDS = 10.0
Socket = WebSocket[Any, Any, Any]


class Refused(Exception):  # noqa: N818  a close code on its way to the browser
    def __init__(self, code: int, reason: str) -> None:
        super().__init__(reason)
        self.code = code
        self.reason = reason


class Console:
    """One open console and its line."""

    def __init__(self, desk: "Desk", socket: Socket, session: Session) -> None:
        self.desk = desk
        self.socket = socket
        self.business = session.business
        self.staff = session.staff
        self.feed: Feed = feed.of(desk)
        self.listener = Listener(session)
        self.opened: asyncio.Task[None] | None = None
        self.failed: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.typed = 0.0

    async def send(self, event: str, data: dict[str, Any]) -> None:
        async with asyncio.timeout(WRITE_SECONDS):
            await self.socket.send_text(
                msgspec.json.encode({"event": event, "data": data}).decode()
            )
