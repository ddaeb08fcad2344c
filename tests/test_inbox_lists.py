"""The inbox's lists: views, counts, the queue's order, search, and what is unread."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from support_inbox import Member, Office, ana, both, office

from frontdesk import status
from frontdesk.database import Database
from frontdesk.testing import Call
from frontdesk_server.console import inbox_reads

__all__ = ["ana", "both", "office"]  # fixtures


async def test_who_is_signed_in(office: Office) -> None:
    ana, ben = await office.member("Ana", role="manager"), await office.member("Ben")
    await office.member("Eve", "salon")
    await office.desk.database.fetch(
        "INSERT INTO canned_reply (id, business, shortcut, text, created) "
        "VALUES ('c1', 'restaurant', 'hi', 'Hello {{name}}', 1)".replace("{{name}}", "you")
    )
    me = await ana.get("me")
    assert me["staff"] == {"id": ana.id, "name": "Ana", "role": "manager"}
    assert list(me["business"]) == ["id", "name", "locale", "timezone", "currency"]
    assert me["colleagues"] == [
        {"id": ana.id, "name": "Ana", "isPresent": False},
        {"id": ben.id, "name": "Ben", "isPresent": False},
    ]
    assert me["canned"] == [{"id": "c1", "shortcut": "hi", "text": "Hello you"}]
    assert me["csrf"] == ana.csrf


async def test_views_counts_and_an_item(both: Office) -> None:
    ana, ben = await both.member("Ana"), await both.member("Ben")
    both.model.then("At noon.")
    bot = await both.visitor()
    await bot.say("when do you open?")
    await both.visitor()  # said nothing: nothing to look at
    waits = await both.waiting()
    hers, over = await both.waiting(), await both.waiting()
    await ana.do("accept", hers.id)
    await ana.do("resolve", over.id)
    found = await ana.get("conversations", view="queued")
    (item,) = found["conversations"]
    assert found["counts"] == {"queued": 1, "mine": 1, "bot": 1, "all": 3}
    assert found["more"] is False
    assert item == {
        "id": waits.id,
        "channel": "web",
        "status": "queued",
        "agent": None,
        "contact": item["contact"],
        "preview": "Of course.",
        "previewRole": "assistant",
        "waitingSince": item["waitingSince"],
        "unread": 1,
        "updated": item["updated"],
        "reason": "wants_person",
        "urgency": "",
        "snoozedUntil": None,
    }
    assert list(item["contact"]) == ["id", "name", "phone", "email", "phoneVerified"]
    since = datetime.fromisoformat(item["waitingSince"])
    assert datetime.now(UTC) - since < timedelta(minutes=1)
    assert await ana.list("mine") == [hers.id]
    assert await ana.list("bot") == [bot.id]
    assert set(await ana.list("all")) == {bot.id, waits.id, hers.id}
    assert await ana.list("resolved") == [over.id]
    assert await ben.list("mine") == []
    item = (await ben.get("conversations", view="all"))["conversations"][0]
    assert item["agent"] == {"id": ana.id, "name": "Ana"}


async def test_the_queue_has_the_urgent_first_then_who_waits_longest(both: Office) -> None:
    ana = await both.member("Ana")
    first, second, third = [await both.waiting() for _ in range(3)]
    urgent = await both.visitor()
    both.model.then(Call("handoff_to_human", reason="safety", urgency="urgent"), "They come.")
    got = await urgent.say("help")
    assert got["handedOff"]
    queued = await ana.get("conversations", view="queued")
    assert [i["id"] for i in queued["conversations"]] == [urgent.id, first.id, second.id, third.id]
    top = queued["conversations"][0]
    assert (top["urgency"], top["reason"]) == ("urgent", "safety")
    assert await ana.list("queued", before=first.id) == [second.id, third.id]


class Counting:
    """How many statements a block sends."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.count = 0
        plain = Database.fetch
        plain_one = Database.one

        async def fetch(database: Database, sql: str, *args: Any) -> Any:
            self.count += 1
            return await plain(database, sql, *args)

        async def one(database: Database, sql: str, *args: Any) -> Any:
            self.count += 1
            return await plain_one(database, sql, *args)

        monkeypatch.setattr(Database, "fetch", fetch)
        monkeypatch.setattr(Database, "one", one)


