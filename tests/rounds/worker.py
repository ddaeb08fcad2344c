"""A process that races for ever, to be killed: python -m rounds.worker DATABASE_URL FIRST_ROUND.

It prints the number of each round that it begins.
"""

import asyncio
import logging
import random
import sys
import tempfile
from contextlib import suppress
from pathlib import Path

import structlog
from ungated import ungated

from frontdesk.testing import open_desk
from rounds.race import KINDS, TOOLS, Obedient, race

SETTINGS = {"model": {"use": ["scripted"]}, "limits": {"business_per_minute": 0}}


async def main(url: str, first: int) -> None:
    dice = random.Random(first)
    with tempfile.TemporaryDirectory() as folder:
        packs = [ungated(Path(folder), *TOOLS)]
        async with open_desk(
            Path(folder), models=[Obedient()], url=url, settings=SETTINGS, pack_folders=packs
        ) as desk:
            for n in range(first, first + 100_000):
                print(n, flush=True)
                with suppress(AssertionError):  # what must be true is checked after the last kill
                    await race(desk, KINDS[n % 3], n, dice)


if __name__ == "__main__":
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    asyncio.run(main(sys.argv[1], int(sys.argv[2])))
