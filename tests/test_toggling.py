"""Plugins switched off and on, on the desk."""

import asyncio
from pathlib import Path
from types import SimpleNamespace

import msgspec
from support_toggling import OFF, Doubler, send_pigeon, tools_of

from frontdesk import Business, hookimpl
from frontdesk.testing import Call, ScriptedModel, open_desk


async def test_an_action_is_gone_with_the_next_turn_and_comes_back(tmp_path: Path) -> None:
    model, plugin = ScriptedModel(), Doubler()
    settings = {"plugins": {"expose": ["double"]}}
    async with open_desk(tmp_path, models=[model], plugins=[plugin], settings=settings) as desk:
        await desk.add_business(Business(id="b", name="B"))
        talk = await desk.conversation("b")
        for off, outcome in ((frozenset[str](), "done"), (OFF, ""), (frozenset[str](), "done")):
            desk.desk.switch_plugins(off)
            before = plugin.events
            model.then(Call("double", number=4), "Well.")
            await talk.say("what is twice four?")
            assert [a.status for a in talk.actions] == ([outcome] if outcome else [])
            assert ("double" in tools_of(model)) == (not off)
            said = str(model.requests[-2].messages[-1].blocks)
            assert ("at your service" in said) == (not off)
            assert (plugin.events > before) == (not off)
            assert ("test-0" in desk.desk.plugins.enabled()) == (not off)
            assert ("pigeon" in desk.desk.plugins.channels) == (not off)


async def test_what_was_proposed_waits_for_its_plugin(tmp_path: Path) -> None:
    confirmed = {"name": "twice", "description": "Doubles.", "action": "double", "confirm": True}
    schema = {
        "type": "object", "additionalProperties": False, "required": ["number"],
        "properties": {"number": {"type": "integer"}},
    }  # fmt: skip
    business = msgspec.convert(
        {"id": "b", "name": "B", "custom_tools": [confirmed | {"input_schema": schema}]}, Business
    )
    model = ScriptedModel()
    async with open_desk(tmp_path, models=[model], plugins=[Doubler()]) as desk:
        await desk.add_business(business)
        talk = await desk.conversation("b")
        model.then(Call("twice", number=4), "Shall I?")
        await talk.say("double four")
        proposal = talk.actions[0].call_id
        desk.desk.switch_plugins(OFF)
        model.then("That is not possible at the moment.")
        reply = await talk.say("Yes", confirm=proposal)
        assert reply
        assert talk.actions == []
        desk.desk.switch_plugins(())
        model.then("Eight.")
        await talk.say("Yes", confirm=proposal)
        assert [a.status for a in talk.actions] == ["done"]


async def test_jobs_and_deliveries_rest(tmp_path: Path) -> None:
    plugin = Doubler()
    async with open_desk(tmp_path, plugins=[plugin]) as desk:
        await asyncio.wait_for(plugin.ran.wait(), 5)
        desk.desk.switch_plugins(OFF)
        await send_pigeon(desk.desk)
        plugin.ran.clear()
        job = next(job for job in desk.desk.jobs if job.name == "double")
        courier = next(job for job in desk.desk.jobs if job.name == "outbox")
        await job.run()
        await courier.run()
        assert not plugin.ran.is_set()
        assert plugin.delivered == []
        desk.desk.switch_plugins(())
        await job.run()
        await courier.run()
        assert plugin.ran.is_set()
        async with asyncio.timeout(10):  # the job of the desk may be the one that delivers it
            while not plugin.delivered:
                await asyncio.sleep(0.01)
        assert len(plugin.delivered) == 1


async def test_a_model_that_is_off_is_passed_over_and_closed_in_the_end(tmp_path: Path) -> None:
    closed: list[str] = []

    class Other(ScriptedModel):
        async def close(self) -> None:
            closed.append(self.name)

    other = Other()
    other.name = "other"
    bringer = SimpleNamespace(register_models=hookimpl(lambda: [other]))
    settings = {"model": {"use": ["other", "offline"]}}
    async with open_desk(tmp_path, plugins=[bringer], settings=settings) as desk:
        business = Business(id="b", name="B")
        await desk.add_business(business)
        desk.desk.switch_plugins(OFF)
        assert [m.name for m in await desk.desk.models_for(business)] == ["offline"]
        assert await (await desk.conversation("b")).say("hello")
    assert closed == ["other"]


async def test_one_business_does_without(tmp_path: Path) -> None:
    model = ScriptedModel()
    settings = {"plugins": {"expose": ["double"]}}
    async with open_desk(tmp_path, models=[model], plugins=[Doubler()], settings=settings) as desk:
        for name, disabled in (("with", []), ("without", ["test-0"])):
            tree = {"id": name, "name": name, "plugins": {"disabled": disabled}}
            await desk.add_business(msgspec.convert(tree, Business))
            talk = await desk.conversation(name)
            model.then("Hello.")
            await talk.say("hello")
            assert ("double" in tools_of(model)) == (not disabled)
            assert ("at your service" in str(model.requests[-1])) == (not disabled)
