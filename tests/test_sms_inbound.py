"""Text messages that come in: what is taken, whose it is, what is answered and what never is."""

import asyncio
import time
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path
from statistics import median
from typing import Any

import pytest
from support import migrated
from texting import (
    ADA,
    BEN,
    NOTHING,
    PUBLIC,
    acknowledged,
    load,
    rows,
    said,
    served,
    shop,
    sqlite,
)  # fmt: skip

from frontdesk import blocking, contacts, opting, outbox, status
from frontdesk.business import Business
from frontdesk.database import Database
from frontdesk.desk import Desk
from frontdesk.events import CustomerSaid, Noticed, Replied, StatusChanged
from frontdesk.testing import Call, ScriptedModel, Step
from frontdesk.testing.fake_twilio import OURS, FakeTwilio
from frontdesk_plugins.sms import inbound, twiml

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


# ---- once -------------------------------------------------------------------------------------


async def test_five_deliveries_at_once_are_one_turn_and_one_reply(
    tmp_path: Path, database_url: str
) -> None:
    async with opened(tmp_path, url=database_url) as one:
        one.model.then("Hello Ada.")
        sid = "SM" + "a" * 32
        assert acknowledged(await one.twilio.inbound("Hi there", sid=sid, times=5))
        assert "Hello Ada." in (await one.twilio.sent()).body
        assert acknowledged(await one.twilio.inbound("Hi there", sid=sid, times=2))
        await one.quiet(1)
        assert await one.words() == ["Hi there"]
        assert len(one.model.requests) == 1
        assert len(await rows(one.desk)) == 1


async def test_two_first_messages_open_one_conversation(tmp_path: Path, database_url: str) -> None:
    async with opened(tmp_path, url=database_url, sms={"debounce": 0.3}) as one:
        one.model.then("Hello both.", "And again.", "And again.")
        answers = await asyncio.gather(
            *(one.twilio.inbound(text) for text in ("Hi", "a table", "for four"))
        )
        assert acknowledged([each for (each,) in answers])
        await one.twilio.sent()
        assert len(await rows(one.desk, "conversation")) == 1
        assert len(await rows(one.desk, "contact")) == 1
        assert sorted(await one.words()) == ["Hi", "a table", "for four"]


async def connected(database: Database) -> None:
    """Several at once open as many connections, so that what comes next is really at once."""
    async with database.transaction():
        await asyncio.sleep(0.02)


async def test_two_texts_of_a_known_customer_open_one_conversation(
    tmp_path: Path, database_url: str
) -> None:
    async with opened(tmp_path, url=database_url, sms={"debounce": 0.3}) as one:
        await contacts.of_phone(one.database, "shop", ADA)
        await asyncio.gather(*(connected(one.database) for _ in range(10)))
        one.model.then(*["Hello."] * 6)
        answers = await asyncio.gather(*(one.twilio.inbound(f"Text {n}") for n in range(6)))
        assert acknowledged([each for (each,) in answers])
        assert len(await rows(one.desk, "conversation")) == 1


async def test_many_write_while_turns_run(tmp_path: Path, database_url: str) -> None:
    """Turns save what they learn of the customer while that customer writes on."""
    async with opened(
        tmp_path, url=database_url, limits={"messages_per_minute": 0}, sms={"debounce": 0}
    ) as one:
        steps: list[Step] = [Call("take_message", text="Ring me.", name="Ada"), "Noted."]
        one.model.then(*steps * 60)
        texts = [(f"Text {n} of {who}", f"+1212555{who:04d}") for n in range(6) for who in range(5)]
        answers = await asyncio.gather(
            *(one.twilio.inbound(text, from_=sender) for text, sender in texts)
        )
        assert acknowledged([each for (each,) in answers])
        async with asyncio.timeout(30):
            while await one.database.fetch("SELECT id FROM conversation WHERE said > answered"):
                await asyncio.sleep(0.02)
        assert len(await rows(one.desk, "conversation")) == 5
        for who in range(5):
            sender = f"+1212555{who:04d}"
            expected = sorted(text for text, number in texts if number == sender)
            assert sorted(await one.words(sender)) == expected


