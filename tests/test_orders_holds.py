"""What an order takes is held and sold once: never more than there is."""

import asyncio
import copy
from pathlib import Path
from typing import Any

import pytest
from support_cafe import cafe, with_item
from support_orders import (
    CAPACITY,
    ORDERS,
    PICKUP,
    STOCK,
    Customer,
    Outcome,
    agree,
    count,
    customer,
    minutes,
    opened,
)

from frontdesk import Business

__all__ = ["customer"]  # fixtures


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


# ---- races -----------------------------------------------------------------------------------


RACERS = 20


async def race(customers: list[Customer], **arguments: Any) -> list[Outcome]:
    return await asyncio.gather(*(one("confirm_order", **arguments) for one in customers))


async def racers(desk: Any, business: Business, item: str) -> list[Customer]:
    customers = [Customer(desk, business) for _ in range(RACERS)]
    for one in customers:
        await one("add_to_order", item=item)
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
