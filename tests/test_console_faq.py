"""The page "FAQ": what the business wrote, changed by managers without losing anybody's change."""

import asyncio
import re
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from support_pages import Console, Person, console, text_of

from frontdesk import Business
from frontdesk.testing import read_toml
from frontdesk_plugins.info.entries import InfoSettings, entries_of

TOML = """
id = "shop"
name = "Shop"
[facts]
parking = "Behind the house."
dogs = "Welcome."
[[faq]]
question = "Do you sell gift cards?"
answer = "Yes, at the counter."
[[faq]]
question = "Can I bring a cake?"
answer = "With pleasure."
[[settings.info.faq]]
id = "wheelchair"
question = "Is there a step?"
answer = "No, nowhere."
source = "House rules"
tags = ["wheelchair", "ramp"]
"""
SHOP = read_toml(TOML)
OTHER = read_toml('id = "other"\nname = "Other"\n')
EVIL = "<script>alert(1)</script>"


@pytest.fixture
async def house(tmp_path: Path, database_url: str) -> AsyncIterator[Console]:
    async with console(tmp_path, SHOP, OTHER, url=database_url) as opened:
        yield opened


@pytest.fixture
async def small(tmp_path: Path) -> AsyncIterator[Console]:
    """SQLite only."""
    async with console(tmp_path, SHOP, OTHER) as opened:
        yield opened


async def shop(house: Console, name: str = "shop") -> Business:
    import msgspec

    row = await house.desk.desk.database.one("SELECT profile FROM business WHERE id = {}", name)
    assert row is not None
    return msgspec.json.decode(row["profile"], type=Business)


async def was(person: Person, kind: str, number: int) -> str:
    """What the edit form of an entry was made from."""
    html = await person.see("faq", kind=kind, edit=number)
    found = re.search(r'name="was" value="(\w+)"', html)
    assert found is not None
    return found[1]


async def test_all_that_was_written_is_shown(small: Console) -> None:
    ana = await small.sign_in("shop", "manager")
    read = text_of(await ana.see("faq"))
    for text in ("Do you sell gift cards? Yes, at the counter.", "parking Behind the house.",
                 "Is there a step? No, nowhere. wheelchair, ramp House rules"):  # fmt: skip
        assert text in read
    for query in (
        {"kind": "x", "edit": "1"},
        {"kind": "faq", "edit": "99"},
        {"kind": "faq", "edit": "-1"},
    ):
        await ana.see("faq", **query)


async def test_adding_one_of_each_kind_and_finding_it(house: Console) -> None:
    ana = await house.sign_in("shop", "manager")
    said = await ana.done("faq", "save", kind="faq", question="Is there wifi?", answer="Yes, free.")
    assert said == "Saved: Is there wifi?"
    await ana.done("faq", "save", kind="facts", question="corkage", answer="USD 25.")
    await ana.done(
        "faq", "save", kind="more", question="Do you repair umbrellas?", answer="On Fridays.",
        tags="brolly , parasol,", url="https://shop.example/umbrellas",
    )  # fmt: skip
    business = await shop(house)
    assert business.faq[-1].question == "Is there wifi?"
    assert business.facts["corkage"] == "USD 25."
    added = entries_of(business)[-1]
    assert (added.id, added.tags) == ("do-you-repair-umbrellas", ("brolly", "parasol"))
    found = text_of(await ana.see("faq", q="can you mend my brolly"))
    assert "The nearest: Do you repair umbrellas? On Fridays." in found
    assert "Found, the best first: corkage USD 25." in text_of(await ana.see("faq", q="corkage"))
    assert "Nothing. The assistant would say so" in text_of(await ana.see("faq", q="xylophone"))


async def test_editing_keeps_the_place_and_the_id(house: Console) -> None:
    ana = await house.sign_in("shop", "manager")
    await ana.done("faq", "save", kind="faq", was=await was(ana, "faq", 0),
                   question="Gift cards?", answer="Yes.")  # fmt: skip
    await ana.done("faq", "save", kind="more", was=await was(ana, "more", 0),
                   question="Any steps?", answer="None.", tags="ramp")  # fmt: skip
    await ana.done("faq", "save", kind="facts", was=await was(ana, "facts", 0),
                   question="garage", answer="Next door.")  # fmt: skip
    business = await shop(house)
    assert [one.question for one in business.faq] == ["Gift cards?", "Can I bring a cake?"]
    assert list(business.facts.items()) == [("garage", "Next door."), ("dogs", "Welcome.")]
    last = entries_of(business)[-1]
    assert (last.id, last.question, last.source) == ("wheelchair", "Any steps?", "")


