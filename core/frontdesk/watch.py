"""Watching a conversation: from a place in it, without loss and without repetition."""

import asyncio
import time
from collections.abc import AsyncIterator
from typing import TYPE_CHECKING

import msgspec

from frontdesk import reads
from frontdesk.events import CallSettled, Replied, Stored
from frontdesk.live import LiveConversation, LiveTurn, Position, Typist

if TYPE_CHECKING:
    from frontdesk.desk import Desk

WITH_A_PERSON = ("queued", "human", "snoozed")
POLL_SECONDS = 1.0
"""How often to look into the database while the turn runs in another process, or nowhere yet."""


class Chunk(msgspec.Struct, frozen=True):
    text: str
    position: Position
    """After this piece."""


class Acted(msgspec.Struct, frozen=True):
    settled: CallSettled
    position: Position


class Restart(msgspec.Struct, frozen=True):
    """Forget the text shown so far: the reply is written anew."""

    position: Position


class Done(msgspec.Struct, frozen=True):
    reply: Replied | None
    """None when no reply comes: a person has the conversation, or had it."""
    position: Position
    handed_off: bool = False
    """A person has it, or was asked for."""


class Idle(msgspec.Struct, frozen=True):
    """Nothing happened for a while: time for a heartbeat."""


class Stopping(msgspec.Struct, frozen=True):
    """The desk is about to stop. What is unanswered is answered after its next start."""


Part = Chunk | Acted | Restart | Done | Idle | Stopping


async def follow(
    desk: "Desk",
    conversation: str,
    seq: int,
    position: Position,
    *,
    begins_here: bool = False,
    idle: float = 15.0,
) -> AsyncIterator[Part]:
    """The reply to the customer message `seq`, from `position` on, ending with `Done`.

    It does not matter whether the turn is waiting, running here or elsewhere, dead and about to be
    taken up, or long finished. `begins_here` saves a look into the database when the caller has
    just set the turn going. `idle` is in seconds.
    """
    live = desk.live.open(conversation)
    try:
        quiet_since = time.monotonic()
        while True:
            changed = live.changed()
            turn = _turn_for(live, seq)
            is_over, has_it = False, False
            if turn is None and not begins_here:
                # In this order: a turn that ends meanwhile is found.
                is_over, has_it = await _settled(desk, conversation, seq)
                turn = await _finished(desk, conversation, seq)
            if turn is None:
                if is_over:
                    if position.offset or position.actions:  # half of a reply that was silenced
                        yield Restart(Position(position.turn, position.attempt))
                    yield Done(None, position, has_it)
                    return
            else:
                parts, position = _news(turn, position)
                for part in parts:
                    yield part
                    quiet_since = time.monotonic()
                if turn.reply is not None:
                    yield Done(turn.reply, position, turn.reply.handed_off)
                    return
            begins_here = False
            if desk.stopping:
                yield Stopping()
                return
            if time.monotonic() - quiet_since > idle:
                yield Idle()
                quiet_since = time.monotonic()
            if turn is not None:
                await changed.wait()  # the desk's pulse ends it at the latest
            else:
                await _wait(changed, POLL_SECONDS)
    finally:
        desk.live.close(conversation)


def _turn_for(live: LiveConversation, seq: int) -> LiveTurn | None:
    turn = live.turn
    return turn if turn is not None and turn.after < seq <= turn.upto else None


def _news(turn: LiveTurn, position: Position) -> tuple[list[Part], Position]:
    """What is new in a turn, as parts, and the position after them."""
    out: list[Part] = []
    if (position.turn, position.attempt) != (turn.turn, turn.attempt):
        start = Position(turn.turn, turn.attempt)
        if position.turn == turn.turn and (position.offset or position.actions):
            out.append(Restart(start))
        position = start
    parts, after = turn.since(position)
    offset, actions = position.offset, position.actions
    for part in parts:
        if isinstance(part, str):
            offset += len(part)
            out.append(Chunk(part, Position(turn.turn, turn.attempt, offset, actions)))
        else:
            actions += 1
            out.append(Acted(part, Position(turn.turn, turn.attempt, offset, actions)))
    return out, after


async def _finished(desk: "Desk", conversation: str, seq: int) -> LiveTurn | None:
    """The turn that answered message `seq`, from the database; None when none did yet."""
    replies = await desk.database.fetch(
        "SELECT seq, turn FROM event WHERE conversation = {} AND seq > {} AND type = 'replied' "
        "ORDER BY seq LIMIT 3",
        conversation, seq,
    )  # fmt: skip
    for row in replies:
        # All events of that turn come after the messages it answers.
        events = await reads.read_turn(desk.database, conversation, row["turn"], seq)
        reply = next(e.event for e in events if isinstance(e.event, Replied))
        if reply.upto >= seq:
            turn = LiveTurn(row["turn"], reply.attempt, 0, reply.upto)
            for stored in events:
                turn.show(stored.event)
            return turn
    return None


