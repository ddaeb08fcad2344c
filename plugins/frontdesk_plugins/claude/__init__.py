"""Claude as a language model, through the `anthropic` SDK, which is not imported at start-up."""

import os

import msgspec

from frontdesk import Model, Settings, hookimpl
from frontdesk_plugins.claude import prices
from frontdesk_plugins.claude.model import Claude
from frontdesk_plugins.claude.settings import ClaudeSettings, check

__all__ = ["Claude", "ClaudeSettings", "register_models"]

API = "https://api.anthropic.com"


@hookimpl
def register_models(settings: Settings) -> list[Model]:
    """One model named "claude", or none when there is no API key."""
    section = settings.section("claude", ClaudeSettings)
    api_key = section.api_key or os.environ.get("ANTHROPIC_API_KEY", "")
    check(section)
    table = prices.load(section.prices)
    if not api_key:
        return []
    base_url = section.base_url or os.environ.get("ANTHROPIC_BASE_URL", "") or API
    section = msgspec.structs.replace(section, api_key=api_key, base_url=base_url)
    return [Claude(section, table)]
