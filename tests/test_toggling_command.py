"""`frontdesk plugins enable` and `disable`."""

import os
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from support_toggling import FILE, toggle

from frontdesk import config
from frontdesk.errors import ConfigError
from frontdesk_server.cli import root


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("FRONTDESK_CONFIG", raising=False)
    made = tmp_path / "frontdesk.toml"
    made.write_text(FILE)
    return made


def test_the_file_keeps_its_comments_and_order(file: Path) -> None:
    done = toggle(file, "disable", "orders")
    assert done.exit_code == 0, done.output
    text = file.read_text()
    for line in FILE.splitlines():
        assert line in text
    assert config.load(str(file), environ={}).plugins.disabled == ("http", "orders")
    assert "already" in toggle(file, "disable", "orders").output
    assert file.read_text() == text
    assert toggle(file, "enable", "orders").exit_code == 0
    assert file.read_text().split() == FILE.split()
    assert "already" in toggle(file, "enable", "orders").output
    assert toggle(file, "enable", "http").exit_code == 0
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
    assert toggle(file, "disable", "info").exit_code == 0
    off = config.load(str(file), environ={})
    assert off.plugins.disabled == (*before.plugins.disabled, "info")
    assert off.sections == before.sections
    assert toggle(file, "enable", "info").exit_code == 0
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
    done = toggle(file, "disable", "ghost")
    assert (done.exit_code, "There is no plugin 'ghost'. Installed: " in done.output) == (2, True)
    file.write_text('[plugins]\nrequired = ["info"]\n')
    assert "required has 'info'" in toggle(file, "disable", "info").output
    file.write_text("[plugins\n")
    assert ":1: not valid TOML" in toggle(file, "disable", "info").output
    file.write_text(FILE)
    monkeypatch.setenv("FRONTDESK_PLUGINS__DISABLED", "[]")
    assert "FRONTDESK_PLUGINS__DISABLED decides" in toggle(file, "disable", "info").output
    assert file.read_text() == FILE


def test_one_business(file: Path) -> None:
    env = {"FRONTDESK_DATABASE__URL": f"sqlite:///{file.parent / 'test.db'}"}
    runner = CliRunner(env=env)
    owner = file.with_name("b.toml")
    owner.write_text('id = "b"\nname = "B"\npack = "restaurant"\n')
    assert runner.invoke(root, ["business", "apply", str(owner)]).exit_code == 0
    refused = toggle(file, "disable", "orders", "--business", "b")
    assert refused.exit_code == 1
    assert "its pack 'restaurant' requires " in refused.output
    assert "b: its pack 'restaurant' requires" in toggle(file, "disable", "orders").output
    assert "off now" in toggle(file, "disable", "orders", "--business", "b", "--force").output
    assert "off already" in toggle(file, "disable", "orders", "--business", "b", "--force").output
    assert (
        'disabled = [\n    "orders",\n]' in runner.invoke(root, ["business", "export", "b"]).output
    )
    assert "on now" in toggle(file, "enable", "orders", "--business", "b").output
    assert "disabled" not in runner.invoke(root, ["business", "export", "b"]).output
    assert "no business 'c'" in toggle(file, "enable", "orders", "--business", "c").output
    assert toggle(file, "disable", "handoff", "--force").exit_code == 0
    assert file.with_name("b.toml").exists()


def test_a_file_that_cannot_be_written(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: Any) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "replace", fail)
    done = toggle(file, "disable", "orders")
    assert done.exit_code == 2
    assert "cannot write" in done.output
    assert file.read_text() == FILE
    assert sorted(os.listdir(file.parent)) == ["frontdesk.toml"]
    with pytest.raises(ConfigError):
        config.load("nowhere.toml")
