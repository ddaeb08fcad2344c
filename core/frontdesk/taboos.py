"""What an assistant of this industry must not say, whatever a model thinks of it.

A prompt asks for it; this sees to it. The model reads what was wrong and has one round to put it
right. If it says such a thing again, the engine's own words follow.
"""

from collections.abc import Sequence
from typing import Annotated

import msgspec
from msgspec import Meta

from frontdesk.plain import matcher, plain
from frontdesk.statements import sentences
from frontdesk.triggers import Patterns, spoken_in


class Taboo(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One of the `[[never_say]]` of a pack's pack.toml."""

    name: Annotated[str, Meta(pattern=r"^[a-z][a-z0-9_]{0,62}$")]
    patterns: Patterns
    """Any of them, within one sentence of the assistant's. Those of the business's language and of
    English count, those of others in a sentence that has small words of theirs."""
    unless: Patterns = {}
    """A sentence with one of these is harmless: "I cannot say whether you have a case"."""
    note: Annotated[str, Meta(min_length=1, max_length=500)]
    """What the model reads: why it must not be said, and what to say instead."""
    instead: dict[str, str]
    """By language: what the customer reads when the model says it again. English at least."""


class Broken(msgspec.Struct, frozen=True):
    taboo: Taboo
    sentence: str


def find(said: str, language: str, taboos: Sequence[Taboo]) -> list[Broken]:
    """The sentences that must not be said, one of each rule."""
    if not taboos:
        return []
    spoken = [(sentence, plain(sentence)) for sentence in sentences(said)]
    found: list[Broken] = []
    for taboo in taboos:
        hits = [one for one, text in spoken if _breaks(text, language, taboo)]
        found += [Broken(taboo, sentence) for sentence in hits[:1]]
    return found


def _breaks(text: str, language: str, taboo: Taboo) -> bool:
    wanted = matcher(spoken_in(text, language, taboo.patterns))
    unless = matcher(spoken_in(text, language, taboo.unless))
    return wanted.search(text) is not None and unless.search(text) is None


def instead(taboo: Taboo, language: str) -> str:
    texts = taboo.instead
    return texts.get(language) or texts.get("en") or next(iter(texts.values()), "")
