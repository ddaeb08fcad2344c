"""The console's WebSocket: what changed, and the conversation that is open, as it happens.

Three tasks: one reads frames, one tells of changes, one watches the open conversation. None of them
is waited for by a turn: what a slow browser misses is read again from the database.
"""

import asyncio
import time
from typing import TYPE_CHECKING, Annotated, Any

import msgspec
import structlog
from litestar import websocket
from litestar.exceptions import HTTPException, WebSocketDisconnect
from msgspec import Meta

from frontdesk_server.console import feed, inbox_reads, opened, presence, sessions
from frontdesk_server.console.forms import LARGEST_SEQ
from frontdesk_server.console.line import Console, Refused, Socket
from frontdesk_server.console.origins import check_origin

if TYPE_CHECKING:
    from frontdesk.desk import Desk

log = structlog.get_logger("frontdesk.console")

PROTOCOL = "frontdesk.console.v1"
CLOSE_SECONDS = 1.0
PING_SECONDS = 25.0
SESSION_SECONDS = 8.0
"""How soon a session that another node or a command ended closes its sockets; here it is at once."""
GATHER_SECONDS = 0.2
"""Between two frames of changes."""
MOST_ITEMS = 50
MOST_BAD_FRAMES = 5
MOST_SOCKETS = 20
"""Of one member of staff."""
TYPING_EVERY = 1.0


class Frame(msgspec.Struct, frozen=True):
    event: str
    data: msgspec.Raw = msgspec.Raw(b"{}")


class Open(msgspec.Struct, frozen=True):
    conversation: str
    after: Annotated[int, Meta(le=LARGEST_SEQ)] = 0


class Typed(msgspec.Struct, frozen=True, rename="camel"):
    conversation: str
    is_typing: bool


class Away(msgspec.Struct, frozen=True, rename="camel"):
    is_away: bool


def make_socket(desk: "Desk") -> Any:
    @websocket("/console/ws")
    async def console_socket(socket: Socket) -> None:
        offered: list[str] = socket.scope["subprotocols"]
        await socket.accept(subprotocols=PROTOCOL if PROTOCOL in offered else None)
        try:
            session = await _admit(desk, socket, offered)
        except Refused as refusal:
            await socket.close(refusal.code, refusal.reason)
            return
        console = Console(desk, socket, session)
        console.feed.add(console.listener)
        watchers = desk.metrics.watchers.labels("console")
        watchers.inc()
        try:
            await _serve(console)
        finally:
            watchers.dec()
            await asyncio.shield(console.feed.remove(console.listener))

    return console_socket


async def _admit(desk: "Desk", socket: Socket, offered: list[str]) -> sessions.Session:
    """Whose socket it is. The server accepts first, so that a browser sees the close code."""
    try:
        check_origin(desk, socket, needed=True)
    except HTTPException as error:
        raise Refused(4403, error.detail[:120]) from error
    if offered[:1] != [PROTOCOL]:
        raise Refused(4400, f"the first subprotocol must be {PROTOCOL}")
    session = await sessions.current(desk, socket)
    if session is None:
        raise Refused(4401, "please sign in")
    mine = [one for one in feed.of(desk).of(session.business) if one.session.staff == session.staff]
    if len(mine) >= MOST_SOCKETS:
        raise Refused(4429, "too many windows are open")
    return session


async def _serve(console: Console) -> None:
    """Until either side ends it. Reading goes on all the time, or pongs would go unseen."""
    tasks = [asyncio.create_task(_read(console)), asyncio.create_task(_tell(console))]
    try:
        done, _ = await asyncio.wait({*tasks, console.failed}, return_when=asyncio.FIRST_COMPLETED)
        for task in done:
            task.result()
    except Refused as refusal:
        await _close(console.socket, refusal.code, refusal.reason)
    except TimeoutError:
        await _close(console.socket, 1013, "you read too slowly; connect again")
    except WebSocketDisconnect:
        pass
    except Exception as error:
        if type(error).__name__ != "ClientDisconnected":  # uvicorn's, when the peer is gone
            log.exception("console socket failed", staff=console.staff.id)
            await _close(console.socket, 1011, "something went wrong on our side")
    finally:
        if console.opened is not None:
            tasks.append(console.opened)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        console.failed.cancel()


async def _close(socket: Socket, code: int, reason: str) -> None:
    try:
        async with asyncio.timeout(CLOSE_SECONDS):  # who reads nothing does not read this either
            await socket.close(code, reason)
    except Exception as error:
        log.debug("socket was closed already", error=str(error))


# ---- what changed ----------------------------------------------------------------------------


