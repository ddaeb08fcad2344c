"""Who may run a conversation's turn: a lease in its row, so that it holds between processes too."""

from frontdesk.database import Database
from frontdesk.ids import new_id
from frontdesk.instants import now_ms
from frontdesk.store import LEASE_MS

RENEW_SECONDS = 3.0
LOOK_SECONDS = 1.0
AGAIN_MS = 1000
"""How long a turn that failed unexpectedly is left alone before it is tried again."""


async def renew(database: Database, conversation: str, lease: str) -> bool:
    """Ten more seconds. False: another took over, and the turn must stop."""
    row = await database.one(
        "UPDATE conversation SET lease_until = {} WHERE id = {} AND lease_owner = {} RETURNING id",
        now_ms() + LEASE_MS, conversation, lease,
    )  # fmt: skip
    return row is not None


async def release(database: Database, conversation: str, lease: str, *, wait_ms: int = 0) -> None:
    """Let go of an unfinished turn, for whoever looks next after `wait_ms`."""
    await database.fetch(
        "UPDATE conversation SET lease_until = {} WHERE id = {} AND lease_owner = {}",
        now_ms() + wait_ms if wait_ms else 0, conversation, lease,
    )  # fmt: skip


async def take_abandoned(database: Database, limit: int = 50) -> list[tuple[str, str]]:
    """Take up unanswered conversations whose lease ran out, as (conversation, lease)."""
    now = now_ms()
    rows = await database.fetch(
        "SELECT id FROM conversation WHERE said > answered AND status = 'bot' "
        "AND lease_until < {} ORDER BY lease_until LIMIT {}",
        now, limit,
    )  # fmt: skip
    taken: list[tuple[str, str]] = []
    for row in rows:
        lease = new_id()
        ours = await database.one(
            "UPDATE conversation SET lease_owner = {}, lease_until = {}, "
            "attempt = CASE WHEN turn = '' THEN 1 ELSE attempt + 1 END, "
            "turn = CASE WHEN turn = '' THEN {} ELSE turn END "
            "WHERE id = {} AND lease_until < {} AND said > answered AND status = 'bot' RETURNING id",
            lease, now + LEASE_MS, new_id(), row["id"], now,
        )  # fmt: skip
        if ours:
            taken.append((row["id"], lease))
    return taken
