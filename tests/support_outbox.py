"""An outbox whose clock can be moved, and receivers that fail or hold what they get."""

import asyncio
from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest

from frontdesk import config
from frontdesk.database import Database
from frontdesk.instants import now_ms
from frontdesk.migrate import Tables, migrate
from frontdesk.outbox import Entry
from frontdesk.tables import TABLES

APPS = [Tables(app="frontdesk", tables=tuple(TABLES), migrations="frontdesk.migrations")]


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
