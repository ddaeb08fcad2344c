"""As much HTTP/1.1 as a `FakeTwilio` needs."""

import asyncio
import base64
import socket
import struct
from urllib.parse import parse_qsl, urlsplit

import msgspec


class Request(msgspec.Struct, frozen=True):
    method: str
    path: str
    fields: dict[str, str]
    """Of the query, or of the form that was posted."""
    user: str
    password: str


async def read_request(reader: asyncio.StreamReader) -> Request:
    """Raises IncompleteReadError when the client closed the idle connection."""
    first, *lines = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
    parts = (line.partition(":") for line in lines if line)
    headers = {name.strip().lower(): value.strip() for name, _, value in parts}
    body = (await reader.readexactly(int(headers.get("content-length", "0")))).decode()
    method, target, _ = first.split(" ")
    url = urlsplit(target)
    scheme, _, encoded = headers.get("authorization", "").partition(" ")
    user, _, password = (
        base64.b64decode(encoded).decode() if scheme.lower() == "basic" else ""
    ).partition(":")
    fields = dict(parse_qsl(url.query if method == "GET" else body, keep_blank_values=True))
    return Request(method, url.path, fields, user, password)


async def write(
    writer: asyncio.StreamWriter, status: int, body: bytes, kind: str = "application/json"
) -> None:
    head = f"HTTP/1.1 {status} -\r\ncontent-type: {kind}\r\ncontent-length: {len(body)}\r\n\r\n"
    writer.write(head.encode() + body)
    await writer.drain()


def drop(writer: asyncio.StreamWriter) -> None:
    """Close with a TCP reset, as a broken network does."""
    sock: socket.socket = writer.get_extra_info("socket")
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    writer.transport.abort()
