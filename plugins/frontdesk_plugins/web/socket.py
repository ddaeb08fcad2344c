"""The widget's WebSocket: one task reads frames, one writes what happens."""

import asyncio
import time
from typing import TYPE_CHECKING, Any

import msgspec
import structlog
from litestar import WebSocket, websocket
from litestar.exceptions import HTTPException, WebSocketDisconnect
from litestar.params import FromPath

from frontdesk import Inbound, words
from frontdesk.errors import ClientIdReusedError, LimitError, UnknownConversationError
from frontdesk.events import Stored
from frontdesk.live import CUSTOMER
from frontdesk.reads import read_messages
from frontdesk.watch import Stopping, watch
from frontdesk_plugins.web.frames import Frames, frame
from frontdesk_plugins.web.gate import Gate, address
from frontdesk_plugins.web.tokens import Visitor
from frontdesk_plugins.web.wire import NewMessage

if TYPE_CHECKING:
    from frontdesk.desk import Desk

log = structlog.get_logger("frontdesk.web")

PROTOCOL = "frontdesk.v1"
WRITE_SECONDS = 10.0
CLOSE_SECONDS = 1.0
MOST_BAD_FRAMES = 5
SWITCHED_OFF = 1013
"""Try again later, in IANA's registry of close codes."""
TYPING_EVERY = 1.0
"""Seconds: it wakes everyone who watches."""
Socket = WebSocket[Any, Any, Any]


class Refused(Exception):  # noqa: N818  a close code on its way to the client
    def __init__(self, code: int, reason: str) -> None:
        super().__init__(reason)
        self.code = code
        self.reason = reason


class Frame(msgspec.Struct, frozen=True):
    event: str
    data: msgspec.Raw = msgspec.Raw(b"{}")


def make_socket(desk: "Desk", gate: Gate) -> Any:
    @websocket("/widget/conversations/{identifier:str}/ws")
    async def socket(identifier: FromPath[str], socket: Socket) -> None:
        offered: list[str] = socket.scope["subprotocols"]
        caller = gate.visitor(offered[1]) if len(offered) == 2 else None
        if caller and await gate.doors.is_off(caller.business):
            await socket.close(SWITCHED_OFF)  # not accepted, or a widget takes itself for connected
            return
        await socket.accept(subprotocols=PROTOCOL if PROTOCOL in offered else None)
        try:
            who = await _admit(gate, socket, identifier, offered)
            after = _after(socket.query_params.get("after", "0"))
        except Refused as refusal:
            await socket.close(refusal.code, refusal.reason)
            return
        visitor, client = f"{who.business} {who.visitor}", address(socket)
        try:
            gate.visitor_sockets.enter(visitor)
        except LimitError as error:
            await socket.close(4429, f"too many {error.message}")
            return
        try:
            gate.address_sockets.enter(client)
        except LimitError as error:
            gate.visitor_sockets.leave(visitor)
            await socket.close(4429, f"too many {error.message}")
            return
        watchers = desk.metrics.watchers.labels("websocket")
        watchers.inc()
        gate.doors.enter(who.business)
        try:
            await _serve(desk, gate, socket, who, after)
        finally:
            gate.doors.leave(who.business)
            watchers.dec()
            gate.visitor_sockets.leave(visitor)
            gate.address_sockets.leave(client)

    return socket


async def _admit(gate: Gate, socket: Socket, identifier: str, offered: list[str]) -> Visitor:
    """Whose socket it is. The server accepts first, so that a browser sees the close code."""
    try:
        gate.limit_address(socket)
        if offered[:1] != [PROTOCOL]:
            raise Refused(4400, f"the first subprotocol must be {PROTOCOL}")
        who = gate.visitor(offered[1]) if len(offered) == 2 else None
        if who is None:
            raise Refused(4401, "a valid token is needed as the second subprotocol")
        await gate.business(who.business, socket)
    except HTTPException as error:
        codes = {403: 4403, 404: 4404, 429: 4429, 503: SWITCHED_OFF}
        raise Refused(codes.get(error.status_code, 4400), error.detail[:120]) from error
    if who.conversation != identifier:
        raise Refused(4404, "there is no such conversation")
    return who


def _after(text: str) -> int:
    if not text.isdecimal() or len(text) > 15:
        raise Refused(4400, "after: a whole number, the last seq you have")
    return int(text)


