"""frontdesk staff."""

import asyncio
import sys
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from datetime import UTC
from typing import Any

import click
import msgspec

from frontdesk.desk import Desk
from frontdesk.instants import rfc3339
from frontdesk.pages import ROLES
from frontdesk_server.commands.desks import load_desk, opened
from frontdesk_server.commands.options import Failure, Options, WrongUse, format_option, shared
from frontdesk_server.commands.output import clock, print_json, print_table
from frontdesk_server.console import leaving, passwords, staff
from frontdesk_server.console.staff import Member

business_option = click.option("--business", metavar="ID", required=True, help="Whose they are.")
password_option = click.option(
    "--password-stdin",
    "from_stdin",
    is_flag=True,
    help="Read the password from standard input, instead of making one and printing it.",
)


@click.group(name="staff")
def command() -> None:
    """The people who may sign in to the console at /console."""


@command.command(name="add")
@shared
@click.argument("email")
@business_option
@click.option("--name", required=True, help="As customers see it.")
@click.option("--role", type=click.Choice(ROLES), default="agent", show_default=True)
@password_option
@format_option
@click.pass_obj
def add(
    options: Options, email: str, business: str, name: str, role: str, from_stdin: bool, form: str
) -> None:
    """Let the person with the address EMAIL sign in to a business's console.

    Their password is printed once, unless --password-stdin gives it.
    """
    password = _password(from_stdin)

    async def work(desk: Desk) -> Member:
        return await staff.add(
            desk.database, business, email=email, name=name, role=role, password=password
        )

    who = asyncio.run(_with_business(load_desk(options), business, work))
    _tell(who, "added", "" if from_stdin else password, form)


@command.command(name="list")
@shared
@click.option("--business", metavar="ID", default="", help="Only this business's.")
@format_option
@click.pass_obj
def list_(options: Options, business: str, form: str) -> None:
    """List members of staff. Times are UTC."""

    async def work(desk: Desk) -> list[Member]:
        return await staff.members(desk.database, business)

    found = asyncio.run(_with_business(load_desk(options), business, work))
    if form == "json":
        print_json([_as_json(who) for who in found])
        return
    if not found:
        click.echo("Nobody yet. `frontdesk staff add EMAIL --business ID --name NAME --role owner`")
        return
    print_table(
        ["business", "email", "name", "role", "active", "last seen"],
        [
            (
                who.business, who.email, who.name, who.role, "yes" if who.active else "no",
                clock(who.seen, UTC) if who.seen else "never",
            )
            for who in found
        ],
    )  # fmt: skip


@command.command(name="remove")
@shared
@click.argument("email")
@business_option
@click.pass_obj
def remove(options: Options, email: str, business: str) -> None:
    """Remove the person with the address EMAIL, and sign them out everywhere."""

    async def work(desk: Desk) -> Member:
        who = await _one(desk, business, email)
        gone = await staff.remove(desk.database, business, who.id)
        await leaving.give_back(desk, business, who.id)
        return gone

    who = asyncio.run(_with_business(load_desk(options), business, work))
    click.echo(f"{who.email}: removed from {business}")


@command.command(name="password")
@shared
@click.argument("email")
@business_option
@password_option
@format_option
@click.pass_obj
def password(options: Options, email: str, business: str, from_stdin: bool, form: str) -> None:
    """Give the person with the address EMAIL a new password, and sign them out everywhere."""
    new = _password(from_stdin)

    async def work(desk: Desk) -> Member:
        who = await _one(desk, business, email)
        await staff.set_password(desk.database, who, new)
        return who

    who = asyncio.run(_with_business(load_desk(options), business, work))
    _tell(who, "password changed", "" if from_stdin else new, form)


def _password(from_stdin: bool) -> str:
    if not from_stdin:
        return passwords.generate()
    given = sys.stdin.readline().rstrip("\r\n")
    if not given:
        raise WrongUse("Standard input had no password in its first line.")
    return given


def _tell(who: Member, what: str, new: str, form: str) -> None:
    """`new` is the password that was made; it is nowhere else."""
    if form == "json":
        print_json(_as_json(who) | ({"password": new} if new else {}))
        return
    click.echo(f"{who.email}: {what} ({who.role} of {who.business})")
    if new:
        click.echo(f"Password: {new}\nIt is not shown again.")


def _as_json(who: Member) -> dict[str, Any]:
    times = {"created": rfc3339(who.created), "seen": rfc3339(who.seen) if who.seen else None}
    return {**msgspec.to_builtins(who), **times}


async def _one(desk: Desk, business: str, email: str) -> Member:
    who = await staff.of_email(desk.database, business, email)
    if who is None:
        raise Failure(f"{email} is not on the staff of {business}. See `frontdesk staff list`.")
    return who


async def _with_business(desk: Desk, business: str, work: Any) -> Any:
    """What `work` returns; an empty `business` is any."""
    async with _opened(desk):
        if business and await desk.business(business) is None:
            known = ", ".join(each.id for each in await desk.businesses()) or "none"
            raise Failure(f"There is no business {business!r}. Businesses: {known}.")
        return await work(desk)


@asynccontextmanager
async def _opened(desk: Desk) -> AsyncGenerator[None]:
    if "console" not in desk.plugins.tables:
        raise Failure("The plugin console is not in use: see `frontdesk plugins list`.")
    async with opened(desk):
        yield
