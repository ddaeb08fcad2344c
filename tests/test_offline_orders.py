"""Orders with the offline model, from schemas alone, in a shop."""

from typing import Any

import msgspec
import pytest
from support_offline import FIG, Guest, RefusalError, refuse, tool

TEXT = {"type": "string", "maxLength": 200}
COUNT = {"type": "integer", "minimum": 1, "maximum": 99}
PUT = tool(
    "put_in_cart", "Puts a product into the cart.", "I'd like a candle", "add a vase",
    product=TEXT | {"title": "Product"}, size_=TEXT | {"title": "Size"},
    extras_={"type": "array", "items": TEXT}, quantity_=COUNT,
)  # fmt: skip
EDIT = tool(
    "edit_cart", "Changes a product in the cart.", "make that two",
    product=TEXT, size_=TEXT, extras_={"type": "array", "items": TEXT}, quantity_=COUNT,
)  # fmt: skip
DROP = tool("drop_from_cart", "Takes a product out.", "remove the vase", product=TEXT)
SEE = tool("see_cart", "Shows the cart.", "what's in my cart?")
PAY = tool(
    "checkout_cart", "Places the order.", "checkout", confirm=True,
    name={"type": "string", "minLength": 1},
)  # fmt: skip
ASK = tool("search_faq", "Searches the answers.", "do you ship?", query=TEXT)
SHOP = (PUT, EDIT, DROP, SEE, PAY, ASK)
SIZES = {"message": "Which size: small or large?", "needs": "size", "options": ["small", "large"]}


class Cart:
    """A shop's tools in memory."""

    def __init__(self) -> None:
        self.lines: dict[str, dict[str, Any]] = {}
        self.ordered = False

    def shown(self, lead: str) -> dict[str, Any]:
        lines = [{"product": name, "label": name} for name in self.lines]
        return {"message": lead, "lines": lines}

    def put(self, given: dict[str, Any]) -> dict[str, Any]:
        if "vase" in given["product"] and "size" not in given:
            refuse(SIZES)(given)
        if "moon" in given["product"]:
            refuse({"message": "We have no moon."})(given)
        self.lines[given["product"]] = given
        return self.shown(f"Added: {given['product']}.")

    def edit(self, given: dict[str, Any]) -> dict[str, Any]:
        if given["product"] not in self.lines:
            refuse({"message": "That is not in the cart."})(given)
        self.lines[given["product"]] |= given
        return self.shown("Changed.")

    def drop(self, given: dict[str, Any]) -> dict[str, Any]:
        if self.lines.pop(given["product"], None) is None:
            raise RefusalError('{"message": "That is not in the cart."}')
        return self.shown("Removed." if self.lines else "The cart is empty.")

    def pay(self, given: dict[str, Any]) -> dict[str, Any]:
        self.ordered = True
        return {"message": f"Ordered for {given['name']}."}


def shopping(*, business: Any = FIG) -> tuple[Guest, Cart]:
    cart = Cart()
    answers = {
        "put_in_cart": cart.put, "edit_cart": cart.edit, "drop_from_cart": cart.drop,
        "see_cart": lambda _: {"message": f"{len(cart.lines)} things."}, "checkout_cart": cart.pay,
        "search_faq": lambda _: {"found": False, "results": [], "message": "Nothing about that."},
    }  # fmt: skip
    return Guest(*SHOP, business=business, answers=answers), cart


async def test_an_order_from_schemas_alone() -> None:
    guest, cart = shopping()
    said = await guest.say("I'd like two red candles with a ribbon and a lamp please")
    assert said.startswith("Added: red candles with a ribbon.\n\nAdded: lamp.")
    assert "anything else" in said
    assert guest.made("put_in_cart") == [
        {"product": "red candles with a ribbon", "quantity": 2}, {"product": "lamp"}
    ]  # fmt: skip
    assert "2 things." in await guest.say("what's in my cart?")
    assert await guest.say("that's all") == "What name shall I put it under?"
    assert "Shall I checkout cart" in await guest.say("Zoe")
    assert not cart.ordered
    assert await guest.say("yes") == "Ordered for Zoe."


@pytest.mark.parametrize("answer", ["large", "the second", "large please", "the large one"])
async def test_what_a_tool_needs_is_asked(answer: str) -> None:
    guest, cart = shopping()
    assert await guest.say("can I get 3 vases") == "Which size: small or large?"
    assert not cart.lines
    await guest.say(answer)
    assert cart.lines == {"vases": {"product": "vases", "quantity": 3, "size": "large"}}


