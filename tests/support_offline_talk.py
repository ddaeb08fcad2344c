"""A guest of the restaurant who talks with the offline model through the engine."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from test_offline_openings import BUSINESS
from test_offline_talks import Talk

from frontdesk.testing import TestDesk, open_desk

MONDAY = datetime(2026, 11, 23, 23, 0, tzinfo=UTC)
"""18:00 in New York."""
BOOK = "book a table for two on friday at 8pm"


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[TestDesk]:
    async with open_desk(tmp_path) as test:
        test.set_time(MONDAY)
        await test.add_business(BUSINESS)
        yield test


async def talk_of(desk: TestDesk) -> Talk:
    return Talk(await desk.conversation(BUSINESS.id), desk.set_time)


@pytest.fixture
async def talk(desk: TestDesk) -> Talk:
    return await talk_of(desk)


async def booked(talk: Talk) -> Talk:
    for text in (BOOK, "Ada Lovelace", "212 555 0123"):
        await talk.say(text)
    assert "Booked" in await talk.say("yes")
    return talk
