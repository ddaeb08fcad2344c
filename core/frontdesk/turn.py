"""One turn, from unanswered messages to the reply. Start reading here.

The customer's connection is not in this file: `run_turn` yields what there is to show, and whoever
watches may come and go. Everything it needs to go on after a crash is in the conversation's events.
"""

import asyncio
from collections.abc import AsyncIterator
from typing import TYPE_CHECKING

import msgspec
import structlog

from frontdesk import gate, opting, triggers, truth, words
from frontdesk.ask import ask, may_call
from frontdesk.calls import MAX_ATTEMPTS, carry_out, withdraw
from frontdesk.context import situation
from frontdesk.conversation import Conversation
from frontdesk.events import CallSettled, ModelSaid, Replied, TurnStarted
from frontdesk.ids import new_id
from frontdesk.model import ModelError, ModelReply, TextDelta, ToolCall

if TYPE_CHECKING:
    from frontdesk.desk import Desk

log = structlog.get_logger("frontdesk.turn")

MAX_REFUSALS = 3
"""Rounds in a row in which every call was refused."""
MAX_CALLS = 16
"""Of one round; what a model asks for beyond is dropped."""

Part = TextDelta | CallSettled | Replied


async def run_turn(desk: "Desk", conversation: Conversation) -> AsyncIterator[Part]:
    """Answer every customer message up to now. What is yielded is stored, except for text deltas."""
    deadline = asyncio.get_running_loop().time() + (desk.settings.limits.turn_seconds or 3600)
    await _begin(desk, conversation)
    if conversation.attempt <= MAX_ATTEMPTS:
        trigger = _rule(desk, conversation)
        if trigger is not None:
            async for part in _by_rule(desk, conversation, trigger):
                yield part
            return
        await _hear_answers(desk, conversation)
    while True:
        for settled in await carry_out(desk, conversation):
            yield settled
        if reason := _wanted_person(desk, conversation):
            for settled in await _fetch_person(desk, conversation, *reason):
                yield settled
        if _must_stop(desk, conversation, deadline):
            break
        reply: ModelReply | None = None
        try:
            async for said in ask(desk, conversation, deadline):
                if isinstance(said, TextDelta):
                    yield said
                else:
                    reply = said
        except ModelError as error:
            log.warning("no model answered", conversation=conversation.id, error=str(error))
            break
        assert reply is not None
        if reply.stop == "refusal":
            async for part in _end(
                desk, conversation, words.refusal(conversation.business), "refusal"
            ):
                yield part
            return
        if reply.calls and may_call(desk, conversation):
            # Our own ids: providers may repeat theirs, and they are the actions' idempotency keys.
            calls = tuple(
                msgspec.structs.replace(call, id=new_id()) for call in reply.calls[:MAX_CALLS]
            )
            conversation.add(ModelSaid(calls=calls, text=reply.text, opaque=reply.opaque))
            conversation.text = ""
            continue
        if not reply.text.strip():
            break
        doubted = may_call(desk, conversation) and truth.doubt(desk, conversation)
        if doubted:  # words that nothing committed backs: one more round to set them right
            conversation.add(ModelSaid(calls=(), text=reply.text, opaque=reply.opaque))
            conversation.add(doubted)
            conversation.text = ""
            continue
        is_true = may_call(desk, conversation) and truth.is_checked(conversation)
        async for part in _end(desk, conversation, reply=reply, is_true=is_true):
            yield part
        return
    async for part in _give_up(desk, conversation):
        yield part


async def _begin(desk: "Desk", conversation: Conversation) -> None:
    if conversation.started() is None:
        now = desk.now(conversation.business)
        text = await situation(conversation, desk.plugins, now)
        conversation.add(TurnStarted(upto=conversation.said, situation=text))


async def _hear_answers(desk: "Desk", conversation: Conversation) -> None:
    """What the customer's messages mean for what was proposed, before the model reads them."""
    if conversation.rounds():
        return
    tools = desk.tools(conversation.business)
    for proposal in gate.declined(conversation, tools):
        await withdraw(desk, conversation, proposal)
    if pressed := gate.pressed(conversation, tools):
        calls = [msgspec.structs.replace(proposal.call, id=new_id()) for proposal in pressed]
        conversation.add(ModelSaid(calls=tuple(calls)))


def _must_stop(desk: "Desk", conversation: Conversation, deadline: float) -> bool:
    """True when going on makes no sense: too many tries, too much time, tokens or refusals."""
    limits = desk.settings.limits
    return (
        conversation.attempt > MAX_ATTEMPTS
        or bool(limits.turn_tokens and conversation.spent >= limits.turn_tokens)
        or conversation.refused_rounds() >= MAX_REFUSALS
        or asyncio.get_running_loop().time() > deadline
    )


