"""One-time codes: made, sent, and compared."""

import hashlib
import hmac
import secrets
from datetime import datetime, timedelta

import msgspec

from frontdesk import ActionCall, ActionError, Business, outbox, phones
from frontdesk.database import Database
from frontdesk.ids import new_id
from frontdesk.instants import ms
from frontdesk_plugins.verify.words import say

GOOD_FOR = timedelta(minutes=10)
TRIES = 5
WITHIN = timedelta(hours=1)
MOST = {"contact": 3, "number": 3, "business": 60}
"""Codes within that time. Each costs money, and rings at somebody's who may not have asked."""
DELIVERY = "sms.text"


async def send(call: ActionCall, phone: str) -> None:
    """A new code to a number (E.164). ActionError when too many were sent."""
    await _throttle(call, phone)
    code = f"{secrets.randbelow(1_000_000):06}"
    await call.db.fetch(
        "INSERT INTO verify_code (contact, business, phone, digest, tries, expires) "
        "VALUES ({}, {}, {}, {}, 0, {}) ON CONFLICT (contact) DO UPDATE SET "
        "phone = excluded.phone, digest = excluded.digest, tries = 0, expires = excluded.expires",
        call.contact.id, call.business.id, phone, _digests(call, phone, code)[0],
        ms(call.now + GOOD_FOR),
    )  # fmt: skip
    minutes = GOOD_FOR // timedelta(minutes=1)
    text = say(call.business, "code", house=call.business.name, code=code, minutes=minutes)
    body = {"to": phone, "text": text, "purpose": "code", "key": new_id()}
    await outbox.put(call.db, call.business.id, DELIVERY, body)


async def check(call: ActionCall, phone: str, code: str) -> None:
    """Raises ActionError unless it is the code; then it counts no more. A try is kept."""
    row = await call.db.one(
        "UPDATE verify_code SET tries = tries + 1 WHERE contact = {} AND business = {} "
        "AND phone = {} RETURNING *",
        call.contact.id, call.business.id, phone,
    )  # fmt: skip
    shown = phones.shown(phone)
    if row is None or row["expires"] <= ms(call.now) or row["tries"] > TRIES:
        raise ActionError(say(call.business, "no_code", phone=shown))
    digits = "".join(letter for letter in code if letter.isdecimal())
    found = [hmac.compare_digest(row["digest"], one) for one in _digests(call, phone, digits)]
    if not any(found):
        wrong = say(call.business, "wrong", phone=shown)
        raise ActionError(wrong, keep_writes=True, needs="code")
    await call.db.fetch("DELETE FROM verify_code WHERE contact = {}", call.contact.id)


def _digests(call: ActionCall, phone: str, code: str) -> list[str]:
    """Under each of the server's keys; the first one signs. A million codes are soon tried: without
    the key the digest tells nothing."""
    keys = call.secret_keys or ("",)
    text = f"{call.business.id}/{call.contact.id}/{phone}/{code}".encode()
    return [hmac.new(key.encode(), text, hashlib.sha256).hexdigest() for key in keys]


# ---- how often -------------------------------------------------------------------------------


def _keys(business: Business, contact: str, phone: str) -> dict[str, str]:
    """In the order in which they are locked."""
    at = business.id
    return {
        "business": f"{at}/business",
        "contact": f"{at}/contact/{contact}",
        "number": f"{at}/number/{phone}",
    }


async def _throttle(call: ActionCall, phone: str) -> None:
    now, since = ms(call.now), ms(call.now - WITHIN)
    for kind, key in _keys(call.business, call.contact.id, phone).items():
        known = await lock(call.db, key, now)
        recent = [at for at in known if at > since]
        if len(recent) >= MOST[kind]:
            left = -(-(recent[-MOST[kind]] - since) // 60_000)
            raise ActionError(say(call.business, "too_often", minutes=max(left, 1)))
        moments = msgspec.json.encode([*recent, now]).decode()
        await call.db.fetch("UPDATE verify_sent SET moments = {} WHERE key = {}", moments, key)


async def lock(database: Database, key: str, now: int) -> list[int]:
    """The moments of a key; nobody else reads or writes them until the transaction ends."""
    row = await database.one(
        "INSERT INTO verify_sent (key, updated) VALUES ({}, {}) "
        "ON CONFLICT (key) DO UPDATE SET updated = excluded.updated RETURNING moments",
        key, now,
    )  # fmt: skip
    assert row is not None
    return msgspec.json.decode(row["moments"], type=list[int])


async def lock_number(call: ActionCall, phone: str) -> None:
    """Of several contacts that show the right code of one number, one goes first."""
    key = _keys(call.business, call.contact.id, phone)["number"]
    await lock(call.db, key, ms(call.now))


async def forget(database: Database, now: datetime) -> None:
    """Drop what counts no more."""
    await database.fetch("DELETE FROM verify_code WHERE expires < {}", ms(now))
    await database.fetch("DELETE FROM verify_sent WHERE updated < {}", ms(now - 2 * WITHIN))
