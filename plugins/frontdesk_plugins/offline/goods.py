"""The names of what a business sells, wherever its settings price them. A help to understand a
message, never an answer: what there is and what it costs, the tools say."""

import re
from collections.abc import Iterator
from difflib import SequenceMatcher
from functools import lru_cache
from typing import Any

import msgspec

from frontdesk.business import Business
from frontdesk_plugins.offline import intents
from frontdesk_plugins.offline.slots import as_dict, as_list

_LONG, _ALIKE = 5, 0.84
_LISTS = {"categories", "sections"}
"""What lists of names without prices are called: "pizza", "drinks"."""
_PARTS = {"modifiers", "options", "extras", "toppings", "variants", "sizes"}
_SIZES = (
    "extra large", "extra small", "xl", "xxl", "large", "medium", "small", "regular", "mini", "tiny",
    "big", "little", "family", "kids", "normal", "standard", "double", "single", "tall", "half",
    "full", "quarter", "pint", "glass", "bottle",
)  # fmt: skip
_WORD = re.compile(r"[^\W_]+(?:['-][^\W_]+)*")

Name = tuple[str, ...]
"""The stems of a name's words, in their order."""


class Goods(msgspec.Struct, frozen=True):
    items: frozenset[Name]
    dishes: dict[Name, str]
    """Of the items, those that have a price themselves: every name with its first one."""
    sizes: frozenset[Name]
    extras: frozenset[Name]


def goods(business: Business) -> Goods:
    return _goods(msgspec.json.encode(business.settings))


@lru_cache(maxsize=64)
def _goods(encoded: bytes) -> Goods:
    items, sizes, extras = set[Name](), {_stems(size) for size in _SIZES}, set[Name]()
    dishes = dict[Name, str]()
    for names, part in _priced(msgspec.json.decode(encoded), ""):
        kind = items if part in {"", "list"} else sizes if part in {"variants", "sizes"} else extras
        kind |= {_stems(name) for name in names}
        dishes |= {_stems(name): names[0] for name in names} if part == "" else {}
    items, sizes, extras = items - {()}, sizes - {()}, extras - {()}
    return Goods(frozenset(items), dishes, frozenset(sizes), frozenset(extras))


def _priced(data: Any, part: str) -> Iterator[tuple[list[str], str]]:
    """The names of everything with a price, and the part of another thing that it is."""
    for value in as_list(data):
        yield from _priced(value, part)
    entry = as_dict(data)
    is_named = isinstance(entry.get("name"), str)
    if is_named and (entry.keys() & {"price", "variants"} or part):
        yield [entry["name"], *map(str, as_list(entry.get("aliases")))], part
    for key, value in entry.items():
        yield from _priced(value, key if key in _PARTS else "list" if key in _LISTS else part)


@lru_cache(maxsize=64)
def _services(encoded: bytes) -> frozenset[Name]:
    return frozenset(_stems(name) for name in _listed(msgspec.json.decode(encoded), "")) - {()}


def _listed(data: Any, key: str) -> Iterator[str]:
    """The names in lists that are called "services"."""
    for value in as_list(data):
        if key == "services" and isinstance(name := as_dict(value).get("name"), str):
            yield name
        yield from _listed(value, key)
    for inner, value in as_dict(data).items():
        yield from _listed(value, inner)


def service(text: str, business: Business) -> bool:
    """It names something that can be booked."""
    return named(text, _services(msgspec.json.encode(business.settings)))


def _stems(text: str) -> Name:
    return tuple(intents.stems(text, keep=True))


@lru_cache(maxsize=64)
def _short(names: frozenset[Name]) -> frozenset[Name]:
    """With what people say for long names: the last word, or the first if it is a long one."""
    long = [name for name in names if len(name) > 1]
    firsts = {name[:1] for name in long if len(name[0]) > _LONG}
    return names | {name[-1:] for name in long} | firsts


def named(text: str, names: frozenset[Name]) -> bool:
    """One of the names stands in the text."""
    said, known = _stems(text), _short(names)
    return any(
        said[n : n + size] in known for size in (1, 2, 3, 4) for n in range(len(said) - size + 1)
    ) or any(
        _near(word, name[0])
        for word in said
        if len(word) >= _LONG
        for name in known
        if len(name) == 1
    )


@lru_cache(maxsize=10_000)
def _near(said: str, name: str) -> bool:
    """The same word misspelt: "margarita", or with the vowel of another number: "panini"."""
    if len(name) < _LONG or said[0] != name[0]:
        return False
    if said[:-1] == name[:-1] and {said[-1], name[-1]} <= set("aeiou"):
        return True
    return SequenceMatcher(None, said, name, autojunk=False).ratio() >= _ALIKE


def dishes(text: str, business: Business) -> frozenset[str]:
    """The things with a price that the text names in full, each by its first name."""
    said, known = _stems(text), goods(business).dishes
    spans = {
        (n, n + size): known[said[n : n + size]]
        for size in range(1, 6)
        for n in range(len(said) - size + 1)
        if said[n : n + size] in known
    }
    near = {
        first
        for word in said
        for name, first in known.items()
        if len(word) >= _LONG and len(name) == 1 and _near(word, name[0])
    }
    whole = {
        first
        for (start, end), first in spans.items()
        if not any(s <= start and end <= e and (s, e) != (start, end) for s, e in spans)
    }
    return frozenset(whole | near)


def may_be_about(text: str, business: Business) -> bool:
    """It names something sold, or nobody told us what is sold here."""
    known = goods(business)
    return not known.items or named(text, known.items | known.extras)


def find(text: str, business: Business) -> str:
    """The longest name of something sold that stands in the text, in the text's words."""
    words, known = _WORD.findall(text), _short(goods(business).items)
    spans = [
        (size, n)
        for size in range(1, 6)
        for n in range(len(words) - size + 1)
        if _stems(" ".join(words[n : n + size])) in known
    ]
    size, n = max(spans, default=(0, 0))
    return " ".join(words[n : n + size])


def is_size(text: str, business: Business) -> bool:
    return _stems(text) in goods(business).sizes
