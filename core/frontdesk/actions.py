"""An action: the code that carries a validated tool call out."""

from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import TYPE_CHECKING, Any

import msgspec

from frontdesk.business import Business

if TYPE_CHECKING:
    from frontdesk.conversation import Contact, ConversationState
    from frontdesk.database import Database


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
    patch: dict[str, Any] = {}
    """Set `booking_draft`, `current_order_items` or `custom_data` to change the conversation's state."""


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
    run: Callable[[ActionCall, Any], Awaitable[dict[str, Any]]]
    changes: bool = True
    """False: it only reads. True: a local action runs in the transaction that records its outcome."""
    external: bool = False
    """True: it leaves this database (HTTP, MCP). Its intent is recorded before it runs."""
    timeout: float = 10.0
    """Seconds."""

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
