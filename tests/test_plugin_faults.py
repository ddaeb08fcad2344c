"""What a plugin does wrong hurts that plugin alone, and its author reads what, where and the cure."""

import asyncio
import json
import re
import subprocess
import sys
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import msgspec
import pytest
from click.testing import CliRunner, Result
from litestar import Litestar, get
from litestar.testing import TestClient
from test_cli import install

from frontdesk import Action, ConfigError, Job, Settings, config, hookimpl, installed, places
from frontdesk.jobs import keep_running
from frontdesk.model import ModelReply, ModelRequest, TextDelta
from frontdesk.outbox import put
from frontdesk.plugins import Plugin, Plugins
from frontdesk.starting import while_enabled
from frontdesk.testing import Call, ScriptedModel, open_desk, read_toml
from frontdesk_plugins.offline import model as offline
from frontdesk_server.app import plugin_routes
from frontdesk_server.cli import root
from frontdesk_server.commands.serve import _ready
from frontdesk_server.health import make_routes

HERE = str(Path(__file__))
SHOP = read_toml('id = "shop"\nname = "Shop"\ntools = ["brk"]')
ACTIONS = """
import sys
from frontdesk import Action, hookimpl

async def brk(call, params):
    {body}

@hookimpl
def register_actions():
    return [Action(name="brk", description="Break.", params={{"type": "object"}}, run=brk{more})]
"""


class Nothing(msgspec.Struct):
    pass


def plugin(**hooks: Callable[..., Any]) -> SimpleNamespace:
    return SimpleNamespace(**{name: hookimpl(function) for name, function in hooks.items()})


def action(run: Any, name: str = "brk", **more: Any) -> Action:
    return Action(**{"name": name, "description": "Break.", "params": Nothing, "run": run} | more)


def line_of(function: Any) -> str:
    return f"{HERE}:{function.__code__.co_firstlineno}"


def loaded(module: Any, **about: Any) -> Plugins:
    plugins = Plugins(Settings())
    plugins.add(Plugin(name="p", **about), lambda: module)
    plugins.collect()
    return plugins


def _exit() -> Any:
    sys.exit(3)


async def _exit_later(*_: Any) -> Any:
    sys.exit(3)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("FRONTDESK_CONFIG", raising=False)
    return tmp_path


def module_of(folder: Path, name: str) -> Path:
    return folder / f"site-{name}" / f"{name}_module.py"


def invoke(*args: str, code: int = 0, said: str | None = None) -> Result:
    done = CliRunner().invoke(root, args, input=said)
    assert done.exit_code == code, done.output
    return done


# ---- the order -------------------------------------------------------------------------------


