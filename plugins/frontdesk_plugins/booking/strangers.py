"""Reminders to numbers that somebody typed. Whoever books may give anybody's number and name, so little
goes to a number that nobody has shown to be theirs, and no words of a stranger's."""

import re
from datetime import datetime, timedelta

from frontdesk import opting
from frontdesk.database import Database
from frontdesk.instants import ms
from frontdesk_plugins.booking.ledger import Row

MOST_BOOKINGS = 2
"""That one number is reminded of within a day."""
DAY = timedelta(days=1)
MOST_TEXTS = 60
"""Bookings that a business reminds such numbers of within an hour. What is more waits."""
HOUR = timedelta(hours=1)
WAIT = timedelta(minutes=5)
LONGEST_NAME = 40
_WORD = r"(?:['\u2019]?a[a'\u2019-]*|(?:a\.)+)"
_NAME = re.compile(rf"{_WORD}(?: {_WORD})*")
"""Of a name whose letters are each an "a". No telephone makes a link of it, because a dot follows
single letters only, and nothing but a space or such a letter follows it."""


def is_name(text: str) -> bool:
    """Whether a text can be a name, and neither a number nor an address of the web."""
    shape = "".join("a" if letter.isalpha() else letter for letter in text)
    return len(text) <= LONGEST_NAME and _NAME.fullmatch(shape) is not None


async def is_verified(database: Database, booking: Row) -> bool:
    """Whether the number of a booking is known to be that of whoever booked."""
    row = await database.one(
        "SELECT 1 AS yes FROM contact WHERE id = {} AND business = {} AND phone = {} "
        "AND phone_verified",
        booking["contact"], booking["business"], booking["phone"],
    )  # fmt: skip
    return row is not None


async def is_stranger(database: Database, business: str, phone: str) -> bool:
    """Whether a number (E.164) agreed to texts without ever having written or proven itself: somebody
    else may have agreed for it. One that we wrote to has a contact too."""
    agreed = await opting.state(database, business, phone) == "in"
    known = await database.one(
        "SELECT 1 AS yes FROM contact k WHERE k.business = {} AND k.phone = {} AND k.phone_verified "
        "AND k.phone <> '' AND (k.visitor <> '' OR EXISTS "
        "(SELECT 1 FROM conversation c WHERE c.contact = k.id AND c.said > 0)) LIMIT 1",
        business, phone,
    )  # fmt: skip
    return agreed and known is None


async def when(database: Database, booking: Row, now: datetime) -> int | None:
    """None: a stranger may be reminded of this booking now. Else when to look again, milliseconds since
    the epoch; 0: not this time. Several nodes at once may each let one more through."""
    rows = await database.fetch(
        "SELECT phone, stranger_at FROM booking WHERE business = {} AND stranger_at > {} "
        "AND stranger_at > 0 AND id <> {}",
        booking["business"], ms(now - DAY), booking["id"],
    )  # fmt: skip
    if sum(row["phone"] == booking["phone"] for row in rows) >= MOST_BOOKINGS:
        return 0
    recent = sum(row["stranger_at"] > ms(now - HOUR) for row in rows)
    return ms(now + WAIT) if recent >= MOST_TEXTS else None
