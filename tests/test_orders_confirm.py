"""From the cart to an order: read back, placed once, and never more than there is."""

import asyncio
import copy
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest
from test_orders import MONDAY_NOON, Customer, Outcome, cafe, opened, with_item

from frontdesk import Business
from frontdesk.testing import Call, ScriptedModel

WHO = {"name": "Ana Ruiz", "phone": "(212) 555-0199"}
PICKUP = {"fulfilment": "pickup"} | WHO
DELIVERY = {"fulfilment": "delivery", "address": "1 Main St, Apt 2", "postcode": "10002"} | WHO
CAPACITY = "SELECT COALESCE(SUM(taken), 0) AS n FROM order_window"
STOCK = "SELECT COALESCE(SUM(taken), 0) AS n FROM order_stock"
ORDERS = "SELECT COUNT(*) AS n FROM customer_order"


async def count(customer: Customer, sql: str) -> int:
    row = await customer.desk.desk.database.one(sql)
    assert row is not None
    return int(row["n"])


async def agree(customer: Customer, proposal: str, **arguments: Any) -> Outcome:
    return await customer.run("confirm_order", arguments, proposal=proposal)


def minutes(customer: Customer, passed: int) -> None:
    customer.desk.set_time(MONDAY_NOON + timedelta(minutes=passed))


@pytest.fixture
async def customer(tmp_path: Path) -> Any:
    business = cafe()
    async with opened(tmp_path, business) as desk:
        yield Customer(desk, business)


async def test_read_back_agreed_placed(tmp_path: Path, database_url: str) -> None:
    business = cafe()
    async with opened(tmp_path, business, url=database_url) as desk:
        customer = Customer(desk, business)
        await customer("add_to_order", item="two iced lattes")
        await customer("add_to_order", item="tiramisu", note="one spoon")
        proposal, shown = await customer.propose(**PICKUP)
        assert shown["message"].splitlines() == [
            "Pick-up as soon as possible, about 12:15 PM, for Ana Ruiz, phone +1 212-555-0199.",
            "- 2 x Iced latte: $12.00",
            "- 1 x Tiramisù (one spoon): $7.00",
            "Subtotal $19.00, tax $1.90. Total $20.90.",
        ]
        assert await count(customer, ORDERS) == 0
        assert (await count(customer, CAPACITY), await count(customer, STOCK)) == (1, 1)
        minutes(customer, 2)
        placed = await agree(customer, proposal, **PICKUP)
        assert placed["message"] == (
            "Order placed: pick-up Mon, Nov 23, 12:15 PM, for Ana Ruiz, total $20.90. "
            f"Reference {placed['reference']}."
        )
        assert (placed["status"], placed["date"], placed["time"]) == (
            "placed",
            "2026-11-23",
            "12:15",
        )
        assert (placed["total"], placed["tax"], placed["currency"]) == (2090, 190, "USD")
        assert [line["label"] for line in placed["lines"]] == [
            "2 x Iced latte", "1 x Tiramisù (one spoon)",
        ]  # fmt: skip
        (commitment,) = customer.state.commitments
        assert commitment.kinds == ("ordered",)
        assert commitment.facts == (placed["reference"], "2026-11-23", "12:15")
        assert customer.state.current_order_items == []
        assert (await count(customer, CAPACITY), await count(customer, STOCK)) == (1, 1)


async def test_a_repeat_is_the_same_order(tmp_path: Path, database_url: str) -> None:
    business = cafe()
    async with opened(tmp_path, business, url=database_url) as desk:
        customer = Customer(desk, business)
        await customer("add_to_order", item="cola")
        before = copy.deepcopy(customer.state)
        first = await customer.run("confirm_order", PICKUP, call_id="the-call")
        # The same call, as after a crash that lost the state; another call with the same cart; and
        # one more with the cart that is empty by now.
        customer.state = copy.deepcopy(before)
        same_call = await customer.run("confirm_order", PICKUP, call_id="the-call")
        customer.state = copy.deepcopy(before)
        same_cart = await customer("confirm_order", **PICKUP)
        empty = await customer("confirm_order", **PICKUP)
        again = [same_call, same_cart, empty]
        assert [one["reference"] for one in again] == [first["reference"]] * 3
        assert all(one["message"].startswith("This order was placed already") for one in again)
        assert await count(customer, ORDERS) == 1
        assert await count(customer, CAPACITY) == 1
        # A new cart is a new order.
        await customer("add_to_order", item="cola")
        other = await customer("confirm_order", **PICKUP)
        assert other["reference"] != first["reference"]


