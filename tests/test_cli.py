"""The command line: finding commands, failing well, plugins, packs, the doctor and the chat."""

import json
import socket
import subprocess
import sys
import textwrap
from importlib import invalidate_caches
from pathlib import Path
from typing import Any

import click
import pytest
from click.testing import CliRunner, Result

from frontdesk_server.cli import COMMANDS, root


def invoke(*args: str, code: int = 0, stdin: str | None = None, **more: Any) -> Result:
    """`frontdesk ARGS` in this process; it must end with `code`."""
    result = CliRunner().invoke(root, args, input=stdin, **more)
    assert result.exit_code == code, f"{result.exit_code}\n{result.output}\n{result.exception!r}"
    return result


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    for name in ("ANTHROPIC_API_KEY", "FRONTDESK_CONFIG", "NO_COLOR"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("FRONTDESK_SERVER__PORT", "0")
    return tmp_path


def install(
    folder: Path, monkeypatch: pytest.MonkeyPatch, name: str, code: str, group: str = "frontdesk"
) -> None:
    """A distribution as pip leaves it: a module, its metadata and its entry point."""
    site = folder / f"site-{name}"
    info = site / f"{name}-1.2.dist-info"
    info.mkdir(parents=True)
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.2\n")
    (info / "entry_points.txt").write_text(f"[{group}]\n{name} = {name}_module\n")
    (site / f"{name}_module.py").write_text(textwrap.dedent(code))
    monkeypatch.setattr(sys, "path", [str(site), *sys.path])
    invalidate_caches()


# ---- finding commands ------------------------------------------------------------------------


def test_help_names_every_command_and_imports_none() -> None:
    assert all(name in invoke("--help").stdout for name in COMMANDS)
    code = (
        "import sys, frontdesk_server.cli\n"
        "heavy = {'frontdesk', 'litestar', 'piccolo', 'rich', 'structlog', 'uvicorn'}\n"
        "print(sorted(heavy & sys.modules.keys()))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_help(name: str) -> None:
    with click.Context(root) as context:
        command = root.get_command(context, name)
    assert command is not None
    assert command.name == name
    assert "Usage:" in invoke(name, "--help").stdout


def test_version() -> None:
    assert invoke("--version").stdout.startswith("frontdesk 0.")


def test_an_unknown_command_is_wrong_use() -> None:
    assert "No such command 'sreve'" in invoke("sreve", code=2).stderr


@pytest.mark.parametrize("place", ["before", "behind"])
def test_a_wrong_configuration_names_file_and_line(folder: Path, place: str) -> None:
    (folder / "own.toml").write_text('[database]\nurl = "sqlite:///x.db"\npool = "many"\n')
    option = ("--config", "own.toml")
    command = ("packs", "list")
    result = invoke(*((option + command) if place == "before" else (command + option)), code=2)
    assert "own.toml:3: database.pool: it must be a whole number, without quotes" in result.stderr
    assert result.stdout == ""


def test_help_comes_whatever_the_configuration_is(folder: Path) -> None:
    (folder / "frontdesk.toml").write_text("this is not TOML")
    assert "serve" in invoke("--help").stdout
    assert "not valid TOML" in invoke("no-such-command", code=2).stderr


# ---- commands of plugins ---------------------------------------------------------------------


def test_a_plugin_brings_a_command(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    code = """
        import click
        from frontdesk import hookimpl

        @click.command(name="greet")
        @click.pass_obj
        def greet(options):
            "Say hello."
            click.echo(f"hello from {options.settings().database.url}")

        @click.command(name="divide")
        def divide():
            1 / 0

        @hookimpl
        def register_commands():
            return [greet, divide]
    """
    install(folder, monkeypatch, "greeter", code)
    assert "Say hello." in invoke("--help").stdout
    assert invoke("greet").stdout == "hello from sqlite:///frontdesk.db\n"
    failed = invoke("divide", code=1).stderr
    assert failed == (
        "Error: Something went wrong: ZeroDivisionError: division by zero. "
        "Run again with --verbose for details.\n"
    )
    assert "Traceback" in invoke("--verbose", "divide", code=1).stderr


@pytest.mark.parametrize(
    ("returned", "reason"),
    [
        ("1 / 0", "ZeroDivisionError"),
        ("[click.Command('serve')]", "the command 'serve' is taken"),
        ("['text']", "must return click commands"),
    ],
)
def test_a_plugin_whose_commands_are_wrong_is_set_aside(
    folder: Path, monkeypatch: pytest.MonkeyPatch, returned: str, reason: str
) -> None:
    name = f"clumsy{abs(hash(returned))}"
    code = f"""
        import click
        from frontdesk import hookimpl

        @hookimpl
        def register_commands():
            return {returned}
    """
    install(folder, monkeypatch, name, code)
    assert name not in invoke("--help").stdout
    invoke("nothing", code=2)
    listed = json.loads(invoke("plugins", "list", "--format", "json").stdout)
    plugin = next(each for each in listed if each["name"] == name)
    assert (plugin["status"], plugin["distribution"]) == ("quarantined", name)
    assert reason in plugin["reason"]
    assert reason in invoke("plugins", "list").stdout


def test_plugins_list() -> None:
    listed = json.loads(invoke("plugins", "list", "--format", "json").stdout)
    booking = next(each for each in listed if each["name"] == "booking")
    assert booking["status"] == "enabled"
    assert booking["distribution"] == "frontdesk"
    assert "create_booking" in booking["actions"]
    assert "register_actions" in booking["hooks"]
    table = invoke("plugins", "list").stdout
    assert table.splitlines()[0].split()[:4] == ["name", "version", "distribution", "status"]
    assert "create_booking" in table


# ---- packs -----------------------------------------------------------------------------------


def broken_pack(folder: Path) -> Path:
    pack = folder / "shop"
    (pack / "tools").mkdir(parents=True)
    (pack / "pack.toml").write_text('name = "shop"\ntitle = "Shop"\nversion = "1.0"\n')
    schema = {"type": "object", "properties": [1], "required": 3}
    tool = {"name": "t", "description": "d", "action": "get_hours", "input_schema": schema}
    (pack / "tools" / "t.json").write_text(json.dumps(tool, indent=1))
    return pack


def test_packs_list() -> None:
    listed = json.loads(invoke("packs", "list", "--format", "json").stdout)
    restaurant = next(each for each in listed if each["name"] == "restaurant")
    assert restaurant["problems"] == []
    assert "get_hours" in restaurant["tools"]
    assert "restaurant" in invoke("packs", "list").stdout


def test_packs_check_tells_every_problem_and_goes_on(folder: Path) -> None:
    pack = broken_pack(folder)
    worse = folder / "worse"
    worse.mkdir()
    result = invoke("packs", "check", str(pack), str(worse), "restaurant", code=1)
    assert f"{pack}/tools/t.json:5: not a valid JSON Schema" in result.stdout
    assert f"{pack}/business.example.toml:1: it is missing" in result.stdout
    assert f"{worse}/pack.toml:1: there is no pack.toml" in result.stdout
    assert "restaurant: ok" in result.stdout
    checked = json.loads(invoke("packs", "check", str(pack), "--format", "json", code=1).stdout)
    assert [each["name"] for each in checked] == ["shop"]
    assert len(checked[0]["problems"]) == 3


def test_packs_check_of_all_and_of_nothing_known() -> None:
    assert "restaurant: ok" in invoke("packs", "check").stdout
    assert "Installed packs: auto_repair, " in invoke("packs", "check", "cinema", code=1).stderr


# ---- check -----------------------------------------------------------------------------------


def findings(code: int = 0) -> dict[str, list[tuple[str, str]]]:
    found: dict[str, list[tuple[str, str]]] = {}
    for each in json.loads(invoke("check", "--format", "json", code=code).stdout):
        found.setdefault(each["area"], []).append((each["status"], each["text"]))
    return found


def test_check_changes_nothing(folder: Path) -> None:
    found = findings()
    assert ("ok", "offline") in found["models"]
    assert ("warning", "claude cannot be used: no ANTHROPIC_API_KEY is set") in found["models"]
    assert found["database"][0][0] == "ok"
    assert list(folder.iterdir()) == []
    assert "-> " in invoke("check").stdout


def test_check_finds_problems(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    install(folder, monkeypatch, "sick", "raise RuntimeError('not today')")
    monkeypatch.setenv("FRONTDESK_MODEL__USE", '["gpt"]')
    monkeypatch.setenv("FRONTDESK_SERVER__SECRET_KEY", "changeme")
    monkeypatch.setenv("FRONTDESK_PLUGINS__CINEMA__SEATS", "4")
    monkeypatch.setenv("FRONTDESK_PLUGINS__DISABLED", '["bookings"]')
    (folder / "frontdesk.db").write_text("this is not a database but a text")
    found = findings(code=1)
    place = f"{folder / 'site-sick' / 'sick_module.py'}:1"
    sick = ("problem", f"sick is set aside: RuntimeError: not today ({place})")
    assert sick in found["plugins"]
    assert found["models"][0] == ("warning", "gpt cannot be used: no plugin brings it")
    assert found["models"][1][0] == "problem"
    assert "too easy to guess" in found["secret"][0][1]
    assert "file is not a database" in found["database"][0][1]
    assert any("[plugins.cinema]" in text for _, text in found["plugins"])
    assert any("plugins.disabled names bookings" in text for _, text in found["plugins"])


def test_check_of_a_wrong_configuration_says_only_that(folder: Path) -> None:
    (folder / "frontdesk.toml").write_text("[server]\nprot = 8000\n")
    found = findings(code=1)
    assert list(found) == ["config"]
    assert "frontdesk.toml:2: server.prot: unknown key" in found["config"][0][1]


def test_check_sees_a_busy_port(monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        monkeypatch.setenv("FRONTDESK_SERVER__PORT", str(listener.getsockname()[1]))
        assert findings()["port"][0][0] == "warning"


def test_no_color_is_honoured(monkeypatch: pytest.MonkeyPatch) -> None:
    assert "\x1b[" in invoke("check", color=True).stdout
    monkeypatch.setenv("NO_COLOR", "1")
    assert "\x1b[" not in invoke("check", color=True).stdout


# ---- chat ------------------------------------------------------------------------------------


def test_chat_from_nothing_keeps_nothing(folder: Path) -> None:
    said = invoke("chat", "restaurant", stdin="When are you open?\n\n/quit\nhello\n").stdout
    assert "Nothing is kept." in said
    assert "> When are you open?" in said
    assert "[get_hours: done" in said
    assert "10:30 PM" in said
    assert "hello" not in said
    assert list(folder.iterdir()) == []


def test_chat_with_a_business_of_the_database(folder: Path) -> None:
    (folder / "b.toml").write_text('id = "bella"\nname = "Bella"\npack = "restaurant"\n')
    invoke("business", "apply", "b.toml")
    assert "Bella, answered by offline" in invoke("chat", "bella", stdin="hello\n").stdout
    listed = json.loads(invoke("conversations", "list", "--format", "json").stdout)
    assert [each["business"] for each in listed] == ["bella"]


def test_chat_with_nobody(folder: Path) -> None:
    assert "Packs: auto_repair, " in invoke("chat", "cinema", code=1).stderr
    pack = broken_pack(folder)
    result = invoke("chat", "shop", "--pack", str(pack), code=1)
    assert "business.example.toml:1: it is missing" in result.stderr
