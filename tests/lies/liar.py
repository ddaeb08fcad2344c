"""A model that does everything wrong that a model can do, from a seed."""

import random
from collections.abc import AsyncIterator
from typing import Any

from frontdesk.ids import new_id
from frontdesk.model import (
    ModelError,
    ModelReply,
    ModelRequest,
    Situation,
    StopReason,
    Text,
    TextDelta,
    ToolCall,
    ToolResult,
    Usage,
)
from frontdesk.testing.scripted import check_history

LIES = {
    "booked": (
        "You're all booked for {day} at {time}!",
        "Done! Your table is reserved.",
        "I've booked your table for {time}.",
        "Your reservation is confirmed, see you then.",
        "Consider it booked.",
        "I have booked a table under your name, reference {reference}.",
    ),
    "cancelled": (
        "I've cancelled your booking.",
        "Your reservation has been cancelled.",
        "Your booking {reference} is now cancelled.",
    ),
    "ordered": (
        "Your order has been placed.",
        "I've placed your order, it will be ready at {time}.",
        "Your order is confirmed!",
    ),
}
DENIALS = (
    "Sorry, that was wrong: nothing is booked yet.",
    "I'm sorry, I was mistaken. Nothing has been booked, ordered or cancelled.",
)
HARMLESS = (
    "How many people will come?",
    "Shall I book it?",
    "We have a garage round the corner.",
    "I could book that for you once you tell me your name.",
    "Would you like anything else?",
    "It is not booked yet.",
)
ITEMS = ("Margherita", "Tiramisu", "Espresso", "Unicorn steak", "", "margherita; DROP TABLE event")


class Liar:
    """`bait` are references of strangers, `victims` the names of strangers."""

    name = "liar"

    def __init__(self, seed: int, bait: list[str], day: str) -> None:
        self.dice = random.Random(seed)
        self.bait = bait
        self.day = day
        self.violations: list[str] = []
        self.steps: list[tuple[str, dict[str, Any] | None]] = []
        """(words, arguments of a booking) to say in earnest, before the lies begin."""
        self.told: list[tuple[str, str]] = []
        """(kind, words) of every lie."""

    async def stream(self, request: ModelRequest) -> AsyncIterator[TextDelta | ModelReply]:
        self.violations += check_history(request.messages)
        if self.steps:
            yield _earnest(*self.steps.pop(0))
            return
        roll = self.dice.random()
        if roll < 0.02:
            raise ModelError("server", "down", retryable=False)
        text, calls = self._reply(request)
        if text:
            yield TextDelta(text)
        if 0.02 <= roll < 0.03 and text:
            raise ModelError("connection", "cut", retryable=True)
        stop: StopReason = "tool_use" if calls else "end"
        if 0.03 <= roll < 0.04:
            stop, calls = "max_tokens", ()
        yield ModelReply(
            model=self.name, text=text, calls=calls, stop=stop, usage=Usage(input=9, output=9, cost=0)
        )  # fmt: skip

    def _reply(self, request: ModelRequest) -> tuple[str, tuple[ToolCall, ...]]:
        kinds = ["lie", "harmless", "deny", "calls", "lie and call", "echo", "nothing"]
        last = request.messages[-1].blocks[-1]
        weights = [3, 3, 1, 7, 2, 1, 0.3] if isinstance(last, Text) else [4, 4, 2, 3, 1, 1, 0.3]
        match self.dice.choices(kinds, weights)[0]:
            case "lie":
                return self._lie(), ()
            case "harmless":
                return self.dice.choice(HARMLESS), ()
            case "deny":
                return self.dice.choice(DENIALS), ()
            case "calls":
                return "", self._calls(request)
            case "lie and call":
                return self._lie(), self._calls(request)
            case "echo":
                return _everything(request), ()
            case _:
                return "", ()

    def _lie(self) -> str:
        kind = self.dice.choice(list(LIES))
        words = self.dice.choice(LIES[kind]).format(
            day=self.dice.choice(["tomorrow", "Friday", "Tuesday"]),
            time=self.dice.choice(["19:00", "7 pm", "20:30"]),
            reference=self.dice.choice([*self.bait, "7F3K-9QXM"]),
        )
        self.told.append((kind, words))
        return words

    def _calls(self, request: ModelRequest) -> tuple[ToolCall, ...]:
        names = [tool.name for tool in request.tools]
        made = [self._call(self.dice.choice(names)) for _ in range(self.dice.choice([1, 1, 1, 2]))]
        if self.dice.random() < 0.15:  # a stutter
            made.append(ToolCall(new_id(), made[-1].name, made[-1].arguments))
        if self.dice.random() < 0.05:
            made.append(ToolCall(new_id(), "drop_tables", {"business": "other"}))
        return tuple(made)

    def _call(self, name: str) -> ToolCall:
        name = self.dice.choice([name, "create_booking", "create_booking", "cancel_booking"])
        arguments = self._arguments(name)
        if self.dice.random() < 0.2:
            arguments = self._forged(arguments)
        return ToolCall(new_id(), name, arguments)

    def _arguments(self, name: str) -> dict[str, Any]:
        reference = self.dice.choice([*self.bait, *self.bait, "AAAA-AAAA", "x"])
        contact = {"name": "Mallory", "phone": "+12125550100"}
        known: dict[str, dict[str, Any]] = {
            "create_booking": {
                "party_size": self.dice.choice([2, 2, 4]),
                "date": self.day,
                "time": self.dice.choice(["19:00", "20:30"]),
                "name": "Ana Known",
                "phone": "+12125550187",
            },
            "check_availability": {"party_size": 2, "date": self.day, "time": "19:00"},
            "cancel_booking": {"reference": reference},
            "lookup_booking": self.dice.choice([{}, {"reference": reference} | contact]),
            "reschedule_booking": {"reference": reference, "date": self.day, "time": "20:30"},
            "add_to_order": {"item": self.dice.choice(ITEMS), "quantity": self.dice.choice([1, 2])},
            "remove_from_order": {"item": "Margherita"},
            "confirm_order": {"fulfilment": "pickup", "name": "Ana Known", "phone": "+12125550187"},
            "order_status": self.dice.choice([{}, {"reference": reference} | contact]),
            "cancel_order": {"reference": reference},
        }
        return dict(known.get(name, {}))

    def _forged(self, arguments: dict[str, Any]) -> dict[str, Any]:
        forged = dict(arguments)
        key = self.dice.choice([*forged, "business", "contact", "conversation", "proposal", "id"])
        forged[key] = self.dice.choice([-1, 0, 10**30, None, True, [], {"a": 1}, "", "x" * 5000])
        if self.dice.random() < 0.3 and forged:
            forged.pop(self.dice.choice(list(forged)))
        return forged

    async def warm_up(self) -> None: ...

    async def close(self) -> None: ...


def _earnest(text: str, arguments: dict[str, Any] | None) -> ModelReply:
    calls = () if arguments is None else (ToolCall(new_id(), "create_booking", arguments),)
    stop: StopReason = "tool_use" if calls else "end"
    return ModelReply(model="liar", text=text, calls=calls, stop=stop, usage=Usage())


def _everything(request: ModelRequest) -> str:
    """All that the engine let the model see of this customer, said aloud."""
    seen = [
        block.text
        for message in request.messages
        if message.role == "user"
        for block in message.blocks
        if isinstance(block, Text | Situation | ToolResult)
        and not block.text.startswith("Your last words")  # which would take the lie back
    ]
    return "I repeat: " + " | ".join(seen)[-3000:] + "."
