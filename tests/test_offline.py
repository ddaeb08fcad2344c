"""Dialogues with the offline model, driven as the engine drives a model."""

from collections.abc import Callable
from datetime import datetime
from importlib.resources import files
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import msgspec
import pytest

from frontdesk import consent, gate
from frontdesk.business import Business, Faq, Hours
from frontdesk.model import (
    Block,
    Message,
    Model,
    ModelReply,
    ModelRequest,
    Opaque,
    Situation,
    Text,
    TextDelta,
    ToolCall,
    ToolResult,
    ToolUse,
)
from frontdesk.testing import open_desk, read_toml
from frontdesk.tools import Checker, Tool
from frontdesk_plugins.offline import Offline, register_models

PARTY = {"type": "integer", "minimum": 1, "maximum": 20, "description": "Number of guests."}
DATE = {"type": "string", "format": "date"}
TIME = {"type": "string", "pattern": r"^([01]\d|2[0-3]):[0-5]\d$"}


def tool(
    name: str, about: str, /, *examples: str, confirm: bool = False, **properties: Any
) -> Tool:
    """A tool. Properties whose name ends with "_" are optional."""
    return Tool(
        name=name, description=about, action=name, confirm=confirm, examples=examples,
        input_schema={
            "type": "object", "additionalProperties": False,
            "properties": {key.removesuffix("_"): value for key, value in properties.items()},
            "required": [key for key in properties if not key.endswith("_")],
        },
    )  # fmt: skip


BOOK = tool(
    "create_booking", "Book a table for a date and time.",
    "I'd like to book a table", "Can I reserve a table for two tomorrow at 8?",
    confirm=True,
    party_size=PARTY, date=DATE, time=TIME, name={"type": "string", "minLength": 1},
    phone={"type": "string", "minLength": 6}, notes_={"type": "string", "maxLength": 200},
)  # fmt: skip
CHECK = tool(
    "check_availability", "Find out whether a table is free.",
    "Do you have a table free on Friday?", "Is there anything available tomorrow at 8?",
    party_size=PARTY, date=DATE, time=TIME,
)  # fmt: skip
LOOKUP = tool(
    "lookup_booking", "Find an existing booking.",
    "What time is my booking?", "Can you find my reservation?",
    reference={"type": "string", "title": "booking reference"},
)  # fmt: skip
CANCEL = tool(
    "cancel_booking", "Cancel an existing booking.",
    "I want to cancel my booking", "Please cancel my reservation",
    confirm=True, reference={"type": "string", "title": "booking reference"},
)  # fmt: skip
HOURS = tool(
    "get_hours", "Tell the opening hours, of a date if one is given.",
    "When are you open?", "Are you open on Friday?", "What are your opening hours?",
    date_=DATE,
)  # fmt: skip
INFO = tool(
    "get_business_info", "Tell address, telephone and other facts of the business.",
    "Where are you?", "What's your address?", "What's your phone number?",
)  # fmt: skip
RESTAURANT = (BOOK, CANCEL, CHECK, INFO, HOURS, LOOKUP)

PLUMBER = tool(
    "request_plumber", "Ask for a plumber to come to the customer's home.",
    "I need a plumber", "My boiler is broken", "There's a leak in my bathroom",
    confirm=True,
    problem={"type": "string", "enum": ["leak", "blocked_drain", "no_hot_water", "other"]},
    urgency={"type": "string", "enum": ["emergency", "today", "this_week", "flexible"]},
    postcode={"type": "string", "pattern": r"^[A-Z]{1,2}\d[A-Z\d]? \d[A-Z]{2}$"},
    phone={"type": "string", "minLength": 6},
    notes={"type": "string", "title": "access notes", "maxLength": 100},
    tenant_={"type": "boolean"},
)  # fmt: skip

