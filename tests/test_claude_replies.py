"""What the claude plugin makes of a stream: a real SDK and socket, a server that checks."""

import asyncio
import sys
from typing import Any
from unittest.mock import patch

import msgspec
import pytest
from support_claude import KEY, desk, no_environment, request, rig, settings, tool, user

from frontdesk.model import Opaque, ToolCall, ToolResult, ToolUse
from frontdesk.testing.fake_claude import (
    Reply,
    call,
    calls,
    cut_call,
    fails,
    refuses,
    says,
    says_nothing,
    thinks,
)
from frontdesk_plugins.claude import Claude, ClaudeSettings, prices
from frontdesk_plugins.claude.stream import CUT, NOT_JSON

__all__ = ["no_environment"]  # fixtures


async def test_words_come_as_deltas_and_then_the_reply() -> None:
    async with rig(says("Hello, Zoë 🙂 How can I help?", deltas=6).paced(0.001)) as r:
        deltas, reply = await r.ask()
        assert len(deltas) == 6
        assert reply.text == "Hello, Zoë 🙂 How can I help?"
        assert (reply.stop, reply.calls, reply.opaque) == ("end", (), None)
        assert reply.model == "claude-haiku-5-5"
        assert reply.request_id == "req_1"
        assert reply.usage.input > 0
        assert reply.usage.output > 0
        assert not reply.usage.estimated
        assert r.fake.violations == []
        assert r.fake.headers[0]["authorization"] == f"Bearer {KEY}"
        assert r.fake.headers[0]["anthropic-version"] == "2026-10-21"
        assert r.fake.headers[0]["accept-encoding"] == "identity"


@pytest.mark.parametrize("size", [1, 2, 3, 7])
@pytest.mark.parametrize("newline", [b"\n", b"\r\n"])
async def test_bytes_may_be_cut_anywhere(size: int, newline: bytes) -> None:
    answer = calls(call("book", {"name": "Zoë 🙂"}), text="Olá 🙂, já vou…")
    async with rig(answer.cut_every(size, newline)) as r:
        _, reply = await r.ask(request(tools=(tool("book"),)))
        assert reply.text == "Olá 🙂, já vou…"
        assert reply.calls == (ToolCall("toolu_1_1", "book", {"name": "Zoë 🙂"}),)


async def test_calls_come_in_the_order_of_the_model() -> None:
    wanted = (call("check", {"day": "2026-11-30"}, "a"), call("book", {"n": 2}, "b"), call("check"))
    async with rig(calls(*wanted, text="One moment.")) as r:
        _, reply = await r.ask(request(tools=(tool("book"), tool("check"))))
        assert reply.stop == "tool_use"
        assert reply.text == "One moment."
        assert reply.calls == (
            ToolCall("a", "check", {"day": "2026-11-30"}),
            ToolCall("b", "book", {"n": 2}),
            ToolCall("toolu_1_3", "check", {}),
        )


@pytest.mark.parametrize(
    ("answer", "problem"),
    [
        (cut_call("book", '{"name": "Zoë Smith", "when": "2026-11-30T1'), CUT),
        (cut_call("book", '{"name": "Zoë'), CUT),
        (cut_call("book", '{"name": "Zoë', closed=False), CUT),
        (cut_call("book", '{"name": "Zoë"}', closed=False), CUT),
        (cut_call("book", ""), CUT),
        (cut_call("book", '{"name": "Zoë"}'), ""),
    ],
)
async def test_a_call_that_was_cut_off_says_so(answer: Reply, problem: str) -> None:
    async with rig(answer) as r:
        _, reply = await r.ask(request(tools=(tool("book"),)))
        assert reply.stop == "max_tokens"
        (made,) = reply.calls
        assert made.problem == problem
        assert made.arguments == ({} if problem else {"name": "Zoë"})


@pytest.mark.parametrize("json", ['{"name": }', "[1]", '"text"', "nonsense", '{"n": NaN}'])
async def test_arguments_that_are_no_object_are_a_problem(json: str) -> None:
    broken = msgspec.structs.replace(call("book"), json=json)
    async with rig(calls(broken, call("book", {"n": 1}))) as r:
        _, reply = await r.ask(request(tools=(tool("book"),)))
        assert [made.problem for made in reply.calls] == [NOT_JSON, ""]
        assert [made.arguments for made in reply.calls] == [{}, {"n": 1}]


