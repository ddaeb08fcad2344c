"""Plugins as they are installed: in which order they are loaded, and how a broken one is mended."""

import importlib.metadata
import importlib.util
from importlib.metadata import Distribution, EntryPoint
from typing import Any

import msgspec

GROUP = "frontdesk"
OURS = "frontdesk"
"""The distribution of the built-in plugins."""


def entries(group: str = GROUP) -> list[EntryPoint]:
    """Those of Frontdesk's own distribution first, then the others; each by name, so that the order is
    stable and nobody takes what a built-in brings."""
    return sorted(importlib.metadata.entry_points(group=group), key=_order)


def _order(entry: EntryPoint) -> tuple[bool, str, str]:
    distribution = entry.dist.name if entry.dist else ""
    return distribution != OURS, entry.name, distribution


def home_of(entry: EntryPoint) -> tuple[str, ...]:
    """The files and folders of a plugin that may fail to be imported."""
    try:
        spec = importlib.util.find_spec(entry.module.partition(".")[0])
    except (ImportError, ValueError):
        return ()
    if spec is None:
        return ()
    return tuple(spec.submodule_search_locations or ([spec.origin] if spec.origin else []))


def is_at_hand(distribution: Distribution) -> bool:
    """Whether it was installed from a folder, so that whoever reads this can correct it."""
    try:
        text = distribution.read_text("direct_url.json")
        found: Any = msgspec.json.decode(text) if text else {}
    except (OSError, msgspec.DecodeError):
        return False
    return isinstance(found, dict) and "dir_info" in found


def cure(
    name: str, distribution: str, place: str, error: BaseException | None, *, at_hand: bool
) -> str:
    """What to do about a plugin that is set aside."""
    off = f"`frontdesk plugins disable {name}`"
    if missing := _missing(error):
        also = f", and add it to the dependencies of {distribution}" if distribution else ""
        return f"pip install {missing}{also}; or switch it off: {off}"
    if place and (at_hand or not distribution):
        return f"Correct {place}, or switch it off: {off}"
    return f"Update or remove {distribution or name}, or {off}"


def of_taken_name(name: str, distribution: str) -> str:
    """The cure of a second plugin of the same name: switching off would hit the first."""
    return f"Give its entry point another name than {name!r}, or remove {distribution or 'it'}"


def _missing(error: BaseException | None) -> str:
    """The package that an import asked for in vain."""
    if isinstance(error, ModuleNotFoundError) and error.name:
        return error.name.partition(".")[0]
    return ""
