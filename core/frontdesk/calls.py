"""Carrying calls out: every call of a model gets exactly one outcome."""

import asyncio
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Literal

import msgspec
import structlog

from frontdesk import gate, places, readback
from frontdesk.actions import ActionCall, Run
from frontdesk.catalogue import BoundTool
from frontdesk.conversation import Conversation
from frontdesk.database import is_given_up
from frontdesk.errors import ActionError, PluginError
from frontdesk.events import CallSettled, CallStarted, ProposalVoided
from frontdesk.model import ToolCall
from frontdesk.tools import parameters

if TYPE_CHECKING:
    from frontdesk.desk import Desk

log = structlog.get_logger("frontdesk.calls")

MAX_ATTEMPTS = 3
"""A turn that took its process down this often ends in an apology instead of another try."""
LOCAL_SECONDS = 5.0


class Work(msgspec.Struct, frozen=True):
    """A checked call with what it takes to do it: to run it, to propose it, to withdraw it."""

    bound: BoundTool
    do: Literal["run", "propose", "withdraw"]
    call: ActionCall
    given: dict[str, Any]
    """The arguments as the model gave them, which is what a customer may see."""
    arguments: dict[str, Any]
    """What the action takes of them, and what the pack binds."""


async def carry_out(desk: "Desk", conversation: Conversation) -> list[CallSettled]:
    """Give every open call its one outcome, in the model's order; all are stored on return."""
    settled: list[CallSettled] = []
    for call in conversation.open_calls():
        if conversation.attempt > MAX_ATTEMPTS:  # it may be what took the process down
            data = {"message": "It was given up after several tries. It may have been done."}
            proposal = gate.proposal_of(conversation, call)
            given_up = CallSettled(call.id, call.name, "failed", data=data, proposal=proposal)
            settled.append(given_up)
            conversation.add(given_up)
        else:
            settled.append(await act(desk, conversation, call))
    if settled and conversation.added:
        await desk.commit(conversation)
    return settled


async def act(desk: "Desk", conversation: Conversation, call: ToolCall) -> CallSettled:
    """known? -> schema -> gate -> hooks -> action -> recorded outcome."""
    bound = desk.tools(conversation.business).get(call.name)
    problems = _problems(desk, conversation, call, bound)
    verdict, proposal = (
        gate.verdict(conversation, bound, call) if bound and not problems else ("", "")
    )
    if verdict in gate.REFUSALS:
        problems = [gate.REFUSALS[verdict]]
    if problems or bound is None:
        settled = _refused(conversation, call, problems)
    else:
        work = _work(desk, conversation, call, bound, proposal)
        refusal = _ask_plugins(desk, work.call, call.arguments)
        if refusal:
            settled = _refused(conversation, call, [refusal])
        elif verdict == "propose":
            settled = await _propose(desk, conversation, work)
        else:
            settled = await _run(desk, conversation, work)
    # A name that the model made up must not become a label.
    desk.metrics.tools.labels(call.name if bound else "unknown", settled.status).inc()
    log.info(
        "call settled", conversation=conversation.id, tool=call.name, call=call.id,
        status=settled.status,
    )  # fmt: skip
    return settled


async def withdraw(desk: "Desk", conversation: Conversation, proposal: gate.Proposal) -> None:
    """The customer declined: let go of what was held, and remember that the proposal is void."""
    voided = ProposalVoided(proposal.id)
    work = _withdrawal(desk, conversation, proposal)
    if work is None:
        conversation.add(voided)
        return
    try:
        async with desk.writing(conversation, more=1):
            settled, _ = await _outcome(work)
            if settled.status != "done":  # what is held expires by itself
                raise _RolledBackError(settled)
            conversation.add(voided)
    except _RolledBackError as rolled_back:
        data = rolled_back.settled.data
        log.warning("not withdrawn", conversation=conversation.id, tool=work.call.tool, why=data)
        conversation.add(voided)


