"""What a channel is to the engine."""

from typing import Protocol

import msgspec


class Inbound(msgspec.Struct, frozen=True, kw_only=True):
    """A customer's message as a channel hands it to `Desk.receive`."""

    business: str
    conversation: str
    text: str
    client_id: str | None = None
    """The sender's own id of this message: the same one again never makes a second message."""
    confirm: str | None = None


class Channel(Protocol):
    """A way messages come and go."""

    @property
    def name(self) -> str:
        """For example "web". Conversations remember it, packs may write prompts for it."""
        ...

    @property
    def markdown(self) -> bool:
        """Whether the customer sees formatting."""
        ...

    @property
    def cards(self) -> bool:
        """Whether the customer sees actions as cards. Elsewhere the engine adds to a reply, in words
        made from the committed row, what was done."""
        ...
