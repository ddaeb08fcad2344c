"""What goes wrong with Claude: statuses, streams that break off, silence, and nobody who listens."""

import asyncio
from contextlib import aclosing
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
from support_claude import KEY, no_environment, request, rig, settings

from frontdesk import ModelError, Usage
from frontdesk.model import TextDelta
from frontdesk.testing.fake_claude import Answer, Silence, fails, says
from frontdesk_plugins.claude import Claude, prices
from frontdesk_plugins.claude.errors import retry_after
from frontdesk_plugins.claude.stream import Reader

__all__ = ["no_environment"]  # fixtures


@pytest.mark.parametrize(
    ("status", "type_", "code", "kind", "retryable"),
    [
        (400, "invalid_request_error", "", "bad_request", False),
        (401, "authentication_error", "", "auth", False),
        (402, "billing_error", "", "spend_limit", False),
        (403, "permission_error", "", "auth", False),
        (404, "not_found_error", "", "bad_request", False),
        (408, "timeout_error", "", "timeout", True),
        (413, "request_too_large", "", "bad_request", False),
        (429, "rate_limit_error", "", "rate_limit", True),
        (429, "rate_limit_error", "enforced_spend_limit_reached", "spend_limit", False),
        (429, "rate_limit_error", "contract_spend_limit_reached", "spend_limit", False),
        (429, "rate_limit_error", "ramp_limit_exceeded", "rate_limit", True),
        (500, "api_error", "", "server", True),
        (503, "api_error", "", "server", True),
        (529, "overloaded_error", "", "overloaded", True),
    ],
)
async def test_error_statuses(
    status: int, type_: str, code: str, kind: str, retryable: bool
) -> None:
    async with rig(fails(status, type_, f"no {KEY}", code=code)) as r:
        error = await r.error()
        assert (error.kind, error.retryable) == (kind, retryable)
        assert error.request_id == "req_1"
        assert error.usage == Usage()
        assert str(status) in str(error)
        assert "[key]" in str(error)
        assert len(r.fake.requests) == 1


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({}, None),
        ({"retry-after": "7"}, 7.0),
        ({"retry-after": "7", "retry-after-ms": "1500"}, 1.5),
        ({"retry-after": "soon"}, None),
        ({"retry-after": "nan"}, None),
        ({"retry-after": "Wed, 21 Oct 2015 07:28:00 GMT"}, 0.0),
    ],
)
async def test_retry_after(headers: dict[str, str], seconds: float | None) -> None:
    async with rig(fails(429, "rate_limit_error", headers=headers)) as r:
        assert (await r.error()).retry_after == seconds


def test_retry_after_as_a_date() -> None:
    at = format_datetime(datetime.now(UTC) + timedelta(seconds=60), usegmt=True)
    assert 50 < (retry_after({"retry-after": at}) or 0) <= 60


async def test_the_api_may_say_that_a_retry_is_pointless() -> None:
    async with rig(fails(529, "overloaded_error", headers={"x-should-retry": "false"})) as r:
        assert not (await r.error()).retryable


@pytest.mark.parametrize(
    ("type_", "kind", "retryable"),
    [
        ("overloaded_error", "overloaded", True),
        ("api_error", "server", True),
        ("rate_limit_error", "rate_limit", True),
        ("timeout_error", "timeout", True),
        ("brand_new_error", "server", True),
        ("invalid_request_error", "bad_request", False),
    ],
)
async def test_an_error_event_within_the_stream(type_: str, kind: str, retryable: bool) -> None:
    async with rig(says("Hello there", deltas=4).breaks(type_, 2)) as r:
        deltas: list[str] = []
        error = await r.error(deltas=deltas)
        assert "".join(deltas) == "Hello "  # though it came in one piece with the error
        assert (error.kind, error.retryable) == (kind, retryable)
        assert error.request_id == "req_1"
        assert error.usage.estimated
        assert error.usage.input > 0
        assert error.usage.cost


