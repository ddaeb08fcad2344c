"""Plugins switched off and on: on the desk, by the file, by the command, while customers write."""

import asyncio
import logging
import os
from collections.abc import AsyncIterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import httpx
import msgspec
import pytest
import structlog
from click.testing import CliRunner, Result
from litestar import Response, Router, WebSocket, post
from litestar import websocket as socket_route
from litestar.exceptions import ServiceUnavailableException
from support import Visitor, serving
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed

from frontdesk import Action, Business, Job, config, hookimpl, toggling
from frontdesk.appending import put
from frontdesk.configtree import merge
from frontdesk.desk import Desk
from frontdesk.errors import ConfigError
from frontdesk.plugins import Plugin
from frontdesk.testing import Call, ScriptedModel, open_desk
from frontdesk_server.cli import root

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


# ---- the desk --------------------------------------------------------------------------------


async def test_an_action_is_gone_with_the_next_turn_and_comes_back(tmp_path: Path) -> None:
    model, plugin = ScriptedModel(), Doubler()
    settings = {"plugins": {"expose": ["double"]}}
    async with open_desk(tmp_path, models=[model], plugins=[plugin], settings=settings) as desk:
        await desk.add_business(Business(id="b", name="B"))
        talk = await desk.conversation("b")
        for off, outcome in ((frozenset[str](), "done"), (OFF, ""), (frozenset[str](), "done")):
            desk.desk.switch_plugins(off)
            before = plugin.events
            model.then(Call("double", number=4), "Well.")
            await talk.say("what is twice four?")
            assert [a.status for a in talk.actions] == ([outcome] if outcome else [])
            assert ("double" in tools_of(model)) == (not off)
            said = str(model.requests[-2].messages[-1].blocks)
            assert ("at your service" in said) == (not off)
            assert (plugin.events > before) == (not off)
            assert ("test-0" in desk.desk.plugins.enabled()) == (not off)
            assert ("pigeon" in desk.desk.plugins.channels) == (not off)


async def test_what_was_proposed_waits_for_its_plugin(tmp_path: Path) -> None:
    confirmed = {"name": "twice", "description": "Doubles.", "action": "double", "confirm": True}
    schema = {
        "type": "object", "additionalProperties": False, "required": ["number"],
        "properties": {"number": {"type": "integer"}},
    }  # fmt: skip
    business = msgspec.convert(
        {"id": "b", "name": "B", "custom_tools": [confirmed | {"input_schema": schema}]}, Business
    )
    model = ScriptedModel()
    async with open_desk(tmp_path, models=[model], plugins=[Doubler()]) as desk:
        await desk.add_business(business)
        talk = await desk.conversation("b")
        model.then(Call("twice", number=4), "Shall I?")
        await talk.say("double four")
        proposal = talk.actions[0].call_id
        desk.desk.switch_plugins(OFF)
        model.then("That is not possible at the moment.")
        reply = await talk.say("Yes", confirm=proposal)
        assert reply
        assert talk.actions == []
        desk.desk.switch_plugins(())
        model.then("Eight.")
        await talk.say("Yes", confirm=proposal)
        assert [a.status for a in talk.actions] == ["done"]


async def test_jobs_and_deliveries_rest(tmp_path: Path) -> None:
    plugin = Doubler()
    async with open_desk(tmp_path, plugins=[plugin]) as desk:
        await asyncio.wait_for(plugin.ran.wait(), 5)
        desk.desk.switch_plugins(OFF)
        await _send_pigeon(desk.desk)
        plugin.ran.clear()
        job = next(job for job in desk.desk.jobs if job.name == "double")
        courier = next(job for job in desk.desk.jobs if job.name == "outbox")
        await job.run()
        await courier.run()
        assert not plugin.ran.is_set()
        assert plugin.delivered == []
        desk.desk.switch_plugins(())
        await job.run()
        await courier.run()
        assert plugin.ran.is_set()
        async with asyncio.timeout(10):  # the job of the desk may be the one that delivers it
            while not plugin.delivered:
                await asyncio.sleep(0.01)
        assert len(plugin.delivered) == 1


