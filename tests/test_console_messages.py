"""The page "Messages": what the team owes customers, and who asked for a person."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest
from support_pages import Console, console, text_of

from frontdesk import ActionCall, Business, status
from frontdesk.conversation import ConversationState
from frontdesk.ids import new_id
from frontdesk.testing import read_toml
from frontdesk_plugins.handoff import pages, promises

SHOP = read_toml(
    """
id = "shop"
name = "Shop"
timezone = "America/New_York"
tools = ["handoff_to_human", "take_message"]
[hours]
mon = ["09:00-17:00"]
tue = ["09:00-17:00"]
"""
)
OTHER = msgspec.structs.replace(SHOP, id="other")
MONDAY = datetime(2026, 11, 23, 15, 0, tzinfo=UTC)
EVIL = "<script>alert(1)</script>"
WHO = {"name": "Ada", "phone": "212 555 0199"}


@pytest.fixture
async def house(tmp_path: Path, database_url: str) -> AsyncIterator[Console]:
    async with console(tmp_path, SHOP, OTHER, url=database_url, now=MONDAY) as opened:
        yield opened


@pytest.fixture
async def small(tmp_path: Path) -> AsyncIterator[Console]:
    """SQLite only."""
    async with console(tmp_path, SHOP, OTHER, now=MONDAY) as opened:
        yield opened


async def call(house: Console, action: str, **arguments: Any) -> ActionCall:
    """A customer's call in a conversation of its own."""
    desk = house.desk.desk
    business: Business | None = await desk.business("shop")
    assert business is not None
    conversation, contact = await desk.open_conversation("shop", "web", new_id())
    made = ActionCall(
        id=new_id(), tool=action, business=business, contact=contact, conversation=conversation,
        channel="web", now=desk.now(business), db=desk.database, plugins=desk.plugins,
        state=ConversationState(),
        patch={},
    )  # fmt: skip
    what: Any = desk.plugins.actions[action]
    with desk.database.bound():
        async with desk.database.transaction():
            await what.run(made, msgspec.convert(arguments, what.params))
    return made


async def owed(house: Console) -> promises.Promise:
    return (await promises.open(house.desk.desk.database, "shop"))[0]


async def test_a_message_is_shown_until_somebody_has_answered(house: Console) -> None:
    made = await call(
        house, "take_message", text="A cake for forty?", topic="Cake", urgency="urgent",
        callback_window="after six", **WHO,
    )  # fmt: skip
    ana = await house.sign_in("shop")
    html = await ana.see("messages")
    read = text_of(html)
    assert "Ada urgent due since Mon, Nov 23, 10:00 AM Cake A cake for forty?" in read
    assert "+1 212-555-0199 Wants to be called: after six" in read
    assert f'href="/console?conversation={made.conversation}"' in html
    assert await ana.done("messages", "done", id=(await owed(house)).id) == "The message is done."
    assert "There is nothing to answer" in await ana.see("messages")
    done = text_of(await ana.see("messages", view="done"))
    assert "Ada urgent done Cake" in done
    assert "by Ana" in done


async def test_a_message_that_is_not_due_yet(small: Console) -> None:
    small.desk.set_time(MONDAY - timedelta(days=1))
    await call(small, "take_message", text="Hello", **WHO)
    ana = await small.sign_in("shop")
    assert "due Mon, Nov 23, 9:00 AM" in text_of(await ana.see("messages"))


async def test_only_one_has_done_it_and_no_other_business(house: Console) -> None:
    await call(house, "take_message", text="Hello", **WHO)
    message = (await owed(house)).id
    eve = await house.sign_in("other", "owner", "Eve")
    assert "done already, or it is gone" in await eve.refused("messages", "done", id=message)
    assert "Ada" not in text_of(await eve.see("messages"))
    ana, ben = await house.sign_in("shop"), await house.sign_in("shop", name="Ben")
    results = await asyncio.gather(
        ana.post("messages", "done", id=message), ben.post("messages", "done", id=message)
    )
    assert sorted(status for status, _ in results) == [200, 422]


async def test_who_asked_for_a_person_and_what_came_of_it(house: Console) -> None:
    desk = house.desk.desk
    accepted = await call(house, "handoff_to_human", summary="A table for twenty")
    await status.queue(desk.database, "shop", accepted.conversation)
    await status.accept(desk.database, "shop", accepted.conversation, "ana", "Ana")
    await call(house, "handoff_to_human", summary="Lost a scarf", urgency="urgent")
    ana = await house.sign_in("shop")
    html = await ana.see("messages", view="requests")
    read = text_of(html)
    assert "A table for twenty wants person accepted after" in read
    assert "Lost a scarf wants person urgent waiting" in read
    assert f"/console?conversation={accepted.conversation}" in html
    eve = await house.sign_in("other", "owner", "Eve")
    assert "Nobody asked" in await eve.see("messages", view="requests")
    house.desk.set_time(MONDAY + timedelta(days=15))
    assert "Nobody asked" in await ana.see("messages", view="requests")


async def test_what_customers_type_is_text(small: Console) -> None:
    await call(small, "take_message", text=EVIL, topic=EVIL, name=EVIL, phone=WHO["phone"])
    await call(small, "handoff_to_human", summary=EVIL)
    ana = await small.sign_in("shop")
    for view in ("open", "requests", EVIL):
        assert "<script>alert" not in await ana.see("messages", view=view)


async def test_what_the_inbox_is_told_of_a_customer(small: Console) -> None:
    made = await call(small, "take_message", text="Please call", **WHO)
    business = await small.desk.desk.business("shop")
    other = await small.desk.desk.business("other")
    assert business is not None
    assert other is not None
    with small.desk.desk.database.bound():
        (line,) = (await pages.describe(business, made.contact.id)).rows
        assert (await pages.describe(other, made.contact.id)).rows == ()
    assert (line.text, line.detail) == ("Please call", "due Mon, Nov 23, 10:00 AM")
    assert line.href == "/console/messages"
    await promises.done(small.desk.desk.database, "shop", (await owed(small)).id, "Ana")
    with small.desk.desk.database.bound():
        assert (await pages.describe(business, made.contact.id)).rows == ()
