"""A restaurant that texts, bookings of its visitors, and the hours that pass."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

import msgspec
import pytest
from pigeon import NUMBER, Pigeon, sent
from support import migrated
from support_booking import Caller
from test_booking import BELLA

from frontdesk import Business, opting
from frontdesk.testing import ScriptedModel, TestDesk, open_desk
from frontdesk_plugins.booking import reminders

TEXTING = {"sms": {"numbers": ["+12125550100"]}}
BISTRO = msgspec.structs.replace(
    BELLA, id="bistro", name="Bistro", tools=("confirm_attendance",),
    settings=BELLA.settings | TEXTING,
)  # fmt: skip
DAY = "2026-11-24"
"""Two days after the clock's."""
WISH = {"party_size": 2, "date": DAY, "time": "19:00", "name": "Ada Lovelace"}
NEW_YORK = BISTRO.zone


def at(day: int, hour: int, minute: int = 0, month: int = 11) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=NEW_YORK)


@asynccontextmanager
async def open_bistro(
    folder: Path, url: str = "", *models: ScriptedModel, business: Business = BISTRO
) -> AsyncGenerator[TestDesk]:
    if url:
        await migrated(url)
    async with open_desk(
        folder, url=url, models=models, plugins=[Pigeon()], recover=False
    ) as desk:  # fmt: skip
        await desk.add_business(business)
        yield desk


@pytest.fixture
async def desk(tmp_path: Path, database_url: str) -> AsyncGenerator[TestDesk]:
    async with open_bistro(tmp_path, database_url) as opened:
        yield opened


class Booked(msgspec.Struct):
    """A booking of a visitor of the web."""

    caller: Caller
    read_back: str
    reference: str


async def book(desk: TestDesk, business: Business = BISTRO, **more: Any) -> Booked:
    caller = await Caller.arrive(desk, business)
    wish = WISH | {"phone": NUMBER} | more
    proposed = await caller.propose("create_booking", "p1", **wish)
    done = await caller.run("create_booking", "p1", **wish)
    return Booked(caller, proposed["message"], done["reference"])


async def tick(desk: TestDesk, now: datetime) -> list[str]:
    """The texts that left since the last time."""
    desk.set_time(now)
    before = len(await sent(desk))
    await reminders.remind(desk.desk)
    return [body["text"] for body in (await sent(desk))[before:]]


async def want(desk: TestDesk, state: Any = "in", business: str = "bistro") -> None:
    await opting.record(desk.desk.database, business, NUMBER, state, "form", "I agree")
