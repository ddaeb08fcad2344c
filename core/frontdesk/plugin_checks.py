"""What plugins hand over, looked at before it is used."""

import traceback
from collections.abc import Iterable
from inspect import iscoroutinefunction, isfunction
from pathlib import Path
from typing import Any, TypeVar

import pluggy

from frontdesk.actions import Action
from frontdesk.errors import PluginError

T = TypeVar("T")


def place(error: BaseException, module: object) -> str:
    """Where the plugin's own code raised it; else where the plugin begins."""
    if isinstance(error, SyntaxError) and error.filename:
        return f"{error.filename}:{error.lineno or 1}"
    ours = str(Path(__file__).parent)
    for frame in reversed(traceback.extract_tb(error.__traceback__)):
        is_library = frame.filename.startswith((ours, "<")) or "importlib" in frame.filename
        if not is_library and Path(pluggy.__file__).parent not in Path(frame.filename).parents:
            return f"{frame.filename}:{frame.lineno}"
    file = getattr(module, "__file__", None)
    return f"{file}:1" if file else ""


def checked(value: Any, of: type[T], hook: str) -> T:
    if not isinstance(value, of):
        raise PluginError(f"{hook} must return {of.__name__}, not {type(value).__name__}")
    return value


def check_words_and_code(action: Action) -> None:
    words: Any = action.description
    if not (isinstance(words, str) and words.strip()):
        raise PluginError(f"the action {action.name!r} needs a description: models go by it")
    for key in ("run", "propose", "withdraw"):
        code: Any = getattr(action, key)
        is_plain = isfunction(code) and not iscoroutinefunction(code)
        if is_plain or not (callable(code) or (code is None and key != "run")):
            raise PluginError(f"{key} of the action {action.name!r} must be an async function")


def taken(things: dict[str, T], names: Iterable[str]) -> dict[str, T]:
    """Those of these names, taken out of `things`."""
    return {name: things.pop(name) for name in names if name in things}


def refuse_taken(what: str, new: dict[str, Any], old: dict[str, Any]) -> None:
    for name in new:
        if name in old:
            raise PluginError(f"the {what} {name!r} is taken already")


def named(what: str, things: Iterable[Any], old: dict[str, Any], *needs: str) -> dict[str, Any]:
    """Models or channels by name."""
    new: dict[str, Any] = {}
    for thing in things:
        lacks = [name for name in ("name", *needs) if not hasattr(thing, name)]
        if lacks or not isinstance(thing.name, str):
            raise PluginError(
                f"register_{what}s returned {type(thing).__name__}, which is no {what}: "
                f"it lacks {', '.join(lacks) or 'a name'}"
            )
        refuse_taken(what, {thing.name: thing}, old | new)
        new[thing.name] = thing
    return new


def refuse_async(manager: pluggy.PluginManager, module: object) -> None:
    for caller in manager.get_hookcallers(module) or []:
        for implementation in caller.get_hookimpls():
            if implementation.plugin is module and iscoroutinefunction(implementation.function):
                raise PluginError(
                    f"the hook {caller.name} is async: it must return its value, and what waits is "
                    "a method of the object that it returns"
                )
