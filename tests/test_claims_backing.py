"""What backs a claim: commitments that agree, deeds of this turn, and the situation."""

import pytest
from support_claims import FRIDAY_AT_EIGHT, REFERENCE, SITUATION, TUESDAY_AT_SEVEN, kinds

from frontdesk.actions import Claim, Commitment
from frontdesk.claims import is_backed


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
