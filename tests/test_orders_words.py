"""What customers read about orders, and what words claim that one is placed or cancelled."""

import re

import pytest

from frontdesk_plugins.orders.claims import read_claims
from frontdesk_plugins.orders.phrases import LANGUAGES, phrases


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
