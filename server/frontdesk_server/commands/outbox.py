"""frontdesk outbox."""

import asyncio
from typing import Any

import click
import msgspec

from frontdesk import outbox
from frontdesk.desk import Desk
from frontdesk.instants import rfc3339
from frontdesk.outbox import Dead
from frontdesk_server.commands.desks import load_desk, opened
from frontdesk_server.commands.options import Failure, Options, WrongUse, format_option, shared
from frontdesk_server.commands.output import clock, print_json, print_table

MOST = 1000


@click.group(name="outbox")
def command() -> None:
    """What had to leave the database and could not: text messages, webhooks, notices."""


@command.command(name="list")
@shared
@click.option("--business", metavar="ID", default="", help="Only this business's.")
@format_option
@click.pass_obj
def list_(options: Options, business: str, form: str) -> None:
    """List what was given up, the newest first. Times are the business's."""
    found = asyncio.run(_list(load_desk(options), business))
    if form == "json":
        # Without the body: it may hold what a customer wrote.
        print_json([_as_json(entry) for _, entry in found])
    elif found:
        print_table(
            ["id", "business", "kind", "attempts", "since", "error"],
            [
                (e.id, e.business, e.kind, e.attempt, clock(e.created, zone), e.error)
                for zone, e in found
            ],
        )
    else:
        click.echo("Nothing was given up.")


@command.command(name="retry")
@shared
@click.argument("identifiers", metavar="[ENTRY]...", nargs=-1)
@click.option("--all", "every", is_flag=True, help="Everything that was given up.")
@click.option("--business", metavar="ID", default="", help="Only this business's.")
@click.pass_obj
def retry(options: Options, identifiers: tuple[str, ...], every: bool, business: str) -> None:
    """Try the given entries again, or all of them. A running server takes them up at once."""
    if bool(identifiers) == every:
        raise WrongUse("Give the ids of entries, from `frontdesk outbox list`, or --all.")
    tried, unknown = asyncio.run(_retry(load_desk(options), identifiers, business))
    click.echo(f"{tried} on their way again.")
    if unknown:
        raise Failure(f"Not waiting there (any more): {', '.join(unknown)}")


async def _list(desk: Desk, business: str) -> list[tuple[Any, Dead]]:
    """(zone, entry)."""
    async with opened(desk):
        return await _dead(desk, business)


async def _retry(desk: Desk, identifiers: tuple[str, ...], business: str) -> tuple[int, list[str]]:
    """(how many, ids that there are none of)."""
    async with opened(desk):
        found = {entry.id: entry for _, entry in await _dead(desk, business)}
        wanted = identifiers or tuple(found)
        tried = [
            identifier
            for identifier in wanted
            if (entry := found.get(identifier))
            and await outbox.again(desk.database, entry.business, identifier)
        ]
    return len(tried), [each for each in wanted if each not in tried]


async def _dead(desk: Desk, business: str) -> list[tuple[Any, Dead]]:
    every = await desk.businesses()
    chosen = [each for each in every if business in ("", each.id)]
    if business and not chosen:
        known = ", ".join(each.id for each in every) or "none"
        raise Failure(f"There is no business {business!r}. Businesses: {known}.")
    found = [
        (each.zone, entry)
        for each in chosen
        for entry in await outbox.dead(desk.database, each.id, limit=MOST)
    ]
    return sorted(found, key=lambda pair: pair[1].id, reverse=True)


def _as_json(entry: Dead) -> dict[str, Any]:
    plain = msgspec.to_builtins(entry)
    del plain["body"]
    return {**plain, "created": rfc3339(entry.created)}