async def test_two_that_need_something_are_asked_one_by_one() -> None:
    guest, cart = shopping()
    said = await guest.say("a blue vase, a lamp and a green vase")
    assert "Added: lamp." in said
    assert said.endswith("Which size: small or large?")
    assert "Which size" in await guest.say("small")
    assert "anything else" in await guest.say("large")
    assert {name: line.get("size") for name, line in cart.lines.items()} == {
        "lamp": None, "blue vase": "small", "green vase": "large"
    }  # fmt: skip


async def test_a_question_while_something_is_needed() -> None:
    guest, cart = shopping()
    await guest.say("a vase")
    said = await guest.say("do you ship?")
    assert "Nothing about that." in said
    assert "small" in said
    await guest.say("small")
    assert cart.lines["vase"]["size"] == "small"


async def test_leaving_out_what_needs_something() -> None:
    guest, cart = shopping()
    await guest.say("a vase")
    assert "leave it" in await guest.say("no")
    assert not cart.lines


@pytest.mark.parametrize(
    ("text", "changed"),
    [
        ("make that two", {"quantity": 2}), ("make it 3 please", {"quantity": 3}),
        ("no, small", {"size": "small"}), ("actually large", {"size": "large"}),
        ("without the ribbon", {"extras": ["without the ribbon"]}),
        ("with gift wrap", {"extras": ["with gift wrap"]}), ("just one", {"quantity": 1}),
        ("can you make it two?", {"quantity": 2}),
    ],
)  # fmt: skip
async def test_a_correction_is_about_the_last_item(text: str, changed: Any) -> None:
    guest, _ = shopping()
    await guest.say("I'd like a lamp")
    await guest.say("and a candle")
    assert "Changed." in await guest.say(text)
    assert guest.made("edit_cart") == [{"product": "candle"} | changed]


@pytest.mark.parametrize("text", ["another one", "one more please", "the same again"])
async def test_the_same_once_more(text: str) -> None:
    guest, _ = shopping()
    await guest.say("I'd like three lamps")
    await guest.say(text)
    assert guest.made("put_in_cart") == [{"product": "lamps", "quantity": 3}, {"product": "lamps"}]


@pytest.mark.parametrize(
    "text", ["remove the lamp", "take the lamp off my order", "no lamp after all", "lose the lamp"]
)
async def test_taking_something_out(text: str) -> None:
    guest, cart = shopping()
    await guest.say("a lamp and a candle")
    assert "Removed." in await guest.say(text)
    assert list(cart.lines) == ["candle"]


async def test_what_there_is_not_is_said_and_nothing_else_changes() -> None:
    guest, cart = shopping()
    said = await guest.say("a lamp and a moon")
    assert "Added: lamp." in said
    assert "We have no moon." in said
    assert "anything else" in said
    assert list(cart.lines) == ["lamp"]


@pytest.mark.parametrize("text", ["no", "no thanks", "nothing else", "that's it", "I'm done"])
async def test_the_end_of_an_order(text: str) -> None:
    guest, _ = shopping()
    await guest.say("a lamp please")
    assert "What name" in await guest.say(text)


async def test_yes_there_is_more() -> None:
    guest, cart = shopping()
    await guest.say("a lamp please")
    assert await guest.say("yes") == "What would you like?"
    await guest.say("two candles")
    assert cart.lines["candles"] == {"product": "candles", "quantity": 2}


async def test_cancelling_what_is_not_placed_empties_it() -> None:
    guest, cart = shopping()
    await guest.say("a lamp and a candle")
    said = await guest.say("cancel my order")
    assert said == "All right, your order is empty again: nothing will be made or charged."
    assert not cart.lines


async def test_an_order_does_not_end_a_booking() -> None:
    book = tool(
        "book_table", "Books a table.", "book a table", confirm=True,
        people={"type": "integer", "minimum": 1}, date={"type": "string", "format": "date"},
    )  # fmt: skip
    guest, cart = shopping()
    guest.tools = (*SHOP, book)
    assert "How many people" in await guest.say("book a table for tomorrow")
    said = await guest.say("and I'd like a lamp")
    assert "Added: lamp." in said
    assert "How many people" in said
    assert list(cart.lines) == ["lamp"]
    assert "Shall I book" in await guest.say("2")


async def test_what_is_sold_is_known_by_its_name() -> None:
    """Only names: what is not sold here is no order."""
    settings = {
        "shop": {"goods": [{"name": "Desk lamp", "price": 100}, {"name": "Candle", "price": 1}]}
    }
    guest, cart = shopping(business=msgspec.structs.replace(FIG, settings=settings))
    assert "Nothing about that." in await guest.say("can I get a receipt?")
    assert "Added: candle." in await guest.say("can I get a candle?")
    await guest.say("desk lamp and candel")
    assert list(cart.lines) == ["candle", "desk lamp", "candel"]
