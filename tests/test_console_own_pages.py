"""Pages of the console's own: canned replies, what could not be delivered, the audit log."""

import asyncio
import re

from support_house import House, enter
from support_till import both, house, till

from frontdesk import appending
from frontdesk.outbox import Entry, GiveUpError
from frontdesk_server.console import staff

__all__ = ["both", "house", "till"]  # fixtures


async def test_canned_replies(both: House) -> None:
    browser = await enter(both, "manager")
    good = {"shortcut": "/Hours", "text": "Hi {name}, {business} is open."}
    done = await browser.post("/console/canned", do="add", **good)
    assert done.status_code == 303
    (row,) = await both.rows("canned_reply")
    assert (row["business"], row["shortcut"], row["text"]) == ("shop", "hours", good["text"])
    for wrong, said in (
        ({"shortcut": "hours"}, "is taken"),
        ({"shortcut": "no spaces"}, "Shortcut"),
        ({"shortcut": "a", "text": ""}, "Text"),
        ({"shortcut": "a", "text": "{nmae}"}, "there is no {nmae}"),
        ({"shortcut": "a", "text": "x" * 2001}, "Text"),
    ):
        answer = await browser.post("/console/canned", do="add", **good | wrong)
        assert answer.status_code == 422
        assert said in answer.text
    await browser.post("/console/canned", do="add", shortcut="bye", text="Bye.")
    taken = await browser.post(
        "/console/canned", do="save", reply=row["id"], shortcut="bye", text="x"
    )
    assert "is taken" in taken.text
    await browser.post("/console/canned", do="save", reply=row["id"], shortcut="when", text="Now.")
    page = await browser.see("/console/canned")
    assert "/when" in page.text
    me = (await browser.see("/console/api/me")).json()
    assert sorted(each["shortcut"] for each in me["canned"]) == ["bye", "when"]
    await browser.post("/console/canned", do="remove", reply=row["id"])
    assert [row["shortcut"] for row in await both.rows("canned_reply")] == ["bye"]


async def test_what_could_not_be_delivered_is_tried_again(both: House) -> None:
    tries: list[str] = []

    async def deliver(entry: Entry) -> None:
        tries.append(entry.kind)
        if len(tries) == 1:
            raise GiveUpError("the handset is off")

    both.desk.deliveries["pigeon"] = deliver
    browser = await enter(both, "manager")
    assert "Everything arrived" in (await browser.see("/console/deliveries")).text
    await appending.put(both.database, "shop", "pigeon", {"to": "+12125550123", "text": "private"})
    await until(both, "SELECT 1 FROM outbox WHERE state = 'dead'")
    page = await browser.see("/console/deliveries")
    assert "the handset is off" in page.text
    assert "to +12125550123" in page.text
    assert "private" not in page.text
    (row,) = await both.rows("outbox")
    await browser.post("/console/deliveries", do="again", entry=row["id"])
    await until(both, "SELECT 1 WHERE NOT EXISTS (SELECT 1 FROM outbox)")
    assert tries == ["pigeon", "pigeon"]
    gone = await browser.post("/console/deliveries", do="again", entry=row["id"])
    assert "somebody tried it again already" in gone.text


async def until(house: House, sql: str) -> None:
    """What a job does in its own time."""
    async with asyncio.timeout(20):
        while not await house.database.fetch(sql):
            await asyncio.sleep(0.05)


async def test_the_audit_log_is_read_by_person_and_by_pages(house: House) -> None:
    owner, agent = await enter(house), await enter(house, "manager")
    token = await owner.csrf()
    for n in range(51):  # and two have signed in
        await owner.post("/console/till", csrf=token, do="put", coins=f"{n + 1000}")
    await agent.post("/console/till", do="put", coins="7777")
    first = await owner.see("/console/audit")
    assert "7777" in first.text
    assert "1002" in first.text
    assert "1001 coins" not in first.text
    older = re.search(r'href="/console/audit\?([^"]+)">Older', first.text)
    assert older
    second = await owner.see("/console/audit?" + older[1].replace("&amp;", "&"))
    assert "1001 coins" in second.text
    assert "7777" not in second.text
    assert "Older" not in second.text
    (who,) = [m for m in await staff.members(house.database) if m.role == "manager"]
    only = await owner.see(f"/console/audit?staff={who.id}")
    assert "7777" in only.text
    assert "1050" not in only.text
    await staff.remove(house.database, "shop", who.id)
    assert "7777" in (await owner.see(f"/console/audit?staff={who.id}")).text
