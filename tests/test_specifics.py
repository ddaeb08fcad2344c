"""Times, days and references that a sentence names."""

from datetime import date

import pytest
from support_claims import SUNDAY

from frontdesk import specifics


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
