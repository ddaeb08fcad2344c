"""What text messages say: who writes, in which language, in how many parts, and from which number."""

from collections import Counter
from typing import Any

import msgspec
import pytest
from sms_office import CUSTOMER, HELLO, PUBLIC, Office, business, local, office

from frontdesk import opting, outbox, status
from frontdesk.testing.fake_twilio import OURS

__all__ = ["local", "office"]  # fixtures


async def test_words_leave_once_and_say_who_writes(office: Office) -> None:
    conversation = await office.conversation()
    await office.say(conversation, "Your table is **booked**.")
    await office.deliver()
    await office.say(conversation, "See you at \u201cBella\u201d!")
    await office.deliver()
    await office.deliver(600)
    assert [message.body for message in office.twilio.taken] == [
        HELLO + "Your table is booked.",
        'See you at "Bella"!',
    ]
    first = office.twilio.taken[0]
    assert (first.to, first.from_, first.validity_period) == (CUSTOMER, OURS, "3600")
    assert first.status_callback == f"{PUBLIC}/webhooks/twilio/status"
    rows = await office.rows()
    assert [(row["sid"], row["state"], row["body"]) for row in rows] == [
        (message.sid, "queued", "") for message in office.twilio.taken
    ]
    assert (rows[0]["segments"], rows[0]["segments_billed"]) == (1, 1)
    assert await office.left() == []
    again = await office.conversation()
    await office.say(again, "Hello again.")
    await office.deliver()
    assert office.twilio.taken[2].body == HELLO + "Hello again."


async def test_a_person_is_no_machine(local: Office) -> None:
    conversation = await local.conversation()
    args = (local.database, "bella", conversation)
    await status.take_over(*args, "ben", "Ben")
    await status.say(*args, "ben", "Ben here, one moment.")
    await status.hand_back(*args, "ben")
    await local.say(conversation, "Done.")
    await local.deliver()
    assert [message.body for message in local.twilio.taken] == [
        "Bella: Ben here, one moment.",
        "I'm an automated assistant.\nDone.",
    ]


async def test_in_the_businesss_language_and_never_asking_for_yes(local: Office) -> None:
    await local.desk.apply(msgspec.structs.replace(business(), locale="de-DE"))
    conversation = await local.conversation()
    await local.say(conversation, "Antworten Sie YES, um zu best\u00e4tigen.")
    await local.deliver()
    (message,) = local.twilio.taken
    assert message.body == (
        "Bella: Ich bin ein automatischer Assistent.\nAntworten Sie OK, um zu best\u00e4tigen."
    )


async def test_long_words_leave_as_parts_in_order(office: Office) -> None:
    conversation = await office.conversation()
    await office.say(conversation, "This is one of many sentences. " * 130)
    office.twilio.then("ok", "429")
    await office.deliver()
    assert len(office.twilio.taken) == 1
    await office.deliver(15)
    bodies = [message.body for message in office.twilio.taken]
    assert [body[:6] for body in bodies] == ["(1/3) ", "(2/3) ", "(3/3) "]
    assert bodies[0].startswith("(1/3) " + HELLO)
    assert office.slept.count(1.2) == 2
    assert Counter(state for state, _ in await office.states()) == {"queued": 3}


async def test_it_leaves_from_the_number_that_they_wrote_to(local: Office) -> None:
    conversation = await local.conversation()
    await local.database.fetch(
        "INSERT INTO sms_sender (id, business, number, recipient, seen) VALUES ({}, {}, {}, {}, 1)",
        f"bella {CUSTOMER}", "bella", CUSTOMER, "+12025550188",
    )  # fmt: skip
    await local.say(conversation, "one")
    await local.deliver()
    await local.desk.apply(msgspec.structs.replace(business(numbers=(OURS,)), id="bella"))
    await local.say(conversation, "two")
    await local.deliver()
    assert [message.from_ for message in local.twilio.taken] == ["+12025550188", OURS]


async def test_a_business_without_a_number_says_so(local: Office) -> None:
    conversation = await local.conversation()
    await local.desk.apply(business(numbers=()))
    await local.say(conversation, "Hello.")
    await local.deliver()
    ((state, error),) = await local.left()
    assert state == "dead"
    assert "[settings.sms] numbers" in error


# ---- texts outside of conversations ----------------------------------------------------------


async def put(office: Office, **body: Any) -> None:
    await outbox.put(office.database, "bella", "sms.text", {"to": CUSTOMER, "text": "Hi."} | body)


async def test_a_text_with_a_key_is_sent_once(office: Office) -> None:
    for _ in range(2):
        await put(office, text="Your code is 123456.", purpose="code", key="sign-in 7")
    await put(office, text="Your code is 654321.", purpose="code", key="sign-in 8")
    await office.deliver()
    assert sorted(message.body for message in office.twilio.taken) == [
        "Your code is 123456.", "Your code is 654321.",
    ]  # fmt: skip
    assert {row["body"] for row in await office.rows()} == {""}
    assert await office.left() == []


async def test_nothing_goes_to_a_number_that_opted_out(local: Office) -> None:
    await opting.record(local.database, "bella", CUSTOMER, "out", "inbound")
    await put(local, text="Your code is 1.", purpose="code")
    await put(local, text="A guest waits.", purpose="staff")
    await local.deliver()
    assert local.twilio.taken == []
    assert await local.states() == [("held", "opted_out")] * 2
    assert await local.left() == []


@pytest.mark.parametrize(
    "wrong", [{"purpose": "marketing"}, {"purpose": "staff", "to": "call me"}, {}]
)
async def test_what_is_no_text_is_given_up(local: Office, wrong: dict[str, str]) -> None:
    await put(local, **wrong)
    await local.deliver()
    assert [state for state, _ in await local.left()] == ["dead"]
    assert local.twilio.asked == []
