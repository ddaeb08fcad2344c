"""As much HTTP/1.1 as a `FakeClaude` needs."""

import asyncio
import socket
import struct
from collections.abc import Mapping

import msgspec


class HungUpError(Exception):
    """The client closed the connection before it had the whole response."""


class Request(msgspec.Struct, frozen=True):
    method: str
    path: str
    headers: dict[str, str]
    """Names in lower case."""
    body: bytes


async def read_request(reader: asyncio.StreamReader) -> Request:
    """Raises IncompleteReadError when the client closed the idle connection."""
    first, *lines = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
    parts = (line.partition(":") for line in lines if line)
    headers = {name.strip().lower(): value.strip() for name, _, value in parts}
    body = await reader.readexactly(int(headers.get("content-length", "0")))
    method, target, _ = first.split(" ")
    return Request(method, target.partition("?")[0], headers, body)


async def hold(reader: asyncio.StreamReader, seconds: float | None) -> None:
    """Do nothing for so long (None: for ever). Raises HungUpError when the client goes away."""
    try:
        async with asyncio.timeout(seconds):
            if await reader.read(1) == b"":
                raise HungUpError
            raise ConnectionError("a client must not send its next request within a response")
    except TimeoutError:
        return


async def write_json(
    writer: asyncio.StreamWriter, status: int, headers: Mapping[str, str], body: bytes
) -> None:
    lines = [
        f"HTTP/1.1 {status} Error",
        "content-type: application/json",
        f"content-length: {len(body)}",
        *(f"{name}: {value}" for name, value in headers.items()),
    ]
    writer.write("\r\n".join(lines).encode() + b"\r\n\r\n" + body)
    await writer.drain()


class StreamWriter:
    """A chunked response. `cut` is the size of a chunk in bytes, 0 leaves the writes whole."""

    def __init__(self, writer: asyncio.StreamWriter, cut: int, *, buffered: bool) -> None:
        self._writer = writer
        self._cut = cut
        self._buffered = buffered
        self._kept = bytearray()

    def head(self, request_id: str) -> None:
        self._writer.write(
            b"HTTP/1.1 200 OK\r\n"
            b"content-type: text/event-stream; charset=utf-8\r\n"
            b"cache-control: no-cache\r\n"
            b"transfer-encoding: chunked\r\n"
            b"request-id: " + request_id.encode() + b"\r\n\r\n"
        )

    async def write(self, data: bytes) -> None:
        self._kept += data
        if not self._buffered:
            await self.flush()

    async def flush(self) -> None:
        data = bytes(self._kept)
        self._kept.clear()
        size = self._cut or len(data)
        for start in range(0, len(data), size or 1):
            piece = data[start : start + size]
            self._writer.write(b"%x\r\n%b\r\n" % (len(piece), piece))
            if self._cut:
                await asyncio.sleep(0)  # let the client read it alone
        await self._writer.drain()

    async def end(self) -> None:
        self._writer.write(b"0\r\n\r\n")
        await self._writer.drain()

    def reset(self) -> None:
        """Close with a TCP reset instead of a proper end."""
        sock: socket.socket = self._writer.get_extra_info("socket")
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self._writer.transport.abort()
