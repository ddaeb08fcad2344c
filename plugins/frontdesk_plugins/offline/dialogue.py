"""The dialogue: what to do with what the customer says."""

from frontdesk.model import ModelRequest, Text, ToolResult, ToolUse
from frontdesk_plugins.offline import (
    answers,
    basket,
    choices,
    corrections,
    digits,
    filling,
    flow,
    gate,
    intents,
    manners,
    menus,
    misses,
    openings,
    pending,
    results,
    roles,
    staff,
    steps,
    tasks,
    tongues,
    wishes,
)
from frontdesk_plugins.offline.formats import join
from frontdesk_plugins.offline.questions import shown
from frontdesk_plugins.offline.reading import is_correction, lower, tidy
from frontdesk_plugins.offline.state import Talk


def respond(request: ModelRequest) -> Talk:
    """One reply: text, calls and the state after it."""
    talk = Talk(request)
    said, outcomes = newest(request)
    if ours := before_engine(request) if outcomes else []:
        results.take(talk, ours)
        results.tell(talk, outcomes)
    elif outcomes:
        results.take(talk, outcomes)
    if said:
        hear(talk, said)
        talk.state.ordered_last = False
    elif not outcomes:
        # Nobody spoke: the engine doubts our last words.
        talk.say("To be clear: nothing is done yet." if not talk.is_new else "")
        steps.proceed(talk)
    if talk.calls:
        talk.state.held, talk.said = talk.said, []
        return talk
    if not talk.said:
        manners.miss(talk)
    staff.expect_answer(talk)
    if talk.said[0] == manners.HELLO:  # no paragraph of its own
        talk.said[:2] = [" ".join(talk.said[:2])]
    return talk


def before_engine(request: ModelRequest) -> list[ToolResult]:
    """The outcomes of our own calls, when the engine added a call of its own after them: that message
    is nothing but the call, without a state of ours."""
    *earlier, ours, engine, _ = [None, None, None, *request.messages][-4:]
    if engine is None or ours is None or earlier[-1] is None:
        return []
    is_engines = all(isinstance(block, ToolUse) for block in engine.blocks)
    is_ours = ours.role == "user" and all(isinstance(b, ToolResult) for b in ours.blocks)
    return [b for b in ours.blocks if isinstance(b, ToolResult)] if is_engines and is_ours else []


def newest(request: ModelRequest) -> tuple[str, list[ToolResult]]:
    """What came after the desk's last message."""
    texts: list[str] = []
    outcomes: list[ToolResult] = []
    for message in reversed(request.messages):
        if message.role == "assistant":
            break
        texts[:0] = [block.text for block in message.blocks if isinstance(block, Text)]
        outcomes[:0] = [block for block in message.blocks if isinstance(block, ToolResult)]
    return "\n".join(texts), outcomes


def hear(talk: Talk, text: str) -> None:
    state = talk.state
    if digits.declines(talk):
        if state.stage == "confirm" and not digits.declines_notice(talk):
            _decided(talk, agreed=False)
        else:
            digits.change(talk)
        return
    if manners.asks_again(text):
        if state.stage == "confirm":
            steps.repeat(talk)
            return
        if manners.repeat(talk):
            return
    if basket.refuses(talk, text):
        if state.tool or state.choices:
            steps.repeat(talk)
        return
    if not state.tool and not state.choices:
        openings.begin(talk, text)
        _go_on(talk)
        return
    state.topic = text[:300]
    if basket.cancels(talk, text) or _settled(talk, text):
        return
    if pending.hear(talk, text) or menus.aside(talk, text):
        return
    if state.choices and choices.pick(talk, text):
        _picked(talk, text)
    elif openings.detour(talk, text) or _dictated(talk, text):
        return
    elif not (_answered(talk, text) or openings.again(talk, text)):
        _misunderstood(talk, text)


def _dictated(talk: Talk, text: str) -> bool:
    """The message itself, where it was asked whether there is one."""
    if not staff.takes_message(talk) or intents.is_question(text) or manners.reply(talk, text):
        return False
    assert talk.tool is not None
    tasks.start(talk, talk.tool, text)
    return True


def _go_on(talk: Talk) -> None:
    """The next wish of the same message, when the one before needed no call and no question."""
    if talk.state.later and not (talk.calls or talk.state.tool or talk.state.choices):
        flow.resume(talk)
        _go_on(talk)


def _picked(talk: Talk, text: str) -> None:
    """What else the message says counts too: "the second one, my name is Zoe"."""
    if talk.state.filled or not talk.tool:
        filling.fill(talk, text, only_new=True)
        steps.proceed(talk)
    else:
        tasks.start(talk, talk.tool, "")


