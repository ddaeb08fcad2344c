"""The inbox's JSON: lists, a conversation, and what staff do with it."""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from support_inbox import Member, Office, office_on, sqlite

from frontdesk import Business, Inbound, hookimpl, status
from frontdesk.database import Database
from frontdesk.events import Noticed
from frontdesk.pages import Delivery, Row, Section
from frontdesk.reads import read_events
from frontdesk.testing import Call
from frontdesk_server.console import inbox_actions, inbox_reads


@pytest.fixture
async def office(tmp_path: Path) -> AsyncIterator[Office]:
    async with office_on(sqlite(tmp_path)) as served:
        yield served


@pytest.fixture
async def both(database_url: str) -> AsyncIterator[Office]:
    """On SQLite and on Postgres."""
    async with office_on(database_url) as served:
        yield served


@pytest.fixture
async def ana(office: Office) -> Member:
    return await office.member("Ana")


# ---- lists -----------------------------------------------------------------------------------


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


# ---- a conversation --------------------------------------------------------------------------


async def test_the_whole_history(both: Office) -> None:
    ana = await both.member("Ana")
    visitor = await both.visitor()
    both.model.then(
        Call("get_hours"), "Open until ten.",
        Call("create_booking", party_size=4), "When?",
    )  # fmt: skip
    await visitor.say("hours?")
    await visitor.say("a table for four")
    await ana.do("take_over", visitor.id)
    await ana.do("note", visitor.id, text="a regular")
    await ana.do("reply", visitor.id, text="Ana here.", clientId="k1")
    await ana.do("hand_back", visitor.id, note="offer the terrace")
    got = await ana.get(f"conversations/{visitor.id}")
    assert [(e["kind"], e["text"]) for e in got["entries"]] == [
        ("customer", "hours?"), ("call", ""), ("assistant", "Open until ten."),
        ("customer", "a table for four"), ("call", ""), ("assistant", "When?"), ("status", ""),
        ("note", "a regular"), ("staff", "Ana here."), ("note", "offer the terrace"),
        ("status", ""),
    ]  # fmt: skip
    hours, booking = [e["call"] for e in got["entries"] if e["kind"] == "call"]
    assert (hours["tool"], hours["status"], hours["arguments"]) == ("get_hours", "done", {})
    assert hours["data"]
    assert (booking["status"], booking["arguments"]) == ("refused", {"party_size": 4})
    assert booking["problems"]
    changes = [e["status"] for e in got["entries"] if e["kind"] == "status"]
    assert [(c["to"], c["before"], c["agentName"]) for c in changes] == [
        ("human", "bot", "Ana"), ("bot", "human", "Ana"),
    ]  # fmt: skip
    assert [e["agentName"] for e in got["entries"] if e["kind"] == "note"] == ["Ana", "Ana"]
    assert got["lastSeq"] == got["entries"][-1]["seq"]
    assert got["hasEarlier"] is False
    earlier = await ana.get(f"conversations/{visitor.id}", before=got["entries"][2]["seq"])
    assert earlier["entries"] == got["entries"][:2]


async def test_pages_are_bounded_and_know_the_calls_of_other_pages(
    office: Office, ana: Member
) -> None:
    visitor = await office.visitor()
    office.model.then(Call("get_hours"), "Ten.")
    await visitor.say("hours?")
    await ana.do("take_over", visitor.id)
    for n in range(100):
        await status.say(office.desk.database, "restaurant", visitor.id, ana.id, f"line {n}")
    page = await ana.get(f"conversations/{visitor.id}")
    assert len(page["entries"]) == 100
    assert page["hasEarlier"] is True
    first = await ana.get(f"conversations/{visitor.id}", before=page["entries"][0]["seq"])
    kinds = [entry["kind"] for entry in first["entries"]]
    assert kinds == ["customer", "call", "assistant", "status"]
    assert first["hasEarlier"] is False


