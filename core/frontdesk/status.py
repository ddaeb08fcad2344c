"""Whose conversation it is: the assistant's, the queue's, a person's, nobody's.

Every change of hands is one transaction: it locks the conversation's row, looks whether the change
is allowed and still wanted, raises `owner_epoch` so that a running turn can write no more, and
appends a `StatusChanged`. What is returned is stored, for `Desk.happened`; it is nothing when it was
so already. Times (`now`) are milliseconds since the epoch.
"""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Any

from frontdesk import appending, events, redact
from frontdesk.appending import now_ms
from frontdesk.database import Database, Row
from frontdesk.errors import StatusError, UnknownConversationError
from frontdesk.events import AnyEvent, CallSettled, ModelSaid, Status, StatusChanged, Stored
from frontdesk.ids import new_id
from frontdesk.reads import last_change, read_turn

STEPS: dict[str, dict[Status, Status]] = {
    "queue": {"bot": "queued"},
    "accept": {"queued": "human"},
    "take_over": {"bot": "human", "snoozed": "human", "resolved": "human"},
    "hand_back": {"queued": "bot", "human": "bot"},
    "snooze": {"queued": "snoozed", "human": "snoozed"},
    "resolve": dict.fromkeys(("bot", "queued", "human", "snoozed"), "resolved"),
    "reopen": {"resolved": "bot", "snoozed": "human"},
}
"""All changes there are, as {from: to}. What nobody had when it was snoozed reopens as queued."""

HOUR_MS = 3_600_000
REOPEN_MS = 7 * 24 * HOUR_MS
"""How long after it was resolved a conversation is still the one to go on in."""
IDLE_HUMAN_MS = 24 * HOUR_MS
IDLE_MS = 2 * HOUR_MS
IDLE_SMS_MS = 72 * HOUR_MS
"""How long nothing happens until a conversation counts as over: a person's, the assistant's on the
web, the assistant's by text message."""

_LOST = "The conversation changed hands before this was carried out."
_UNKNOWN = "The conversation changed hands: it is not known whether this was done."


# ---- changes of hands ------------------------------------------------------------------------


async def queue(
    database: Database, business: str, conversation: str, reason: str = ""
) -> list[Stored]:
    """Ask for a person. The assistant is silent until somebody hands the conversation back."""
    return await _change(database, business, conversation, "queue", reason=reason)


async def accept(
    database: Database, business: str, conversation: str, agent: str, agent_name: str = ""
) -> list[Stored]:
    """A member of staff takes a waiting conversation. Raises StatusError when another was faster."""
    return await _change(database, business, conversation, "accept", agent, agent_name)


async def take_over(
    database: Database, business: str, conversation: str, agent: str, agent_name: str = ""
) -> list[Stored]:
    """A member of staff takes a conversation that did not ask for one. A running turn is silenced:
    what it had not stored is lost, and its open calls are settled as not done."""
    return await _change(database, business, conversation, "take_over", agent, agent_name)


async def hand_back(
    database: Database,
    business: str,
    conversation: str,
    agent: str = "",
    *,
    reason: str = "",
    epoch: int | None = None,
) -> list[Stored]:
    """Give it to the assistant, who answers what came after the last word of staff.

    With `epoch` only while the conversation's `owner_epoch` is still that.
    """
    expect = {} if epoch is None else {"owner_epoch": epoch}
    return await _change(
        database, business, conversation, "hand_back", agent, reason=reason, expect=expect
    )


async def snooze(
    database: Database, business: str, conversation: str, agent: str, *, reason: str = ""
) -> list[Stored]:
    """Put it aside until the customer writes again."""
    return await _change(database, business, conversation, "snooze", agent, reason=reason)


async def resolve(
    database: Database, business: str, conversation: str, agent: str = "", *, reason: str = ""
) -> list[Stored]:
    """It is over. What was said up to now will not be answered any more."""
    return await _change(database, business, conversation, "resolve", agent, reason=reason)


async def reopen(database: Database, business: str, conversation: str) -> list[Stored]:
    """The customer writes again: a resolved conversation is the assistant's, a snoozed one is whose
    it was. Which conversation a message belongs to is for its channel to say, see `continued`."""
    why = "the customer wrote"
    return await _change(database, business, conversation, "reopen", reason=why, engine=True)


async def resolve_idle(
    database: Database, now: int, *, limit: int = 200
) -> list[tuple[str, list[Stored]]]:
    """Resolve what nobody has written in for long, as (conversation, what was stored).

    While a conversation is the assistant's, a customer who waits for an answer keeps it open.
    """
    rows = await database.fetch(
        "SELECT id, business, last_seq FROM conversation WHERE (status = 'human' AND updated < {}) "
        "OR (status = 'bot' AND said <= answered AND updated < {} "
        "AND (channel <> 'sms' OR updated < {})) ORDER BY updated LIMIT {}",
        now - IDLE_HUMAN_MS, now - IDLE_MS, now - IDLE_SMS_MS, limit,
    )  # fmt: skip
    resolved: list[tuple[str, list[Stored]]] = []
    for row in rows:
        stored = await _change(
            database, row["business"], row["id"], "resolve",
            reason="idle", expect={"last_seq": row["last_seq"]}, engine=True,
        )  # fmt: skip
        if stored:
            resolved.append((row["id"], stored))
    return resolved


