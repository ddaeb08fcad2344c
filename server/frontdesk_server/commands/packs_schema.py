"""frontdesk packs schema: what editors complete and check by."""

import ast
import inspect
import textwrap
from itertools import pairwise
from typing import Any, Literal

import click
import msgspec

from frontdesk import Business
from frontdesk.packs import PackFile
from frontdesk.plugins import Plugins
from frontdesk.scenarios import Scenario
from frontdesk.tools import ToolFile
from frontdesk_server.commands.loaded import loaded
from frontdesk_server.commands.options import Options, shared
from frontdesk_server.commands.output import print_json

Kind = Literal["pack", "tool", "scenario", "business"]
KINDS: dict[Kind, type[msgspec.Struct]] = {
    "pack": PackFile,
    "tool": ToolFile,
    "scenario": Scenario,
    "business": Business,
}


@click.command(name="schema")
@shared
@click.argument("kind", type=click.Choice(list(KINDS)))
@click.pass_obj
def schema(options: Options, kind: Kind) -> None:
    """Print the JSON Schema of pack.toml, of a tool, a scenario or a business.

    Editors complete and check the files by it: see docs/pack-author.md. The schema of a business
    knows the sections [settings.NAME] of the installed plugins.
    """
    print_json(schema_of(kind, loaded(options)))


def schema_of(kind: Kind, plugins: Plugins) -> dict[str, Any]:
    root = KINDS[kind]
    sections = plugins.business_settings if kind == "business" else {}
    refs, parts = msgspec.json.schema_components(
        [root, *sections.values()], ref_template="#/$defs/{name}"
    )
    _describe([root, *sections.values()], parts)
    if sections:
        settings = parts[root.__name__]["properties"]["settings"]
        settings["properties"] = dict(zip(sections, refs[1:], strict=True))
        settings["additionalProperties"] = False
    parts = {name: _without_defaults(part) for name, part in parts.items()}
    dialect = "https://json-schema.org/draft/2020-12/schema"
    return {"$schema": dialect, **refs[0], "$defs": parts}


def _describe(roots: list[type[msgspec.Struct]], parts: dict[str, Any]) -> None:
    """The sentence below a field says what it is; msgspec knows only those of classes."""
    for struct in _structs(roots):
        part = parts.get(struct.__name__, {}).get("properties", {})
        names = {field.name: field.encode_name for field in msgspec.structs.fields(struct)}
        for name, text in _sentences(struct).items():
            field = part.get(names.get(name, name))
            if field is not None:
                field["description"] = text


def _structs(roots: list[type[msgspec.Struct]]) -> list[type[msgspec.Struct]]:
    """All that these are made of."""
    found: dict[type[msgspec.Struct], None] = {}

    def visit(kind: Any) -> None:
        if kind is None:
            return
        if isinstance(kind, msgspec.inspect.StructType):
            if kind.cls in found:
                return
            found[kind.cls] = None
            for field in kind.fields:
                visit(field.type)
        for name in ("item_type", "value_type"):
            visit(getattr(kind, name, None))
        for one in (*getattr(kind, "types", ()), *getattr(kind, "item_types", ())):
            visit(one)

    for kind in msgspec.inspect.multi_type_info(roots):
        visit(kind)
    return list(found)


def _sentences(struct: type[msgspec.Struct]) -> dict[str, str]:
    """By field: the text that stands below it in the source; none where there is no source."""
    try:
        tree = ast.parse(textwrap.dedent(inspect.getsource(struct)))
    except (OSError, TypeError, SyntaxError):
        return {}
    body = tree.body[0].body if isinstance(tree.body[0], ast.ClassDef) else []
    found: dict[str, str] = {}
    for field, after in pairwise(body):
        match field, after:
            case (
                ast.AnnAssign(target=ast.Name(id=name)),
                ast.Expr(value=ast.Constant(value=str(text))),
            ):
                found[name] = " ".join(text.split())
            case _:
                pass
    return found


def _without_defaults(node: Any) -> Any:
    """Defaults that are Structs, or nothing, only make editors insert rubbish."""
    if isinstance(node, list):
        return [_without_defaults(item) for item in node]  # pyright: ignore[reportUnknownVariableType]
    if not isinstance(node, dict):
        return node
    tree: dict[str, Any] = node  # pyright: ignore[reportUnknownVariableType]
    return {
        key: _without_defaults(value)
        for key, value in tree.items()
        if not (key == "default" and (value is None or isinstance(value, dict | list)))
    }
