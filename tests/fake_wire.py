"""The widget's wire, as pinned, with a test behind it instead of an engine."""

import asyncio
import json
import re
from collections import deque
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import asynccontextmanager, nullcontext
from datetime import UTC, datetime
from typing import Any

import uvicorn
from litestar import Litestar, Request, Response, WebSocket, get, post, websocket
from litestar.exceptions import WebSocketDisconnect
from litestar.params import FromPath
from litestar.response import Stream

import frontdesk_widget

Json = dict[str, Any]

PAGE = """<!doctype html><html lang=en><meta charset=utf-8>
<meta name=viewport content="width=device-width, initial-scale=1"><title>Bella</title>
<style>:root{color-scheme:light dark}body{font:17px/1.6 Georgia,serif;max-width:34em;margin:3em auto}
</style><h1>Trattoria Bella</h1><p>Pasta made every morning, a wood oven, and a garden behind the
house. Open every evening but Monday.</p>
<script async src="/widget.js" data-business="bella"></script></html>"""


class FakeWire:
    """One conversation. `answer` says what the next message gets; without one, a person has it."""

    def __init__(self, **config: Any) -> None:
        self.config: Json = {
            "name": "Trattoria Bella",
            "greeting": "Welcome to Trattoria Bella! How can I help?",
            "theme": {"accent": "#9f1d20"},
            "hours": {"open": True},
            "locale": "en-US",
            "timezone": "America/New_York",
            "currency": "USD",
            "features": {"stream": True, "websocket": True},
            "notice": "I'm an automated assistant.",
        } | config
        self.said: list[Json] = []
        """The bodies that were posted, in order."""
        self.url = ""
        self._answers: deque[Json] = deque()
        self._messages: list[Json] = []
        self._sockets: set[asyncio.Queue[str]] = set()
        self._handed_off = False
        self._agent: str | None = None

    def answer(
        self, text: str, *actions: Json, handed_off: bool = False, voided: tuple[str, ...] = ()
    ) -> None:
        """`voided`: the proposals that the message it answers declined."""
        self._answers.append(
            {"text": text, "actions": actions, "handed_off": handed_off, "voided": voided}
        )

    def frame(self, event: str, *, durable: bool = False, **data: Any) -> None:
        """To every socket. A durable frame has a seq of its own."""
        frame: Json = {"event": event, "data": data}
        if durable:
            frame["seq"] = self._seq({})
        for queue in self._sockets:
            queue.put_nowait(json.dumps(frame))

    def join(self, name: str) -> None:
        self._handed_off, self._agent = True, name
        self.frame("human_joined", agentName=name, durable=True)

    def leave(self) -> None:
        name, self._agent, self._handed_off = self._agent, None, False
        self.frame("human_left", agentName=name, durable=True)

    def say(self, role: str, content: str, **more: Any) -> None:
        """A message that is no answer: of staff, or a notice."""
        message = self._store(role, content, **more)
        self._publish(message)

    # ---- what the widget asks ------------------------------------------------------------------

    def history(self, after: int) -> Json:
        found = [one for one in self._messages if one["role"] and one["seq"] > after]
        last = len(self._messages)
        return {
            "messages": found,
            "lastSeq": last,
            "handedOff": self._handed_off,
            "agentName": self._agent,
        }

    async def turn(self, body: Json) -> AsyncIterator[bytes]:
        """The answer to a message, as server-sent events."""
        self.said.append(body)
        self._publish(self._store("customer", body["content"], clientId=body["clientId"]))
        if not self._answers:
            yield _event({"type": "done", "messageId": None, "handedOff": True})
            return
        answer = self._answers.popleft()
        for proposal in answer["voided"]:
            self.frame("proposal_voided", durable=True, proposalId=proposal)
        for action in answer["actions"]:
            yield _event({"type": "action", "action": action})
        for word in re.findall(r"\S+\s*", answer["text"]):
            await asyncio.sleep(0)
            yield _event({"type": "chunk", "content": word})
        self._handed_off = answer["handed_off"]
        stored = self._store(
            "assistant", answer["text"], actions=answer["actions"], voided=answer["voided"]
        )
        ended = {"messageId": stored["id"], "handedOff": self._handed_off}
        yield _event({"type": "done", **ended})
        self.frame("response_complete", **stored, **ended)

    async def serve_socket(self, socket: WebSocket[Any, Any, Any]) -> None:
        queue: asyncio.Queue[str] = asyncio.Queue()
        queue.put_nowait(json.dumps({"event": "sync", "data": {"lastSeq": len(self._messages)}}))
        self._sockets.add(queue)
        reader = asyncio.create_task(_read(socket))
        try:
            while not reader.done():
                sender = asyncio.create_task(queue.get())
                await asyncio.wait({reader, sender}, return_when=asyncio.FIRST_COMPLETED)
                if not sender.done():
                    sender.cancel()
                elif not reader.done():
                    await socket.send_text(sender.result())
        finally:
            reader.cancel()
            self._sockets.discard(queue)

    def _store(self, role: str, content: str, **more: Any) -> Json:
        message: Json = {"role": role, "content": content, "at": datetime.now(UTC).isoformat()}
        self._seq(message | more)
        return self._messages[-1]

    def _publish(self, message: Json) -> None:
        frame = json.dumps({"event": "message", "data": message, "seq": message["seq"]})
        for queue in self._sockets:
            queue.put_nowait(frame)

    def _seq(self, message: Json) -> int:
        seq = len(self._messages) + 1
        self._messages.append({"role": "", **message, "seq": seq, "id": f"m{seq}"})
        return seq


