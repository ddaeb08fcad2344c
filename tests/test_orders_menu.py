"""The menu: what customers read of it, and what is wrong with one."""

from pathlib import Path

import msgspec
import pytest
from support_cafe import CAFE, cafe
from support_orders import Customer, customer, opened

from frontdesk import ConfigError

__all__ = ["customer"]  # fixtures


async def test_the_menu(customer: Customer) -> None:
    whole = await customer("get_menu")
    assert [item["id"] for item in whole["items"]][:3] == ["latte", "iced-latte", "espresso"]
    assert "- Latte: Small $4.00, Medium $4.50, Large $5.00" in whole["message"]
    assert "- Carrot cake: $5.00 (sold out)" in whole["message"]
    pizza = await customer("get_menu", category="pizzas")
    assert [item["id"] for item in pizza["items"]] == ["margherita"]
    assert pizza["items"][0]["allergens"] == ["gluten", "milk"]
    assert "traces are possible" in pizza["message"]
    vegetarian = await customer("get_menu", dietary="vegetarian")
    assert [item["id"] for item in vegetarian["items"]] == ["margherita", "cola"]
    # What nobody wrote down is not known: it is never "free of".
    assert vegetarian["items"][1]["allergens"] == "unknown"
    assert (await customer("get_menu", dietary="halal"))["items"] == []
    missing = await customer("get_menu", category="sushi")
    assert missing["message"].startswith('There is no category "sushi".')


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("latte", ["latte"]),
        ("basil", ["margherita"]),
        ("mozarella", ["margherita"]),
        ("coffee", ["latte", "iced-latte", "espresso"]),
        ("vegan", ["cola"]),
    ],
)
async def test_searching(customer: Customer, query: str, found: list[str]) -> None:
    answer = await customer("search_menu", query=query)
    assert [item["id"] for item in answer["items"]][: len(found)] == found


async def test_searching_in_vain(customer: Customer) -> None:
    answer = await customer("search_menu", query="sushi")
    assert (answer["found"], answer["message"]) == (False, 'The menu has nothing like "sushi".')


async def test_a_dish_with_its_extras(customer: Customer) -> None:
    message = (await customer("search_menu", query="margherita"))["message"]
    assert "Toppings: Mushrooms (+$1.50), Ham (+$2.50), Salt and pepper" in message
    assert (
        "Allergens listed for Margherita: gluten and milk. Marked on the menu: vegetarian."
        in message
    )
    assert "The allergens of Cola are not known." in (
        await customer("search_menu", query="cola")
    )["message"]  # fmt: skip


async def test_where_orders_are_brought_to(customer: Customer) -> None:
    answer = await customer("search_menu", query="is delivery free")
    assert answer["message"] == "Delivery to 10002, 1000 9, 112...: $3.00, from an order of $20.00."


# ---- the settings ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('category = "pizza"', 'category = "pasta"', "there is no category 'pasta'"),
        ('groups = ["milk", "extras"]', 'groups = ["milch"]', "there is no group 'milch'"),
        ('tax = "drinks"', 'tax = "food"', "there is no tax class 'food'; known: drinks, standard"),
        ("price = 199", "price = 1.99", "settings.orders.items.4.price"),
        ("price = 199", "price = -1", "settings.orders.items.4.price"),
        ("price = 199", "", "settings.orders.items.4: price: give a price or variants"),
        ('id = "cola"', 'id = "latte"', "two have the id 'latte'"),
        ('hours = ["12:00-15:00"]', 'hours = ["12-15"]', "'12-15' is not a range of times"),
        ("min = 1\nmax = 1", "min = 2\nmax = 1", "settings.orders.groups.0: min: it is more than max"),
        ("prep = 15", "prep = 15\nprepp = 3", "settings.orders.prepp: unknown key"),
    ],
)  # fmt: skip
def test_a_wrong_menu_names_the_key(old: str, new: str, message: str) -> None:
    assert old in CAFE
    with pytest.raises(ConfigError) as caught:
        cafe(CAFE.replace(old, new, 1))
    assert message in str(caught.value)


@pytest.mark.parametrize(
    ("locale", "message"),
    [
        ("de-DE", "Sorte: Single oder Double?"),
        ("it-IT", "Tipo: Single o Double?"),
        ("fr-FR", "Sorte : Single ou Double ?"),
        ("es-ES", "Tipo: ¿Single o Double?"),
        ("ja-JP", "Which kind: Single or Double?"),
    ],
)
async def test_customers_read_their_own_language(tmp_path: Path, locale: str, message: str) -> None:
    business = msgspec.structs.replace(cafe(), locale=locale, currency="EUR")
    async with opened(tmp_path, business) as desk:
        failed = await Customer(desk, business)("add_to_order", item="espresso")
        assert failed["message"] == message
