"""The fake of the Messages API refuses what the real one refuses, spoken to without any SDK."""

import asyncio
import re
import sys
from typing import Any

import msgspec
import pytest

from frontdesk.testing.fake_claude import (
    FakeClaude,
    Silence,
    call,
    calls,
    fails,
    from_customer,
    says,
    thinks,
)

HEADERS = {
    "authorization": "Bearer key",
    "anthropic-version": "2026-10-21",
    "content-type": "application/json",
}
TOOL = {"name": "book", "description": "Books.", "input_schema": {"type": "object"}}
Json = dict[str, Any]


def body(*messages: Json, **changes: Any) -> Json:
    given = {
        "model": "claude-haiku-5-5",
        "max_tokens": 100,
        "stream": True,
        "messages": list(messages) or [user("Hello")],
    }
    return {**given, **changes}


def text(words: str, **more: Any) -> Json:
    return {"type": "text", "text": words, **more}


def use(id_: str = "a", name: str = "book") -> Json:
    return {"type": "tool_use", "id": id_, "name": name, "input": {}}


def result(id_: str = "a") -> Json:
    return {"type": "tool_result", "tool_use_id": id_, "content": "Done"}


def user(*content: Any) -> Json:
    return {"role": "user", "content": [text(c) if isinstance(c, str) else c for c in content]}


def desk(*content: Any) -> Json:
    return {**user(*content), "role": "assistant"}


