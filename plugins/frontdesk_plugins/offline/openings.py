"""The start of a task, and questions in between."""

import re

import msgspec

from frontdesk.tools import Tool
from frontdesk_plugins.offline import (
    answers,
    basket,
    cancelling,
    choosing,
    corrections,
    filling,
    followups,
    goods,
    intents,
    lookups,
    manners,
    menus,
    misses,
    names,
    pickups,
    reader,
    roles,
    several,
    staff,
    steps,
    tasks,
    wishes,
    words,
)
from frontdesk_plugins.offline.aims import Aim, aims
from frontdesk_plugins.offline.choices import offer
from frontdesk_plugins.offline.english import features
from frontdesk_plugins.offline.questions import example
from frontdesk_plugins.offline.reading import any_of, is_correction, lower, tidy
from frontdesk_plugins.offline.slots import slots_of
from frontdesk_plugins.offline.state import Choice, Talk


def begin(talk: Talk, text: str) -> None:
    """A message outside of any task: its wishes one by one."""
    small = manners.reply(talk, text)
    if small and not (talk.state.stage == "more" and basket.follow_up(talk, text)):
        talk.state.misses = 0
        talk.say(small)
        return
    if small:
        return
    if manners.is_nothing(text) and not intents.yes_or_no(text):
        talk.say("What can I do for you?")
        return
    if _answers_person(talk, text) or followups.books_again(talk, text):
        return
    talk.state.stage = "" if talk.state.stage == "person" else talk.state.stage
    if _is_bare_answer(talk, text):
        talk.say("All right. What can I do for you?")
        return
    first, *others = [text] if choosing.examples_of(talk, text) else several.split(talk, text)
    talk.state.later = others
    one(talk, first)


def one(talk: Talk, text: str) -> None:
    """One wish."""
    talk.state.topic = text[:300]
    if cancelling.everything(talk, text):
        return
    if basket.cancels(talk, text) or basket.follow_up(talk, text) or _of_existing(talk, text):
        return
    talk.state.stage = ""
    if followups.goes_on(talk, text) or menus.ask(talk, text):
        return
    ranked = choosing.ranked(talk, text)
    score = ranked[0][0] if ranked else 0.0
    known, reply = answers.known(text, talk.request.business)
    if known >= answers.ENOUGH and (score < intents.ENOUGH or _knows(talk, text, ranked, known)):
        talk.state.misses = 0
        talk.say(reply)
    elif score >= intents.ENOUGH:
        _choose(talk, text, ranked)
    else:
        _otherwise(talk, text)


def _knows(talk: Talk, text: str, ranked: list[tuple[float, str]], known: float) -> bool:
    """The profile answers better than the best tool would."""
    score, name = ranked[0]
    tool = talk.tools[name]
    if known < answers.CLEAR and not intents.is_question(text):
        return False
    sold = goods.named(text, goods.goods(talk.request.business).items)
    if roles.searches(tool) or (roles.ADD in roles.roles(tool) and not sold):
        return known >= answers.CLEAR
    if roles.acts(tool) and set(aims(text, talk.request.business)[:1]) & set(roles.roles(tool)):
        return False
    return known > score


def _is_bare_answer(talk: Talk, text: str) -> bool:
    """A yes, a no or a stop to nothing."""
    if talk.state.stage == "more" or "bare_cancel" in features(lower(tidy(text))):
        return False
    return intents.yes_or_no(text) is not None or intents.is_stop(text)


def _answers_person(talk: Talk, text: str) -> bool:
    """A yes to "would you like to ask a person?", which a tool's own words asked."""
    tool = staff.person_tool(talk) if talk.state.stage == "person" else None
    if tool is None or not intents.yes_or_no(text):
        return False
    tasks.start(talk, tool, "")
    return True


def _of_existing(talk: Talk, text: str) -> bool:
    """A wish about a booking that exists: its tool, the profile's answer, or an honest no."""
    if "bare_cancel" in features(lower(tidy(text))) and cancelling.something(talk, text):
        return True
    wanted = wishes.wish(talk, text)
    if not wanted:
        return False
    tool, exact = wishes.tool_for(talk, wanted, text), choosing.examples_of(talk, text)
    if exact and (tool is None or tool.name not in exact):
        return False  # just what another tool says that customers say
    reply = "" if tool else wishes.from_profile(talk, wanted, text)
    if tool:
        wishes.say_unknown(talk, tool, text)
        tasks.start(talk, tool, text)
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
    if all(roles.informs(talk.tools[name]) for name in equal):
        equal = equal[:1]
    if len(equal) == 1 or _are_one_task(talk, equal):
        tasks.start(talk, talk.tools[_main(talk, equal)], text)
        return
    options = [Choice(example(talk.tools[name]), tool=name) for name in equal[:4]]
    offer(talk, options, "I am not sure which of these you want:")


def _by_values(talk: Talk, text: str, names: list[str]) -> list[str]:
    """Of equal tools those that can use the most of what the message says."""
    use = {name: len(reader.read(text, slots_of(talk.tools[name]), talk.context)) for name in names}
    return [name for name in names if use[name] == max(use.values())]


