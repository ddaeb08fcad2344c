"""Who is signed in: sessions on the server, known to a browser by a cookie.

The cookie's value is random and stored as a hash only. A session ends after twelve hours without a
request, after seven days, when its owner signs out, and when they may not sign in any more.
"""

import hashlib
import hmac
import secrets
from typing import TYPE_CHECKING

import msgspec
from litestar.datastructures import Cookie
from litestar.exceptions import HTTPException

from frontdesk.instants import now_ms
from frontdesk.pages import Role, Staff
from frontdesk_server.console import feed
from frontdesk_server.console.origins import Connection, is_secure

if TYPE_CHECKING:
    from frontdesk.database import Database
    from frontdesk.desk import Desk

COOKIE = "frontdesk_session"
IDLE_MS = 12 * 3_600_000
LONGEST_MS = 7 * 24 * 3_600_000
SEEN_MS = 60_000
"""How exactly it is known when a session was last used: a write for each request would be too many."""
LONGEST_TOKEN = 100


class Session(msgspec.Struct, frozen=True, kw_only=True):
    id: str
    """What is stored of the cookie; it does not let anyone in."""
    staff: Staff
    business: str
    csrf: str


async def current(desk: "Desk", connection: Connection) -> Session | None:
    """The session of a request or of a WebSocket's handshake; None when nobody is signed in."""
    token = connection.cookies.get(COOKIE, "")
    if not token or len(token) > LONGEST_TOKEN:
        return None
    return await by_id(desk, _hashed(token))


async def by_id(desk: "Desk", identifier: str) -> Session | None:
    """None when it has ended: connections that stay open look now and then."""
    now = now_ms()
    row = await desk.database.one(
        "SELECT s.id, s.staff, s.csrf, s.seen, p.business, p.name, p.role FROM staff_session s "
        "JOIN staff p ON p.id = s.staff "
        "WHERE s.id = {} AND s.expires > {} AND s.seen > {} AND p.active = {}",
        identifier, now, now - IDLE_MS, True,
    )  # fmt: skip
    if row is None:
        return None
    business = await desk.business(row["business"])
    if business is None or "console" in business.plugins.disabled:
        return None
    if now - row["seen"] > SEEN_MS:
        await _seen(desk.database, row["id"], row["staff"], now)
    staff = Staff(id=row["staff"], name=row["name"], role=row["role"])
    return Session(id=row["id"], staff=staff, business=row["business"], csrf=row["csrf"])


async def require(desk: "Desk", connection: Connection, role: Role = "agent") -> Session:
    """Raises HTTPException: 401 when nobody is signed in, 403 when they may not."""
    session = await current(desk, connection)
    if session is None:
        raise HTTPException(status_code=401, detail="Please sign in.")
    if not session.staff.may(role):
        raise HTTPException(status_code=403, detail=f"This needs the role {role}.")
    return session


def check_csrf(session: Session, given: str) -> None:
    """Raises HTTPException 403 unless `given`, from the form's field `csrf` or the header
    `x-csrf-token`, is the session's. Look at the origin too: `origins.check_origin`."""
    if not hmac.compare_digest(session.csrf.encode(), given.encode()):
        raise HTTPException(
            status_code=403, detail="This form is out of date. Load the page again, then repeat it."
        )


async def begin(desk: "Desk", connection: Connection, staff: str) -> Cookie:
    """A new session of this member of staff; the one that the browser had ends. Nothing that came
    with the request goes into it."""
    token, now = secrets.token_urlsafe(32), now_ms()
    async with desk.database.transaction():
        old = await desk.database.fetch(
            "DELETE FROM staff_session WHERE id = {} RETURNING staff",
            _hashed(connection.cookies.get(COOKIE, "")[:LONGEST_TOKEN]),
        )
        await desk.database.fetch(
            "DELETE FROM staff_session WHERE expires < {} OR seen < {}", now, now - IDLE_MS
        )
        await desk.database.fetch(
            "INSERT INTO staff_session (id, staff, csrf, created, seen, expires) "
            "VALUES ({}, {}, {}, {}, {}, {})",
            _hashed(token), staff, secrets.token_urlsafe(32), now, now, now + LONGEST_MS,
        )  # fmt: skip
        await desk.database.fetch("UPDATE staff SET seen = {} WHERE id = {}", now, staff)
    for gone in old:
        feed.doubt(gone["staff"])
    return cookie(desk, token, LONGEST_MS // 1000)


async def end(database: "Database", session: Session) -> None:
    await database.fetch("DELETE FROM staff_session WHERE id = {}", session.id)
    feed.doubt(session.staff.id)


async def end_all(database: "Database", staff: str, *, but: str = "") -> None:
    """Sign a member of staff out everywhere, except in the session `but`. In a transaction, call
    `feed.doubt` after it."""
    await database.fetch("DELETE FROM staff_session WHERE staff = {} AND id <> {}", staff, but)
    feed.doubt(staff)


def cookie(desk: "Desk", token: str, seconds: int) -> Cookie:
    return Cookie(
        key=COOKIE, value=token, path="/console", max_age=seconds, httponly=True,
        secure=is_secure(desk), samesite="lax",
    )  # fmt: skip


async def leave_notice(database: "Database", session: Session, text: str) -> None:
    """For the next page of this session."""
    await database.fetch(
        "UPDATE staff_session SET notice = {} WHERE id = {}", text[:1000], session.id
    )


async def take_notice(database: "Database", session: Session) -> str:
    """It is told once."""
    row = await database.one("SELECT notice FROM staff_session WHERE id = {}", session.id)
    if row is None or not row["notice"]:
        return ""
    await leave_notice(database, session, "")
    return str(row["notice"])


async def _seen(database: "Database", session: str, staff: str, now: int) -> None:
    await database.fetch("UPDATE staff_session SET seen = {} WHERE id = {}", now, session)
    await database.fetch("UPDATE staff SET seen = {} WHERE id = {}", now, staff)


def _hashed(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
