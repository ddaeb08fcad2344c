"""Whole conversations with the offline model and the restaurant pack, with odd turns in them."""

from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from test_offline_openings import BUSINESS

from frontdesk.testing import Conversation, open_desk


class Talk:
    """A conversation that remembers what was done."""

    def __init__(self, conversation: Conversation, set_time: Callable[[datetime], None]) -> None:
        self.conversation = conversation
        self.set_time = set_time
        self.done: list[str] = []

    async def say(self, text: str) -> str:
        reply = await self.conversation.say(text)
        self.done += [one.tool for one in self.conversation.actions if one.status == "done"]
        assert reply
        return reply.content


@pytest.fixture
async def talk(tmp_path: Path) -> AsyncIterator[Talk]:
    async with open_desk(tmp_path) as test:
        test.set_time(datetime(2026, 11, 23, 23, 0, tzinfo=UTC))  # Monday, 18:00 in New York
        await test.add_business(BUSINESS)
        yield Talk(await test.conversation(BUSINESS.id), test.set_time)


async def test_booking_changing_and_cancelling(talk: Talk) -> None:
    assert "How many" in await talk.say("Hi! I'd like to book a table for friday at 8pm")
    assert "name" in await talk.say("we are four")
    assert "garage" in await talk.say("is there parking?")
    assert "phone" in await talk.say("Ana Lopez")
    assert "area code" in await talk.say("why do you need that")
    assert "Table for 4 on Fri, Nov 27, 8:00 PM" in await talk.say("212 555 0123")
    assert "9:00 PM" in await talk.say("oh wait, make it 9pm")
    assert "create_booking" not in talk.done
    assert "Booked" in await talk.say("yes please")
    assert "9:00 PM" in await talk.say("where is my booking?")
    assert "Sat, Nov 28" in await talk.say("can we move it to saturday?")
    assert "not understand" in await talk.say("qwertz")
    assert "Moved" in await talk.say("yes")
    assert "Shall I cancel" in await talk.say("sorry, we have to cancel our booking")
    assert "Cancelled" in await talk.say("yes, cancel it")
    changes = [tool for tool in talk.done if tool.endswith("_booking")]
    assert changes == ["create_booking", "lookup_booking", "reschedule_booking", "cancel_booking"]


async def test_ordering_with_extras(talk: Talk) -> None:
    assert "Margherita" in await talk.say("what's on the menu?")
    said = await talk.say("two large pepperoni pizzas with extra cheese and a coke")
    assert "2 x Diavola, Large (Extra mozzarella)" in said
    assert "1 x Cola" in said
    assert "2 x Cola" in await talk.say("make that two")
    assert "Which size" in await talk.say("and a margherita")
    assert "USD 25 a bottle" in await talk.say("what's your corkage?")
    assert "1 x Margherita, Small" in await talk.say("small")
    assert "Margherita, Large" in await talk.say("no, large")
    assert "Removed: 2 x Cola" in await talk.say("remove the coke")
    assert "Diavola" in await talk.say("what's in my order?")
    assert "Pick-up or delivery?" in await talk.say("that's all")
    assert "Christmas" in await talk.say("are you open on christmas day?")
    await talk.say("I'll pick it up")
    await talk.say("Bob Miller")
    said = await talk.say("212 555 0199")
    assert "for Bob Miller" in said
    assert "confirm_order" not in talk.done
    await talk.say("yes")
    assert "confirm_order" in talk.done
    await talk.say("where is my order?")
    assert "order_status" in talk.done
    assert "Shall I cancel" in await talk.say("cancel my order")
    await talk.say("no")
    assert "cancel_order" not in talk.done


async def test_hours_and_facts(talk: Talk) -> None:
    assert "Christmas, dinner only" in await talk.say("are you open on christmas day?")
    assert "New Year's Eve" in await talk.say("and on new year's eve?")
    assert "USD 25 a bottle" in await talk.say("corkage")
    assert "Marinara" in await talk.say("vegan")
    assert "counter" in await talk.say("do you sell gift cards?")
    assert "Orchard" in await talk.say("where are you?")
    assert {"create_booking", "add_to_order"} & set(talk.done) == set()


async def test_two_wishes_in_one_message(talk: Talk) -> None:
    said = await talk.say("do you have high chairs? and book a table for 2 tomorrow at 7pm")
    assert "High chairs" in said
    assert said.endswith("What name shall I put it under?")


async def test_a_person_after_three_misses(talk: Talk) -> None:
    for _ in range(2):
        assert "not understand" in await talk.say("lorem ipsum")
    assert "Shall I get a person" in await talk.say("dolor sit amet")
    await talk.say("yes")
    assert talk.done[-1] == "handoff_to_human"


async def test_a_message_is_taken(talk: Talk) -> None:
    assert "message" in await talk.say("can I leave a message?")
    assert "name" in await talk.say("the lamb was wonderful")
    assert "telephone" in await talk.say("Bob")
    await talk.say("212 555 0144")
    assert talk.done[-1] == "take_message"


