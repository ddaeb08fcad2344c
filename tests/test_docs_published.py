"""What the pages for authors publish can be built, and what is built is found."""

import inspect
import os
import re
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from test_cli import folder, invoke
from test_docs import ROOT, blocks, write_files

from frontdesk import testing

__all__ = ["folder"]  # a fixture

BUILD = "import sys, hatchling.build as b; print(b.{0}(sys.argv[1]))"


def build(project: Path, how: str, to: Path) -> zipfile.ZipFile:
    """As `python -m build` or `pip install -e` has it built, without the network."""
    done = subprocess.run(
        [sys.executable, "-c", BUILD.format(how), str(to)],
        cwd=project, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return zipfile.ZipFile(to / done.stdout.splitlines()[-1])


def project_of(page: str) -> str:
    """The pyproject.toml of a page that names no file for it."""
    (code,) = (
        code
        for language, name, code in blocks(ROOT / "docs" / f"{page}.md")
        if language == "toml" and not name and "[build-system]" in code
    )
    return code


@pytest.mark.parametrize(("page", "name"), [("pack-author", "tattoo_studio"), ("packs", "bakery")])
def test_a_pack_is_published(page: str, name: str, folder: Path) -> None:
    if page == "pack-author":
        invoke("packs", "new", name)
    write_files(ROOT / "docs" / f"{page}.md", folder)
    package = f"frontdesk_{name}"
    Path(name).rename(package)
    Path("pyproject.toml").write_text(project_of(page))
    wheel = build(folder, "build_wheel", folder)
    here = {path.relative_to(folder).as_posix() for path in Path(folder, package).rglob("*.*")}
    files = {entry for entry in wheel.namelist() if not entry.split("/")[0].endswith("dist-info")}
    assert files == {file for file in here if (folder / file).is_file()}
    assert f"{package}/pack.toml" in files
    editable = build(folder, "build_editable", folder)
    (pth,) = (entry for entry in editable.namelist() if entry.endswith(".pth"))
    assert editable.read(pth).decode().split() == [str(folder)]

    site = folder / "site"
    wheel.extractall(site)
    done = subprocess.run(
        [sys.executable, "-m", "frontdesk_server", "packs", "check", name],
        cwd=site, capture_output=True, text=True, check=False,
        env={**os.environ, "PYTHONPATH": str(site)},
    )  # fmt: skip
    assert done.stdout.startswith(f"{name}: ok"), done.stdout + done.stderr


def test_a_plugin_is_published(folder: Path) -> None:
    write_files(ROOT / "docs" / "plugin-author.md", folder)
    project = folder / "frontdesk-cube"
    wheel = build(project, "build_wheel", folder)
    assert "frontdesk_cube/__init__.py" in wheel.namelist()
    (points,) = (entry for entry in wheel.namelist() if entry.endswith("entry_points.txt"))
    assert wheel.read(points).decode().strip() == "[frontdesk]\ncube = frontdesk_cube"


def test_a_plugin_brings_all_that_is_in_its_folder(folder: Path) -> None:
    write_files(ROOT / "docs" / "plugin-author.md", folder)
    project = folder / "frontdesk-notes"
    brought = ("migrations/m0001_start.py", "templates/notes.html.j2")
    (project / "frontdesk_notes" / "templates").mkdir()
    (project / "frontdesk_notes" / brought[1]).touch()
    wheel = build(project, "build_wheel", folder)
    assert {f"frontdesk_notes/{file}" for file in brought} < set(wheel.namelist())
    assert not [name for name in wheel.namelist() if name.startswith("tests")]
    editable = build(project, "build_editable", folder)
    (pth,) = (entry for entry in editable.namelist() if entry.endswith(".pth"))
    assert editable.read(pth).decode().split() == [str(project)]


def test_an_example_is_applied_with_its_pack(folder: Path) -> None:
    invoke("packs", "new", "tattoo_studio")
    example = "tattoo_studio/business.example.toml"
    assert "there is no pack" in invoke("business", "apply", example, code=2).stderr
    out = invoke("business", "apply", example, "--pack", "./tattoo_studio").stdout
    assert out == "tattoo_studio: created\n"


def test_all_of_the_testing_kit_is_told() -> None:
    page = (ROOT / "docs" / "testing.md").read_text(encoding="utf-8")
    parameters = inspect.signature(testing.open_desk).parameters
    assert [name for name in testing.__all__ if not re.search(rf"\b{name}\b", page)] == []
    assert [name for name in parameters if f"| `{name}` |" not in page] == ["folder"]
