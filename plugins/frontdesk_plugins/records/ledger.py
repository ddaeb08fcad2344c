"""Keeping records, finding them, and the team's work on them."""

from collections.abc import Sequence
from typing import Any, Literal

import msgspec

from frontdesk import ActionCall
from frontdesk.database import Database, Row
from frontdesk.ids import new_id
from frontdesk.instants import ms, now_ms
from frontdesk.references import new_reference, normal

State = Literal["new", "working", "ready", "done", "dropped"]
STATES: tuple[State, ...] = ("new", "working", "ready", "done", "dropped")


async def keep(call: ActionCall, columns: dict[str, str], fields: dict[str, Any]) -> Row:
    """A new record of this call, or the one that it made already. Runs in the call's transaction."""
    made = await call.db.one(
        "SELECT * FROM record WHERE call = {} AND business = {}", call.id, call.business.id
    )
    if made is not None:
        return made
    now = ms(call.now)
    row: Row = columns | {
        "id": new_id(), "business": call.business.id, "conversation": call.conversation,
        "contact": call.contact.id, "call": call.id, "reference": new_reference(),
        "fields": msgspec.json.encode(fields).decode(), "created": now, "updated": now,
    }  # fmt: skip
    await call.db.insert("record", [row])
    return row


async def own(call: ActionCall, kinds: Sequence[str]) -> list[Row]:
    """The caller's records of these kinds, the newest first."""
    phone = call.contact.phone if call.contact.phone_verified else ""
    return await call.db.fetch(
        f"SELECT * FROM record WHERE business = {{}} AND kind IN ({_places(kinds)}) "  # noqa: S608
        "AND (contact = {} OR (phone = {} AND phone <> '')) ORDER BY created DESC LIMIT 5",
        call.business.id, *kinds, call.contact.id, phone,
    )  # fmt: skip


async def find(call: ActionCall, kinds: Sequence[str], reference: str) -> Row | None:
    return await call.db.one(
        f"SELECT * FROM record WHERE business = {{}} AND kind IN ({_places(kinds)}) "  # noqa: S608
        "AND reference = {}",
        call.business.id, *kinds, normal(reference),
    )  # fmt: skip


def _places(values: Sequence[str]) -> str:
    return ", ".join("{}" for _ in values)


async def listed(database: Database, business: str, *, is_open: bool) -> list[Row]:
    """What the team has to work on, urgent and old first; or what is over, the newest first."""
    states = "('new', 'working', 'ready')" if is_open else "('done', 'dropped')"
    order = "urgency = 'urgent' DESC, created" if is_open else "updated DESC"
    return await database.fetch(
        f"SELECT * FROM record WHERE business = {{}} AND state IN {states} "  # noqa: S608
        f"ORDER BY {order} LIMIT 200",
        business,
    )


async def change(
    database: Database,
    business: str,
    record: str,
    version: int,
    *,
    state: State,
    told: str,
    agent: str,
) -> bool:
    """The team's work. False when somebody changed it since `version`, or it is another business's."""
    row = await database.one(
        "UPDATE record SET state = {}, told = {}, agent = {}, updated = {}, version = version + 1 "
        "WHERE id = {} AND business = {} AND version = {} RETURNING id",
        state, told[:500], agent, now_ms(), record, business, version,
    )  # fmt: skip
    return row is not None
