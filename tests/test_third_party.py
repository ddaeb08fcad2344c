"""Plugins and packs of third parties, as wheels beside our wheel, in an environment of their own."""

import json
import os
import subprocess
import sys
import sysconfig
from pathlib import Path
from typing import Any

import pytest

HERE = Path(__file__).parent
ROOT = HERE.parent


def run(
    *command: str, cwd: Path, check: bool = True, **env: str
) -> subprocess.CompletedProcess[str]:
    done = subprocess.run(
        command, cwd=cwd, capture_output=True, text=True, check=False, timeout=120,
        env=os.environ | {"PYTHONPATH": ""} | env,
    )  # fmt: skip
    assert not check or done.returncode == 0, done.stderr + done.stdout
    return done


@pytest.fixture(scope="module")
def environment(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A virtual environment with our wheel and three others; libraries are shared with this one.

    A path in a .pth file brings the libraries without the editable install that lies among them.
    """
    folder = tmp_path_factory.mktemp("clean")
    projects = [ROOT, *(HERE / "third_party" / name for name in ("square", "bakery", "broken"))]
    pip = (sys.executable, "-m", "pip", "-q", "--disable-pip-version-check")
    run(*pip, "wheel", "--no-deps", "--no-build-isolation", "--no-index", "-w", "wheels",
        *map(str, projects), cwd=folder)  # fmt: skip
    run(sys.executable, "-m", "venv", "--without-pip", "venv", cwd=folder)
    python = folder / "venv" / "bin" / "python"
    run(*pip, "--python", str(python), "install", "--no-deps", "--no-index",
        *map(str, sorted((folder / "wheels").glob("*.whl"))), cwd=folder)  # fmt: skip
    place = run(
        str(python), "-c", "import sysconfig; print(sysconfig.get_path('purelib'))", cwd=folder
    )
    libraries = sysconfig.get_path("purelib")
    (Path(place.stdout.strip()) / "libraries.pth").write_text(libraries + "\n")
    return folder


def frontdesk(
    environment: Path, *args: str, check: bool = True
) -> subprocess.CompletedProcess[str]:
    return run(str(environment / "venv" / "bin" / "frontdesk"), *args, cwd=environment, check=check)


def test_it_is_our_wheel_that_runs(environment: Path) -> None:
    python = str(environment / "venv" / "bin" / "python")
    where = run(python, "-c", "import frontdesk; print(frontdesk.__file__)", cwd=environment).stdout
    assert str(environment) in where


def test_they_are_listed_and_the_broken_one_is_quarantined(environment: Path) -> None:
    listed = json.loads(frontdesk(environment, "plugins", "list", "--format", "json").stdout)
    plugins = {plugin["name"]: plugin for plugin in listed}
    assert plugins["square"]["status"] == "enabled"
    assert plugins["square"]["distribution"] == "frontdesk-square"
    assert plugins["square"]["version"] == "1.2.3"
    assert plugins["square"]["actions"] == ["square"]
    assert plugins["broken"]["status"] == "quarantined"
    assert "wants a library" in plugins["broken"]["reason"]
    assert plugins["broken"]["distribution"] == "frontdesk-broken"
    packs = json.loads(frontdesk(environment, "packs", "list", "--format", "json").stdout)
    assert {"bakery", "restaurant"} <= {pack["name"] for pack in packs}
    assert frontdesk(environment, "packs", "check", "bakery").returncode == 0


def test_they_are_used_in_a_conversation(environment: Path) -> None:
    python = str(environment / "venv" / "bin" / "python")
    done = run(python, str(HERE / "third_party" / "use_them.py"), cwd=environment)
    got: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    (squared, proposed, tasting) = got["seen"]
    assert squared == ["It is 144.", [["square", "done", {"square": 144}]]]
    assert proposed[1][0][:2] == ["book_tasting", "needs_confirmation"]
    assert tasting[1][0][:2] == ["book_tasting", "done"]
    assert got["rows"] == [{"party": 2, "extra": '{"flavour":"lemon"}'}]
