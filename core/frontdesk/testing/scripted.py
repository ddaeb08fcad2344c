"""A model that says what the test wrote, and checks every request as the real API would."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterable
from typing import Any

from frontdesk.ids import new_id
from frontdesk.model import (
    Message,
    ModelError,
    ModelReply,
    ModelRequest,
    Situation,
    Text,
    TextDelta,
    ToolCall,
    ToolResult,
    ToolUse,
    Usage,
)


class Call:
    """A tool call in a step: Call("create_booking", party_size=4, ...)."""

    def __init__(self, name: str, /, **arguments: Any) -> None:
        self.name = name
        self.arguments = arguments


Step = str | Call | list["str | Call"] | ModelReply | ModelError | Callable[[ModelRequest], Any]
"""One reply: words, a call, several of both, a whole reply, an error to raise, or a function of
the request that returns (or awaits to) one of these."""


class ScriptedModel:
    """Give it the replies in order. It records `requests`, and what of them is not legal."""

    def __init__(self, *steps: Step, name: str = "scripted") -> None:
        self.name = name
        self.steps: list[Step] = list(steps)
        self.requests: list[ModelRequest] = []
        self.violations: list[str] = []
        """What the Messages API would have refused. `open_desk` fails a test that has some."""
        self.pause: asyncio.Event | None = None
        """When set to an Event, every reply waits for it after its first delta."""

    def then(self, *steps: Step) -> None:
        self.steps += steps

    async def stream(self, request: ModelRequest) -> AsyncIterator[TextDelta | ModelReply]:
        self.violations += check_history(request.messages)
        self.requests.append(request)
        if not self.steps:
            raise ModelError("server", "the script has no step left", retryable=False)
        step: Any = self.steps.pop(0)
        while callable(step):
            step = step(request)
            if asyncio.iscoroutine(step):
                step = await step
        if isinstance(step, ModelError):
            raise step
        reply = step if isinstance(step, ModelReply) else _reply(step, self.name)
        for n, piece in enumerate(_pieces(reply.text)):
            yield TextDelta(piece)
            if n == 0 and self.pause is not None:
                await self.pause.wait()
        yield reply

    async def warm_up(self) -> None: ...

    async def close(self) -> None: ...


def _reply(step: "str | Call | Iterable[str | Call]", name: str) -> ModelReply:
    parts = [step] if isinstance(step, str | Call) else list(step)
    calls = tuple(
        ToolCall(new_id(), part.name, part.arguments) for part in parts if isinstance(part, Call)
    )
    return ModelReply(
        model=name,
        text="".join(part for part in parts if isinstance(part, str)),
        calls=calls,
        stop="tool_use" if calls else "end",
        usage=Usage(input=10, output=5, cost=0),
    )


def _pieces(text: str) -> list[str]:
    """Words with the space before them, as a real model streams."""
    pieces: list[str] = []
    for n, word in enumerate(text.split(" ")):
        pieces.append(word if n == 0 else " " + word)
    return [piece for piece in pieces if piece]


def check_history(messages: Iterable[Message]) -> list[str]:
    """What the Messages API would refuse in a history; empty for a legal one."""
    problems: list[str] = []
    merged: list[tuple[str, list[Any]]] = []
    for message in messages:
        if merged and merged[-1][0] == message.role:
            merged[-1][1].extend(message.blocks)
        else:
            merged.append((message.role, list(message.blocks)))
    if not merged or merged[0][0] != "user" or merged[-1][0] != "user":
        problems.append("a history begins and ends with a user message")
    seen: set[str] = set()
    waiting: list[str] = []
    for role, blocks in merged:
        if not blocks:
            problems.append(f"an empty {role} message")
        if any(isinstance(b, Text | Situation) and not b.text.strip() for b in blocks):
            problems.append("a text block without text")
        answered = [b.call_id for b in blocks if isinstance(b, ToolResult)]
        if sorted(answered) != sorted(waiting):
            problems.append(f"calls {waiting} are answered by {answered}")
        if answered and not all(isinstance(b, ToolResult) for b in blocks[: len(answered)]):
            problems.append("results must come first in their message")
        waiting = [b.call.id for b in blocks if isinstance(b, ToolUse)]
        if seen & set(waiting) or len(set(waiting)) < len(waiting):
            problems.append("a call id stands twice")
        seen |= set(waiting)
    if waiting:
        problems.append(f"calls without an outcome: {waiting}")
    return problems
