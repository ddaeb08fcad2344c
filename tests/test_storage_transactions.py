"""Transactions on both databases: all or nothing, however they end; and desks side by side."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import msgspec
import pytest
from test_booking import BELLA, claims, guest_of, restaurant
from test_storage import CORE, names, opened, write

from frontdesk import ConfigError, config
from frontdesk.business import Business
from frontdesk.businesses import Cache, save
from frontdesk.database import Database
from frontdesk_plugins.booking.tables import Booking


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    async with opened(database_url, CORE) as opened_database:
        yield opened_database


async def is_free(database: Database) -> None:
    """Nobody holds the writer, and no connection is lost."""
    async with asyncio.timeout(5):
        await asyncio.gather(*(write_all(database, f"free{n}") for n in range(5)))
        await database.fetch("DELETE FROM prompt WHERE id LIKE 'free%'")
        pool: Any = getattr(database.engine, "pool", None)
        while pool is not None and pool.get_idle_size() < pool.get_size():
            await asyncio.sleep(0.005)  # one that was cancelled is given back by a task of its own


class Stop(Exception):  # noqa: N818  it is no error
    """Ends a transaction from inside."""


async def write_all(database: Database, *names: str, then: Exception | None = None) -> None:
    """In one transaction."""
    async with database.transaction():
        for name in names:
            await write(database, name)
        if then is not None:
            raise then


async def test_an_exception_leaves_nothing(database: Database) -> None:
    with pytest.raises(Stop):
        await write_all(database, "a", "b", then=Stop())
    assert await names(database) == []
    with pytest.raises(Exception, match=r"(?i)unique"):
        await write_all(database, "c", "c")
    assert await names(database) == []
    await is_free(database)


async def test_a_transaction_inside_another_joins_it(database: Database) -> None:
    with suppress(Stop):
        async with database.transaction():
            await write_all(database, "inner")
            assert await names(database) == ["inner"]
            raise Stop
    assert await names(database) == []
    async with database.transaction():
        with pytest.raises(Stop):
            await write_all(database, "inner", then=Stop())
        await write(database, "outer")
    assert await names(database) == ["inner", "outer"]  # the outer one decides
    await is_free(database)


async def test_others_do_not_see_what_is_not_committed(database: Database) -> None:
    written, seen = asyncio.Event(), asyncio.Event()

    async def writer() -> None:
        async with database.transaction():
            await write(database, "a")
            written.set()
            await seen.wait()

    task = asyncio.create_task(writer())
    await written.wait()
    assert await names(database) == []
    seen.set()
    await task
    assert await names(database) == ["a"]


async def test_reading_and_then_writing_loses_no_update(database: Database) -> None:
    """Also between two processes, which a second database on the same file or server stands for."""
    await write(database, "counter")

    async def add(one: Database) -> None:
        async with one.transaction():
            lock = "" if one.is_sqlite else " FOR UPDATE"
            select = f"SELECT created FROM prompt WHERE id = 'counter'{lock}"
            row = await one.one(select)
            assert row is not None
            await asyncio.sleep(0)
            await one.fetch("UPDATE prompt SET created = {}", row["created"] + 1)

    async with opened(database.url) as other:
        await asyncio.gather(*(add(one) for _ in range(25) for one in (database, other)))
    row = await database.one("SELECT created FROM prompt")
    assert row is not None
    assert row["created"] == 50


async def test_a_task_that_outlives_the_transaction_uses_its_own(database: Database) -> None:
    go = asyncio.Event()

    async def later() -> None:
        await go.wait()
        async with database.transaction():
            await write(database, "later")

    async with database.transaction():
        task = asyncio.create_task(later())
        await write(database, "first")
    go.set()
    await task
    assert await names(database) == ["first", "later"]
    await is_free(database)


@pytest.mark.parametrize("twice", [False, True])
async def test_cancelled_at_any_step(database: Database, twice: bool) -> None:
    """After every number of steps of the loop: nothing half, nothing held."""

    async def work(name: str) -> None:
        async with database.transaction():
            await write(database, f"{name}-1")
            await write(database, f"{name}-2")

    for steps in range(0, 40, 1 if database.is_sqlite else 3):
        task = asyncio.create_task(work(f"t{steps:02}"))
        for _ in range(steps):
            await asyncio.sleep(0)
        task.cancel()
        if twice:
            await asyncio.sleep(0)
            task.cancel()
        with suppress(asyncio.CancelledError):
            await task
    rows = await names(database)
    for first in (row for row in rows if row.endswith("-1")):
        assert first.replace("-1", "-2") in rows
    assert len([row for row in rows if row.endswith("-1")]) * 2 == len(rows)
    await is_free(database)


async def test_cancelled_while_it_waits_its_turn(database: Database) -> None:
    begun, go = asyncio.Event(), asyncio.Event()

    async def first() -> None:
        async with database.transaction():
            await write(database, "first")
            begun.set()
            await go.wait()

    running = asyncio.create_task(first())
    await begun.wait()
    waiting = [asyncio.create_task(write_all(database, f"w{n}")) for n in range(6)]
    for _ in range(5):
        await asyncio.sleep(0)
    for task in waiting:
        task.cancel()
    await asyncio.gather(*waiting, return_exceptions=True)
    go.set()
    await running
    assert "first" in await names(database)
    await is_free(database)


async def test_a_commit_that_fails_gives_its_connection_back(postgres: str) -> None:
    from support import make_database

    url = await make_database(postgres, "commit_fails")
    async with opened(url, CORE, pool=2) as database:
        await database.fetch(
            "CREATE TABLE child (id INT, parent TEXT REFERENCES prompt (id) "
            "DEFERRABLE INITIALLY DEFERRED)"
        )
        for n in range(5):
            with pytest.raises(Exception, match="foreign key"):
                async with database.transaction():
                    await database.fetch("INSERT INTO child VALUES ({}, 'nobody')", n)
        assert await database.fetch("SELECT * FROM child") == []
        await is_free(database)


async def test_a_database_can_be_opened_again(database_url: str) -> None:
    database = Database(config.Database(url=database_url))
    for _ in range(2):
        await database.start()
        assert await asyncio.gather(*(database.fetch("SELECT 1 AS n") for _ in range(6)))
        await database.stop()
    await database.stop()  # nothing happens


@pytest.mark.parametrize(
    "url",
    [
        "mysql://root:hush-hush@host/db",
        "sqlite:///",
        "sqlite:///:memory:",
        "sqlite:////no/such/folder/hush-hush.db",
        "postgresql://me:hush-hush@127.0.0.1:1/db",
        "postgresql://me:hush/hush@127.0.0.1:1/db",
        "postgresql://me:hush@hush@127.0.0.1:1/db",
        "postgresql://127.0.0.1:1/db?user=me&password=hush-hush",
    ],
)
async def test_a_database_that_cannot_be_opened(url: str) -> None:
    with pytest.raises(ConfigError) as caught:
        await Database(config.Database(url=url)).start()
    cures = ("neither sqlite:///PATH nor", "Check database.url")
    assert any(cure in str(caught.value) for cure in cures)
    if not url.startswith("sqlite"):
        assert "hush" not in str(caught.value)


async def test_two_desks_in_one_process_do_not_mix(tmp_path: Path) -> None:
    other = msgspec.structs.replace(BELLA, name="Other Bella")
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    async with restaurant(tmp_path / "a") as first, restaurant(tmp_path / "b") as second:
        await second.add_business(other)
        guests = [await guest_of(first), await guest_of(second), await guest_of(first)]
        await asyncio.gather(guests[0].book(2, "19:00"), guests[1].book(7, "19:00"))
        await guests[2].book(3, "19:00")
        assert await claims(first) == ["a", "b"]
        assert await claims(second) == ["b", "c"]
        for desk, parties in ((first, [2, 3]), (second, [7])):
            with desk.desk.database.bound():
                rows = await Booking.select(Booking.party).order_by(Booking.party)
            assert [row["party"] for row in rows] == parties
        businesses = [await desk.desk.business("bella") for desk in (first, second)]
        assert [b.name for b in businesses if b] == ["Bella", "Other Bella"]


async def test_every_change_of_a_business_is_seen_by_every_cache(database: Database) -> None:
    shop = Business(id="shop", name="One")
    assert await save(database, shop)
    stamps = set()
    for n in range(5):
        changed = msgspec.structs.replace(shop, name=f"Shop {n}")
        assert not await save(database, changed)
        row = await database.one("SELECT updated FROM business")
        assert row is not None
        stamps.add(row["updated"])
        seen = await Cache(database).get("shop")
        assert seen is not None
        assert seen.name == f"Shop {n}"
    assert len(stamps) == 5
    await asyncio.gather(*(save(database, shop) for _ in range(5)))
    row = await database.one("SELECT updated FROM business")
    assert row is not None
    assert row["updated"] >= max(stamps) + 5
    assert await Cache(database).get("nobody") is None
