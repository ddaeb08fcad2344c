"""The page "Messages" of the console: what the team owes customers, and who asked for a person."""

from datetime import datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING, Annotated, Any

import msgspec
from msgspec import Meta

from frontdesk import Business, phones
from frontdesk.database import Database, Row, current
from frontdesk.forms import read
from frontdesk.instants import instant, ms
from frontdesk.pages import Page, PageError, PageRequest, Section
from frontdesk.pages import Row as Line
from frontdesk.speech import moment
from frontdesk_plugins.handoff import promises, requests
from frontdesk_plugins.handoff.promises import Promise

if TYPE_CHECKING:
    from frontdesk.desk import Desk

DAYS = 14
"""Of messages that are done, and of hand-offs."""
MOST = 200
OUTCOMES = {
    "waiting": ("waiting", "warn"), "accepted": ("accepted", "ok"),
    "nobody": ("nobody came", "bad"), "cancelled": ("over before", ""),
}  # fmt: skip
URGENCIES = {"urgent": "bad", "low": ""}


def pages(desk: "Desk") -> list[Page]:
    return [
        Page(
            name="messages",
            title="Messages",
            template="frontdesk_plugins.handoff:pages/messages.html.j2",
            load=partial(_load, desk),
            posts={"done": partial(_done, desk)},
            place=15,
        )
    ]


async def _load(desk: "Desk", request: PageRequest) -> dict[str, Any]:
    business, database, view = request.business, desk.database, request.query.get("view", "open")
    since = ms(request.now - timedelta(days=DAYS))
    if view == "requests":
        return {"view": view, "days": DAYS, "requests": await _requests(database, business, since)}
    if view == "done":
        found = await _done_since(database, business.id, since)
    else:
        view, found = "open", await promises.open(database, business.id)
    messages = [_message(business, promise, request.now) for promise in found]
    return {"view": view, "days": DAYS, "messages": messages}


async def _done_since(database: Database, business: str, since: int) -> list[Promise]:
    rows = await database.fetch(
        "SELECT * FROM promise WHERE business = {} AND state = 'done' AND done_at >= {} "
        "ORDER BY done_at DESC, id LIMIT {}",
        business, since, MOST,
    )  # fmt: skip
    return [msgspec.convert(row, Promise) for row in rows]


def _message(business: Business, promise: Promise, now: datetime) -> dict[str, Any]:
    return {
        "id": promise.id,
        "topic": promise.topic,
        "text": promise.text,
        "name": promise.name,
        "call": promise.phone,
        "phone": phones.shown(promise.phone) if promise.phone else "",
        "email": promise.email,
        "urgency": promise.urgency if promise.urgency in URGENCIES else "",
        "badge": URGENCIES.get(promise.urgency, ""),
        "window": promise.callback_window,
        "due": _moment(business, promise.due),
        "is_due": promise.state == "open" and promise.due <= ms(now),
        "made": _moment(business, promise.created),
        "conversation": promise.conversation,
        "done_by": promise.done_by,
        "done": _moment(business, promise.done_at) if promise.done_at else "",
    }


def _moment(business: Business, at: int) -> str:
    return moment(business, instant(at))


async def _requests(database: Database, business: Business, since: int) -> list[dict[str, Any]]:
    """Who asked for a person, the newest first, and what came of it."""
    query = (
        "SELECT h.*, k.name FROM handoff h LEFT JOIN contact k ON k.id = h.contact "
        "AND k.business = h.business WHERE h.business = {} AND h.created >= {} "
        "ORDER BY h.created DESC, h.id DESC LIMIT {}"
    )
    rows = await database.fetch(query, business.id, since, MOST)
    settled = [row["status"] == "waiting" and await requests.follow(database, row) for row in rows]
    if any(settled):
        rows = await database.fetch(query, business.id, since, MOST)
    return [_request(business, row) for row in rows]


def _request(business: Business, row: Row) -> dict[str, Any]:
    outcome, badge = OUTCOMES[row["status"]]
    taken = row["accepted_at"]
    waited = "" if taken is None else _minutes(max(0, taken - row["created"]))
    return {
        "conversation": row["conversation"],
        "name": row["name"] or "A customer",
        "at": _moment(business, row["created"]),
        "reason": row["reason"].replace("_", " "),
        "summary": row["summary"] or row["said"],
        "urgency": row["urgency"] if row["urgency"] in URGENCIES else "",
        "urgency_badge": URGENCIES.get(row["urgency"], ""),
        "outcome": outcome,
        "badge": badge,
        "waited": waited,
    }


def _minutes(milliseconds: int) -> str:
    seconds = milliseconds // 1000
    return f"{seconds} s" if seconds < 120 else f"{seconds // 60} min"


class _One(msgspec.Struct, frozen=True):
    id: Annotated[str, Meta(max_length=100)]


async def _done(desk: "Desk", request: PageRequest) -> str:
    message = read(request.form, _One).id
    if not await promises.done(desk.database, request.business.id, message, request.staff.name):
        raise PageError("That message is done already, or it is gone.")
    return "The message is done."


# ---- for the inbox ---------------------------------------------------------------------------


async def describe(business: Business, contact: str) -> Section:
    """What the team owes a customer."""
    rows = await current().fetch(
        "SELECT * FROM promise WHERE business = {} AND contact = {} AND state = 'open' "
        "ORDER BY created DESC LIMIT 10",
        business.id, contact,
    )  # fmt: skip
    return Section(
        title="Messages",
        rows=tuple(
            Line(
                text=row["topic"] or _short(row["text"]),
                detail=f"due {_moment(business, row['due'])}",
                status=row["urgency"] if row["urgency"] in URGENCIES else "open",
                href="/console/messages",
            )
            for row in rows
        ),
    )


def _short(text: str) -> str:
    return text if len(text) <= 120 else text[:117] + "..."
