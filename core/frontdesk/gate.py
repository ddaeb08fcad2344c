"""The confirmation gate: what a customer has to agree to before it is done.

Deterministic: no words of a model get past it. A call of a tool with `confirm` becomes a proposal;
it is carried out when the customer pressed its button, or when the same call comes again after the
customer agreed in words. Where there are no buttons, the digits that a reply offered press them.
"""

from collections.abc import Mapping
from typing import Any, Literal

import msgspec

from frontdesk import consent, words
from frontdesk.catalogue import BoundTool
from frontdesk.conversation import Conversation
from frontdesk.events import (
    CallSettled,
    ModelSaid,
    Noticed,
    ProposalVoided,
    Replied,
    StaffSaid,
)
from frontdesk.model import ToolCall

Verdict = Literal["propose", "carry_out", "wait", "unclear", "repeated"]

REFUSALS = {
    "wait": "Nothing is done yet: the customer has not answered. Read it back, ask whether to go "
    "ahead, and end your reply; call the tool again with the same arguments once they agreed.",
    "unclear": "Nothing is done yet: the customer's answer is not a clear yes. Ask once more, or "
    "call the tool with what they want changed.",
    "repeated": "It was done in this turn already, and is not done twice. Tell the customer.",
}
"""What the model reads instead of an outcome."""


NEVER = 1 << 62
"""A seq that no message has."""
OLDEST = 1
"""Replies in between, after which words are no answer to a proposal any more; its button still is."""


class Proposal(msgspec.Struct):
    id: str
    """The id of the call that made it."""
    turn: str
    seq: int
    """Of the event that showed it: its button counts from there on."""
    call: ToolCall
    read: int = NEVER
    """Of the reply that asked for an answer: words count from there on."""
    asked_in: str = ""
    """The turn in which it was made, or last asked about."""
    age: int = 0
    """Replies since then."""
    numbered: int = NEVER
    """Of the last words, when they asked about it and offered digits: digits count from there on."""
    is_offer: bool = False
    """Made by a notice: it stands as long as nothing else is said."""


def open_proposals(conversation: Conversation) -> dict[str, Proposal]:
    """What waits for the customer, by id, the newest last, with the offer of the last notice.

    A newer turn's proposal of the same tool replaces the older ones: nobody can tell any more which
    of them a yes means.
    """
    calls: dict[str, ToolCall] = {}
    found: dict[str, Proposal] = {}
    for seq, turn, event in _numbered(conversation):
        match event:
            case ModelSaid():
                calls |= {call.id: call for call in event.calls}
            case ProposalVoided():
                found.pop(event.proposal, None)
            case CallSettled() if event.call_id in calls:
                found.pop(event.proposal, None)
                _take(found, event, calls[event.call_id], seq, turn)
            case Replied():
                _spoken(found)
                is_numbered = words.has_choices(event.content)
                for proposal in found.values():
                    is_asked = proposal.asked_in == turn
                    proposal.age = 0 if is_asked else proposal.age + 1
                    proposal.read = seq if is_asked else proposal.read
                    proposal.numbered = seq if is_asked and is_numbered else NEVER
            case Noticed(offer=ToolCall() as offer):
                _spoken(found, is_question=True)
                found[offer.id] = Proposal(
                    offer.id, turn, seq, offer, read=seq, numbered=seq, is_offer=True
                )
            case StaffSaid() | Noticed():
                _spoken(found, is_question=isinstance(event, StaffSaid))
            case _:
                pass
    return found


def _spoken(found: dict[str, Proposal], *, is_question: bool = False) -> None:
    """Other words came last now. When they may ask something, a yes may be an answer to them."""
    for proposal in list(found.values()):
        proposal.numbered = NEVER
        if is_question:
            proposal.age = OLDEST + 1
        if proposal.is_offer:
            del found[proposal.id]


def _take(
    found: dict[str, Proposal], settled: CallSettled, call: ToolCall, seq: int, turn: str
) -> None:
    """An outcome that makes a proposal, or that had the model ask for its answer again."""
    if settled.status == "needs_confirmation":
        for other in list(found.values()):
            if other.call.name == call.name and other.asked_in != turn:
                del found[other.id]
        found[call.id] = Proposal(call.id, turn, seq, call, asked_in=turn)
    elif settled.status == "refused":
        for proposal in found.values():
            if _is_same(proposal.call, call):
                proposal.asked_in = turn


def _numbered(conversation: Conversation) -> list[tuple[int, str, Any]]:
    stored = [(item.seq, item.turn, item.event) for item in conversation.events]
    # What is not committed yet comes after all that was said.
    return stored + [(NEVER, conversation.turn, event) for event in conversation.added]


