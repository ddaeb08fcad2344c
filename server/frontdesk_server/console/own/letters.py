"""Deliveries: what could not be delivered, and trying it again."""

from collections.abc import Mapping
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, Any

from frontdesk import outbox
from frontdesk.outbox import Dead
from frontdesk.pages import Page, PageError, PageRequest

if TYPE_CHECKING:
    from frontdesk.desk import Desk

MOST = 100


def page(desk: "Desk") -> Page:
    return Page(
        name="deliveries",
        title="Deliveries",
        template="frontdesk_server:pages/console/deliveries.html.j2",
        load=partial(load, desk),
        posts={"again": partial(again, desk), "again_all": partial(again_all, desk)},
        role="manager",
        post_role="manager",
        place=185,
        group="Settings",
    )


async def load(desk: "Desk", asked: PageRequest) -> Mapping[str, Any]:
    zone = asked.business.zone
    found = await outbox.dead(desk.database, asked.business.id, limit=MOST)
    waiting = await desk.database.one(
        "SELECT COUNT(*) AS n FROM outbox WHERE business = {} AND state = 'new'", asked.business.id
    )
    return {
        "letters": [
            (entry, about(entry), datetime.fromtimestamp(entry.created / 1000, zone))
            for entry in found
        ],
        "waiting": waiting["n"] if waiting else 0,
        "most": MOST,
    }


async def again(desk: "Desk", asked: PageRequest) -> str:
    if not await outbox.again(desk.database, asked.business.id, asked.form.get("entry", "")):
        raise PageError("This is not waiting here any more: somebody tried it again already.")
    return "It is on its way again."


async def again_all(desk: "Desk", asked: PageRequest) -> str:
    found = await outbox.dead(desk.database, asked.business.id, limit=MOST)
    tried = [await outbox.again(desk.database, asked.business.id, entry.id) for entry in found]
    return f"{sum(tried)} on their way again."


def about(entry: Dead) -> str:
    """What it is, without the words: "order.placed", "to +12125550123"."""
    body = entry.body
    if isinstance(event := body.get("event"), str) and "text" not in body:
        return event
    if isinstance(to := body.get("to"), str):
        return f"to {to}"
    if isinstance(conversation := body.get("conversation"), str):
        return f"conversation {conversation}"
    return ""
