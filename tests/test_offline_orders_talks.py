"""Whole orders with the offline model and the restaurant pack: what is added, changed and asked."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec
import pytest
from support_offline import FIG, Guest, tool
from test_offline_openings import BUSINESS

from frontdesk.testing import Conversation, TestDesk, open_desk

EVENING = datetime(2026, 11, 23, 23, 0, tzinfo=UTC)  # Monday, 18:00 in New York


async def opened(desk: TestDesk, business: Any = BUSINESS) -> Conversation:
    desk.set_time(EVENING)
    await desk.add_business(business)
    return await desk.conversation(business.id)


@pytest.fixture
async def talk(tmp_path: Path) -> AsyncIterator[Conversation]:
    async with open_desk(tmp_path) as desk:
        yield await opened(desk)


async def say(talk: Conversation, *texts: str) -> str:
    """The reply to the last."""
    reply = ""
    for text in texts:
        told = await talk.say(text)
        assert told is not None
        reply = told.content
    return reply


def cart(reply: str) -> list[str]:
    """The lines of the order that a reply shows last."""
    shown = reply.rpartition("Your order:")[2]
    return [line[2:].partition(": $")[0] for line in shown.splitlines() if line.startswith("- ")]


# ---- what there is ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("what allergens are in the tiramisu?",
         ["Allergens listed for Tiramisù: eggs, gluten and milk.", "Marked on the menu: vegetarian"]),
        ("is there milk in the lasagne?", ["Listed as an allergen of Lasagne al forno: milk."]),
        ("is the carbonara gluten free?",
         ["Listed as an allergen of Carbonara: gluten.", "not marked on the menu as gluten-free"]),
        ("does the tiramisu contain nuts?",
         ["Not listed as an allergen of Tiramisù: nuts. That is no guarantee.", "traces"]),
        ("I have a nut allergy, is the minestrone ok?",
         ["Not listed as an allergen of Minestrone: nuts.", "tell our staff"]),
        ("is the lunch special vegan?", ["not marked", "allergens of Lunch special are not known"]),
        ("which dishes contain gluten?", ["Listed as an allergen of Bruschetta,", ": gluten."]),
        ("I'm lactose intolerant, what can I eat?", ["Listed as an allergen of Burrata,", ": milk."]),
        ("what dishes have nuts?", ["Not listed as an allergen", "That is no guarantee."]),
        ("is the lemon sorbet vegan?", ["Lemon sorbet is marked on the menu as vegan.",
                                        "No allergen is listed for Lemon sorbet."]),
    ],
)  # fmt: skip
async def test_allergens_are_told_as_they_are_listed(
    talk: Conversation, text: str, told: list[str]
) -> None:
    said = await say(talk, text)
    for part in told:
        assert part in said
    assert "free of" not in said
    assert "Yes" not in said


async def test_no_wine_list_is_not_the_whole_menu(talk: Conversation) -> None:
    assert await say(talk, "is there a wine list") == 'The menu has nothing like "wine".'
    said = await say(talk, "can I see the drinks menu?")
    assert "Cola" in said
    assert "Margherita" not in said


async def test_what_can_be_had_on_a_pizza(talk: Conversation) -> None:
    said = await say(talk, "what toppings can I get on a margherita?")
    assert "Toppings: Extra mozzarella (+$2.00)" in said
    assert "Truffle oil (+$3.00, sold out)" in said
    assert [action.tool for action in talk.actions] == ["search_menu"]


@pytest.mark.parametrize("text", ["is delivery free", "how much is delivery?", "do you deliver?"])
async def test_what_delivery_costs(talk: Conversation, text: str) -> None:
    said = await say(talk, text)
    assert "Delivery to 10002, 10009: $3.00, from an order of $20.00." in said


async def test_no_delivery_is_told(tmp_path: Path) -> None:
    orders = BUSINESS.settings["orders"] | {"zones": []}
    settings = BUSINESS.settings | {"orders": orders}
    async with open_desk(tmp_path) as desk:
        talk = await opened(desk, msgspec.structs.replace(BUSINESS, settings=settings))
        assert "no delivery" in await say(talk, "do you deliver?")


async def test_a_question_adds_nothing_to_an_order(talk: Conversation) -> None:
    await say(talk, "a cola")
    for text in ("is there gluten in the tiramisu", "does the tiramisu have nuts"):
        assert "as an allergen of Tiramisù" in await say(talk, text)
    assert cart(await say(talk, "what's in my order?")) == ["1 x Cola"]


async def test_a_question_is_no_answer(talk: Conversation) -> None:
    said = await say(talk, "a margherita", "is the diavola vegan?")
    assert "Diavola is not marked on the menu as vegan." in said
    assert said.splitlines()[-1].endswith("Large ($19.00)")
    assert "Margherita does not come" not in await say(talk, "is there milk in it?")
    assert cart(await say(talk, "small")) == ["1 x Margherita, Small"]
    said = await say(talk, "that's all", "is delivery free?")
    assert "$3.00" in said
    assert said.endswith("Pick-up or delivery?")


# ---- the question for a size -----------------------------------------------------------------


async def test_another_dish_is_no_size(talk: Conversation) -> None:
    said = await say(talk, "a margherita", "a large diavola")
    assert cart(said) == ["1 x Diavola, Large"]
    assert said.endswith('For "margherita": Which size: Small, Medium or Large?')
    assert cart(await say(talk, "small")) == ["1 x Diavola, Large", "1 x Margherita, Small"]


async def test_another_dish_instead(talk: Conversation) -> None:
    said = await say(talk, "a margherita", "no, a large diavola instead")
    assert cart(said) == ["1 x Diavola, Large"]
    assert "Would you like anything else?" in said


async def test_how_many_beside_the_size(talk: Conversation) -> None:
    assert cart(await say(talk, "a margherita", "two large ones")) == ["2 x Margherita, Large"]


@pytest.mark.parametrize("texts", [("a large one with olives",), ("with olives", "large")])
async def test_extras_beside_the_size(talk: Conversation, texts: tuple[str, ...]) -> None:
    said = await say(talk, "a margherita", *texts)
    assert cart(said) == ["1 x Margherita, Large (Olives)"]


@pytest.mark.parametrize(
    "texts",
    [("500 tiramisu",), ("500 margheritas",), ("a margherita", "500"), ("a tiramisu", "make that 50")],
)  # fmt: skip
async def test_too_many_is_told_as_such(talk: Conversation, texts: tuple[str, ...]) -> None:
    assert "can be ordered 20 times at most" in await say(talk, *texts)


@pytest.mark.parametrize(
    "texts", [("-2 large margherita",), ("0 margheritas",), ("a margherita", "-2 large")]
)
async def test_less_than_one_is_never_added(talk: Conversation, texts: tuple[str, ...]) -> None:
    assert "is not possible: I can only add one or more." in await say(talk, *texts)
    assert await say(talk, "stop", "what's in my order?") == "Your order is empty."


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("two large margheritas, one with olives",
         ["1 x Margherita, Large", "1 x Margherita, Large (Olives)"]),
        ("two margheritas, one large and one small",
         ["1 x Margherita, Large", "1 x Margherita, Small"]),
        ("2 large margheritas and one small", ["2 x Margherita, Large", "1 x Margherita, Small"]),
        ("one large diavola and two cokes. no, make that three cokes",
         ["1 x Diavola, Large", "3 x Cola"]),
    ],
)  # fmt: skip
async def test_parts_that_carry_their_dish(talk: Conversation, text: str, lines: list[str]) -> None:
    assert cart(await say(talk, text)) == lines


# ---- corrections -----------------------------------------------------------------------------

THREE = "a small margherita, a large diavola with mushrooms and a cola"


async def test_a_line_by_its_place(talk: Conversation) -> None:
    said = await say(talk, THREE, "without the mushrooms on the second")
    assert cart(said) == ["1 x Margherita, Small", "1 x Diavola, Large", "1 x Cola"]
    said = await say(talk, "make the first one large")
    assert cart(said) == ["1 x Margherita, Large", "1 x Diavola, Large", "1 x Cola"]
    said = await say(talk, "make the first one large")
    assert "Changed" not in said
    assert "That is how it is already: 1 x Margherita, Large." in said
    assert cart(await say(talk, "remove the last one")) == [
        "1 x Margherita, Large", "1 x Diavola, Large"
    ]  # fmt: skip


async def test_one_of_two_is_taken_out(talk: Conversation) -> None:
    said = await say(talk, "two large margheritas", "take one margherita off")
    assert cart(said) == ["1 x Margherita, Large"]


async def test_what_another_line_has_is_asked(talk: Conversation) -> None:
    said = await say(talk, THREE, "without the mushrooms")
    assert "Which one: 1 x Diavola, Large (Mushrooms)?" in said
    assert cart(await say(talk, "the diavola")) == [
        "1 x Margherita, Small", "1 x Diavola, Large", "1 x Cola"
    ]  # fmt: skip


async def test_make_that_two_beside_a_booking(talk: Conversation) -> None:
    """It is about whatever the last reply was about."""
    said = await say(talk, "a cola", "book a table for 4 tomorrow at 7pm", "make that two")
    assert "Changed: 2 people." in said
    assert cart(await say(talk, "and a tiramisu", "make that two")) == ["1 x Cola", "2 x Tiramisù"]
    assert "name" in (await say(talk, "what's in my order?")).splitlines()[-1]


# ---- the customer's own words ----------------------------------------------------------------


async def delivery(talk: Conversation) -> str:
    """As far as the question for the address."""
    return await say(
        talk, "a large margherita and a tiramisu", "that's all", "delivery", "Zoe Smith",
        "212 555 0123",
    )  # fmt: skip


@pytest.mark.parametrize("answer", ["yes", "no", "ok", "10002", "delivery"])
async def test_what_is_no_address(talk: Conversation, answer: str) -> None:
    assert "What is the address?" in await delivery(talk)
    assert "What is the address?" in await say(talk, answer)
    assert "What is the postcode?" in await say(talk, "84 Orchard Street")
    assert "What is the postcode?" in await say(talk, "yes")
    assert "to 84 Orchard Street, 10002, for Zoe" in await say(talk, "it's 10002")


async def test_another_way_instead_of_an_address(talk: Conversation) -> None:
    await delivery(talk)
    said = await say(talk, "pickup tomorrow at 6pm")
    assert "Pick-up on Tue, Nov 24, 6:00 PM, for Zoe Smith" in said
    assert "Shall I place the order?" in said


async def test_address_and_postcode_in_one_sentence(talk: Conversation) -> None:
    said = await say(
        talk, "a large margherita and a tiramisu", "that's all",
        "delivery to 84 Orchard Street, New York 10002", "Zoe Smith", "212 555 0123",
    )  # fmt: skip
    assert "to 84 Orchard Street, New York, 10002, for Zoe Smith, phone +1 212-555-0123." in said
    assert "Order placed" in await say(talk, "yes")


async def test_address_postcode_and_number_in_one_answer(talk: Conversation) -> None:
    said = await say(
        talk, "a large margherita and a tiramisu", "that's all", "delivery", "Zoe Smith",
        "my address is 12 Elm Road, 10009 and my number is 212 555 0123",
    )  # fmt: skip
    assert "to 12 Elm Road, 10009, for Zoe Smith, phone +1 212-555-0123." in said


async def test_an_answer_of_words_for_another_field() -> None:
    """A number plate is no yes."""
    plate = tool("park", "Parks a car.", "park my car", plate={"type": "string"})
    guest = Guest(plate, business=FIG, answers={"park": lambda _: {"message": "Parked."}})
    assert "plate" in await guest.say("park my car")
    for text in ("yes", "no", "pickup"):
        assert "plate" in await guest.say(text)
    assert not guest.made("park")
    await guest.say("AB 123 C")
    assert guest.made("park") == [{"plate": "AB 123 C"}]


# ---- agreed and cancelled --------------------------------------------------------------------


async def test_the_read_back_has_its_sums_once(talk: Conversation) -> None:
    said = await say(talk, "a tiramisu", "that's all", "pickup", "Zoe Smith", "212 555 0123")
    assert said.splitlines()[0].endswith("phone +1 212-555-0123.")
    outcome = talk.actions[-1].data
    assert outcome["summary"].endswith("phone +1 212-555-0123.")
    assert "Total" not in outcome["summary"]


async def test_an_accepted_order_can_still_be_cancelled(tmp_path: Path) -> None:
    """`auto_accept` without a word about cancelling."""
    orders = {k: v for k, v in BUSINESS.settings["orders"].items() if k != "cancel_until"}
    settings = BUSINESS.settings | {"orders": orders | {"auto_accept": True}}
    async with open_desk(tmp_path) as desk:
        talk = await opened(desk, msgspec.structs.replace(BUSINESS, settings=settings))
        placed = await say(
            talk, "a tiramisu", "that's all", "pickup", "Zoe Smith", "212 555 0123", "yes"
        )
        assert "Order placed" in placed
        assert "Order cancelled" in await say(talk, "cancel my order", "yes")
