"""What a business wrote is found, on both databases, whatever customers type."""

import asyncio
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from support import migrated
from test_booking import Guest
from test_storage import opened

from frontdesk import Business, ConfigError, config
from frontdesk.catalogue import read_business
from frontdesk.database import Database
from frontdesk.migrate import Tables
from frontdesk.testing import ScriptedModel, open_desk, read_toml
from frontdesk_plugins.info.entries import InfoSettings, entries_of
from frontdesk_plugins.info.search import search
from frontdesk_plugins.info.tables import TABLES
from frontdesk_plugins.info.terms import terms_of

INFO = Tables(app="info", tables=TABLES, migrations="frontdesk_plugins.info.migrations")
BELLA = """
id = "bella"
name = "Bella"
tools = ["search_faq"]
[facts]
parking = "There is a garage at 106 Essex Street."
dogs = "Welcome in the courtyard, and in the café."
[[faq]]
question = "Can I bring a birthday cake?"
answer = "Yes. Plates and candles are on us."
[[settings.info.faq]]
id = "corkage"
question = "May I bring my own wine?"
answer = "Yes, corkage is USD 25 a bottle."
source = "House rules"
url = "https://bella.example/rules"
tags = ["byob", "bottle"]
[[settings.info.faq]]
id = "wheelchair"
question = "Is it accessible by wheelchair?"
answer = "There are no steps, and the bathroom is wide enough."
[[settings.info.faq]]
id = "payment"
question = "How can I pay?"
answer = "By card or in cash. A bottle of wine can be paid at the bar."
"""
PERRO = """
id = "perro"
name = "Casa"
locale = "es-ES"
[facts]
mascotas = "Los perros pequeños son bienvenidos en la terraza."
[[faq]]
question = "¿Hay aparcamiento?"
answer = "Sí, detrás del edificio."
"""


async def asked(folder: Path, url: str, *businesses: str, **queries: str) -> dict[str, Any]:
    """The outcomes of queries, by the key of each, asked at the first business."""
    await migrated(url)
    model = ScriptedModel()
    async with open_desk(folder, url=url, models=[model]) as desk:
        for text in businesses:
            await desk.add_business(read_toml(text))
        guest = Guest(desk, model, await desk.conversation(read_toml(businesses[0]).id))
        found: dict[str, Any] = {}
        for key, query in queries.items():
            status, data = await guest.call("search_faq", query=query)
            found[key] = data | {"outcome": status}
        return found


async def test_answers_come_with_their_source(database_url: str, tmp_path: Path) -> None:
    told = await asked(
        tmp_path, database_url, BELLA,
        wine="can I bring my own wine?", byob="BYOB", cars="where can I PARK my car",
        cafe="dog cafe", cake="birthday cakes",
    )  # fmt: skip
    (wine, *_) = told["wine"]["results"]
    assert wine == {
        "id": "corkage",
        "question": "May I bring my own wine?",
        "answer": "Yes, corkage is USD 25 a bottle.",
        "source": "House rules",
        "url": "https://bella.example/rules",
    }
    assert told["wine"]["message"] == (
        "Yes, corkage is USD 25 a bottle. (Source: House rules, https://bella.example/rules)"
    )
    assert [entry["id"] for entry in told["byob"]["results"]] == ["corkage"]
    assert told["cafe"]["exact"]
    assert told["cafe"]["results"][0]["source"] == "Bella"
    assert told["cafe"]["message"] == "Welcome in the courtyard, and in the café."
    assert told["cake"]["results"][0]["id"] == "faq-1"
    # Not all of the words: the nearest there is, and said to be no more than that.
    assert not told["cars"]["exact"]
    assert told["cars"]["message"] == (
        "This comes nearest to your question:\n- Parking: There is a garage at 106 Essex Street."
    )


async def test_nothing_found_is_said_and_a_person_offered(
    database_url: str, tmp_path: Path
) -> None:
    told = await asked(tmp_path, database_url, BELLA, pool="is there a swimming pool?", none="??!")
    for answer in told.values():
        assert (answer["outcome"], answer["found"], answer["results"]) == ("done", False, [])
        assert answer["message"] == (
            "I found nothing about that in what Bella has written down. "
            "Would you like to ask a person?"
        )


async def test_at_most_three_and_the_best_first(database_url: str) -> None:
    shop = read_toml(
        'id = "s"\nname = "S"\n[facts]\n'
        'a = "We like tea, coffee, juice and milk and much more."\n'
        'b = "Coffee to go is half the price."\nc = "No coffee after six."\n'
        'coffee = "From Naples, roasted here."\n'
    )
    async with opened(database_url, INFO) as database:
        found, is_exact = await search(database, shop, "do you have coffee")
        assert is_exact
        assert len(found) == 3
        assert found[0].question == "coffee"


