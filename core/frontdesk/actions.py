"""An action: the code that carries a validated tool call out."""

from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import TYPE_CHECKING, Any

import msgspec

from frontdesk.business import Business

if TYPE_CHECKING:
    from frontdesk.conversation import Contact, ConversationState
    from frontdesk.database import Database
    from frontdesk.plugins import Plugins


class ActionCall(msgspec.Struct, kw_only=True):
    """Who calls, for whom, when. All of it comes from the engine, none of it from the model."""

    id: str
    """Stable over retries and restarts: the idempotency key towards other systems."""
    tool: str
    business: Business
    contact: "Contact"
    conversation: str
    channel: str
    now: datetime
    """Aware, in the business's time zone."""
    db: "Database"
    """Inside a local action that changes things, every query runs in the outcome's transaction."""
    state: "ConversationState"
    extra: dict[str, Any] = {}
    """Arguments that the pack's tool asked for beyond the action's own: keep them with the record."""
    proposal: str = ""
    """The proposal that this call makes (in `propose`) or that the customer agreed to (in `run`):
    whatever was held for it is held under this id. Empty for tools without `confirm`."""
    plugins: "Plugins"
    """What is loaded here, for example its channels."""
    secret_keys: tuple[str, ...] = ()
    """What addresses that a customer is given are signed with; the first signs, all are accepted."""
    patch: dict[str, Any] = {}
    """Set keys to change the conversation's state when the outcome is committed:

    - `booking_draft`, `current_order_items`: replaced. `custom_data`: merged, by key.
    - `commitments`: a list of `Commitment`, what is now true for this customer.
    - `contact`: claimed `name`, `phone`, `email` of the contact; verified ones never change.
    - `handoff`: the text why a person is asked for; the turn ends in the queue.
    - `fetch`: `{"reason": ..., "urgency": ...}`: the engine calls the business's hand-off tool next, which
      knows whether somebody is there.
    """


class Claim(msgspec.Struct, frozen=True):
    """Words that tell a customer of something done. A reply with them must be backed by a
    `Commitment` of one of these kinds, or it is taken back within the turn."""

    kind: str
    """For example "booked"."""
    patterns: dict[str, tuple[str, ...]]
    """By language: regular expressions, matched within a sentence as `frontdesk.plain` makes it: lower
    case, without accents and apostrophes. Questions, conditions and denials the engine tells apart."""


class Commitment(msgspec.Struct, frozen=True, kw_only=True):
    """Something that is committed, as an action's outcome establishes it."""

    kinds: tuple[str, ...]
    """The kinds of claims that it backs: `("booked",)`; after a change `("booked", "moved")`."""
    subject: str
    """What it is about: a reference. A newer commitment about the same subject replaces this one."""
    facts: tuple[str, ...] = ()
    """References, ISO dates and HH:MM times that a claim about it may name."""


Run = Callable[[ActionCall, Any], Awaitable[dict[str, Any]]]


class Action(msgspec.Struct, frozen=True, kw_only=True):
    """What a plugin publishes from `register_actions`.

    `params` is a msgspec Struct type or a JSON Schema (then `run` gets the validated dict). `run`
    returns a JSON-able dict: the model reads it, and the customer's card is drawn from it. It
    raises `ActionError` for what the model or the customer can put right; any other exception is
    logged and told to the model as a failure without details.
    """

    name: str
    description: str
    params: type[msgspec.Struct] | dict[str, Any]
    run: Run
    changes: bool = True
    """False: it only reads. True: a local action runs in the transaction that records its outcome."""
    external: bool = False
    """True: it leaves this database (HTTP, MCP). Its intent is recorded before it runs."""
    timeout: float = 10.0
    """Seconds."""
    propose: Run | None = None
    """For tools with `confirm`: check everything as `run` would and hold what is scarce under
    `call.proposal`, without doing it. Returns what the customer has to agree to: `message` is the
    read-back, without the question. Raises `ActionError` for what `run` would refuse. It runs in
    the transaction that records the proposal. Without it the engine reads the arguments back."""
    withdraw: Run | None = None
    """Lets go of what `propose` held under `call.proposal`: the customer declined."""
    claims: tuple[Claim, ...] = ()
    hands_off: bool = False
    """It fetches a person. The engine calls it too, when a rule says so or when it cannot answer,
    with `reason` "other", a `summary` and the `urgency`, as far as its tool knows these fields."""

    @property
    def schema(self) -> dict[str, Any]:
        """The JSON Schema of the parameters, without outside references."""
        if isinstance(self.params, dict):
            return self.params
        return struct_schema(self.params)


def struct_schema(params: type[msgspec.Struct]) -> dict[str, Any]:
    """The closed object schema of a Struct. References stay within the schema (`$defs`)."""
    (root,), defs = msgspec.json.schema_components([params], ref_template="#/$defs/{name}")
    schema = dict(defs.pop(params.__name__))
    schema.pop("title", None)
    schema.setdefault("properties", {})
    schema["additionalProperties"] = False
    if defs:
        schema["$defs"] = defs
    assert root
    return schema
