"""What authors start from: as a new user finds it, and a hundred ways to get it wrong."""

import asyncio
import importlib.util
import json
import re
import shutil
import sys
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import httpx
import jsonschema_rs
import mutations
import pytest
from click.testing import CliRunner
from mutations import Mutation
from support import Visitor
from test_cli_serve import run, started

from frontdesk import config
from frontdesk.plugins import Plugin, Plugins
from frontdesk.testing import open_desk
from frontdesk_server.cli import root

ROOT = Path(__file__).parent.parent


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    for name in ("ANTHROPIC_API_KEY", "FRONTDESK_CONFIG"):
        monkeypatch.delenv(name, raising=False)
    return tmp_path


@pytest.fixture(scope="module")
def starter(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the starter pack and the starter plugin."""
    made = tmp_path_factory.mktemp("kit")
    for args in (["packs", "new", "starter"], ["plugins", "new", "starter"]):
        done = CliRunner().invoke(root, [*args, "--folder", str(made)])
        assert done.exit_code == 0, done.output
    return made


# ---- a new user ------------------------------------------------------------------------------


def commands_of(page: str) -> list[str]:
    """What the first block of commands of a page says to type."""
    text = (ROOT / "docs" / f"{page}.md").read_text(encoding="utf-8")
    block = re.search(r"^```sh\n(.*?)^```$", text, re.DOTALL | re.MULTILINE)
    assert block
    return [line.partition("#")[0].strip() for line in block[1].splitlines()]


def test_from_nothing_to_a_booking() -> None:
    """Two commands and no edit; the page says so, and these are its commands."""
    commands = commands_of("pack-author")
    assert len(commands) == 2
    assert run(*commands[0].split()[1:]).returncode == 0
    assert (
        run("packs", "check", "./tattoo_studio").stdout
        == "tattoo_studio: ok, 12 tools, 3 scenarios\n"
    )
    serve = commands[1].split()
    assert serve[:2] == ["frontdesk", "serve"]
    with started(*serve[2:]) as (process, lines):
        address = re.search(r"http://127\.0\.0\.1:\d+/", "\n".join(lines))
        assert address
        asyncio.run(_books(address[0]))
        process.terminate()
        process.communicate(timeout=60)


async def _books(url: str) -> None:
    day = date.today() + timedelta(days=2)
    while day.weekday() != 1 or date(2026, 12, 24) <= day <= date(2027, 1, 1):
        day += timedelta(days=1)
    async with httpx.AsyncClient(base_url=url, timeout=60) as http:
        assert "Example Tattoo studio" in (await http.get("demo/tattoo_studio")).text
        who = await Visitor.arrive(http, "tattoo_studio")
        await who.say(f"Hi, I'd like to book a consultation on {day.isoformat()} at 10am")
        await who.say("Zoe Smith")
        asked = await who.say("212 555 0123")
        proposal = asked["actions"][-1]
        assert (proposal["type"], proposal["status"]) == ("create_booking", "needs_confirmation")
        done = await who.say("Yes", confirm=proposal["data"]["proposalId"])
        assert done["actions"][-1]["status"] == "done"
        assert done["actions"][-1]["data"]["date"] == day.isoformat()


def test_its_scenarios_are_green() -> None:
    assert run("packs", "new", "yoga", "--title", "Yoga").returncode == 0
    done = run("packs", "test", "./yoga")
    assert done.returncode == 0, done.stdout
    assert done.stdout.splitlines()[-1].startswith("yoga: 3 passed, 0 failed, ")
    text = Path("yoga/tools/create_booking.json").read_text()
    Path("yoga/tools/create_booking.json").write_text(text.replace('"confirm": true,', ""))
    done = run("packs", "test", "./yoga")
    assert done.returncode == 1
    assert "proposed: expected create_booking" in done.stdout


def test_what_the_page_adds_to_it(starter: Path, folder: Path) -> None:
    target = folder / "tattoo_studio"
    assert CliRunner().invoke(root, ["packs", "new", "tattoo_studio"]).exit_code == 0
    page = (ROOT / "docs" / "pack-author.md").read_text(encoding="utf-8")
    added = re.findall(r"^```\w+ tattoo_studio/(\S+)\n(.*?)^```$", page, re.DOTALL | re.MULTILINE)
    assert len(added) == 2
    for name, text in added:
        (target / name).write_text(text, encoding="utf-8")
    checked = run("packs", "check", "./tattoo_studio")
    assert checked.stdout == "tattoo_studio: ok, 13 tools, 4 scenarios\n"
    done = run("packs", "test", "./tattoo_studio")
    assert "4 passed, 0 failed, " in done.stdout.splitlines()[-1], done.stdout


def test_from_nothing_to_an_action_in_a_conversation(monkeypatch: pytest.MonkeyPatch) -> None:
    """Three commands and no edit to the tested action, one variable to a talk with it."""
    commands = commands_of("plugin-author")
    assert len(commands) == 4
    assert run(*commands[0].split()[1:]).returncode == 0
    site = Path("site").absolute()
    assert commands[1] == "pip install -e './frontdesk-cube[test]'"
    _execute("-m", "pip", "install", "-q", "--no-deps", "--no-build-isolation", "--no-index",
             "--target", str(site), "./frontdesk-cube")  # fmt: skip
    monkeypatch.setenv("PYTHONPATH", str(site))
    assert commands[2] == "pytest frontdesk-cube"
    assert "3 passed" in _execute("-m", "pytest", "-p", "no:cacheprovider", "frontdesk-cube")
    variable, value, *chat = commands[3].replace("=", " ", 1).split()
    monkeypatch.setenv(variable, value.strip("'"))
    done = run(*chat[1:], stdin="square a number\n12\n")
    assert "[cube: done; square 144]" in done.stdout, done.stdout + done.stderr
    found = json.loads(run("plugins", "list", "--format", "json").stdout)
    assert [p["status"] for p in found if p["name"] == "cube"] == ["enabled"]


def _execute(*args: str) -> str:
    import subprocess

    done = subprocess.run(
        [sys.executable, *args], capture_output=True, text=True, check=False, timeout=120
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.mark.parametrize(
    ("args", "code", "said"),
    [
        (["packs", "new", "Tattoo-Studio"], 2, "Try 'tattoo_studio'"),
        (["packs", "new", "../escape"], 2, "Try 'escape'"),
        (["packs", "new", "restaurant"], 1, "There is a pack 'restaurant' already, of frontdesk"),
        (["packs", "new", "x", "--title", 'a "b"'], 2, "--title"),
        (["plugins", "new", "9lives"], 2, "Try 'lives'"),
        (["plugins", "new", "sms"], 1, "There is a plugin 'sms' already, of frontdesk"),
        (["plugins", "new", "server"], 1, "There is a module frontdesk_server already"),
        (["plugins", "new", "get_hours"], 1, "'info' has an action 'get_hours' already"),
    ],
)
def test_names_that_cannot_be(folder: Path, args: list[str], code: int, said: str) -> None:
    done = CliRunner().invoke(root, args)
    assert done.exit_code == code
    assert said in done.output
    assert list(folder.iterdir()) == []


@pytest.mark.parametrize("args", [["packs", "new", "mine"], ["plugins", "new", "mine"]])
def test_nothing_is_overwritten(folder: Path, args: list[str]) -> None:
    target = folder / ("mine" if args[0] == "packs" else "frontdesk-mine")
    target.mkdir()
    assert CliRunner().invoke(root, args).exit_code == 0  # an empty one will do
    before = {file: file.read_bytes() for file in target.rglob("*") if file.is_file()}
    assert before
    done = CliRunner().invoke(root, args)
    assert done.exit_code == 1
    assert "nothing is overwritten" in done.output
    assert before == {file: file.read_bytes() for file in target.rglob("*") if file.is_file()}


# ---- schemas for editors ---------------------------------------------------------------------


def test_the_schemas_fit_what_is_there(starter: Path) -> None:
    import tomllib

    files = {
        "pack": ["pack.toml"],
        "business": ["business.example.toml"],
        "scenario": [f"scenarios/{f.name}" for f in (starter / "starter/scenarios").iterdir()],
        "tool": [f"tools/{f.name}" for f in (starter / "starter/tools").iterdir()],
    }
    for kind, names in files.items():
        printed = CliRunner().invoke(root, ["packs", "schema", kind]).output
        assert json.loads(printed) == json.loads(
            (starter / f"starter/schemas/{kind}.json").read_text()
        )
        checker = jsonschema_rs.Draft202012Validator(json.loads(printed))
        for name in names:
            file = starter / "starter" / name
            text = file.read_text()
            tree = json.loads(text) if name.endswith(".json") else tomllib.loads(text)
            reference = re.search(r'(?:#:schema|"\$schema":) "?([^"\s]+)', text)
            assert reference
            assert (file.parent / reference[1]).resolve().name == f"{kind}.json"
            assert (file.parent / reference[1]).exists()
            plain = json.loads(json.dumps(tree, default=lambda value: value.isoformat()))
            assert list(checker.iter_errors(plain)) == []
            assert not checker.is_valid(plain | {"ghost": 1})


def test_the_schemas_say_what_things_are() -> None:
    text = json.loads(CliRunner().invoke(root, ["packs", "schema", "business"]).output)
    business = text["$defs"]["Business"]["properties"]
    assert "IANA" in business["timezone"]["description"]
    booking = text["$defs"]["BookingRules"]["properties"]
    assert "multiples of `step`" in booking["grid"]["description"]
    assert business["settings"]["properties"]["booking"] == {"$ref": "#/$defs/BookingRules"}


# ---- what is wrong is told -------------------------------------------------------------------


def test_every_wrong_pack_is_told_with_file_and_line(starter: Path, folder: Path) -> None:
    wrong = mutations.of_packs()
    targets = [folder / str(n) / "starter" for n in range(len(wrong) + 1)]
    for target, mutation in zip(targets, [*wrong, None], strict=True):
        shutil.copytree(starter / "starter", target)
        if mutation is not None:
            _mutate(target / mutation.file, mutation)
    done = CliRunner().invoke(root, ["packs", "check", "--format", "json", *map(str, targets)])
    assert done.exit_code == 1, done.output
    found = json.loads(done.stdout)
    assert len(found) == len(targets)
    assert found[-1]["problems"] == []  # the right one beside them
    missed = [
        f"{mutation.name}: {report['problems']}"
        for mutation, report in zip(wrong, found, strict=False)
        if not any(
            _names(problem, report["source"], mutation.file) and re.search(mutation.said, problem)
            for problem in report["problems"]
        )
    ]
    assert not missed, "\n".join(missed)


def _names(problem: str, folder: str, file: str) -> bool:
    """Whether a problem begins with the file, or the folder of it that nobody reads, and a line."""
    places = "|".join(re.escape(place) for place in (file, file.rpartition("/")[0]) if place)
    return re.match(rf"{re.escape(folder)}/({places}):\d+: ", problem) is not None


def _mutate(file: Path, mutation: Mutation) -> None:
    if mutation.change is None:
        file.unlink()
        return
    file.parent.mkdir(exist_ok=True)
    before = file.read_text(encoding="utf-8") if file.exists() else ""
    after = mutation.change(before)
    assert after != before, mutation.name
    mutations.write(after, file)


async def test_wrong_packs_do_not_stop_the_others(starter: Path, folder: Path) -> None:
    wrong = [
        m for m in mutations.of_packs() if m.name in {"half of it", "no pack.toml", "tool: depth"}
    ]
    for n, mutation in enumerate(wrong):
        target = folder / str(n) / f"wrong{n}"
        shutil.copytree(starter / "starter", target)
        _mutate(target / mutation.file, mutation)
    folders = [*map(str, sorted(folder.glob("*/wrong*"))), str(starter / "starter")]
    async with open_desk(folder, pack_folders=folders) as desk:
        assert [name for name, pack in desk.desk.packs.items() if pack.problems] == [
            "wrong0", "wrong1", "wrong2"
        ]  # fmt: skip
        assert not desk.desk.packs["starter"].problems


def test_every_wrong_plugin_is_told_with_file_and_line(starter: Path, folder: Path) -> None:
    text = (starter / "frontdesk-starter/frontdesk_starter/__init__.py").read_text(encoding="utf-8")
    missed: list[str] = []
    for n, mutation in enumerate(mutations.of_plugins()):
        file = folder / f"frontdesk_wrong{n}.py"
        changed = mutations.prepare(mutation, text)
        assert changed != text, mutation.name
        file.write_text(changed, encoding="utf-8")
        plugins = Plugins(config.Settings())
        plugins.load_installed()
        plugins.add(Plugin(name="wrong", distribution="d"), _loading(file))
        right = folder / f"frontdesk_right{n}.py"
        right.write_text(text.replace('name="starter"', 'name="right"'), encoding="utf-8")
        plugins.add(Plugin(name="zright", distribution="d"), _loading(right))
        plugins.collect()
        found = plugins.found["wrong"]
        is_told = (
            found.status == "quarantined"
            and re.match(rf"{re.escape(str(file))}:\d+$", found.place)
            and re.search(mutation.said, found.reason)
        )
        others = [p.name for p in plugins.found.values() if p.status != "enabled"]
        if not is_told or others != ["wrong"] or plugins.action_owner["right"] != "zright":
            missed.append(f"{mutation.name}: {found.status} {found.place} {found.reason} {others}")
    assert not missed, "\n".join(missed)


def _loading(file: Path) -> Any:
    def load() -> Any:
        spec = importlib.util.spec_from_file_location(file.stem, file)
        assert spec
        assert spec.loader
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        return module

    return load


def test_there_are_a_hundred() -> None:
    every = [*mutations.of_packs(), *mutations.of_plugins()]
    assert len(every) >= 180
    assert len({(m.file, m.name) for m in every}) == len(every)
