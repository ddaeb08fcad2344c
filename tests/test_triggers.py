"""Rules that answer before any model: what fires them, and above all what must not."""

import time
import tomllib
from typing import Any

import msgspec
import phrases
import pytest
from hypothesis import given
from hypothesis import strategies as st

from frontdesk import triggers
from frontdesk.business import Business
from frontdesk.misfits import convert_all
from frontdesk.plain import data
from frontdesk.redact import cards
from frontdesk.triggers import Trigger, TriggerFile

CORE = triggers.core_triggers()
LANGUAGES = ("en", "es", "de", "fr", "it", "ja")


def fired(text: str, channel: str = "web", language: str = "en") -> str:
    trigger = triggers.find(text, language, channel, CORE)
    return trigger.name if trigger else "none"


def of_channel(channel: str) -> list[tuple[str, str]]:
    """(rule, phrase)."""
    found: list[tuple[str, str]] = []
    for half in phrases.read("triggers").values():
        lists = half["sms"] if channel == "sms" else {k: v for k, v in half.items() if k != "sms"}
        found += [(rule, phrase) for rule, said in lists.items() for phrase in said]
    return found


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("channel", ["web", "sms"])
def test_what_customers_write(channel: str, language: str) -> None:
    said = of_channel(channel)
    assert len(said) > 100
    wrong = [(rule, p, got) for rule, p in said if (got := fired(p, channel, language)) != rule]
    assert wrong == []


def test_danger_counts_by_text_message_too() -> None:
    for rule, phrase in of_channel("web"):
        if rule in ("emergency", "gas", "self_harm"):
            assert fired(phrase, "sms") == rule


@pytest.mark.parametrize("name", ["consent", "claims"])
def test_ordinary_talk_fires_nothing(name: str) -> None:
    for half in phrases.read(name).values():
        for language, lists in half.items():
            for said in lists.values():
                assert [p for p in said if fired(p, "web", language) != "none"] == []


def test_the_worst_comes_first() -> None:
    assert fired("STOP. I smell gas", "sms") == "gas"
    assert fired("my card is [card number removed] and I want to kill myself") == "self_harm"
    assert fired("there's a fire and my card is [card number removed]") == "emergency"


def test_a_card_number_is_answered_after_its_removal() -> None:
    for text in ("pay with 4111 1111 1111 1111", "my cvv is 123"):
        assert fired(cards(text)[0]) == "card_number"
    assert fired(cards("my ssn: 123-45-6789")[0]) == "identity_number"


@pytest.mark.parametrize(
    "unit", ["a ", "smell ", "theres a fire pit ", "s.u.i.", "1a", "hay un ", "x", "die! "]
)
def test_it_is_fast(unit: str) -> None:
    fired("warm", "sms")
    start = time.process_time()
    fired((unit * 4000)[:4000], "sms")
    assert time.process_time() - start < 0.5


@given(st.text(), st.sampled_from(LANGUAGES), st.sampled_from(["web", "sms", ""]))
def test_it_never_raises(text: str, language: str, channel: str) -> None:
    fired(text, channel, language)


@given(
    st.sampled_from(
        [("I smell gas", "gas"), ("chest pain", "emergency"), ("kill myself", "self_harm")]
    ),
    st.data(),
)
def test_case_blanks_and_hidden_characters_do_not_matter(
    of: tuple[str, str], data: st.DataObject
) -> None:
    text, rule = of
    gap = st.sampled_from(["", "", "", "\u200b", "\u00ad", "\ufe0f"])
    changed = "".join(
        data.draw(st.sampled_from([c.lower(), c.upper()])) + data.draw(gap) if c != " "
        else data.draw(st.sampled_from([" ", "  ", "\n", "\u00a0"]))
        for c in text
    )  # fmt: skip
    assert fired(f"hi, {changed} please") == rule


# ---- the words ----------------------------------------------------------------------------------


def business(**fields: Any) -> Business:
    return Business(id="b", name="The Fig", **fields)


def core(name: str) -> Trigger:
    return next(trigger for trigger in CORE if trigger.name == name)


@pytest.mark.parametrize(
    ("country", "number", "line"),
    [("US", "911", "988"), ("CA", "911", "988"), ("GB", "999", "116 123"), ("AU", "000", "13 11 14"),
     ("NZ", "111", "1737"), ("DE", "112", "0800 1110111"), ("FR", "112", "3114"), ("PT", "112", "")],
)  # fmt: skip
def test_the_numbers_are_the_countrys(country: str, number: str, line: str) -> None:
    said = triggers.reply(core("self_harm"), business(country=country))
    assert number in said
    assert line in said
    assert ("someone is there" in said) is bool(line)
    assert number in triggers.reply(core("emergency"), business(country=country))


