"""Every write of conversations: one transaction a function, one home for each statement."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Any

import msgspec

from frontdesk import appending, blocking, events, redact, status
from frontdesk.channels import Inbound
from frontdesk.conversation import (
    Contact,
    Conversation,
    trimmed_window,
)
from frontdesk.database import Database, whole
from frontdesk.errors import ClientIdReusedError, TurnLostError, UnknownConversationError
from frontdesk.events import CustomerSaid, Replied, StatusChanged, Stored
from frontdesk.ids import new_id
from frontdesk.instants import now_ms

LEASE_MS = 10_000
WINDOW_LARGEST = 120
WINDOW_KEPT = 8
"""Events. A cut costs the prompt cache of all that is kept, so little is kept, and cuts are rare."""


class Receipt(msgspec.Struct, frozen=True, kw_only=True):
    """What became of an inbound message. It is stored when this exists."""

    seq: int
    message_id: str
    stored: tuple[Stored, ...] = ()
    """Nothing for a duplicate."""
    lease: str = ""
    """Set when the caller now owns the conversation and has to run the turn."""
    is_blocked: bool = False
    """Staff want no more of this customer: nobody answers it."""
    refusal: str = ""
    """What to tell a customer who is blocked; `Desk.receive` says it."""


class _Duplicate(Exception):  # noqa: N818  leaves the transaction, never the module
    pass


async def open_conversation(
    database: Database, business: str, channel: str, contact: Contact, *, outbox: str = ""
) -> str:
    """A new conversation of a contact; its id. For `outbox` see `Channel.outbox`."""
    now = now_ms()
    identifier = new_id()
    async with database.transaction():
        await database.fetch(
            "INSERT INTO conversation (id, business, contact, channel, outbox, status, reason, "
            "created, updated) VALUES ({}, {}, {}, {}, {}, {}, {}, {}, {})",
            identifier, business, contact.id, channel, outbox,
            "resolved" if contact.blocked else "bot", blocking.REASON if contact.blocked else "",
            now, now,
        )  # fmt: skip
        await database.fetch(
            "INSERT INTO conversation_state (conversation, last_activity) VALUES ({}, {})",
            identifier, now,
        )  # fmt: skip
    return identifier


_RECEIVE = """
UPDATE conversation SET last_seq = last_seq + 1, said = last_seq + 1, updated = {},
    lease_owner = CASE WHEN status = 'bot' AND lease_until < {} THEN {} ELSE lease_owner END,
    attempt = CASE WHEN status = 'bot' AND lease_until < {}
        THEN (CASE WHEN turn = '' THEN 1 ELSE attempt + 1 END) ELSE attempt END,
    turn = CASE WHEN status = 'bot' AND lease_until < {} AND turn = '' THEN {} ELSE turn END,
    lease_until = CASE WHEN status = 'bot' AND lease_until < {} THEN {} ELSE lease_until END
