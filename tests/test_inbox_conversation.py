"""One conversation in the inbox: its history, its customer, and what plugins tell of them."""

import asyncio
from collections.abc import Awaitable, Mapping, Sequence
from pathlib import Path

from support_inbox import Member, Office, ana, both, office, office_on, sqlite

from frontdesk import Business, Inbound, hookimpl, status
from frontdesk.events import Noticed
from frontdesk.pages import Delivery, Row, Section
from frontdesk.reads import read_events
from frontdesk.testing import Call

__all__ = ["ana", "both", "office"]  # fixtures


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
