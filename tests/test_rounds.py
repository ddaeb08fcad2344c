"""Rounds of twenty-way races over slots, capacities, tables and last menu items, on both databases.

The suite runs a seeded sample; `pytest tests/test_rounds.py --full` runs a thousand rounds of each.
"""

import random
from pathlib import Path

import pytest
from rounds.race import BUSINESS, CUSTOMERS, KINDS, TOOLS, Obedient, race
from support import migrated
from ungated import ungated

from frontdesk.testing import open_desk

SAMPLE, FULL = 4, 1000


@pytest.mark.timeout(0)
@pytest.mark.parametrize("kind", KINDS)
async def test_rounds(
    tmp_path: Path, database_url: str, kind: str, request: pytest.FixtureRequest
) -> None:
    rounds = FULL if request.config.getoption("--full") else SAMPLE
    dice = random.Random(f"{kind} 7")
    url = await migrated(database_url)
    settings = {"model": {"use": ["scripted"]}, "limits": {"business_per_minute": 0}}
    packs = [ungated(tmp_path, *TOOLS)]
    async with open_desk(
        tmp_path, models=[Obedient()], url=url, settings=settings, pack_folders=packs
    ) as desk:
        await desk.add_business(BUSINESS)
        won = 0
        for n in range(rounds):
            won += await race(desk, kind, n, dice)
    print(f"{kind}: {rounds} rounds of {CUSTOMERS}, {won} confirmations, none false, none lost")
