"""The start of a task, and questions in between."""

import re
from typing import Any

import msgspec

from frontdesk.model import Text, ToolUse
from frontdesk.tools import Tool
from frontdesk_plugins.offline import (
    answers,
    filling,
    intents,
    manners,
    names,
    reader,
    steps,
    wishes,
    words,
)
from frontdesk_plugins.offline.choices import carried, offer
from frontdesk_plugins.offline.questions import summary
from frontdesk_plugins.offline.reading import any_of, is_correction, lower, tidy
from frontdesk_plugins.offline.slots import slots_of
from frontdesk_plugins.offline.state import Choice, Talk


def begin(talk: Talk, text: str) -> None:
    """A message outside of any task."""
    small = manners.reply(talk, text)
    if small:
        talk.say(small)
        return
    if _of_existing(talk, text):
        return
    ranked = intents.rank(text, talk.usable)
    score = ranked[0][0] if ranked else 0.0
    known, reply = answers.known(text, talk.request.business)
    if known >= answers.ENOUGH and known > score:
        talk.say(reply)
    elif score >= intents.ENOUGH:
        _choose(talk, text, ranked)
    else:
        _otherwise(talk, text)


def _of_existing(talk: Talk, text: str) -> bool:
    """A wish about a booking that exists: its tool, the profile's answer, or an honest no."""
    wanted = wishes.wish(talk, text)
    if not wanted:
        return False
    tool = wishes.tool_for(talk, wanted, text)
    reply = "" if tool else wishes.from_profile(talk, wanted, text)
    if tool:
        start(talk, tool, text)
    elif reply:
        talk.say(reply)
    else:
        wishes.decline(talk, wanted, text)
    return True


def _choose(talk: Talk, text: str, ranked: list[tuple[float, str]]) -> None:
    """The best tool, or a question when several fit equally."""
    best = ranked[0][0]
    equal = [name for score, name in ranked if best - score < intents.TIE]
    if len(equal) > 1:
        equal = _by_values(talk, text, equal)
    if len(equal) == 1 or _are_one_task(talk, equal):
        start(talk, talk.tools[_main(talk, equal)], text)
        return
    options = [Choice(_example(talk.tools[name]), tool=name) for name in equal[:4]]
    offer(talk, options, "I am not sure which of these you want:")


def _example(tool: Tool) -> str:
    return tool.examples[0] if tool.examples else tool.name.replace("_", " ")


def _by_values(talk: Talk, text: str, names: list[str]) -> list[str]:
    """Of equal tools those that can use the most of what the message says."""
    use = {name: len(reader.read(text, slots_of(talk.tools[name]), talk.context)) for name in names}
    return [name for name in names if use[name] == max(use.values())]


def _are_one_task(talk: Talk, names: list[str]) -> bool:
    """A tool and the one that checks its availability ask the customer for the same things."""
    main = talk.tools[_main(talk, names)]
    fields = {slot.name for slot in slots_of(main)}
    return main.confirm and all(
        {slot.name for slot in slots_of(talk.tools[name]) if slot.required} <= fields
        and (name == main.name or not talk.tools[name].confirm)
        for name in names
    )


def _main(talk: Talk, names: list[str]) -> str:
    return max(names, key=lambda name: (talk.tools[name].confirm, -names.index(name)))


def start(talk: Talk, tool: Tool, text: str) -> None:
    if talk.is_new and manners.is_greeting(text):
        talk.say("Hello!")
    open_task(talk, tool, text, carried(talk, tool.name))
    filling.narrow(talk)
    noted = summary(talk)
    if noted and tool.confirm and filling.open_slots(talk):
        talk.say(f"Noted so far: {noted}.")
    filling.advance(talk)


def open_task(talk: Talk, tool: Tool, text: str, known: dict[str, Any] | None = None) -> None:
    """Start a task with what the first message says, and with what was known before."""
    state = talk.state
    state.tool, state.stage, state.asked, state.misses = tool.name, "", "", 0
    state.filled, state.maybe, state.choices = {}, {}, []
    filling.fill(talk, text)
    said = state.filled.keys() | state.maybe.keys() | talk.troubles.keys()
    others = {n for n in said if n in state.known and state.known[n] != state.filled.get(n)}
    for slot in talk.slots:
        # Somebody else's name does not go with the reference of one's own booking.
        foreign = others and slot.kind in {"code", "pattern"}
        if known and slot.name in known and slot.name not in said and not foreign:
            state.filled[slot.name] = known[slot.name]
    for slot in filling.open_slots(talk):
        if slot.kind == "query" and text:
            state.filled[slot.name] = tidy(text)[:500]


def _otherwise(talk: Talk, text: str) -> None:
    """No tool was named: our own answers, bare values, or what was said before we came in."""
    if manners.wants_person(text):
        talk.say(manners.no_person(talk))
        return
    direct = answers.direct(text, talk.context)
    if direct:
        talk.say(direct)
        return
    tool = _by_bare_values(talk, text)
    if tool:
        start(talk, tool, text)
    elif not (talk.is_new and _pick_up(talk, text)):
        talk.say(manners.unknown(talk))


