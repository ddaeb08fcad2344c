"""The cart, as customers speak of it: what they add, change and take out, and its limits."""

import asyncio
from datetime import timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest
from support_cafe import MONDAY_NOON, cafe
from support_orders import Customer, customer, opened

from frontdesk.testing import Call, ScriptedModel

__all__ = ["customer"]  # fixtures


async def test_a_coffee_made_two_and_one_with_whole_milk(customer: Customer) -> None:
    """ "A large oat latte with an extra shot, no, make that two, and one with whole milk." """
    first = await customer("add_to_order", item="large oat latte with an extra shot")
    assert first["message"].splitlines()[0] == "Added: 1 x Latte, Large (Oat milk, Extra shot)."
    await customer("update_order", quantity=2)
    await customer("add_to_order", item="latte", variant="large", modifiers="whole milk")
    assert customer.labels() == [
        "2 x Latte, Large (Oat milk, Extra shot)",
        "1 x Latte, Large (Whole milk)",
    ]
    shown = await customer("view_order")
    assert [line["unit"] for line in shown["lines"]] == [680, 500]
    assert (shown["subtotal"], shown["tax"], shown["total"]) == (1860, 93, 1953)
    # Of a group of one, the new one takes the old one's place.
    await customer("update_order", line_id="2", modifiers="oat milk, extra shot")
    await customer("update_order", line_id="2", modifiers="whole milk, no extra shot")
    assert (await customer("view_order"))["lines"] == shown["lines"]
    assert shown["message"].splitlines() == [
        "Your order:",
        "- 2 x Latte, Large (Oat milk, Extra shot): $13.60",
        "- 1 x Latte, Large (Whole milk): $5.00",
        "Subtotal $18.60, tax $0.93. Total $19.53.",
    ]


async def test_a_pizza_whose_size_changes_half_way_and_loses_a_topping(customer: Customer) -> None:
    await customer("add_to_order", item="small margherita", modifiers="ham and mushrooms")
    await customer("update_order", variant="large")
    changed = await customer("update_order", line_id="1", modifiers="no mushrooms")
    assert customer.labels() == ["1 x Margherita, Large (Tomato, Onions, Ham)"]
    # The only topping left is the free one.
    assert changed["lines"][0]["unit"] == 1400
    await customer("update_order", line_id="margherita", modifiers="hold the onions, no basil")
    assert customer.labels() == ["1 x Margherita, Large (Tomato, Ham; no basil)"]
    await customer("update_order", modifiers="onions, 2 mushrooms")
    assert customer.labels() == [
        "1 x Margherita, Large (Tomato, Onions, 2 x Mushrooms, Ham; no basil)"
    ]
    await customer("update_order", note="")
    assert customer.labels() == ["1 x Margherita, Large (Tomato, Onions, 2 x Mushrooms, Ham)"]


async def test_what_is_missing_is_asked_for_and_then_said(customer: Customer) -> None:
    size = await customer("add_to_order", item="latte")
    assert (size.failed, size["message"]) == (True, "Which size: Small, Medium or Large?")
    assert (size["needs"], size["group"]) == ("variant", "Size")
    assert [one["variant"] for one in size["options"]] == ["Small", "Medium", "Large"]
    milk = await customer("add_to_order", item="latte", variant="medium", modifiers="decaf")
    assert milk["message"] == "Which milk: Whole milk or Oat milk?"
    assert milk["needs"] == "modifiers"
    # An option's words go back as they are, with what was said before.
    assert [one["modifiers"] for one in milk["options"]] == ["decaf, Whole milk", "decaf, Oat milk"]
    assert customer.state.current_order_items == []
    done = await customer(
        "add_to_order", item="latte", variant="medium", modifiers=milk["options"][1]["modifiers"]
    )
    assert not done.failed
    assert customer.labels() == ["1 x Latte, Medium (Oat milk, Decaf)"]


async def test_taking_out(customer: Customer) -> None:
    await customer("add_to_order", item="3 cokes")
    await customer("add_to_order", item="two iced lattes")
    assert customer.labels() == ["3 x Cola", "2 x Iced latte"]
    both = await customer("remove_from_order")
    assert (both.failed, both["needs"]) == (True, "line_id")
    assert [one["line_id"] for one in both["options"]] == ["1", "2"]
    await customer("remove_from_order", item="coke", quantity=1)
    many = await customer("remove_from_order", item="cola", quantity=3)
    assert many["message"] == "There are not that many in your order: 2 x Cola."
    await customer("remove_from_order", line_id="1")
    other = await customer("remove_from_order", item="beer")
    assert other["message"] == "That is not in your order. There is 2 x Iced latte."
    assert customer.labels() == ["2 x Iced latte"]
    empty = await customer("remove_from_order", item="iced latte")
    assert empty["message"] == "Removed: 2 x Iced latte."
    assert (await customer("view_order"))["message"] == "Your order is empty."
    assert (await customer("update_order", quantity=2))["message"] == "Your order is empty."
    await customer("add_to_order", item="cola")
    assert (await customer("view_order"))["lines"][0]["line_id"] == "3"  # never given twice


