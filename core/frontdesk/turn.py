"""One turn, from unanswered messages to the reply. Start reading here.

The customer's connection is not in this file: `run_turn` yields what there is to show, and whoever
watches may come and go. Everything it needs to go on after a crash is in the conversation's events.
"""

import asyncio
from collections.abc import AsyncIterator
from typing import TYPE_CHECKING, Any

import msgspec
import structlog

from frontdesk import words
from frontdesk.actions import ActionCall
from frontdesk.ask import ask, may_call
from frontdesk.catalogue import BoundTool
from frontdesk.context import situation
from frontdesk.conversation import Conversation
from frontdesk.errors import ActionError, PluginError
from frontdesk.events import CallSettled, CallStarted, ModelSaid, Replied, TurnStarted
from frontdesk.ids import new_id
from frontdesk.model import ModelError, ModelReply, TextDelta, ToolCall
from frontdesk.tools import parameters

if TYPE_CHECKING:
    from frontdesk.desk import Desk

log = structlog.get_logger("frontdesk.turn")

MAX_ATTEMPTS = 3
"""A turn that took its process down this often ends in an apology instead of another try."""
MAX_REFUSALS = 3
"""Rounds in a row in which every call was refused."""
MAX_CALLS = 16
"""Of one round; what a model asks for beyond is dropped."""
LOCAL_SECONDS = 5.0

Part = TextDelta | CallSettled | Replied


async def run_turn(desk: "Desk", conversation: Conversation) -> AsyncIterator[Part]:
    """Answer every customer message up to now. What is yielded is stored, except for text deltas."""
    deadline = asyncio.get_running_loop().time() + (desk.settings.limits.turn_seconds or 3600)
    await _begin(desk, conversation)
    # The pack's triggers belong here: deterministic rules that come before any model.
    while True:
        for settled in await _carry_out(desk, conversation):
            yield settled
        if _must_stop(desk, conversation, deadline):
            break
        reply: ModelReply | None = None
        try:
            async for part in ask(desk, conversation, deadline):
                if isinstance(part, TextDelta):
                    yield part
                else:
                    reply = part
        except ModelError as error:
            log.warning("no model answered", conversation=conversation.id, error=str(error))
            break
        assert reply is not None
        if reply.stop == "refusal":
            ours = words.refusal(conversation.business)
            yield TextDelta(_gap(conversation) + ours)
            yield await _finish(desk, conversation, reply, ours, outcome="refusal")
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
        # The claims check belongs here: words that no committed outcome backs are taken back.
        yield await _finish(desk, conversation, reply)
        return
    ours = words.apology(conversation.business)
    yield TextDelta(_gap(conversation) + ours)
    yield await _finish(desk, conversation, None, ours, outcome="apology")


async def _begin(desk: "Desk", conversation: Conversation) -> None:
    if conversation.started() is None:
        now = desk.now(conversation.business)
        text = await situation(conversation, desk.plugins, now)
        conversation.add(TurnStarted(upto=conversation.said, situation=text))


def _must_stop(desk: "Desk", conversation: Conversation, deadline: float) -> bool:
    """True when going on makes no sense: too many tries, too much time, tokens or refusals."""
    limits = desk.settings.limits
    return (
        conversation.attempt > MAX_ATTEMPTS
        or bool(limits.turn_tokens and conversation.spent >= limits.turn_tokens)
        or conversation.refused_rounds() >= MAX_REFUSALS
        or asyncio.get_running_loop().time() > deadline
    )


async def _finish(
    desk: "Desk",
    conversation: Conversation,
    reply: ModelReply | None,
    ours: str = "",
    *,
    outcome: str = "answered",
) -> Replied:
    """Store the reply: this round's text, then words of ours. The content is all that was shown."""
    started = conversation.started()
    assert started is not None
    last = "\n\n".join(part for part in (conversation.text, ours) if part)
    return await desk.finish(
        conversation,
        Replied(
            id=new_id(),
            content="\n\n".join([*conversation.shown(), last]),
            text=last,
            upto=started.upto,
            attempt=conversation.attempt,
            opaque=reply.opaque if reply and not ours else None,
            outcome=outcome,
        ),
    )


def _gap(conversation: Conversation) -> str:
    """What stands between all that was shown so far and words of ours."""
    return "\n\n" if conversation.text or conversation.shown() else ""


# ---- carrying calls out ----------------------------------------------------------------------


async def _carry_out(desk: "Desk", conversation: Conversation) -> list[CallSettled]:
    """Give every open call its one outcome, in the model's order; all are stored on return."""
    settled: list[CallSettled] = []
    for call in conversation.open_calls():
        if conversation.attempt > MAX_ATTEMPTS:  # it may be what took the process down
            data = {"message": "It was given up after several tries. It may have been done."}
            settled.append(CallSettled(call.id, call.name, "failed", data=data))
            conversation.add(settled[-1])
        else:
            settled.append(await act(desk, conversation, call))
    if settled and conversation.added:
        await desk.commit(conversation)
    return settled