async def _send_pigeon(desk: Desk) -> None:
    async with desk.database.transaction():
        await put(desk.database, "b", "pigeon", {})


async def test_a_model_that_is_off_is_passed_over_and_closed_in_the_end(tmp_path: Path) -> None:
    closed: list[str] = []

    class Other(ScriptedModel):
        async def close(self) -> None:
            closed.append(self.name)

    other = Other()
    other.name = "other"
    bringer = SimpleNamespace(register_models=hookimpl(lambda: [other]))
    settings = {"model": {"use": ["other", "offline"]}}
    async with open_desk(tmp_path, plugins=[bringer], settings=settings) as desk:
        business = Business(id="b", name="B")
        await desk.add_business(business)
        desk.desk.switch_plugins(OFF)
        assert [m.name for m in await desk.desk.models_for(business)] == ["offline"]
        assert await (await desk.conversation("b")).say("hello")
    assert closed == ["other"]


async def test_one_business_does_without(tmp_path: Path) -> None:
    model = ScriptedModel()
    settings = {"plugins": {"expose": ["double"]}}
    async with open_desk(tmp_path, models=[model], plugins=[Doubler()], settings=settings) as desk:
        for name, disabled in (("with", []), ("without", ["test-0"])):
            tree = {"id": name, "name": name, "plugins": {"disabled": disabled}}
            await desk.add_business(msgspec.convert(tree, Business))
            talk = await desk.conversation(name)
            model.then("Hello.")
            await talk.say("hello")
            assert ("double" in tools_of(model)) == (not disabled)
            assert ("at your service" in str(model.requests[-1])) == (not disabled)


# ---- its routes ------------------------------------------------------------------------------


@pytest.fixture
async def served(tmp_path: Path) -> AsyncIterator[tuple[str, Desk, Path]]:
    """A server whose desk reads a file, and has the doubler; (its URL, the desk, the file)."""
    file = tmp_path / "frontdesk.toml"
    file.write_text(FILE)
    async with _serving(tmp_path, file) as (url, desk):
        yield url, desk, file


def _serving(folder: Path, file: Path) -> Any:
    desk = _desk(folder, file)
    served = serving(desk)

    class Both:
        async def __aenter__(self) -> tuple[str, Desk]:
            return await served.__aenter__(), desk

        async def __aexit__(self, *args: Any) -> None:
            await served.__aexit__(*args)

    return Both()


def _desk(folder: Path, file: Path) -> Desk:
    settings = config.load(str(file), environ={})
    changes = merge(
        {"database": {"url": f"sqlite:///{folder / 'test.db'}"}}, {"model": {"use": ["offline"]}}
    )
    own = config.settings_of(changes)
    limits = msgspec.structs.replace(
        own.limits, messages_per_minute=0, conversation_per_minute=0, requests_per_minute=0,
        conversations_per_hour=0, business_per_minute=0, messages_per_day=0,
    )  # fmt: skip
    desk = Desk(
        msgspec.structs.replace(settings, database=own.database, model=own.model, limits=limits)
    )
    desk.secret_keys = ("a key for tests, thirty-two characters",)
    desk.plugins.load_installed()
    desk.plugins.add(Plugin(name="test-0"), Doubler)
    desk.collect()
    return desk


async def test_routes_answer_politely(served: tuple[str, Desk, Path]) -> None:
    url, desk, _ = served
    async with httpx.AsyncClient(base_url=url) as http:
        assert (await http.post("/pigeon")).text == "coo"
        async with connect(f"ws{url[4:]}/pigeon/ws") as socket:
            await socket.send("a")
            assert await socket.recv() == "a"
            desk.switch_plugins(OFF)
            await socket.send("b")
            with pytest.raises(ConnectionClosed) as closed:
                await socket.recv()
            assert closed.value.rcvd
            assert closed.value.rcvd.code == 1013
        answer = await http.post("/pigeon")
        assert answer.status_code == 503
        assert answer.headers["content-type"] == "application/problem+json"
        assert "'test-0'" in answer.json()["detail"]
        assert answer.headers["retry-after"] == "60"
        polite = await http.post("/pigeon/twiml")
        assert (polite.status_code, polite.text) == (200, "<Response/>")
        desk.switch_plugins(())
        assert (await http.post("/pigeon")).text == "coo"


