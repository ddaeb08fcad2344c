"""The customers' side. It parses only after a turn is over, so that it takes little of the machine."""

import asyncio
import time
from typing import Any, cast

import msgspec

from .targets import Conversation

TURN_SECONDS = 120


class Answer(msgspec.Struct, frozen=True):
    """A reply as it came in."""

    first: float
    """Seconds from the request to the first words."""
    text: str
    actions: list[dict[str, Any]]


class Link(asyncio.Protocol):
    """A kept connection for one conversation, one turn at a time."""

    def __init__(self, conversation: Conversation) -> None:
        self._conversation = conversation
        self._transport: asyncio.Transport | None = None
        self._received = bytearray()
        self._first = 0.0
        self._done: asyncio.Future[None] | None = None

    async def open(self, port: int) -> None:
        await asyncio.get_running_loop().create_connection(lambda: self, "127.0.0.1", port)

    def close(self) -> None:
        if self._transport is not None:
            self._transport.close()

    async def say(self, text: str) -> Answer:
        """One turn. Raises RuntimeError when the reply is not a complete stream."""
        assert self._transport is not None
        body = msgspec.json.encode({"content": text})
        self._received.clear()
        self._first = 0.0
        self._done = asyncio.get_running_loop().create_future()
        began = time.perf_counter()
        self._transport.write(
            f"POST {self._conversation.path} HTTP/1.1\r\nHost: 127.0.0.1\r\n"
            f"Authorization: Bearer {self._conversation.token}\r\n"
            f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n".encode()
            + body
        )
        async with asyncio.timeout(TURN_SECONDS):
            await self._done
        text, actions = _read(bytes(self._received))
        return Answer(self._first - began, text, actions)

    # ---- asyncio.Protocol

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)  # uvloop's is not one by class

    def data_received(self, data: bytes) -> None:
        self._received += data
        if not self._first and b'"type":"chunk"' in data:
            self._first = time.perf_counter()
        is_over = self._received.endswith((b"\r\n0\r\n\r\n",)) or not _is_stream(self._received)
        if is_over and self._done is not None and not self._done.done():
            self._done.set_result(None)

    def connection_lost(self, exc: Exception | None) -> None:
        if self._done is not None and not self._done.done():
            self._done.set_exception(RuntimeError(f"the server hung up: {exc}"))


def _is_stream(received: bytearray) -> bool:
    return received.startswith(b"HTTP/1.1 200"[: len(received)])


def _read(received: bytes) -> tuple[str, list[dict[str, Any]]]:
    head, _, body = received.partition(b"\r\n\r\n")
    if not head.startswith(b"HTTP/1.1 200"):
        raise RuntimeError(received[:2000].decode(errors="replace"))
    lines = _unchunked(body).split(b"\n")
    events = [msgspec.json.decode(line[6:]) for line in lines if line.startswith(b"data: ")]
    if not events or events[-1]["type"] != "done":
        raise RuntimeError(f"the stream ended with {events[-1:]}")
    text = "".join(event["content"] for event in events if event["type"] == "chunk")
    return text, [event["action"] for event in events if event["type"] == "action"]


def _unchunked(body: bytes) -> bytes:
    """The content of a body in chunked transfer coding (RFC 9112, 7.1)."""
    found: list[bytes] = []
    at = 0
    while at < len(body):
        line = body.index(b"\r\n", at)
        size = int(body[at:line], 16)
        found.append(body[line + 2 : line + 2 + size])
        at = line + 2 + size + 2
    return b"".join(found)