FIG = Business(
    id="fig", name="The Fig", timezone="Europe/London", locale="en-GB", country="GB",
    phone="+44 20 7946 0000", address="1 Fig Lane, London",
    hours=Hours(*[("12:00-15:00", "18:00-23:00")] * 7),
    facts={"parking": "There is free parking behind the house.", "dogs": "Dogs are welcome."},
    faq=(Faq("Do you have vegan dishes?", "Yes, a third of our menu is vegan."),),
)  # fmt: skip
DINER = msgspec.structs.replace(
    FIG, timezone="America/New_York", locale="en-US", country="US",
    hours=Hours(*[("07:00-23:00",)] * 7),
)  # fmt: skip
NOON = datetime(2026, 11, 22, 12, 0, tzinfo=ZoneInfo("Europe/London"))
BOOKED = {"message": "You are booked.", "reference": "FIG-7K2Q"}

Answer = Callable[[dict[str, Any]], Any]


class RefusalError(Exception):
    """What a scripted action raises: the text of an error result."""


def available(arguments: dict[str, Any]) -> dict[str, Any]:
    return {"available": True, "alternatives": []}


def refuse(text: Any) -> Answer:
    def answer(arguments: dict[str, Any]) -> Any:
        raise RefusalError(text if isinstance(text, str) else msgspec.json.encode(text).decode())

    return answer


class Guest:
    """A customer at the desk: what they say, the calls it led to, and the replies."""

    def __init__(
        self,
        *tools: Tool,
        business: Business = FIG,
        now: datetime = NOON,
        answers: dict[str, Answer] | None = None,
    ) -> None:
        self.tools = tools or RESTAURANT
        self.business, self.now = business, now
        given: dict[str, Answer] = {
            "create_booking": lambda arguments: BOOKED, "check_availability": available,
            "get_hours": lambda arguments: {"message": "Open every day."},
        }  # fmt: skip
        self.answers = given | (answers or {})
        self.messages: list[Message] = []
        self.calls: list[ToolCall] = []
        """What was carried out."""
        self.tried = 0
        """How many calls there were, carried out or not."""
        self.proposing: dict[str, Answer] = {}
        """By tool: what its action answers to a proposal; else the engine reads the fields back."""
        self.proposed: dict[str, dict[str, Any]] = {}
        """The arguments of the open proposals, by tool."""
        self.answer = ""
        """What this turn's message is to them: "yes", "no", or neither; empty to those made in it."""
        self.model: Model = Offline()

    async def say(self, *texts: str) -> str:
        """One turn: all rounds until the model answers without a call. Returns its words."""
        text = "\n".join(texts)
        cancels = any(name.startswith("cancel") for name in self.proposed)
        self.answer = consent.answer(text, "en", cancels=cancels)
        if self.answer == "no":
            self.proposed.clear()
        blocks: list[Block] = [Situation("It is Sunday noon.")]
        self.messages.append(Message("user", (*blocks, *map(Text, texts))))
        said: list[str] = []
        for _ in range(5):
            reply = await self._round()
            said.append(reply.text)
            assert not (reply.text and reply.calls)
            if not reply.calls:
                return "\n".join(part for part in said if part)
            self.messages.append(Message("user", tuple(map(self._carry_out, reply.calls))))
        raise AssertionError("the model does not stop calling")

    async def _round(self) -> ModelReply:
        request = ModelRequest(
            tools=self.tools, system=("You are a receptionist.",), messages=tuple(self.messages),
            max_tokens=500, business=self.business, now=self.now, conversation="c1",
        )  # fmt: skip
        parts = [part async for part in self.model.stream(request)]
        reply = parts[-1]
        assert isinstance(reply, ModelReply)
        deltas = [part.text for part in parts if isinstance(part, TextDelta)]
        assert len(deltas) == len(parts) - 1
        assert "".join(deltas) == reply.text
        assert all(deltas)
        assert reply.opaque is not None
        state = msgspec.json.decode(msgspec.json.encode(reply.opaque.data))
        blocks: list[Block] = [Opaque("offline", state)]
        blocks += [Text(reply.text)] if reply.text else []
        # The engine gives calls ids of its own.
        calls = tuple(
            msgspec.structs.replace(call, id=f"call_{len(self.messages)}_{n}")
            for n, call in enumerate(reply.calls)
        )
        self.messages.append(Message("assistant", (*blocks, *map(ToolUse, calls))))
        return msgspec.structs.replace(reply, calls=calls)

    def _carry_out(self, call: ToolCall) -> ToolResult:
        self.tried += 1
        declared = next(one for one in self.tools if one.name == call.name)
        assert not Checker(declared.input_schema).problems(call.arguments)
        assert call.id not in [one.id for one in self.calls]
        try:
            if declared.confirm and (text := self._gate(declared, call)):
                return ToolResult(call.id, text, is_error=True)
            self.calls.append(call)
            result = self.answers[call.name](call.arguments)
        except RefusalError as refusal:
            return ToolResult(call.id, str(refusal), is_error=True)
        return ToolResult(call.id, msgspec.json.encode(result).decode())

    def _gate(self, declared: Tool, call: ToolCall) -> str:
        """The engine's gate in short: nothing when the call is to be carried out."""
        if self.proposed.get(call.name) == call.arguments:
            assert self.answer, "it was called again before anyone answered"
            if self.answer == "yes":
                del self.proposed[call.name]
                return ""
            return f"Refused (1 problem). Nothing was done.\n{gate.REFUSALS['unclear']}"
        said: dict[str, Any] = {"message": "What you gave.", "arguments": call.arguments}
        if call.name in self.proposing:
            said = self.proposing[call.name](call.arguments)
        self.proposed[call.name], self.answer = call.arguments, ""
        outcome = said | {"proposalId": call.id, "status": "needs_confirmation"}
        return msgspec.json.encode(outcome).decode()

    def made(self, name: str) -> list[dict[str, Any]]:
        return [call.arguments for call in self.calls if call.name == name]

    @property
    def booked(self) -> list[dict[str, Any]]:
        return self.made("create_booking")


