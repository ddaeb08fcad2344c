"""A customer of the offline model, driven as the engine drives a model, and tools to talk of."""

from collections.abc import Callable
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import msgspec

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
from frontdesk.tools import Checker, Tool
from frontdesk_plugins.offline import Offline

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
