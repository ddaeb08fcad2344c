"""What leaves the database: at least once, on both databases, whatever happens meanwhile."""

import asyncio
import logging
import sys
from collections import Counter
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import structlog

from frontdesk import config, outbox
from frontdesk.appending import now_ms
from frontdesk.database import Database
from frontdesk.hookspecs import hookimpl
from frontdesk.migrate import Tables, migrate
from frontdesk.outbox import Courier, Entry, GiveUpError, NotDeliveredError
from frontdesk.tables import TABLES
from frontdesk.testing import open_desk

APPS = [Tables(app="frontdesk", tables=tuple(TABLES), migrations="frontdesk.migrations")]
SCHEDULE = (10, 60, 300, 1800, 7200, 21600)


class Clock:
    """Milliseconds since the epoch. It stands still until it is moved."""

    def __init__(self) -> None:
        self.now = now_ms() + 1000

    def __call__(self) -> int:
        return self.now

    def pass_by(self, seconds: float) -> None:
        self.now += int(seconds * 1000)


class Receiver:
    """Takes entries, and fails as often as it is told."""

    def __init__(self, *failures: Exception) -> None:
        self.failures = list(failures)
        self.entries: list[Entry] = []

    async def __call__(self, entry: Entry) -> None:
        self.entries.append(entry)
        if self.failures:
            raise self.failures.pop(0)


class Slow:
    """Takes entries and holds them until it is released."""

    def __init__(self, kind_of: Callable[[Entry], bool] = lambda _: True) -> None:
        self.holds = kind_of
        self.released = asyncio.Event()
        self.held: list[Entry] = []
        self.passed: list[Entry] = []
        self.moved = asyncio.Condition()

    async def __call__(self, entry: Entry) -> None:
        slow = self.holds(entry)
        async with self.moved:
            (self.held if slow else self.passed).append(entry)
            self.moved.notify_all()
        if slow:
            await self.released.wait()

    async def until(self, is_so: Callable[[], bool]) -> None:
        async with asyncio.timeout(20), self.moved:
            await self.moved.wait_for(is_so)


@pytest.fixture
def clock() -> Clock:
    return Clock()


async def opened(url: str) -> Database:
    database = Database(config.Database(url=url))
    await database.start()
    return database


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    database = await opened(database_url)
    await migrate(database, APPS)
    yield database
    await database.stop()


async def rows(database: Database) -> list[dict[str, Any]]:
    return await database.fetch("SELECT * FROM outbox ORDER BY id")


async def test_an_entry_is_put_and_lost_with_its_transaction(
    database: Database, clock: Clock
) -> None:
    receiver = Receiver()
    courier = Courier(database, {"note": receiver}, clock=clock)

    async def fail() -> None:
        async with database.transaction():
            await outbox.put(database, "bella", "note", {"text": "never"})
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await fail()
    async with database.transaction():
        identifier = await outbox.put(database, "bella", "note", {"text": "ciao", "n": [1]})
    await courier.run()
    assert receiver.entries == [
        Entry(
            id=identifier, business="bella", kind="note", body={"text": "ciao", "n": [1]}, attempt=1
        )
    ]
    assert await rows(database) == []
    await courier.run()
    assert len(receiver.entries) == 1


async def test_it_is_tried_again_by_the_schedule_and_then_given_up(
    database: Database, clock: Clock
) -> None:
    receiver = Receiver(*(NotDeliveredError(f"no {n}") for n in range(1, 8)))
    courier = Courier(database, {"note": receiver}, clock=clock)
    identifier = await outbox.put(database, "bella", "note", {"n": 1})
    for n, seconds in enumerate(SCHEDULE, 1):
        await courier.run()
        assert len(receiver.entries) == n
        (row,) = await rows(database)
        assert (row["state"], row["attempts"], row["error"]) == ("new", n, f"no {n}")
        assert seconds * 0.79 <= (row["next_at"] - clock()) / 1000 <= seconds * 1.21
        clock.now = row["next_at"] - 1
        await courier.run()
        assert len(receiver.entries) == n, "not a moment too soon"
        clock.pass_by(0.001)
    assert await outbox.dead(database, "bella") == []
    await courier.run()
    clock.pass_by(10 * 24 * 3600)
    await courier.run()
    assert [entry.attempt for entry in receiver.entries] == [1, 2, 3, 4, 5, 6, 7]
    assert {entry.id for entry in receiver.entries} == {identifier}
    (given_up,) = await outbox.dead(database, "bella")
    assert (given_up.id, given_up.attempt, given_up.error) == (identifier, 7, "no 7")
    assert (given_up.kind, given_up.body) == ("note", {"n": 1})


