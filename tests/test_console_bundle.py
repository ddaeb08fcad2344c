"""The committed inbox is what its sources make, small, and free of what a page must not run."""

import gzip
import hashlib
import re
from importlib.resources import files
from pathlib import Path

import httpx
import pytest
from support import serving
from test_widget_build import manifest

from frontdesk import config
from frontdesk.desk import Desk

BUDGET = 25 * 1024
"""Bytes, compressed."""


def built(name: str) -> bytes:
    return files("frontdesk_widget").joinpath("dist", name).read_bytes()


def test_the_built_files_are_those_of_the_manifest() -> None:
    """Which is as old as its sources: see test_widget_build."""
    assert hashlib.sha256(built("console.js")).hexdigest() == manifest()["console"]
    assert hashlib.sha256(built("inbox.css")).hexdigest() == manifest()["inbox"]


def test_the_script_fits_its_budget() -> None:
    assert len(gzip.compress(built("console.js"), 9)) < BUDGET


@pytest.mark.parametrize(
    "forbidden",
    [
        *("eval(", "new Function", "innerHTML", "outerHTML", "insertAdjacentHTML"),
        *("document.write", "http://", "sourceMappingURL", "debugger"),
    ],
)
def test_the_script_contains_no(forbidden: str) -> None:
    assert forbidden not in built("console.js").decode()


def test_the_style_sheet_loads_nothing_and_uses_the_console_s_colours() -> None:
    css = built("inbox.css").decode()
    assert "url(" not in css
    assert "@import" not in css
    known = files("frontdesk_server.console").joinpath("assets", "console.css").read_text("utf-8")
    used = set(re.findall(r"var\((--[\w-]+)\)", css)) - {"--tone", "--tone-soft"}
    assert {name for name in used if f"{name}:" not in known} == set()


async def test_the_console_serves_them(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'frontdesk.db'}"
    desk = Desk(config.settings_of({"database": {"url": url}}))
    desk.load()
    async with serving(desk, demo=False) as url, httpx.AsyncClient(base_url=url) as http:
        for name, kind in (("console.js", "text/javascript"), ("inbox.css", "text/css")):
            answer = await http.get(f"/console/assets/{name}")
            assert answer.status_code == 200, name
            assert answer.headers["content-type"].startswith(kind)
            assert answer.content == built(name)
