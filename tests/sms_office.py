"""A business that texts: a desk, a fake Twilio, and an outbox whose clock can be moved."""

from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from support import migrated
from support_outbox import Clock

from frontdesk import opting, status
from frontdesk.business import Business
from frontdesk.desk import Desk
from frontdesk.events import Noticed, Stored
from frontdesk.outbox import Courier
from frontdesk.testing import open_desk
from frontdesk.testing.fake_twilio import OURS, FakeTwilio
from frontdesk_plugins.sms import sending, settings
from frontdesk_plugins.sms.pace import Pace

CUSTOMER = "+12125550123"
PUBLIC = "https://desk.example.com"
HELLO = "Bella: I'm an automated assistant.\n"
"""What the first words of the assistant begin with."""


class Office:
    def __init__(self, desk: Desk, twilio: FakeTwilio) -> None:
        self.desk = desk
        self.database = desk.database
        self.twilio = twilio
        self.clock = Clock()
        twilio.now = lambda: datetime.fromtimestamp(self.clock() / 1000, UTC)
        self.slept: list[float] = []
        self.section = settings.load(desk.settings)
        self.courier = self.process()

    def process(self) -> Courier:
        """The outbox of another process on the same database."""
        pace = Pace(clock=lambda: self.clock.now / 1000, sleep=self._sleep)
        made = sending.deliveries(self.desk, self.section, pace=pace, clock=self.clock)
        return Courier(self.database, made, clock=self.clock)

    async def _sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.clock.now += int(seconds * 1000)

    async def conversation(self, number: str = CUSTOMER, *, business: str = "bella") -> str:
        """A new conversation with somebody who agreed to text messages."""
        await opting.record(self.database, business, number, "in", "form")
        identifier, _ = await self.desk.open_conversation(business, "sms", phone=number)
        return identifier

    async def say(self, conversation: str, text: str, *, business: str = "bella") -> str:
        """Words for the customer, on their way into the outbox; their id."""
        stored = await status.notice(self.database, business, conversation, text)
        return id_of(stored)

    async def deliver(self, seconds: float = 0) -> None:
        """Let time pass, and the outbox do what is due."""
        self.clock.now += int(seconds * 1000)
        await self.courier.run()

    async def rows(self) -> list[dict[str, Any]]:
        return await self.database.fetch("SELECT * FROM sms_message ORDER BY created, id")

    async def states(self) -> list[tuple[str, str]]:
        return [(row["state"], row["error"]) for row in await self.rows()]

    async def left(self) -> list[tuple[str, str]]:
        """(state, error) of what is in the outbox."""
        rows = await self.database.fetch("SELECT state, error FROM outbox ORDER BY id")
        return [(row["state"], row["error"]) for row in rows]


def id_of(stored: list[Stored]) -> str:
    return next(each.event.id for each in stored if isinstance(each.event, Noticed))


def business(**settings: Any) -> Business:
    return Business(
        id="bella", name="Bella", settings={"sms": {"numbers": (OURS, "+12025550188")} | settings}
    )


@asynccontextmanager
async def open_office(
    folder: Path, url: str = "", *, twilio: FakeTwilio | None = None, **section: Any
) -> AsyncGenerator[Office]:
    """`section` are further keys of [plugins.sms]."""
    async with twilio or FakeTwilio() as fake:
        database = await migrated(url) if url else ""
        content = {
            "server": {"public_url": PUBLIC},
            "plugins": {"sms": fake.settings() | section},
        }
        async with open_desk(folder, url=database, settings=content, recover=False) as opened:
            await opened.add_business(business())
            yield Office(opened.desk, fake)
            fake.release()


@pytest.fixture
async def office(tmp_path: Path, database_url: str) -> AsyncIterator[Office]:
    async with open_office(tmp_path, database_url) as opened:
        yield opened


@pytest.fixture
async def local(tmp_path: Path) -> AsyncIterator[Office]:
    """On SQLite only, for what no database has a part in."""
    async with open_office(tmp_path) as opened:
        yield opened
