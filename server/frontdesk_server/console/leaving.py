"""What somebody leaves behind who may not sign in any more: their customers wait for a colleague."""

from typing import TYPE_CHECKING

from frontdesk import status
from frontdesk.errors import StatusError

if TYPE_CHECKING:
    from frontdesk.desk import Desk

REASON = "colleague left"


async def give_back(desk: "Desk", business: str, staff: str) -> int:
    """Into the queue with the conversations that they have; how many there were."""
    database = desk.database
    rows = await database.fetch(
        "SELECT id FROM conversation WHERE business = {} AND status = 'human' AND agent = {}",
        business, staff,
    )  # fmt: skip
    for row in rows:
        try:
            async with database.transaction():
                # There is no shorter way; nobody sees the step between, so no turn begins.
                stored = await status.hand_back(database, business, row["id"], staff, reason=REASON)
                stored += await status.queue(database, business, row["id"], REASON)
        except StatusError:
            continue  # a colleague took it meanwhile
        desk.happened(row["id"], stored)
    # What nobody had when it was put aside comes back into the queue.
    await database.fetch(
        "UPDATE conversation SET agent = '' WHERE business = {} AND status = 'snoozed' AND agent = {}",
        business, staff,
    )  # fmt: skip
    return len(rows)