class Knows:
    """A plugin that knows customers and deliveries; another breaks, a third hangs."""

    @staticmethod
    @hookimpl
    def describe_contact(business: Business, contact: str) -> Awaitable[Section]:
        async def told() -> Section:
            return Section(title="Visits", rows=(Row(text=f"one at {business.id}", href="/x"),))

        return told()

    @staticmethod
    @hookimpl
    def describe_deliveries(
        business: str, messages: Sequence[str]
    ) -> Awaitable[Mapping[str, Delivery]]:
        async def told() -> Mapping[str, Delivery]:
            return {message: Delivery(state="delivered") for message in messages}

        return told()


class Breaks:
    @staticmethod
    @hookimpl
    def describe_contact(business: Business, contact: str) -> Awaitable[Section]:
        raise RuntimeError("broken")

    @staticmethod
    @hookimpl
    def describe_deliveries(
        business: str, messages: Sequence[str]
    ) -> Awaitable[Mapping[str, Delivery]]:
        raise RuntimeError("broken")


class Hangs:
    @staticmethod
    @hookimpl
    def describe_contact(business: Business, contact: str) -> Awaitable[Section]:
        async def told() -> Section:
            await asyncio.Event().wait()
            raise AssertionError

        return told()


async def test_what_plugins_tell_of_a_customer(tmp_path: Path) -> None:
    async with office_on(sqlite(tmp_path), Knows, Breaks, Hangs) as office:
        ana = await office.member("Ana")
        visitor = await office.waiting()
        got = await ana.get(f"conversations/{visitor.id}")
        assert got["customer"]["sections"] == [
            {"title": "Visits", "rows": [{"text": "one at restaurant", "href": "/x"}]}
        ]
        told = {e["kind"]: e.get("delivery") for e in got["entries"]}
        assert told["assistant"] == {"state": "delivered", "error": ""}
        assert told["customer"] is None
        assert list(got["customer"]) == [
            "id", "name", "phone", "email", "phoneVerified", "consent", "language", "sections",
            "previous",
        ]  # fmt: skip
        assert (got["customer"]["consent"], got["customer"]["language"]) == ("unknown", "en")


async def test_earlier_conversations_of_the_customer(office: Office, ana: Member) -> None:
    office.model.then("One.", "Two.")
    ids: list[str] = []
    for text in ("first", "second"):
        identifier, _ = await office.desk.open_conversation("restaurant", "web", "the same")
        ids.append(identifier)
        inbound = Inbound(business="restaurant", conversation=identifier, text=text)
        await office.desk.receive(inbound)
    got = await ana.get(f"conversations/{ids[1]}")
    (previous,) = got["customer"]["previous"]
    assert list(previous) == ["id", "channel", "status", "updated", "preview"]
    assert previous["id"] == ids[0]


# ---- verbs -----------------------------------------------------------------------------------


async def test_two_accept_at_once_and_one_has_it(both: Office) -> None:
    ana, ben = await both.member("Ana"), await both.member("Ben")
    for _ in range(5):
        visitor = await both.waiting()
        answers = await asyncio.gather(
            ana.try_to("accept", visitor.id), ben.try_to("accept", visitor.id)
        )
        assert sorted(answer.status_code for answer in answers) == [200, 409]
        winner = "Ana" if answers[0].status_code == 200 else "Ben"
        lost = next(answer for answer in answers if answer.status_code == 409)
        assert lost.headers["content-type"] == "application/problem+json"
        assert lost.json()["agentName"] == winner
        assert lost.json()["detail"] == f"{winner} has this conversation."
        joined = [m for m in (await visitor.history())["messages"] if "joined" in m]
        assert [m["joined"] for m in joined] == [winner]


async def test_a_reply_is_said_once(both: Office) -> None:
    ana = await both.member("Ana")
    visitor = await both.waiting()
    await ana.do("accept", visitor.id)
    answers = await asyncio.gather(
        *(ana.do("reply", visitor.id, text="Hello!", clientId="k1") for _ in range(3))
    )
    assert len({answer["entries"][0]["id"] for answer in answers}) == 1
    assert answers[0]["entries"][0]["clientId"] == "k1"
    other = await ana.try_to("reply", visitor.id, text="Other", clientId="k1")
    assert other.status_code == 409
    history = (await visitor.history())["messages"]
    assert [m["content"] for m in history if m["role"] == "staff"] == ["Hello!"]
    assert history[-1]["agentName"] == "Ana"
    item = (await ana.get(f"conversations/{visitor.id}"))["conversation"]
    assert item["waitingSince"] is None
    assert (item["preview"], item["previewRole"]) == ("Hello!", "staff")