async def _tell(console: Console) -> None:
    listener = console.listener
    told = checked = time.monotonic()
    while True:
        try:
            due = min(told + PING_SECONDS, checked + SESSION_SECONDS)
            async with asyncio.timeout(due - time.monotonic()):
                await listener.wake.wait()
        except TimeoutError:
            pass
        listener.wake.clear()
        if console.desk.stopping:
            raise Refused(1012, "restarting, connect again")
        now = time.monotonic()
        if listener.is_doubted or now >= checked + SESSION_SECONDS:
            checked, listener.is_doubted = now, False
            await _check_session(console)
        if await _tell_changes(console):
            told = now
        elif now - told >= PING_SECONDS - 1:
            told = now
            await console.send("ping", {})
        await asyncio.sleep(GATHER_SECONDS)


async def _check_session(console: Console) -> None:
    if await sessions.by_id(console.desk, console.listener.session.id) is None:
        raise Refused(4401, "your session has ended, please sign in")


async def _tell_changes(console: Console) -> bool:
    """True when there was something to tell."""
    listener, who = console.listener, (console.desk.database, console.business, console.staff.id)
    something = False
    if listener.is_lost:
        raise Refused(1013, "too much changed meanwhile; connect again")
    if listener.changed:
        part = list(listener.changed)[:MOST_ITEMS]
        for conversation in part:
            del listener.changed[conversation]
        if listener.changed:
            listener.wake.set()
        found = await inbox_reads.items(*who, part)
        counts = await inbox_reads.counts(*who)
        await console.send("changed", {"conversations": found, "counts": counts})
        something = True
    if listener.presence:
        listener.presence = False
        there = await presence.present(console.desk.database, console.business)
        staff = [
            {"id": each.id, "name": each.name, "isPresent": each.id in there}
            for each in await inbox_reads.colleagues(console.desk.database, console.business)
        ]
        await console.send("presence", {"staff": staff})
        something = True
    if listener.viewing:
        listener.viewing = False
        if listener.open:
            others = console.feed.viewers(console.business, listener.open, console.staff.id)
            await console.send("viewing", {"conversation": listener.open, "staff": others})
            something = True
    return something


# ---- what the browser says -------------------------------------------------------------------


async def _read(console: Console) -> None:
    bad = 0
    async for raw in console.socket.iter_data("text"):
        console.listener.last_frame = time.monotonic()
        try:
            got = msgspec.json.decode(raw, type=Frame)
            await _hear(console, got)
        except (msgspec.DecodeError, UnicodeError, RecursionError) as error:
            bad += 1
            if bad >= MOST_BAD_FRAMES:
                raise Refused(4400, "too many bad frames") from error
            await console.send("error", {"code": "bad_frame", "message": str(error)[:500]})


async def _hear(console: Console, got: Frame) -> None:
    """Unknown events are ignored."""
    if got.event == "open":
        await _open(console, msgspec.json.decode(got.data, type=Open))
    elif got.event == "close":
        await _stop_watching(console)
        console.feed.look(console.listener, "")
    elif got.event == "typing":
        await _type(console, msgspec.json.decode(got.data, type=Typed))
    elif got.event == "away":
        console.listener.is_away = msgspec.json.decode(got.data, type=Away).is_away
    await console.feed.write_presence()


async def _open(console: Console, asked: Open) -> None:
    if "\x00" in asked.conversation:
        raise msgspec.ValidationError("conversation: a NUL character is not text")
    await _check_session(console)
    await _stop_watching(console)
    item = await inbox_reads.item(
        console.desk.database, console.business, console.staff.id, asked.conversation
    )
    if item is None:
        console.feed.look(console.listener, "")
        await console.send("error", {"code": "not_found", "message": "no such conversation"})
        return
    console.feed.look(console.listener, asked.conversation)
    console.listener.viewing = True
    console.listener.wake.set()
    console.opened = asyncio.create_task(
        opened.show(console, asked.conversation, max(asked.after, 0))
    )


async def _stop_watching(console: Console) -> None:
    task, console.opened = console.opened, None
    if task is not None:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        if live := console.desk.live.get(console.listener.open):
            live.type(console.staff.id, is_typing=False)


async def _type(console: Console, typed: Typed) -> None:
    """Colleagues see it; the customer only where the conversation is this person's."""
    if typed.conversation != console.listener.open:
        return
    console.feed.look(console.listener, typed.conversation, is_typing=typed.is_typing)
    live = console.desk.live.get(typed.conversation)
    if live is None:
        return
    if typed.is_typing:
        if time.monotonic() - console.typed < TYPING_EVERY:
            return
        console.typed = time.monotonic()
        row = await console.desk.database.one(
            "SELECT agent FROM conversation WHERE id = {} AND business = {} AND status = 'human'",
            typed.conversation, console.business,
        )  # fmt: skip
        if row is None or row["agent"] != console.staff.id:
            return
    live.type(console.staff.id, console.staff.name, is_typing=typed.is_typing)
