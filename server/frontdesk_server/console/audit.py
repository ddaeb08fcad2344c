"""The log of what staff did."""

import re
from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Literal
from zoneinfo import ZoneInfo

import msgspec

from frontdesk.ids import new_id
from frontdesk.instants import now_ms

if TYPE_CHECKING:
    from frontdesk.database import Database
    from frontdesk.pages import Staff

_SECRET = re.compile(r"password|secret|token|csrf|key$", re.IGNORECASE)
LONGEST_VALUE = 300
MOST_FIELDS = 50
PAGE = 50


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    id: str
    at: datetime
    staff: str
    staff_name: str
    page: str
    did: str
    fields: dict[str, str]
    outcome: str
    detail: str


async def record(
    database: "Database",
    business: str,
    staff: "Staff",
    page: str,
    did: str,
    fields: Mapping[str, str],
    outcome: Literal["done", "refused", "failed"] = "done",
    detail: str = "",
) -> None:
    """`page` and `did` say where and what, `fields` with what; secrets among them are left out by
    their names."""
    kept = {
        key[:60]: "(hidden)" if _SECRET.search(key) else _short(value)
        for key, value in list(fields.items())[:MOST_FIELDS]
        if key not in ("csrf", "do")
    }
    await database.fetch(
        "INSERT INTO audit (id, business, staff, staff_name, page, did, fields, outcome, detail, "
        "created) VALUES ({}, {}, {}, {}, {}, {}, {}, {}, {}, {})",
        new_id(), business, staff.id, staff.name, page, did[:100],
        msgspec.json.encode(kept).decode(), outcome, _short(detail), now_ms(),
    )  # fmt: skip


async def entries(
    database: "Database", business: str, zone: ZoneInfo, *, staff: str = "", before: str = ""
) -> list[Entry]:
    """The newest first, one more than a PAGE when there are older ones. `before` is an entry's id."""
    rows = await database.fetch(
        "SELECT * FROM audit WHERE business = {} AND (staff = {} OR {} = '') "
        "AND (id < {} OR {} = '') ORDER BY id DESC LIMIT {}",
        business, staff, staff, before, before, PAGE + 1,
    )  # fmt: skip
    return [
        Entry(
            id=row["id"],
            at=datetime.fromtimestamp(row["created"] / 1000, zone),
            staff=row["staff"],
            staff_name=row["staff_name"],
            page=row["page"],
            did=row["did"],
            fields=msgspec.json.decode(row["fields"], type=dict[str, str]),
            outcome=row["outcome"],
            detail=row["detail"],
        )
        for row in rows
    ]


def _short(text: str) -> str:
    return text if len(text) <= LONGEST_VALUE else text[:LONGEST_VALUE] + "..."
