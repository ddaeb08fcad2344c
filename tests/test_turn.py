"""One turn through the desk: rounds, calls and their outcomes, and what happens meanwhile."""

import asyncio
from pathlib import Path
from typing import Any

import pytest
from support_turn import SHOP, Scene, Shop, Square, results, scene

from frontdesk import Action, ActionCall, hookimpl
from frontdesk.channels import Inbound
from frontdesk.errors import ClientIdReusedError
from frontdesk.events import CallSettled, Replied
from frontdesk.model import ModelReply, Situation, Text, ToolCall
from frontdesk.testing import Call, ScriptedModel, open_desk
from frontdesk.testing.desk import Conversation

__all__ = ["scene"]  # fixtures


async def test_words_only(scene: Scene) -> None:
    scene.model.then("Good day.")
    reply = await scene.talk.say("hello")
    assert reply is not None
    assert (reply.content, reply.outcome) == ("Good day.", "answered")
    user = scene.model.requests[0].messages[0]
    assert isinstance(user.blocks[0], Situation)
    assert "Sunday 22 November 2026, 13:00" in user.blocks[0].text  # Rome
    assert user.blocks[1] == Text("hello")


async def test_rounds_with_parallel_calls(scene: Scene) -> None:
    scene.model.then(["One moment.", Call("square", number=3), Call("write", key="a")], "Nine.")
    reply = await scene.talk.say("square 3")
    assert reply is not None
    assert reply.content == "One moment.\n\nNine."
    assert [(a.tool, a.status, a.data) for a in scene.talk.actions] == [
        ("square", "done", {"square": 9}),
        ("write", "done", {"written": "a"}),
    ]
    assert [r.text for r in results(scene.model)] == ['{"square":9}', '{"written":"a"}']
    assert await scene.written() == ["a"]
    assert [row["round"] for row in await scene.usage()] == [1, 2]


async def test_history_stays_byte_stable(scene: Scene) -> None:
    scene.model.then([Call("square", number=2)], "Four.", "Bye.")
    await scene.talk.say("square 2")
    first = scene.model.requests[-1].messages
    await scene.talk.say("thanks")
    assert scene.model.requests[-1].messages[: len(first)] == first
    assert scene.model.requests[-1].system == scene.model.requests[0].system


async def test_a_refused_call_comes_back_with_all_its_problems(scene: Scene) -> None:
    scene.model.then(Call("square", number="x", y=1), Call("square", number=4), "Sixteen.")
    reply = await scene.talk.say("square four")
    assert reply is not None
    assert reply.content == "Sixteen."
    first, second = results(scene.model)
    assert first.is_error
    assert "/number: must be of type integer" in first.text
    assert "/: unknown: y" in first.text
    assert not second.is_error
    assert [a.status for a in scene.talk.actions] == ["done"]  # refusals are not for customers


async def test_unknown_tools_are_refused_with_the_names_of_the_known(scene: Scene) -> None:
    scene.model.then(Call("drop_tables"), "Sorry.")
    await scene.talk.say("x")
    assert "The tools are: square, write" in results(scene.model)[0].text


async def test_a_hook_can_refuse(scene: Scene) -> None:
    scene.model.then(Call("square", number=7), "Not seven.")
    await scene.talk.say("x")
    assert "seven is not allowed" in results(scene.model)[0].text
    assert scene.shop.ran == []


async def test_action_errors_are_read_and_other_exceptions_hidden(scene: Scene) -> None:
    scene.model.then([Call("square", number=10**7), Call("square", number=13)], "No.")
    await scene.talk.say("x")
    first, second = results(scene.model)
    assert first.text == '{"message":"that is too large","largest":1000000}'
    assert "secret" not in second.text
    assert "on our side" in second.text
    assert [a.status for a in scene.talk.actions] == ["failed", "failed"]


async def test_a_local_action_that_fails_leaves_nothing(scene: Scene) -> None:
    scene.model.then([Call("write", key="a", fail=True), Call("write", key="b")], "Done.")
    await scene.talk.say("x")
    assert await scene.written() == ["b"]
    assert [s.status for s in await scene.settled()] == ["failed", "done"]


async def test_three_refusals_in_a_row_end_in_an_apology(scene: Scene) -> None:
    bad = Call("square", number="x")
    scene.model.then(bad, bad, bad)
    reply = await scene.talk.say("x")
    assert reply is not None
    assert reply.outcome == "apology"
    assert "+39 06 1" in reply.content


async def test_the_last_round_must_answer(scene: Scene) -> None:
    numbers = [Call("square", number=n) for n in range(4)]
    scene.model.then(*numbers, "Enough.")
    reply = await scene.talk.say("x")
    assert reply is not None
    assert reply.content == "Enough."
    assert [r.may_call for r in scene.model.requests] == [True, True, True, True, False]


