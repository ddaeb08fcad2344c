"""What a business can use: its pack checked against the plugins, and its tools."""

import re
import tomllib
from collections import OrderedDict
from collections.abc import Mapping
from typing import Any, cast

import msgspec

from frontdesk import business as business_module
from frontdesk import claims, triggers
from frontdesk.actions import Action, Claim
from frontdesk.business import Business
from frontdesk.errors import ConfigError
from frontdesk.expected import hint
from frontdesk.locate import error_line, json_line, toml_line
from frontdesk.misfits import convert_all
from frontdesk.packs import Pack
from frontdesk.plugins import Plugins
from frontdesk.prompt import personalities
from frontdesk.template_checks import template_problems
from frontdesk.tools import NAME, PROPERTY, Checker, Tool
from frontdesk.triggers import Trigger

Problems = list[tuple[str, str]]
"""(dotted key, what is wrong with it and how to put it right)."""


def read_business(text: str, source: str, sections: Mapping[str, type[msgspec.Struct]]) -> Business:
    """A business from TOML. Raises ConfigError with every problem, each with file and line."""
    try:
        business, problems = business_of(tomllib.loads(text), sections)
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(f"{source}:{error_line(error, text)}: not valid TOML: {error}") from error
    if problems or business is None:
        lines = [f"{source}:{toml_line(text, key)}: {key}: {said}" for key, said in problems]
        raise ConfigError("\n".join(lines))
    return business


def business_of(
    tree: dict[str, Any], sections: Mapping[str, type[msgspec.Struct]]
) -> tuple[Business | None, Problems]:
    """A business from what its file holds, and everything that is wrong with it."""
    business, problems = convert_all(tree, Business)
    if business is not None:
        problems += business_module.problems(business)
    settings: Any = tree.get("settings")
    parts = cast("dict[str, Any]", settings).items() if isinstance(settings, dict) else ()
    for name, section in parts:
        if isinstance(section, dict):
            found = cast("dict[str, Any]", section)
            problems += _section_problems(f"settings.{name}", found, sections.get(name), sections)
    return business, problems


def _section_problems(
    at: str,
    section: dict[str, Any],
    of: type[msgspec.Struct] | None,
    known: Mapping[str, type[msgspec.Struct]],
) -> Problems:
    if of is None:
        name = at.partition(".")[2]
        said = f"no plugin has it; known: {', '.join(sorted(known)) or 'none'}{hint(name, known)}"
        return [(at, said)]
    found: Problems = []
    for key, message in convert_all(section, of)[1]:
        first, _, rest = message.partition(": ")
        if key:
            found.append((f"{at}.{key}", message))
        elif first.isidentifier():  # a rule of the Struct's own, about that key
            found.append((f"{at}.{first}{_entry(section.get(first), rest)}", rest))
        else:
            found.append((at, message))
    return found


def _entry(entries: Any, message: str) -> str:
    """ ".3" for the entry of an array that a rule about the whole array speaks of; nothing when that is
    not clear. It names the entry's id or something in it, or says that two have the same id."""
    if not isinstance(entries, list):
        return ""
    items = cast("list[Any]", entries)  # type: ignore[redundant-cast]
    ids = [cast("Any", item).get("id") for item in items if isinstance(item, dict)]
    if "the same id" in message and len(ids) == len(items):
        return next((f".{n}" for n, one in enumerate(ids) if one in ids[:n]), "")
    for word in re.findall("'([^']+)'", message):
        holding = [n for n, item in enumerate(items) if word in _texts(item)]
        if found := [n for n, one in enumerate(ids) if one == word] or holding:
            return f".{found[-1 if message.startswith('two ') else 0]}"
    return ""


def _texts(node: Any) -> list[str]:
    """All texts in a tree."""
    inner: Any = node.values() if isinstance(node, dict) else node  # pyright: ignore[reportUnknownVariableType]
    if isinstance(node, dict | list):
        return [text for one in inner for text in _texts(one)]
    return [str(node)]


_checked: OrderedDict[int, tuple[Pack, Any, list[str]]] = OrderedDict()
MOST_CHECKED = 256


