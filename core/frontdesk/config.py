"""The configuration: frontdesk.toml, then the environment. A wrong key or value stops the start."""

import os
from ipaddress import ip_network
from pathlib import Path
from typing import Annotated, Any, TypeVar, cast

import msgspec
from msgspec import Meta

from frontdesk import configtree
from frontdesk.configtree import Source, Tree
from frontdesk.errors import ConfigError
from frontdesk.expected import hint
from frontdesk.urls import Reach

T = TypeVar("T")

Port = Annotated[int, Meta(ge=0, le=65535)]
Count = Annotated[int, Meta(ge=0)]


class _Section(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A table of the file. A key that is not listed is an error, never ignored."""


class Server(_Section, frozen=True):
    host: str = "127.0.0.1"
    port: Port = 8000
    public_url: Annotated[str, Meta(pattern=r"^(https?://[^/\s@?#]+/?)?$")] = ""
    """How the outside reaches us, for example https://desk.example.com; no path, no user info."""
    workers: Annotated[int, Meta(ge=1, le=1)] = 1
    """One process for now: start more nodes on one Postgres instead."""
    secret_key: str = ""
    """Signs the visitors' tokens. At least 32 characters; `old_secret_keys` stay valid."""
    old_secret_keys: tuple[str, ...] = ()
    trusted_proxies: tuple[str, ...] = ()
    """Addresses whose X-Forwarded-For is believed."""

    def __post_init__(self) -> None:
        for address in self.trusted_proxies:
            if address != "*":
                ip_network(address)  # its ValueError says what is wrong


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
    outgoing: Reach = Reach()
    """How far the URLs that businesses configure, such as webhooks, may reach."""
    sections: dict[str, Tree] = {}
    """The tables [plugins.NAME], unread."""
    given: frozenset[str] = frozenset()
    """Dotted keys that someone set, in the file or the environment."""
    unset: frozenset[str] = frozenset()
    """Dotted keys whose environment variable is not set, for commands that do not mind."""
    source: Source = Source()
    file: str = ""
    """The file that was read, or would have been, had it been there; none when nobody looked."""

    def section(self, name: str, of: type[T]) -> T:
        """The section [plugins.NAME] as a Struct. Raises ConfigError with file, line and cure."""
        return configtree.convert(self.sections.get(name, {}), of, f"plugins.{name}", self.source)


_TYPES: dict[str, Any] = {
    "server": Server,
    "database": Database,
    "bus": Bus,
    "model": ModelUse,
    "plugins": Plugins,
    "limits": Limits,
    "outgoing": Reach,
}


def load(
    path: str | None = None, environ: dict[str, str] | None = None, *, lenient: bool = False
) -> Settings:
    """Read the file (`path`, else FRONTDESK_CONFIG, else ./frontdesk.toml if it is there). `lenient`
    is for commands that need no secret: values whose environment variable is not set do not matter."""
    env = dict(os.environ) if environ is None else environ
    name = path or env.get("FRONTDESK_CONFIG") or ""
    file = Path(name or "frontdesk.toml")
    text = configtree.read(file) if name or file.exists() else ""
    source = Source(str(file), text) if text else Source()
    settings = of_source(source, env, lenient=lenient)
    return msgspec.structs.replace(settings, file=str(file.absolute()))


def of_source(source: Source, env: dict[str, str], *, lenient: bool = False) -> Settings:
    """The same of a text. Raises ConfigError."""
    tree = configtree.merge(configtree.parse(source), configtree.from_environment(env, _TYPES))
    given = frozenset(configtree.keys(tree))
    unset = configtree.unset(tree, env) if lenient else {}
    # A section of a plugin keeps the words: most want a text there, and may need one.
    kept = {key for key in unset if key.startswith("plugins.") and key.count(".") > 1}
    env = env | {name: f"env:{name}" for key in kept for name in unset[key]}
    tree = configtree.without(tree, unset.keys() - kept)
    settings = settings_of(configtree.with_secrets(tree, env, source), source)
    return msgspec.structs.replace(settings, given=given, unset=frozenset(unset))


def settings_of(tree: Tree, source: Source = Source()) -> Settings:  # noqa: B008  it is frozen
    """Settings from the content of a file. Raises ConfigError."""
    for key, value in tree.items():
        if key not in _TYPES:
            known = ", ".join(sorted(_TYPES))
            where = configtree.place(source, key, value)
            raise ConfigError(
                f"{where}unknown section [{key}]: expected one of {known}{hint(key, _TYPES)}"
            )
    own, sections = _plugin_sections(tree.get("plugins", {}), source)
    parts = {key: tree.get(key, {}) for key in _TYPES} | {"plugins": own}
    converted: dict[str, Any] = {
        key: configtree.convert(parts[key], of, key, source) for key, of in _TYPES.items()
    }
    return Settings(**converted, sections=sections, source=source)


def _plugin_sections(plugins: Any, source: Source) -> tuple[Any, dict[str, Tree]]:
    """(the keys of [plugins] itself, the tables [plugins.NAME])."""
    plugins = configtree.table(plugins)
    if not isinstance(plugins, dict):
        return plugins, {}  # what is wrong with it is said where it is converted
    tree = cast("Tree", plugins)
    own = {key: value for key, value in tree.items() if key in Plugins.__struct_fields__}
    sections: dict[str, Tree] = {}
    for key in tree.keys() - own.keys():
        section = configtree.table(tree[key])
        if not isinstance(section, dict):
            where = configtree.place(source, f"plugins.{key}", tree[key])
            raise ConfigError(
                f"{where}unknown key plugins.{key}: expected one of "
                f"{', '.join(Plugins.__struct_fields__)}, "
                f"or a table [plugins.{key}] for the plugin of that name"
            )
        sections[key] = cast("Tree", section)
    return own, sections
