"""A pack whose tools wait for no yes, for tests of what comes after it."""

from pathlib import Path

import msgspec

from frontdesk.config import Settings
from frontdesk.plugins import Plugins

NAME = "ungated"
_PACK = f"""
name = "{NAME}"
title = "Without a gate"
version = "0.1"
"""


def ungated(folder: Path, *actions: str) -> str:
    """A folder for `pack_folders`, with a tool for each action, of its name and with its schema. A
    business uses it with `pack = "ungated"`."""
    plugins = Plugins(Settings())
    plugins.load_installed()
    plugins.collect()
    pack = folder / NAME
    (pack / "tools").mkdir(parents=True)
    (pack / "pack.toml").write_text(_PACK)
    (pack / "business.example.toml").write_text(
        f'id = "{NAME}"\nname = "Example"\npack = "{NAME}"\n'
    )
    for name in actions:
        action = plugins.actions[name]
        tool = {
            "name": name,
            "description": action.description,
            "action": name,
            "input_schema": action.schema,
        }
        (pack / "tools" / f"{name}.json").write_bytes(msgspec.json.encode(tool))
    return str(pack)
