"""The code in the docs runs."""

import re
import subprocess
import sys
from pathlib import Path

from frontdesk.catalogue import check_pack
from frontdesk.config import Settings
from frontdesk.packs import read_folder
from frontdesk.plugins import Plugins

ROOT = Path(__file__).parent.parent
EXTENDING = (ROOT / "docs" / "extending.md").read_text(encoding="utf-8")


def blocks(language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", EXTENDING, flags=re.DOTALL)


def test_the_plugin_and_its_test(tmp_path: Path) -> None:
    plugin, test = blocks("python")
    (tmp_path / "frontdesk_square.py").write_text(plugin)
    (tmp_path / "test_square.py").write_text(test)
    # Found by an entry point, as after `pip install .`
    info = tmp_path / "frontdesk_square-0.1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text(
        "Metadata-Version: 2.1\nName: frontdesk-square\nVersion: 0.1.0\n"
    )
    (info / "entry_points.txt").write_text("[frontdesk]\nsquare = frontdesk_square\n")
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "test_square.py"],
        cwd=tmp_path, capture_output=True, text=True, check=False,
        env={"PATH": "", "PYTHONPATH": str(tmp_path)},
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    assert "1 passed" in done.stdout


def test_the_pack(tmp_path: Path) -> None:
    folder = tmp_path / "bakery"
    (folder / "tools").mkdir(parents=True)
    (folder / "prompts").mkdir()
    manifest = next(block for block in blocks("toml") if block.startswith('name = "bakery"'))
    (folder / "pack.toml").write_text(manifest)
    (folder / "prompts" / "system.md.j2").write_text(blocks("jinja")[0])
    (folder / "tools" / "book_tasting.json").write_text(blocks("json")[0])
    example = next(block for block in blocks("toml") if block.startswith('id = "bakery"'))
    (folder / "business.example.toml").write_text(example)
    plugins = Plugins(Settings())
    plugins.load_installed()
    plugins.collect()
    assert check_pack(read_folder(str(folder)), plugins) == []
