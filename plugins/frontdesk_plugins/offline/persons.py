"""Who of the team is wished for: "with Maria", "Dr. Okafor", "the trainer Sam"."""

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from typing import Any

import msgspec

from frontdesk.business import Business
from frontdesk_plugins.offline import intents, words
from frontdesk_plugins.offline.reading import Found, any_of, lower
from frontdesk_plugins.offline.slots import Slot, as_dict, as_list

_ROLES = {
    "stylist", "barber", "trainer", "coach", "doctor", "dentist", "hygienist", "therapist", "lawyer",
    "attorney", "technician", "mechanic", "agent", "instructor", "practitioner", "clinician",
    "provider", "staff", "employee", "teacher", "consultant", "advisor", "nurse", "professional",
}  # fmt: skip
_TITLES = ("dr", "doctor", "mr", "mrs", "ms", "miss", "prof", "professor", "coach")
_TITLE = rf"(?:{any_of(_TITLES)}\.? +)?"
_NAME = r"(?P<name>[A-Z][\w'-]+(?: [A-Z][\w'-]+)?)"
_BY_NAME = re.compile(
    rf"(?i:\b(?:with|by|see|from) +(?:(?:my|the|your) +)?(?:\w+ +)?{_TITLE}){_NAME}"
)
_BY_TITLE = re.compile(rf"(?i:\b{any_of(_TITLES)}\.? +){_NAME}")
_LED_IN = re.compile(
    rf"\b(?:with|by|see|(?<!name )(?<!it )(?<!this )is|does|has|prefer|want|need|like|ask for"
    rf"|{'|'.join(sorted(_ROLES))}|{'|'.join(_TITLES)})\.? +$"
)
"""In front of a first name that is also a customer's."""
_LISTS = {"resources", "staff", "team", "providers", "stylists", "trainers"}


def is_person(slot: Slot) -> bool:
    return slot.name == "resource" or (slot.kind == "text" and bool(slot.words & _ROLES))


def wished(slot: Slot, text: str, business: Business) -> Found | None:
    """One of the business's own people by the whole name or a part of it that is nobody else's; or the
    name of somebody who is not there, which the tool will say."""
    if not is_person(slot):
        return None
    plain, known = _bare(text), _names(msgspec.json.encode(business.settings))
    for part, label in known.items():
        for match in re.finditer(rf"(?<!\w){re.escape(part)}(?:'s)?(?!\w)", plain):
            if " " in part or _LED_IN.search(plain[: match.start()]):
                return _found(slot, match.start(), match.end(), label)
    for pattern in (_BY_NAME, _BY_TITLE):
        led = pattern.search(text)
        if led and not _is_other(led["name"]):
            return _found(slot, led.start("name"), led.end("name"), led["name"])
    return None


def _found(slot: Slot, start: int, end: int, name: str) -> Found | None:
    return None if slot.problems(name) else Found(start, end, (name,))


def _bare(text: str) -> str:
    """Lower case without accents, of the same length."""
    return lower("".join(unicodedata.normalize("NFD", char)[0] for char in text))


def _is_other(name: str) -> bool:
    """A day, a month, or an ordinary word with a capital."""
    first = lower(name).split()[0]
    return (
        first in words.WEEKDAYS
        or first in words.MONTHS
        or first in words.STOPWORDS
        or (first in words.RELATIONS or intents.stem(first) in words.SYNONYMS.values())
    )


@lru_cache(maxsize=64)
def _names(settings: bytes) -> dict[str, str]:
    """The names of the team in lower case, whole and in parts, with the whole; whole ones first."""
    labels = list(dict.fromkeys(_people(msgspec.json.decode(settings), "")))
    found = {_bare(label): label for label in labels}
    parts: dict[str, list[str]] = {}
    for label in labels:
        for part in label.split():
            plain = _bare(part).strip(".,")
            if len(plain) > 1 and plain not in _TITLES and part[:1].isupper():
                parts.setdefault(plain, []).append(label)
    return found | {part: of[0] for part, of in parts.items() if len(of) == 1 and part not in found}


def _people(data: Any, key: str) -> Iterator[str]:
    for value in as_list(data):
        entry = as_dict(value)
        name, kind = entry.get("name"), entry.get("kind", "staff")
        if key in _LISTS and isinstance(name, str) and kind == "staff":
            yield name
        yield from _people(value, key)
    for inner, value in as_dict(data).items():
        yield from _people(value, inner)