def replaced_by(conversation: Conversation, tool: str) -> list[Proposal]:
    """Those that a proposal of this turn takes the place of: nothing in this turn asks about them."""
    return [
        proposal
        for proposal in open_proposals(conversation).values()
        if proposal.call.name == tool and proposal.asked_in != conversation.turn
    ]


def oldest(conversation: Conversation) -> int | None:
    """The seq of the first proposal that still waits: a window that loses it, loses the button."""
    return min((p.seq for p in open_proposals(conversation).values()), default=None)


def proposal_of(conversation: Conversation, call: ToolCall) -> str:
    """The open proposal of the same; empty when there is none."""
    same = [p.id for p in open_proposals(conversation).values() if _is_same(p.call, call)]
    return same[-1] if same else ""


def pressed(conversation: Conversation, tools: Mapping[str, BoundTool]) -> list[Proposal]:
    """The open proposals whose buttons the customer pressed in this turn's messages."""
    return [
        proposal
        for proposal in open_proposals(conversation).values()
        if _presses(conversation, proposal)
        and _answer(conversation, proposal, tools.get(proposal.call.name)) == "yes"
    ]


def _presses(conversation: Conversation, proposal: Proposal) -> list[int]:
    """The seqs of the messages of this turn that press its button, or its digit."""
    return [
        seq
        for seq, message in conversation.asked()
        if (seq > proposal.seq and message.confirm == proposal.id)
        or (seq > proposal.numbered and not message.confirm and words.digit(message.text) == 1)
    ]


def _is_refused(conversation: Conversation, proposal: Proposal) -> bool:
    """Its other digit was pressed."""
    return any(
        seq > proposal.numbered and not message.confirm and words.digit(message.text) == 2
        for seq, message in conversation.asked()
    )


def declined(conversation: Conversation, tools: Mapping[str, BoundTool]) -> list[Proposal]:
    """The open proposals that this turn's messages decline."""
    return [
        proposal
        for proposal in open_proposals(conversation).values()
        if _answer(conversation, proposal, tools.get(proposal.call.name)) == "no"
    ]


def verdict(conversation: Conversation, bound: BoundTool, call: ToolCall) -> tuple[Verdict, str]:
    """(what becomes of this call, the proposal that it makes or carries out)."""
    if not bound.tool.confirm:
        return "carry_out", ""
    if _is_done(conversation, call):
        return "repeated", ""
    same = [p for p in open_proposals(conversation).values() if _is_same(p.call, call)]
    if not same:
        return "propose", call.id
    match _answer(conversation, same[-1], bound):
        case "yes":
            return "carry_out", same[-1].id
        case "none":
            return "wait", ""
        case _:
            return "unclear", ""


def _is_done(conversation: Conversation, call: ToolCall) -> bool:
    """The same was carried out in this turn."""
    done = {e.call_id for e in conversation.settled() if e.status == "done"}
    return any(
        other.id in done and _is_same(other, call)
        for event in conversation.of_turn()
        if isinstance(event, ModelSaid)
        for other in event.calls
    )


def _answer(
    conversation: Conversation, proposal: Proposal, bound: BoundTool | None
) -> Literal["yes", "no", "unclear", "none"]:
    """What this turn's messages say to a proposal."""
    asked = conversation.asked()
    # "Cancel it" is a yes where the question is whether to cancel.
    cancels = bound is not None and any("cancel" in c.kind for c in bound.action.claims)
    language = conversation.business.language
    presses, is_refused = _presses(conversation, proposal), _is_refused(conversation, proposal)
    if presses:  # what is said with it or after it can only take it back
        said = [m.text for seq, m in asked if seq >= presses[0]]
        taken_back = any(consent.answer(text, language, cancels=cancels) == "no" for text in said)
        return "unclear" if taken_back or is_refused else "yes"
    heard = [m for seq, m in asked if seq > proposal.read]
    if not heard or proposal.age > OLDEST:
        return "none"
    if any(m.confirm for m in heard):
        return "unclear"  # the button of another one
    if is_refused:
        rest = [m.text for m in heard if words.digit(m.text) is None]
        agrees = any(consent.answer(text, language, cancels=cancels) == "yes" for text in rest)
        return "unclear" if agrees else "no"
    return consent.answer("\n".join(m.text for m in heard), language, cancels=cancels)


def _is_same(one: ToolCall, other: ToolCall) -> bool:
    return one.name == other.name and _plain(one.arguments) == _plain(other.arguments)


def _plain(arguments: dict[str, Any]) -> dict[str, Any]:
    """Arguments as they count for being the same: without what is empty, and outer spaces."""
    stripped = {k: v.strip() if isinstance(v, str) else v for k, v in arguments.items()}
    return {key: value for key, value in stripped.items() if value not in ("", None, [], {})}
