"""What becomes of an order: its states, who may see and cancel it, and whom the business tells."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any, get_args

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from test_orders import Customer, Outcome, cafe, opened
from test_orders_confirm import CAPACITY, PICKUP, STOCK, count, minutes

from frontdesk import ActionError
from frontdesk.conversation import Contact
from frontdesk.testing import TestDesk
from frontdesk_plugins.orders import ledger, overdue
from frontdesk_plugins.orders.rules import rules_of
from frontdesk_plugins.orders.transitions import ALLOWED, Change, Status, move

Row = dict[str, Any]
WEBHOOK = {"url": "https://pos.example/orders", "secret": "0123456789abcdef"}


async def ordered(customer: Customer, item: str = "tiramisu") -> Outcome:
    await customer("add_to_order", item=item)
    done = await customer("confirm_order", **PICKUP)
    assert not done.failed, done["message"]
    return done


async def row_of(customer: Customer, reference: str) -> Row:
    found = await ledger.find(
        customer.desk.desk.database, customer.business.id, reference.replace("-", "")
    )
    assert found is not None
    return found


async def step(customer: Customer, order: Row, to: Status) -> Row | None:
    database = customer.desk.desk.database
    change = Change(to=to, actor="staff", who="luca", reason="because")
    now = customer.desk.desk.now(customer.business)
    async with database.transaction():
        return await move(
            database, customer.business, rules_of(customer.business), order, change, now
        )


async def told(customer: Customer) -> list[Row]:
    rows = await customer.desk.desk.database.fetch("SELECT kind, body FROM outbox ORDER BY id")
    assert {row["kind"] for row in rows} <= {"orders.webhook"}
    return [msgspec.json.decode(row["body"]) for row in rows]


@pytest.fixture
async def customer(tmp_path: Path, database_url: str) -> AsyncIterator[Customer]:
    business = cafe()
    async with opened(tmp_path, business, url=database_url) as desk:
        yield Customer(desk, business)


@pytest.fixture
async def shop(tmp_path: Path) -> AsyncIterator[Customer]:
    """SQLite only."""
    business = cafe()
    async with opened(tmp_path, business) as desk:
        yield Customer(desk, business)


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


# ---- looking up and cancelling ---------------------------------------------------------------


async def test_ones_own_order(customer: Customer) -> None:
    none = await customer("order_status")
    assert none["message"].startswith("No open order was made in this chat.")
    placed = await ordered(customer)
    shown = await customer("order_status")
    assert shown["message"] == (
        f"Order {placed['reference']} for Mon, Nov 23, 12:15 PM, $7.70: "
        "placed, waiting to be accepted."
    )
    assert customer.state.commitments[-1].kinds == ("ordered",)
    proposal, asked = await customer.propose("cancel_order")
    assert asked["message"] == (
        f"Cancel order {placed['reference']} for Mon, Nov 23, 12:15 PM, $7.70"
    )
    assert (await row_of(customer, placed["reference"]))["status"] == "placed"
    gone = await customer.run("cancel_order", {}, proposal=proposal)
    assert gone["message"].startswith("Order cancelled: ")
    assert gone["status"] == "cancelled"
    (commitment,) = customer.state.commitments
    assert commitment.kinds == ("order_cancelled",)
    assert (await count(customer, CAPACITY), await count(customer, STOCK)) == (0, 0)
    again = await customer("cancel_order", reference=placed["reference"])
    assert again["message"].startswith("That order was cancelled before")
    assert (await customer("cancel_order")).failed


@pytest.mark.parametrize(
    ("policy", "status", "cancels"),
    [
        ("accepted", "placed", True),
        ("accepted", "accepted", False),
        ("preparing", "accepted", True),
        ("preparing", "preparing", False),
        ("preparing", "ready", False),
        ("preparing", "completed", False),
    ],
)
async def test_until_when_customers_cancel(
    tmp_path: Path, policy: str, status: Status, cancels: bool
) -> None:
    business = cafe(cancel_until=policy)
    async with opened(tmp_path, business) as desk:
        customer = Customer(desk, business)
        reference = (await ordered(customer))["reference"]
        path: list[Status] = ["placed", "accepted", "preparing", "ready", "completed"]
        for to in path[1 : path.index(status) + 1]:
            await step(customer, await row_of(customer, reference), to)
        for done in (
            (await customer.propose("cancel_order", reference=reference))[1],
            await customer("cancel_order", reference=reference),
        ):
            assert done.failed is not cancels
            if status in ("accepted", "preparing", "ready") and not cancels:
                assert "please call +1 212 555 0142" in done["message"]
        state = (await row_of(customer, reference))["status"]
        assert state == ("cancelled" if cancels else status)


@pytest.mark.parametrize(("auto", "cancels"), [(True, True), (False, False)])
async def test_until_when_customers_cancel_if_nothing_is_said(
    tmp_path: Path, auto: bool, cancels: bool
) -> None:
    """An order that is accepted at once can still be cancelled until the kitchen begins."""
    business = cafe(auto_accept=auto)
    async with opened(tmp_path, business) as desk:
        customer = Customer(desk, business)
        reference = (await ordered(customer))["reference"]
        if not auto:
            await step(customer, await row_of(customer, reference), "accepted")
        assert (await row_of(customer, reference))["status"] == "accepted"
        done = await customer("cancel_order", reference=reference)
        assert done.failed is not cancels
        if not cancels:
            assert done["message"].startswith("It is too late to cancel this order here; only")


async def test_food_that_is_ready_is_not_cancelled_here(shop: Customer) -> None:
    await ordered(shop)
    minutes(shop, 15)
    assert (await shop("cancel_order")).failed


async def test_several_orders(shop: Customer) -> None:
    references = {(await ordered(shop, item))["reference"] for item in ("cola", "tiramisu")}
    shown = await shop("order_status")
    assert {card["reference"] for card in shown["orders"]} == references
    which = await shop("cancel_order")
    assert (which.failed, which["needs"]) == (True, "reference")
    assert {option["reference"] for option in which["options"]} == references


@pytest.mark.parametrize(
    ("proof", "fits"),
    [
        ({"name": "Ana Ruiz"}, True),
        ({"name": "ruiz"}, True),
        ({"phone": "212 555 0199"}, True),
        ({}, False),
        ({"name": "Ana"}, False),
        ({"name": "Ruizz"}, False),
        ({"phone": "212 555 0198"}, False),
        ({"phone": "hello"}, False),
    ],
)
async def test_a_strangers_proof(shop: Customer, proof: dict[str, str], fits: bool) -> None:
    reference = (await ordered(shop))["reference"]
    other = Customer(shop.desk, shop.business)
    typed = reference.lower().replace("-", " ").replace("0", "o").replace("1", "i")
    for tool in ("order_status", "cancel_order"):
        done = await other(tool, reference=typed, **proof)
        assert done.failed is not fits
        if not fits:
            assert done["message"].startswith("No order was found with these details.")


async def test_a_verified_number_is_proof(shop: Customer) -> None:
    reference = (await ordered(shop))["reference"]
    other = Customer(shop.desk, shop.business)
    other.contact = Contact(id="x", phone="+12125550199")
    assert (await other("order_status", reference=reference)).failed
    other.contact = Contact(id="x", phone="+12125550199", phone_verified=True)
    assert not (await other("order_status", reference=reference)).failed


async def test_another_business_knows_nothing(shop: Customer) -> None:
    reference = (await ordered(shop))["reference"]
    other = msgspec.structs.replace(shop.business, id="other")
    await shop.desk.add_business(other)
    stranger = Customer(shop.desk, other, shop.contact.id)
    assert (await stranger("order_status", reference=reference, name="Ana Ruiz")).failed
    assert (await stranger("order_status"))["orders"] == []
    assert (await stranger("cancel_order")).failed


async def test_guessing_ends(customer: Customer) -> None:
    reference = (await ordered(customer))["reference"]
    thief = Customer(customer.desk, customer.business)
    right = {"reference": reference, "name": "Ana Ruiz"}
    for n in range(5):
        failed = await thief("order_status", reference=f"0000-000{n}", name="Ana Ruiz")
        assert failed["code"] == "not_found"
    for tool in ("order_status", "cancel_order"):
        assert (await thief(tool, **right))["code"] == "too_many_guesses"
    # Others are not hindered, and after a quarter of an hour nor is this one.
    assert not (await customer("order_status", reference=reference)).failed
    minutes(customer, 16)
    assert not (await thief("order_status", **right)).failed
    # Many who guess at one order stop each other.
    for _ in range(5):
        one = Customer(customer.desk, customer.business)
        assert (await one("order_status", reference=reference))["code"] == "not_found"
    last = await Customer(customer.desk, customer.business)("order_status", **right)
    assert last["code"] == "too_many_guesses"
