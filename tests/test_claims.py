"""What a reply claims to be done: phrases, what takes them back, and any text at all."""

import time
from datetime import date

import phrases
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support_claims import LANGUAGES, TUESDAY_AT_SEVEN, doubts, kinds

from frontdesk.actions import Commitment
from frontdesk.claims import Doubt, correction, default_claims, denies
from frontdesk.plain import matcher
from frontdesk.statements import sentences

# ---- what claims -----------------------------------------------------------------------------


SAID = [
    (half, language, kind, tuple(said))
    for half, languages in phrases.read("claims").items()
    for language, lists in languages.items()
    for kind, said in lists.items()
]


def test_there_are_many_phrases() -> None:
    assert sum(len(said) for _, _, kind, said in SAID if kind != "innocent") > 550
    assert sum(len(said) for _, _, kind, said in SAID if kind == "innocent") > 550


@pytest.mark.parametrize(
    ("language", "kind", "said"),
    [pytest.param(of, kind, said, id=f"{half}-{of}-{kind}") for half, of, kind, said in SAID],
)
def test_what_assistants_say(language: str, kind: str, said: tuple[str, ...]) -> None:
    for business in (language, "en", "ja"):
        found = {phrase: kinds(phrase, language=business) for phrase in said}
        if kind == "innocent":
            assert {phrase: of for phrase, of in found.items() if of} == {}
        elif kind in ("any", "confirmed"):
            assert [phrase for phrase, of in found.items() if not of] == []
        else:
            assert [phrase for phrase, of in found.items() if kind not in of] == []


@pytest.mark.parametrize(
    ("said", "found"),
    [
        ("You are not booked for 7, but you're booked for 8.", {"booked"}),
        ("If you confirm, your table is booked.", set()),
        ("If anything changes, tell us; your table is booked.", {"booked"}),
        ("Your table is booked. Is there anything else?", {"booked"}),
        ("Your table is booked, is there anything else?", {"booked"}),
        ("Your table is booked?", set()),
        ("I've cancelled your booking and booked a new table for you.", {"cancelled", "booked"}),
        ("Reply YES, and your table is booked.", set()),
        ("Sí, su mesa está reservada.", {"booked"}),
        ("Si quiere, su mesa queda reservada.", set()),
        ("Sì, il tavolo è prenotato.", {"booked"}),
        ("Se vuole, il tavolo è prenotato.", set()),
        ("Oh no. Your table is booked.", {"booked"}),
        ("YOU'RE BOOKED!", {"booked"}),
        ("**You\u2019re booked** \U0001f389", {"booked"}),
        ("Your table\u2019s booked", {"booked"}),
        ("Your ta\u200bble is bo\u00adoked.", {"booked"}),
    ],
)
def test_clauses_count(said: str, found: set[str]) -> None:
    assert kinds(said) == found


def test_a_doubt_names_its_sentence() -> None:
    said = "Hi! **Your table is booked for 7 p.m. on Tuesday.** See you.\nI've cancelled the other booking."
    assert doubts(said) == [
        Doubt("booked", "**Your table is booked for 7 p.m. on Tuesday.**"),
        Doubt("cancelled", "I've cancelled the other booking."),
    ]


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("One. Two! Three? Four\u2026 Five", ["One.", "Two!", "Three?", "Four\u2026", "Five"]),
        ("At 7 p.m. on Friday. Yes.", ["At 7 p.m. on Friday.", "Yes."]),
        ("It is at 7 p.m. See you.", ["It is at 7 p.m.", "See you."]),
        ("Am 24. November um 19 Uhr. Gut.", ["Am 24. November um 19 Uhr.", "Gut."]),
        ("Dr. Lee sees you on Tue. Nov. 24 at 9.", ["Dr. Lee sees you on Tue. Nov. 24 at 9."]),
        ("\u00a1Listo! \u00bfAlgo m\u00e1s?", ["\u00a1Listo!", "\u00bfAlgo m\u00e1s?"]),
        ("a\n\n- b\n- c", ["a", "- b", "- c"]),
        ("", []),
    ],
)
def test_sentences(text: str, parts: list[str]) -> None:
    assert sentences(text) == parts


