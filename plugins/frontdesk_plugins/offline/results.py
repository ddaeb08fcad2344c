"""What to do with the results of our calls."""

from frontdesk.model import ToolResult, ToolUse
from frontdesk.tools import Tool
from frontdesk_plugins.offline import choices, filling, intents, outcomes, steps, wishes
from frontdesk_plugins.offline.outcomes import Outcome
from frontdesk_plugins.offline.questions import label, read_back, sentence
from frontdesk_plugins.offline.slots import Slot, as_dict, slots_of
from frontdesk_plugins.offline.state import Talk


def take(talk: Talk, results: list[ToolResult]) -> None:
    purpose, talk.state.purpose = talk.state.purpose, ""
    for result in results:
        outcome = outcomes.parse(result.text, is_error=result.is_error)
        tool = _called(talk, result.call_id)
        if purpose == "check" and tool and talk.tool:
            _checked(talk, tool, outcome)
        elif purpose == "do" and talk.tool:
            _done(talk, talk.tool, outcome)
        else:
            # A call of another model that broke off: its result is for the customer all the same.
            _tell(talk, outcome)


def _called(talk: Talk, call_id: str) -> Tool | None:
    for message in reversed(talk.request.messages):
        for block in message.blocks:
            if isinstance(block, ToolUse) and block.call.id == call_id:
                return talk.tools.get(block.call.name)
    return None


def _tell(talk: Talk, outcome: Outcome) -> None:
    text = outcomes.words(outcome, talk.request.business, talk.state.topic)
    if outcome.is_error:
        talk.say(text if outcome.message else "Sorry, that did not work.")
    else:
        talk.say(text or "That is done.")


def _checked(talk: Talk, check: Tool, outcome: Outcome) -> None:
    """The answer to our own question whether the customer's wish is possible."""
    names = {slot.name for slot in slots_of(check)}
    if outcome.problems:
        filling.mark_checked(talk, names, free=True)
        _reopen(talk, outcome)
        return
    free, first = _is_free(talk, outcome), not talk.state.checked
    filling.mark_checked(talk, names, free=free)
    if free:
        if outcome.available and first:
            talk.say("That is available.")
        filling.advance(talk)
        return
    _refused(talk, outcome)


def _is_free(talk: Talk, outcome: Outcome) -> bool:
    """Unknown forms of answers count as free: the tool itself has the last word."""
    if outcome.is_error:
        return False
    if outcome.available is not None:
        return outcome.available
    if not outcome.alternatives:
        return True
    offered = choices.alternatives(talk, outcome.alternatives, talk.slots)
    filled = talk.state.filled
    return not offered or any(
        all(filled.get(key) == value for key, value in one.fields.items()) for one in offered
    )


def _refused(talk: Talk, outcome: Outcome) -> None:
    """Not possible: say why, and offer what is."""
    offered = choices.alternatives(talk, outcome.alternatives, talk.slots)
    why = sentence(outcome.message) or "Sorry, that is not available."
    if offered:
        choices.offer(talk, offered, f"{why} Would one of these suit you?")
        talk.state.asked = ""
        return
    talk.say(why)
    filling.advance(talk)


def _done(talk: Talk, tool: Tool, outcome: Outcome) -> None:
    if outcome.problems:
        _reopen(talk, outcome)
    elif outcome.is_error:
        _failed(talk, tool, outcome)
    elif outcome.awaits_yes:
        talk.state.stage = "confirm"
        talk.say(sentence(outcome.message) or read_back(talk, tool))
    elif outcome.available is not None and not tool.confirm and _follow_up(talk, tool):
        _offer_next(talk, tool, outcome)
    else:
        _finish(talk, tool, outcome)


def _reopen(talk: Talk, outcome: Outcome) -> None:
    """Ask again for the fields that the tool complained about."""
    for name, problem in outcome.problems.items():
        slot = talk.slot(name)
        talk.state.filled.pop(name, None)
        if slot and slot.required:
            talk.troubles[name] = f"That does not fit: {sentence(problem)}"
    if not talk.troubles:
        talk.say("Sorry, that did not work.")
        talk.end()
        return
    filling.advance(talk)


def _failed(talk: Talk, tool: Tool, outcome: Outcome) -> None:
    required = [slot for slot in talk.slots if slot.required]
    why = sentence(outcome.message) or "Sorry, that did not work."
    if outcome.alternatives:
        names = {s.name for s in required if s.kind not in {"name", "phone", "email", "text"}}
        filling.mark_checked(talk, names, free=False)
        _refused(talk, outcome)
    elif proof := _proof(talk, why):
        talk.say(why)
        filling.ask(talk, proof)
    elif len(required) == 1:
        talk.state.filled.pop(required[0].name, None)
        talk.state.known.pop(required[0].name, None)
        talk.say(why)
        filling.ask(talk, required[0])
    elif required:
        talk.state.stage, talk.state.asked = "change", ""
        talk.say(f'{why} What should I change? Or say "stop" to leave it.')
    else:
        talk.say(why)
        talk.end()
        _resume(talk)


def _proof(talk: Talk, why: str) -> Slot | None:
    """A field that may stay open, and that the refusal asks for: the name on the booking."""
    said = set(intents.stems(why, keep=True))
    for slot in talk.slots:
        named = {intents.stem(word) for word in (slot.kind, *label(slot).lower().split())}
        is_open = not slot.required and slot.name not in talk.state.filled
        if is_open and slot.kind in {"name", "phone", "email"} and said & named:
            return slot
    return None


def _finish(talk: Talk, tool: Tool, outcome: Outcome) -> None:
    """Done, as the result says. References are kept: the next request may be about them."""
    _tell(talk, outcome)
    codes = {
        slot.name
        for tool in talk.usable
        for slot in slots_of(tool)
        if slot.kind in {"code", "pattern"}
    }
    data = as_dict(outcome.data)
    talk.state.known |= {k: v for k, v in data.items() if k in codes and isinstance(v, str)}
    if "cancel" in intents.about(tool):
        talk.state.known = {k: v for k, v in talk.state.known.items() if k not in codes}
        talk.state.done = ""
    elif wishes.makes_bookings(tool):
        talk.state.done = tool.name
    talk.end()
    _resume(talk)


def _resume(talk: Talk) -> None:
    """Back to the task that a question interrupted."""
    if talk.tool or talk.state.choices:
        steps.repeat(talk)


def _follow_up(talk: Talk, check: Tool) -> Tool | None:
    """The tool for which this one checks."""
    needed = {slot.name for slot in talk.slots if slot.required}
    for tool in talk.usable:
        if tool.confirm and needed and needed <= {slot.name for slot in slots_of(tool)}:
            return tool
    return None


def _offer_next(talk: Talk, check: Tool, outcome: Outcome) -> None:
    """ "It is free: shall I book it?" """
    following = _follow_up(talk, check)
    assert following is not None
    state = talk.state
    known = choices.carried(talk, following.name)
    names = {slot.name for slot in talk.slots}
    state.tool, state.filled, state.asked, state.stage = following.name, known, "", "offer"
    filling.mark_checked(talk, names, free=bool(outcome.available))
    if not outcome.available:
        _refused(talk, outcome)
        return
    offered = choices.alternatives(talk, outcome.alternatives, talk.slots)
    if len(offered) > 1:
        choices.offer(talk, offered, "These are free. Which one would you like?")
        return
    text = sentence(outcome.message) or "Good news: that is available."
    talk.say(f"{text} Shall I book it for you?")
