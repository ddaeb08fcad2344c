"""STOP, START and HELP: what is a command, and who answers it."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from frontdesk import triggers
from frontdesk.business import Business
from frontdesk_plugins.sms import keywords
from frontdesk_plugins.sms.keywords import Command

RULES = triggers.core_triggers()
LONG_CODE, TOLL_FREE = "+12125550100", "+18885550100"
STOP = ("STOP", "STOPALL", "UNSUBSCRIBE", "CANCEL", "END", "QUIT", "REVOKE", "OPTOUT")


def hear(text: str, *, is_out: bool = False, locale: str = "en-US", **more: Any) -> Command | None:
    settings: dict[str, Any] = {"option": "", "mode": "twilio_default", "recipient": LONG_CODE}
    business = Business(id="bella", name="Bella", locale=locale)
    return keywords.hear(text, is_out=is_out, business=business, rules=RULES, **settings | more)


@pytest.mark.parametrize("word", STOP)
@pytest.mark.parametrize("form", ["{}", "{}.", " {}! ", '"{}"', "'{}'\n"])
def test_twilios_words_are_commands_that_twilio_answers(word: str, form: str) -> None:
    for text in (word, word.lower(), word.title()):
        assert hear(form.format(text)) == Command("stop", is_ours=False, word=word)
    assert hear(word, mode="self") == Command("stop", is_ours=True, word=word)


@pytest.mark.parametrize(
    "text",
    [
        "cancel my booking", "can I cancel?", "end of the month", "stop by at 8?", "quit smoking",
        "start at 7", "info please on parking", "help me book", "yes", "YES", "Yes!", "no", "ok", "",
        "When does it end", "cancel BK-7Q2M", "unsubscribed wine list",
    ],
)  # fmt: skip
def test_all_else_is_a_message(text: str) -> None:
    assert hear(text) is None


def test_yes_is_a_command_only_of_who_opted_out() -> None:
    assert hear("YES", is_out=True) == Command("start", is_ours=False, word="YES")
    assert hear("YES", option="START") is None
    assert hear("YES", option="START", is_out=True, mode="twilio_advanced") is not None


@pytest.mark.parametrize("option", ["STOP", "START", "HELP"])
def test_advanced_opt_out_says_what_it_took_a_word_for(option: str) -> None:
    heard = hear("arrete", option=option, mode="twilio_advanced", locale="fr-FR")
    assert heard == Command(option.lower(), is_ours=False, word="ARRETE")  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("text", "locale"),
    [
        ("stop texting me", "en-US"), ("Please unsubscribe me", "en-US"), ("do not text me", "en-US"),
        ("Remove me", "en-US"), ("don't message me any more", "en-US"), ("STOP PLEASE", "en-US"),
        ("no me envíe más mensajes", "es-ES"), ("Bitte keine SMS mehr", "de-DE"),
        ("arrêtez de m'écrire", "fr-FR"), ("non mandatemi più messaggi", "it-IT"),
        ("stop texting me", "it-IT"),
    ],
)  # fmt: skip
def test_other_words_for_it_are_ours_to_confirm(text: str, locale: str) -> None:
    for mode in ("twilio_default", "twilio_advanced", "self"):
        assert hear(text, locale=locale, mode=mode) == Command("stop", is_ours=True)


def test_words_of_other_languages_for_help() -> None:
    assert hear("ayuda", locale="es-ES") == Command("help", is_ours=True)
    assert hear("Hilfe!", locale="de-DE") == Command("help", is_ours=True)


def test_the_network_of_toll_free_numbers_knows_less() -> None:
    for word in ("STOP", "START", "UNSTOP"):
        heard = hear(word, recipient=TOLL_FREE)
        assert heard is not None
        assert not heard.is_ours
    for word in ("CANCEL", "HELP", "INFO", "QUIT"):
        heard = hear(word, recipient=TOLL_FREE)
        assert heard is not None
        assert heard.is_ours


def test_danger_to_life_is_a_message() -> None:
    assert hear("stop texting me and send an ambulance, he is not breathing") is None


@pytest.mark.parametrize("locale", ["en-US", "es-ES", "de-DE", "fr-FR", "it-IT", "ja-JP"])
def test_the_answers_name_the_business_and_the_way_back(locale: str) -> None:
    business = Business(id="bella", name="Trattoria Bella", locale=locale, phone="+1 212 555 0142")
    for kind, way in (("stop", "START"), ("start", "STOP"), ("help", "STOP")):
        words = keywords.answer(kind, business, RULES)  # type: ignore[arg-type]
        assert "Trattoria Bella" in words
        assert way in words
    assert "212 555 0142" in keywords.answer("help", business, RULES)


@given(st.text(max_size=200), st.text(max_size=20), st.booleans())
def test_nothing_breaks_it(text: str, option: str, is_out: bool) -> None:
    heard = hear(text, option=option, is_out=is_out)
    if heard is not None and heard.word and not option:
        assert heard.word in {*STOP, "START", "YES", "UNSTOP", "HELP", "INFO"}
