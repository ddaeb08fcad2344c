"""What Twilio answers to a text message, or does not, and what is tried again then."""

from pathlib import Path
from typing import Any

import pytest
from sms_office import Office, business, local, office, open_office

from frontdesk import opting
from frontdesk.testing.fake_twilio import OURS, FakeTwilio
from frontdesk_plugins.sms import sdk

__all__ = ["local", "office"]  # fixtures


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sdk, "TIMEOUT", 0.5)


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
