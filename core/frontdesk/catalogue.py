"""What a business can use: its pack checked against the plugins, and its tools."""

import tomllib
import traceback
from collections import OrderedDict
from collections.abc import Mapping
from typing import Any

import jinja2
import msgspec
from jinja2 import nodes

from frontdesk import business as business_module
from frontdesk import claims, triggers
from frontdesk.actions import Action, Claim
from frontdesk.business import Business
from frontdesk.errors import ConfigError
from frontdesk.locate import convert_all, error_line, json_line, toml_line
from frontdesk.packs import PERSONALITIES, Pack
from frontdesk.plugins import Plugins
from frontdesk.prompt import core_templates, environment, personalities, system_prompt
from frontdesk.tools import NAME, PROPERTY, Checker, Tool
from frontdesk.triggers import Trigger


def read_business(text: str, source: str, sections: Mapping[str, type[msgspec.Struct]]) -> Business:
    """A business from TOML. Raises ConfigError with every problem, each with file and line."""
    try:
        business, problems = convert_all(tomllib.loads(text), Business)
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(f"{source}:{error_line(error, text)}: not valid TOML: {error}") from error
    if business is not None:
        problems += business_module.problems(business)
        for name, section in business.settings.items():
            problems += _section_problems(f"settings.{name}", section, sections.get(name), sections)
    if problems or business is None:
        lines = [f"{source}:{toml_line(text, key)}: {key}: {said}" for key, said in problems]
        raise ConfigError("\n".join(lines))
    return business


def _section_problems(
    at: str,
    section: dict[str, Any],
    of: type[msgspec.Struct] | None,
    known: Mapping[str, type[msgspec.Struct]],
) -> list[tuple[str, str]]:
    if of is None:
        return [(at, f"no plugin has it; known: {', '.join(sorted(known)) or 'none'}")]
    found: list[tuple[str, str]] = []
    for key, message in convert_all(section, of)[1]:
        first, _, rest = message.partition(": ")
        if key:
            found.append((f"{at}.{key}", message))
        elif first.isidentifier():  # a rule of the Struct's own, about that key
            found.append((f"{at}.{first}", rest))
        else:
            found.append((at, message))
    return found


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
        at = toml_line(pack.texts["pack.toml"], "requires")
        problems += [
            f"{pack.shown}/pack.toml:{at}: requires {action!r}, which no enabled plugin provides: "
            f"install or enable the plugin that does{_switched_off(plugins)}"
            for action in pack.manifest.requires
            if action not in plugins.actions
        ]
        at = toml_line(pack.texts["pack.toml"], "personalities")
        known = core_templates() | pack.templates
        problems += [
            f"{pack.shown}/pack.toml:{at}: there is no personality {personality!r}"
            for personality in pack.manifest.personalities
            if f"personalities/{personality}.md.j2" not in known
        ]
    for name, tool in pack.tools.items():
        file = f"tools/{name}.json"
        text = pack.texts.get(file, "")
        problems += [
            f"{pack.shown}/{file}:{json_line(text, pointer)}: {message}"
            for pointer, message in _tool_problems(tool, plugins)
        ]
    return problems + _example_problems(pack, plugins) + _template_problems(pack)


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
        found.append(("personality", said))
    return [f"{file}:{toml_line(pack.example, key)}: {key}: {said}" for key, said in found]


def _template_problems(pack: Pack) -> list[str]:
    """What is wrong with the templates, alone and rendered together for each channel and voice."""
    problems: list[str] = []
    env = environment(pack)
    for name in pack.templates:
        try:
            env.get_template(name)
            problems += _lost_texts(pack, name)
        except Exception as error:
            problems.append(_template_problem(pack, name, error))
    voices = pack.manifest.personalities if pack.manifest else PERSONALITIES
    for voice in voices:
        business = Business(id="example", name="Example", personality=voice)
        for channel in ("web", "sms"):
            try:
                system_prompt(business, pack, channel, markdown=channel == "web")
            except Exception as error:  # templates can raise whatever an expression can
                problems.append(_template_problem(pack, "system.md.j2", error))
    return list(dict.fromkeys(problems))


def _lost_texts(pack: Pack, name: str) -> list[str]:
    """What Jinja drops in silence: blocks that the base does not have, and text beside them."""
    templates = core_templates() | pack.templates
    env = jinja2.Environment(autoescape=False)  # noqa: S701  only to parse
    tree = env.parse(templates[name])
    parent = next(iter(tree.find_all(nodes.Extends)), None)
    if parent is None:
        return []
    known: set[str] = set()
    above: nodes.Extends | None = parent
    while above is not None and isinstance(above.template, nodes.Const):
        if above.template.value not in templates:
            return []  # it is told where the template is rendered
        base = env.parse(templates[above.template.value])
        known |= {block.name for block in base.find_all(nodes.Block)}
        above = next(iter(base.find_all(nodes.Extends)), None)
    place = f"{pack.shown}/prompts/{name}"
    lost = [
        f"{place}:{block.lineno}: there is no block {block.name!r} to fill; "
        f"known: {', '.join(sorted(known))}"
        for block in tree.find_all(nodes.Block)
        if block.name not in known
    ]
    beside = [node for node in tree.body if isinstance(node, nodes.Output)]
    lost += [
        f"{place}:{part.lineno}: text outside of a block is dropped: put it into one"
        for node in beside
        for part in node.nodes
        if not isinstance(part, nodes.TemplateData) or part.data.strip()
    ]
    return lost


def _template_problem(pack: Pack, name: str, error: Exception) -> str:
    """The innermost line of the pack's templates that an error came from."""
    line, message = 1, f"{type(error).__name__}: {error}"
    if isinstance(error, jinja2.TemplateSyntaxError):
        name, line, message = error.name or name, error.lineno, error.message or message
    else:
        for frame in traceback.extract_tb(error.__traceback__):
            if frame.filename in pack.templates:
                name, line = frame.filename, frame.lineno or 1
    if isinstance(error, jinja2.TemplateNotFound):
        message = f"there is no template {error.name!r}"
    folder = "" if name.startswith("personalities/") else "prompts/"
    return f"{pack.shown}/{folder}{name}:{line}: {message}"


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
