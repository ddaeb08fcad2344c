"""Text messages on their way out: the real SDK against a fake Twilio that fails in every way."""

import asyncio
import json
import logging
import subprocess
import sys
from collections import Counter
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import msgspec
import pytest
import structlog
from sms_office import CUSTOMER, PUBLIC, Office, business, open_office

from frontdesk import appending, opting, outbox, status, store
from frontdesk.appending import Place
from frontdesk.channels import Inbound
from frontdesk.events import Replied, Stored
from frontdesk.ids import new_id
from frontdesk.testing import Conversation
from frontdesk.testing.fake_twilio import OURS, FakeTwilio
from frontdesk_plugins.sms import sdk
from frontdesk_plugins.sms.pace import Pace

HELLO = "Bella: I'm an automated assistant.\n"


@pytest.fixture
async def office(tmp_path: Path, database_url: str) -> AsyncIterator[Office]:
    async with open_office(tmp_path, database_url) as opened:
        yield opened


@pytest.fixture
async def local(tmp_path: Path) -> AsyncIterator[Office]:
    """On SQLite only, for what no database has a part in."""
    async with open_office(tmp_path) as opened:
        yield opened


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sdk, "TIMEOUT", 0.5)


# ---- what is said ------------------------------------------------------------------------------


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


# ---- whether it may be said --------------------------------------------------------------------


async def test_who_opted_out_gets_nothing(office: Office) -> None:
    conversation = await office.conversation()
    await opting.record(office.database, "bella", CUSTOMER, "out", "inbound")
    await office.say(conversation, "Hello.")
    await office.deliver()
    assert office.twilio.asked == []
    assert await office.states() == [("held", "opted_out")]
    assert (await office.rows())[0]["body"] == ""
    assert await office.left() == []
    await opting.record(office.database, "bella", CUSTOMER, "in", "inbound")
    await office.say(conversation, "Welcome back.")
    await office.deliver()
    assert [message.body for message in office.twilio.taken] == [HELLO + "Welcome back."]


async def test_the_confirmation_of_a_stop_is_the_one_exception(local: Office) -> None:
    conversation = await local.conversation()
    await opting.record(local.database, "bella", CUSTOMER, "out", "inbound")
    event = await local.say(conversation, "Bella: you will get no more text messages from us.")
    await local.database.fetch(
        "INSERT INTO sms_inbound (sid, business, conversation, sender, recipient, outcome, reason, "
        "digest, text, confirmation, token, received) "
        "VALUES ('SM1', 'bella', {}, {}, {}, 'stop', '', '', '', {}, '', 1)",
        conversation, CUSTOMER, OURS, event,
    )  # fmt: skip
    await local.say(conversation, "One more thing ...")
    await local.deliver()
    assert [message.body for message in local.twilio.taken] == [
        "Bella: you will get no more text messages from us."
    ]


async def test_so_is_the_one_that_a_rule_gives_in_a_turn(local: Office) -> None:
    """Two texts that make a STOP only together are heard by the turn, and not by the webhook."""
    identifier = await local.conversation()
    conversation = Conversation(local.desk, "bella", identifier)
    reply = await conversation.say("please stop\ntexting me")
    assert reply is not None
    assert reply.trigger == "opt_out"
    assert await opting.state(local.database, "bella", CUSTOMER) == "out"
    await local.say(identifier, "One more thing ...")
    await local.deliver()
    assert [message.body for message in local.twilio.taken] == [reply.content]
    assert ("held", "opted_out") in await local.states()


async def test_who_said_nothing_gets_answers_only(office: Office) -> None:
    conversation, _ = await office.desk.open_conversation("bella", "sms", phone=CUSTOMER)
    await office.say(conversation, "Buy one, get one free!")
    await office.deliver()
    assert await office.states() == [("held", "no_consent")]
    asked = Inbound(business="bella", conversation=conversation, text="Are you open?")
    await store.receive(office.database, asked)
    await office.say(conversation, "Until ten.")
    await office.deliver()
    assert [message.body for message in office.twilio.taken] == [HELLO + "Until ten."]


