"""How commands print: tables for people, JSON for programs, and nothing that moves the cursor."""

import os
import re
import sys
from collections.abc import Iterable, Sequence
from datetime import datetime, tzinfo
from typing import Any, cast

import click
import msgspec

from frontdesk.events import CallSettled

_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
LONGEST_CARD = 160
FIRST_LINES = 4
FIRST_CHARACTERS = 300


def safe(text: str) -> str:
    """Without control characters: what a customer or a model wrote must not steer a terminal."""
    return _CONTROL.sub("\N{REPLACEMENT CHARACTER}", text.replace("\r\n", "\n"))


def print_json(value: Any) -> None:
    click.echo(msgspec.json.format(msgspec.json.encode(value), indent=2))


def print_table(headers: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Columns; on a terminal as wide as it is, elsewhere never broken into several lines."""
    from rich.console import Console  # noqa: PLC0415  only tables need it
    from rich.table import Table  # noqa: PLC0415
    from rich.text import Text  # noqa: PLC0415

    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="bold")
    for header in headers:
        table.add_column(header, overflow="fold")
    for row in rows:
        table.add_row(*(Text(safe(str(cell))) for cell in row))
    if sys.stdout.isatty():
        Console(no_color=bool(os.environ.get("NO_COLOR"))).print(table)
        return
    console = Console(width=10_000, color_system=None, force_terminal=False)
    with console.capture() as captured:
        console.print(table)
    for line in captured.get().splitlines():
        click.echo(line.rstrip())


def indented(text: str, by: str) -> str:
    return "\n".join(by + line if line else "" for line in safe(text).splitlines())


def shortened(text: str, *, full: bool) -> str:
    """The first lines and how long the whole is, unless all of it is wanted."""
    start = "\n".join(text.splitlines()[:FIRST_LINES])[:FIRST_CHARACTERS]
    if full or len(start) >= len(text.rstrip()):
        return text
    return f"{start}\n... ({len(text)} characters; --full shows all)"


def card(settled: CallSettled) -> str:
    """What was done, in one line."""
    facts = _facts(settled.data) if settled.status == "done" else settled.data.get("message", "")
    line = safe(f"{settled.tool}: {settled.status}" + (f"; {facts}" if facts else ""))
    line = " ".join(line.split())
    return f"[{line if len(line) <= LONGEST_CARD else line[:LONGEST_CARD] + '...'}]"


def _facts(data: dict[str, Any]) -> str:
    """The message is left out: the reply says it again in the model's words."""
    facts: list[str] = []
    for key, value in data.items():
        if isinstance(value, list | dict):
            facts.append(f"{key} ({len(cast('list[Any]', value))})")
        elif key != "message" and value not in (None, ""):
            facts.append(f"{key} {_word(value)}")
    return ", ".join(facts)


def _word(value: Any) -> str:
    return {True: "yes", False: "no"}[value] if isinstance(value, bool) else str(value)


def clock(ms: int, zone: tzinfo) -> str:
    """Milliseconds since the epoch as people read them."""
    return f"{datetime.fromtimestamp(ms / 1000, zone):%Y-%m-%d %H:%M:%S}"
