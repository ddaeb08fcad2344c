"""What the inbox lists: conversations of one business as one member of staff sees them.

A list costs two queries, however long it is: the items with their counts are read in one.
"""

from functools import partial
from typing import TYPE_CHECKING, Any, Literal

import msgspec

from frontdesk import events
from frontdesk.events import CustomerSaid, Noticed, Replied, StaffSaid
from frontdesk.instants import rfc3339

if TYPE_CHECKING:
    from collections.abc import Sequence

    from frontdesk.database import Database, Row

View = Literal["queued", "mine", "bot", "all", "resolved"]
PAGE = 50
SEARCHED = 500
"""The newest conversations in whose texts is searched, and how many messages may match."""
LONGEST_QUERY = 100
LONGEST_PREVIEW = 200
MOST_UNREAD = 100
MESSAGES = "('customer_said', 'replied', 'staff_said', 'noticed')"


class Person(msgspec.Struct, frozen=True):
    id: str
    name: str


class Contact(msgspec.Struct, frozen=True, rename="camel"):
    id: str
    name: str
    phone: str
    email: str
    phone_verified: bool


class Item(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """One conversation in a list. Times are RFC 3339, UTC."""

    id: str
    channel: str
    status: str
    agent: Person | None
    contact: Contact
    preview: str
    preview_role: str
    waiting_since: str | None
    unread: int
    """Up to MOST_UNREAD."""
    updated: str
    reason: str
    urgency: str
    snoozed_until: str | None


class Counts(msgspec.Struct):
    queued: int = 0
    mine: int = 0
    bot: int = 0
    all: int = 0


_ITEMS = f"""
SELECT c.id, c.channel, c.status, c.agent, c.contact, c.updated, c.changed, c.reason, c.urgency,
    c.snoozed_until, k.name, k.phone, k.email, k.phone_verified, s.name AS agent_name,
    CASE WHEN c.said > c.answered THEN (SELECT e.at FROM event e WHERE e.conversation = c.id
        AND e.seq > c.answered AND e.type = 'customer_said' ORDER BY e.seq LIMIT 1) END AS asked,
    (SELECT e.body FROM event e WHERE e.conversation = c.id AND e.type IN {MESSAGES}
        ORDER BY e.seq DESC LIMIT 1) AS body,
    (SELECT COUNT(*) FROM (SELECT 1 FROM event e WHERE e.conversation = c.id
        AND e.seq > COALESCE(r.seq, 0) AND e.type = 'customer_said'
        LIMIT {MOST_UNREAD}) unseen) AS unread
FROM conversation c JOIN contact k ON k.id = c.contact
LEFT JOIN staff s ON s.id = c.agent AND s.business = c.business
LEFT JOIN staff_seen r ON r.conversation = c.id AND r.staff = {{}}
WHERE c.business = {{}}"""  # noqa: S608

# SQLite takes the partial index only where its condition stands word for word, and where it is told
# which values there are.
_OPEN = "c.status <> 'resolved'"
_VIEWS: dict[View, str] = {
    "queued": f"{_OPEN} AND c.status = 'queued'",
    "mine": f"{_OPEN} AND c.status = 'human' AND c.agent = {{}}",
    "bot": f"{_OPEN} AND c.status = 'bot'",
    "all": f"{_OPEN} AND c.status IN ('bot', 'human', 'queued', 'snoozed')",
    "resolved": "c.status = 'resolved'",
}
_RANK = "CASE c.urgency WHEN 'urgent' THEN 0 WHEN 'low' THEN 2 ELSE 1 END"


async def listed(
    database: "Database", business: str, staff: str, view: View, before: str = ""
) -> tuple[list[Item], bool]:
    """(a page of a view, whether there is more). Those who wait come first who are urgent, then who
    wait longest; elsewhere the newest come first. `before` is the id of the last one that is known."""
    where, arguments = _VIEWS[view], [staff] if view == "mine" else []
    order = f"{_RANK}, c.changed, c.id" if view == "queued" else "c.updated DESC, c.id DESC"
    if view == "all":  # the few open ones sorted, not the many of all times looked through in order
        order = "c.updated + 0 DESC, c.id DESC"
    if before and (last := await _place(database, business, before)):
        if view == "queued":
            where += f" AND ({_RANK}, c.changed, c.id) > ({{}}, {{}}, {{}})"
            arguments += [last["place"], last["changed"], before]
        else:
            where += " AND (c.updated, c.id) < ({}, {})"
            arguments += [last["updated"], before]
    rows = await database.fetch(
        f"{_ITEMS} AND c.last_seq > 0 AND {where} ORDER BY {order} LIMIT {{}}",
        staff, business, *arguments, PAGE + 1,
    )  # fmt: skip
    return [_item(row) for row in rows[:PAGE]], len(rows) > PAGE


async def _place(database: "Database", business: str, conversation: str) -> "Row | None":
    return await database.one(
        f"SELECT c.updated, c.changed, {_RANK} AS place FROM conversation c "  # noqa: S608
        "WHERE c.id = {} AND c.business = {}",
        conversation, business,
    )  # fmt: skip


async def items(
    database: "Database", business: str, staff: str, conversations: "Sequence[str]"
) -> list[Item]:
    """These of the business's conversations, the newest first."""
    if not conversations:
        return []
    marks = ", ".join(["{}"] * len(conversations))
    rows = await database.fetch(
        f"{_ITEMS} AND c.id IN ({marks}) ORDER BY c.updated DESC, c.id DESC",
        staff, business, *conversations,
    )  # fmt: skip
    return [_item(row) for row in rows]


async def item(database: "Database", business: str, staff: str, conversation: str) -> Item | None:
    found = await items(database, business, staff, [conversation])
    return found[0] if found else None


async def of_contact(
    database: "Database", business: str, staff: str, contact: str, but: str, limit: int = 10
) -> list[Item]:
    """A customer's other conversations."""
    rows = await database.fetch(
        f"{_ITEMS} AND c.contact = {{}} AND c.id <> {{}} AND c.last_seq > 0 "
        "ORDER BY c.updated DESC LIMIT {}",
        staff, business, contact, but, limit,
    )  # fmt: skip
    return [_item(row) for row in rows]


async def counts(database: "Database", business: str, staff: str) -> Counts:
    rows = await database.fetch(
        "SELECT c.status, c.agent, COUNT(*) AS count FROM conversation c "  # noqa: S608
        f"WHERE c.business = {{}} AND {_OPEN} AND c.last_seq > 0 GROUP BY c.status, c.agent",
        business,
    )
    found = Counts()
    for row in rows:
        found.all += row["count"]
        if row["status"] == "queued":
            found.queued += row["count"]
        elif row["status"] == "bot":
            found.bot += row["count"]
        elif row["status"] == "human" and row["agent"] == staff:
            found.mine += row["count"]
    return found


# ---- search ----------------------------------------------------------------------------------


async def search(
    database: "Database", business: str, staff: str, view: View, text: str
) -> list[Item]:
    """The newest whose customer, or one of whose messages, has this text. In `all` also those that are
    resolved."""
    text = " ".join(text.split())[:LONGEST_QUERY]
    where = "c.last_seq > 0" if view == "all" else _VIEWS[view]
    arguments = [business, *([staff] if view == "mine" else [])]
    newest = (
        "SELECT c.id, c.contact FROM conversation c "  # noqa: S608
        f"WHERE c.business = {{}} AND {where} ORDER BY c.updated DESC LIMIT {{}}"
    )
    lower = partial(_lower, database)
    like, digits = _like(text), "".join(c for c in text if c.isdecimal())
    rows = await database.fetch(
        f"SELECT n.id FROM ({newest}) n JOIN contact k ON k.id = n.contact "  # noqa: S608
        f"WHERE {lower('k.name')} LIKE {{}} ESCAPE '!' OR {lower('k.email')} LIKE {{}} ESCAPE '!' "
        "OR k.phone LIKE {} ESCAPE '!' LIMIT {}",
        *arguments, 10 * SEARCHED, like, like,
        f"%{digits}%" if len(digits) >= 3 else like, SEARCHED,
    )  # fmt: skip
    found = [row["id"] for row in rows]
    rows = await database.fetch(
        f"SELECT e.conversation, e.body FROM ({newest}) n JOIN event e ON e.conversation = n.id "  # noqa: S608
        f"WHERE e.type IN {MESSAGES} AND {lower('e.body')} LIKE {{}} ESCAPE '!' LIMIT {{}}",
        *arguments, SEARCHED, _like(msgspec.json.encode(text).decode()[1:-1]), SEARCHED,
    )  # fmt: skip
    # The stored form has more in it than the words.
    found += [r["conversation"] for r in rows if text.lower() in _said(r["body"])[1].lower()]
    return (await items(database, business, staff, list(dict.fromkeys(found))))[:PAGE]


# What the LOWER of Postgres leaves as it is where its locale is C: Latin, Greek and Cyrillic capitals.
_CAPITALS = "".join(
    c for c in map(chr, range(0xC0, 0x530)) if len(c.lower()) == 1 and c.lower() != c
)
_SMALL = "".join(c.lower() for c in _CAPITALS)


def _lower(database: "Database", column: str) -> str:
    if database.is_sqlite:
        return f"LOWER({column})"
    return f"TRANSLATE(LOWER({column}), '{_CAPITALS}', '{_SMALL}')"


def _like(text: str) -> str:
    for special in "!%_":
        text = text.replace(special, "!" + special)
    return f"%{text.lower()}%"


# ---- rows ------------------------------------------------------------------------------------


def _item(row: "Row") -> Item:
    role, text = _said(row["body"])
    text = " ".join(text.split())
    asked = row["asked"]
    if row["status"] == "queued":  # they were told that somebody comes, and wait since then
        asked = min(asked or row["changed"], row["changed"])
    is_held = row["status"] in ("human", "snoozed") and row["agent"]
    return Item(
        id=row["id"],
        channel=row["channel"],
        status=row["status"],
        agent=Person(row["agent"], row["agent_name"] or "") if is_held else None,
        contact=Contact(
            row["contact"], row["name"], row["phone"], row["email"], bool(row["phone_verified"])
        ),
        preview=text if len(text) <= LONGEST_PREVIEW else text[: LONGEST_PREVIEW - 1] + "…",
        preview_role=role,
        waiting_since=rfc3339(asked) if asked and row["status"] != "resolved" else None,
        unread=row["unread"],
        updated=rfc3339(row["updated"]),
        reason=row["reason"],
        urgency=row["urgency"],
        snoozed_until=rfc3339(row["snoozed_until"]) if row["snoozed_until"] else None,
    )


def _said(body: str | None) -> tuple[str, str]:
    """(whose, the words) of a message."""
    match events.decode(body) if body else None:
        case CustomerSaid(text=text):
            return "customer", text
        case Replied(content=text):
            return "assistant", text
        case StaffSaid(text=text):
            return "staff", text
        case Noticed(text=text):
            return "system", text
        case _:
            return "", ""


# ---- who else, and what is read --------------------------------------------------------------


async def colleagues(database: "Database", business: str) -> list[Person]:
    """Everyone who can be given a conversation."""
    rows = await database.fetch(
        "SELECT id, name FROM staff WHERE business = {} AND active = {} ORDER BY name, id LIMIT 500",
        business, True,
    )  # fmt: skip
    return [Person(row["id"], row["name"]) for row in rows]


async def canned(database: "Database", business: str) -> list[dict[str, Any]]:
    return await database.fetch(
        "SELECT id, shortcut, text FROM canned_reply WHERE business = {} ORDER BY shortcut LIMIT 500",
        business,
    )
