"""What packs collect: kept once, before staff, and told to its customer only."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import msgspec
import pytest

from frontdesk.testing import Call, ScriptedModel, TestDesk, open_desk, read_toml
from frontdesk_plugins.records import ledger

BUSINESS = read_toml("""
id = "garage"
name = "Garage"
[[custom_tools]]
name = "repair_request"
description = "Take down what is wrong with a car."
action = "take_record"
bind = { kind = "repair", title = "repair request", fetch = "urgent" }
confirm = true
[custom_tools.input_schema]
type = "object"
additionalProperties = false
required = ["car", "name", "phone"]
[custom_tools.input_schema.properties]
car = { type = "string" }
name = { type = "string" }
phone = { type = "string" }
urgency = { enum = ["normal", "urgent"] }
drivable = { type = "boolean" }
[[custom_tools]]
name = "handoff_to_human"
description = "Fetch a person."
action = "handoff_to_human"
[custom_tools.input_schema]
type = "object"
additionalProperties = false
required = ["reason"]
[custom_tools.input_schema.properties]
reason = { type = "string" }
urgency = { type = "string" }
[[custom_tools]]
name = "repair_status"
description = "How a repair stands."
action = "record_status"
bind = { kind = "repair" }
[custom_tools.input_schema]
type = "object"
additionalProperties = false
properties = { reference = { type = "string" }, name = { type = "string" }, phone = { type = "string" } }
""")
ADA = {"car": "Fiat 500", "name": "Ada Lovelace", "phone": "212 555 0199", "drivable": False}


class Customer:
    def __init__(self, desk: TestDesk, model: ScriptedModel, talk: Any) -> None:
        self.desk, self.model, self.talk = desk, model, talk

    async def ask(self, **arguments: Any) -> tuple[str, dict[str, Any]]:
        self.model.then(Call("repair_status", **arguments), "There.")
        await self.talk.say("how is my car?")
        return self.talk.actions[0].status, self.talk.actions[0].data

    async def request(self, **more: Any) -> dict[str, Any]:
        self.model.then(Call("repair_request", **ADA | more), "Shall I?", "It is with the team.")
        await self.talk.say("my car is broken")
        (shown,) = self.talk.actions
        assert shown.status == "needs_confirmation"
        await self.talk.say("yes", confirm=shown.data["proposalId"])
        done = self.talk.actions[0]
        assert done.status == "done", done
        data: dict[str, Any] = done.data
        return data


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[TestDesk]:
    settings = {"model": {"use": ["scripted"]}}
    async with open_desk(tmp_path, models=[ScriptedModel()], settings=settings) as desk:
        await desk.add_business(BUSINESS)
        yield desk


async def arrive(desk: TestDesk) -> Customer:
    model = desk.desk.plugins.models["scripted"]
    assert isinstance(model, ScriptedModel)
    return Customer(desk, model, await desk.conversation("garage"))


async def test_it_is_before_staff_and_its_customer_hears_how_it_stands(desk: TestDesk) -> None:
    ada = await arrive(desk)
    made = await ada.request()
    assert (
        made["message"] == f"Your repair request is with our team. Reference {made['reference']}."
    )
    database = desk.desk.database
    (row,) = await ledger.listed(database, "garage", is_open=True)
    assert row["fields"] == '{"title":"repair request","car":"Fiat 500","drivable":false}'
    assert (row["name"], row["phone"]) == ("Ada Lovelace", "+12125550199")
    assert await ledger.change(
        database, "garage", row["id"], row["version"], state="ready", told="Come by six.", agent="a"
    )
    status, data = await ada.ask()
    assert (status, data["message"]) == ("done", f"{made['reference']}: It is ready. Come by six.")


async def test_two_of_the_team_at_once(desk: TestDesk) -> None:
    await (await arrive(desk)).request()
    database = desk.desk.database
    (row,) = await ledger.listed(database, "garage", is_open=True)
    one, other = [
        await ledger.change(
            database, "garage", row["id"], row["version"], state="done", told="", agent=agent
        )
        for agent in ("a", "b")
    ]
    assert (one, other) == (True, False)
    assert not await ledger.change(
        database, "other", row["id"], row["version"] + 1, state="new", told="", agent="c"
    )


async def test_strangers_need_the_reference_and_the_name(desk: TestDesk) -> None:
    made = await (await arrive(desk)).request()
    stranger = await arrive(desk)
    assert (await stranger.ask())[0] == "failed"
    assert (await stranger.ask(reference=made["reference"]))[0] == "failed"
    assert (await stranger.ask(reference=made["reference"], name="Eve"))[0] == "failed"
    assert (await stranger.ask(reference="0000-0000", name="Ada Lovelace"))[0] == "failed"
    assert (await stranger.ask(reference=made["reference"], name="ADA lovelace"))[0] == "done"


async def test_guesses_are_counted(desk: TestDesk) -> None:
    made = await (await arrive(desk)).request()
    stranger = await arrive(desk)
    for n in range(5):
        status, data = await stranger.ask(reference=made["reference"], name=f"Name {n}")
        assert (status, data["needs"]) == ("failed", "reference")
    status, data = await stranger.ask(reference=made["reference"], name="Ada Lovelace")
    assert (status, data["needs_person"]) == ("failed", True)


async def status_of(customer: Customer) -> str:
    row = await customer.desk.desk.database.one(
        "SELECT status FROM conversation WHERE id = {}", customer.talk.id
    )
    assert row is not None
    return str(row["status"])


async def test_what_is_urgent_fetches_a_person_who_is_there(desk: TestDesk) -> None:
    await desk.add_business(
        msgspec.structs.replace(BUSINESS, settings={"handoff": {"hours": "always"}})
    )
    calm, hurried = await arrive(desk), await arrive(desk)
    await calm.request()
    await hurried.request(urgency="urgent")
    assert (await status_of(calm), await status_of(hurried)) == ("bot", "queued")
    listed = await ledger.listed(desk.desk.database, "garage", is_open=True)
    assert [row["urgency"] for row in listed] == ["urgent", "normal"]


async def test_when_nobody_is_there_the_customer_is_not_left_alone(desk: TestDesk) -> None:
    await desk.add_business(
        msgspec.structs.replace(BUSINESS, settings={"handoff": {"hours": "never"}})
    )
    hurried = await arrive(desk)
    await hurried.request(urgency="urgent")
    assert [(a.tool, a.status) for a in hurried.talk.actions] == [
        ("repair_request", "done"), ("handoff_to_human", "done"),
    ]  # fmt: skip
    assert hurried.talk.actions[1].data["status"] == "nobody"
    assert await status_of(hurried) == "bot"
    assert len(await ledger.listed(desk.desk.database, "garage", is_open=True)) == 1


async def test_one_tool_tells_of_several_kinds(tmp_path: Path) -> None:
    settings = {"model": {"use": ["scripted"]}}
    tools = BUSINESS.custom_tools
    for kinds, status in ((("tow", "repair"), "done"), (("tow",), "failed")):
        changed = tuple(
            msgspec.structs.replace(tool, bind={"kind": list(kinds)})
            if tool.name == "repair_status"
            else tool
            for tool in tools
        )
        folder = tmp_path / status
        folder.mkdir()
        async with open_desk(folder, models=[ScriptedModel()], settings=settings) as desk:
            await desk.add_business(msgspec.structs.replace(BUSINESS, custom_tools=changed))
            ada = await arrive(desk)
            made = await ada.request()
            assert (await ada.ask())[0] == status
            stranger = await arrive(desk)
            asked = await stranger.ask(reference=made["reference"], name="Ada Lovelace")
            assert asked[0] == status
