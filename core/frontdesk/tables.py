"""The core's tables, the same on SQLite and Postgres.

Ids are text (UUIDv7). Times are milliseconds since the epoch, UTC. Structures are JSON in text
columns, which the database never looks into. `migrations/` makes them; a test holds the two equal.
"""

from piccolo.columns import BigInt, BigSerial, Boolean, Text
from piccolo.table import Table


class BusinessRow(Table, tablename="business"):
    id = Text(primary_key=True)
    profile = Text()
    """The `Business` struct as JSON."""
    updated = BigInt()


class ContactRow(Table, tablename="contact"):
    """A customer as one business knows them. Phone and e-mail are claims until verified."""

    id = Text(primary_key=True)
    business = Text()
    visitor = Text()
    """The widget's visitor; one contact has one at most."""
    name = Text()
    phone = Text()
    email = Text()
    phone_verified = Boolean(default=False)
    email_verified = Boolean(default=False)
    opted_out = Boolean(default=False)
    """No text messages to this number."""
    blocked = Boolean(default=False)
    """Staff want no more of them: what they write is stored and never answered."""
    created = BigInt()


class ConversationRow(Table, tablename="conversation"):
    id = Text(primary_key=True)
    business = Text()
    contact = Text()
    channel = Text()
    outbox = Text(default="")
    """The kind of outbox entry by which words for the customer leave; empty: they are fetched."""
    status = Text(default="bot")
    """bot | queued | human | snoozed | resolved"""
    owner_epoch = BigInt(default=0)
    """Rises with every change of hands; a turn that began under another epoch must not write."""
    agent = Text(default="")
    """The member of staff who has it, while it is human or snoozed by them."""
    changed = BigInt(default=0)
    """When it last changed hands."""
    reason = Text(default="")
    """Why a person was asked for, or why it is over."""
    urgency = Text(default="")
    """low | normal | urgent, while a person was asked for or has it."""
    snoozed_until = BigInt(default=0)
    """When a snoozed one is opened again; 0: when the customer writes."""
    last_seq = BigInt(default=0)
    said = BigInt(default=0)
    """Seq of the newest customer message."""
    answered = BigInt(default=0)
    """Seq up to which customer messages are answered."""
    window_start = BigInt(default=0)
    """Events before this seq are not loaded for a turn any more."""
    turn = Text(default="")
    """The turn that runs, or was running when its process died."""
    attempt = BigInt(default=0)
    lease_owner = Text(default="")
    lease_until = BigInt(default=0)
    created = BigInt()
    updated = BigInt()


class ConversationStateRow(Table, tablename="conversation_state"):
    """The fold of the events, saved with the event that changed it."""

    conversation = Text(primary_key=True)
    current_order_items = Text(default="[]")
    booking_draft = Text(default="{}")
    custom_data = Text(default="{}")
    commitments = Text(default="[]")
    last_activity = BigInt(default=0)


class EventRow(Table, tablename="event"):
    id = BigSerial(primary_key=True)
    conversation = Text()
    seq = BigInt()
    type = Text()
    at = BigInt()
    turn = Text(default="")
    client_id = Text(null=True, default=None)
    body = Text()


class AiUsageRow(Table, tablename="ai_usage"):
    """One row for every call of a model, failed ones too."""

    id = Text(primary_key=True)
    business = Text()
    conversation = Text()
    turn = Text()
    round = BigInt()
    provider = Text()
    """The name in `[model] use`."""
    model = Text()
    input_tokens = BigInt(default=0)
    output_tokens = BigInt(default=0)
    cache_read_tokens = BigInt(default=0)
    cache_write_tokens = BigInt(default=0)
    tool_calls = BigInt(default=0)
    cost = BigInt(null=True, default=None)
    """Millionths of a US dollar; NULL when the price is not known."""
    estimated = Boolean(default=False)
    latency_ms = BigInt(default=0)
    first_ms = BigInt(null=True, default=None)
    """To the first text, NULL when there was none."""
    stop = Text(default="")
    error = Text(default="")
    request_id = Text(default="")
    prompt = Text(default="")
    """Id of the system prompt and tools, in `prompt`."""
    created = BigInt()


class PromptRow(Table, tablename="prompt"):
    """Every distinct system prompt with its tools, once, so that a trace can show it."""

    id = Text(primary_key=True)
    """SHA-256 of the body."""
    body = Text()
    created = BigInt()


class GuessRow(Table, tablename="guess"):
    """Failed proofs, by who tried and by what was tried, see `proof.py`."""

    key = Text(primary_key=True)
    failures = Text(default="[]")
    """JSON: milliseconds since the epoch."""
    updated = BigInt()


class OutboxRow(Table, tablename="outbox"):
    """What has to leave this database, at least once: messages, webhooks, notices."""

    id = Text(primary_key=True)
    business = Text()
    kind = Text()
    body = Text()
    state = Text(default="new")
    """new | dead. What is delivered is deleted."""
    attempts = BigInt(default=0)
    """Begun so far. It rises with every claim, so it also says whose claim is the newest."""
    next_at = BigInt(default=0)
    """The next attempt; while one runs, when its claim ends."""
    error = Text(default="")
    """Why the last attempt failed."""
    created = BigInt()


class TextConsentRow(Table, tablename="text_consent"):
    """What was said about text messages to a number; it is only added to, see `opting.py`."""

    id = BigSerial(primary_key=True)
    business = Text()
    number = Text()
    """E.164."""
    state = Text()
    """in | out"""
    source = Text()
    """inbound | form | booking | staff | provider"""
    disclosure = Text(default="")
    """The exact text that was agreed to."""
    created = BigInt()


TABLES = [
    BusinessRow,
    ContactRow,
    ConversationRow,
    ConversationStateRow,
    EventRow,
    AiUsageRow,
    PromptRow,
    GuessRow,
    OutboxRow,
    TextConsentRow,
]