async def test_what_was_said_before_an_abort_arrives_and_is_paid() -> None:
    async with rig(says("Hello there, Zoë", deltas=4).paced(0.001).aborts(3)) as r:
        deltas: list[str] = []
        error = await r.error(deltas=deltas)
        assert (error.kind, error.retryable) == ("cut", True)
        assert deltas
        assert error.usage.estimated
        assert error.usage.output == len("".join(deltas)) // 4
        assert error.usage.input == r.fake.usages[0].input
        assert error.usage.cost


@pytest.mark.parametrize("after", [0, 2, 99])
async def test_a_stream_without_an_end_is_cut(after: int) -> None:
    async with rig(says("Hello there", deltas=4).ends_early(after)) as r:
        error = await r.error()
        assert (error.kind, error.retryable) == ("cut", True)
        assert error.usage.input > 0


async def test_a_stream_that_is_no_stream_is_cut() -> None:
    async with rig(fails(200, "api_error")) as r:
        error = await r.error()
        assert error.kind == "cut"
        assert error.usage == Usage()


@pytest.mark.parametrize(
    "answer", [Silence(), says("Hello").falls_silent(0), says("Hello there").falls_silent(1)]
)
async def test_silence_ends_by_the_read_timeout(answer: Answer) -> None:
    async with rig(answer, read_timeout=0.1, timeout=5) as r:
        error = await r.error()
        assert (error.kind, error.retryable) == ("timeout", True)
        await r.fake.until(lambda: r.fake.hangups == 1)


async def test_a_call_that_never_stops_talking_ends_by_the_timeout() -> None:
    async with rig(says("word " * 500, deltas=500).paced(0.02), timeout=0.3) as r:
        error = await r.error()
        assert error.kind == "timeout"
        assert error.usage.output > 0
        await r.fake.until(lambda: r.fake.hangups == 1)


async def test_nobody_listens() -> None:
    model = Claude(settings(base_url="http://127.0.0.1:9"), prices.load())
    async with aclosing(model.stream(request())) as stream:
        with pytest.raises(ModelError) as caught:
            await anext(stream)
    assert (caught.value.kind, caught.value.retryable) == ("connection", True)
    await model.close()


@pytest.mark.parametrize("answer", [says("Hello there").falls_silent(1), Silence()])
async def test_cancelling_closes_the_socket(answer: Answer) -> None:
    async with rig(answer) as r:
        task = asyncio.create_task(r.ask())
        await r.fake.until(lambda: len(r.fake.requests) == 1)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        async with asyncio.timeout(1):
            await r.fake.until(lambda: r.fake.hangups == 1)


async def test_leaving_the_stream_closes_the_socket() -> None:
    async with rig(says("Hello there", deltas=4).paced(0.001).falls_silent(2)) as r:
        async with aclosing(r.model.stream(request())) as stream:
            assert isinstance(await anext(stream), TextDelta)
        async with asyncio.timeout(1):
            await r.fake.until(lambda: r.fake.hangups == 1)


def test_an_unreadable_event_is_an_error_of_the_server() -> None:
    for data in (b"{nonsense", b'{"index": "x"}', b'{"index":0,"delta":{"text":"\xff"}}'):
        reader = Reader()
        reader.feed(b"event: content_block_delta\ndata: " + data + b"\n\n")
        assert reader.fault
        assert (reader.fault.kind, reader.fault.retryable) == ("server", True)


def test_what_is_new_in_the_stream_is_ignored() -> None:
    reader = Reader()
    assert not reader.feed(
        b'event: brand_new\ndata: {"type": "brand_new"}\n\n'
        b": a comment\n\n"
        b'data: {"type": "nameless"}\n\n'
        b'event: content_block_start\ndata: {"index": 0, "content_block": {"type": "new"}}\n\n'
        b'event: content_block_delta\ndata: {"index": 0, "delta": {"type": "new_delta"}}\n\n'
        b'event: content_block_delta\ndata: {"index": 9, "delta": {"text": "nowhere"}}\n\n'
        b'event: content_block_stop\ndata: {"index": 0}\n\n'
        b"event: message_stop\ndata: {}\n\n"
    )
    assert reader.done
    assert reader.opaque() == [{"type": "new"}]