async def test_only_the_last_call_is_cut_by_the_limit() -> None:
    answer = calls(call("book", {"n": 1}), msgspec.structs.replace(call("book"), json='{"n"'))
    async with rig(msgspec.structs.replace(answer, stop="max_tokens")) as r:
        _, reply = await r.ask(request(tools=(tool("book"),)))
        assert [made.problem for made in reply.calls] == ["", CUT]


@pytest.mark.parametrize(
    ("stop", "expected"),
    [
        ("end_turn", "end"),
        ("stop_sequence", "end"),
        ("max_tokens", "max_tokens"),
        ("model_context_window_exceeded", "context_full"),
        ("pause_turn", "pause"),
        ("compaction", "other"),
        (None, "other"),
    ],
)
async def test_stop_reasons(stop: str | None, expected: str) -> None:
    async with rig(msgspec.structs.replace(says("Well"), stop=stop)) as r:
        _, reply = await r.ask()
        assert reply.stop == expected


async def test_a_refusal_has_no_calls() -> None:
    answer = msgspec.structs.replace(calls(call("book", {"n": 1}), text="Well"), stop="refusal")
    async with rig(refuses("I would ra"), answer) as r:
        _, reply = await r.ask()
        assert (reply.stop, reply.text) == ("refusal", "I would ra")
        _, reply = await r.ask()
        assert (reply.stop, reply.calls) == ("refusal", ())


async def test_an_empty_message_is_an_empty_reply() -> None:
    async with rig(says_nothing()) as r:
        deltas, reply = await r.ask()
        assert (deltas, reply.text, reply.stop) == ([], "", "end")


async def test_texts_on_both_sides_of_a_call_are_kept_apart() -> None:
    both = Reply(blocks=(*says("Looking.").blocks, call("check"), *says("Done.").blocks))
    async with rig(both) as r:
        _, reply = await r.ask()
        assert reply.text == "Looking.\n\nDone."


async def test_thinking_is_not_shown_and_goes_back_unchanged() -> None:
    async with rig(thinks(calls(call("book", {"n": 1})), "Zoë wants\n  a table"), says("Yes")) as r:
        tools = (tool("book"),)
        deltas, reply = await r.ask(request(tools=tools))
        assert deltas == []
        assert reply.opaque
        stored = msgspec.json.decode(msgspec.json.encode(reply.opaque), type=Opaque)
        said = desk("One moment.", *map(ToolUse, reply.calls), stored)
        answered = user(ToolResult(reply.calls[0].id, "Booked."))
        await r.ask(request(user("Hello"), said, answered, tools=tools))
        content = r.fake.requests[1]["messages"][1]["content"]
        assert [block["type"] for block in content] == ["thinking", "text", "tool_use"]
        assert content[0]["thinking"] == "Zoë wants\n  a table"
        assert r.fake.violations == []


async def test_a_connection_is_used_again() -> None:
    async with rig(says("One"), says("Two"), fails(529, "overloaded_error"), says("Three")) as r:
        await r.ask()
        await r.ask()
        await r.error()
        await r.ask()
        assert r.fake.connections == 1


async def test_fifty_first_requests_make_one_client() -> None:
    async with rig(*[says("Hello")] * 50) as r:
        with patch("frontdesk_plugins.claude.model._connect", wraps=_connect) as connect:
            await asyncio.gather(*(r.ask() for _ in range(50)))
        assert connect.call_count == 1
        assert len(r.fake.requests) == 50


def _connect(chosen: ClaudeSettings) -> Any:
    from frontdesk_plugins.claude.sdk import Connection

    return Connection(chosen)


async def test_warm_up_needs_no_network() -> None:
    model = Claude(settings(base_url="http://127.0.0.1:9"), prices.load())
    await model.warm_up()
    assert "anthropic" in sys.modules
    await model.close()
    await model.close()
