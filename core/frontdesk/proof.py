"""Whether what somebody looks up by its reference is theirs: their own, or they know whose it is.

A reference alone proves nothing, it is on every card. Five failures of a contact, or at a reference,
within a quarter of an hour are too many, whatever they were about.
"""

from datetime import timedelta
from typing import Literal

import msgspec

from frontdesk import phones
from frontdesk.actions import ActionCall
from frontdesk.database import Row
from frontdesk.instants import ms
from frontdesk.plain import plain
from frontdesk.references import normal

TRIES = 5
WITHIN = timedelta(minutes=15)

Verdict = Literal["proven", "unproven", "too_many"]


class Proof(msgspec.Struct, frozen=True, kw_only=True):
    """What the caller knows."""

    reference: str
    name: str = ""
    phone: str = ""
    email: str = ""


def is_own(call: ActionCall, row: Row) -> bool:
    """Made by this contact, or from the number that is verified to be theirs."""
    by_phone = call.contact.phone_verified and call.contact.phone == row["phone"]
    return bool(row["contact"] == call.contact.id or (by_phone and row["phone"]))


async def check(call: ActionCall, row: Row | None, proof: Proof) -> Verdict:
    """`row` is what the reference leads to, with contact, name, phone and email. Runs in a transaction
    that has to be kept, because it counts failures."""
    if row is not None and is_own(call, row):
        return "proven"
    business, now = call.business.id, ms(call.now)
    keys = sorted(
        (
            f"{business}/contact/{call.contact.id}",
            f"{business}/reference/{normal(proof.reference)[:20]}",
        )
    )
    failures = {key: await _failures(call, key) for key in keys}
    if any(len(recent) >= TRIES for recent in failures.values()):
        return "too_many"
    if row is not None and _fits(call, row, proof):
        return "proven"
    for key, recent in failures.items():
        await call.db.fetch(
            "UPDATE guess SET failures = {} WHERE key = {}",
            msgspec.json.encode([*recent, now]).decode(), key,
        )  # fmt: skip
    await call.db.fetch("DELETE FROM guess WHERE updated < {}", ms(call.now - 2 * WITHIN))
    return "unproven"


async def _failures(call: ActionCall, key: str) -> list[int]:
    """The moments of recent failures. The row stays locked, so that guesses at once are counted."""
    row = await call.db.one(
        "INSERT INTO guess (key, updated) VALUES ({}, {}) "
        "ON CONFLICT (key) DO UPDATE SET updated = excluded.updated RETURNING failures",
        key, ms(call.now),
    )  # fmt: skip
    assert row is not None
    since = ms(call.now - WITHIN)
    return [at for at in msgspec.json.decode(row["failures"], type=list[int]) if at > since]


def _fits(call: ActionCall, row: Row, proof: Proof) -> bool:
    """The e-mail address, the last name without regard to case and accents, or the number."""
    if proof.email.strip() and proof.email.strip().casefold() == row["email"].casefold():
        return True
    said, known = plain(proof.name).split(), plain(row["name"]).split()
    if said and known and said[-1] == known[-1]:
        return True
    return bool(proof.phone) and phones.read(proof.phone, call.business.country) == row["phone"]