async def test_fragments_are_answered_together(tmp_path: Path) -> None:
    async with opened(tmp_path, sms={"debounce": 0.5}) as one:
        one.model.then("For four, gladly.")
        await one.text("A table please")
        await one.text("for four")
        await one.twilio.sent()
        await one.quiet(1)
        (request,) = one.model.requests
        read = str(request.messages)
        assert "A table please" in read
        assert "for four" in read


async def test_a_later_text_goes_on_in_the_conversation(one: Shop) -> None:
    await one.ask("Hi", "Hello.")
    await one.ask("And on Sunday?", "Open too.")
    assert len(await rows(one.desk, "conversation")) == 1
    assert "Hello." in str(one.model.requests[-1].messages)


async def test_the_acknowledgement_waits_for_no_model(one: Shop) -> None:
    one.model.pause = asyncio.Event()
    one.model.then(*["Slow."] * 30)
    took: list[float] = []
    for n in range(30):
        began = time.perf_counter()
        await one.text(f"Question {n}", from_=f"+1212555{n:04d}")
        took.append(time.perf_counter() - began)
    assert median(took) < 1
    assert one.twilio.taken == []
    one.model.pause.set()
    await one.twilio.sent(1)


async def test_what_cannot_be_stored_is_tried_again_and_never_acknowledged(one: Shop) -> None:
    sid = "SM" + "d" * 32
    await one.database.fetch("ALTER TABLE sms_sender RENAME TO sms_gone")
    (answer,) = await one.twilio.inbound("Hi", sid=sid)
    assert answer.status == 500
    assert await rows(one.desk) == []
    posting = asyncio.create_task(one.twilio.inbound("Hi", sid=sid))
    await asyncio.sleep(inbound.AGAIN_SECONDS / 2)
    await one.database.fetch("ALTER TABLE sms_gone RENAME TO sms_sender")
    one.model.then("Hello.")
    assert acknowledged(await posting)
    assert "Hello." in (await one.twilio.sent()).body
    assert await one.words() == ["Hi"]


# ---- who is let in ----------------------------------------------------------------------------


async def nothing_is_stored(one: Shop) -> None:
    for table in ("sms_inbound", "conversation", "contact", "text_consent", "outbox"):
        assert await rows(one.desk, table) == []


@pytest.mark.parametrize("path", [SMS, "/webhooks/twilio/status"])
async def test_what_is_not_signed_is_refused(one: Shop, path: str) -> None:
    form = {"MessageSid": "SM" + "a" * 32, "AccountSid": one.twilio.account_sid, "From": ADA,
            "To": OURS, "Body": "Hi", "MessageStatus": "delivered"}  # fmt: skip
    good = one.twilio.sign(PUBLIC + path, form)
    for headers in (
        {},
        {"X-Twilio-Signature": ""},
        {"X-Twilio-Signature": "nonsense"},
        {"X-Twilio-Signature": one.twilio.sign(PUBLIC + path, form, secret="another")},
        {"X-Twilio-Signature": one.twilio.sign(PUBLIC + "/elsewhere", form)},
        {"X-Twilio-Signature": good, "X-Twilio-Webhooks-Signature-Settings": "key=k,algorithm=x"},
    ):
        answer = await one.twilio.post(path, form, headers)
        assert (answer.status, answer.body) == (403, "")
    changed = await one.twilio.post(path, form | {"Body": "Bye"}, {"X-Twilio-Signature": good})
    assert (changed.status, changed.body) == (403, "")
    await nothing_is_stored(one)
    counted = one.desk.metrics.registry.get_sample_value(
        "frontdesk_sms_webhooks_total",
        {"kind": "message" if path == SMS else "status", "result": "refused"},
    )
    assert counted == 7


