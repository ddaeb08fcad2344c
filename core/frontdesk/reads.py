"""Every read of conversations: state and a window of events, never the whole life."""

from collections.abc import Awaitable, Callable

import msgspec

from frontdesk import events
from frontdesk.actions import Commitment
from frontdesk.business import Business
from frontdesk.conversation import Contact, Conversation, ConversationState
from frontdesk.database import Database, Row
from frontdesk.errors import TurnLostError
from frontdesk.events import StatusChanged, Stored

LONGEST_TURN = 500
"""Events; more than the largest `turn_rounds` allows with several calls a round."""


async def load(
    database: Database,
    conversation: str,
    lease: str,
    business_of: Callable[[str], Awaitable[Business | None]],
) -> Conversation:
    """The conversation as a turn needs it: state and window, never the whole life.

    Raises TurnLostError when the lease is another's.
    """
    row = await database.one(
        "SELECT c.*, s.current_order_items, s.booking_draft, s.custom_data, s.commitments, k.visitor, "
        "k.name, k.phone, k.email, k.phone_verified, k.email_verified, k.opted_out, k.blocked "
        "FROM conversation c JOIN conversation_state s ON s.conversation = c.id "
        "JOIN contact k ON k.id = c.contact "
        "WHERE c.id = {}",
        conversation,
    )
    if row is None or row["lease_owner"] != lease:
        raise TurnLostError(conversation)
    business = await business_of(row["business"])
    if business is None:
        raise TurnLostError(conversation)
    return Conversation(
        id=conversation,
        business=business,
        contact=Contact(
            id=row["contact"],
            visitor=row["visitor"],
            name=row["name"],
            phone=row["phone"],
            email=row["email"],
            phone_verified=bool(row["phone_verified"]),
            email_verified=bool(row["email_verified"]),
            opted_out=bool(row["opted_out"]),
            blocked=bool(row["blocked"]),
        ),
        channel=row["channel"],
        outbox=row["outbox"],
        status=row["status"],
        owner_epoch=row["owner_epoch"],
        said=row["said"],
        answered=row["answered"],
        window_start=row["window_start"],
        turn=row["turn"],
        attempt=row["attempt"],
        lease=lease,
        state=ConversationState(
            current_order_items=msgspec.json.decode(row["current_order_items"]),
            booking_draft=msgspec.json.decode(row["booking_draft"]),
            custom_data=msgspec.json.decode(row["custom_data"]),
            commitments=msgspec.json.decode(row["commitments"], type=list[Commitment]),
        ),
        events=await read_events(database, conversation, row["window_start"] - 1),
    )


async def read_events(
    database: Database, conversation: str, after: int, limit: int = 10_000
) -> list[Stored]:
    rows = await database.fetch(
        "SELECT seq, at, turn, body FROM event WHERE conversation = {} AND seq > {} "
        "ORDER BY seq LIMIT {}",
        conversation, after, limit,
    )  # fmt: skip
    return [_stored(row) for row in rows]


async def read_messages(
    database: Database, conversation: str, after: int, limit: int
) -> list[Stored]:
    """The messages with seq > `after`, oldest first, and the outcomes that belong to them.

    A turn's outcomes may lie before `after` when a message arrived while it ran.
    """
    rows = await database.fetch(
        "SELECT seq, at, turn, body FROM event WHERE conversation = {} AND ("
        "(seq > {} AND type IN ('customer_said', 'replied', 'staff_said', 'noticed', "
        "'status_changed')) OR "
        "(seq > {} AND type IN ('call_settled', 'proposal_voided'))) ORDER BY seq LIMIT {}",
        conversation, after, after - LONGEST_TURN, limit + LONGEST_TURN,
    )  # fmt: skip
    return [_stored(row) for row in rows]


async def read_turn(database: Database, conversation: str, turn: str, after: int) -> list[Stored]:
    rows = await database.fetch(
        "SELECT seq, at, turn, body FROM event WHERE conversation = {} AND seq > {} "
        "AND turn = {} ORDER BY seq",
        conversation, after, turn,
    )  # fmt: skip
    return [_stored(row) for row in rows]


def _stored(row: Row) -> Stored:
    return Stored(row["seq"], row["at"], row["turn"], events.decode(row["body"]))


async def last_change(database: Database, conversation: str) -> StatusChanged | None:
    """The last time it changed hands; None when it never did."""
    row = await database.one(
        "SELECT body FROM event WHERE conversation = {} AND type = 'status_changed' "
        "ORDER BY seq DESC LIMIT 1",
        conversation,
    )
    last = events.decode(row["body"]) if row else None
    assert last is None or isinstance(last, StatusChanged)
    return last


async def agent_name(database: Database, conversation: str) -> str | None:
    """The name of the person who has the conversation, as customers see it; None: nobody yet."""
    last = await last_change(database, conversation)
    return last.agent_name or None if last and last.status in ("human", "snoozed") else None
