"""The races again, in a process that is killed at random moments and started again."""

import asyncio
import random
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from rounds.race import BUSINESS, SEATS, TOOLS, Obedient
from rounds.worker import SETTINGS
from support import migrated
from ungated import ungated

from frontdesk import events
from frontdesk.events import CallSettled, CustomerSaid, Replied
from frontdesk.testing import open_desk
from frontdesk.testing.desk import TestDesk

SAMPLE, FULL = 4, 200


@pytest.mark.timeout(0)
async def test_killed_races_lose_and_double_nothing(
    tmp_path: Path, database_url: str, request: pytest.FixtureRequest
) -> None:
    kills = FULL if request.config.getoption("--full") else SAMPLE
    dice = random.Random(7)
    url = await migrated(database_url)
    packs = [ungated(tmp_path, *TOOLS)]
    async with open_desk(tmp_path, url=url, recover=False, pack_folders=packs) as desk:
        await desk.add_business(BUSINESS)
    first = 0
    for _ in range(kills):
        first = await race_and_kill(url, first, dice.uniform(0.05, 0.6)) + 1
    async with open_desk(
        tmp_path, models=[Obedient()], url=url, settings=SETTINGS, pack_folders=packs
    ) as desk:
        await answered(desk)
        counts = await check(desk)
    print(f"{kills} kills: {counts}")
    assert counts["messages"] >= kills
    assert counts["confirmations"] > 0


async def race_and_kill(url: str, first: int, seconds: float) -> int:
    """A process from its first round on, for so long; the last round that it began."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "rounds.worker", url, str(first),
        cwd=Path(__file__).parent, stdout=asyncio.subprocess.PIPE,
    )  # fmt: skip
    assert process.stdout is not None
    last = int(await process.stdout.readline())
    await asyncio.sleep(seconds)  # the moment of the kill, not a wait for something
    process.kill()
    rest = await process.stdout.read()
    await process.wait()
    return max([last, *map(int, rest.split(b"\n")[:-1])])


async def answered(desk: TestDesk) -> None:
    """Wait for what recovery takes up, ten seconds after the last kill: after two hundred of them
    there are more than a thousand messages."""
    async with asyncio.timeout(300):
        while await desk.desk.database.fetch("SELECT 1 FROM conversation WHERE said > answered"):
            await asyncio.sleep(0.1)


async def check(desk: TestDesk) -> dict[str, int]:
    fetch = desk.desk.database.fetch
    rows = await fetch("SELECT conversation, body FROM event ORDER BY conversation, seq")
    said, replied, done = Counter[str](), Counter[str](), list[CallSettled]()
    for row in rows:
        event: Any = events.decode(row["body"])
        said[row["conversation"]] += isinstance(event, CustomerSaid)
        replied[row["conversation"]] += isinstance(event, Replied)
        if isinstance(event, CallSettled) and event.status == "done":
            done.append(event)
    assert said == replied, "each message was answered once"
    confirmed = [e.data["reference"].replace("-", "") for e in done if e.tool == "create_booking"]
    assert len(set(confirmed)) == len(confirmed)
    booked = await fetch("SELECT reference, service, starts, party FROM booking")
    assert {row["reference"] for row in booked} == set(confirmed), "no row without its word"
    seats, slots = Counter[int](), Counter[int]()
    for row in booked:
        seats[row["starts"]] += row["party"] if row["service"] == "class" else 0
        slots[row["starts"]] += row["service"] == "slot"
    assert max(seats.values(), default=0) <= SEATS
    assert max(slots.values(), default=0) <= 1
    overlaps = await fetch(
        "SELECT a.id FROM booking_claim a JOIN booking_claim b ON a.resource = b.resource "
        "AND a.id < b.id AND a.active AND b.active AND a.starts < b.ends AND b.starts < a.ends "
        "AND a.seat_from < b.seat_to AND b.seat_from < a.seat_to"
    )
    assert overlaps == []
    return {"messages": said.total(), "confirmations": len(done)}
