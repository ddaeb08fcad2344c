"""frontdesk packs render: the prompt as models read it."""

import logging
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click
import msgspec

from frontdesk import Business
from frontdesk.catalogue import read_business, tools_of
from frontdesk.packs import Pack
from frontdesk.plugins import Plugins
from frontdesk.prompt import personalities, system_prompt
from frontdesk_server.commands.options import Failure, Options, format_option, shared
from frontdesk_server.commands.output import print_json, safe
from frontdesk_server.commands.pack_choice import chosen
from frontdesk_server.commands.quiet import set_up_logs

CHARACTERS = 4
"""Of English text, about as many as one token has."""


@click.command(name="render")
@shared
@click.argument("target", metavar="NAME|PATH")
@click.option("--business", "file", metavar="FILE", type=click.Path(exists=True, dir_okay=False),
              help="For this business instead of the pack's example.")  # fmt: skip
@click.option("--channel", default="web", help="web (the default) or sms.")
@click.option("--personality", default="", help="With this voice instead of the business's.")
@format_option
@click.pass_obj
def render(
    options: Options, target: str, *, file: str | None, channel: str, personality: str, form: str
) -> None:
    """Print the exact prompt of a pack's business, with its size and where the cache begins.

    Tokens are estimated, four characters each; the provider counts what it bills.
    """
    set_up_logs(options, logging.CRITICAL)
    settings = options.settings()
    plugins = Plugins(settings)
    plugins.load_installed()
    plugins.collect()
    (pack,) = chosen([target])
    business = _business(pack, plugins, file, personality)
    medium = plugins.channels.get(channel)
    markdown = medium.markdown if medium else channel == "web"
    tools = tools_of(business, pack, plugins, settings.plugins.expose)
    described = [
        {"name": t.name, "description": t.description, "input_schema": t.input_schema}
        for t in (bound.tool for bound in tools.values())
    ]
    role, facts = system_prompt(business, pack, channel, markdown=markdown)
    parts: list[tuple[str, str]] = [
        (f"{len(tools)} tools", msgspec.json.encode(described).decode()),
        ("the role, its rules and voice", role),
        ("the business", facts),
    ]
    if form == "json":
        system = [role, facts]
        sizes = {title: _tokens(text) for title, text in parts}
        print_json({"tools": described, "system": system, "about_tokens": sizes})
        return
    _show(parts, sorted(tools))


def _business(pack: Pack, plugins: Plugins, file: str | None, personality: str) -> Business:
    text = Path(file).read_text(encoding="utf-8") if file else pack.example
    shown = file or f"{pack.shown}/business.example.toml"
    business = read_business(text, shown, plugins.business_settings)
    if not personality:
        return business
    voices = personalities(pack)
    if personality not in voices:
        raise Failure(f"There is no personality {personality!r}. Known: {', '.join(voices)}.")
    return msgspec.structs.replace(business, personality=personality)


def _show(parts: Sequence[tuple[str, str]], tools: Sequence[Any]) -> None:
    total = sum(_tokens(text) for _, text in parts)
    click.echo(f"About {total:,} tokens before the conversation; all of it is cached.")
    (first, described), (second, role), (third, facts) = parts
    _head(first, described, "")
    click.echo("\n".join(f"  {name}" for name in tools))
    _head(second, role, "the cache of all businesses of this pack and voice ends here")
    click.echo(safe(role))
    _head(third, facts, "the cache of this business ends here")
    click.echo(safe(facts))


def _head(title: str, text: str, breakpoint_: str) -> None:
    said = f"; {breakpoint_}" if breakpoint_ else ""
    click.secho(f"\n--- {title}: about {_tokens(text):,} tokens{said} ---", bold=True)


def _tokens(text: str) -> int:
    return -(-len(text) // CHARACTERS)
