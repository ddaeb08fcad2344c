"""A configuration as a tree of plain values: read from a file and the environment, then converted."""

import tomllib
from collections.abc import Iterable
from pathlib import Path
from typing import Any, TypeVar, cast

import msgspec

from frontdesk.errors import ConfigError
from frontdesk.locate import error_line, toml_line
from frontdesk.misfits import explained

T = TypeVar("T")
Tree = dict[str, Any]
PREFIX = "FRONTDESK_"
_NOT_SETTINGS = {"FRONTDESK_CONFIG"}


class Source(msgspec.Struct, frozen=True):
    """The file that a tree came from, for messages. Without a name there was none."""

    name: str = ""
    text: str = ""


class EnvValue(str):
    """A text from the environment; it becomes a number, list or table where one is expected."""

    __slots__ = ("name",)
    name: str

    def __new__(cls, value: str, name: str) -> "EnvValue":
        made = super().__new__(cls, value)
        made.name = name
        return made


def read(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(
            f"cannot read the configuration {file}: {error}. "
            "Name an existing file with --config or FRONTDESK_CONFIG, or use neither."
        ) from error


def parse(source: Source) -> Tree:
    try:
        return tomllib.loads(source.text)
    except tomllib.TOMLDecodeError as error:
        line = error_line(error, source.text)
        raise ConfigError(f"{source.name}:{line}: not valid TOML: {error}") from error


def from_environment(env: dict[str, str], sections: Iterable[str]) -> Tree:
    """FRONTDESK_DATABASE__URL=... as {"database": {"url": ...}}; lists and tables are JSON."""
    tree: Tree = {}
    for name, value in sorted(env.items()):
        if not name.startswith(PREFIX) or name in _NOT_SETTINGS:
            continue
        if "__" not in name:
            section, _, key = name[len(PREFIX) :].partition("_")
            if section.lower() in sections:
                raise ConfigError(f"{name}: two underscores, please: {PREFIX}{section}__{key}")
            continue
        path = name[len(PREFIX) :].lower().split("__")
        node: Any = tree
        for part in path[:-1]:
            inner = table(node.setdefault(part, {}))  # the whole as JSON, then one key of it
            if not isinstance(inner, dict):
                raise ConfigError(f"{name}: another variable says that {part} is not a table")
            node[part] = inner
            node = cast("Tree", inner)
        node[path[-1]] = EnvValue(value, name)
    return tree


def table(value: Any) -> Any:
    """A table that the environment gave as JSON, decoded; anything else as it is."""
    return _decoded(value) if isinstance(value, EnvValue) and value.startswith("{") else value


def merge(base: Tree, over: Tree) -> Tree:
    merged = dict(base)
    for key, value in over.items():
        old = merged.get(key)
        if isinstance(old, dict) and isinstance(value, dict):
            merged[key] = merge(cast("Tree", old), cast("Tree", value))
        else:
            merged[key] = value
    return merged


def keys(tree: Tree, prefix: str = "") -> list[str]:
    """The dotted keys of all leaves."""
    found: list[str] = []
    for key, value in tree.items():
        if isinstance(value, dict):
            found += keys(cast("Tree", value), f"{prefix}{key}.")
        else:
            found.append(prefix + key)
    return found


def with_secrets(node: Any, env: dict[str, str], source: Source, at: str = "") -> Any:
    """The tree with every "env:NAME" replaced. Raises ConfigError when NAME is not set,
    or empty."""
    if isinstance(node, dict):
        tree = cast("Tree", node)
        return {
            key: with_secrets(value, env, source, f"{at}.{key}" if at else key)
            for key, value in tree.items()
        }
    if isinstance(node, list):
        items = cast("list[Any]", node)  # type: ignore[redundant-cast]  # pyright needs it
        return [with_secrets(value, env, source, at) for value in items]
    if isinstance(node, str) and node.startswith("env:"):
        name = node[4:]
        if not env.get(name):
            state = "empty" if name in env else "not set"
            raise ConfigError(
                f"{place(source, at)}{at} = {node!r}, but the environment variable "
                f"{name} is {state}. Set it, or write the value here."
            )
        return EnvValue(env[name], name)
    return node


def unset(node: Any, env: dict[str, str], at: str = "") -> dict[str, list[str]]:
    """The NAMEs of values "env:NAME" that are not set, by the dotted key of the value or its list."""
    if isinstance(node, dict):
        found: dict[str, list[str]] = {}
        for key, value in cast("Tree", node).items():
            found |= unset(value, env, f"{at}.{key}" if at else key)
        return found
    items: list[Any] = node if isinstance(node, list) else [node]  # pyright: ignore[reportUnknownVariableType]
    texts = [item for item in items if isinstance(item, str) and item.startswith("env:")]
    names = [text[4:] for text in texts if not env.get(text[4:])]
    return {at: names} if names else {}


def without(tree: Tree, gone: Iterable[str], at: str = "") -> Tree:
    """The tree without what is at these dotted keys."""
    return {
        key: without(cast("Tree", value), gone, f"{at}{key}.") if isinstance(value, dict) else value
        for key, value in tree.items()
        if at + key not in gone
    }


def convert(value: Any, of: type[T], at: str, source: Source) -> T:
    """The section `at` as a Struct. Raises ConfigError with the place and what was expected."""
    try:
        return msgspec.convert(_plain(value), of)
    except msgspec.ValidationError as error:
        if not _env_values(value):
            raise _wrong(error, value, of, at, source) from error
    tree = _plain(value)
    decoded: set[str] = set()
    while True:  # the environment has only text: read numbers and JSON where a field wants them
        try:
            return msgspec.convert(tree, of, strict=False)
        except msgspec.ValidationError as error:
            key, _ = explained(error, of)
            leaf = _at(value, key)
            if not isinstance(leaf, EnvValue) or leaf[:1] not in {"[", "{"} or leaf.name in decoded:
                raise _wrong(error, value, of, at, source) from error
            decoded.add(leaf.name)
            tree = merge(tree, _nested(key, _decoded(leaf)))


def place(source: Source, key: str, value: Any = None) -> str:
    """Where a wrong value came from, as the beginning of a message."""
    if names := [found.name for found in _env_values(value)]:
        return f"{names[0]}: "
    return f"{source.name}:{toml_line(source.text, key)}: " if source.name else ""


def place_of_entry(source: Source, key: str, entry: str) -> str:
    """The same of a text in a list of the file; empty when it does not stand there."""
    node: Any = parse(source)
    for part in key.split("."):
        node = cast("Tree", node).get(part) if isinstance(node, dict) else None
    items: list[Any] = node if isinstance(node, list) else []  # pyright: ignore[reportUnknownVariableType]
    return place(source, f"{key}.{items.index(entry)}") if entry in items else ""


def _plain(node: Any) -> Any:
    if isinstance(node, dict):
        return {key: _plain(value) for key, value in cast("Tree", node).items()}
    if isinstance(node, list):
        items = cast("list[Any]", node)  # type: ignore[redundant-cast]  # pyright needs it
        return [_plain(value) for value in items]
    return str(node) if isinstance(node, EnvValue) else node


def _decoded(value: EnvValue) -> Any:
    try:
        return msgspec.json.decode(str(value))
    except msgspec.DecodeError as error:
        raise ConfigError(f"{value.name}: expected JSON: {error}") from error


def _env_values(node: Any) -> list[EnvValue]:
    if isinstance(node, dict):
        tree = cast("Tree", node)
        return [found for value in tree.values() for found in _env_values(value)]
    return [node] if isinstance(node, EnvValue) else []


def _at(node: Any, key: str) -> Any:
    """The value at a dotted key; one from the environment also stands for what is inside it."""
    for part in key.split("."):
        if not isinstance(node, EnvValue):
            node = cast("Tree", node).get(part) if isinstance(node, dict) else None
    return node


def _nested(key: str, value: Any) -> Tree:
    """{"a": {"b": value}} of "a.b"."""
    for part in reversed(key.split(".")):
        value = {part: value}
    return cast("Tree", value)


def _wrong(
    error: msgspec.ValidationError, value: Any, of: Any, at: str, source: Source
) -> ConfigError:
    key, said = explained(error, of)
    whole = f"{at}.{key}" if key else at
    return ConfigError(f"{place(source, whole, _at(value, key))}{whole}: {said}")
