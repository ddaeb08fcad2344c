"""The menu and the cart, as customers speak of them."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest
from support import migrated

from frontdesk import ActionCall, ActionError, Business, ConfigError
from frontdesk.catalogue import read_business
from frontdesk.conversation import Contact, ConversationState, apply_patch
from frontdesk.ids import new_id
from frontdesk.testing import Call, ScriptedModel, TestDesk, open_desk
from frontdesk_plugins.orders.rules import OrderRules

CAFE = """
id = "cafe"
name = "Cafe Uno"
timezone = "America/New_York"
phone = "+1 212 555 0142"
tools = ["get_menu", "search_menu", "add_to_order", "update_order", "remove_from_order",
    "view_order", "confirm_order", "order_status", "cancel_order"]
[hours]
mon = ["08:00-22:00"]
tue = ["08:00-22:00"]
fri = ["18:00-02:00"]
[settings.orders]
taxes = { standard = 100000, drinks = 50000 }
prep = 15
last_order = 30
days_ahead = 2
categories = [
  { id = "coffee", name = "Coffee" }, { id = "pizza", name = "Pizza" },
  { id = "sweets", name = "Sweets" },
  { id = "lunch", name = "Lunch", available = [{ days = ["mon", "tue"], hours = ["12:00-15:00"] }] },
]
fees = [
  { id = "small", name = "Small order", amount = 100, below = 500, tax = "standard" },
]
[[settings.orders.zones]]
id = "near"
name = "Delivery"
postcodes = ["10002", "1000 9", "112*"]
fee = 300
minimum = 2000
minutes = 20
[[settings.orders.groups]]
id = "milk"
name = "Milk"
min = 1
max = 1
modifiers = [
  { id = "whole", name = "Whole milk" }, { id = "oat", name = "Oat milk", price = 80 },
  { id = "soy", name = "Soy milk", price = 60, sold_out = true } ]
[[settings.orders.groups]]
id = "extras"
name = "Extras"
max_per_option = 3
max = 4
modifiers = [ { id = "shot", name = "Extra shot", price = 100, aliases = ["Shot"] },
  { id = "decaf", name = "Decaf" } ]
[[settings.orders.groups]]
id = "base"
name = "On it"
modifiers = [ { id = "tomato", name = "Tomato", default = true },
  { id = "onions", name = "Onions", default = true } ]
[[settings.orders.groups]]
id = "toppings"
name = "Toppings"
max = 3
max_per_option = 2
free_count = 1
modifiers = [ { id = "mushrooms", name = "Mushrooms", price = 150 },
  { id = "ham", name = "Ham", price = 250 }, { id = "salt", name = "Salt and pepper" } ]
[[settings.orders.items]]
id = "latte"
name = "Latte"
category = "coffee"
aliases = ["Caffè latte"]
variant_name = "Size"
variants = [ { id = "small", name = "Small", price = 400 },
  { id = "medium", name = "Medium", price = 450 },
  { id = "large", name = "Large", price = 500, aliases = ["Big"] } ]
groups = ["milk", "extras"]
tax = "drinks"
[[settings.orders.items]]
id = "iced-latte"
name = "Iced latte"
category = "coffee"
price = 600
[[settings.orders.items]]
id = "espresso"
name = "Espresso"
category = "coffee"
variants = [ { id = "single", name = "Single", price = 300 },
  { id = "double", name = "Double", price = 400 } ]
