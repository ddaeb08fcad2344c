"""Plugins that come and go while customers write: no request fails, no socket is dropped."""

from pathlib import Path

import pytest
import toggling_load


@pytest.mark.slow
async def test_nobody_notices(tmp_path: Path, database_url: str) -> None:
    """A sample; `python tests/toggling_load.py` does it for longer."""
    tally = await toggling_load.run(tmp_path, database_url, visitors=30, toggles=8)
    assert not tally.failed, tally.shown()
    assert {kind.partition(" ")[0] for kind in tally.good} >= {"json", "stream", "socket"}
    assert tally.good.total() > 60
    assert tally.polite["socket closed 1013"]
    assert tally.polite["socket told"] >= tally.polite["socket closed 1013"]
    for seconds in tally.seconds.values():  # 2 on a machine that does nothing else
        assert max(seconds) < 10
