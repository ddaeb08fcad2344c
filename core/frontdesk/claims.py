"""What a reply claims to be done, and whether anything committed backs it.

A claim is doubted when no deed of its kind is known, or when something that it names contradicts
every deed that is.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from datetime import date
from functools import cache

import msgspec

from frontdesk import specifics
from frontdesk.actions import Claim, Commitment
from frontdesk.plain import matcher
from frontdesk.specifics import Specifics
from frontdesk.statements import business_first, claimed, folded, grammars, sentences, words

BACKED_BY = {
    "confirmed": frozenset(
        (
            "booked",
            "moved",
            "cancelled",
            "ordered",
            "order_cancelled",
            "waitlisted",
            "message_taken",
        )
    ),
    "held": frozenset(("held", "booked", "moved", "waitlisted")),
}
"""The kinds of commitments that back a kind of claim, where it is not just the same kind."""
ANY = "any"
"""The kind of "Done!": whatever was done in this very turn backs it."""
_SHOWN = frozenset(("booked", "moved", "held", "ordered", "confirmed"))
"""Claims that the situation's list of what stands can back; that something is cancelled it cannot."""


class Doubt(msgspec.Struct, frozen=True):
    """A claim that nothing backs."""

    kind: str
    sentence: str


def unbacked(
    said: str,
    *,
    claims: Sequence[Claim],
    commitments: Sequence[Commitment],
    fresh: AbstractSet[str],
    failed: AbstractSet[str],
    asked: str,
    situation: str,
    language: str,
    today: date,
) -> list[Doubt]:
    """The claims of a reply that are not true, as far as the engine knows, one a sentence and kind.

    `fresh` are the kinds that outcomes of this turn committed, `failed` those that were tried in it
    without success. `asked` is what the customer said last: what a sentence does not name is taken
    from there. `situation` lists what the customer has, a line with its reference each.
    """
    found = [(one, kind) for one in sentences(said) for kind in claimed(one, claims, language)]
    if not found:
        return []
    facts = _Facts(commitments, fresh, failed, asked, situation, today)
    doubts = (
        Doubt(kind, sentence)
        for sentence, kind in found
        if not facts.back(kind, specifics.read(sentence, today))
    )
    return list(dict.fromkeys(doubts))


def is_backed(kind: str, kinds: AbstractSet[str]) -> bool:
    """Whether deeds of these kinds make a claim of that kind true, whatever else it names."""
    return bool(kinds) if kind == ANY else bool(kinds & BACKED_BY.get(kind, {kind}))


def denies(said: str, language: str) -> bool:
    """The text says plainly that something is not done, was said wrongly, or waits for the customer."""
    text = folded(said)
    return any(
        matcher(tuple(sources)).search(grammars()[of].idioms.sub(" ", text))
        for of, sources in business_first(words()["denials"], language)
    )


def correction(language: str) -> str:
    """The engine's own words when the model will not take a claim back."""
    texts: dict[str, str] = words()["correction"]
    return texts.get(language, texts["en"])


@cache
def default_claims() -> tuple[Claim, ...]:
    """The usual ways to say that something is done, for every kind that the engine knows."""
    by_kind: dict[str, dict[str, tuple[str, ...]]] = {}
    for language in grammars():
        of = words()[language]
        for kind, sources in of["claims"].items():
            found = tuple(_put_in(source, of["words"]) for source in sources)
            by_kind.setdefault(kind, {})[language] = found
    return tuple(Claim(kind, patterns) for kind, patterns in by_kind.items())


_WORD = re.compile(r"\{([a-z]+)\}")


def _put_in(source: str, words: Mapping[str, str]) -> str:
    return _WORD.sub(
        lambda match: words[match[1]], _WORD.sub(lambda match: words[match[1]], source)
    )


# ---- what backs a claim ----------------------------------------------------------------------


class _Facts:
    """What is known to be true when a reply is checked."""

    def __init__(
        self,
        commitments: Sequence[Commitment],
        fresh: AbstractSet[str],
        failed: AbstractSet[str],
        asked: str,
        situation: str,
        today: date,
    ) -> None:
        self.known = [(set(one.kinds), _of_commitment(one)) for one in commitments]
        self.fresh = fresh
        self.failed = failed
        self.asked = specifics.read(asked, today)
        self.shown = list(_of_situation(situation, today))

    def back(self, kind: str, own: Specifics) -> bool:
        """`own` is what the sentence itself names."""
        facts = [of for kinds, of in self.known if is_backed(kind, kinds)]
        if is_backed(kind, self.fresh):
            return kind == ANY or not facts or any(_agree(own, of) for of in facts)
        if kind == ANY:
            return False
        if own.is_empty:
            is_failed = is_backed(kind, self.failed)
            return not is_failed and any(_agree(self.asked, of) for of in facts)
        return any(_agree(own, of) for of in facts) or self._is_shown(kind, own)

    def _is_shown(self, kind: str, own: Specifics) -> bool:
        names_moment = bool(own.times) and own.has_day
        if kind == "moved" and not own.times and not own.has_day:
            return False  # the list does not tell what it was before
        return kind in _SHOWN and any(
            _agree(own, of) and (bool(own.references) or names_moment) for of in self.shown
        )


def _agree(said: Specifics, fact: Specifics) -> bool:
    """Nothing that is said contradicts the fact."""
    return (
        said.references <= fact.references
        and (not said.times or not fact.times or bool(said.times & fact.times))
        and (not said.has_day or not fact.has_day or said.shares_day(fact))
    )


def _of_commitment(of: Commitment) -> Specifics:
    facts = (of.subject, *of.facts)
    return Specifics(
        references=frozenset(fact.upper() for fact in facts),
        times=frozenset(fact for fact in facts if re.fullmatch(r"\d\d:\d\d", fact)),
        dates=frozenset(day for fact in facts if (day := _iso(fact))),
    )


def _iso(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if re.fullmatch(r"\d{4}-\d\d-\d\d", text) else None
    except ValueError:
        return None


def _of_situation(situation: str, today: date) -> Iterator[Specifics]:
    """Each thing that stands in the situation with its reference."""
    for line in re.split(r"[\n;|\u2022]", situation):
        starts = [found.start() for found in specifics.REFERENCE.finditer(line)]
        if len(starts) > 1:
            for start, end in zip(starts, [*starts[1:], len(line)], strict=True):
                yield specifics.read(line[start:end], today)
        elif starts:
            yield specifics.read(line, today)
