"""What a `FakeClaude` can answer, and how that looks on the wire."""

from collections.abc import Iterator, Mapping
from typing import Any, Literal

import msgspec

PIECE = 12
"""Characters of a delta, unless a reply says otherwise."""


class Say(msgspec.Struct, frozen=True):
    """A text block, one delta per part."""

    parts: tuple[str, ...]


class Call(msgspec.Struct, frozen=True):
    """A tool_use block. `json` is sent as it is, also when it is broken or not finished."""

    name: str
    json: str = "{}"
    id: str = ""
    """Empty: the server makes one."""
    closed: bool = True
    """False: the block has no content_block_stop."""


class Think(msgspec.Struct, frozen=True):
    """A thinking block. The server accepts it back only as it was sent."""

    text: str = ""
    signature: str = ""
    """Empty: the server makes one."""


Block = Say | Call | Think
Ending = Literal["complete", "abort", "early", "silence", "error"]


class Failure(msgspec.Struct, frozen=True):
    """An answer with an error status, or the error event of a stream that broke."""

    status: int
    type: str
    message: str = "Something is wrong"
    code: str = ""
    headers: Mapping[str, str] = {}

    def body(self, request_id: str) -> dict[str, Any]:
        error: dict[str, Any] = {"type": self.type, "message": self.message}
        if self.code:
            error["details"] = {"error_code": self.code}
        return {"type": "error", "error": error, "request_id": request_id}


class Silence(msgspec.Struct, frozen=True):
    """The request is read and never answered."""


class Reply(msgspec.Struct, frozen=True, kw_only=True):
    """A streamed message. The methods return changed copies."""

    blocks: tuple[Block, ...]
    stop: str | None = "end_turn"
    delay: float = 0.0
    """Seconds before the response begins."""
    pace: float = 0.0
    """Seconds before each delta; 0 sends the whole reply at once."""
    cut: int = 0
    """Bytes per write, whatever they cut apart; 0 writes whole events."""
    newline: bytes = b"\n"
    ending: Ending = "complete"
    after: int = 0
    """Deltas before the ending, when it is not "complete"."""
    failure: Failure | None = None

    def paced(self, seconds: float) -> "Reply":
        return msgspec.structs.replace(self, pace=seconds)

    def delayed(self, seconds: float) -> "Reply":
        return msgspec.structs.replace(self, delay=seconds)

    def cut_every(self, count: int, newline: bytes = b"\n") -> "Reply":
        """Write the response in pieces of `count` bytes."""
        return msgspec.structs.replace(self, cut=count, newline=newline)

    def aborts(self, after: int) -> "Reply":
        """Reset the TCP connection after so many deltas."""
        return msgspec.structs.replace(self, ending="abort", after=after)

    def ends_early(self, after: int) -> "Reply":
        """End the response properly, without message_stop, after so many deltas."""
        return msgspec.structs.replace(self, ending="early", after=after)

    def falls_silent(self, after: int) -> "Reply":
        """Send nothing more after so many deltas, and keep the connection."""
        return msgspec.structs.replace(self, ending="silence", after=after)

    def breaks(self, type_: str, after: int, message: str = "Something is wrong") -> "Reply":
        """Send an error event after so many deltas."""
        failure = Failure(200, type_, message)
        return msgspec.structs.replace(self, ending="error", after=after, failure=failure)


def call(name: str, arguments: Mapping[str, Any] | None = None, id_: str = "") -> Call:
    """A complete call. Without arguments not a single fragment of JSON is sent."""
    json = "" if not arguments else msgspec.json.encode(arguments).decode()
    return Call(name, json, id_)


def says(text: str, deltas: int = 0) -> Reply:
    """Words, in so many deltas, or in pieces of a few characters."""
    return Reply(blocks=(Say(_pieces(text, deltas)),))


def calls(*wanted: Call, text: str = "") -> Reply:
    """Calls in one reply, after the words if there are some."""
    before = (Say(_pieces(text)),) if text else ()
    return Reply(blocks=(*before, *wanted), stop="tool_use")