def _withdrawal(desk: "Desk", conversation: Conversation, proposal: gate.Proposal) -> Work | None:
    """None when nothing is held for it."""
    bound = desk.tools(conversation.business).get(proposal.call.name)
    if bound is None or bound.action.withdraw is None:
        return None
    work = _work(desk, conversation, proposal.call, bound, proposal.id)
    return msgspec.structs.replace(work, do="withdraw")


# ---- before anything is done -----------------------------------------------------------------


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


def _refused(conversation: Conversation, call: ToolCall, problems: list[str]) -> CallSettled:
    settled = CallSettled(call.id, call.name, "refused", problems=tuple(problems))
    conversation.add(settled)
    return settled


def _ask_plugins(desk: "Desk", call: ActionCall, arguments: dict[str, Any]) -> str:
    """The first refusal of a `before_action` hook, or nothing. One that breaks refuses too."""
    for name in desk.plugins.enabled(call.business.plugins.disabled):
        try:
            _, reason = desk.plugins.call(name, "before_action", call=call, arguments=arguments)
        except Exception:
            log.exception("before_action failed", plugin=name, conversation=call.conversation)
            return "It is not possible at the moment."
        if reason:
            return str(reason)
    return ""


def _work(
    desk: "Desk", conversation: Conversation, call: ToolCall, bound: BoundTool, proposal: str
) -> Work:
    arguments, extra = parameters(bound.tool, call.arguments, bound.own)
    context = ActionCall(
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
        proposal=proposal,
        plugins=desk.plugins,
        secret_keys=desk.secret_keys,
        patch={},
    )
    return Work(bound, "run", context, call.arguments, arguments)


# ---- doing it --------------------------------------------------------------------------------


class _RolledBackError(Exception):
    """Takes an outcome out of the transaction whose writes it must not keep."""

    def __init__(self, settled: CallSettled, *, counts: bool = False) -> None:
        super().__init__(settled.status)
        self.settled = settled
        self.counts = counts
        """It is a failure whose writes are to be kept."""


async def _propose(desk: "Desk", conversation: Conversation, work: Work) -> CallSettled:
    """Show the customer what would be done, and hold what is scarce until they answer."""
    work = msgspec.structs.replace(work, do="propose")
    if work.bound.action.propose is None:
        tool = work.bound.tool
        message = readback.read_back(work.call.business, tool, work.given)
        read = {"message": message, "arguments": work.given, "title": readback.title_of(tool)}
        settled = _done(work, read)
        conversation.add(settled)
        return settled
    replaced = gate.replaced_by(conversation, work.call.tool)
    return await _in_transaction(desk, conversation, work, replaced)


async def _run(desk: "Desk", conversation: Conversation, work: Work) -> CallSettled:
    """Carry a call out. What goes wrong with the action is its outcome; what goes wrong with the
    database ends the turn, because then nobody knows what was kept: recovery reads it anew."""
    action = work.bound.action
    if action.changes and not action.external:
        return await _in_transaction(desk, conversation, work)
    if action.external:
        started = CallStarted(work.call.id, work.call.proposal)
        if started not in conversation.of_turn():
            conversation.add(started)
            await desk.commit(conversation)
    settled, _ = await _outcome(work)
    conversation.add(settled)
    if action.external:  # at once, or a crash in a later call would run it again
        await desk.commit(conversation)
    return settled


async def _in_transaction(
    desk: "Desk", conversation: Conversation, work: Work, replaced: Sequence[gate.Proposal] = ()
) -> CallSettled:
    """What the action writes is committed with its outcome, or neither is. With it goes what was
    held for the proposals that this one replaces. What the database gave up is tried once more."""
    before = len(conversation.added)
    try:
        return await _attempt(desk, conversation, work, replaced)
    except Exception as error:
        if not is_given_up(error) or len(conversation.added) > before:
            raise
    return await _attempt(desk, conversation, work, replaced)


