"""Everything that can happen in a conversation.

The append-only list of these is the truth of a conversation; `conversation.py` folds it. An event
is stored before anyone sees it. Text deltas are sent but never stored.
"""

from typing import Any, Literal

import msgspec

from frontdesk.model import Opaque, ToolCall

CallStatus = Literal["done", "refused", "failed", "needs_confirmation"]
Status = Literal["bot", "queued", "human", "snoozed", "resolved"]


class Event(msgspec.Struct, frozen=True, omit_defaults=True, tag_field="type"):
    """The base. Seq, time and turn of an event are columns of its row (`Stored`)."""


class CustomerSaid(Event, frozen=True, tag="customer_said"):
    id: str
    text: str
    client_id: str | None = None
    confirm: str | None = None
    """The proposal whose button the customer pressed."""
    is_aside: bool = False
    """For staff to read: no turn answers it and no model sees it, see `Inbound.is_aside`."""


class TurnStarted(Event, frozen=True, tag="turn_started"):
    """A turn answers every customer message up to `upto`, looking at this situation."""

    upto: int
    situation: str


class ModelSaid(Event, frozen=True, tag="model_said"):
    """One round of a turn that ended in calls. Stored with, or before, the first outcome."""

    calls: tuple[ToolCall, ...]
    text: str = ""
    opaque: Opaque | None = None


class CallStarted(Event, frozen=True, tag="call_started"):
    """An external action is about to run. Its call id is the idempotency key of every attempt."""

    call_id: str
    proposal: str = ""
    """The proposal that it carries out."""


class CallSettled(Event, frozen=True, tag="call_settled"):
    """The one outcome of a call."""

    call_id: str
    tool: str
    status: CallStatus
    data: dict[str, Any] = {}
    """What the action returned; for `failed`, `{"message": ...}` and what the ActionError carried;
    for `needs_confirmation`, what the customer has to agree to, with `proposalId`."""
    problems: tuple[str, ...] = ()
    """Why the call was refused. The model reads them and corrects itself."""
    patch: dict[str, Any] = {}
    """Changes of the conversation's state that the action asked for, see `ActionCall.patch`."""
    proposal: str = ""
    """The proposal that this outcome carried out, or failed to."""


class ProposalVoided(Event, frozen=True, tag="proposal_voided"):
    """The customer declined: what was held is free again, and the button does nothing."""

    proposal: str


class ClaimDoubted(Event, frozen=True, tag="claim_doubted"):
    """A finished reply claimed what nothing committed backs. The model reads the note, and has one
    round to make it true or to take it back."""

    note: str
    kinds: tuple[str, ...] = ()


class Replied(Event, frozen=True, tag="replied"):
    """The turn's end: the one assistant message."""

    id: str
    content: str
    """All that the customer was shown in this turn, joined."""
    text: str
    """The last round's words, as the model said them."""
    upto: int
    attempt: int = 1
    opaque: Opaque | None = None
    handed_off: bool = False
    """A person was asked for in this turn."""
    outcome: str = "answered"
    """`answered`, `apology` (the limits or all models failed), `refusal` (the model would not),
    `corrected` (the engine took a claim back) or `trigger` (a rule answered, no model)."""
    trigger: str = ""
    """The name of the rule that answered."""


class StatusChanged(Event, frozen=True, tag="status_changed"):
    """The conversation changed hands. Its `owner_epoch` rose with it."""

    status: Status
    reason: str = ""
    """Why, for staff and traces; customers do not see it."""
    agent: str = ""
    """The member of staff who has it now, or had it."""
    agent_name: str = ""
    """What customers see of them."""
    before: str = ""
    """The status that it had until now."""
    urgency: str = ""
    """How urgent the request for a person is: low | normal | urgent."""
    until: int = 0
    """Of a snoozed one: when it is opened again, milliseconds since the epoch; 0: when the customer
    writes."""


class StaffSaid(Event, frozen=True, tag="staff_said"):
    id: str
    text: str
    agent: str
    agent_name: str = ""
    client_id: str | None = None


class Noted(Event, frozen=True, tag="noted"):
    """What staff tell one another. Customers never see it."""

    id: str
    text: str
    agent: str
    agent_name: str = ""
    for_assistant: bool = False
    """Told to the assistant when the conversation was handed back; it reads no other note."""


class Noticed(Event, frozen=True, tag="noticed"):
    """Words of the engine's own outside of any turn, for example that nobody is free."""

    id: str
    text: str
    offer: ToolCall | None = None
    """What the digit 1 carries out, as long as these words are the last ones; 2 declines it. Its id
    is that of the notice, and the text ends with `words.choices`."""


AnyEvent = (
    CustomerSaid
    | TurnStarted
    | ModelSaid
    | CallStarted
    | CallSettled
    | ProposalVoided
    | ClaimDoubted
    | Replied
    | StatusChanged
    | StaffSaid
    | Noted
    | Noticed
)


class Stored(msgspec.Struct, frozen=True):
    """An event with its place in the conversation."""

    seq: int
    at: int
    """Milliseconds since the epoch, UTC."""
    turn: str
    event: AnyEvent


_decoder: msgspec.json.Decoder[AnyEvent] = msgspec.json.Decoder(AnyEvent)
_encoder = msgspec.json.Encoder()


def encode(event: AnyEvent) -> str:
    return _encoder.encode(event).decode()


def decode(body: str) -> AnyEvent:
    return _decoder.decode(body)
