"""Where in a file a value stands, so that messages can name the line."""

import re
from typing import Any

_HEADER = re.compile(r"^\s*\[(\[?)\s*([^\[\]]+?)\s*\]\]?\s*(#.*)?$")
_KEY = re.compile(
    r"""^\s*((?:[A-Za-z0-9_-]+|"[^"]*"|'[^']*')(?:\s*\.\s*(?:[A-Za-z0-9_-]+|"[^"]*"|'[^']*'))*)\s*="""
)


def toml_line(text: str, key: str) -> int:
    """The line (from 1) of a dotted key such as `server.port` or `exceptions.2.date`.

    Numbers count the tables of an array of tables from 0. For a key that is not there, the line of
    its nearest parent.
    """
    wanted = tuple(part for part in re.split(r"[.\[\]]+", key) if part and part != "...")
    best, best_depth = 1, 0
    counts: dict[str, int] = {}
    table: tuple[str, ...] = ()
    for number, line in enumerate(text.splitlines(), 1):
        here: tuple[str, ...] | None = None
        if header := _HEADER.match(line):
            name = ".".join(_parts(header[2]))
            if header[1]:
                counts[name] = counts.get(name, -1) + 1
            table = _with_counts(_parts(header[2]), counts)
            here = table
        elif found := _KEY.match(line):
            here = table + _parts(found[1])
        if here is not None:
            depth = _shared(here, wanted)
            if depth == len(here) and depth > best_depth:
                best, best_depth = number, depth
    return best


def _parts(dotted: str) -> tuple[str, ...]:
    return tuple(part.strip().strip("\"'") for part in dotted.split("."))


def _with_counts(parts: tuple[str, ...], counts: dict[str, int]) -> tuple[str, ...]:
    numbered: list[str] = []
    for n, part in enumerate(parts):
        numbered.append(part)
        name = ".".join(parts[: n + 1])
        if name in counts:
            numbered.append(str(counts[name]))
    return tuple(numbered)


def _shared(here: tuple[str, ...], wanted: tuple[str, ...]) -> int:
    depth = 0
    for a, b in zip(here, wanted, strict=False):
        if a != b:
            break
        depth += 1
    return depth


def json_line(text: str, pointer: str) -> int:
    """The line (from 1) of a JSON Pointer (RFC 6901) in a JSON text; of its nearest parent if absent."""
    parts = [p.replace("~1", "/").replace("~0", "~") for p in pointer.split("/")[1:]]
    position = 0
    for part in parts:
        found = re.compile(re.escape(f'"{part}"') + r"\s*:").search(text, position)
        if found is None:
            break
        position = found.end()
    return text.count("\n", 0, position) + 1


def duplicate_keys(text: str) -> list[str]:
    """Keys that stand twice in one JSON object; most readers let the last one win in silence."""
    import json  # noqa: PLC0415  only checking packs needs the hook of the standard library

    twice: list[str] = []

    def pairs(items: list[tuple[str, Any]]) -> dict[str, Any]:
        seen: set[str] = set()
        for key, _ in items:
            if key in seen:
                twice.append(key)
            seen.add(key)
        return dict(items)

    json.loads(text, object_pairs_hook=pairs)
    return twice
