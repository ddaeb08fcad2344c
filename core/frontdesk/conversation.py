"""A conversation as its events folded, and what a running turn adds to it."""

from collections.abc import Iterator
from itertools import takewhile
from typing import Any

import msgspec

from frontdesk.actions import Commitment
from frontdesk.appending import Place
from frontdesk.business import Business
from frontdesk.events import (
    AnyEvent,
    CallSettled,
    CustomerSaid,
    ModelSaid,
    Replied,
    Stored,
    TurnStarted,
)
from frontdesk.model import ToolCall
from frontdesk.summary import summarise

LARGEST_COMMITMENTS = 30


class Contact(msgspec.Struct, frozen=True, kw_only=True):
    """A customer as one business knows them. What is not verified is a claim and opens no door."""

    id: str
    visitor: str = ""
    name: str = ""
    phone: str = ""
    email: str = ""
    phone_verified: bool = False
    email_verified: bool = False
    opted_out: bool = False
    """Wants no text messages."""
    blocked: bool = False
    """Staff want no more of them."""


class ConversationState(msgspec.Struct, kw_only=True):
    """What later turns need to know without reading the whole life of the conversation."""

    current_order_items: list[Any] = []
    booking_draft: dict[str, Any] = {}
    custom_data: dict[str, Any] = {}
    """Whatever packs and plugins keep. `summary` is the engine's: what the window no longer shows."""
    commitments: list[Commitment] = []
    """What is committed for this customer, one a subject, the newest last."""


class ModelCallRecord(msgspec.Struct, kw_only=True):
    """One call of a model, as `ai_usage` keeps it. Times in milliseconds."""

    round: int
    provider: str
    model: str = ""
    input: int = 0
    output: int = 0
    cache_read: int = 0
    cache_write: int = 0
    tool_calls: int = 0
    cost: int | None = None
    estimated: bool = False
    latency_ms: int = 0
    first_ms: int | None = None
    stop: str = ""
    error: str = ""
    request_id: str = ""
    prompt: str = ""