async def test_the_same_again_makes_the_line_grow(customer: Customer) -> None:
    await customer("add_to_order", item="cola")
    await customer("add_to_order", item="Coke", quantity=2)
    await customer("add_to_order", item="cola", note="with ice")
    assert customer.labels() == ["3 x Cola", "1 x Cola (with ice)"]


async def test_nothing_is_called_changed_that_is_not(customer: Customer) -> None:
    await customer("add_to_order", item="large margherita")
    answer = await customer("update_order", variant="large")
    assert answer["message"].startswith("That is how it is already: 1 x Margherita, Large")
    assert answer["cart_version"] == 1


async def test_what_another_line_has_is_left_out_of_it(customer: Customer) -> None:
    await customer("add_to_order", item="large margherita", modifiers="ham")
    await customer("add_to_order", item="cola")
    asked = await customer("update_order", line_id="cola", modifiers="without the ham")
    assert (asked.failed, asked["needs"]) == (True, "line_id")
    assert [option["item"] for option in asked["options"]] == ["Margherita"]
    done = await customer("update_order", line_id="margherita", modifiers="without the ham")
    assert "Ham" not in done["lines"][0]["label"]


# ---- limits ----------------------------------------------------------------------------------


async def test_limits_leave_the_cart_as_it_is(customer: Customer) -> None:
    await customer("add_to_order", item="cookies", quantity=2)
    before = msgspec.to_builtins(customer.state)
    cases: list[tuple[str, dict[str, Any], str]] = [
        (
            "add_to_order",
            {"item": "cookie", "quantity": 2},
            "Cookies can be ordered 3 times at most.",
        ),
        ("update_order", {"quantity": 4}, "Cookies can be ordered 3 times at most."),
        ("update_order", {"variant": "large"}, "Cookies comes in one kind only"),
        ("update_order", {}, "Nothing was said to change on 2 x Cookies"),
        ("update_order", {"note": "x" * 141}, "The note may have 140 characters at most."),
        ("add_to_order", {"item": "tiramisu", "quantity": 2}, "Only 1 of Tiramisù are left."),
        ("add_to_order", {"item": "latte", "variant": "tall"}, 'Latte does not come as "tall".'),
    ]
    for tool, arguments, message in cases:
        failed = await customer(tool, **arguments)
        assert failed.failed
        assert message in failed["message"]
        assert msgspec.to_builtins(customer.state) == before
    for quantity in (0, -1):
        with pytest.raises(msgspec.ValidationError):
            await customer("update_order", quantity=quantity)


async def test_items_with_hours(customer: Customer) -> None:
    for hour, fits in ((9, True), (12, True), (14, True), (15, False), (20, False)):
        customer.desk.set_time(MONDAY_NOON + timedelta(hours=hour - 12))
        done = await customer("add_to_order", item="lunch special")
        assert done.failed is not fits, hour
        if not fits:
            assert done["message"] == (
                "Lunch special is only available at these times: Mon, Tue 12:00 PM-3:00 PM."
            )
    problems = (await customer("view_order"))["problems"]
    assert [one["code"] for one in problems] == ["not_available"]


async def test_an_age_is_told(customer: Customer) -> None:
    done = await customer("add_to_order", item="beer")
    assert "customers of 21 and over" in done["message"]


async def test_far_too_many(customer: Customer) -> None:
    for item in ("500 colas", "500 margheritas"):
        answer = await customer("add_to_order", item=item)
        assert "can be ordered 20 times at most" in answer["message"]


# ---- through whole turns ---------------------------------------------------------------------


async def test_a_cart_lives_in_the_conversation(tmp_path: Path, database_url: str) -> None:
    business = cafe()
    async with opened(tmp_path, business, url=database_url) as desk:
        model = desk.desk.plugins.models["scripted"]
        assert isinstance(model, ScriptedModel)
        talk = await desk.conversation("cafe")
        model.then(
            [Call("add_to_order", item="3 cokes"), Call("add_to_order", item="beer")], "Sure."
        )
        await talk.say("three cokes and a beer")
        assert [action.status for action in talk.actions] == ["done", "done"]
        model.then(Call("add_to_order", item="cake"), "Sorry, sold out.")
        await talk.say("and a cake")
        assert [action.status for action in talk.actions] == ["failed"]
        model.then("Anything else?")
        await talk.say("hm")
        situation = str(model.requests[-1].messages[-1].blocks[0])
        assert "not placed yet, version 2: [1] 3 x Cola, $5.97; [2] 1 x Beer, $6.00" in situation


async def test_two_conversations_have_two_carts(customer: Customer) -> None:
    other = Customer(customer.desk, customer.business)
    await asyncio.gather(customer("add_to_order", item="cola"), other("add_to_order", item="beer"))
    assert (customer.labels(), other.labels()) == (["1 x Cola"], ["1 x Beer"])