WHERE id = {} AND business = {} RETURNING last_seq, status, lease_owner"""


_KEEP = """
UPDATE conversation SET last_seq = last_seq + 1, updated = {}
WHERE id = {} AND business = {} RETURNING last_seq, '' AS status, '' AS lease_owner"""
"""Of a message that nobody answers: it wakes no turn and opens nothing again."""


@whole
async def receive(database: Database, inbound: Inbound) -> Receipt:
    """Store a customer's message, once, and take the conversation's lease if it is free. Card numbers
    are taken out of it before anything else.

    Raises UnknownConversationError, and ClientIdReusedError when the client id came with other words.
    """
    now, lease = now_ms(), new_id()
    reopened: list[Stored] = []
    is_blocked = False
    text, _ = redact.cards(inbound.text)
    said = CustomerSaid(
        id=new_id(),
        text=text,
        client_id=inbound.client_id,
        confirm=inbound.confirm,
        is_aside=inbound.is_aside,
    )
    places = inbound.conversation, inbound.business
    try:
        async with database.transaction():
            row = await (
                database.one(_KEEP, now, *places)
                if inbound.is_aside
                else database.one(
                    _RECEIVE, now, now, lease, now, now, new_id(), now, now + LEASE_MS, *places
                )
            )
            if row is None:
                raise UnknownConversationError(inbound.conversation)
            seq = row["last_seq"]
            inserted = await database.fetch(
                "INSERT INTO event (conversation, seq, type, at, turn, client_id, body) "
                "VALUES ({}, {}, 'customer_said', {}, '', {}, {}) "
                "ON CONFLICT (conversation, client_id) DO NOTHING RETURNING seq",
                inbound.conversation, seq, now, inbound.client_id, events.encode(said),
            )  # fmt: skip
            if not inserted:
                raise _Duplicate
            await database.fetch(
                "UPDATE conversation_state SET last_activity = {} WHERE conversation = {}",
                now, inbound.conversation,
            )  # fmt: skip
            if row["status"] == "resolved":
                is_blocked = await blocking.refuse(database, inbound.conversation)
            if row["status"] in ("resolved", "snoozed") and not is_blocked:
                reopened = await status.reopen(database, inbound.business, inbound.conversation)
                row = await _take(database, inbound.conversation, lease) or row
    except _Duplicate:
        return await _duplicate_of(database, inbound)
    return Receipt(
        seq=seq,
        message_id=said.id,
        stored=(Stored(seq, now, "", said), *reopened),
        lease=lease if row["lease_owner"] == lease else "",
        is_blocked=is_blocked,
    )


async def _take(database: Database, conversation: str, lease: str) -> dict[str, Any] | None:
    """The lease of a conversation that was reopened; None when it is not the assistant's."""
    return await database.one(
        "UPDATE conversation SET lease_owner = {}, lease_until = {}, turn = {} "
        "WHERE id = {} AND status = 'bot' RETURNING lease_owner",
        lease, now_ms() + LEASE_MS, new_id(), conversation,
    )  # fmt: skip


async def _duplicate_of(database: Database, inbound: Inbound) -> Receipt:
    row = await database.one(
        "SELECT seq, body FROM event WHERE conversation = {} AND client_id = {}",
        inbound.conversation, inbound.client_id,
    )  # fmt: skip
    assert row is not None
    first = events.decode(row["body"])
    assert isinstance(first, CustomerSaid)
    if (first.text, first.confirm) != (redact.cards(inbound.text)[0], inbound.confirm):
        raise ClientIdReusedError(inbound.client_id)
    return Receipt(seq=row["seq"], message_id=first.id)


@asynccontextmanager
async def writing(
    database: Database, conversation: Conversation, *, more: int = 0
) -> AsyncGenerator[list[Stored]]:
    """A transaction of the running turn. What the block adds commits with what was added before.

    `more` is the number of events that the block itself will add. The list is filled with the
    stored events when the block ends; they may be shown only after that. Raises TurnLostError
    when the lease or the owner changed, and then nothing of the block is kept.
    """
    count = len(conversation.added) + more
    now = now_ms()
    finished: list[Stored] = []
    async with database.transaction():
        row = await database.one(
            "UPDATE conversation SET last_seq = last_seq + {}, updated = {} WHERE id = {} "
            "AND lease_owner = {} AND owner_epoch = {} AND status = 'bot' RETURNING last_seq",
            count, now, conversation.id, conversation.lease, conversation.owner_epoch,
        )  # fmt: skip
        if row is None:
            raise TurnLostError(conversation.id)
        stored: list[Stored] = []
        yield finished
        first = row["last_seq"] - count + 1
        stored = [
            Stored(first + n, now, conversation.turn, event)
            for n, event in enumerate(conversation.added)
        ]
        await appending.insert(database, conversation.place, stored)
        await _insert_usage(database, conversation, now)
        if conversation.state_changed:
            await _save_state(database, conversation)
        if conversation.contact_changed:
            await _save_contact(database, conversation)
    finished += stored
    conversation.events += stored
    conversation.added = []
    conversation.calls_made = []
    conversation.state_changed = conversation.contact_changed = False


async def commit(database: Database, conversation: Conversation) -> list[Stored]:
    """Store what the turn added so far."""
    async with writing(database, conversation) as stored:
        pass
    return stored


