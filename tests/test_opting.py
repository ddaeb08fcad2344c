"""The ledger of consent to text messages, on both databases."""

from collections.abc import AsyncIterator

import pytest
from support import migrated

from frontdesk import config, contacts, opting
from frontdesk.database import Database

NUMBER = "+12125550123"


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    database = Database(config.Database(url=await migrated(database_url)))
    await database.start()
    yield database
    await database.stop()


async def test_a_number_that_said_nothing_is_unknown(database: Database) -> None:
    assert await opting.state(database, "bella", NUMBER) == "unknown"


async def test_the_newest_word_counts_and_nothing_is_forgotten(database: Database) -> None:
    await opting.record(database, "bella", NUMBER, "in", "booking", "I agree to get texts.")
    await opting.record(database, "bella", NUMBER, "out", "inbound")
    assert await opting.state(database, "bella", NUMBER) == "out"
    await opting.record(database, "bella", NUMBER, "in", "inbound")
    assert await opting.state(database, "bella", NUMBER) == "in"
    rows = await database.fetch("SELECT state, source, disclosure FROM text_consent ORDER BY id")
    assert [tuple(row.values()) for row in rows] == [
        ("in", "booking", "I agree to get texts."),
        ("out", "inbound", ""),
        ("in", "inbound", ""),
    ]


async def test_the_same_again_is_written_once(database: Database) -> None:
    for _ in range(3):
        await opting.record(database, "bella", NUMBER, "out", "inbound")
    await opting.record(database, "bella", NUMBER, "out", "provider")
    rows = await database.fetch("SELECT source FROM text_consent ORDER BY id")
    assert [row["source"] for row in rows] == ["inbound", "provider"]


async def test_it_is_each_business_s_own(database: Database) -> None:
    await opting.record(database, "bella", NUMBER, "out", "inbound")
    assert await opting.state(database, "other", NUMBER) == "unknown"
    assert await opting.state(database, "bella", "+12125550124") == "unknown"


async def test_the_contact_with_that_verified_number_follows(database: Database) -> None:
    theirs = await contacts.of_phone(database, "bella", NUMBER)
    elsewhere = await contacts.of_phone(database, "other", NUMBER)
    claimed = await contacts.of_visitor(database, "bella", "someone")
    await database.fetch("UPDATE contact SET phone = {} WHERE id = {}", NUMBER, claimed.id)
    await opting.record(database, "bella", NUMBER, "out", "inbound")
    rows = await database.fetch("SELECT id FROM contact WHERE opted_out")
    assert [row["id"] for row in rows] == [theirs.id]
    assert elsewhere.id != theirs.id
    await opting.record(database, "bella", NUMBER, "in", "inbound")
    assert await database.fetch("SELECT id FROM contact WHERE opted_out") == []
