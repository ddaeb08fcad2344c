"""Who wrote a plugin that is set aside, or who runs it, reads what, where and the cure."""

import json
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from litestar import Litestar
from litestar.testing import TestClient
from support_faults import (
    SHOP,
    action,
    exit_later,
    folder,
    invoke,
    line_of,
    loaded,
    module_of,
    plugin,
)
from test_cli import install

from frontdesk import ConfigError, Settings, config, installed, places
from frontdesk.plugins import Plugins
from frontdesk.testing import open_desk
from frontdesk_server.commands.serve import _ready
from frontdesk_server.health import make_routes

__all__ = ["folder"]  # a fixture
HERE = str(Path(__file__))


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
    return [action(exit_later, "Brk!")]


def _params_of_dict() -> Any:
    return [action(exit_later, params=dict)]


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
