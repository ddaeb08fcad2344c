"""Reference (a): a bare relay over aiohttp. No SDK, nothing stored."""

from collections.abc import AsyncIterator
from functools import cache

import aiohttp
import msgspec

from .reading import Reading
from .shared import App, JsonObject, Said, base_url, request, serve

HEADERS = {
    "x-api-key": "test",
    "anthropic-version": "2023-06-01",
    "content-type": "application/json",
}


@cache
def session() -> aiohttp.ClientSession:
    return aiohttp.ClientSession(headers=HEADERS, connector=aiohttp.TCPConnector(limit=1000))


async def ask(messages: list[JsonObject]) -> AsyncIterator[str | Said]:
    reading = Reading()
    body = msgspec.json.encode(request(messages) | {"stream": True})
    async with session().post(f"{base_url()}/v1/messages", data=body) as response:
        async for chunk in response.content.iter_any():
            if text := reading.feed(chunk):
                yield text
    yield reading.said()


if __name__ == "__main__":
    serve(App(ask))
