"""A `ModelRequest` as the Messages API wants it.

What a conversation has sent once comes again byte for byte in its next request, so that the prompt
cache hits: nothing here may depend on what comes later in the conversation, nor on the clock.
"""

import re
from typing import Any

from frontdesk.model import (
    Message,
    ModelRequest,
    Opaque,
    Situation,
    Text,
    ToolResult,
    ToolUse,
)
from frontdesk.tools import Tool
from frontdesk_plugins.claude.settings import ClaudeSettings, switches
from frontdesk_plugins.claude.strict import strict_names

Wire = dict[str, Any]

_FENCE = re.compile(r"<(/?)(situation)\b", re.IGNORECASE)


def request_body(request: ModelRequest, settings: ClaudeSettings, *, strict: bool) -> Wire:
    """The JSON body, without `stream`."""
    body: Wire = {
        "model": settings.model,
        "max_tokens": settings.max_output_tokens or request.max_tokens,
        "messages": _messages(request.messages, settings.model),
        "metadata": {"user_id": request.conversation},
        **switches(settings),
    }
    system = _system(request.system)
    if system:
        body["system"] = system
    if request.tools:
        body["tools"] = _tools(request.tools, strict=strict)
        if not request.may_call:  # the tools stay, because taking them away would miss the cache
            body["tool_choice"] = {"type": "none"}
    return body


def _tools(tools: tuple[Tool, ...], *, strict: bool) -> list[Wire]:
    ordered = sorted(tools, key=lambda tool: tool.name)
    held = strict_names(ordered) if strict else set[str]()
    return [
        {
            "name": tool.name,
            "description": tool.description,
            "input_schema": tool.input_schema,
            **({"strict": True} if tool.name in held else {}),
        }
        for tool in ordered
    ]


def _system(texts: tuple[str, ...]) -> list[Wire]:
    """Breakpoints after the first block, which others share, and after the last."""
    blocks = [_text(text) for text in texts if text.strip()]
    for block in {id(block): block for block in (*blocks[:1], *blocks[-1:])}.values():
        _mark(block)
    return blocks


def _messages(messages: tuple[Message, ...], model: str) -> list[Wire]:
    """Alternating, from a user message to a user message, with a breakpoint at the end."""
    found: list[Wire] = []
    for message in messages:
        content = _user(message) if message.role == "user" else _assistant(message, model)
        if not content or (not found and message.role == "assistant"):
            continue
        if found and found[-1]["role"] == message.role:
            _append(found[-1]["content"], content)
        else:
            found.append({"role": message.role, "content": content})
    if found and found[-1]["role"] == "assistant":
        found.pop()  # the API refuses to go on from words put into its mouth
    if found:
        _mark(found[-1]["content"][-1])
    return found


def _user(message: Message) -> list[Wire]:
    """Results first, as the API demands, then the situation, then what the customer wrote."""
    results: list[Wire] = []
    situation: list[Wire] = []
    words: list[Wire] = []
    for block in message.blocks:
        match block:
            case ToolResult():
                results.append(_result(block))
            case Situation(text=text) if text.strip():
                situation.append(_text(f"<situation>\n{_unfenced(text)}\n</situation>"))
            case Text(text=text) if text.strip():
                words.append(_text(_unfenced(text)))
            case _:
                pass
    return results + situation + words


def _assistant(message: Message, model: str) -> list[Wire]:
    thoughts: list[Wire] = []
    rest: list[Wire] = []
    for block in message.blocks:
        match block:
            case Opaque(model=of, data=data) if of == model and isinstance(data, list):
                thoughts += data
            case Text(text=text) if text.strip():
                rest.append(_text(text))
            case ToolUse(call=call):
                rest.append(
                    {"type": "tool_use", "id": call.id, "name": call.name, "input": call.arguments}
                )
            case _:
                pass
    return thoughts + rest if rest else []


def _append(content: list[Wire], more: list[Wire]) -> None:
    """Join two messages of one role. The API does the same, but wants all results in front."""
    results = sum(block["type"] == "tool_result" for block in content)
    late = [block for block in more if block["type"] == "tool_result"]
    content[results:results] = late
    content += more[len(late) :]


def _result(block: ToolResult) -> Wire:
    wire: Wire = {
        "type": "tool_result",
        "tool_use_id": block.call_id,
        "content": block.text if block.text.strip() else "(no output)",
    }
    return wire | {"is_error": True} if block.is_error else wire


def _text(text: str) -> Wire:
    return {"type": "text", "text": text}


def _unfenced(text: str) -> str:
    """A customer must not be able to write something that reads like a situation of ours."""
    return _FENCE.sub(r"<\1 \2", text)


def _mark(block: Wire) -> None:
    block["cache_control"] = {"type": "ephemeral"}