async def _serve(desk: "Desk", gate: Gate, socket: Socket, who: Visitor, after: int) -> None:
    """Until either side ends it. Reading goes on all the time, or pongs would go unseen."""
    reader = asyncio.create_task(_read(desk, gate, socket, who))
    writer = asyncio.create_task(_write(desk, gate, socket, who, after))
    try:
        done, _ = await asyncio.wait({reader, writer}, return_when=asyncio.FIRST_COMPLETED)
        for task in done:
            task.result()
    except Refused as refusal:
        await _close(socket, refusal.code, refusal.reason)
    except TimeoutError:
        await _close(socket, 1013, "you read too slowly; connect again with ?after=")
    except WebSocketDisconnect:
        pass
    except Exception as error:
        if type(error).__name__ != "ClientDisconnected":  # uvicorn's, when the peer is gone
            log.exception("socket failed", conversation=who.conversation)
            await _close(socket, 1011, "something went wrong on our side")
    finally:
        for task in (reader, writer):
            task.cancel()
        await asyncio.gather(reader, writer, return_exceptions=True)


async def _close(socket: Socket, code: int, reason: str) -> None:
    try:
        async with asyncio.timeout(CLOSE_SECONDS):  # who reads nothing does not read this either
            await socket.close(code, reason)
    except Exception as error:
        log.debug("socket was closed already", error=str(error))


async def _write(desk: "Desk", gate: Gate, socket: Socket, who: Visitor, after: int) -> None:
    conversation = who.conversation
    frames = Frames(conversation)
    for stored in await read_messages(desk.database, conversation, after, 1):
        if stored.seq <= after:
            frames.remember(stored)
    first, shown = True, after
    async for batch in watch(desk, conversation, after):
        for seen in batch:
            if isinstance(seen, Stopping):
                raise Refused(1012, "restarting, connect again")
            for text in frames.of(seen):
                await _send(socket, text)
        shown = max((seen.seq for seen in batch if isinstance(seen, Stored)), default=shown)
        if first:
            await _send(socket, frame("sync", {"lastSeq": shown}))
            first = False
        if await gate.doors.are_closed(who.business, conversation, shown):
            await _say_goodbye(desk, socket, who.business)


async def _say_goodbye(desk: "Desk", socket: Socket, identifier: str) -> None:
    if business := await desk.business(identifier):
        text = words.switched_off(business)
        await _send(socket, frame("error", {"code": _CODES[503], "message": text}))
    raise Refused(SWITCHED_OFF, "switched off")


async def _send(socket: Socket, text: str) -> None:
    async with asyncio.timeout(WRITE_SECONDS):
        await socket.send_text(text)


async def _read(desk: "Desk", gate: Gate, socket: Socket, who: Visitor) -> None:
    bad, typed = 0, 0.0
    async for raw in socket.iter_data("text"):
        try:
            got = msgspec.json.decode(raw, type=Frame)
            if got.event == "send_message":
                await _send_message(desk, gate, socket, who, got.data)
            elif got.event == "typing_start" and time.monotonic() - typed > TYPING_EVERY:
                typed = time.monotonic()
                _type(desk, who, is_typing=True)
            elif got.event == "typing_stop":
                _type(desk, who, is_typing=False)
            # unknown events are ignored
        except (msgspec.DecodeError, UnicodeError, RecursionError) as error:
            bad += 1
            if bad >= MOST_BAD_FRAMES:
                raise Refused(4400, "too many bad frames") from error
            await _send(socket, frame("error", {"code": "bad_frame", "message": str(error)}))


def _type(desk: "Desk", who: Visitor, *, is_typing: bool) -> None:
    if live := desk.live.get(who.conversation):
        live.type(CUSTOMER, is_typing=is_typing)


async def _send_message(
    desk: "Desk", gate: Gate, socket: Socket, who: Visitor, data: msgspec.Raw
) -> None:
    message = msgspec.json.decode(data, type=NewMessage)
    try:
        await gate.business(who.business, socket)
        gate.limit_messages(who)
        message = gate.checked(message)
        receipt = await desk.receive(
            Inbound(
                business=who.business,
                conversation=who.conversation,
                text=message.content,
                client_id=message.client_id,
                confirm=message.confirm,
            )
        )
    except HTTPException as error:
        problem = {"code": _CODES.get(error.status_code, "bad_frame"), "message": error.detail}
        if wait := (error.headers or {}).get("retry-after"):
            problem["retryAfter"] = wait
    except ClientIdReusedError:
        problem = {"code": "conflict", "message": "This clientId was used for another message."}
    except UnknownConversationError as error:
        raise Refused(4404, "there is no such conversation") from error
    else:
        ack = {"clientId": message.client_id, "messageId": receipt.message_id, "seq": receipt.seq}
        await _send(socket, frame("ack", ack))
        if receipt.refusal:
            await _send(socket, frame("error", {"code": "blocked", "message": receipt.refusal}))
        return
    if message.client_id is not None:
        problem["clientId"] = message.client_id
    await _send(socket, frame("error", problem))


_CODES = {413: "too_large", 429: "rate_limited", 503: "switched_off"}
