"""frontdesk plugins new."""

import logging
from importlib.util import find_spec
from pathlib import Path
from shlex import quote

import click

from frontdesk.installed import GROUP
from frontdesk.plugins import Plugins
from frontdesk_server.commands import starting
from frontdesk_server.commands.options import Failure, Options, shared
from frontdesk_server.commands.quiet import set_up_logs


@click.command(name="new")
@shared
@click.argument("name")
@click.option(
    "--folder",
    metavar="PATH",
    type=click.Path(file_okay=False),
    default=".",
    help="Where to make the folder frontdesk-NAME; else here.",
)
@click.pass_obj
def new(options: Options, name: str, folder: str) -> None:
    """Write a plugin to start from into the folder frontdesk-NAME. Its test passes at once."""
    starting.check_name(name, "plugin", GROUP)
    if find_spec(f"frontdesk_{name}") is not None:
        raise Failure(f"There is a module frontdesk_{name} already: choose another name.")
    set_up_logs(options, logging.CRITICAL)
    plugins = Plugins(options.settings())
    plugins.load_installed()
    plugins.collect()
    if name in plugins.action_owner:
        raise Failure(
            f"The plugin {plugins.action_owner[name]!r} has an action {name!r} already: choose "
            "another name."
        )
    dashed = name.replace("_", "-")
    target = Path(folder) / f"frontdesk-{dashed}"
    names = {
        "pyproject.toml.txt": "pyproject.toml",
        "init.py.txt": f"frontdesk_{name}/__init__.py",
        "test.py.txt": f"tests/test_{name}.py",
    }
    count = starting.write("plugin", target, {"name": name, "dashed": dashed}, names)
    place = target if target.is_absolute() else f"./{target}"
    click.echo(
        f"Wrote {count} files to {target}. Next:\n"
        f"  pip install -e {quote(f'{place}[test]')}\n"
        f"  pytest {quote(str(target))}\n"
        f"  FRONTDESK_PLUGINS__EXPOSE='[\"{name}\"]' frontdesk chat restaurant\n"
        f'A business uses it with tools = ["{name}"] in its file, a pack by a tool with its action.'
    )
