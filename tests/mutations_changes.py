"""How a file is made wrong, for tests of what is said of it."""

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

Change = Callable[[str], str]


class Mutation(NamedTuple):
    name: str
    file: str
    """Which it changes; what is said must name this one and a line of it."""
    change: Change | None
    """None: the file is taken away."""
    said: str
    """A regular expression that the report of it must contain."""


def replaced(old: str, new: str) -> Change:
    def change(text: str) -> str:
        assert old in text, old
        return text.replace(old, new, 1)

    return change


def without_line(start: str) -> Change:
    def change(text: str) -> str:
        lines = text.splitlines(keepends=True)
        assert any(line.startswith(start) for line in lines), start
        return "".join(line for line in lines if not line.startswith(start))

    return change


def added(more: str) -> Change:
    return lambda text: text + more


def valued(key: str, value: str) -> Change:
    """The line of a key with another value."""

    def change(text: str) -> str:
        return re.sub(rf"^{key} = .*$", f"{key} = {value}", text, flags=re.MULTILINE)

    return change


def json_set(path: str, value: Any) -> Change:
    """Set what a dotted path leads to; `...` takes it away."""

    def change(text: str) -> str:
        tree = json.loads(text)
        node = tree
        *way, last = path.split(".")
        for part in way:
            node = node[part]
        if value is ...:
            del node[last]
        else:
            node[last] = value
        return json.dumps(tree, indent=2)

    return change


def write(text: str, file: Path) -> None:
    file.write_bytes(text.encode("utf-8", "surrogateescape"))