async def test_a_reply_needs_the_conversation(office: Office, ana: Member) -> None:
    ben = await office.member("Ben")
    bot = await office.visitor()
    office.model.then("Hello.")
    await bot.say("hi")
    waits, bens, over = [await office.waiting() for _ in range(3)]
    await ben.do("accept", bens.id)
    await ana.do("resolve", over.id)
    for visitor, words in (
        (bot, "The assistant has this conversation: take it over first."),
        (waits, "Nobody has this conversation yet: accept it first."),
        (bens, "Ben has this conversation."),
        (over, "This conversation is resolved: take it over first."),
    ):
        answer = await ana.try_to("reply", visitor.id, text="me", clientId="k")
        assert (answer.status_code, answer.json()["detail"]) == (409, words)


async def test_a_note_is_for_staff_alone(both: Office) -> None:
    ana, ben = await both.member("Ana"), await both.member("Ben")
    visitor = await both.waiting()
    async with both.socket(visitor) as socket:
        await ana.do("accept", visitor.id)
        got = await ben.do("note", visitor.id, text="be careful, 4111 1111 1111 1111")
        (entry,) = got["entries"]
        assert (entry["kind"], entry["agentName"]) == ("note", "Ben")
        assert "4111" not in entry["text"]
        await ana.do("reply", visitor.id, text="the end", clientId="k")
        frames: list[str] = []
        while "the end" not in "".join(frames):
            frames.append(str(await socket.recv()))
    assert "careful" not in "".join(frames)
    assert "careful" not in str(await visitor.history())
    assert await both.desk.database.fetch("SELECT id FROM outbox") == []


async def test_assigning(both: Office) -> None:
    ana, ben = await both.member("Ana"), await both.member("Ben")
    boss = await both.member("Cleo", role="manager")
    eve = await both.member("Eve", "salon")
    visitor = await both.waiting()
    await ana.do("assign", visitor.id, staff=ben.id)
    assert await ben.list("mine") == [visitor.id]
    mine = await ana.try_to("assign", visitor.id, staff=ana.id)
    assert (mine.status_code, mine.json()["agentName"]) == (409, "Ben")
    assert (await ben.try_to("assign", visitor.id, staff=eve.id)).status_code == 404
    assert (await ben.do("assign", visitor.id, staff=ben.id))["entries"] == []
    await boss.do("assign", visitor.id, staff=ana.id)
    await ana.do("reply", visitor.id, text="Hi", clientId="k")
    history = (await visitor.history())["messages"]
    assert [m["joined"] for m in history if "joined" in m] == ["Ben", "Ana"]
    assert history[-1]["agentName"] == "Ana"


async def test_snoozed_until(both: Office) -> None:
    ana = await both.member("Ana")
    timed, written, unowned = [await both.waiting() for _ in range(3)]
    for visitor in (timed, written):
        await ana.do("accept", visitor.id)
    until = datetime.now(UTC) + timedelta(hours=2)
    for visitor in (timed, written, unowned):
        got = await ana.do("snooze", visitor.id, until=until.isoformat())
        snoozed = datetime.fromisoformat(got["conversation"]["snoozedUntil"])
        assert abs(snoozed - until) < timedelta(milliseconds=2)
        assert got["entries"][0]["status"]["until"] == got["conversation"]["snoozedUntil"]
    assert await ana.list("mine") == await ana.list("queued") == []
    assert await status.wake(both.desk.database, int(until.timestamp() * 1000) - 10) == []
    await written.say("me again")  # at once
    assert await ana.list("mine") == [written.id]
    woken = await status.wake(both.desk.database, int(until.timestamp() * 1000) + 1)
    assert {conversation for conversation, _ in woken} == {timed.id, unowned.id}
    assert set(await ana.list("mine")) == {timed.id, written.id}
    assert await ana.list("queued") == [unowned.id]
    assert await status.wake(both.desk.database, int(until.timestamp() * 1000) + 1) == []
    item = (await ana.get(f"conversations/{timed.id}"))["conversation"]
    assert item["snoozedUntil"] is None


