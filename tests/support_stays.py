"""A hotel, and its guests who call the actions of stays as the engine calls them."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import msgspec
from support import migrated
from support_booking import Caller

from frontdesk import ActionCall
from frontdesk.business import Business
from frontdesk.conversation import ConversationState
from frontdesk.database import Row
from frontdesk.references import normal
from frontdesk.testing import TestDesk, open_desk, read_toml

HOTEL = read_toml(
    """
id = "hotel"
name = "Hotel"
timezone = "Europe/London"
country = "GB"
locale = "en-GB"
currency = "GBP"
phone = "+44 20 7946 0958"
[settings.stays]
today_until = "20:00"
horizon = 400
pet_fee = 2500
guarantee_link = "https://pay.example/g/{reference}"
[[settings.stays.rooms]]
id = "queen"
title = "Queen room"
text = "Twenty square metres."
count = 2
sleeps = 2
price = 10000
view = "courtyard"
[[settings.stays.rooms]]
id = "family"
title = "Family room"
count = 1
sleeps = 3
extra_beds = 1
extra_bed_price = 3000
price = 20000
pets = true
[[settings.stays.rooms]]
id = "easy"
title = "Accessible Queen"
count = 1
sleeps = 2
price = 10000
accessible = true
[[settings.stays.seasons]]
title = "Weekends"
from = 2026-01-01
to = 2027-12-31
weekdays = ["fri", "sat"]
percent = 20
[[settings.stays.seasons]]
title = "New Year"
from = 2026-12-30
to = 2027-01-01
prices = { queen = 30000 }
percent = 50
min_nights = 3
[[settings.stays.plans]]
id = "flex"
title = "Flexible"
free_until = 21
[[settings.stays.plans]]
id = "saver"
title = "Saver"
percent = -10
refundable = false
"""
)
"""A test desk's clock stands on Sunday, November 22, 2026, at noon in London."""
ADA: dict[str, Any] = {"name": "Ada Lovelace", "phone": "+44 20 7946 0123"}
MONDAY: dict[str, Any] = {"check_in": "2026-11-23", "check_out": "2026-11-25", "adults": 2}
QUEEN: dict[str, Any] = MONDAY | ADA | {"room_type": "queen"}

TWO_NIGHTS = [("queen", 1, "2026-11-23"), ("queen", 1, "2026-11-24")]
"""Of that wish, as they are taken."""


@asynccontextmanager
async def hotel(folder: Path, business: Business = HOTEL, url: str = "") -> AsyncIterator[TestDesk]:
    if url:
        await migrated(url)
    async with open_desk(folder, url=url) as desk:
        await desk.add_business(business)
        yield desk


async def arrive(desk: TestDesk, **more: Any) -> Caller:
    return await Caller.arrive(desk, HOTEL, **more)


async def book(guest: Caller, **more: Any) -> dict[str, Any]:
    """As after a yes: proposed, then booked."""
    wish = QUEEN | more
    proposal = f"p{id(wish)}"
    await guest.propose("book_room", proposal, **wish)
    return await guest.run("book_room", proposal, **wish)


async def rows(desk: TestDesk, reference: str = "") -> list[Row]:
    return await desk.desk.database.fetch(
        "SELECT * FROM stay WHERE reference = {} OR {} = '' ORDER BY created, reference, room",
        normal(reference), reference,
    )  # fmt: skip


async def nights(desk: TestDesk) -> list[tuple[str, int, str]]:
    found = await desk.desk.database.fetch(
        "SELECT room_type, unit, night FROM stay_night ORDER BY room_type, unit, night"
    )
    return [(row["room_type"], row["unit"], row["night"]) for row in found]


def with_stays(**changed: Any) -> Business:
    """The hotel with other settings."""
    stays = HOTEL.settings["stays"] | changed
    return msgspec.structs.replace(HOTEL, settings=HOTEL.settings | {"stays": stays})


def call_of(guest: Caller, identifier: str) -> ActionCall:
    """A call of the guest's with an id of its own."""
    desk = guest.desk.desk
    return ActionCall(
        id=identifier, tool="book_room", business=guest.business, contact=guest.contact,
        conversation=guest.conversation, channel=guest.channel, now=desk.now(guest.business),
        db=desk.database, plugins=desk.plugins, state=ConversationState(), patch={},
    )  # fmt: skip