async def test_another_account_is_refused(one: Shop) -> None:
    (answer,) = await one.twilio.inbound("Hi", fields={"AccountSid": "AC" + "9" * 32})
    assert (answer.status, answer.body) == (403, "")
    await nothing_is_stored(one)


async def test_what_is_no_message_is_acknowledged_and_forgotten(one: Shop) -> None:
    for fields in ({"MessageSid": "", "SmsSid": ""}, {"MessageSid": "XX1", "SmsSid": "XX1"}):
        assert acknowledged(await one.twilio.inbound("Hi", fields=fields))
    await nothing_is_stored(one)


async def test_a_large_body_is_refused(one: Shop) -> None:
    (answer,) = await one.twilio.inbound("x" * 70_000)
    assert answer.status == 413
    await nothing_is_stored(one)


async def test_fields_that_twilio_adds_one_day_do_no_harm(one: Shop) -> None:
    one.model.then("Hello.")
    await one.text("Hi ", fields={"Fresh": "", "Umlaut": "Größe 🍕", "NumMedia": "many"})
    await one.twilio.sent()
    assert await one.words() == ["Hi"]


async def test_without_an_account_there_is_no_channel(tmp_path: Path) -> None:
    async with FakeTwilio() as twilio:
        desk = load(sqlite(tmp_path))
        async with served(desk, twilio):
            (answer,) = await twilio.inbound("Hi")
            assert answer.status == 404
            assert "sms" not in desk.plugins.channels


# ---- whose it is ------------------------------------------------------------------------------


async def test_two_businesses_have_their_own_conversations(tmp_path: Path) -> None:
    other = "+12025550188"
    async with opened(tmp_path, shop(), shop("bar", other)) as one:
        await one.ask("Hi shop", "This is the shop.")
        await one.ask("Hi bar", "This is the bar.", to=other)
        assert (one.twilio.taken[0].from_, one.twilio.taken[1].from_) == (OURS, other)
        assert await one.words(business="bar") == ["Hi bar"]
        assert await one.words() == ["Hi shop"]
        await one.text("STOP", to=other)
        assert await opting.state(one.database, "bar", ADA) == "out"
        assert await opting.state(one.database, "shop", ADA) == "unknown"


async def test_answers_leave_from_the_number_that_was_written_to(tmp_path: Path) -> None:
    second = "+12025550188"
    async with opened(tmp_path, shop("shop", OURS, second)) as one:
        await one.ask("Hi", "Hello.", to=second)
        await one.ask("Hi again", "Hello again.")
        assert [message.from_ for message in one.twilio.taken] == [second, OURS]
        assert len(await rows(one.desk, "conversation")) == 1


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"from_": "262966"}, "the sender is no telephone number"),
        ({"from_": "ACME"}, "the sender is no telephone number"),
        ({"from_": "whatsapp:+12125550123"}, "the sender is no telephone number"),
        ({"from_": "rcs:acme"}, "the sender is no telephone number"),
        ({"from_": ""}, "the sender is no telephone number"),
        ({"to": "+12025550199"}, "no business has the number"),
        ({"from_": OURS}, "the sender is one of our own numbers"),
        ({"to": "+12025550166"}, "several businesses have the number: bar, pub"),
    ],
)
async def test_what_is_recorded_and_never_answered(
    tmp_path: Path, fields: dict[str, Any], reason: str
) -> None:
    shops = (shop(), shop("bar", "+12025550166"), shop("pub", "+12025550166"))
    async with opened(tmp_path, *shops) as one:
        await one.text("Call 4111 1111 1111 1111 back", **fields)
        await one.text("STOP", **fields)
        assert await one.outcomes() == [("dropped", reason)] * 2
        (kept, _) = await rows(one.desk)
        assert kept["text"] == "Call [card number removed] back"
        await one.quiet(0)
        assert await rows(one.desk, "conversation") == []


