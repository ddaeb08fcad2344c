"""Yes, no, or neither: a wrong yes books something unwanted, so there is none."""

import time

import phrases
import pytest
from hypothesis import given
from hypothesis import strategies as st

from frontdesk import consent
from frontdesk.consent import answer

LANGUAGES = ("en", "es", "de", "fr", "it", "pt", "nl")
SAID = {
    (half, language, wanted): tuple(said)
    for half, languages in phrases.read("consent").items()
    for language, lists in languages.items()
    for wanted, said in lists.items()
}
"""Phrases by half, language and what they mean."""
WHY_NOT = ("not", "no", "nicht", "pas", "niet", "não")
"""How "why not" ends; it may be asked."""


def every(wanted: str) -> list[str]:
    """The phrases of that meaning, of proposals that are no cancellations."""
    return [
        p for (half, _, w), said in SAID.items() if w == wanted and half != "cancels" for p in said
    ]


def test_there_are_many_phrases() -> None:
    assert sum(map(len, SAID.values())) > 900


@pytest.mark.parametrize(("half", "language", "wanted"), SAID)
def test_what_customers_answer(half: str, language: str, wanted: str) -> None:
    got = {
        phrase: answer(phrase, language, cancels=half == "cancels")
        for phrase in SAID[half, language, wanted]
    }
    assert {phrase: said for phrase, said in got.items() if said != wanted} == {}


@pytest.mark.parametrize("business", [*LANGUAGES, "ja", ""])
def test_nothing_becomes_a_yes_in_a_business_of_another_language(business: str) -> None:
    wrong = [p for w in ("no", "unclear") for p in every(w) if answer(p, business) == "yes"]
    assert wrong == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_cancellation_is_never_agreed_to_by_refusing(language: str) -> None:
    refused = [p for (_, of, w), said in SAID.items() if w == "no" and of == language for p in said]
    undone = (
        "cancel",
        "forget",
        "cancél",
        "anul",
        "annul",
        "storn",
        "drop",
        "scrap",
        "skip",
        "stop",
    )
    for phrase in refused:
        if answer(phrase, language, cancels=True) == "yes":
            assert any(word in phrase.lower() for word in undone)


@pytest.mark.parametrize(
    "doubt",
    ["wait", "but", "maybe", "?", "at 8", "not sure", "no", "5", "Friday", "xyzzy", "instead", "pero", "aber",
     "mais", "ma", "add a coke", "don't", "nicht", "pas", "non", "if you can", "🤔", "👎"],
)  # fmt: skip
def test_no_yes_survives_a_doubt(doubt: str) -> None:
    for phrase in every("yes"):
        for text in (
            f"{phrase} {doubt}",
            f"{phrase}, {doubt}",
            f"{doubt}. {phrase}",
            f"{phrase}\n{doubt}",
        ):
            is_idiom = doubt == "?" and phrase.split()[-1] in WHY_NOT
            assert answer(text, "en") != "yes" or is_idiom, text


def test_thanks_and_politeness_change_nothing() -> None:
    for phrase in every("yes"):
        for text in (
            f"{phrase} please",
            f"Hi! {phrase}. Thank you so much!",
            f"{phrase} 😊🙏",
            f" {phrase}\n\n",
        ):
            assert answer(text, "en") == "yes" or answer(phrase, "en") != "yes", text


def test_several_messages_are_one_answer() -> None:
    assert answer("yes\nplease", "en") == "yes"
    assert answer("yes\nwait\nmake it 8", "en") == "unclear"
    assert answer("no\nthanks", "en") == "no"
    assert answer("yes\nno", "en") == "unclear"


@pytest.mark.parametrize(
    "text",
    ["YES", "y\u200be\u200bs", "\uff39\uff25\uff33", "yeeeees", "  yes ", "yes!!!!", "yes…", "¡sí!",
     "si\u0300", "OK.", "oui\u00a0!",
     "JA!", "d\u2019accord", "d'accord", "daccord", "Perfékt"],
)  # fmt: skip
def test_writing_does_not_matter(text: str) -> None:
    assert answer(text, "en") == "yes"


def test_the_business_language_decides_what_is_ambiguous() -> None:
    assert answer("prima", "de") == "yes"
    assert answer("prima", "it") == "unclear"  # "earlier"
    assert answer("sì prima", "en") == "unclear"


@given(st.text(max_size=300), st.sampled_from([*LANGUAGES, "xx"]), st.booleans())
def test_it_never_raises(text: str, language: str, cancels: bool) -> None:
    assert answer(text, language, cancels=cancels) in ("yes", "no", "unclear")


@given(
    st.lists(st.sampled_from(every("yes") + every("no") + every("unclear")), min_size=2, max_size=4)
)
def test_a_yes_has_no_part_that_is_none(parts: list[str]) -> None:
    if answer(". ".join(parts), "en") == "yes":
        assert {answer(part, "en") for part in parts} <= {"yes", "unclear"}
        assert not any(part in every("no") for part in parts)


@given(st.text("abcdefghijklmnopqrstuvwxyz", min_size=9, max_size=12))
def test_a_word_that_is_not_known_keeps_a_yes_from_counting(word: str) -> None:
    if consent.answer(word, "en") == "unclear":
        assert answer(f"yes {word}", "en") == "unclear" or answer(f"{word} yes", "en") == "yes"


@pytest.mark.parametrize("unit", ["yes ", "no ", "yes, ", "a", "? ", "not sure about "])
def test_it_is_fast(unit: str) -> None:
    answer("warm", "en")
    start = time.process_time()
    answer((unit * 4000)[:4000], "en")
    answer((unit * 1000)[:1000], "en")
    assert time.process_time() - start < 0.3