def _event(data: Json) -> bytes:
    return f"data: {json.dumps(data)}\n\n".encode()


async def _read(socket: WebSocket[Any, Any, Any]) -> None:
    try:
        while True:
            await socket.receive_text()
    except WebSocketDisconnect:
        pass


def _app(wire: FakeWire) -> Litestar:
    @get("/")
    async def page() -> Response[str]:
        return Response(PAGE, media_type="text/html")

    @get("/widget.js")
    async def script() -> Response[bytes]:
        return Response(frontdesk_widget.script(), media_type="text/javascript")

    @get("/widget/i18n/{name:str}")
    async def texts(name: FromPath[str], request: Request[Any, Any, Any]) -> Response[bytes]:
        assert request.query_params["v"] == frontdesk_widget.texts_version()
        found = frontdesk_widget.languages()[name.removesuffix(".json")]
        return Response(found, media_type="application/json")

    @get("/widget/config")
    async def config() -> Json:
        return wire.config

    @post("/widget/conversations")
    async def create() -> Json:
        return {"id": "c1", "token": "t1", "greeting": wire.config["greeting"]}

    @get("/widget/conversations/c1/messages")
    async def history(request: Request[Any, Any, Any]) -> Json:
        return wire.history(int(request.query_params["after"]))

    @post("/widget/conversations/c1/messages/stream", status_code=200)
    async def stream(request: Request[Any, Any, Any]) -> Stream:
        return Stream(wire.turn(await request.json()), media_type="text/event-stream")

    @websocket("/widget/conversations/c1/ws")
    async def live(socket: WebSocket[Any, Any, Any]) -> None:
        await socket.accept(subprotocols="frontdesk.v1")
        await wire.serve_socket(socket)

    routes = [page, script, texts, config, create, history, stream, live]
    return Litestar(routes, openapi_config=None)


@asynccontextmanager
async def fake_wire(**config: Any) -> AsyncGenerator[FakeWire]:
    """It serves in this loop, with a page that embeds the widget at `/`."""
    wire = FakeWire(**config)
    running = uvicorn.Server(
        uvicorn.Config(
            _app(wire),
            port=0,
            log_config=None,
            ws="websockets-sansio",
            timeout_graceful_shutdown=1,
        )
    )
    running.capture_signals = nullcontext  # type: ignore[assignment,method-assign]
    task = asyncio.create_task(running.serve())
    while not running.started:
        assert not task.done(), task.result()
        await asyncio.sleep(0.005)
    port = running.servers[0].sockets[0].getsockname()[1]
    wire.url = f"http://127.0.0.1:{port}"
    try:
        yield wire
    finally:
        running.should_exit = True
        await task