# ---- how a turn ends -------------------------------------------------------------------------


def _rule(desk: "Desk", conversation: Conversation) -> triggers.Trigger | None:
    """The deterministic rule that these messages set off, before any model sees them."""
    said = "\n".join(message.text for _, message in conversation.asked())
    business = conversation.business
    known = desk.triggers(business)
    return triggers.find(said, business.language, conversation.channel, known)


async def _by_rule(
    desk: "Desk", conversation: Conversation, trigger: triggers.Trigger
) -> AsyncIterator[Part]:
    """A rule answers at once, and fetches a person where it says so."""
    if trigger.then == "handoff":
        for settled in await _fetch_person(desk, conversation, trigger.name, "urgent"):
            yield settled
    elif trigger.then in ("opt_out", "opt_in") and conversation.contact.phone_verified:
        # Channels that know these words by themselves keep them out of turns.
        place = desk.database, conversation.business.id, conversation.contact.phone
        await opting.record(*place, "out" if trigger.then == "opt_out" else "in", "inbound")
    text = triggers.reply(trigger, conversation.business)
    async for part in _end(desk, conversation, text, "trigger", trigger=trigger.name):
        yield part


async def _give_up(desk: "Desk", conversation: Conversation) -> AsyncIterator[Part]:
    """An apology, and a person if there is one."""
    if conversation.attempt <= MAX_ATTEMPTS:
        for settled in await _fetch_person(desk, conversation, "the assistant failed", "normal"):
            yield settled
    sorry = words.apology if not conversation.handoff() else words.handed_off
    async for part in _end(desk, conversation, sorry(conversation.business), "apology"):
        yield part


def _wanted_person(desk: "Desk", conversation: Conversation) -> tuple[str, str] | None:
    """(why, how urgently) an action of this turn wants a person, until one was asked for."""
    settled, tools = conversation.settled(), desk.tools(conversation.business)
    if any(event.tool in tools and tools[event.tool].action.hands_off for event in settled):
        return None
    wanted = [event.patch["fetch"] for event in settled if "fetch" in event.patch]
    return (wanted[-1]["reason"], wanted[-1]["urgency"]) if wanted else None


async def _fetch_person(
    desk: "Desk", conversation: Conversation, reason: str, urgency: str
) -> list[CallSettled]:
    """Call the tool that hands off, as the model would; nothing when the business has none."""
    bound = next(
        (b for b in desk.tools(conversation.business).values() if b.action.hands_off), None
    )
    if bound is None or conversation.handoff():
        return []
    known = bound.tool.input_schema.get("properties", {})
    wanted = {"reason": "other", "summary": reason, "urgency": urgency}
    arguments = {key: value for key, value in wanted.items() if key in known}
    call = ToolCall(new_id(), bound.tool.name, arguments)
    conversation.add(ModelSaid(calls=(call,), text=conversation.text))
    conversation.text = ""
    return await carry_out(desk, conversation)


async def _end(
    desk: "Desk",
    conversation: Conversation,
    ours: str = "",
    outcome: str = "answered",
    *,
    reply: ModelReply | None = None,
    trigger: str = "",
    is_true: bool = False,
) -> AsyncIterator[Part]:
    """Store the reply: this round's text, then words of ours. The content is all that was shown.

    With `is_true` its claims were checked already.
    """
    started = conversation.started()
    assert started is not None
    correction = "" if is_true else truth.correction(desk, conversation)
    receipts, choices = truth.receipts(desk, conversation), truth.choices(desk, conversation)
    if words.has_choices(conversation.text) and not (receipts or ours or correction):
        choices = ""  # the model wrote them itself
    ours = "\n\n".join(part for part in (*receipts, ours, correction, choices) if part)
    if ours:
        has_more = conversation.text or conversation.shown()
        yield TextDelta(("\n\n" if has_more else "") + ours)
    last = "\n\n".join(part for part in (conversation.text, ours) if part)
    yield await desk.finish(
        conversation,
        Replied(
            id=new_id(),
            content="\n\n".join([*conversation.shown(), *([last] if last else [])]),
            text=last,
            upto=started.upto,
            attempt=conversation.attempt,
            opaque=reply.opaque if reply and not correction else None,
            handed_off=bool(conversation.handoff()),
            outcome="corrected" if correction else outcome,
            trigger=trigger,
        ),
    )
