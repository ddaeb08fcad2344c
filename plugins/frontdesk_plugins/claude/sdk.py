"""The one file that imports the SDK. It costs seconds, so `model.py` imports it in a thread."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Any, cast

import anthropic
import httpx2
import msgspec

from frontdesk import ModelError
from frontdesk_plugins.claude.errors import from_status
from frontdesk_plugins.claude.settings import ClaudeSettings

_HEADERS = {
    "content-type": "application/json",
    "accept-encoding": "identity",  # the bytes are read as they come
    "x-stainless-raw-response": "stream",  # what the SDK's with_streaming_response sets
}
KEEPALIVE = 90.0
"""Seconds. Customers answer after more than the default of 5, and then pay a new handshake."""


class Connection:
    """The SDK's client, for authentication, headers and typed errors. One per process."""

    def __init__(self, settings: ClaudeSettings) -> None:
        timeout = httpx2.Timeout(
            settings.timeout, connect=settings.connect_timeout, read=settings.read_timeout
        )
        limits = httpx2.Limits(
            max_connections=1000, max_keepalive_connections=200, keepalive_expiry=KEEPALIVE
        )
        self._secret = settings.api_key
        self._client = anthropic.AsyncAnthropic(
            api_key=settings.api_key,
            base_url=settings.base_url,
            timeout=timeout,
            max_retries=0,  # the engine retries: it knows the deadline and what was shown
            open_telemetry=False,
            http_client=anthropic.DefaultAioHttpClient(timeout=timeout, limits=limits),
        )
        # Touched here because the SDK imports much of itself only now, and we are in a thread.
        self._stream: Any = anthropic.AsyncStream[anthropic.types.RawMessageStreamEvent]
        assert self._client.messages

    @asynccontextmanager
    async def open(self, body: dict[str, Any]) -> AsyncGenerator[anthropic.AsyncAPIResponse[Any]]:
        """The response, once its headers are there. Leaving the context closes the socket.

        The body is encoded here: `messages.create` would copy the whole history piece by piece and
        encode it more slowly, which costs more than all else in a request.
        """
        response: anthropic.AsyncAPIResponse[Any] = await self._client.post(
            "/v1/messages",
            cast_to=cast("Any", anthropic.types.Message),
            content=msgspec.json.encode({**body, "stream": True}),
            options={"headers": _HEADERS},
            stream=True,
            stream_cls=self._stream,
        )
        try:
            yield response
        finally:
            await response.close()

    def chunks(self, response: anthropic.AsyncAPIResponse[Any]) -> AsyncGenerator[bytes]:
        http = response.http_response
        compressed = "content-encoding" in http.headers  # by a proxy that was asked not to
        return http.aiter_bytes() if compressed else http.aiter_raw()

    def explain(self, error: Exception, *, answering: bool) -> ModelError | None:
        """The error in the engine's words; None when it is not one of the transport or the API.

        `answering` says that the response had begun. Texts of exceptions are not passed on: only
        the API's own sentence is, and never with the key in it.
        """
        if isinstance(error, anthropic.APIStatusError):
            return from_status(
                error.status_code,
                error.response.headers,
                type_=error.type or "",
                code=error.error_code or "",
                said=(error.api_message or "").replace(self._secret, "[key]"),
            )
        if isinstance(error, anthropic.APITimeoutError | httpx2.TimeoutException | TimeoutError):
            return ModelError("timeout", "the API was silent for too long", retryable=True)
        cause = type(error.__cause__ or error).__name__
        if isinstance(error, anthropic.APIConnectionError) or (
            isinstance(error, httpx2.HTTPError | OSError) and not answering
        ):
            return ModelError("connection", f"the API was not reached ({cause})", retryable=True)
        if isinstance(error, httpx2.HTTPError | OSError):
            return ModelError("cut", f"the connection broke ({cause})", retryable=True)
        return None

    async def close(self) -> None:
        await self._client.close()
