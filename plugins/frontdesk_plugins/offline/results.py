"""What to do with the results of calls: ours, and those that a button made."""

from typing import Any

from msgspec.structs import replace

from frontdesk.model import ToolCall, ToolResult, ToolUse
from frontdesk.tools import Tool
from frontdesk_plugins.offline import (
    basket,
    filling,
    flow,
    gate,
    intents,
    lookups,
    manners,
    moments,
    needs,
    offers,
    outcomes,
    refusals,
    roles,
    staff,
    tongues,
    wishes,
)
from frontdesk_plugins.offline.aims import aims
from frontdesk_plugins.offline.outcomes import Outcome
from frontdesk_plugins.offline.questions import sentence, summary
from frontdesk_plugins.offline.slots import as_dict, slots_of
from frontdesk_plugins.offline.state import Talk, Task


def take(talk: Talk, results: list[ToolResult]) -> None:
    state = talk.state
    purpose, state.purpose = state.purpose, ""
    running, state.running = state.running, []
    parsed = [outcomes.parse(result.text, is_error=result.is_error) for result in results]
    if purpose == "check" and talk.tool and len(parsed) == 1:
        check = talk.tools.get(running[0].tool) if running else None
        _checked(talk, check or talk.tool, parsed[0])
    elif purpose == "empty":
        basket.emptied(talk, parsed)
    elif purpose == "do" and len(parsed) == len(running) == 1 and talk.tool:
        _done(talk, talk.tool, parsed[0])
    elif purpose == "do" and len(parsed) == len(running):
        _all_done(talk, running, parsed)
    else:
        # A call that a button made, or another model before it broke off.
        for result, outcome in zip(results, parsed, strict=True):
            _foreign(talk, _called(talk, result.call_id), outcome)


def tell(talk: Talk, results: list[ToolResult]) -> None:
    """What became of calls that the engine made after ours."""
    for result in results:
        _tell(talk, outcomes.parse(result.text, is_error=result.is_error))


def _called(talk: Talk, call_id: str) -> ToolCall | None:
    for message in reversed(talk.request.messages):
        for block in message.blocks:
            if isinstance(block, ToolUse) and block.call.id == call_id:
                return block.call
    return None


def _foreign(talk: Talk, call: ToolCall | None, outcome: Outcome) -> None:
    """The customer pressed a button: the task that it belongs to goes on as after our own call."""
    tool = talk.tools.get(call.name) if call else None
    if call is None or tool is None or not tool.confirm:
        _tell(talk, outcome)
        return
    if talk.state.tool != tool.name:
        paused = talk.state.paused
        talk.state = talk.state.kept()
        talk.state.paused = paused if paused.get("tool") != tool.name else {}
        talk.state.tool = tool.name
    talk.state.filled = _read(tool, call.arguments)
    _done(talk, tool, outcome)


def _read(tool: Tool, arguments: dict[str, Any]) -> dict[str, Any]:
    """Arguments as fields; times are kept as HH:MM."""
    kinds = {slot.name: slot.kind for slot in slots_of(tool)}
    return {k: v[:5] if kinds.get(k) == "time" else v for k, v in arguments.items() if k in kinds}


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
        refusals.reopen(talk, outcome)
        return
    if talk.tool and (slot := needs.field(talk.tool, outcome)):
        needs.ask(talk, needs.task(talk, Task(talk.tool.name, talk.state.filled), slot, outcome))
        return
    free, first = offers.is_free(talk, outcome), not talk.state.checked
    filling.mark_checked(talk, names, free=free)
    if free:
        noted, place = summary(talk), len(talk.said)
        filling.advance(talk)
        if outcome.available and first and not talk.calls:  # else a read-back says it all
            talk.said.insert(place, f"That is available: {noted}.")
        return
    offers.unavailable(talk, outcome)


# ---- what was to be done ---------------------------------------------------------------------


def _done(talk: Talk, tool: Tool, outcome: Outcome) -> None:
    near = outcomes.near(outcome, talk.state.topic) if roles.searches(tool) else outcome
    if outcome.awaits_yes:
        gate.ask(talk, tool, outcome)
    elif outcome.problems:
        refusals.reopen(talk, outcome)
    elif outcome.refused and tool.confirm:
        gate.ask_plainly(talk, tool)
    elif roles.searches(tool) and outcome.is_nothing:
        _not_found(talk, outcome)
    elif near is None:
        _not_found(talk, replace(outcome, message=""))
    elif outcome.is_error:
        refusals.failed(talk, tool, outcome)
    elif slot := needs.field(tool, outcome):
        needs.ask(talk, needs.task(talk, Task(tool.name, talk.state.filled), slot, outcome))
    elif outcome.available is not None and not roles.acts(tool) and offers.follow_up(talk):
        offers.offer_next(talk, outcome)
    else:
        _finish(talk, tool, near)