async def test_the_assistant_is_silent_once_a_person_is_there(office: Office) -> None:
    """Its words waited in the outbox when the person came."""
    identifier = await office.conversation()
    assert await Conversation(office.desk, "bella", identifier).say("Hello?") is not None
    args = (office.database, "bella", identifier)
    await status.take_over(*args, "ben", "Ben")
    await status.say(*args, "ben", "Ben here.")
    await office.deliver()
    assert [message.body for message in office.twilio.taken] == ["Bella: Ben here."]
    assert sorted(await office.states()) == [("held", "taken_over"), ("queued", "")]
    await status.hand_back(*args, "ben")
    reply = await Conversation(office.desk, "bella", identifier).say("And now?")
    assert reply is not None
    await office.deliver()
    assert len(office.twilio.taken) == 2


async def test_what_a_rule_says_is_never_too_late(local: Office) -> None:
    identifier = await local.conversation()
    reply = await Conversation(local.desk, "bella", identifier).say("There is a fire, help!")
    assert reply is not None
    assert reply.trigger
    await status.take_over(local.database, "bella", identifier, "ben", "Ben")
    await local.deliver()
    assert [message.body for message in local.twilio.taken] == [HELLO + reply.content]


async def test_half_a_message_is_completed(local: Office) -> None:
    """A person who comes between its parts does not cut it off."""
    identifier = await local.conversation()
    place = Place(business="bella", conversation=identifier, outbox="sms")
    long = Replied(new_id(), "This is one of many sentences. " * 20, "", 0)
    await appending.insert(local.database, place, [Stored(900, 1, "t", long)])
    await local.database.fetch("UPDATE conversation SET last_seq = 900 WHERE id = {}", identifier)
    local.twilio.then("ok", "429")
    await local.deliver()
    await status.take_over(local.database, "bella", identifier, "ben", "Ben")
    await local.deliver(15)
    assert {state for state, _ in await local.states()} == {"queued"}


async def test_an_opt_out_that_only_twilio_knows_is_learnt(office: Office) -> None:
    office.twilio.opted_out.add((OURS, CUSTOMER))
    conversation = await office.conversation()
    await office.say(conversation, "long " * 500)
    await office.deliver()
    assert len(office.twilio.asked) == 1
    assert set(await office.states()) == {("held", "opted_out")}
    assert await opting.state(office.database, "bella", CUSTOMER) == "out"
    rows = await office.database.fetch("SELECT source FROM text_consent ORDER BY id")
    assert rows[-1]["source"] == "provider"
    assert await office.left() == []
    await office.say(conversation, "Hello?")
    await office.deliver(1)
    assert len(office.twilio.asked) == 1


async def test_an_opt_out_between_two_attempts_counts(local: Office) -> None:
    conversation = await local.conversation()
    await local.say(conversation, "Hello.")
    local.twilio.then("429")
    await local.deliver()
    await opting.record(local.database, "bella", CUSTOMER, "out", "inbound")
    await local.deliver(15)
    assert local.twilio.taken == []
    assert await local.states() == [("held", "opted_out")]


# ---- what Twilio answers -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("to", "code"),
    [
        ("+15005550001", "21211"), ("+15005550002", "21612"), ("+15005550003", "21408"),
        ("+15005550009", "21614"),
    ],
)  # fmt: skip
async def test_magic_numbers_are_refused_for_good(office: Office, to: str, code: str) -> None:
    conversation = await office.conversation(to)
    await office.say(conversation, "Hello.")
    await office.deliver()
    assert await office.states() == [("failed", code)]
    ((state, error),) = await office.left()
    assert state == "dead"
    assert f"({code})" in error
    await office.deliver(100_000)
    assert len(office.twilio.asked) == 1


async def test_the_magic_number_that_opted_out(office: Office) -> None:
    conversation = await office.conversation("+15005550004")
    await office.say(conversation, "Hello.")
    await office.deliver()
    assert await office.states() == [("held", "opted_out")]
    assert await opting.state(office.database, "bella", "+15005550004") == "out"


@pytest.mark.parametrize(
    ("sender", "code", "state"),
    [
        ("+15005550001", "21212", "dead"), ("+15005550007", "21606", "dead"),
        ("+15005550009", "21606", "dead"), ("+15005550008", "21611", "new"),
    ],
)  # fmt: skip
async def test_magic_senders(tmp_path: Path, sender: str, code: str, state: str) -> None:
    async with open_office(tmp_path, twilio=FakeTwilio(test_credentials=True)) as office:
        await office.desk.apply(business(numbers=(sender,)))
        conversation = await office.conversation()
        await office.say(conversation, "Hello.")
        await office.deliver()
        assert office.twilio.taken == []
        ((left, error),) = await office.left()
        assert left == state
        assert f"({code})" in error
        await office.desk.apply(business())
        other = await office.conversation("+12125550199")
        await office.say(other, "Hello.")
        await office.deliver()
        assert [message.to for message in office.twilio.taken] == ["+12125550199"]


