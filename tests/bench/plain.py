"""Reference (c), the plain limit: the SDK as its manual shows it, one insert a message."""

import sys
from collections.abc import AsyncIterator

import anthropic

from .shared import App, Journal, JsonObject, Said, base_url, request, serve

client = anthropic.AsyncAnthropic(api_key="test", base_url=base_url(), max_retries=0)


async def ask(messages: list[JsonObject]) -> AsyncIterator[str | Said]:
    async with client.messages.stream(**request(messages)) as stream:
        async for text in stream.text_stream:
            yield text
        message = await stream.get_final_message()
    blocks = [block.model_dump(include=_SENT[block.type]) for block in message.content]
    yield Said(blocks)


_SENT = {"text": {"type", "text"}, "tool_use": {"type", "id", "name", "input"}}

if __name__ == "__main__":
    serve(App(ask, Journal(sys.argv[2])))
