"""frontdesk business."""

import asyncio
import sys
import tomllib
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any, cast

import click
import msgspec
import tomli_w

from frontdesk import Business, ConfigError, wanted
from frontdesk.catalogue import read_business
from frontdesk.desk import Desk
from frontdesk.locate import toml_line
from frontdesk_server.commands.desks import load_desk, opened
from frontdesk_server.commands.options import (
    Failure,
    Options,
    WrongUse,
    format_option,
    pack_option,
    shared,
)
from frontdesk_server.commands.output import print_json, print_table


@click.group(name="business")
def command() -> None:
    """A business is a TOML file: its profile, hours, facts and settings."""


@command.command(name="list")
@shared
@format_option
@click.pass_obj
def list_(options: Options, form: str) -> None:
    """List the businesses of the database."""
    businesses = asyncio.run(_all(load_desk(options)))
    keys = ("id", "name", "pack", "timezone", "locale", "currency")
    if form == "json":
        print_json([{key: getattr(each, key) for key in keys} for each in businesses])
    elif businesses:
        print_table(keys, [[getattr(each, key) for key in keys] for each in businesses])
    else:
        click.echo("There is no business yet. Make one with `frontdesk business apply FILE`.")


async def _all(desk: Desk) -> list[Business]:
    async with opened(desk):
        return await desk.businesses()


@command.command(name="apply")
@shared
@click.argument("file", type=click.Path(exists=True, dir_okay=False, allow_dash=True))
@pack_option
@click.pass_obj
def apply(options: Options, file: str, packs: Sequence[str]) -> None:
    """Create or update a business from FILE; - reads standard input.

    Nothing is changed when something is wrong with it. A running server takes it up within seconds.
    """
    desk = load_desk(options, packs=packs)
    source, text = _read(file)
    business = read_business(text, source, desk.plugins.business_settings)
    is_new = asyncio.run(_apply(desk, business, source, text))
    click.echo(f"{business.id}: {'created' if is_new else 'updated'}")
    for warning in wanted.of_business(business, desk.plugins):
        click.echo(f"Warning: {source}:{toml_line(text, 'tools')}: {warning}", err=True)
    for warning in wanted.of_settings(desk.settings, desk.plugins):
        click.echo(f"Warning: {warning}", err=True)
    pack = desk.packs.get(business.pack)
    if pack is not None and pack.problems:
        click.echo(
            f"Warning: the pack {pack.name} cannot be used: see `frontdesk packs check {pack.name}`",
            err=True,
        )


def _read(file: str) -> tuple[str, str]:
    """(the name for messages, the text)."""
    try:
        if file == "-":
            return "standard input", sys.stdin.read()
        return file, Path(file).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise WrongUse(f"{file}:1: cannot be read as UTF-8 text: {error}") from error


async def _apply(desk: Desk, business: Business, source: str, text: str) -> bool:
    async with opened(desk, make=True):
        try:
            return await desk.apply(business)
        except ConfigError as error:
            line = toml_line(text, str(error).split(":", 1)[0])
            raise ConfigError(f"{source}:{line}: {error}") from error


@command.command(name="export")
@shared
@click.argument("identifier", metavar="ID")
@click.pass_obj
def export(options: Options, identifier: str) -> None:
    """Print the business ID as TOML that `apply` takes."""
    business = asyncio.run(_one(load_desk(options), identifier))
    click.echo(as_toml(business), nl=False)


async def _one(desk: Desk, identifier: str) -> Business:
    async with opened(desk):
        business = await desk.business(identifier)
        if business is None:
            known = ", ".join(each.id for each in await desk.businesses()) or "none"
            raise Failure(f"There is no business {identifier!r}. Businesses: {known}.")
        return business


def as_toml(business: Business) -> str:
    """The profile without what is left at its default; reading it gives the same business."""
    tree = _without_defaults(business)
    text = tomli_w.dumps(tree, multiline_strings=True)
    if tomllib.loads(text) == tree:
        return text
    return tomli_w.dumps(tree)  # a lone carriage return does not survive in a multi-line string


def _without_defaults(value: Any) -> Any:
    if isinstance(value, msgspec.Struct):
        fields = msgspec.structs.fields(value)
        given = {field.name: (getattr(value, field.name), field) for field in fields}
        return {
            name: _without_defaults(content)
            for name, (content, field) in given.items()
            if field.required or content != _default(field)
        }
    if isinstance(value, tuple | list):
        return [_without_defaults(item) for item in cast("list[Any]", value)]
    return value if isinstance(value, date) else msgspec.to_builtins(value)


def _default(field: msgspec.structs.FieldInfo) -> Any:
    if field.default_factory is not msgspec.NODEFAULT:
        return field.default_factory()
    return field.default