async def test_a_wish_for_a_person(talk: Talk) -> None:
    await talk.say("book a table for 2")
    await talk.say("actually, let me talk to a human")
    assert talk.done == ["handoff_to_human"]


async def test_to_take_away_takes_nothing_away(talk: Talk) -> None:
    said = await talk.say("A large margherita with mushrooms to take away")
    assert "1 x Margherita, Large (Mushrooms)" in said
    assert talk.done == ["add_to_order"]
    # How they get it is known already.
    assert "name" in await talk.say("that's all")
    assert "Removed" in await talk.say("take away the margherita")


@pytest.mark.parametrize(
    ("end", "time"),
    [
        ("that's all, pick it up", ""),
        ("that's all, I'll pick it up at seven", "7:00"),
        ("that's it, we'll collect it at 7pm", "7:00"),
        ("pick up at seven please", "7:00"),
        ("nothing else thanks, for pickup", ""),
    ],
)
async def test_the_end_of_an_order_may_say_how_it_is_fetched(
    talk: Talk, end: str, time: str
) -> None:
    await talk.say("two margheritas, large")
    assert "name" in await talk.say(end)
    said = await talk.say("Ana Ruiz, 212 555 0123")
    assert "ick-up" in said
    assert time in said
    await talk.say("yes")
    assert talk.done[-1] == "confirm_order"


async def test_how_it_is_fetched_and_when_in_one_answer(talk: Talk) -> None:
    await talk.say("two large margheritas")
    assert "Pick-up or delivery?" in await talk.say("that's all")
    assert "name" in await talk.say("pick up at seven")


async def test_cancelling_an_order_that_is_not_placed(talk: Talk) -> None:
    await talk.say("two large margheritas")
    await talk.say("and a coke")
    said = await talk.say("cancel my order")
    assert said == "All right, your order is empty again: nothing will be made or charged."
    assert "empty" in await talk.say("what's in my order?")
    assert "1 x Cola" in await talk.say("a coke please")
    assert "Margherita" not in await talk.say("what's in my order?")


async def test_an_italian_plural(talk: Talk) -> None:
    await talk.say("two panini please")
    assert "search_faq" not in talk.done


async def test_the_order_of_things_is_explained_once(talk: Talk) -> None:
    assert "that's all" in await talk.say("a large margherita")
    assert "that's all" not in await talk.say("and a coke")


async def test_a_bare_number_after_a_booking_is_a_time_or_people(talk: Talk) -> None:
    await talk.say("book a table for four on friday at 7pm, Ana Ruiz, 212 555 0123")
    assert "Booked" in await talk.say("yes")
    assert "Do you mean 8:00 PM or 8 people?" in await talk.say("can we make it 8 instead?")
    assert "8:00 PM" in await talk.say("the time, 8pm")
    assert "Moved" in await talk.say("yes")


async def test_what_can_be_changed_of_a_booking(talk: Talk) -> None:
    await talk.say("book a table for four on friday at 7pm, Ana Ruiz, 212 555 0123")
    await talk.say("yes")
    asked = "What should I change: the date, the time or the number of people?"
    assert await talk.say("I'd like to change my booking") == asked
    assert asked in await talk.say("qwertz")
    assert "6" in await talk.say("we will be six")


async def test_a_message_is_left_at_once_when_nobody_is_there(talk: Talk) -> None:
    talk.set_time(datetime(2026, 11, 24, 8, 0, tzinfo=UTC))  # Tuesday, 3:00 in New York
    assert "message" in await talk.say("can I speak to a person?")
    said = await talk.say("Please tell them that I left my scarf there")
    assert said == "What is your name?"
    await talk.say("Ana Ruiz")
    await talk.say("212 555 0123")
    assert talk.done[-1] == "take_message"


@pytest.mark.parametrize(
    "text",
    ["do you deliver?", "where do I pick it up", "book a table for two tomorrow at 8pm"],
)
async def test_what_does_not_end_an_order(talk: Talk, text: str) -> None:
    await talk.say("a large margherita")
    await talk.say(text)
    assert "confirm_order" not in [one.tool for one in talk.conversation.actions]
    assert "Margherita" in await talk.say("what's in my order?")


async def test_another_way_than_was_said_at_first(talk: Talk) -> None:
    await talk.say("a large margherita to take away")
    await talk.say("that's all, deliver it please")
    assert "address" in await talk.say("Ana Ruiz, 212 555 0123")


@pytest.mark.parametrize("text", ["I'm home", "I'd pick that one"])
async def test_loose_words_choose_nothing(talk: Talk, text: str) -> None:
    await talk.say("a large margherita")
    assert "What name" not in await talk.say(text)
    assert "Pick-up or delivery?" in await talk.say("that's all")
