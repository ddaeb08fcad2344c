"""Nobody came: the assistant says so, and has the conversation back."""

from typing import TYPE_CHECKING

from frontdesk import status
from frontdesk.database import Row
from frontdesk.events import Stored
from frontdesk.instants import ms
from frontdesk_plugins.handoff.requests import follow
from frontdesk_plugins.handoff.words import say

if TYPE_CHECKING:
    from frontdesk.desk import Desk

LOOK_SECONDS = 5.0


async def look(desk: "Desk") -> None:
    """Settle what was accepted meanwhile, and end what waited too long."""
    rows = await desk.database.fetch(
        "SELECT h.*, c.owner_epoch, c.status AS hands FROM handoff h "
        "JOIN conversation c ON c.id = h.conversation AND c.business = h.business "
        "WHERE h.status = 'waiting' ORDER BY h.answer_by LIMIT 500"
    )
    for row in rows:
        if not await follow(desk.database, row) and row["hands"] == "queued":
            desk.happened(row["conversation"], await _give_up(desk, row))


async def _give_up(desk: "Desk", row: Row) -> list[Stored]:
    """Only while the conversation is in the hands that `row` was read with."""
    business = await desk.business_using("handoff", row["business"])
    if business is None or ms(desk.now(business)) < row["answer_by"]:
        return []
    database = desk.database
    async with database.transaction():
        stored = await status.hand_back(
            database, business.id, row["conversation"],
            reason="nobody came", epoch=row["owner_epoch"],
        )  # fmt: skip
        if stored:
            text = say(business, "nobody_came")
            stored += await status.notice(database, business.id, row["conversation"], text)
            await database.fetch("UPDATE handoff SET status = 'nobody' WHERE id = {}", row["id"])
    return stored
