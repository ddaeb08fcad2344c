"""The measurements. Each returns plain numbers; `report.py` puts them beside the targets."""

import asyncio
import sqlite3
import struct
import tempfile
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path

import msgspec
import uvloop
from websockets.asyncio.client import ClientConnection, connect

from .process import fake_claude
from .targets import NAMES, OURS, Conversation, Target, serving
from .traffic import KINDS, PLAIN, SHORT, Kind, Traffic

SOCKETS = 500
LONG = 1000
"""Messages in a long conversation; half of them are the customer's."""
LONG_AT_ONCE = 4
WINDOW_TURNS = 28
"""Plain turns between two cuts of the window that the model is shown: a full swing is measured."""


class Plan(msgspec.Struct, frozen=True):
    """How much of everything."""

    turns: int = 60
    """Paced turns of each kind and server; of plain ones, and of all in a burst, there are more."""
    rounds: int = 3
    conversations: int = 20
    starts: int = 3
    long_messages: int = LONG
    sockets: int = SOCKETS
    pace_ms: int = 20
    """Between two deltas of a stream: 50 a second."""

    @property
    def each(self) -> int:
        """Turns of one conversation in one round."""
        return max(1, round(self.turns / self.rounds / self.conversations))


class Result(msgspec.Struct):
    """Raw numbers by server. Milliseconds, seconds or bytes as the names say."""

    plan: Plan
    ready_seconds: dict[str, list[float]] = {}
    idle_bytes: dict[str, list[int]] = {}
    ready_again_seconds: list[float] = []
    """Ours, on the database that the first start made."""
    paced_ms: dict[str, dict[str, list[float]]] = {}
    burst_ms: dict[str, dict[str, list[float]]] = {}
    first_ms: dict[str, list[float]] = {}
    """Added to the model's own time, plain paced turns."""
    busy_bytes: dict[str, int] = {}
    """Resident memory after all of that."""
    socket_bytes: float = 0
    long_ms: list[float] = []
    short_ms: list[float] = []
    writes: dict[str, float] = {}
    """Write transactions of a turn, by kind."""


Say = Callable[[str], None]


def run(plan: Plan, say: Say) -> Result:
    result = Result(plan)
    with tempfile.TemporaryDirectory(prefix="frontdesk-bench-") as name, ExitStack() as stack:
        folder = Path(name)
        model = stack.enter_context(fake_claude(folder))
        measure_starts(result, model, folder, say)
        targets = [
            stack.enter_context(serving(name, model, folder / "main" / name)) for name in NAMES
        ]
        runner = stack.enter_context(asyncio.Runner(loop_factory=uvloop.new_event_loop))
        runner.run(_with_servers(result, [Traffic(target) for target in targets], say))
    return result


def measure_starts(result: Result, model: str, folder: Path, say: Say) -> None:
    """From nothing to the first healthy answer, and the memory when nobody has come yet."""
    for number in range(result.plan.starts + 1):  # the first one only warms the disk's cache
        say(f"start {number} of {result.plan.starts}")
        for name in NAMES:
            home = folder / f"start{number}" / name
            with serving(name, model, home) as target:
                memory = target.process.memory()
            if number:
                result.ready_seconds.setdefault(name, []).append(target.ready_seconds)
                result.idle_bytes.setdefault(name, []).append(memory)
            if number and name == OURS:
                with serving(name, model, home) as again:
                    result.ready_again_seconds.append(again.ready_seconds)


async def _with_servers(result: Result, all_: list[Traffic], say: Say) -> None:
    plan, ours = result.plan, next(each for each in all_ if each.target.name == OURS)
    say("idle sockets")
    await ours.batch(SHORT, 1, 1)  # until then the SDK is being imported
    result.socket_bytes = await socket_bytes(ours.target, plan.sockets)
    say("warming up")
    for traffic in all_:
        for kind in KINDS:
            await traffic.batch(kind, 2, 10)
    for number in range(plan.rounds):
        say(f"round {number + 1} of {plan.rounds}, paced")
        await _round(result, all_, plan.pace_ms)
        say(f"round {number + 1} of {plan.rounds}, burst")
        await _round(result, all_, 0)
    result.busy_bytes = {each.target.name: each.target.process.memory() for each in all_}
    say("write transactions")
    for kind in KINDS:
        result.writes[kind.name] = await writes_per_turn(ours, kind)
    say(f"conversations of {plan.long_messages} messages")
    await measure_age(result, ours)