# ---- taking back -----------------------------------------------------------------------------


@pytest.mark.parametrize("language", [*LANGUAGES, "ja"])
def test_denials(language: str) -> None:
    for said in phrases.read("denials").values():
        assert [text for text in said["denies"] if not denies(text, language)] == []
        assert [text for text in said["not"] if denies(text, language)] == []


def test_the_correction_speaks_every_language_and_denies() -> None:
    assert correction("en") == "Correction: I said that something was done, and it is not done."
    assert correction("ja") == correction("en")
    assert len({correction(language) for language in LANGUAGES}) == len(LANGUAGES)
    for language in LANGUAGES:
        assert denies(correction(language), language)
        assert kinds(correction(language), language=language) == set()


# ---- robustness ------------------------------------------------------------------------------


WORDS = st.sampled_from(
    [
        "your table", "is booked", "I've", "you're", "if", "once", "not", "tomorrow", "at", "7", "PM",
        "Tuesday", "reserviert", *",.!?:-\n", "7F3K-9QXM", "24/11", "ich habe", "votre", "su",
        "il tavolo è", "done", "and", "but", "p.m.", "  ",
    ]
)  # fmt: skip
TEXT = st.text(max_size=200) | st.lists(WORDS, max_size=60).map(" ".join)
COMMITMENTS = st.lists(
    st.builds(
        Commitment,
        kinds=st.lists(st.sampled_from(["booked", "moved", "x"]), max_size=2).map(tuple),
        subject=st.text(max_size=10),
        facts=st.lists(
            st.text(max_size=10) | st.sampled_from(["2026-13-45", "25:99", "19:00"])
        ).map(tuple),
    ),
    max_size=2,
)


@settings(deadline=None)
@given(TEXT, TEXT, TEXT, COMMITMENTS, st.sampled_from([*LANGUAGES, "xx", ""]), st.dates())
def test_it_never_raises(
    said: str, asked: str, situation: str, commitments: list[Commitment], language: str, today: date
) -> None:
    for doubt in doubts(
        said,
        asked=asked,
        situation=situation,
        commitments=commitments,
        language=language,
        today=today,
    ):
        assert doubt.sentence in said
    denies(said, language)


@settings(deadline=None)
@given(TEXT, st.sets(st.sampled_from(["booked", "cancelled", "moved", "ordered"])))
def test_more_deeds_never_mean_more_doubts(said: str, fresh: set[str]) -> None:
    assert set(doubts(said, fresh=fresh)) <= set(doubts(said))


@settings(deadline=None)
@given(TEXT)
def test_sentences_keep_every_word(text: str) -> None:
    kept = "".join("".join(sentences(text)).split())
    assert kept == "".join(text.split())


UNITS = (
    "your ",
    "your table is ",
    "i have ",
    "we ",
    "ich habe ",
    ", ",
    "- ",
    "a",
    "you have a ",
    "7:00 pm on Tuesday ",
    "great, ",
    "ihr tisch ist ",
    "your table is booked if ",
    "24. ",
    "1/2 ",
    "noon ",
    "\u00e9",
    ". ",
    "not ",
)


@pytest.mark.parametrize("unit", UNITS)
def test_it_is_fast(unit: str) -> None:
    said = (unit * 4000)[:4000]
    doubts("warm", language="fr")
    start = time.process_time()
    doubts(said, asked=said, situation=said, commitments=[TUESDAY_AT_SEVEN])
    denies(said, "en")
    assert time.process_time() - start < 1.5


def test_the_defaults_are_regular_expressions_for_every_language() -> None:
    for claim in default_claims():
        assert set(claim.patterns) == set(LANGUAGES)
        for sources in claim.patterns.values():
            assert matcher(sources).search("") is None
