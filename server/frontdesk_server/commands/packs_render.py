"""frontdesk packs render: the prompt as models read it."""

import logging
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import click
import msgspec

from frontdesk import Business
from frontdesk.catalogue import check_custom_tools, read_business, tools_of
from frontdesk.errors import ConfigError
from frontdesk.locate import toml_line
from frontdesk.packs import Pack
from frontdesk.plugins import Plugins
from frontdesk.prompt import personalities, system_prompt
from frontdesk_server.commands.options import Failure, Options, format_option, shared
from frontdesk_server.commands.output import print_json, safe
from frontdesk_server.commands.pack_choice import chosen
from frontdesk_server.commands.quiet import set_up_logs

CHARACTERS = 4
"""Of English text, about as many as one token has."""


class Prompt(NamedTuple):
    """What comes before a conversation, in the order in which it is cached."""

    tools: list[str]
    described: str
    """The tools as JSON."""
    role: str
    facts: str


@click.command(name="render")
@shared
@click.argument("target", metavar="NAME|PATH")
@click.option("--business", "file", metavar="FILE",
              type=click.Path(exists=True, dir_okay=False, allow_dash=True),
              help="For this business instead of the pack's example; - reads standard input.")  # fmt: skip
@click.option("--channel", default="web", help="web (the default) or sms.")
@click.option("--personality", default="", help="With this personality instead of the business's.")
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
    if channel not in (known := sorted({"web", "sms", *plugins.channels})):
        raise Failure(f"There is no channel {channel!r}. Known: {', '.join(known)}.")
    business = _business(pack, plugins, file, personality)
    prompt = prompt_of(business, pack, plugins, channel, settings.plugins.expose)
    if form == "json":
        print_json(_described(prompt))
        return
    voices = personalities(pack)
    said = (
        f"Pack {pack.name}, business {business.name}, channel {channel}, {_voice(business, voices)}"
    )
    click.echo(safe(said))
    _show(prompt)


def prompt_of(
    business: Business, pack: Pack, plugins: Plugins, channel: str, expose: tuple[str, ...] = ()
) -> Prompt:
    medium = plugins.channels.get(channel)
    markdown = medium.markdown if medium else channel == "web"
    tools = tools_of(business, pack, plugins, expose)
    described = [
        {"name": t.name, "description": t.description, "input_schema": t.input_schema}
        for t in (bound.tool for bound in tools.values())
    ]
    role, facts = system_prompt(business, pack, channel, markdown=markdown)
    return Prompt(sorted(tools), msgspec.json.encode(described).decode(), role, facts)


def tokens(text: str) -> int:
    """About."""
    return -(-len(text) // CHARACTERS)


def _business(pack: Pack, plugins: Plugins, file: str | None, personality: str) -> Business:
    """Refused as `business apply` would refuse it, so that what is shown is what will be."""
    text, shown = pack.example, f"{pack.shown}/business.example.toml"
    if file:
        text = sys.stdin.read() if file == "-" else Path(file).read_text(encoding="utf-8")
        shown = "standard input" if file == "-" else file
    business = read_business(text, shown, plugins.business_settings)
    if business.pack != pack.name:
        of = f"of the pack {business.pack!r}" if business.pack else "of no pack"
        raise ConfigError(f"{shown}:{toml_line(text, 'pack')}: it is {of}, not of {pack.name!r}.")
    voices = personalities(pack)
    if personality:
        if personality not in voices:
            raise Failure(f"There is no personality {personality!r}. Known: {', '.join(voices)}.")
        business = msgspec.structs.replace(business, personality=personality, voice="")
    elif business.personality not in voices:
        at = f"{shown}:{toml_line(text, 'personality')}: personality"
        raise ConfigError(f"{at}: there is no {business.personality!r}; known: {', '.join(voices)}")
    check_custom_tools(business, plugins)
    return business


def _voice(business: Business, voices: Sequence[str]) -> str:
    others = ", ".join(voice for voice in voices if business.voice or voice != business.personality)
    chosen = "the business's own voice" if business.voice else f"personality {business.personality}"
    return f"{chosen} (there are also: {others})."


def _described(prompt: Prompt) -> dict[str, object]:
    return {
        "tools": msgspec.json.decode(prompt.described),
        "system": [prompt.role, prompt.facts],
        "about_tokens": dict(zip(("tools", "role", "business"), sizes(prompt), strict=True)),
        "cached_after": ["role", "business"],
    }


def sizes(prompt: Prompt) -> tuple[int, int, int]:
    """About how many tokens the tools, the role and the business have."""
    return tokens(prompt.described), tokens(prompt.role), tokens(prompt.facts)


def _show(prompt: Prompt) -> None:
    tools, role, facts = sizes(prompt)
    click.echo(
        f"About {tools + role + facts:,} tokens before the conversation; all of it is cached."
    )
    _head(f"{len(prompt.tools)} tools: about {tools:,} tokens")
    click.echo("\n".join(f"  {name}" for name in prompt.tools))
    _head(f"the role, its rules and voice: about {role:,} tokens")
    click.echo(safe(prompt.role))
    _head("breakpoint: so far it is cached for all businesses of this pack and voice")
    _head(f"the business: about {facts:,} tokens")
    click.echo(safe(prompt.facts))
    _head("breakpoint: so far it is cached for this business")


def _head(text: str) -> None:
    click.secho(f"\n--- {text} ---", bold=True)