async def test_a_call_cut_off_is_never_carried_out(scene: Scene) -> None:
    cut = ToolCall("x", "write", {}, problem="cut off by the output limit; nothing was executed")
    scene.model.then(
        ModelReply(model="m", text="", calls=(cut,), stop="max_tokens"),
        Call("write", key="a"),
        "Ok.",
    )
    reply = await scene.talk.say("x")
    assert reply is not None
    assert reply.content == "Ok."
    assert await scene.written() == ["a"]
    first, second, third = (request.max_tokens for request in scene.model.requests)
    assert second == 2 * first == third
    assert "cut off" in results(scene.model)[0].text


async def test_the_same_client_id_never_makes_a_second_message(scene: Scene) -> None:
    scene.model.then("Once.")
    first = await scene.talk.say("x", client_id="c1")
    again = await scene.talk.say("x", client_id="c1")
    assert first == again
    assert len(scene.model.requests) == 1
    with pytest.raises(ClientIdReusedError):
        await scene.talk.say("other words", client_id="c1")


async def test_messages_during_a_turn_join_the_next_one(scene: Scene) -> None:
    scene.model.pause = asyncio.Event()
    scene.model.then("First reply.", "Second reply.")
    first = asyncio.create_task(scene.talk.say("one"))
    while not scene.model.requests:
        await asyncio.sleep(0)
    others = [asyncio.create_task(scene.talk.say(text)) for text in ("two", "three")]
    while (await scene.desk.desk.database.one("SELECT said FROM conversation")) != {"said": 3}:
        await asyncio.sleep(0.001)
    scene.model.pause.set()
    replies = [await first, *[await other for other in others]]
    assert [r.content for r in replies if r] == ["First reply.", "Second reply.", "Second reply."]
    newest = scene.model.requests[1].messages[-1].blocks
    assert [b.text for b in newest if isinstance(b, Text)] == ["two", "three"]


async def test_a_takeover_silences_a_running_turn(scene: Scene) -> None:
    scene.model.pause = asyncio.Event()
    scene.model.then("I would say more.")
    task = asyncio.create_task(scene.talk.say("x"))
    while not scene.model.requests:
        await asyncio.sleep(0)
    await scene.desk.desk.database.fetch(
        "UPDATE conversation SET status = 'human', owner_epoch = owner_epoch + 1"
    )
    scene.model.pause.set()
    assert await task is None
    assert not [e for e in await scene.talk.events() if isinstance(e.event, Replied)]


async def test_a_turn_writes_at_most_two_transactions_and_four_with_a_tool(scene: Scene) -> None:
    database = scene.desk.desk.database
    began = 0
    original = database.engine.transaction

    def counted(*args: Any, **kwargs: Any) -> Any:
        nonlocal began
        began += 1
        return original(*args, **kwargs)

    scene.model.then("Warm.", "Plain.", Call("write", key="k"), "Done.")
    await scene.talk.say("the first turn also stores the prompt")
    database.engine.transaction = counted  # type: ignore[method-assign]
    await scene.talk.say("plain")
    assert began == 2
    began = 0
    await scene.talk.say("tool")
    assert began == 3


async def test_receive_of_an_unknown_conversation(scene: Scene) -> None:
    from frontdesk.errors import UnknownConversationError

    with pytest.raises(UnknownConversationError):
        await scene.desk.desk.receive(Inbound(business="shop", conversation="nope", text="x"))
    with pytest.raises(UnknownConversationError):  # another tenant's
        await scene.desk.desk.receive(
            Inbound(business="other", conversation=scene.talk.id, text="x")
        )


async def test_a_call_that_took_the_process_down_is_given_up(tmp_path: Path) -> None:
    """What recovery finds after the third death within an external action: its intent, no outcome."""
    started = asyncio.Event()

    class Deadly(Shop):
        async def call_out(self, call: ActionCall, params: Square) -> dict[str, Any]:
            started.set()
            await asyncio.sleep(3600)
            return {}

        @hookimpl
        def register_actions(self) -> list[Action]:
            return [
                Action(name="square", description="x", params=Square, run=self.call_out,
                       external=True, timeout=3600)
            ]  # fmt: skip

    shop = Deadly()
    first = ScriptedModel(Call("square", number=2))
    url = f"sqlite:///{tmp_path / 'deadly.db'}"
    settings = {"model": {"use": ["scripted"]}}
    async with open_desk(
        tmp_path, url=url, models=[first], plugins=[shop], settings=settings
    ) as desk:
        await desk.add_business(SHOP)
        talk = await desk.conversation("shop")
        saying = asyncio.create_task(talk.say("x"))
        await started.wait()
        saying.cancel()
    started.clear()
    second = ScriptedModel("Better now.")
    async with open_desk(
        tmp_path, url=url, models=[second], plugins=[shop], settings=settings, recover=False
    ) as desk:
        await desk.desk.database.fetch("UPDATE conversation SET attempt = 3")
        desk.desk.runner.start()
        again = Conversation(desk.desk, "shop", talk.id)
        reply = await again.say("are you there?")
        assert reply is not None
        events = [stored.event for stored in await again.events()]
        settled = [event for event in events if isinstance(event, CallSettled)]
        assert [event.status for event in settled] == ["failed"]
        assert not started.is_set()
        replies = [event.outcome for event in events if isinstance(event, Replied)]
        assert replies == ["apology", "answered"]
