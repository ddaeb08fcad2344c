"""Folders to start from: files of `starters`, filled in."""

import re
from collections.abc import Mapping
from importlib.metadata import entry_points
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from string import Template

from frontdesk_server.commands.options import Failure, WrongUse

NAME = re.compile(r"[a-z][a-z0-9_]{0,62}")


class _Filled(Template):
    """`~name` instead of `$name`: JSON Schemas and regular expressions are full of dollars."""

    delimiter = "~"


def check_name(name: str, what: str, group: str) -> None:
    """Raises WrongUse for a name that cannot be, Failure for one that is taken."""
    if not NAME.fullmatch(name):
        better = re.sub(r"[^a-z0-9]+", "_", name.lower()).strip("_")
        better = re.sub(r"^[0-9_]+", "", better)[:63]
        hint = f" Try {better!r}." if NAME.fullmatch(better) else ""
        raise WrongUse(
            f"{name!r} cannot be the name of a {what}: small letters, digits and _, a letter first, "
            f"63 at most.{hint}"
        )
    taken = next(iter(entry_points(group=group, name=name)), None)
    if taken is not None:
        source = taken.dist.name if taken.dist else "another distribution"
        raise Failure(f"There is a {what} {name!r} already, of {source}: choose another name.")


def write(starter: str, target: Path, values: Mapping[str, str], names: Mapping[str, str]) -> int:
    """Write the files of a starter; how many. `names` are the paths that are called otherwise.

    Nothing is ever overwritten: raises Failure when there is something at `target`.
    """
    if target.is_file() or (target.is_dir() and any(target.iterdir())):
        raise Failure(
            f"{target} is there already, and nothing is overwritten: choose another place."
        )
    root = files("frontdesk_server").joinpath("starters", starter)
    found = dict(_walk(root, ""))
    try:
        for path, text in found.items():
            file = target / names.get(path, path)
            file.parent.mkdir(parents=True, exist_ok=True)
            with file.open("x", encoding="utf-8", newline="\n") as new:
                new.write(_Filled(text).substitute(values))
    except OSError as error:
        raise Failure(f"cannot write {error.filename}: {error.strerror}") from error
    return len(found)


def _walk(folder: Traversable, prefix: str) -> list[tuple[str, str]]:
    """(path below the starter, text), in order."""
    found: list[tuple[str, str]] = []
    for entry in sorted(folder.iterdir(), key=lambda entry: entry.name):
        if entry.is_dir():
            found += _walk(entry, f"{prefix}{entry.name}/")
        else:
            found.append((prefix + entry.name, entry.read_text(encoding="utf-8")))
    return found
