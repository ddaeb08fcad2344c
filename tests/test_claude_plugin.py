"""When there is a Claude at all: its key, its settings, and what a start imports."""

import asyncio
import sys
from typing import Any

import pytest
from support_claude import KEY, no_environment, request, settings

from frontdesk import ConfigError, Settings
from frontdesk.testing.fake_claude import FakeClaude, says
from frontdesk_plugins.claude import register_models

__all__ = ["no_environment"]  # fixtures


def registered(**section: Any) -> list[Any]:
    return register_models(Settings(sections={"claude": section}))


def test_without_a_key_there_is_no_model(monkeypatch: pytest.MonkeyPatch) -> None:
    assert registered() == []
    monkeypatch.setenv("ANTHROPIC_API_KEY", KEY)
    (model,) = registered()
    assert model.name == "claude"
    monkeypatch.delenv("ANTHROPIC_API_KEY")
    assert len(registered(api_key=KEY)) == 1


async def test_the_environment_of_the_sdk_is_honoured(monkeypatch: pytest.MonkeyPatch) -> None:
    async with FakeClaude([says("Hello")]) as fake:
        monkeypatch.setenv("ANTHROPIC_API_KEY", KEY)
        monkeypatch.setenv("ANTHROPIC_BASE_URL", fake.url)
        (model,) = registered()
        assert [item async for item in model.stream(request())]
        await model.close()
        assert len(fake.requests) == 1


@pytest.mark.parametrize(
    "section",
    [{"modell": "x"}, {"timeout": 0}, {"thinking": "much"}, {"effort": "max"}, {"prices": "none"}],
)
def test_wrong_settings_stop_the_start(section: dict[str, Any]) -> None:
    with pytest.raises(ConfigError, match=r"plugins\.claude"):
        registered(**section)


def test_the_key_is_not_shown() -> None:
    assert KEY not in repr(settings())


async def test_importing_the_plugin_does_not_import_the_sdk() -> None:
    program = (
        "import sys, frontdesk_plugins.claude\n"
        "print([n for n in ('anthropic', 'httpx2', 'aiohttp', 'pydantic') if n in sys.modules])"
    )
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", program, stdout=asyncio.subprocess.PIPE
    )
    out, _ = await process.communicate()
    assert out.strip() == b"[]"
