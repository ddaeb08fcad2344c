"""What plugins hand over, looked at before it is used."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from inspect import iscoroutinefunction, isfunction, signature
from typing import Any, TypeVar

import msgspec
import pluggy

from frontdesk import hookspecs, places
from frontdesk.actions import Action
from frontdesk.errors import PluginError
from frontdesk.expected import hint, near
from frontdesk.tools import NAME, Checker

T = TypeVar("T")


def exited(error: SystemExit) -> PluginError:
    """A plugin that calls `sys.exit` has failed; it does not end the process of all others."""
    return PluginError(f"SystemExit: {error.code}: a plugin must not end the process")


# ---- its hooks -------------------------------------------------------------------------------


def hooks_of(manager: pluggy.PluginManager, module: object) -> dict[str, Any]:
    """The functions that are marked, by the names of their hooks. Raises PluginError."""
    found: dict[str, Any] = {}
    for attribute in dir(module):
        options = manager.parse_hookimpl_opts(module, attribute)
        if options is not None:
            name = options.get("specname") or attribute
            found[name] = getattr(module, attribute)
            _check_hook(name, found[name])
    return found


def unmarked(module: object) -> str:
    """A function that has the name of a hook, when there is one."""
    names = (name for name in dir(hookspecs) if _is_hook(name))
    return next((name for name in names if callable(getattr(module, name, None))), "")


def _is_hook(name: str) -> bool:
    return hasattr(getattr(hookspecs, name), "frontdesk_spec")


def _check_hook(name: str, function: Any) -> None:
    place = places.of_function(function)
    known = [each for each in dir(hookspecs) if _is_hook(each)]
    if name not in known:
        meant = near(name, known)
        said = f"did you mean {meant}?" if meant else f"known: {', '.join(known)}"
        raise PluginError(f"unknown hook {name!r}: {said}", place=place)
    spec = getattr(hookspecs, name)
    takes = list(signature(spec).parameters)
    given = signature(function).parameters
    for parameter, how in given.items():
        is_needed = how.default is how.empty and how.kind not in {
            how.VAR_POSITIONAL,
            how.VAR_KEYWORD,
        }
        if is_needed and parameter not in takes:
            may = f"it may take: {', '.join(takes)}" if takes else "it takes none"
            raise PluginError(
                f"the hook {name} has no parameter {parameter!r}; {may}{hint(parameter, takes)}",
                place=place,
            )
    if iscoroutinefunction(function):
        cure = "it must return its value, and what waits is a method of the object that it returns"
        if str(spec.__annotations__.get("return", "")).startswith("Awaitable"):
            cure = "write `def`, and return the coroutine: `return contacts.move(...)`"
        raise PluginError(f"the hook {name} is async: {cure}", place=place)


# ---- what they return ------------------------------------------------------------------------


def _kind(value: object) -> str:
    return "None" if value is None else type(value).__name__


def checked(value: Any, of: type[T], hook: str) -> T:
    if not isinstance(value, of):
        raise PluginError(f"{hook} must return {of.__name__}, not {_kind(value)}")
    return value


def listed(value: Any, hook: str, of: str) -> Iterator[Any]:
    is_list = isinstance(value, Iterable) and not isinstance(value, str | bytes | Mapping)
    given: Any = value  # pyright: ignore[reportUnknownVariableType]
    if not is_list:
        raise PluginError(f"{hook} must return a list of {of}, not {_kind(given)}")
    return iter(given)


def check_action(action: Action) -> None:
    name: Any = action.name
    if not (isinstance(name, str) and NAME.fullmatch(name)):
        raise PluginError(f"the action name {name!r} must be lower case letters, digits and _")
    words: Any = action.description
    if not (isinstance(words, str) and words.strip()):
        raise PluginError(f"the action {name!r} needs a description: models go by it")
    of: Any = action.params
    is_struct = isinstance(of, type) and issubclass(of, msgspec.Struct)
    if not (is_struct or isinstance(of, dict)):
        what = f"the type {of.__name__}" if isinstance(of, type) else repr(of)
        raise PluginError(
            f"params of the action {name!r} must be a msgspec.Struct type, or a JSON Schema such as "
            f'{{"type": "object", "properties": {{}}}}, not {what}'
        )
    for key in ("run", "propose", "withdraw"):
        code: Any = getattr(action, key)
        is_plain = isfunction(code) and not iscoroutinefunction(code)
        if is_plain or not (callable(code) or (code is None and key != "run")):
            raise PluginError(
                f"{key} of the action {name!r} must be an async function",
                place=places.of_function(code),
            )
    try:
        Checker(action.schema)
    except ValueError as error:
        raise PluginError(f"params of the action {name!r}: {error}") from error


def taken(things: dict[str, T], names: Iterable[str]) -> dict[str, T]:
    """Those of these names, taken out of `things`."""
    return {name: things.pop(name) for name in names if name in things}


def refuse_taken(what: str, new: Iterable[str], old: Collection[str], owner: str = "") -> None:
    for name in new:
        if name in old:
            by = f" by the plugin {owner!r}" if owner else " already"
            raise PluginError(f"the {what} {name!r} is taken{by}")


def named(what: str, things: Any, old: Collection[str], *needs: str) -> dict[str, Any]:
    """Models or channels by name."""
    new: dict[str, Any] = {}
    for thing in listed(things, f"register_{what}s", f"{what}s"):
        lacks = [name for name in ("name", *needs) if not hasattr(thing, name)]
        if lacks or not isinstance(thing.name, str):
            raise PluginError(
                f"register_{what}s returned {_kind(thing)}, which is no {what}: "
                f"it lacks {', '.join(lacks) or 'a name'}"
            )
        if thing.name in new:
            raise PluginError(f"the {what} {thing.name!r} is there twice")
        refuse_taken(what, [thing.name], old)
        new[thing.name] = thing
    return new