ZOE = {
    "party_size": 4, "date": "2026-11-23", "time": "19:00", "name": "Zoe Smith",
    "phone": "+442079460123",
}  # fmt: skip


async def test_a_booking_in_four_messages() -> None:
    guest = Guest()
    assert "name" in await guest.say("Hi, can I book a table for four tomorrow at 7pm?")
    assert "phone" in await guest.say("Zoe Smith")
    read_back = await guest.say("020 7946 0123")
    assert "4 people, Monday 23 November 2026, 19:00, Zoe Smith, +44 20 7946 0123" in read_back
    assert not guest.booked
    assert await guest.say("yes") == "You are booked."
    assert guest.booked == [ZOE]


async def test_name_and_phone_in_one_message() -> None:
    guest = Guest()
    await guest.say("can i book a table for 4 tmrw at 7")
    assert "Shall I book" in await guest.say("Zoe Smith, 020 7946 0123")
    await guest.say("yes please!")
    assert guest.booked == [ZOE]


async def test_everything_in_one_message() -> None:
    guest = Guest()
    said = await guest.say(
        "I'd like a table for four tomorrow at 7pm, name is Zoe Smith, 020 7946 0123"
    )
    assert "Shall I book" in said
    await guest.say("Yes, that's right, thanks")
    assert guest.booked == [ZOE]


async def test_one_question_at_a_time_in_the_order_of_required() -> None:
    guest = Guest()
    assert "How many people" in await guest.say("I want to book a table")
    assert "date" in await guest.say("four")
    assert "time" in await guest.say("tomorrow")
    assert "name" in await guest.say("7")
    assert "phone" in await guest.say("it's Zoe Smith")
    await guest.say("020 7946 0123")
    await guest.say("ok")
    assert guest.booked == [ZOE]


async def test_an_answer_that_fits_another_field_fills_that_one() -> None:
    guest = Guest()
    await guest.say("book a table please")
    assert "How many people" in await guest.say("tomorrow at 7pm")
    assert "name" in await guest.say("4")


async def test_several_short_messages_are_read_together() -> None:
    guest = Guest()
    assert "name" in await guest.say("hi", "a table for 4 please", "tomorrow at 7pm")


