"""Which tools may ask for arguments that are held to their schema while the model writes them.

The API accepts only a part of JSON Schema for that, and only so much of it per request; beyond
either it answers 400. What is not known to be accepted is sent without. The arguments are checked
here afterwards in any case.
"""

from collections.abc import Iterable
from typing import Any

from frontdesk import Tool

# The limits per request.
TOOLS = 20
OPTIONAL = 24
UNIONS = 16

_SCALARS = ("string", "integer", "number", "boolean", "null")
_FORMATS = (
    "date-time", "time", "date", "duration", "email", "hostname", "uri", "ipv4", "ipv6", "uuid",
)  # fmt: skip
_ANNOTATIONS = {"title", "description"}
_DEFS = "#/$defs/"

Schema = dict[str, Any]


class _NotStrictError(Exception):
    """The schema goes beyond what strict tools can have."""


class _Walk:
    """Goes through one schema and counts what the limits are about."""

    def __init__(self, root: Schema) -> None:
        self.optional = 0
        self.unions = 0
        self._defs: Schema = root.get("$defs", {})
        self._visit({key: value for key, value in root.items() if key != "$defs"}, ())

    def _visit(self, schema: Any, within: tuple[str, ...]) -> None:
        """`within` names the definitions that we are inside of: recursion is not accepted."""
        _demand(isinstance(schema, dict))
        part: Schema = schema
        keys = part.keys() - _ANNOTATIONS
        if "$ref" in keys:
            name = str(part["$ref"])
            _demand(keys == {"$ref"} and name.startswith(_DEFS) and name not in within)
            self._visit(self._defs.get(name.removeprefix(_DEFS)), (*within, name))
        elif keys in ({"anyOf"}, {"allOf"}):
            for alternative in part[keys.pop()]:
                self._visit(alternative, within)
        elif "enum" in keys or "const" in keys:
            _demand(keys <= {"type", "enum"} or keys <= {"type", "const"})
            values: list[Any] = part.get("enum", [part.get("const")])
            _demand(all(value is None or isinstance(value, str | int | float) for value in values))
        elif part.get("type") == "object":
            self._object(part, keys, within)
        elif part.get("type") == "array":
            _demand({"items"} <= keys <= {"type", "items", "minItems"})
            _demand(part.get("minItems", 0) in (0, 1))
            self._visit(part["items"], within)
        else:
            _demand(part.get("type") in _SCALARS and keys <= {"type", "format"})
            _demand("format" not in keys or part["format"] in _FORMATS)

    def _object(self, part: Schema, keys: set[str], within: tuple[str, ...]) -> None:
        _demand(keys <= {"type", "properties", "required", "additionalProperties"})
        _demand(part.get("additionalProperties") is False)
        properties: dict[str, Schema] = part.get("properties", {})
        self.optional += len(properties.keys() - set(part.get("required", ())))
        for inner in properties.values():
            self._visit(inner, within)
            self.unions += "anyOf" in inner


def _demand(fits: bool) -> None:
    if not fits:
        raise _NotStrictError


def strict_names(tools: Iterable[Tool]) -> set[str]:
    """The tools to mark, in the given order as far as the limits go."""
    names: set[str] = set()
    optional = unions = 0
    for tool in tools:
        try:
            walk = _Walk(tool.input_schema)
        except _NotStrictError:
            continue
        fits = optional + walk.optional <= OPTIONAL and unions + walk.unions <= UNIONS
        if fits and tool.input_schema.get("type") == "object" and len(names) < TOOLS:
            names.add(tool.name)
            optional += walk.optional
            unions += walk.unions
    return names