def thinks(reply: Reply, text: str = "", signature: str = "") -> Reply:
    """The reply with a thinking block in front."""
    return msgspec.structs.replace(reply, blocks=(Think(text, signature), *reply.blocks))


def cut_call(name: str, json: str, *, closed: bool = True, text: str = "") -> Reply:
    """The output limit is reached within the arguments of a call."""
    reply = calls(Call(name, json, closed=closed), text=text)
    return msgspec.structs.replace(reply, stop="max_tokens")


def refuses(text: str = "") -> Reply:
    before = (Say(_pieces(text)),) if text else ()
    return Reply(blocks=before, stop="refusal")


def says_nothing(stop: str = "end_turn") -> Reply:
    """A message without content."""
    return Reply(blocks=(), stop=stop)


def fails(
    status: int,
    type_: str,
    message: str = "Something is wrong",
    *,
    code: str = "",
    retry_after: str = "",
    headers: Mapping[str, str] | None = None,
) -> Failure:
    """An error before the stream begins, for example `fails(529, "overloaded_error")`."""
    more = {"retry-after": retry_after} if retry_after else {}
    return Failure(status, type_, message, code, {**more, **(headers or {})})


class Event(msgspec.Struct, frozen=True):
    name: str
    data: dict[str, Any]

    @property
    def is_delta(self) -> bool:
        return self.name == "content_block_delta"

    def encode(self, newline: bytes) -> bytes:
        data = msgspec.json.encode({"type": self.name, **self.data})
        return b"event: " + self.name.encode() + newline + b"data: " + data + newline + newline


def events(reply: Reply, head: dict[str, Any]) -> Iterator[Event]:
    """All events of a message. `head` is the message of message_start; ids are filled in."""
    yield Event("message_start", {"message": head})
    yield Event("ping", {})
    written = 0
    for index, block in enumerate(reply.blocks):
        start, deltas = _block(block, f"{head['id'].removeprefix('msg_')}_{index}")
        yield Event("content_block_start", {"index": index, "content_block": start})
        for delta in deltas:
            written += sum(len(value) for value in delta.values()) - len(delta["type"])
            yield Event("content_block_delta", {"index": index, "delta": delta})
        if not (isinstance(block, Call) and not block.closed):
            yield Event("content_block_stop", {"index": index})
    end: dict[str, Any] = {"stop_reason": reply.stop, "stop_sequence": None}
    if reply.stop == "refusal":
        end["stop_details"] = {"type": "refusal", "category": "general_harms"}
    usage = {"output_tokens": tokens(written)}
    yield Event("message_delta", {"delta": end, "usage": usage})
    yield Event("message_stop", {})


def tokens(characters: int) -> int:
    """Rough, and never 0."""
    return characters // 4 + 1


def _block(block: Block, name: str) -> tuple[dict[str, Any], list[dict[str, str]]]:
    """The empty block, and the deltas that fill it."""
    match block:
        case Say(parts=parts):
            texts = [{"type": "text_delta", "text": part} for part in parts]
            return {"type": "text", "text": ""}, texts
        case Call(name=tool, json=json, id=id_):
            fragments = ("", *_pieces(json)) if json else ()
            start: dict[str, Any] = {"type": "tool_use", "name": tool, "input": {}}
            start["id"] = id_ or f"toolu_{name}"
            return start, [{"type": "input_json_delta", "partial_json": f} for f in fragments]
        case Think(text=text, signature=signature):
            thoughts = [{"type": "thinking_delta", "thinking": piece} for piece in _pieces(text)]
            end = {"type": "signature_delta", "signature": signature or f"sig+/{name}=="}
            return {"type": "thinking", "thinking": "", "signature": ""}, [*thoughts, end]


def _pieces(text: str, count: int = 0) -> tuple[str, ...]:
    """`count` pieces of about the same length, or as many as there are of the usual length."""
    if not text:
        return ()
    size = max(1, -(-len(text) // count)) if count else PIECE
    return tuple(text[start : start + size] for start in range(0, len(text), size))
