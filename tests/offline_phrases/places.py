"""The businesses that the phrases are said to, and the moment they are said."""

from datetime import datetime
from zoneinfo import ZoneInfo

import msgspec

from frontdesk.business import Business, Hours

MEALS = ("12:00-15:00", "18:00-23:00")
DAY = ("07:00-22:00",)


class Place(msgspec.Struct, frozen=True):
    business: Business
    now: datetime


def _place(
    name: str, zone: str, locale: str, now: tuple[int, int, int, int, int], *hours: str
) -> Place:
    business = Business(
        id=name, name="The Fig", timezone=zone, locale=locale, country=locale[-2:],
        hours=Hours(*[hours] * 7),
    )  # fmt: skip
    return Place(business, datetime(*now, tzinfo=ZoneInfo(zone)))


PLACES = {
    # Day before month, a Thursday.
    "london": _place("london", "Europe/London", "en-GB", (2027, 3, 11, 10, 20), *MEALS),
    # The same half an hour after midnight, between Friday and Saturday.
    "night": _place("night", "Europe/London", "en-GB", (2027, 3, 13, 0, 30), *MEALS),
    # A Sunday, when weeks begin.
    "sunday": _place("sunday", "Europe/London", "en-GB", (2026, 11, 22, 12, 0), *MEALS),
    # Working hours, a Monday.
    "salon": _place("salon", "Europe/London", "en-GB", (2026, 7, 6, 8, 45), "09:00-18:00"),
    # Month before day, open all day, a Tuesday before Thanksgiving.
    "boston": _place("boston", "America/New_York", "en-US", (2026, 11, 24, 15, 40), *DAY),
    "diner": _place("diner", "America/New_York", "en-US", (2026, 11, 25, 9, 30), *DAY),
    # People write both orders.
    "toronto": _place("toronto", "America/Toronto", "en-CA", (2026, 11, 25, 9, 30), *MEALS),
    "sydney": _place(
        "sydney", "Australia/Sydney", "en-AU", (2026, 10, 9, 9, 0), "11:30-15:00", "17:30-22:00"
    ),
    # English with the habits of other languages.
    "berlin": _place("berlin", "Europe/Berlin", "de-DE", (2027, 6, 16, 14, 0), "17:00-23:30"),
}
