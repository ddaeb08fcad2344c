"""What every command knows and how it fails. Light, because it is imported for `--help` too."""

from collections.abc import Callable
from typing import IO, TYPE_CHECKING, Any, TypeVar

import click

if TYPE_CHECKING:
    from frontdesk import Settings

F = TypeVar("F", bound=Callable[..., Any])


class Options:
    """The object of click's context; commands of plugins find it there too."""

    config: str | None = None
    verbose: bool = False

    def settings(self, *, lenient: bool = False) -> "Settings":
        """Raises ConfigError. `lenient`: also without the environment that its secrets stand in."""
        from frontdesk import config  # noqa: PLC0415  `--help` needs no configuration

        return config.load(self.config, lenient=lenient)


def _keep(context: click.Context, parameter: click.Parameter, value: Any) -> None:
    if value and parameter.name:
        setattr(context.ensure_object(Options), parameter.name, value)


def shared(command: F) -> F:
    """--config and --verbose, which may stand before the command and behind it."""
    for option in (_VERBOSE, _CONFIG):
        command = option(command)
    return command


_CONFIG = click.option(
    "--config",
    metavar="FILE",
    help="The configuration file; else FRONTDESK_CONFIG, else ./frontdesk.toml if it is there.",
    is_eager=True,
    expose_value=False,
    callback=_keep,
)
_VERBOSE = click.option(
    "--verbose",
    is_flag=True,
    help="Log more, and show where an error came from.",
    is_eager=True,
    expose_value=False,
    callback=_keep,
)

format_option = click.option(
    "--format",
    "form",
    type=click.Choice(["table", "json"]),
    default="table",
    help="A table for people (the default), or JSON.",
)

pack_option = click.option(
    "--pack",
    "packs",
    metavar="PATH",
    multiple=True,
    type=click.Path(exists=True, file_okay=False),
    help="Use the pack in this folder too. May be given more than once.",
)


class Failure(click.ClickException):
    """Ends a command with a message and the exit code 1: something was found wrong."""

    def show(self, file: IO[Any] | None = None) -> None:
        """Several lines stand without "Error:", so that each place in a file begins its line."""
        if "\n" in self.message:
            click.echo(self.message, file=file, err=file is None)
        else:
            super().show(file)


class WrongUse(Failure):
    """Ends a command with a message and the exit code 2."""

    exit_code = 2


def explained(error: Exception, options: Options) -> Failure:
    """Any exception as what the person at the keyboard should read."""
    from frontdesk.errors import ConfigError, FrontdeskError  # noqa: PLC0415

    if options.verbose:
        import traceback  # noqa: PLC0415

        click.echo("".join(traceback.format_exception(error)), err=True)
    if isinstance(error, ConfigError):
        return WrongUse(str(error))
    if isinstance(error, FrontdeskError):
        return Failure(str(error))
    what = f"{type(error).__name__}: {error}" if str(error) else type(error).__name__
    return Failure(f"Something went wrong: {what}. Run again with --verbose for details.")
