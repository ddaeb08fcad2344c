"""The page "Requests" of the console, and what the inbox tells of a customer's."""

from functools import partial
from typing import TYPE_CHECKING, Any

import msgspec

from frontdesk import Business
from frontdesk.database import Row as DatabaseRow
from frontdesk.database import current
from frontdesk.instants import instant
from frontdesk.pages import Page, PageError, PageRequest, Row, Section
from frontdesk.references import shown
from frontdesk_plugins.records import ledger

if TYPE_CHECKING:
    from frontdesk.desk import Desk

NAMES = {"new": "New", "working": "In progress", "ready": "Ready", "done": "Done",
         "dropped": "Closed"}  # fmt: skip


def make_pages(desk: "Desk") -> list[Page]:
    return [
        Page(
            name="requests",
            title="Requests",
            template="frontdesk_plugins.records:templates/requests.html.j2",
            load=partial(_load, desk),
            posts={"change": partial(_change, desk)},
            place=17,
        )
    ]


async def _load(desk: "Desk", request: PageRequest) -> dict[str, Any]:
    is_open = request.query.get("view") != "done"
    rows = await ledger.listed(desk.database, request.business.id, is_open=is_open)
    titles = _titles(desk, request.business)
    return {
        "is_open": is_open,
        "records": [_record(request.business, row, titles) for row in rows],
        "states": [(state, NAMES[state]) for state in ledger.STATES],
    }


Titles = dict[str, dict[str, str]]
"""What fields are called, by the kind of record."""


def _titles(desk: "Desk", business: Business) -> Titles:
    return {
        str(bound.tool.bind["kind"]): {
            key: field["title"]
            for key, field in bound.tool.input_schema.get("properties", {}).items()
            if "title" in field
        }
        for bound in desk.tools(business).values()
        if bound.action.name == "take_record"
    }


def _record(business: Business, row: DatabaseRow, titles: Titles | None = None) -> dict[str, Any]:
    known = (titles or {}).get(row["kind"], {})
    fields: dict[str, Any] = msgspec.json.decode(row["fields"])
    title = str(fields.pop("title", row["kind"]))
    return {
        "id": row["id"], "version": row["version"], "title": title,
        "reference": shown(row["reference"]), "state": row["state"], "told": row["told"],
        "urgency": row["urgency"], "conversation": row["conversation"],
        "name": row["name"], "phone": row["phone"], "email": row["email"],
        "created": instant(row["created"]).astimezone(business.zone),
        "fields": [(known.get(key) or _title(key), _text(value)) for key, value in fields.items()],
    }  # fmt: skip


def _title(key: str) -> str:
    return key.replace("_", " ").strip().capitalize()


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return ", ".join(map(_text, value))  # pyright: ignore[reportUnknownArgumentType]
    return value if isinstance(value, str) else msgspec.json.encode(value).decode()


async def _change(desk: "Desk", request: PageRequest) -> str:
    form = request.form
    state, version = form.get("state", ""), form.get("version", "")
    if state not in ledger.STATES or not version.isdecimal():
        raise PageError("Choose one of the states in the list.")
    changed = await ledger.change(
        desk.database, request.business.id, form.get("record", ""), int(version),
        state=state, told=form.get("told", "").strip(), agent=request.staff.id,
    )  # fmt: skip
    if not changed:
        raise PageError("Somebody changed this request meanwhile. Look at it as it is now.")
    return f"The request is now: {NAMES[state].lower()}."


async def section(business: Business, contact: str) -> Section:
    rows = await current().fetch(
        "SELECT * FROM record WHERE business = {} AND contact = {} ORDER BY created DESC LIMIT 5",
        business.id, contact,
    )  # fmt: skip
    found: list[Row] = []
    for row in rows:
        record = _record(business, row)
        found.append(
            Row(
                text=f"{record['title']} {record['reference']}",
                status=NAMES[record["state"]],
                href="/console/requests"
                + ("?view=done" if row["state"] in ("done", "dropped") else ""),
            )
        )
    return Section(title="Requests", rows=tuple(found))
