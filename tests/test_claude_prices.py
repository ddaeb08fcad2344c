"""What a reply of Claude costs."""

from datetime import date
from pathlib import Path

import pytest
from support_claude import no_environment, rig

from frontdesk import ConfigError, Usage
from frontdesk.testing.fake_claude import says
from frontdesk_plugins.claude import prices

__all__ = ["no_environment"]  # fixtures

TODAY = date(2026, 11, 22)
MILLION = Usage(input=90_000, output=10_000, cache_read=5_000, cache_write=4_000)


@pytest.mark.parametrize(
    ("model", "usage", "on", "cost"),
    [
        ("claude-haiku-5-5", MILLION, TODAY, 9_000 + 5_000 + 50 + 500),
        ("claude-haiku-5-5", Usage(input=100_000), TODAY, 10_000),
        ("claude-haiku-5-5", Usage(input=100_001), TODAY, 50_001),
        ("claude-haiku-5-5", Usage(input=1, cache_read=100_000), TODAY, 5_001),
        ("claude-haiku-5-5", Usage(input=1), TODAY, 1),
        ("claude-haiku-5-5", Usage(), TODAY, 0),
        ("claude-haiku-5-5", Usage(input=1), date(2026, 10, 6), None),
        ("claude-haiku-4-5-20251001", Usage(input=10), TODAY, 10),
        ("claude-sonnet-5-5", Usage(cache_read=100), date(2026, 10, 6), 20),
        ("claude-sonnet-5-5", Usage(cache_read=100), date(2026, 10, 7), 10),
        ("claude-opus-5-5", Usage(output=10), TODAY, 200),
        ("claude-opus-5-5-fast", Usage(output=10), TODAY, None),
        ("claude-future-7", Usage(output=10), TODAY, None),
    ],
)
def test_prices(model: str, usage: Usage, on: date, cost: int | None) -> None:
    assert prices.load().cost(model, usage, on) == cost


def test_own_prices_go_first(tmp_path: Path) -> None:
    file = tmp_path / "prices.toml"
    file.write_text(
        '[[price]]\nmodel = "claude-haiku-5-5"\n'
        "input = 3\noutput = 4.5\ncache_write = 0\ncache_read = 0\n"
    )
    table = prices.load(str(file))
    assert table.cost("claude-haiku-5-5", Usage(input=1, output=2), TODAY) == 12
    assert table.cost("claude-opus-5-5", Usage(input=1), TODAY) == 4


@pytest.mark.parametrize("text", ["[[price", "[[price]]\nmodel = 'x'\ninput = -1\n", "a = 1\n"])
def test_wrong_prices_stop_the_start(tmp_path: Path, text: str) -> None:
    file = tmp_path / "prices.toml"
    file.write_text(text)
    for name in (file, tmp_path / "missing.toml"):
        with pytest.raises(ConfigError, match=name.name):
            prices.load(str(name))


async def test_every_reply_has_its_cost() -> None:
    async with rig(says("Hello"), model="claude-future-7") as r:
        _, reply = await r.ask()
        assert reply.usage.input > 0
        assert reply.usage.cost is None
    async with rig(says("Hello")) as r:
        _, reply = await r.ask()
        assert reply.usage.cost is not None
        assert reply.usage.cost > 0
