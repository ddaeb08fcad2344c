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
    settle: float = 0
    """Seconds that its turn waits for a further message, because people text in fragments. Each one
    begins the wait anew, up to three times as long."""
    is_aside: bool = False
    """Keep it for staff, but do not answer it: STOP by text message, or what comes after it."""


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
        made from the committed row, what was done, and the answers that can be given by a digit."""
        ...

    @property
    def outbox(self) -> str:
        """The kind of outbox entry by which words for the customer leave, see `outbox.Words`; empty
        for a channel whose customers fetch them."""
        ...