async def test_the_widgets_channel(served: tuple[str, Desk, Path]) -> None:
    url, desk, _ = served
    async with httpx.AsyncClient(base_url=url) as http:
        who = await Visitor.arrive(http, "restaurant")
        desk.switch_plugins({"web"})
        path, message = f"{who.path}/messages", {"content": "hello"}
        headers = who.headers | {"origin": url}
        answer = await http.post(path, json=message, headers=headers)
        assert answer.status_code == 503
        assert answer.headers["access-control-allow-origin"] == url
        assert (await http.get("/health/ready")).status_code == 200
        desk.switch_plugins(())
        assert (await who.say("hello"))["content"]


# ---- the file --------------------------------------------------------------------------------


async def _until(check: Any, seconds: float = 2.0) -> None:
    """It is so within two seconds of a quiet machine; ours may be busy with other tests."""
    async with asyncio.timeout(5 * seconds):
        while not check():
            await asyncio.sleep(0.02)


def _toggle(file: Path, *args: str) -> Result:
    url = f"sqlite:///{file.parent / 'test.db'}"
    return CliRunner(env={"FRONTDESK_DATABASE__URL": url}).invoke(
        root, ["plugins", *args, "--config", str(file)]
    )


async def test_a_running_server_takes_the_file_up(served: tuple[str, Desk, Path]) -> None:
    _, desk, file = served
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.INFO))
    with structlog.testing.capture_logs() as logs:
        file.write_text(FILE.replace('"http",', '"http", "test-0", "ghost",'))
        await _until(lambda: desk.plugins.resting == OFF)
        assert [e["plugin"] for e in logs if "no plugin" in e["event"]] == ["ghost"]
        file.write_text("[plugins\n")
        await _until(lambda: any("configuration is wrong" in e["event"] for e in logs))
        assert desk.plugins.resting == OFF
        file.write_text(FILE + "\n[limits]\nturns = 3\n")
        await _until(lambda: not desk.plugins.resting)
        told = [e["keys"] for e in logs if "needs a restart" in e["event"] and "keys" in e]
        assert told == [["limits.turns"]]
        file.write_text(FILE.replace('"http",', ""))
        await _until(lambda: "http" in desk.plugins.enabled())
        assert "http_get" in desk.plugins.actions
        file.unlink()
        await _until(lambda: any("is gone" in e["event"] for e in logs))
        file.write_text(FILE.replace('"http",', '"http", "test-0"'))
        await _until(lambda: desk.plugins.resting == OFF | {"http"})


async def test_what_was_off_at_the_start_is_loaded(tmp_path: Path) -> None:
    """With its tables, its routes, its jobs, and the pack that cannot be without it."""
    file = tmp_path / "frontdesk.toml"
    file.write_text('[plugins]\ndisabled = ["info", "web", "test-0", "broken"]\n')
    desk = _desk(tmp_path, file)
    desk.plugins.add(
        Plugin(name="broken"), lambda: SimpleNamespace(startup=hookimpl(lambda: 1 / 0))
    )
    assert desk.packs["restaurant"].problems
    async with serving(desk) as url, httpx.AsyncClient(base_url=url) as http:
        assert (await http.post("/pigeon")).status_code == 404
        assert (await http.get("/widget/config?business=b")).status_code == 404
        file.write_text("[plugins]\ndisabled = []\n")
        await _until(lambda: not desk.packs["restaurant"].problems)
        assert desk.plugins.found["broken"].status == "quarantined"
        assert desk.plugins.resting == frozenset()
        assert desk.plugins.unloaded == frozenset()
        assert (await http.post("/pigeon")).text == "coo"
        await _send_pigeon(desk)
        await _until(lambda: not desk.plugins.resting and _doubler(desk).delivered)
        assert _doubler(desk).ran.is_set()
        name = {"id": "b", "name": "B", "pack": "restaurant"}
        await desk.apply(msgspec.convert(name, Business))
        who = await Visitor.arrive(http, "b")
        assert (await who.say("do you sell gift cards?"))["content"]
        await desk.database.fetch("SELECT * FROM info_index")
        file.write_text('[plugins]\ndisabled = ["test-0"]\n')
        await _until(lambda: desk.plugins.resting == OFF)
        assert (await http.post("/pigeon")).status_code == 503


