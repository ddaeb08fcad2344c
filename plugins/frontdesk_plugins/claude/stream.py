"""A response of the Messages API, from bytes to text and calls.

The SDK's own event objects cost ten times as much per event, read the growing JSON of a call again
with each fragment, and show a call that was cut off as if it were complete.
"""

from typing import Any

import msgspec

from frontdesk import ModelError, Usage
from frontdesk.model import StopReason, ToolCall
from frontdesk_plugins.claude import events
from frontdesk_plugins.claude.errors import from_event
from frontdesk_plugins.claude.events import Splitter

CUT = "cut off by the output limit; nothing was executed"
NOT_JSON = "the arguments are not valid JSON"

_STOPS: dict[str, StopReason] = {
    "end_turn": "end",
    "stop_sequence": "end",
    "tool_use": "tool_use",
    "max_tokens": "max_tokens",
    "model_context_window_exceeded": "context_full",
    "refusal": "refusal",
    "pause_turn": "pause",
}


class _Block:
    """A content block while it is being written. Text blocks keep nothing: `Reader.text` has it."""

    def __init__(self, start: dict[str, Any]) -> None:
        self.start = start
        self.type: str = start.get("type", "")
        self.json: list[str] = []
        self.thinking: list[str] = []
        self.signature: list[str] = []
        self.finished = False

    def call(self, *, cut: bool) -> ToolCall:
        """`cut` says that the reply ended by a limit while this was its last block."""
        text = "".join(self.json)
        arguments: dict[str, Any] = {}
        problem = "" if self.finished else CUT
        if not problem and text.strip():
            try:
                arguments = _decode_arguments(text)
            except msgspec.DecodeError:
                problem = CUT if cut else NOT_JSON
        elif cut:
            problem = CUT  # no fragments mean "no arguments", but not here
        return ToolCall(self.start.get("id", ""), self.start.get("name", ""), arguments, problem)

    def opaque(self) -> dict[str, Any]:
        """As the API wants it back: unchanged."""
        block = dict(self.start)
        if self.thinking:
            block["thinking"] = str(block.get("thinking") or "") + "".join(self.thinking)
        if self.signature:
            block["signature"] = str(block.get("signature") or "") + "".join(self.signature)
        return block


class Reader:
    """Takes the bytes of one response as they come, cut anywhere, and puts the reply together."""

    def __init__(self) -> None:
        self.done = False
        """The message is complete."""
        self.fault: ModelError | None = None
        """Why the message will never be complete."""
        self.begun = False
        """The API reported what the prompt costs."""
        self.model = ""
        self._splitter = Splitter()
        self._blocks: dict[int, _Block] = {}
        self._last: _Block | None = None
        self._shown: list[str] = []
        self._new: list[str] = []
        self._written = 0
        self._stop: str | None = None
        self._start = events.Consumed()
        self._end = events.Consumed()

    def feed(self, chunk: bytes) -> str:
        """The words that these bytes add; often none. Look at `done` and `fault` afterwards."""
        self._new = []
        for name, data in self._splitter.feed(chunk):
            try:
                self._take(name, data)
            except (msgspec.DecodeError, UnicodeDecodeError):
                message = "the API sent an event that cannot be read"
                self.fault = ModelError("server", message, retryable=True)
            if self.done or self.fault:
                break
        return "".join(self._new)

    @property
    def text(self) -> str:
        return "".join(self._shown)

    @property
    def stop(self) -> StopReason:
        return _STOPS.get(self._stop or "", "other")

    def calls(self) -> tuple[ToolCall, ...]:
        """None after a refusal: what it had begun is not meant any more."""
        if self.stop == "refusal":
            return ()
        limit = self.stop in ("max_tokens", "context_full")
        return tuple(
            block.call(cut=limit and block is self._last)
            for _, block in sorted(self._blocks.items())
            if block.type == "tool_use"
        )

    def opaque(self) -> list[dict[str, Any]]:
        """Thinking, and blocks that are not known here."""
        return [
            block.opaque()
            for _, block in sorted(self._blocks.items())
            if block.type not in ("text", "tool_use") and block.finished
        ]

    def usage(self) -> Usage:
        """What the API reported so far; the output is a guess when it did not come to report it."""
        if not self.begun:
            return Usage()
        first, last = self._start, self._end
        output = last.output_tokens
        return Usage(
            input=_given(last.input_tokens, first.input_tokens),
            output=self._written // 4 if output is None else output,
            cache_read=_given(last.cache_read_input_tokens, first.cache_read_input_tokens),
            cache_write=_given(last.cache_creation_input_tokens, first.cache_creation_input_tokens),
            estimated=output is None,
        )

    def _take(self, name: bytes, data: bytes) -> None:
        match name:
            case b"content_block_delta":
                self._block_delta(data)
            case b"content_block_start":
                self._block_start(data)
            case b"content_block_stop":
                self._block_stop(data)
            case b"message_start":
                self._message_start(data)
            case b"message_delta":
                self._message_delta(data)
            case b"message_stop":
                self.done = True
            case b"error":
                self._error(data)
            case _:
                pass  # a ping, or something new

    def _message_start(self, data: bytes) -> None:
        head = _decode_message_start(data).message
        self.model, self._start, self.begun = head.model, head.usage, True

    def _block_start(self, data: bytes) -> None:
        event = _decode_block_start(data)
        block = _Block(event.content_block)
        if block.type == "text":
            if self._shown and self._last and self._last.type != "text":
                self._say("\n\n")  # something unseen was between the two texts
            self._say(str(event.content_block.get("text") or ""))
        self._blocks[event.index] = self._last = block

    def _block_delta(self, data: bytes) -> None:
        event = _decode_block_delta(data)
        block, delta = self._blocks.get(event.index), event.delta
        if block is None:
            return
        if delta.text:
            self._say(delta.text)
        elif delta.partial_json:
            block.json.append(delta.partial_json)
            self._written += len(delta.partial_json)
        elif delta.thinking:
            block.thinking.append(delta.thinking)
            self._written += len(delta.thinking)
        elif delta.signature:
            block.signature.append(delta.signature)

    def _block_stop(self, data: bytes) -> None:
        block = self._blocks.get(_decode_block_stop(data).index)
        if block is not None:
            block.finished = True

    def _message_delta(self, data: bytes) -> None:
        event = _decode_message_delta(data)
        self._stop = event.delta.stop_reason or self._stop
        self._end = event.usage

    def _error(self, data: bytes) -> None:
        fault = _decode_error(data).error
        code = (fault.details or {}).get("error_code")
        code = code if isinstance(code, str) else ""
        self.fault = from_event(fault.type, code, fault.message)

    def _say(self, text: str) -> None:
        if text:
            self._shown.append(text)
            self._new.append(text)
            self._written += len(text)


def _given(*numbers: int | None) -> int:
    """The first that was reported."""
    return next((number for number in numbers if number is not None), 0)


_decode_arguments = msgspec.json.Decoder(dict[str, Any]).decode
_decode_message_start = msgspec.json.Decoder(events.MessageStart).decode
_decode_block_start = msgspec.json.Decoder(events.BlockStart).decode
_decode_block_delta = msgspec.json.Decoder(events.BlockDelta).decode
_decode_block_stop = msgspec.json.Decoder(events.BlockStop).decode
_decode_message_delta = msgspec.json.Decoder(events.MessageDelta).decode
_decode_error = msgspec.json.Decoder(events.Error).decode
