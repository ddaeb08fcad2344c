"""What has to be done again and again, beside the turns: timers, sweeps, deliveries."""

import asyncio
from collections.abc import Awaitable, Callable

import msgspec
import structlog

log = structlog.get_logger("frontdesk.jobs")


class Job(msgspec.Struct, frozen=True, kw_only=True):
    """Runs once at the start and then `seconds` after each end. An exception is logged, and the
    job runs again in time. Every node runs it: take work by a compare-and-set in the database."""

    name: str
    seconds: float
    run: Callable[[], Awaitable[None]]


async def keep_running(job: Job) -> None:
    while True:
        try:
            await job.run()
        except Exception:
            log.exception("job failed", job=job.name)
        await asyncio.sleep(job.seconds)
