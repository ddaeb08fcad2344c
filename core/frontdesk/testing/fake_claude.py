"""A server that speaks the Messages API of Claude, for tests, trials and benchmarks.

    async with FakeClaude([says("Hello"), fails(529, "overloaded_error")]) as fake:
        ...  # point a client at fake.url
    assert fake.violations == []

It checks every request as the real API would and answers 400 to a wrong one, without using up the
script. Run it alone with `python -m frontdesk.testing.fake_claude --port 0`.
"""

import argparse
import asyncio
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from typing import Any

import msgspec

from frontdesk.testing import fake_claude_checks as checks
from frontdesk.testing.fake_claude_cache import Accounted, PromptCache
from frontdesk.testing.fake_claude_default import from_customer
from frontdesk.testing.fake_claude_http import (
    HungUpError,
    Request,
    StreamWriter,
    hold,
    read_request,
    write_json,
)
from frontdesk.testing.fake_claude_replies import (
    Call,
    Event,
    Failure,
    Reply,
    Silence,
    call,
    calls,
    cut_call,
    events,
    fails,
    refuses,
    says,
    says_nothing,
    thinks,
)

__all__ = [
    "Call", "Failure", "FakeClaude", "Reply", "Silence", "call", "calls", "cut_call", "fails",
    "from_customer", "refuses", "says", "says_nothing", "thinks",
]  # fmt: skip

Body = dict[str, Any]
Answer = Reply | Failure | Silence
Script = Sequence[Answer] | Callable[[Body], Answer]


