"""One conversation on a database, which changes hands."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Any

import msgspec
from test_storage import CORE, opened

from frontdesk import Business, Inbound, contacts, leases, status, store
from frontdesk.conversation import Conversation
from frontdesk.database import Database
from frontdesk.events import Replied, StatusChanged, Stored, TurnStarted
from frontdesk.ids import new_id
from frontdesk.reads import load, read_events

B = "shop"
HOUR = status.HOUR_MS


async def business(_: str) -> Business:
    return Business(id=B, name="Shop")


class Desk:
    """One conversation on a database, and the shortest way to everything that happens to it."""

    def __init__(self, database: Database, conversation: str, contact: str) -> None:
        self.database, self.id, self.contact = database, conversation, contact

    @classmethod
    async def open(cls, database: Database, channel: str = "web") -> "Desk":
        contact = await contacts.of_visitor(database, B, new_id())
        conversation = await store.open_conversation(database, B, channel, contact)
        return cls(database, conversation, contact.id)

    @property
    def at(self) -> tuple[Database, str, str]:
        return self.database, B, self.id

    async def row(self) -> dict[str, Any]:
        row = await self.database.one("SELECT * FROM conversation WHERE id = {}", self.id)
        assert row is not None
        return row

    async def write(self, text: str = "hello") -> store.Receipt:
        return await store.receive(
            self.database, Inbound(business=B, conversation=self.id, text=text)
        )

    async def begin(self) -> Conversation | None:
        """The turn that answers what is unanswered, begun; None when there is nothing to answer."""
        await self.database.fetch(  # whoever had it is gone
            "UPDATE conversation SET lease_until = 0 WHERE id = {}", self.id
        )
        for conversation, lease in await leases.take_abandoned(self.database):
            if conversation == self.id:
                turn = await load(self.database, self.id, lease, business)
                if turn.started() is None:
                    turn.add(TurnStarted(upto=turn.said, situation="now"))
                return turn
        return None

    async def answer(self) -> None:
        turn = await self.begin()
        assert turn is not None
        await finish(self.database, turn)

    async def hands(self) -> list[tuple[str, str, str]]:
        return [
            (stored.event.status, stored.event.agent, stored.event.agent_name)
            for stored in await read_events(self.database, self.id, 0)
            if isinstance(stored.event, StatusChanged)
        ]


async def finish(database: Database, turn: Conversation) -> None:
    started = turn.started()
    assert started is not None
    reply = Replied(id=new_id(), content="Hi.", text="Hi.", upto=started.upto)
    await store.finish(database, turn, reply)


@asynccontextmanager
async def desk_on(url: str, channel: str = "web") -> AsyncGenerator[Desk]:
    async with opened(url, CORE, pool=4) as database:
        yield await Desk.open(database, channel)


def changed(stored: list[Stored]) -> StatusChanged:
    """The change of hands among what was stored, without where it came from: that has a test."""
    (event,) = [item.event for item in stored if isinstance(item.event, StatusChanged)]
    return msgspec.structs.replace(event, before="")
