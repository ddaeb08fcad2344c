"""The section [plugins.claude], and what differs between Claude models."""

from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta

from frontdesk import ConfigError

Thinking = Literal["adaptive", "between_tools", "disabled", "omit"]
Seconds = Annotated[float, Meta(gt=0)]

# By the prefix of the model's name; the first that fits counts. A model that is not listed is
# treated like the newest ones: it gets no `thinking` at all, which every model accepts, because
# each of the words is refused by some model. Source: the model pages of platform.claude.com.
_THINKING: tuple[tuple[str, Thinking], ...] = (
    ("claude-haiku-5-5", "disabled"),
    ("claude-sonnet-5-5", "between_tools"),
)


class ClaudeSettings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A model that thinks counts its thoughts as output: give it a higher `max_output_tokens`."""

    api_key: str = ""
    """Else ANTHROPIC_API_KEY."""
    base_url: str = ""
    """Else ANTHROPIC_BASE_URL, else the public API."""
    model: str = "claude-haiku-5-5"
    thinking: Literal["auto", Thinking] = "auto"
    """What suits the model, or the API's own word for it; "omit" leaves it to the API."""
    effort: Literal["", "low", "medium", "high", "xhigh", "max"] = ""
    max_output_tokens: Annotated[int, Meta(ge=0)] = 0
    """0: `[limits] reply_tokens`."""
    timeout: Seconds = 60
    """Of one whole call."""
    read_timeout: Seconds = 30
    """Of a silence, the one before the first byte included."""
    connect_timeout: Seconds = 5
    strict_tools: bool = True
    """Ask for arguments that fit the schema, where the API can promise that."""
    prices: str = ""
    """A TOML file like the prices.toml of this plugin. Its rows go before the plugin's own."""

    def __repr__(self) -> str:
        return f"ClaudeSettings(model={self.model!r})"  # the key must not reach a log


def thinking(settings: ClaudeSettings) -> Thinking:
    if settings.thinking != "auto":
        return settings.thinking
    for prefix, word in _THINKING:
        if settings.model.startswith(prefix):
            return word
    return "omit"


def switches(settings: ClaudeSettings) -> dict[str, Any]:
    """The parameters of a request that depend on the model."""
    found: dict[str, Any] = {}
    word = thinking(settings)
    if word != "omit":
        found["thinking"] = {"type": word}
    if settings.effort:
        found["output_config"] = {"effort": settings.effort}
    return found


def check(settings: ClaudeSettings) -> None:
    """Raise ConfigError for what the API would answer with 400 on every call."""
    word = thinking(settings)
    if settings.effort in ("xhigh", "max") and word in ("between_tools", "disabled"):
        raise ConfigError(
            f'plugins.claude.effort = "{settings.effort}" does not go with thinking = "{word}" '
            f'({settings.model}): use "high" or less, or thinking = "adaptive"'
        )
