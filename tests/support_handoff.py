"""A shop whose customers ask for a person, by day and by night."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from support import migrated
from test_booking import Guest

from frontdesk.events import Noticed, StatusChanged
from frontdesk.reads import read_events
from frontdesk.testing import ScriptedModel, TestDesk, open_desk, read_toml

SHOP_TOML = """
id = "shop"
name = "Shop"
timezone = "America/New_York"
tools = ["handoff_to_human", "take_message", "create_booking"]
[hours]
mon = ["09:00-17:00"]
tue = ["09:00-17:00"]
[[exceptions]]
date = 2026-11-25
hours = ["10:00-12:00"]
reason = "Eve"
"""
SHOP = read_toml(SHOP_TOML)
MONDAY = datetime(2026, 11, 23, 15, 0, tzinfo=UTC)
"""10:00 at the shop."""
SUNDAY = datetime(2026, 11, 22, 15, 0, tzinfo=UTC)
WHO = {"name": "Ada", "phone": "212 555 0199"}


class Shop:
    def __init__(self, desk: TestDesk, model: ScriptedModel) -> None:
        self.test, self.desk, self.model = desk, desk.desk, model
        self.database = desk.desk.database

    async def guest(self, business: str = "shop") -> Guest:
        return Guest(self.test, self.model, await self.test.conversation(business))

    async def job(self) -> None:
        """What runs every few seconds."""
        (job,) = [job for job in self.desk.jobs if job.name == "handoff"]
        await job.run()

    async def rows(self, table: str = "handoff") -> list[dict[str, Any]]:
        return await self.database.fetch(f"SELECT * FROM {table} ORDER BY id")

    async def hands(self, talk: Any) -> list[tuple[str, str]]:
        return [
            (stored.event.status, stored.event.reason)
            for stored in await read_events(self.database, talk.id, 0)
            if isinstance(stored.event, StatusChanged)
        ]

    async def notices(self, talk: Any) -> list[str]:
        stored = await read_events(self.database, talk.id, 0)
        return [item.event.text for item in stored if isinstance(item.event, Noticed)]


@asynccontextmanager
async def shop_on(folder: Path, url: str = "") -> AsyncIterator[Shop]:
    if url:
        await migrated(url)
    model = ScriptedModel()
    async with open_desk(folder, url=url, models=[model], recover=False) as desk:
        await desk.add_business(SHOP)
        desk.set_time(MONDAY)
        yield Shop(desk, model)


@pytest.fixture
async def shop(tmp_path: Path, database_url: str) -> AsyncIterator[Shop]:
    """On SQLite and on Postgres."""
    async with shop_on(tmp_path, database_url) as opened_shop:
        yield opened_shop


@pytest.fixture
async def small(tmp_path: Path) -> AsyncIterator[Shop]:
    async with shop_on(tmp_path) as opened_shop:
        yield opened_shop


def ms(at: datetime) -> int:
    return int(at.timestamp() * 1000)
