"""A running turn as its watchers see it: a text that grows, and actions at places in it.

There is no queue: a watcher knows how far it has read and takes what is new. One that is slow gets
the pieces it missed as one, and never slows the turn. The text of one reply bounds the memory.
"""

import asyncio
import time
from collections import deque
from typing import Any

import msgspec

from frontdesk.events import AnyEvent, CallSettled, ModelSaid, Replied, Stored


class Position(msgspec.Struct, frozen=True):
    """How far a watcher has read: `offset` characters and `actions` actions of one attempt."""

    turn: str = ""
    attempt: int = 0
    offset: int = 0
    actions: int = 0

    def token(self) -> str:
        """The opaque form, as in the id of an SSE event."""
        return f"{self.turn}.{self.attempt}.{self.offset}.{self.actions}"

    @classmethod
    def parse(cls, token: str) -> "Position":
        """The position of a token; the very start for anything that is none."""
        parts = token.split(".")
        numbers = [int(part) for part in parts[1:] if part.isdecimal() and len(part) < 10]
        return cls(parts[0], *numbers) if len(parts) == 4 and len(numbers) == 3 else cls()


class LiveTurn:
    """The part of a turn that is not stored yet, and all of it while it runs in this process."""

    def __init__(self, turn: str, attempt: int, after: int, upto: int) -> None:
        self.turn = turn
        self.attempt = attempt
        self.after = after
        self.upto = upto
        """It answers the customer messages after the one seq and up to the other."""
        self.text = ""
        self.actions: list[tuple[int, CallSettled]] = []
        """(offset in the text, what happened there)"""
        self.reply: Replied | None = None

    @property
    def ended(self) -> bool:
        return self.reply is not None

    def show(self, event: AnyEvent) -> None:
        """Take in a stored event of this turn, in order."""
        if isinstance(event, ModelSaid) and event.text:
            self.text += ("\n\n" if self.text else "") + event.text
        elif isinstance(event, CallSettled) and event.status != "refused":
            self.actions.append((len(self.text), event))
        elif isinstance(event, Replied):
            self.text = event.content
            self.attempt = event.attempt
            self.reply = event

    def since(self, position: Position) -> tuple[list[str | CallSettled], Position]:
        """What a watcher at `position` has not seen, in order, and its new position."""
        parts: list[str | CallSettled] = []
        offset, seen = position.offset, position.actions
        for at, action in self.actions[seen:]:
            if at > offset:
                parts.append(self.text[offset:at])
                offset = at
            parts.append(action)
            seen += 1
        if len(self.text) > offset:
            parts.append(self.text[offset:])
            offset = len(self.text)
        return parts, Position(self.turn, self.attempt, offset, seen)


TYPING_SECONDS = 8.0
"""How long a sign of typing lasts that is not renewed."""
RENEW_SECONDS = 2.0
"""Renewals that come faster are not passed on: they wake everyone who watches."""
CUSTOMER = "customer"


class Typist(msgspec.Struct, frozen=True):
    who: str
    """CUSTOMER, or the id of a member of staff."""
    name: str
    until: float
    """`time.monotonic()`"""


class LiveConversation:
    """Where watchers of one conversation wait. It exists while a turn runs or someone watches."""

    def __init__(self) -> None:
        self.turn: LiveTurn | None = None
        """The turn that runs here, or the last one that ended here."""
        self.watchers = 0
        self.recent: deque[Stored] = deque(maxlen=64)
        """Stored events that this process wrote while the conversation was live here."""
        self.doubts = 0
        """Rises when another process is known to have written: `recent` has gaps."""
        self._typists: dict[str, Typist] = {}
        self._changed = asyncio.Event()

    @property
    def is_running(self) -> bool:
        """A turn runs in this process."""
        return self.turn is not None and not self.turn.ended

    def notify(self) -> None:
        changed, self._changed = self._changed, asyncio.Event()
        changed.set()

    def changed(self) -> asyncio.Event:
        """Set at the next change. Take it before looking, so that none is missed."""
        return self._changed

    def doubt(self) -> None:
        self.doubts += 1
        self.notify()

    def typing(self) -> dict[str, Typist]:
        """Who types now, on this node."""
        now = time.monotonic()
        self._typists = {who: t for who, t in self._typists.items() if t.until > now}
        return self._typists

    def type(self, who: str, name: str = "", *, is_typing: bool) -> None:
        if is_typing:
            until = time.monotonic() + TYPING_SECONDS
            known = self.typing().get(who)
            if known and until - known.until < RENEW_SECONDS:
                return
            self._typists[who] = Typist(who, name, until)
        elif self._typists.pop(who, None) is None:
            return
        self.notify()


class Live:
    """All that is live in this process, by conversation."""

    def __init__(self) -> None:
        self._all: dict[str, LiveConversation] = {}

    def __len__(self) -> int:
        return len(self._all)

    def get(self, conversation: str) -> LiveConversation | None:
        return self._all.get(conversation)

    def open(self, conversation: str) -> LiveConversation:
        """For whoever watches or runs a turn; each `open` needs its `close`."""
        live = self._all.get(conversation)
        if live is None:
            live = self._all[conversation] = LiveConversation()
        live.watchers += 1
        return live

    def close(self, conversation: str) -> None:
        live = self._all[conversation]
        live.watchers -= 1
        if live.watchers == 0:
            del self._all[conversation]

    def notify_all(self) -> None:
        for live in list(self._all.values()):
            live.notify()


def as_action(settled: CallSettled) -> dict[str, Any]:
    """An outcome as customers see it. Refused calls are the model's business and have none."""
    data = settled.data
    if settled.proposal:
        data = data | {"proposalId": settled.proposal}
    return {"type": settled.tool, "status": settled.status, "data": data}