async def test_two_hundred_conversations_are_listed_in_two_queries(
    both: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    ana = await both.member("Ana")
    async with both.desk.database.transaction():
        for n in range(200):
            identifier, _ = await both.desk.open_conversation("restaurant", "web", f"v{n}")
            await status.queue(both.desk.database, "restaurant", identifier)
    seen: list[str] = []
    counting = Counting(monkeypatch)
    while True:
        before = counting.count
        found, more = await inbox_reads.listed(
            both.desk.database, "restaurant", ana.id, "queued", seen[-1] if seen else ""
        )
        assert counting.count - before <= 2
        seen += [item.id for item in found]
        if not more:
            break
    assert len(seen) == len(set(seen)) == 200
    before = counting.count
    await inbox_reads.search(both.desk.database, "restaurant", ana.id, "all", "anything")
    assert counting.count - before <= 3


async def test_search(both: Office) -> None:
    ana = await both.member("Ana")
    both.model.then("Ja, um acht.", "No.", "Sure.")
    one, two, three = await both.visitor(), await both.visitor(), await both.visitor("salon")
    await one.say('A table for "eight", 100% sure')
    await two.say("Do you have oysters?")
    await three.say("Do you have oysters?")
    await both.desk.database.fetch(
        "UPDATE contact SET name = 'Grace Hopper', email = 'grace@navy.mil', phone = '+12125550199' "
        "WHERE id = (SELECT contact FROM conversation WHERE id = {})",
        two.id,
    )
    for text, found in {
        "OYSTERS": [two.id], '"eight"': [one.id], "100%": [one.id], "um acht": [one.id],
        "grace hop": [two.id], "NAVY.mil": [two.id], "212 555-0199": [two.id],
        "client_id": [], "customer_said": [], "%": [one.id], "_": [],
    }.items():  # fmt: skip
        assert await ana.list("all", q=text) == found, text
    await both.desk.database.fetch("UPDATE contact SET name = 'Élodie Ünal' WHERE name <> ''")
    both.model.then("Ja.")
    await one.say("Ärger ÜBER alles")
    for text, found in {
        "Élodie": [two.id], "élodie ü": [two.id], "ÜBER": [one.id], "über": [one.id],
        "ärger": [one.id],
    }.items():  # fmt: skip
        assert await ana.list("all", q=text) == found, text
    await ana.do("resolve", one.id)
    assert await ana.list("all", q="eight") == [one.id]
    assert await ana.list("bot", q="eight") == []


async def test_unread_is_what_came_after_one_looked(office: Office, ana: Member) -> None:
    ben = await office.member("Ben")
    visitor = await office.waiting()
    await visitor.say("hello?")
    unread = (await ana.get(f"conversations/{visitor.id}"))["conversation"]["unread"]
    assert unread == 2
    last = (await ana.get(f"conversations/{visitor.id}"))["lastSeq"]
    assert (await ana.do("seen", visitor.id, seq=last))["conversation"]["unread"] == 0
    assert (await ana.do("seen", visitor.id, seq=1))["conversation"]["unread"] == 0
    await visitor.say("anyone?")
    assert (await ana.get(f"conversations/{visitor.id}"))["conversation"]["unread"] == 1
    assert (await ben.get(f"conversations/{visitor.id}"))["conversation"]["unread"] == 3
    # What nobody has seen cannot be marked as seen ahead of time.
    await ana.do("seen", visitor.id, seq=10**9)
    await visitor.say("please")
    assert (await ana.get(f"conversations/{visitor.id}"))["conversation"]["unread"] == 1
