"""What has to be done from time to time: holds that expired."""

from typing import TYPE_CHECKING

from frontdesk import Business
from frontdesk.jobs import Job
from frontdesk_plugins.stays import ledger

if TYPE_CHECKING:
    from frontdesk.desk import Desk

SECONDS = 60.0


def job(desk: "Desk") -> Job:
    async def run() -> None:
        now = desk.now(Business(id="any", name="Any"))  # an instant; the zone does not matter
        await ledger.sweep(desk.database, now)

    return Job(name="stays", seconds=SECONDS, run=run)
