"""The page "Team": who is hired, changed and let go, and what they leave behind."""

import pytest
from support_house import PASSWORD, House, both, enter

from frontdesk import status
from frontdesk_server.console import staff
from frontdesk_server.console.staff import StaffError

__all__ = ["both"]  # fixtures


async def test_the_team(both: House) -> None:
    owner = await enter(both)
    new = {"email": "Zoe@Shop.example", "name": " Zoe  Z. ", "role": "agent", "password": PASSWORD}
    await owner.post("/console/team", do="add", **new)
    twice = await owner.post("/console/team", do="add", **new)
    assert "is a member of staff here already" in twice.text
    assert 'value="Zoe@Shop.example"' in twice.text
    for wrong in ({"email": "zoe"}, {"name": ""}, {"role": "king"}, {"password": "short"}):
        answer = await owner.post(
            "/console/team", do="add", **new | {"email": "y@y.example"} | wrong
        )
        assert answer.status_code == 422, wrong
    zoe = await both.signed_in("zoe@shop.example")
    (who,) = [m for m in await staff.members(both.database) if m.email == "zoe@shop.example"]
    assert (who.name, who.role) == ("Zoe Z.", "agent")
    await owner.post("/console/team", do="role", member=who.id, role="manager")
    assert (await zoe.see("/console/notifications")).status_code == 200  # counts at once
    await owner.post("/console/team", do="deactivate", member=who.id)
    assert not await zoe.is_in()
    assert (await both.browser().sign_in("zoe@shop.example")).status_code == 401
    assert "Deactivated" in (await owner.see("/console/team")).text
    await owner.post("/console/team", do="activate", member=who.id)
    zoe = await both.signed_in("zoe@shop.example")
    await owner.post("/console/team", do="password", member=who.id, password="new horse battery")
    assert not await zoe.is_in()
    zoe = await both.signed_in("zoe@shop.example", "new horse battery")
    await owner.post("/console/team", do="sign_out", member=who.id)
    assert not await zoe.is_in()
    await owner.post("/console/team", do="remove", member=who.id)
    assert "zoe@shop.example" not in (await owner.see("/console/team")).text
    me = next(m for m in await staff.members(both.database, "shop"))
    last = await owner.post("/console/team", do="role", member=me.id, role="agent")
    assert "only owner" in last.text
    log = str(await both.rows("audit"))
    assert PASSWORD not in log
    assert "new horse battery" not in log
    assert "(hidden)" in log


async def test_who_leaves_leaves_nobody_alone(both: House) -> None:
    owner, agent = await enter(both), await both.hire("zoe@shop.example")
    talks: list[str] = []
    for _ in range(3):
        identifier, _contact = await both.desk.open_conversation("shop", "web", "v")
        await status.take_over(both.database, "shop", identifier, agent.id, "Zoe")
        talks.append(identifier)
    await status.assign(both.database, "shop", talks[1], agent.id, "someone", "Sam")
    await status.snooze(both.database, "shop", talks[2], agent.id)
    done = await owner.post("/console/team", do="deactivate", member=agent.id)
    assert "1 of their conversations waits" in (await owner.see(done.headers["location"])).text
    rows = {row["id"]: (row["status"], row["agent"]) for row in await both.rows("conversation")}
    assert [rows[each] for each in talks] == [("queued", ""), ("human", "someone"), ("snoozed", "")]
    await status.reopen(both.database, "shop", talks[2])
    rows = {row["id"]: (row["status"], row["agent"]) for row in await both.rows("conversation")}
    assert rows[talks[2]] == ("queued", "")


async def test_there_is_always_an_owner(both: House) -> None:
    owner = await both.hire("ada@shop.example", "owner")
    await both.hire("eve@other.example", "owner", business="other")
    for change in (
        staff.set_role(both.database, "shop", owner.id, "agent"),
        staff.set_active(both.database, "shop", owner.id, active=False),
        staff.remove(both.database, "shop", owner.id),
    ):
        with pytest.raises(StaffError, match="only owner"):
            await change
    second = await both.hire("bob@shop.example", "owner")
    await staff.remove(both.database, "shop", owner.id)
    assert [m.id for m in await staff.members(both.database, "shop")] == [second.id]
