"""What Twilio tells of messages: in any order, more than once, too early, and what staff see of it."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from itertools import permutations
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sms_office import CUSTOMER, PUBLIC, Office, business, open_office
from support import serving

from frontdesk import config, opting
from frontdesk.desk import Desk
from frontdesk.pages import Delivery
from frontdesk.testing.fake_twilio import FakeTwilio, Message
from frontdesk_plugins.sms import statuses
from frontdesk_plugins.sms.states import RANKS


@pytest.fixture
async def office(tmp_path: Path, database_url: str) -> AsyncIterator[Office]:
    async with open_office(tmp_path, database_url) as opened:
        yield opened


async def report(office: Office, message: Message, state: str, error: str = "") -> None:
    form = {"MessageSid": message.sid, "MessageStatus": state, "To": message.to}
    await statuses.report(office.desk, form | ({"ErrorCode": error} if error else {}))


async def sent(office: Office, number: str = CUSTOMER) -> tuple[Message, str]:
    """A message that Twilio has, and its id here."""
    conversation = await office.conversation(number)
    event = await office.say(conversation, "Hello.")
    await office.deliver()
    return office.twilio.taken[-1], event


async def state_of(office: Office, message: Message) -> tuple[str, str]:
    row = await office.database.one("SELECT * FROM sms_message WHERE sid = {}", message.sid)
    assert row is not None
    return row["state"], row["error"]


# ---- order -------------------------------------------------------------------------------------

ENDS = {
    "delivered": ("queued", "sending", "sent", "delivered"),
    "undelivered": ("accepted", "sent", "undelivered"),
    "failed": ("queued", "failed"),
    "canceled": ("scheduled", "canceled"),
    "read": ("sent", "delivered", "read"),
    "sent": ("accepted", "queued", "sending", "sent"),
}


async def test_every_order_has_the_same_end(office: Office) -> None:
    message, _ = await sent(office)
    for end, told in ENDS.items():
        for order in permutations(told):
            await office.database.fetch("UPDATE sms_message SET state = 'queued', rank = 3")
            for state in order:
                await report(office, message, state)
            assert (await state_of(office, message))[0] == end, order


def test_so_has_every_order_with_repetitions_even_before_the_message_is_known(
    tmp_path: Path,
) -> None:
    orders = st.sampled_from(sorted(ENDS.values())).flatmap(
        lambda told: st.tuples(
            st.lists(st.sampled_from(told), max_size=4).flatmap(
                lambda more: st.permutations([*told, *more])
            ),
            st.integers(0, 8),
        )
    )
    with asyncio.Runner() as runner:
        stack = AsyncExitStack()
        office = runner.run(stack.enter_async_context(open_office(tmp_path)))

        @settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
        @given(orders)
        def check(drawn: tuple[list[str], int]) -> None:
            runner.run(end_of(*drawn))

        async def end_of(order: list[str], early: int) -> None:
            conversation = await office.conversation()
            await office.say(conversation, "Hello.")
            count = len(office.twilio.taken)
            office.twilio.then("drop_taken")
            await office.deliver()
            message = office.twilio.taken[count]
            for state in order[:early]:
                await report(office, message, state)
            await office.deliver(15)
            for state in order[early:]:
                await report(office, message, state)
            wanted = max(order, key=RANKS.__getitem__)
            assert (await state_of(office, message))[0] == wanted

        check()
        runner.run(stack.aclose())


async def test_what_is_final_stays(office: Office) -> None:
    message, _ = await sent(office)
    await report(office, message, "undelivered", "30007")
    for state in ("delivered", "read", "failed", "sent"):
        await report(office, message, state)
    assert await state_of(office, message) == ("undelivered", "30007")


async def test_a_callback_may_be_faster_than_the_answer(office: Office) -> None:
    """Each status is told in the very moment in which the answer to the request is read."""
    conversations = [await office.conversation(f"+1212555{n:04}") for n in range(12)]

    async def tell(n: int) -> None:
        message = await office.twilio.sent(n)
        await asyncio.gather(report(office, message, "sent"), report(office, message, "delivered"))

    for conversation in conversations:
        await office.say(conversation, "Hello.")
    async with asyncio.timeout(60):
        await asyncio.gather(office.courier.run(), *(tell(n) for n in range(1, 13)))
    assert await office.states() == [("delivered", "")] * 12
    assert await office.database.fetch("SELECT * FROM sms_orphan") == []


# ---- what it teaches ---------------------------------------------------------------------------


@pytest.mark.parametrize("error", ["30003", "30005", "30006"])
async def test_a_number_that_is_not_reached_is_marked_until_it_is(
    office: Office, error: str
) -> None:
    message, event = await sent(office)
    for _ in range(2):
        await report(office, message, "undelivered", error)
    assert await statuses.unreachable(office.database, "bella", CUSTOMER)
    assert not await statuses.unreachable(office.database, "other", CUSTOMER)
    found = await statuses.deliveries(office.database, "bella", [event])
    assert found[event].state == "failed"
    assert len(found[event].error) > 30
    message, _ = await sent(office)
    await report(office, message, "delivered")
    assert not await statuses.unreachable(office.database, "bella", CUSTOMER)


async def test_a_filtered_message_says_nothing_of_the_number(office: Office) -> None:
    message, event = await sent(office)
    await report(office, message, "failed", "30034")
    assert not await statuses.unreachable(office.database, "bella", CUSTOMER)
    found = await statuses.deliveries(office.database, "bella", [event])
    assert "10DLC" in found[event].error


async def test_an_opt_out_may_come_as_a_status(office: Office) -> None:
    message, _ = await sent(office)
    await report(office, message, "failed", "21610")
    assert await opting.state(office.database, "bella", CUSTOMER) == "out"


async def test_what_is_not_understood_changes_nothing(office: Office) -> None:
    message, _ = await sent(office)
    for form in (
        {}, {"MessageSid": message.sid}, {"MessageStatus": "delivered"},
        {"MessageSid": message.sid, "MessageStatus": "exploded"},
        {"MessageSid": message.sid, "MessageStatus": "held"},
        {"MessageSid": message.sid, "MessageStatus": "new"},
    ):  # fmt: skip
        await statuses.report(office.desk, form)
    assert await state_of(office, message) == ("queued", "")
    await statuses.report(office.desk, {"SmsSid": message.sid, "SmsStatus": "delivered"})
    assert await state_of(office, message) == ("delivered", "")


async def test_strangers_statuses_are_forgotten_after_a_day(office: Office) -> None:
    for sid in ("SM1", "SM2"):
        await statuses.report(office.desk, {"MessageSid": sid, "MessageStatus": "sent"})
    await office.database.fetch(
        "UPDATE sms_orphan SET created = created - {} WHERE sid = 'SM1'", statuses.ORPHAN_MS + 1
    )
    await statuses.forget_orphans(office.database)
    rows = await office.database.fetch("SELECT sid FROM sms_orphan")
    assert [row["sid"] for row in rows] == ["SM2"]


async def test_a_status_whose_process_died_before_using_it_is_used(office: Office) -> None:
    message, _ = await sent(office)
    await office.database.fetch(
        "INSERT INTO sms_orphan (sid, state, rank, error, created) VALUES ({}, 'delivered', 6, '', 1)",
        message.sid,
    )
    await statuses.forget_orphans(office.database)
    assert await state_of(office, message) == ("delivered", "")


# ---- over the wire -----------------------------------------------------------------------------


async def test_a_customer_texts_and_is_answered(tmp_path: Path) -> None:
    """A signed webhook, a turn, the outbox, Twilio, and a signed status callback."""
    async with FakeTwilio() as twilio:
        twilio.public_url = PUBLIC
        content = {
            "database": {"url": f"sqlite:///{tmp_path / 'wire.db'}"},
            "server": {"public_url": PUBLIC},
            "model": {"use": ["offline"]},
            "plugins": {"sms": twilio.settings() | {"debounce": 0.1}},
        }
        desk = Desk(config.settings_of(content))
        desk.secret_keys = ("a key for tests, thirty-two characters",)
        desk.load()
        async with serving(desk, demo=False) as twilio.desk_url:
            await desk.apply(business())
            answers = await twilio.inbound("When are you open?", times=3)
            assert {answer.status for answer in answers} == {200}
            message = await twilio.sent()
            assert message.body.startswith("Bella: I'm an automated assistant.\n")
            told = await twilio.tell(message, "delivered", times=3)
            assert {answer.status for answer in told} == {200}
            async with asyncio.timeout(20):
                while await desk.database.fetch("SELECT id FROM sms_message WHERE rank < 6"):
                    await asyncio.sleep(0.02)
            form = {"MessageSid": message.sid, "AccountSid": twilio.account_sid}
            forged = {"X-Twilio-Signature": twilio.sign(PUBLIC, form, secret="guess")}
            answer = await twilio.post("/webhooks/twilio/status", form, forged)
            assert (answer.status, answer.body) == (403, "")
        assert len(twilio.taken) == 1


# ---- what staff see ----------------------------------------------------------------------------


async def test_what_staff_see_of_messages(office: Office) -> None:
    async def seen(event: str) -> Delivery:
        return (await statuses.deliveries(office.database, "bella", [event, "unknown"]))[event]

    conversation = await office.conversation()
    event = await office.say(conversation, "This is one of many sentences. " * 60)
    assert await seen(event) == Delivery(state="queued")
    office.twilio.then("429")
    await office.deliver()
    assert await seen(event) == Delivery(state="queued")
    await office.deliver(15)
    assert await seen(event) == Delivery(state="queued")
    first, second = office.twilio.taken
    await report(office, first, "delivered")
    assert await seen(event) == Delivery(state="queued")
    await report(office, second, "sent")
    assert await seen(event) == Delivery(state="sent")
    await report(office, second, "delivered")
    assert await seen(event) == Delivery(state="delivered")
    assert await statuses.deliveries(office.database, "other", [event]) == {}
    assert await statuses.deliveries(office.database, "bella", []) == {}

    await opting.record(office.database, "bella", CUSTOMER, "out", "inbound")
    held = await office.say(conversation, "Hello?")
    await office.deliver()
    assert (await seen(held)).state == "held"
    assert "opted out" in (await seen(held)).error


async def test_staff_see_what_was_given_up(office: Office) -> None:
    conversation = await office.conversation()
    event = await office.say(conversation, "Hello.")
    office.twilio.then(*["503"] * 7)
    for seconds in (0, 15, 75, 370, 2200, 9000, 27000):
        await office.deliver(seconds)
    assert [state for state, _ in await office.left()] == ["dead"]
    found = await statuses.deliveries(office.database, "bella", [event])
    assert found[event].state == "failed"
    assert found[event].error
