"""What a `FakeClaude` says when nobody tells it: enough for trials by hand and for benchmarks."""

import re
from collections.abc import Callable
from itertools import cycle, islice
from typing import Any

from frontdesk.testing.fake_claude_replies import Call, Reply, Say, calls

WORDS = "Thank you for asking. The café is open this evening, and so is the terrace \N{SUNFLOWER}. "
DIRECTIVE = re.compile(r"^call: ([a-zA-Z0-9_-]+)[ \t]*(\{.*\})?[ \t]*$", re.MULTILINE)


def from_customer(deltas: int = 8, pace: float = 0.0) -> Callable[[dict[str, Any]], Reply]:
    """A script that answers with so many text deltas, `pace` seconds apart.

    Lines like `call: tool_name {"key": "value"}` in the customer's newest message are carried out
    as calls first, when the tools are there and calls are allowed. The JSON is sent as it stands.
    """
    words = re.findall(r"\S+\s", WORDS)
    answer = Reply(blocks=(Say(tuple(islice(cycle(words), deltas))),), pace=pace)

    def script(body: dict[str, Any]) -> Reply:
        wanted = _wanted(body)
        return calls(*wanted).paced(pace) if wanted else answer

    return script


def _wanted(body: dict[str, Any]) -> list[Call]:
    if body.get("tool_choice", {}).get("type") == "none":
        return []
    names = {tool["name"] for tool in body.get("tools", ())}
    content = body["messages"][-1]["content"]
    blocks = [{"type": "text", "text": content}] if isinstance(content, str) else content
    if any(block["type"] == "tool_result" for block in blocks):
        return []
    texts = [block["text"] for block in blocks if block["type"] == "text"]
    found = DIRECTIVE.findall(texts[-1]) if texts else []
    return [Call(name, json) for name, json in found if name in names]
