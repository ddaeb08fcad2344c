"""Actions that a configuration or a business names and nobody has: what to say of them."""

from frontdesk import configtree
from frontdesk.business import Business
from frontdesk.config import Settings
from frontdesk.expected import hint
from frontdesk.plugins import Plugins


def of_settings(settings: Settings, plugins: Plugins) -> list[str]:
    """What is wrong with `[plugins] expose`."""
    found: list[str] = []
    for name in settings.plugins.expose:
        if name not in plugins.actions:
            place = configtree.place_of_entry(settings.source, "plugins.expose", name)
            found.append(f"{place}plugins.expose: {_said(name, plugins)}")
    return found


def of_business(business: Business, plugins: Plugins) -> list[str]:
    """What is wrong with a business's `tools`."""
    found: list[str] = []
    for name in business.tools:
        owner = plugins.action_owner.get(name, "")
        if name not in plugins.actions:
            found.append(f"tools: {_said(name, plugins)}")
        elif owner in business.plugins.disabled:
            found.append(
                f"tools: the action {name!r} is of the plugin {owner!r}, which is switched off for this "
                f"business: `frontdesk plugins enable {owner} --business {business.id}`"
            )
    return found


def _said(name: str, plugins: Plugins) -> str:
    owner = plugins.action_owner.get(name) or plugins.would_have(name)
    if owner:
        return (
            f"the action {name!r} is of the plugin {owner!r}, which is switched off: "
            f"`frontdesk plugins enable {owner}`"
        )
    known = ", ".join(sorted(plugins.actions)) or "none"
    said = f"no enabled plugin provides the action {name!r}; known: {known}{hint(name, plugins.actions)}"
    return said + _others(plugins)


def _others(plugins: Plugins) -> str:
    """Those that were not asked what they have."""
    off = sorted(name for name in plugins.unloaded if not plugins.is_built_in(name))
    cures = [f"`frontdesk plugins enable {name}`" for name in off]
    return f"; if a plugin that is switched off has it: {' or '.join(cures)}" if cures else ""