async def test_nothing_is_no_order(customer: Customer) -> None:
    for done in ((await customer.propose(**PICKUP))[1], await customer("confirm_order", **PICKUP)):
        assert (done.failed, done["message"]) == (True, "Your order is empty.")


async def test_a_cart_that_changed_is_read_back_again(customer: Customer) -> None:
    await customer("add_to_order", item="cola")
    stale = await customer("confirm_order", **PICKUP, cart_version=7)
    assert (stale.failed, stale["code"], stale["cart_version"]) == (True, "stale", 1)
    proposal, _ = await customer.propose(**PICKUP)
    await customer("update_order", quantity=2)
    stale = await agree(customer, proposal, **PICKUP)
    assert (stale["code"], stale["cart_version"], stale["total"]) == ("stale", 2, 548)
    assert "- 2 x Cola: $3.98" in stale["message"]
    assert await count(customer, ORDERS) == 0
    proposal, _ = await customer.propose(**PICKUP, cart_version=2)
    assert not (await agree(customer, proposal, **PICKUP, cart_version=2)).failed
    # A proposal that nobody knows any more is no agreement either.
    await customer("add_to_order", item="cola")
    assert (await agree(customer, "made-up", **PICKUP))["code"] == "stale"


async def test_a_price_that_rose_is_told_and_asked_about(tmp_path: Path) -> None:
    business = cafe()
    async with opened(tmp_path, business) as desk:
        customer = Customer(desk, business)
        await customer("add_to_order", item="cola")
        customer.business = with_item(business, "cola", price=300)
        assert [one["code"] for one in (await customer("view_order"))["problems"]] == [
            "price_changed"
        ]
        # Without the gate, the first call shows the new price, and the second one places.
        told = await customer("confirm_order", **PICKUP)
        assert (told.failed, told["code"], told["total"]) == (True, "price_changed", 440)
        assert "The price of Cola changed from $1.99 to $3.00." in told["message"]
        assert await count(customer, ORDERS) == 0
        # With it, the read-back says so.
        customer.business = with_item(business, "cola", price=400)
        proposal, shown = await customer.propose(**PICKUP)
        assert shown["message"].startswith(
            "The price of Cola changed from $3.00 to $4.00.\nPick-up"
        )
        assert shown["total"] == 550
        # And once more between the read-back and the yes.
        customer.business = with_item(business, "cola", price=410)
        late = await agree(customer, proposal, **PICKUP)
        assert (late["code"], late["total"]) == ("price_changed", 561)
        proposal, shown = await customer.propose(**PICKUP)
        placed = await agree(customer, proposal, **PICKUP)
        assert (shown["total"], placed["total"]) == (561, 561)


async def test_what_sold_out_meanwhile(tmp_path: Path) -> None:
    business = cafe()
    async with opened(tmp_path, business) as desk:
        customer = Customer(desk, business)
        await customer("add_to_order", item="cola")
        proposal, _ = await customer.propose(**PICKUP)
        cases: list[tuple[dict[str, Any], str]] = [
            ({"sold_out": True}, "Cola is sold out."),
            ({"max_qty": 1, "id": "pepsi"}, "Cola is no longer on the menu like this."),
            ({"available": [{"hours": ["18:00-20:00"]}]}, "Cola is only available"),
        ]
        for changes, message in cases:
            customer.business = with_item(business, "cola", **changes)
            failed = await agree(customer, proposal, **PICKUP)
            assert failed.failed
            assert message in failed["message"]
        assert await count(customer, ORDERS) == 0