async def _attempt(
    desk: "Desk", conversation: Conversation, work: Work, replaced: Sequence[gate.Proposal]
) -> CallSettled:
    try:
        async with desk.writing(conversation, more=1 + len(replaced)):
            for proposal in replaced:
                withdrawal = _withdrawal(desk, conversation, proposal)
                if withdrawal is not None:
                    await _outcome(withdrawal)
            settled, is_kept = await _outcome(work)
            if not is_kept or (replaced and settled.status == "failed"):
                raise _RolledBackError(settled, counts=is_kept)
            for proposal in replaced:
                conversation.add(ProposalVoided(proposal.id))
            conversation.add(settled)
    except _RolledBackError as rolled_back:
        if rolled_back.counts:  # once more, without letting go of what the old proposal holds
            return await _attempt(desk, conversation, work, ())
        settled = rolled_back.settled
        conversation.add(settled)
    return settled


async def _outcome(work: Work) -> tuple[CallSettled, bool]:
    """(what became of it, whether what it wrote is kept); no exception but for a cancelled turn and a
    transaction that the database gave up."""
    call, action = work.call, work.bound.action
    is_away = action.external and work.do == "run"
    # A local action holds the transaction that others wait for.
    seconds = action.timeout if is_away else min(action.timeout, LOCAL_SECONDS)
    try:
        params = _params(work)
    except msgspec.ValidationError as error:
        return CallSettled(call.id, call.tool, "refused", problems=(str(error),)), False
    do: Run = getattr(action, work.do)
    try:
        async with asyncio.timeout(seconds):
            result = await do(call, params)
        if not isinstance(result, dict):  # pyright: ignore[reportUnnecessaryIsInstance]  a stranger's
            kind = "None" if result is None else type(result).__name__
            place = places.of_function(do)
            raise PluginError(f"action {action.name} must return a dict, not {kind}", place=place)
        return _done(work, result), True
    except ActionError as error:
        data = {"message": error.message} | msgspec.to_builtins(error.data)
        return _failed(work, data), error.keep_writes
    except (Exception, SystemExit) as error:
        if is_given_up(error) and not is_away:
            call.patch.clear()
            raise
        fault = call.plugins.broke(action, error, do)
        log.exception(
            "action failed", conversation=call.conversation, tool=call.tool,
            plugin=fault.plugin, place=fault.place,
            error=fault.said if isinstance(error, PluginError) else type(error).__name__,
        )  # fmt: skip
        message = "It did not work, for a reason on our side. Nothing was changed."
        if is_away:
            message = "It is not known whether it worked. Check before it is tried again."
        call.patch.clear()
        return _failed(work, {"message": message}), False


def _params(work: Work) -> Any:
    of = work.bound.action.params
    return work.arguments if isinstance(of, dict) else msgspec.convert(work.arguments, of)


def _done(work: Work, result: dict[str, Any]) -> CallSettled:
    call, data = work.call, msgspec.to_builtins(result)
    patch = msgspec.to_builtins(call.patch)
    if work.do == "propose":
        # The action does not know the pack's own fields, but they are kept and so agreed to.
        if call.extra and "arguments" not in data:
            own = readback.fields(call.business, work.bound.tool, call.extra)
            data["message"] = f"{str(data.get('message', '')).rstrip('.')}. {own}"
        data |= {"status": "needs_confirmation", "proposalId": call.proposal}
        return CallSettled(call.id, call.tool, "needs_confirmation", data=data, patch=patch)
    return CallSettled(call.id, call.tool, "done", data=data, patch=patch, proposal=call.proposal)


def _failed(work: Work, data: dict[str, Any]) -> CallSettled:
    """What only a success makes true is left out."""
    call = work.call
    only_done = ("commitments", "contact", "handoff", "fetch")
    patch = {key: value for key, value in call.patch.items() if key not in only_done}
    return CallSettled(
        call.id,
        call.tool,
        "failed",
        data=data,
        patch=msgspec.to_builtins(patch),
        proposal=call.proposal if work.do == "run" else "",
    )
