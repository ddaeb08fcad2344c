"""Who is on call is told, once, when a customer waits."""

import asyncio
from typing import Any

import msgspec
import pytest
from pigeon import Texts
from support_house import House, both, enter, house, sections

from frontdesk import instants, status, webhooks
from frontdesk.business import Business
from frontdesk.outbox import Entry
from frontdesk_server.console import notices

__all__ = ["both", "house", "sections"]  # fixtures

SECRET = "a secret of twenty letters"


class Waiting:
    """Conversations that wait, and the clock of the job that looks for them."""

    def __init__(self, house: House, monkeypatch: pytest.MonkeyPatch) -> None:
        self.house, self.later = house, 0
        monkeypatch.setattr(notices, "now_ms", lambda: instants.now_ms() + self.later)

    async def conversation(self, business: str = "shop") -> str:
        identifier, _ = await self.house.desk.open_conversation(business, "web", "v")
        await status.queue(self.house.database, business, identifier, "complaint")
        return identifier

    async def look(self, seconds: int = 31) -> None:
        self.later = seconds * 1000
        (job,) = [job for job in self.house.desk.jobs if job.name == "console"]
        await job.run()

    async def told(self) -> list[dict[str, Any]]:
        rows = await self.house.rows("outbox")
        return [{"kind": row["kind"], **msgspec.json.decode(row["body"])} for row in rows]


@pytest.fixture
async def waiting(both: House, monkeypatch: pytest.MonkeyPatch) -> Waiting:
    async def hold(_: Entry) -> None:
        await asyncio.Event().wait()

    assert "console.webhook" in both.desk.deliveries
    both.desk.deliveries |= {"sms.text": hold, "console.webhook": hold}
    both.desk.plugins.channels["sms"] = Texts()
    section = {
        "on_call": ["+12125550123", "+12125550124"],
        "webhook": {"url": "https://pager.example.com/x", "secret": SECRET},
        "per_hour": 2,
    }
    await both.desk.apply(
        Business(
            id="shop",
            name="Shop {x}",
            locale="de-DE",
            settings={"console": section, "sms": {"numbers": ["+12125550111"]}},
        )
    )
    return Waiting(both, monkeypatch)


async def test_the_people_on_call_are_told_once(waiting: Waiting) -> None:
    identifier = await waiting.conversation()
    await waiting.conversation("other")  # which wants no notifications
    await waiting.look(29)
    assert await waiting.told() == []
    await asyncio.gather(*(waiting.look() for _ in range(5)))  # as five nodes do
    told = await waiting.told()
    assert [(each["kind"], each.get("to")) for each in told] == [
        ("sms.text", "+12125550123"), ("sms.text", "+12125550124"), ("console.webhook", None),
    ]  # fmt: skip
    assert told[0]["purpose"] == "staff"
    assert told[0]["text"] == "Shop {x}: Ein Kunde wartet auf einen Menschen."
    assert told[0]["key"] == f"{identifier}:1:+12125550123"
    assert told[2]["event"] == "conversation.waiting"
    assert told[2]["conversation"]["id"] == identifier
    assert told[2]["conversation"]["reason"] == "complaint"
    await waiting.look(600)
    assert len(await waiting.told()) == 3


async def test_without_a_number_of_its_own_a_business_sends_no_texts(waiting: Waiting) -> None:
    business = await waiting.house.desk.business("shop")
    assert business
    sections = {"console": business.settings["console"]}
    await waiting.house.desk.apply(msgspec.structs.replace(business, settings=sections))
    await waiting.conversation()
    await waiting.look()
    assert [each["kind"] for each in await waiting.told()] == ["console.webhook"]
    page = await (await enter(waiting.house, "manager")).see("/console/notifications")
    assert "not set up for this business" in page.text


async def test_the_look_for_who_waits_reads_open_conversations_only(house: House) -> None:
    plan = await house.database.fetch("EXPLAIN QUERY PLAN " + notices._DUE, 1, 1, 1)
    (first,) = [row["detail"] for row in plan if " c " in row["detail"] + " "]
    assert "conversation_open" in first