def _doubler(desk: Desk) -> Doubler:
    found = desk.plugins._manager.get_plugin("test-0")
    assert isinstance(found, Doubler)
    return found


async def test_what_is_required_is_never_switched_off(tmp_path: Path) -> None:
    file = tmp_path / "frontdesk.toml"
    file.write_text('[plugins]\nrequired = ["info"]\n')
    desk = _desk(tmp_path, file)
    watch = toggling.jobs(desk)[0]
    file.write_text('[plugins]\ndisabled = ["info"]\n')
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.INFO))
    with structlog.testing.capture_logs() as logs:
        for _ in range(3):
            await watch.run()
    assert desk.plugins.resting == frozenset()
    assert "'info'" in next(e["reason"] for e in logs if "wrong" in e["event"])


def test_only_what_differs_is_told() -> None:
    old = {"a": {"b": 1, "c": 2}, "d": {"e": 1}}
    new = {"a": {"b": 1, "c": 3}, "f": {"g": 1}, "h": 2}
    assert toggling.changed(old, new) == ["a.c", "d.e", "f.g", "h"]
    assert toggling.changed(old, old) == []


# ---- the command -----------------------------------------------------------------------------


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("FRONTDESK_CONFIG", raising=False)
    made = tmp_path / "frontdesk.toml"
    made.write_text(FILE)
    return made


def test_the_file_keeps_its_comments_and_order(file: Path) -> None:
    done = _toggle(file, "disable", "orders")
    assert done.exit_code == 0, done.output
    text = file.read_text()
    for line in FILE.splitlines():
        assert line in text
    assert config.load(str(file), environ={}).plugins.disabled == ("http", "orders")
    assert "already" in _toggle(file, "disable", "orders").output
    assert file.read_text() == text
    assert _toggle(file, "enable", "orders").exit_code == 0
    assert file.read_text().split() == FILE.split()
    assert "already" in _toggle(file, "enable", "orders").output
    assert _toggle(file, "enable", "http").exit_code == 0
    assert config.load(str(file), environ={}).plugins.disabled == ()


@pytest.mark.parametrize(
    "text",
    ["", "# nothing\n", "[plugins]\n", "[plugins.claude]\ntimeout = 30 # s\n",
     "plugins = { expose = [] } # inline\n", "plugins.expose = []\n",
     '[plugins]\ndisabled=["http","http"]\r\n'],
)  # fmt: skip
def test_every_shape_of_file(file: Path, text: str) -> None:
    file.write_bytes(text.encode())
    before = config.load(str(file), environ={})
    assert _toggle(file, "disable", "info").exit_code == 0
    off = config.load(str(file), environ={})
    assert off.plugins.disabled == (*before.plugins.disabled, "info")
    assert off.sections == before.sections
    assert _toggle(file, "enable", "info").exit_code == 0
    assert config.load(str(file), environ={}).plugins == before.plugins
    comments = [line.partition("#")[2] for line in text.splitlines() if "#" in line]
    assert all(comment in file.read_text() for comment in comments)


def test_without_a_file_one_is_made(file: Path) -> None:
    file.unlink()
    done = CliRunner().invoke(root, ["plugins", "disable", "orders"])
    assert done.exit_code == 0, done.output
    assert "is new" in done.output
    assert config.load(str(file), environ={}).plugins.disabled == ("orders",)


