"""Token buckets, for whatever must not come too often."""

import time
from collections import OrderedDict
from collections.abc import Callable

from frontdesk.errors import LimitError

LARGEST = 100_000
"""Keys that a limit remembers. The longest unused is forgotten first, so memory is bounded."""


class RateLimit:
    """At most `count` in `seconds` for each key, in bursts or spread. A count of 0 is no limit."""

    def __init__(
        self, name: str, count: int, seconds: float, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self.name = name
        self._count = count
        self._rate = count / seconds
        self._clock = clock
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def take(self, key: str) -> None:
        """Raises LimitError, with the seconds until the next is allowed, when there is none left."""
        if not self._count:
            return
        now = self._clock()
        left, at = self._buckets.pop(key, (float(self._count), now))
        left = min(float(self._count), left + (now - at) * self._rate)
        allowed = left >= 1
        self._buckets[key] = (left - 1 if allowed else left, now)
        if len(self._buckets) > LARGEST:
            self._buckets.popitem(last=False)
        if not allowed:
            raise LimitError(self.name, (1 - left) / self._rate)

    def give(self, key: str) -> None:
        """Take one back."""
        if key in self._buckets:
            left, at = self._buckets[key]
            self._buckets[key] = (min(float(self._count), left + 1), at)


class Occupancy:
    """At most `count` at the same time for each key. A count of 0 is no limit."""

    def __init__(self, name: str, count: int) -> None:
        self.name = name
        self._count = count
        self._taken: dict[str, int] = {}

    def enter(self, key: str) -> None:
        """Raises LimitError when full. Each `enter` needs its `leave`."""
        taken = self._taken.get(key, 0)
        if self._count and taken >= self._count:
            raise LimitError(self.name, 10.0)
        self._taken[key] = taken + 1

    def leave(self, key: str) -> None:
        taken = self._taken.pop(key) - 1
        if taken:
            self._taken[key] = taken