def check_pack(pack: Pack, plugins: Plugins) -> list[str]:
    """Everything that is wrong with a pack, beyond what reading it found. The same pack is not checked
    twice beside the same plugins."""
    beside = (
        sorted((name, _signature(action)) for name, action in plugins.actions.items()),
        sorted((name, id(of)) for name, of in plugins.business_settings.items()),
        plugins.absent,
    )
    known = _checked.get(id(pack))
    if known is None or known[0] is not pack or known[1] != beside:
        known = _checked[id(pack)] = (pack, beside, _check(pack, plugins))
        while len(_checked) > MOST_CHECKED:
            _checked.popitem(last=False)
    return list(known[2])


def _signature(action: Action) -> str:
    of = action.params
    return msgspec.json.encode(of).decode() if isinstance(of, dict) else str(id(of))


def _switched_off(plugins: Plugins) -> str:
    """Those that are not loaded have not said what they provide."""
    names = sorted(n for n in plugins.absent if plugins.found[n].status == "disabled")
    return (
        f" ({', '.join(names)} {'is' if len(names) == 1 else 'are'} switched off)" if names else ""
    )


def _check(pack: Pack, plugins: Plugins) -> list[str]:
    problems = list(pack.problems)
    if pack.manifest is not None:
        cure = f"install or enable the plugin that does{_switched_off(plugins)}"
        said = "requires {0!r}, which no enabled plugin provides: " + cure
        found: Problems = [
            (f"requires.{n}", said.format(action) + hint(action, plugins.actions))
            for n, action in enumerate(pack.manifest.requires)
            if action not in plugins.actions
        ]
        voices = personalities(pack)
        found += [
            (f"personalities.{n}", f"there is no personality {voice!r}{hint(voice, voices)}")
            for n, voice in enumerate(pack.manifest.personalities)
            if voice not in voices
        ]
        text = pack.texts["pack.toml"]
        problems += [
            f"{pack.shown}/pack.toml:{toml_line(text, key)}: {said}" for key, said in found
        ]
    for name, tool in pack.tools.items():
        file = f"tools/{name}.json"
        text = pack.texts.get(file, "")
        problems += [
            f"{pack.shown}/{file}:{json_line(text, pointer)}: {message}"
            for pointer, message in _tool_problems(tool, plugins)
        ]
    return problems + _example_problems(pack, plugins) + template_problems(pack)


def check_custom_tools(business: Business, plugins: Plugins) -> None:
    """Raises ConfigError with everything that is wrong with a business's own tools."""
    problems = [
        f"custom_tools.{n}{pointer.replace('/', '.')}: {message}"
        for n, file in enumerate(business.custom_tools)
        for pointer, message in _tool_problems(file.tool, plugins)
    ]
    problems += [
        f"custom_tools.{n}.name: {file.name!r} must be lower case letters, digits and _"
        for n, file in enumerate(business.custom_tools)
        if not NAME.fullmatch(file.name)
    ]
    if problems:
        raise ConfigError("\n".join(problems))


def _tool_problems(tool: Tool, plugins: Plugins) -> list[tuple[str, str]]:
    """(JSON Pointer into the tool's file, what is wrong and how to put it right)."""
    schema = tool.input_schema
    properties: dict[str, Any] = schema.get("properties", {})
    problems: list[tuple[str, str]] = []
    try:
        Checker(schema)
    except ValueError as error:
        first, *_ = str(error).splitlines()
        return [("/input_schema", f"not a valid JSON Schema 2020-12: {first}")]
    if schema.get("type") != "object":
        problems.append(("/input_schema", 'the root must have "type": "object"'))
    if schema.get("additionalProperties") is not False:
        message = '"additionalProperties": false is missing: misspelt arguments would pass'
        problems.append(("/input_schema", message))
    problems += [
        (f"/input_schema/properties/{key}", "only letters, digits, _ . - and 64 at most in a key")
        for key in properties
        if not PROPERTY.fullmatch(key)
    ]
    problems += [
        ("/input_schema/required", f"{key!r} is required, but no property: it could never be given")
        for key in schema.get("required", ())
        if key not in properties and schema.get("additionalProperties") is False
    ]
    action = plugins.actions.get(tool.action)
    if action is None:
        message = f"no enabled plugin provides the action {tool.action!r}: install or enable one"
        message += hint(tool.action, plugins.actions)
        return [*problems, ("/action", message)]
    required = set(schema.get("required", ())) | set(tool.bind)
    problems += [
        (
            "/input_schema/required",
            f"the action {action.name!r} requires {key!r}: require or bind it",
        )
        for key in action.schema.get("required", ())
        if key not in required
    ]
    for key in tool.bind:
        if key not in action.schema.get("properties", {}):
            problems.append((f"/bind/{key}", f"the action {action.name!r} has no such parameter"))
        elif key in properties:
            problems.append((f"/bind/{key}", "it is bound, so it must not be a property too"))
        else:
            problems += [(f"/bind/{key}", said) for said in _misfit(action, key, tool.bind[key])]
    return problems