class Client:
    """One connection, kept open."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader = reader
        self.writer = writer

    async def send(self, asked: Json, headers: dict[str, str] = HEADERS, at: str = "") -> None:
        data = msgspec.json.encode(asked)
        lines = [f"POST {at or '/v1/messages'} HTTP/1.1", f"content-length: {len(data)}"]
        lines += [f"{name}: {value}" for name, value in headers.items()]
        self.writer.write("\r\n".join(lines).encode() + b"\r\n\r\n" + data)
        await self.writer.drain()

    async def receive(self) -> tuple[int, bytes]:
        head = await self.reader.readuntil(b"\r\n\r\n")
        status = int(head.split(b" ")[1])
        if length := re.search(rb"content-length: (\d+)", head):
            return status, await self.reader.readexactly(int(length[1]))
        found = b""
        while size := int(await self.reader.readline(), 16):
            found += (await self.reader.readexactly(size + 2))[:-2]
        await self.reader.readline()
        return status, found

    async def ask(self, asked: Json, **more: Any) -> tuple[int, Any]:
        """The status, and the events or the error."""
        await self.send(asked, **more)
        status, data = await self.receive()
        if status != 200:
            return status, msgspec.json.decode(data)["error"]
        parts = [part.split("\ndata: ") for part in data.decode().split("\n\n") if part]
        decoded = [msgspec.json.decode(json) for _, json in parts]
        assert [name.removeprefix("event: ") for name, _ in parts] == [e["type"] for e in decoded]
        return status, decoded


class talk:  # noqa: N801
    """`async with talk(fake) as client`."""

    def __init__(self, fake: FakeClaude) -> None:
        self._fake = fake

    async def __aenter__(self) -> Client:
        host, port = self._fake.url.removeprefix("http://").split(":")
        self._client = Client(*await asyncio.open_connection(host, int(port)))
        return self._client

    async def __aexit__(self, *_: object) -> None:
        self._client.writer.close()
        await self._client.writer.wait_closed()


TWO_CALLS = desk(use("a"), use("b"))

WRONG: list[tuple[str, Json]] = [
    ("temperature: Extra inputs", body(temperature=1)),
    ("top_p: Extra inputs", body(top_p=1)),
    ("top_k: Extra inputs", body(top_k=1)),
    ("model", body(model="gpt")),
    ("max_tokens", body(max_tokens=0)),
    ("max_tokens", body(max_tokens=200_000)),
    ("thinking.type", body(thinking={"type": "a lot"})),
    ("thinking.type", body(model="claude-sonnet-5-5", thinking={"type": "disabled"})),
    ("tool_choice", body(model="claude-opus-5-5", tools=[TOOL], tool_choice={"type": "any"})),
    ("tool_choice", body(tool_choice={"type": "none"})),
    ("effort", body(thinking={"type": "disabled"}, output_config={"effort": "max"})),
    ("non-whitespace", body(system=" ")),
    ("non-whitespace", body(system=[text("")])),
    ("at least one message", body(messages=[])),
    ("must not be empty", body(user())),
    ("non-whitespace", body(user("Hello", " "))),
    ("first message", body(desk("Hello"), user("Hello"))),
    ("prefill", body(user("Hello"), desk("Hello"))),
    ("role", body({"role": "tool", "content": "x"}, user("x"))),
    ("must follow a user", body(user("a"), desk("b"), {"role": "system", "content": "c"})),
    ("not allowed", body(user(use()), tools=[TOOL])),
    ("not allowed", body(user("a"), desk(result()), user("b"), tools=[TOOL])),
    ("without tool_result", body(user("a"), desk(use()), user("b"), tools=[TOOL])),
    ("without tool_result", body(user("a"), TWO_CALLS, user(result("a")), tools=[TOOL])),
    ("unexpected", body(user(result()), tools=[TOOL])),
    ("unexpected", body(user("a"), desk(use()), user(result(), result("x")), tools=[TOOL])),
    ("come first", body(user("a"), desk(use()), user("b", result()), tools=[TOOL])),
    ("single result", body(user("a"), desk(use()), user(result(), result()), tools=[TOOL])),
    ("unique", body(user("a"), desk(use(), use()), user(result()), tools=[TOOL])),
    ("unique", body(user("a"), *[desk(use()), user(result())] * 2, tools=[TOOL])),
    (".id: must match", body(user("a"), desk(use("a b")), user(result("a b")), tools=[TOOL])),
    ("tools: required", body(user("a"), desk(use()), user(result()))),
    ("invalid signature", body(user("a"), desk({"type": "thinking", "signature": "x"}), user("b"))),
    ("must be unique", body(tools=[TOOL, TOOL])),
    ("name: must match", body(tools=[{**TOOL, "name": "book it"}])),
    ("must be object", body(tools=[{**TOOL, "input_schema": {"type": "array"}}])),
    ("maximum of 4", body(user(*[text("x", cache_control={"type": "ephemeral"})] * 5))),
    ("only streams", body(stream=False)),
]


@pytest.mark.parametrize(("said", "wrong"), WRONG)
async def test_a_wrong_request_is_refused_and_noted(said: str, wrong: Json) -> None:
    async with FakeClaude([says("Hello")]) as fake, talk(fake) as client:
        status, error = await client.ask(wrong)
        assert (status, error["type"]) == (400, "invalid_request_error")
        assert said in error["message"]
        assert any(said in violation for violation in fake.violations)
        status, _ = await client.ask(body())  # the script was not used up
        assert status == 200


@pytest.mark.parametrize(
    ("said", "schema"),
    [
        ("property keys", {"properties": {"a b": {}}}),
        ("property keys", {"properties": {"a": {"type": "object", "properties": {"ö": {}}}}}),
        ("additionalProperties", {"properties": {"a": {"type": "object"}}}),
        ("pattern", {"properties": {"a": {"items": {"pattern": "x"}}}}),
        ("minimum", {"properties": {}, "$defs": {"a": {"anyOf": [{"minimum": 1}]}}}),
    ],
)
async def test_wrong_schemas(said: str, schema: Json) -> None:
    made = {**TOOL, "strict": True, "input_schema": {"type": "object", **schema}}
    async with FakeClaude([]) as fake, talk(fake) as client:
        _, error = await client.ask(body(tools=[made]))
        assert said in error["message"]


RIGHT = [
    body(user("Hello"), desk("Hi"), user("So"), system="Be kind", metadata={"user_id": "x"}),
    body(user("a"), TWO_CALLS, user(result("b"), result("a"), "c"), tools=[TOOL]),
    body(user("a"), TWO_CALLS, user(result("a")), user(result("b")), tools=[TOOL]),
    body({"role": "user", "content": "a"}, {"role": "system", "content": "b"}, user("c")),
    body(tools=[TOOL], tool_choice={"type": "none"}, thinking={"type": "disabled"}),
]


@pytest.mark.parametrize("right", RIGHT)
async def test_a_right_request_is_answered(right: Json) -> None:
    async with FakeClaude([says("Hello")]) as fake, talk(fake) as client:
        status, _ = await client.ask(right)
        assert (status, fake.violations) == (200, [])
        assert fake.requests == [right]


@pytest.mark.parametrize(
    ("missing", "status"),
    [("authorization", 401), ("anthropic-version", 400), ("content-type", 400)],
)
async def test_headers_are_needed(missing: str, status: int) -> None:
    left = {name: value for name, value in HEADERS.items() if name != missing}
    async with FakeClaude([]) as fake, talk(fake) as client:
        assert (await client.ask(body(), headers=left))[0] == status
        assert len(fake.violations) == 1


async def test_the_events_of_a_message() -> None:
    reply = thinks(calls(call("book", {"n": 1}), call("book"), text="Hi"), "Hm")
    async with FakeClaude([reply]) as fake, talk(fake) as client:
        _, events = await client.ask(body(tools=[TOOL]))
        inner: list[Json] = [e.get("content_block") or e.get("delta") or {} for e in events]
        kinds = [i.get("type", e["type"]) for i, e in zip(inner, events, strict=True)]
        assert kinds == [
            "message_start", "ping",
            "thinking", "thinking_delta", "signature_delta", "content_block_stop",
            "text", "text_delta", "content_block_stop",
            "tool_use", "input_json_delta", "input_json_delta", "content_block_stop",
            "tool_use", "content_block_stop",
            "message_delta", "message_stop",
        ]  # fmt: skip
        assert events[-2]["delta"]["stop_reason"] == "tool_use"
        signature = events[4]["delta"]["signature"]
        thought = {"type": "thinking", "thinking": "Hm", "signature": signature}
        status, _ = await client.ask(body(user("a"), desk(thought, "Hi"), user("b")))
        assert status == 500  # the script is used up, but the thought was accepted
        _, error = await client.ask(body(user("a"), desk({**thought, "thinking": "H"}), user("b")))
        assert "invalid signature" in error["message"]


async def test_a_script_can_compute_its_answers() -> None:
    def script(asked: Json) -> Any:
        return says(asked["messages"][0]["content"][0]["text"], deltas=1)

    async with FakeClaude(script) as fake, talk(fake) as client:
        _, events = await client.ask(body(user("Echo")))
        assert events[3]["delta"]["text"] == "Echo"


async def test_errors_and_other_addresses() -> None:
    answer = fails(429, "rate_limit_error", "Slow down", code="x_limit", retry_after="3")
    async with FakeClaude([answer]) as fake, talk(fake) as client:
        status, error = await client.ask(body())
        assert status == 429
        assert error["details"] == {"error_code": "x_limit"}
        assert (await client.ask(body(), at="/v1/models"))[0] == 404


async def test_hang_ups_are_counted_and_idle_connections_are_not() -> None:
    async with FakeClaude([says("Hello"), Silence()]) as fake:
        async with talk(fake) as client:
            await client.ask(body())
        async with talk(fake) as client:
            await client.send(body())
            await fake.until(lambda: len(fake.requests) == 2)
        await fake.until(lambda: fake.hangups == 1)
        assert fake.connections == 2


async def test_stopping_does_not_wait_for_silent_answers() -> None:
    fake = FakeClaude([Silence()])
    await fake.__aenter__()
    async with talk(fake) as client:
        await client.send(body())
        await fake.until(lambda: len(fake.requests) == 1)
        async with asyncio.timeout(5):
            await fake.__aexit__()


def marked(words: str) -> Json:
    return text(words, cache_control={"type": "ephemeral"})


async def test_the_prompt_cache() -> None:
    long = "The desk of a café. " * 200
    grown = [user(text("Hello")), desk("Hi")]
    async with FakeClaude([says("Hi")] * 6) as fake, talk(fake) as client:
        await client.ask(body(user(marked("Hello")), system=[marked(long)]))
        await client.ask(body(*grown, user(marked("So?")), system=[marked(long)]))
        await client.ask(body(*grown, user(marked("So?")), system=[marked(long + "!")]))
        await client.ask(body(*grown, user(marked("So?")), model="claude-haiku-4-5"))
        await client.ask(body(user(marked("short"))))
        await client.ask(body(user(marked("short"))))
        first, second, other, *small = fake.usages
        assert (first.cache_read, first.input) == (0, 0)
        assert first.cache_write > 1000
        assert second.cache_read == first.cache_write
        assert second.cached_share > 0.9
        assert other.cache_read == 0
        assert all(usage.cache_read == usage.cache_write == 0 for usage in small)


async def test_what_it_says_on_its_own() -> None:
    words = 'Please\ncall: book {"n": 1}\ncall: unknown {}\ncall: book'
    async with FakeClaude(from_customer(deltas=20)) as fake, talk(fake) as client:
        _, events = await client.ask(body(user("Hi")))
        assert sum(event["type"] == "content_block_delta" for event in events) == 20
        _, events = await client.ask(body(user(words), tools=[TOOL]))
        made = [event["content_block"] for event in events if "content_block" in event]
        assert [block["name"] for block in made] == ["book", "book"]
        ids = [block["id"] for block in made]
        answered = (user(words), desk(*map(use, ids)), user(*map(result, ids)))
        _, events = await client.ask(body(*answered, tools=[TOOL]))
        assert events[2]["content_block"]["type"] == "text"
        barred = body(user(words), tools=[TOOL], tool_choice={"type": "none"})
        _, events = await client.ask(barred)
        assert events[2]["content_block"]["type"] == "text"
        assert fake.violations == []


async def test_it_runs_alone() -> None:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "frontdesk.testing.fake_claude", "--deltas", "3", "--pace", "1",
        stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
    )  # fmt: skip
    assert process.stdout
    assert process.stderr
    url = (await process.stdout.readline()).decode().strip()
    host, port = url.removeprefix("http://").split(":")
    client = Client(*await asyncio.open_connection(host, int(port)))
    status, events = await client.ask(body())
    assert status == 200
    assert sum(event["type"] == "content_block_delta" for event in events) == 3
    client.writer.close()
    await client.writer.wait_closed()
    process.terminate()
    await process.wait()
    assert await process.stderr.read() == b""
