"""The people of a business: adding, finding and changing them."""

import re
from typing import TYPE_CHECKING, get_args

import msgspec

from frontdesk.errors import FrontdeskError
from frontdesk.ids import new_id
from frontdesk.instants import now_ms
from frontdesk.pages import Role
from frontdesk_server.console import feed, passwords, sessions

if TYPE_CHECKING:
    from frontdesk.database import Database, Row

_EMAIL = re.compile(r"[^@\s]{1,64}@[^@\s]{1,180}\.[^@\s]{2,}|[^@\s]{1,64}@localhost")
LONGEST_NAME = 80


class StaffError(FrontdeskError):
    """What was asked for cannot be done. The text says why, and what to do."""


class Member(msgspec.Struct, frozen=True, kw_only=True):
    """A member of staff as others may see them. Times in milliseconds."""

    id: str
    business: str
    email: str
    name: str
    role: Role
    active: bool
    created: int
    seen: int


async def members(database: "Database", business: str = "") -> list[Member]:
    """Those of a business, or of all when it is empty; by name."""
    rows = await database.fetch(
        "SELECT * FROM staff WHERE business = {} OR {} = '' ORDER BY business, name, id",
        business, business,
    )  # fmt: skip
    return [_member(row) for row in rows]


async def member(database: "Database", business: str, identifier: str) -> Member | None:
    row = await database.one(
        "SELECT * FROM staff WHERE business = {} AND id = {}", business, identifier
    )
    return _member(row) if row else None


async def of_email(database: "Database", business: str, email: str) -> Member | None:
    row = await database.one(
        "SELECT * FROM staff WHERE business = {} AND email = {}", business, read_email(email)
    )
    return _member(row) if row else None


async def add(
    database: "Database", business: str, *, email: str, name: str, role: str, password: str
) -> Member:
    """Raises StaffError or PasswordError. An empty password: they cannot sign in by one."""
    email, name = read_email(email), read_name(name)
    if password:
        passwords.check(password, email=email, name=name)
    hashed = await passwords.hashed(password) if password else ""
    row = await database.one(
        "INSERT INTO staff (id, business, email, name, role, password, active, created) "
        "VALUES ({}, {}, {}, {}, {}, {}, {}, {}) ON CONFLICT (business, email) DO NOTHING RETURNING *",
        new_id(), business, email, name, read_role(role), hashed, True, now_ms(),
    )  # fmt: skip
    if row is None:
        raise StaffError(f"{email} is a member of staff here already.")
    return _member(row)


async def set_role(database: "Database", business: str, identifier: str, role: str) -> Member:
    return await _change(database, business, identifier, "role", read_role(role))


async def set_active(
    database: "Database", business: str, identifier: str, *, active: bool
) -> Member:
    """Who is not active cannot sign in, and is signed out everywhere."""
    changed = await _change(database, business, identifier, "active", active)
    feed.doubt(identifier)
    return changed


async def rename(database: "Database", business: str, identifier: str, name: str) -> Member:
    return await _change(database, business, identifier, "name", read_name(name))


async def remove(database: "Database", business: str, identifier: str) -> Member:
    """For good, with their sessions. What they said and did stays, under their name."""
    async with database.transaction():
        gone = await _change(database, business, identifier, "active", False)
        await database.fetch("DELETE FROM staff_seen WHERE staff = {}", identifier)
        await database.fetch(
            "DELETE FROM staff WHERE business = {} AND id = {}", business, identifier
        )
    feed.doubt(identifier)
    return gone


async def set_password(database: "Database", who: Member, password: str, *, but: str = "") -> None:
    """And sign them out everywhere, except in the session `but`. Raises PasswordError."""
    passwords.check(password, email=who.email, name=who.name)
    hashed = await passwords.hashed(password)
    async with database.transaction():
        await database.fetch(
            "UPDATE staff SET password = {} WHERE business = {} AND id = {}",
            hashed, who.business, who.id,
        )  # fmt: skip
        await sessions.end_all(database, who.id, but=but)
    feed.doubt(who.id)


async def has_password(database: "Database", who: Member, password: str) -> bool:
    row = await database.one(
        "SELECT password FROM staff WHERE business = {} AND id = {}", who.business, who.id
    )
    return await passwords.verified(row["password"] if row else "", password)


async def signs_in(database: "Database", email: str, password: str) -> list[Member]:
    """Everyone whom this e-mail address and password are right for, in any business."""
    rows = await database.fetch(
        "SELECT * FROM staff WHERE email = {} AND active = {} ORDER BY business LIMIT 20",
        email.strip().lower(), True,
    )  # fmt: skip
    if not rows:
        await passwords.verified("", password)  # whoever measures the time must not learn of it
    found: list[Member] = []
    for row in rows:
        if await passwords.verified(row["password"], password):
            found.append(_member(row))
            if passwords.is_outdated(row["password"]):
                await database.fetch(
                    "UPDATE staff SET password = {} WHERE id = {} AND password = {}",
                    await passwords.hashed(password), row["id"], row["password"],
                )  # fmt: skip
    return found


async def _change(
    database: "Database", business: str, identifier: str, column: str, value: str | bool
) -> Member:
    """One column of one row. There is always an owner who can sign in, once there was one."""
    async with database.transaction():
        # Every row, so that two owners who demote each other come one after the other.
        rows = await database.fetch(
            "UPDATE staff SET role = role WHERE business = {} RETURNING *", business
        )
        old = next((row for row in rows if row["id"] == identifier), None)
        if old is None:
            raise StaffError("There is no such member of staff here.")
        new = old | {column: value}
        others = [row for row in rows if row["id"] != identifier]
        if _rules(old) and not any(map(_rules, [new, *others])):
            raise StaffError(
                f"{old['name']} is the only owner who can sign in. Make somebody else an owner first."
            )
        await database.fetch(
            f"UPDATE staff SET {column} = {{}} WHERE business = {{}} AND id = {{}}",  # noqa: S608
            value, business, identifier,
        )  # fmt: skip
        if not new["active"]:
            await sessions.end_all(database, identifier)
    return _member(new)


def _rules(row: "Row") -> bool:
    return row["role"] == "owner" and bool(row["active"])


def read_email(text: str) -> str:
    """In lower case. Raises StaffError."""
    email = text.strip().lower()
    if not _EMAIL.fullmatch(email) or not email.isprintable():
        raise StaffError(f"{text.strip()[:60]!r} is not an e-mail address.")
    return email


def read_name(text: str) -> str:
    name = " ".join(text.split())
    if not name or len(name) > LONGEST_NAME or not name.isprintable():
        raise StaffError(f"The name must have 1 to {LONGEST_NAME} characters; customers see it.")
    return name


def read_role(text: str) -> Role:
    roles: tuple[Role, ...] = get_args(Role)
    for role in roles:
        if role == text:
            return role
    raise StaffError(f"{text!r} is no role; there are {', '.join(roles)}.")


def _member(row: "Row") -> Member:
    return msgspec.convert(
        {key: row[key] for key in Member.__struct_fields__} | {"active": bool(row["active"])},
        Member,
    )
