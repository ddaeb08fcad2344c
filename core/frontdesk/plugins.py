"""Finding plugins, asking them what they bring, and setting the broken ones aside."""

import importlib.metadata
from collections.abc import Callable, Collection, Iterable, Mapping
from functools import partial
from typing import TYPE_CHECKING, Any, cast

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
from frontdesk.plugin_checks import (
    check_words_and_code,
    checked,
    named,
    place,
    refuse_async,
    refuse_taken,
    taken,
)
from frontdesk.tools import NAME, Checker

if TYPE_CHECKING:
    from types import ModuleType

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
    place: str = ""
    """File and line that the reason came from, as far as they are the plugin's."""
    hooks: tuple[str, ...] = ()
    actions: tuple[str, ...] = ()
    models: tuple[str, ...] = ()
    channels: tuple[str, ...] = ()


class _Brought(msgspec.Struct, frozen=True):
    """What a plugin that rests takes out of the desk until it is switched on again."""

    actions: dict[str, Action]
    models: dict[str, Model]
    channels: dict[str, Channel]


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
        self._resting: dict[str, _Brought] = {}
        self._unloaded: dict[str, Callable[[], ModuleType | object]] = {}

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
            self._unloaded[plugin.name] = load
            return
        self._load(plugin, load)

    def _load(self, plugin: Plugin, load: "Callable[[], ModuleType | object]") -> None:
        try:
            module = load()
            self._manager.register(module, name=plugin.name)
            self._manager.check_pending()
            refuse_async(self._manager, module)
        except ConfigError:
            raise
        except (Exception, SystemExit) as error:
            self.quarantine(plugin.name, error)
            return
        callers = self._manager.get_hookcallers(module) or []
        plugin.hooks = tuple(sorted(caller.name for caller in callers))

    def collect(self) -> None:
        """Ask every plugin what it brings. Call it once, after loading."""
        self._collect(self.enabled())
        for name in self._settings.plugins.required:
            plugin = self.found.get(name)
            if plugin is None or plugin.status != "enabled":
                why = plugin.reason or plugin.status if plugin else "it is not installed"
                raise ConfigError(f"the required plugin {name!r} cannot be used: {why}")
        for section in self._settings.sections:
            if section not in self.found or self.found[section].status == "quarantined":
                log.warning("config section has no plugin", section=f"plugins.{section}")

    def load_late(self, name: str) -> bool:
        """Load one that was off at the start. It rests then, before anybody saw it. False when it
        cannot be used: then it is quarantined."""
        plugin = self.found[name]
        plugin.status = "enabled"
        try:
            self._load(plugin, self._unloaded.pop(name))
            self._collect([name])
        except ConfigError as error:
            self.quarantine(name, error)
        self.switch({*self._resting, name})
        return name in self._resting

    @property
    def unloaded(self) -> frozenset[str]:
        """Off since the start."""
        return frozenset(self._unloaded)

    def _collect(self, names: list[str]) -> None:
        each = partial(self._each, names)
        each("register_tables", self._take_tables)
        each("register_business_settings", self._take_business_settings)
        each("register_actions", self._take_actions, settings=self._settings)
        each("register_models", self._take_models, settings=self._settings)
        each("register_channels", self._take_channels, settings=self._settings)

    def _each(
        self, names: list[str], hook: str, take: Callable[[Plugin, Any], None], **kwargs: Any
    ) -> None:
        for name in names:
            plugin = self.found[name]
            if plugin.status != "enabled":  # an earlier hook of it broke
                continue
            try:
                found, value = self.call(name, hook, **kwargs)
                if found:
                    take(plugin, value)
            except ConfigError:
                raise
            except Exception as error:
                self.quarantine(name, error)

    def _take_tables(self, plugin: Plugin, tables: Tables) -> None:
        checked(tables, Tables, "register_tables")
        if tables.app in {"frontdesk", *(other.app for other in self.tables.values())}:
            raise PluginError(f"the tables' app {tables.app!r} is taken")
        known([tables])  # raises when there is no such package
        self.tables[plugin.name] = tables

    def _take_business_settings(self, plugin: Plugin, sections: Any) -> None:
        if not isinstance(sections, Mapping):
            kind = type(sections).__name__
            raise PluginError(f"register_business_settings must return a mapping, not {kind}")
        new: dict[str, Any] = dict(cast("Mapping[str, Any]", sections))
        refuse_taken("business section", new, self.business_settings)
        for name, of in new.items():
            if not (isinstance(of, type) and issubclass(of, msgspec.Struct)):
                raise PluginError(f"the business section {name!r} must be a msgspec.Struct type")
        self.business_settings |= new
        self._section_owner |= dict.fromkeys(new, plugin.name)

    def _take_actions(self, plugin: Plugin, actions: Iterable[Action]) -> None:
        taken: list[Action] = []
        for action in actions:
            checked(action, Action, "register_actions")
            if not NAME.fullmatch(action.name):
                raise PluginError(
                    f"the action name {action.name!r} must be lower case letters, digits and _"
                )
            if action.name in self.action_owner or action.name in [a.name for a in taken]:
                owner = self.action_owner.get(action.name, plugin.name)
                raise PluginError(f"the action {action.name!r} is taken by the plugin {owner!r}")
            check_words_and_code(action)
            Checker(action.schema)
            taken.append(action)
        for action in taken:
            self.actions[action.name] = action
            self.action_owner[action.name] = plugin.name
        plugin.actions = tuple(action.name for action in taken)

    def _take_models(self, plugin: Plugin, models: Iterable[Model]) -> None:
        new = named("model", models, self.models, "stream", "warm_up", "close")
        self.models |= new
        plugin.models = tuple(new)

    def _take_channels(self, plugin: Plugin, channels: Iterable[Channel]) -> None:
        new = named("channel", channels, self.channels, "markdown", "cards", "outbox")
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

    def enabled(self, but: Collection[str] = ()) -> list[str]:
        """Those in use, without the ones that a business does without."""
        return [
            name
            for name, plugin in self.found.items()
            if plugin.status == "enabled" and name not in but
        ]

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

    def ask(
        self, hook: str, *, but: Collection[str] = (), **kwargs: Any
    ) -> Iterable[tuple[str, Any]]:
        """(plugin, value) of every enabled plugin that has the hook, without those that a business does
        without. Exceptions come through."""
        for name in self.enabled(but):
            found, value = self.call(name, hook, **kwargs)
            if found:
                yield name, value

    # ---- switching on and off while the desk runs

    @property
    def resting(self) -> frozenset[str]:
        """Loaded, and switched off since."""
        return frozenset(self._resting)

    @property
    def loaded(self) -> list[str]:
        """Those in use and those that rest."""
        return [name for name, plugin in self.found.items()
                if plugin.status == "enabled" or name in self._resting]  # fmt: skip

    @property
    def absent(self) -> list[str]:
        """Those that are not loaded: off since the start, or set aside."""
        loaded = self.loaded
        return [name for name, plugin in self.found.items()
                if name == plugin.name and name not in loaded]  # fmt: skip

    def channel(self, name: str) -> Channel | None:
        """Also while its plugin rests: its conversations stay its own."""
        resting = (brought.channels.get(name) for brought in self._resting.values())
        return self.channels.get(name) or next(filter(None, resting), None)

    def switch(self, off: Collection[str]) -> None:
        """From now on exactly these of the loaded plugins rest: nobody asks them anything, and
        their actions, models and channels are not there. Nobody sees half of it: it never waits.
        Tables, business sections and the names of actions stay theirs."""
        for name in [name for name in self._resting if name not in off]:
            brought = self._resting.pop(name)
            self.actions |= brought.actions
            self.models |= brought.models
            self.channels |= brought.channels
            self.found[name].status = "enabled"
        for name in [name for name in self.enabled() if name in off]:
            plugin = self.found[name]
            self._resting[name] = _Brought(
                taken(self.actions, plugin.actions),
                taken(self.models, plugin.models),
                taken(self.channels, plugin.channels),
            )
            plugin.status = "disabled"

    def every_model(self) -> list[Model]:
        """With those of plugins that rest."""
        resting = [model for brought in self._resting.values() for model in brought.models.values()]
        return [*self.models.values(), *resting]

    def quarantine(self, name: str, error: BaseException) -> None:
        """Take a plugin out with all that it brought. A required one stops the start."""
        plugin = self.found[name]
        plugin.status = "quarantined"
        plugin.reason = f"{type(error).__name__}: {error}"
        module = self._manager.get_plugin(name)
        plugin.place = place(error, module or getattr(error, "plugin", None))
        if module is not None:
            self._manager.unregister(module)
        self._resting.pop(name, None)
        self.tables.pop(name, None)
        for action, owner in list(self.action_owner.items()):
            if owner == name:
                del self.action_owner[action]
                self.actions.pop(action, None)
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
            place=plugin.place,
            exc_info=error,
        )
        if name in self._settings.plugins.required:
            raise ConfigError(
                f"the required plugin {name!r} cannot be used: {plugin.reason}"
            ) from error
