"""The team: who may sign in, as what."""

from collections.abc import Mapping
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, Any

from frontdesk.pages import Page, PageError, PageRequest
from frontdesk_server.console import leaving, passwords, sessions, staff
from frontdesk_server.console.passwords import PasswordError
from frontdesk_server.console.staff import Member, StaffError

if TYPE_CHECKING:
    from frontdesk.desk import Desk

ROLES = (
    ("agent", "Agent: answers customers"),
    ("manager", "Manager: also changes what customers are told"),
    ("owner", "Owner: also decides who works here"),
)


def page(desk: "Desk") -> Page:
    return Page(
        name="team",
        title="Team",
        template="frontdesk_server:pages/console/team.html.j2",
        load=partial(load, desk),
        posts={
            "add": partial(add, desk),
            "role": partial(_changed, set_role, desk),
            "deactivate": partial(_changed, deactivate, desk),
            "activate": partial(_changed, activate, desk),
            "password": partial(_changed, reset_password, desk),
            "sign_out": partial(_changed, sign_out, desk),
            "remove": partial(_changed, remove, desk),
        },
        role="owner",
        post_role="owner",
        place=180,
        group="Settings",
    )


async def load(desk: "Desk", asked: PageRequest) -> Mapping[str, Any]:
    found = await staff.members(desk.database, asked.business.id)
    zone = asked.business.zone
    return {
        "members": [
            (who, datetime.fromtimestamp(who.seen / 1000, zone) if who.seen else None)
            for who in found
        ],
        "chosen": next((who for who in found if who.id == asked.query.get("member")), None),
        "roles": ROLES,
        "suggestion": passwords.generate(),
    }


async def add(desk: "Desk", asked: PageRequest) -> str:
    form = asked.form
    if not form.get("password"):
        raise PageError("First password: please fill it in.")
    try:
        who = await staff.add(
            desk.database, asked.business.id, email=form.get("email", ""),
            name=form.get("name", ""), role=form.get("role", ""), password=form["password"],
        )  # fmt: skip
    except (StaffError, PasswordError) as error:
        raise PageError(str(error)) from error
    return f"{who.name} can sign in now, with {who.email}. Give them the password."


# ---- to one member ---------------------------------------------------------------------------


async def _changed(change: Any, desk: "Desk", asked: PageRequest) -> str:
    """`change` of the member that the form names."""
    who = await staff.member(desk.database, asked.business.id, asked.form.get("member", ""))
    if who is None:
        raise PageError("There is no such member of staff here.")
    try:
        said: str = await change(desk, who, asked)
    except (StaffError, PasswordError) as error:
        raise PageError(str(error)) from error
    return said


async def set_role(desk: "Desk", who: Member, asked: PageRequest) -> str:
    now = await staff.set_role(desk.database, who.business, who.id, asked.form.get("role", ""))
    return f"{now.name} is {'an' if now.role[0] in 'ao' else 'a'} {now.role} now."


async def deactivate(desk: "Desk", who: Member, asked: PageRequest) -> str:
    await staff.set_active(desk.database, who.business, who.id, active=False)
    left = await leaving.give_back(desk, who.business, who.id)
    return f"{who.name} cannot sign in any more, and is signed out everywhere.{_waits(left)}"


async def activate(desk: "Desk", who: Member, asked: PageRequest) -> str:
    await staff.set_active(desk.database, who.business, who.id, active=True)
    return f"{who.name} can sign in again."


async def reset_password(desk: "Desk", who: Member, asked: PageRequest) -> str:
    await staff.set_password(desk.database, who, asked.form.get("password", ""))
    return f"{who.name} has a new password and is signed out everywhere. Give it to them."


async def sign_out(desk: "Desk", who: Member, asked: PageRequest) -> str:
    await sessions.end_all(desk.database, who.id)
    return f"{who.name} is signed out everywhere."


async def remove(desk: "Desk", who: Member, asked: PageRequest) -> str:
    await staff.remove(desk.database, who.business, who.id)
    left = await leaving.give_back(desk, who.business, who.id)
    return f"{who.name} is removed. What they said and did stays, under their name.{_waits(left)}"


def _waits(left: int) -> str:
    if not left:
        return ""
    return f" {left} of their conversations {'waits' if left == 1 else 'wait'} in the queue."
