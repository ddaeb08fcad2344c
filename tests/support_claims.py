"""Commitments, and what a reply claims beyond them."""

from datetime import date
from typing import Any

from frontdesk.actions import Commitment
from frontdesk.claims import Doubt, default_claims, unbacked

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
