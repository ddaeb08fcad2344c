"""What a business asks of those who book: notice, fees, and how many may come at once."""

from typing import Annotated

import msgspec
from msgspec import Meta

Count = Annotated[int, Meta(ge=0, le=1000)]
Money = Annotated[int, Meta(ge=0, le=10**12)]
"""Minor units of the business's currency."""


class Policy(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What holds for changes. A booking keeps the policy that held when it was made."""

    cancel_until: Annotated[int, Meta(ge=0, le=60 * 24 * 60)] = 0
    """Minutes before the start until which customers cancel and move freely; 0: until it begins."""
    fee: Money = 0
    """What cancelling later costs, with the customer's consent; 0: the team decides."""
    moves: Count = 2
    """How often a customer may move one booking."""
    no_shows: Count = 0
    """From this many missed bookings on, a contact's next ones need approval; 0: never."""


class Pacing(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How many may start within the same quarter of an hour; 0 is no limit."""

    parties: Count = 0
    covers: Annotated[int, Meta(ge=0, le=100_000)] = 0
    """Persons, all parties together."""
