"""frontdesk conversations."""

import asyncio
from typing import Any
from zoneinfo import ZoneInfo

import click
import msgspec

from frontdesk.desk import Desk
from frontdesk.instants import rfc3339
from frontdesk.live import as_action
from frontdesk_server.commands import reading
from frontdesk_server.commands.desks import load_desk, opened
from frontdesk_server.commands.options import Failure, Options, format_option, shared
from frontdesk_server.commands.output import card, clock, indented, print_json, print_table, safe
from frontdesk_server.commands.reading import Header, Line
from frontdesk_server.commands.trace_text import print_trace
from frontdesk_server.commands.tracing import Trace, read_trace

STATUSES = ["bot", "queued", "human", "snoozed", "resolved"]


@click.group(name="conversations")
def command() -> None:
    """What customers wrote, what they were answered, and why."""


@command.command(name="list")
@shared
@click.option("--business", metavar="ID", default="", help="Only this business's.")
@click.option("--status", type=click.Choice(STATUSES), default=None, help="Only in this state.")
@click.option("--limit", type=click.IntRange(1, 10_000), default=20, show_default=True)
@format_option
@click.pass_obj
def list_(options: Options, business: str, status: str | None, limit: int, form: str) -> None:
    """List conversations, the latest first. Times are the business's."""
    found = asyncio.run(_list(load_desk(options), business, status or "", limit))
    if form == "json":
        print_json([_header(each) for each in found])
        return
    if not found:
        click.echo("There is no such conversation.")
        return
    print_table(
        ["id", "business", "channel", "status", "messages", "contact", "updated"],
        [
            (
                h.id,
                h.business,
                h.channel,
                h.status,
                h.messages,
                h.contact,
                clock(h.updated, _zone(h)),
            )
            for h in found
        ],
    )


async def _list(desk: Desk, business: str, status: str, limit: int) -> list[Header]:
    async with opened(desk):
        if business and await desk.business(business) is None:
            known = ", ".join(each.id for each in await desk.businesses()) or "none"
            raise Failure(f"There is no business {business!r}. Businesses: {known}.")
        return await reading.headers(desk.database, business, status, limit)


@command.command(name="show")
@shared
@click.argument("identifier", metavar="ID")
@format_option
@click.pass_obj
def show(options: Options, identifier: str, form: str) -> None:
    """Show the conversation ID as its customer saw it. Times are the business's."""
    header, lines = asyncio.run(_show(load_desk(options), identifier))
    if form == "json":
        print_json({"conversation": _header(header), "messages": [_line(each) for each in lines]})
        return
    click.echo(heading(header))
    for line in lines:
        who = "Customer" if line.role == "customer" else "Assistant"
        when = clock(line.at, _zone(header))
        click.echo("\n" + click.style(f"{when}  {who}", bold=True))
        for settled in line.actions:
            click.echo("  " + card(settled))
        click.echo(indented(line.content, "  "))


async def _show(desk: Desk, identifier: str) -> tuple[Header, list[Line]]:
    async with opened(desk):
        header = await reading.header(desk.database, identifier)
        return header, await reading.lines(desk.database, identifier)


@command.command(name="trace")
@shared
@click.argument("identifier", metavar="ID")
@click.option("--turn", type=click.IntRange(1), help="Only the turn of this number.")
@click.option("--last", is_flag=True, help="Only the last turn.")
@click.option("--full", is_flag=True, help="With the whole of prompts, situations and results.")
@format_option
@click.pass_obj
def trace(
    options: Options, identifier: str, turn: int | None, last: bool, full: bool, form: str
) -> None:
    """Show how each reply of the conversation ID came about.

    For every turn: what the model was told, each of its answers with tokens, cost and time, each
    tool call with its arguments and outcome, and the reply. JSON always has the whole texts.
    """
    if turn and last:
        raise click.UsageError("Give --turn or --last, not both.")
    header, found = asyncio.run(_trace(load_desk(options), identifier))
    turns = _chosen(found, -1 if last else turn)
    prompts = {key: found.prompts[key] for key in _prompts_of(turns) if key in found.prompts}
    found = msgspec.structs.replace(found, turns=turns, prompts=prompts)
    if form == "json":
        print_json({"conversation": _header(header), **msgspec.to_builtins(found)})
        return
    click.echo(heading(header))
    print_trace(found, _zone(header), full=full)


def _chosen(found: Trace, number: int | None) -> list[Any]:
    count = len(found.turns)
    if number is None or not count:
        if number is not None:
            raise Failure("The conversation has no turn yet.")
        return found.turns
    if number > count:
        raise Failure(f"There is no turn {number}: the conversation has {count}.")
    return [found.turns[number if number < 0 else number - 1]]


def _prompts_of(turns: list[Any]) -> list[str]:
    return [asked.prompt for turn in turns for round_ in turn.rounds for asked in round_.asked]


async def _trace(desk: Desk, identifier: str) -> tuple[Header, Trace]:
    async with opened(desk):
        header = await reading.header(desk.database, identifier)
        return header, await read_trace(desk.database, identifier)


def heading(header: Header) -> str:
    who = f" with {header.contact}" if header.contact else ""
    return safe(
        f"Conversation {header.id}\n{header.business}, {header.channel}, {header.status}{who}, "
        f"begun {clock(header.created, _zone(header))} ({header.timezone})"
    )


def _zone(header: Header) -> ZoneInfo:
    return ZoneInfo(header.timezone)


def _header(header: Header) -> dict[str, Any]:
    times = {"created": rfc3339(header.created), "updated": rfc3339(header.updated)}
    return {**msgspec.to_builtins(header), **times}


def _line(line: Line) -> dict[str, Any]:
    actions = [as_action(settled) for settled in line.actions]
    return {
        "seq": line.seq, "at": rfc3339(line.at), "role": line.role, "content": line.content,
        "actions": actions,
    }  # fmt: skip
