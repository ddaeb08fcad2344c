"""What every widget request passes first: origin, token, limits, size, JSON."""

import math
from contextlib import suppress
from ipaddress import IPv6Network
from typing import TYPE_CHECKING, Any, TypeVar

import msgspec
from litestar.connection import ASGIConnection, Request
from litestar.exceptions import HTTPException

from frontdesk import toggling, words
from frontdesk.errors import LimitError
from frontdesk.limits import Occupancy, RateLimit
from frontdesk_plugins.web import origin, tokens
from frontdesk_plugins.web.doors import CHANNEL, Doors
from frontdesk_plugins.web.tokens import Visitor
from frontdesk_plugins.web.wire import NewMessage

if TYPE_CHECKING:
    from frontdesk import Business
    from frontdesk.desk import Desk

T = TypeVar("T")
AnyRequest = Request[Any, Any, Any]
AnyConnection = ASGIConnection[Any, Any, Any, Any]


class Gate:
    """The limits of this process, and the checks that use them."""

    def __init__(self, desk: "Desk") -> None:
        self.desk = desk
        limits = desk.settings.limits
        self._limits = limits
        self._conversations = RateLimit("conversations", limits.conversations_per_hour, 3600)
        self._requests = RateLimit("requests", limits.requests_per_minute, 60)
        self._minute = RateLimit("messages", limits.messages_per_minute, 60)
        self._day = RateLimit("messages of a day", limits.messages_per_day, 86400)
        self._conversation = RateLimit("conversation", limits.conversation_per_minute, 60)
        self._business = RateLimit("business", limits.business_per_minute, 60)
        self.visitor_sockets = Occupancy("sockets", limits.sockets_per_visitor)
        self.doors = Doors(desk)
        self.address_sockets = Occupancy("sockets of an address", limits.sockets_per_address)

    # ---- who

    async def business(self, identifier: str, connection: AnyConnection) -> "Business":
        """The business, if this origin may talk to it. 404 or 403 otherwise; 503 while its chat is
        switched off, for a widget that hears 404 forgets its conversation."""
        business = await self.desk.business(identifier)
        if business is None:
            raise HTTPException(
                status_code=404, detail=f"There is no business {identifier[:64]!r}."
            )
        if not origin.is_allowed(connection.headers.get("origin"), business, self._own(connection)):
            raise HTTPException(
                status_code=403,
                detail="This site may not use this business's chat. Its owner can add the site's "
                "origin to allowed_origins.",
            )
        if toggling.is_off(self.desk, CHANNEL, business):
            raise HTTPException(
                status_code=503,
                detail=words.switched_off(business),
                headers={"retry-after": "60"},
            )
        return business

    def _own(self, connection: AnyConnection) -> str:
        if self.desk.settings.server.public_url:
            return self.desk.settings.server.public_url.rstrip("/")
        scheme = {"ws": "http", "wss": "https"}.get(connection.scope["scheme"], "")
        return f"{scheme or connection.scope['scheme']}://{connection.headers.get('host', '')}"

    def bearer(self, request: AnyRequest) -> Visitor | None:
        kind, _, token = request.headers.get("authorization", "").partition(" ")
        return self.visitor(token.strip()) if kind.lower() == "bearer" else None

    def visitor(self, token: str) -> Visitor | None:
        return tokens.read(self.desk.secret_keys, token)

    async def caller(self, request: AnyRequest, conversation: str) -> Visitor:
        """Whose conversation it is. 401 without a token, 404 for a conversation of another's."""
        self.limit_address(request)
        visitor = self.bearer(request)
        if visitor is None:
            raise HTTPException(
                status_code=401,
                detail="A valid token is needed: Authorization: Bearer TOKEN, from "
                "POST /widget/conversations.",
                headers={"www-authenticate": "Bearer"},
            )
        await self.business(visitor.business, request)
        if visitor.conversation != conversation:
            raise HTTPException(status_code=404, detail="There is no such conversation.")
        return visitor

    # ---- how often

    def limit_address(self, connection: AnyConnection) -> None:
        self._take((self._requests, address(connection)))

    def limit_conversations(self, request: AnyRequest) -> None:
        self._take((self._conversations, address(request)))

    def refund_message(self, who: Visitor) -> None:
        """For a message that had come before: asking for its reply again costs nothing."""
        self._minute.give(f"{who.business} {who.visitor}")
        self._day.give(f"{who.business} {who.visitor}")
        self._conversation.give(who.conversation)
        self._business.give(who.business)

    def limit_messages(self, who: Visitor) -> None:
        """Raises 429 when the visitor, the conversation or the business sends too much."""
        self._take(
            (self._minute, f"{who.business} {who.visitor}"),
            (self._day, f"{who.business} {who.visitor}"),
            (self._conversation, who.conversation),
            (self._business, who.business),
        )

    def _take(self, *buckets: tuple[RateLimit, str]) -> None:
        try:
            for limit, key in buckets:
                limit.take(key)
        except LimitError as error:
            self.desk.metrics.limited.labels(error.message).inc()
            raise too_many(error) from error

    # ---- what

    async def body(self, request: AnyRequest, of: type[T]) -> T:
        """The JSON body. 415, 413 or 400 with every reason."""
        if (
            request.headers.get("content-type", "").split(";")[0].strip().lower()
            != "application/json"
        ):
            raise HTTPException(
                status_code=415, detail="The body must be JSON: Content-Type: application/json."
            )
        raw = await request.body()
        try:
            return msgspec.json.decode(raw, type=of)
        except msgspec.ValidationError as error:
            raise HTTPException(
                status_code=400, detail=f"The body does not fit: {error}"
            ) from error
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
            raise HTTPException(status_code=400, detail=f"Not valid JSON: {error}") from error

    def checked(self, message: NewMessage) -> NewMessage:
        """Raises 400 or 413 for a message that cannot be taken."""
        if not message.content.strip() and message.confirm:  # the button alone
            message = msgspec.structs.replace(message, content="Yes")
        if not message.content.strip():
            raise HTTPException(status_code=400, detail="content: the message is empty.")
        if "\x00" in message.content:
            raise HTTPException(status_code=400, detail="content: a NUL character is not text.")
        most = self._limits.message_chars
        if most and len(message.content) > most:
            raise HTTPException(
                status_code=413, detail=f"content: at most {most} characters, please."
            )
        for key, value in (("clientId", message.client_id), ("confirm", message.confirm)):
            if value is not None and not (0 < len(value) <= 100 and value.isprintable()):
                raise HTTPException(
                    status_code=400, detail=f"{key}: 1 to 100 printable characters."
                )
        return message


def address(connection: AnyConnection) -> str:
    """The client's IP address; behind a proxy that is trusted, what the proxy says."""
    host = connection.client.host if connection.client else "unknown"
    if ":" in host:  # a household has a whole /64 of them (RFC 6177)
        with suppress(ValueError):
            return str(IPv6Network((host.split("%")[0], 64), strict=False))
    return host


def too_many(error: LimitError) -> HTTPException:
    seconds = max(1, math.ceil(error.retry_after))
    return HTTPException(
        status_code=429,
        detail=f"Too many requests ({error.message}). Try again in {seconds} s.",
        headers={"retry-after": str(seconds)},
    )
