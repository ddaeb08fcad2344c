"""What is remembered between two messages, and the working space for one reply."""

import hashlib
from datetime import datetime
from typing import Any, Literal

import msgspec

from frontdesk.model import Message, ModelRequest, Opaque, ToolCall
from frontdesk.tools import Tool
from frontdesk_plugins.offline.reading import Context
from frontdesk_plugins.offline.slots import Slot, as_dict, slots_of, written

NAME = "offline"

Stage = Literal["", "ask", "pick", "confirm", "change", "leave", "offer", "more", "person", "call"]
"""What was said last: a question for a field, a list to choose from, a read-back, "what shall I
change?", "shall I leave it?", "shall I book that?", "anything else?", "would you like to ask a person?"; or
a call whose result is awaited."""


class Choice(msgspec.Struct, omit_defaults=True):
    """One of several things offered: values for fields, or a tool."""

    label: str
    fields: dict[str, Any] = {}
    tool: str = ""


class Task(msgspec.Struct, omit_defaults=True):
    """A call under way, or one that waits for its turn."""

    tool: str
    filled: dict[str, Any] = {}
    needs: str = ""
    """The field that the tool asked for, and what it said."""
    why: str = ""
    choices: list[Choice] = []


class State(msgspec.Struct, omit_defaults=True):
    tool: str = ""
    stage: Stage = ""
    asked: str = ""
    """The field that the last question was about."""
    filled: dict[str, Any] = {}
    maybe: dict[str, list[Any]] = {}
    """Fields with several possible readings."""
    choices: list[Choice] = []
    checked: dict[str, Any] = {}
    """The arguments whose availability is known."""
    free: bool = False
    """What is known of them."""
    known: dict[str, Any] = {}
    """Who the customer is, and references, for the next task."""
    misses: int = 0
    """How often in a row an answer was not understood."""
    purpose: Literal["", "do", "check", "empty"] = ""
    """Why the calls that are under way were made. Not by their ids: the engine gives its own."""
    running: list[Task] = []
    """The calls that are under way, in their order."""
    waiting: list[Task] = []
    """What comes after the task in hand: the same message asked for it too."""
    later: list[str] = []
    """Wishes of the same message that were not heard yet."""
    proposed: dict[str, Any] = {}
    """The arguments that the customer is asked to agree to. The tool is called with them a second
    time only after a yes."""
    read_back: str = ""
    """The words of that proposal."""
    begun: Task | None = None
    """The last thing that went into an order under way: "make that two" is about it."""
    ordered_last: bool = False
    """The last reply was about something that went into the order."""
    last: str = ""
    """The tool that told something last: "and on Sunday?" asks it again."""
    last_day: str = ""
    """The ISO date that it told of: "and on the 24th?" is of the same month."""
    lines: list[dict[str, Any]] = []
    """The lines of that order, as the tool that takes one out names them."""
    told_end: bool = False
    """The customer knows how to end an order."""
    tried: list[str] = []
    """The tools that were searched in vain for this question."""
    why: str = ""
    """What the first of them said."""
    needed: str = ""
    """A field that the tool asked for, though its schema does not require it."""
    question: str = ""
    """What it said for that."""
    failures: int = 0
    """How often in a row a tool refused."""
    count: int = 0
    topic: str = ""
    """What the customer asked, to choose what of a result is shown."""
    held: list[str] = []
    """Words that wait for the result of a call: a turn's texts are shown without a gap."""
    paused: dict[str, Any] = {}
    """The task to go back to after a question in between."""
    made: Task | None = None
    """The last booking that was made, with its values: "book it again"."""
    done: str = ""
    """The tool of the last booking that was made: what is said next may be about it."""

    def kept(self) -> "State":
        """What lasts longer than a task."""
        return State(
            known=self.known, count=self.count, done=self.done, begun=self.begun,
            lines=self.lines, last=self.last, told_end=self.told_end, made=self.made,
            last_day=self.last_day,
            misses=self.misses, topic=self.topic, later=self.later, ordered_last=self.ordered_last,
        )  # fmt: skip


