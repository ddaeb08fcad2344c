"""Whether a booking is the caller's. One answer for all that fails, so that nothing is told."""

import unicodedata
from collections.abc import Iterable
from datetime import timedelta

import msgspec

from frontdesk import ActionCall, ActionError, phones
from frontdesk.references import normal
from frontdesk_plugins.booking import bookings
from frontdesk_plugins.booking.ledger import Row, ms
from frontdesk_plugins.booking.words import say

TRIES = 5
WITHIN = timedelta(minutes=15)


class Proof(msgspec.Struct, frozen=True, kw_only=True):
    """What the caller knows of a booking."""

    reference: str
    name: str = ""
    phone: str = ""
    email: str = ""


async def proven(call: ActionCall, proof: Proof) -> Row:
    """The booking, if the caller may see it. Runs in a transaction, which counts failures.

    Raises ActionError: the same for everything that does not match, and another one after five
    failures of a contact or at a reference within fifteen minutes.
    """
    reference = normal(proof.reference)
    booking = await bookings.find(call.db, call.business.id, reference)
    if booking is not None and is_own(call, booking):
        return booking
    guesses = {
        f"{call.business.id}/contact/{call.contact.id}",
        f"{call.business.id}/reference/{reference[:20]}",
    }
    failures = {key: await _failures(call, key) for key in sorted(guesses)}
    if any(len(recent) >= TRIES for recent in failures.values()):
        raise ActionError(say(call.business, "too_many_tries"), needs_person=True)
    if booking is not None and _matches(call, booking, proof):
        return booking
    now = ms(call.now)
    for key, recent in failures.items():
        await call.db.fetch(
            "UPDATE booking_guess SET failures = {}, updated = {} WHERE key = {}",
            msgspec.json.encode([*recent, now]).decode(), now, key,
        )  # fmt: skip
    raise ActionError(say(call.business, "not_found"), keep_writes=True)


def is_own(call: ActionCall, booking: Row) -> bool:
    """Made by this contact, or from the number that is verified to be theirs."""
    by_phone = call.contact.phone_verified and call.contact.phone == booking["phone"]
    return bool(booking["contact"] == call.contact.id or (by_phone and booking["phone"]))


async def _failures(call: ActionCall, key: str) -> list[int]:
    """The moments of recent failures. The row stays locked, so that guesses at once are counted."""
    row = await call.db.one(
        "INSERT INTO booking_guess (key, updated) VALUES ({}, {}) "
        "ON CONFLICT (key) DO UPDATE SET updated = excluded.updated RETURNING failures",
        key, ms(call.now),
    )  # fmt: skip
    assert row is not None
    since = ms(call.now - WITHIN)
    return [at for at in msgspec.json.decode(row["failures"], type=list[int]) if at > since]


def _matches(call: ActionCall, booking: Row, proof: Proof) -> bool:
    if proof.email.strip() and proof.email.strip().casefold() == booking["email"].casefold():
        return True
    if _last(proof.name) and _last(proof.name) == _last(booking["name"]):
        return True
    return bool(proof.phone) and phones.read(proof.phone, call.business.country) == booking["phone"]


def _last(name: str) -> str:
    """The last name without regard to case and accents."""
    words = name.split()
    plain = unicodedata.normalize("NFKD", words[-1] if words else "")
    return _letters(plain).casefold()


def _letters(text: Iterable[str]) -> str:
    return "".join(letter for letter in text if not unicodedata.combining(letter))
