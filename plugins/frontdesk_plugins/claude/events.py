"""Server-sent events of the Messages API: how they are cut out of bytes, and what is in them.

Fields that are not used here are not listed, and unknown ones are no error: the API adds some
without notice.
"""

from typing import Any

import msgspec


class Splitter:
    """Cuts a response into events. The bytes may come cut anywhere; lines end in LF or CRLF."""

    def __init__(self) -> None:
        self._rest = b""
        self._name = b""
        self._data: list[bytes] = []

    def feed(self, chunk: bytes) -> list[tuple[bytes, bytes]]:
        """The events that these bytes complete, as (name, JSON)."""
        lines = (self._rest + chunk).splitlines(keepends=True)
        self._rest = b""
        if lines and not lines[-1].endswith(b"\n"):
            self._rest = lines.pop()  # unfinished, or the CR of a CRLF that was cut apart
        found: list[tuple[bytes, bytes]] = []
        for raw in lines:
            line = raw.rstrip(b"\r\n")
            if line.startswith(b"data:"):
                self._data.append(line[5:])
            elif line.startswith(b"event:"):
                self._name = line[6:].strip()
            elif not line:
                if self._data:
                    found.append((self._name, b"\n".join(self._data)))
                    self._data = []
                self._name = b""
        return found


class Consumed(msgspec.Struct, frozen=True):
    input_tokens: int | None = None
    output_tokens: int | None = None
    cache_read_input_tokens: int | None = None
    cache_creation_input_tokens: int | None = None


class Head(msgspec.Struct, frozen=True):
    usage: Consumed = Consumed()
    model: str = ""


class MessageStart(msgspec.Struct, frozen=True):
    message: Head


class BlockStart(msgspec.Struct, frozen=True):
    index: int
    content_block: dict[str, Any]


class Delta(msgspec.Struct, frozen=True):
    """Of any type; each type uses another field, and unknown ones use none."""

    text: str = ""
    partial_json: str = ""
    thinking: str = ""
    signature: str = ""


class BlockDelta(msgspec.Struct, frozen=True):
    index: int
    delta: Delta


class BlockStop(msgspec.Struct, frozen=True):
    index: int


class Stop(msgspec.Struct, frozen=True):
    stop_reason: str | None = None


class MessageDelta(msgspec.Struct, frozen=True):
    delta: Stop = Stop()
    usage: Consumed = Consumed()


class Fault(msgspec.Struct, frozen=True):
    type: str = ""
    message: str = ""
    details: dict[str, Any] | None = None


class Error(msgspec.Struct, frozen=True):
    error: Fault = Fault()