def _all_done(talk: Talk, running: list[Task], results: list[Outcome]) -> None:
    """Several calls of one message: every result is told, what is missing is asked afterwards."""
    paused, told = talk.state.paused, list[str]()
    for task, outcome in zip(running, results, strict=True):
        tool = talk.tools[task.tool]
        slot = needs.field(tool, outcome)
        if slot:
            talk.state.waiting.append(_named(tool, needs.task(talk, task, slot, outcome)))
        elif outcome.is_error:
            told.append(sentence(outcome.message) or "Sorry, that did not work.")
        else:
            told = [line.splitlines()[0] for line in told]  # the last one has the whole order
            told.append(outcomes.words(outcome, talk.request.business) or "That is done.")
            basket.added(talk, tool, task.filled, outcome)
    waiting = talk.state.waiting
    talk.state = talk.state.kept()
    talk.state.waiting, talk.state.paused = waiting, paused
    for text in told:
        talk.say(text)
    flow.end(talk, building=True)


def _named(tool: Tool, task: Task) -> Task:
    """A question that says which of several things it is about."""
    item = roles.item_slot(tool)
    said = task.filled.get(item.name) if item else None
    return replace(task, why=f'For "{said}": {task.why}') if said else task


def _not_found(talk: Talk, outcome: Outcome) -> None:
    why = talk.state.why or sentence(outcome.message)
    if lookups.go_on(talk, why):
        return
    asked, is_limited = talk.state.topic, len(talk.state.filled) > 1
    talk.end()
    if tongues.foreign(asked):
        manners.miss(talk)
    elif why and (is_limited or intents.is_question(asked) or aims(asked)):
        talk.say(why)
    else:
        manners.miss(talk)
    if talk.state.stage != "offer":
        flow.resume(talk)


def _remember(talk: Talk, tool: Tool) -> None:
    """The booking as it is now."""
    made, kept = talk.state.made, {"date", "time", "integer", "enum", "name", "phone", "email"}
    filled = {s.name: talk.state.filled[s.name] for s in talk.slots
              if s.name in talk.state.filled and (s.required or s.kind in kept)}  # fmt: skip
    if not any(role.deed == "change" for role in roles.roles(tool)):
        talk.state.made = Task(tool.name, filled)
    elif made:
        new = {name: value for name, value in filled.items() if name in made.filled}
        talk.state.made = Task(made.tool, made.filled | new)


def _finish(talk: Talk, tool: Tool, outcome: Outcome) -> None:
    """Done, as the result says. References are kept: the next request may be about them."""
    _tell(talk, outcome)
    state = talk.state
    state.misses, state.last = 0, "" if roles.acts(tool) else tool.name
    told = moments.day_told(tool)
    state.last_day = str(state.filled.get(told.name, "")) if told else ""
    codes = {
        slot.name
        for tool in talk.usable
        for slot in slots_of(tool)
        if slot.kind in {"code", "pattern"}
    }
    data = as_dict(outcome.data)
    state.known |= {k: v for k, v in data.items() if k in codes and isinstance(v, str)}
    if any(role.deed == "cancel" for role in roles.roles(tool)):
        state.known = {k: v for k, v in state.known.items() if k not in codes}
        state.done = ""
    elif wishes.makes_bookings(tool):
        state.done = tool.name
        _remember(talk, tool)
    if roles.builds(tool):
        basket.added(talk, tool, state.filled, outcome)
    elif basket.ends(tool):
        basket.ended(talk)
    fetched = roles.PERSON in roles.roles(tool) and staff.message_tool(talk) is not None
    paused = state.paused if fetched else {}
    if fetched:
        state.paused = {}  # it waits for the message too: two questions at once cannot be answered
    talk.end()
    flow.end(talk, building=roles.builds(tool))
    if fetched and not talk.state.tool:
        staff.offer_message(talk)
        talk.state.paused = paused