def _settled(talk: Talk, text: str) -> bool:
    """A plain yes, no or stop, where it means something."""
    state = talk.state
    answer = gate.agrees(talk, text) if state.stage == "confirm" else intents.yes_or_no(text)
    if _leaves(talk, text, answer):
        drop(talk)
    elif state.stage == "change" and answer is False:
        state.stage = "leave"
        steps.repeat(talk)
    elif state.stage == "leave" and answer is False:
        state.stage = ""
        steps.proceed(talk)
    elif state.stage == "confirm" and answer is not None:
        _decided(talk, agreed=answer)
    elif state.stage == "offer" and answer:
        steps.proceed(talk)
    elif state.stage == "pick" and answer is False:
        _none_of_these(talk)
    elif state.stage == "pick" and answer and len(state.choices) > 1:
        choices.offer(talk, state.choices, "Which one?")
    else:
        return False
    return True


def _leaves(talk: Talk, text: str, answer: bool | None) -> bool:
    """The task is to be left: a stop, or the answer that means it."""
    stage, tool = talk.state.stage, talk.tool
    if (stage, answer) in {("offer", False), ("leave", True)}:
        return True
    if stage == "confirm" and answer is True:
        return False
    if wishes.gives_up(talk, text):
        wishes.decline(talk, "cancel", text)
        return True
    if wishes.drops_draft(talk, text):
        return True
    # "Cancel it" where the question is whether to cancel.
    asks = stage in {"offer", "change", "leave"} and tool and "cancel" in intents.about(tool)
    return intents.is_stop(text) and not (asks and "cancel" in intents.stems(text))


def _decided(talk: Talk, *, agreed: bool) -> None:
    """The answer to the read-back: only a clear yes leads to the call."""
    if agreed and talk.tool:
        filling.carry_out(talk, talk.tool, agreed=True)
        return
    talk.state.stage, talk.state.asked, talk.state.proposed = "change", "", {}
    talk.say(
        'All right, I have not done it. What should I change? Or say "never mind" to leave it.'
    )


def _none_of_these(talk: Talk) -> None:
    state = talk.state
    names = [name for choice in state.choices for name in choice.fields]
    state.choices, state.stage = [], "change"
    fields = [slot for slot in talk.slots if slot.name in dict.fromkeys(names)]
    for slot in fields:
        state.maybe.pop(slot.name, None)
    if not state.tool or (talk.tool and roles.item_slot(talk.tool)):
        drop(talk)
    elif len(fields) == 1:
        state.filled.pop(fields[0].name, None)
        filling.ask(talk, fields[0])
    else:
        talk.say("All right. Which other date or time would suit you?")


def drop(talk: Talk) -> None:
    """Leave the task; nothing was done. What waited for it goes on."""
    state = talk.state
    what = "booked" if wishes.is_making(talk) else "changed"
    done = f"All right, I leave it: nothing was {what}." if state.tool else "All right."
    state.filled = {}
    talk.end()
    if talk.state.tool or talk.state.choices or talk.state.waiting or talk.state.later:
        talk.say(done)
        flow.resume(talk)
    else:
        talk.say(f"{done} Is there anything else I can do?")


def _answered(talk: Talk, text: str) -> bool:
    """Understand the message as values for the fields."""
    state = talk.state
    known, before = set(state.filled), (dict(state.filled), dict(state.maybe))
    asked = talk.slot(state.asked)
    if asked and asked.kind == "name" and tongues.foreign(text, in_names=True):
        return False
    if state.stage in {"change", "confirm"} and corrections.count_or_hour(talk, text):
        return True
    if filling.fill(talk, text):
        state.misses = state.misses + 1 if before == (state.filled, state.maybe) else 0
        _note(talk, known)
        steps.proceed(talk)
        if state is talk.state and state.stage == "ask" and state.misses > 1:
            talk.say(misses.way_out(talk))
        return True
    if state.stage in {"change", "confirm"} or is_correction(lower(tidy(text))):
        named = corrections.named_field(talk, text)
        if named:
            state.filled.pop(named.name, None)
            filling.ask(talk, named)
            return True
    return False


def _note(talk: Talk, known: set[str]) -> None:
    """Say what was taken from an answer to another question than the one that comes again."""
    state = talk.state
    new = [slot for slot in talk.slots if slot.name in state.filled and slot.name not in known]
    if (
        new
        and state.stage == "ask"
        and state.asked in {one.name for one in filling.open_slots(talk)}
    ):
        talk.say(
            f"Noted: {join([shown(one, state.filled[one.name], talk.context) for one in new])}."
        )


def _misunderstood(talk: Talk, text: str) -> None:
    small = manners.reply(talk, text)
    if manners.is_nothing(text):
        small = ""
    elif small and not manners.is_greeting(text):
        talk.say(small)
    elif staff.wants_person(text):
        talk.say(manners.no_person(talk))
    else:
        found = answers.direct(text, talk.context) if intents.is_question(text) else ""
        if found:
            talk.say(found)
        elif misses.sorry(talk):
            return
    if talk.state.tool or talk.state.choices:
        steps.repeat(talk)
