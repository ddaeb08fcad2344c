"""What staff do with a conversation: accept, reply, note, assign, snooze, resolve."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from support_inbox import Member, Office, ana, both, office

from frontdesk import status

__all__ = ["ana", "both", "office"]  # fixtures


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