async def test_the_waits_of_many_are_spread(database: Database, clock: Clock) -> None:
    receiver = Receiver(*(NotDeliveredError("busy") for _ in range(20)))
    for _ in range(20):
        await outbox.put(database, "bella", "note", {})
    await Courier(database, {"note": receiver}, clock=clock).run()
    assert len({row["next_at"] for row in await rows(database)}) > 10


async def test_a_dead_entry_gets_another_round(database: Database, clock: Clock) -> None:
    receiver = Receiver(*(NotDeliveredError("no") for _ in range(8)))
    courier = Courier(database, {"note": receiver}, clock=clock)
    identifier = await outbox.put(database, "bella", "note", {})
    for _ in range(7):
        await courier.run()
        clock.pass_by(30_000)
    assert not await outbox.again(database, "carla", identifier), "it is not hers"
    assert await outbox.dead(database, "carla") == []
    assert await outbox.again(database, "bella", identifier)
    assert not await outbox.again(database, "bella", identifier), "it is not dead any more"
    assert await outbox.dead(database, "bella") == []
    await courier.run()
    (row,) = await rows(database)
    assert row["state"] == "new", "one more failure is not the end of a new round"
    clock.pass_by(30_000)
    await courier.run()
    assert [entry.attempt for entry in receiver.entries] == list(range(1, 10))
    assert await rows(database) == []


async def test_a_refusal_for_good_ends_it_at_once(database: Database, clock: Clock) -> None:
    receiver = Receiver(GiveUpError("gone"))
    courier = Courier(database, {"note": receiver}, clock=clock)
    await outbox.put(database, "bella", "note", {})
    await courier.run()
    clock.pass_by(1e6)
    await courier.run()
    assert len(receiver.entries) == 1
    assert [each.error for each in await outbox.dead(database, "bella")] == ["gone"]


@pytest.mark.parametrize(
    ("asked", "least", "most"), [(3, 8, 12), (100, 100, 100), (1e9, 86400, 86400)]
)
async def test_a_receiver_may_ask_for_patience(
    database: Database, clock: Clock, asked: float, least: float, most: float
) -> None:
    receiver = Receiver(NotDeliveredError("busy", after=asked))
    await outbox.put(database, "bella", "note", {})
    await Courier(database, {"note": receiver}, clock=clock).run()
    (row,) = await rows(database)
    assert least <= (row["next_at"] - clock()) / 1000 <= most


async def test_a_broken_delivery_is_tried_again_and_harms_no_other(
    database: Database, clock: Clock
) -> None:
    broken, sound = Receiver(KeyError("phone")), Receiver()
    courier = Courier(database, {"broken": broken, "sound": sound}, clock=clock)
    await outbox.put(database, "bella", "broken", {})
    await outbox.put(database, "bella", "sound", {})
    await courier.run()
    assert len(sound.entries) == 1
    (row,) = await rows(database)
    assert (row["state"], row["error"]) == ("new", "KeyError: 'phone'")
    clock.pass_by(15)
    await courier.run()
    assert await rows(database) == []


