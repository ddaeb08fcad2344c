"""Yes, no and other words in any language, and what is not understood at all."""

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from offline_phrases.score import phrases
from support_offline_talk import BOOK, desk, talk, talk_of
from test_offline_openings import BUSINESS
from test_offline_talks import Talk

from frontdesk.testing import TestDesk
from frontdesk_plugins.offline import intents, tongues

__all__ = ["desk", "talk"]  # fixtures


# ---- yes and no ------------------------------------------------------------------------------

YES = ["ja", "si", "sí", "sì", "oui", "yes", "ok", "ja bitte", "oui merci", "sí, gracias"]
NO = ["no", "nein", "non", "nein danke", "no gracias", "non merci", "no grazie"]


@pytest.mark.parametrize("yes", YES)
async def test_a_yes_in_any_language_gets_a_person(talk: Talk, yes: str) -> None:
    assert "like to ask a person?" in await talk.say("what is the meaning of life?")
    await talk.say(yes)
    assert talk.done[-1] == "handoff_to_human"


async def test_a_yes_to_our_own_offer_of_a_person(talk: Talk) -> None:
    await talk.say("cancel my booking")
    await talk.say("I lost my reference")
    await talk.say("ja")
    assert talk.done == ["handoff_to_human"]


@pytest.mark.parametrize("no", NO)
async def test_a_no_in_any_language_gets_none(talk: Talk, no: str) -> None:
    await talk.say("what is the meaning of life?")
    done = list(talk.done)
    assert "What can I do for you?" in await talk.say(no)
    await talk.say("yes")
    assert talk.done == done


@pytest.mark.parametrize("word", YES + NO)
async def test_one_word_is_no_question(talk: Talk, word: str) -> None:
    assert "What can I do for you?" in await talk.say(word)
    assert not talk.done


@pytest.mark.parametrize(
    "text", ["place the order", "show my reservation", "no friday", "cancel", "si senor 4", "dos"]
)
def test_neither_yes_nor_no(text: str) -> None:
    assert intents.yes_or_no(text) is None


# ---- what is not understood ------------------------------------------------------------------

STRANGE = [
    ("Hola, quisiera una mesa para dos mañana", "es", "sí"),
    ("¿Tienen mesa para cuatro esta noche?", "es", "si"),
    ("Ich möchte einen Tisch", "de", "ja"),
    ("Haben Sie am Freitag noch einen Tisch frei?", "de", "gerne"),
    ("Je voudrais réserver une table pour deux", "fr", "oui"),
    ("Est-ce que vous avez une terrasse ?", "fr", "oui"),
    ("Vorrei prenotare un tavolo per due persone", "it", "sì"),
    ("A che ora aprite?", "it", "si"),
    ("¿A qué hora abren?", "es", "si"),
    ("A quelle heure ouvrez-vous ?", "fr", "oui"),
    ("Sprechen Sie Deutsch?", "de", "ja"),
    ("Avete un tavolo libero stasera?", "it", "si"),
]


@pytest.mark.parametrize(("text", "language", "yes"), STRANGE)
async def test_another_language_is_answered_in_it(
    talk: Talk, text: str, language: str, yes: str
) -> None:
    said = await talk.say(text)
    assert tongues.say("english_only", language) in said
    assert tongues.say("person", language) in said
    await talk.say(yes)
    assert talk.done[-1] == "handoff_to_human"


@pytest.mark.parametrize(
    ("text", "start"),
    [
        ("merci", "Je vous en prie"), ("vielen Dank", "Gern geschehen"), ("adiós", "¡Adiós"),
        ("bonjour", "Bonjour, ici"), ("hola", "Hola, esto es"), ("hello", "Hello, this is"),
    ],
)  # fmt: skip
async def test_manners_in_the_customers_language(talk: Talk, text: str, start: str) -> None:
    assert (await talk.say(text)).startswith(start)
    assert not talk.done


@pytest.mark.parametrize("text", ["für vier Personen bitte", "Ich heiße Anna Müller"])
async def test_another_language_is_no_name(talk: Talk, text: str) -> None:
    await talk.say(BOOK)
    said = await talk.say(text)
    assert tongues.say("english_only", "de") in said
    assert said.endswith("What name shall I put it under?")
    assert "phone" in await talk.say("Juan de los Santos")


@pytest.mark.parametrize(
    "text",
    ["table for two at La Perla de Roma", "I am Maria de la Cruz", "Jean-Luc le Goff", "a table",
     "can I get a large diavola", "no", "me", "tiramisu", "do you have crème brûlée?", "hi", "",
     "un gelato", "El Greco", "die hard"],
)  # fmt: skip
def test_english_and_names_are_no_other_language(text: str) -> None:
    assert tongues.foreign(text) == ""


def test_what_is_said_in_english_is_no_other_language() -> None:
    said = [phrase.text for phrase in phrases() if tongues.foreign(phrase.text)]
    assert said == [
        "Tisch fuer vier", "Hola, quisiera una mesa para dos mañana", "Ich möchte einen Tisch",
    ]  # fmt: skip


@settings(max_examples=200)
@given(st.text(max_size=80))
def test_any_text_has_at_most_one_language(text: str) -> None:
    assert tongues.foreign(text) in {"", "es", "de", "fr", "it"}


async def test_a_stray_word_brings_no_entry(talk: Talk) -> None:
    for text in ("can pigs fly as high as planes", "the cards told me my future"):
        assert "nearest" not in await talk.say(text)


async def test_near_questions_still_find_their_entry(talk: Talk) -> None:
    assert "garage" in await talk.say("parking for my van?")
    assert "counter" in await talk.say("gift cards for my mum?")


@pytest.mark.parametrize(
    ("locale", "hello", "thanks"),
    [
        ("de-DE", "Guten Tag, hier ist", "Gern geschehen"),
        ("es-ES", "Hola, esto es", "De nada"),
        ("fr-FR", "Bonjour, ici", "Je vous en prie"),
        ("it-IT", "Buongiorno, qui", "Prego"),
    ],
)
async def test_manners_in_the_businesss_language(
    desk: TestDesk, locale: str, hello: str, thanks: str
) -> None:
    await desk.add_business(msgspec.structs.replace(BUSINESS, locale=locale))
    talk = await talk_of(desk)
    language = locale[:2]
    for text in ("hello", hello.split(",", maxsplit=1)[0]):
        said = await talk.say(text)
        assert said.startswith(hello)
        assert tongues.say("english_only", language) in said
    assert tongues.say("honest", language) in await talk.say("help")
    assert thanks in await talk.say("thanks")


@pytest.mark.parametrize(
    ("locale", "text", "yes"), [("de-DE", "xylophone?", "ja"), ("fr-FR", "xylophone?", "oui")]
)
async def test_their_question_for_a_person_counts(
    desk: TestDesk, locale: str, text: str, yes: str
) -> None:
    await desk.add_business(msgspec.structs.replace(BUSINESS, locale=locale))
    talk = await talk_of(desk)
    assert (await talk.say(text)).endswith("?")
    await talk.say(yes)
    assert talk.done[-1] == "handoff_to_human"
