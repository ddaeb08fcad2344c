"""Text messages that are switched off: customers are told once, STOP is obeyed, nothing is lost."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from support import migrated
from support_toggling import without
from texting import ADA, BEN, NOTHING, acknowledged, load, rows, said, served, shop

from frontdesk import blocking, instants, opting, outbox, status
from frontdesk.business import Business
from frontdesk.desk import Desk
from frontdesk.events import CustomerSaid, Noticed, Replied
from frontdesk.testing.fake_twilio import OURS, FakeTwilio

TEXT = (
    "Shop: This number does not answer text messages at the moment. "
    "Please call us on +1 212 555 0142."
)


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(outbox, "LOOK_SECONDS", 0.1)


class Off:
    """A shop whose text messages are switched off, for it or for all."""

    def __init__(
        self, desk: Desk, twilio: FakeTwilio, business: Business, *, for_all: bool
    ) -> None:
        self.desk, self.twilio, self.business, self.for_all = desk, twilio, business, for_all

    async def switch(self, *, off: bool) -> None:
        if self.for_all:
            self.desk.switch_plugins({"sms"} if off else ())
        else:
            await self.desk.apply(without(self.business, "sms") if off else self.business)

    async def text(self, body: str, **more: Any) -> str:
        """What the webhook answers."""
        (answer,) = await self.twilio.inbound(body, **more)
        assert answer.status == 200
        assert answer.content_type.startswith("text/xml")
        inside = answer.body.partition("<Response>")[2].partition("</Response>")[0]
        return inside.removeprefix("<Message>").removesuffix("</Message>")


@asynccontextmanager
async def opened(url: str, *, for_all: bool = False, **more: Any) -> AsyncGenerator[Off]:
    async with FakeTwilio() as twilio:
        desk = load(await migrated(url), twilio)
        business = shop(**more)
        async with served(desk, twilio, business):
            one = Off(desk, twilio, business, for_all=for_all)
            await one.switch(off=True)
            yield one


@pytest.mark.parametrize("for_all", [True, False])
async def test_who_texts_is_told_once(database_url: str, for_all: bool) -> None:
    async with opened(database_url, for_all=for_all) as one:
        assert await one.text("Are you open?") == TEXT
        assert await one.text("Hello?") == ""
        assert await one.text("Are you open?", from_=BEN) == TEXT
        asked = [e.text for e in await said(one.desk) if isinstance(e, CustomerSaid)]
        assert asked == ["Are you open?", "Hello?"]
        await one.desk.database.fetch(
            "UPDATE sms_inbound SET received = {}", instants.now_ms() - 7 * 3_600_000
        )
        assert await one.text("Anybody?") == TEXT
        reasons = [row["reason"] for row in await rows(one.desk)]
        assert len(set(reasons)) == 2
        assert {row["outcome"] for row in await rows(one.desk)} == {"aside"}
        assert one.twilio.taken == []

        await one.switch(off=False)
        assert acknowledged(await one.twilio.inbound("Are you open today?"))
        assert (await one.twilio.sent(1)).to == ADA
        events = await said(one.desk)
        assert len([e for e in events if isinstance(e, Replied)]) == 1
        assert len([e for e in events if isinstance(e, CustomerSaid)]) == 4


@pytest.mark.parametrize("for_all", [True, False])
async def test_the_same_message_again_says_nothing(database_url: str, for_all: bool) -> None:
    async with opened(database_url, for_all=for_all) as one:
        answers = await one.twilio.inbound("Are you open?", times=5)
        assert sorted(a.body == NOTHING for a in answers) == [False, True, True, True, True]
        assert len(await rows(one.desk)) == 1


@pytest.mark.parametrize("for_all", [True, False])
async def test_stop_start_and_help_are_obeyed(tmp_path: Path, for_all: bool) -> None:
    """Twilio answers these words itself; on numbers where it does not, the webhook does."""
    async with opened(f"sqlite:///{tmp_path / 'a.db'}", for_all=for_all) as one:
        for word, state in (("STOP", "out"), ("START", "in"), ("HELP", "in")):
            assert await one.text(word) == ""
            assert await opting.state(one.desk.database, "shop", ADA) == state
        assert (await one.text("Please stop texting me")).startswith("Shop: you will get no more")
        assert await opting.state(one.desk.database, "shop", ADA) == "out"
        assert await one.text("Are you open?") == ""
        assert await one.text("HELP") == ""
        outcomes = [row["outcome"] for row in await rows(one.desk)]
        assert outcomes == ["stop", "start", "help", "stop", "aside", "help"]
        assert not [e for e in await said(one.desk) if isinstance(e, Noticed)]
        assert await rows(one.desk, "outbox") == []
        await one.switch(off=False)
        assert one.twilio.taken == []


async def test_an_account_that_answers_itself_confirms(tmp_path: Path) -> None:
    async with FakeTwilio() as twilio:
        desk = load(f"sqlite:///{tmp_path / 'a.db'}", twilio, sms={"opt_out": "self"})
        async with served(desk, twilio, shop()):
            desk.switch_plugins({"sms"})
            one = Off(desk, twilio, shop(), for_all=True)
            assert (await one.text("HELP")).startswith("Shop: our automated assistant")
            assert (await one.text("STOP")).startswith("Shop: you will get no more")
            assert await one.text("STOP") == ""
            assert (await one.text("START")).startswith("Shop: you will get our text")


async def test_a_danger_to_life_is_answered(tmp_path: Path) -> None:
    async with opened(f"sqlite:///{tmp_path / 'a.db'}") as one:
        assert await one.text("Are you open?") == TEXT
        for _ in range(2):
            assert "call 911 now" in await one.text("help, my father is having a heart attack")


async def test_who_is_blocked_reads_nothing(tmp_path: Path) -> None:
    async with opened(f"sqlite:///{tmp_path / 'a.db'}") as one:
        assert await one.text("Are you open?") == TEXT
        (row,) = await rows(one.desk, "conversation")
        await blocking.block(one.desk.database, "shop", row["id"], "")
        await one.desk.database.fetch("UPDATE sms_inbound SET received = 0")
        assert await one.text("Are you open?") == ""


async def test_what_is_forged_is_refused_all_the_same(tmp_path: Path) -> None:
    async with opened(f"sqlite:///{tmp_path / 'a.db'}", for_all=True) as one:
        one.twilio.auth_token = "another"
        for path in ("/webhooks/twilio/sms", "/webhooks/twilio/status"):
            (answer,) = await one.twilio.inbound("Hi", path=path)
            assert answer.status == 403
        assert await rows(one.desk) == []


@pytest.mark.parametrize(
    ("locale", "text"),
    [
        ("de-DE", "Shop: Diese Nummer beantwortet zurzeit keine SMS."),
        ("fr-FR", "Shop : Ce numéro ne répond pas aux SMS pour le moment."),
        ("it-IT", "Shop: Questo numero al momento non risponde agli SMS."),
        ("es-ES", "Shop: Este número no responde a SMS por ahora."),
    ],
)
async def test_in_the_language_of_the_business(tmp_path: Path, locale: str, text: str) -> None:
    more: dict[str, Any] = {"locale": locale, "phone": "", "website": "https://shop.example"}
    async with opened(f"sqlite:///{tmp_path / 'a.db'}", **more) as one:
        answer = await one.text("?!")
        assert answer.startswith(text)
        assert "https://shop.example" in answer


@pytest.mark.parametrize("for_all", [True, False])
async def test_what_staff_write_waits(database_url: str, for_all: bool) -> None:
    async with opened(database_url, for_all=for_all) as one:
        await one.text("Are you open?")
        (row,) = await rows(one.desk, "conversation")
        await status.notice(one.desk.database, "shop", row["id"], "We open at nine.")
        courier = next(job for job in one.desk.jobs if job.name == "outbox")
        await courier.run()
        (entry,) = await rows(one.desk, "outbox")
        assert (entry["state"], entry["attempts"]) == ("new", 0)
        assert one.twilio.taken == []
        await one.switch(off=False)
        assert "We open at nine." in (await one.twilio.sent(1)).body
        assert one.twilio.taken[0].from_ == OURS
