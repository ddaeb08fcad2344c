"""What a reply claims to be done, and what backs it."""

import time
from datetime import date
from typing import Any

import phrases
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from frontdesk import specifics
from frontdesk.actions import Claim, Commitment
from frontdesk.claims import (
    Doubt,
    correction,
    default_claims,
    denies,
    is_backed,
    unbacked,
)
from frontdesk.plain import matcher
from frontdesk.statements import sentences

LANGUAGES = ("en", "es", "de", "fr", "it")
SUNDAY = date(2026, 11, 22)
REFERENCE = "7F3K-9QXM"
TUESDAY_AT_SEVEN = Commitment(
    kinds=("booked",), subject=REFERENCE, facts=(REFERENCE, "2026-11-24", "19:00")
)
FRIDAY_AT_EIGHT = Commitment(
    kinds=("booked",), subject="ABCD-2345", facts=("ABCD-2345", "2026-11-27", "20:00")
)
SITUATION = (
    "Local time: Sunday 22 November 2026, 12:00\nThe business is open, closes Sunday 22 November at 23:00\n"
    f"Their bookings: {REFERENCE}: Tue, Nov 24, 7:00 PM for 4"
)


def doubts(said: str, **given: Any) -> list[Doubt]:
    known: dict[str, Any] = {
        "claims": default_claims(),
        "commitments": (),
        "fresh": set(),
        "failed": set(),
        "asked": "",
        "situation": "",
        "language": "en",
        "today": SUNDAY,
    }
    return unbacked(said, **(known | given))


def kinds(said: str, **given: Any) -> set[str]:
    return {doubt.kind for doubt in doubts(said, **given)}


# ---- what claims ---------------------------------------------------------------------------------

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


# ---- what backs ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "said",
    [
        "You're booked!",
        "You're booked for Tuesday.",
        "You're booked for 7 PM.",
        "You're booked for Tue, Nov 24, 7:00 PM.",
        "You're booked for 19:00.",
        "You're booked for 24 November at 7.",
        "You're booked for 11/24.",
        "It is booked for 2026-11-24.",
        f"Your table is booked, reference {REFERENCE}.",
        f"Your booking {REFERENCE.lower()} is confirmed for Tuesday at 7pm.",
        "Your table is booked from 7 PM to 9 PM.",
        "You're booked for the 24th.",
        "It's confirmed.",
        "Ihr Tisch ist für Dienstag, 24. November, um 19 Uhr reserviert.",
        "Votre table est réservée pour mardi à 19h.",
        "Su mesa está reservada para el martes a las 7 de la tarde.",
        "Il tavolo è prenotato per martedì 24 novembre alle 19.",
    ],
)
def test_a_commitment_backs_what_agrees_with_it(said: str) -> None:
    assert kinds(said)
    assert kinds(said, commitments=[TUESDAY_AT_SEVEN]) == set()
    assert kinds(said, commitments=[FRIDAY_AT_EIGHT, TUESDAY_AT_SEVEN]) == set()


@pytest.mark.parametrize(
    "said",
    [
        "You're booked for Wednesday.",
        "You're booked for 8 PM.",
        "You're booked for Tuesday at 8 PM.",
        "You're booked for Nov 25.",
        "You're booked for 7 AM.",
        "You're booked, reference ABCD-2345.",
        f"You're booked: {REFERENCE} and ABCD-2345.",
        "You're booked for tomorrow.",
        "You're booked for tonight at 7 PM.",
        "Ihr Tisch ist für Mittwoch reserviert.",
        "Votre table est réservée pour 20h.",
        "Il tavolo è prenotato per domani alle 19.",
        "Su mesa está reservada para mañana.",
    ],
)
def test_it_does_not_back_what_contradicts_it(said: str) -> None:
    assert kinds(said, commitments=[TUESDAY_AT_SEVEN]) == {"booked"}
    assert kinds(said, commitments=[TUESDAY_AT_SEVEN], fresh={"booked"}) == {"booked"}


def test_the_kind_must_be_the_same() -> None:
    for said in (
        "I've cancelled your booking.",
        "I've moved your booking to Tuesday.",
        "Your order has been placed.",
    ):
        assert kinds(said, commitments=[TUESDAY_AT_SEVEN])
    moved = Commitment(kinds=("moved", "booked"), subject=REFERENCE, facts=("2026-11-25", "19:00"))
    assert (
        kinds("I've moved your booking to Wednesday. You're booked for 7 PM.", commitments=[moved])
        == set()
    )
    cancelled = Commitment(kinds=("cancelled",), subject=REFERENCE)
    assert kinds("Your booking for Tuesday at 7 is cancelled.", commitments=[cancelled]) == set()
    assert kinds("You're booked.", commitments=[cancelled]) == {"booked"}


