"""The configuration: frontdesk.toml, then the environment. A wrong key or value stops the start."""

import os
import tomllib
from pathlib import Path
from typing import Annotated, Any, TypeVar

import msgspec
from msgspec import Meta

from frontdesk.errors import ConfigError
from frontdesk.locate import error_line, explained, toml_line

T = TypeVar("T")
PREFIX = "FRONTDESK_"
_NOT_SETTINGS = {"FRONTDESK_CONFIG"}

Port = Annotated[int, Meta(ge=0, le=65535)]
Count = Annotated[int, Meta(ge=0)]


class _Section(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A table of the file. A key that is not listed is an error, never ignored."""


class Server(_Section, frozen=True):
    host: str = "127.0.0.1"
    port: Port = 8000
    public_url: str = ""
    """How the outside reaches us, for example https://desk.example.com; no path, no user info."""
    workers: Annotated[int, Meta(ge=1, le=1)] = 1
    """One process for now: start more nodes on one Postgres instead."""
    secret_key: str = ""
    """Signs the visitors' tokens. At least 32 characters; `old_secret_keys` stay valid."""
    old_secret_keys: tuple[str, ...] = ()
    trusted_proxies: tuple[str, ...] = ()
    """Addresses whose X-Forwarded-For is believed."""


class Database(_Section, frozen=True):
    url: str = "sqlite:///frontdesk.db"
    """sqlite:///PATH (relative to the working directory) or postgresql://user:pass@host/name."""
    pool: Annotated[int, Meta(ge=1, le=200)] = 10
    """Connections to Postgres."""


class Bus(_Section, frozen=True):
    url: Annotated[str, Meta(pattern="^memory://$")] = "memory://"


class ModelUse(_Section, frozen=True):
    use: tuple[str, ...] = ("claude", "offline")
    """Models in order of fallback."""


class Plugins(msgspec.Struct, frozen=True, kw_only=True):
    """`[plugins]`. Every other key is the section of the plugin of that name."""

    disabled: tuple[str, ...] = ()
    required: tuple[str, ...] = ()
    """A plugin in this list that cannot be loaded stops the start."""
    expose: tuple[str, ...] = ()
    """Actions that no pack lists and that are tools of every business."""


class Limits(_Section, frozen=True):
    """0 switches a limit off."""

    message_chars: Count = 4000
    body_bytes: Count = 65536
    """Of a widget request."""
    frame_bytes: Annotated[int, Meta(ge=1024)] = 65536
    """Of a WebSocket frame."""
    conversations_per_hour: Count = 60
    """New ones from one IP address. Off in the demo unless it is set."""
    requests_per_minute: Count = 600
    """From one IP address, on widget routes. Off in the demo unless it is set."""
    messages_per_minute: Count = 20
    """From one visitor. Off in the demo unless it is set."""
    messages_per_day: Count = 200
    """From one visitor. Off in the demo unless it is set."""
    conversation_per_minute: Count = 30
    """Messages in one conversation. Off in the demo unless it is set."""
    business_per_minute: Count = 600
    """Messages to one business."""
    sockets_per_visitor: Count = 5
    sockets_per_address: Count = 50
    """Off in the demo unless it is set."""
    turns: Count = 200
    """Running at once in this process; more messages wait, stored."""
    turn_seconds: Count = 120
    turn_rounds: Annotated[int, Meta(ge=1, le=50)] = 8
    """Model calls of one turn."""
    turn_tokens: Count = 200_000
    """Output tokens, and input tokens outside the cache, of one turn."""
    reply_tokens: Annotated[int, Meta(ge=64)] = 1500
    """Output tokens of one model call."""


class Settings(msgspec.Struct, frozen=True, kw_only=True):
    server: Server = Server()
    database: Database = Database()
    bus: Bus = Bus()
    model: ModelUse = ModelUse()
    plugins: Plugins = Plugins()
    limits: Limits = Limits()
    sections: dict[str, dict[str, Any]] = {}
    """The tables [plugins.NAME], unread."""
    given: frozenset[str] = frozenset()
    """Dotted keys that someone set, in the file or the environment."""
    source: str = ""
    """The file, as shown in messages; empty when there is none."""
    text: str = ""

    def section(self, name: str, of: type[T]) -> T:
        """The section [plugins.NAME] as a Struct. Raises ConfigError with file, line and cure."""
        return _convert(self.sections.get(name, {}), of, f"plugins.{name}", self.source, self.text)


def load(path: str | None = None, environ: dict[str, str] | None = None) -> Settings:
    """Read the file (`path`, else FRONTDESK_CONFIG, else ./frontdesk.toml if it is there)."""
    env = dict(os.environ) if environ is None else environ
    name = path or env.get("FRONTDESK_CONFIG") or ""
    file = Path(name or "frontdesk.toml")
    text = ""
    if name or file.exists():
        text = _read(file)
    source = str(file) if text else ""
    data = _parse(text, source)
    tree = _merge(data, _from_environment(env))
    given = frozenset(_keys(tree))
    tree = _resolve_secrets(tree, env, source, text)
    raw_plugins = tree.get("plugins", {})
    if not isinstance(raw_plugins, dict):
        raise ConfigError(_place(source, text, "plugins") + "plugins must be a table")
    own = set(Plugins.__struct_fields__)
    sections = {key: value for key, value in raw_plugins.items() if key not in own}
    for key, value in sections.items():
        if isinstance(value, _EnvValue) and value.startswith("{"):
            sections[key] = value = _decoded(value)  # noqa: PLW2901
        if not isinstance(value, dict):
            where = _place(source, text, f"plugins.{key}", value)
            raise ConfigError(
                f"{where}unknown key plugins.{key}: expected one of {_listed(Plugins)}, "
                f"or a table [plugins.{key}] for the plugin of that name"
            )
    parts: dict[str, Any] = {
        "plugins": {key: value for key, value in raw_plugins.items() if key in own}
    }
    known = {"server", "database", "bus", "model", "plugins", "limits"}
    for key in tree:
        if key not in known:
            where = _place(source, text, key, tree[key])
            raise ConfigError(
                f"{where}unknown section [{key}]: expected one of {', '.join(sorted(known))}"
            )
    parts |= {key: tree.get(key, {}) for key in known - {"plugins"}}
    types: dict[str, Any] = {
        "server": Server, "database": Database, "bus": Bus, "model": ModelUse,
        "plugins": Plugins, "limits": Limits,
    }  # fmt: skip
    converted: dict[str, Any] = {
        key: _convert(value, types[key], key, source, text) for key, value in parts.items()
    }
    return Settings(**converted, sections=sections, given=given, source=source, text=text)


def _read(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(
            f"cannot read the configuration {file}: {error}. "
            "Name an existing file with --config or FRONTDESK_CONFIG, or use neither."
        ) from error


def _parse(text: str, source: str) -> dict[str, Any]:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(f"{source}:{error_line(error)}: not valid TOML: {error}") from error


def _from_environment(env: dict[str, str]) -> dict[str, Any]:
    """FRONTDESK_DATABASE__URL=... as {"database": {"url": ...}}; lists and tables are JSON."""
    tree: dict[str, Any] = {}
    for name, value in sorted(env.items()):
        if not name.startswith(PREFIX) or name in _NOT_SETTINGS or "__" not in name:
            continue
        path = name[len(PREFIX) :].lower().split("__")
        node: Any = tree
        for part in path[:-1]:
            if isinstance(node.setdefault(part, {}), _EnvValue):
                node[part] = _decoded(node[part])  # the whole table as JSON, then one key of it
            node = node[part]
        node[path[-1]] = _EnvValue(value, name)
    return tree


class _EnvValue(str):
    """A text from the environment; it becomes a number, list or table where one is expected."""

    __slots__ = ("name",)
    name: str

    def __new__(cls, value: str, name: str) -> "_EnvValue":
        made = super().__new__(cls, value)
        made.name = name
        return made


def _merge(base: dict[str, Any], over: dict[str, Any]) -> dict[str, Any]:
    merged = dict(base)
    for key, value in over.items():
        old = merged.get(key)
        merged[key] = (
            _merge(old, value) if isinstance(old, dict) and isinstance(value, dict) else value
        )
    return merged


def _keys(tree: dict[str, Any], prefix: str = "") -> list[str]:
    keys: list[str] = []
    for key, value in tree.items():
        keys += _keys(value, f"{prefix}{key}.") if isinstance(value, dict) else [prefix + key]
    return keys


def _resolve_secrets(node: Any, env: dict[str, str], source: str, text: str, at: str = "") -> Any:
    if isinstance(node, dict):
        return {
            key: _resolve_secrets(value, env, source, text, f"{at}.{key}" if at else key)
            for key, value in node.items()
        }
    if isinstance(node, list):
        return [_resolve_secrets(value, env, source, text, at) for value in node]
    if isinstance(node, str) and node.startswith("env:"):
        name = node[4:]
        if name not in env:
            raise ConfigError(
                f"{_place(source, text, at)}{at} = {node!r}, but the environment variable "
                f"{name} is not set. Set it, or write the value here."
            )
        return _EnvValue(env[name], name)
    return node


def _convert(value: dict[str, Any], of: type[T], at: str, source: str, text: str) -> T:
    try:
        return msgspec.convert(_plain(value), of)
    except msgspec.ValidationError as error:
        if not _env_values(value):
            raise _explained(error, value, of, at, source, text) from error
    tree = _plain(value)
    read: set[str] = set()
    while True:  # the environment has only text: read numbers and JSON where a field wants them
        try:
            return msgspec.convert(tree, of, strict=False)
        except msgspec.ValidationError as error:
            key, _ = explained(error, of)
            leaf = _at(value, key)
            if not isinstance(leaf, _EnvValue) or leaf[:1] not in {"[", "{"} or key in read:
                raise _explained(error, value, of, at, source, text) from error
            read.add(key)
            tree = _merge(tree, _nested(key, _decoded(leaf)))


def _plain(node: Any) -> Any:
    if isinstance(node, dict):
        return {key: _plain(value) for key, value in node.items()}
    if isinstance(node, list):
        return [_plain(value) for value in node]
    return str(node) if isinstance(node, _EnvValue) else node


def _decoded(value: _EnvValue) -> Any:
    try:
        return msgspec.json.decode(str(value))
    except msgspec.DecodeError as error:
        raise ConfigError(f"{value.name}: expected JSON: {error}") from error


def _env_values(node: Any) -> list[_EnvValue]:
    """Those in a tree."""
    if isinstance(node, dict):
        return [found for value in node.values() for found in _env_values(value)]
    return [node] if isinstance(node, _EnvValue) else []


def _at(node: Any, key: str) -> Any:
    """The value at a dotted key; one from the environment also stands for what is inside it."""
    for part in key.split("."):
        if not isinstance(node, _EnvValue):
            node = node.get(part) if isinstance(node, dict) else None
    return node


def _nested(key: str, value: Any) -> dict[str, Any]:
    """{"a": {"b": value}} of "a.b"."""
    for part in reversed(key.split(".")):
        value = {part: value}
    nested: dict[str, Any] = value
    return nested


def _explained(
    error: msgspec.ValidationError, value: dict[str, Any], of: Any, at: str, source: str, text: str
) -> ConfigError:
    key, said = explained(error, of)
    whole = f"{at}.{key}" if key else at
    return ConfigError(f"{_place(source, text, whole, _at(value, key))}{whole}: {said}")


def _place(source: str, text: str, key: str, value: Any = None) -> str:
    """Where a wrong value came from, as the beginning of a message."""
    if names := [found.name for found in _env_values(value)]:
        return f"{names[0]}: "
    return f"{source}:{toml_line(text, key)}: " if source else ""


def _listed(of: Any) -> str:
    return ", ".join(of.__struct_fields__)
