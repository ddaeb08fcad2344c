"""Asking the models in order: retry what passes, fall back before the first word, never after it."""

import asyncio
import random
import time
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import aclosing
from typing import Any, cast

import msgspec
import structlog

from frontdesk.conversation import ModelCallRecord
from frontdesk.model import Model, ModelError, ModelReply, ModelRequest, TextDelta, Usage

log = structlog.get_logger("frontdesk.fallback")

TRIES = 3
LONGEST_WAIT = 5.0
"""Seconds. A provider that wants a longer pause is passed over for the next model."""


async def stream(
    models: Sequence[Model],
    request: ModelRequest,
    deadline: float,
    record: Callable[[ModelCallRecord], None],
    round_: int,
) -> AsyncIterator[TextDelta | ModelReply]:
    """The reply of the first model that gives one. `deadline` is a time of the event loop's clock.

    Every attempt is handed to `record`. Raises the last `ModelError` when no model answered, and
    at once when one broke off after its first word: the turn then decides how to go on.
    """
    last = ModelError("none", "no model is configured", retryable=False)
    for model in models:
        for attempt in range(TRIES):
            shown = replied = False
            watch = _Stopwatch(round_, model.name)
            try:
                # When the time is up, the last rung still gets a moment: it needs no network.
                left = max(deadline - asyncio.get_running_loop().time(), 1.0)
                timed = msgspec.structs.replace(request, seconds=left)
                async with aclosing(cast("Any", model.stream(timed))) as parts:
                    async for part in parts:
                        if isinstance(part, TextDelta):
                            shown = True
                            watch.first()
                        else:
                            replied = True
                            record(watch.replied(part))
                        yield part
                if replied:
                    return
                raise ModelError("cut", "the stream ended without a reply", retryable=True)
            except (asyncio.CancelledError, GeneratorExit):
                if not replied:
                    stopped = Usage(estimated=True)
                    record(
                        watch.failed(ModelError("cancelled", "", retryable=False, usage=stopped))
                    )
                raise
            except (Exception, SystemExit) as error:
                last = _as_model_error(error, model.name)
                record(watch.failed(last))
                if shown or replied:
                    raise last from error
                wait = _wait(last, attempt, deadline)
                if wait is None:
                    break
                await asyncio.sleep(wait)
    raise last


def _as_model_error(error: Exception | SystemExit, model: str) -> ModelError:
    """A model that breaks its contract is a model that did not answer: the next one is asked."""
    if isinstance(error, ModelError):
        return error
    log.exception("model broke", model=model)
    return ModelError("broken", type(error).__name__, retryable=False)


def _wait(error: ModelError, attempt: int, deadline: float) -> float | None:
    """Seconds to wait before the same model is asked again; None: do not."""
    if not error.retryable or attempt + 1 >= TRIES:
        return None
    # Full jitter (aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter), so that the
    # conversations of a busy minute do not come back together.
    backoff = random.uniform(0.1, min(LONGEST_WAIT, 0.5 * 2**attempt))  # noqa: S311
    wait = max(backoff, error.retry_after or 0.0)
    left = deadline - asyncio.get_running_loop().time()
    return wait if wait <= LONGEST_WAIT and wait < left / 2 else None


class _Stopwatch:
    def __init__(self, round_: int, provider: str) -> None:
        self._start = time.perf_counter()
        self._record = ModelCallRecord(round=round_, provider=provider)

    def _elapsed(self) -> int:
        return round((time.perf_counter() - self._start) * 1000)

    def first(self) -> None:
        if self._record.first_ms is None:
            self._record.first_ms = self._elapsed()

    def replied(self, reply: ModelReply) -> ModelCallRecord:
        self._used(reply.usage)
        self._record.model = reply.model
        self._record.tool_calls = len(reply.calls)
        self._record.stop = reply.stop
        self._record.request_id = reply.request_id
        return self._record

    def failed(self, error: ModelError) -> ModelCallRecord:
        self._used(error.usage)
        self._record.error = str(error)
        self._record.request_id = error.request_id
        return self._record

    def _used(self, usage: Usage) -> None:
        record = self._record
        record.latency_ms = self._elapsed()
        record.input, record.output = usage.input, usage.output
        record.cache_read, record.cache_write = usage.cache_read, usage.cache_write
        record.cost, record.estimated = usage.cost, usage.estimated