# ---- holds -----------------------------------------------------------------------------------


async def test_what_is_held_is_nobody_elses(customer: Customer) -> None:
    other = Customer(customer.desk, customer.business)
    for one in (customer, other):
        await one("add_to_order", item="tiramisu")
    proposal, _ = await customer.propose(**PICKUP)
    _, taken = await other.propose(**PICKUP)
    assert (taken.failed, taken["message"]) == (True, "Tiramisù is sold out.")
    await customer.run("confirm_order", PICKUP, part="withdraw", proposal=proposal)
    assert (await count(customer, CAPACITY), await count(customer, STOCK)) == (0, 0)
    theirs, shown = await other.propose(**PICKUP)
    assert not shown.failed
    # After five minutes it is free again, and who was slow hears so.
    minutes(customer, 6)
    proposal, shown = await customer.propose(**PICKUP)
    assert not shown.failed
    assert (await agree(other, theirs, **PICKUP))["message"] == "Tiramisù is sold out."
    assert not (await agree(customer, proposal, **PICKUP)).failed
    assert await count(customer, STOCK) == 1


async def test_a_new_read_back_lets_the_old_one_go(customer: Customer) -> None:
    await customer("add_to_order", item="tiramisu")
    await customer.propose(**PICKUP)
    proposal, shown = await customer.propose(**PICKUP, time="13:00")
    assert not shown.failed
    assert (await count(customer, CAPACITY), await count(customer, STOCK)) == (1, 1)
    assert (await agree(customer, proposal, **PICKUP, time="13:00"))["time"] == "13:00"


async def test_text_messages_are_given_more_time(customer: Customer) -> None:
    customer.channel = "sms"
    other = Customer(customer.desk, customer.business)
    for one in (customer, other):
        await one("add_to_order", item="tiramisu")
    await customer.propose(**PICKUP)
    minutes(customer, 14)
    assert (await other.propose(**PICKUP))[1].failed
    minutes(customer, 15)
    assert not (await other.propose(**PICKUP))[1].failed


async def test_a_late_yes(customer: Customer) -> None:
    await customer("add_to_order", item="cola")
    proposal, shown = await customer.propose(**PICKUP)
    assert shown["time"] == "12:15"
    minutes(customer, 4)
    before = copy.deepcopy(customer.state)
    assert (await agree(customer, proposal, **PICKUP))["time"] == "12:15"  # it was kept
    customer.state = copy.deepcopy(before)
    customer.state.custom_data = {"order": {"id": "another", "version": 1, "made": 1}}
    minutes(customer, 10)
    proposal, _ = await customer.propose(**PICKUP)
    minutes(customer, 20)  # a little later is still as soon as possible
    assert (await agree(customer, proposal, **PICKUP))["time"] == "12:35"
    await customer("add_to_order", item="cola")
    proposal, _ = await customer.propose(**PICKUP)
    minutes(customer, 60)  # an hour is not
    late = await agree(customer, proposal, **PICKUP)
    assert (late.failed, late["code"]) == (True, "time_changed")
    assert "1:15 PM" in late["message"]


# ---- when and where --------------------------------------------------------------------------


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


# ---- races -----------------------------------------------------------------------------------

RACERS = 20


async def race(customers: list[Customer], **arguments: Any) -> list[Outcome]:
    return await asyncio.gather(*(one("confirm_order", **arguments) for one in customers))


async def racers(desk: Any, business: Business, item: str) -> list[Customer]:
    customers = [Customer(desk, business) for _ in range(RACERS)]
    for customer in customers:
        await customer("add_to_order", item=item)
    return customers


