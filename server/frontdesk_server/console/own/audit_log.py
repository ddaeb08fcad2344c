"""The audit log: who did what."""

from collections.abc import Mapping
from functools import partial
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from frontdesk.pages import Page, PageRequest
from frontdesk_server.console import audit

if TYPE_CHECKING:
    from frontdesk.desk import Desk


def page(desk: "Desk") -> Page:
    return Page(
        name="audit",
        title="Audit log",
        template="frontdesk_server:pages/console/audit.html.j2",
        load=partial(load, desk),
        role="owner",
        post_role="owner",
        place=190,
        group="Settings",
    )


async def load(desk: "Desk", asked: PageRequest) -> Mapping[str, Any]:
    who = asked.query.get("staff", "")
    found = await audit.entries(
        desk.database, asked.business.id, asked.business.zone,
        staff=who, before=asked.query.get("before", ""),
    )  # fmt: skip
    shown = found[: audit.PAGE]
    older = {"staff": who, "before": shown[-1].id} if len(found) > audit.PAGE else {}
    return {
        "entries": shown,
        "people": await _people(desk, asked.business.id),
        "who": who,
        "is_first": not asked.query.get("before"),
        "older": urlencode(older),
    }


async def _people(desk: "Desk", business: str) -> list[tuple[str, str]]:
    """(id, name) of everyone in the log, also of those who left, with their latest name."""
    rows = await desk.database.fetch(
        "SELECT staff, MAX(id) AS last FROM audit WHERE business = {} GROUP BY staff", business
    )
    if not rows:
        return []
    names = await desk.database.fetch(
        "SELECT staff, staff_name FROM audit WHERE id IN ("  # noqa: S608  places only
        + ", ".join("{}" for _ in rows)
        + ") ORDER BY staff_name, staff",
        *(row["last"] for row in rows),
    )
    return [(row["staff"], row["staff_name"]) for row in names]
