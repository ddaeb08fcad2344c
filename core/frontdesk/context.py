"""From a conversation to the request for the model: what is stable first, what changes last."""

import asyncio
from collections.abc import Awaitable, Iterable, Mapping
from datetime import datetime
from inspect import iscoroutine
from typing import TYPE_CHECKING, Any

import msgspec
import structlog

from frontdesk import words
from frontdesk.conversation import Conversation
from frontdesk.events import (
    AnyEvent,
    CallSettled,
    ClaimDoubted,
    CustomerSaid,
    ModelSaid,
    Noted,
    Noticed,
    ProposalVoided,
    Replied,
    StaffSaid,
    TurnStarted,
)
from frontdesk.hours import opening
from frontdesk.model import Block, Message, Situation, Text, ToolResult, ToolUse

if TYPE_CHECKING:
    from frontdesk.plugins import Plugins

log = structlog.get_logger("frontdesk.context")
FACT_SECONDS = 2.0
MEANWHILE = "Since your last reply, without you:\n"
EARLIER = "Earlier in this conversation, shortened:\n"
DECLINED = (
    "The digit declines what was asked last: it is not done. The customer wants something changed; "
    "ask what."
)


def history(conversation: Conversation) -> list[Message]:
    """The window as messages. The same events always give the same bytes.

    Customers' messages stand where the turn that answers them begins, also those that arrived
    while an earlier turn was still running.
    """
    messages: list[Message] = []
    waiting: list[tuple[int, CustomerSaid]] = []
    meanwhile: list[str] = []
    in_turn = is_digit = False
    for seq, event in _numbered(conversation):
        if isinstance(event, CustomerSaid):
            if not event.is_aside:
                waiting.append((seq, event))
        elif isinstance(event, StaffSaid):  # who has answered all that was said before
            meanwhile += [f"Customer: {message.text}" for _, message in waiting]
            meanwhile.append(f"{event.agent_name or 'Staff'}: {event.text}")
            waiting = []
        elif isinstance(event, Noticed):
            meanwhile.append(f"The customer was told: {event.text}")
        elif isinstance(event, Noted) and event.for_assistant:
            meanwhile.append(f"Note of {event.agent_name or 'staff'} for you alone: {event.text}")
        elif isinstance(event, TurnStarted):
            said = [message for at, message in waiting if at <= event.upto]
            waiting = [(at, message) for at, message in waiting if at > event.upto]
            summary = conversation.state.custom_data.get("summary") if not messages else None
            blocks: list[Block] = [Situation(EARLIER + str(summary))] if summary else []
            if meanwhile:
                blocks.append(Situation(MEANWHILE + "\n".join(meanwhile)))
                meanwhile = []
            blocks.append(Situation(event.situation))
            blocks += [Text(message.text) for message in said]
            messages.append(Message("user", tuple(blocks)))
            is_digit = any(words.digit(message.text) == 2 for message in said)
            in_turn = True
        elif in_turn and isinstance(event, ProposalVoided) and is_digit:
            messages[-1] = Message("user", (*messages[-1].blocks, Situation(DECLINED)))
            is_digit = False
        elif in_turn and isinstance(event, ModelSaid):
            is_digit = False
            messages.append(_assistant(event.opaque, event.text, event))
        elif in_turn and isinstance(event, CallSettled):
            _append_result(messages, event)
        elif in_turn and isinstance(event, ClaimDoubted):
            messages.append(Message("user", (Situation(event.note),)))
        elif in_turn and isinstance(event, Replied):
            # An apology was ours, not the model's, but the customer read it: the model should know.
            if event.text or event.content:
                messages.append(_assistant(event.opaque, event.text or event.content, None))
            in_turn = False
    return messages


def _numbered(conversation: Conversation) -> Iterable[tuple[int, AnyEvent]]:
    for stored in conversation.events:
        yield stored.seq, stored.event
    for event in conversation.added:
        yield conversation.said + 1, event


