"""How fast texts leave. Networks carry so many segments a second for each kind of number; what comes
faster waits at Twilio, where nobody can call it back.

It is kept in each process for itself: several nodes together may be faster, and then Twilio waits.
"""

import asyncio
import re
import time
from collections.abc import Awaitable, Callable

_TOLL_FREE = re.compile(r"\+18(?:00|33|44|55|66|77|88)\d{7}")
BURST_SECONDS = 10.0
"""Of its rate that a number may send at once: one long answer does not wait for itself."""
LONGEST_WAIT = 15.0
"""Seconds. Who would wait longer gives the place to others and comes again."""
GAP_SECONDS = 1.2
"""Between the parts of a text, which arrive in any order when they leave at once."""


def rate(sender: str) -> float:
    """Segments a second that a number may send."""
    if not sender.startswith("+"):
        return 100  # a short code
    if _TOLL_FREE.fullmatch(sender):
        return 3
    return 1 if sender.startswith("+1") else 10


class Pace:
    """A bucket of segments for each sender."""

    def __init__(
        self,
        *,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        """`clock` tells seconds."""
        self._clock = clock
        self.sleep = sleep
        self._buckets: dict[str, tuple[float, float]] = {}
        """(segments left, as of when) by sender. It goes below zero: who comes next waits."""

    async def take(self, sender: str, segments: int) -> float:
        """Wait for a place. Returns 0, or the seconds to wait when they are too many."""
        speed, now = rate(sender), self._clock()
        left, then = self._buckets.get(sender, (speed * BURST_SECONDS, now))
        left = min(speed * BURST_SECONDS, left + (now - then) * speed)
        wait = max(0.0, -left / speed)
        if wait > LONGEST_WAIT:
            return wait
        self._buckets[sender] = left - segments, now
        if wait:
            await self.sleep(wait)
        return 0
