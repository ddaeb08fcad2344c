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

Stage = Literal["", "ask", "pick", "confirm", "change", "leave", "offer", "call"]
"""What was said last: a question for a field, a list to choose from, a read-back, "what shall I
change?", "shall I leave it?", "shall I book that?"; or a call whose result is awaited."""


class Choice(msgspec.Struct, omit_defaults=True):
    """One of several things offered: values for fields, or a tool."""

    label: str
    fields: dict[str, Any] = {}
    tool: str = ""


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
    purpose: Literal["", "do", "check"] = ""
    """Why the call that is under way was made. Not by its id: the engine may give it another."""
    count: int = 0
    topic: str = ""
    """What the customer asked, to choose what of a result is shown."""
    held: list[str] = []
    """Words that wait for the result of a call: a turn's texts are shown without a gap."""
    paused: dict[str, Any] = {}
    """The task to go back to after a question in between."""
    done: str = ""
    """The tool of the last booking that was made: what is said next may be about it."""

    def kept(self) -> "State":
        """What lasts longer than a task."""
        return State(known=self.known, count=self.count, done=self.done)


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

    def call(self, tool: Tool, purpose: Literal["do", "check"]) -> None:
        """Call the tool with what is filled in of its fields."""
        filled, state = self.state.filled, self.state
        arguments = {
            slot.name: written(slot, filled[slot.name])
            for slot in slots_of(tool)
            if slot.name in filled
        }
        state.count += 1
        mark = call_id(
            self.request.conversation, self.request.now, state.count, tool.name, arguments
        )
        state.purpose, state.stage = purpose, "call"
        self.calls.append(ToolCall(mark, tool.name, arguments))

    def end(self) -> None:
        """The task is over. What is known of the customer stays, a paused task comes back."""
        state = self.state
        contact = {
            slot.name: state.filled[slot.name]
            for slot in self.slots
            if slot.kind in {"name", "phone", "email"} and slot.name in state.filled
        }
        known = state.known | contact
        resumed = msgspec.convert(state.paused, State) if state.paused else State()
        resumed.known, resumed.count, resumed.done = known, state.count, state.done
        self.state = resumed


def _can_be_filled(tool: Tool) -> bool:
    """False for tools that need nested data, which a dialogue of single questions cannot gather."""
    return not any(slot.required and slot.kind == "unknown" for slot in slots_of(tool))


def call_id(conversation: str, now: datetime, count: int, tool: str, arguments: Any) -> str:
    """The same in every run, different for every call of a conversation."""
    seed = msgspec.json.encode([conversation, now.isoformat(), count, tool, arguments])
    return "off_" + hashlib.sha256(seed).hexdigest()[:20]


def own_state(messages: tuple[Message, ...]) -> State | None:
    """The state in the last message of the desk, when it is one of ours and can be read."""
    last = next((m for m in reversed(messages) if m.role == "assistant"), None)
    for block in last.blocks if last else ():
        if isinstance(block, Opaque) and block.model == NAME:
            try:
                return msgspec.convert(as_dict(block.data), State)
            except msgspec.ValidationError:
                return None
    return None


def opaque(state: State) -> Opaque:
    return Opaque(NAME, msgspec.to_builtins(state))