async def test_an_attempt_that_takes_too_long_is_ended(
    database: Database, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(outbox, "ATTEMPT_SECONDS", 0.01)
    await outbox.put(database, "bella", "note", {})
    await Courier(database, {"note": Slow()}, clock=clock).run()
    (row,) = await rows(database)
    assert (row["state"], row["error"]) == ("new", "it took too long")


async def test_two_processes_deliver_each_entry_once(database: Database, database_url: str) -> None:
    other = await opened(database_url)
    seen: Counter[str] = Counter()

    async def deliver(entry: Entry) -> None:
        seen[entry.id] += 1
        await asyncio.sleep(0)

    put = [await outbox.put(database, f"b{n % 7}", "note", {}) for n in range(60)]
    clock = Clock()
    couriers = [Courier(each, {"note": deliver}, clock=clock) for each in (database, other)]
    try:
        await asyncio.gather(*(courier.run() for courier in couriers))
    finally:
        await other.stop()
    assert seen == Counter(put)
    assert await rows(database) == []


@pytest.mark.parametrize("end", [None, NotDeliveredError("late"), GiveUpError("late")])
async def test_who_lost_his_claim_decides_nothing(
    database: Database, clock: Clock, end: Exception | None
) -> None:
    """A process froze, another took its entry up, and then the first wakes again."""
    frozen, released = asyncio.Event(), asyncio.Event()

    async def freeze(entry: Entry) -> None:
        frozen.set()
        await released.wait()
        if end is not None:
            raise end

    await outbox.put(database, "bella", "note", {})
    first = asyncio.create_task(Courier(database, {"note": freeze}, clock=clock).run())
    await frozen.wait()
    receiver = Receiver(NotDeliveredError("busy"))
    second = Courier(database, {"note": receiver}, clock=clock)
    await second.run()
    assert receiver.entries == [], "while it is claimed it is left alone"
    clock.pass_by(outbox.CLAIM_MS / 1000)
    await second.run()
    assert [entry.attempt for entry in receiver.entries] == [2]
    before = await rows(database)
    released.set()
    await first
    assert await rows(database) == (before if end is not None else [])


async def test_a_killed_process_leaves_nothing_undelivered(
    database: Database, database_url: str, clock: Clock
) -> None:
    identifier = await outbox.put(database, "bella", "note", {"text": "ciao"})
    script = (
        "import asyncio, sys\n"
        "from frontdesk import config\n"
        "from frontdesk.database import Database\n"
        "from frontdesk.outbox import Courier\n"
        "async def deliver(entry):\n"
        "    print(entry.id, flush=True)\n"
        "    await asyncio.sleep(1000)\n"
        "async def main():\n"
        "    database = Database(config.Database(url=sys.argv[1]))\n"
        "    await database.start()\n"
        "    await Courier(database, {'note': deliver}).run()\n"
        "asyncio.run(main())\n"
    )
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", script, database_url, stdout=asyncio.subprocess.PIPE
    )
    assert process.stdout is not None
    assert (await process.stdout.readline()).decode().strip() == identifier
    process.kill()
    await process.wait()
    receiver = Receiver()
    courier = Courier(database, {"note": receiver}, clock=clock)
    await courier.run()
    assert receiver.entries == []
    clock.pass_by(outbox.CLAIM_MS / 1000 + 60)
    await courier.run()
    assert [(entry.id, entry.attempt) for entry in receiver.entries] == [(identifier, 2)]
    assert await rows(database) == []


async def test_a_process_that_stops_gives_its_entries_back(
    database: Database, clock: Clock
) -> None:
    slow = Slow()
    await outbox.put(database, "bella", "note", {})
    task = asyncio.create_task(Courier(database, {"note": slow}, clock=clock).run())
    await slow.until(lambda: bool(slow.held))
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    receiver = Receiver()
    await Courier(database, {"note": receiver}, clock=clock).run()
    assert [entry.attempt for entry in receiver.entries] == [2]


