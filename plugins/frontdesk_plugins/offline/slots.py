"""The fields of a tool, as its JSON Schema describes them."""

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import Any, Literal, cast

import msgspec

from frontdesk.tools import Checker, Tool
from frontdesk_plugins.offline import words

Kind = Literal[
    "date", "time", "integer", "number", "enum", "boolean", "phone", "email", "name", "code",
    "pattern", "query", "item", "message", "text", "list", "unknown",
]  # fmt: skip
_TIMES = ("19:00", "19:00:00", "19:00:00Z")
"""The ways to write a time, in the order of preference."""
_PHONE = {"phone", "mobile", "telephone", "tel", "cell", "cellphone", "whatsapp", "callback"}
_CODE = {"reference", "ref", "code", "confirmation", "id", "number", "no", "ticket"}
_QUERY = {"query", "question", "search", "topic"}
_ITEMS = {"item", "product", "dish", "service", "article", "treatment", "line"}
_MESSAGES = {"message", "reason", "summary", "text"}
_THINGS = {
    "item",
    "product",
    "dish",
    "service",
    "company",
    "business",
    "file",
    "model",
    "pet",
    "event",
}
_PAST = {"birth", "dob", "birthday", "born", "since", "previous", "last", "incident", "accident",
         "purchase", "purchased", "started", "happened"}  # fmt: skip
_ORDINARY = ("table", "please", "the booking", "zoe smith", "hello", "4", "2026")


class Slot(msgspec.Struct, frozen=True, kw_only=True):
    name: str
    kind: Kind
    schema: dict[str, Any]
    required: bool
    label: str
    """Its title, or its name in words."""
    words: frozenset[str]
    options: tuple[Any, ...] = ()
    """The values of an enum, or of the items of a list."""
    form: str = ""
    """For a time: an example of how the schema wants it written."""
    past: bool = False
    """A date gone by is meant."""

    @property
    def is_people(self) -> bool:
        return self.kind == "integer" and bool(self.words & words.PEOPLE_FIELDS)

    def problems(self, value: Any) -> list[str]:
        return Checker(self.schema).problems(written(self, value))


def as_dict(value: Any) -> dict[str, Any]:
    return cast("dict[str, Any]", value) if isinstance(value, dict) else {}


def as_list(value: Any) -> list[Any]:
    return list(cast("Iterable[Any]", value)) if isinstance(value, list) else []


def words_of(name: str) -> list[str]:
    """ "partySize" and "party_size" as words."""
    return (
        re.sub(r"(?<=[a-z0-9])(?=[A-Z])", " ", name)
        .replace("_", " ")
        .replace("-", " ")
        .lower()
        .split()
    )


def slots_of(tool: Tool) -> tuple[Slot, ...]:
    """What the tool needs in the order of `required`, then what it can take."""
    return _slots_of(msgspec.json.encode(tool.input_schema))


@lru_cache(maxsize=256)
def _slots_of(encoded: bytes) -> tuple[Slot, ...]:
    schema = as_dict(msgspec.json.decode(encoded))
    properties = as_dict(schema.get("properties"))
    required = [str(name) for name in as_list(schema.get("required"))]
    order = [name for name in required if name in properties]
    order += [name for name in properties if name not in required]
    return tuple(_slot(name, properties[name], schema, name in required) for name in order)


def _slot(name: str, declared: Any, root: dict[str, Any], required: bool) -> Slot:
    schema = _resolved(as_dict(declared), root)
    own = words_of(name)
    label = str(schema.get("title") or " ".join(own))
    kind, form = _kind(own, schema)
    options = as_list(schema.get("enum"))
    if kind == "list":
        options = as_list(_resolved(as_dict(schema.get("items")), root).get("enum"))
    known = set(own) | set(re.findall(r"[a-z]+", label.lower()))
    about = known | set(re.findall(r"[a-z]+", str(schema.get("description", "")).lower()))
    return Slot(
        name=name, kind=kind, schema=schema, required=required, label=label,
        words=frozenset(known - words.STOPWORDS | (known & words.PEOPLE_FIELDS)),
        options=tuple(options), form=form,
        past=kind == "date" and bool((about if "birth" in about else known) & _PAST),
    )  # fmt: skip


