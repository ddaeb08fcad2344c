"""A whole evening by text: booked, delivered five times, restarted, reminded, cancelled by a word, and
back."""

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import msgspec
import pytest
from support import migrated
from texting import ADA, PUBLIC, acknowledged, load, rows, said, served

from frontdesk import opting, outbox
from frontdesk.business import Business
from frontdesk.catalogue import read_business
from frontdesk.desk import Desk
from frontdesk.events import CustomerSaid, Replied
from frontdesk.testing.fake_twilio import OURS, FakeTwilio

MONDAY = datetime(2026, 11, 23, 15, 0, tzinfo=UTC)
A_DAY_BEFORE = datetime(2026, 11, 24, 0, 5, tzinfo=UTC)
"""Of the visit, five minutes late; 7:05 PM in New York."""
TALK = {
    "SM" + f"{n:032d}": text
    for n, text in enumerate(
        ["A table for four tomorrow at 7pm please", "Ada Lovelace", "212 555 0123", "1"]
    )
}
"""What Ada texts, by Twilio's ids."""


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(outbox, "LOOK_SECONDS", 0.1)


def bella(desk: Desk) -> Business:
    """The restaurant pack's example, with a number."""
    example = read_business(
        desk.packs["restaurant"].example, "restaurant", desk.plugins.business_settings
    )
    settings = example.settings | {"sms": {"numbers": [OURS]}}
    return msgspec.structs.replace(example, settings=settings)


async def until(desk: Desk, table: str, is_so: Callable[[int], bool]) -> None:
    async with asyncio.timeout(20):
        while not is_so(len(await rows(desk, table))):
            await asyncio.sleep(0.02)


async def quiet(desk: Desk, twilio: FakeTwilio, sent: int) -> None:
    """All that had to leave has left, and it was no more than this."""
    await until(desk, "outbox", lambda n: n == 0)
    await asyncio.sleep(0.5)
    assert len(twilio.taken) == sent


async def talk(twilio: FakeTwilio, times: int) -> list[str]:
    """The whole talk, each text delivered so many times at once; the answers."""
    for n, (sid, text) in enumerate(TALK.items(), 1):
        assert acknowledged(await twilio.inbound(text, sid=sid, times=times))
        await twilio.sent(n)
    return [message.body for message in twilio.taken]


async def test_an_evening_by_text(tmp_path: Path, database_url: str) -> None:
    url = await migrated(database_url)
    async with FakeTwilio() as twilio:
        desk = load(url, twilio, now=MONDAY)
        async with served(desk, twilio, bella(desk)):
            answers = await talk(twilio, times=5)
            assert answers[0].startswith("Trattoria Bella: ")
            assert "automated assistant" in answers[0]
            assert "1 to confirm" in answers[2]
            assert answers[3].startswith("Booked: Table for 4 on Tue, Nov 24, 7:00 PM")
            assert all("automated" not in answer for answer in answers[1:])
            await quiet(desk, twilio, 4)

        desk = load(url, twilio, now=A_DAY_BEFORE)
        async with served(desk, twilio):
            for sid, text in TALK.items():
                assert acknowledged(await twilio.inbound(text, sid=sid, times=5))
            reminder = (await twilio.sent(5)).body
            assert "Tue, Nov 24, 7:00 PM" in reminder
            assert reminder.endswith("Reply 1 to confirm, 2 to change.")
            await quiet(desk, twilio, 5)
            events = await said(desk, business="restaurant")
            assert [e.text for e in events if isinstance(e, CustomerSaid)] == list(TALK.values())
            assert len([e for e in events if isinstance(e, Replied)]) == 4
            (booking,) = await rows(desk, "booking")
            assert (booking["party"], booking["status"]) == (4, "confirmed")
            assert not booking["attends"]
            assert acknowledged(await twilio.inbound("1", sid="SM" + "1" * 32, times=5))
            await twilio.sent(6)
            await quiet(desk, twilio, 6)
            (booking,) = await rows(desk, "booking")
            assert booking["attends"]

            assert acknowledged(await twilio.inbound("CANCEL", times=5))
            assert await opting.state(desk.database, "restaurant", ADA) == "out"
            await until(desk, "promise", lambda n: n == 1)
            (task,) = await rows(desk, "promise")
            assert "CANCEL" in task["text"]
            assert f"{booking['reference'][:4]}-{booking['reference'][4:]}" in task["text"]
            assert "2026-11-24, 19:00" in task["text"]
            assert (task["phone"], task["state"]) == (ADA, "open")
            assert acknowledged(await twilio.inbound("Are you still open?"))
            await quiet(desk, twilio, 6)
            (booking,) = await rows(desk, "booking")
            assert booking["status"] == "confirmed"

            assert acknowledged(await twilio.inbound("START"))
            await quiet(desk, twilio, 6)
            assert acknowledged(await twilio.inbound("When are you open today?"))
            assert "5:00" in (await twilio.sent(7)).body
            await quiet(desk, twilio, 7)


async def test_a_desk_that_stops_in_the_middle(tmp_path: Path, database_url: str) -> None:
    """What was acknowledged is answered once, by whoever comes next."""
    url = await migrated(database_url)
    async with FakeTwilio() as twilio:
        sid = "SM" + "b" * 32
        desk = load(url, twilio, now=MONDAY, sms={"debounce": 5})
        async with served(desk, twilio, bella(desk)):
            assert acknowledged(await twilio.inbound("When are you open?", sid=sid))
        assert twilio.taken == []
        desk = load(url, twilio, now=MONDAY)
        async with served(desk, twilio):
            assert acknowledged(await twilio.inbound("When are you open?", sid=sid, times=5))
            assert "Trattoria Bella" in (await twilio.sent()).body
            await quiet(desk, twilio, 1)
            assert len(await rows(desk, "sms_inbound")) == 1


async def test_a_stranger_books_nothing(tmp_path: Path, database_url: str) -> None:
    url = await migrated(database_url)
    async with FakeTwilio() as twilio:
        desk = load(url, twilio, now=MONDAY)
        async with served(desk, twilio, bella(desk)):
            form = {"MessageSid": "SM" + "c" * 32, "AccountSid": twilio.account_sid, "From": ADA,
                    "To": OURS, "Body": "A table for four tomorrow at 7pm please"}  # fmt: skip
            path = "/webhooks/twilio/sms"
            wrong = twilio.sign(PUBLIC + path, form, secret="a guess")
            for headers in ({}, {"X-Twilio-Signature": wrong}):
                answer = await twilio.post(path, form, headers)
                assert (answer.status, answer.body) == (403, "")
            for table in ("sms_inbound", "conversation", "contact", "event", "text_consent"):
                assert await rows(desk, table) == []