async def test_a_business_that_is_new_gets_its_texts_at_once(one: Shop) -> None:
    await one.text("Hi", to="+12025550155")
    await one.desk.apply(shop("new", "+12025550155"))
    await one.ask("Hi again", "We are new.", to="+12025550155")


# ---- consent ----------------------------------------------------------------------------------


async def test_a_text_is_consent_to_answer_and_to_nothing_else(one: Shop) -> None:
    await one.ask("Hi", "Hello.")
    await one.ask("Hi again", "Hello again.")
    assert await rows(one.desk, "text_consent") == []


async def test_stop_by_twilio_is_kept_and_nothing_is_said(one: Shop) -> None:
    await one.ask("Hi", "Hello.")
    await one.text("Stop.")
    assert await opting.state(one.database, "shop", ADA) == "out"
    await one.text("Hello? Anybody?")
    await one.text("HELP")
    await one.quiet(1)
    assert [reason for _, reason in await one.outcomes()] == ["", "", "the number opted out", ""]
    assert await one.words() == ["Hi", "Stop.", "Hello? Anybody?", "HELP"]
    assert len(one.model.requests) == 1
    (over,) = [e for e in await said(one.desk) if isinstance(e, StatusChanged)]
    assert (over.status, over.reason) == ("resolved", "the customer wants no text messages")

    await one.text("start")
    assert await opting.state(one.database, "shop", ADA) == "in"
    await one.quiet(1)
    await one.ask("Are you open?", "Yes, until eleven.")
    read = str(one.model.requests[-1].messages)
    assert "Are you open?" in read
    assert "Hi" in read
    for unread in ("Stop.", "Anybody", "HELP", "start"):
        assert unread not in read


async def test_stop_silences_a_turn_that_runs(one: Shop) -> None:
    one.model.pause = asyncio.Event()
    one.model.then("Too late to say.")
    await one.text("Hi")
    async with asyncio.timeout(10):
        while not one.model.requests:
            await asyncio.sleep(0.01)
    await one.text("STOP")
    one.model.pause.set()
    await one.quiet(0)
    assert not [e for e in await said(one.desk) if isinstance(e, Replied)]


async def test_other_words_for_stop_are_confirmed_once(one: Shop) -> None:
    await one.ask("Hi", "Hello.")
    await one.text("please stop texting me")
    confirmed = await one.twilio.sent(2)
    assert "no more text messages" in confirmed.body
    await one.text("stop texting me!!")
    await one.quiet(2)
    assert await opting.state(one.database, "shop", ADA) == "out"
    assert len(one.model.requests) == 1


async def test_we_answer_the_words_ourselves(tmp_path: Path) -> None:
    async with opened(tmp_path, sms={"opt_out": "self"}) as one:
        one.twilio.opted_out = set()
        for word, words in (
            ("HELP", "Reply STOP to opt out"),
            ("STOP", "no more text messages"),
            ("STOP", ""),
            ("INFO", ""),
            ("START", "get our text messages again"),
        ):
            before = len(one.twilio.taken)
            await one.text(word)
            one.twilio.opted_out.clear()  # nobody at Twilio blocks
            if words:
                message = await one.twilio.sent(before + 1)
                assert words in message.body
                assert "Shop" in message.body
            else:
                await one.quiet(before)
        assert one.model.requests == []


async def test_advanced_opt_out_names_its_own_words(tmp_path: Path) -> None:
    async with opened(tmp_path, sms={"opt_out": "twilio_advanced"}) as one:
        await one.ask("Hi", "Hello.")
        await one.text("Arrivederci", fields={"OptOutType": "STOP"})
        assert await opting.state(one.database, "shop", ADA) == "out"
        await one.text("Buongiorno", fields={"OptOutType": "START"})
        assert await opting.state(one.database, "shop", ADA) == "in"
        await one.quiet(1)
        assert len(one.model.requests) == 1


