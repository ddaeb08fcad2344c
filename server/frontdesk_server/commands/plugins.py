"""frontdesk plugins, and the commands that plugins bring."""

import logging
from collections.abc import Container
from typing import Any

import click
import msgspec

from frontdesk.errors import ConfigError, PluginError
from frontdesk.plugin_checks import listed
from frontdesk.plugins import Plugin, Plugins
from frontdesk_server.commands.options import Options, format_option, shared
from frontdesk_server.commands.output import print_json, print_table
from frontdesk_server.commands.plugins_new import new
from frontdesk_server.commands.plugins_toggle import disable, enable
from frontdesk_server.commands.quiet import set_up_logs


def find_commands(options: Options, taken: Container[str]) -> dict[str, click.Command]:
    """The commands of installed plugins, by name. One that breaks is quarantined."""
    set_up_logs(options)
    plugins = Plugins(options.settings())
    plugins.load_installed()
    return ask_commands(plugins, taken)


def ask_commands(plugins: Plugins, taken: Container[str]) -> dict[str, click.Command]:
    found: dict[str, click.Command] = {}
    for name in plugins.enabled():
        try:
            has, value = plugins.call(name, "register_commands")
            each = list(listed(value, "register_commands", "commands")) if has else []
            brought = _checked(each, taken, found)
        except ConfigError:
            raise
        except (Exception, SystemExit) as error:
            plugins.quarantine(name, error)
        else:
            found |= brought
    return found


def _checked(
    commands: list[Any], taken: Container[str], found: Container[str]
) -> dict[str, click.Command]:
    brought: dict[str, click.Command] = {}
    for item in commands:
        if not isinstance(item, click.Command) or not item.name:
            raise PluginError(f"register_commands must return click commands, not {item!r}")
        if item.name in brought:
            raise PluginError(f"the command {item.name!r} is there twice")
        if item.name in taken or item.name in found:
            raise PluginError(f"the command {item.name!r} is taken")
        brought[item.name] = item
    return brought


@click.group(name="plugins")
def command() -> None:
    """Plugins bring actions, models, channels and commands."""


command.add_command(new)
command.add_command(enable)
command.add_command(disable)


@command.command(name="list")
@shared
@format_option
@click.pass_obj
def list_(options: Options, form: str) -> None:
    """List the installed plugins, what they bring, and why one is not in use."""
    from frontdesk_server.cli import COMMANDS  # noqa: PLC0415  it imports us

    set_up_logs(options, logging.CRITICAL)
    plugins = Plugins(options.settings(lenient=True))
    plugins.load_installed()
    plugins.collect(strict=False)
    ask_commands(plugins, COMMANDS)
    found = list(plugins.found.values())
    if form == "json":
        print_json([msgspec.to_builtins(plugin) for plugin in found])
        return
    print_table(
        ["name", "version", "distribution", "status", "brings", "hooks"],
        [
            (p.name, p.version, p.distribution, p.status, _brings(p), " ".join(p.hooks))
            for p in found
        ],
    )
    for plugin in found:
        if plugin.reason:
            place = f"{plugin.place}: " if plugin.place else ""
            cure = f". {plugin.cure}" if plugin.cure else ""
            click.echo(f"{place}{plugin.name} is {plugin.status}: {plugin.reason}{cure}")


def _brings(plugin: Plugin) -> str:
    kinds = {"actions": plugin.actions, "models": plugin.models, "channels": plugin.channels}
    return "; ".join(f"{kind}: {', '.join(names)}" for kind, names in kinds.items() if names)
