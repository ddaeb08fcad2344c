"""What leaves the database: at least once, on both databases, whoever dies meanwhile."""

import asyncio
import logging
import sys
from collections import Counter
from pathlib import Path
from types import SimpleNamespace

import pytest
import structlog
from support_outbox import Clock, Receiver, Slow, clock, database, opened, rows

from frontdesk import outbox
from frontdesk.database import Database
from frontdesk.hookspecs import hookimpl
from frontdesk.outbox import Courier, Entry, GiveUpError, NotDeliveredError
from frontdesk.testing import open_desk

__all__ = ["clock", "database"]  # fixtures


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
    async with open_desk(tmp_path, plugins=[first, second], recover=False, broken=True) as opened:
        desk = opened.desk
        (job,) = (job for job in desk.jobs if job.name == "outbox")
        assert job.seconds == 1.0
        await outbox.put(desk.database, "bella", "test.note", {})
        await job.run()
        assert len(receiver.entries) == 1
        assert desk.plugins.found["test-1"].status == "quarantined"
        assert "'test.note' is taken" in desk.plugins.found["test-1"].reason
