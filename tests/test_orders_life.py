"""What becomes of an order: its states, whom the business tells, and when nobody accepts it."""

import asyncio
from pathlib import Path
from typing import Any, get_args

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from support_cafe import cafe
from support_orders import (
    CAPACITY,
    PICKUP,
    STOCK,
    Customer,
    Row,
    count,
    minutes,
    opened,
    ordered,
    row_of,
    step,
)
from support_orders import both as customer
from support_orders import customer as shop

from frontdesk import ActionError
from frontdesk.testing import TestDesk
from frontdesk_plugins.orders import overdue
from frontdesk_plugins.orders.transitions import ALLOWED, Status

__all__ = ["customer", "shop"]  # fixtures

WEBHOOK = {"url": "https://pos.example/orders", "secret": "0123456789abcdef"}


async def told(customer: Customer) -> list[Row]:
    rows = await customer.desk.desk.database.fetch("SELECT kind, body FROM outbox ORDER BY id")
    assert {row["kind"] for row in rows} <= {"orders.webhook"}
    return [msgspec.json.decode(row["body"]) for row in rows]


# ---- states ----------------------------------------------------------------------------------


async def test_an_orders_life_is_written_down(customer: Customer) -> None:
    placed = await ordered(customer)
    order: Row | None = await row_of(customer, placed["reference"])
    steps: list[Status] = ["accepted", "preparing", "ready", "completed"]
    for to in steps:
        assert order is not None
        order = await step(customer, order, to)
    history = await customer.desk.desk.database.fetch(
        "SELECT version, before, after, actor, who, reason FROM order_history ORDER BY version"
    )
    assert [(row["before"], row["after"]) for row in history] == [
        ("draft", "placed"), ("placed", "accepted"), ("accepted", "preparing"),
        ("preparing", "ready"), ("ready", "completed"),
    ]  # fmt: skip
    assert [row["version"] for row in history] == [1, 2, 3, 4, 5]
    assert (history[0]["actor"], history[0]["who"]) == ("customer", customer.contact.id)
    assert (history[4]["actor"], history[4]["who"], history[4]["reason"]) == (
        "staff", "luca", "because",
    )  # fmt: skip


async def test_of_two_at_once_one_changes_it(customer: Customer) -> None:
    placed = await ordered(customer)
    order = await row_of(customer, placed["reference"])
    done = await asyncio.gather(
        step(customer, order, "accepted"), step(customer, order, "rejected"),
        step(customer, order, "accepted"), step(customer, order, "cancelled"),
    )  # fmt: skip
    assert sum(one is not None for one in done) == 1
    now = await row_of(customer, placed["reference"])
    assert now["version"] == 2
    freed = now["status"] != "accepted"
    assert await count(customer, CAPACITY) == (0 if freed else 1)
    assert await count(customer, STOCK) == (0 if freed else 1)


@settings(
    max_examples=25, deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)  # fmt: skip
@given(steps=st.lists(st.sampled_from(get_args(Status)), max_size=8))
def test_only_what_the_table_has_ever_happens(
    steps: list[Status], tmp_path_factory: pytest.TempPathFactory
) -> None:
    async def life() -> None:
        business = cafe()
        async with opened(tmp_path_factory.mktemp("life"), business) as desk:
            customer = Customer(desk, business)
            order = await row_of(customer, (await ordered(customer))["reference"])
            status: Status = "placed"
            for to in steps:
                if to in ALLOWED[status]:
                    moved = await step(customer, order, to)
                    assert moved is not None
                    assert (moved["status"], moved["version"]) == (to, order["version"] + 1)
                    assert await step(customer, order, to) is None  # with the old version
                    order, status = moved, to
                else:
                    with pytest.raises(ActionError):
                        await step(customer, order, to)
                assert await row_of(customer, order["reference"]) == order
            gone = await count(customer, CAPACITY)
            assert gone in (0, 1)
            row = await desk.desk.database.one("SELECT COUNT(*) AS n FROM order_history")
            assert row is not None
            assert row["n"] == order["version"]

    asyncio.run(life())


def test_the_table_ends_where_it_should() -> None:
    assert set(ALLOWED) == set(get_args(Status))
    ends = {status for status, following in ALLOWED.items() if not following}
    assert ends == {"completed", "rejected", "cancelled", "expired", "failed"}