@pytest.mark.parametrize(
    ("query", "answer"),
    [
        ("¿puedo llevar a mi perro?", "Los perros pequeños son bienvenidos en la terraza."),
        ("MASCOTA", "Los perros pequeños son bienvenidos en la terraza."),
        ("aparcamientos", "Sí, detrás del edificio."),
        ("¿dónde está el edificio?", "Sí, detrás del edificio."),
    ],
)
async def test_other_languages_have_their_endings(
    database_url: str, query: str, answer: str
) -> None:
    async with opened(database_url, INFO) as database:
        found, _ = await search(database, read_toml(PERRO), query)
        assert [entry.answer for entry in found] == [answer]


async def test_a_change_is_found_at_once_and_what_is_gone_is_not(database_url: str) -> None:
    async with opened(database_url, INFO) as database:
        old = read_toml(BELLA)
        assert (await search(database, old, "parking"))[0]
        new = msgspec.structs.replace(old, facts={"valet": "A valet parks it."}, settings={})
        found, _ = await search(database, new, "parking")
        assert [entry.answer for entry in found] == ["A valet parks it."]
        assert (await search(database, new, "wheelchair"))[0] == []
        german = msgspec.structs.replace(new, locale="de-DE", facts={"tore": "Das Tor ist blau."})
        assert len((await search(database, german, "tor"))[0]) == 1
        assert (await search(database, german, "valet"))[0] == []


async def test_businesses_do_not_find_each_other(database_url: str) -> None:
    async with opened(database_url, INFO) as database:
        first, second = read_toml(BELLA), read_toml(BELLA.replace('"bella"', '"other"'))
        second = msgspec.structs.replace(second, facts={}, faq=(), settings={})
        assert (await search(database, first, "parking"))[0]
        assert (await search(database, second, "parking"))[0] == []
        third = msgspec.structs.replace(second, facts={"secret": "Only here."})
        assert (await search(database, third, "secret"))[0]
        assert (await search(database, first, "secret"))[0] == []
        assert (await search(database, first, "parking"))[0]


async def test_many_who_search_first_fill_the_index_once(database_url: str) -> None:
    shop = read_toml(BELLA)
    async with opened(database_url, INFO, pool=4) as first:
        second = Database(config.Database(url=database_url, pool=4))
        await second.start()
        try:
            answers = await asyncio.gather(
                *(search(database, shop, "wine") for database in (first, second) * 10)
            )
            rows = await first.fetch("SELECT COUNT(*) AS n FROM info_search" + (
                "_en" if first.is_sqlite else ""))  # fmt: skip
        finally:
            await second.stop()
    assert rows == [{"n": len(entries_of(shop))}]
    assert all(found and found[0].id == "corkage" for found, _ in answers)


HOSTILE = ['"', "'", "a AND", "NEAR(a b)", "question: x", "a*", "^a", "-a", "(", "x' OR 1=1 --",
           "\x00", "a\x00b", "{a} : b", "NOT", '"""', "\\", "ﬀ", "\U0001d56c", "१२", "日本語", "%", "a:*|b",
           "<->", "!!", "_", "a_b", "İ", "ß", "e\u0301", "OR OR OR", "parking " * 200]  # fmt: skip


def test_no_question_breaks_the_search(database_url: str) -> None:
    shops = [read_toml(BELLA), read_toml(PERRO)]
    with asyncio.Runner() as runner:
        context = opened(database_url, INFO)
        database = runner.run(context.__aenter__())

        @settings(
            max_examples=150, deadline=None, database=None, suppress_health_check=list(HealthCheck)
        )
        @given(question=st.text(max_size=60) | st.lists(st.sampled_from(HOSTILE)).map(" ".join))
        @example(question=" ".join(HOSTILE))
        def never_raises(question: str) -> None:
            for shop in shops:
                found, is_exact = runner.run(search(database, shop, question))
                assert len(found) <= 3
                assert found or not is_exact

        try:
            for question in HOSTILE:
                never_raises.hypothesis.inner_test(question)  # type: ignore[attr-defined]
            never_raises()
            # Also at the end every question is answered from a whole index.
            assert runner.run(search(database, shops[0], 'parking" OR "'))[0]
        finally:
            runner.run(context.__aexit__(None, None, None))


@given(text=st.text())
def test_terms_have_nothing_but_letters_and_digits(text: str) -> None:
    for language in ("en", "de", "xx"):
        terms = terms_of(text, language)
        assert all(term.isalnum() for term in terms)
        assert len(terms) <= 16


def test_two_entries_with_one_id_are_refused() -> None:
    with pytest.raises(ConfigError, match=r"faq\.\d: two entries have the id 'payment'"):
        read_business(
            BELLA + '[[settings.info.faq]]\nid = "payment"\nquestion = "?"\nanswer = "."\n',
            "b.toml", {"info": InfoSettings},
        )  # fmt: skip
    text = BELLA.replace("https://bella", "javascript:bella")
    with pytest.raises(ConfigError, match=r"b.toml:16: settings.info.faq.0.url"):
        read_business(text, "b.toml", {"info": InfoSettings})


def test_an_empty_business_has_nothing() -> None:
    assert entries_of(Business(id="b", name="B")) == []
