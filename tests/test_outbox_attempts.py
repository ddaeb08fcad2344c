"""How often and when the outbox tries: schedule, refusals, patience, and slow receivers."""

import asyncio

import pytest
from support_outbox import Clock, Receiver, Slow, clock, database, rows

from frontdesk import outbox
from frontdesk.database import Database
from frontdesk.outbox import Courier, GiveUpError, NotDeliveredError

__all__ = ["clock", "database"]  # fixtures

SCHEDULE = (10, 60, 300, 1800, 7200, 21600)


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
