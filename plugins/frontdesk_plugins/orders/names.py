"""Which things of a menu a customer's words mean. It never chooses between several.

The standard library's difflib is enough: a menu has some hundred names, and what a faster library
would win is less than one query of the database.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from difflib import SequenceMatcher
from functools import lru_cache
from typing import TypeVar

T = TypeVar("T")
Names = Callable[[T], Iterable[str]]

_WORD = re.compile(r"[^\W_]+")
_NEAR = 0.83
"""So alike that it is the same word misspelt: "cappucino", "margarita"; not "coke" and "cake"."""
_SHORTEST = 4
"""Shorter words are too alike by chance."""


def words_of(text: str) -> tuple[str, ...]:
    """The words without case, accents and English plurals."""
    return tuple(map(_singular, plain_words(text)))


def plain_words(text: str) -> list[str]:
    flat = unicodedata.normalize("NFKD", text.casefold())
    return _WORD.findall("".join(c for c in flat if not unicodedata.combining(c)))


def _singular(word: str) -> str:
    if len(word) <= 3 or word.endswith("ss"):
        return word
    if found := re.search(r"(?:ies|ie|y)$", word):
        return word[: found.start()] + "i"
    if re.search(r"(?:[sxz]|ch|sh)es$", word):
        return word[:-2]
    return word.removesuffix("s")


@lru_cache(maxsize=50_000)
def near(said: str, known: str) -> bool:
    """The same word, give or take a typing error."""
    if said == known:
        return True
    if min(len(said), len(known)) < _SHORTEST or not (said + known).isalpha():
        return False
    matcher = SequenceMatcher(None, said, known, autojunk=False)
    return matcher.real_quick_ratio() >= _NEAR and matcher.ratio() >= _NEAR


def find(said: str, things: Sequence[T], names: Names[T]) -> list[T]:
    """The things that the words can mean: those with just this name, else those whose names have
    all the words, else the same with typing errors. Several mean that one has to ask."""
    wanted = words_of(said)
    if not wanted:
        return []
    known = [(thing, [words_of(name) for name in names(thing)]) for thing in things]
    for fits in (_is_exact, _is_within, _is_near_exact, _is_near_within):
        found = [thing for thing, all_names in known if any(fits(wanted, n) for n in all_names)]
        if found:
            return found
    return []


def _is_exact(wanted: tuple[str, ...], name: tuple[str, ...]) -> bool:
    return wanted == name or "".join(wanted) == "".join(name)


def _is_within(wanted: tuple[str, ...], name: tuple[str, ...]) -> bool:
    return set(wanted) <= set(name)


def _is_near_exact(wanted: tuple[str, ...], name: tuple[str, ...]) -> bool:
    return len(wanted) == len(name) and all(map(near, wanted, name))


def _is_near_within(wanted: tuple[str, ...], name: tuple[str, ...]) -> bool:
    return all(any(near(word, known) for known in name) for word in wanted)


def contained(
    said: Sequence[str], things: Sequence[T], names: Names[T]
) -> list[tuple[T, frozenset[int]]]:
    """The things whose whole name stands within the words, with the places of its words. A name
    that is part of a longer one found at the same place does not count."""
    found: list[tuple[T, frozenset[int]]] = []
    for thing in things:
        places = [_places(said, words_of(name)) for name in names(thing)]
        best = max(places, key=len, default=frozenset[int]())
        if best:
            found.append((thing, best))
    return [one for one in found if not any(one[1] < other[1] for other in found)]


def _places(said: Sequence[str], name: tuple[str, ...]) -> frozenset[int]:
    """Where the words of a name stand side by side; nothing when they do not."""
    for n in range(len(said) - len(name) + 1) if name else ():
        if all(map(near, said[n : n + len(name)], name)):
            return frozenset(range(n, n + len(name)))
    return frozenset()


def suggestions(said: str, things: Sequence[T], names: Names[T], most: int = 3) -> list[T]:
    """What comes nearest to words that mean nothing here: never what is meant, only an offer."""
    plain = " ".join(words_of(said))
    ranked: list[tuple[float, int, T]] = []
    for n, thing in enumerate(things):
        score = max(
            (_likeness(plain, " ".join(words_of(name))) for name in names(thing)), default=0.0
        )
        if score >= 0.5:
            ranked.append((-score, n, thing))
    return [thing for _, _, thing in sorted(ranked, key=lambda one: one[:2])[:most]]


def _likeness(said: str, name: str) -> float:
    whole = SequenceMatcher(None, said, name, autojunk=False).ratio()
    shared = set(said.split()) & set(name.split())
    return max(whole, 0.6 if shared else 0.0)