@pytest.mark.parametrize(
    "until",
    [
        "2020-01-01T00:00:00Z", "2999-01-01T00:00:00Z", "2027-01-01T00:00:00", "soon", 5,
        "9999-12-31T23:59:59-14:00", "0001-01-01T00:00:00+14:00",
    ],
)  # fmt: skip
async def test_a_time_to_snooze_until_has_to_make_sense(office: Office, until: Any) -> None:
    ana = await office.member("Ana")
    visitor = await office.waiting()
    assert (await ana.try_to("snooze", visitor.id, until=until)).status_code == 400


async def test_the_job_wakes_what_was_snoozed(office: Office, ana: Member) -> None:
    visitor = await office.waiting()
    await ana.do("accept", visitor.id)
    database = office.desk.database
    await status.snooze(database, "restaurant", visitor.id, ana.id, until=1)
    (job,) = [job for job in office.desk.jobs if job.name == "snoozed"]
    await job.run()
    assert await ana.list("mine") == [visitor.id]


async def test_resolve_and_reopen(both: Office) -> None:
    ana = await both.member("Ana")
    visitor = await both.waiting()
    await ana.do("accept", visitor.id)
    await ana.do("resolve", visitor.id)
    left = (await visitor.history())["messages"][-1]
    assert (left["role"], left["left"], left["content"]) == (
        "system", "Ana", "Ana left the conversation.",
    )  # fmt: skip
    assert (await ana.do("resolve", visitor.id))["entries"] == []
    got = await ana.do("reopen", visitor.id)
    assert got["conversation"]["status"] == "bot"
    both.model.then("I'm back.")
    assert (await visitor.say("hello"))["content"] == "I'm back."


async def test_a_blocked_customer_is_stored_and_never_answered(both: Office) -> None:
    ana = await both.member("Ana")
    first = await both.waiting()
    created = await both.http.post(
        "/widget/conversations", json={"business": "restaurant"}, headers=first.headers
    )
    second = type(first)(both.http, created.json())
    both.model.then("Hello.")
    await second.say("from another tab")
    got = await ana.do("block", first.id)
    assert (got["conversation"]["status"], got["conversation"]["reason"]) == ("resolved", "blocked")
    assert set(await ana.list("resolved")) == {first.id, second.id}
    third = type(first)(
        both.http,
        (
            await both.http.post(
                "/widget/conversations", json={"business": "restaurant"}, headers=first.headers
            )
        ).json(),
    )
    asked = len(both.model.requests)
    for visitor in (first, second, third):
        answer = await both.http.post(
            f"{visitor.path}/messages", json={"content": "spam"}, headers=visitor.headers
        )
        assert answer.status_code == 403
        assert "no longer answered" in answer.json()["detail"]
        assert (await visitor.history())["messages"][-1]["content"] == "spam"
    (end,) = await first.stream("more spam")
    assert (end["type"], end["code"], end["retryable"]) == ("error", "blocked", False)
    async with both.socket(first) as socket:
        await socket.send(json.dumps({"event": "send_message", "data": {"content": "ws spam"}}))
        frames: list[Any] = []
        while not frames or frames[-1]["event"] != "error":
            frames.append(json.loads(await socket.recv()))
        assert frames[-1]["data"]["code"] == "blocked"
        assert "ack" in [frame["event"] for frame in frames]
    assert len(both.model.requests) == asked
    await ana.do("reopen", first.id)
    both.model.then("Welcome back.")
    assert (await first.say("sorry"))["content"] == "Welcome back."
    # Neither is what was said while they were blocked.
    words = str(both.model.requests[-1].messages[-1])
    assert "sorry" in words
    both.model.then("Here too.")
    assert (await third.say("hello"))["content"] == "Here too."


