"""Calling another system for a tool, at most once as far as it can be known."""

import asyncio
import random
import time
from collections.abc import Mapping
from typing import Annotated, Any

import msgspec
import structlog
from msgspec import Meta

from frontdesk import ActionCall, ActionError
from frontdesk.urls import Answer, Reach, UnreachableError, request
from frontdesk_plugins.http import endpoints
from frontdesk_plugins.http.endpoints import Endpoint, Secret

log = structlog.get_logger("frontdesk.http")

LONGEST = 65_536
"""Bytes of an answer."""
LARGEST = 6000
"""Characters of what the model reads of it."""
ATTEMPTS = 3
_LATER = (408, 425, 429, 500, 502, 503, 504)
_REFUSED = "The other system refused this ({status})."
_DOWN = "The other system does not answer at the moment. Nothing is known to have been done."
_UNKNOWN = "It is not known whether the other system did it. Ask our team before it is tried again."


class HttpCall(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A pack's tool binds `endpoint`: a name of [settings.http.endpoints], or the endpoint itself.
    The tool's own fields are the arguments."""

    endpoint: Annotated[str, Meta(max_length=63)] | Endpoint


class Caller:
    """Calls endpoints with the secrets of the installation, within its reach."""

    def __init__(self, secrets: Mapping[str, Secret], reach: Reach) -> None:
        self._secrets = secrets
        self._reach = reach

    async def run(self, call: ActionCall, params: HttpCall) -> dict[str, Any]:
        """Raises ActionError for what the model or the customer should hear; ConfigError goes to
        the log."""
        endpoint = endpoints.endpoint_of(call.business, params.endpoint)
        url = endpoints.address(endpoint, call.extra)
        sent = endpoints.headers(endpoint, self._secrets, call.business.id)
        body = endpoints.body(endpoint, call.extra)
        if body:
            sent["content-type"] = "application/json"
        if endpoint.idempotency_header:
            sent[endpoint.idempotency_header.lower()] = call.id
        answer = await self._ask(endpoint, url, sent, body)
        return _told(endpoint, answer)

    async def _ask(self, endpoint: Endpoint, url: str, sent: dict[str, str], body: bytes) -> Answer:
        """Tried again only where a second arrival does no harm."""
        ends = time.monotonic() + endpoint.timeout
        is_safe = endpoint.method == "GET" or bool(endpoint.idempotency_header)
        for attempt in range(ATTEMPTS):
            left = ends - time.monotonic()
            try:
                answer = await request(
                    endpoint.method, url, self._reach,
                    body=body, headers=sent, seconds=left, longest=LONGEST + 1,
                )  # fmt: skip
                if answer.status not in _LATER or not is_safe:
                    return answer
                log.warning("endpoint failed", status=answer.status, attempt=attempt + 1)
            except UnreachableError as error:
                log.warning("endpoint unreachable", error=str(error), attempt=attempt + 1)
            wait = random.uniform(0.1, 0.4) * 2**attempt  # noqa: S311  jitter
            if not is_safe or time.monotonic() + wait > ends:
                break
            await asyncio.sleep(wait)
        raise ActionError(_DOWN if endpoint.method == "GET" else _UNKNOWN, needs_person=True)


def _told(endpoint: Endpoint, answer: Answer) -> dict[str, Any]:
    status = answer.status
    if not 200 <= status < 300:
        text = endpoint.refusals.get(str(status))
        if text is None and (status in _LATER or status >= 500):
            text = _DOWN if endpoint.method == "GET" else _UNKNOWN
        raise ActionError(text or _REFUSED.format(status=status), status=status)
    parts = endpoints.told(endpoint, _decoded(answer))
    if len(msgspec.json.encode(parts)) > LARGEST:
        log.warning(
            "endpoint told too much; name what is wanted in `result`", size=len(answer.body)
        )
        parts = {"result": "The answer was too long to read."}
    message = endpoints.sentence(endpoint, parts)
    return parts | {"message": message} if message else parts


def _decoded(answer: Answer) -> Any:
    if not answer.body.strip():
        return {}
    if len(answer.body) > LONGEST:
        return {"result": "The answer was too long to read."}
    try:
        return msgspec.json.decode(answer.body)
    except msgspec.DecodeError:
        return {"result": answer.body.decode("utf-8", "replace")[:LARGEST]}