async def test_yes_is_an_answer(one: Shop) -> None:
    await one.ask("A table for four?", "At seven?")
    await one.ask("YES", "Booked, I wish.")


async def test_what_a_person_has_stays_with_them(one: Shop) -> None:
    await one.ask("Hi", "Hello.")
    (conversation,) = await rows(one.desk, "conversation")
    place = one.database, "shop", conversation["id"]
    one.desk.happened(place[2], await status.take_over(*place, "ben", "Ben"))
    await one.text("STOP")
    (conversation,) = await rows(one.desk, "conversation")
    assert (conversation["status"], conversation["agent"]) == ("human", "ben")
    one.desk.happened(place[2], await status.say(*place, "ben", "Sorry!"))
    await one.quiet(1)


async def test_a_blocked_customer_is_stored_and_not_answered(one: Shop) -> None:
    await one.ask("Hi", "Hello.")
    (conversation,) = await rows(one.desk, "conversation")
    await blocking.block(one.database, "shop", conversation["id"], "ben")
    await one.text("Hello?")
    await one.quiet(1)
    assert await one.words() == ["Hi", "Hello?"]


# ---- machines, and too much -------------------------------------------------------------------


async def queued(one: Shop) -> str:
    """Why the conversation waits for a person; empty when it does not."""
    changes = [e for e in await said(one.desk) if isinstance(e, StatusChanged)]
    return changes[-1].reason if changes and changes[-1].status == "queued" else ""


async def test_the_same_words_three_times_in_a_row_are_a_machine(one: Shop) -> None:
    await one.ask("I am out of office.", "Pity.")
    await one.ask("I am out of  office.", "A pity.")
    await one.text("I am OUT of office.")
    assert "three times" in await queued(one)
    await one.text("I am out of office.")
    await one.quiet(2)
    assert len(await one.words()) == 4


async def test_short_answers_may_repeat(one: Shop) -> None:
    for n in range(4):
        await one.ask("1", f"Noted {n}.")
    assert await queued(one) == ""


async def test_twenty_answers_in_ten_minutes_are_enough(tmp_path: Path) -> None:
    async with opened(tmp_path, limits={"messages_per_minute": 0}) as one:
        for n in range(20):
            await one.ask(f"Message {n}", f"Answer {n}.")
        await one.text("Message 20")
        assert "20 automatic answers" in await queued(one)
        await one.quiet(20)


async def test_too_many_from_one_number_are_kept_and_not_answered(tmp_path: Path) -> None:
    async with opened(tmp_path, limits={"messages_per_minute": 2}) as one:
        await one.ask("Message 1", "Answer 1.")
        await one.ask("Message 2", "Answer 2.")
        await one.text("Message 3")
        await one.quiet(2)
        assert (await one.outcomes())[-1] == ("aside", "more than the limit: messages")
        assert await one.words() == ["Message 1", "Message 2", "Message 3"]
        await one.ask("Hello", "Hello Ben.", from_=BEN)


async def test_a_long_text_is_cut(tmp_path: Path) -> None:
    async with opened(tmp_path, limits={"message_chars": 50}) as one:
        await one.ask("word " * 100, "Long.")
        (words,) = await one.words()
        assert len(words) == 50


async def test_an_empty_text_is_not_answered(one: Shop) -> None:
    await one.text("  ")
    await one.quiet(0)
    assert await one.outcomes() == [("aside", "it is empty")]


# ---- a task for the team ----------------------------------------------------------------------


