"""Plugins that do something wrong, and who reads of it."""

import sys
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import msgspec
import pytest
from click.testing import CliRunner, Result

from frontdesk import Action, Settings, hookimpl
from frontdesk.plugins import Plugin, Plugins
from frontdesk.testing import read_toml
from frontdesk_server.cli import root

SHOP = read_toml('id = "shop"\nname = "Shop"\ntools = ["brk"]')
ACTIONS = """
import sys
from frontdesk import Action, hookimpl

async def brk(call, params):
    {body}

@hookimpl
def register_actions():
    return [Action(name="brk", description="Break.", params={{"type": "object"}}, run=brk{more})]
"""


class Nothing(msgspec.Struct):
    pass


def plugin(**hooks: Callable[..., Any]) -> SimpleNamespace:
    return SimpleNamespace(**{name: hookimpl(function) for name, function in hooks.items()})


def action(run: Any, name: str = "brk", **more: Any) -> Action:
    return Action(**{"name": name, "description": "Break.", "params": Nothing, "run": run} | more)


def line_of(function: Any) -> str:
    return f"{function.__code__.co_filename}:{function.__code__.co_firstlineno}"


def loaded(module: Any, **about: Any) -> Plugins:
    plugins = Plugins(Settings())
    plugins.add(Plugin(name="p", **about), lambda: module)
    plugins.collect()
    return plugins


def exit_now() -> Any:
    sys.exit(3)


async def exit_later(*_: Any) -> Any:
    sys.exit(3)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("FRONTDESK_CONFIG", raising=False)
    return tmp_path


def module_of(folder: Path, name: str) -> Path:
    return folder / f"site-{name}" / f"{name}_module.py"


def invoke(*args: str, code: int = 0, said: str | None = None) -> Result:
    done = CliRunner().invoke(root, args, input=said)
    assert done.exit_code == code, done.output
    return done
