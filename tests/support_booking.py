"""Booking's actions, called as the engine calls them, without a model in between."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import msgspec
from support import migrated
from test_booking import BELLA

from frontdesk import ActionCall, ActionError, Business
from frontdesk.conversation import Contact, ConversationState
from frontdesk.ids import new_id
from frontdesk.testing import TestDesk, open_desk, read_toml

SALON = read_toml(
    """
id = "salon"
name = "Salon"
timezone = "Europe/Rome"
country = "IT"
currency = "EUR"
[hours]
mon = ["09:00-18:00"]
tue = ["09:00-18:00"]
[settings.booking]
step = 30
lead = 60
policy = { cancel_until = 1440 }
[[settings.booking.services]]
id = "cut"
name = "Haircut"
duration = 30
price = 4000
skills = ["cut"]
[[settings.booking.services]]
id = "colour"
name = "Colour"
duration = 90
buffer_after = 15
resources = ["ana"]
approval = true
policy = { cancel_until = 2880, fee = 2500, moves = 1 }
[[settings.booking.services]]
id = "yoga"
name = "Yoga"
duration = 60
capacity = 3
times = { mon = ["10:00", "17:00"] }
[[settings.booking.resources]]
id = "ana"
name = "Ana"
kind = "staff"
skills = ["cut"]
[[settings.booking.resources]]
id = "ben"
name = "Ben"
kind = "staff"
skills = ["cut"]
"""
)
ADA = {"name": "Ada Lovelace", "phone": "+1 212 555 0199"}
MONDAY = "2026-11-23"
"""The day after the one on which a test desk's clock stands."""


class Caller:
    """A customer in one conversation."""

    def __init__(
        self, desk: TestDesk, business: Business, contact: Contact, conversation: str, channel: str
    ) -> None:
        self.desk, self.business, self.contact = desk, business, contact
        self.conversation, self.channel = conversation, channel
        self.patch: dict[str, Any] = {}
        """Of the last call."""

    @classmethod
    async def arrive(
        cls, desk: TestDesk, business: Business = BELLA, channel: str = "web", visitor: str = ""
    ) -> "Caller":
        known = await desk.desk.business(business.id)
        assert known is not None
        identifier, contact = await desk.desk.open_conversation(
            business.id, channel, visitor or new_id()
        )
        return cls(desk, known, contact, identifier, channel)

    async def run(self, action: str, /, proposal: str = "", **arguments: Any) -> dict[str, Any]:
        return await self._do("run", action, proposal, arguments)

    async def propose(self, action: str, /, proposal: str, **arguments: Any) -> dict[str, Any]:
        return await self._do("propose", action, proposal, arguments)

    async def withdraw(self, action: str, /, proposal: str, **arguments: Any) -> None:
        await self._do("withdraw", action, proposal, arguments)

    async def refusal(self, action: str, /, **arguments: Any) -> ActionError:
        """How a call fails."""
        try:
            done = await self.run(action, **arguments)
        except ActionError as error:
            return error
        raise AssertionError(f"it was done: {done}")

    async def book(self, time: str = "19:00", party: int = 2, **more: Any) -> dict[str, Any]:
        wish: dict[str, Any] = {"party_size": party, "date": MONDAY, "time": time} | ADA | more
        return await self.run("create_booking", **wish)

    async def free(self, time: str | None = None, party: int = 2, **more: Any) -> list[str]:
        """The times that are offered on the day, or the one that was asked for."""
        wish: dict[str, Any] = {"party_size": party, "date": MONDAY, "time": time} | more
        found = await self.run("check_availability", **wish)
        return [slot["time"] for slot in found.get("slots", ())]

    async def _do(
        self, part: str, name: str, proposal: str, arguments: dict[str, Any]
    ) -> dict[str, Any]:
        """As frontdesk.calls does it: in a transaction that a failure rolls back, unless it is to
        be kept."""
        action = self.desk.desk.plugins.actions[name]
        business = await self.desk.desk.business(self.business.id)
        assert business is not None
        assert not isinstance(action.params, dict)
        call = ActionCall(
            id=new_id(), tool=name, business=business, contact=self.contact,
            conversation=self.conversation, channel=self.channel,
            now=self.desk.desk.now(business), db=self.desk.desk.database,
            plugins=self.desk.desk.plugins, secret_keys=self.desk.desk.secret_keys,
            state=ConversationState(), proposal=proposal, patch={},
        )  # fmt: skip
        params, run = msgspec.convert(arguments, action.params), getattr(action, part)
        failed: ActionError | None = None
        result: dict[str, Any] = {}
        if not action.changes:
            result = await run(call, params)
        else:
            try:
                async with self.desk.desk.database.transaction():
                    try:
                        result = await run(call, params)
                    except ActionError as error:
                        if not error.keep_writes:
                            raise
                        failed = error
            except ActionError as error:
                failed = error
        self.patch = call.patch
        if failed is not None:
            raise failed
        msgspec.json.encode(result)
        return result

    def commitments(self) -> dict[str, tuple[str, ...]]:
        """What the last call made true: kinds by subject."""
        return {one.subject: one.kinds for one in self.patch.get("commitments", ())}


@asynccontextmanager
async def bookings(folder: Path, *more: Business, url: str = "") -> AsyncIterator[TestDesk]:
    """A desk with the restaurant, the salon and more."""
    if url:
        await migrated(url)
    async with open_desk(folder, url=url, recover=False) as desk:
        for business in (BELLA, SALON, *more):
            await desk.add_business(business)
        yield desk


def with_rules(business: Business, **rules: Any) -> Business:
    """The business with other keys in its section."""
    section = business.settings["booking"] | rules
    return msgspec.structs.replace(business, settings={"booking": section})


async def count(desk: TestDesk, table: str, where: str = "1 = 1") -> int:
    row = await desk.desk.database.one(f"SELECT COUNT(*) AS n FROM {table} WHERE {where}")
    assert row is not None
    return int(row["n"])
