"""An order under way: what is said next may be about its last item, or that it is all."""

import re
from functools import cache
from typing import Any

from frontdesk.tools import Tool
from frontdesk_plugins.offline import filling, goods, intents, lines, portions, reader, tasks
from frontdesk_plugins.offline.aims import aims
from frontdesk_plugins.offline.english import features, wording
from frontdesk_plugins.offline.outcomes import Outcome
from frontdesk_plugins.offline.questions import sentence
from frontdesk_plugins.offline.reading import lower, tidy
from frontdesk_plugins.offline.remainders import counted, remainder
from frontdesk_plugins.offline.roles import (
    ADD,
    CANCEL,
    CHANGE,
    CONFIRM,
    FIND_OFFER,
    REMOVE,
    SHOW,
    builds,
    for_aim,
    item_slot,
    roles,
)
from frontdesk_plugins.offline.slots import Slot, as_dict, as_list, slots_of
from frontdesk_plugins.offline.state import Talk, Task
from frontdesk_plugins.offline.wordings import count_slot

_POLITE = r"(?:(?:no|nope|ok|okay|and|yes|great|perfect|thanks|thank you|please)\b|\W)*"
_LESS = re.compile(
    r"(?:^|[\s,;])(?:[-\u2212]\d{1,4}|minus (?:\d{1,4}|one|two|three|four|five)|0+|zero)"
    r"(?=\s*x?\s+[^\W\d_]|\W*$)"
)
"""Less than one of something."""
_MAY_I = re.compile(r"\W*(?:can|could|may|will) (?:i|we)\b")


@cache
def _only(name: str) -> re.Pattern[str]:
    """The whole of a message is one of these wordings, but for courtesies."""
    lead = r"(?:(?:i'll have|can i (?:get|have)|add)\s+)?"
    return re.compile(rf"{_POLITE}{lead}{wording(name)}{_POLITE}")


def added(talk: Talk, tool: Tool, filled: dict[str, Any], outcome: Outcome) -> None:
    """Remember what "make that two" will be about, and how to take everything out again."""
    state = talk.state
    state.ordered_last = True
    _note_how(talk)
    if ADD in roles(tool) or state.begun is None:
        state.begun = Task(tool.name, dict(filled))
    elif CHANGE in roles(tool):
        names = {slot.name for slot in slots_of(talk.tools[state.begun.tool])}
        state.begun.filled |= {key: value for key, value in filled.items() if key in names}
    removing = next(iter(for_aim(talk.usable, REMOVE)), None)
    marks = [slot.name for slot in slots_of(removing) if slot.kind == "item"] if removing else []
    for value in as_dict(outcome.data).values():
        rows = [as_dict(row) for row in as_list(value)]
        for name in marks:
            if rows and all(isinstance(row.get(name), str) for row in rows):
                state.lines = [{name: row[name]} for row in rows]


def _note_how(talk: Talk) -> None:
    """ "A pizza to take away": what has to be chosen to place the order, chosen early."""
    for slot in _ways(talk):
        found = reader.read(talk.state.topic, [slot], talk.context).get(slot.name)
        if found and len(found.values) == 1:
            talk.state.known[slot.name] = found.values[0]


def _ways(talk: Talk) -> list[Slot]:
    """What has to be chosen to place an order: pick-up or delivery."""
    placing = next(iter(for_aim(talk.usable, CONFIRM)), None)
    slots = slots_of(placing) if placing else ()
    return [slot for slot in slots if slot.required and slot.kind == "enum"]


def ended(talk: Talk) -> None:
    """The order is placed, or given up: nothing of it counts for the next one."""
    state, ways = talk.state, {slot.name for slot in _ways(talk)}
    state.begun, state.lines = None, []
    state.known = {name: value for name, value in state.known.items() if name not in ways}


def cancels(talk: Talk, text: str) -> bool:
    """ "Cancel the order" before it was placed: everything is taken out of it."""
    removing = next(iter(for_aim(talk.usable, REMOVE)), None)
    lines = talk.state.lines
    bare = not talk.state.tool and "bare_cancel" in features(lower(tidy(text)))
    if not bare and aims(text)[:1] != (CANCEL,):
        return False
    if removing is None or not lines or not talk.request.may_call:
        return False
    talk.state = talk.state.kept()
    ended(talk)
    for line in lines:
        talk.call(removing, "empty", line)
    return True


def refuses(talk: Talk, text: str) -> bool:
    """ "-2 margheritas": not to be taken for two."""
    match, state = _LESS.search(lower(tidy(text))), talk.state
    ordering = state.begun or (talk.tool is not None and builds(talk.tool))
    if not match or not (ordering or goods.named(text, goods.goods(talk.request.business).items)):
        return False
    talk.say(
        f"{match[0].strip(' ,')} is not possible: I can only add one or more. "
        'To take something out, please say for example "remove the cola" or "remove two".'
    )
    return True


