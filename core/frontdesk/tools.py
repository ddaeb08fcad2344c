"""A tool as data, and the one place where a model's arguments are checked."""

import re
from collections.abc import Mapping
from typing import Annotated, Any, cast

import jsonschema_rs
import msgspec
from msgspec import Meta

from frontdesk.formats import FORMAT_WORDS, FORMATS

NAME = re.compile(r"[a-z][a-z0-9_]{0,63}")
"""Narrower than the Messages API's own rule, so that every client of ours accepts the name."""
PROPERTY = re.compile(r"[a-zA-Z0-9_.\-]{1,64}")
"""The Messages API refuses other property keys in an input schema."""
MAX_PROBLEMS = 10


class Tool(msgspec.Struct, frozen=True, kw_only=True):
    """What a model may call: declared by a pack, or made from an action that a business exposes."""

    name: str
    description: str
    action: str
    input_schema: dict[str, Any]
    confirm: bool = False
    """The customer must agree before it is carried out."""
    examples: tuple[str, ...] = ()
    """What customers say when they want it."""
    bind: dict[str, Any] = {}
    """Arguments of the action that this tool fixes; the model neither sees nor sets them."""


class ToolFile(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """tools/NAME.json of a pack, or one of the `[[custom_tools]]` of a business."""

    name: str
    description: Annotated[str, Meta(min_length=1, max_length=2000)]
    action: str
    input_schema: dict[str, Any]
    confirm: bool = False
    examples: tuple[str, ...] = ()
    bind: dict[str, Any] = {}
    schema: Annotated[str, Meta(max_length=300)] = msgspec.field(default="", name="$schema")

    @property
    def tool(self) -> Tool:
        return Tool(
            name=self.name,
            description=self.description,
            action=self.action,
            input_schema=self.input_schema,
            confirm=self.confirm,
            examples=self.examples,
            bind=self.bind,
        )


class Checker:
    """A compiled JSON Schema (2020-12). References are never fetched; `known` holds those it may use."""

    def __init__(
        self,
        schema: dict[str, Any] | bool,
        *,
        formats: bool = True,
        known: Mapping[str, Any] | None = None,
    ) -> None:
        registry = (
            jsonschema_rs.Registry(list(known.items()), retriever=_never_fetch) if known else None
        )
        self._validator = jsonschema_rs.Draft202012Validator(
            schema,
            validate_formats=formats,
            formats=FORMATS,
            registry=registry,
            offline=True,
        )

    def problems(self, value: Any) -> list[str]:
        """Every reason why `value` does not fit, as "/pointer: rule", at most `MAX_PROBLEMS`."""
        if self._validator.is_valid(value):
            return []
        found = [_problem(error) for error in self._validator.iter_errors(value)]
        found = list(dict.fromkeys(found))
        more = len(found) - MAX_PROBLEMS
        return found[:MAX_PROBLEMS] + ([f"(and {more} more)"] if more > 0 else [])


def _never_fetch(uri: str) -> Any:
    raise ValueError(f"{uri} is not part of the schema, and references are never fetched")


def parameters(
    tool: Tool, arguments: dict[str, Any], own: frozenset[str] | None
) -> tuple[dict[str, Any], dict[str, Any]]:
    """Checked arguments as (what the action takes, extra fields of the pack's tool)."""
    if own is None:
        return arguments | tool.bind, {}
    taken = {key: value for key, value in arguments.items() if key in own} | tool.bind
    return taken, {key: value for key, value in arguments.items() if key not in own}


def _pointer(path: list[str | int]) -> str:
    """RFC 6901."""
    return "".join("/" + str(part).replace("~", "~0").replace("/", "~1") for part in path)


def _shown(value: Any) -> str:
    text = msgspec.json.encode(value).decode()
    return text if len(text) <= 200 else text[:200] + "..."


_FORMATS = {
    "date": "a date (YYYY-MM-DD, e.g. 2026-11-30)",
    "time": "a time with offset (RFC 3339, e.g. 19:00:00Z)",
    "date-time": "a date-time with offset (RFC 3339, e.g. 2026-11-30T10:00:00+01:00)",
    "email": "an e-mail address",
    "uri": "a URI",
    "uuid": "a UUID",
} | FORMAT_WORDS

_RULES = {
    "type": "must be of type {types}",
    "minimum": "must be at least {limit}",
    "maximum": "must be at most {limit}",
    "exclusiveMinimum": "must be more than {limit}",
    "exclusiveMaximum": "must be less than {limit}",
    "multipleOf": "must be a multiple of {multiple_of}",
    "minLength": "must have at least {limit} characters",
    "maxLength": "must have at most {limit} characters",
    "minItems": "must have at least {limit} items",
    "maxItems": "must have at most {limit} items",
    "minProperties": "must have at least {limit} properties",
    "maxProperties": "must have at most {limit} properties",
    "pattern": "must match the pattern {pattern}",
    "uniqueItems": "the items must differ from each other",
    "falseSchema": "is not allowed here",
    "contains": "must contain a fitting item",
    "not": "is one of the values that are excluded",
    "oneOf": "must fit exactly one of the alternatives",
    "anyOf": "must fit at least one of the alternatives",
}


def _problem(error: jsonschema_rs.ValidationError) -> str:
    """One line that a model can act on. Our own words: the library's shorten the lists of options."""
    at, kind = _pointer(error.instance_path), error.kind
    data = kind.as_dict()
    match kind.name:
        case "required":
            return f"{at}{_pointer([data['property']])}: required"
        case "additionalProperties" | "unevaluatedProperties":
            return f"{at or '/'}: unknown: {', '.join(map(str, data['unexpected']))}"
        case "enum":
            return f"{at or '/'}: must be one of: {', '.join(map(_shown, data['options']))}"
        case "const":
            return f"{at or '/'}: must be {_shown(data['expected_value'])}"
        case "format":
            return f"{at or '/'}: not {_FORMATS.get(data['format'], 'a valid ' + data['format'])}"
        case "anyOf" | "oneOf" if data.get("context"):
            branches = [
                _problem(branch[0]).split(": ", 1)[-1] for branch in data["context"] if branch
            ]
            return f"{at or '/'}: must fit one of: {'; '.join(dict.fromkeys(branches))}"
        case name:
            rule = _RULES.get(name, f"breaks the rule {name!r}")
            return f"{at or '/'}: {rule.format_map({k: _plain(v) for k, v in data.items()})}"


def _plain(value: Any) -> str:
    if isinstance(value, list):
        return ", ".join(map(str, cast("list[Any]", value)))  # type: ignore[redundant-cast]
    return str(value)
