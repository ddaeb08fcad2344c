"""Businesses in the database, and a short memory of them."""

import re
import time
from datetime import datetime

import msgspec

from frontdesk.business import ID_PATTERN, Business
from frontdesk.database import Database
from frontdesk.instants import ms, now_ms

_ID = re.compile(ID_PATTERN)
FRESH_SECONDS = 1.0
"""A change made by another process is seen after this at the latest."""


class Cache:
    """The same object as long as the profile is unchanged, so that what hangs on it can be kept."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._known: dict[str, tuple[float, int, Business]] = {}

    async def get(self, identifier: str) -> Business | None:
        known = self._known.get(identifier)
        if known is not None and time.monotonic() - known[0] < FRESH_SECONDS:
            return known[2]
        if not _ID.fullmatch(identifier):
            return None
        row = await self._database.one("SELECT * FROM business WHERE id = {}", identifier)
        if row is None:
            self._known.pop(identifier, None)
            return None
        if known is not None and known[1] == row["updated"]:
            business = known[2]
        else:
            business = msgspec.json.decode(row["profile"], type=Business)
        self._known[identifier] = (time.monotonic(), row["updated"], business)
        return business

    def forget(self, identifier: str) -> None:
        self._known.pop(identifier, None)


async def all_of(database: Database) -> list[Business]:
    rows = await database.fetch("SELECT profile FROM business ORDER BY id")
    return [msgspec.json.decode(row["profile"], type=Business) for row in rows]


async def save(database: Database, business: Business) -> bool:
    """True when it is new."""
    profile = msgspec.json.encode(business).decode()
    async with database.transaction():
        old = await database.one("SELECT 1 FROM business WHERE id = {}", business.id)
        # Always later than before, so that every cache sees the change.
        await database.fetch(
            "INSERT INTO business (id, profile, updated) VALUES ({}, {}, {}) "
            "ON CONFLICT (id) DO UPDATE SET profile = excluded.profile, updated = CASE "
            "WHEN excluded.updated > business.updated THEN excluded.updated "
            "ELSE business.updated + 1 END",
            business.id, profile, now_ms(),
        )  # fmt: skip
    return old is None


async def cost_of_month(database: Database, business: str, now: datetime) -> int:
    """What models cost in the calendar month of `now` (UTC), in millionths of a US dollar."""
    start = now.replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    row = await database.one(
        "SELECT COALESCE(SUM(cost), 0) AS cost FROM ai_usage WHERE business = {} AND created >= {}",
        business, ms(start),
    )  # fmt: skip
    return int(row["cost"]) if row else 0
