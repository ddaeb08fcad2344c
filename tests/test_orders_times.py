"""When and where an order is had: opening hours, clocks that change, full kitchens, delivery."""

from datetime import UTC, datetime
from pathlib import Path

import msgspec
import pytest
from support_cafe import cafe
from support_orders import DELIVERY, PICKUP, Customer, agree, customer, minutes, opened

__all__ = ["customer"]  # fixtures


@pytest.mark.parametrize(
    ("now", "wanted", "ready"),
    [
        ("12:00", {}, "12:15"),
        ("12:01", {}, "12:20"),
        ("12:00", {"time": "asap"}, "12:15"),
        ("12:00", {"time": "12:15"}, "12:15"),
        ("12:00", {"time": "22:00"}, None),  # the kitchen would have to begin after its last order
        ("12:00", {"time": "21:45"}, "21:45"),
        ("21:30", {}, "21:45"),
        ("21:31", {}, None),
        ("12:00", {"time": "12:10"}, None),
        ("12:00", {"time": "11:00"}, None),
        ("12:00", {"time": "08:10", "date": "2026-11-24"}, None),  # the oven is cold at eight
        ("12:00", {"time": "08:15", "date": "2026-11-24"}, "08:15"),
        ("12:00", {"time": "12:00", "date": "2026-11-25"}, None),
        ("12:00", {"time": "12:00", "date": "2026-11-26"}, None),
        ("07:00", {}, None),
        ("07:00", {"time": "08:15"}, "08:15"),
    ],
)  # fmt: skip
async def test_times(
    customer: Customer, now: str, wanted: dict[str, str], ready: str | None
) -> None:
    zone = customer.business.zone
    customer.desk.set_time(datetime.fromisoformat(f"2026-11-23T{now}").replace(tzinfo=zone))
    await customer("add_to_order", item="cola")
    _, shown = await customer.propose(**PICKUP, **wanted)
    assert (shown.failed, shown.get("time")) == (ready is None, ready), shown["message"]
    for offer in shown.get("alternatives", []):
        again = {"date": offer["date"], "time": offer["time"]}
        assert not (await customer.propose(**PICKUP, **again))[1].failed, offer
    if ready is None:
        assert shown["alternatives"], shown["message"]


async def test_an_evening_that_goes_past_midnight(customer: Customer) -> None:
    customer.desk.set_time(datetime(2026, 11, 28, 3, 0, tzinfo=UTC))  # Friday, 22:00
    await customer("add_to_order", item="cola")
    _, shown = await customer.propose(**PICKUP, time="00:30")
    assert (shown["date"], shown["time"]) == ("2026-11-28", "00:30")
    _, shown = await customer.propose(**PICKUP, time="03:00")
    assert shown.failed


@pytest.mark.parametrize(
    ("day", "wall", "word"), [("2026-11-01", "01:30", "twice"), ("2027-03-14", "02:30", "skip")]
)
async def test_clocks_that_change(tmp_path: Path, day: str, wall: str, word: str) -> None:
    business = msgspec.structs.replace(
        cafe(),
        hours=msgspec.convert({"sun": ["00:00-24:00"], "sat": ["00:00-24:00"]}, type(cafe().hours)),
    )
    async with opened(tmp_path, business) as desk:
        customer = Customer(desk, business)
        desk.set_time(datetime.fromisoformat(f"{day}T04:00:00+00:00"))
        await customer("add_to_order", item="cola")
        _, failed = await customer.propose(**PICKUP, date=day, time=wall)
        assert (failed.failed, failed["needs"]) == (True, "time")
        assert word in failed["message"]


async def test_delivery(customer: Customer) -> None:
    await customer("add_to_order", item="iced latte", quantity=3)
    for missing in ("address", "postcode"):
        _, failed = await customer.propose(**DELIVERY | {missing: " "})
        assert (failed["needs"], failed["code"]) == (missing, f"{missing}_needed")
    _, failed = await customer.propose(**DELIVERY | {"postcode": "94105"})
    assert failed["message"] == "We do not deliver to 94105."
    _, failed = await customer.propose(**DELIVERY)
    assert failed["message"] == "The minimum is $20.00; $2.00 are missing."
    await customer("add_to_order", item="cola", quantity=2)
    for postcode in ("10002", "10 009", "11211"):
        proposal, shown = await customer.propose(**DELIVERY | {"postcode": postcode})
        assert not shown.failed
    assert shown["message"].startswith(
        "Delivery as soon as possible, about 12:35 PM, to 1 Main St, Apt 2, 11211, for Ana Ruiz"
    )
    assert shown["fees"] == [{"name": "Delivery", "amount": 300}]
    assert shown["total"] == 2198 + 300 + 220
    placed = await agree(customer, proposal, **DELIVERY | {"postcode": "11211"})
    assert placed["message"].startswith("Order placed: delivery Mon, Nov 23, 12:35 PM")


async def test_ways_that_there_are_not(tmp_path: Path) -> None:
    business = cafe(pickup=False, zones=[], minimum=500)
    async with opened(tmp_path, business) as desk:
        customer = Customer(desk, business)
        await customer("add_to_order", item="cola")
        assert (await customer.propose(**PICKUP))[1]["code"] == "no_pickup"
        assert (await customer.propose(**DELIVERY))[1]["code"] == "no_delivery"
        customer.business = cafe(minimum=500)
        assert (await customer.propose(**PICKUP))[1]["code"] == "below_minimum"
        bad = await customer.propose(**PICKUP | {"phone": "hello"})
        assert (bad[1]["needs"], bad[1].failed) == ("phone", True)
        assert (await customer.propose(**PICKUP | {"name": "  "}))[1]["needs"] == "name"


async def test_a_small_order_pays_more_and_an_age_is_checked(customer: Customer) -> None:
    await customer("add_to_order", item="cola")
    assert (await customer.propose(**PICKUP))[1]["fees"] == [{"name": "Small order", "amount": 100}]
    await customer("add_to_order", item="beer")
    _, shown = await customer.propose(**PICKUP)
    assert shown["fees"] == []
    assert shown["message"].endswith("An identity card is asked for: 21 and over.")


async def test_lunch_is_for_lunch(customer: Customer) -> None:
    minutes(customer, -180)  # 9:00
    await customer("add_to_order", item="lunch special")
    _, early = await customer.propose(**PICKUP)
    assert "Lunch special is only available at these times" in early["message"]
    _, fits = await customer.propose(**PICKUP, time="12:30")
    assert not fits.failed


async def test_a_full_kitchen_is_later(tmp_path: Path) -> None:
    business = cafe(capacity=1)
    async with opened(tmp_path, business) as desk:
        times: list[str] = []
        for _ in range(3):
            customer = Customer(desk, business)
            await customer("add_to_order", item="cola")
            times.append((await customer("confirm_order", **PICKUP))["time"])
        assert times == ["12:15", "12:30", "12:45"]
        customer = Customer(desk, business)
        await customer("add_to_order", item="cola")
        _, full = await customer.propose(**PICKUP, time="12:35")
        assert full["message"] == "The kitchen is full at Mon, Nov 23, 12:35 PM."
        assert [offer["time"] for offer in full["alternatives"]] == [
            "13:00",
            "13:05",
            "13:10",
            "13:15",
        ]
        customer.business = cafe(capacity=2, capacity_unit="items")
        await customer("add_to_order", item="cola", quantity=2)
        _, large = await customer.propose(**PICKUP)
        assert large["code"] == "too_large"
