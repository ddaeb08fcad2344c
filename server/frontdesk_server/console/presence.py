"""Who of the staff is there: present while a socket of theirs is open and they are not away.

Every node writes down who is present at it, for a short time, and renews it; so others know, and a
node that dies leaves nobody behind.
"""

from collections.abc import Collection
from typing import TYPE_CHECKING

from frontdesk.instants import now_ms

if TYPE_CHECKING:
    from frontdesk.database import Database
    from frontdesk.desk import Desk

AWAY_SECONDS = 600.0
"""Without a frame from the browser, whoever left the desk is away."""
RENEW_SECONDS = 20.0
LASTS_MS = 60_000


async def is_anyone_present(desk: "Desk", business: str) -> bool:
    return bool(await present(desk.database, business))


async def present(database: "Database", business: str) -> set[str]:
    """The ids of the staff who are there, at any node."""
    rows = await database.fetch(
        "SELECT p.staff FROM staff_presence p JOIN staff s ON s.id = p.staff "
        "WHERE p.business = {} AND p.until > {} AND s.active = {} LIMIT 1000",
        business, now_ms(), True,
    )  # fmt: skip
    return {row["staff"] for row in rows}


async def renew(database: "Database", node: str, staff: Collection[tuple[str, str]]) -> None:
    """These, as (business, id), and nobody else, are present at this node."""
    now = now_ms()
    async with database.transaction():
        await database.fetch(
            "DELETE FROM staff_presence WHERE node = {} OR until < {}", node, now - LASTS_MS
        )
        for business, identifier in staff:
            await database.fetch(
                "INSERT INTO staff_presence (id, business, staff, node, until) "
                "VALUES ({}, {}, {}, {}, {})",
                f"{node} {identifier}", business, identifier, node, now + LASTS_MS,
            )  # fmt: skip
