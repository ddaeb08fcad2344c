"""The benchmark works. What it measures is not judged here: no test of ours waits for a time."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.mark.slow
@pytest.mark.timeout(240)
def test_quick_run_fills_the_table(tmp_path: Path) -> None:
    raw = tmp_path / "raw.json"
    done = subprocess.run(
        [sys.executable, "-m", "tests.bench", "--quick", "--markdown", "--json", str(raw)],
        cwd=ROOT, capture_output=True, text=True, timeout=220, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    table = [line for line in done.stdout.splitlines() if line.startswith("|")]
    assert len(table) == 2 + 19
    assert all(line.split("|")[5].strip() for line in table[2:]), "a row without our number"
    numbers = json.loads(raw.read_bytes())
    assert set(numbers["paced_ms"]) == {"relay", "lean", "plain", "frontdesk"}
    assert numbers["writes"]["plain"] > 0
