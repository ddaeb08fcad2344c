"""The language model "claude"."""

import asyncio
import gc
from collections.abc import AsyncGenerator
from contextlib import AsyncExitStack, aclosing, suppress
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import msgspec
import structlog

from frontdesk.model import ModelError, ModelReply, ModelRequest, Opaque, TextDelta, Usage
from frontdesk_plugins.claude.prices import Prices
from frontdesk_plugins.claude.settings import ClaudeSettings
from frontdesk_plugins.claude.stream import Reader
from frontdesk_plugins.claude.wire import Wire, request_body

if TYPE_CHECKING:
    from frontdesk_plugins.claude.sdk import Connection

DRAIN = 0.2
"""Seconds to wait for the end of a response whose message is complete, so that the connection can
be used again."""

log = structlog.get_logger("frontdesk.claude")


class Claude:
    """Implements `frontdesk.Model`. One object serves all conversations of a process."""

    name = "claude"

    def __init__(self, settings: ClaudeSettings, prices: Prices) -> None:
        self._settings = settings
        self._prices = prices
        self._strict = settings.strict_tools
        self._connection: Connection | None = None
        self._lock = asyncio.Lock()

    async def warm_up(self) -> None:
        """Imports the SDK. It does not talk to the API."""
        await self._connected()

    async def close(self) -> None:
        connection, self._connection = self._connection, None
        if connection:
            await connection.close()

    async def stream(self, request: ModelRequest) -> AsyncGenerator[TextDelta | ModelReply]:
        """See `frontdesk.Model.stream`. Whoever stops early must close the generator."""
        connection = await self._connected()
        body = request_body(request, self._settings, strict=self._strict)
        deadline = asyncio.get_running_loop().time() + min(self._settings.timeout, request.seconds)
        reader, request_id, answering = Reader(), "", False
        try:
            async with AsyncExitStack() as stack:
                async with asyncio.timeout_at(deadline):
                    response = await stack.enter_async_context(connection.open(body))
                answering, request_id = True, response.request_id or ""
                chunks = await stack.enter_async_context(aclosing(connection.chunks(response)))
                while not reader.done:
                    chunk = await self._next(chunks, deadline)
                    if chunk is None:
                        raise ModelError("cut", "the reply has no end", retryable=True)
                    text = reader.feed(chunk)
                    if text:
                        yield TextDelta(text)
                    if reader.fault:
                        raise reader.fault
                await _drain(chunks)
        except Exception as error:
            known = (
                error
                if isinstance(error, ModelError)
                else connection.explain(error, answering=answering)
            )
            if known is None:
                raise
            raise self._completed(known, reader, request_id, body) from None
        yield self._reply(reader, request_id)

    async def _connected(self) -> "Connection":
        if self._connection is None:
            async with self._lock:
                if self._connection is None:
                    self._connection = await asyncio.to_thread(_connect, self._settings)
        return self._connection

    async def _next(self, chunks: AsyncGenerator[bytes], deadline: float) -> bytes | None:
        """The next bytes; None at the end of the response. A timer per chunk would cost a tenth
        of the whole relay, so there is one only where the read timeout comes too late."""
        if deadline - asyncio.get_running_loop().time() > self._settings.read_timeout:
            return await anext(chunks, None)
        async with asyncio.timeout_at(deadline):
            return await anext(chunks, None)

    def _reply(self, reader: Reader, request_id: str) -> ModelReply:
        blocks = reader.opaque()
        return ModelReply(
            model=reader.model or self._settings.model,
            text=reader.text,
            calls=reader.calls(),
            stop=reader.stop,
            usage=self._priced(reader),
            opaque=Opaque(self._settings.model, blocks) if blocks else None,
            request_id=request_id,
        )

    def _completed(
        self, error: ModelError, reader: Reader, request_id: str, body: Wire
    ) -> ModelError:
        error.request_id = error.request_id or request_id
        error.usage = self._priced(reader)
        if error.kind == "bad_request" and _blames_strict(error, body):
            # The API's own limits are not published in full: better without than no answer.
            log.warning("strict tools are off until the next start", reason=str(error))
            self._strict = False
            error.retryable = True
        return error

    def _priced(self, reader: Reader) -> Usage:
        usage = reader.usage()
        if not reader.begun:
            return usage
        model = reader.model or self._settings.model
        cost = self._prices.cost(model, usage, datetime.now(UTC).date())
        return msgspec.structs.replace(usage, cost=cost)


def _connect(settings: ClaudeSettings) -> "Connection":
    """Runs in a thread: this import takes seconds, and the certificates are read from disk."""
    # Without this, full collections within the import stop the event loop for tenths of a second.
    gc.disable()
    try:
        from frontdesk_plugins.claude.sdk import Connection  # noqa: PLC0415
    finally:
        gc.enable()
    return Connection(settings)


async def _drain(chunks: AsyncGenerator[bytes]) -> None:
    with suppress(Exception):
        async with asyncio.timeout(DRAIN):
            async for _ in chunks:
                pass


def _blames_strict(error: ModelError, body: Wire) -> bool:
    text = str(error).lower()
    marked = any("strict" in tool for tool in body.get("tools", ()))
    return marked and ("schema" in text or "strict" in text)
