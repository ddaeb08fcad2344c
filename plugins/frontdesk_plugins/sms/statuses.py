"""What became of text messages: Twilio's status callbacks, and what staff see of them.

Callbacks come more than once, in any order, and even before Twilio has answered the request that made
the message. Then they wait as orphans, for a day.
"""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import msgspec
import structlog

from frontdesk import opting
from frontdesk.appending import Words
from frontdesk.database import Database
from frontdesk.ids import new_id
from frontdesk.instants import now_ms
from frontdesk.pages import Delivery
from frontdesk_plugins.sms import counters
from frontdesk_plugins.sms.errors import OPTED_OUT, UNREACHABLE, explained
from frontdesk_plugins.sms.states import BAD, FINAL, RANKS, RISES, shown

if TYPE_CHECKING:
    from frontdesk.desk import Desk

log = structlog.get_logger("frontdesk.sms")

ORPHAN_MS = 24 * 3_600_000
_LOOKED_AT = 500
"""Entries of the outbox, the newest ones. It is nearly empty, but for what was given up."""
_BY_SID = "SELECT id FROM sms_message WHERE sid = {} AND sid <> ''"  # so that its index is used
_TWILIO = RANKS.keys() - {"new", "trying", "held"}


async def report(desk: "Desk", form: Mapping[str, str]) -> None:
    """A status callback, whose signature and account were checked. The same again does nothing."""
    sid = form.get("MessageSid") or form.get("SmsSid") or ""
    state = (form.get("MessageStatus") or form.get("SmsStatus") or "").lower()
    if not sid or state not in _TWILIO:
        log.warning("a status that is not understood", sid=sid[:40], state=state[:20])
        return
    error = form.get("ErrorCode", "")[:20] if state in BAD else ""
    counters.of(desk).statuses.labels(state).inc()
    if not await _apply(desk.database, sid, state, error):
        await _keep(desk.database, sid, state, error)
        await absorb(desk.database, sid)  # the answer may have been stored meanwhile


async def absorb(database: Database, sid: str) -> None:
    """Give a message the status that waits for it.

    Whoever stores a message's id or an orphan calls this after the commit: so the later one of both
    sees the other.
    """
    if await database.one(_BY_SID, sid) is None:
        return
    async with database.transaction():
        orphan = await database.one("DELETE FROM sms_orphan WHERE sid = {} RETURNING *", sid)
        if orphan is not None:
            await _apply(database, sid, orphan["state"], orphan["error"])


async def _apply(database: Database, sid: str, state: str, error: str) -> bool:
    """False when no message has this id."""
    rank = RANKS[state]
    # In this order: a message whose id is stored between the two is updated, and not passed over.
    if await database.one(_BY_SID, sid) is None:
        return False
    async with database.transaction():
        row = await database.one(
            "UPDATE sms_message SET state = {}, rank = {}, error = {}, updated = {} "  # noqa: S608
            f"WHERE sid = {{}} AND sid <> '' AND {RISES} RETURNING business, to_number",
            state, rank, error, now_ms(), sid, rank, state,
        )  # fmt: skip
        if row is not None and rank >= FINAL:
            await learn(database, row["business"], row["to_number"], state, error)
    return True


async def _keep(database: Database, sid: str, state: str, error: str) -> None:
    await database.fetch(
        "INSERT INTO sms_orphan (sid, state, rank, error, created) VALUES ({}, {}, {}, {}, {}) "
        "ON CONFLICT (sid) DO UPDATE "
        "SET state = excluded.state, rank = excluded.rank, error = excluded.error "
        "WHERE sms_orphan.rank < excluded.rank AND (sms_orphan.rank < 6 "
        "OR (sms_orphan.state = 'delivered' AND excluded.state = 'read'))",
        sid, state, RANKS[state], error, now_ms(),
    )  # fmt: skip


async def learn(database: Database, business: str, number: str, state: str, error: str) -> None:
    """What a message's end says about its number."""
    if state in BAD:
        log.warning("a text message failed", business=business, code=error, why=explained(error))
    if error == OPTED_OUT:
        await opting.record(database, business, number, "out", "provider")
    elif error in UNREACHABLE:
        await database.fetch(
            "INSERT INTO sms_unreachable (id, business, number, error, created) "
            "VALUES ({}, {}, {}, {}, {}) ON CONFLICT (business, number) "
            "DO UPDATE SET error = excluded.error, created = excluded.created",
            new_id(), business, number, error, now_ms(),
        )  # fmt: skip
    elif state in ("delivered", "read"):
        await database.fetch(
            "DELETE FROM sms_unreachable WHERE business = {} AND number = {}", business, number
        )


async def unreachable(database: Database, business: str, number: str) -> str:
    """Why text messages do not reach a number, in words for staff; empty when they do, or nobody
    has tried."""
    row = await database.one(
        "SELECT error FROM sms_unreachable WHERE business = {} AND number = {}", business, number
    )
    return explained(row["error"]) if row else ""


async def forget_orphans(database: Database) -> None:
    """Statuses of messages that nobody here sent. What waits for one of ours goes to it."""
    rows = await database.fetch(
        "SELECT o.sid FROM sms_orphan o WHERE EXISTS "
        "(SELECT 1 FROM sms_message m WHERE m.sid = o.sid AND m.sid <> '') LIMIT 100"
    )
    for row in rows:
        await absorb(database, row["sid"])
    await database.fetch("DELETE FROM sms_orphan WHERE created < {}", now_ms() - ORPHAN_MS)


async def deliveries(
    database: Database, business: str, messages: Sequence[str]
) -> dict[str, Delivery]:
    """What became of messages of conversations, by their ids."""
    wanted = set(messages)
    if not wanted:
        return {}
    found = await _outbox(database, business, wanted)
    places = ", ".join("{}" for _ in wanted)
    rows = await database.fetch(
        "SELECT event, state, error FROM sms_message "  # noqa: S608
        f"WHERE business = {{}} AND event IN ({places}) ORDER BY part",
        business, *wanted,
    )  # fmt: skip
    states: dict[str, list[str]] = {}
    errors: dict[str, str] = {}
    for row in rows:
        states.setdefault(row["event"], []).append(row["state"])
        if row["error"]:
            errors.setdefault(row["event"], explained(row["error"]))
    for event, each in states.items():
        state = shown(each)
        if state != "queued" or event not in found:  # what was given up waits no more
            found[event] = Delivery(state=state, error=errors.get(event, ""))
    return found


async def _outbox(database: Database, business: str, wanted: set[str]) -> dict[str, Delivery]:
    """Messages that wait for an attempt, or that were given up."""
    rows = await database.fetch(
        "SELECT body, state, error FROM outbox WHERE business = {} AND kind = 'sms' "
        "ORDER BY id DESC LIMIT {}",
        business, _LOOKED_AT,
    )  # fmt: skip
    found: dict[str, Delivery] = {}
    for row in rows:
        words = msgspec.json.decode(row["body"], type=Words)
        if words.event in wanted:
            is_dead = row["state"] == "dead"
            found[words.event] = Delivery(
                state="failed" if is_dead else "queued", error=row["error"] if is_dead else ""
            )
    return found
