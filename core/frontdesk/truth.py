"""Words against deeds: what a reply claims must be committed."""

import re
from typing import TYPE_CHECKING

from frontdesk import claims, gate, taboos, words
from frontdesk.conversation import Conversation
from frontdesk.events import CallSettled, ClaimDoubted, ModelSaid

if TYPE_CHECKING:
    from frontdesk.desk import Desk

BEGINNING = 300
"""Characters."""
WHOLE = 15
"""Characters of an action's message that a reply has to repeat, to count as repeating it."""
_JOINT = re.compile(r"(?<=[^\W\d_][.!?])(?=[^\W\d_])")
_SENTENCE = re.compile(r"[^.!?\n]+[.!?]*")
NOTE = (
    "Your last words told the customer that something is done: {sentences} No tool has done it in "
    "this conversation. Do it now with the tool, or tell the customer plainly that it is not done "
    "and what is missing. Do not repeat the claim."
)

FORBIDDEN = (
    'Your last words must not be said here: "{sentence}" {note} Tell the customer plainly that you '
    "should not have said it, and do not repeat it."
)


def is_checked(conversation: Conversation) -> bool:
    """`doubt` found nothing in all that this turn has said: there is nothing to correct."""
    return _doubted(conversation) is None


def doubt(desk: "Desk", conversation: Conversation) -> ClaimDoubted | None:
    """What to tell the model when this turn's words claim too much; once a turn."""
    if _doubted(conversation):
        return None
    found = _unbacked(desk, conversation, _said(conversation))
    broken = _forbidden(desk, conversation, _said(conversation))
    if not found and not broken:
        return None
    notes = [FORBIDDEN.format(sentence=one.sentence, note=one.taboo.note) for one in broken]
    if found:
        sentences = " ".join(f'"{doubt.sentence}"' for doubt in found)
        notes.insert(0, NOTE.format(sentences=sentences))
    kinds = [doubt.kind for doubt in found] + [f"never_say {one.taboo.name}" for one in broken]
    return ClaimDoubted(note="\n".join(notes), kinds=tuple(dict.fromkeys(kinds)))


def correction(desk: "Desk", conversation: Conversation) -> str:
    """The engine's own words that take back what the customer read; empty when all of it holds."""
    language = conversation.business.language
    said = _said(conversation)
    if broken := _forbidden(desk, conversation, said):
        return "\n".join(taboos.instead(one.taboo, language) for one in broken)
    if not _unbacked(desk, conversation, said):
        # What was doubted may be true by now, in all that it named; else it was to be taken back.
        stands = _doubted(conversation) and _unbacked(desk, conversation, _all_said(conversation))
        if not stands or claims.denies(_stated(said), language):
            return ""
    return claims.correction(language)


def receipts(desk: "Desk", conversation: Conversation) -> list[str]:
    """What was done, and what waits for a yes, in text, for a channel that shows no cards."""
    channel = desk.plugins.channels.get(conversation.channel)
    if channel is None or channel.cards:
        return []
    tools = desk.tools(conversation.business)
    texts = [
        str(settled.data.get("message", ""))
        for settled in conversation.settled()
        if settled.status in ("done", "needs_confirmation")
        and settled.tool in tools
        and tools[settled.tool].action.changes
    ]
    return [text for text in texts if text and text not in _said(conversation)]


def choices(desk: "Desk", conversation: Conversation) -> str:
    """The digits that answer what this turn asks, for a channel that shows no cards."""
    channel = desk.plugins.channels.get(conversation.channel)
    if channel is None or channel.cards or conversation.handoff():
        return ""
    is_asked = any(
        proposal.asked_in == conversation.turn
        for proposal in gate.open_proposals(conversation).values()
    )
    return words.choices(conversation.business) if is_asked else ""