def _are_one_task(talk: Talk, names: list[str]) -> bool:
    """A tool and the one that checks its availability ask the customer for the same things."""
    main = talk.tools[_main(talk, names)]
    fields = {slot.name for slot in slots_of(main)}
    return roles.acts(main) and all(
        {slot.name for slot in slots_of(talk.tools[name]) if slot.required} <= fields
        and (name == main.name or not roles.acts(talk.tools[name]))
        for name in names
    )


def _main(talk: Talk, names: list[str]) -> str:
    return max(names, key=lambda name: (roles.acts(talk.tools[name]), -names.index(name)))


def _otherwise(talk: Talk, text: str) -> None:
    """No tool was named: our own answers, bare values, what was said before we came in, a search."""
    direct = answers.direct(text, talk.context)
    tool = None if direct else _by_bare_values(talk, text)
    if staff.wants_person(text) and staff.person_tool(talk) is None:
        talk.say(manners.no_person(talk))
    elif direct:
        talk.say(direct)
    elif tool:
        tasks.start(talk, tool, text)
    elif misses.lost_reference(talk, text):
        return
    elif not (talk.is_new and pickups.pick_up(talk, text)) and not lookups.begin(talk, text):
        manners.miss(talk)


def _by_bare_values(talk: Talk, text: str) -> Tool | None:
    """ "4 people tomorrow at 7": the tool that asks for most of it."""
    use = {tool.name: len(reader.read(text, slots_of(tool), talk.context)) for tool in talk.usable}
    most = max(use.values(), default=0)
    if most < 2:
        return None
    making = [
        name
        for name, count in use.items()
        if count == most
        and not any(r.deed in {"change", "join"} for r in roles.roles(talk.tools[name]))
    ]
    booking = [n for n in making if Aim("make", "booking") in roles.roles(talk.tools[n])]
    making = booking if len(booking) == 1 else making
    if len(making) == 1 or (making and _are_one_task(talk, making)):
        return talk.tools[_main(talk, making)]
    return None


def detour(talk: Talk, text: str) -> bool:
    """A question or another wish while we wait for an answer."""
    small = manners.reply(talk, text)
    if small and not manners.is_greeting(text) and talk.state.stage != "confirm":
        return False
    if _is_name(talk, text):
        return False
    if basket.corrects(talk, text):
        return True
    wanted = wishes.wish(talk, text)
    if wishes.of_draft(talk, wanted, text):
        return corrections.asks_what(talk, text)
    tool = wishes.tool_for(talk, wanted, text) if wanted else None
    if wanted and not tool and not (wanted == "change" and wishes.is_draft(talk)):
        wishes.decline(talk, wanted, text)
        steps.repeat(talk)
        return True
    tool = tool if tool and wanted == "find" else _other_tool(talk, text)
    if tool and tool.name != talk.state.tool:
        if wanted in {"change", "cancel"}:
            wishes.say_unknown(talk, tool, text)
        tasks.turn_to(talk, tool, text)
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
    ranked = choosing.ranked(talk, text)
    if not ranked or ranked[0][0] < intents.CLEAR or ranked[0][1] == talk.state.tool:
        return None
    own = next((score for score, name in ranked if name == talk.state.tool), 0.0)
    tool = talk.tools[ranked[0][1]]
    if roles.builds(tool) and _is_about_draft(talk, text, tool):
        return None
    if filling.changeable(tool) and wishes.of_draft(talk, "change", text):
        return None  # what is like a change of a booking is one of the booking being made
    checks = filling.availability_tool(talk, talk.tool) if talk.tool else None
    if ranked[0][0] < own + 0.15 or (checks and checks.name == tool.name):
        return None
    wish = re.search(rf"\b{any_of(words.WISHES)}\b", lower(tidy(text))) is not None
    return tool if intents.is_question(text) or wish or roles.acts(tool) else None


def _is_about_draft(talk: Talk, text: str, tool: Tool) -> bool:
    """ "Actually make it 5": of what is being filled in, unless something sold is named."""
    if goods.named(text, goods.goods(talk.request.business).items):
        return False
    if reader.read(text, talk.slots, talk.context, talk.state.asked):
        return True
    if filling.counts_anew(talk, lower(tidy(text))):
        return True
    return roles.ADD not in roles.roles(tool) and talk.state.begun is None


def again(talk: Talk, text: str) -> bool:
    """The same wish once more, after a no to it: from the start."""
    state, tool = talk.state, talk.tool
    if state.stage not in {"change", "leave", "offer"} or not tool:
        return False
    ranked = choosing.ranked(talk, text)
    if not ranked or ranked[0][0] < intents.CLEAR or ranked[0][1] != tool.name:
        return False
    if state.stage != "offer" and is_correction(lower(tidy(text))):
        return False
    talk.state = msgspec.structs.replace(state.kept(), topic=state.topic, paused=state.paused)
    tasks.start(talk, tool, text)
    return True
