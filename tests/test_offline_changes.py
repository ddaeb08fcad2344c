"""Bookings changed, dropped and made again with the offline model; days and persons beside them."""

from datetime import UTC, datetime, timedelta

import pytest
from support_offline_talk import BOOK, MONDAY, booked, desk, talk
from test_offline_openings import BUSINESS
from test_offline_talks import Talk

from frontdesk.events import Noticed, Replied
from frontdesk.reads import read_events
from frontdesk.testing import TestDesk
from frontdesk_plugins.offline import holidays

__all__ = ["desk", "talk"]  # fixtures


# ---- a booking that was made -----------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "new"),
    [
        ("change it to 8:30pm", "Table for 2 on Fri, Nov 27, 8:30 PM"),
        ("actually we are 5", "Table for 5 on Fri, Nov 27, 8:00 PM"),
        ("we are 5 now, sorry", "Table for 5 on Fri, Nov 27, 8:00 PM"),
        ("there will be 4 of us", "Table for 4 on Fri, Nov 27, 8:00 PM"),
        ("actually 7pm", "Table for 2 on Fri, Nov 27, 7:00 PM"),
        ("Actually make it 8pm and for 5 people", "Table for 5 on Fri, Nov 27, 8:00 PM"),
        ("move it to saturday please", "Table for 2 on Sat, Nov 28, 8:00 PM"),
        ("can we come at 9pm instead?", "Table for 2 on Fri, Nov 27, 9:00 PM"),
    ],
)
async def test_the_own_booking_is_changed_after_a_yes(talk: Talk, text: str, new: str) -> None:
    await booked(talk)
    said = await talk.say(text)
    assert f"to: {new}" in said
    assert said.endswith("Shall I reschedule it?")
    assert "reschedule_booking" not in talk.done
    assert f"Moved: {new}" in await talk.say("yes")
    assert talk.done.count("create_booking") == 1


@pytest.mark.parametrize("text", ["change it", "push it back an hour"])
async def test_what_to_change_is_asked(talk: Talk, text: str) -> None:
    await booked(talk)
    assert "What should I change: the date, the time" in await talk.say(text)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("book another table for 3 on 20 December at 7pm", "Table for 3 on Sun, Dec 20"),
        ("I'd like a large margherita", "Added: 1 x Margherita"),
        ("actually, do you have a dress code?", "Come as you are"),
        ("is there parking on friday?", "garage"),
        ("sorry, are you open on friday?", "Fri, Nov 27"),
    ],
)
async def test_other_wishes_are_no_change(talk: Talk, text: str, words: str) -> None:
    await booked(talk)
    assert words in await talk.say(text)
    assert "reschedule" not in await talk.say("no")


async def test_cancel_everything_asks_what(talk: Talk) -> None:
    await booked(talk)
    said = await talk.say("cancel everything")
    assert "What shall I cancel?" in said
    assert "Shall I cancel it?" in await talk.say("the booking")
    assert "cancel_booking" not in talk.done


async def test_a_cancelled_booking_is_made_again(talk: Talk) -> None:
    await booked(talk)
    await talk.say("make it 9pm")
    await talk.say("yes")
    await talk.say("cancel my booking")
    assert "Cancelled" in await talk.say("yes")
    assert "There is no other booking in this chat" in await talk.say("cancel my booking")
    await talk.say("stop")
    assert "Table for 2 on Fri, Nov 27, 9:00 PM, for Ada" in await talk.say("book it again")
    assert talk.done.count("create_booking") == 1
    assert "Booked" in await talk.say("yes")


# ---- a booking that is being made ------------------------------------------------------------


async def test_a_draft_is_changed_as_a_draft(talk: Talk) -> None:
    await talk.say(BOOK)
    await talk.say("Ada Lovelace")
    said = await talk.say("I want to change my booking to 9pm and 3 people")
    assert "Changed: 9:00 PM" in said
    assert "Changed: 3 people" in said
    assert "reference" not in said
    assert "What should I change" in await talk.say("I want to change my booking")
    assert "phone" in await talk.say("9pm is fine")
    assert "Table for 3 on Fri, Nov 27, 9:00 PM, for Ada" in await talk.say("212 555 0123")


@pytest.mark.parametrize("drop", ["cancel my booking", "cancel everything", "can we cancel?"])
async def test_a_draft_is_dropped(talk: Talk, drop: str) -> None:
    await talk.say(BOOK)
    await talk.say("Ada Lovelace")
    assert "I leave it: nothing was booked" in await talk.say(drop)
    assert "Nothing was booked in this chat" in await talk.say("cancel my booking")


async def test_an_address_is_no_telephone_number(talk: Talk) -> None:
    await talk.say(BOOK)
    await talk.say("Ada Lovelace")
    said = await talk.say("ada@example.com")
    assert "That is an e-mail address, but I need a telephone number" in said
    assert "phone number" in await talk.say("my email is ada@example.com")
    said = await talk.say("212 555 0123")
    assert "Table for 2 on Fri, Nov 27, 8:00 PM, for Ada Lovelace" in said


