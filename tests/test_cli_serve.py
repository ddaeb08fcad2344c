"""The console script as a process: it starts, says so, answers and stops."""

import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from frontdesk import config
from frontdesk_server.commands.serve import without_limits

SCRIPT = Path(sys.executable).with_name("frontdesk")
SECONDS = 60


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    for name in ("ANTHROPIC_API_KEY", "FRONTDESK_CONFIG"):
        monkeypatch.delenv(name, raising=False)
    return tmp_path


def run(*args: str, stdin: str = "") -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [str(SCRIPT), *args],
        input=stdin,
        capture_output=True,
        text=True,
        timeout=SECONDS,
        check=False,
    )


@contextmanager
def started(*args: str) -> Generator[tuple["subprocess.Popen[str]", list[str]], None, None]:
    """The server, and the lines that it printed when it was ready."""
    with subprocess.Popen(
        [str(SCRIPT), "serve", "--port", "0", *args],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=os.environ | {"PYTHONUNBUFFERED": "1"},
    ) as process:
        try:
            yield process, _until_ready(process)
        finally:
            process.kill()


def _until_ready(process: "subprocess.Popen[str]") -> list[str]:
    assert process.stdout is not None
    lines: list[str] = []
    for line in process.stdout:
        lines.append(line.rstrip())
        if line.startswith("Stop with"):
            return lines
    assert process.stderr is not None
    raise AssertionError(f"it ended before it was ready: {process.stderr.read()}")


def get(url: str) -> Any:
    with urllib.request.urlopen(url, timeout=SECONDS) as answer:
        return answer.read()


@pytest.mark.parametrize("stop", [signal.SIGTERM, signal.SIGINT])
def test_the_demo_starts_answers_and_stops(stop: signal.Signals) -> None:
    with started("--demo") as (process, lines):
        said = "\n".join(lines)
        address = re.search(r"http://127\.0\.0\.1:\d+/", said)
        assert address is not None
        assert "no ANTHROPIC_API_KEY is set" in said
        assert str(Path("frontdesk.db").absolute()) in said
        assert "restaurant" in said
        assert json.loads(get(f"{address[0]}health/ready"))["status"] == "ok"
        assert b"<html" in get(address[0])
        process.send_signal(stop)
        begun = time.monotonic()
        rest, errors = process.communicate(timeout=SECONDS)
        assert time.monotonic() - begun < 10
    assert process.returncode == 0, errors
    assert rest == "Stopped.\n"
    assert "Traceback" not in errors


def test_a_busy_port_is_told() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
        done = run("serve", "--port", str(port))
    assert done.returncode == 1
    assert f"Cannot listen on 127.0.0.1, port {port}: Address already in use." in done.stderr
    assert "--port" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_start_that_fails_says_why_and_ends(folder: Path) -> None:
    (folder / "frontdesk.db").write_text("this is not a database but a text")
    done = run("serve", "--port", "0")
    assert done.returncode == 2
    assert "file is not a database" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_plugin_that_stops_the_start(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    info = folder / "strict-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: strict\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text("[frontdesk]\nstrict = strict_plugin\n")
    (folder / "strict_plugin.py").write_text(
        "from frontdesk import ConfigError, hookimpl\n\n\n"
        "@hookimpl\ndef startup(desk):\n    raise ConfigError('give me a key')\n"
    )
    monkeypatch.setenv("PYTHONPATH", str(folder))
    done = run("serve", "--port", "0")
    assert (done.returncode, done.stdout) == (2, "")
    assert "Error: give me a key" in done.stderr
    assert "Traceback" not in done.stderr
    assert run("chat", "restaurant", stdin="hello\n").returncode == 2


def test_a_wrong_configuration_stops_the_start(folder: Path) -> None:
    (folder / "own.toml").write_text('[server]\nport = "high"\n')
    done = run("serve", "--config", "own.toml")
    assert done.returncode == 2
    assert "own.toml:2: server.port: it must be a whole number, without quotes" in done.stderr


def test_the_public_url_is_shown(folder: Path) -> None:
    (folder / "frontdesk.toml").write_text('[server]\npublic_url = "https://desk.example.com"\n')
    with started() as (_, lines):
        assert lines[0].endswith("is ready: https://desk.example.com/")
        assert "none yet" in "\n".join(lines)


def test_chat_through_a_pipe() -> None:
    done = run("chat", "restaurant", stdin="When are you open?\n")
    assert done.returncode == 0, done.stderr
    assert "> When are you open?" in done.stdout
    assert "get_hours" in done.stdout


def test_the_demo_has_no_limits_by_address_unless_they_are_set() -> None:
    limits = without_limits(config.load(environ={})).limits
    assert limits.conversations_per_hour == 0
    assert limits.requests_per_minute == 0
    assert limits.sockets_per_address == 0
    assert limits.business_per_minute > 0
    assert limits.message_chars > 0
    given = {"FRONTDESK_LIMITS__REQUESTS_PER_MINUTE": "7"}
    assert without_limits(config.load(environ=given)).limits.requests_per_minute == 7


def test_the_server_starts_without_heavy_libraries() -> None:
    code = (
        "import sys\n"
        "from frontdesk import config\n"
        "from frontdesk.desk import Desk\n"
        "from frontdesk_server.app import create_app\n"
        "desk = Desk(config.load())\n"
        "desk.load()\n"
        "desk.secret_keys = ('0123456789abcdef0123456789abcdef',)\n"
        "create_app(desk, with_demo=True)\n"
        "assert desk.plugins.enabled() == list(desk.plugins.found)\n"
        "print(sorted({'anthropic', 'twilio', 'openai'} & sys.modules.keys()))"
    )
    for key in ("", "sk-test"):
        done = subprocess.run(
            [sys.executable, "-c", code],
            env=os.environ | {"ANTHROPIC_API_KEY": key},
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.stdout.strip() == "[]", done.stderr
