"""frontdesk serve."""

import errno
import logging
import signal
import socket
from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path

import click
import msgspec

from frontdesk import Business, Settings, wanted
from frontdesk.catalogue import read_business
from frontdesk.desk import Desk
from frontdesk_server import logs
from frontdesk_server.app import create_app
from frontdesk_server.commands.desks import models, shown_database
from frontdesk_server.commands.options import Failure, Options, pack_option, shared
from frontdesk_server.secret import secret_keys
from frontdesk_server.serve import server

_BACKLOG = 2048
_OFF_IN_DEMO = (
    "conversations_per_hour",
    "requests_per_minute",
    "sockets_per_address",
    "messages_per_minute",
    "messages_per_day",
    "conversation_per_minute",
)
_EVERYWHERE = {"0.0.0.0": "127.0.0.1", "::": "[::1]", "": "127.0.0.1"}  # noqa: S104


@click.command(name="serve")
@shared
@click.option("--demo", is_flag=True, help="With an example business of every pack, and its page.")
@click.option("--host", help="The address to listen on.")
@click.option("--port", type=click.IntRange(0, 65535), help="The port; 0 takes any that is free.")
@pack_option
@click.pass_obj
def command(
    options: Options, demo: bool, host: str | None, port: int | None, packs: Sequence[str]
) -> None:
    """Answer customers: start the web server.

    With --demo there is something to see at once: a page with the chat for an example business of
    every pack, and no limits on how often one address or visitor may come and write, unless the
    configuration sets them.
    """
    logs.set_up(verbose=options.verbose)
    settings = _with_address(options.settings(), host, port)
    if demo:
        settings = without_limits(settings)
    desk = _ServedDesk(settings, pack_folders=packs)
    desk.secret_keys = secret_keys(settings)
    desk.load()
    with _listen(settings) as listener:
        _run(desk, listener, demo=demo)


def _with_address(settings: Settings, host: str | None, port: int | None) -> Settings:
    address = {"host": host, "port": port}
    given = {key: value for key, value in address.items() if value is not None}
    changed = msgspec.structs.replace(settings.server, **given)
    return msgspec.structs.replace(settings, server=changed)


def without_limits(settings: Settings) -> Settings:
    """The demo's: whoever tries it out is one visitor at one address. Limits that someone set stay."""
    off = {key: 0 for key in _OFF_IN_DEMO if f"limits.{key}" not in settings.given}
    limits = msgspec.structs.replace(settings.limits, **off)
    return msgspec.structs.replace(settings, limits=limits)


class _ServedDesk(Desk):
    """Keeps the reason when its start fails, because the web server only logs it."""

    failure: Exception | None = None

    async def start(self, *, recover: bool = True) -> None:
        try:
            await super().start(recover=recover)
        except Exception as error:
            self.failure = error
            raise


def _listen(settings: Settings) -> socket.socket:
    """The listening socket. Taken before the server starts, so that a busy port is told plainly."""
    host, port = settings.server.host, settings.server.port
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    both = host == "::" and socket.has_dualstack_ipv6()
    try:
        return socket.create_server(
            (host, port), family=family, backlog=_BACKLOG, dualstack_ipv6=both
        )
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            cure = "Another program listens there, perhaps Frontdesk itself: stop it, or choose "
            cure += "another port with --port (0 takes any that is free)."
        elif error.errno == errno.EACCES:
            cure = "Ports below 1024 are for the administrator: choose another with --port."
        else:
            cure = "Check --host and --port, or [server] in the configuration."
        why = (error.strerror or str(error)).split(" (while")[0]
        raise Failure(f"Cannot listen on {host}, port {port}: {why}. {cure}") from error


def _run(desk: _ServedDesk, listener: socket.socket, *, demo: bool) -> None:
    app = create_app(desk, with_demo=demo)

    async def announce() -> None:
        for line in await _ready(desk, listener.getsockname()[1], demo=demo):
            click.echo(line)

    app.on_startup.append(announce)
    # When the desk cannot start we say why ourselves, without the server's traceback.
    logging.getLogger("uvicorn.error").addFilter(lambda _: desk.failure is None)
    # The server repeats the signal that stopped it when it has stopped: that is no error of ours.
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda _number, _frame: None)
    running = server(app, desk, desk.settings)
    try:
        running.run(sockets=[listener])
    except SystemExit as error:
        if desk.failure is not None:
            raise desk.failure from error
        raise Failure("The server could not start; the log above says why.") from error
    click.echo("Stopped.")


async def _ready(desk: Desk, port: int, *, demo: bool) -> list[str]:
    """What to tell the person who started it."""
    given = desk.settings.server
    host = _EVERYWHERE.get(given.host, f"[{given.host}]" if ":" in given.host else given.host)
    local = f"http://{host}:{port}/"
    lines = [f"Frontdesk {version('frontdesk')} is ready: {given.public_url.rstrip('/') or local}"]
    if given.public_url:
        lines[0] += "/"
        lines.append(f"  Listens on  {local}")
    if given.host in _EVERYWHERE:
        lines.append("  Network     every address of this computer")
    lines.append(f"  Models      {_models(desk)}")
    lines.append(f"  Database    {shown_database(desk.settings)}")
    names = [business.id for business in await desk.businesses()]
    lines.append(f"  Businesses  {', '.join(names) or 'none yet: `frontdesk business apply FILE`'}")
    if "console" in desk.plugins.enabled():
        lines.append(f"  Console     {given.public_url.rstrip('/') or local.rstrip('/')}/console")
    lines += _warnings(desk, await desk.businesses())
    if demo:
        lines += await _own_packs(desk, local)
        lines.append("Open the address above in a browser and write to a business.")
    return [*lines, "Stop with Ctrl-C."]


async def _own_packs(desk: Desk, local: str) -> list[str]:
    """Where whoever writes a pack finds it, and whether what they changed is to be seen there."""
    lines: list[str] = []
    for pack in desk.packs.values():
        if not pack.is_folder or pack.problems:
            continue
        lines.append(f"  Your pack   {local}demo/{pack.name}")
        example = read_business(pack.example, pack.shown, desk.plugins.business_settings)
        if await desk.business(pack.name) != example:
            file = Path(pack.source) / "business.example.toml"
            lines.append(
                f"  Note        its business is kept as it was. For the example as it is now: "
                f"frontdesk business apply {file} --pack {pack.source}"
            )
    return lines


def _models(desk: Desk) -> str:
    every = models(desk)
    used = ", then ".join(name for name, why in every if not why)
    unused = "; ".join(f"{name} is not used: {why}" for name, why in every if why)
    text = used or "none, so customers get an apology"
    if used == "offline":
        text = "offline model, which follows rules"
    return f"{text}; {unused}" if unused else text


def _warnings(desk: Desk, businesses: Sequence[Business]) -> list[str]:
    lines = [
        f"  Warning     the pack {pack.name} cannot be used: see `frontdesk packs check`"
        for pack in desk.packs.values()
        if pack.problems
    ]
    lines += [
        f"  Warning     the plugin {name} is set aside: {plugin.said}. {plugin.cure}"
        for name, plugin in desk.plugins.found.items()
        if plugin.status == "quarantined"
    ]
    lines += [f"  Warning     {said}" for said in wanted.of_settings(desk.settings, desk.plugins)]
    for business in businesses:
        said = wanted.of_business(business, desk.plugins)
        lines += [f"  Warning     business {business.id}: {each}" for each in said]
    return lines
