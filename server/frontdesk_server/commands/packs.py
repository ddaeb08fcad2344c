"""frontdesk packs."""

from collections.abc import Iterable, Sequence
from typing import Any

import click

from frontdesk import packs as packs_module
from frontdesk.pack_checks import check_all_of
from frontdesk.packs import Pack
from frontdesk.plugins import Plugins
from frontdesk_server.commands.loaded import loaded
from frontdesk_server.commands.options import Options, format_option, shared
from frontdesk_server.commands.output import print_json, print_table
from frontdesk_server.commands.pack_choice import chosen
from frontdesk_server.commands.packs_new import new
from frontdesk_server.commands.packs_render import render
from frontdesk_server.commands.packs_schema import schema
from frontdesk_server.commands.packs_test import test


@click.group(name="packs")
def command() -> None:
    """A pack teaches Frontdesk an industry: prompts, tools and an example business."""


command.add_command(new)
command.add_command(schema)
command.add_command(test)
command.add_command(render)


@command.command(name="list")
@shared
@format_option
@click.pass_obj
def list_(options: Options, form: str) -> None:
    """List the installed packs and whether each can be used."""
    checked = check_all(packs_module.read_installed(), loaded(options))
    if form == "json":
        print_json([_described(pack, problems) for pack, problems in checked])
        return
    if not checked:
        click.echo("No pack is installed.")
        return
    described = [_described(pack, problems) for pack, problems in checked]
    print_table(
        ["name", "title", "version", "source", "tools", "status"],
        [
            (d["name"], d["title"], d["version"], d["source"], len(d["tools"]), _status(d))
            for d in described
        ],
    )


def _described(pack: Pack, problems: list[str]) -> dict[str, Any]:
    manifest = pack.manifest
    return {
        "name": pack.name,
        "title": manifest.title if manifest else "",
        "version": manifest.version if manifest else "",
        "description": manifest.description if manifest else "",
        "source": pack.source,
        "languages": manifest.languages if manifest else (),
        "tools": sorted(pack.tools),
        "problems": problems,
    }


def _status(described: dict[str, Any]) -> str:
    count = len(described["problems"])
    if not count:
        return "ok"
    return f"{_many(count, 'problem')}: frontdesk packs check {described['name']}"


@command.command(name="check")
@shared
@click.argument("targets", metavar="[NAME|PATH]...", nargs=-1)
@format_option
@click.pass_obj
def check(options: Options, targets: Sequence[str], form: str) -> None:
    """Find everything that is wrong with packs, each with file and line.

    Without a name or a folder, all installed packs are checked.
    """
    checked = [
        (pack, _placed(pack, problems) if pack.source in targets else problems)
        for pack, problems in check_all(chosen(targets), loaded(options))
    ]
    if form == "json":
        print_json([_counted(pack, problems) for pack, problems in checked])
    else:
        for pack, problems in checked:
            _report(pack, problems)
    if any(problems for _, problems in checked):
        raise click.exceptions.Exit(1)


def _counted(pack: Pack, problems: list[str]) -> dict[str, Any]:
    return {
        "name": pack.name,
        "source": pack.source,
        "tools": len(pack.tools),
        "scenarios": _scenarios(pack),
        "problems": problems,
    }


def _report(pack: Pack, problems: list[str]) -> None:
    for problem in problems:
        click.echo(problem)
    if problems:
        said = _many(len(problems), "problem")
    else:
        said = f"ok, {_many(len(pack.tools), 'tool')}, {_many(_scenarios(pack), 'scenario')}"
    click.echo(f"{pack.name}: {said}")


def _scenarios(pack: Pack) -> int:
    return len(list(pack.folder.glob("scenarios/*.toml"))) if pack.folder else 0


def _many(count: int, what: str) -> str:
    return f"{count} {what}" if count == 1 else f"{count} {what}s"


def _placed(pack: Pack, problems: list[str]) -> list[str]:
    """Of a folder: problems with a path that an editor finds."""
    named, folder = f"{pack.name}/", f"{pack.source.rstrip('/')}/"
    return [
        folder + problem.removeprefix(named) if problem.startswith(named) else problem
        for problem in problems
    ]


def check_all(packs: Iterable[Pack], plugins: Plugins) -> list[tuple[Pack, list[str]]]:
    """Each pack with its problems. A pack that breaks the check itself has that as its problem."""
    checked: list[tuple[Pack, list[str]]] = []
    for pack in packs:
        try:
            problems = check_all_of(pack, plugins)
        except Exception as error:
            why = f"{pack.name}: it is too broken to be checked further: {type(error).__name__}: {error}"
            problems = [*pack.problems, why]
        checked.append((pack, problems))
    return checked