async def test_a_yes_to_several_times_asks_which(talk: Talk) -> None:
    assert "Would one of these" in await talk.say("book a table for two tomorrow at 3am")
    said = await talk.say("yes")
    assert said.startswith("Which one?")
    assert "1. Tue, Nov 24" in said
    assert "name" in await talk.say("the first one")


async def test_a_wish_to_come_is_a_booking(talk: Talk) -> None:
    said = await talk.say("can I come at 8pm tomorrow")
    assert "8:00 PM" in said
    assert "How many people" in said


@pytest.mark.parametrize("answer", ["no", "yes"])
async def test_a_draft_waits_for_a_person_and_the_message(talk: Talk, answer: str) -> None:
    talk.set_time(datetime(2026, 11, 23, 8, 0, tzinfo=UTC))  # nobody is there
    await talk.say(BOOK)
    said = await talk.say("person")
    assert said.endswith("May I take a message for them?")
    said = await talk.say(answer)
    if answer == "yes":
        for text in ("please tune the piano", "Ada Lovelace", "212 555 0123"):
            said = await talk.say(text)
        assert "take_message" in talk.done
    assert "What" in said
    assert "handoff_to_human" in talk.done


# ---- a booking that is not known here --------------------------------------------------------


@pytest.mark.parametrize("wish", ["cancel my booking", "I want to change my booking"])
async def test_without_a_booking_here_a_person_can_look(talk: Talk, wish: str) -> None:
    said = await talk.say(wish)
    assert "Nothing was booked in this chat" in said
    assert "name or telephone number" in said
    assert "Shall I get a person" in await talk.say("I lost my reference")
    await talk.say("yes")
    assert talk.done == ["handoff_to_human"]


async def test_a_lost_reference_is_for_a_person(talk: Talk) -> None:
    assert "Shall I get a person" in await talk.say("I lost my reference")


async def test_a_question_does_not_come_for_ever(talk: Talk) -> None:
    await talk.say("cancel my booking")
    assert "What is the reference?" in await talk.say("blue elephants")
    assert "Shall I get a person" in await talk.say("blue elephants")


async def test_after_two_misses_there_is_a_way_out(talk: Talk) -> None:
    await talk.say(BOOK)
    await talk.say("Ada Lovelace")
    assert "stop" not in await talk.say("blue elephants")
    said = await talk.say("blue elephants")
    assert '"never mind" to leave this, or "person"' in said
    assert "Shall I get a person" in await talk.say("blue elephants")


async def test_values_that_are_refused_lead_out_too(talk: Talk) -> None:
    await talk.say(BOOK)
    await talk.say("Ada Lovelace")
    assert "stop" not in await talk.say("12345")
    assert '"never mind" to leave this' in await talk.say("12345")


# ---- days ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("first", "then", "told"),
    [
        ("what are your hours?", "new year's eve?", "Thu, Dec 31"),
        ("what are your hours?", "easter?", "Sun, Mar 28"),
        ("what are your hours?", "and on sunday?", "Sun, Nov 29"),
        ("are you open on 25 December?", "and on the 24th?", "Thu, Dec 24"),
        ("are you open on 25 December?", "what about the 2nd?", "Wed, Dec 2"),
        ("are you open today?", "and on the 20th?", "Sun, Dec 20"),
    ],
)
async def test_a_day_after_an_answer(talk: Talk, first: str, then: str, told: str) -> None:
    await talk.say(first)
    assert (await talk.say(then)).startswith(told)


async def test_easter_is_its_sunday(talk: Talk) -> None:
    assert (await talk.say("are you open on easter?")).startswith("Sun, Mar 28")


@pytest.mark.parametrize("text", ["are you open on mother's day?", "are you open after easter?"])
async def test_a_day_that_is_not_known_is_asked_for(talk: Talk, text: str) -> None:
    said = await talk.say(text)
    assert "I do not know which date that is" in said
    assert "Nov" not in said
    assert (await talk.say("14 march")).startswith("Sun, Mar 14")


def test_the_next_easter() -> None:
    assert str(holidays.easter(2027)) == "2027-03-28"


# ---- after a person was waited for -----------------------------------------------------------


@pytest.mark.parametrize("said", [["hello"], ["ok"], ["hello", "ok"], ["thanks"], ["hello?"]])
async def test_a_greeting_to_nobody_needs_no_answer(desk: TestDesk, said: list[str]) -> None:
    conversation = await desk.conversation(BUSINESS.id)
    await conversation.say("let me talk to a human")
    for text in said:
        assert await conversation.say(text) is None
    desk.set_time(MONDAY + timedelta(minutes=5))
    (job,) = [job for job in desk.desk.jobs if job.name == "handoff"]
    await job.run()
    assert await conversation.say("hello") is not None
    stored = await read_events(desk.desk.database, conversation.id, 0)
    spoken = [one.event for one in stored if isinstance(one.event, Noticed | Replied)]
    assert any(isinstance(event, Noticed) for event in spoken)
    assert not any("not understand" in event.text for event in spoken)
