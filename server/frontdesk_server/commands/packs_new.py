"""frontdesk packs new."""

import json
from pathlib import Path

import click
import msgspec

from frontdesk import packs
from frontdesk_server.commands import starting
from frontdesk_server.commands.loaded import loaded
from frontdesk_server.commands.options import Options, WrongUse, shared
from frontdesk_server.commands.packs_schema import KINDS, schema_of

LONGEST_TITLE = 60


@click.command(name="new")
@shared
@click.argument("name")
@click.option("--title", default="", help="What people call it; else made from the name.")
@click.option(
    "--folder",
    metavar="PATH",
    type=click.Path(file_okay=False),
    default=".",
    help="Where to make the folder NAME; else here.",
)
@click.pass_obj
def new(options: Options, name: str, title: str, folder: str) -> None:
    """Write a pack to start from into the folder NAME. It can be talked to at once."""
    starting.check_name(name, "pack", packs.GROUP)
    title = title.strip() or name.replace("_", " ").capitalize()
    if not title.isprintable() or len(title) > LONGEST_TITLE or {*'"\\'} & {*title}:
        raise WrongUse(
            f"--title: {LONGEST_TITLE} printable characters at most, without quotes and backslashes."
        )
    plugins = loaded(options)
    schemas = {
        f"schemas/{kind}.json": msgspec.json.format(json.dumps(schema_of(kind, plugins)), indent=2)
        for kind in KINDS
    }
    target = Path(folder) / name
    count = starting.write("pack", target, {"name": name, "title": title}, {})
    (target / "schemas").mkdir()
    for path, text in schemas.items():
        (target / path).write_text(f"{text}\n", encoding="utf-8")
    shown = f"./{target}" if not target.is_absolute() else str(target)
    click.echo(
        f"Wrote {count + len(schemas)} files to {target}. Next:\n"
        f"  frontdesk packs check {shown}\n"
        f"  frontdesk packs test {shown}\n"
        f"  frontdesk serve --demo --pack {shown}    and open /demo/{name} in a browser"
    )
