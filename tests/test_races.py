"""Many at once, in two processes, on both databases: exactly one gets the last table."""

import asyncio
import json
import sys
from pathlib import Path
from typing import Any

from support import migrated

from frontdesk.testing import open_desk, read_toml

TASKS, ATTEMPTS, PROCESSES = 50, 2, 2

BUSINESS = read_toml(
    """
id = "race"
name = "One Table"
timezone = "Europe/London"
country = "GB"
locale = "en-GB"
tools = ["create_booking"]
[hours]
mon = ["12:00-23:00"]
tue = ["12:00-23:00"]
[settings.booking]
resources = [ { id = "only", min = 1, max = 2 } ]
"""
)


async def run_race(url: str) -> list[dict[str, Any]]:
    worker = Path(__file__).with_name("race_worker.py")
    processes = [
        await asyncio.create_subprocess_exec(
            sys.executable, str(worker), url, str(TASKS), str(ATTEMPTS),
            stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE,
        )
        for _ in range(PROCESSES)
    ]  # fmt: skip
    for process in processes:
        assert process.stdout is not None
        assert await process.stdout.readline() == b"ready\n"
    outcomes: list[dict[str, Any]] = []
    for output, _ in await asyncio.gather(*(p.communicate(b"go\n") for p in processes)):
        outcomes += json.loads(output)
    return outcomes


async def test_one_wins_and_the_others_are_offered_other_times(
    database_url: str, tmp_path: Path
) -> None:
    # On Postgres a start does not migrate by itself, so this desk's own start would be refused.
    await migrated(database_url)
    async with open_desk(tmp_path, url=database_url, recover=False) as desk:
        await desk.add_business(BUSINESS)
        outcomes = await run_race(database_url)
        assert len(outcomes) == TASKS * ATTEMPTS * PROCESSES
        assert {o["outcome"] for o in outcomes} == {"answered"}
        won = [o for o in outcomes if o["status"] == ["done"]]
        lost = [o for o in outcomes if o["status"] == ["failed"]]
        assert len(won) == 1
        assert len(lost) == len(outcomes) - 1
        for outcome in lost:
            (data,) = outcome["data"]
            assert data["message"] == "Mon 23 Nov, 19:00 is fully booked for 2."
            assert data["alternatives"], data
            assert all(offer["time"] != "19:00" for offer in data["alternatives"])
        rows = await desk.desk.database.fetch(
            "SELECT COUNT(*) AS n FROM booking_claim WHERE active"
        )
        assert rows[0]["n"] == 1
