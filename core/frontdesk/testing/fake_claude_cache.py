"""How much of a prompt would have come from the prompt cache."""

from collections.abc import Iterator
from typing import Any

import msgspec

LOOK_BACK = 20
"""Blocks before a breakpoint in which the API looks for an entry."""


class Accounted(msgspec.Struct, frozen=True):
    """A prompt in rough tokens (a quarter of its JSON's length)."""

    input: int
    cache_read: int
    cache_write: int

    @property
    def cached_share(self) -> float:
        """Of the whole prompt, 0 to 1."""
        return self.cache_read / max(1, self.input + self.cache_read + self.cache_write)

    def wire(self) -> dict[str, int]:
        return {
            "input_tokens": self.input,
            "cache_read_input_tokens": self.cache_read,
            "cache_creation_input_tokens": self.cache_write,
        }


class PromptCache:
    """Entries are written at the breakpoints of a request, and found from later breakpoints.

    Like the API it keeps nothing of a prefix with fewer than `minimum` tokens, silently.
    """

    def __init__(self, minimum: int) -> None:
        self._minimum = minimum
        self._entries: set[int] = set()

    def account(self, body: dict[str, Any]) -> Accounted:
        prefixes: list[tuple[int, int]] = []  # (hash, tokens), after each block
        breakpoints: list[int] = []
        seen, size = hash(body.get("model")), 0
        for index, (block, marked) in enumerate(_blocks(body)):
            seen, size = hash((seen, block)), size + len(block)
            prefixes.append((seen, size // 4))
            if marked:
                breakpoints.append(index)
        read = max((self._found(prefixes, at) for at in breakpoints), default=0)
        total = size // 4
        end = prefixes[breakpoints[-1]][1] if breakpoints else 0
        written = max(read, end if end >= self._minimum else 0)
        for at in breakpoints:
            key, count = prefixes[at]
            if count >= self._minimum:
                self._entries.add(key)
        return Accounted(input=total - written, cache_read=read, cache_write=written - read)

    def _found(self, prefixes: list[tuple[int, int]], at: int) -> int:
        for index in range(at, max(-1, at - LOOK_BACK), -1):
            key, count = prefixes[index]
            if key in self._entries:
                return count
        return 0


def _blocks(body: dict[str, Any]) -> Iterator[tuple[bytes, bool]]:
    """All blocks in the order of the prompt, without their marks, and whether they are marked."""
    for tool in body.get("tools", ()):
        yield _plain("tool", tool)
    system = body.get("system", ())
    for block in [{"type": "text", "text": system}] if isinstance(system, str) else system:
        yield _plain("system", block)
    for message in body["messages"]:
        content = message["content"]
        if isinstance(content, str):
            content = [{"type": "text", "text": content}]
        for block in content:
            yield _plain(message["role"], block)


def _plain(role: str, block: dict[str, Any]) -> tuple[bytes, bool]:
    bare = {key: value for key, value in block.items() if key != "cache_control"}
    return msgspec.json.encode((role, bare)), "cache_control" in block
