"""The widget's HTTP routes."""

from collections.abc import AsyncIterator
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import msgspec
import structlog
from litestar import Response, Router, get, post
from litestar.exceptions import HTTPException
from litestar.params import FromPath
from litestar.response import Stream

from frontdesk import Inbound, toggling, words
from frontdesk.errors import ClientIdReusedError, UnknownConversationError
from frontdesk.events import Stored
from frontdesk.hours import opening
from frontdesk.ids import new_id
from frontdesk.live import Position, as_action
from frontdesk.reads import agent_name, read_messages
from frontdesk.store import Receipt
from frontdesk.watch import Acted, Done, Stopping, follow, has_person
from frontdesk_plugins.web import wire
from frontdesk_plugins.web.assets import script, texts
from frontdesk_plugins.web.cors import cors
from frontdesk_plugins.web.gate import AnyRequest, Gate
from frontdesk_plugins.web.socket import make_socket
from frontdesk_plugins.web.tokens import Visitor, issue

if TYPE_CHECKING:
    from frontdesk import Business
    from frontdesk.desk import Desk

log = structlog.get_logger("frontdesk.web")
PAGE = 200
"""Messages in one answer of the history."""

_STREAM_HEADERS = {
    "cache-control": "no-cache, no-transform",
    "x-accel-buffering": "no",  # nginx would hold events back
}


def make_routes(desk: "Desk") -> list[Any]:
    """All routes of the widget, over one desk."""
    gate = Gate(desk)

    @get("/widget/config", summary="What the widget shows before the first message")
    async def config(request: AnyRequest) -> Response[bytes]:
        gate.limit_address(request)
        business = await gate.business(request.query_params.get("business", ""), request)
        return _json(_config(desk, business), headers={"cache-control": "max-age=60"})

    @post("/widget/conversations", summary="Begin a conversation")
    async def create(request: AnyRequest) -> Response[bytes]:
        gate.limit_address(request)
        asked = await gate.body(request, wire.NewConversation)
        business = await gate.business(asked.business, request)
        gate.limit_conversations(request)
        return _json(await _begun(desk, business, gate.bearer(request)), status=201)

    @post("/widget/conversations/{identifier:str}/messages", summary="Send, and get the reply")
    async def send(identifier: FromPath[str], request: AnyRequest) -> Response[bytes]:
        receipt = await _receive(desk, gate, identifier, request)
        if receipt.refusal:
            raise HTTPException(status_code=403, detail=receipt.refusal)
        return _json(await _whole_reply(desk, identifier, receipt))

    @post(
        "/widget/conversations/{identifier:str}/messages/stream",
        status_code=200,
        summary="Send, and get the reply as server-sent events",
    )
    async def stream(identifier: FromPath[str], request: AnyRequest) -> Stream:
        receipt = await _receive(desk, gate, identifier, request)
        position = Position.parse(request.headers.get("last-event-id", ""))
        return Stream(
            _events(desk, identifier, receipt, position),
            status_code=200,
            media_type="text/event-stream",
            headers=_STREAM_HEADERS,
        )

    @get("/widget/conversations/{identifier:str}/messages", summary="The history after a seq")
    async def messages(identifier: FromPath[str], request: AnyRequest) -> Response[bytes]:
        who = await gate.caller(request, identifier)
        business = await gate.business(who.business, request)
        after = _seq(request.query_params.get("after", "0"))
        return _json(await _history(desk, identifier, after, business.language))

    routes = [script, texts, config, create, send, stream, messages, make_socket(desk, gate)]
    size = desk.settings.limits.body_bytes or None
    always = {toggling.ANSWERS_ITSELF: True}  # the gate tells customers in their own words
    return [
        Router(
            "/", route_handlers=routes, middleware=[cors], request_max_body_size=size, opt=always
        )
    ]


async def _begun(desk: "Desk", business: "Business", known: Visitor | None) -> dict[str, str]:
    """A new conversation, of the same visitor where the token is one of this business's."""
    keeps = known is not None and known.business == business.id
    visitor = known.visitor if known is not None and keeps else new_id()
    identifier, _ = await desk.open_conversation(business.id, "web", visitor)
    token = issue(desk.secret_keys, Visitor(business.id, visitor, identifier))
    greeting = desk.greeting(business)
    return {"id": identifier, "token": token, "greeting": greeting, "visitorId": visitor}


