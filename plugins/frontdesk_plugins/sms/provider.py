"""Who carries text messages: a small protocol, and Twilio behind it."""

import asyncio
import threading
from collections.abc import Callable
from typing import TYPE_CHECKING, Protocol, TypeVar

import msgspec

from frontdesk_plugins.sms.settings import SmsSettings

if TYPE_CHECKING:
    from frontdesk_plugins.sms.sdk import Connection

T = TypeVar("T")

AT_ONCE = 8
"""Requests to Twilio of one process."""


class Outgoing(msgspec.Struct, frozen=True, kw_only=True):
    """One text message. Numbers are E.164."""

    to: str
    from_: str
    body: str
    status_callback: str = ""
    validity: int = 3600
    """Seconds that it may wait at the provider. Later than that, an answer is of no use."""

    def __repr__(self) -> str:
        return "Outgoing(...)"  # neither numbers nor words belong into a log


class Taken(msgspec.Struct, frozen=True, kw_only=True):
    """A message that the provider has."""

    sid: str
    state: str
    """In Twilio's words, see `states.py`."""
    segments: int | None = None
    """As they are billed; None until the provider knows."""
    error: str = ""


class SmsProvider(Protocol):
    """Both methods raise SmsError and no other error."""

    async def send(self, message: Outgoing) -> Taken:
        """Returns when the provider has the message."""
        ...

    async def find(self, message: Outgoing, since: int) -> list[Taken]:
        """Messages with the same numbers and words that the provider has had since then
        (milliseconds since the epoch, UTC), the newest first."""
        ...


class Twilio:
    """Its synchronous SDK in threads: the asynchronous one ignores its timeouts."""

    def __init__(self, section: SmsSettings) -> None:
        self._section = section
        self._limiter = asyncio.Semaphore(AT_ONCE)
        self._lock = threading.Lock()
        self._connection: Connection | None = None

    async def send(self, message: Outgoing) -> Taken:
        return await self._run(lambda connection: connection.send(message))

    async def find(self, message: Outgoing, since: int) -> list[Taken]:
        return await self._run(lambda connection: connection.find(message, since))

    async def _run(self, work: "Callable[[Connection], T]") -> T:
        async with self._limiter:
            return await asyncio.to_thread(lambda: work(self._connected()))

    def _connected(self) -> "Connection":
        from frontdesk_plugins.sms.sdk import Connection  # noqa: PLC0415

        with self._lock:
            if self._connection is None:
                self._connection = Connection(self._section)
            return self._connection
