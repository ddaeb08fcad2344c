"""The contract of channels, kept by ours and by a third party's; and that it finds who breaks it."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import httpx
import msgspec
import pytest
from support import Visitor, serving
from texting import ADA, load, served, sqlite

from frontdesk import Inbound, hookimpl, status
from frontdesk.desk import Desk
from frontdesk.ids import new_id
from frontdesk.instants import now_ms
from frontdesk.outbox import Deliver, Entry
from frontdesk.testing import ScriptedModel
from frontdesk.testing.channels import (
    CHECKS,
    Check,
    Exchange,
    Line,
    business,
    check_channel,
    name_of,
)
from frontdesk.testing.fake_twilio import OURS, FakeTwilio

every_check = pytest.mark.parametrize("check", CHECKS, ids=name_of)


# ---- a third party's: messages on slips of paper ----------------------------------------------


class Pigeons:
    """A channel over a list. The loft is what is left of it when the desk stops."""

    channel = "pigeon"

    def __init__(self) -> None:
        self.loft: list[tuple[str, str, str]] = []
        """(business, whose pigeon it is, what it carried)"""

    @asynccontextmanager
    async def open(self, folder: Path, model: ScriptedModel) -> AsyncGenerator[Desk]:
        desk = load(sqlite(folder), models=[model], plugins=[self.plugin()])
        await desk.start()
        for name in ("one", "two"):
            await desk.apply(business(name))
        try:
            yield desk
        finally:
            await desk.stop()

    def plugin(self) -> Any:
        @hookimpl
        def register_deliveries(desk: Desk) -> dict[str, Deliver]:
            async def carry(entry: Entry) -> None:
                row = await desk.database.one(
                    "SELECT k.visitor FROM conversation c JOIN contact k ON k.id = c.contact "
                    "WHERE c.id = {} AND c.business = {}",
                    entry.body["conversation"], entry.business,
                )  # fmt: skip
                assert row is not None
                await self.fly(entry, row["visitor"])

            return {"pigeon": carry}

        channel = SimpleNamespace(name="pigeon", markdown=False, cards=False, outbox="pigeon")
        return SimpleNamespace(
            register_channels=hookimpl(lambda: [channel]), register_deliveries=register_deliveries
        )

    async def fly(self, entry: Entry, to: str) -> None:
        self.loft.append((entry.business, to, entry.body["text"]))

    async def dial(self, desk: Desk, business: str, customer: str) -> Line:
        return Pigeon(self, desk, business, customer)


class Pigeon:
    def __init__(self, pigeons: Pigeons, desk: Desk, business: str, customer: str) -> None:
        self.pigeons, self.desk, self.business, self.customer = pigeons, desk, business, customer

    async def send(self, text: str, message: str) -> None:
        database = self.desk.database
        async with database.transaction():
            # Writing to the customer's row makes their other pigeons wait.
            rows = await database.fetch(
                "UPDATE contact SET visitor = visitor WHERE business = {} AND visitor = {} "
                "RETURNING id",
                self.business, self.customer,
            )  # fmt: skip
            found = rows and await status.continued(
                database, self.business, rows[0]["id"], "pigeon", now_ms()
            )
            conversation = (
                found
                or (await self.desk.open_conversation(self.business, "pigeon", self.customer))[0]
            )
        await self.desk.receive(self.inbound(conversation, text, message))

    def inbound(self, conversation: str, text: str, message: str) -> Inbound:
        return Inbound(
            business=self.business, conversation=conversation, text=text, client_id=message
        )

    async def heard(self) -> list[str]:
        return [
            text
            for to, customer, text in self.pigeons.loft
            if (to, customer) == (self.business, self.customer)
        ]


async def test_pigeons(tmp_path: Path) -> None:
    await check_channel(Pigeons, tmp_path)


# ---- and what it finds ------------------------------------------------------------------------


class Stammering(Pigeons):
    """Says everything twice."""

    async def fly(self, entry: Entry, to: str) -> None:
        await super().fly(entry, to)
        await super().fly(entry, to)


class Mute(Pigeons):
    """Carries only what the assistant says."""

    async def fly(self, entry: Entry, to: str) -> None:
        if "Ben" not in entry.body["text"]:
            await super().fly(entry, to)


class Strangers(Pigeons):
    """Every message is the first of a new acquaintance."""

    async def dial(self, desk: Desk, business: str, customer: str) -> Line:
        return Stranger(self, desk, business, customer)


class Stranger(Pigeon):
    async def send(self, text: str, message: str) -> None:
        opened, _ = await self.desk.open_conversation(self.business, "pigeon", self.customer)
        await self.desk.receive(self.inbound(opened, text, message))


class Forgetful(Pigeons):
    """Acknowledges what it keeps in its head."""

    async def dial(self, desk: Desk, business: str, customer: str) -> Line:
        return Scatterbrain(self, desk, business, customer)


class Scatterbrain(Pigeon):
    async def send(self, text: str, message: str) -> None:
        self.later = asyncio.get_running_loop().call_later(
            30, lambda: super(Scatterbrain, self).send(text, message)
        )


class Nameless(Pigeons):
    """Loses the sender's id of a message."""

    async def dial(self, desk: Desk, business: str, customer: str) -> Line:
        return NamelessPigeon(self, desk, business, customer)


