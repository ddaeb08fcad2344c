"""Verified telephone numbers: a code by text message makes a visitor of the web the holder of one."""

from typing import TYPE_CHECKING

from frontdesk import Action, Business, Job, hookimpl
from frontdesk.migrate import Tables
from frontdesk_plugins.verify import actions, codes
from frontdesk_plugins.verify.tables import TABLES

if TYPE_CHECKING:
    from frontdesk.desk import Desk

SECONDS = 300.0


@hookimpl
def register_tables() -> Tables:
    return Tables(app="verify", tables=TABLES, migrations="frontdesk_plugins.verify.migrations")


@hookimpl
def register_actions() -> list[Action]:
    return [
        Action(
            name="verify_phone",
            description="Prove that a telephone number is the customer's, by a code that is texted "
            "to it. Only to look up or change something that was made elsewhere with this number.",
            params=actions.VerifyPhone,
            run=actions.verify_phone,
        )
    ]


@hookimpl
def register_jobs(desk: "Desk") -> list[Job]:
    async def run() -> None:
        now = desk.now(Business(id="any", name="Any"))  # an instant; the zone does not matter
        await codes.forget(desk.database, now)

    return [Job(name="codes", seconds=SECONDS, run=run)]
