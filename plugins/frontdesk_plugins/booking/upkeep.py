"""What has to be done from time to time: holds that expired, offers that were not taken."""

from datetime import datetime
from typing import TYPE_CHECKING

import structlog

from frontdesk import Business, speech, status
from frontdesk.events import Stored
from frontdesk.instants import instant, ms
from frontdesk.jobs import Job
from frontdesk_plugins.booking import holds, waiting
from frontdesk_plugins.booking.words import say

if TYPE_CHECKING:
    from frontdesk.desk import Desk

log = structlog.get_logger("frontdesk.booking")

SECONDS = 15.0


def job(desk: "Desk") -> Job:
    async def run() -> None:
        await tidy(desk)

    return Job(name="bookings", seconds=SECONDS, run=run)


async def tidy(desk: "Desk") -> None:
    """Safe to run on every node at the same time: each step locks, or compares and sets."""
    now = desk.now(Business(id="any", name="Any"))  # an instant; the zone does not matter
    await holds.sweep(desk.database, now)
    await waiting.pass_on(desk.database, now)
    for identifier, day in await waiting.days(desk.database):
        business = await desk.business_using("booking", identifier)
        if business is None:
            continue
        try:
            async with desk.database.transaction():
                await waiting.offer(desk.database, business, day, now)
        except Exception:  # one business must not stop the others
            log.exception("waiting list failed", business=identifier, day=str(day))
    await _tell(desk, now)


async def _tell(desk: "Desk", now: datetime) -> None:
    """Tell customers who wait what is held for them, once each."""
    rows = await desk.database.fetch(
        "SELECT w.id, w.business, w.conversation, h.starts, h.expires FROM booking_waiting w "
        "JOIN booking_hold h ON h.purpose = 'waitlist:' || w.id "
        "WHERE w.status = 'offered' AND w.told = 0 AND h.expires > {} LIMIT 100",
        ms(now),
    )
    for row in rows:
        business = await desk.business_using("booking", row["business"])
        if business is None:
            continue
        at = speech.moment(business, instant(row["starts"]))
        text = say(business, "offer", at=at, until=speech.clock(business, instant(row["expires"])))
        stored: list[Stored] = []
        async with desk.database.transaction():
            if await desk.database.fetch(
                "UPDATE booking_waiting SET told = {} WHERE id = {} AND told = 0 RETURNING id",
                ms(now), row["id"],
            ):  # fmt: skip
                stored = await status.notice(
                    desk.database, row["business"], row["conversation"], text
                )
        desk.happened(row["conversation"], stored)
