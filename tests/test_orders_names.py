"""Which item customers mean: what is understood, and what is asked about instead of guessed."""

from pathlib import Path

import msgspec
import pytest
from support_cafe import cafe
from support_orders import Customer, customer, opened

__all__ = ["customer"]  # fixtures


@pytest.mark.parametrize(
    ("said", "label"),
    [
        ("LATTE", "1 x Latte, Small (Whole milk)"),
        ("a latte please", "1 x Latte, Small (Whole milk)"),
        ("two lattes", "2 x Latte, Small (Whole milk)"),
        ("2x late", "2 x Latte, Small (Whole milk)"),
        ("caffe latte", "1 x Latte, Small (Whole milk)"),
        ("latte with an extra shot", "1 x Latte, Small (Whole milk, Extra shot)"),
        ("latte, double shot, decaf", "1 x Latte, Small (Whole milk, 2 x Extra shot, Decaf)"),
        ("decaf latte with shot x3", "1 x Latte, Small (Whole milk, 3 x Extra shot, Decaf)"),
        ("latte no sugar", "1 x Latte, Small (Whole milk; no sugar)"),
        ("iced late", "1 x Iced latte"),
        ("pizza margarita", "1 x Margherita, Small (Tomato, Onions)"),
        ("margheritas without onions", "1 x Margherita, Small (Tomato)"),
        ("margherita sans tomato et onions", "1 x Margherita, Small"),
        ("margherita with salt and pepper", "1 x Margherita, Small (Tomato, Onions, Salt and pepper)"),
        ("Tiramisu", "1 x Tiramisù"),
        ("double espresso", "1 x Espresso, Double"),
        ("dos espressos", "2 x Espresso, Single"),
    ],
)  # fmt: skip
async def test_words_that_mean_one_item(customer: Customer, said: str, label: str) -> None:
    small = {"variant": "small"} if "Small" in label else {}
    single = {"variant": "single"} if "Single" in label else {}
    milk = {"modifiers": "whole milk"} if "Whole" in label else {}
    done = await customer("add_to_order", item=said, **(small | single | milk))
    assert (done.failed, customer.labels()) == (False, [label]), done["message"]


@pytest.mark.parametrize(
    ("said", "message"),
    [
        ("coffee", 'Several things could be "coffee": Latte, Iced latte and Espresso. Which one?'),
        ("margherita and a coke", "Margherita and Cola. Which one?"),
        ("bagel", 'There is no "bagel" on the menu.'),
        ("cakes", "Carrot cake is sold out."),
        ("latte with bacon", 'Latte cannot be had with "bacon".'),
        ("cola with ice cubes", 'There are no extras for Cola, so "ice cubes" is not possible.'),
        ("soy latte", "Soy milk is sold out, so Latte cannot be had with it."),
        ("oat latte with whole milk", 'Latte takes 1 of "Milk" at most.'),
        ("latte with 5 shots", "Extra shot can be had 3 times at most on Latte."),
        ("latte with 3 shots and 2 decaf", 'Latte takes 4 of "Extras" at most.'),
        ("latte with decaf and no decaf", "Decaf cannot be both with and without."),
        ("huge latte", 'Latte cannot be had with "huge".'),
    ],
)
async def test_words_that_do_not_are_never_a_guess(
    customer: Customer, said: str, message: str
) -> None:
    await customer("add_to_order", item="iced latte")
    before = msgspec.to_builtins(customer.state)
    size = {"variant": "large"} if "latte" in said or "margherita" in said else {}
    failed = await customer("add_to_order", item=said, **size)
    assert failed.failed, customer.labels()
    assert message in failed["message"]
    assert msgspec.to_builtins(customer.state) == before


async def test_cokes_and_cakes_are_not_each_other(tmp_path: Path) -> None:
    business = cafe()
    orders = business.settings["orders"]
    items = [item for item in orders["items"] if item["id"] != "cola"]
    business = cafe(items=items)
    async with opened(tmp_path, business) as desk:
        failed = await Customer(desk, business)("add_to_order", item="coke")
        assert failed["message"].startswith('There is no "coke" on the menu.')
