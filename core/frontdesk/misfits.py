"""Plain trees as Structs, with everything that does not fit."""

import copy
import re
from typing import Any, TypeVar, cast

import msgspec

from frontdesk.expected import in_words, unknown_key

T = TypeVar("T")

_PLACE = re.compile(r" - at `(?:key` in `)?\$(.*)`$")
_OWN = re.compile(r"it is missing|it must |unknown key|.* is none of |Expected `|Invalid |Object ")
"""How messages about one value begin; others are rules of a Struct about several."""


def explained(error: msgspec.ValidationError, of: Any) -> tuple[str, str]:
    """(dotted key such as `exceptions.2.date`, what was expected) of a value that is no `of`."""
    message = str(error)
    place = _PLACE.search(message)
    if place:
        message = message[: place.start()]
    parts = _parts_of(place[1] if place else "")
    if unknown := re.search(r"unknown field `(.*)`", message):
        message = unknown_key(unknown[1], _fields(of, parts))
        parts.append(unknown[1])
    elif missing := re.search(r"missing required field `(.*)`", message):
        message = "it is missing"
        parts.append(missing[1])
    else:
        name = next((part for part in reversed(parts) if not part.isdecimal()), "")
        message = in_words(message, name, _type_at(of, parts))
    return ".".join(parts), message


def convert_all(tree: Any, of: type[T]) -> tuple[T | None, list[tuple[str, str]]]:
    """The value; or None and every (dotted key, what was expected).

    After each that is found it is left out, and the rest looked at again.
    """
    found: list[tuple[str, str]] = []
    rest = _Rest(copy.deepcopy(tree))
    while True:
        try:
            value = msgspec.convert(rest.tree, of)
        except msgspec.ValidationError as error:
            key, message = explained(error, of)
            parts = key.split(".")
            whole = rest.as_written(parts)
            if not rest.is_follow_up(whole, message):
                found.append((whole, message))
            if not rest.remove(parts):
                known = rest.gone | {key for key, _ in found}
                return None, _without_misspelt(found + _missing(rest.tree, of, known))
        else:
            return (None if found else value), _without_misspelt(found)


def _without_misspelt(found: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """Without "it is missing" for what stands there under a name like it."""
    meant: set[str] = set()
    for key, message in found:
        if hinted := re.match(r"unknown key; did you mean `(.+)`\?", message):
            meant.add(".".join([*key.split(".")[:-1], hinted[1]]))
    return [(key, said) for key, said in found if not (key in meant and said == "it is missing")]


class _Rest:
    """A tree without what was found wrong in it so far."""

    def __init__(self, tree: Any) -> None:
        self.tree = tree
        self.gone: set[str] = set()
        """Dotted keys as they were written."""
        self._entries: set[str] = set()
        """Those of `gone` that were entries of lists."""
        self._numbers: dict[int, list[int]] = {}
        """By the id of a list that is shorter now: where its entries stood."""

    def as_written(self, parts: list[str]) -> str:
        """A dotted key with the numbers that entries had before others were left out."""
        node, names = self.tree, list[str]()
        for part in parts:
            names.append(part)
            if isinstance(node, list) and part.isdecimal():
                items = cast("list[Any]", node)  # type: ignore[redundant-cast]
                names[-1] = str(self._numbers_of(items)[int(part)])
                node = items[int(part)]
            else:
                node = cast("dict[str, Any]", node).get(part) if isinstance(node, dict) else None
        return ".".join(names)

    def is_follow_up(self, key: str, message: str) -> bool:
        """Whether it is only wrong because something was left out."""
        if key in self.gone:
            return True
        inside = any(entry.startswith(f"{key}." if key else "") for entry in self._entries)
        too_few = message.startswith(("it must not be empty", "it must have"))
        return inside and (too_few or not _OWN.match(message))

    def remove(self, parts: list[str]) -> bool:
        """Take the value at a key out, or the nearest thing around it that can go. False when only
        the whole could go."""
        at: list[tuple[Any, Any]] = []  # what it is in and its key there, the innermost last
        node: Any = self.tree
        for part in parts:
            if isinstance(node, list) and part.isdecimal():
                at.append((cast("Any", node), int(part)))
            elif isinstance(node, dict) and part in node:
                at.append((cast("Any", node), part))
            else:
                break
            node = at[-1][0][at[-1][1]]
        if not at:
            return False
        around, key = at[-1]
        name = self.as_written(parts[: len(at)])
        self.gone.add(name)
        if isinstance(around, list):
            self._entries.add(name)
            del self._numbers_of(around)[key]  # pyright: ignore[reportUnknownArgumentType]
        del around[key]
        return True

    def _numbers_of(self, items: list[Any]) -> list[int]:
        return self._numbers.setdefault(id(items), list(range(len(items))))


def _missing(tree: Any, of: Any, known: set[str]) -> list[tuple[str, str]]:
    kind = msgspec.inspect.type_info(of)
    if not isinstance(kind, msgspec.inspect.StructType) or not isinstance(tree, dict):
        return []
    needed = [field.encode_name for field in kind.fields if field.required]
    return [(key, "it is missing") for key in needed if key not in tree and key not in known]


def _parts_of(path: str) -> list[str]:
    """`.resources[0].max` as parts; what is behind a key that msgspec does not name is left out."""
    return [part for part in re.split(r"[.\[\]]+", path.partition("[...]")[0]) if part]


def _type_at(of: Any, parts: list[str]) -> Any:
    """What `msgspec.inspect` says of the type at a path of a type; None when there is none."""
    kind: Any = msgspec.inspect.type_info(of)
    for part in parts:
        fields = getattr(_struct(kind), "fields", None)
        if fields is not None:
            kind = next((field.type for field in fields if field.encode_name == part), None)
        else:
            kind = getattr(kind, "item_type", None) or getattr(kind, "value_type", None)
    return kind


def _struct(kind: Any) -> Any:
    """The Struct of a union, such as the one with null."""
    if isinstance(kind, msgspec.inspect.UnionType):
        return next((one for one in kind.types if hasattr(one, "fields")), kind)
    return kind


def _fields(of: Any, parts: list[str]) -> list[str]:
    """The keys of the Struct at a path of a type; none when there is no Struct."""
    fields = getattr(_struct(_type_at(of, parts)), "fields", ())
    return [field.encode_name for field in fields]