@pytest.mark.parametrize("doubt", ["yes?", "I guess", "not sure", "yes no", "ok but wait", "hm"])
async def test_only_a_clear_yes_books(doubt: str) -> None:
    guest = Guest()
    await guest.say("table for four tomorrow at 7pm, name is Zoe Smith, 020 7946 0123")
    await guest.say(doubt)
    assert not guest.booked


@pytest.mark.parametrize(
    ("correction", "field", "value"),
    [
        ("make it 5", "party_size", 5),
        ("no, at 8", "time", "20:00"),
        ("yes but at 8pm please", "time", "20:00"),
        ("actually there will be six of us", "party_size", 6),
        ("Tuesday instead", "date", "2026-11-24"),
        ("the name is Ann Lee", "name", "Ann Lee"),
        ("wrong number, it's 020 7946 0999", "phone", "+442079460999"),
        ("8:30 would be better", "time", "20:30"),
        ("can we do 8 instead of 7?", "time", "20:00"),
    ],
)
async def test_a_correction_is_read_back_again(correction: str, field: str, value: Any) -> None:
    guest = Guest()
    await guest.say("table for four tomorrow at 7pm, name is Zoe Smith, 020 7946 0123")
    assert "Shall I book" in await guest.say(correction)
    assert not guest.booked
    await guest.say("yes")
    assert guest.booked == [ZOE | {field: value}]


async def test_no_asks_what_to_change() -> None:
    guest = Guest()
    await guest.say("table for four tomorrow at 7pm, name is Zoe Smith, 020 7946 0123")
    assert "change" in await guest.say("no")
    assert "time" in await guest.say("the time")
    assert "20:00" in await guest.say("8")
    await guest.say("yes")
    assert guest.booked == [ZOE | {"time": "20:00"}]


@pytest.mark.parametrize("word", ["never mind", "stop", "cancel", "Forget it.", "no thanks"])
async def test_dropping_it(word: str) -> None:
    guest = Guest()
    await guest.say("table for four tomorrow at 7pm, name is Zoe Smith, 020 7946 0123")
    await guest.say(word)
    await guest.say("yes")
    assert not guest.booked


async def test_yes_and_no_are_no_names() -> None:
    guest = Guest()
    await guest.say("a table for 4 tomorrow at 7pm")
    for word in ("yes", "no", "sure"):
        assert "name" in await guest.say(word)


async def test_a_limit_is_explained() -> None:
    guest = Guest()
    said = await guest.say("a table for 40 tomorrow at 7pm")
    assert "from 1 to 20" in said
    assert "How many people" in said


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("book a table for 2 on 31 february", "There is no 31 February"),
        ("book a table for 2 yesterday", "already over"),
        ("book a table for 2 today at 10am", "already over"),
        ("book a table for 2 on 28 march 2027 at 1:30am", "clocks change"),
        ("book a table for 2 next friday", "27 November 2026 or Friday 4 December 2026"),
        ("book a table for 2 on friday 5 december", "not a Friday"),
        ("book a table for 2 tomorrow at 4", "04:00 or 16:00"),
    ],
)
async def test_what_cannot_be_or_is_unclear_is_asked(text: str, words: str) -> None:
    assert words in await Guest().say(text)


@pytest.mark.parametrize(
    ("answer", "day"),
    [
        ("the first", "2026-11-27"), ("the second one", "2026-12-04"), ("4 December", "2026-12-04"),
        ("the 27th", "2026-11-27"), ("the later one", "2026-12-04"), ("2", "2026-12-04"),
        ("this friday", "2026-11-27"), ("dec 4th please", "2026-12-04"),
    ],
)  # fmt: skip
async def test_choosing_between_two_dates(answer: str, day: str) -> None:
    guest = Guest(BOOK)
    await guest.say("table for 4 next friday at 7pm, name is Zoe Smith, 020 7946 0123")
    assert "Shall I book" in await guest.say(answer)
    await guest.say("yes")
    assert guest.booked == [ZOE | {"date": day}]