@pytest.mark.parametrize("mode", ["429", "503", "20429", "21611"])
async def test_what_was_not_taken_is_sent_again(office: Office, mode: str) -> None:
    conversation = await office.conversation()
    await office.say(conversation, "Hello.")
    office.twilio.then(mode, mode)
    await office.deliver()
    assert await office.states() == [("new", "")]
    await office.deliver(15)
    await office.deliver(75)
    assert await office.states() == [("queued", "")]
    assert len(office.twilio.taken) == 1
    assert office.twilio.looked_up == []
    assert await office.left() == []


@pytest.mark.parametrize("mode", ["500", "502_html", "drop"])
async def test_what_may_have_been_taken_is_looked_up_and_sent_once_more(
    office: Office, mode: str
) -> None:
    conversation = await office.conversation()
    await office.say(conversation, "Hello.")
    office.twilio.then(mode)
    await office.deliver()
    assert await office.states() == [("trying", "")]
    assert office.twilio.taken == []
    await office.deliver(15)
    assert await office.states() == [("queued", "")]
    assert len(office.twilio.looked_up) == 1
    assert len(office.twilio.taken) == 1


@pytest.mark.parametrize("mode", ["drop_taken", "garbage"])
async def test_what_was_taken_without_an_answer_is_found_again(office: Office, mode: str) -> None:
    conversation = await office.conversation()
    await office.say(conversation, "Hello.")
    office.twilio.then(mode)
    await office.deliver()
    assert await office.states() == [("trying", "")]
    await office.deliver(15)
    (row,), (message,) = await office.rows(), office.twilio.taken
    assert (row["state"], row["sid"], row["segments_billed"]) == ("queued", message.sid, 1)
    await office.deliver(100_000)
    assert len(office.twilio.asked) == 1


@pytest.mark.usefixtures("impatient")
@pytest.mark.parametrize(("mode", "asked"), [("slow", 1), ("stuck", 2)])
async def test_silence(local: Office, mode: str, asked: int) -> None:
    conversation = await local.conversation()
    await local.say(conversation, "Hello.")
    local.twilio.then(mode)
    await local.deliver()
    assert await local.states() == [("trying", "")]
    assert "did not answer in time" in (await local.left())[0][1]
    await local.deliver(15)
    assert await local.states() == [("queued", "")]
    assert (len(local.twilio.asked), len(local.twilio.taken)) == (asked, 1)


async def test_a_look_up_that_fails_decides_nothing(office: Office) -> None:
    conversation = await office.conversation()
    await office.say(conversation, "Hello.")
    office.twilio.then("drop_taken")
    office.twilio.then_lists("429", "500", "drop", "garbage")
    await office.deliver()
    for seconds in (15, 75, 370, 2200):
        await office.deliver(seconds)
        assert await office.states() == [("trying", "")]
    await office.deliver(9000)
    assert await office.states() == [("queued", "")]
    assert len(office.twilio.asked) == 1


async def test_the_same_words_twice_are_two_messages(office: Office) -> None:
    """The look-up for the second must not find the first."""
    conversation = await office.conversation()
    for _ in range(2):
        await office.say(conversation, "Bella: yes.")
        await office.deliver()
    office.twilio.then("drop", "ok", "drop_taken")
    for _ in range(2):
        await office.say(conversation, "Bella: yes.")
        await office.deliver()
        await office.deliver(15)
    assert len(office.twilio.taken) == 4
    sids = [row["sid"] for row in await office.rows()]
    assert sorted(sids) == sorted(message.sid for message in office.twilio.taken)


async def test_nobody_at_home_is_surely_not_taken(tmp_path: Path) -> None:
    with __import__("socket").socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    async with open_office(tmp_path, api_base_url=f"http://127.0.0.1:{port}") as office:
        conversation = await office.conversation()
        await office.say(conversation, "Hello.")
        await office.deliver()
        assert await office.states() == [("new", "")]
        assert await office.left() == [("new", "Twilio could not be reached. (connection)")]