async def _whole_reply(desk: "Desk", identifier: str, receipt: Receipt) -> wire.Reply:
    actions: list[dict[str, Any]] = []
    begins_here = bool(receipt.lease)
    async for part in follow(desk, identifier, receipt.seq, Position(), begins_here=begins_here):
        if isinstance(part, Acted):
            actions.append(as_action(part.settled))
        elif isinstance(part, Stopping):
            raise HTTPException(
                status_code=503,
                detail="Restarting. Send the same clientId again.",
                headers={"retry-after": "2"},
            )
        elif isinstance(part, Done):
            reply = part.reply
            content, mid = (reply.content, reply.id) if reply else ("", None)
            return wire.Reply(mid, content, actions, part.handed_off)
    raise AssertionError("follow ends with Done or Stopping")


async def _history(desk: "Desk", identifier: str, after: int, language: str) -> dict[str, Any]:
    stored = await read_messages(desk.database, identifier, after, PAGE)
    found = _messages(stored, after, language)[:PAGE]
    last = found[-1].seq if found else after
    handed_off = await has_person(desk, identifier)
    agent = await agent_name(desk.database, identifier) if handed_off else None
    return {"messages": found, "lastSeq": last, "handedOff": handed_off, "agentName": agent}


async def _receive(desk: "Desk", gate: Gate, identifier: str, request: AnyRequest) -> Receipt:
    """Check and store a message. Only then is anything answered."""
    who = await gate.caller(request, identifier)
    message = gate.checked(await gate.body(request, wire.NewMessage))
    gate.limit_messages(who)
    try:
        receipt = await desk.receive(
            Inbound(
                business=who.business,
                conversation=identifier,
                text=message.content,
                client_id=message.client_id,
                confirm=message.confirm,
            )
        )
    except UnknownConversationError as error:
        raise HTTPException(status_code=404, detail="There is no such conversation.") from error
    except ClientIdReusedError as error:
        raise HTTPException(
            status_code=409, detail="This clientId was used for another message."
        ) from error
    if not receipt.stored:
        gate.refund_message(who)
    return receipt


async def _events(
    desk: "Desk", identifier: str, receipt: Receipt, position: Position
) -> AsyncIterator[bytes]:
    watchers = desk.metrics.watchers.labels("sse")
    watchers.inc()
    try:
        yield b": open\n\n"  # so that proxies pass the headers on at once
        if receipt.refusal:
            yield wire.failed("blocked", receipt.refusal, retryable=False)
            return
        begins_here = bool(receipt.lease)
        async for part in follow(desk, identifier, receipt.seq, position, begins_here=begins_here):
            yield wire.sse(part)
    except Exception:
        log.exception("stream failed", conversation=identifier)
        yield wire.failed("internal", "Something went wrong on our side. Please try again.")
    finally:
        watchers.dec()


def _messages(stored: list[Stored], after: int, language: str) -> list[wire.Message]:
    found: list[wire.Message] = []
    for event in stored:
        if event.seq > after:
            actions = wire.actions_of(stored, event.turn) if event.turn else []
            voided = wire.voided_of(stored, event.turn) if event.turn else []
            message = wire.message_of(event, actions, voided, language)
            if message is not None:
                found.append(message)
    return found


def _config(desk: "Desk", business: "Business") -> dict[str, Any]:
    now = desk.now(business)
    is_open, change = opening(business, now)
    pack = desk.pack_of(business)
    defaults = pack.manifest.defaults if pack and pack.manifest else None
    suggestions = business.suggestions or (defaults.suggestions if defaults else ())
    local = change.astimezone(business.zone) if change else None
    return {
        "id": business.id,
        "name": business.name,
        "greeting": desk.greeting(business),
        "suggestions": suggestions,
        "theme": {"accent": business.accent},
        "hours": {"open": is_open, "changes": local.isoformat() if local else None},
        "locale": business.locale,
        "timezone": business.timezone,
        "currency": business.currency,
        "features": {"stream": True, "websocket": True},
        "notice": words.notice(business),
        "privacyUrl": business.privacy_url or None,
        "linkHosts": list(dict.fromkeys([*_host_of(business.website), *business.link_hosts])),
    }


def _host_of(address: str) -> list[str]:
    host = urlsplit(address).hostname
    return [host] if host else []


def _seq(text: str) -> int:
    if not text.isdecimal() or len(text) > 15:
        raise HTTPException(status_code=400, detail="after: a whole number, the last seq you have.")
    return int(text)


def _json(
    data: Any, *, status: int = 200, headers: dict[str, str] | None = None
) -> Response[bytes]:
    return Response(
        msgspec.json.encode(data),
        status_code=status,
        media_type="application/json",
        headers=headers,
    )
