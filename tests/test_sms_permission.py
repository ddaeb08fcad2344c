"""To whom a text message may be sent at all, and who may still be answered."""

from sms_office import CUSTOMER, HELLO, Office, local, office

from frontdesk import appending, opting, status, store
from frontdesk.appending import Place
from frontdesk.channels import Inbound
from frontdesk.events import Replied, Stored
from frontdesk.ids import new_id
from frontdesk.testing import Conversation
from frontdesk.testing.fake_twilio import OURS

__all__ = ["local", "office"]  # fixtures


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
