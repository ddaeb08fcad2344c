"""What the engine needs of a language model, and what it hands one."""

from collections.abc import AsyncIterator
from datetime import datetime
from typing import Any, Literal, Protocol

import msgspec

from frontdesk.business import Business
from frontdesk.errors import FrontdeskError
from frontdesk.tools import Tool

StopReason = Literal["end", "tool_use", "max_tokens", "refusal", "context_full", "pause", "other"]


class Usage(msgspec.Struct, frozen=True, omit_defaults=True):
    """What one call consumed. The whole prompt is `input + cache_read + cache_write` tokens."""

    input: int = 0
    output: int = 0
    cache_read: int = 0
    cache_write: int = 0
    cost: int | None = None
    """Millionths of a US dollar; None when the price is not known, never 0 for "do not know"."""
    estimated: bool = False
    """True when the provider never reported the numbers, as for a stream that was cut."""


class ToolCall(msgspec.Struct, frozen=True, omit_defaults=True):
    """A call as the model wrote it, before any check."""

    id: str
    name: str
    arguments: dict[str, Any] = {}
    problem: str = ""
    """Why the arguments could not be read (cut off, not JSON). Such a call is never carried out."""


class Opaque(msgspec.Struct, frozen=True, tag="opaque"):
    """Something only the model called `model` understands: kept, and given back to it unchanged."""

    model: str
    data: Any


class Text(msgspec.Struct, frozen=True, tag="text"):
    """Words of the customer (role user) or of the desk (role assistant)."""

    text: str


class Situation(msgspec.Struct, frozen=True, tag="situation"):
    """What is true at this moment (time, opening, contact), put beside the newest customer message."""

    text: str


class ToolUse(msgspec.Struct, frozen=True, tag="tool_use"):
    call: ToolCall


class ToolResult(msgspec.Struct, frozen=True, tag="tool_result"):
    """The one outcome of a call. `text` is never empty."""

    call_id: str
    text: str
    is_error: bool = False


Block = Text | Situation | ToolUse | ToolResult | Opaque


class Message(msgspec.Struct, frozen=True):
    role: Literal["user", "assistant"]
    blocks: tuple[Block, ...]


class ModelRequest(msgspec.Struct, frozen=True, kw_only=True):
    """One call of a model. What comes first changes least, so that prompt caches work."""

    tools: tuple[Tool, ...]
    system: tuple[str, ...]
    """Blocks of the system prompt, the most stable first; a cache breakpoint belongs after each."""
    messages: tuple[Message, ...]
    max_tokens: int
    may_call: bool = True
    """False: the model must answer in words now."""
    business: Business
    now: datetime
    """Aware, in the business's time zone."""
    conversation: str
    """An opaque id that a provider may use against abuse; never a name or a number."""
    seconds: float = 60.0
    """What is left of the turn's time: the call has to end within it."""


class TextDelta(msgspec.Struct, frozen=True):
    """The next piece of the reply, never empty."""

    text: str


class ModelReply(msgspec.Struct, frozen=True, kw_only=True):
    """The end of a stream: all of the text, and the calls in the model's order."""

    model: str
    text: str
    calls: tuple[ToolCall, ...] = ()
    stop: StopReason = "end"
    usage: Usage = Usage()
    opaque: Opaque | None = None
    request_id: str = ""


class ModelError(FrontdeskError):
    """A model did not answer, or broke off.

    `kind` is a stable word for logs and metrics: `rate_limit`, `overloaded`, `connection`,
    `timeout`, `cut` (the stream ended early), `auth`, `bad_request`, `server`, `spend_limit`.
    `retry_after` is in seconds, None when the provider gave none.
    """

    def __init__(
        self,
        kind: str,
        message: str,
        *,
        retryable: bool,
        retry_after: float | None = None,
        usage: Usage | None = None,
        request_id: str = "",
    ) -> None:
        super().__init__(f"{kind}: {message}")
        self.kind = kind
        self.retryable = retryable
        self.retry_after = retry_after
        self.usage = usage or Usage()
        self.request_id = request_id


class Model(Protocol):
    """A language model. Plugins hand these over from `register_models`."""

    @property
    def name(self) -> str:
        """The word used in `[model] use`, for example "claude"."""
        ...

    def stream(self, request: ModelRequest) -> AsyncIterator[TextDelta | ModelReply]:
        """Text deltas as they come, then exactly one `ModelReply`; or raise `ModelError`.

        Cancelling the consumer must close the connection. The call must end by itself, within
        `request.seconds` at the latest. It does not retry: the engine does (`frontdesk.fallback`).
        """
        ...

    async def warm_up(self) -> None:
        """Called in the background when the first conversation of a process begins."""
        ...

    async def close(self) -> None: ...
