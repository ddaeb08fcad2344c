"""What customers read about orders, and what words claim that one is placed or cancelled."""

import re
import tomllib
from importlib.resources import files
from pathlib import Path
from typing import get_args

import msgspec
import pytest
from support_cafe import cafe, with_item
from support_orders import Customer, opened

from frontdesk_plugins.orders.claims import read_claims
from frontdesk_plugins.orders.menu import Allergen, Dietary
from frontdesk_plugins.orders.phrases import LANGUAGES, phrases, say


def test_every_language_has_every_phrase_with_the_same_gaps() -> None:
    def gaps(text: str) -> set[str]:
        return set(re.findall(r"{(\w+)}", text)) - {"lower", "kind"}

    english = phrases("en")
    for language in LANGUAGES:
        other = phrases(language)
        assert other.keys() == english.keys()
        for key, text in other.items():
            assert gaps(text) == gaps(english[key]), (language, key)
    assert phrases("xx") is not english
    assert phrases("xx") == english


ORDERED = [
    ("en", "Your order has been placed, see you at seven."),
    ("en", "Your order's confirmed!"),
    ("en", "Great, I've just placed your order."),
    ("en", "Your order is in."),
    ("en", "I have ordered two lattes for you."),
    ("es", "Su pedido ha sido confirmado."),
    ("es", "He realizado su pedido."),
    ("de", "Ihre Bestellung ist bei uns eingegangen."),
    ("de", "Ich habe zwei Pizzen für Sie bestellt."),
    ("de", "Ich habe Ihre Bestellung aufgegeben."),
    ("fr", "Votre commande est bien confirmée."),
    ("fr", "J’ai passé votre commande."),  # noqa: RUF001
    ("it", "Il suo ordine è stato inviato."),
    ("it", "Ho confermato il suo ordine."),
]
CANCELLED = [
    ("en", "Your order 7F3K-9QXM has been cancelled."),
    ("en", "I've canceled your order."),
    ("es", "Su pedido está cancelado."),
    ("de", "Ihre Bestellung wurde storniert."),
    ("fr", "Votre commande a été annulée."),
    ("it", "Il suo ordine è stato annullato."),
]
NEITHER = [
    ("en", "Shall I place your order?"),
    ("en", "Your order is in your cart: two lattes."),
    ("en", "What would you like to order?"),
    ("en", "In order to help, I need your name."),
    ("es", "¿Quiere hacer un pedido?"),
    ("de", "Was möchten Sie bestellen?"),
    ("fr", "Souhaitez-vous passer commande ?"),
    ("it", "Vuole ordinare qualcosa?"),
]


def claims_in(language: str, text: str) -> set[str]:
    return {
        kind
        for kind, claim in read_claims().items()
        for pattern in claim.patterns[language]
        if re.search(pattern, text, re.IGNORECASE)
    }


@pytest.mark.parametrize(("language", "text"), ORDERED)
def test_words_that_claim_an_order(language: str, text: str) -> None:
    assert claims_in(language, text) == {"ordered"}


@pytest.mark.parametrize(("language", "text"), CANCELLED)
def test_words_that_claim_a_cancelled_order(language: str, text: str) -> None:
    assert claims_in(language, text) == {"order_cancelled"}


@pytest.mark.parametrize(("language", "text"), NEITHER)
def test_words_that_claim_nothing(language: str, text: str) -> None:
    assert claims_in(language, text) == set()


@pytest.mark.parametrize("language", LANGUAGES)
def test_our_own_words_claim_what_they_should(language: str) -> None:
    """What the actions say is told apart by the same patterns, so that it counts as backed."""
    values = dict.fromkeys(["at", "name", "total"], "x") | {"reference": "7F3K-9QXM"}
    for key, kinds in [
        ("placed_pickup", {"ordered"}),
        ("placed_delivery", {"ordered"}),
        ("cancelled", {"order_cancelled"}),
        ("cancel_read_back", set[str]()),
    ]:
        assert claims_in(language, phrases(language)[key].format_map(values)) == kinds


# ---- allergens -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("locale", "query", "told"),
    [
        ("en-US", "is the margherita gluten free",
         ["Listed as an allergen of Margherita: gluten.", "not marked on the menu as gluten-free"]),
        ("en-US", "nuts in the margherita",
         ["Not listed as an allergen of Margherita: nuts. That is no guarantee."]),
        ("en-US", "is the cola vegan", ["Cola is marked on the menu as vegan."]),
        ("en-US", "milk in the cola", ["Whether Cola contains milk is not known."]),
        ("de-DE", "ist in der Margherita Milch",
         ["Als Allergen von Margherita angegeben: Milch.", "Angegebene Allergene", "vegetarisch"]),
        ("es-ES", "lleva la margherita frutos secos",
         ["No indicado como alérgeno de Margherita: frutos de cáscara."]),
        ("fr-FR", "la margherita est-elle sans gluten", ["Indiqué comme allergène de Margherita"]),
        ("it-IT", "c'è lattosio nella margherita", ["Indicato come allergene di Margherita: latte."]),
    ],
)  # fmt: skip
async def test_allergens_in_the_businesss_language(
    tmp_path: Path, locale: str, query: str, told: list[str]
) -> None:
    business = msgspec.structs.replace(cafe(), locale=locale)
    async with opened(tmp_path, business) as desk:
        message = (await Customer(desk, business)("search_menu", query=query))["message"]
    for part in told:
        assert part in message
    assert message.splitlines()[-1] == say(business, "allergens")


async def test_an_allergen_without_a_dish(tmp_path: Path) -> None:
    """What lists it is told, and what is marked free of it is not shown as having it."""
    business = with_item(cafe(), "cola", allergens=[], dietary=["gluten_free"])
    async with opened(tmp_path, business) as desk:
        customer = Customer(desk, business)
        gluten = (await customer("search_menu", query="gluten"))["message"]
        nuts = (await customer("search_menu", query="nuts"))["message"]
        marked = await customer("search_menu", query="gluten free")
    assert gluten.startswith("Listed as an allergen of Margherita: gluten.")
    assert "Cola" not in gluten
    assert nuts.startswith("Not listed as an allergen of Cafe Uno: nuts. That is no guarantee.")
    assert [item["id"] for item in marked["items"]] == ["cola"]


def test_every_language_names_every_allergen_and_mark() -> None:
    text = files("frontdesk_plugins.orders").joinpath("allergens.toml").read_text(encoding="utf-8")
    known = tomllib.loads(text)
    assert set(known) == set(LANGUAGES)
    for language in LANGUAGES:
        assert set(known[language]["allergens"]) == set(get_args(Allergen))
        assert set(known[language]["dietary"]) == set(get_args(Dietary))