def test_what_cannot_be_is_told(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    done = _toggle(file, "disable", "ghost")
    assert (done.exit_code, "There is no plugin 'ghost'. Installed: " in done.output) == (2, True)
    file.write_text('[plugins]\nrequired = ["info"]\n')
    assert "required has 'info'" in _toggle(file, "disable", "info").output
    file.write_text("[plugins\n")
    assert ":1: not valid TOML" in _toggle(file, "disable", "info").output
    file.write_text(FILE)
    monkeypatch.setenv("FRONTDESK_PLUGINS__DISABLED", "[]")
    assert "FRONTDESK_PLUGINS__DISABLED decides" in _toggle(file, "disable", "info").output
    assert file.read_text() == FILE


def test_one_business(file: Path) -> None:
    env = {"FRONTDESK_DATABASE__URL": f"sqlite:///{file.parent / 'test.db'}"}
    runner = CliRunner(env=env)
    owner = file.with_name("b.toml")
    owner.write_text('id = "b"\nname = "B"\npack = "restaurant"\n')
    assert runner.invoke(root, ["business", "apply", str(owner)]).exit_code == 0
    refused = _toggle(file, "disable", "orders", "--business", "b")
    assert refused.exit_code == 1
    assert "its pack 'restaurant' requires " in refused.output
    assert "b: its pack 'restaurant' requires" in _toggle(file, "disable", "orders").output
    assert "off now" in _toggle(file, "disable", "orders", "--business", "b", "--force").output
    assert "off already" in _toggle(file, "disable", "orders", "--business", "b", "--force").output
    assert (
        'disabled = [\n    "orders",\n]' in runner.invoke(root, ["business", "export", "b"]).output
    )
    assert "on now" in _toggle(file, "enable", "orders", "--business", "b").output
    assert "disabled" not in runner.invoke(root, ["business", "export", "b"]).output
    assert "no business 'c'" in _toggle(file, "enable", "orders", "--business", "c").output
    assert _toggle(file, "disable", "handoff", "--force").exit_code == 0
    assert file.with_name("b.toml").exists()


def test_a_file_that_cannot_be_written(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: Any) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "replace", fail)
    done = _toggle(file, "disable", "orders")
    assert done.exit_code == 2
    assert "cannot write" in done.output
    assert file.read_text() == FILE
    assert sorted(os.listdir(file.parent)) == ["frontdesk.toml"]
    with pytest.raises(ConfigError):
        config.load("nowhere.toml")


# ---- under load ------------------------------------------------------------------------------


@pytest.mark.slow
async def test_no_request_fails_while_plugins_come_and_go(served: tuple[str, Desk, Path]) -> None:
    """Of customers who do not use what is switched: bookings, orders and FAQ come and go."""
    url, desk, file = served
    ended = asyncio.Event()
    answered = 0

    async def customer(http: httpx.AsyncClient, n: int) -> None:
        nonlocal answered
        who = await Visitor.arrive(http, "restaurant")
        lines = ("hello", "when are you open?", "book a table", "do you have tiramisu?")
        while not ended.is_set():
            events = await who.stream(lines[(answered + n) % len(lines)])
            assert events[-1]["type"] == "done"
            answered += 1

    async def operator() -> None:
        for n in range(12):
            off = ["orders", "info", "test-0", "booking"][: n % 5]
            names = ", ".join(f'"{name}"' for name in ["http", *off])
            new = file.with_suffix(".new")
            new.write_text(f"[plugins]\ndisabled = [{names}]\n")
            new.replace(file)
            await _until(lambda off=off: desk.plugins.resting == frozenset(off))
        ended.set()

    async with httpx.AsyncClient(base_url=url, timeout=30) as http:
        async with asyncio.timeout(60), asyncio.TaskGroup() as group:
            for n in range(4):
                group.create_task(customer(http, n))
            group.create_task(operator())
    assert answered > 20
