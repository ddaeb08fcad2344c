"""A business that gets texts, over Twilio's wire."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from support import migrated
from texting import (
    ADA,
    acknowledged,
    load,
    said,
    served,
    shop,
    sqlite,
)  # fmt: skip

from frontdesk import outbox
from frontdesk.business import Business
from frontdesk.desk import Desk
from frontdesk.events import CustomerSaid
from frontdesk.testing import ScriptedModel
from frontdesk.testing.fake_twilio import FakeTwilio

SMS = "/webhooks/twilio/sms"
QUIET = 0.6
"""Seconds after which the outbox has looked several times."""


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(outbox, "LOOK_SECONDS", 0.1)


class Shop:
    """A business that gets texts, and everyone who writes to it."""

    def __init__(self, desk: Desk, twilio: FakeTwilio, model: ScriptedModel) -> None:
        self.desk, self.twilio, self.model = desk, twilio, model
        self.database = desk.database

    async def text(self, body: str, **more: Any) -> None:
        """A text arrives and is acknowledged without a word."""
        assert acknowledged(await self.twilio.inbound(body, **more))

    async def ask(self, body: str, answer: str, **more: Any) -> None:
        """The same, and the answer is awaited."""
        self.model.then(answer)
        before = len(self.twilio.taken)
        await self.text(body, **more)
        assert answer in (await self.twilio.sent(before + 1)).body

    async def quiet(self, sent: int) -> None:
        """Nothing leaves beyond so many messages."""
        await asyncio.sleep(QUIET)
        assert [m.body for m in self.twilio.taken[sent:]] == []

    async def outcomes(self) -> list[tuple[str, str]]:
        found = await self.database.fetch(
            "SELECT outcome, reason FROM sms_inbound ORDER BY received, sid"
        )
        return [(row["outcome"], row["reason"]) for row in found]

    async def words(self, sender: str = ADA, business: str = "shop") -> list[str]:
        events = await said(self.desk, sender, business)
        return [event.text for event in events if isinstance(event, CustomerSaid)]


@asynccontextmanager
async def opened(
    folder: Path, *shops: Business, url: str = "", **more: Any
) -> AsyncGenerator[Shop]:
    model = ScriptedModel()
    place = await migrated(url) if url else sqlite(folder)
    async with FakeTwilio() as twilio:
        desk = load(place, twilio, models=[model], **more)
        async with served(desk, twilio, *(shops or (shop(),))):
            yield Shop(desk, twilio, model)
    assert not model.violations


@pytest.fixture
async def one(tmp_path: Path) -> AsyncGenerator[Shop]:
    async with opened(tmp_path) as found:
        yield found
