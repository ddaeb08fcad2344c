"""The offline model beside one booking: choosing a tool, questions in between, other packs, its state."""

from importlib.resources import files
from pathlib import Path

import pytest
from support_offline import BOOK, DATE, FIG, NOON, PLUMBER, RESTAURANT, ZOE, Guest, refuse, tool

from frontdesk.model import (
    Message,
    ModelReply,
    ModelRequest,
    Opaque,
    Situation,
    Text,
    ToolCall,
    ToolResult,
    ToolUse,
)
from frontdesk.testing import open_desk, read_toml
from frontdesk_plugins.offline import Offline, register_models


async def test_a_check_leads_to_a_booking() -> None:
    guest = Guest()
    assert "Shall I book it" in await guest.say("do you have a table free for 4 tomorrow at 7?")
    assert "name" in await guest.say("yes please")
    await guest.say("zoe smith 020 7946 0123")
    await guest.say("yes")
    assert guest.booked == [ZOE]


async def test_a_question_in_between() -> None:
    guest = Guest(answers={"get_hours": lambda arguments: {"message": "On Friday 12 to 23."}})
    await guest.say("book a table for 4 tomorrow at 7pm")
    said = await guest.say("are you open on friday?")
    assert "On Friday 12 to 23." in said
    assert "name" in said
    assert guest.made("get_hours") == [{"date": "2026-11-27"}]
    await guest.say("Zoe Smith")
    await guest.say("020 7946 0123")
    await guest.say("yes")
    assert guest.booked == [ZOE]


async def test_a_fact_in_between() -> None:
    guest = Guest()
    await guest.say("book a table for 4 tomorrow at 7pm")
    said = await guest.say("do you have parking?")
    assert "free parking" in said
    assert "name" in said


async def test_cancelling_a_booking() -> None:
    guest = Guest(answers={"cancel_booking": lambda arguments: {"message": "It is cancelled."}})
    assert "booking reference" in await guest.say("I need to cancel my reservation")
    assert "FIG-7K2Q" in await guest.say("it's FIG-7K2Q")
    assert not guest.calls
    assert await guest.say("yes") == "It is cancelled."
    assert guest.made("cancel_booking") == [{"reference": "FIG-7K2Q"}]


async def test_the_reference_of_a_booking_is_remembered() -> None:
    guest = Guest(answers={"cancel_booking": lambda arguments: {"message": "It is cancelled."}})
    await guest.say("table for 4 tomorrow at 7pm, name is Zoe Smith, 020 7946 0123")
    await guest.say("yes")
    assert "FIG-7K2Q" in await guest.say("please cancel my booking")


async def test_an_unknown_reference_is_asked_again() -> None:
    refusal = refuse({"message": "There is no such booking."})
    guest = Guest(answers={"lookup_booking": refusal})
    said = await guest.say("can you find my booking AB12CD")
    assert "no such booking" in said
    assert "booking reference" in said


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("when do you open?", "get_hours"),
        ("what time do you close tomorrow", "get_hours"),
        ("are u open on sundays", "get_hours"),
        ("opening hours", "get_hours"),
        ("where are you located?", "get_business_info"),
        ("what is your adress or address", "get_business_info"),
        ("id like to make a reservation", "create_booking"),
        ("Can we reserve?", "create_booking"),
        ("i want to cancel", "cancel_booking"),
        ("cancel reservation AB12CD", "cancel_booking"),
        ("when is my booking", "lookup_booking"),
        ("is there a table available tonight", "check_availability"),
        ("any availability for 4 on friday 8pm", "check_availability"),
    ],
)
async def test_the_tool_is_chosen_by_the_words(text: str, name: str) -> None:
    guest = Guest(answers={one.name: lambda arguments: {"message": "Ok."} for one in RESTAURANT})
    await guest.say(text)
    blocks = [block for message in guest.messages for block in message.blocks]
    states = [block.data for block in blocks if isinstance(block, Opaque)]
    assert name in [call.name for call in guest.calls] or states[-1].get("tool") == name


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("do you have parking", "free parking"),
        ("can I bring my dog?", "Dogs are welcome"),
        ("do you do vegan?", "vegan"),
        ("where are you?", "1 Fig Lane"),
        ("are you open on friday?", "Friday 27 November 2026 we are open 12:00 to 15:00"),
        ("what's your phone number", "+44 20 7946 0000"),
    ],
)
async def test_the_profile_answers_where_no_tool_does(text: str, words: str) -> None:
    assert words in await Guest(BOOK).say(text)


