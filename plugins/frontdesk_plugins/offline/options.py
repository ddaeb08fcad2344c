"""Enums, lists and booleans. They look at the whole message: "today" may be an urgency."""

import re
from collections.abc import Sequence
from typing import Any

from frontdesk_plugins.offline import intents, words
from frontdesk_plugins.offline.reading import Found, is_negated
from frontdesk_plugins.offline.slots import Slot

_UNSAID = {"other", "any", "none", "no", "yes", "unknown"}
"""Options that ordinary words do not mean unless the field was asked for."""
_SAME = {
    "collect": "pickup", "collection": "pickup", "collecting": "pickup", "takeaway": "pickup",
    "takeout": "pickup", "pick": "pickup", "bring": "delivery", "home": "delivery",
}  # fmt: skip
_TAKEN = re.compile(r"\btake[ -](away|out)\b")
_PICKED = re.compile(r"\bpick(?:ed|ing)?(?: \w+){0,3} up\b")
_LOOSE = {"pick", "bring", "home"}
"""They mean an option only where it was asked for."""
_WORD = re.compile(r"[^\W_]+")
_NEGATED = re.compile(
    r"\b(?:(?:not|don'?t|doesn'?t|haven'?t)(?: have| want| need| got)?|no|without|never|neither|nor"
    r"|isn'?t|aren'?t|nothing)"
    r"(?: (?:an?|any|the|my|really|very|that|so|too))*(?: [^\W\d_]+)"
)


def chosen(slot: Slot, text: str, *, asked: bool) -> Found | None:
    """The options of the field that the message names."""
    fitting: list[tuple[int, Any]] = []
    said = intents.stems(text, keep=True)
    for option in slot.options:
        parts = intents.stems(str(option).replace("_", " ").replace("-", " "), keep=True)
        places = [said.index(part) for part in parts if part in said]
        if not parts or len(places) < len(parts):
            continue
        plain = str(option).replace("_", " ").lower()
        at = text.find(plain.split()[0])
        if at > 0 and (is_negated(text, at) or _is_ruled_out(text, at)):
            continue
        if not asked and plain in _UNSAID:
            continue
        fitting.append((len(parts), option))
    if not fitting:
        rest = _NEGATED.sub(" ", text)
        other = _in_other_words(slot, rest, asked=asked) if slot.kind == "enum" else None
        return other or (_by_number(slot, text) if asked else None)
    longest = max(size for size, _ in fitting)
    values = [option for size, option in fitting if size == longest or slot.kind == "list"]
    if slot.kind == "list":
        return Found(0, 0, (values,))
    return Found(0, 0, tuple(values), "" if len(values) == 1 else "Which of these?")


def _is_ruled_out(text: str, at: int) -> bool:
    """ "Without insurance"; what the option itself begins with is no such word: "no preference"."""
    return any(match.start() < at < match.end() for match in _NEGATED.finditer(text))


def _in_other_words(slot: Slot, text: str, *, asked: bool) -> Found | None:
    """ "pick it up", "we'll collect it", "to take away", "deliver it please" for the options as
    they are written."""
    found: list[str] = _WORD.findall(_PICKED.sub("pickup", _TAKEN.sub(r"take\1", text)))
    said = [_SAME.get(word, word) for word in found if asked or word not in _LOOSE]
    squeezed = "".join(said) if asked else ""

    def is_meant(option: Any) -> bool:
        name = re.sub(r"[\W_]+", "", str(option).lower())
        if not asked and name in _UNSAID:
            return False
        return (bool(squeezed) and name in squeezed) or any(
            # "Gluten" is not "gluten_free".
            word == name or (len(word) > 4 and name.startswith(word) and str(option).isalpha())
            for word in said
        )

    fitting = [option for option in slot.options if is_meant(option)]
    return Found(0, len(text), (fitting[0],)) if len(fitting) == 1 else None


def _by_number(slot: Slot, text: str) -> Found | None:
    """ "the second", where the question listed the options."""
    index = intents.position(text, len(slot.options))
    if index is None:
        return None
    option = slot.options[index]
    return Found(0, 0, ([option] if slot.kind == "list" else option,))


def truth(slot: Slot, text: str, *, asked: bool) -> bool | None:
    if asked:
        answer = intents.yes_or_no(text)
        if answer is not None:
            return answer
    parts: Sequence[str] = [
        part for part in intents.stems(slot.label, keep=True) if part not in words.STOPWORDS
    ]
    said = intents.stems(text, keep=True)
    if not parts or any(part not in said for part in parts):
        return None
    at = text.find(slot.label.lower().split()[0])
    negated = re.search(r"\b(?:no|not|don'?t|without|never)\b[^.,;]*$", text[: max(at, 0)])
    return negated is None