def _assistant(opaque: Any, text: str, said: ModelSaid | None) -> Message:
    blocks: list[Block] = [opaque] if opaque is not None else []
    if text.strip():
        blocks.append(Text(text))
    blocks += [ToolUse(call) for call in said.calls] if said else []
    return Message("assistant", tuple(blocks))


def _append_result(messages: list[Message], settled: CallSettled) -> None:
    """Results of one round go into one user message."""
    result = ToolResult(settled.call_id, result_text(settled), settled.status != "done")
    last = messages[-1]
    if last.role == "user" and isinstance(last.blocks[0], ToolResult):
        messages[-1] = Message("user", (*last.blocks, result))
    else:
        messages.append(Message("user", (result,)))


def result_text(settled: CallSettled) -> str:
    """An outcome as the model reads it; never empty, which the Messages API refuses."""
    if settled.status == "refused":
        count = len(settled.problems)
        head = f"Refused ({count} {'problem' if count == 1 else 'problems'}). Nothing was done. "
        return (
            head
            + "Correct them and call again, or ask the customer.\n"
            + "\n".join(settled.problems)
        )
    return msgspec.json.encode(settled.data).decode() if settled.data else "(no output)"


async def situation(conversation: Conversation, plugins: "Plugins", now: datetime) -> str:
    """What is true at this moment, for the newest message. `now` is in the business's zone."""
    is_open, change = opening(conversation.business, now)
    state = "open" if is_open else "closed"
    if change is not None:
        local = change.astimezone(conversation.business.zone)
        verb = "closes" if is_open else "opens"
        state += f", {verb} {local:%A} {local:%d %B} at {local:%H:%M}"
    lines = [
        f"Local time: {now:%A} {now.day} {now:%B %Y}, {now:%H:%M}",
        f"The business is {state}.",
    ]
    lines += _contact(conversation)
    lines += [f"{title}: {text}" for title, text in await _facts(conversation, plugins, now)]
    draft = conversation.state.booking_draft
    if draft:
        lines.append("Asked for so far: " + msgspec.json.encode(draft).decode())
    return "\n".join(lines)


def _contact(conversation: Conversation) -> list[str]:
    """What is known of the customer, and how well."""
    contact = conversation.contact
    known = [
        ("name", contact.name, False),
        ("phone", contact.phone, contact.phone_verified),
        ("e-mail", contact.email, contact.email_verified),
    ]
    parts = [
        f"{title} {value} ({'verified' if verified else 'as they said'})"
        for title, value, verified in known
        if value
    ]
    return ["The customer: " + ", ".join(parts)] if parts else []


async def _facts(
    conversation: Conversation, plugins: "Plugins", now: datetime
) -> list[tuple[str, str]]:
    """What plugins add, in their order. One that breaks or hangs takes only its own fact with it."""
    offered: list[tuple[str, str, str | Awaitable[str]]] = []
    for name in plugins.enabled(conversation.business.plugins.disabled):
        try:
            _, given = plugins.call(name, "extend_context", conversation=conversation, now=now)
            facts: Mapping[str, str | Awaitable[str]] = given or {}
            offered += [(name, title, value) for title, value in facts.items()]
        except Exception:
            log.exception("extend_context failed", plugin=name, conversation=conversation.id)
    try:
        texts = await asyncio.gather(*(_fact(conversation, *fact) for fact in offered))
    finally:  # what a cancelled turn did not come to
        for _, _, value in offered:
            if iscoroutine(value):
                value.close()
    return [(title, text) for (_, title, _), text in zip(offered, texts, strict=True) if text]


async def _fact(
    conversation: Conversation, plugin: str, title: str, value: str | Awaitable[str]
) -> str:
    if isinstance(value, str):
        return value
    try:
        async with asyncio.timeout(FACT_SECONDS):
            return await value
    except (Exception, SystemExit):
        log.exception("fact left out", plugin=plugin, title=title, conversation=conversation.id)
        return ""