@pytest.mark.parametrize(
    "text",
    ["are you a human?", "am I talking to a bot", "is this a real person?", "who are you",
     "hello", "help"],
)  # fmt: skip
async def test_it_says_what_it_is_and_what_it_can_do(text: str) -> None:
    said = await Guest().say(text)
    assert "automated assistant running without a language model" in said
    assert "I'd like to book a table" in said


@pytest.mark.parametrize("text", ["what is the meaning of life", "asdfgh", "\U0001f980", "..."])
async def test_a_miss_is_short_at_first(text: str) -> None:
    guest = Guest()
    assert await guest.say(text) == (
        "Sorry, I did not understand that. Could you put it in other words?"
    )
    said = await guest.say(text)
    assert "automated assistant running without a language model" in said
    assert "I'd like to book a table" in said
    assert (await guest.say(text)).endswith("You can call us on +44 20 7946 0000.")
    assert "open" in (await guest.say("when are you open?")).lower()
    assert "in other words" in await guest.say(text)


async def test_thanks_and_goodbye_are_short() -> None:
    guest = Guest()
    assert "welcome" in await guest.say("thanks a lot!")
    assert "Goodbye" in await guest.say("bye")


async def test_two_tools_that_fit_equally_are_offered() -> None:
    first = tool("order_cake", "Order a cake.", "I want a cake", size={"type": "integer"})
    second = tool("taste_cake", "Taste a cake.", "I want a cake", day=DATE)
    guest = Guest(first, second)
    assert "1." in await guest.say("I want a cake")
    assert "size" in await guest.say("the first one")


async def test_another_pack_works_from_its_schema_alone() -> None:
    guest = Guest(PLUMBER, answers={"request_plumber": lambda arguments: {"ticket": "P-1"}})
    assert "urgency" in await guest.say("Hi, there is a leak under my sink")
    assert "postcode" in await guest.say("it's an emergency!")
    assert "phone" in await guest.say("sw1a 1aa")
    assert "access notes" in await guest.say("020 7946 0123")
    said = await guest.say("Ring twice, the dog is friendly")
    assert "leak" in said
    assert "Shall I request a plumber" in said
    assert "P-1" in await guest.say("yes")
    assert guest.made("request_plumber") == [
        {"problem": "leak", "urgency": "emergency", "postcode": "SW1A 1AA",
         "phone": "+442079460123", "notes": "Ring twice, the dog is friendly"}
    ]  # fmt: skip


async def test_stating_an_enum_by_number_and_a_text_that_is_too_long() -> None:
    guest = Guest(PLUMBER)
    assert "leak, blocked drain, no hot water or other" in await guest.say("I need a plumber")
    assert "urgency" in await guest.say("the second")
    await guest.say("this week")
    await guest.say("SW1A 1AA, 020 7946 0123")
    assert "at most 100" in await guest.say("x" * 101)


async def test_two_dates_fill_two_fields() -> None:
    stay = tool("book_room", "Book a room.", "I'd like a room", confirm=True,
                check_in=DATE, check_out=DATE, adults={"type": "integer", "minimum": 1})  # fmt: skip
    guest = Guest(stay)
    said = await guest.say("I'd like a room from 5 december to 8 december for 2 adults")
    assert "check in: Saturday 5 December 2026" in said
    assert "check out: Tuesday 8 December 2026" in said


async def test_times_are_written_as_the_schema_wants_them() -> None:
    rfc = tool(
        "set_alarm", "Set an alarm.", "Set an alarm", at_time={"type": "string", "format": "time"}
    )
    guest = Guest(rfc, answers={"set_alarm": lambda arguments: {}})
    await guest.say("set an alarm at 7pm")
    assert guest.made("set_alarm") == [{"at_time": "19:00:00Z"}]


