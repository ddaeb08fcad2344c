"""Canned replies: what is often said, by a shortcut."""

import re
from collections.abc import Mapping
from functools import partial
from typing import TYPE_CHECKING, Any

from frontdesk.ids import new_id
from frontdesk.instants import now_ms
from frontdesk.pages import Page, PageError, PageRequest

if TYPE_CHECKING:
    from frontdesk.desk import Desk

MOST = 200
LONGEST = 2000
_SHORTCUT = re.compile(r"[a-z0-9][a-z0-9_-]{0,29}")
_PLACE = re.compile(r"\{([^{}]*)\}")
_PLACES = ("name", "business")


def page(desk: "Desk") -> Page:
    return Page(
        name="canned",
        title="Canned replies",
        template="frontdesk_server:pages/console/canned.html.j2",
        load=partial(load, desk),
        posts={
            "add": partial(add, desk),
            "save": partial(save, desk),
            "remove": partial(remove, desk),
        },
        role="agent",
        post_role="manager",
        place=160,
        group="Settings",
    )


async def load(desk: "Desk", asked: PageRequest) -> Mapping[str, Any]:
    rows = await desk.database.fetch(
        "SELECT id, shortcut, text FROM canned_reply WHERE business = {} ORDER BY shortcut",
        asked.business.id,
    )
    chosen = next((row for row in rows if row["id"] == asked.query.get("reply")), None)
    return {"replies": rows, "chosen": chosen, "longest": LONGEST}


async def add(desk: "Desk", asked: PageRequest) -> str:
    shortcut, text = _read(asked)
    async with desk.database.transaction():
        count = await desk.database.one(
            "SELECT COUNT(*) AS n FROM canned_reply WHERE business = {}", asked.business.id
        )
        if count and count["n"] >= MOST:
            raise PageError(f"There are {MOST} canned replies already. Remove one first.")
        made = await desk.database.one(
            "INSERT INTO canned_reply (id, business, shortcut, text, created) "
            "VALUES ({}, {}, {}, {}, {}) ON CONFLICT (business, shortcut) DO NOTHING RETURNING id",
            new_id(), asked.business.id, shortcut, text, now_ms(),
        )  # fmt: skip
    if made is None:
        raise PageError(f"Shortcut: /{shortcut} is taken.")
    return f"In the inbox, /{shortcut} writes this now."


async def save(desk: "Desk", asked: PageRequest) -> str:
    shortcut, text = _read(asked)
    identifier = asked.form.get("reply", "")
    async with desk.database.transaction():
        if await desk.database.one(
            "SELECT 1 FROM canned_reply WHERE business = {} AND shortcut = {} AND id <> {}",
            asked.business.id, shortcut, identifier,
        ):  # fmt: skip
            raise PageError(f"Shortcut: /{shortcut} is taken.")
        saved = await desk.database.one(
            "UPDATE canned_reply SET shortcut = {}, text = {} WHERE business = {} AND id = {} "
            "RETURNING id",
            shortcut, text, asked.business.id, identifier,
        )  # fmt: skip
    if saved is None:
        raise PageError("This canned reply is gone. Add it anew.")
    return f"/{shortcut} is saved."


async def remove(desk: "Desk", asked: PageRequest) -> str:
    row = await desk.database.one(
        "DELETE FROM canned_reply WHERE business = {} AND id = {} RETURNING shortcut",
        asked.business.id, asked.form.get("reply", ""),
    )  # fmt: skip
    return f"/{row['shortcut']} is removed." if row else "It was removed already."


def _read(asked: PageRequest) -> tuple[str, str]:
    shortcut = asked.form.get("shortcut", "").strip().removeprefix("/").lower()
    text = asked.form.get("text", "").strip()
    if not _SHORTCUT.fullmatch(shortcut):
        raise PageError("Shortcut: 1 to 30 letters (a to z), digits, - or _.")
    if not 0 < len(text) <= LONGEST:
        raise PageError(f"Text: 1 to {LONGEST} characters.")
    for place in _PLACE.findall(text):
        if place not in _PLACES:
            raise PageError(f"Text: there is no {{{place}}}; there are {{name}} and {{business}}.")
    return shortcut, text
