"""Where in a plugin's own code something went wrong, for its author."""

import os
import sysconfig
import traceback
from collections.abc import Iterable, Iterator
from inspect import unwrap
from pathlib import Path
from typing import Any

import pluggy

_OURS = str(Path(__file__).parent)
_LIBRARIES = tuple(
    {_OURS, str(Path(pluggy.__file__).parent), *map(sysconfig.get_path, ("stdlib", "purelib"))}
)


def of_function(function: Any) -> str:
    """File and line of a function, method or what wraps one; empty when it is none."""
    while hasattr(function, "func"):  # a partial
        function = function.func
    code = getattr(unwrap(function), "__code__", None) if callable(function) else None
    return f"{code.co_filename}:{code.co_firstlineno}" if code else ""


def homes_of(module: object, functions: Iterable[Any] = ()) -> tuple[str, ...]:
    """The files and folders that are a plugin's own: those of its module and of its hooks."""
    file = getattr(module, "__file__", None)
    found = [str(Path(file).parent) if Path(file).name == "__init__.py" else file] if file else []
    return tuple(dict.fromkeys([*found, *(of_function(f).rpartition(":")[0] for f in functions)]))


def start_of(module: object) -> str:
    """Where a plugin begins, when nothing better is known."""
    file = getattr(module, "__file__", None)
    return f"{file}:1" if file else ""


def of_error(error: BaseException, homes: Iterable[str], otherwise: str = "") -> str:
    """The innermost line of the plugin's own code that an error came through; else one that is no
    library's; else `otherwise`, such as the function that was called."""
    if place := getattr(error, "place", ""):
        return str(place)
    if isinstance(error, SyntaxError) and error.filename:
        return f"{error.filename}:{error.lineno or 1}"
    frames = [frame for one in _chain(error) for frame in reversed(_frames(one))]
    homes = tuple(home for home in homes if home)
    own = [f for f in frames if _is_in(f.filename, homes)]
    others = [
        f for f in frames if not _is_in(f.filename, _LIBRARIES) and "importlib" not in f.filename
    ]
    for frame in [*own, *others]:
        return f"{frame.filename}:{frame.lineno or 1}"
    return otherwise


def short(place: str) -> str:
    """What anybody may read: no folders but the package's own."""
    file, _, line = place.rpartition(":")
    if not file:
        return ""
    path = Path(file)
    name = f"{path.parent.name}/{path.name}" if path.name == "__init__.py" else path.name
    return f"{name}:{line}"


def _chain(error: BaseException) -> Iterator[BaseException]:
    """An error, and those that it came from."""
    seen: set[int] = set()
    found: BaseException | None = error
    while found is not None and id(found) not in seen:
        seen.add(id(found))
        yield found
        found = found.__cause__


def _frames(error: BaseException) -> list[traceback.FrameSummary]:
    found = traceback.StackSummary.extract(
        traceback.walk_tb(error.__traceback__), lookup_lines=False
    )
    return [frame for frame in found if not frame.filename.startswith("<")]


def _is_in(file: str, homes: tuple[str, ...]) -> bool:
    return any(file == home or file.startswith(home.rstrip(os.sep) + os.sep) for home in homes)
