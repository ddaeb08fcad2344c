"""The committed widget is what its sources make, small, and free of what a page must not run."""

import gzip
import hashlib
import shutil
import subprocess
from importlib.resources import files
from pathlib import Path

import msgspec
import pytest

import frontdesk_widget

WIDGET = Path(__file__).parent.parent / "widget"
LOCALES = WIDGET / "src" / "locales"
BUDGET = 20 * 1024
"""Bytes, compressed: what a page pays for the chat."""


def manifest() -> dict[str, str]:
    path = files("frontdesk_widget").joinpath("dist", "manifest.json")
    return msgspec.json.decode(path.read_bytes(), type=dict[str, str])


def source_hash() -> str:
    """The same as `sourceHash` in build.mjs."""
    sources = [path for path in (WIDGET / "src").rglob("*") if path.is_file()]
    names = [path.relative_to(WIDGET).as_posix() for path in sources]
    digest = hashlib.sha256()
    for name in sorted([*names, "build.mjs"]):
        content = hashlib.sha256((WIDGET / name).read_bytes()).hexdigest()
        digest.update(f"{name}\n{content}\n".encode())
    return digest.hexdigest()


def test_the_package_serves_the_built_script() -> None:
    script = frontdesk_widget.script()
    assert manifest()["file"] == "widget.js"
    assert hashlib.sha256(script).hexdigest() == manifest()["sha256"]
    assert frontdesk_widget.version() == manifest()["sha256"][:8]


def test_each_language_is_a_list_in_the_order_of_the_script() -> None:
    """The script asks for its own version: a list of another order would say the wrong things."""
    languages = frontdesk_widget.languages()
    assert set(languages) == {"ar", "de", "es", "fr", "it"}
    english = msgspec.json.decode((LOCALES / "en.json").read_bytes(), type=dict[str, str])
    for language, listed in languages.items():
        source = (LOCALES / f"{language}.json").read_bytes()
        named = msgspec.json.decode(source, type=dict[str, str])
        assert list(named) == list(english), language
        assert msgspec.json.decode(listed) == list(named.values()), language
    joined = b"\n".join(languages[language] for language in sorted(languages))
    version = hashlib.sha256(joined).hexdigest()[:8]
    assert frontdesk_widget.texts_version() == version
    assert version.encode() in frontdesk_widget.script()
    assert "Buchung" not in frontdesk_widget.script().decode()


def test_the_build_is_not_stale() -> None:
    assert manifest()["source_hash"] == source_hash(), "run `npm run build` in widget/"


def test_the_script_fits_its_budget() -> None:
    assert len(gzip.compress(frontdesk_widget.script(), 9)) < BUDGET


@pytest.mark.parametrize(
    "forbidden",
    [
        *("eval(", "new Function", "innerHTML", "outerHTML", "insertAdjacentHTML"),
        *("document.write", "http://", "sourceMappingURL", "debugger"),
    ],
)
def test_the_script_contains_no(forbidden: str) -> None:
    assert forbidden not in frontdesk_widget.script().decode()


def test_the_lock_file_names_no_download_host() -> None:
    assert '"resolved"' not in (WIDGET / "package-lock.json").read_text(encoding="utf-8")


def test_building_again_gives_the_same_bytes(tmp_path: Path) -> None:
    node = shutil.which("node")
    if node is None or not (WIDGET / "node_modules" / "esbuild").is_dir():
        pytest.skip("needs Node and `npm ci` in widget/")
    subprocess.run([node, WIDGET / "build.mjs", tmp_path], check=True, capture_output=True)
    assert (tmp_path / "widget.js").read_bytes() == frontdesk_widget.script()
    for language, texts in frontdesk_widget.languages().items():
        assert (tmp_path / "i18n" / f"{language}.json").read_bytes() == texts
    rebuilt = msgspec.json.decode((tmp_path / "manifest.json").read_bytes())
    assert rebuilt == manifest()
