"""Finding plugins, asking them what they bring, and setting the broken ones aside."""

from collections.abc import Callable, Collection, Coroutine, Iterable
from functools import partial
from inspect import iscoroutine
from typing import TYPE_CHECKING, Any

import msgspec
import pluggy
import structlog

from frontdesk import configtree, hookspecs, installed, places
from frontdesk.actions import Action
from frontdesk.channels import Channel
from frontdesk.collected import Collected
from frontdesk.config import Settings
from frontdesk.errors import ConfigError, PluginError
from frontdesk.expected import hint
from frontdesk.model import Model
from frontdesk.plugin import Fault, Plugin
from frontdesk.plugin_checks import exited, hooks_of, taken, unmarked

if TYPE_CHECKING:
    from types import ModuleType

__all__ = ["Fault", "Plugin", "Plugins"]

log = structlog.get_logger("frontdesk.plugins")


class _Brought(msgspec.Struct, frozen=True):
    """What a plugin that rests takes out of the desk until it is switched on again."""

    actions: dict[str, Action]
    models: dict[str, Model]
    channels: dict[str, Channel]


class Plugins(Collected):
    """All plugins of one desk, and what they brought."""

    def __init__(self, settings: Settings) -> None:
        super().__init__()
        self._settings = settings
        self._manager = pluggy.PluginManager("frontdesk")
        self._manager.add_hookspecs(hookspecs)
        self.found: dict[str, Plugin] = {}
        self._resting: dict[str, _Brought] = {}
        self._unloaded: dict[str, Callable[[], ModuleType | object]] = {}
        self._homes: dict[str, tuple[str, ...]] = {}
        """The files and folders of each plugin."""
        self._asked: dict[str, Any] = {}
        """The function of each plugin that was called last."""
        self.when_broken: list[Callable[[Fault], None]] = []
        """Who is told of actions that break."""

    # ---- loading

    def load_installed(self) -> None:
        """Load every plugin under the entry-point group, Frontdesk's own first."""
        for entry in installed.entries():
            dist = entry.dist
            plugin = Plugin(
                name=entry.name,
                distribution=dist.name if dist else "",
                version=dist.version if dist else "",
                at_hand=dist is not None and installed.is_at_hand(dist),
            )
            self._homes.setdefault(entry.name, installed.home_of(entry))
            self.add(plugin, entry.load)

    def add(self, plugin: Plugin, load: "Callable[[], ModuleType | object]") -> None:
        """Register one plugin. What goes wrong quarantines it."""
        if plugin.name in self.found:
            other = self.found[plugin.name]
            plugin.reason = (
                f"the name {plugin.name!r} is taken by {other.distribution or 'another'}"
            )
            plugin.status = "quarantined"
            plugin.cure = installed.of_taken_name(plugin.name, plugin.distribution)
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
            hooks = hooks_of(self._manager, module)
            self._homes[plugin.name] = places.homes_of(module, hooks.values())
            self._manager.register(module, name=plugin.name)
        except ConfigError:
            raise
        except (Exception, SystemExit) as error:
            self.quarantine(plugin.name, error)
            return
        plugin.hooks = tuple(sorted(hooks))
        if not hooks:
            on = unmarked(module)
            plugin.reason = f"it brings nothing: is @hookimpl missing{f' on {on}' if on else ''}?"
            log.warning("plugin brings nothing", plugin=plugin.name, reason=plugin.reason)

    def collect(self, *, strict: bool = True) -> None:
        """Ask every plugin what it brings. Call it once, after loading. When not `strict`, a wrong
        section or a required plugin that is not there is no error: only to show what there is."""
        self._collect(self.enabled(), strict=strict)
        if not strict:
            return
        for name in self._settings.plugins.required:
            plugin = self.found.get(name)
            if plugin is None or plugin.status != "enabled":
                raise self._lacks(name)
        for section in self._settings.sections:
            if section not in self.found:
                log.warning("config section has no plugin", section=f"plugins.{section}")

    def _lacks(self, name: str) -> ConfigError:
        """What to say of a required plugin that cannot be used."""
        plugin = self.found.get(name)
        why = f"it is not installed{hint(name, self.found)}"
        if plugin is not None:
            why = plugin.status if plugin.status == "disabled" else plugin.reason
        if plugin is not None and plugin.place:
            why += f" ({plugin.place})"
        where = configtree.place_of_entry(self._settings.source, "plugins.required", name)
        return ConfigError(f"{where}the required plugin {name!r} cannot be used: {why}")

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

    def _collect(self, names: list[str], *, strict: bool = True) -> None:
        each = partial(self._each, names, strict)
        each("register_tables", self.take_tables)
        each("register_business_settings", self.take_business_settings)
        each("register_actions", self.take_actions, settings=self._settings)
        each("register_models", self.take_models, settings=self._settings)
        each("register_channels", self.take_channels, settings=self._settings)

    def _each(
        self,
        names: list[str],
        strict: bool,
        hook: str,
        take: Callable[[Plugin, Any], None],
        **kwargs: Any,
    ) -> None:
        for name in names:
            plugin = self.found[name]
            if plugin.status != "enabled":  # an earlier hook of it broke
                continue
            try:
                found, value = self.call(name, hook, **kwargs)
                if found:
                    take(plugin, value)
            except ConfigError as error:
                if strict:
                    raise
                self.quarantine(name, error)
            except (Exception, SystemExit) as error:
                self.quarantine(name, error)

    def works(self, name: str) -> bool:
        """It is neither switched off nor set aside."""
        return self.found[name].status == "enabled"

    def is_built_in(self, name: str) -> bool:
        return self.found[name].distribution == installed.OURS

    def would_have(self, action: str) -> str:
        """The built-in plugin with this action among those that are off since the start. Nobody else's
        code is run to find that out."""
        for name, load in self._unloaded.items():
            if self.is_built_in(name):
                alone = Plugins(Settings(sections=self._settings.sections))
                alone.add(Plugin(name=name), load)
                alone.collect(strict=False)
                if action in alone.actions:
                    return name
        return ""

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
                self._asked[name] = implementation.function
                given = (kwargs[argument] for argument in implementation.argnames)
                try:
                    value = implementation.function(*given)
                except SystemExit as error:
                    raise exited(error) from error
                return True, _surviving(value) if iscoroutine(value) else value
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

    # ---- what goes wrong

    def place_of(self, name: str, error: BaseException, otherwise: Any = None) -> str:
        """File and line of the plugin's own code that an error came from; else of the function
        `otherwise`, or of the one that was called last."""
        homes = self._homes.get(name, ())
        return places.of_error(error, homes, places.of_function(otherwise or self._asked.get(name)))

    def broke(self, action: Action, error: BaseException, code: Any) -> Fault:
        """Tell of an action whose `code` broke; what is known of it."""
        name = self.action_owner.get(action.name, "")
        said = str(error) if isinstance(error, PluginError) else f"{type(error).__name__}: {error}"
        fault = Fault(name, self.place_of(name, error, code), said)
        for hear in self.when_broken:
            hear(fault)
        return fault

    def quarantine(self, name: str, error: BaseException) -> None:
        """Take a plugin out with all that it brought. A required one stops the start."""
        plugin = self.found[name]
        plugin.status = "quarantined"
        told = isinstance(error, PluginError | ConfigError)
        plugin.reason = str(error) if told else f"{type(error).__name__}: {error}"
        module = self._manager.get_plugin(name)
        plugin.place = self.place_of(name, error) or places.start_of(module)
        plugin.cure = installed.cure(
            name, plugin.distribution, plugin.place, error, at_hand=plugin.at_hand
        )
        if module is not None:
            self._manager.unregister(module)
        self._resting.pop(name, None)
        self.take_out(plugin)
        log.error(
            "plugin quarantined",
            plugin=name,
            distribution=plugin.distribution,
            reason=plugin.reason,
            place=plugin.place,
            cure=plugin.cure,
            exc_info=error,
        )
        if name in self._settings.plugins.required:
            raise self._lacks(name) from error


async def _surviving(waiting: Coroutine[Any, Any, Any]) -> Any:
    try:
        return await waiting
    except SystemExit as error:
        raise exited(error) from error