async def test_the_last_one_is_sold_once(tmp_path: Path, database_url: str) -> None:
    business = with_item(cafe(), "tiramisu", stock=3)
    async with opened(tmp_path, business, url=database_url) as desk:
        customers = await racers(desk, business, "tiramisu")
        done = await race(customers, **PICKUP)
        assert sum(not one.failed for one in done) == 3
        assert {one["message"] for one in done if one.failed} == {"Tiramisù is sold out."}
        assert (await count(customers[0], ORDERS), await count(customers[0], STOCK)) == (3, 3)
        # The next day there are new ones.
        assert not (
            await customers[-1]("confirm_order", **PICKUP, date="2026-11-24", time="12:00")
        ).failed


async def test_a_time_that_is_full_is_full_for_all(tmp_path: Path, database_url: str) -> None:
    business = cafe(capacity=4)
    async with opened(tmp_path, business, url=database_url) as desk:
        customers = await racers(desk, business, "cola")
        done = await race(customers, **PICKUP, time="13:00")
        assert sum(not one.failed for one in done) == 4
        assert all(one["alternatives"] for one in done if one.failed)
        rest = [one for one, outcome in zip(customers, done, strict=True) if outcome.failed]
        asap = await race(rest, **PICKUP)
        assert not any(one.failed for one in asap)
        rows = await desk.desk.database.fetch("SELECT taken, capacity FROM order_window")
        assert sum(row["taken"] for row in rows) == RACERS
        assert all(row["taken"] <= row["capacity"] == 4 for row in rows)


async def test_reading_back_and_agreeing_all_at_once(tmp_path: Path, database_url: str) -> None:
    business = with_item(cafe(capacity=5), "tiramisu", stock=2)
    async with opened(tmp_path, business, url=database_url) as desk:
        customers = await racers(desk, business, "tiramisu")

        async def one(customer: Customer) -> bool:
            proposal, shown = await customer.propose(**PICKUP)
            return not shown.failed and not (await agree(customer, proposal, **PICKUP)).failed

        assert sum(await asyncio.gather(*map(one, customers))) == 2
        assert await count(customers[0], STOCK) == 2
        assert await count(customers[0], "SELECT COUNT(*) AS n FROM order_hold WHERE active") == 0


async def test_the_database_itself_refuses_more(tmp_path: Path, database_url: str) -> None:
    async with opened(tmp_path, cafe(), url=database_url) as desk:
        for statement in (
            "INSERT INTO order_stock (business, item, day, stock, taken) VALUES ('c', 'x', 'd', 1, 2)",
            "INSERT INTO order_window (business, starts, capacity, taken) VALUES ('c', 1, 1, 2)",
            "INSERT INTO order_window (business, starts, capacity, taken) VALUES ('c', 1, 1, -1)",
        ):
            with pytest.raises(Exception, match=r"order_(stock_left|window_room)"):
                await desk.desk.database.fetch(statement)


# ---- through whole turns ---------------------------------------------------------------------


async def test_a_whole_turn(tmp_path: Path, database_url: str) -> None:
    business = cafe()
    async with opened(tmp_path, business, url=database_url) as desk:
        model = desk.desk.plugins.models["scripted"]
        assert isinstance(model, ScriptedModel)
        talk = await desk.conversation("cafe")
        model.then(
            Call("add_to_order", item="iced latte"), Call("confirm_order", **PICKUP), "There."
        )
        await talk.say("an iced latte, I pick it up, Ana Ruiz, 212 555 0199")
        added, read_back = talk.actions
        assert (added.status, read_back.status) == ("done", "needs_confirmation")
        assert added.data["cart_version"] == 1
        assert read_back.data["summary"] == read_back.data["message"].splitlines()[0]
        model.then(Call("confirm_order", **PICKUP), "There.")
        await talk.say("yes")
        placed = talk.actions[0]
        assert placed.data["total"] == 660
        model.then(Call("order_status"), "It is placed.")
        await talk.say("where is my order?")
        assert talk.actions[0].data["reference"] == placed.data["reference"]
        situation = str(model.requests[-1].messages[-3].blocks[0])
        assert f"The customer's own orders: {placed.data['reference']}: placed, pickup" in situation
        assert "The customer's cart" not in situation
