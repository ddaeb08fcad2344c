"""A model that lies, stutters, forges arguments and meddles: nothing false or foreign gets through.

The suite runs a seeded sample; `pytest tests/test_lies.py --full` runs ten thousand conversations.
"""

from collections import Counter
from pathlib import Path

import pytest
from lies.run import run

EACH, SAMPLE, FULL = 50, 4, 200


@pytest.mark.timeout(0)
async def test_a_liar_harms_nobody(tmp_path: Path, request: pytest.FixtureRequest) -> None:
    seeds = FULL if request.config.getoption("--full") else SAMPLE
    total = Counter[str]()
    for seed in range(1, seeds + 1):
        folder = tmp_path / str(seed)
        folder.mkdir()
        total.update(await run(folder, seed, EACH))
        if seed % 10 == 0:
            print(f"{seed * EACH} conversations", flush=True)
    print(f"{seeds * EACH} conversations: {dict(sorted(total.items()))}")
    assert total["create_booking done"] > 0
    assert total["lies"] > 50