async def test_am_or_pm_is_asked_where_both_are_open() -> None:
    guest = Guest(BOOK, business=DINER, now=NOON.astimezone(ZoneInfo("America/New_York")))
    said = await guest.say("table for 4 tomorrow at 8, name is Zoe Smith, 212 555 0123")
    assert "8:00 AM or 8:00 PM" in said
    assert "8:00 PM, Zoe Smith, +1 212-555-0123" in await guest.say("in the evening")


async def test_the_availability_is_checked_before_the_name_is_asked() -> None:
    guest = Guest()
    await guest.say("a table for 4 tomorrow at 7pm")
    assert guest.made("check_availability") == [
        {"party_size": 4, "date": "2026-11-23", "time": "19:00"}
    ]


def only_at(*walls: str) -> Answer:
    def answer(arguments: dict[str, Any]) -> dict[str, Any]:
        labels = [{"date": "2026-11-23", "time": wall, "slot_id": wall, "label": f"Monday, {wall}"}
                  for wall in walls]  # fmt: skip
        free = arguments["time"] in walls
        return {"available": free, "alternatives": [] if free else labels}

    return answer


@pytest.mark.parametrize(
    ("answer", "wall"),
    [
        ("the second one", "20:30"), ("2", "20:30"), ("18:30", "18:30"), ("the first", "18:30"),
        ("8.30 then", "20:30"), ("9 then", "21:00"), ("half six", "18:30"), ("the last", "21:00"),
        ("the latest", "21:00"), ("option 1 please", "18:30"), ("yes, 9pm", "21:00"),
    ],
)  # fmt: skip
async def test_picking_an_alternative(answer: str, wall: str) -> None:
    guest = Guest(answers={"check_availability": only_at("18:30", "20:30", "21:00")})
    said = await guest.say("table for 4 tomorrow at 7pm, name is Zoe Smith, 020 7946 0123")
    assert "1. Monday, 18:30" in said
    await guest.say(answer)
    await guest.say("yes")
    assert guest.booked == [ZOE | {"time": wall}]


async def test_another_time_than_the_alternatives() -> None:
    guest = Guest(answers={"check_availability": only_at("18:30", "20:30")})
    await guest.say("table for 4 tomorrow at 7pm")
    assert "1. Monday, 18:30" in await guest.say("what about 8?")
    assert "Which other date or time" in await guest.say("none of these")
    assert "name" in await guest.say("18:30")


async def test_a_booking_that_fails_offers_alternatives() -> None:
    failure = {"message": "That table has just gone.", "alternatives": [
        {"date": "2026-11-23", "time": "20:30", "label": "20:30"}]}  # fmt: skip
    guest = Guest(answers={"create_booking": refuse(failure)})
    await guest.say("table for 4 tomorrow at 7pm, name is Zoe Smith, 020 7946 0123")
    said = await guest.say("yes")
    assert "That table has just gone." in said
    assert "1. 20:30" in said
    guest.answers["create_booking"] = lambda arguments: BOOKED
    assert "Shall I book" in await guest.say("yes")
    assert await guest.say("yes") == "You are booked."


async def test_a_problem_with_a_field_opens_it_again() -> None:
    guest = Guest(answers={"create_booking": refuse("/phone: is not a number that exists")})
    await guest.say("table for 4 tomorrow at 7pm, name is Zoe Smith, 020 7946 0123")
    said = await guest.say("yes")
    assert "Is not a number that exists." in said
    assert "phone number" in said
    guest.answers["create_booking"] = lambda arguments: BOOKED
    await guest.say("020 7946 0999")
    await guest.say("yes")
    assert guest.booked[-1]["phone"] == "+442079460999"


async def test_a_failure_without_reason_claims_nothing() -> None:
    guest = Guest(answers={"create_booking": refuse("")})
    await guest.say("table for 4 tomorrow at 7pm, name is Zoe Smith, 020 7946 0123")
    said = await guest.say("yes")
    assert "did not work" in said
    assert "booked" not in said


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