async def test_who_is_blocked_after_it_was_resolved(both: Office) -> None:
    ana, ben = await both.member("Ana"), await both.member("Ben")
    visitor = await both.waiting()
    await ana.do("accept", visitor.id)
    late = await ben.try_to("block", visitor.id)
    assert (late.status_code, late.json()["agentName"]) == (409, "Ana")
    await ana.do("resolve", visitor.id)
    assert (await ben.do("block", visitor.id))["conversation"]["reason"] == "blocked"
    assert (await visitor.stream("hello?"))[0]["type"] == "error"
    # Staff who want to talk with them let them answer.
    taken = await ana.do("take_over", visitor.id)
    assert taken["conversation"]["reason"] == ""
    (done,) = await visitor.stream("thank you")
    assert (done["type"], done["handedOff"]) == ("done", True)
    rows = await both.desk.database.fetch("SELECT did, outcome FROM audit ORDER BY id")
    assert ("block", "done") in [(row["did"], row["outcome"]) for row in rows]


async def test_nobody_comes(office: Office, ana: Member) -> None:
    """The hand-off's own timer; the inbox shows what became of it."""
    visitor = await office.visitor()
    office.model.then(Call("handoff_to_human", reason="other"), "Somebody comes.")
    await visitor.say("a person please")
    assert await ana.list("queued") == [visitor.id]
    await office.desk.database.fetch("UPDATE handoff SET answer_by = 1")
    (job,) = [job for job in office.desk.jobs if job.name == "handoff"]
    await job.run()
    assert await ana.list("queued") == []
    got = await ana.get(f"conversations/{visitor.id}")
    assert [e["kind"] for e in got["entries"][-2:]] == ["status", "system"]
    assert got["entries"][-2]["status"]["reason"] == "nobody came"
    stored = await read_events(office.desk.database, visitor.id, 0)
    (notice,) = [s.event.text for s in stored if isinstance(s.event, Noticed)]
    assert got["entries"][-1]["text"] == notice
    office.model.then(
        Call("take_message", text="Call me", name="Ada", phone="212 555 0199"), "Noted."
    )
    assert (await visitor.say("take a message"))["content"].endswith("Noted.")
    assert len(await office.desk.database.fetch("SELECT id FROM promise")) == 1


# ---- who may ---------------------------------------------------------------------------------


async def test_everything_is_of_one_business(both: Office) -> None:
    eve = await both.member("Eve", "salon")
    visitor = await both.waiting()
    bodies: dict[str, Any] = {
        "reply": {"text": "boo", "clientId": "k"},
        "note": {"text": "boo"},
        "assign": {"staff": eve.id},
        "snooze": {"until": (datetime.now(UTC) + timedelta(hours=1)).isoformat()},
        "seen": {"seq": 1},
    }
    before = await both.desk.database.fetch("SELECT * FROM conversation WHERE id = {}", visitor.id)
    for verb in inbox_actions.VERBS:
        answer = await eve.try_to(verb, visitor.id, **bodies.get(verb, {}))
        assert answer.status_code == 404, verb
        assert answer.json()["detail"] == "There is no such conversation."
    got = await both.http.get(f"/console/api/conversations/{visitor.id}", headers=eve.cookie)
    assert got.status_code == 404
    for view in ("queued", "mine", "bot", "all", "resolved"):
        assert await eve.list(view) == []
        assert await eve.list(view, before=visitor.id) == []
    assert await eve.list("all", q="person") == []
    after = await both.desk.database.fetch("SELECT * FROM conversation WHERE id = {}", visitor.id)
    assert after == before
    assert await both.desk.database.fetch("SELECT * FROM staff_seen") == []


