"""Moments as they are stored: milliseconds since the epoch, UTC."""

import time
from datetime import UTC, datetime


def now_ms() -> int:
    return time.time_ns() // 1_000_000


def ms(at: datetime) -> int:
    """Of an aware time."""
    return int(at.timestamp() * 1000)


def instant(milliseconds: int) -> datetime:
    return datetime.fromtimestamp(milliseconds / 1000, UTC)


def rfc3339(milliseconds: int) -> str:
    """With milliseconds and a Z, as the wire and exports have it."""
    return instant(milliseconds).isoformat(timespec="milliseconds").replace("+00:00", "Z")
