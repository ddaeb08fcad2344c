"""Dates, times and money as customers read them."""

from datetime import UTC, datetime

import pytest

from frontdesk import Business, speech


def business(locale: str, zone: str, currency: str = "EUR") -> Business:
    return Business(id="b", name="B", locale=locale, timezone=zone, currency=currency)


@pytest.mark.parametrize(
    ("locale", "zone", "text"),
    [
        ("en-US", "America/New_York", "Tue, Nov 24, 7:00 PM"),
        ("en-GB", "Europe/London", "Wed 25 Nov, 00:00"),
        ("de-DE", "Europe/Berlin", "Mi., 25. Nov., 01:00"),
        ("es-ES", "Europe/Madrid", "mié, 25 nov, 1:00"),
        ("fr-FR", "Europe/Paris", "mer. 25 nov., 01:00"),
        ("it", "Europe/Rome", "mer 25 nov, 01:00"),
        ("tlh-XX", "UTC", "Wed, Nov 25, 12:00 AM"),
    ],
)
def test_a_moment(locale: str, zone: str, text: str) -> None:
    assert speech.moment(business(locale, zone), datetime(2026, 11, 25, 0, 0, tzinfo=UTC)) == text


def test_a_time_that_comes_twice_has_its_zone() -> None:
    new_york = business("en-US", "America/New_York")
    assert speech.clock(new_york, datetime(2026, 11, 1, 5, 30, tzinfo=UTC)) == "1:30 AM EDT"
    assert speech.clock(new_york, datetime(2026, 11, 1, 6, 30, tzinfo=UTC)) == "1:30 AM EST"


@pytest.mark.parametrize(
    ("locale", "currency", "minor", "text"),
    [
        ("en-US", "USD", 123456, "$1,234.56"),
        ("en-US", "JPY", 500, "¥500"),
        ("en-US", "KWD", 1500, "KWD 1.500"),
        ("de-DE", "EUR", 199, "1,99 €"),
        ("fr-FR", "EUR", 123456, "1 234,56 €"),
        ("en-US", "HUF", 10050, "HUF 100.50"),
        ("en-US", "RSD", 100, "RSD 1.00"),
    ],
)
def test_money_is_in_the_minor_unit_of_iso_4217(
    locale: str, currency: str, minor: int, text: str
) -> None:
    assert speech.money(business(locale, "UTC", currency), minor) == text
