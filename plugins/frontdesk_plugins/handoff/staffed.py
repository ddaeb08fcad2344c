"""When there is a person to hand over to: the section [settings.handoff] of a business file."""

from datetime import datetime
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from frontdesk import Business
from frontdesk.business import WEEKDAYS, Hours, parse_range
from frontdesk.hours import opening


class HandoffSettings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    hours: Literal["opening", "always", "never"] | Hours = "opening"
    """When somebody answers in the chat: while the business is open, always, never, or weekly hours
    of their own. The exceptions of the business hold for these too."""
    timeout: Annotated[int, Meta(ge=10, le=3600)] = 120
    """Seconds that a customer waits for somebody to come."""

    def __post_init__(self) -> None:
        if isinstance(self.hours, Hours):
            for weekday in WEEKDAYS:
                for text in getattr(self.hours, weekday):
                    try:
                        parse_range(text)
                    except ValueError as error:
                        raise ValueError(f"hours: {weekday}: {error}") from error


def settings_of(business: Business) -> HandoffSettings:
    return msgspec.convert(business.settings.get("handoff", {}), HandoffSettings)


def staffed(business: Business, now: datetime) -> tuple[bool, datetime | None]:
    """(is somebody there?, when that changes; None when it is not known to)."""
    hours = settings_of(business).hours
    if hours == "always":
        return True, None
    if hours == "never":
        return False, None
    if isinstance(hours, Hours):
        business = msgspec.structs.replace(business, hours=hours)
    return opening(business, now)


def read_from(business: Business, now: datetime) -> datetime:
    """When the team is next there to read a message. Who never answers in the chat reads them when
    the business opens."""
    is_there, change = staffed(business, now)
    if not is_there and change is None:
        is_there, change = opening(business, now)
    return now if is_there or change is None else change