@pytest.mark.parametrize("language", ["en", "es", "de", "fr", "it"])
@pytest.mark.parametrize("trigger", CORE, ids=lambda trigger: trigger.name)
def test_every_rule_speaks_every_language(trigger: Trigger, language: str) -> None:
    with_phone = triggers.reply(trigger, business(locale=f"{language}-XX", phone="+1 212 555 0123"))
    without = triggers.reply(trigger, business(locale=f"{language}-XX"))
    assert language in trigger.reply
    for said in (with_phone, without):
        assert said
        assert not set("[]{}") & set(said)
    assert ("{phone}" in trigger.reply[language]) == ("+1 212 555 0123" in with_phone)


def test_english_is_the_default() -> None:
    said = triggers.reply(core("opt_out"), business(locale="ja-JP"))
    assert (
        said
        == "The Fig: you will get no more text messages from us. Reply START to get them again."
    )
    only = Trigger(name="x", patterns={"de": ("a",)}, reply={"de": "Hallo"})
    assert triggers.reply(only, business()) == "Hallo"
    assert triggers.reply(Trigger(name="x", patterns={}), business()) == ""


# ---- packs --------------------------------------------------------------------------------------

PACK = r"""
[[triggers]]
name = "knocked_out_tooth"
then = "handoff"
urgency = "urgent"
[triggers.patterns]
en = ['\b(?:knocked|fell) out\b.*\btooth\b', "Tooth (?:was )?knocked out"]
fr = ["dent cassée"]
[triggers.unless]
en = ["tooth fairy"]
[triggers.reply]
en = "Keep it in milk and call {phone}."

[[triggers]]
name = "drive"
channels = ["web"]
[triggers.patterns]
en = ["is it safe to drive"]
de = ["gift"]
[triggers.reply]
en = "Please do not drive."
"""


def of_pack(text: str) -> tuple[tuple[Trigger, ...], list[tuple[str, str]]]:
    files = msgspec.convert(tomllib.loads(text)["triggers"], tuple[TriggerFile, ...])
    return triggers.from_pack(files)


def test_a_pack_brings_its_own_rules() -> None:
    found, problems = of_pack(PACK)
    assert problems == []
    known = triggers.with_core(found)

    def name(text: str, language: str = "en", channel: str = "web") -> str:
        trigger = triggers.find(text, language, channel, known)
        return trigger.name if trigger else "none"

    assert name("my TOOTH was knocked out!") == "knocked_out_tooth"
    assert name("ma dent cassee") == "knocked_out_tooth"  # a foreign language
    assert name("tooth fairy party, tooth knocked out of the park") == "knocked_out_tooth"
    assert name("the tooth fairy") == "none"
    assert name("Is it safe to drive?") == "drive"
    assert name("Is it safe to drive?", channel="sms") == "none"
    assert name("a gift card", "en") == "none"  # nothing else in it is German
    assert name("da ist Gift in meinem Essen", "en") == "drive"
    assert name("Gift im Essen", "de") == "drive"
    assert name("I smell gas, is it safe to drive?") == "gas"


def test_a_pack_may_replace_a_rule_of_the_core() -> None:
    found, _ = of_pack(PACK.replace("knocked_out_tooth", "gas"))
    known = triggers.with_core(found)
    assert [trigger.name for trigger in known].count("gas") == 1
    assert triggers.find("I smell gas", "en", "web", known) is None


def test_problems_are_named_with_their_keys() -> None:
    _, problems = of_pack(r"""
[[triggers]]
name = "one"
[triggers.patterns]
en = ["fine", "(open", "x*"]
[triggers.unless]
de = ["[a"]
[triggers.reply]
en = "Call {number}"
[[triggers]]
name = "one"
[triggers.patterns]
en = []
""")
    assert [key for key, _ in problems] == [
        "triggers.0.patterns.en.1", "triggers.0.patterns.en.2", "triggers.0.unless.de.0",
        "triggers.0.reply.en", "triggers.1.patterns", "triggers.1.reply", "triggers.1.name",
    ]  # fmt: skip
    messages = [message for _, message in problems]
    assert "missing ), unterminated subpattern" in messages[0]
    assert messages[1] == "it matches every message"
    assert "{number} is unknown" in messages[3]


def test_unknown_keys_are_refused() -> None:
    _, wrong = convert_all({"name": "x", "patterns": {"en": ["a"]}, "patern": 1}, TriggerFile)
    assert [key for key, _ in wrong] == ["patern"]
    _, wrong = convert_all({"name": "x", "patterns": {"en": ["a"]}, "then": "explode"}, TriggerFile)
    assert [key for key, _ in wrong] == ["then"]


def test_the_cores_own_rules_are_right() -> None:
    raw = data("triggers.toml")["triggers"]
    found, problems = triggers.from_pack(msgspec.convert(raw, tuple[TriggerFile, ...]))
    assert problems == []
    assert found == CORE
    assert all(trigger.urgency == "urgent" for trigger in CORE if trigger.then == "handoff")
