"""The shape of the house: sizes, imports, what a start may import, and that the docs tell the truth."""

import ast
import importlib.metadata
import json
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import msgspec
import pytest

from frontdesk import config, hookspecs

ROOT = Path(__file__).parent.parent
SOURCES = [
    path
    for folder in ("core", "plugins", "server", "widget/frontdesk_widget")
    for path in (ROOT / folder).rglob("*.py")
]
LONGEST_FILE = 350
LONGEST_FUNCTION = 70


def test_files_and_functions_stay_small() -> None:
    too_long: list[str] = []
    for path in SOURCES:
        text = path.read_text(encoding="utf-8")
        if len(text.splitlines()) > LONGEST_FILE:
            too_long.append(str(path))
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                assert node.end_lineno is not None
                # A function that only holds the routes of a module is as long as they are many.
                inner = any(
                    isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef) for child in node.body
                )
                if node.end_lineno - node.lineno + 1 > LONGEST_FUNCTION and not inner:
                    too_long.append(f"{path}:{node.lineno} {node.name}")
    assert too_long == []


def test_imports_point_inward() -> None:
    done = subprocess.run(
        [sys.executable, "-c", "from importlinter.cli import lint_imports_command as c; c()"],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr


def test_anthropic_and_twilio_are_imported_in_one_place_each() -> None:
    places: dict[str, set[str]] = {"anthropic": set(), "twilio": set()}
    for path in SOURCES:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            names: list[str] = []
            if isinstance(node, ast.Import):
                names = [alias.name for alias in node.names]
            elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                names = [node.module]
            for name in names:
                if name.split(".")[0] in places:
                    places[name.split(".")[0]].add(path.name)
    assert places["anthropic"] == {"sdk.py"}
    assert len(places["twilio"]) <= 1


def test_source_roots_hold_one_package_each() -> None:
    for root, package in (
        ("core", "frontdesk"), ("plugins", "frontdesk_plugins"), ("packs", "frontdesk_packs"),
        ("server", "frontdesk_server"),
    ):  # fmt: skip
        found = {p.name for p in (ROOT / root).iterdir() if p.name != "__pycache__"}
        assert found == {package}
    assert not list((ROOT / "packs").rglob("*.py"))
    for package in ("core/frontdesk", "plugins/frontdesk_plugins", "server/frontdesk_server"):
        assert (ROOT / package / "py.typed").exists()


def test_entry_points_and_files_agree() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    declared = project["entry-points"]
    plugins = {
        p.stem
        for p in (ROOT / "plugins" / "frontdesk_plugins").iterdir()
        if not p.name.startswith(("_", ".")) and (p.is_dir() or p.suffix == ".py")
    }
    assert set(declared["frontdesk"]) == plugins | {"console"}, "the console is the server's own"
    packs = {p.parent.name for p in (ROOT / "packs" / "frontdesk_packs").glob("*/pack.toml")}
    assert set(declared["frontdesk.packs"]) == packs
    installed = {e.name for e in importlib.metadata.entry_points(group="frontdesk")}
    assert plugins <= installed, "run ./dev again: the entry points changed"


def test_a_start_imports_neither_anthropic_nor_twilio(tmp_path: Path) -> None:
    script = (
        "import asyncio, sys, json\n"
        "from frontdesk import config\n"
        "from frontdesk.desk import Desk\n"
        "from frontdesk_server.app import create_app\n"
        "desk = Desk(config.load(environ={'ANTHROPIC_API_KEY': 'x'})); desk.load()\n"
        "create_app(desk, with_demo=True)\n"
        "async def go():\n    await desk.start(); await desk.stop()\n"
        "asyncio.run(go())\n"
        "print(json.dumps(sorted({m.split('.')[0] for m in sys.modules})))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=tmp_path, capture_output=True, text=True, check=True,
        env={"PATH": "", "ANTHROPIC_API_KEY": "x"},
    )  # fmt: skip
    modules = set(json.loads(done.stdout.splitlines()[-1]))
    assert modules & {"anthropic", "twilio", "httpx2", "aiohttp", "phonenumbers", "black"} == set()


def hooks() -> list[str]:
    return [name for name, value in vars(hookspecs).items() if hasattr(value, "frontdesk_spec")]


@pytest.mark.parametrize("hook", hooks())
def test_every_hook_is_documented_with_its_parameters(hook: str) -> None:
    text = (ROOT / "docs" / "hooks.md").read_text(encoding="utf-8")
    (signature,) = re.findall(rf"^### {hook}\n\n`{hook}\((.*)\) -> .+`$", text, re.MULTILINE)
    code = getattr(hookspecs, hook).__code__
    names = [part.partition(":")[0] for part in signature.split(", ") if ":" in part]
    assert tuple(names) == code.co_varnames[: code.co_argcount]


def keys() -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    for section, of in (
        ("server", config.Server), ("database", config.Database), ("bus", config.Bus),
        ("model", config.ModelUse), ("plugins", config.Plugins), ("limits", config.Limits),
    ):  # fmt: skip
        found += [
            (f"{section}.{field.name}", msgspec.json.encode(field.default).decode())
            for field in msgspec.structs.fields(of)
        ]
    return found


@pytest.mark.parametrize(("key", "default"), keys())
def test_every_key_is_documented_with_its_default(key: str, default: str) -> None:
    text = (ROOT / "docs" / "configuration.md").read_text(encoding="utf-8")
    rows = [line for line in text.splitlines() if line.startswith(f"| `{key}` |")]
    assert len(rows) == 1
    assert f"| `{default}` |" in rows[0]


def test_links_in_the_docs_lead_somewhere() -> None:
    for page in [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *(ROOT / "docs").rglob("*.md")]:
        for link in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", page.read_text(encoding="utf-8")):
            assert (page.parent / link).exists(), f"{page}: {link}"
