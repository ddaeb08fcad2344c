"""What is wrong in a file and where it stands, so that messages can name the line."""

import copy
import re
from typing import Any, TypeVar, cast

import msgspec

T = TypeVar("T")

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


_JSON = re.compile(r'"((?:[^"\\]|\\.)*)"|[\[\]{}:,]|\n')


def json_line(text: str, pointer: str) -> int:
    """The line (from 1) of a JSON Pointer (RFC 6901) in a JSON text; of its nearest parent if absent."""
    places = dict(reversed(_places(text)))
    parts = pointer.split("/")
    for n in range(len(parts), 0, -1):
        if line := places.get("/".join(parts[:n])):
            return line
    return 1


def duplicate_keys(text: str) -> list[tuple[str, int]]:
    """(key, line) of each key that stands again in one JSON object; most readers let the last one
    win in silence."""
    seen: set[str] = set()
    twice: list[tuple[str, int]] = []
    for pointer, line in _places(text):
        if pointer in seen:
            key = pointer.rsplit("/", 1)[-1]
            twice.append((key.replace("~1", "/").replace("~0", "~"), line))
        seen.add(pointer)
    return twice


def _places(text: str) -> list[tuple[str, int]]:
    """(JSON Pointer, line) of every key and element of a JSON text, in order."""
    places: list[tuple[str, int]] = []
    stack: list[str | int] = []  # by open bracket: the key, or the number of the element
    kinds: list[str] = []
    line, key, is_new = 1, "", False
    for token in _JSON.finditer(text):
        mark = token[0]
        if mark == "\n":
            line += 1
            continue
        if is_new and mark != "]":
            places.append((_pointer(stack), line))
        is_new = False
        if mark in "[{":
            kinds.append(mark)
            stack.append(0 if mark == "[" else "")
            is_new = mark == "["
        elif mark in "]}":
            del kinds[-1:], stack[-1:]
        elif mark == ",":
            if kinds and kinds[-1] == "[":
                stack[-1] = int(stack[-1]) + 1
                is_new = True
        elif mark == ":":
            if stack:
                stack[-1] = key
                places.append((_pointer(stack), line))
        else:
            key = _unescaped(token[1])
    return places


def _pointer(parts: list[str | int]) -> str:
    return "".join("/" + str(part).replace("~", "~0").replace("/", "~1") for part in parts)


def _unescaped(key: str) -> str:
    return str(msgspec.json.decode(f'"{key}"')) if "\\" in key else key


def error_line(error: Exception, text: str) -> int:
    """The line of `text` that a TOML error names."""
    if "end of document" in str(error):
        return len(text.splitlines()) or 1
    found = re.search(r"line (\d+)", str(error))
    return int(found[1]) if found else 1


def explained(error: msgspec.ValidationError, of: Any) -> tuple[str, str]:
    """(dotted key such as `exceptions.2.date`, what was expected) of a value that is no `of`."""
    message, _, where = str(error).partition(" - at `$")
    parts = _parts_of(where.strip("`"))
    unknown = re.search(r"unknown field `(.*)`", message)
    missing = re.search(r"missing required field `(.*)`", message)
    if unknown:
        message = "unknown key"
        if fields := _fields(of, parts):
            message += f"; expected one of {', '.join(fields)}"
        parts.append(unknown[1])
    elif missing:
        message = "it is missing"
        parts.append(missing[1])
    return ".".join(parts), message


def convert_all(tree: Any, of: type[T]) -> tuple[T | None, list[tuple[str, str]]]:
    """The value; or None and every (dotted key, what was expected).

    After each that is found it is left out, and the rest looked at again.
    """
    found: list[tuple[str, str]] = []
    gone: set[str] = set()
    tree = copy.deepcopy(tree)
    while True:
        try:
            value = msgspec.convert(tree, of)
        except msgspec.ValidationError as error:
            key, message = explained(error, of)
            if key not in gone:
                found.append((key, message))
            removed = _remove(tree, key.split("."))
            if not removed:
                return None, found + _missing(tree, of, gone | {key for key, _ in found})
            gone.add(removed)
        else:
            return (None if found else value), found


def _missing(tree: Any, of: Any, known: set[str]) -> list[tuple[str, str]]:
    kind = msgspec.inspect.type_info(of)
    if not isinstance(kind, msgspec.inspect.StructType) or not isinstance(tree, dict):
        return []
    needed = [field.encode_name for field in kind.fields if field.required]
    return [(key, "it is missing") for key in needed if key not in tree and key not in known]


def _remove(tree: Any, parts: list[str]) -> str:
    """Take the value at a key out, or the nearest thing around it that can go; what was taken out.

    Nothing when only the whole could go.
    """
    at: list[tuple[dict[str, Any], str, str]] = []  # what could be taken out, the innermost last
    node: Any = tree
    for n, part in enumerate(parts):
        table = cast("dict[str, Any]", node) if isinstance(node, dict) else {}
        items = cast("list[Any]", node) if isinstance(node, list) else []  # type: ignore[redundant-cast]
        if part in table:
            at.append((table, part, ".".join(parts[: n + 1])))
            node = table[part]
        elif part.isdecimal() and int(part) < len(items):
            node = items[int(part)]
        else:
            break
    if not at:
        return ""
    around, key, name = at[-1]
    del around[key]
    return name


def _parts_of(path: str) -> list[str]:
    """`.resources[0].max` as parts; what is behind a key that msgspec does not name is left out."""
    return [part for part in re.split(r"[.\[\]]+", path.partition("[...]")[0]) if part]


def _fields(of: Any, parts: list[str]) -> list[str]:
    """The keys of the Struct at a path of a type; none when there is no Struct."""
    kind: Any = msgspec.inspect.type_info(of)
    for part in parts:
        if isinstance(kind, msgspec.inspect.StructType):
            kind = next(field.type for field in kind.fields if field.encode_name == part)
        else:
            kind = getattr(kind, "item_type", None) or getattr(kind, "value_type", None)
        if isinstance(kind, msgspec.inspect.UnionType):
            kind = next((one for one in kind.types if hasattr(one, "fields")), None)
    fields = getattr(kind, "fields", ())
    return [field.encode_name for field in fields]