def _misfit(action: Action, key: str, value: Any) -> list[str]:
    """Why a bound value is not one that the action takes."""
    schema = {"properties": {key: action.schema["properties"][key]}}
    checker = Checker(schema | {"$defs": action.schema.get("$defs", {})})
    return [problem.removeprefix(f"/{key}: ") for problem in checker.problems({key: value})]


def _example_problems(pack: Pack, plugins: Plugins) -> list[str]:
    file = f"{pack.shown}/business.example.toml"
    if not pack.example:
        return [f"{file}:1: it is missing; demo and checks use it"]
    try:
        business = read_business(pack.example, file, plugins.business_settings)
    except ConfigError as error:
        return str(error).splitlines()
    found = [
        (key, f"it must be {pack.name!r}, as the pack: the demo shows no other")
        for key in ("id", "pack")
        if getattr(business, key) != pack.name
    ]
    if business.personality not in (voices := personalities(pack)):
        said = f"there is no {business.personality!r}; known: {', '.join(voices)}"
        said += hint(business.personality, voices)
        found.append(("personality", said))
    return [f"{file}:{toml_line(pack.example, key)}: {key}: {said}" for key, said in found]


class BoundTool(msgspec.Struct, frozen=True):
    """A tool with what carries it out."""

    tool: Tool
    action: Action
    checker: Checker
    action_checker: Checker
    own: frozenset[str] | None
    """The action's own parameters; other arguments are extra fields of the tool. None: all are."""


def tools_of(
    business: Business, pack: Pack | None, plugins: Plugins, expose: tuple[str, ...]
) -> dict[str, BoundTool]:
    """The tools that a business has now, by name. Sorted, so that prompts stay byte-stable."""
    tools = dict(pack.tools) if pack else {}
    tools |= {file.name: file.tool for file in business.custom_tools}
    for name in (*business.tools, *expose):
        action = plugins.actions.get(name)
        if action is not None and name not in tools:
            tools[name] = Tool(
                name=name,
                description=action.description,
                action=name,
                input_schema=action.schema,
                confirm=action.propose is not None,
            )
    bound: dict[str, BoundTool] = {}
    for name in sorted(tools):
        tool = tools[name]
        action = plugins.actions.get(tool.action)
        owner = plugins.action_owner.get(tool.action)
        if action is None or owner in business.plugins.disabled:
            continue
        schema = action.schema
        is_closed = schema.get("additionalProperties") is False
        own = frozenset(schema.get("properties", {})) if is_closed else None
        bound[name] = BoundTool(tool, action, Checker(tool.input_schema), Checker(schema), own)
    return bound


def claims_of(pack: Pack | None, tools: Mapping[str, BoundTool]) -> tuple[Claim, ...]:
    """Everyone's, those of the actions, those of the pack."""
    of_actions = [claim for bound in tools.values() for claim in bound.action.claims]
    files = pack.manifest.claims if pack and pack.manifest else ()
    of_pack = [Claim(file.kind, file.patterns) for file in files]
    return (*claims.default_claims(), *of_actions, *of_pack)


def triggers_of(pack: Pack | None) -> tuple[Trigger, ...]:
    """The pack's rules, and everyone's that it does not replace."""
    files = pack.manifest.triggers if pack and pack.manifest else ()
    return triggers.with_core(triggers.from_pack(files)[0])
