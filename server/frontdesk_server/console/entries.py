"""A conversation as staff read it: every message, call, change of hands and note."""

import asyncio
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import msgspec
import structlog

from frontdesk import events
from frontdesk.events import (
    CallSettled,
    CustomerSaid,
    ModelSaid,
    Noted,
    Noticed,
    ProposalVoided,
    Replied,
    StaffSaid,
    StatusChanged,
    Stored,
)
from frontdesk.instants import rfc3339
from frontdesk.model import ToolCall
from frontdesk.pages import Delivery

if TYPE_CHECKING:
    from frontdesk.database import Database
    from frontdesk.desk import Desk

log = structlog.get_logger("frontdesk.console")
PAGE = 100
LONGEST_DATA = 16_000
"""Characters of JSON of one call's arguments, or data."""
HOOK_SECONDS = 2.0
SHOWN = (
    "('customer_said', 'replied', 'staff_said', 'noticed', 'noted', 'status_changed', "
    "'call_settled', 'proposal_voided')"
)


class CallOf(msgspec.Struct, frozen=True, kw_only=True):
    tool: str
    status: str
    """done | refused | failed | needs_confirmation | voided (declined)"""
    arguments: dict[str, Any]
    data: dict[str, Any]
    problems: tuple[str, ...] = ()


class Change(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    to: str
    before: str
    reason: str
    agent_name: str
    until: str | None = None


class Entry(msgspec.Struct, frozen=True, kw_only=True, rename="camel", omit_defaults=True):
    seq: int
    id: str
    at: str
    kind: str
    """customer | assistant | staff | note | system | status | call"""
    text: str
    agent_name: str | None = None
    client_id: str | None = None
    call: CallOf | None = None
    status: Change | None = None
    delivery: Delivery | None = None


async def page(
    database: "Database", conversation: str, before: int, limit: int = PAGE
) -> tuple[list[Stored], bool]:
    """(the newest that are shown with a seq below `before`, whether there are earlier ones)."""
    rows = await database.fetch(
        "SELECT seq, at, turn, body FROM event WHERE conversation = {} AND seq < {} "  # noqa: S608
        f"AND type IN {SHOWN} ORDER BY seq DESC LIMIT {{}}",
        conversation, before, limit + 1,
    )  # fmt: skip
    stored = [Stored(r["seq"], r["at"], r["turn"], events.decode(r["body"])) for r in rows[:limit]]
    return stored[::-1], len(rows) > limit


async def entries(
    desk: "Desk", business: str, conversation: str, stored: Sequence[Stored]
) -> list[Entry]:
    """Those of the events that staff see, with what became of them on their way."""
    calls = await _calls(desk.database, conversation, stored)
    delivered = await deliveries(desk, business, [i for s in stored if (i := _sent(s))])
    found: list[Entry] = []
    for item in stored:
        entry = _entry(item, calls)
        if entry is not None and (delivery := delivered.get(entry.id)):
            entry = msgspec.structs.replace(entry, delivery=delivery)
        if entry is not None:
            found.append(entry)
    return found


def _sent(stored: Stored) -> str:
    event = stored.event
    return event.id if isinstance(event, Replied | StaffSaid | Noticed) else ""


def _entry(stored: Stored, calls: Mapping[str, ToolCall]) -> Entry | None:
    event = stored.event
    kind, text, identifier = "", "", f"{stored.seq}"
    more: dict[str, Any] = {}
    match event:
        case CustomerSaid():
            kind, text, identifier = "customer", event.text, event.id
        case Replied() if event.content.strip():
            kind, text, identifier = "assistant", event.content, event.id
        case StaffSaid() | Noted():
            kind = "staff" if isinstance(event, StaffSaid) else "note"
            text, identifier = event.text, event.id
            more = {"agent_name": event.agent_name}
            if isinstance(event, StaffSaid):
                more["client_id"] = event.client_id
        case Noticed():
            kind, text, identifier = "system", event.text, event.id
        case StatusChanged():
            kind = "status"
            more = {"agent_name": event.agent_name, "status": _change(event)}
        case CallSettled():
            kind, identifier = "call", event.call_id
            call = calls.get(event.call_id)
            arguments = call.arguments if call else {}
            more = {"call": _call(event.tool, event.status, arguments, event.data, event.problems)}
        case ProposalVoided():
            kind = "call"
            call = calls.get(event.proposal)
            tool, arguments = (call.name, call.arguments) if call else ("", {})
            more = {"call": _call(tool, "voided", arguments, {"proposalId": event.proposal})}
        case _:
            return None
    if not kind:
        return None
    return Entry(seq=stored.seq, id=identifier, at=rfc3339(stored.at), kind=kind, text=text, **more)


def _change(event: StatusChanged) -> Change:
    return Change(
        to=event.status,
        before=event.before,
        reason=event.reason,
        agent_name=event.agent_name,
        until=rfc3339(event.until) if event.until else None,
    )


def _call(
    tool: str,
    status: str,
    arguments: dict[str, Any],
    data: dict[str, Any],
    problems: tuple[str, ...] = (),
) -> CallOf:
    return CallOf(
        tool=tool,
        status=status,
        arguments=_bounded(arguments),
        data=_bounded(data),
        problems=tuple(problem[:1000] for problem in problems[:20]),
    )


def _bounded(data: dict[str, Any]) -> dict[str, Any]:
    """A frame has to stay small: what is too large says so instead."""
    size = len(msgspec.json.encode(data))
    return data if size <= LONGEST_DATA else {"left_out": f"{size} bytes"}


async def _calls(
    database: "Database", conversation: str, stored: Sequence[Stored]
) -> dict[str, ToolCall]:
    """The calls of the outcomes among the events, by id: they may be on another page."""
    turns = {s.turn for s in stored if isinstance(s.event, CallSettled)}
    proposals = [s.event.proposal for s in stored if isinstance(s.event, ProposalVoided)]
    for proposal in proposals[:20]:
        # What was declined was proposed in an earlier turn.
        row = await database.one(
            "SELECT turn FROM event WHERE conversation = {} AND type = 'call_settled' "
            "AND body LIKE {} ORDER BY seq DESC LIMIT 1",
            conversation, f"%{proposal}%",
        )  # fmt: skip
        turns |= {row["turn"]} if row else set()
    if not turns:
        return {}
    marks = ", ".join(["{}"] * len(turns))
    rows = await database.fetch(
        "SELECT body FROM event WHERE conversation = {} AND type = 'model_said' "  # noqa: S608
        f"AND turn IN ({marks})",
        conversation, *turns,
    )  # fmt: skip
    found: dict[str, ToolCall] = {}
    for row in rows:
        said = events.decode(row["body"])
        if isinstance(said, ModelSaid):
            found |= {call.id: call for call in said.calls}
    return found


async def deliveries(desk: "Desk", business: str, messages: Sequence[str]) -> dict[str, Delivery]:
    """What plugins say became of messages, by their ids; those that rest too, which sent them."""
    found: dict[str, Delivery] = {}
    for name in desk.plugins.loaded if messages else ():
        try:
            has_hook, answer = desk.plugins.call(
                name, "describe_deliveries", business=business, messages=messages
            )
            if has_hook:
                async with asyncio.timeout(HOOK_SECONDS):
                    found |= await answer
        except Exception:
            log.exception("describe_deliveries failed", plugin=name)
    return found
