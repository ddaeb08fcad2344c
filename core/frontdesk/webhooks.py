"""Signed webhooks: telling another system of an event, and how that system knows that it was us.

A request is a POST of JSON, `{"event", "id", ..., "sent_at"}`, with what the event is about in between.
`id` is the same in every attempt: a receiver that has seen it answers 200 and does nothing. The header

    X-Frontdesk-Signature: t=1795348800,v1=5257a869...

holds the time of the attempt (seconds since the epoch) and, in hexadecimal, the HMAC-SHA256 of
`t + "." + body` under the secret that both sides know. `verify` is what a receiver does. A 2xx answer
within 15 seconds means that the event was taken; 4xx means never to send it again (but for 408, 425
and 429); anything else, and a later attempt comes, as `Retry-After` says if it is there.

The secret stands in the business's settings and nowhere else: it is read anew for each attempt, so
entries of the outbox hold none, and a new one counts at once.
"""

import hmac
import time
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Annotated

import msgspec
from msgspec import Meta

from frontdesk.errors import ConfigError
from frontdesk.outbox import Deliver, Entry, GiveUpError, NotDeliveredError
from frontdesk.urls import Reach, UnreachableError, check, request

if TYPE_CHECKING:
    from frontdesk.business import Business
    from frontdesk.desk import Desk

HEADER = "X-Frontdesk-Signature"
TOLERANCE = 300
"""Seconds. Older requests may be repetitions by someone who listened."""
_LATER = (408, 425, 429)


class Endpoint(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Where a business wants its events: `webhook = {url = "https://...", secret = "..."}`."""

    url: str
    secret: Annotated[str, Meta(min_length=16, max_length=200)]

    def __repr__(self) -> str:
        return "Endpoint(...)"  # a log or a traceback must not tell the secret


Find = Callable[[str], Awaitable[Endpoint | None]]
"""From the id of a business to its endpoint; None when it has none."""


def delivery(find: Find, reach: Reach = Reach()) -> Deliver:  # noqa: B008  it is frozen
    """What to return from `register_deliveries` under a kind of the plugin's own, for example
    `{"orders.webhook": webhooks.delivery(webhooks.in_section(desk, "orders"))}`.

    An entry's body is the JSON to send: `{"event": "order.placed", "order": {...}}`.
    """

    async def deliver(entry: Entry) -> None:
        try:
            endpoint = await find(entry.business)
            if endpoint is None:
                raise GiveUpError("the business has no webhook for this any more")
            now = int(time.time())
            body = _body(entry, now)
            headers = {"content-type": "application/json", HEADER: sign(body, endpoint.secret, now)}
            answer = await request("POST", endpoint.url, reach, body=body, headers=headers)
        except ConfigError as error:
            raise GiveUpError(str(error)) from error
        except UnreachableError as error:
            raise NotDeliveredError(str(error)) from error
        _judge(answer.status, answer.headers.get("retry-after", ""), now)

    return deliver


def in_section(desk: "Desk", section: str) -> Find:
    """The endpoint that stands as `webhook` in [settings.SECTION] of a business."""

    async def find(business: str) -> Endpoint | None:
        found = await desk.business(business)
        return _endpoint(found, section) if found else None

    return find


def check_business(business: "Business", reach: Reach) -> None:
    """Raises ConfigError for a webhook of any section that could not be called."""
    for section in business.settings:
        endpoint = _endpoint(business, section)
        if endpoint is not None:
            try:
                check(endpoint.url, reach)
            except ConfigError as error:
                raise ConfigError(f"settings.{section}.webhook: {error}") from error


def _endpoint(business: "Business", section: str) -> Endpoint | None:
    webhook = business.settings.get(section, {}).get("webhook")
    try:
        return msgspec.convert(webhook, Endpoint) if webhook is not None else None
    except msgspec.ValidationError as error:
        raise ConfigError(f"settings.{section}.webhook: {error}") from error


def sign(body: bytes, secret: str, now: int) -> str:
    """The header's value. `now` is in seconds since the epoch."""
    return f"t={now},v1={_signature(secret, str(now), body)}"


def verify(
    header: str, body: bytes, secret: str, *, now: float, tolerance: int = TOLERANCE
) -> bool:
    """Whether a request is ours and fresh. `header` is that of the signature, `body` the bytes as
    they came, `now` in seconds since the epoch."""
    parts = [part.strip().partition("=") for part in header.split(",")]
    times = [value for name, _, value in parts if name == "t"]
    if len(times) != 1 or not (times[0].isascii() and times[0].isdecimal() and len(times[0]) < 15):
        return False
    if abs(now - int(times[0])) > tolerance:
        return False
    expected = _signature(secret, times[0], body)
    signatures = [value for name, _, value in parts if name == "v1"]
    return any(hmac.compare_digest(expected.encode(), each.encode()) for each in signatures)


def _signature(secret: str, at: str, body: bytes) -> str:
    return hmac.new(secret.encode(), at.encode() + b"." + body, "sha256").hexdigest()


def _body(entry: Entry, now: int) -> bytes:
    sent_at = datetime.fromtimestamp(now, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    first = {"event": entry.body["event"], "id": entry.id}
    return msgspec.json.encode(first | entry.body | first | {"sent_at": sent_at})


def _judge(status: int, retry_after: str, now: int) -> None:
    if 200 <= status < 300:
        return
    text = f"the receiver answered {status}"
    if 400 <= status < 500 and status not in _LATER:
        raise GiveUpError(text)
    raise NotDeliveredError(text, after=_seconds(retry_after, now))


def _seconds(retry_after: str, now: int) -> float:
    """RFC 9110, 10.2.3: seconds, or a date. 0 for anything else."""
    if retry_after.isascii() and retry_after.isdecimal() and len(retry_after) < 10:
        return int(retry_after)
    try:
        at = parsedate_to_datetime(retry_after)
    except ValueError:
        return 0
    return max(0.0, at.replace(tzinfo=at.tzinfo or UTC).timestamp() - now)