async def test_wrong_credentials_are_told_apart(tmp_path: Path) -> None:
    async with open_office(tmp_path, auth_token="wrong") as office:
        conversation = await office.conversation()
        await office.say(conversation, "Hello.")
        await office.deliver()
        assert await office.states() == [("failed", "20003")]
        assert "[plugins.sms]" in (await office.left())[0][1]


async def test_an_api_key_sends_too(tmp_path: Path) -> None:
    twilio = FakeTwilio()
    keys = {"api_key": twilio.api_key, "api_secret": twilio.api_secret}
    service = "MG" + "0" * 32
    async with open_office(
        tmp_path, twilio=twilio, messaging_service_sid=service, **keys
    ) as office:
        conversation = await office.conversation()
        await office.say(conversation, "Hello.")
        await office.deliver()
        (message,) = twilio.taken
        assert (message.service, message.from_) == (service, OURS)
        assert await office.states() == [("accepted", "")]
        assert (await office.rows())[0]["segments_billed"] is None


async def test_without_credentials_only_a_webhook_that_waits_can_answer(tmp_path: Path) -> None:
    keys: dict[str, Any] = {
        "auth_token": "",
        "shared_keys": {"k1": "a secret"},
        "reply_mode": "twiml",
    }
    async with open_office(tmp_path, **keys) as office:
        conversation = await office.conversation()
        await office.say(conversation, "Too late.")
        await office.deliver()
        assert await office.states() == [("failed", "no_credentials")]
        assert "auth_token" in (await office.left())[0][1]


# ---- order, processes, deaths ------------------------------------------------------------------


async def test_words_of_one_conversation_keep_their_order(office: Office) -> None:
    conversation, other = await office.conversation(), await office.conversation("+12125550177")
    await office.say(conversation, "one")
    office.twilio.then("429", "drop")
    await office.deliver()
    await office.say(conversation, "two")
    await office.deliver(1)  # "two" is due before "one" is, so it tries "one" first, in vain
    assert office.twilio.taken == []
    await office.say(other, "another")
    await office.deliver()
    assert [message.to for message in office.twilio.taken] == ["+12125550177"]
    await office.say(conversation, "three")
    await office.deliver(1)
    words = [message.body for message in office.twilio.taken if message.to == CUSTOMER]
    assert words == [HELLO + "one", "two", "three"]
    await office.deliver(20)
    assert len(office.twilio.taken) == 4
    assert await office.left() == []


async def test_what_was_given_up_holds_nothing_up(office: Office) -> None:
    conversation = await office.conversation()
    await office.say(conversation, "one")
    await office.say(conversation, "two")
    office.twilio.then("21617")
    await office.deliver()
    assert [message.body for message in office.twilio.taken] == [HELLO + "two"]
    assert [state for state, _ in await office.left()] == ["dead"]


async def test_two_processes_send_each_message_once(office: Office) -> None:
    conversations = [await office.conversation(f"+1212555{n:04}") for n in range(6)]
    for n in range(24):
        await office.say(conversations[n % 6], f"message {n}")
    other = office.process()
    async with asyncio.timeout(60):
        await asyncio.gather(office.courier.run(), other.run())
        while await office.left():
            office.clock.now += 15_000
            await asyncio.gather(office.courier.run(), other.run())
    said = [message.body.removeprefix(HELLO) for message in office.twilio.taken]
    assert Counter(said) == Counter(f"message {n}" for n in range(24))
    for number in {message.to for message in office.twilio.taken}:
        theirs = [m.body.removeprefix(HELLO) for m in office.twilio.taken if m.to == number]
        assert theirs == sorted(theirs, key=lambda words: int(words.split()[1]))


PROCESS = """
import asyncio, json, sys
from frontdesk import config
from frontdesk.desk import Desk
from frontdesk.outbox import Courier
from frontdesk_plugins.sms import sending, settings
async def main():
    desk = Desk(config.settings_of(json.loads(sys.argv[1])))
    desk.load()
    await desk.start(recover=False)
    await Courier(desk.database, sending.deliveries(desk, settings.load(desk.settings))).run()
asyncio.run(main())
"""