@pytest.mark.parametrize("locale", ["en-US", "de-DE"])
async def test_cancel_leaves_a_task(tmp_path: Path, locale: str) -> None:
    async with opened(tmp_path, shop(locale=locale)) as one:
        note = {"text": "Ring me.", "name": "Ada", "phone": ADA}
        one.model.then(Call("take_message", **note))
        await one.ask("Hi", "Hello.")
        for _ in range(2):
            await one.text("cancel")
        async with asyncio.timeout(10):
            while len(tasks := await rows(one.desk, "promise")) < 2:
                await asyncio.sleep(0.02)
        await one.quiet(1)
        task = next(row for row in tasks if "CANCEL" in row["text"])
        assert (task["phone"], task["state"], task["business"]) == (ADA, "open", "shop")
        assert ("anrufen" in task["text"]) == (locale == "de-DE")
        assert len(await rows(one.desk, "promise")) == 2
        assert await opting.state(one.database, "shop", ADA) == "out"
        assert not [e for e in await said(one.desk) if isinstance(e, Noticed)]


# ---- answers within the webhook ---------------------------------------------------------------


async def test_the_reply_goes_with_the_webhook(tmp_path: Path) -> None:
    async with opened(tmp_path, sms={"reply_mode": "twiml"}) as one:
        one.model.then("Fish & chips < 5 'today'.")
        (answer,) = await one.twilio.inbound("Hi")
        assert answer.content_type.startswith("text/xml")
        assert "Fish &amp; chips &lt; 5 'today'.</Message></Response>" in answer.body
        await one.quiet(0)
        assert [row["state"] for row in await rows(one.desk, "sms_message")] == ["queued"]
        assert await rows(one.desk, "outbox") == []


async def test_a_reply_that_is_late_is_sent(tmp_path: Path) -> None:
    async with opened(tmp_path, sms={"reply_mode": "twiml", "twiml_deadline": 0.2}) as one:
        one.model.pause = asyncio.Event()
        one.model.then("At last.")
        (answer,) = await one.twilio.inbound("Hi")
        assert answer.body == NOTHING
        one.model.pause.set()
        assert "At last." in (await one.twilio.sent()).body
        await one.quiet(1)


async def test_a_reply_whose_webhook_is_gone_is_sent(tmp_path: Path) -> None:
    async with opened(tmp_path, sms={"reply_mode": "twiml"}) as one:
        began, go = asyncio.Event(), asyncio.Event()

        async def slow(_: Any) -> str:
            began.set()
            await go.wait()
            return "There you are."

        one.model.then(slow)
        webhook = asyncio.create_task(one.twilio.inbound("Hi"))
        await began.wait()
        webhook.cancel()
        await asyncio.gather(webhook, return_exceptions=True)
        rooms = twiml._rooms[one.desk]  # pyright: ignore[reportPrivateUsage]
        async with asyncio.timeout(5):
            while rooms:
                await asyncio.sleep(0.01)
        go.set()
        sent = await one.twilio.sent()
        assert "There you are." in sent.body
        await one.quiet(1)
        (row,) = await rows(one.desk, "sms_message")
        assert (row["sid"], row["state"]) == (sent.sid, "queued")


async def test_fragments_have_one_reply_between_them(tmp_path: Path) -> None:
    async with opened(tmp_path, sms={"reply_mode": "twiml", "debounce": 0.3}) as one:
        one.model.then("For four.")
        answers = await asyncio.gather(
            one.twilio.inbound("A table"), one.twilio.inbound("for four")
        )
        bodies = sorted((each.body for (each,) in answers), key=len)
        assert bodies[0] == NOTHING
        assert "For four." in bodies[1]
        await one.quiet(0)


async def test_a_webhook_does_not_wait_for_a_person(tmp_path: Path) -> None:
    async with opened(tmp_path, sms={"reply_mode": "twiml"}) as one:
        one.model.then("Hello.")
        await one.twilio.inbound("Hi")
        (conversation,) = await rows(one.desk, "conversation")
        place = one.database, "shop", conversation["id"]
        one.desk.happened(place[2], await status.take_over(*place, "ben", "Ben"))
        began = time.perf_counter()
        await one.text("Ben?")
        assert time.perf_counter() - began < 5
        one.desk.happened(place[2], await status.say(*place, "ben", "Here I am."))
        assert "Here I am." in (await one.twilio.sent()).body