[[settings.orders.items]]
id = "margherita"
name = "Margherita"
category = "pizza"
description = "Tomato, mozzarella, basil."
variant_name = "Size"
variants = [ { id = "small", name = "Small", price = 1000 }, { id = "large", name = "Large", price = 1400 } ]
groups = ["base", "toppings"]
allergens = ["gluten", "milk"]
dietary = ["vegetarian"]
[[settings.orders.items]]
id = "cola"
name = "Cola"
category = "sweets"
aliases = ["Coke"]
price = 199
dietary = ["vegan"]
[[settings.orders.items]]
id = "tiramisu"
name = "Tiramisù"
category = "sweets"
price = 700
stock = 1
[[settings.orders.items]]
id = "cake"
name = "Carrot cake"
category = "sweets"
price = 500
sold_out = true
[[settings.orders.items]]
id = "cookies"
name = "Cookies"
category = "sweets"
price = 250
max_qty = 3
[[settings.orders.items]]
id = "special"
name = "Lunch special"
category = "lunch"
price = 1100
[[settings.orders.items]]
id = "beer"
name = "Beer"
category = "sweets"
price = 600
age_restricted = 21
"""
MONDAY_NOON = datetime(2026, 11, 23, 17, 0, tzinfo=UTC)
"""12:00 in New York."""


def cafe(text: str = CAFE, /, **changes: Any) -> Business:
    """The café; `changes` are keys of [settings.orders]."""
    sections: dict[str, type[msgspec.Struct]] = {"orders": OrderRules}
    business = read_business(text, "cafe.toml", sections)
    orders = business.settings["orders"] | changes
    return msgspec.structs.replace(business, settings={"orders": orders})


def with_item(business: Business, item: str, **changes: Any) -> Business:
    """The same business, an item changed."""
    orders = business.settings["orders"]
    items = [one | changes if one["id"] == item else one for one in orders["items"]]
    return msgspec.structs.replace(business, settings={"orders": orders | {"items": items}})


class Outcome(dict[str, Any]):
    """What an action returned, or what its ActionError said with `failed`."""

    failed = False


class Customer:
    """Calls actions as the engine does: in a transaction, the patch kept with the outcome."""

    def __init__(self, desk: TestDesk, business: Business, name: str = "") -> None:
        self.desk = desk
        self.business = business
        self.contact = Contact(id=name or new_id())
        self.conversation = new_id()
        self.state = ConversationState()
        self.channel = "web"

    async def __call__(self, tool: str, /, **arguments: Any) -> Outcome:
        return await self.run(tool, arguments)

    async def run(
        self, tool: str, arguments: dict[str, Any], *, part: str = "run", proposal: str = "",
        call_id: str = "",
    ) -> Outcome:  # fmt: skip
        action = self.desk.desk.plugins.actions[tool]
        assert not isinstance(action.params, dict)
        params = msgspec.convert(arguments, action.params)
        call = ActionCall(
            id=call_id or new_id(), tool=tool, business=self.business, contact=self.contact,
            conversation=self.conversation, channel=self.channel,
            now=self.desk.desk.now(self.business), db=self.desk.desk.database,
            plugins=self.desk.desk.plugins, secret_keys=self.desk.desk.secret_keys,
            state=self.state, proposal=proposal, patch={},
        )  # fmt: skip
        answer = Outcome()
        kept: ActionError | None = None
        try:
            async with call.db.transaction():
                try:
                    answer.update(await getattr(action, part)(call, params))
                except ActionError as error:
                    if not error.keep_writes:
                        raise
                    kept = error
        except ActionError as error:
            kept = error
        if kept is not None:
            answer.failed = True
            answer.update(kept.data | {"message": kept.message})
        patch = msgspec.to_builtins(call.patch)
        if answer.failed:  # what only a success makes true is left out
            patch.pop("commitments", None)
        apply_patch(self.state, patch)
        return checked(answer)

    async def propose(
        self, tool: str = "confirm_order", /, **arguments: Any
    ) -> tuple[str, Outcome]:
        proposal = new_id()
        done = await self.run(tool, arguments, part="propose", proposal=proposal)
        return proposal, done

    def labels(self) -> list[str]:
        from frontdesk_plugins.orders.cards import line_label
        from frontdesk_plugins.orders.cart import cart_of

        return [line_label(line) for line in cart_of(self.state).lines]


def checked(answer: Outcome) -> Outcome:
    """Nothing leaves that JSON cannot say, and no amount is ever a float."""
    text = msgspec.json.encode(dict(answer))
    assert not any(isinstance(one, float) for one in _values(msgspec.json.decode(text)))
    return answer


def _values(tree: Any) -> list[Any]:
    if isinstance(tree, dict):
        return [one for value in tree.values() for one in _values(value)]
    if isinstance(tree, list):
        return [one for value in tree for one in _values(value)]
    return [tree]


@asynccontextmanager
async def opened(folder: Path, *businesses: Business, url: str = "") -> AsyncIterator[TestDesk]:
    if url:
        await migrated(url)
    async with open_desk(
        folder, url=url, models=[ScriptedModel()], settings={"model": {"use": ["scripted"]}},
        recover=False,
    ) as desk:  # fmt: skip
        desk.set_time(MONDAY_NOON)
        for business in businesses:
            await desk.add_business(business)
        yield desk


@pytest.fixture
async def customer(tmp_path: Path) -> AsyncIterator[Customer]:
    business = cafe()
    async with opened(tmp_path, business) as desk:
        yield Customer(desk, business)


# ---- dialogues -------------------------------------------------------------------------------


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


# ---- names -----------------------------------------------------------------------------------


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


# ---- the menu --------------------------------------------------------------------------------


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


async def test_far_too_many(customer: Customer) -> None:
    for item in ("500 colas", "500 margheritas"):
        answer = await customer("add_to_order", item=item)
        assert "can be ordered 20 times at most" in answer["message"]


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
