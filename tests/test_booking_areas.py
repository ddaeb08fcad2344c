"""Businesses that come to their customers: where they go, and the window in which they arrive."""

from pathlib import Path
from typing import Any

import msgspec
import pytest
from support_booking import ADA, MONDAY, SALON, Caller, bookings, with_rules

from frontdesk_plugins.booking.rules import BookingRules

AREAS = [
    {"name": "Rome", "postcodes": ["001*"], "text": "EUR 20 for the way."},
    {"name": "the coast", "postcodes": ["00053", "00054"]},
]
VISITS = with_rules(SALON, areas=AREAS, window=120)
WISH: dict[str, Any] = {"service": "cut", "date": MONDAY}


async def test_whether_a_postcode_is_served(tmp_path: Path) -> None:
    async with bookings(tmp_path, VISITS) as desk:
        ada = await Caller.arrive(desk, VISITS)
        assert await ada.run("service_area", postcode="00 185") == {
            "postcode": "00 185", "served": True, "area": "Rome",
            "message": "Salon comes to 00 185. EUR 20 for the way.",
        }  # fmt: skip
        assert (await ada.run("service_area", postcode="00054"))["message"] == (
            "Salon comes to 00054."
        )
        assert await ada.run("service_area", postcode="20121") == {
            "postcode": "20121", "served": False,
            "message": "I am sorry, Salon does not come to 20121. It serves: Rome, the coast.",
        }  # fmt: skip


@pytest.mark.parametrize("action", ["check_availability", "hold_slot", "create_booking"])
async def test_nothing_is_offered_or_booked_elsewhere(action: str, tmp_path: Path) -> None:
    async with bookings(tmp_path, VISITS) as desk:
        ada = await Caller.arrive(desk, VISITS)
        wish = WISH | {"time": "10:00"} | (ADA if action == "create_booking" else {})
        refused = await ada.refusal(action, postcode="20121", **wish)
        assert str(refused).startswith("I am sorry, Salon does not come to 20121.")
        assert refused.data == {"needs": "postcode"}
        refused = await ada.refusal(action, **wish)
        assert (str(refused), refused.data) == (
            "Which postcode is it for?", {"needs": "postcode"}
        )  # fmt: skip
        rows = await desk.desk.database.fetch(
            "SELECT id FROM booking UNION SELECT id FROM booking_hold"
        )
        assert rows == []
        await ada.run(action, postcode="00185", **wish)


async def test_the_postcode_is_kept_and_the_window_is_told(
    database_url: str, tmp_path: Path
) -> None:
    async with bookings(tmp_path, VISITS, url=database_url) as desk:
        ada = await Caller.arrive(desk, VISITS)
        offered = await ada.run("check_availability", postcode="00185", **WISH)
        assert offered["slots"][0]["label"] == "Mon, Nov 23, 9:00 AM \u2013 11:00 AM"
        assert "9:00 AM \u2013 11:00 AM" in offered["message"]
        wish = WISH | ADA | {"time": "10:00", "postcode": "00185"}
        shown = await ada.propose("create_booking", "p", **wish)
        window = "Haircut on Mon, Nov 23, 10:00 AM \u2013 12:00 PM with Ana"
        assert shown["message"].startswith(window)
        booked = await ada.run("create_booking", "p", **wish)
        assert window in booked["message"]
        rows = await desk.desk.database.fetch("SELECT extra FROM booking")
        assert [row["extra"] for row in rows] == ['{"postcode":"00185"}']


async def test_where_customers_come_no_postcode_is_needed(tmp_path: Path) -> None:
    async with bookings(tmp_path) as desk:
        ada = await Caller.arrive(desk, SALON)
        await ada.run("create_booking", **WISH, **ADA, time="10:00")
        refused = await ada.refusal("service_area", postcode="00185")
        assert str(refused).startswith("Where Salon comes to is not written down here.")
        assert refused.data == {"needs_person": True}


@pytest.mark.parametrize(
    "rules", [{"areas": [{"name": "Rome"}]}, {"areas": [{"name": "", "postcodes": ["1"]}]}]
)
def test_areas_need_a_name_and_postcodes(rules: dict[str, Any]) -> None:
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert(rules, BookingRules)