async def test_lists_are_shown_line_by_line() -> None:
    menu = tool("get_menu", "Show the menu.", "What's on the menu?")
    dishes = {"currency": "GBP", "items": [
        {"id": "1", "name": "Fig tart", "price": 750, "description": "with cream"}]}  # fmt: skip
    guest = Guest(menu, answers={"get_menu": lambda arguments: dishes})
    said = await guest.say("can I see the menu")
    assert "- Fig tart: £7.50, with cream" in said


async def test_it_goes_on_where_another_model_stopped() -> None:
    guest = Guest(BOOK)
    guest.messages += [
        Message("user", (Situation("x"), Text("I'd like to book a table for 4 tomorrow"))),
        Message("assistant", (Opaque("claude", {"x": 1}), Text("Gladly! At what time?"))),
    ]
    said = await guest.say("7pm")
    assert "4 people, Monday 23 November 2026, 19:00" in said
    assert "name" in said


async def test_the_result_of_another_models_call_is_told() -> None:
    guest = Guest()
    call = ToolCall("toolu_1", "get_hours", {})
    guest.messages += [
        Message("user", (Text("when are you open?"),)),
        Message("assistant", (Opaque("claude", {}), ToolUse(call))),
        Message("user", (ToolResult("toolu_1", '{"message": "Every day."}'),)),
    ]
    reply = await guest._round()  # pyright: ignore[reportPrivateUsage]
    assert reply.text == "Every day."


async def test_a_state_that_cannot_be_read_is_a_fresh_start() -> None:
    guest = Guest()
    guest.messages += [
        Message("user", (Text("hi"),)),
        Message("assistant", (Opaque("offline", {"filled": 7}), Text("Hello"))),
    ]
    assert "How many people" in await guest.say("book a table")


async def test_it_answers_in_words_when_it_may_not_call() -> None:
    guest = Guest()
    await guest.say("table for 4 tomorrow at 7pm, name is Zoe Smith, 020 7946 0123")
    guest.messages.append(Message("user", (Text("yes"),)))
    request = ModelRequest(
        tools=RESTAURANT, system=(), messages=tuple(guest.messages), max_tokens=99, may_call=False,
        business=FIG, now=NOON, conversation="c1",
    )  # fmt: skip
    reply = [part async for part in Offline().stream(request)][-1]
    assert isinstance(reply, ModelReply)
    assert not reply.calls
    assert reply.text


async def test_replies_are_the_same_every_time() -> None:
    first, second = Guest(), Guest()
    for guest in (first, second):
        await guest.say("table for 4 tomorrow at 7pm, name is Zoe Smith, 020 7946 0123")
        await guest.say("yes")
    assert first.messages == second.messages


async def test_it_costs_nothing_and_comes_from_the_hook() -> None:
    (model,) = register_models()
    assert model.name == "offline"
    await model.warm_up()
    guest = Guest()
    guest.messages.append(Message("user", (Text("hi"),)))
    reply = await guest._round()  # pyright: ignore[reportPrivateUsage]
    assert (reply.model, reply.usage.input, reply.usage.cost) == ("offline-rules/1", 0, 0)
    await model.close()


async def test_the_restaurant_pack_books_through_the_desk(tmp_path: Path) -> None:
    folder = files("frontdesk_packs.restaurant")
    business = read_toml((folder / "business.example.toml").read_text())
    async with open_desk(tmp_path) as test:
        await test.add_business(business)
        talk = await test.conversation(business.id)
        for text in ("Hi, can I book a table for four tomorrow at 7pm?", "Zoe Smith"):
            await talk.say(text)
        read_back = await talk.say("212 555 0123")
        assert read_back
        assert "Table for 4 on Mon, Nov 23, 7:00 PM, for Zoe Smith" in read_back.content
        await talk.say("yes")
        assert [(done.tool, done.status) for done in talk.actions] == [("create_booking", "done")]
