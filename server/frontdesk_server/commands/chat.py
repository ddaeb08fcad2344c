"""frontdesk chat: a conversation in the terminal, without a server."""

import asyncio
import sys
from collections.abc import Iterator, Sequence
from contextlib import suppress
from importlib import import_module
from pathlib import Path
from tempfile import TemporaryDirectory

import click
import msgspec

from frontdesk import Business, Inbound, Settings, wanted
from frontdesk.catalogue import read_business
from frontdesk.database import Database
from frontdesk.desk import Desk
from frontdesk.ids import new_id
from frontdesk.live import Position
from frontdesk.plugins import Fault
from frontdesk.watch import Acted, Chunk, Done, Restart, follow
from frontdesk_server import logs
from frontdesk_server.commands.desks import missing_file, models
from frontdesk_server.commands.options import Failure, Options, pack_option, shared
from frontdesk_server.commands.output import card, safe
from frontdesk_server.commands.quiet import set_up_logs

LONGEST_FAULT = 500


@click.command(name="chat")
@shared
@click.argument("business")
@pack_option
@click.pass_obj
def command(options: Options, business: str, packs: Sequence[str]) -> None:
    """Talk to BUSINESS here in the terminal.

    BUSINESS is the id of a business of your database. When there is none, the name of a pack will
    do: its example business answers, and nothing is kept. Lines can also be piped in, one message
    each.
    """
    set_up_logs(options)
    settings = options.settings()
    if asyncio.run(_is_known(settings, business)):
        desk = Desk(settings, pack_folders=packs)
        desk.load()
        _talk(desk, business, None)
        return
    with TemporaryDirectory(prefix="frontdesk-", ignore_cleanup_errors=True) as folder:
        url = "sqlite:///" + (Path(folder) / "chat.db").as_posix()
        database = msgspec.structs.replace(settings.database, url=url)
        desk = Desk(msgspec.structs.replace(settings, database=database), pack_folders=packs)
        desk.load()
        example = _example(desk, business)
        _talk(desk, example.id, example)


async def _is_known(settings: Settings, business: str) -> bool:
    """Whether the database has it. A database that is not there yet is not made."""
    if missing_file(settings):
        return False
    database = Database(settings.database)
    await database.start()
    try:
        return await database.one("SELECT id FROM business WHERE id = {}", business) is not None
    except Exception:
        return False
    finally:
        await database.stop()


def _example(desk: Desk, name: str) -> Business:
    """The example business of a pack. Raises Failure when there is no such pack that works."""
    pack = desk.packs.get(name)
    if pack is None:
        known = ", ".join(sorted(desk.packs)) or "none"
        raise Failure(
            f"There is no business {name!r} in the database and no pack of that name. "
            f"Packs: {known}. `frontdesk business list` shows the businesses."
        )
    if pack.problems:
        raise Failure("\n".join([f"The pack {name!r} cannot be used:", *pack.problems]))
    source = f"{name}/business.example.toml"
    return read_business(pack.example, source, desk.plugins.business_settings)


def _talk(desk: Desk, business: str, example: Business | None) -> None:
    """Read lines and answer them. The loop runs only meanwhile, so that Ctrl-C always works."""
    with asyncio.Runner() as runner:
        runner.run(desk.start(recover=False))
        try:
            chat = runner.run(_open(desk, business, example))
            desk.plugins.when_broken.append(chat.tell)
            for line in _lines():
                runner.run(chat.say(line))
        except KeyboardInterrupt:
            click.echo()
        finally:
            runner.run(desk.stop())


async def _open(desk: Desk, identifier: str, example: Business | None) -> "_Chat":
    if example is not None:
        await desk.apply(example)
    business = await desk.business(identifier)
    assert business is not None
    click.echo(safe(f"{business.name}, answered by {_answered_by(desk)}"))
    if example is not None:
        click.echo(f"This is the pack's example business, {identifier}. Nothing is kept.")
    else:
        click.echo("This is the real business: what you book here is booked.")
    for warning in [*wanted.of_settings(desk.settings, desk.plugins),
                    *wanted.of_business(business, desk.plugins)]:  # fmt: skip
        click.echo(safe(f"Warning: {warning}"))
    if sys.stdin.isatty():
        click.echo("Write a message. /quit or Ctrl-D ends.")
    click.echo(safe(f"\n{desk.greeting(business)}\n"))
    conversation, _ = await desk.open_conversation(identifier, "web", new_id())
    return _Chat(desk, identifier, conversation)


def _answered_by(desk: Desk) -> str:
    used = [name for name, why in models(desk) if not why]
    return used[0] if used else "nobody: no model can be used, see `frontdesk check`"


def _lines() -> Iterator[str]:
    """Messages as they are typed or piped in, until /quit or the end."""
    is_terminal = sys.stdin.isatty()
    if is_terminal:
        with suppress(ImportError):
            import_module("readline")  # arrow keys and history, where Python has them
    while True:
        try:
            line = input("> ") if is_terminal else sys.stdin.readline()
        except EOFError:
            click.echo()
            return
        text = line.encode("utf-8", "replace").decode().strip()
        if text == "/quit" or not (line or is_terminal):
            return
        if text:
            if not is_terminal:
                click.echo(safe(f"> {text}"))
            yield text


class _Chat:
    """One conversation, shown as it goes on."""

    def __init__(self, desk: Desk, business: str, conversation: str) -> None:
        self._desk = desk
        self._business = business
        self._conversation = conversation
        self._at_start = True
        """Of a line."""

    async def say(self, text: str) -> None:
        inbound = Inbound(business=self._business, conversation=self._conversation, text=text)
        receipt = await self._desk.receive(inbound)
        async for part in follow(self._desk, self._conversation, receipt.seq, Position()):
            match part:
                case Chunk(text=piece):
                    self._show(piece)
                case Acted(settled=settled):
                    self._line(card(settled))
                case Restart():
                    self._line("(the reply starts again)")
                case Done(reply=None):
                    self._line("(a person has this conversation)")
                case _:
                    pass
        self._line("")

    def tell(self, fault: Fault) -> None:
        """What an action broke of, for whoever wrote it."""
        where = f"{fault.place}: " if fault.place else ""
        line = " ".join(safe(logs.scrubbed(f"{fault.plugin}: {where}{fault.said}")).split())
        self._line(line if len(line) <= LONGEST_FAULT else line[:LONGEST_FAULT] + "...")

    def _show(self, text: str) -> None:
        """The next piece. An empty line after an action is not needed."""
        text = safe(text.lstrip("\n") if self._at_start else text)
        if text:
            click.echo(text, nl=False)
            self._at_start = text.endswith("\n")

    def _line(self, text: str) -> None:
        if not self._at_start:
            click.echo()
        click.echo(click.style(text, dim=True) if text else "")
        self._at_start = True
