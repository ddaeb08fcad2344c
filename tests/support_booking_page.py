"""The console of two businesses with bookings, and what its page says of them."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from support_booking import SALON, Caller
from support_pages import Console, Person, console
from test_booking import BELLA

from frontdesk.database import Row
from frontdesk.events import Noticed
from frontdesk.reads import read_events

EVENING = datetime(2026, 11, 24, 0, 0, tzinfo=UTC)
"""Monday, 19:00 at Bella's."""
EVIL = "<script>alert(1)</script>"


@pytest.fixture
async def house(tmp_path: Path, database_url: str) -> AsyncIterator[Console]:
    async with console(tmp_path, BELLA, SALON, url=database_url) as opened:
        yield opened


@pytest.fixture
async def small(tmp_path: Path) -> AsyncIterator[Console]:
    """SQLite only."""
    async with console(tmp_path, BELLA, SALON) as opened:
        yield opened


async def row_of(house: Console, reference: str = "") -> Row:
    row = await house.desk.desk.database.one(
        "SELECT * FROM booking WHERE reference = {} OR {} = '' ORDER BY id DESC LIMIT 1",
        reference.replace("-", ""), reference,
    )  # fmt: skip
    assert row is not None
    return row


async def booked(house: Console, **wish: Any) -> tuple[Caller, Row]:
    guest = await Caller.arrive(house.desk)
    card = await guest.book(**wish)
    return guest, await row_of(house, card["reference"])


def version(row: Row) -> dict[str, Any]:
    return {"booking": row["id"], "sequence": row["sequence"]}


async def notices(house: Console, conversation: str) -> list[str]:
    events = await read_events(house.desk.desk.database, conversation, 0)
    return [one.event.text for one in events if isinstance(one.event, Noticed)]


async def slots(person: Person, **query: Any) -> list[str]:
    import re

    html = await person.see("bookings", **query)
    return re.findall(r'name="slot" value="([^"]+)"', html)