async def test_order_and_removal(house: Console) -> None:
    ana = await house.sign_in("shop", "manager")
    second = await was(ana, "faq", 1)
    await ana.done("faq", "move", kind="faq", was=second, by=-1)
    await ana.done("faq", "move", kind="faq", was=second, by=-1)  # it is the first already
    assert (await shop(house)).faq[0].question == "Can I bring a cake?"
    said = await ana.done("faq", "delete", kind="faq", was=second)
    assert said == "Removed: Can I bring a cake?"
    assert [one.question for one in (await shop(house)).faq] == ["Do you sell gift cards?"]
    assert "Somebody changed or removed this entry" in await ana.refused(
        "faq", "delete", kind="faq", was=second
    )
    await ana.refused("faq", "move", kind="faq", was=second, by=5)


async def test_a_stale_form_is_refused_and_keeps_what_was_typed(small: Console) -> None:
    ana, ben = [await small.sign_in("shop", "manager", name) for name in ("Ana", "Ben")]
    old = await was(ana, "faq", 0)
    new = {"kind": "faq", "was": old, "question": "Gift cards?"}
    await ben.done("faq", "save", answer="From USD 25.", **new)
    said = await ana.refused(
        "faq", "save", query={"kind": "faq", "edit": "0"}, answer="None at all.", **new
    )
    assert said.startswith("Somebody changed or removed this entry since you opened it.")
    assert 'there is now: "Gift cards?" - "From USD 25."' in said
    assert (await shop(small)).faq[0].answer == "From USD 25."


async def test_two_who_change_other_entries_lose_nothing(house: Console) -> None:
    ana, ben = [await house.sign_in("shop", "manager", name) for name in ("Ana", "Ben")]
    await asyncio.gather(
        ana.done("faq", "save", kind="faq", question="One?", answer="1"),
        ben.done("faq", "save", kind="faq", question="Two?", answer="2"),
        ana.done("faq", "save", kind="facts", question="three", answer="3"),
    )
    business = await shop(house)
    assert {one.question for one in business.faq} >= {"One?", "Two?"}
    assert business.facts["three"] == "3"


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"kind": "faq", "question": "Q?"}, "Answer: please fill it in."),
        ({"kind": "faq", "answer": "A"}, "Question: please fill it in."),
        ({"kind": "faq", "question": "do you sell GIFT cards?", "answer": "A"}, "Question: there is"),
        ({"kind": "facts", "question": "Parking", "answer": "A"}, "Topic: there is"),
        ({"kind": "faq", "question": "Q" * 301, "answer": "A"}, "Question: Longest length"),
        ({"kind": "more", "question": "Q", "answer": "A", "url": "javascript:alert(1)"},
         "settings.info:"),
        ({"kind": "pages", "question": "Q", "answer": "A"}, "Kind: "),
    ],
)  # fmt: skip
async def test_what_is_wrong_is_named(small: Console, fields: dict[str, Any], said: str) -> None:
    ana = await small.sign_in("shop", "manager")
    before = await shop(small)
    assert (await ana.refused("faq", "save", **fields)).startswith(said)
    assert await shop(small) == before


async def test_agents_read_and_managers_write(small: Console) -> None:
    agent = await small.sign_in("shop", "agent")
    html = await agent.see("faq", kind="faq", edit="0")
    assert "Do you sell gift cards?" in html
    assert 'name="do"' not in html.split("<main")[1]
    status, said = await agent.post("faq", "save", kind="faq", question="Q", answer="A")
    assert (status, "This needs the role manager." in said) == (403, True)
    assert await shop(small) == SHOP
    eve = await small.sign_in("other", "owner", "Eve")
    await eve.done("faq", "save", kind="faq", question="Mine?", answer="Yes.")
    assert await shop(small) == SHOP
    assert "gift cards" not in await eve.see("faq")


async def test_what_is_typed_is_text(small: Console) -> None:
    ana = await small.sign_in("shop", "manager")
    await ana.done("faq", "save", kind="facts", question=EVIL, answer=EVIL)
    for query in ({}, {"kind": "facts", "edit": "2"}, {"q": EVIL}):
        assert "<script>alert" not in await ana.see("faq", **query)


async def test_ids_of_further_answers_are_their_own(small: Console) -> None:
    ana = await small.sign_in("shop", "manager")
    for question in ("Wheelchair", "Wheelchair!?", "???"):
        await ana.done("faq", "save", kind="more", question=question, answer="A")
    settings = (await shop(small)).settings["info"]
    assert [one["id"] for one in settings["faq"]] == [
        "wheelchair", "wheelchair-2", "wheelchair-3", "entry",
    ]  # fmt: skip
    import msgspec

    msgspec.convert(settings, InfoSettings)