def _resolved(schema: dict[str, Any], root: dict[str, Any]) -> dict[str, Any]:
    """Local references followed, and of several alternatives the first that is not null."""
    for _ in range(10):
        target = schema.get("$ref")
        choices = as_list(schema.get("anyOf")) or as_list(schema.get("oneOf"))
        extra = {key: schema[key] for key in ("title", "description") if key in schema}
        if isinstance(target, str) and target.startswith("#/"):
            found: Any = root
            for part in target[2:].split("/"):
                found = as_dict(found).get(part.replace("~1", "/").replace("~0", "~"))
            schema = as_dict(found) | extra
        elif choices:
            real = [as_dict(one) for one in choices if as_dict(one).get("type") != "null"]
            schema = (real[0] if real else {}) | extra
        else:
            break
    if isinstance(schema.get("const"), str | int | bool):
        return {**schema, "enum": [schema["const"]]}
    return schema


def _type(schema: dict[str, Any]) -> str:
    kinds = schema.get("type")
    several = [str(one) for one in as_list(kinds) if one != "null"]
    if several:
        return several[0]
    return str(kinds) if kinds else "enum" if "enum" in schema else "string"


def _kind(own: list[str], schema: dict[str, Any]) -> tuple[Kind, str]:
    match _type(schema):
        case "integer" if "version" in own:  # of what they were shown: nothing that people say
            return "unknown", ""
        case "integer":
            return "integer" if "enum" not in schema else "enum", ""
        case "number":
            return "number", ""
        case "boolean":
            return "boolean", ""
        case "enum":
            return "enum", ""
        case "array":
            items = _type(as_dict(schema.get("items")))
            return ("list" if items in {"string", "enum"} else "unknown"), ""
        case "string":
            return _string_kind(own, schema)
        case _:
            return "unknown", ""


def _string_kind(own: list[str], schema: dict[str, Any]) -> tuple[Kind, str]:
    if "enum" in schema:
        return "enum", ""
    form = str(schema.get("format", ""))
    if form == "date":
        return "date", ""
    if form in {"date-time", "duration", "uuid", "uri"}:
        return ("unknown" if form in {"date-time", "duration"} else "code"), ""
    written = _time_form(own, schema)
    if written:
        return "time", written
    last = own[-1] if own else ""
    if form == "phone" or set(own) & _PHONE:
        return "phone", ""
    if form == "email" or "email" in own:
        return "email", ""
    if last == "name" and not set(own) & _THINGS:
        return "name", ""
    if "pattern" in schema:
        return _pattern_kind(own, schema), ""
    if last == "date":
        return "date", ""
    if last in _QUERY:
        return "query", ""
    if last in _ITEMS or (last == "id" and set(own) & _ITEMS):
        return "item", ""
    if last in _MESSAGES:
        return "message", ""
    return ("code" if last in _CODE and "slot" not in own else "text"), ""


def _time_form(own: list[str], schema: dict[str, Any]) -> str:
    """How a time has to be written, found by trying; empty when the field is no time."""
    if "pattern" in schema or schema.get("format") == "time":
        check = Checker(schema)
        if check.problems("19:61") and check.problems("hello"):
            return next((form for form in _TIMES if not check.problems(form)), "")
        return ""
    return _TIMES[0] if own and own[-1] == "time" else ""


def _pattern_kind(own: list[str], schema: dict[str, Any]) -> Kind:
    """ "pattern" when the schema itself tells its values from other words."""
    check = Checker({key: schema[key] for key in ("type", "pattern") if key in schema})
    if not check.problems("2026-12-05") and check.problems("hello"):
        return "date"
    if all(check.problems(word) for word in _ORDINARY):
        return "pattern"
    return "code" if own and own[-1] in _CODE else "text"


def written(slot: Slot, value: Any) -> Any:
    """The value as the schema wants it. Times are kept as HH:MM."""
    if slot.kind == "time" and isinstance(value, str):
        return value + slot.form[len(value) :]
    if slot.kind == "number" and isinstance(value, float) and value.is_integer():
        return int(value)
    return value
