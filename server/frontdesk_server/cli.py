"""The command `frontdesk`. Each command is a module of `commands`, imported when it is needed."""

import os
from importlib import import_module
from typing import Any

import click

from frontdesk_server.commands.options import Options, explained, shared

COMMANDS = {
    "serve": "Answer customers: start the web server.",
    "chat": "Talk to a business here in the terminal.",
    "check": "Look for what keeps Frontdesk from working, and say what to do.",
    "business": "List, apply and export businesses.",
    "conversations": "Read conversations, and see how each reply came about.",
    "staff": "Who may sign in to the staff console.",
    "outbox": "What could not be delivered, and trying it again.",
    "packs": "List, check, test and begin packs.",
    "plugins": "List plugins.",
    "db": "Bring the database up to date, or see whether it is.",
}


class Root(click.Group):
    """Finds commands by name: ours as modules, then those that plugins bring."""

    _of_plugins: dict[str, click.Command] | None = None

    def list_commands(self, ctx: click.Context) -> list[str]:
        return [*COMMANDS, *self._plugin_commands(ctx)]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return self._plugin_commands(ctx, strict=True).get(cmd_name)
        module: Any = import_module(f"frontdesk_server.commands.{cmd_name}")
        found: click.Command = module.command
        return found

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """As click does it, but without importing a command to learn its first sentence."""
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))
        brought = self._plugin_commands(ctx)
        if brought:
            with formatter.section("Commands of plugins"):
                formatter.write_dl([(n, c.get_short_help_str(80)) for n, c in brought.items()])

    def _plugin_commands(
        self, ctx: click.Context, *, strict: bool = False
    ) -> dict[str, click.Command]:
        """Without `strict` a wrong configuration means none: help must always come."""
        if self._of_plugins is None:
            from frontdesk import ConfigError  # noqa: PLC0415  `serve` and others never get here
            from frontdesk_server.commands.plugins import find_commands  # noqa: PLC0415

            try:
                self._of_plugins = find_commands(ctx.ensure_object(Options), COMMANDS)
            except ConfigError:
                if strict:
                    raise
                return {}
        return self._of_plugins

    def make_context(
        self,
        info_name: str | None,
        args: list[str],
        parent: click.Context | None = None,
        **extra: Any,
    ) -> click.Context:
        self._of_plugins = None
        return super().make_context(info_name, args, parent, **extra)

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command. Whatever goes wrong becomes a message and an exit code."""
        if os.environ.get("NO_COLOR"):
            ctx.color = False
        try:
            return super().invoke(ctx)
        except (click.ClickException, click.exceptions.Exit, click.Abort, BrokenPipeError):
            raise
        except Exception as error:
            raise explained(error, ctx.ensure_object(Options)) from error


@click.group(cls=Root, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(None, "--version", package_name="frontdesk", message="frontdesk %(version)s")
@shared
@click.pass_context
def root(context: click.Context) -> None:
    """Frontdesk answers a business's customers, on its web site and elsewhere, and really books.

    Try it: `frontdesk serve --demo`, then open http://127.0.0.1:8000/ in a browser.
    """
    context.ensure_object(Options)


def main() -> None:
    """The console script. Exit codes: 0 fine, 1 found problems, 2 wrong use or configuration."""
    root.main(prog_name="frontdesk")