async def act(desk: "Desk", conversation: Conversation, call: ToolCall) -> CallSettled:
    """known? -> schema -> gate -> hooks -> action -> recorded outcome."""
    bound = desk.tools(conversation.business).get(call.name)
    problems = _problems(desk, conversation, call, bound)
    if problems or bound is None:
        settled = CallSettled(call.id, call.name, "refused", problems=tuple(problems))
        conversation.add(settled)
    else:
        # The confirmation gate belongs here: a tool marked `confirm` first makes a proposal.
        arguments, extra = parameters(bound.tool, call.arguments, bound.own)
        context = _action_call(desk, conversation, call, extra)
        refusal = _ask_plugins(desk, context, call.arguments)
        if refusal:
            settled = CallSettled(call.id, call.name, "refused", problems=(refusal,))
            conversation.add(settled)
        else:
            settled = await _run(desk, conversation, bound, context, arguments)
    # A name that the model made up must not become a label.
    desk.metrics.tools.labels(call.name if bound else "unknown", settled.status).inc()
    log.info(
        "call settled", conversation=conversation.id, tool=call.name, call=call.id,
        status=settled.status,
    )  # fmt: skip
    return settled


def _problems(
    desk: "Desk", conversation: Conversation, call: ToolCall, bound: BoundTool | None
) -> list[str]:
    if bound is None:
        names = ", ".join(desk.tools(conversation.business)) or "none"
        return [f"There is no tool {call.name[:64]!r}. The tools are: {names}"]
    if call.problem:
        return [call.problem]
    problems = bound.checker.problems(call.arguments)
    if not problems:  # a tool may say more than its action, never less
        problems = bound.action_checker.problems(
            parameters(bound.tool, call.arguments, bound.own)[0]
        )
    return problems


def _ask_plugins(desk: "Desk", context: ActionCall, arguments: dict[str, Any]) -> str:
    """The first refusal of a `before_action` hook, or nothing. One that breaks refuses too."""
    for name in desk.plugins.enabled():
        try:
            _, reason = desk.plugins.call(name, "before_action", call=context, arguments=arguments)
        except Exception:
            log.exception("before_action failed", plugin=name, conversation=context.conversation)
            return "It is not possible at the moment."
        if reason:
            return str(reason)
    return ""


def _action_call(
    desk: "Desk", conversation: Conversation, call: ToolCall, extra: dict[str, Any]
) -> ActionCall:
    return ActionCall(
        id=call.id,
        tool=call.name,
        business=conversation.business,
        contact=conversation.contact,
        conversation=conversation.id,
        channel=conversation.channel,
        now=desk.now(conversation.business),
        db=desk.database,
        state=conversation.state,
        extra=extra,
        patch={},
    )


class _RolledBackError(Exception):
    """Takes an outcome out of the transaction whose writes it must not keep."""

    def __init__(self, settled: CallSettled) -> None:
        super().__init__(settled.status)
        self.settled = settled


async def _run(
    desk: "Desk",
    conversation: Conversation,
    bound: BoundTool,
    context: ActionCall,
    arguments: dict[str, Any],
) -> CallSettled:
    """Carry a call out. What goes wrong with the action is its outcome; what goes wrong with the
    database ends the turn, because then nobody knows what was kept: recovery reads it anew."""
    action = bound.action
    if action.external:
        started = CallStarted(context.id)
        if started not in conversation.of_turn():
            conversation.add(started)
            await desk.commit(conversation)
    if action.changes and not action.external:
        try:
            async with desk.writing(conversation, more=1):
                settled = await _outcome(bound, context, arguments)
                if settled.status != "done":
                    raise _RolledBackError(settled)
                conversation.add(settled)
        except _RolledBackError as rolled_back:
            conversation.add(rolled_back.settled)
            return rolled_back.settled
        return settled
    settled = await _outcome(bound, context, arguments)
    conversation.add(settled)
    if action.external:  # at once, or a crash in a later call would run it again
        await desk.commit(conversation)
    return settled


async def _outcome(bound: BoundTool, context: ActionCall, arguments: dict[str, Any]) -> CallSettled:
    """What became of the action; never an exception, but for a cancelled turn."""
    try:
        return await _result(bound, context, arguments)
    except ActionError as error:
        data = {"message": error.message} | msgspec.to_builtins(error.data)
        return CallSettled(context.id, context.tool, "failed", data=data, patch=context.patch)
    except msgspec.ValidationError as error:
        return CallSettled(context.id, context.tool, "refused", problems=(str(error),))
    except Exception:
        log.exception("action failed", conversation=context.conversation, tool=context.tool)
        message = "It did not work, for a reason on our side. Nothing was changed."
        if bound.action.external:
            message = "It is not known whether it worked. Check before it is tried again."
        return CallSettled(context.id, context.tool, "failed", data={"message": message})


async def _result(bound: BoundTool, context: ActionCall, arguments: dict[str, Any]) -> CallSettled:
    action = bound.action
    params: Any = arguments
    if not isinstance(action.params, dict):
        params = msgspec.convert(arguments, action.params)
    # A local action holds the transaction that others wait for.
    seconds = action.timeout if action.external else min(action.timeout, LOCAL_SECONDS)
    async with asyncio.timeout(seconds):
        result = await action.run(context, params)
    if not isinstance(result, dict):  # pyright: ignore[reportUnnecessaryIsInstance]  a stranger's
        raise PluginError(f"the action {action.name!r} must return a dict")
    data: dict[str, Any] = msgspec.to_builtins(result)
    return CallSettled(context.id, context.tool, "done", data=data, patch=context.patch)
