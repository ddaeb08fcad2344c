"""Reference (b), the lean limit: the SDK for requests, its stream decoded by us, one insert a message."""

import sys
from collections.abc import AsyncIterator

import anthropic

from .reading import Reading
from .shared import App, Journal, JsonObject, Said, base_url, request, serve

client = anthropic.AsyncAnthropic(
    api_key="test",
    base_url=base_url(),
    max_retries=0,
    http_client=anthropic.DefaultAioHttpClient(),
)


async def ask(messages: list[JsonObject]) -> AsyncIterator[str | Said]:
    reading = Reading()
    async with client.messages.with_streaming_response.create(
        **request(messages), stream=True, extra_headers={"accept-encoding": "identity"}
    ) as response:
        async for chunk in response.http_response.aiter_raw():
            if text := reading.feed(chunk):
                yield text
    yield reading.said()


if __name__ == "__main__":
    serve(App(ask, Journal(sys.argv[2])))
