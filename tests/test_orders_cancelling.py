"""Who may see an order and who may cancel it, and until when."""

from pathlib import Path

import msgspec
import pytest
from support_cafe import cafe
from support_orders import CAPACITY, STOCK, Customer, count, minutes, opened, ordered, row_of, step
from support_orders import both as customer
from support_orders import customer as shop

from frontdesk.conversation import Contact
from frontdesk_plugins.orders.transitions import Status

__all__ = ["customer", "shop"]  # fixtures


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