async def test_nothing_without_a_session_a_token_and_our_origin(
    office: Office, ana: Member
) -> None:
    visitor = await office.waiting()
    for path in ("me", "conversations", f"conversations/{visitor.id}"):
        assert (await office.http.get(f"/console/api/{path}")).status_code == 401
    path = f"/console/api/conversations/{visitor.id}/accept"
    for headers, code in (
        ({}, 401),
        (ana.cookie, 403),
        (ana.cookie | {"x-csrf-token": "wrong"}, 403),
        (ana.headers | {"origin": "https://evil.example"}, 403),
        (ana.headers, 200),
    ):
        answer = await office.http.post(path, json={}, headers=headers)
        assert answer.status_code == code, headers
        if code != 200:
            assert answer.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize(
    ("verb", "body"),
    [
        ("reply", b"{"), ("reply", b"[]"), ("reply", b'{"text":""}'), ("reply", b"\xff"),
        ("reply", b'{"text":" ","clientId":"k"}'), ("reply", b'{"text":"a\\u0000","clientId":"k"}'),
        ("note", b"{}"), ("note", b'{"text":5}'), ("assign", b"{}"), ("seen", b'{"seq":-1}'),
        ("seen", b'{"seq":1e99}'), ("seen", b'{"seq":9007199254740992}'),
        ("seen", b'{"seq":1180591620717411303424}'), ("assign", b'{"staff":"\\u0000"}'),
        ("reply", b'{"text":"a","clientId":"\\u0000"}'), ("note", b'{"text":"\\ud800"}'),
        ("snooze", b"{}"), ("reply", b"[" * 30000),
    ],
)  # fmt: skip
async def test_what_does_not_fit_is_refused(office: Office, verb: str, body: bytes) -> None:
    ana = await office.member("Ana")
    visitor = await office.waiting()
    answer = await office.http.post(
        f"/console/api/conversations/{visitor.id}/{verb}", content=body, headers=ana.headers
    )
    assert answer.status_code == 400, answer.text
    assert answer.headers["content-type"] == "application/problem+json"


async def test_unknown_things(office: Office, ana: Member) -> None:
    visitor = await office.waiting()
    assert (await ana.try_to("explode", visitor.id)).status_code == 404
    assert (await ana.try_to("accept", "nothing")).status_code == 404
    for path in ("conversations?view=none", f"conversations/{visitor.id}?before=x"):
        answer = await office.http.get(f"/console/api/{path}", headers=ana.cookie)
        assert answer.status_code == 400
    long = await ana.try_to("note", visitor.id, text="x" * 100_000)
    assert long.status_code == 413


async def test_nul_characters_are_refused(both: Office) -> None:
    ana = await both.member("Ana")
    visitor = await both.waiting()
    for path in (
        "conversations?view=all&q=a%00b", "conversations?view=all&before=%00",
        "conversations?view=%00", "conversations/%00",
    ):  # fmt: skip
        answer = await both.http.get(f"/console/api/{path}", headers=ana.cookie)
        assert (answer.status_code, path) == (400, path)
        assert answer.json()["detail"] == "A NUL character is not text."
    for verb, conversation, body in (
        ("accept", "%00", {}),
        ("assign", visitor.id, {"staff": "\x00"}),
        ("reply", visitor.id, {"text": "x", "clientId": "\x00"}),
        ("hand_back", visitor.id, {"note": "\x00"}),
    ):
        answer = await ana.try_to(verb, conversation, **body)
        assert (answer.status_code, verb) == (400, verb)
        assert answer.json()["detail"] == "A NUL character is not text."
    # Whoever writes about it may.
    await ana.do("note", visitor.id, text="\\u0000")


async def test_what_staff_do_is_in_the_audit_log(both: Office) -> None:
    ana, ben = await both.member("Ana"), await both.member("Ben")
    visitor = await both.waiting()
    await ana.do("accept", visitor.id)
    await ana.do("accept", visitor.id)  # nothing happened
    await ben.try_to("accept", visitor.id)
    await ana.do("reply", visitor.id, text="a secret", clientId="k")
    await ana.do("seen", visitor.id, seq=1)
    rows = await both.desk.database.fetch("SELECT * FROM audit ORDER BY id")
    assert [(r["staff_name"], r["page"], r["did"], r["outcome"]) for r in rows] == [
        ("Ana", "inbox", "accept", "done"), ("Ben", "inbox", "accept", "refused"),
        ("Ana", "inbox", "reply", "done"),
    ]  # fmt: skip
    assert visitor.id in rows[0]["fields"]
    assert "secret" not in str(rows)