async def continued(
    database: Database, business: str, contact: str, channel: str, now: int
) -> str | None:
    """What a new message goes on in, for channels whose messages name no conversation."""
    row = await database.one(
        "SELECT id FROM conversation WHERE business = {} AND contact = {} AND channel = {} "
        "AND (status <> 'resolved' OR updated > {}) ORDER BY updated DESC LIMIT 1",
        business, contact, channel, now - REOPEN_MS,
    )  # fmt: skip
    return row["id"] if row else None


# ---- words outside of turns ------------------------------------------------------------------


async def say(
    database: Database, business: str, conversation: str, agent: str, text: str
) -> list[Stored]:
    """A member of staff writes, while the conversation is theirs; else StatusError. It answers all
    that the customer has said."""
    async with _locked(database, business, conversation) as row:
        if (row["status"], row["agent"]) != ("human", agent):
            raise await _taken(database, row)
        await database.fetch("UPDATE conversation SET answered = said WHERE id = {}", conversation)
        name = await _name_of(database, conversation, agent)
        said = events.StaffSaid(
            id=new_id(), text=redact.cards(text)[0], agent=agent, agent_name=name
        )
        return await _append(database, conversation, [("", said)])


async def notice(database: Database, business: str, conversation: str, text: str) -> list[Stored]:
    """Words of the engine's own, whoever has the conversation."""
    async with _locked(database, business, conversation):
        return await _append(database, conversation, [("", events.Noticed(id=new_id(), text=text))])


# ---- one change ------------------------------------------------------------------------------


async def _change(
    database: Database,
    business: str,
    conversation: str,
    verb: str,
    agent: str = "",
    agent_name: str = "",
    *,
    reason: str = "",
    expect: dict[str, Any] | None = None,
    engine: bool = False,
) -> list[Stored]:
    """Nothing happens unless the row's columns are as expected. What a person has, only that person
    changes, or the engine by itself."""
    steps = STEPS[verb]
    async with _locked(database, business, conversation) as row:
        status, owner = row["status"], row["agent"]
        is_theirs = not owner or owner == agent
        if any(row[column] != value for column, value in (expect or {}).items()):
            return []
        if status not in steps and (engine or (status in steps.values() and is_theirs)):
            return []
        if status not in steps or not (is_theirs or engine):
            raise await _taken(database, row)
        had = agent or owner
        to = steps[status] if had or steps[status] != "human" else "queued"
        happened = await _orphans(database, row)
        name = agent_name or await _name_of(database, conversation, had)
        happened.append(("", StatusChanged(to, reason, had, name, status)))
        await database.fetch(
            "UPDATE conversation SET status = {}, agent = {}, owner_epoch = owner_epoch + 1, "
            "answered = {}, turn = '', attempt = 1, lease_owner = '', lease_until = 0 "
            "WHERE id = {}",
            to, {"human": had, "snoozed": owner}.get(to, ""),
            row["said"] if to == "resolved" else row["answered"], conversation,
        )  # fmt: skip
        return await _append(database, conversation, happened)


@asynccontextmanager
async def _locked(database: Database, business: str, conversation: str) -> AsyncGenerator[Row]:
    """A transaction with the conversation's row, which nobody else can change until it ends."""
    async with database.transaction():
        row = await database.one(
            "UPDATE conversation SET updated = updated WHERE id = {} AND business = {} RETURNING *",
            conversation, business,
        )  # fmt: skip
        if row is None:
            raise UnknownConversationError(conversation)
        yield row


async def _append(
    database: Database, conversation: str, happened: list[tuple[str, AnyEvent]]
) -> list[Stored]:
    """Store events, each with its turn, under the next seqs."""
    now = now_ms()
    row = await database.one(
        "UPDATE conversation SET last_seq = last_seq + {}, updated = {} WHERE id = {} "
        "RETURNING last_seq, business, outbox",
        len(happened), now, conversation,
    )  # fmt: skip
    assert row is not None
    first = row["last_seq"] - len(happened) + 1
    stored = [Stored(first + n, now, turn, event) for n, (turn, event) in enumerate(happened)]
    place = appending.Place(row["business"], conversation, row["outbox"])
    await appending.insert(database, place, stored)
    return stored


async def _orphans(database: Database, row: Row) -> list[tuple[str, AnyEvent]]:
    """Outcomes for the calls that the turn leaves without one: a model refuses to read a history
    with an open call."""
    turn = row["turn"]
    if not turn:
        return []
    calls: dict[str, tuple[str, events.CallStarted | None]] = {}
    for stored in await read_turn(database, row["id"], turn, row["answered"]):
        match stored.event:
            case ModelSaid(calls=made):
                calls |= {call.id: (call.name, None) for call in made}
            case events.CallStarted() as left if left.call_id in calls:
                calls[left.call_id] = (calls[left.call_id][0], left)
            case CallSettled(call_id=identifier):
                calls.pop(identifier, None)
            case _:
                pass
    return [
        # What has left for another system is not done a second time by an old yes.
        (
            turn,
            CallSettled(call, tool, "failed", data={"message": _UNKNOWN}, proposal=left.proposal),
        )
        if left
        else (turn, CallSettled(call, tool, "refused", problems=(_LOST,)))
        for call, (tool, left) in calls.items()
    ]


async def _taken(database: Database, row: Row) -> StatusError:
    name = await _name_of(database, row["id"], row["agent"])
    return StatusError(row["status"], row["agent"], name)


async def _name_of(database: Database, conversation: str, agent: str) -> str:
    """The name of whoever has the conversation: the last change of hands tells."""
    last = await last_change(database, conversation)
    return last.agent_name if last is not None and last.agent == agent else ""
