"""Finding plugins, asking them what they bring, and setting the broken ones aside."""

import importlib.metadata
from collections.abc import Callable, Iterable, Mapping
from inspect import iscoroutinefunction
from typing import TYPE_CHECKING, Any, TypeVar, cast

import msgspec
import pluggy
import structlog

from frontdesk import hookspecs
from frontdesk.actions import Action
from frontdesk.channels import Channel
from frontdesk.config import Settings
from frontdesk.errors import ConfigError, PluginError
from frontdesk.migrate import Tables, known
from frontdesk.model import Model
from frontdesk.tools import NAME, Checker

if TYPE_CHECKING:
    from types import ModuleType

T = TypeVar("T")
GROUP = "frontdesk"
log = structlog.get_logger("frontdesk.plugins")


class Plugin(msgspec.Struct, kw_only=True):
    """A plugin as found, whether it works or not."""

    name: str
    distribution: str = ""
    version: str = ""
    status: str = "enabled"
    """enabled | disabled | quarantined"""
    reason: str = ""
    hooks: tuple[str, ...] = ()
    actions: tuple[str, ...] = ()
    models: tuple[str, ...] = ()
    channels: tuple[str, ...] = ()


class Plugins:
    """All plugins of one desk, and what they brought."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._manager = pluggy.PluginManager("frontdesk")
        self._manager.add_hookspecs(hookspecs)
        self.found: dict[str, Plugin] = {}
        self.tables: dict[str, Tables] = {}
        self.actions: dict[str, Action] = {}
        self.action_owner: dict[str, str] = {}
        self.models: dict[str, Model] = {}
        self.channels: dict[str, Channel] = {}
        self.business_settings: dict[str, type[msgspec.Struct]] = {}
        self._section_owner: dict[str, str] = {}

    # ---- loading

    def load_installed(self) -> None:
        """Load every plugin under the entry-point group, by name, so that the order is stable."""
        entries = importlib.metadata.entry_points(group=GROUP)
        for entry in sorted(entries, key=lambda e: e.name):
            dist = entry.dist
            plugin = Plugin(
                name=entry.name,
                distribution=dist.name if dist else "",
                version=dist.version if dist else "",
            )
            self.add(plugin, entry.load)

    def add(self, plugin: Plugin, load: "Callable[[], ModuleType | object]") -> None:
        """Register one plugin. What goes wrong quarantines it."""
        if plugin.name in self.found:
            other = self.found[plugin.name]
            plugin.reason = (
                f"the name {plugin.name!r} is taken by {other.distribution or 'another'}"
            )
            plugin.status = "quarantined"
            self.found[f"{plugin.name} ({plugin.distribution})"] = plugin
            return
        self.found[plugin.name] = plugin
        if plugin.name in self._settings.plugins.disabled:
            plugin.status = "disabled"
            return
        try:
            module = load()
            self._manager.register(module, name=plugin.name)
            self._manager.check_pending()
            _refuse_async(self._manager, module)
        except ConfigError:
            raise
        except (Exception, SystemExit) as error:
            self.quarantine(plugin.name, error)
            return
        callers = self._manager.get_hookcallers(module) or []
        plugin.hooks = tuple(sorted(caller.name for caller in callers))

    def collect(self) -> None:
        """Ask every plugin what it brings. Call it once, after loading."""
        self._each("register_tables", self._take_tables)
        self._each("register_business_settings", self._take_business_settings)
        self._each("register_actions", self._take_actions, settings=self._settings)
        self._each("register_models", self._take_models, settings=self._settings)
        self._each("register_channels", self._take_channels, settings=self._settings)
        for name in self._settings.plugins.required:
            plugin = self.found.get(name)
            if plugin is None or plugin.status != "enabled":
                why = plugin.reason or plugin.status if plugin else "it is not installed"
                raise ConfigError(f"the required plugin {name!r} cannot be used: {why}")
        for section in self._settings.sections:
            if section not in self.found or self.found[section].status == "quarantined":
                log.warning("config section has no plugin", section=f"plugins.{section}")

    def _each(self, hook: str, take: Callable[[Plugin, Any], None], **kwargs: Any) -> None:
        for name in list(self.enabled()):
            plugin = self.found[name]
            try:
                found, value = self.call(name, hook, **kwargs)
                if found:
                    take(plugin, value)
            except ConfigError:
                raise
            except Exception as error:
                self.quarantine(name, error)

    def _take_tables(self, plugin: Plugin, tables: Tables) -> None:
        _checked(tables, Tables, "register_tables")
        if tables.app in {"frontdesk", *(other.app for other in self.tables.values())}:
            raise PluginError(f"the tables' app {tables.app!r} is taken")
        known([tables])  # raises when there is no such package
        self.tables[plugin.name] = tables

    def _take_business_settings(self, plugin: Plugin, sections: Any) -> None:
        if not isinstance(sections, Mapping):
            kind = type(sections).__name__
            raise PluginError(f"register_business_settings must return a mapping, not {kind}")
        new: dict[str, Any] = dict(cast("Mapping[str, Any]", sections))
        _refuse_taken("business section", new, self.business_settings)
        for name, of in new.items():
            if not (isinstance(of, type) and issubclass(of, msgspec.Struct)):
                raise PluginError(f"the business section {name!r} must be a msgspec.Struct type")
        self.business_settings |= new
        self._section_owner |= dict.fromkeys(new, plugin.name)

    def _take_actions(self, plugin: Plugin, actions: Iterable[Action]) -> None:
        taken: list[Action] = []
        for action in actions:
            _checked(action, Action, "register_actions")
            if not NAME.fullmatch(action.name):
                raise PluginError(
                    f"the action name {action.name!r} must be lower case letters, digits and _"
                )
            if action.name in self.action_owner or action.name in [a.name for a in taken]:
                owner = self.action_owner.get(action.name, plugin.name)
                raise PluginError(f"the action {action.name!r} is taken by the plugin {owner!r}")
            Checker(action.schema)
            taken.append(action)
        for action in taken:
            self.actions[action.name] = action
            self.action_owner[action.name] = plugin.name
        plugin.actions = tuple(action.name for action in taken)

    def _take_models(self, plugin: Plugin, models: Iterable[Model]) -> None:
        new = _named("model", models, self.models, "stream", "warm_up", "close")
        self.models |= new
        plugin.models = tuple(new)

    def _take_channels(self, plugin: Plugin, channels: Iterable[Channel]) -> None:
        new = _named("channel", channels, self.channels, "markdown", "cards", "outbox")
        self.channels |= new
        plugin.channels = tuple(new)

    def check_model(self, name: str) -> None:
        """Raises ConfigError for a model that nobody can mean. One whose plugin is there but has no
        key, or is set aside, is passed over."""
        if name in self.found or any(p.status != "enabled" for p in self.found.values()):
            return
        known = ", ".join(sorted(self.models)) or "none"
        raise ConfigError(f"model.use: no plugin brings the model {name!r}; known: {known}")

    # ---- asking

    def enabled(self) -> list[str]:
        return [name for name, plugin in self.found.items() if plugin.status == "enabled"]

    def call(self, name: str, hook: str, **kwargs: Any) -> tuple[bool, Any]:
        """(has the plugin this hook?, its value). One plugin at a time, so that each stands alone."""
        if hook not in self.found[name].hooks:
            return False, None
        module = self._manager.get_plugin(name)
        for implementation in getattr(self._manager.hook, hook).get_hookimpls():
            if implementation.plugin is module:
                names = implementation.argnames
                return True, implementation.function(*(kwargs[n] for n in names))
        return False, None

    def ask(self, hook: str, **kwargs: Any) -> Iterable[tuple[str, Any]]:
        """(plugin, value) of every enabled plugin that has the hook. Exceptions come through."""
        for name in self.enabled():
            found, value = self.call(name, hook, **kwargs)
            if found:
                yield name, value

    def quarantine(self, name: str, error: BaseException) -> None:
        """Take a plugin out with all that it brought. A required one stops the start."""
        plugin = self.found[name]
        plugin.status = "quarantined"
        plugin.reason = f"{type(error).__name__}: {error}"
        module = self._manager.get_plugin(name)
        if module is not None:
            self._manager.unregister(module)
        self.tables.pop(name, None)
        for action, owner in list(self.action_owner.items()):
            if owner == name:
                del self.action_owner[action], self.actions[action]
        for section, owner in list(self._section_owner.items()):
            if owner == name:
                del self._section_owner[section], self.business_settings[section]
        for model in plugin.models:
            self.models.pop(model, None)
        for channel in plugin.channels:
            self.channels.pop(channel, None)
        plugin.actions = plugin.models = plugin.channels = ()
        log.error(
            "plugin quarantined",
            plugin=name,
            distribution=plugin.distribution,
            reason=plugin.reason,
            exc_info=error,
        )
        if name in self._settings.plugins.required:
            raise ConfigError(
                f"the required plugin {name!r} cannot be used: {plugin.reason}"
            ) from error


def _checked(value: Any, of: type[T], hook: str) -> T:
    if not isinstance(value, of):
        raise PluginError(f"{hook} must return {of.__name__}, not {type(value).__name__}")
    return value


def _refuse_taken(what: str, new: dict[str, Any], old: dict[str, Any]) -> None:
    for name in new:
        if name in old:
            raise PluginError(f"the {what} {name!r} is taken already")


def _named(what: str, things: Iterable[Any], old: dict[str, Any], *needs: str) -> dict[str, Any]:
    """Models or channels by name."""
    new: dict[str, Any] = {}
    for thing in things:
        lacks = [name for name in ("name", *needs) if not hasattr(thing, name)]
        if lacks or not isinstance(thing.name, str):
            raise PluginError(
                f"register_{what}s returned {type(thing).__name__}, which is no {what}: "
                f"it lacks {', '.join(lacks) or 'a name'}"
            )
        _refuse_taken(what, {thing.name: thing}, old | new)
        new[thing.name] = thing
    return new


def _refuse_async(manager: pluggy.PluginManager, module: object) -> None:
    for caller in manager.get_hookcallers(module) or []:
        for implementation in caller.get_hookimpls():
            if implementation.plugin is module and iscoroutinefunction(implementation.function):
                raise PluginError(
                    f"the hook {caller.name} is async: it must return its value, and what waits is "
                    "a method of the object that it returns"
                )
