"""What the reference servers share: a bare ASGI app, conversations in memory, a tool that does little.

`POST /conversations/{id}/messages` answers with the same server-sent events as Frontdesk does.
"""

import os
import re
import sqlite3
import sys
from collections.abc import AsyncIterator, Callable
from importlib.resources import files
from typing import Any

import msgspec
import uvicorn

JsonObject = dict[str, Any]


class Said(msgspec.Struct):
    """What the model said in one round, as the Messages API wants it back, and the calls in it."""

    blocks: list[JsonObject]

    @property
    def text(self) -> str:
        return "".join(block["text"] for block in self.blocks if block["type"] == "text")


Ask = Callable[[list[JsonObject]], AsyncIterator[str | Said]]
"""One round with the model: pieces of text as they come, at the end all of it."""

_PACK = files("frontdesk_packs.restaurant")
SYSTEM = _PACK.joinpath("business.example.toml").read_text(encoding="utf-8")
"""About as long as what Frontdesk says there."""


def _tools() -> list[JsonObject]:
    found = [msgspec.json.decode(f.read_bytes()) for f in _PACK.joinpath("tools").iterdir()]
    keys = ("name", "description", "input_schema")
    return [{key: tool[key] for key in keys} for tool in sorted(found, key=lambda t: t["name"])]


TOOLS = _tools()


class Journal:
    """One insert for each message, each a transaction, in the mode that Frontdesk uses."""

    def __init__(self, path: str) -> None:
        self._database = sqlite3.connect(path, isolation_level=None)
        self._database.execute("PRAGMA journal_mode=WAL")
        self._database.execute("PRAGMA synchronous=NORMAL")
        self._database.execute(
            "CREATE TABLE IF NOT EXISTS message (id INTEGER PRIMARY KEY, conversation TEXT, "
            "role TEXT, content TEXT)"
        )

    def keep(self, conversation: str, role: str, content: str) -> None:
        self._database.execute(
            "INSERT INTO message (conversation, role, content) VALUES (?, ?, ?)",
            (conversation, role, content),
        )


class App:
    """The ASGI app around one way to ask the model."""

    def __init__(self, ask: Ask, journal: Journal | None = None) -> None:
        self._ask = ask
        self._journal = journal
        self._conversations: dict[str, list[JsonObject]] = {}
        self._bookings: list[JsonObject] = []

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] != "http":
            return
        found = re.fullmatch(r"/conversations/([\w-]+)/messages", scope["path"])
        stream = found is not None
        kind = b"text/event-stream" if stream else b"application/json"
        if found is None:
            await send(_start(kind))
            await send({"type": "http.response.body", "body": b"{}"})
            return
        asked = msgspec.json.decode(await _body(receive))
        self._keep(found[1], "customer", asked["content"])
        await send(_start(kind))
        async for text in self._turn(found[1], asked["content"]):
            await send(_data({"type": "chunk", "content": text}))
        await send(_data({"type": "done"}))
        await send({"type": "http.response.body", "body": b""})

    async def _turn(self, conversation: str, text: str) -> AsyncIterator[str]:
        messages = self._conversations.setdefault(conversation, [])
        messages.append({"role": "user", "content": text})
        while True:
            said = Said([])
            async for part in self._ask(messages):
                if isinstance(part, str):
                    yield part
                else:
                    said = part
            messages.append({"role": "assistant", "content": said.blocks})
            calls = [block for block in said.blocks if block["type"] == "tool_use"]
            if not calls:
                self._keep(conversation, "assistant", said.text)
                return
            messages.append({"role": "user", "content": [self._carry_out(call) for call in calls]})

    def _carry_out(self, call: JsonObject) -> JsonObject:
        if call["name"] == "create_booking":
            self._bookings.append(call["input"])
        result = {"message": "It is free.", "count": len(self._bookings)}
        content = msgspec.json.encode(result).decode()
        return {"type": "tool_result", "tool_use_id": call["id"], "content": content}

    def _keep(self, conversation: str, role: str, content: str) -> None:
        if self._journal is not None:
            self._journal.keep(conversation, role, content)


async def _body(receive: Any) -> bytes:
    body, more = b"", True
    while more:
        message = await receive()
        body += message.get("body", b"")
        more = message.get("more_body", False)
    return body


def _start(kind: bytes) -> JsonObject:
    return {"type": "http.response.start", "status": 200, "headers": [(b"content-type", kind)]}


def _data(event: JsonObject) -> JsonObject:
    body = b"data: %s\n\n" % msgspec.json.encode(event)
    return {"type": "http.response.body", "body": body, "more_body": True}


def request(messages: list[JsonObject]) -> JsonObject:
    """The body of a call, without `stream`."""
    return {
        "model": "claude-haiku-5-5",
        "max_tokens": 1500,
        "system": SYSTEM,
        "tools": TOOLS,
        "messages": messages,
    }


def base_url() -> str:
    return os.environ["ANTHROPIC_BASE_URL"]


def serve(app: App) -> None:
    """On the port that the command line names, with the same server as Frontdesk."""
    uvicorn.run(
        app, host="127.0.0.1", port=int(sys.argv[1]), log_level="error", access_log=False,
        lifespan="off",
    )  # fmt: skip