def _unbacked(desk: "Desk", conversation: Conversation, said: str) -> list[claims.Doubt]:
    started = conversation.started()
    return claims.unbacked(
        _without_outcomes(conversation, said),
        claims=desk.claims(conversation.business),
        commitments=conversation.state.commitments,
        fresh=_fresh(desk, conversation),
        failed=_failed(desk, conversation),
        asked="\n".join(message.text for _, message in conversation.asked()),
        situation=started.situation if started else "",
        language=conversation.business.language,
        today=desk.now(conversation.business).date(),
    )


def _forbidden(desk: "Desk", conversation: Conversation, said: str) -> list[taboos.Broken]:
    known = desk.taboos(conversation.business)
    return taboos.find(said, conversation.business.language, known)


def _without_outcomes(conversation: Conversation, said: str) -> str:
    """Without what actions told of this turn, word for word ("This booking was moved as often as is
    possible"): that is no claim of the model's. A read-back says what is not done yet, so it stays."""
    for settled in conversation.settled():
        message = str(settled.data.get("message", ""))
        if settled.status in ("done", "failed") and len(message) >= WHOLE:
            said = said.replace(_JOINT.sub(" ", message), "\n")
    return said


def _said(conversation: Conversation) -> str:
    """What the customer read in this turn since it was last doubted."""
    texts: list[str] = []
    for event in conversation.of_turn():
        if isinstance(event, ClaimDoubted):
            texts = []
        elif isinstance(event, ModelSaid) and event.text:
            texts.append(event.text)
    # A reply that was cut and continued may lack the space between two sentences.
    return _JOINT.sub(" ", "\n\n".join([*texts, conversation.text]))


def _all_said(conversation: Conversation) -> str:
    return _JOINT.sub(" ", "\n\n".join([*conversation.shown(), conversation.text]))


def _stated(text: str) -> str:
    """The beginning of a reply without its questions: who asks whether to do it has not taken back
    that it is done, and who takes it back begins with that."""
    sentences = _SENTENCE.findall(text[:BEGINNING])
    return " ".join(sentence for sentence in sentences if not sentence.rstrip().endswith("?"))


def _doubted(conversation: Conversation) -> ClaimDoubted | None:
    return next((e for e in conversation.of_turn() if isinstance(e, ClaimDoubted)), None)


def _fresh(desk: "Desk", conversation: Conversation) -> set[str]:
    """The kinds that outcomes of this turn committed. "any" is there when anything was changed."""
    tools = desk.tools(conversation.business)
    kinds: set[str] = set()
    for settled in conversation.settled():
        bound = tools.get(settled.tool)
        for commitment in settled.patch.get("commitments", ()):
            kinds |= set(commitment["kinds"])
        if settled.status == "done" and bound is not None and bound.action.changes:
            kinds.add("any")
    return kinds | _unguarded(desk, conversation)


def _unguarded(desk: "Desk", conversation: Conversation) -> set[str]:
    """The kinds that no action here tells of, when one was carried out that does not tell what it
    makes true: it may have been that."""
    tools = desk.tools(conversation.business)
    silent = {
        name for name, bound in tools.items() if bound.action.changes and not bound.action.claims
    }
    events = [stored.event for stored in conversation.events] + conversation.added
    if not any(
        isinstance(event, CallSettled)
        and event.status == "done"
        and event.tool in silent
        and not event.patch.get("commitments")
        for event in events
    ):
        return set()
    told = {claim.kind for bound in tools.values() for claim in bound.action.claims}
    return {claim.kind for claim in desk.claims(conversation.business)} - told


def _failed(desk: "Desk", conversation: Conversation) -> set[str]:
    """The kinds whose action was tried in this turn without success."""
    tools = desk.tools(conversation.business)
    kinds: set[str] = set()
    for settled in conversation.settled():
        bound = tools.get(settled.tool)
        if bound is not None and settled.status != "done":
            kinds |= {claim.kind for claim in bound.action.claims}
    return kinds - _fresh(desk, conversation)