async def _round(result: Result, all_: list[Traffic], pace: int) -> None:
    """Every kind with every server, close together in time, so that drift hits all alike."""
    plan = result.plan
    for kind in KINDS:
        each = plan.each * (2 if kind is PLAIN else 1) if pace else plan.each * 3
        for traffic in all_:
            batch = await traffic.batch(kind, each, plan.conversations, pace)
            name = traffic.target.name
            by_kind = (result.paced_ms if pace else result.burst_ms).setdefault(name, {})
            by_kind.setdefault(kind.name, []).append(batch.cpu_ms)
            if pace and kind is PLAIN:
                result.first_ms.setdefault(name, []).extend(batch.first_ms)


# ---- write transactions ----------------------------------------------------------------------


async def writes_per_turn(traffic: Traffic, kind: Kind, turns: int = 10) -> float:
    """Commits in the write-ahead log over turns that come one after the other."""
    found = await traffic.target.begin(1)
    wal = Path(f"{traffic.target.database}-wal")
    await _emptied(traffic.target.database)
    await traffic.among(found, kind, turns)
    return commits(wal.read_bytes()) / turns


async def _emptied(database: Path) -> None:
    """Everything moved from the log into the database, so that the log begins anew."""
    for _ in range(200):
        link = sqlite3.connect(database)
        busy, _, _ = link.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        link.close()
        if not busy:
            return
        await asyncio.sleep(0.05)
    raise RuntimeError("the write-ahead log cannot be emptied")


def commits(wal: bytes) -> int:
    """Transactions in a write-ahead log (sqlite.org/fileformat2.html#walformat).

    The last frame of each has the size of the database in its second field; others have 0 there.
    """
    page = struct.unpack_from(">I", wal, 8)[0]
    salts = wal[16:24]
    found = 0
    for at in range(32, len(wal) - page, 24 + page):
        if wal[at + 8 : at + 16] == salts and struct.unpack_from(">I", wal, at + 4)[0]:
            found += 1
    return found


# ---- a long life -----------------------------------------------------------------------------


async def measure_age(result: Result, traffic: Traffic) -> None:
    """Plain turns in conversations with many messages, and in ones with ten."""
    target = traffic.target
    long, turns = await target.begin(LONG_AT_ONCE), result.plan.long_messages // 2
    for index, conversation in enumerate(long):  # each elsewhere in the swing of the window
        await traffic.among([conversation], SHORT, turns + index * WINDOW_TURNS // LONG_AT_ONCE)
    for _ in range(3):
        each = 5
        short = await target.begin(LONG_AT_ONCE * each)
        await traffic.among(short, SHORT, 5)
        batch = await traffic.among(short, PLAIN, 1, together=LONG_AT_ONCE)
        result.short_ms.append(batch.cpu_ms)
        result.long_ms.append((await traffic.among(long, PLAIN, each)).cpu_ms)


# ---- idle sockets ----------------------------------------------------------------------------


async def socket_bytes(target: Target, count: int) -> float:
    """Resident memory of an idle WebSocket: `count` of them, after some to warm up."""
    warm, found = await target.begin(50), await target.begin(count)
    opened: list[ClientConnection] = []
    try:
        opened += [await _open(target, conversation) for conversation in warm]
        await asyncio.sleep(0.5)
        before = target.process.memory()
        opened += [await _open(target, conversation) for conversation in found]
        await asyncio.sleep(0.5)
        return (target.process.memory() - before) / count
    finally:
        await asyncio.gather(*(each.close() for each in opened))


async def _open(target: Target, conversation: Conversation) -> ClientConnection:
    path = f"/widget/conversations/{conversation.id}/ws"
    socket = await connect(
        f"ws://127.0.0.1:{target.port}{path}",
        subprotocols=["frontdesk.v1", conversation.token],  # type: ignore[list-item]
        compression="deflate",
        max_queue=4,
    )
    await socket.recv()
    return socket
