"""A server on this machine that says exactly what a test wants said, and remembers what it heard."""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

from frontdesk.urls import Reach

Answer = bytes | Callable[[asyncio.StreamWriter], Awaitable[None]]


class Wire:
    """Where it listens, and what reached it."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.url = f"http://127.0.0.1:{port}"
        self.reach = Reach(ports=(port,), local=True)
        self.connections = 0
        self.requests: list[tuple[str, dict[str, str], bytes]] = []
        """Of each: the first line, the headers by their names in lower case, the body."""


def http(status: int, body: bytes = b"", **headers: str) -> bytes:
    """A whole answer. An underscore in a header's name stands for a hyphen."""
    lines = [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    head = "\r\n".join([f"HTTP/1.1 {status} Said", f"content-length: {len(body)}", *lines])
    return head.encode() + b"\r\n\r\n" + body


@asynccontextmanager
async def listening(*answers: Answer) -> AsyncGenerator[Wire]:
    """Each answer is sent, or called, after one request; the last one after all that follow."""
    tasks: set[asyncio.Task[Any]] = set()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        tasks.add(task)
        wire.connections += 1
        try:
            wire.requests.append(await _read(reader))
            answer = answers[min(len(wire.requests), len(answers)) - 1]
            if isinstance(answer, bytes):
                writer.write(answer)
                await writer.drain()
            else:
                await answer(writer)
        except (OSError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    wire = Wire(server.sockets[0].getsockname()[1])
    try:
        yield wire
    finally:
        server.close()
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def _read(reader: asyncio.StreamReader) -> tuple[str, dict[str, str], bytes]:
    first, *lines = (await reader.readuntil(b"\r\n\r\n")).decode().rstrip("\r\n").split("\r\n")
    headers = {name.lower(): value for name, _, value in (line.partition(": ") for line in lines)}
    return first, headers, await reader.readexactly(int(headers.get("content-length", "0")))
