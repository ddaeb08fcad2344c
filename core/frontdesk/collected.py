"""What the plugins of a desk brought, by kind, and what they may not bring."""

from collections.abc import Mapping
from typing import Any, cast

import msgspec

from frontdesk.actions import Action
from frontdesk.channels import Channel
from frontdesk.errors import PluginError
from frontdesk.migrate import Tables, known
from frontdesk.model import Model
from frontdesk.plugin import Plugin
from frontdesk.plugin_checks import check_action, checked, listed, named, refuse_taken


class Collected:
    """Who comes first keeps a name; the other raises PluginError."""

    def __init__(self) -> None:
        self.tables: dict[str, Tables] = {}
        self.actions: dict[str, Action] = {}
        self.action_owner: dict[str, str] = {}
        self.models: dict[str, Model] = {}
        self.channels: dict[str, Channel] = {}
        self._names: dict[str, set[str]] = {"model": set(), "channel": set()}
        """Also those of plugins that rest, so that nobody takes them meanwhile."""
        self.business_settings: dict[str, type[msgspec.Struct]] = {}
        self._section_owner: dict[str, str] = {}

    def take_tables(self, plugin: Plugin, tables: Tables) -> None:
        checked(tables, Tables, "register_tables")
        if tables.app in {"frontdesk", *(other.app for other in self.tables.values())}:
            raise PluginError(f"the tables' app {tables.app!r} is taken")
        known([tables])  # raises when there is no such package
        self.tables[plugin.name] = tables

    def take_business_settings(self, plugin: Plugin, sections: Any) -> None:
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

    def take_actions(self, plugin: Plugin, actions: Any) -> None:
        new: dict[str, Action] = {}
        for action in listed(actions, "register_actions", "Action"):
            check_action(checked(action, Action, "register_actions"))
            name = action.name
            if name in new:
                raise PluginError(
                    f"the action {name!r} is there twice: the name is taken by the plugin itself"
                )
            refuse_taken("action", [name], self.action_owner, self.action_owner.get(name, ""))
            new[name] = action
        self.actions |= new
        self.action_owner |= dict.fromkeys(new, plugin.name)
        plugin.actions = tuple(new)

    def take_models(self, plugin: Plugin, models: Any) -> None:
        new = named("model", models, self._names["model"], "stream", "warm_up", "close")
        self.models |= new
        self._names["model"] |= new.keys()
        plugin.models = tuple(new)

    def take_channels(self, plugin: Plugin, channels: Any) -> None:
        new = named("channel", channels, self._names["channel"], "markdown", "cards", "outbox")
        self.channels |= new
        self._names["channel"] |= new.keys()
        plugin.channels = tuple(new)

    def take_out(self, plugin: Plugin) -> None:
        """All that this one brought."""
        name = plugin.name
        self.tables.pop(name, None)
        for action in [action for action, owner in self.action_owner.items() if owner == name]:
            del self.action_owner[action]
            self.actions.pop(action, None)
        for section in [each for each, owner in self._section_owner.items() if owner == name]:
            del self._section_owner[section], self.business_settings[section]
        for model in plugin.models:
            self.models.pop(model, None)
        for channel in plugin.channels:
            self.channels.pop(channel, None)
        self._names["model"] -= {*plugin.models}
        self._names["channel"] -= {*plugin.channels}
        plugin.actions = plugin.models = plugin.channels = ()