def emptied(talk: Talk, results: list[Outcome]) -> None:
    """What became of that, in one sentence."""
    wrong = [
        sentence(one.message) or "Sorry, that did not work." for one in results if one.is_error
    ]
    for text in dict.fromkeys(wrong):
        talk.say(text)
    if not wrong:
        talk.say("All right, your order is empty again: nothing will be made or charged.")


def more(talk: Talk) -> None:
    """Ask whether that is all, where something can come of the answer. How to end is said once."""
    state = talk.state
    if state.begun and for_aim(talk.usable, CONFIRM) and not (state.tool or state.choices):
        state.stage = "more"
        hint = "" if state.told_end else ' Say "that\'s all" to place the order.'
        state.told_end = True
        talk.say(f"Would you like anything else?{hint}")


def ends(tool: Tool) -> bool:
    return bool({CONFIRM, CANCEL} & set(roles(tool)))


def follow_up(talk: Talk, text: str) -> bool:
    """Words that only mean something because an order is under way."""
    state, plain = talk.state, lower(tidy(text))
    if state.begun is None or state.begun.tool not in talk.tools:
        return False
    answer = intents.yes_or_no(plain) if state.stage == "more" else None
    if _only("that_is_all").fullmatch(plain) or answer is False:
        return _finish(talk, "")
    if _says_how(talk, plain):
        return _finish(talk, text)
    adding = talk.tools[state.begun.tool]
    if answer:
        tasks.open_task(talk, adding, "")
        filling.advance(talk)
        return True
    if _only("the_same").fullmatch(plain):
        _begin(talk, adding, {k: v for k, v in state.begun.filled.items() if k != _count(adding)})
        return True
    removes = aims(text, talk.request.business, ordering=True)[:1] == (REMOVE,)
    change = None if removes else _change(talk, plain)
    if change:
        _begin(talk, *change)
        return True
    return _adds(talk, adding, text)


def _count(tool: Tool) -> str:
    slot = count_slot(tool)
    return slot.name if slot else ""


def _says_how(talk: Talk, plain: str) -> bool:
    """ "That's all, I'll pick it up at seven": the end of the order, and more than that."""
    business = talk.request.business
    if goods.named(plain, goods.goods(business).items) or not set(aims(plain)[:1]) <= {
        ADD,
        CONFIRM,
    }:
        return False
    if intents.is_question(plain) and not _MAY_I.match(plain):
        return False
    placing = next(iter(for_aim(talk.usable, CONFIRM)), None)
    said = reader.read(plain, slots_of(placing), talk.context) if placing else {}
    if any(slot.name in said for slot in _ways(talk)):
        return True
    end = _only("that_is_all").match(plain)
    return bool(said) and end is not None and not plain[end.end() - 1 :][:1].isalnum()


def _finish(talk: Talk, text: str) -> bool:
    """Place the order, or at least show it."""
    for aim in (CONFIRM, SHOW):
        tools = for_aim(talk.usable, aim)
        if tools:
            tasks.start(talk, tools[0], text)
            return True
    return False


def _begin(talk: Talk, tool: Tool, fields: dict[str, Any]) -> None:
    tasks.open_task(talk, tool, "")
    talk.state.filled |= fields
    filling.advance(talk)


def _change(talk: Talk, plain: str) -> tuple[Tool, dict[str, Any]] | None:
    """The tool and the fields for a change of the last item."""
    tools = for_aim(talk.usable, CHANGE)
    if not tools:
        return None
    tool, begun = tools[0], talk.state.begun
    assert begun is not None
    if again := portions.recount(talk, tool, plain):
        return tool, again
    line, plain = lines.placed(talk, tool, plain)
    fields = portions.portion(talk, tool, portions.bare(plain))
    if not fields:
        return None
    if line:
        return tool, line | fields
    item, old = item_slot(tool), item_slot(talk.tools[begun.tool])
    if item and old and old.name in begun.filled:
        fields[item.name] = begun.filled[old.name]
    return tool, fields


def corrects(talk: Talk, text: str) -> bool:
    """ "Make that two" about what has just been put in, though another task waits for an answer."""
    state = talk.state
    if not state.ordered_last or state.begun is None or state.begun.tool not in talk.tools:
        return False
    plain = lower(tidy(text))  # a bare number answers what is asked
    change = _change(talk, plain) if portions.ANEW.match(plain) else None
    if change is None:
        return False
    tasks.pause(talk)
    _begin(talk, *change)
    return True


def _adds(talk: Talk, tool: Tool, text: str) -> bool:
    """ "and a coke", "tiramisu": something more, by its number or its name."""
    known = goods.goods(talk.request.business).items
    found = aims(text, talk.request.business)
    if (found and found[0] not in {ADD, FIND_OFFER}) or "?" in text:
        return False
    if intents.is_question(text) and found[:1] != (ADD,):
        return False
    rest = remainder(text)
    part = counted(rest)
    if (part.count and part.words) or (goods.named(rest, known) and len(rest.split()) < 6):
        tasks.open_task(talk, tool, text)
        filling.advance(talk)
        return True
    return False
