"""From the cart to an order: read back, agreed and placed once."""

import copy
from pathlib import Path
from typing import Any

from support_cafe import cafe, with_item
from support_orders import (
    CAPACITY,
    ORDERS,
    PICKUP,
    STOCK,
    Customer,
    agree,
    count,
    customer,
    minutes,
    opened,
)

from frontdesk.testing import Call, ScriptedModel

__all__ = ["customer"]  # fixtures


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