async def finish(
    database: Database, conversation: Conversation, reply: Replied, keep: int | None = None
) -> tuple[list[Stored], bool]:
    """Store the reply and end the turn. True: more messages came, and the lease is still ours.

    A turn that asked for a person leaves the conversation in the queue, with all that comes. What is
    stored from the seq `keep` on is still needed in the window. One whose contact turned out to be
    blocked leaves it resolved.
    """
    conversation.add(reply)
    left = _left(conversation)
    if left:
        conversation.add(left)
    next_turn = new_id()
    async with writing(database, conversation) as stored:
        if left:
            await database.fetch(
                "UPDATE conversation SET status = {}, owner_epoch = owner_epoch + 1, "
                "changed = {}, reason = {}, urgency = {} WHERE id = {}",
                left.status, now_ms(), left.reason, left.urgency, conversation.id,
            )  # fmt: skip
        row = await database.one(
            "UPDATE conversation SET attempt = 1, "
            "answered = CASE WHEN status = 'resolved' THEN said ELSE {} END, "
            "turn = CASE WHEN said > {} AND status = 'bot' THEN {} ELSE '' END, "
            "lease_until = CASE WHEN said > {} AND status = 'bot' THEN lease_until ELSE 0 END, "
            "lease_owner = CASE WHEN said > {} AND status = 'bot' THEN lease_owner ELSE '' END "
            "WHERE id = {} RETURNING said",
            reply.upto, reply.upto, next_turn, reply.upto, reply.upto, conversation.id,
        )  # fmt: skip
        assert row is not None
        start = trimmed_window(conversation.events, WINDOW_LARGEST, WINDOW_KEPT)
        is_needed = keep is not None and start is not None and keep < start
        if start is not None and not (is_needed and len(conversation.events) < 2 * WINDOW_LARGEST):
            conversation.cut(start)
            await database.fetch(
                "UPDATE conversation SET window_start = {} WHERE id = {}", start, conversation.id
            )
    return stored, row["said"] > reply.upto and not left


def _left(conversation: Conversation) -> StatusChanged | None:
    """How a turn leaves its conversation, when it is no longer the assistant's."""
    if conversation.contact.blocked:
        return StatusChanged("resolved", blocking.REASON, before="bot")
    if reason := conversation.handoff():
        return StatusChanged("queued", reason, before="bot", urgency=conversation.urgency())
    return None


async def save_usage(database: Database, conversation: Conversation) -> None:
    """What models did in a turn that wrote nothing more: it costs money all the same."""
    async with database.transaction():
        await _insert_usage(database, conversation, now_ms())
    conversation.calls_made = []


async def _insert_usage(database: Database, conversation: Conversation, now: int) -> None:
    for call in conversation.calls_made:
        await database.fetch(
            "INSERT INTO ai_usage (id, business, conversation, turn, round, provider, model, "
            "input_tokens, output_tokens, cache_read_tokens, cache_write_tokens, tool_calls, cost, "
            "estimated, latency_ms, first_ms, stop, error, request_id, prompt, created) VALUES "
            "({}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {})",
            new_id(), conversation.business.id, conversation.id, conversation.turn, call.round,
            call.provider, call.model, call.input, call.output, call.cache_read, call.cache_write,
            call.tool_calls, call.cost, call.estimated, call.latency_ms, call.first_ms, call.stop,
            call.error, call.request_id, call.prompt, now,
        )  # fmt: skip


async def _save_state(database: Database, conversation: Conversation) -> None:
    state = conversation.state
    await database.fetch(
        "UPDATE conversation_state SET current_order_items = {}, booking_draft = {}, "
        "custom_data = {}, commitments = {} WHERE conversation = {}",
        msgspec.json.encode(state.current_order_items).decode(),
        msgspec.json.encode(state.booking_draft).decode(),
        msgspec.json.encode(state.custom_data).decode(),
        msgspec.json.encode(state.commitments).decode(),
        conversation.id,
    )


async def _save_contact(database: Database, conversation: Conversation) -> None:
    contact = conversation.contact
    await database.fetch(  # what was verified meanwhile is no longer a matter of claims
        "UPDATE contact SET name = {}, "
        "phone = CASE WHEN phone_verified THEN phone ELSE {} END, "
        "email = CASE WHEN email_verified THEN email ELSE {} END WHERE id = {} AND business = {}",
        contact.name, contact.phone, contact.email, contact.id, conversation.business.id,
    )  # fmt: skip