async def _settled(desk: "Desk", conversation: str, seq: int) -> tuple[bool, bool]:
    """(no turn will answer this message any more, a person has the conversation)."""
    row = await desk.database.one(
        "SELECT status, answered FROM conversation WHERE id = {}", conversation
    )
    if row is None:
        return True, False
    return row["status"] != "bot" or row["answered"] >= seq, row["status"] in WITH_A_PERSON


async def has_person(desk: "Desk", conversation: str) -> bool:
    """True while it is queued for a person or with one."""
    row = await desk.database.one("SELECT status FROM conversation WHERE id = {}", conversation)
    return row is not None and row["status"] in WITH_A_PERSON


async def _wait(changed: asyncio.Event, seconds: float) -> None:
    try:
        async with asyncio.timeout(seconds):
            await changed.wait()
    except TimeoutError:
        pass


# ---- a whole conversation, as a socket shows it ---------------------------------------------


class Began(msgspec.Struct, frozen=True):
    """A turn is at work."""

    turn: LiveTurn


class Typing(msgspec.Struct, frozen=True):
    """A person types, still types, or stopped. Nobody stores it."""

    who: str
    """`live.CUSTOMER`, or the id of a member of staff."""
    name: str
    is_typing: bool


Seen = Stored | Chunk | Began | Restart | Typing | Idle | Stopping


async def watch(
    desk: "Desk", conversation: str, after: int, *, idle: float = 25.0
) -> AsyncIterator[list[Seen]]:
    """Stored events with seq > `after`, in order, between them the text of running turns.

    Each list is what there is to show at once; the first comes immediately and may be empty.
    """
    live = desk.live.open(conversation)
    try:
        changed = live.changed()
        events = await reads.read_events(desk.database, conversation, after)
        position = Position()
        typists: dict[str, Typist] = {}
        doubts = live.doubts
        quiet_since = time.monotonic()
        if live.turn is not None and live.turn.ended:  # over before we came: its events tell all
            position = live.turn.since(Position())[1]
        while True:
            batch: list[Seen] = []
            after = events[-1].seq if events else after
            if live.turn is not None:
                if position.turn != live.turn.turn:
                    batch.append(Began(live.turn))
                news, position = _news(live.turn, position)
                batch += _interleaved(news, events)
            elif position.offset and not any(isinstance(e.event, Replied) for e in events):
                # A person took over in the middle of a sentence, or its process stopped.
                batch.append(Restart(Position(position.turn, position.attempt)))
                position = Position()
            batch += events
            news_of, typists = _typing(live, typists)
            batch += news_of
            yield batch
            if desk.stopping:
                yield [Stopping()]
                return
            if typists:
                await _wait(changed, min(t.until for t in typists.values()) - time.monotonic())
            else:
                await changed.wait()  # the desk's pulse ends it at the latest
            changed = live.changed()
            is_quiet = time.monotonic() - quiet_since > idle
            # Another node may have written what this one did not hear of.
            trust = not is_quiet and (desk.database.is_sqlite or live.is_running)
            if live.doubts != doubts:
                trust, doubts = False, live.doubts
            events = await _events_after(desk, conversation, live, after, trust=trust)
            if is_quiet or events or batch:
                quiet_since = time.monotonic()
            if is_quiet and not events:
                yield [Idle()]
    finally:
        desk.live.close(conversation)


def _typing(
    live: LiveConversation, before: dict[str, Typist]
) -> tuple[list[Seen], dict[str, Typist]]:
    """(who began, went on and stopped since `before`, who types now)."""
    now = dict(live.typing())
    began: list[Seen] = [Typing(t.who, t.name, True) for w, t in now.items() if before.get(w) != t]
    ended: list[Seen] = [Typing(t.who, t.name, False) for w, t in before.items() if w not in now]
    return began + ended, now


def _interleaved(news: list[Part], events: list[Stored]) -> list[Seen]:
    """Text where it was said; a stored outcome is taken from `events` at its place in the text."""
    out: list[Seen] = []
    for part in news:
        if isinstance(part, Chunk | Restart):
            out.append(part)
        elif isinstance(part, Acted):
            place = next((n for n, e in enumerate(events) if e.event == part.settled), None)
            if place is not None:
                out += events[: place + 1]
                del events[: place + 1]
    return out


async def _events_after(
    desk: "Desk", conversation: str, live: LiveConversation, after: int, *, trust: bool
) -> list[Stored]:
    """From memory where it reaches back far enough, else from the database."""
    if trust:
        recent = [stored for stored in live.recent if stored.seq > after]
        if not recent or recent[-1].seq - after == len(recent):
            return recent
    return await reads.read_events(desk.database, conversation, after)
