"""The page "Stays" of the console: who arrives, who is in the house, who leaves."""

from datetime import date
from functools import partial
from typing import TYPE_CHECKING, Any

import msgspec

from frontdesk import Business, phones, speech
from frontdesk.database import Row as DatabaseRow
from frontdesk.database import current
from frontdesk.forms import read
from frontdesk.ids import new_id
from frontdesk.instants import instant
from frontdesk.pages import Page, PageRequest, Row, Section
from frontdesk.references import shown
from frontdesk_plugins.stays import at_desk, by_staff, ledger, nights
from frontdesk_plugins.stays.by_staff import NAMES
from frontdesk_plugins.stays.cards import plan_named, room_named
from frontdesk_plugins.stays.prices import DAY
from frontdesk_plugins.stays.rules import StayRules, rules_of

if TYPE_CHECKING:
    from frontdesk.desk import Desk


def make_pages(desk: "Desk") -> list[Page]:
    return [
        Page(
            name="stays",
            title="Stays",
            template="frontdesk_plugins.stays:templates/stays.html.j2",
            load=partial(_load, desk),
            posts={"change": partial(_change, desk), "book": partial(_book, desk)},
            place=12,
        )
    ]


async def _load(desk: "Desk", request: PageRequest) -> dict[str, Any]:
    business, today = request.business, request.now.date()
    day = _day(request.query.get("date", ""), today)
    name = day.isoformat()
    rows = await desk.database.fetch(
        "SELECT * FROM stay WHERE business = {} AND check_in <= {} AND check_out >= {} "
        "AND status <> 'held' ORDER BY room_type, unit, check_in",
        business.id, name, name,
    )  # fmt: skip
    lists = {
        "Arrivals": [row for row in rows if row["check_in"] == name],
        "In the house overnight": [
            row for row in rows
            if row["check_in"] < name < row["check_out"] and row["status"] in ledger.LIVE
        ],
        "Departures": [
            row for row in rows if row["check_out"] == name and row["status"] not in ("cancelled", "no_show")
        ],
    }  # fmt: skip
    return {
        "date": name,
        "day": speech.day(business, day),
        "previous": (day - DAY).isoformat(),
        "next": (day + DAY).isoformat(),
        "today": today.isoformat(),
        "lists": [
            (title, [_entry(business, row, today) for row in found])
            for title, found in lists.items()
        ],
        "free": await _free(desk, request, day),
        "types": [(room.id, room.title) for room in rules_of(business).rooms],
        "plans": [(plan.id, plan.title) for plan in rules_of(business).offered],
        "form_id": new_id(),
        "is_night": at_desk.first_night(request.now) < today,
    }


def _day(text: str, today: date) -> date:
    """Nonsense in the address is today."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return today
    return day if abs((day - today).days) < 20 * 366 else today


async def _free(desk: "Desk", request: PageRequest, day: date) -> list[tuple[str, int, int]]:
    """Of every type: how many rooms are free in that night, and how many there are."""
    rules = rules_of(request.business)
    taken = await nights.taken(desk.database, request.business.id, day, day + DAY, request.now)
    return [
        (room.title, len(nights.free_units(rules, room, taken, [day])), room.count)
        for room in rules.rooms
    ]


def _entry(business: Business, row: DatabaseRow, today: date) -> dict[str, Any]:
    rules = rules_of(business)
    children: list[int] = msgspec.json.decode(row["children"])
    extra: dict[str, Any] = msgspec.json.decode(row["extra"])
    until = ledger.policy_of(row).free_until
    return {
        "id": row["id"], "version": row["version"], "reference": shown(row["reference"]),
        "room": f"{room_named(rules, row['room_type']).title} {row['unit']}",
        "plan": plan_named(rules, row["rate_plan"]).title,
        "check_in": speech.day(business, date.fromisoformat(row["check_in"])),
        "check_out": speech.day(business, date.fromisoformat(row["check_out"])),
        "party": f"{row['adults']}" + (f" + {_ages(children)}" if children else ""),
        "pet": bool(row["pet"]), "name": row["name"], "phone": phones.shown(row["phone"]),
        "email": row["email"], "wishes": row["wishes"],
        "extra": [(key.replace("_", " "), str(value)) for key, value in extra.items()],
        "total": speech.money(business, row["total"], row["currency"]),
        "fee": speech.money(business, row["fee"], row["currency"]) if row["fee"] else "",
        "free_until": speech.moment(business, instant(until)) if until else "never",
        "status": row["status"], "said": NAMES[row["status"]], "reason": row["reason"],
        "agent": row["agent"],
        "conversation": row["conversation"], "steps": by_staff.steps(row, today),
    }  # fmt: skip


def _ages(children: list[int]) -> str:
    return ", ".join(f"child of {age}" for age in children)


async def _change(desk: "Desk", request: PageRequest) -> str:
    row = await by_staff.make(desk, request, read(_fields(request), by_staff.Change))
    return f"{shown(row['reference'])} is now: {NAMES[row['status']].lower()}."


async def _book(desk: "Desk", request: PageRequest) -> str:
    rows = await at_desk.book(desk, request, read(_fields(request), at_desk.New))
    total = speech.money(request.business, sum(row["total"] for row in rows), rows[0]["currency"])
    return f"Booked: {shown(rows[0]['reference'])}, {total} in total."


def _fields(request: PageRequest) -> dict[str, str]:
    return {key: value for key, value in request.form.items() if key not in ("csrf", "do")}


# ---- beside a conversation -------------------------------------------------------------------


async def section(business: Business, contact: str) -> Section:
    rows = await current().fetch(
        "SELECT * FROM stay WHERE business = {} AND contact = {} AND status <> 'held' "
        "ORDER BY check_in DESC, reference, room LIMIT 10",
        business.id, contact,
    )  # fmt: skip
    rules = rules_of(business)
    return Section(title="Stays", rows=tuple(_row(business, rules, row) for row in rows))


def _row(business: Business, rules: StayRules, row: DatabaseRow) -> Row:
    first, last = (
        speech.day(business, date.fromisoformat(row[key])) for key in ("check_in", "check_out")
    )
    return Row(
        text=f"{room_named(rules, row['room_type']).title}, {first} to {last}",
        detail=shown(row["reference"]),
        status=NAMES[row["status"]],
        href=f"/console/stays?date={row['check_in']}",
    )
