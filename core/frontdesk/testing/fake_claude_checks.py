"""What the Messages API refuses (version 2026-10-21), as far as clients run into it."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

import msgspec

JsonObject = dict[str, Any]

TOOL_NAME = re.compile(r"[a-zA-Z0-9_-]{1,128}")
PROPERTY = re.compile(r"[a-zA-Z0-9_.-]{1,64}")
CALL_ID = re.compile(r"[a-zA-Z0-9_-]+")
KEYS = {
    "model", "max_tokens", "messages", "system", "tools", "tool_choice", "thinking",
    "output_config", "cache_control", "metadata", "stop_sequences", "service_tier", "speed",
    "inference_geo", "container", "diagnostics", "user_profile_id", "workspace_id", "stream",
}  # fmt: skip
_BLOCKS = {
    "user": {"text", "image", "document", "search_result", "tool_result"},
    "assistant": {"text", "tool_use", "thinking", "redacted_thinking"},
    "system": {"text"},
}
_NOT_STRICT = {
    "pattern", "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf",
    "minLength", "maxLength", "maxItems", "uniqueItems", "oneOf", "not", "if", "patternProperties",
}  # fmt: skip


def authentication(headers: Mapping[str, str]) -> str:
    """Why the caller is nobody, or an empty text."""
    bearer = headers.get("authorization", "")
    if bearer.startswith("Bearer ") and len(bearer) > len("Bearer "):
        return ""
    return "" if headers.get("x-api-key") else "authentication is missing"


def problems(
    body: JsonObject, headers: Mapping[str, str], thoughts: Mapping[str, str]
) -> list[str]:
    """Everything that is wrong. `thoughts` are the issued thinking texts by their signature."""
    found = [f"{key}: Extra inputs are not permitted" for key in sorted(body.keys() - KEYS)]
    if not re.fullmatch(r"\d{4}-\d\d-\d\d", headers.get("anthropic-version", "")):
        found.append("anthropic-version: header is required")
    if "application/json" not in headers.get("content-type", ""):
        found.append("content-type: must be application/json")
    found += _model(body)
    found += _tools(body)
    found += _system(body)
    messages = _objects(body.get("messages"))
    if not messages:
        return [*found, "messages: at least one message is required"]
    found += _order(messages)
    for index, message in enumerate(messages):
        found += _content(message, f"messages.{index}", thoughts)
    found += _pairs(messages)
    if _mentions_tools(messages) and not body.get("tools"):
        found.append("tools: required when messages have tool_use or tool_result blocks")
    marks = sum(1 for block in _all_blocks(body) if "cache_control" in block)
    if marks + ("cache_control" in body) > 4:
        found.append(f"cache_control: a maximum of 4 blocks may have it, found {marks}")
    return found


def _model(body: JsonObject) -> Iterator[str]:
    model, most = body.get("model"), body.get("max_tokens")
    if not isinstance(model, str) or not model.startswith("claude-"):
        yield f"model: {model!r} is unknown"
        return
    if not isinstance(most, int) or not 1 <= most <= 128_000:
        yield "max_tokens: must be between 1 and 128000"
    thinking = body.get("thinking", {}).get("type")
    if thinking not in (None, "adaptive", "between_tools", "disabled", "enabled"):
        yield f"thinking.type: {thinking!r} is unknown"
    always = model.startswith(("claude-sonnet-5-5", "claude-opus-5-5"))
    if thinking == "disabled" and always:
        yield f"thinking.type: disabled is not supported by {model}"
    choice = body.get("tool_choice", {}).get("type")
    if choice not in (None, "auto", "any", "tool", "none"):
        yield f"tool_choice.type: {choice!r} is unknown"
    if choice in ("any", "tool") and always:
        yield f"tool_choice: {choice} is not supported by {model}"
    effort = body.get("output_config", {}).get("effort")
    if effort in ("xhigh", "max") and thinking in ("disabled", "between_tools"):
        yield f"output_config.effort: {effort} needs thinking"


def _tools(body: JsonObject) -> Iterator[str]:
    names: set[str] = set()
    tools: list[JsonObject] = body.get("tools", [])
    if body.get("tool_choice") and not tools:
        yield "tool_choice: may only be specified while providing tools"
    for index, tool in enumerate(tools):
        at, name = f"tools.{index}", str(tool.get("name"))
        if not TOOL_NAME.fullmatch(name):
            yield f"{at}.name: must match {TOOL_NAME.pattern}"
        if name in names:
            yield f"{at}.name: tool names must be unique"
        names.add(name)
        schema: JsonObject = tool.get("input_schema") or {}
        if schema.get("type") != "object":
            yield f"{at}.input_schema.type: must be object"
        for part in _schemas(schema):
            for key in part.get("properties", {}):
                if not PROPERTY.fullmatch(key):
                    yield f"{at}.input_schema: property keys must match {PROPERTY.pattern}"
            if tool.get("strict"):
                yield from (
                    f"{at}.strict: {key} is not supported" for key in part.keys() & _NOT_STRICT
                )
                if part.get("type") == "object" and part.get("additionalProperties") is not False:
                    yield f"{at}.strict: additionalProperties must be false"
    if sum(bool(tool.get("strict")) for tool in tools) > 20:
        yield "tools: at most 20 tools can be strict; the schema is too complex"


def _schemas(node: JsonObject) -> Iterator[JsonObject]:
    """The schema and every schema within it."""
    yield node
    inner: list[Any] = [node.get("items")]
    for key in ("properties", "$defs"):
        inner += node.get(key, {}).values()
    for key in ("anyOf", "allOf", "oneOf"):
        inner += node.get(key, ())
    for part in _objects(inner):
        yield from _schemas(part)


def _system(body: JsonObject) -> Iterator[str]:
    system = body.get("system", [])
    for index, block in enumerate([{"text": system}] if isinstance(system, str) else system):
        if not str(block.get("text", "")).strip():
            yield f"system.{index}: text content blocks must contain non-whitespace text"


def _order(messages: list[JsonObject]) -> Iterator[str]:
    roles = [message.get("role") for message in messages]
    if roles[0] != "user":
        yield "messages.0: the first message must use the user role"
    if roles[-1] == "assistant":
        yield "messages: this model does not support assistant message prefill; the conversation must end with a user message"  # noqa: E501
    for index, (before, role) in enumerate(zip([None, *roles], roles, strict=False)):
        if role not in _BLOCKS:
            yield f"messages.{index}.role: {role!r} is unknown"
        elif role == "system" and before != "user":
            yield f"messages.{index}: a system message must follow a user message"


def _content(message: JsonObject, at: str, thoughts: Mapping[str, str]) -> Iterator[str]:
    blocks = _blocks(message)
    if not blocks:
        yield f"{at}: content must not be empty"
    for index, block in enumerate(blocks):
        kind, where = block.get("type"), f"{at}.content.{index}"
        if kind not in _BLOCKS.get(message.get("role", ""), set[str]()):
            yield f"{where}.type: {kind!r} is not allowed here"
        if kind == "text" and not str(block.get("text", "")).strip():
            yield f"{where}: text content blocks must contain non-whitespace text"
        if kind == "tool_use":
            if not CALL_ID.fullmatch(str(block.get("id"))):
                yield f"{where}.id: must match {CALL_ID.pattern}"
            if not isinstance(block.get("input"), dict):
                yield f"{where}.input: must be an object"
        if kind == "thinking":
            if thoughts.get(str(block.get("signature")), None) != block.get("thinking", ""):
                yield f"{where}: invalid signature in thinking block"
            if "cache_control" in block:
                yield f"{where}: thinking blocks cannot have cache_control"


def _pairs(messages: list[JsonObject]) -> Iterator[str]:
    """Calls and their results, after joining neighbours of one role as the API does."""
    joined: list[tuple[str, list[JsonObject]]] = []
    for message in messages:
        if joined and joined[-1][0] == message.get("role"):
            joined[-1][1].extend(_blocks(message))
        else:
            joined.append((str(message.get("role")), list(_blocks(message))))
    used: set[str] = set()
    waiting: list[str] = []
    for _, blocks in [*joined, ("end", list[JsonObject]())]:
        kinds = [block.get("type") for block in blocks]
        results = [block["tool_use_id"] for block in blocks if block.get("type") == "tool_result"]
        if set(waiting) - set(results):
            yield f"tool_use ids without tool_result blocks: {', '.join(waiting)}"
        yield from (f"unexpected tool_use_id {id_}" for id_ in results if id_ not in waiting)
        if len(results) != len(set(results)):
            yield "each tool_use must have a single result"
        if "tool_result" in kinds[len(results) :]:
            yield "tool_result blocks must come first in their message"
        waiting = [block["id"] for block in blocks if block.get("type") == "tool_use"]
        if used & set(waiting) or len(waiting) != len(set(waiting)):
            yield "tool_use ids must be unique"
        used.update(waiting)


def _mentions_tools(messages: list[JsonObject]) -> bool:
    kinds = {block.get("type") for message in messages for block in _blocks(message)}
    return bool(kinds & {"tool_use", "tool_result"})


def _blocks(message: JsonObject) -> list[JsonObject]:
    content = message.get("content")
    if isinstance(content, str):
        return [{"type": "text", "text": content}] if content else []
    return _objects(content)


def _objects(value: Any) -> list[JsonObject]:
    """The objects of a list; none of anything else."""
    try:
        items = msgspec.convert(value, list[Any])
    except msgspec.ValidationError:
        return []
    return [item for item in items if isinstance(item, dict)]


def _all_blocks(body: JsonObject) -> Iterator[JsonObject]:
    yield from body.get("tools", ())
    system = body.get("system", ())
    yield from () if isinstance(system, str) else system
    for message in body["messages"]:
        yield from _blocks(message)
