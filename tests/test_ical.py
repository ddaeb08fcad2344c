"""Bookings in calendars, parsed again by the library."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from support_ical import BELLA, NOW, START, booking, ms, parsed

from frontdesk.business import Business
from frontdesk_plugins.booking import ical


def test_the_customers_own_booking() -> None:
    row = booking(sequence=3, updated=ms(NOW) + 5000)
    _, (event,) = parsed(ical.for_customer(BELLA, row, "desk.example.com"))
    assert event["UID"] == f"{row['id']}@desk.example.com"
    assert event["SEQUENCE"] == 3
    assert event["STATUS"] == "CONFIRMED"
    assert event.start == START
    assert event.end == START + timedelta(minutes=90)
    assert event["DTSTART"].to_ical() == b"20261124T190000Z"
    assert event["DTSTAMP"].to_ical() == b"20261122T120005Z"
    assert event["SUMMARY"] == "Booking at Bella, Roma; \\ & Co"
    assert event["LOCATION"] == "1 High St, London"
    assert event["URL"] == "https://bella.example/a,b"
    assert event["DESCRIPTION"] == "Reference: 7F3K-9QXM\n4 people\nPhone: +44 20 7946 0000"


def test_it_tells_nothing_about_the_customer() -> None:
    data = ical.for_customer(BELLA, booking(id="b", resources='["T9"]'), "x").decode()
    for private in ("Ana", "Ruiz", "555", "birthday", "T9", "Window"):
        assert private not in data


@pytest.mark.parametrize(
    ("status", "shown"),
    [("confirmed", "CONFIRMED"), ("cancelled", "CANCELLED"), ("pending", "TENTATIVE"),
     ("arrived", "CONFIRMED"), ("completed", "CONFIRMED"), ("no_show", "CONFIRMED")],
)  # fmt: skip
def test_the_status(status: str, shown: str) -> None:
    _, (event,) = parsed(ical.for_customer(BELLA, booking(status=status), "x"))
    assert event["STATUS"] == shown


@pytest.mark.parametrize(
    ("locale", "summary", "lines"),
    [
        ("en-US", "Haircut at Bella", "Reference: 7F3K-9QXM\n2 people"),
        ("es-ES", "Haircut en Bella", "Referencia: 7F3K-9QXM\n2 personas"),
        ("de-DE", "Haircut bei Bella", "Buchungsnummer: 7F3K-9QXM\n2 Personen"),
        ("fr-FR", "Haircut chez Bella", "Référence: 7F3K-9QXM\n2 personnes"),
        ("it-IT", "Haircut presso Bella", "Riferimento: 7F3K-9QXM\n2 persone"),
        ("nl-NL", "Haircut at Bella", "Reference: 7F3K-9QXM\n2 people"),
    ],
)
def test_it_speaks_the_language_of_the_business(locale: str, summary: str, lines: str) -> None:
    settings = {"booking": {"services": [{"id": "cut", "name": "Haircut"}]}}
    business = Business(id="b", name="Bella", locale=locale, settings=settings)
    _, (event,) = parsed(ical.for_customer(business, booking(service="cut", party=2), "x"))
    assert (event["SUMMARY"], event["DESCRIPTION"]) == (summary, lines)
    assert "LOCATION" not in event
    assert "URL" not in event


def test_a_feed() -> None:
    rows = [
        booking(name="Ana Ruiz", resources='["T1", "T2"]'),
        booking(name="Bo", party=1, service="gone", resources="[]", status="cancelled"),
        booking(name="", party=1, resources='["removed"]'),
    ]
    calendar, events = parsed(ical.feed(BELLA, rows, "desk.example.com", ical.FeedRules()))
    for name in ("NAME", "X-WR-CALNAME"):  # which the library does not know to be text
        assert calendar[name].to_ical() == b"Bella\\, Roma\\; \\\\ & Co"
    assert calendar["X-PUBLISHED-TTL"] == "PT1H"
    assert calendar["REFRESH-INTERVAL"].dt == timedelta(hours=1)
    assert calendar["REFRESH-INTERVAL"].params["VALUE"] == "DURATION"
    assert [event["SUMMARY"] for event in events] == ["Ana Ruiz, 4 people", "gone, Bo", "7F3K-9QXM"]
    assert [event.get("LOCATION") for event in events] == ["Window, T2", None, "removed"]
    assert [event["STATUS"] for event in events] == ["CONFIRMED", "CANCELLED", "CONFIRMED"]
    assert {event["DESCRIPTION"] for event in events} == {"Reference: 7F3K-9QXM"}
    _, events = parsed(ical.feed(BELLA, rows, "x", ical.FeedRules(initials=True)))
    assert [event["SUMMARY"] for event in events] == ["A. R., 4 people", "gone, B.", "7F3K-9QXM"]
    calendar, events = parsed(ical.feed(BELLA, rows, "x", ical.FeedRules(), "T2"))
    assert calendar["X-WR-CALNAME"].to_ical() == b"Bella\\, Roma\\; \\\\ & Co: T2"
    assert [event["SUMMARY"] for event in events] == ["Ana Ruiz, 4 people"]


def test_the_same_bookings_make_the_same_bytes() -> None:
    row = booking()
    assert ical.for_customer(BELLA, row, "x") == ical.for_customer(BELLA, row, "x")


@pytest.mark.parametrize(
    ("name", "short"),
    [("Ana Ruiz", "A. R."), ("  maría  josé ", "M. J."), ("Jean-Luc", "J."), ("李小龍", "李."),
     ("(Bo)", "B."), ("", ""), ("- !", ""), ("élan O'Neil", "É. O.")],
)  # fmt: skip
def test_initials(name: str, short: str) -> None:
    assert ical.initials(name) == short


TYPED = st.text(st.characters(codec="utf-8"), max_size=80)


@given(TYPED, TYPED, st.integers(0, 2**33), st.integers(1, 60 * 24))
@example("x\r\nEND:VEVENT\r\nBEGIN:VEVENT", "\n\\n;,:\"'\x0b\x85\u2028", 0, 1)
@example("\ud7ff" * 40, "👩‍👩‍👧" * 20, 1, 1)
def test_whatever_was_typed_stays_text(name: str, title: str, second: int, minutes: int) -> None:
    business = Business(
        id="b", name=title, address=title, phone=title, website=f"https://x/{title}",
        settings={"booking": {"resources": [{"id": "T1", "name": title}]}},
    )  # fmt: skip
    row = booking(
        name=name, service=name, starts=second * 1000, ends=(second + minutes * 60) * 1000
    )
    for data in (
        ical.for_customer(business, row, "x"),
        ical.feed(business, [row], "x", ical.FeedRules(), "T1"),
        ical.feed(business, [row], "x", ical.FeedRules(initials=True)),
    ):
        calendar, (event,) = parsed(data)
        assert event["UID"] == f"{row['id']}@x"
        assert event.start == datetime.fromtimestamp(second, UTC)
        assert event.end - event.start == timedelta(minutes=minutes)
        assert set(calendar) <= {
            "PRODID", "VERSION", "CALSCALE", "METHOD", "NAME", "X-WR-CALNAME", "X-WR-TIMEZONE",
            "REFRESH-INTERVAL", "X-PUBLISHED-TTL",
        }  # fmt: skip
        assert set(event) <= {
            "UID", "SEQUENCE", "STATUS", "DTSTART", "DTEND", "DTSTAMP", "CREATED", "LAST-MODIFIED",
            "SUMMARY", "LOCATION", "DESCRIPTION", "URL",
        }  # fmt: skip
    plain = re.sub(r"[^\w ]", "", name, flags=re.ASCII).strip()
    if plain and plain == name:
        assert plain in parsed(ical.feed(business, [row], "x", ical.FeedRules()))[1][0]["SUMMARY"]
