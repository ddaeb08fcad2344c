"""Every way in which a model can fail, and what the customer reads then."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from support_turn import SHOP, Scene, broken, scene

from frontdesk.model import ModelReply, Text, ToolCall, Usage
from frontdesk.testing import ScriptedModel, open_desk

__all__ = ["scene"]  # fixtures


def breaks_after(words: str) -> Any:
    """A model that says words and then breaks off."""

    class Breaking(ScriptedModel):
        async def stream(self, request: Any) -> AsyncIterator[Any]:
            if not self.steps:
                async for part in super().stream(request):
                    yield part
            step = self.steps.pop(0)
            if step == "CUT":
                from frontdesk.model import TextDelta

                self.requests.append(request)
                yield TextDelta(words)
                raise broken("cut", usage=Usage(input=5, output=2, estimated=True))
            self.steps.insert(0, step)
            async for part in super().stream(request):
                yield part

    return Breaking


async def test_a_failure_before_the_first_word_is_retried(scene: Scene) -> None:
    scene.model.then(broken(), "Here I am.")
    reply = await scene.talk.say("x")
    assert reply is not None
    assert reply.content == "Here I am."
    usage = await scene.usage()
    assert [row["error"].split(":")[0] for row in usage] == ["overloaded", ""]


async def test_a_long_retry_after_is_not_waited_for(tmp_path: Path) -> None:
    first, second = (
        ScriptedModel(broken("rate_limit", retry_after=3600)),
        ScriptedModel("Second.", name="second"),
    )
    async with open_desk(tmp_path, models=[first, second]) as desk:
        await desk.add_business(SHOP)
        reply = await (await desk.conversation("shop")).say("x")
        assert reply is not None
        assert reply.content == "Second."


async def test_no_model_at_all_ends_in_an_apology(scene: Scene) -> None:
    scene.model.then(broken(retryable=False))
    reply = await scene.talk.say("x")
    assert reply is not None
    assert reply.outcome == "apology"
    scene.model.then("Back again.")
    after = await scene.talk.say("y")
    assert after is not None
    assert after.content == "Back again."


@pytest.mark.parametrize("again", [False, True])
async def test_a_reply_that_breaks_off_is_continued_once(tmp_path: Path, again: bool) -> None:
    model = breaks_after("We are open ")("CUT", *(["CUT"] if again else ["until ten."]), "Bye.")
    async with open_desk(
        tmp_path, models=[model], settings={"model": {"use": ["scripted"]}}
    ) as desk:
        await desk.add_business(SHOP)
        talk = await desk.conversation("shop")
        reply = await talk.say("x")
        assert reply is not None
        said = [b.text for b in model.requests[1].messages[-2].blocks if isinstance(b, Text)]
        assert said == ["We are open"]
        if again:
            assert reply.content.startswith("We are open We are open \n\nI'm sorry")
            assert reply.outcome == "apology"
        else:
            assert reply.content == "We are open until ten."
        assert (await talk.say("y")) is not None  # and the history is legal afterwards


async def test_an_empty_reply_is_asked_for_again(scene: Scene) -> None:
    scene.model.then(ModelReply(model="m", text=""), "Sorry, here it is.")
    reply = await scene.talk.say("x")
    assert reply is not None
    assert reply.content == "Sorry, here it is."


async def test_a_refusal_shows_a_fixed_text_and_runs_nothing(scene: Scene) -> None:
    call = ToolCall("x", "write", {"key": "a"})
    scene.model.then(ModelReply(model="m", text="", calls=(call,), stop="refusal"), "Next.")
    reply = await scene.talk.say("x")
    assert reply is not None
    assert reply.outcome == "refusal"
    assert await scene.written() == []
    assert (await scene.talk.say("y")) is not None
