"""Words against deeds: no claim reaches the customer that is neither committed nor taken back."""

from collections.abc import AsyncGenerator
from pathlib import Path
from typing import Any

import msgspec
import pytest
from till import TILL, Till, open_till

from frontdesk import claims
from frontdesk.events import ClaimDoubted, Replied
from frontdesk.model import ModelError, ModelReply, Situation, Usage
from frontdesk.testing import Call, ScriptedModel
from frontdesk.testing.desk import Conversation

LIE = "Great news: your token is booked!"
SORRY = "I was wrong: the token is not booked yet."
CORRECTION = claims.correction("en")
TAKE = Call("take", token="A1")


class Scene:
    def __init__(self, model: ScriptedModel, till: Till, talk: Conversation) -> None:
        self.model, self.till, self.talk = model, till, talk

    async def say(self, text: str, *steps: Any) -> Replied:
        self.model.then(*steps)
        reply = await self.talk.say(text)
        assert reply is not None
        assert not self.model.steps
        return reply

    async def doubts(self) -> list[tuple[str, ...]]:
        events = [stored.event for stored in await self.talk.events()]
        return [event.kinds for event in events if isinstance(event, ClaimDoubted)]


@pytest.fixture
async def scene(tmp_path: Path) -> AsyncGenerator[Scene]:
    model, till = ScriptedModel(), Till()
    async with open_till(tmp_path, model, till) as desk:
        await desk.add_business(TILL)
        yield Scene(model, till, await desk.conversation("till"))


async def test_a_lie_is_taken_back_by_the_model(scene: Scene) -> None:
    reply = await scene.say("A1 please", LIE, SORRY)
    assert reply.content == f"{LIE}\n\n{SORRY}"
    assert reply.outcome == "answered"
    assert await scene.doubts() == [("booked",)]
    note = scene.model.requests[1].messages[-1].blocks[-1]
    assert isinstance(note, Situation)
    assert "No tool has done it" in note.text
    # The next turn's history is legal, and has what the customer read.
    assert (await scene.say("ok", "Shall I book it?")).content == "Shall I book it?"


async def test_a_lie_that_is_insisted_on_is_corrected_by_the_engine(scene: Scene) -> None:
    reply = await scene.say("A1 please", LIE, "It really is booked.")
    assert reply.content == f"{LIE}\n\nIt really is booked.\n\n{CORRECTION}"
    assert reply.outcome == "corrected"


async def test_changing_the_subject_takes_nothing_back(scene: Scene) -> None:
    reply = await scene.say("A1 please", LIE, "Lovely weather today.")
    assert reply.content.endswith(CORRECTION)


async def test_a_lie_may_be_made_true(scene: Scene) -> None:
    await scene.say("A1 please", TAKE, "Shall I?")
    reply = await scene.say("Yes please", LIE, TAKE, "Now it is booked.")
    assert reply.content == f"{LIE}\n\nNow it is booked."
    assert reply.outcome == "answered"


async def test_a_deed_does_not_make_another_lie_true(scene: Scene) -> None:
    await scene.say("A1 please", TAKE, "Shall I?")
    wrong = "Your token is booked, reference XGWZ-QBDY."
    reply = await scene.say("Yes please", wrong, TAKE, "Now it is booked.")
    assert reply.content == f"{wrong}\n\nNow it is booked.\n\n{CORRECTION}"


async def test_a_proposal_makes_nothing_true(scene: Scene) -> None:
    reply = await scene.say("A1 please", TAKE, "It is booked.", "It is yours now.")
    assert reply.outcome == "corrected"
    assert scene.till.ran == []


async def test_what_is_committed_may_be_said_then_and_later(scene: Scene) -> None:
    await scene.say("A1 please", TAKE, "Shall I?")
    assert (await scene.say("Yes please", TAKE, "A1 is booked.")).content == "A1 is booked."
    assert (await scene.say("sure?", "Yes, it is booked.")).content == "Yes, it is booked."
    assert await scene.doubts() == []


async def test_an_earlier_deed_does_not_back_a_new_failure(scene: Scene) -> None:
    await scene.say("A1 please", TAKE, "Shall I?")
    await scene.say("Yes please", TAKE, "A1 is booked.")
    other = Call("take", token="B2")
    reply = await scene.say("B2 too", other, "That is booked as well.", "B2 is not booked yet.")
    assert reply.outcome == "answered"
    assert await scene.doubts() == [("booked",)]


async def test_a_refusal_may_be_repeated_word_for_word(scene: Scene) -> None:
    """ "Your token was moved as often as is possible" is no claim when an action said it."""
    says = f"{Till.USED_UP} Shall I fetch someone?"
    reply = await scene.say("A1 please", Call("take", token="used up"), says)
    assert (reply.outcome, await scene.doubts()) == ("answered", [])
    assert (await scene.say("and now?", says, says)).outcome == "corrected"


@pytest.mark.parametrize(
    "then",
    [
        ModelError("server", "down", retryable=False),
        ModelReply(model="scripted", text="", stop="refusal", usage=Usage()),
    ],
    ids=["error", "refusal"],
)
async def test_a_lie_is_corrected_however_the_turn_ends(scene: Scene, then: Any) -> None:
    reply = await scene.say("A1 please", LIE, then)
    assert reply.content.startswith(LIE)
    assert reply.content.endswith(CORRECTION)
    assert reply.outcome == "corrected"


async def test_a_lie_beside_a_call_is_seen_too(scene: Scene) -> None:
    reply = await scene.say("A1 please", [LIE, TAKE], "Shall I book it?", "It is not booked yet.")
    assert reply.content == f"{LIE}\n\nShall I book it?\n\nIt is not booked yet."


async def test_words_that_claim_nothing_cost_nothing(scene: Scene) -> None:
    for text in ("Shall I book it?", "It is not booked yet.", "Once it is booked, you get a card."):
        assert (await scene.say("hm", text)).content == text
    assert len(scene.model.requests) == 3


async def test_text_channels_get_the_confirmation_in_words(tmp_path: Path) -> None:
    class Texts:
        name, markdown, cards, outbox = "web", False, False, ""

    model, till = ScriptedModel(), Till()
    async with open_till(tmp_path, model, till) as desk:
        await desk.add_business(msgspec.structs.replace(TILL, locale="en-US"))
        desk.desk.plugins.channels["web"] = Texts()
        scene = Scene(model, till, await desk.conversation("till"))
        await scene.say("A1 please", TAKE, "Shall I?")
        reply = await scene.say("Yes please", TAKE, "There you go.")
        assert reply.content == "There you go.\n\nThe token A1 is yours."