def test_frontdesks_own_come_first(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever a newcomer is called, it is the newcomer that is set aside."""

    async def get_hours(call: Any, params: Any) -> dict[str, Any]:
        return {}

    async def fine(call: Any, params: Any) -> dict[str, Any]:
        return {}

    taking = plugin(register_actions=lambda: [action(get_hours, "get_hours")])
    others = {
        "aardvark": taking,
        "info": taking,
        "able": plugin(register_actions=lambda: [action(fine)]),
    }

    class Entry:
        """An entry point of another distribution."""

        module = "nothing_of_that_name"

        def __init__(self, name: str) -> None:
            self.name = name
            self.dist = SimpleNamespace(name="aaa-newcomer", version="1", read_text=lambda _: None)

        def load(self) -> Any:
            return others[self.name]

    own = [e for e in installed.entries() if e.dist and e.dist.name == installed.OURS]
    assert len(own) > 10
    every = [*map(Entry, others), *own]
    monkeypatch.setattr("importlib.metadata.entry_points", lambda group: every)
    plugins = Plugins(Settings())
    plugins.load_installed()
    plugins.collect()
    assert list(plugins.found)[-3:] == ["aardvark", "able", "info (aaa-newcomer)"]
    assert plugins.action_owner["get_hours"] == "info"
    assert plugins.action_owner["brk"] == "able"
    newcomer, same = plugins.found["aardvark"], plugins.found["info (aaa-newcomer)"]
    assert newcomer.reason == "the action 'get_hours' is taken by the plugin 'info'"
    assert newcomer.cure == (
        "Update or remove aaa-newcomer, or `frontdesk plugins disable aardvark`"
    )
    assert same.cure == "Give its entry point another name than 'info', or remove aaa-newcomer"
    assert plugins.found["info"].status == "enabled"


# ---- places and cures ------------------------------------------------------------------------


def _misspelt() -> Any: ...
def _unknown_parameter(setings: Any) -> Any: ...
def _returns_nothing() -> Any: ...
def _returns_a_dict() -> Any:
    return {"a": 1}


def _bad_name() -> Any:
    return [action(_exit_later, "Brk!")]


def _params_of_dict() -> Any:
    return [action(_exit_later, params=dict)]


def _raises_deep() -> Any:
    return json.loads("{")


async def _async_actions() -> Any: ...
async def _async_merge() -> Any: ...
def _plain_run(call: Any, params: Any) -> Any: ...
def _with_plain_run() -> Any:
    return [action(_plain_run)]


def _exits() -> Any:
    sys.exit(3)


FAULTS: list[tuple[str, Any, str, Any]] = [
    ("register_action", _misspelt, "unknown hook 'register_action': did you mean register_actions?", None),
    ("register_actions", _unknown_parameter, "has no parameter 'setings'", None),
    ("register_actions", _async_actions, "is async: it must return its value", None),
    ("merge_contacts", _async_merge, "is async: write `def`, and return the coroutine", None),
    ("register_actions", _returns_nothing, "register_actions must return a list of Action, not None", None),
    ("register_actions", _returns_a_dict, "must return a list of Action, not dict", None),
    ("register_models", _returns_nothing, "register_models must return a list of models, not None", None),
    ("register_actions", _bad_name, "the action name 'Brk!' must be", None),
    ("register_actions", _params_of_dict, "params of the action 'brk' must be a msgspec.Struct type", None),
    ("register_actions", _with_plain_run, "run of the action 'brk' must be an async function", _plain_run),
    ("register_actions", _exits, "SystemExit: 3: a plugin must not end the process", 1),
    ("register_actions", _raises_deep, "JSONDecodeError", 1),
]  # fmt: skip


@pytest.mark.parametrize(("hook", "function", "reason", "at"), FAULTS)
def test_the_place_is_a_line_of_the_plugin(hook: str, function: Any, reason: str, at: Any) -> None:
    found = loaded(plugin(**{hook: function})).found["p"]
    assert found.status == "quarantined"
    assert reason in found.reason
    first = line_of(at if callable(at) else function)
    file, _, line = first.rpartition(":")
    assert found.place == f"{file}:{int(line) + (at if isinstance(at, int) else 0)}"
    assert found.cure == f"Correct {found.place}, or switch it off: `frontdesk plugins disable p`"


def test_the_cure_is_what_its_reader_can_do() -> None:
    broken = plugin(register_actions=_returns_nothing)
    off = "`frontdesk plugins disable p`"
    there = loaded(broken, distribution="d", at_hand=True).found["p"]
    assert there.cure == f"Correct {there.place}, or switch it off: {off}"
    assert loaded(broken, distribution="d").found["p"].cure == f"Update or remove d, or {off}"


def test_a_missing_package(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    install(folder, monkeypatch, "wanting", "x = 1\nimport ghost_of.a_package")
    listed = json.loads(invoke("plugins", "list", "--format", "json").stdout)
    found = next(each for each in listed if each["name"] == "wanting")
    assert found["place"] == f"{module_of(folder, 'wanting')}:2"
    assert found["cure"].startswith(
        "pip install ghost_of, and add it to the dependencies of wanting;"
    )
    table = invoke("plugins", "list").stdout
    assert "wanting is quarantined: ModuleNotFoundError" in table
    assert "pip install ghost_of" in table


@pytest.mark.parametrize(
    ("text", "is_there"),
    [('{"url": "file:///x", "dir_info": {"editable": true}}', True),
     ('{"url": "file:///x", "dir_info": {}}', True),
     ('{"url": "https://x/y.whl", "archive_info": {}}', False), (None, False), ("no json", False)],
)  # fmt: skip
def test_what_was_installed_from_a_folder(text: str | None, is_there: bool) -> None:
    distribution: Any = SimpleNamespace(read_text=lambda _: text)
    assert installed.is_at_hand(distribution) is is_there


def test_short_places_name_no_folders() -> None:
    assert places.short("/home/ana/x/frontdesk_x.py:3") == "frontdesk_x.py:3"
    assert places.short("/home/ana/x/frontdesk_x/__init__.py:3") == "frontdesk_x/__init__.py:3"
    assert places.short("") == ""


def test_a_plugin_without_hooks_is_asked_whether_it_forgot_them() -> None:
    found = loaded(SimpleNamespace(register_actions=list)).found["p"]
    assert found.status == "enabled"
    assert found.reason == "it brings nothing: is @hookimpl missing on register_actions?"
    assert loaded(SimpleNamespace()).found["p"].reason.endswith("is @hookimpl missing?")


def test_a_required_plugin_that_is_absent_is_told_with_its_line(folder: Path) -> None:
    file = folder / "frontdesk.toml"
    file.write_text('[plugins]\n# needed\nrequired = [\n  "booking",\n  "bokings",\n]\n')
    plugins = Plugins(config.load(str(file), {}))
    plugins.load_installed()
    with pytest.raises(ConfigError) as caught:
        plugins.collect()
    assert str(caught.value) == (
        f"{file}:5: the required plugin 'bokings' cannot be used: it is not installed; "
        "did you mean `booking`?"
    )


# ---- exits -----------------------------------------------------------------------------------


async def test_no_hook_ends_the_process(tmp_path: Path) -> None:
    hooks = dict.fromkeys(("startup", "register_jobs", "register_deliveries"), _exit)
    plugins = [plugin(**{name: hook}) for name, hook in hooks.items()]
    async with open_desk(tmp_path, plugins=plugins, broken=True) as desk:
        found = desk.desk.plugins.found
        assert [found[f"test-{n}"].status for n in range(3)] == ["quarantined"] * 3
        assert all(found[f"test-{n}"].reason.startswith("SystemExit: 3") for n in range(3))


async def test_a_turn_survives_hooks_facts_and_actions_that_exit(tmp_path: Path) -> None:
    exiting = plugin(
        register_actions=lambda: [action(_exit_later)],
        on_event=_exit,
        extend_context=lambda: {"Fact": _exit_later()},
    )
    facts = plugin(extend_context=_exit)
    model = ScriptedModel(Call("brk"), "Sorry.")
    async with open_desk(tmp_path, models=[model], plugins=[exiting, facts]) as desk:
        await desk.add_business(SHOP)
        talk = await desk.conversation("shop")
        reply = await talk.say("x")
        assert reply is not None
        assert reply.content == "Sorry."
        assert [settled.status for settled in talk.actions] == ["failed"]
        assert "nothing was changed" in str(talk.actions[0].data).lower()


async def test_jobs_deliveries_and_awaited_hooks_survive(tmp_path: Path) -> None:
    delivering = plugin(
        register_deliveries=lambda: {"x.note": _exit_later},
        describe_contact=lambda: _exit_later(),  # noqa: PLW0108  a hook is no async function
    )
    async with open_desk(tmp_path, plugins=[delivering], recover=False) as desk:
        plugins = desk.desk.plugins
        job = while_enabled(plugins, "test-0", Job(name="x", seconds=9, run=_exit_later))
        running = asyncio.create_task(keep_running(job))
        await asyncio.sleep(0)
        assert not running.done()  # it waits for its next time
        running.cancel()
        await put(desk.desk.database, "b", "x.note", {})
        (outbox,) = (job for job in desk.desk.jobs if job.name == "outbox")
        await outbox.run()
        (row,) = await desk.desk.database.fetch("SELECT error, state FROM outbox")
        assert row["state"] == "new"
        assert "SystemExit" in row["error"]
        _, answer = plugins.call("test-0", "describe_contact", business=SHOP, contact="c")
        with pytest.raises(Exception, match="SystemExit: 3"):
            await answer


async def test_models_and_routes_survive(tmp_path: Path) -> None:
    class Exiting(ScriptedModel):
        async def stream(self, request: ModelRequest) -> AsyncIterator[TextDelta | ModelReply]:
            _exit()
            yield TextDelta("never")

    @get("/exiting")
    async def exiting() -> None:
        _exit()

    routes = plugin(register_routes=lambda: [exiting])
    async with open_desk(tmp_path, models=[Exiting()], plugins=[routes]) as opened:
        await opened.add_business(SHOP)
        reply = await (await opened.conversation("shop")).say("hello")
        assert reply is not None
        assert reply.content  # the offline model's
        with TestClient(
            Litestar(plugin_routes(opened.desk)), raise_server_exceptions=False
        ) as http:
            assert http.get("/exiting").status_code == 500
            assert http.get("/exiting").status_code == 500


async def test_what_is_set_aside_works_no_more(tmp_path: Path) -> None:
    """Also when it happens after the start: neither its jobs nor its routes go on."""
    ran: list[int] = []

    @get("/there")
    async def there() -> str:
        return "here"

    async def work() -> None:
        ran.append(1)

    brought = plugin(register_routes=lambda: [there])
    async with open_desk(tmp_path, plugins=[brought]) as opened:
        plugins = opened.desk.plugins
        job = while_enabled(plugins, "test-0", Job(name="x", seconds=9, run=work))
        with TestClient(Litestar(plugin_routes(opened.desk))) as http:
            await job.run()
            assert http.get("/there").text == "here"
            plugins.quarantine("test-0", OSError("no"))
            await job.run()
            assert http.get("/there").status_code == 503
    assert ran == [1]


async def test_an_interrupt_stays_one(tmp_path: Path) -> None:
    def interrupt() -> Any:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        loaded(plugin(register_actions=interrupt))


CRASHED = """
import asyncio, os, sys, tempfile
from pathlib import Path
from types import SimpleNamespace
from frontdesk import Action, hookimpl
from frontdesk.testing import Call, ScriptedModel, open_desk, read_toml

async def brk(call, params):
    if sys.argv[2] == "crash":
        os._exit(7)
    sys.exit(3)

brings = hookimpl(lambda: [Action(name="brk", description="x", params={"type": "object"}, run=brk,
                                  external=True)])
shop = read_toml('id = "shop"\\nname = "Shop"\\ntools = ["brk"]')

async def main():
    model = ScriptedModel(Call("brk"), "Sorry.") if sys.argv[2] == "crash" else ScriptedModel("Sorry.")
    async with open_desk(Path(sys.argv[1]), models=[model],
                         plugins=[SimpleNamespace(register_actions=brings)]) as desk:
        if sys.argv[2] == "crash":
            await desk.add_business(shop)
            await (await desk.conversation("shop")).say("x")
        database = desk.desk.database
        await database.fetch("UPDATE conversation SET lease_until = 0")
        for _ in range(200):
            rows = await database.fetch("SELECT body FROM event ORDER BY seq")
            if any("Sorry." in row["body"] for row in rows):
                print("answered", sum('SystemExit' in row["body"] for row in rows))
                return
            await asyncio.sleep(0.1)

asyncio.run(main())
"""


def test_a_process_that_takes_such_a_turn_up_lives_on(tmp_path: Path) -> None:
    """The first process dies in the action; in the second, recovery runs the action, which exits."""
    command = [sys.executable, "-c", CRASHED, str(tmp_path)]
    first = subprocess.run([*command, "crash"], capture_output=True, timeout=60, check=False)
    assert first.returncode == 7, first.stderr.decode()
    second = subprocess.run([*command, "exit"], capture_output=True, timeout=90, check=False)
    assert second.returncode == 0, second.stderr.decode()
    assert b"answered 0" in second.stdout


# ---- an action that breaks -------------------------------------------------------------------


@pytest.mark.parametrize(
    ("body", "line", "said"),
    [
        ("return [call]", 5, "action brk must return a dict, not list"),
        ('return int("sk-secretsecret " + call.tool)', 6, "ValueError: invalid literal"),
        ("sys.exit(3)", 6, "SystemExit: 3"),
    ],
)
def test_the_chat_says_what_broke_and_where(
    folder: Path, monkeypatch: pytest.MonkeyPatch, body: str, line: int, said: str
) -> None:
    name = f"breaking{abs(hash(body))}"
    install(folder, monkeypatch, name, ACTIONS.format(body=body, more=", changes=False"))
    monkeypatch.setenv("FRONTDESK_MODEL__USE", '["offline"]')
    monkeypatch.setenv("FRONTDESK_PLUGINS__EXPOSE", '["brk"]')
    scripted = ScriptedModel(Call("brk"), "Sorry.")
    monkeypatch.setattr(offline.Offline, "stream", lambda _self, request: scripted.stream(request))
    out = invoke("chat", "restaurant", said="hello\n").stdout
    found = re.search(rf"^{name}: (.+):(\d+): (.+)$", out, re.MULTILINE)
    assert found, out
    assert found[1] == str(module_of(folder, name))
    assert int(found[2]) == line
    assert found[3].startswith(said)
    assert "secretsecret" not in out


# ---- names that nobody has -------------------------------------------------------------------


def test_names_that_nobody_has_are_told_with_a_cure(folder: Path) -> None:
    (folder / "frontdesk.toml").write_text(
        '[plugins]\ndisabled = ["info"]\nexpose = ["create_bookin", "get_hours"]\n'
    )
    file = folder / "shop.toml"
    file.write_text(
        'id = "shop"\nname = "S"\ntools = ["get_menuu", "cancel_order"]\n'
        'plugins.disabled = ["orders"]\n'
    )
    done = invoke("business", "apply", str(file))
    checked = invoke("check", code=1)
    for text in (done.stderr, checked.stdout):
        assert "frontdesk.toml:3: plugins.expose: no enabled plugin provides the action" in text
        assert "known: " in text
        assert "did you mean `create_booking`?" in text
        assert (
            "'get_hours' is of the plugin 'info', which is switched off: `frontdesk plugins enable info`"
            in text
        )
        assert "'get_menuu'" in text
        assert "`frontdesk plugins enable orders --business shop`" in text
    chatted = invoke("chat", "shop", said="")
    assert "Warning: " in chatted.stdout
    assert "did you mean `create_booking`?" in chatted.stdout


# ---- commands that need no secrets -----------------------------------------------------------


def test_plugins_are_listed_and_switched_without_secrets(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    code = """
        import msgspec
        from frontdesk import hookimpl

        class Own(msgspec.Struct):
            token: str

        @hookimpl
        def register_actions(settings):
            settings.section("secretive", Own)
            return []
    """
    install(folder, monkeypatch, "secretive", code)
    file = folder / "frontdesk.toml"
    text = (
        '[server]\nsecret_key = "env:NO_KEY"\nport = "env:NO_PORT"\n[database]\nurl = "env:NO_URL"\n'
        '[plugins]\nexpose = []\n[plugins.secretive]\ntoken = "env:NO_TOKEN"\n'
    )
    file.write_text(text)
    listed = json.loads(invoke("plugins", "list", "--format", "json").stdout)
    assert next(p for p in listed if p["name"] == "secretive")["status"] == "enabled"
    assert "info is off now" in invoke("plugins", "disable", "info").output
    assert 'token = "env:NO_TOKEN"' in file.read_text()
    assert "info is on now" in invoke("plugins", "enable", "info").output
    assert "NO_" in invoke("business", "list", code=2).stderr  # what needs them says so


def test_a_wrong_section_does_not_keep_its_plugin_from_being_switched_off(folder: Path) -> None:
    (folder / "frontdesk.toml").write_text('[plugins.claude]\nmodell = "x"\n')
    assert "claude is off now" in invoke("plugins", "disable", "claude").output


# ---- tests of plugins ------------------------------------------------------------------------


async def test_a_test_of_a_quarantined_plugin_fails_at_once(tmp_path: Path) -> None:
    with pytest.raises(AssertionError, match=r"test-0 is quarantined: .* \(.*test_plugin_faults"):
        async with open_desk(tmp_path, plugins=[plugin(register_actions=_returns_nothing)]):
            raise AssertionError("it was opened")


def test_the_desk_fixture_fails_and_shows_no_variables(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    code = """
        from frontdesk import hookimpl

        @hookimpl
        def startup(desk):
            password = "hunter" + str(2)
            raise OSError("no")
    """
    install(folder, monkeypatch, "sickly", code)
    (folder / "test_it.py").write_text(
        "import pytest\n\n@pytest.mark.asyncio\nasync def test_it(desk):\n    pass\n"
    )
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "test_it.py"],
        cwd=folder, capture_output=True, text=True, check=False, timeout=120,
        env={"PYTHONPATH": str(folder / "site-sickly"), "PATH": ""},
    )  # fmt: skip
    assert "sickly is quarantined: OSError: no" in done.stdout, done.stdout + done.stderr
    assert "hunter2" not in done.stdout + done.stderr


# ---- where an operator reads it --------------------------------------------------------------


async def test_health_and_the_banner_say_where(tmp_path: Path) -> None:
    broken = plugin(register_actions=_returns_nothing)
    settings = {"plugins": {"expose": ["get_hour"]}}
    async with open_desk(tmp_path, plugins=[broken], settings=settings, broken=True) as opened:
        desk = opened.desk
        await desk.apply(SHOP)
        place = line_of(_returns_nothing)
        reason = "register_actions must return a list of Action, not None"
        banner = "\n".join(await _ready(desk, 80, demo=False))
        assert f"the plugin test-0 is set aside: {reason} ({place}). Correct {place}, or" in banner
        assert (
            "Warning     plugins.expose: no enabled plugin provides the action 'get_hour'" in banner
        )
        assert "Warning     business shop: tools: no enabled plugin provides the action" in banner
        with TestClient(Litestar(make_routes(desk)[1:2])) as client:
            ready = client.get("/health/ready").json()
    assert ready["quarantined"] == {
        "test-0": f"{reason} ({Path(HERE).name}:{place.rpartition(':')[2]})"
    }
