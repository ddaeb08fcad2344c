"""The page for authors of plugins: its recipes and its commands, as somebody types them."""

import asyncio
import json
import re
import subprocess
import sys
import textwrap
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from support import Visitor
from test_cli_serve import folder, run, started
from test_docs import ROOT, blocks, write_files

__all__ = ["folder"]  # a fixture

PAGE = ROOT / "docs" / "plugin-author.md"


@pytest.fixture
def installed(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder with the page's three plugins, which a `frontdesk` in it finds."""
    assert run("plugins", "new", "till").returncode == 0
    monkeypatch.setenv("PYTHONPATH", ":".join(write_files(PAGE, folder)))
    return folder


def commands() -> Iterator[tuple[str, str, list[str]]]:
    """(variable, value, arguments) of each command that is given a variable."""
    for language, _, code in blocks(PAGE):
        for line in code.splitlines() if language == "sh" else ():
            if found := re.fullmatch(r"(FRONTDESK_\w+)='(\S+)' frontdesk (.+)", line):
                yield found[1], found[2], found[3].split()


def test_what_plugins_new_says_is_what_the_page_says() -> None:
    said = run("plugins", "new", "cube").stdout
    _, install, tests, chat = next(
        code for language, _, code in blocks(PAGE) if language == "sh"
    ).splitlines()
    for command in (install, tests, chat):
        assert f"\n  {command.partition('#')[0].strip()}\n" in said


def test_a_setting_and_a_secret_reach_the_action(
    installed: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = [code for language, name, code in blocks(PAGE) if language == "toml" and not name]
    both = "".join(files).replace('["cube"]', '["stock"]')
    (installed / "frontdesk.toml").write_text(both)
    refused = run("chat", "restaurant")
    assert refused.returncode == 2
    assert "TILL_KEY is not set" in refused.stderr
    said = "check the stock of an article\nbread\n"
    for key, left in (("four", 9), ("much longer", 10)):
        monkeypatch.setenv("TILL_KEY", key)
        done = run("chat", "restaurant", stdin=said)
        assert f"[stock: done; left {left}]" in done.stdout, done.stdout + done.stderr
    (installed / "frontdesk.toml").write_text(both.replace("most", "moist"))
    assert re.search(r"frontdesk.toml:\d+: .*moist", run("chat", "restaurant").stderr)


def test_notes_of_two_that_are_one(installed: Path) -> None:
    """As a test beside the page's own: `merge_contacts` is the recipe's."""
    (installed / "frontdesk-notes/tests/test_merge.py").write_text(
        textwrap.dedent("""
        from frontdesk import contacts
        from frontdesk.testing import Call


        async def test_they_are_moved(desk, scripted_model):
            for text in ("mine", "mine too"):
                scripted_model.then(Call("keep_note", note=text), "Noted.")
                talk = await desk.conversation("test")
                await talk.say("Keep a note")
            database = desk.desk.database
            rows = await database.fetch("SELECT contact FROM note ORDER BY id")
            gone, kept = [row["contact"] for row in rows]
            assert gone != kept
            async with database.transaction():
                await contacts.merge(database, desk.desk.plugins, "test", kept=kept, gone=gone)
            scripted_model.then(Call("keep_note", note="ours"), "Noted.")
            await talk.say("Keep another")
            assert talk.actions[0].data["notes"] == ["mine", "mine too", "ours"]
        """)
    )
    done = _pytest("frontdesk-notes")
    assert "2 passed" in done


def _pytest(project: str) -> str:
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", project],
        capture_output=True, text=True, check=False, timeout=120,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_the_action_is_in_the_demo_of_the_restaurant(
    installed: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (_, _, chat), (variable, value, serve) = commands()
    assert (chat, serve) == (["chat", "restaurant"], ["serve", "--demo"])
    monkeypatch.setenv(variable, value)
    with started(*serve[1:]) as (process, lines):
        address = re.search(r"http://127\.0\.0\.1:\d+/", "\n".join(lines))
        assert address
        asyncio.run(_squares(address[0]))
        process.terminate()
        process.communicate(timeout=60)


async def _squares(url: str) -> None:
    async with httpx.AsyncClient(base_url=url, timeout=60) as http:
        assert (await http.get("demo/restaurant")).status_code == 200
        who = await Visitor.arrive(http, "restaurant")
        await who.say("square a number")
        reply = await who.say("12")
        assert [(a["type"], a["data"]) for a in reply["actions"]] == [("cube", {"square": 144})]


def test_what_is_wrong_is_seen_where_the_page_says(
    installed: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    module = installed / "frontdesk-cube/frontdesk_cube/__init__.py"
    module.write_text(module.read_text().replace("import msgspec", "import ghost_of_msgspec"))
    listed = run("plugins", "list").stdout
    assert re.search(r"frontdesk_cube/__init__\.py:\d+: cube is quarantined: ", listed)
    assert "cube is set aside" in run("check").stdout
    with started("--demo") as (process, lines):
        address = re.search(r"http://127\.0\.0\.1:\d+/", "\n".join(lines))
        assert address
        with urllib.request.urlopen(address[0] + "health/ready") as answer:
            assert "ghost_of_msgspec" in json.load(answer)["quarantined"]["cube"]
        process.terminate()
        process.communicate(timeout=60)
    monkeypatch.setenv("FRONTDESK_PLUGINS__REQUIRED", '["cube"]')
    stopped = run("chat", "restaurant")
    assert stopped.returncode != 0
    assert "the required plugin 'cube' cannot be used" in stopped.stderr
    monkeypatch.delenv("FRONTDESK_PLUGINS__REQUIRED")
    migration = installed / "frontdesk-notes/frontdesk_notes/migrations/m0001_start.py"
    migration.write_text(migration.read_text().replace("CREATE TABLE", "CREATE TABLES"))
    for database in installed.glob("frontdesk.db*"):  # it has the tables already
        database.unlink()
    stopped = run("chat", "restaurant")
    assert stopped.returncode == 1
    assert "the migration m0001_start of notes failed" in stopped.stderr
