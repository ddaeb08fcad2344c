"""Text messages that come in: consent, what is answered and what never is, answers in the webhook."""

import asyncio
import time
from pathlib import Path
from typing import Any

import pytest
from support_sms_inbound import Shop, one, opened, quick
from texting import (
    ADA,
    BEN,
    NOTHING,
    rows,
    said,
    shop,
)  # fmt: skip

from frontdesk import blocking, opting, status
from frontdesk.events import Noticed, Replied, StatusChanged
from frontdesk.testing import Call
from frontdesk_plugins.sms import twiml

__all__ = ["one", "quick"]  # fixtures


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
