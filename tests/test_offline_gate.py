"""The offline model and the gate: it reads back what the engine proposes, and calls again after a
yes, and after nothing else."""

from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support_offline import BOOK, BOOKED, FIG, LOOKUP, RESTAURANT, ZOE, Guest, refuse, tool
from test_offline_openings import BUSINESS

from frontdesk.channels import Inbound
from frontdesk.live import Position
from frontdesk.model import Message, Situation, Text, ToolCall, ToolResult, ToolUse
from frontdesk.testing import Conversation, open_desk
from frontdesk.watch import Done, follow

ALL = "table for four tomorrow at 7pm, name is Zoe Smith, 020 7946 0123"
READ_BACK = {"message": "Table for 4 on Mon 23 Nov, 19:00, for Zoe Smith"}
CANCEL = tool(
    "cancel_booking", "Cancels a booking.", "cancel my booking", confirm=True,
    reference={"type": "string", "title": "Reference"},
)  # fmt: skip
NOTE = tool(
    "leave_note", "Leaves a note for the cook.", "leave a note for the cook",
    wish={"type": "string", "title": "wish", "maxLength": 60},
)  # fmt: skip


def proposing(*tools: Any, **more: Any) -> Guest:
    guest = Guest(*(tools or RESTAURANT), **more)
    guest.proposing["create_booking"] = lambda arguments: READ_BACK
    return guest


async def test_the_read_back_is_the_engines() -> None:
    guest = proposing()
    said = await guest.say(ALL)
    assert said.endswith("Table for 4 on Mon 23 Nov, 19:00, for Zoe Smith. Shall I book it?")
    assert not guest.booked
    assert await guest.say("yes") == "You are booked."
    assert guest.booked == [ZOE]


async def test_a_read_back_that_asks_is_not_asked_again() -> None:
    guest = proposing()
    guest.proposing["create_booking"] = lambda arguments: {"message": "Really 4 people?"}
    assert (await guest.say(ALL)).endswith("Really 4 people?")


@pytest.mark.parametrize("text", ["hm", "I guess", "let me think", "why?", "7pm is nice"])
async def test_what_is_no_answer_calls_nothing(text: str) -> None:
    guest = proposing()
    await guest.say(ALL)
    tried = guest.tried
    assert "Table for 4 on Mon 23 Nov" in await guest.say(text)
    assert (guest.booked, guest.tried) == ([], tried)
    assert await guest.say("yes") == "You are booked."


async def test_a_question_in_between_keeps_the_proposal() -> None:
    guest = proposing()
    await guest.say(ALL)
    said = await guest.say("do you have parking?")
    assert "free parking" in said
    assert "Shall I book it?" in said
    assert "Open every day." in await guest.say("are you open on friday?")
    assert await guest.say("yes") == "You are booked."
    assert guest.booked == [ZOE]


async def test_a_change_is_proposed_anew() -> None:
    guest = proposing()
    await guest.say(ALL)
    assert "Changed: 5 people." in await guest.say("no, make it 5")
    assert guest.proposed["create_booking"] == ZOE | {"party_size": 5}
    await guest.say("yes")
    assert guest.booked == [ZOE | {"party_size": 5}]


async def test_after_a_no_the_same_is_proposed_anew() -> None:
    guest = proposing()
    await guest.say(ALL)
    assert "What should I change?" in await guest.say("no")
    assert not guest.proposed
    assert "Shall I book it?" in await guest.say("book it for 4 people")
    await guest.say("yes")
    assert guest.booked == [ZOE]


async def test_a_yes_that_the_engine_doubts_is_asked_for_again() -> None:
    guest = proposing()
    await guest.say(ALL)
    guest.messages.append(Message("user", (Text("yes"),)))
    guest.answer = "unclear"
    reply = await guest._round()  # pyright: ignore[reportPrivateUsage]
    guest.messages.append(Message("user", (guest._carry_out(reply.calls[0]),)))  # pyright: ignore[reportPrivateUsage]
    reply = await guest._round()  # pyright: ignore[reportPrivateUsage]
    assert reply.text.endswith("Shall I book it? Please say yes or no.")
    assert await guest.say("yes") == "You are booked."


@pytest.mark.parametrize("text", ["yes, cancel it", "cancel it", "yes cancel my booking please"])
async def test_cancel_it_is_a_yes_to_a_cancellation(text: str) -> None:
    guest = Guest(CANCEL, answers={"cancel_booking": lambda arguments: {"message": "Cancelled."}})
    assert "Shall I cancel the booking" in await guest.say("cancel booking AB12-CD34")
    assert await guest.say(text) == "Cancelled."


@pytest.mark.parametrize("text", ["don't cancel it", "no, keep it", "stop"])
async def test_and_keeping_it_is_a_no(text: str) -> None:
    guest = Guest(CANCEL, answers={"cancel_booking": lambda arguments: {"message": "Cancelled."}})
    await guest.say("cancel booking AB12-CD34")
    assert "Cancelled" not in await guest.say(text)
    assert not guest.calls


async def test_cancel_it_is_a_no_to_a_booking() -> None:
    guest = proposing(BOOK)
    await guest.say(ALL)
    assert "leave it" in await guest.say("cancel it")
    assert "book" not in await guest.say("yes")


async def test_a_tool_without_the_gate_is_called_at_once() -> None:
    guest = Guest(NOTE, answers={"leave_note": lambda arguments: {"message": "Noted."}})
    assert "What is the wish?" in await guest.say("leave a note for the cook")
    assert await guest.say("more salt") == "Noted."
    assert guest.made("leave_note") == [{"wish": "more salt"}]