async def test_accepted_by_itself(tmp_path: Path) -> None:
    business = cafe(auto_accept=True, webhook=WEBHOOK)
    async with opened(tmp_path, business) as desk:
        customer = Customer(desk, business)
        placed = await ordered(customer)
        assert placed["status"] == "accepted"
        assert [body["event"] for body in await told(customer)] == ["order.placed"]


# ---- the kitchen's own system ----------------------------------------------------------------


async def test_the_webhook_is_told_in_the_same_transaction(
    tmp_path: Path, database_url: str
) -> None:
    business = cafe(webhook=WEBHOOK)
    async with opened(tmp_path, business, url=database_url) as desk:
        customer = Customer(desk, business)
        placed = await ordered(customer)
        await customer("cancel_order")
        first, second = await told(customer)
        assert (first["event"], second["event"]) == ("order.placed", "order.cancelled")
        assert first["order"]["reference"] == placed["reference"]
        assert (first["order"]["phone"], first["order"]["total"]) == ("+12125550199", 770)
        assert second["order"]["status"] == "cancelled"
        # What does not happen is not told.
        await customer("add_to_order", item="tiramisu")
        other = Customer(desk, business)
        await other("add_to_order", item="tiramisu")
        await other("confirm_order", **PICKUP)
        assert (await customer("confirm_order", **PICKUP)).failed
        assert len(await told(customer)) == 3
        assert "orders.webhook" in dict(_deliveries(desk))


def _deliveries(desk: TestDesk) -> list[tuple[str, Any]]:
    found = desk.desk.plugins.ask("register_deliveries", desk=desk.desk)
    return [pair for _, given in found for pair in given.items()]


# ---- nobody accepts --------------------------------------------------------------------------


async def test_an_order_that_nobody_accepts(tmp_path: Path, database_url: str) -> None:
    business = cafe(webhook=WEBHOOK)
    async with opened(tmp_path, business, url=database_url) as desk:
        customer = Customer(desk, business)
        talk = await desk.conversation("cafe")
        customer.conversation = talk.id
        placed = await ordered(customer)
        states: list[tuple[str, list[str]]] = []
        for passed in (4, 5, 6, 14, 15, 16):
            minutes(customer, passed)
            # Several nodes at once do it once.
            await asyncio.gather(*(overdue.sweep(desk.desk) for _ in range(3)))
            row = await row_of(customer, placed["reference"])
            events = [body["event"] for body in await told(customer)]
            states.append((row["status"], events[1:]))
        waits, ends = "order.waiting", "order.rejected"
        assert states == [
            ("placed", []), ("placed", [waits]), ("placed", [waits]), ("placed", [waits]),
            ("rejected", [waits, ends]), ("rejected", [waits, ends]),
        ]  # fmt: skip
        assert (await count(customer, CAPACITY), await count(customer, STOCK)) == (0, 0)
        texts = [str(stored.event) for stored in await talk.events()]
        assert len(texts) == 1
        assert f"your order {placed['reference']} could not be accepted" in texts[0]
        assert "+1 212 555 0142" in texts[0]


async def test_holds_end_by_themselves(shop: Customer) -> None:
    await shop("add_to_order", item="tiramisu")
    await shop.propose(**PICKUP)
    minutes(shop, 5)
    await overdue.sweep(shop.desk.desk)
    assert (await count(shop, CAPACITY), await count(shop, STOCK)) == (0, 0)
    assert await count(shop, "SELECT COUNT(*) AS n FROM order_hold") == 1
    minutes(shop, 60 * 24 + 6)
    await overdue.sweep(shop.desk.desk)
    assert await count(shop, "SELECT COUNT(*) AS n FROM order_hold") == 0


async def test_a_business_that_takes_orders_no_more_stops_nobody(shop: Customer) -> None:
    await ordered(shop)
    await shop.desk.add_business(msgspec.structs.replace(shop.business, settings={}))
    minutes(shop, 20)
    await overdue.sweep(shop.desk.desk)
    assert (await shop("order_status"))["orders"] == []  # it was rejected, and is no longer open
    shop.business = msgspec.structs.replace(shop.business, settings={})
    assert (await shop("get_menu"))["message"] == "Cafe Uno takes no orders here."
