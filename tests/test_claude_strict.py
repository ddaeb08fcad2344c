"""Which tools Claude may be held to, and what happens when the API will not."""

from typing import Any

import pytest
from support_claude import no_environment, request, rig, schema, tool

from frontdesk.testing.fake_claude import fails, says
from frontdesk_plugins.claude.strict import strict_names

__all__ = ["no_environment"]  # fixtures

NAME = {"type": "string"}


@pytest.mark.parametrize(
    "part",
    [
        NAME,
        {"type": "string", "format": "date-time", "description": "When", "title": "T"},
        {"type": "integer"},
        {"enum": ["cut", "colour", None]},
        {"type": "string", "enum": ["cut"]},
        {"const": 1},
        {"type": "array", "items": NAME, "minItems": 1},
        {"anyOf": [NAME, {"type": "null"}]},
        schema(inner=schema(name=NAME)),
    ],
)
def test_schemas_that_strict_tools_can_have(part: dict[str, Any]) -> None:
    assert strict_names([tool("book", schema(part=part))]) == {"book"}


@pytest.mark.parametrize(
    "part",
    [
        {"type": "string", "pattern": "^a"},
        {"type": "string", "format": "iri"},
        {"type": "string", "minLength": 1},
        {"type": "integer", "minimum": 1},
        {"type": ["string", "null"]},
        {"type": "array"},
        {"type": "array", "items": NAME, "minItems": 2},
        {"type": "array", "items": NAME, "maxItems": 2},
        {"enum": [["a"]]},
        {"oneOf": [NAME]},
        {"type": "object", "properties": {}},
        {"type": "object", "additionalProperties": True},
        {"$ref": "https://example.com/schema"},
        {"$ref": "#/$defs/missing"},
        True,
        {},
    ],
)
def test_schemas_that_strict_tools_cannot_have(part: Any) -> None:
    assert strict_names([tool("book", schema(part=part))]) == set()


def test_references_are_followed_and_recursion_is_not_strict() -> None:
    node = schema(next={"$ref": "#/$defs/node"})
    flat = {**schema(who={"$ref": "#/$defs/who"}), "$defs": {"who": schema(name=NAME)}}
    loop = {**schema(first={"$ref": "#/$defs/node"}), "$defs": {"node": node}}
    assert strict_names([tool("flat", flat), tool("loop", loop)]) == {"flat"}


def test_the_limits_of_a_request() -> None:
    many = [tool(f"tool_{n:02}") for n in range(25)]
    assert len(strict_names(many)) == 20
    optional: dict[str, Any] = {**schema(**{f"o{n}": NAME for n in range(10)}), "required": []}
    assert len(strict_names([tool(f"t{n}", optional) for n in range(3)])) == 2
    union = schema(**{f"u{n}": {"anyOf": [NAME, {"type": "null"}]} for n in range(9)})
    assert len(strict_names([tool("a", union), tool("b", union), tool("c")])) == 2


async def test_strict_tools_pass_the_checks_of_the_api() -> None:
    loose = tool("loose", schema(name={"type": "string", "pattern": "^a"}))
    async with rig(says("Hello"), says("Hello"), strict_tools=True) as r:
        await r.ask(request(tools=(tool("book"), loose)))
        book, other = r.fake.requests[0]["tools"]
        assert (book["strict"], "strict" in other) == (True, False)
        assert r.fake.violations == []
    async with rig(says("Hello"), strict_tools=False) as r:
        await r.ask(request(tools=(tool("book"),)))
        assert "strict" not in r.fake.requests[0]["tools"][0]


async def test_a_schema_that_is_too_complex_is_sent_without_strict_from_then_on() -> None:
    refused = fails(400, "invalid_request_error", "The compiled schema is too complex")
    async with rig(refused, says("Hello"), refused) as r:
        asked = request(tools=(tool("book"),))
        error = await r.error(asked)
        assert (error.kind, error.retryable) == ("bad_request", True)
        await r.ask(asked)
        assert "strict" not in r.fake.requests[1]["tools"][0]
        assert not (await r.error(asked)).retryable
