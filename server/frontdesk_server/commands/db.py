"""frontdesk db."""

import asyncio
from typing import Any

import click
import msgspec

from frontdesk.desk import Desk
from frontdesk.migrate import Step, known, migrate
from frontdesk_server.commands.desks import load_desk, missing_file, shown_database
from frontdesk_server.commands.options import Options, format_option, shared
from frontdesk_server.commands.output import print_json, print_table


class Migration(msgspec.Struct, frozen=True):
    app: str
    name: str
    state: str
    """`done`, `pending`, or `unknown`: it ran, but this version of the program does not have it."""
    ran_on: str = ""


@click.group(name="db")
def command() -> None:
    """The database: SQLite, or Postgres."""


@command.command(name="migrate")
@shared
@format_option
@click.pass_obj
def migrate_(options: Options, form: str) -> None:
    """Bring the database up to date: run the migrations that are pending.

    On SQLite every start does this by itself.
    """
    desk = load_desk(options)
    ran = asyncio.run(_migrate(desk))
    if form == "json":
        print_json([{"app": step.app, "name": step.name} for step in ran])
        return
    for step in ran:
        click.echo(f"ran {step.app} {step.name}")
    click.echo(f"{shown_database(desk.settings)}: up to date")


async def _migrate(desk: Desk) -> list[Step]:
    await desk.open_database()
    try:
        return await migrate(desk.database, desk.apps)
    finally:
        await desk.database.stop()


@command.command(name="status")
@shared
@format_option
@click.pass_obj
def status(options: Options, form: str) -> None:
    """List the migrations: which ran and which are pending."""
    desk = load_desk(options)
    migrations = asyncio.run(read_migrations(desk))
    if form == "json":
        print_json(migrations)
        return
    print_table(
        ["app", "migration", "state", "ran on (UTC)"],
        [(m.app, m.name, m.state, m.ran_on) for m in migrations],
    )
    if any(m.state == "pending" for m in migrations):
        click.echo("Run `frontdesk db migrate` for what is pending.")


async def read_migrations(desk: Desk) -> list[Migration]:
    """A SQLite file that is not there yet is not made."""
    rows: list[dict[str, Any]] = []
    if not missing_file(desk.settings):
        await desk.open_database()
        try:
            rows = await _rows(desk)
        finally:
            await desk.database.stop()
    done = {(row["app_name"], row["name"]): str(row["ran_on"])[:19] for row in rows}
    steps = [(step.app, step.name) for step in known(desk.apps)]
    listed = [
        Migration(
            app, name, "done" if (app, name) in done else "pending", done.get((app, name), "")
        )
        for app, name in steps
    ]
    strange = [key for key in done if key not in steps]
    return listed + [Migration(app, name, "unknown", done[app, name]) for app, name in strange]


async def _rows(desk: Desk) -> list[dict[str, Any]]:
    try:
        return await desk.database.fetch("SELECT app_name, name, ran_on FROM migration ORDER BY id")
    except Exception:
        return []
