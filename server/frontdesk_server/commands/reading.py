"""Reading conversations for an operator, who may see those of every business."""

from typing import Any

import msgspec

from frontdesk.business import Business
from frontdesk.database import Database
from frontdesk.events import (
    CallSettled,
    CustomerSaid,
    Noticed,
    Replied,
    StaffSaid,
    StatusChanged,
    Stored,
)
from frontdesk.reads import read_events
from frontdesk_server.commands.options import Failure

PAGE = 2000


class Header(msgspec.Struct, frozen=True):
    """What a conversation is, without what was said. Times in milliseconds."""

    id: str
    business: str
    channel: str
    status: str
    contact: str
    """The name, as far as it is known."""
    messages: int
    """The customer's."""
    unanswered: bool
    timezone: str
    created: int
    updated: int


class Line(msgspec.Struct, frozen=True):
    """A message as the customer saw it."""

    seq: int
    at: int
    role: str
    """`customer` or `assistant`."""
    content: str
    actions: list[CallSettled] = []


_HEADERS = """
SELECT c.id, c.business, c.channel, c.status, c.said, c.answered, c.created, c.updated, k.name,
    b.profile, (SELECT COUNT(*) FROM event e
        WHERE e.conversation = c.id AND e.type = 'customer_said') AS messages
FROM conversation c JOIN contact k ON k.id = c.contact
LEFT JOIN business b ON b.id = c.business"""


async def headers(database: Database, business: str, status: str, limit: int) -> list[Header]:
    """The latest first. An empty `business` or `status` means any."""
    rows = await database.fetch(
        f"{_HEADERS} WHERE (c.business = {{}} OR {{}} = '') AND (c.status = {{}} OR {{}} = '') "
        "ORDER BY c.updated DESC, c.id DESC LIMIT {}",
        business, business, status, status, limit,
    )  # fmt: skip
    return [_header(row) for row in rows]


async def header(database: Database, identifier: str) -> Header:
    """Raises Failure when there is no such conversation."""
    row = await database.one(f"{_HEADERS} WHERE c.id = {{}}", identifier)
    if row is None:
        raise Failure(
            f"There is no conversation {identifier!r}. `frontdesk conversations list` shows them."
        )
    return _header(row)


def _header(row: dict[str, Any]) -> Header:
    business = msgspec.json.decode(row["profile"], type=Business) if row["profile"] else None
    return Header(
        id=row["id"],
        business=row["business"],
        channel=row["channel"],
        status=row["status"],
        contact=row["name"],
        messages=row["messages"],
        unanswered=row["said"] > row["answered"],
        timezone=business.timezone if business else "UTC",
        created=row["created"],
        updated=row["updated"],
    )


async def events(database: Database, conversation: str) -> list[Stored]:
    """All of them, however long the conversation is."""
    found: list[Stored] = []
    while page := await read_events(database, conversation, found[-1].seq if found else 0, PAGE):
        found += page
    return found


async def lines(database: Database, conversation: str) -> list[Line]:
    """The messages, each reply with the outcomes of its turn. Refused calls are not shown."""
    found: list[Line] = []
    settled: dict[str, list[CallSettled]] = {}
    for stored in await events(database, conversation):
        event = stored.event
        if isinstance(event, CustomerSaid):
            found.append(Line(stored.seq, stored.at, "customer", event.text))
        elif isinstance(event, CallSettled) and event.status != "refused":
            settled.setdefault(stored.turn, []).append(event)
        elif isinstance(event, Replied):
            actions = settled.get(stored.turn, [])
            found.append(Line(stored.seq, stored.at, "assistant", event.content, actions))
        elif isinstance(event, StaffSaid):
            found.append(Line(stored.seq, stored.at, "staff", event.text))
        elif isinstance(event, Noticed):
            found.append(Line(stored.seq, stored.at, "system", event.text))
        elif isinstance(event, StatusChanged):
            who = f" ({event.agent_name or event.agent})" if event.agent else ""
            why = f": {event.reason}" if event.reason else ""
            found.append(Line(stored.seq, stored.at, "system", f"{event.status}{who}{why}"))
    return found
