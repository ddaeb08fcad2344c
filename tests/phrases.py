"""The phrases under tests/data/phrases."""

import tomllib
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent / "data" / "phrases"


def read(name: str) -> dict[str, Any]:
    return tomllib.loads((FOLDER / f"{name}.toml").read_text(encoding="utf-8"))
