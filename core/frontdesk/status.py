"""Whose conversation it is: the assistant's, the queue's, a person's, nobody's.

Every change of hands is one transaction: it locks the conversation's row, looks whether the change
is allowed and still wanted, raises `owner_epoch` so that a running turn can write no more, and
appends a `StatusChanged`. What is returned is stored, for `Desk.happened`; it is nothing when it was
so already. Times (`now`) are milliseconds since the epoch.
"""

from typing import Any

from frontdesk import events, redact
from frontdesk.database import Database, Row, whole
from frontdesk.errors import ClientIdReusedError
from frontdesk.events import Noted, StaffSaid, Status, StatusChanged, Stored
from frontdesk.hands import append, locked, name_of, orphans, remember_said, said_before, taken
from frontdesk.ids import new_id
from frontdesk.instants import now_ms
from frontdesk.model import ToolCall

STEPS: dict[str, dict[Status, Status]] = {
    "queue": {"bot": "queued"},
    "accept": {"queued": "human"},
    "take_over": {"bot": "human", "snoozed": "human", "resolved": "human"},
    "assign": dict.fromkeys(("bot", "queued", "human", "snoozed"), "human"),
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


async def assign(
    database: Database,
    business: str,
    conversation: str,
    by: str,
    agent: str,
    agent_name: str = "",
    *,
    overrules: bool = False,
) -> list[Stored]:
    """Give it to a member of staff, who may be oneself. What a colleague has, only one who overrules
    gives away."""
    return await _change(
        database, business, conversation, "assign", agent, agent_name, by=by, overrules=overrules
    )


async def hand_back(
    database: Database,
    business: str,
    conversation: str,
    agent: str = "",
    *,
    reason: str = "",
    note: Noted | None = None,
    epoch: int | None = None,
) -> list[Stored]:
    """Give it to the assistant, who answers what came after the last word of staff and reads the note.

    With `epoch` only while the conversation's `owner_epoch` is still that.
    """
    expect = {} if epoch is None else {"owner_epoch": epoch}
    return await _change(
        database,
        business,
        conversation,
        "hand_back",
        agent,
        reason=reason,
        expect=expect,
        note=note,
    )


async def snooze(
    database: Database,
    business: str,
    conversation: str,
    agent: str,
    *,
    reason: str = "",
    until: int = 0,
) -> list[Stored]:
    """Put it aside until the customer writes again, or until that time."""
    return await _change(
        database, business, conversation, "snooze", agent, reason=reason, until=until
    )


async def resolve(
    database: Database, business: str, conversation: str, agent: str = "", *, reason: str = ""
) -> list[Stored]:
    """It is over. What was said up to now will not be answered any more."""
    return await _change(database, business, conversation, "resolve", agent, reason=reason)


async def resolve_for_all(
    database: Database, business: str, conversation: str, reason: str
) -> list[Stored]:
    """It is over, whoever has it."""
    return await _change(database, business, conversation, "resolve", reason=reason, engine=True)


async def reopen(
    database: Database, business: str, conversation: str, agent: str = ""
) -> list[Stored]:
    """The customer writes again, or staff want it back: a resolved conversation is the assistant's, a
    snoozed one is whose it was. Which conversation a message belongs to is for its channel to say,
    see `continued`."""
    if agent:
        why = "reopened"
        return await _change(database, business, conversation, "reopen", by=agent, reason=why)
    why = "the customer wrote"
    return await _change(database, business, conversation, "reopen", reason=why, engine=True)


async def wake(database: Database, now: int, *, limit: int = 200) -> list[tuple[str, list[Stored]]]:
    """Reopen what was snoozed until now, as (conversation, what was stored)."""
    rows = await database.fetch(
        "SELECT id, business, snoozed_until FROM conversation WHERE status = 'snoozed' "
        "AND snoozed_until > 0 AND snoozed_until <= {} ORDER BY snoozed_until LIMIT {}",
        now, limit,
    )  # fmt: skip
    return [
        (
            row["id"],
            await _change(
                database, row["business"], row["id"], "reopen", reason="its time has come",
                expect={"snoozed_until": row["snoozed_until"]}, engine=True,
            ),
        )
        for row in rows
    ]  # fmt: skip


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


@whole
async def say(
    database: Database,
    business: str,
    conversation: str,
    agent: str,
    text: str,
    *,
    client_id: str | None = None,
) -> list[Stored]:
    """A member of staff writes, while the conversation is theirs; else StatusError. It answers all
    that the customer has said. The same `client_id` again is nothing, or ClientIdReusedError when it
    comes with other words."""
    text = redact.cards(text)[0]
    async with locked(database, business, conversation) as row:
        if client_id and (first := await said_before(database, conversation, agent, client_id)):
            if not isinstance(first.event, StaffSaid) or first.event.text != text:
                raise ClientIdReusedError(client_id)
            return []
        if (row["status"], row["agent"]) != ("human", agent):
            raise await taken(database, row)
        await database.fetch("UPDATE conversation SET answered = said WHERE id = {}", conversation)
        name = await name_of(database, conversation, agent)
        said = StaffSaid(new_id(), text, agent, name, client_id)
        stored = await append(database, conversation, [("", said)])
        if client_id:
            await remember_said(database, conversation, agent, client_id, stored[0])
        return stored


@whole
async def note(database: Database, business: str, conversation: str, note: Noted) -> list[Stored]:
    """Staff tell one another something, whoever has the conversation."""
    async with locked(database, business, conversation):
        return await append(database, conversation, [("", note)])


@whole
async def notice(
    database: Database, business: str, conversation: str, text: str, offer: ToolCall | None = None
) -> list[Stored]:
    """Words of the engine's own, whoever has the conversation. For `offer` see `Noticed`."""
    noticed = events.Noticed(id=offer.id if offer else new_id(), text=text, offer=offer)
    async with locked(database, business, conversation):
        return await append(database, conversation, [("", noticed)])


# ---- one change ------------------------------------------------------------------------------


@whole
async def _change(
    database: Database,
    business: str,
    conversation: str,
    verb: str,
    agent: str = "",
    agent_name: str = "",
    *,
    by: str = "",
    reason: str = "",
    expect: dict[str, Any] | None = None,
    note: Noted | None = None,
    until: int = 0,
    overrules: bool = False,
    engine: bool = False,
) -> list[Stored]:
    """Nothing happens unless the row's columns are as expected. What a person has, only that person
    changes, or one who overrules, or the engine by itself. `by` is who does it, where that is another
    than the one who has it then."""
    steps = STEPS[verb]
    async with locked(database, business, conversation) as row:
        status, owner = row["status"], row["agent"]
        is_theirs = not owner or owner == (by or agent) or overrules
        if any(row[column] != value for column, value in (expect or {}).items()):
            return []
        if status not in steps and (engine or (status in steps.values() and is_theirs)):
            return []
        if status not in steps or not (is_theirs or engine):
            raise await taken(database, row)
        had = agent or owner
        to = steps[status] if had or steps[status] != "human" else "queued"
        if (to, had) == (status, owner):  # assigned to whoever has it
            return []
        happened = await orphans(database, row)
        if note is not None:
            happened.append(("", note))
        name = agent_name or await name_of(database, conversation, had)
        asked = row["urgency"] if to not in ("bot", "resolved") else ""
        change = StatusChanged(to, reason, had, name, status, asked, until)
        happened.append(("", change))
        await _save(database, row, change, had)
        return await append(database, conversation, happened)


async def _save(database: Database, row: Row, change: StatusChanged, had: str) -> None:
    to, is_over = change.status, change.status in ("bot", "resolved")
    await database.fetch(
        "UPDATE conversation SET status = {}, agent = {}, owner_epoch = owner_epoch + 1, "
        "changed = {}, reason = {}, urgency = {}, snoozed_until = {}, "
        "answered = {}, turn = '', attempt = 1, lease_owner = '', lease_until = 0 "
        "WHERE id = {}",
        to, {"human": had, "snoozed": row["agent"]}.get(to, ""),
        now_ms(), change.reason if is_over or change.reason else row["reason"], change.urgency,
        change.until,
        row["said"] if to == "resolved" else row["answered"], row["id"],
    )  # fmt: skip
