"""The rows of text messages that leave, and what happens to one: every write is one statement."""

from collections.abc import Sequence

import msgspec

from frontdesk.database import Database
from frontdesk.ids import new_id
from frontdesk.instants import now_ms
from frontdesk_plugins.sms import statuses, texts
from frontdesk_plugins.sms.provider import Taken
from frontdesk_plugins.sms.states import FINAL, RANKS, RISES

BUSY_MS = 120_000
"""Longer than an attempt and its request can take."""


class Message(msgspec.Struct, frozen=True, kw_only=True):
    """A row, as it was read."""

    id: str
    business: str
    conversation: str
    event: str
    part: int
    to_number: str
    from_number: str
    body: str
    segments: int
    state: str
    rank: int
    error: str
    sid: str
    tried: int
    busy_until: int


async def of_event(database: Database, business: str, event: str) -> list[Message]:
    """The parts of a message, in their order."""
    rows = await database.fetch(
        "SELECT * FROM sms_message WHERE business = {} AND event = {} ORDER BY part",
        business, event,
    )  # fmt: skip
    return msgspec.convert(rows, list[Message])


async def again(database: Database, message: Message) -> Message:
    """The row as it is now."""
    row = await database.one("SELECT * FROM sms_message WHERE id = {}", message.id)
    return msgspec.convert(row, Message)


async def add(
    database: Database,
    business: str,
    conversation: str,
    event: str,
    *,
    to: str,
    sender: str,
    parts: Sequence[str],
    discloses: bool = False,
    held: str = "",
) -> list[Message]:
    """The rows of a message; those that are there already when another process was faster.

    `held` is why it is not sent at all.
    """
    now = now_ms()
    state = "held" if held else "new"
    async with database.transaction():
        for n, part in enumerate(parts, 1):
            await database.fetch(
                "INSERT INTO sms_message (id, business, conversation, event, part, to_number, "
                "from_number, body, discloses, segments, state, rank, error, created, updated) "
                "VALUES ({}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}) "
                "ON CONFLICT (business, event, part) DO NOTHING",
                new_id(), business, conversation, event, n, to, sender,
                "" if held else part, discloses, texts.segments(part), state, RANKS[state], held,
                now, now,
            )  # fmt: skip
        return await of_event(database, business, event)


async def begin(database: Database, message: Message, now: int) -> bool:
    """Claim a message for an attempt. False when it has its end, or another attempt has it."""
    row = await database.one(
        "UPDATE sms_message SET state = 'trying', rank = 1, busy_until = {}, updated = {}, "
        "tried = CASE WHEN tried = 0 THEN {} ELSE tried END "
        "WHERE id = {} AND rank <= 1 AND tried = {} AND busy_until <= {} RETURNING id",
        now + BUSY_MS, now, now, message.id, message.tried, now,
    )  # fmt: skip
    return row is not None


async def not_taken(database: Database, message: Message) -> None:
    """The attempt is over, and Twilio has nothing of it."""
    await database.fetch(
        "UPDATE sms_message SET state = {}, rank = {}, tried = {}, busy_until = 0, updated = {} "
        "WHERE id = {} AND rank <= 1",
        message.state, RANKS[message.state], message.tried, now_ms(), message.id,
    )  # fmt: skip


async def doubtful(database: Database, message: Message) -> None:
    """The attempt is over, and nobody knows whether Twilio has it."""
    await database.fetch(
        "UPDATE sms_message SET busy_until = 0, updated = {} WHERE id = {} AND rank <= 1",
        now_ms(), message.id,
    )  # fmt: skip


async def taken(database: Database, message: Message, by: Taken) -> None:
    """Twilio has it. What Twilio told of it before it answered counts now."""
    state = by.state if by.state in RANKS else "queued"
    await database.fetch(
        "UPDATE sms_message SET "  # noqa: S608
        "sid = {}, state = {}, rank = {}, error = {}, segments_billed = {}, "
        f"body = '', busy_until = 0, updated = {{}} WHERE id = {{}} AND {RISES}",
        by.sid, state, RANKS[state], by.error, by.segments, now_ms(),
        message.id, RANKS[state], state,
    )  # fmt: skip
    if RANKS[state] >= FINAL:
        await statuses.learn(database, message.business, message.to_number, state, by.error)
    if by.sid:
        await statuses.absorb(database, by.sid)


async def ended(database: Database, message: Message, state: str, error: str) -> None:
    """It will not be sent: `state` is failed or held."""
    await database.fetch(
        "UPDATE sms_message SET state = {}, rank = {}, error = {}, body = '', busy_until = 0, "
        "updated = {} WHERE id = {} AND rank <= 1",
        state, RANKS[state], error, now_ms(), message.id,
    )  # fmt: skip


async def known(database: Database, sids: Sequence[str]) -> set[str]:
    """Those of Twilio's ids that a row has already."""
    if not sids:
        return set()
    places = ", ".join("{}" for _ in sids)
    rows = await database.fetch(
        f"SELECT sid FROM sms_message WHERE sid IN ({places}) AND sid <> ''",  # noqa: S608
        *sids,
    )
    return {row["sid"] for row in rows}