def test_being_booked_backs_being_held_and_confirmed() -> None:
    assert kinds("I'm holding the table for you.", commitments=[TUESDAY_AT_SEVEN]) == set()
    held = Commitment(kinds=("held",), subject="p1")
    assert kinds("I'm holding the table for you.", commitments=[held]) == set()
    assert kinds("It's confirmed.", commitments=[held]) == {"confirmed"}
    ordered = Commitment(kinds=("ordered",), subject="12")
    assert kinds("It's confirmed.", commitments=[ordered]) == set()


def test_what_the_sentence_does_not_name_the_customer_did() -> None:
    booked = [TUESDAY_AT_SEVEN]
    assert (
        kinds("You're booked!", commitments=booked, asked="Am I booked on Tuesday at 7?") == set()
    )
    assert kinds("You're booked!", commitments=booked, asked="Book me for Friday at 8") == {
        "booked"
    }
    assert kinds("You're booked!", commitments=booked, asked="make it 8pm please") == {"booked"}
    assert kinds("You're booked for Tuesday!", commitments=booked, asked="Friday at 8") == set()
    assert kinds("You're booked!", commitments=booked, asked="is ABCD-2345 ok?") == {"booked"}


def test_what_was_done_in_this_turn_backs_bare_words() -> None:
    asked = "Friday at 8 please"
    assert (
        kinds("You're booked!", commitments=[TUESDAY_AT_SEVEN], fresh={"booked"}, asked=asked)
        == set()
    )
    assert kinds("You're booked for 7 PM!", fresh={"booked"}) == set()
    assert kinds("I've cancelled it.", fresh={"booked"}) == {"cancelled"}


def test_what_failed_in_this_turn_is_not_backed_by_older_deeds() -> None:
    booked = [TUESDAY_AT_SEVEN]
    assert kinds("You're booked!", commitments=booked, failed={"booked"}) == {"booked"}
    assert (
        kinds("You're booked for Tuesday at 7 PM.", commitments=booked, failed={"booked"}) == set()
    )
    assert kinds("You're booked!", commitments=booked, failed={"cancelled"}) == set()
    # It failed once and was done then.
    assert kinds("You're booked!", commitments=booked, failed={"booked"}, fresh={"booked"}) == set()


@pytest.mark.parametrize(
    "said",
    ["Done!", "All set!", "You're all set.", "\u00a1Hecho!", "Erledigt!", "C'est fait !", "Fatto!"],
)
def test_done_is_backed_by_any_deed_of_this_turn_only(said: str) -> None:
    assert kinds(said) == {"any"}
    assert kinds(said, commitments=[TUESDAY_AT_SEVEN]) == {"any"}
    assert kinds(said, fresh={"cancelled"}) == set()
    assert kinds(said, fresh={"any"}) == set()
    assert kinds(said, failed={"booked"}) == {"any"}


@pytest.mark.parametrize(
    ("said", "found"),
    [
        ("You're booked for Tuesday at 7 PM.", set()),
        (f"Your booking {REFERENCE} is confirmed.", set()),
        (f"Your booking {REFERENCE} is confirmed for Tue, Nov 24 at 7:00 PM.", set()),
        (f"Your booking {REFERENCE} is confirmed for 8 PM.", {"booked"}),
        ("You're booked.", {"booked"}),
        ("You're booked for Tuesday.", {"booked"}),
        ("You're booked for 7 PM.", {"booked"}),
        ("You're booked for Sunday at 11 PM.", {"booked"}),  # when it closes
        ("You're booked under ABCD-2345.", {"booked"}),
        (f"I've cancelled your booking {REFERENCE}.", {"cancelled"}),
        (f"I've moved your booking {REFERENCE}.", {"moved"}),
        (f"I've moved your booking {REFERENCE} to 8 PM.", {"moved"}),
    ],
)
def test_the_situation_backs_what_stands_in_it(said: str, found: set[str]) -> None:
    assert kinds(said, situation=SITUATION) == found


def test_several_bookings_in_the_situation_are_told_apart() -> None:
    lines = f"Bookings: {REFERENCE}: Tue, Nov 24, 7:00 PM; ABCD-2345: Fri, Nov 27, 8:00 PM"
    for situation in (lines, lines.replace("; ", ", "), lines.replace("; ", "\n")):
        assert kinds("You're booked for Friday at 8 PM.", situation=situation) == set()
        assert kinds("You're booked for Friday at 7 PM.", situation=situation) == {"booked"}


def test_actions_and_packs_bring_claims() -> None:
    towed = Claim(
        "towed",
        {
            "en": (r"\b(?:truck|tow)(?:['\u2019]s| is) on its way\b",),
            "fr": ("dépanneuse est partie",),
        },
    )
    for said in (
        "The truck's on its way.",
        "The TRUCK is on its way!",
        "The truck\u2019s on its way.",
    ):
        assert kinds(said, claims=[towed]) == {"towed"}
    assert kinds("La dépanneuse est partie.", claims=[towed]) == {"towed"}
    assert kinds("La depanneuse est partie.", claims=[towed], language="fr") == {"towed"}
    assert kinds("Shall I say when the truck is on its way?", claims=[towed]) == set()
    assert kinds("The truck is on its way.", claims=[towed], fresh={"towed"}) == set()


