"""What the customer means when something is to be changed."""

import re

from frontdesk_plugins.offline import choices, intents, moments, numbers, reader, times, words
from frontdesk_plugins.offline.formats import join
from frontdesk_plugins.offline.questions import label, shown, what_to_change
from frontdesk_plugins.offline.reading import lower, tidy
from frontdesk_plugins.offline.slots import Slot
from frontdesk_plugins.offline.state import Choice, Talk

_BARE = re.compile(
    rf"(?:(?:no|nope|sorry|wait|actually|oh|oops)\W+)*(?P<n>{numbers.NUMBER})"
    r"[ ,.!]*(?:(?:please|pls|then|instead|rather)[ ,.!]*)*"
)


def count_or_hour(talk: Talk, text: str) -> bool:
    """Ask what a bare "8" means after "what should I change?", or "no, 8 instead"."""
    match = _BARE.fullmatch(lower(tidy(text)))
    if match is None:
        return False
    return _either(
        talk, match["n"], [slot for slot in talk.slots if slot.name in talk.state.filled]
    )


def hour_or_people(talk: Talk, slots: list[Slot]) -> bool:
    """Ask what "make it 8" means, where nothing is known yet of what these fields shall be."""
    one = numbers.alone(lower(tidy(talk.state.topic)))
    if not one or len(one.values) != 1:
        return False
    return _either(talk, str(one.values[0]), [slot for slot in slots if slot.kind != "date"])


def _either(talk: Talk, plain: str, slots: list[Slot]) -> bool:
    """Offer what this number can be for the fields, if it can be several things."""
    fitting: list[Choice] = []
    for slot in slots:
        if slot.kind not in {"integer", "time"}:
            continue
        one = reader.read(plain, [slot], talk.context, slot.name).get(slot.name)
        day = moments.moment(talk)[0]
        values = one.values if one else ()
        if slot.kind == "time":
            values = times.narrow(
                values, talk.state.filled.get(day.name) if day else None, talk.context
            )
        fitting += [
            Choice(shown(slot, value, talk.context), {slot.name: value})
            for value in values
            if not slot.problems(value)
        ]
    if len(fitting) > 1:
        labels = [choice.label for choice in fitting]
        choices.offer(talk, fitting, f"Do you mean {join(labels, 'or')}?", listed=False)
    return len(fitting) > 1


def asks_what(talk: Talk, text: str) -> bool:
    """ "I want to change my booking", while it is being made: ask what, unless the message says it."""
    if reader.read(text, talk.slots, talk.context) or named_field(talk, text):
        return False
    filled = [slot for slot in talk.slots if slot.name in talk.state.filled]
    talk.state.stage, talk.state.asked = "change", ""
    talk.say(f'{what_to_change(filled)} Or say "never mind" to leave it.')
    return True


def named_field(talk: Talk, text: str) -> Slot | None:
    """The field that the customer wants to change: "the time"."""
    said = set(intents.stems(text, keep=True)) - words.FILLER
    fitting = [
        slot
        for slot in talk.slots
        if (slot.name in talk.state.filled or slot.kind in {"date", "time", "integer"})
        and said & {intents.stem(word) for word in _names(slot)}
    ]
    return fitting[0] if len(fitting) == 1 else None


def _names(slot: Slot) -> set[str]:
    common: dict[str, set[str]] = {
        "date": {"date", "day"},
        "time": {"time", "hour"},
        "phone": {"phone", "number", "telephone"},
        "name": {"name"},
        "email": {"email", "mail"},
    }
    people = {"people", "guests", "persons", "party"} if slot.is_people else set[str]()
    return common.get(slot.kind, set()) | people | set(label(slot).lower().split())
