"""What a plugin does wrong hurts that plugin alone: exits, actions that break, tests of plugins."""

import asyncio
import re
import subprocess
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from litestar import Litestar, get
from litestar.testing import TestClient
from support_faults import (
    ACTIONS,
    SHOP,
    action,
    exit_later,
    exit_now,
    folder,
    invoke,
    loaded,
    module_of,
    plugin,
)
from test_cli import install

from frontdesk import Job, config
from frontdesk.jobs import keep_running
from frontdesk.model import ModelReply, ModelRequest, TextDelta
from frontdesk.outbox import put
from frontdesk.plugins import Plugin, Plugins
from frontdesk.starting import while_enabled
from frontdesk.testing import Call, ScriptedModel, open_desk
from frontdesk_plugins.offline import model as offline
from frontdesk_server.app import plugin_routes

__all__ = ["folder"]  # a fixture
HERE = str(Path(__file__))


# ---- exits -----------------------------------------------------------------------------------


async def test_no_hook_ends_the_process(tmp_path: Path) -> None:
    hooks = dict.fromkeys(("startup", "register_jobs", "register_deliveries"), exit_now)
    plugins = [plugin(**{name: hook}) for name, hook in hooks.items()]
    async with open_desk(tmp_path, plugins=plugins, broken=True) as desk:
        found = desk.desk.plugins.found
        assert [found[f"test-{n}"].status for n in range(3)] == ["quarantined"] * 3
        assert all(found[f"test-{n}"].reason.startswith("SystemExit: 3") for n in range(3))


async def test_a_turn_survives_hooks_facts_and_actions_that_exit(tmp_path: Path) -> None:
    exiting = plugin(
        register_actions=lambda: [action(exit_later)],
        on_event=exit_now,
        extend_context=lambda: {"Fact": exit_later()},
    )
    facts = plugin(extend_context=exit_now)
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
        register_deliveries=lambda: {"x.note": exit_later},
        describe_contact=lambda: exit_later(),  # noqa: PLW0108  a hook is no async function
    )
    async with open_desk(tmp_path, plugins=[delivering], recover=False) as desk:
        plugins = desk.desk.plugins
        job = while_enabled(plugins, "test-0", Job(name="x", seconds=9, run=exit_later))
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
            exit_now()
            yield TextDelta("never")

    @get("/exiting")
    async def exiting() -> None:
        exit_now()

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


# ---- tests of plugins ------------------------------------------------------------------------


def _returns_nothing() -> Any: ...


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


def test_what_rests_keeps_its_names() -> None:
    """A plugin that is loaded while another rests cannot take the name of its model."""
    brings = plugin(register_models=lambda: [ScriptedModel(name="mine")])
    plugins = Plugins(config.settings_of({"plugins": {"disabled": ["late"]}}))
    plugins.add(Plugin(name="first"), lambda: brings)
    plugins.add(
        Plugin(name="late"), lambda: plugin(register_models=lambda: [ScriptedModel(name="mine")])
    )
    plugins.collect()
    plugins.switch({"first"})
    assert not plugins.load_late("late")
    assert "'mine' is taken" in plugins.found["late"].reason
    plugins.switch(())
    assert list(plugins.models) == ["mine"]
