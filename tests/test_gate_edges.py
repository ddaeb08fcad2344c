"""The gate where messages cross, people step in, and actions misbehave."""

import asyncio
from collections.abc import AsyncGenerator
from pathlib import Path
from typing import Any

import msgspec
import pytest
from test_gate import TAKE, Scene, opened
from till import TILL, Take, Till, open_till

from frontdesk import ActionCall, status
from frontdesk.channels import Inbound
from frontdesk.context import history
from frontdesk.events import CallSettled, Replied
from frontdesk.live import Position
from frontdesk.reads import load
from frontdesk.testing import Call, ScriptedModel
from frontdesk.testing.scripted import check_history
from frontdesk.watch import Done, follow


@pytest.fixture
async def scene(tmp_path: Path) -> AsyncGenerator[Scene]:
    async with opened(tmp_path) as found:
        yield found


async def both(scene: Scene, *messages: tuple[str, str | None], then: str = "") -> Replied:
    """Messages that one turn answers: they arrive while the one before is at work."""
    scene.model.pause, asked = asyncio.Event(), len(scene.model.requests)
    scene.model.then("One moment, please.", *([then] if then else []))
    first = asyncio.create_task(scene.talk.say("Hold on"))
    async with asyncio.timeout(5):
        while len(scene.model.requests) == asked:
            await asyncio.sleep(0)
    desk = scene.desk.desk
    receipts = [
        await desk.receive(
            Inbound(business="till", conversation=scene.talk.id, text=text, confirm=confirm)
        )
        for text, confirm in messages
    ]
    scene.model.pause.set()
    await first
    async for part in follow(desk, scene.talk.id, receipts[-1].seq, Position()):
        if isinstance(part, Done):
            assert part.reply is not None
            return part.reply
    raise AssertionError("no reply")


async def statuses(scene: Scene) -> list[str]:
    events = [stored.event for stored in await scene.talk.events()]
    return [event.status for event in events if isinstance(event, CallSettled)]


async def legal(scene: Scene) -> bool:
    desk = scene.desk.desk
    loaded = await load(desk.database, scene.talk.id, "", desk.business)
    return check_history([*history(loaded), *history(loaded)[:1]]) == []


async def test_a_press_and_a_refusal_in_one_turn_do_nothing(scene: Scene) -> None:
    await scene.say("A1 please", TAKE, "Shall I?")
    proposal = scene.proposal
    await both(scene, ("Yes", proposal), ("No, stop", None), then="So, shall I or not?")
    assert scene.till.ran == []


async def test_a_press_beside_a_card_number_leaves_no_open_call(scene: Scene) -> None:
    await scene.say("A1 please", TAKE, "Shall I?")
    proposal = scene.proposal
    reply = await both(scene, ("Yes", proposal), ("my card is 4111 1111 1111 1111", None))
    assert reply.trigger == "card_number"
    assert await legal(scene)
    assert await scene.say("Yes", "Yours.", confirm=proposal) == "done Yours."


async def test_two_buttons_of_one_turn_are_both_carried_out(scene: Scene) -> None:
    two = [TAKE, Call("take", token="B2")]
    await scene.say("both", two, "Shall I?")
    buttons = [str(action.data["proposalId"]) for action in scene.talk.actions]
    await both(scene, *(("Yes", button) for button in buttons), then="There you go.")
    assert scene.till.ran == ["A1", "B2"]


async def test_a_yes_before_it_was_asked_is_none(scene: Scene) -> None:
    scene.model.pause = asyncio.Event()
    scene.model.then(TAKE, "Shall I take A1?", TAKE, "Shall I, then?")
    first = asyncio.create_task(scene.talk.say("A1 please"))
    async with asyncio.timeout(5):
        while "needs_confirmation" not in await statuses(scene):
            await asyncio.sleep(0.005)
    receipt = await scene.desk.desk.receive(
        Inbound(business="till", conversation=scene.talk.id, text="ok thanks")
    )
    scene.model.pause.set()
    await first
    async for part in follow(scene.desk.desk, scene.talk.id, receipt.seq, Position()):
        if isinstance(part, Done):
            break
    assert scene.till.ran == []
    assert await scene.say("Yes please", TAKE, "Yours.") == "done Yours."


async def test_a_yes_to_a_person_is_no_yes_to_the_assistant(scene: Scene) -> None:
    await scene.say("A1 please", TAKE, "Shall I?")
    desk, at = scene.desk.desk, (scene.desk.desk.database, "till", scene.talk.id)
    desk.happened(scene.talk.id, await status.take_over(*at, "ana", "Ana"))
    said = "I gave you B2 instead. Shall I hand you back?"
    desk.happened(scene.talk.id, await status.say(*at, "ana", said))
    assert await scene.talk.say("yes please") is None
    desk.happened(scene.talk.id, await status.hand_back(*at, "ana"))
    scene.model.then(TAKE, "Anything else?")
    reply = await scene.talk.say("thanks")
    assert reply is not None
    assert scene.till.ran == []


@pytest.mark.parametrize("fault", ["raises", "hangs"])
async def test_what_cannot_be_withdrawn_stops_nothing(
    tmp_path: Path, fault: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("frontdesk.calls.LOCAL_SECONDS", 0.05)

    class Broken(Till):
        async def withdraw(self, call: ActionCall, params: Take) -> dict[str, Any]:
            if fault == "raises":
                raise KeyError("lost")
            await asyncio.sleep(60)
            return {}

    model = ScriptedModel()
    async with open_till(tmp_path, model, Broken()) as desk:
        await desk.add_business(TILL)
        talk = await desk.conversation("till")
        model.then(TAKE, "Shall I?", "All right.")
        await talk.say("A1 please")
        reply = await talk.say("No thanks")
        assert reply is not None
        assert reply.content == "All right."


async def test_an_answer_that_cannot_be_read_is_no_refusal(tmp_path: Path) -> None:
    class Garbled(Till):
        async def send(self, call: ActionCall, params: Take) -> dict[str, Any]:
            self.sent.append(call.id)
            msgspec.json.decode(b'{"token": 3}', type=Take)  # what the other system answered
            return {}

    model, till = ScriptedModel(), Garbled()
    async with open_till(tmp_path, model, till) as desk:
        await desk.add_business(TILL)
        talk = await desk.conversation("till")
        model.then(Call("send", token="A1"), "I do not know whether it worked.")
        await talk.say("send A1")
        (action,) = talk.actions
        assert action.status == "failed"
        assert "not known" in action.data["message"]


async def test_a_stream_ends_when_staff_settle_what_it_waits_for(scene: Scene) -> None:
    scene.model.pause = asyncio.Event()
    scene.model.then("I am about to say")
    desk, at = scene.desk.desk, (scene.desk.desk.database, "till", scene.talk.id)
    waiting = asyncio.create_task(scene.talk.say("hello"))
    async with asyncio.timeout(5):
        while not scene.model.requests:
            await asyncio.sleep(0)
    desk.happened(scene.talk.id, await status.resolve(*at, "ana"))
    async with asyncio.timeout(5):
        assert await waiting is None
