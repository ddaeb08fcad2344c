"""What staff say of a stay: arrived, departed, never came, cancelled. Each is one transaction."""

from datetime import date
from typing import TYPE_CHECKING, Literal

import msgspec

from frontdesk import Business, speech, status
from frontdesk.database import Row
from frontdesk.errors import UnknownConversationError
from frontdesk.events import Stored
from frontdesk.pages import PageError, PageRequest
from frontdesk.references import shown
from frontdesk_plugins.stays import ledger
from frontdesk_plugins.stays.cards import room_named
from frontdesk_plugins.stays.rules import rules_of
from frontdesk_plugins.stays.words import say

if TYPE_CHECKING:
    from frontdesk.desk import Desk

NAMES = {"held": "On hold", "confirmed": "Expected", "arrived": "In the house",
         "departed": "Departed", "no_show": "No-show", "cancelled": "Cancelled"}  # fmt: skip
Step = Literal["arrived", "departed", "no_show", "cancelled"]


class Change(msgspec.Struct, frozen=True):
    """Which stay, and as which of its versions the form showed it."""

    stay: str
    version: int
    to: Step
    reason: str = ""
    """The guest reads it when they are told."""
    tell: bool = False


def steps(row: Row, today: date) -> list[tuple[Step, str]]:
    """What may be said of a stay on a day."""
    found: list[tuple[Step, str]] = []
    if row["status"] == "confirmed" and row["check_in"] <= today.isoformat():
        found.append(("arrived", "Arrived"))
        found.append(("no_show", "No-show"))
    if row["status"] == "arrived":
        found.append(("departed", "Departed"))
    if row["status"] == "confirmed":
        found.append(("cancelled", "Cancel"))
    return found


async def make(desk: "Desk", request: PageRequest, change: Change) -> Row:
    """The stay as it is then. Raises PageError."""
    business, stored = request.business, list[Stored]()
    seen = await _find(desk, business.id, change)
    async with desk.database.transaction():
        if change.tell and change.to == "cancelled":  # a conversation is locked before stays
            stored = await _tell(desk, business, seen, change.reason)
        locked = await ledger.lock(desk.database, [seen])
        row = next(one for one in locked if one["id"] == seen["id"])
        _check(row, change, request.now.date())
        done = await _make(desk, request, row, change)
    desk.happened(seen["conversation"], stored)
    return done


async def _find(desk: "Desk", business: str, change: Change) -> Row:
    row = await desk.database.one(
        "SELECT * FROM stay WHERE id = {} AND business = {} AND status <> 'held'",
        change.stay, business,
    )  # fmt: skip
    if row is None:
        raise PageError("There is no such stay.")
    return row


def _check(row: Row, change: Change, today: date) -> None:
    if row["version"] != change.version:
        raise PageError("Somebody changed this stay meanwhile. Look at it as it is now.")
    if change.to not in dict(steps(row, today)):
        raise PageError(f"A stay that is {NAMES[row['status']].lower()} cannot become that.")


async def _make(desk: "Desk", request: PageRequest, row: Row, change: Change) -> Row:
    database, agent = desk.database, request.staff.name
    if change.to == "arrived":
        changed: Row = {"status": "arrived", "agent": agent, "version": row["version"] + 1}
        await ledger.update(database, row, changed)
        return row | changed
    # Who leaves early, or never came, does not need the nights from today on.
    since = "" if change.to == "cancelled" else request.now.date().isoformat()
    return await ledger.end(
        database, row, change.to, since=since, agent=agent, reason=change.reason
    )


async def _tell(desk: "Desk", business: Business, row: Row, reason: str) -> list[Stored]:
    first, last = (
        speech.day(business, date.fromisoformat(row[key])) for key in ("check_in", "check_out")
    )
    room = room_named(rules_of(business), row["room_type"]).title
    text = say(
        business, "told_cancelled", reference=shown(row["reference"]), room=room,
        dates=say(business, "dates", first=first, last=last),
    )  # fmt: skip
    try:
        return await status.notice(
            desk.database, business.id, row["conversation"], f"{text} {reason}".strip()
        )
    except UnknownConversationError as error:
        raise PageError("The conversation of this stay is gone: please call the guest.") from error
