"""Offering several things, and understanding which one is meant."""

from datetime import date
from typing import Any

from frontdesk_plugins.offline import dates, intents, times
from frontdesk_plugins.offline.formats import join, show
from frontdesk_plugins.offline.questions import label, numbered, shown
from frontdesk_plugins.offline.reading import Found, lower, tidy
from frontdesk_plugins.offline.slots import Slot, slots_of
from frontdesk_plugins.offline.state import Choice, Talk


def offer(talk: Talk, choices: list[Choice], question: str, *, listed: bool = True) -> None:
    """Ask for one of the choices. A list of two or three fits in the question itself."""
    talk.state.choices, talk.state.stage = choices, "pick"
    if listed:
        talk.say(f"{question}\n{numbered([choice.label for choice in choices])}")
    else:
        talk.say(question)


def offer_readings(talk: Talk, slot: Slot, values: list[Any], why: str) -> None:
    """A field whose words had several meanings."""
    labels = [shown(slot, value, talk.context) for value in values]
    choices = [Choice(text, {slot.name: value}) for text, value in zip(labels, values, strict=True)]
    talk.state.asked = slot.name
    lead = f"{why} " if why and not why.endswith("?") else ""
    if len(values) > 3:
        offer(talk, choices, f"{lead}Which {label(slot)} do you mean?")
    else:
        offer(talk, choices, f"{lead}Do you mean {join(labels, 'or')}?", listed=False)


def alternatives(talk: Talk, found: list[dict[str, Any]], slots: tuple[Slot, ...]) -> list[Choice]:
    """Offers of a tool as choices for the fields of the current one."""
    names = {slot.name: slot for slot in slots}
    result: list[Choice] = []
    for one in found:
        fields = {
            key: value
            for key, value in one.items()
            if key in names and names[key].kind in {"date", "time", "enum"}
        }
        if not fields and isinstance(one.get("slot_id"), str) and "slot_id" in names:
            fields = {"slot_id": one["slot_id"]}
        if not fields:
            continue
        text = one.get("label") or ", ".join(
            show(value, talk.request.business) for value in fields.values()
        )
        result.append(Choice(str(text), fields))
    return result


def pick(talk: Talk, text: str) -> bool:
    """Take the choice that the message means, if it means exactly one."""
    choice = _meant(talk, text)
    if choice is None:
        return False
    state = talk.state
    if choice.tool:
        state.tool = choice.tool
    state.filled |= choice.fields
    for name in choice.fields:
        state.maybe.pop(name, None)
    state.choices, state.stage, state.misses = [], "", 0
    return True


def _meant(talk: Talk, text: str) -> Choice | None:
    choices, plain = talk.state.choices, lower(tidy(text))
    if not choices or intents.yes_or_no(plain) is False:
        return None
    index = intents.position(plain, len(choices))
    fitting = _fitting(talk, plain)
    if index is not None:
        by_place = choices[index]
        # "2" is the second of the list unless something is also offered at 2 o'clock.
        return by_place if not fitting or by_place in fitting else None
    if len(fitting) == 1:
        return fitting[0]
    if len(choices) == 1 and intents.yes_or_no(plain):
        return choices[0]
    return _extreme(fitting or choices, plain)


def _fitting(talk: Talk, plain: str) -> list[Choice]:
    """The choices that agree with all dates, times, parts of the day and words of the message."""
    context, choices = talk.context, talk.state.choices
    if any(choice.tool for choice in choices):
        return _by_tool(talk, plain)
    kinds = {slot.name: slot.kind for slot in talk.slots}
    if not {kinds.get(key) for choice in choices for key in choice.fields} & {"date", "time"}:
        return _by_words(choices, plain)
    found, rest = dates.read(plain, context, asked=True)
    walls, left = times.read(rest, plain, context, asked=not plain.isdecimal() or len(plain) < 5)
    parts = times.dayparts(plain)

    def agrees(choice: Choice) -> bool:
        days = [v for k, v in choice.fields.items() if kinds.get(k) == "date"]
        hours = [v for k, v in choice.fields.items() if kinds.get(k) == "time"]
        return (
            _any(found, days)
            and _any(walls, hours)
            and (not (parts and hours) or bool(times.within(hours, parts)))
        )

    spoken = [choice for choice in choices if agrees(choice)]
    if found or walls or parts:
        return spoken if len(spoken) < len(choices) else []
    return _by_words(choices, left)


def _by_words(choices: list[Choice], plain: str) -> list[Choice]:
    """Those whose labels, or fields where these differ, share the most words with the message."""
    said = set(intents.stems(plain)) or set(intents.stems(plain, keep=True))
    differ = len({tuple(choice.fields) for choice in choices}) > 1

    def own(choice: Choice) -> set[str]:
        fields = " ".join(choice.fields).replace("_", " ") if differ else ""
        return set(intents.stems(f"{choice.label} {fields}", keep=True))

    shared = {n: len(said & own(choice)) for n, choice in enumerate(choices)}
    most = max(shared.values())
    return [c for n, c in enumerate(choices) if shared[n] == most] if most else []


def _any(found: list[Found], values: list[Any]) -> bool:
    """True when nothing was said about it, or what was said is one of the values."""
    said = {value for one in found for value in one.values}
    return not said or not values or bool(said & set(values)) or _same_day_number(said, values)


def _same_day_number(said: set[Any], values: list[Any]) -> bool:
    """ "the 4th" where the list holds the 4th of a later month."""
    try:
        days = {date.fromisoformat(str(one)).day for one in said}
        return len(days) == 1 and date.fromisoformat(str(values[0])).day in days
    except ValueError:
        return False


def _by_tool(talk: Talk, plain: str) -> list[Choice]:
    names = {choice.tool for choice in talk.state.choices}
    ranked = intents.rank(plain, [tool for tool in talk.usable if tool.name in names])
    if not ranked or (len(ranked) > 1 and ranked[0][0] - ranked[1][0] < intents.TIE):
        return []
    return [choice for choice in talk.state.choices if choice.tool == ranked[0][1]]


def _extreme(choices: list[Choice], plain: str) -> Choice | None:
    """ "The later one", for choices that only differ in their moment."""
    said = set(plain.replace(",", " ").split())
    ordered = sorted(choices, key=lambda c: tuple(str(v) for v in c.fields.values()))
    if said & {"later", "latest", "after"}:
        return ordered[-1]
    if said & {"earlier", "earliest", "sooner", "soonest"}:
        return ordered[0]
    return None


def carried(talk: Talk, name: str) -> dict[str, Any]:
    """What is already known for the fields of another tool: what this task has said, and what it
    must know and earlier tasks have told."""
    known, filled = talk.state.known, talk.state.filled
    slots = slots_of(talk.tools[name])
    lasting = {
        slot.name: known[slot.name] for slot in slots if slot.required and slot.name in known
    }
    return lasting | {slot.name: filled[slot.name] for slot in slots if slot.name in filled}
