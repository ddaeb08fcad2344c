"""The model's side: a `FakeClaude` in a process of its own that does what a message asks for.

A customer's message ends in a line like `bench: 60 20` (text deltas, milliseconds between them),
and before it perhaps one like `call: get_hours {}`, which is carried out first.
"""

import asyncio
import re
from contextlib import suppress
from itertools import cycle, islice
from typing import Any

from frontdesk.testing.fake_claude import Call, FakeClaude, Reply, calls
from frontdesk.testing.fake_claude_replies import Say

WORDS = ("Yes, ", "we ", "have ", "a ", "quiet ", "table ", "by ", "the ", "window. ")
MODEL = "claude-haiku-5-5"
_WISH = re.compile(r"^bench: (\d+) (\d+)$", re.MULTILINE)
_CALL = re.compile(r"^call: (\w+) (\{.*\})$", re.MULTILINE)


def said(deltas: int) -> tuple[str, ...]:
    """The text of an answer, delta by delta."""
    return tuple(islice(cycle(WORDS), deltas))


def answer(body: dict[str, Any]) -> Reply:
    messages = body["messages"]
    text = next(text for text in _newest_first(messages) if _WISH.search(text))
    deltas, milliseconds = map(int, _WISH.findall(text)[-1])
    wanted = _CALL.findall(text)
    is_answered = any(block["type"] == "tool_result" for block in _blocks(messages[-1]))
    if wanted and not is_answered:
        return calls(*(Call(name, json) for name, json in wanted)).paced(milliseconds / 1000)
    return Reply(blocks=(Say(said(deltas)),), pace=milliseconds / 1000)


def _newest_first(messages: list[dict[str, Any]]) -> list[str]:
    return [
        block["text"]
        for message in reversed(messages)
        if message["role"] == "user"
        for block in reversed(_blocks(message))
        if block["type"] == "text"
    ]


def _blocks(message: dict[str, Any]) -> list[dict[str, Any]]:
    content = message["content"]
    return [{"type": "text", "text": content}] if isinstance(content, str) else content


async def main() -> None:
    async with FakeClaude(answer, remember=False) as fake:
        print(fake.url, flush=True)
        await fake.serve_forever()


if __name__ == "__main__":
    with suppress(KeyboardInterrupt):
        asyncio.run(main())