async def test_what_is_delivered_while_the_process_stops_is_not_delivered_again(
    database: Database, clock: Clock
) -> None:
    async def deliver(entry: Entry) -> None:
        asyncio.get_running_loop().call_soon(task.cancel)  # it arrives behind this delivery

    await outbox.put(database, "bella", "note", {})
    task = asyncio.create_task(Courier(database, {"note": deliver}, clock=clock).run())
    with pytest.raises(asyncio.CancelledError):
        await task
    assert await rows(database) == []


async def test_a_slow_receiver_holds_up_no_other(database: Database, clock: Clock) -> None:
    slow = Slow(lambda entry: entry.business == "slow")
    for _ in range(outbox.AT_ONCE * 3):
        await outbox.put(database, "slow", "note", {})
    for n in range(10):
        await outbox.put(database, f"quick{n % 2}", "note", {})
    task = asyncio.create_task(Courier(database, {"note": slow}, clock=clock).run())
    await slow.until(lambda: len(slow.passed) == 10)
    assert len(slow.held) <= outbox.AT_ONCE_EACH
    await outbox.put(database, "quick", "note", {"late": True})
    await slow.until(lambda: len(slow.passed) == 11)
    assert not task.done()
    assert len(slow.held) == outbox.AT_ONCE_EACH
    slow.released.set()
    await task
    assert len(slow.held) == outbox.AT_ONCE * 3
    assert await rows(database) == []


async def test_no_more_than_so_many_at_once(database: Database, clock: Clock) -> None:
    slow = Slow()
    for n in range(outbox.AT_ONCE * 2):
        await outbox.put(database, f"b{n}", "note", {})
    task = asyncio.create_task(Courier(database, {"note": slow}, clock=clock).run())
    await slow.until(lambda: len(slow.held) == outbox.AT_ONCE)
    due = [row for row in await rows(database) if row["attempts"] == 0]
    assert len(due) == outbox.AT_ONCE
    slow.released.set()
    await task
    assert len(slow.held) == outbox.AT_ONCE * 2


async def test_what_nobody_delivers_waits_and_is_named_once(
    database: Database, clock: Clock
) -> None:
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.DEBUG))
    for n in range(200):
        await outbox.put(database, f"b{n}", "fax", {})
    await outbox.put(database, "bella", "note", {})
    receiver = Receiver()
    courier = Courier(database, {"note": receiver}, clock=clock)
    with structlog.testing.capture_logs() as logs:
        await courier.run()
        await courier.run()
    assert [entry["kind"] for entry in logs if entry["log_level"] == "warning"] == ["fax"]
    assert len(receiver.entries) == 1
    assert {(r["state"], r["attempts"]) for r in await rows(database)} == {("new", 0)}
    fax = Receiver()
    await Courier(database, {"fax": fax}, clock=clock).run()
    assert len(fax.entries) == 200


async def test_the_log_tells_ids_and_not_texts(database: Database, clock: Clock) -> None:
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.DEBUG))
    receiver = Receiver(NotDeliveredError("to +44 20 7946 0000"))
    identifier = await outbox.put(database, "bella", "note", {"to": "+44 20 7946 0000"})
    with structlog.testing.capture_logs() as logs:
        await Courier(database, {"note": receiver}, clock=clock).run()
    assert [entry["entry"] for entry in logs] == [identifier]
    assert "7946" not in str(logs)


async def test_plugins_deliver_their_kinds(tmp_path: Path) -> None:
    receiver = Receiver()
    first = SimpleNamespace(register_deliveries=hookimpl(lambda: {"test.note": receiver}))
    second = SimpleNamespace(register_deliveries=hookimpl(lambda: {"test.note": receiver}))
    async with open_desk(tmp_path, plugins=[first, second], recover=False) as opened:
        desk = opened.desk
        (job,) = (job for job in desk.jobs if job.name == "outbox")
        assert job.seconds == 1.0
        await outbox.put(desk.database, "bella", "test.note", {})
        await job.run()
        assert len(receiver.entries) == 1
        assert desk.plugins.found["test-1"].status == "quarantined"
        assert "'test.note' is taken" in desk.plugins.found["test-1"].reason