class Talk:
    """One reply in the making."""

    def __init__(self, request: ModelRequest) -> None:
        self.request = request
        self.usable = tuple(tool for tool in request.tools if _can_be_filled(tool))
        self.tools = {tool.name: tool for tool in self.usable}
        self.context = Context(request.business, request.now)
        own = own_state(request.messages)
        self.is_new = own is None
        self.state = own or State()
        if self.state.tool and self.state.tool not in self.tools:
            self.state = self.state.kept()
        self.said: list[str] = self.state.held
        self.state.held = []
        self.calls: list[ToolCall] = []
        self.troubles: dict[str, str] = {}
        """Why a field has to be asked for again."""

    @property
    def tool(self) -> Tool | None:
        return self.tools.get(self.state.tool)

    @property
    def slots(self) -> tuple[Slot, ...]:
        return slots_of(self.tool) if self.tool else ()

    def slot(self, name: str) -> Slot | None:
        return next((slot for slot in self.slots if slot.name == name), None)

    def say(self, text: str) -> None:
        if text:
            self.said.append(text)

    def call(
        self,
        tool: Tool,
        purpose: Literal["do", "check", "empty"],
        filled: dict[str, Any] | None = None,
    ) -> None:
        """Call the tool with what is filled in of its fields, or with `filled`."""
        state = self.state
        filled = state.filled if filled is None else filled
        values = arguments(tool, filled)
        state.count += 1
        mark = call_id(self.request.conversation, self.request.now, state.count, tool.name, values)
        state.purpose, state.stage = purpose, "call"
        state.running.append(Task(tool.name, dict(filled)))
        self.calls.append(ToolCall(mark, tool.name, values))

    def end(self) -> None:
        """The task is over. What is known of the customer stays, a paused task comes back."""
        state = self.state
        contact = {
            slot.name: state.filled[slot.name]
            for slot in self.slots
            if slot.kind in {"name", "phone", "email"} and slot.name in state.filled
        }
        kept = state.kept()
        resumed = msgspec.convert(state.paused, State) if state.paused else kept
        resumed.known, resumed.count, resumed.done = kept.known | contact, kept.count, kept.done
        resumed.begun, resumed.later, resumed.waiting = kept.begun, kept.later, state.waiting
        resumed.lines, resumed.misses, resumed.last = kept.lines, kept.misses, kept.last
        resumed.made, resumed.last_day = kept.made, kept.last_day
        resumed.told_end, resumed.ordered_last = kept.told_end, kept.ordered_last
        self.state = resumed


def arguments(tool: Tool, filled: dict[str, Any]) -> dict[str, Any]:
    """The fields as the tool's schema wants them."""
    return {
        slot.name: written(slot, filled[slot.name])
        for slot in slots_of(tool)
        if slot.name in filled
    }


def _can_be_filled(tool: Tool) -> bool:
    """False for tools that need nested data, which a dialogue of single questions cannot gather."""
    return not any(slot.required and slot.kind == "unknown" for slot in slots_of(tool))


def call_id(conversation: str, now: datetime, count: int, tool: str, arguments: Any) -> str:
    """The same in every run, different for every call of a conversation."""
    seed = msgspec.json.encode([conversation, now.isoformat(), count, tool, arguments])
    return "off_" + hashlib.sha256(seed).hexdigest()[:20]


def own_state(messages: tuple[Message, ...]) -> State | None:
    """The state after our last words, when no other model has spoken since and it can be read.

    The engine's own words, and calls that a button made, carry no data of any model.
    """
    for message in reversed(messages):
        data = next((block for block in message.blocks if isinstance(block, Opaque)), None)
        if message.role == "assistant" and data:
            return _read(data)
    return None


def _read(data: Opaque) -> State | None:
    try:
        return msgspec.convert(as_dict(data.data), State) if data.model == NAME else None
    except msgspec.ValidationError:
        return None


def opaque(state: State) -> Opaque:
    return Opaque(NAME, msgspec.to_builtins(state))
