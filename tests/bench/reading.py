"""The cheapest way to read a stream of the Messages API: cut at blank lines, decode what is used."""

from typing import Any

import msgspec

from .shared import Said


class _Delta(msgspec.Struct, frozen=True):
    text: str = ""
    partial_json: str = ""


class _Event(msgspec.Struct):
    type: str
    delta: _Delta = _Delta()
    content_block: dict[str, Any] = {}


_decode = msgspec.json.Decoder(_Event).decode


class Reading:
    """Takes the bytes of one response as they come."""

    def __init__(self) -> None:
        self._rest = b""
        self._blocks: list[dict[str, Any]] = []
        self._parts: list[str] = []

    def feed(self, chunk: bytes) -> str:
        """The text in these bytes, in one piece however many deltas there were."""
        *events, self._rest = (self._rest + chunk).split(b"\n\n")
        shown: list[str] = []
        for raw in events:
            event = _decode(raw[raw.index(b"data: ") + 6 :])
            if event.type == "content_block_delta":
                self._parts.append(event.delta.text or event.delta.partial_json)
                shown.append(event.delta.text)
            elif event.type == "content_block_start":
                self._blocks.append(event.content_block)
                self._parts = []
            elif event.type == "content_block_stop":
                self._close()
        return "".join(shown)

    def said(self) -> Said:
        return Said(self._blocks)

    def _close(self) -> None:
        block, content = self._blocks[-1], "".join(self._parts)
        if block["type"] == "text":
            block["text"] = content
        else:
            block["input"] = msgspec.json.decode(content or "{}")
