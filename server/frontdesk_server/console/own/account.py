"""My account: one's own name and password, and the browsers that are signed in."""

from collections.abc import Mapping
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, Any

from frontdesk.errors import LimitError
from frontdesk.limits import RateLimit
from frontdesk.pages import Page, PageError, PageRequest
from frontdesk_server.console import passwords, sessions, staff
from frontdesk_server.console.passwords import PasswordError
from frontdesk_server.console.staff import Member, StaffError

if TYPE_CHECKING:
    from frontdesk.desk import Desk

TRIES, WINDOW = 5, 600
"""Wrong passwords in so many seconds: a browser that was left open must not be a way to guess."""


def page(desk: "Desk") -> Page:
    tries = RateLimit("wrong passwords", TRIES, WINDOW)
    return Page(
        name="account",
        title="My account",
        template="frontdesk_server:pages/console/account.html.j2",
        load=partial(load, desk),
        posts={
            "rename": partial(rename, desk),
            "password": partial(change_password, desk, tries),
            "sign_out": partial(sign_out, desk),
        },
    )


async def load(desk: "Desk", asked: PageRequest) -> Mapping[str, Any]:
    rows = await desk.database.fetch(
        "SELECT created, seen FROM staff_session WHERE staff = {} ORDER BY seen DESC, id LIMIT 50",
        asked.staff.id,
    )
    zone = asked.business.zone
    times = [
        tuple(datetime.fromtimestamp(row[key] / 1000, zone) for key in ("created", "seen"))
        for row in rows
    ]
    return {"me": await _me(desk, asked), "sessions": times, "shortest": passwords.SHORTEST}


async def rename(desk: "Desk", asked: PageRequest) -> str:
    try:
        me = await staff.rename(
            desk.database, asked.business.id, asked.staff.id, asked.form.get("name", "")
        )
    except StaffError as error:
        raise PageError(str(error)) from error
    return f"Customers now see you as {me.name}."


async def change_password(desk: "Desk", tries: RateLimit, asked: PageRequest) -> str:
    """Everywhere signed out, here too: whoever took over this browser is out as well."""
    me = await _me(desk, asked)
    try:
        tries.take(me.id)
    except LimitError as error:
        minutes = round(error.retry_after / 60) + 1
        raise PageError(f"Too many wrong passwords. Try again in {minutes} min.") from error
    if not await staff.has_password(desk.database, me, asked.form.get("current_password", "")):
        raise PageError("Your current password: it is not right.")
    tries.give(me.id)
    new = asked.form.get("new_password", "")
    if new != asked.form.get("new_password_again", ""):
        raise PageError("The new password: the two entries differ.")
    try:
        await staff.set_password(desk.database, me, new)
    except PasswordError as error:
        raise PageError(f"The new password: {error}") from error
    return "Your password is changed."


async def sign_out(desk: "Desk", asked: PageRequest) -> str:
    await sessions.end_all(desk.database, asked.staff.id)
    return "You are signed out everywhere."


async def _me(desk: "Desk", asked: PageRequest) -> Member:
    me = await staff.member(desk.database, asked.business.id, asked.staff.id)
    if me is None:
        raise PageError("Your account is gone.")
    return me