class FakeClaude:
    """An async context manager. The script is a list of answers, or computes each from a request.

    A list that is used up answers 500. `cache_minimum` is in tokens, as for the 5.5 models.
    Without `remember` the requests are not kept, for long runs.
    """

    def __init__(
        self,
        script: Script,
        *,
        cache_minimum: int = 512,
        remember: bool = True,
        host: str = "127.0.0.1",
        port: int = 0,
    ) -> None:
        self.requests: list[Body] = []
        self.headers: list[dict[str, str]] = []
        self.usages: list[Accounted] = []
        """What of each accepted prompt came from the cache."""
        self.violations: list[str] = []
        self.hangups = 0
        """Connections that the client closed within a response."""
        self.connections = 0
        """All that were ever opened."""
        self._script = script if callable(script) else _in_order(script)
        self._cache = PromptCache(cache_minimum)
        self._thoughts: dict[str, str] = {}
        self._remember = remember
        self._where = (host, port)
        self._server: asyncio.Server | None = None
        self._tasks: set[asyncio.Task[None]] = set()
        self._changed = asyncio.Event()
        self._count = 0

    @property
    def url(self) -> str:
        assert self._server, "the server runs within `async with`"
        host, port = self._server.sockets[0].getsockname()[:2]
        return f"http://{host}:{port}"

    async def __aenter__(self) -> "FakeClaude":
        self._server = await asyncio.start_server(self._connection, *self._where, limit=2**20)
        return self

    async def __aexit__(self, *_: object) -> None:
        assert self._server
        self._server.close()
        tasks = list(self._tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await self._server.wait_closed()

    async def until(self, holds: Callable[[], bool]) -> None:
        """Wait for something to happen here, such as `lambda: fake.hangups == 1`."""
        while not holds():
            await self._changed.wait()

    async def serve_forever(self) -> None:
        assert self._server
        await self._server.serve_forever()

    async def _connection(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task
        self._tasks.add(task)
        self.connections += 1
        try:
            while True:
                await self._exchange(reader, writer)
        except asyncio.IncompleteReadError:
            pass  # the client closed an idle connection
        except (ConnectionError, HungUpError):
            self.hangups += 1
        except asyncio.CancelledError:
            pass  # the server stops
        finally:
            self._tasks.discard(task)
            writer.transport.abort()
            self._notify()

    async def _exchange(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        request = await read_request(reader)
        self._count += 1
        body, answer = self._answer(request)
        self._notify()
        match answer:
            case Silence():
                await hold(reader, None)
            case Failure():
                headers = {"request-id": self._request_id, **answer.headers}
                error = msgspec.json.encode(answer.body(self._request_id))
                await write_json(writer, answer.status, headers, error)
            case Reply():
                await self._reply(answer, body, reader, writer)

    def _answer(self, request: Request) -> tuple[Body, Answer]:
        if (request.method, request.path) != ("POST", "/v1/messages"):
            return {}, Failure(404, "not_found_error", f"{request.path} is not here")
        body = msgspec.json.decode(request.body, type=Body)
        if self._remember:
            self.requests.append(body)
            self.headers.append(request.headers)
        return body, self._refusal(body, request.headers) or self._script(body)

    def _refusal(self, body: Body, headers: dict[str, str]) -> Failure | None:
        nobody = checks.authentication(headers)
        found = [nobody] if nobody else checks.problems(body, headers, self._thoughts)
        if not nobody and not body.get("stream"):
            found.append("stream: only streams are served here")
        self.violations += found
        if not found:
            return None
        if nobody:
            return Failure(401, "authentication_error", nobody)
        return Failure(400, "invalid_request_error", "; ".join(found))

    async def _reply(
        self,
        reply: Reply,
        body: Body,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
    ) -> None:
        usage = self._cache.account(body)
        if self._remember:
            self.usages.append(usage)
        if reply.delay:
            await hold(reader, reply.delay)
        out = StreamWriter(writer, reply.cut, buffered=not reply.pace)
        out.head(self._request_id)
        left = reply.after if reply.ending != "complete" else -1
        for event in self._events(reply, body, usage):
            if (event.is_delta and left == 0) or (event.name == "message_delta" and left >= 0):
                break
            if event.is_delta:
                left -= 1
                if reply.pace:
                    await hold(reader, reply.pace)
            await out.write(event.encode(reply.newline))
        if reply.ending == "error" and reply.failure:
            error = Event("error", reply.failure.body(self._request_id))
            await out.write(error.encode(reply.newline))
        await out.flush()
        if reply.ending == "silence":
            await hold(reader, None)
        if reply.ending == "abort":
            out.reset()
            raise asyncio.IncompleteReadError(b"", None)
        await out.end()

    def _events(self, reply: Reply, body: Body, usage: Accounted) -> Iterator[Event]:
        """The events, with every thinking block noted down as it goes out."""
        head: Body = {
            "id": f"msg_{self._count}",
            "type": "message",
            "role": "assistant",
            "model": body["model"],
            "content": [],
            "stop_reason": None,
            "stop_sequence": None,
            "usage": {**usage.wire(), "output_tokens": 1},
        }
        thought = ""
        for event in events(reply, head):
            delta: dict[str, str] = event.data.get("delta", {})
            thought += delta.get("thinking", "")
            if event.is_delta and "signature" in delta:
                self._thoughts[delta["signature"]] = thought
                thought = ""
            yield event

    @property
    def _request_id(self) -> str:
        return f"req_{self._count}"

    def _notify(self) -> None:
        self._changed.set()
        self._changed = asyncio.Event()


def _in_order(answers: Sequence[Answer]) -> Callable[[Body], Answer]:
    left = iter(answers)
    return lambda _: next(left, Failure(500, "api_error", "the script of the fake is used up"))


def main(arguments: Sequence[str] | None = None) -> None:
    """Serve until interrupted. Prints the address on the first line."""
    parser = argparse.ArgumentParser(prog="python -m frontdesk.testing.fake_claude")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=0, help="0 takes a free one")
    parser.add_argument("--deltas", type=int, default=40, help="text deltas of an answer")
    parser.add_argument("--pace", type=float, default=0.0, help="milliseconds between deltas")
    options = parser.parse_args(arguments)
    with suppress(KeyboardInterrupt):
        asyncio.run(_serve(options))


async def _serve(options: argparse.Namespace) -> None:
    script = from_customer(options.deltas, options.pace / 1000)
    async with FakeClaude(script, remember=False, host=options.host, port=options.port) as fake:
        print(fake.url, flush=True)
        await fake.serve_forever()


if __name__ == "__main__":
    main()
