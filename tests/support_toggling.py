"""Plugins that are switched off and on in tests: one with everything, and a server that reads a file."""

import asyncio
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import msgspec
from click.testing import CliRunner, Result
from litestar import Response, Router, WebSocket, post
from litestar import websocket as socket_route
from litestar.exceptions import ServiceUnavailableException
from support import serving

from frontdesk import Action, Business, Job, config, hookimpl
from frontdesk.appending import put
from frontdesk.business import BusinessPlugins
from frontdesk.configtree import merge
from frontdesk.desk import Desk
from frontdesk.model import Model
from frontdesk.plugins import Plugin
from frontdesk.testing import ScriptedModel
from frontdesk_server.cli import root
from frontdesk_server.commands.serve import without_limits

FILE = """\
# The file of the test.
[server]   # nothing here
port = 0

[plugins]
# What is off, and why:
disabled = [
  "http",  # nobody calls out
]
expose = ["double"]
"""


class Number(msgspec.Struct):
    number: int


async def double(call: Any, params: Number) -> dict[str, Any]:
    return {"double": 2 * params.number}


class Doubler:
    """A plugin with everything that can be switched off."""

    def __init__(self) -> None:
        self.ran = asyncio.Event()
        self.delivered: list[str] = []
        self.events = 0

    @hookimpl
    def register_actions(self) -> list[Action]:
        return [Action(name="double", description="Double a number.", params=Number, run=double)]

    @hookimpl
    def register_channels(self) -> list[Any]:
        return [SimpleNamespace(name="pigeon", markdown=False, cards=False, outbox="pigeon")]

    @hookimpl
    def extend_context(self) -> dict[str, str]:
        return {"Doubler": "at your service"}

    @hookimpl
    def before_action(self) -> str | None:
        return None

    @hookimpl
    def on_event(self) -> None:
        self.events += 1

    @hookimpl
    def register_jobs(self) -> list[Job]:
        return [Job(name="double", seconds=0.01, run=self._job)]

    async def _job(self) -> None:
        self.ran.set()

    @hookimpl
    def register_deliveries(self) -> dict[str, Any]:
        return {"pigeon": self._deliver}

    async def _deliver(self, entry: Any) -> None:
        self.delivered.append(entry.id)

    @hookimpl
    def register_routes(self) -> list[Any]:
        @post("/pigeon", status_code=200)
        async def pigeon() -> str:
            return "coo"

        @socket_route("/pigeon/ws")
        async def flock(socket: WebSocket[Any, Any, Any]) -> None:
            await socket.accept()
            while True:
                await socket.send_text(await socket.receive_text())

        @post("/pigeon/twiml", status_code=200)
        async def twiml() -> str:
            return "coo"

        def empty(_: Any, __: Exception) -> Response[str]:
            return Response("<Response/>", media_type="text/xml")

        polite = Router(
            "/", route_handlers=[twiml], exception_handlers={ServiceUnavailableException: empty}
        )
        return [pigeon, flock, polite]


OFF = frozenset({"test-0"})


def tools_of(model: ScriptedModel) -> list[str]:
    return [tool.name for tool in model.requests[-1].tools]


@asynccontextmanager
async def opened(folder: Path, text: str = FILE) -> AsyncGenerator[tuple[str, Desk, Path]]:
    """A server whose desk reads a file, and has the doubler; (its URL, the desk, the file)."""
    file = folder / "frontdesk.toml"
    file.write_text(text)
    desk = desk_of(folder, file)
    async with serving(desk) as url:
        yield url, desk, file


def desk_of(
    folder: Path, file: Path | None = None, *, url: str = "", models: Sequence[Model] = ()
) -> Desk:
    """Not started, with the doubler; its models are these and the offline one behind them."""
    settings = config.load(str(file), environ={}) if file else config.settings_of({})
    url = url or f"sqlite:///{folder / 'test.db'}"
    own = config.settings_of(
        merge(
            {"database": {"url": url}}, {"model": {"use": [*(m.name for m in models), "offline"]}}
        )
    )
    desk = Desk(
        without_limits(msgspec.structs.replace(settings, database=own.database, model=own.model))
    )
    desk.secret_keys = ("a key for tests, thirty-two characters",)
    desk.plugins.load_installed()
    if models:
        bringer = SimpleNamespace(register_models=hookimpl(lambda: list(models)))
        desk.plugins.add(Plugin(name="test-models"), lambda: bringer)
    desk.plugins.add(Plugin(name="test-0"), Doubler)
    desk.collect()
    return desk


def write(file: Path, *off: str) -> None:
    """The file with exactly these switched off, in one step."""
    new = file.with_suffix(".new")
    new.write_text(f"[plugins]\ndisabled = [{', '.join(f'{name!r}' for name in off)}]\n")
    new.replace(file)


def without(business: Business, *plugins: str) -> Business:
    return msgspec.structs.replace(business, plugins=BusinessPlugins(disabled=plugins))


async def until(check: Any, seconds: float = 2.0) -> None:
    """It is so within two seconds of a quiet machine; ours may be busy with other tests."""
    async with asyncio.timeout(5 * seconds):
        while not check():
            await asyncio.sleep(0.02)


def toggle(file: Path, *args: str) -> Result:
    url = f"sqlite:///{file.parent / 'test.db'}"
    return CliRunner(env={"FRONTDESK_DATABASE__URL": url}).invoke(
        root, ["plugins", *args, "--config", str(file)]
    )


async def send_pigeon(desk: Desk, business: str = "b") -> None:
    async with desk.database.transaction():
        await put(desk.database, business, "pigeon", {})


def doubler(desk: Desk) -> Doubler:
    found = desk.plugins._manager.get_plugin("test-0")
    assert isinstance(found, Doubler)
    return found