class Conversation(msgspec.Struct, kw_only=True):
    """What a turn works on: the stored window and state, and what it wants to add."""

    id: str
    business: Business
    contact: Contact
    channel: str
    outbox: str = ""
    """See `ConversationRow.outbox`."""
    status: str
    owner_epoch: int
    said: int
    answered: int
    window_start: int
    turn: str
    attempt: int
    lease: str
    state: ConversationState
    events: list[Stored]
    added: list[AnyEvent] = []
    """Happened in this turn, not committed yet."""
    calls_made: list[ModelCallRecord] = []
    """Not committed yet."""
    state_changed: bool = False
    contact_changed: bool = False
    text: str = ""
    """What this round has shown so far, exactly."""
    spent: int = 0
    """Tokens of this turn: output, and input outside the cache."""
    more: bool = False
    """Set when the turn is finished: messages came meanwhile, and the lease is still ours."""

    @property
    def place(self) -> Place:
        return Place(self.business.id, self.id, self.outbox)

    def add(self, event: AnyEvent) -> None:
        self.added.append(event)
        if isinstance(event, CallSettled) and event.patch:
            apply_patch(self.state, event.patch)
            self.state_changed = True
            self.change_contact(event.patch.get("contact", {}))

    def change_contact(self, claimed: dict[str, Any]) -> None:
        """Take in what the customer says of themselves. What is verified stays as it is."""
        contact = self.contact
        new = {key: value for key, value in claimed.items() if value not in (None, "")}
        if contact.phone_verified:
            new.pop("phone", None)
        if contact.email_verified:
            new.pop("email", None)
        if any(getattr(contact, key) != value for key, value in new.items()):
            self.contact = msgspec.structs.replace(contact, **new)
            self.contact_changed = True

    def handoff(self) -> str:
        """Why a person was asked for in this turn; empty when none was."""
        found = [e.patch["handoff"] for e in self.settled() if e.patch.get("handoff")]
        return str(found[-1]) if found else ""

    def urgency(self) -> str:
        """How urgently a person was asked for in this turn; empty when nobody said."""
        found = [e.patch["urgency"] for e in self.settled() if e.patch.get("urgency")]
        return str(found[-1]) if found else ""

    def cut(self, start: int) -> None:
        """The window will begin at the seq `start`: remember in few words what it loses."""
        gone = [stored for stored in self.events if stored.seq < start]
        custom = self.state.custom_data
        custom["summary"] = summarise(str(custom.get("summary", "")), gone)
        self.state_changed = True

    def of_turn(self) -> Iterator[AnyEvent]:
        """The events of the running turn, committed or not: all that a turn needs to go on."""
        for stored in self.events:
            if stored.turn == self.turn:
                yield stored.event
        yield from self.added

    def started(self) -> TurnStarted | None:
        return next((e for e in self.of_turn() if isinstance(e, TurnStarted)), None)

    def asked(self) -> list[tuple[int, CustomerSaid]]:
        """(seq, message) of what this turn answers."""
        started = self.started()
        upto = started.upto if started else self.said
        return [
            (stored.seq, stored.event)
            for stored in self.events
            if isinstance(stored.event, CustomerSaid)
            and self.answered < stored.seq <= upto
            and not stored.event.is_aside
        ]

    def rounds(self) -> int:
        return sum(isinstance(e, ModelSaid) for e in self.of_turn())

    def open_calls(self) -> list[ToolCall]:
        """Calls without an outcome. After a crash these are what was never carried out."""
        calls: dict[str, ToolCall] = {}
        for event in self.of_turn():
            if isinstance(event, ModelSaid):
                calls |= {call.id: call for call in event.calls}
            elif isinstance(event, CallSettled):
                calls.pop(event.call_id, None)
        return list(calls.values())

    def refused_rounds(self) -> int:
        """How many rounds in a row, up to now, had nothing but refused calls."""
        rounds: list[list[bool]] = []
        for event in self.of_turn():
            if isinstance(event, ModelSaid):
                rounds.append([])
            elif isinstance(event, CallSettled) and rounds:
                rounds[-1].append(event.status == "refused")
        return sum(
            1 for _ in takewhile(lambda outcomes: outcomes and all(outcomes), reversed(rounds))
        )

    def settled(self) -> list[CallSettled]:
        return [e for e in self.of_turn() if isinstance(e, CallSettled)]

    def shown(self) -> list[str]:
        """What the customer was shown of this turn's earlier rounds, one text a round."""
        return [e.text for e in self.of_turn() if isinstance(e, ModelSaid) and e.text]


def apply_patch(state: ConversationState, patch: dict[str, Any]) -> None:
    """Fold an outcome's changes into the state; `custom_data` is merged, the others replaced."""
    if "current_order_items" in patch:
        state.current_order_items = patch["current_order_items"]
    if "booking_draft" in patch:
        state.booking_draft = patch["booking_draft"]
    state.custom_data |= patch.get("custom_data", {})
    for new in msgspec.convert(patch.get("commitments", []), list[Commitment]):
        others = [old for old in state.commitments if old.subject != new.subject]
        state.commitments = [*others, new][-LARGEST_COMMITMENTS:]


def trimmed_window(events: list[Stored], largest: int, kept: int) -> int | None:
    """Where the window of a long conversation should begin, or None to leave it.

    It is cut rarely and far, because every cut costs the whole prompt cache, and only in front of
    a customer's message, never between a call and its outcome.
    """
    if len(events) <= largest:
        return None
    answered = replied = 0
    starts: list[int] = []
    for stored in events:
        if isinstance(stored.event, TurnStarted):
            first = next(
                (s.seq for s in events if isinstance(s.event, CustomerSaid) and s.seq > answered),
                stored.seq,
            )
            if first > replied:  # else a message came while the turn before it was at work
                starts.append(first)
            answered = stored.event.upto
        elif isinstance(stored.event, Replied):
            replied = stored.seq
    tail = events[-kept].seq
    return next((start for start in starts if start >= tail), None)
