"""The confirmation gate: nothing that needs a yes is done without one."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from support import migrated
from till import TILL, Till, open_till

from frontdesk.events import CallSettled, ProposalVoided
from frontdesk.model import ModelReply, ToolCall, Usage
from frontdesk.testing import Call, ScriptedModel
from frontdesk.testing.desk import Conversation, TestDesk

TAKE = Call("take", token="A1")


class Scene:
    def __init__(
        self, desk: TestDesk, model: ScriptedModel, till: Till, talk: Conversation
    ) -> None:
        self.desk, self.model, self.till, self.talk = desk, model, till, talk

    async def say(self, text: str, *steps: Any, confirm: str | None = None) -> str:
        """The statuses of what the customer was shown, and the reply's words."""
        self.model.then(*steps)
        reply = await self.talk.say(text, confirm=confirm)
        assert reply is not None
        assert not self.model.steps
        return " ".join([*(action.status for action in self.talk.actions), reply.content])

    @property
    def proposal(self) -> str:
        return str(self.talk.actions[-1].data["proposalId"])

    async def rows(self) -> dict[str, str]:
        found = await self.desk.desk.database.fetch("SELECT id, body FROM prompt WHERE created = 0")
        return {row["id"]: row["body"].split(" ")[0] for row in found}

    async def problems(self) -> list[str]:
        """What the model was told of refused calls, in order."""
        return [
            stored.event.problems[0]
            for stored in await self.talk.events()
            if isinstance(stored.event, CallSettled) and stored.event.problems
        ]


@asynccontextmanager
async def opened(folder: Path, **more: Any) -> AsyncGenerator[Scene]:
    model, till = ScriptedModel(), Till()
    async with open_till(folder, model, till, **more) as desk:
        await desk.add_business(TILL)
        yield Scene(desk, model, till, await desk.conversation("till"))


@pytest.fixture
async def scene(tmp_path: Path, database_url: str) -> AsyncGenerator[Scene]:
    async with opened(tmp_path, url=await migrated(database_url)) as found:
        yield found


async def test_a_yes_in_words_carries_it_out(scene: Scene) -> None:
    assert await scene.say("A1 please", TAKE, "Shall I?") == "needs_confirmation Shall I?"
    shown = scene.talk.actions[0]
    assert shown.data == {
        "message": "The token A1",
        "status": "needs_confirmation",
        "proposalId": shown.call_id,
    }
    assert await scene.rows() == {"A1": "held"}
    assert scene.till.ran == []
    assert await scene.say("Yes please", TAKE, "It is yours.") == "done It is yours."
    assert await scene.rows() == {"A1": "taken"}


async def test_the_button_carries_it_out_before_the_model_speaks(scene: Scene) -> None:
    await scene.say("A1 please", TAKE, "Shall I?")
    said = await scene.say("Yes", "It is yours.", confirm=scene.proposal)
    assert said == "done It is yours."
    assert await scene.rows() == {"A1": "taken"}
    assert len(scene.model.requests) == 3


async def test_a_button_that_means_nothing_any_more_does_nothing(scene: Scene) -> None:
    await scene.say("A1 please", TAKE, "Shall I?")
    proposal = scene.proposal
    await scene.say("Yes", "It is yours.", confirm=proposal)
    assert await scene.say("Yes", "It was yours already.", confirm=proposal) == (
        "It was yours already."
    )
    assert await scene.say("Yes", "What?", confirm="made-up") == "What?"
    assert scene.till.ran == ["A1"]


async def test_a_no_voids_it_and_frees_what_was_held(scene: Scene) -> None:
    await scene.say("A1 please", TAKE, "Shall I?")
    proposal = scene.proposal
    assert await scene.say("No thanks", "All right.") == "All right."
    assert await scene.rows() == {}
    assert scene.till.withdrawn == ["A1"]
    voided = [e.event for e in await scene.talk.events() if isinstance(e.event, ProposalVoided)]
    assert voided == [ProposalVoided(proposal)]
    assert await scene.say("Yes", "Nothing to do.", confirm=proposal) == "Nothing to do."
    assert await scene.say("yes", TAKE, "Shall I?") == "needs_confirmation Shall I?"
    assert scene.till.ran == []


@pytest.mark.parametrize("answer", ["What does it cost?", "wait, let me think", "hm"])
async def test_in_doubt_it_is_asked_again(scene: Scene, answer: str) -> None:
    await scene.say("A1 please", TAKE, "Shall I?")
    assert await scene.say(answer, TAKE, "Shall I, then?") == "Shall I, then?"
    assert "not a clear yes" in (await scene.problems())[0]
    assert await scene.say("Yes please", TAKE, "Yours.") == "done Yours."


async def test_no_yes_covers_other_arguments(scene: Scene) -> None:
    await scene.say("A1 please", TAKE, "Shall I?")
    other = Call("take", token="B2")
    assert await scene.say("Yes please", other, "B2?") == "needs_confirmation B2?"
    assert await scene.rows() == {"B2": "held"}
    # A1 was replaced: its button does nothing, and its yes is no longer valid.
    assert await scene.say("Yes please", TAKE, "A1?") == "needs_confirmation A1?"
    assert scene.till.ran == []


async def test_a_model_that_does_not_wait_is_refused(scene: Scene) -> None:
    said = await scene.say("A1 please, yes, go ahead", TAKE, TAKE, "Shall I?")
    assert said == "needs_confirmation Shall I?"
    assert "has not answered" in (await scene.problems())[0]
    assert scene.till.ran == []


async def test_a_model_that_stutters_does_it_once(scene: Scene) -> None:
    await scene.say("A1 please", TAKE, "Shall I?")
    two = ModelReply(
        model="scripted",
        text="",
        calls=(ToolCall("1", "take", {"token": "A1"}), ToolCall("2", "take", {"token": "A1 "})),
        stop="tool_use",
        usage=Usage(),
    )
    assert await scene.say("Yes please", two, TAKE, "Yours.") == "done Yours."
    assert scene.till.ran == ["A1"]
    assert all("done in this turn already" in problem for problem in await scene.problems())


async def test_two_proposals_of_one_turn_are_answered_together(scene: Scene) -> None:
    both = [TAKE, Call("take", token="B2")]
    assert (await scene.say("both", both, "Shall I?")).startswith("needs_confirmation needs_")
    assert await scene.say("Yes please", both, "Yours.") == "done done Yours."
    assert await scene.rows() == {"A1": "taken", "B2": "taken"}


async def test_an_action_that_refuses_to_propose_asks_nothing(scene: Scene) -> None:
    await scene.say("A1 please", TAKE, "Shall I?")
    other = await scene.desk.conversation("till")
    scene.model.then(TAKE, "Gone.")
    await other.say("A1 please")
    assert [(a.status, a.data["message"]) for a in other.actions] == [
        ("failed", "That token is gone.")
    ]


async def test_without_a_proposal_of_its_own_the_arguments_are_read_back(scene: Scene) -> None:
    tell = Call("tell", token="A1", note="soon")
    await scene.say("tell it", tell, "Shall I?")
    assert scene.talk.actions[0].data["message"] == "Token: A1, Note: soon"
    assert await scene.say("Yes please", tell, "Told.") == "done Told."


async def test_another_customers_yes_is_worth_nothing(scene: Scene) -> None:
    await scene.say("A1 please", TAKE, "Shall I?")
    other = await scene.desk.conversation("till")
    scene.model.then("What?")
    await other.say("Yes", confirm=scene.proposal)
    assert scene.till.ran == []