@pytest.mark.parametrize(("mode", "asked"), [("slow", 1), ("stuck", 2)])
async def test_a_process_dies_between_the_request_and_its_record(
    office: Office, mode: str, asked: int
) -> None:
    """Twilio took it, or did not; the process that asked can tell nobody."""
    conversation = await office.conversation()
    await office.say(conversation, "Hello.")
    office.twilio.then(mode)
    content = {
        "database": {"url": office.desk.settings.database.url},
        "plugins": {"sms": office.twilio.settings()},
    }
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", PROCESS, json.dumps(content), stderr=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
    )  # fmt: skip
    await office.twilio.was_asked()
    process.kill()
    await process.wait()
    assert await office.states() == [("trying", "")]
    await office.say(conversation, "Next.")
    await office.deliver(30)
    assert len(office.twilio.asked) == 1, "while the other may live, it is left alone"
    await office.deliver(200)
    assert {message.body for message in office.twilio.taken} == {HELLO + "Hello.", "Next."}
    assert len(office.twilio.asked) == asked + 1
    assert await office.states() == [("queued", "")] * 2
    assert await office.left() == []


async def test_a_process_that_stops_waits_for_its_answer(local: Office) -> None:
    conversation = await local.conversation()
    await local.say(conversation, "Hello.")
    local.twilio.then("slow")
    task = asyncio.create_task(local.courier.run())
    await local.twilio.was_asked()
    task.cancel()
    await asyncio.sleep(0)
    local.twilio.release()
    with pytest.raises(asyncio.CancelledError):
        await task
    await local.deliver(300)
    assert (len(local.twilio.asked), len(local.twilio.taken)) == (1, 1)
    assert await local.states() == [("queued", "")]


# ---- texts outside of conversations ------------------------------------------------------------


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


# ---- pace --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("sender", "speed"),
    [("+12025550188", 1), ("+18885550188", 3), ("55123", 100), ("+447700900123", 10)],
)
async def test_a_number_sends_so_many_segments_a_second(sender: str, speed: int) -> None:
    now = 0.0

    async def sleep(seconds: float) -> None:
        nonlocal now
        now += seconds

    pace = Pace(clock=lambda: now, sleep=sleep)
    for _ in range(40):
        assert await pace.take(sender, speed) == 0
    assert now == pytest.approx(29), "what ten seconds hold leaves at once, the rest at its rate"
    assert await pace.take(sender, 20 * speed) == 0
    assert await pace.take(sender, 1) == pytest.approx(20)
    other = sender[:-1] + "0"
    before = now
    assert await pace.take(other, 1) == 0
    assert now == before


# ---- around it ---------------------------------------------------------------------------------


async def test_logs_tell_no_numbers_and_no_words(local: Office) -> None:
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.DEBUG))
    conversation = await local.conversation()
    await local.say(conversation, "Secret words.")
    local.twilio.then("drop")
    with structlog.testing.capture_logs() as logs:
        await local.deliver()
        await local.deliver(15)
    assert len(logs) >= 4
    assert "Secret" not in str(logs)
    assert "2125550123" not in str(logs)


async def test_what_became_of_attempts_is_counted(local: Office) -> None:
    conversation = await local.conversation()
    local.twilio.then("429", "drop_taken")
    await local.say(conversation, "Hello.")
    for seconds in (0, 15, 75):
        await local.deliver(seconds)
    registry = local.desk.metrics.registry
    counts = {
        result: registry.get_sample_value("frontdesk_sms_sends_total", {"result": result})
        for result in ("taken", "found", "retry", "unknown", "permanent")
    }
    assert counts == {"taken": None, "found": 1, "retry": 1, "unknown": 1, "permanent": None}
    assert registry.get_sample_value("frontdesk_sms_segments_total") == 1


def test_a_start_imports_no_part_of_the_sdk(tmp_path: Path) -> None:
    script = (
        "import asyncio, sys\n"
        "from frontdesk import config\n"
        "from frontdesk.desk import Desk\n"
        "from frontdesk_plugins.sms import sending, settings\n"
        "from frontdesk_server.app import create_app\n"
        "sms = {'account_sid': 'AC' + '0' * 32, 'auth_token': 'x'}\n"
        "desk = Desk(config.settings_of({'plugins': {'sms': sms}})); desk.load()\n"
        "create_app(desk, with_demo=True)\n"
        "async def go():\n"
        "    await desk.start()\n"
        "    assert sending.deliveries(desk, settings.load(desk.settings))\n"
        "    await desk.stop()\n"
        "asyncio.run(go())\n"
        "print({'twilio', 'requests'} & set(sys.modules))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[-1] == "set()"
