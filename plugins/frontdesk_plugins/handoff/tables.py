"""The tables of the hand-off. Times are milliseconds since the epoch, UTC."""

from piccolo.columns import BigInt, Text
from piccolo.table import Table


class Handoff(Table, tablename="handoff"):
    """A request for a person."""

    id = Text(primary_key=True)
    business = Text()
    conversation = Text()
    contact = Text()
    call = Text()
    """The tool call that made it: the same call again is the same request."""
    seq = BigInt()
    """Of the conversation when it was made: what changed hands after this is about it."""
    reason = Text()
    summary = Text()
    collected = Text()
    """JSON: what the customer has given so far."""
    urgency = Text()
    language = Text()
    said = Text()
    """The customer's last words."""
    status = Text()
    """waiting | accepted | nobody (came in time) | cancelled"""
    created = BigInt()
    answer_by = BigInt()
    accepted_by = Text(default="")
    accepted_at = BigInt(null=True, default=None)


class Promise(Table, tablename="promise"):
    """A message taken for the team, who owe the customer an answer."""

    id = Text(primary_key=True)
    business = Text()
    conversation = Text()
    contact = Text()
    call = Text()
    topic = Text()
    text = Text()
    name = Text()
    phone = Text()
    email = Text()
    urgency = Text()
    callback_window = Text()
    """In the customer's words."""
    due = BigInt()
    """When the team is next there to read it."""
    state = Text(default="open")
    """open | done"""
    created = BigInt()
    done_by = Text(default="")
    done_at = BigInt(null=True, default=None)


TABLES = (Handoff, Promise)