class NamelessPigeon(Pigeon):
    def inbound(self, conversation: str, text: str, message: str) -> Inbound:
        named = super().inbound(conversation, text, message)
        return msgspec.structs.replace(named, client_id=new_id())


@pytest.mark.parametrize(
    ("exchange", "check"),
    [
        (Stammering(), "once"), (Mute(), "all_words"), (Strangers(), "once"),
        (Forgetful(), "stored_first"), (Nameless(), "once"),
    ],
    ids=["stammering", "mute", "strangers", "forgetful", "nameless"],
)  # fmt: skip
async def test_it_finds_who_breaks_it(
    exchange: Exchange, check: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("frontdesk.testing.channels.SECONDS", 3.0)
    with pytest.raises(AssertionError):
        await next(one for one in CHECKS if name_of(one) == check)(exchange, tmp_path)


# ---- ours -------------------------------------------------------------------------------------


class Web:
    """The widget's own wire."""

    channel = "web"

    def __init__(self) -> None:
        self.known: dict[tuple[str, str], dict[str, Any]] = {}
        self.url = ""

    @asynccontextmanager
    async def open(self, folder: Path, model: ScriptedModel) -> AsyncGenerator[Desk]:
        desk = load(sqlite(folder), models=[model])
        async with (
            serving(desk, demo=False) as url,
            httpx.AsyncClient(base_url=url, timeout=20) as self.http,
        ):
            for name in ("one", "two"):
                await desk.apply(business(name))
            yield desk

    async def dial(self, desk: Desk, business: str, customer: str) -> Line:
        known = self.known.get((business, customer))
        if known is None:
            visitor = await Visitor.arrive(self.http, business)
            known = {"id": visitor.id, "token": visitor.token, "greeting": visitor.greeting}
            self.known[business, customer] = known
        return Tab(Visitor(self.http, known))


class Tab:
    def __init__(self, visitor: Visitor) -> None:
        self.visitor = visitor

    async def send(self, text: str, message: str) -> None:
        async with self.visitor.http.stream(
            "POST", f"{self.visitor.path}/messages/stream",
            json={"content": text, "clientId": message}, headers=self.visitor.headers,
        ) as answer:  # fmt: skip
            assert answer.status_code == 200

    async def heard(self) -> list[str]:
        found = (await self.visitor.history())["messages"]
        words = [message["content"] for message in found if message["role"] != "customer"]
        return [text for text in words if text != "Ben joined the conversation."]


@every_check
async def test_web(check: Check, tmp_path: Path) -> None:
    await check(Web(), tmp_path)


class Telephones:
    """Text messages by Twilio."""

    channel = "sms"
    numbers = {"one": OURS, "two": "+12025550188"}  # noqa: RUF012

    def __init__(self, **section: Any) -> None:
        self.section = section
        self.twilio: FakeTwilio | None = None

    @asynccontextmanager
    async def open(self, folder: Path, model: ScriptedModel) -> AsyncGenerator[Desk]:
        fake = self.twilio or FakeTwilio()
        async with fake:
            self.twilio = fake
            desk = load(sqlite(folder), fake, models=[model], sms=self.section)
            shops = [
                business(name, settings={"sms": {"numbers": [number]}})
                for name, number in self.numbers.items()
            ]
            async with served(desk, fake, *shops):
                yield desk

    async def dial(self, desk: Desk, business: str, customer: str) -> Line:
        assert self.twilio is not None
        return Telephone(self.twilio, self.numbers[business], ADA)


class Telephone:
    def __init__(self, twilio: FakeTwilio, to: str, number: str) -> None:
        self.twilio, self.to, self.number = twilio, to, number

    async def send(self, text: str, message: str) -> None:
        sid = "SM" + message.replace("-", "")
        (answer,) = await self.twilio.inbound(text, from_=self.number, to=self.to, sid=sid)
        assert answer.status == 200

    async def heard(self) -> list[str]:
        return [
            message.body
            for message in self.twilio.taken
            if (message.from_, message.to) == (self.to, self.number)
        ]


@every_check
async def test_sms(check: Check, tmp_path: Path) -> None:
    await check(Telephones(), tmp_path)
