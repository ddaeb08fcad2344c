"""The command that prints a calendar's address."""

from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from support_ical import BELLA, KEY

from frontdesk.testing import open_desk
from frontdesk_plugins.booking import feeds
from frontdesk_server.cli import root


@pytest.fixture
async def applied(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    async with open_desk(tmp_path, url="sqlite:///frontdesk.db", recover=False) as opened:
        await opened.add_business(BELLA)


def run(*arguments: str, env: dict[str, str] | None = None) -> Result:
    base = {
        "FRONTDESK_SERVER__SECRET_KEY": KEY,
        "FRONTDESK_SERVER__PUBLIC_URL": "https://d.example/",
    }
    return CliRunner().invoke(root, ["booking", "feed", *arguments], env=base | (env or {}))


@pytest.mark.usefixtures("applied")
def test_the_command_prints_the_address(tmp_path: Path) -> None:
    assert run("bella").output == f"https://d.example{feeds.feed_path((KEY,), BELLA)}\n"
    assert run("bella", "T2").output == f"https://d.example{feeds.feed_path((KEY,), BELLA, 'T2')}\n"
    assert run("bella").output != run("bella", "T2").output
    kept = {"FRONTDESK_SERVER__SECRET_KEY": "", "FRONTDESK_SERVER__PUBLIC_URL": ""}
    done = run("bella", env=kept)
    assert done.exit_code == 2
    assert "no secret key" in done.output
    (tmp_path / "frontdesk.db.secret").write_text("what serve made and kept here\n")
    path = feeds.feed_path(("what serve made and kept here",), BELLA)
    assert run("bella", env=kept).output == f"http://127.0.0.1:8000{path}\n"


@pytest.mark.usefixtures("applied")
def test_the_command_names_what_there_is_not() -> None:
    done = run("carla")
    assert (done.exit_code, done.output) == (1, "Error: There is no business 'carla'.\n")
    done = run("bella", "T9")
    assert done.exit_code == 1
    assert done.output == "Error: bella has no resource 'T9'. Resources: T1, T2.\n"


def test_the_command_makes_no_database(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    done = run("bella")
    assert done.exit_code == 1
    assert "no database" in done.output
    assert list(tmp_path.iterdir()) == []
