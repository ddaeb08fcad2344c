"""What a business decides about its console: [settings.console] in its file."""

from typing import Annotated

import msgspec
from msgspec import Meta

from frontdesk.business import Business
from frontdesk.errors import ConfigError
from frontdesk.webhooks import Endpoint

OnCall = Annotated[str, Meta(pattern=r"^\+[1-9][0-9]{6,14}$")]
"""A telephone number in E.164 form."""


class ConsoleSettings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    on_call: Annotated[tuple[OnCall, ...], Meta(max_length=10)] = ()
    """Who gets a text message when a customer waits and nobody in the console looks."""
    webhook: Endpoint | None = None
    """Hears of the same: `conversation.waiting`."""
    per_hour: Annotated[int, Meta(ge=1, le=60)] = 6
    """Notifications of one business in an hour, at most."""


def settings_of(business: Business) -> ConsoleSettings:
    """Raises ConfigError for a section that somebody wrote past the checks."""
    try:
        return msgspec.convert(business.settings.get("console", {}), ConsoleSettings)
    except msgspec.ValidationError as error:
        raise ConfigError(f"settings.console of {business.id}: {error}") from error