def _by_bare_values(talk: Talk, text: str) -> Tool | None:
    """ "4 people tomorrow at 7": the tool that asks for most of it."""
    use = {tool.name: len(reader.read(text, slots_of(tool), talk.context)) for tool in talk.usable}
    most = max(use.values(), default=0)
    if most < 2:
        return None
    names = [name for name, count in use.items() if count == most]
    if len(names) == 1 or _are_one_task(talk, names):
        return talk.tools[_main(talk, names)]
    return None


def _pick_up(talk: Talk, text: str) -> bool:
    """Go on where another model stopped: the task and its values from the customer's last words."""
    said = _earlier(talk)
    for n in range(len(said) - 1, -1, -1):
        ranked = intents.rank(said[n], talk.usable)
        if ranked and ranked[0][0] >= intents.CLEAR:
            tool = talk.tools[ranked[0][1]]
            open_task(talk, tool, said[n])
            for later in [*said[n + 1 :], text]:
                _expect(talk)
                filling.fill(talk, later)
            talk.said.clear()
            talk.say(
                "Let me go on with that."
                + (f" Noted so far: {summary(talk)}." if summary(talk) else "")
            )
            filling.advance(talk)
            return True
    return False


def _expect(talk: Talk) -> None:
    """The field that is the likely subject of the next words."""
    missing = [s for s in talk.slots if s.required and s.name not in talk.state.filled]
    talk.state.asked = (
        missing[0].name if missing and missing[0].kind not in {"text", "list"} else ""
    )


def _earlier(talk: Talk) -> list[str]:
    """The customer's last messages before the newest, back to the last call that was made."""
    messages = list(talk.request.messages)
    while messages and messages[-1].role == "user":
        messages.pop()
    said: list[str] = []
    for message in reversed(messages):
        if any(isinstance(block, ToolUse) for block in message.blocks) or len(said) >= 6:
            break
        if message.role == "user":
            said += [block.text for block in message.blocks if isinstance(block, Text)]
    return said[::-1]


def detour(talk: Talk, text: str) -> bool:
    """A question or another wish while we wait for an answer."""
    small = manners.reply(talk, text)
    if small and not manners.is_greeting(text) and talk.state.stage != "confirm":
        return False
    if _is_name(talk, text):
        return False
    wanted = wishes.wish(talk, text)
    tool = wishes.tool_for(talk, wanted, text) if wanted else None
    if wanted and not tool and not (wanted == "change" and wishes.is_draft(talk)):
        wishes.decline(talk, wanted, text)
        steps.repeat(talk)
        return True
    tool = tool if tool and wanted == "find" else _other_tool(talk, text)
    if tool and tool.name != talk.state.tool:
        _turn_to(talk, tool, text)
        return True
    if not intents.is_question(text):
        return False
    score, reply = answers.known(text, talk.request.business)
    if score < answers.ENOUGH:
        return False
    talk.say(reply)
    steps.repeat(talk)
    return True


def _is_name(talk: Talk, text: str) -> bool:
    """ "Cora Cancel" in answer to "what name?"."""
    slot = talk.slot(talk.state.asked)
    if talk.state.stage != "ask" or not slot or slot.kind != "name":
        return False
    plain = tidy(text)
    known = frozenset[str]().union(*[intents.about(tool) for tool in talk.usable])
    found = names.answer(lower(plain), plain)
    if not found or "?" in plain:
        return False
    said = str(found.values[0]).split()
    return (
        said[0][0].isupper()
        and " ".join(said) in plain
        and intents.stem(lower(said[0])) not in known
    )


def _other_tool(talk: Talk, text: str) -> Tool | None:
    ranked = intents.rank(text, talk.usable)
    if not ranked or ranked[0][0] < intents.CLEAR or ranked[0][1] == talk.state.tool:
        return None
    own = next((score for score, name in ranked if name == talk.state.tool), 0.0)
    tool = talk.tools[ranked[0][1]]
    checks = filling.availability_tool(talk, talk.tool) if talk.tool else None
    if ranked[0][0] < own + 0.15 or (checks and checks.name == tool.name):
        return None
    wish = re.search(rf"\b{any_of(words.WISHES)}\b", lower(tidy(text))) is not None
    return tool if intents.is_question(text) or wish or tool.confirm else None


def again(talk: Talk, text: str) -> bool:
    """The same wish once more, after a no to it: from the start."""
    state, tool = talk.state, talk.tool
    if state.stage not in {"change", "leave", "offer"} or not tool:
        return False
    ranked = intents.rank(text, talk.usable)
    if not ranked or ranked[0][0] < intents.CLEAR or ranked[0][1] != tool.name:
        return False
    if state.stage != "offer" and is_correction(lower(tidy(text))):
        return False
    talk.state = msgspec.structs.replace(state.kept(), topic=state.topic, paused=state.paused)
    start(talk, tool, text)
    return True


def _turn_to(talk: Talk, tool: Tool, text: str) -> None:
    """A tool that only informs is a pause; one that acts replaces the task."""
    state = talk.state
    if not tool.confirm and state.tool and not state.paused:
        paused = msgspec.to_builtins(state)
        talk.state = msgspec.structs.replace(state.kept(), topic=state.topic, paused=paused)
    elif state.tool:
        talk.state = msgspec.structs.replace(state.kept(), topic=state.topic)
        if state.stage != "offer":
            talk.say("All right, I leave the other request.")
    open_task(talk, tool, text, carried(talk, tool.name))
    filling.advance(talk)