def test_a_pattern_that_is_no_regular_expression_is_left_out() -> None:
    bad = Claim("x", {"en": ("(open", r"\bfine\b", "(?P<a>b)(?P<a>c)", r"(a)\2", "(?P=a)")})
    assert kinds("It is fine.", claims=[bad]) == {"x"}
    assert kinds("It is open.", claims=[bad]) == set()


@pytest.mark.parametrize(
    ("kind", "of", "backed"),
    [
        ("booked", {"booked"}, True),
        ("booked", {"ordered"}, False),
        ("any", {"ordered"}, True),
        ("any", set(), False),
        ("confirmed", {"moved"}, True),
        ("confirmed", {"held"}, False),
        ("held", {"booked"}, True),
        ("towed", {"towed"}, True),
    ],
)
def test_kinds_that_make_a_claim_true(kind: str, of: set[str], backed: bool) -> None:
    assert is_backed(kind, of) is backed


# ---- taking back ---------------------------------------------------------------------------------


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


# ---- what a sentence names -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "times"),
    [
        ("7 PM", "19:00"),
        ("7:30pm", "19:30"),
        ("7 p.m.", "19:00"),
        ("12 am", "00:00"),
        ("12 pm", "12:00"),
        ("19:00", "19:00"),
        ("07:30", "07:30"),
        ("7:30", "07:30 19:30"),
        ("19h", "19:00"),
        ("19h30", "19:30"),
        ("19 h 30", "19:30"),
        ("19 Uhr", "19:00"),
        ("19.30 Uhr", "19:30"),
        ("19 Uhr 30", "19:30"),
        ("um 7", "07:00 19:00"),
        ("a las 7", "07:00 19:00"),
        ("7 de la tarde", "19:00"),
        ("8 heures du soir", "20:00"),
        ("alle 20.30", "20:30"),
        ("noon", "12:00"),
        ("at midnight", "00:00"),
        ("at 7 for 4", "07:00 19:00"),
        ("7 o'clock", "07:00 19:00"),
        ("10-11:30 am", "11:30"),
        ("for 7 people", ""),
        ("$7.30", ""),
        ("24/7", ""),
        ("Nov 24", ""),
        ("24.11.2026", ""),
        ("7F3K-9QXM", ""),
        ("at 12 Main Street", ""),
        ("2026-11-24", ""),
        ("+1 212 555 0123", ""),
        ("25:00", ""),
    ],
)
def test_times(text: str, times: str) -> None:
    assert specifics.read(text, SUNDAY).times == set(times.split())


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("Tue, Nov 24", date(2026, 11, 24)),
        ("November 24th, 2026", date(2026, 11, 24)),
        ("24. November", date(2026, 11, 24)),
        ("24 de noviembre", date(2026, 11, 24)),
        ("24 novembre", date(2026, 11, 24)),
        ("2026-11-24", date(2026, 11, 24)),
        ("24.11.", date(2026, 11, 24)),
        ("11/24/2026", date(2026, 11, 24)),
        ("24/11", date(2026, 11, 24)),
        ("the 24th", date(2026, 11, 24)),
        ("Dienstag", date(2026, 11, 24)),
        ("martes", date(2026, 11, 24)),
        ("mardi", date(2026, 11, 24)),
        ("martedì", date(2026, 11, 24)),
        ("tomorrow", date(2026, 11, 23)),
        ("mañana", date(2026, 11, 23)),
        ("morgen", date(2026, 11, 23)),
        ("demain", date(2026, 11, 23)),
        ("domani", date(2026, 11, 23)),
        ("tonight", SUNDAY),
        ("heute Abend", SUNDAY),
        ("übermorgen", date(2026, 11, 24)),
        ("the day after tomorrow", date(2026, 11, 24)),
    ],
)
def test_days(text: str, day: date) -> None:
    read = specifics.read(text, SUNDAY)
    assert read.has_day
    assert read.fits(day)
    assert not read.fits(date(2026, 12, 2))


@pytest.mark.parametrize(
    "text",
    [
        "hello",
        "for 4 people",
        "guten Morgen",
        "por la mañana",
        "24/7",
        "5 may be enough",
        "at 7 PM",
        "on the 1st floor",
    ],
)
def test_no_day(text: str) -> None:
    assert not specifics.read(text, SUNDAY).has_day


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("ref 7F3K-9QXM.", {"7F3K-9QXM"}),
        ("7f3k-9qxm", {"7F3K-9QXM"}),
        ("7F3K\u20119QXM", {"7F3K-9QXM"}),
        ("5550-1234", set()),
        ("212-555-0123", set()),
        ("part-year", set()),
        ("KWXZ-BCDF", {"KWXZ-BCDF"}),
        ("IL0O-1234", set()),
    ],
)
def test_references(text: str, found: set[str]) -> None:
    assert specifics.references(text) == found


# ---- robustness ----------------------------------------------------------------------------------

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