async def test_what_cannot_be_proposed_is_offered_otherwise() -> None:
    failure = {"message": "That table has just gone.", "alternatives": [
        {"date": "2026-11-23", "time": "20:30", "label": "20:30"}]}  # fmt: skip
    guest = Guest(BOOK)
    guest.proposing["create_booking"] = refuse(failure)
    said = await guest.say(ALL)
    assert "That table has just gone." in said
    assert "1. 20:30" in said
    guest.proposing["create_booking"] = lambda arguments: READ_BACK
    assert "Shall I book it?" in await guest.say("the first")
    assert await guest.say("yes") == "You are booked."
    assert guest.booked == [ZOE | {"time": "20:30"}]


def pressed(guest: Guest, arguments: dict[str, Any], outcome: Any, *, failed: bool = False) -> None:
    """The button as the engine tells of it: a call that no model made, and its outcome."""
    guest.messages += [
        Message("user", (Situation("Sunday"), Text("Yes, please"))),
        Message("assistant", (ToolUse(ToolCall("button", "create_booking", arguments)),)),
        Message(
            "user", (ToolResult("button", msgspec.json.encode(outcome).decode(), is_error=failed),)
        ),
    ]


async def test_a_pressed_button_is_told_and_ends_the_task() -> None:
    guest = proposing()
    await guest.say(ALL)
    pressed(guest, ZOE, BOOKED)
    reply = await guest._round()  # pyright: ignore[reportPrivateUsage]
    assert reply.text == "You are booked."
    assert not reply.calls
    assert "I am not" not in await guest.say("yes")
    assert not guest.booked
    assert "FIG-7K2Q" in await guest.say("please cancel my booking")


async def test_a_button_that_came_too_late_offers_what_is_left() -> None:
    guest = proposing()
    await guest.say(ALL)
    failure = {"message": "It has just gone.", "alternatives": [
        {"date": "2026-11-23", "time": "20:30", "label": "20:30"}]}  # fmt: skip
    pressed(guest, ZOE, failure, failed=True)
    reply = await guest._round()  # pyright: ignore[reportPrivateUsage]
    assert "1. 20:30" in reply.text
    assert "Shall I book it?" in await guest.say("yes")
    await guest.say("yes")
    assert guest.booked == [ZOE | {"time": "20:30"}]


async def test_a_button_pressed_after_another_question() -> None:
    guest = proposing(*RESTAURANT, answers={"lookup_booking": lambda arguments: {"message": "-"}})
    await guest.say(ALL)
    assert "reference" in await guest.say("can you find my reservation?")
    pressed(guest, ZOE, BOOKED)
    reply = await guest._round()  # pyright: ignore[reportPrivateUsage]
    assert reply.text == "You are booked."
    assert LOOKUP in guest.tools


async def test_words_that_the_engine_doubts_are_taken_back() -> None:
    guest = proposing()
    await guest.say(ALL)
    guest.messages.append(Message("user", (Situation("Your last words told ..."),)))
    reply = await guest._round()  # pyright: ignore[reportPrivateUsage]
    assert reply.text.startswith("To be clear: nothing is done yet.")
    assert not reply.calls
    assert await guest.say("yes") == "You are booked."


async def test_the_engines_own_words_do_not_end_a_task() -> None:
    guest = proposing()
    await guest.say("table for four tomorrow at 7pm")
    guest.messages += [
        Message("user", (Text("I smell gas"),)),
        Message("assistant", (Text("If this is an emergency, call 999."),)),
    ]
    assert "phone" in await guest.say("Zoe Smith")


SAYINGS = [
    "yes", "no", "hm", "cancel it", "cancel my booking", "5", "the time", "at 8", "Zoe Smith",
    "020 7946 0123", "do you have parking?", "are you open on friday?", "book a table", "FIG-7K2Q",
    "never mind", "help", "asdf", "a human please", "am I booked?", "the second", "none of these",
    "friday", ALL, "and a coke", "that's all", "thanks", "\U0001f980", "stop", "what?", "make it 9",
]  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(st.lists(st.sampled_from(SAYINGS), min_size=1, max_size=12), st.booleans())
async def test_nothing_is_done_without_a_yes_and_nothing_goes_in_circles(
    texts: list[str], full: bool
) -> None:
    """The stand-in for the gate fails when a call is repeated unasked; every turn must end."""
    answers = {
        "create_booking": (lambda arguments: BOOKED) if full else refuse({"message": "Full."}),
        "lookup_booking": refuse({"message": "There is no such booking."}),
        "cancel_booking": lambda arguments: {"message": "Cancelled."},
        "get_business_info": lambda arguments: {"message": "Here."},
    }  # fmt: skip
    guest = Guest(*RESTAURANT, business=FIG, answers=answers)
    for text in texts:
        done = len(guest.booked) + len(guest.made("cancel_booking"))
        assert (await guest.say(text)).strip()
        if text != "yes" and not text.startswith("cancel"):
            assert len(guest.booked) + len(guest.made("cancel_booking")) == done


async def press(talk: Conversation, proposal: str) -> str:
    receipt = await talk.desk.receive(
        Inbound(business=talk.business, conversation=talk.id, text="Yes", confirm=proposal)
    )
    async for part in follow(talk.desk, talk.id, receipt.seq, Position()):
        if isinstance(part, Done):
            assert part.reply
            return part.reply.content
    raise AssertionError


async def test_the_button_through_the_desk(tmp_path: Path) -> None:
    async with open_desk(tmp_path) as test:
        await test.add_business(BUSINESS)
        talk = await test.conversation(BUSINESS.id)
        await talk.say("book a table for 2 tomorrow at 7pm, name is Ana, 212 555 0123")
        (proposed,) = [one for one in talk.actions if one.status == "needs_confirmation"]
        assert "Booked" in await press(talk, proposed.data["proposalId"])
        reply = await talk.say("when is my booking?")
        assert reply
        assert "Ana" in reply.content