async def test_nobody_is_told_of_what_was_taken_or_opened(waiting: Waiting) -> None:
    house = waiting.house
    taken, opened = await waiting.conversation(), await waiting.conversation()
    await status.accept(house.database, "shop", taken, "s1", "Ana")
    who = await house.hire("ana@shop.example")
    await house.database.fetch(
        "INSERT INTO staff_seen (id, staff, conversation, seq) VALUES ('1', {}, {}, 1)",
        who.id,
        opened,
    )
    await house.database.fetch(
        "INSERT INTO staff_presence (id, business, staff, node, until) VALUES ('1', 'shop', {}, 'n', {})",
        who.id, instants.now_ms() + 10**6,
    )  # fmt: skip
    await waiting.look()
    assert await waiting.told() == []
    await house.database.fetch("DELETE FROM staff_presence")  # whoever opened it has left
    await waiting.look()
    assert len(await waiting.told()) == 3


async def test_no_more_than_the_business_wants_in_an_hour(waiting: Waiting) -> None:
    for _ in range(4):
        await waiting.conversation()
    await waiting.look()
    assert len(await waiting.told()) == 2 * 3
    await waiting.look(2 * 3600)  # too late for those that wait since then
    assert len(await waiting.told()) == 2 * 3


async def test_waiting_again_within_an_hour_is_not_told_again(waiting: Waiting) -> None:
    identifier = await waiting.conversation()
    await waiting.look()
    await status.hand_back(waiting.house.database, "shop", identifier)
    await status.queue(waiting.house.database, "shop", identifier)
    await waiting.look(60)
    assert len(await waiting.told()) == 3


async def test_notifications_are_set_up_in_the_console(both: House) -> None:
    browser = await enter(both, "manager")
    given = {"on_call": "212 555 0123\n+44 20 7946 0018, 212-555-0123", "per_hour": "3"}
    good = given | {"webhook_url": "https://pager.example.com/x", "webhook_secret": SECRET}
    for wrong, said in (
        ({"on_call": "call me"}, "&#39;call me&#39; is none"),
        ({"on_call": "555 0123"}, "is none"),
        ({"per_hour": "0"}, "1 to 60"),
        ({"per_hour": "many"}, "whole number"),
        ({"webhook_url": "http://pager.example.com/x"}, "must begin with https"),
        ({"webhook_url": "https://10.0.0.1/x"}, "not a public address"),
        ({"webhook_secret": ""}, "needs one"),
        ({"webhook_secret": "short"}, "16 to 200"),
    ):
        answer = await browser.post("/console/notifications", do="save", **good | wrong)
        assert answer.status_code == 422, wrong
        assert said in answer.text, wrong
    nobody = await browser.post("/console/notifications", do="test")
    assert "nobody to notify" in nobody.text
    await browser.post("/console/notifications", do="save", **good)
    both.desk._businesses.forget("shop")
    business = await both.desk.business("shop")
    assert business
    assert business.settings["console"] == {
        "on_call": ["+12125550123", "+442079460018"], "per_hour": 3,
        "webhook": {"url": "https://pager.example.com/x", "secret": SECRET},
    }  # fmt: skip
    page = await browser.see("/console/notifications")
    assert SECRET not in page.text
    kept = good | {"webhook_secret": "", "webhook_url": "https://pager.example.com/y"}
    await browser.post("/console/notifications", do="save", **kept)
    both.desk._businesses.forget("shop")
    endpoint = await webhooks.in_section(both.desk, "console")("shop")
    assert endpoint
    assert (endpoint.url, endpoint.secret) == ("https://pager.example.com/y", SECRET)
    assert SECRET not in str(await both.rows("audit"))
    await browser.post("/console/notifications", do="save", **given | {"webhook_url": ""})
    both.desk._businesses.forget("shop")
    assert await webhooks.in_section(both.desk, "console")("shop") is None
    assert "webhook" not in (await both.desk.business("shop")).settings["console"]  # type: ignore[union-attr]
