"""What a pack's own fields note with a booking: kept, and before staff."""

from pathlib import Path

import msgspec
from test_booking import BELLA, guest_of, restaurant

from frontdesk.pages import PageRequest, Staff
from frontdesk_plugins.booking.panel import booking_view

PACKED = msgspec.structs.replace(BELLA, id="packed", pack="restaurant", tools=())


async def test_wishes_of_a_restaurants_guests(database_url: str, tmp_path: Path) -> None:
    async with restaurant(tmp_path, PACKED, url=database_url) as desk:
        guest = await guest_of(desk, "packed")
        booked = await guest.book(
            2, "19:00",
            area="courtyard", occasion="birthday", high_chair=True, accessibility=False,
        )  # fmt: skip
        assert booked["outcome"] == "done"
        row = await desk.desk.database.one("SELECT id, extra FROM booking")
        assert row is not None
        kept = {"area": "courtyard", "occasion": "birthday", "high_chair": True}
        assert msgspec.json.decode(row["extra"]) == kept | {"accessibility": False}
        ana = Staff(id="1", name="Ana", role="agent")
        request = PageRequest(business=PACKED, staff=ana, now=desk.desk.now(PACKED), query={})
        view = await booking_view(desk.desk, request, row["id"])
        assert view["booking"]["extra"] == {
            "area": "courtyard", "occasion": "birthday", "high chair": "yes", "accessibility": "no",
        }  # fmt: skip
