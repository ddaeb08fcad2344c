"""Text messages that come in: each once, from whom they may come, and whose they are."""

import asyncio
import time
from pathlib import Path
from statistics import median
from typing import Any

import pytest
from support_sms_inbound import SMS, Shop, one, opened, quick
from texting import (
    ADA,
    PUBLIC,
    acknowledged,
    load,
    rows,
    served,
    shop,
    sqlite,
)  # fmt: skip

from frontdesk import contacts, opting
from frontdesk.database import Database
from frontdesk.testing import Call, Step
from frontdesk.testing.fake_twilio import OURS, FakeTwilio
from frontdesk_plugins.sms import inbound

__all__ = ["one", "quick"]  # fixtures


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
