"""Whether a customer's message agrees to a proposal. Only what is wholly understood is a yes."""

import re
from collections.abc import Iterator
from functools import cache, lru_cache
from typing import Literal, NamedTuple

from frontdesk.plain import data, plain

Answer = Literal["yes", "no", "unclear"]

_RANK = ("filler", "soft", "yes", "keep", "undo", "no", "doubt")
"""Of two languages that disagree about the same words, the later one of these is right."""
_TOKENS = re.compile(r"\d+ ?%|\w+|\s+-+\s+|\?|[.,;:!\n()\"/…|]+|[^\w\s¿¡*~-]")
_BOUNDARY = re.compile(r"[-\s.,;:!\n()\"/…|]+")
_PARTS = re.compile(r"[()\[\]|]|[^()\[\]|]+")
_RUN = re.compile(r"(.)\1+")
_LONGEST = 1000
"""Characters that are looked at; nobody agrees at such length."""


class Phrase(NamedTuple):
    words: tuple[str, ...]
    length: int
    """How many of its words are read; the others must follow."""
    first: bool
    """It only counts at a clause's start."""
    last: bool
    """It only counts at a clause's end."""


Rules = dict[tuple[str, ...], list[tuple[Phrase, str]]]
"""Phrases with their categories by words: those that read more first, then the narrower ones."""


def answer(text: str, language: str, *, cancels: bool = False) -> Answer:
    """Does the message agree, decline, or neither? `language` is the business's; the words of all
    languages count.

    With `cancels` the proposal is itself a cancellation: then "cancel it" agrees and "keep it"
    declines. A doubt outweighs a no, and a no a yes; a yes with any word that is not known is none.
    """
    if len(text) > _LONGEST:
        return "unclear"
    if language not in _phrases():
        language = "en"
    found: set[str] = set()
    for clause in _clauses(text, language):
        found |= _categories(clause, language)
    if "undo" in found:
        found.add("yes" if cancels else "no")
    if "keep" in found:
        found.add("no" if cancels else "doubt")
    if "doubt" in found or {"yes", "no"} <= found:
        return "unclear"
    if "no" in found:
        return "no"
    return "yes" if found & {"yes", "soft"} and "unknown" not in found else "unclear"


def _clauses(text: str, language: str) -> Iterator[list[str]]:
    words: list[str] = []
    known = _vocabulary(language)
    for found in _TOKENS.finditer(plain(text.replace("\n", " . "))):
        token = found[0]
        if _BOUNDARY.fullmatch(token):
            if words:
                yield words
            words = []
        else:
            word = token.replace(" ", "")
            words.append(word if word in known else known.get(_squeezed(word), word))
    if words:
        yield words


def _categories(words: list[str], language: str) -> set[str]:
    """What a clause holds, read from left to right, the longest phrase at a time."""
    rules, longest = _rules(language)
    found: set[str] = set()
    at, is_start = 0, True
    while at < len(words):
        read, category = _read(words, at, rules, longest, is_start=is_start)
        found.add(category)
        is_start = is_start and category == "filler"
        at += read
    return found


def _read(
    words: list[str], at: int, rules: Rules, longest: int, *, is_start: bool
) -> tuple[int, str]:
    """How many words are read next, and their category."""
    for length in range(min(longest, len(words) - at), 0, -1):
        after = at + length
        for phrase, category in rules.get(tuple(words[at:after]), ()):
            is_end = not phrase.last or all(_is_filler(word, rules) for word in words[after:])
            if is_end and (is_start or not phrase.first):
                return phrase.length, category
    return 1, "doubt" if words[at][0].isdigit() else "unknown"


def _is_filler(word: str, rules: Rules) -> bool:
    return any(category == "filler" for _, category in rules.get((word,), ()))


@lru_cache(maxsize=16)
def _rules(language: str) -> tuple[Rules, int]:
    """The phrases of all languages, and how many words the longest has. Where the same words mean
    different things, the business's language decides."""
    ranked: dict[Phrase, tuple[bool, int]] = {}
    for of, lists in _phrases().items():
        for category, phrases in lists.items():
            rank = (of == language, _RANK.index(category))
            for phrase in phrases:
                ranked[phrase] = max(rank, ranked.get(phrase, rank))
    rules: Rules = {}
    for phrase, (_, place) in ranked.items():
        rules.setdefault(phrase.words, []).append((phrase, _RANK[place]))
    for found in rules.values():
        found.sort(key=lambda rule: (rule[0].length, rule[0].first + rule[0].last), reverse=True)
    return rules, max(map(len, rules))


@cache
def _phrases() -> dict[str, dict[str, set[Phrase]]]:
    """By language and category."""
    return {
        language: {
            category: {_parsed(wording) for phrase in phrases for wording in _wordings(phrase)}
            for category, phrases in lists.items()
        }
        for language, lists in data("consent.toml").items()
    }


def _wordings(phrase: str) -> list[str]:
    """Every wording of a phrase with (choices|of words) and [words that may be left out]."""
    stack: list[tuple[list[str], list[str]]] = [([], [""])]
    """By open bracket: the finished choices, and the wordings of the choice being read."""
    for part in _PARTS.findall(plain(phrase)):
        done, current = stack.pop()
        if part in ("(", "["):
            stack += [(done, current), ([], [""])]
        elif part == "|":
            stack.append((done + current, [""]))
        elif part in (")", "]"):
            choices = done + current + ([""] if part == "]" else [])
            around, before = stack.pop()
            stack.append((around, [a + b for a in before for b in choices]))
        else:
            stack.append((done, [wording + part for wording in current]))
    done, current = stack.pop()
    return done + current


def _parsed(wording: str) -> Phrase:
    bare = wording.replace("^", "").replace("$", "").replace("-", " ")
    read, _, _ = bare.partition("~")
    words = tuple(bare.replace("~", "").replace("?", " ?").replace(" %", "%").split())
    return Phrase(words, len(read.split()), "^" in wording, "$" in wording)


@lru_cache(maxsize=64)
def _vocabulary(language: str) -> dict[str, str]:
    """The known words, by themselves and as they are without repeated letters ("yesss")."""
    words = sorted({word for phrase in _rules(language)[0] for word in phrase})
    return {_squeezed(word): word for word in words} | {word: word for word in words}


def _squeezed(word: str) -> str:
    return _RUN.sub(r"\1", word)
