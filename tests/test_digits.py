"""Digits where there are no buttons: they press what was asked about last, and nothing else."""

import asyncio
import re
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pigeon import Pigeon, texting
from support import migrated
from till import TILL, Till, till_pack

from frontdesk import status, words
from frontdesk.business import Business
from frontdesk.channels import Inbound
from frontdesk.context import DECLINED
from frontdesk.events import ProposalVoided
from frontdesk.ids import new_id
from frontdesk.model import Situation, ToolCall
from frontdesk.testing import Call, ScriptedModel, TestDesk, open_desk
from frontdesk.testing.desk import Conversation

TAKE, OTHER = Call("take", token="A1"), Call("take", token="B2")
LINE = "Reply 1 to confirm, 2 to change."
SWALLOWED = {
    "stop", "stopall", "unsubscribe", "cancel", "end", "quit", "revoke", "optout", "start", "yes",
    "unstop", "help", "info",
}  # fmt: skip
"""What Twilio takes for itself, help.twilio.com/articles/223134027."""


class Scene:
    def __init__(
        self, desk: TestDesk, model: ScriptedModel, till: Till, talk: Conversation
    ) -> None:
        self.desk, self.model, self.till, self.talk = desk, model, till, talk

    async def say(self, text: str, *steps: Any, confirm: str | None = None) -> str:
        self.model.then(*steps)
        reply = await self.talk.say(text, confirm=confirm)
        assert reply is not None
        assert not self.model.steps
        return reply.content

    async def rows(self) -> dict[str, str]:
        found = await self.desk.desk.database.fetch("SELECT id, body FROM prompt WHERE created = 0")
        return {row["id"]: row["body"].split(" ")[0] for row in found}

    async def voided(self) -> int:
        events = await self.talk.events()
        return sum(isinstance(stored.event, ProposalVoided) for stored in events)


@asynccontextmanager
async def opened(folder: Path, url: str = "") -> AsyncGenerator[Scene]:
    model, till = ScriptedModel(), Till()
    use = {"model": {"use": [model.name]}}
    async with open_desk(
        folder, models=[model], plugins=[till, Pigeon()], pack_folders=[till_pack(folder)],
        settings=use, url=url,
    ) as desk:  # fmt: skip
        await desk.add_business(TILL)
        yield Scene(desk, model, till, await texting(desk, "till"))


@pytest.fixture
async def scene(tmp_path: Path, database_url: str) -> AsyncGenerator[Scene]:
    async with opened(tmp_path, await migrated(database_url)) as found:
        yield found


@pytest.mark.parametrize("text", ["1", "1.", " 1 ", "#1", "1)", "1\n"])
async def test_a_one_presses_the_button(scene: Scene, text: str) -> None:
    asked = await scene.say("A1 please", TAKE, "Shall I?")
    assert asked == f"Shall I?\n\nThe token A1\n\n{LINE}"
    assert await scene.say(text, "It is yours.") == "It is yours.\n\nThe token A1 is yours."
    assert await scene.rows() == {"A1": "taken"}
    assert len(scene.model.requests) == 3, "it was done before the model spoke"


async def test_a_two_withdraws_it_and_the_model_is_told(scene: Scene) -> None:
    await scene.say("A1 please", TAKE, "Shall I?")
    assert await scene.say("2", "What shall I change?") == "What shall I change?"
    assert await scene.rows() == {}
    assert scene.till.withdrawn == ["A1"]
    told = scene.model.requests[-1].messages[-1].blocks
    assert Situation(DECLINED) in told
    # The same history comes again in the next request, byte for byte.
    await scene.say("B2 instead", "All right.")
    assert scene.model.requests[-1].messages[-3].blocks == told
    assert await scene.say("1", "One what?") == "One what?"
    assert scene.till.ran == []


async def test_a_number_that_was_asked_for_is_an_answer(scene: Scene) -> None:
    await scene.say("hello", "How many people?")
    await scene.say("1", "One person. What name?")
    await scene.say("A1 please", TAKE, "Shall I?")
    assert await scene.say("Is there parking?", "Yes. How many cars?") == "Yes. How many cars?"
    assert await scene.say("1", "One car.") == "One car."
    assert await scene.rows() == {"A1": "held"}
    assert scene.till.ran == []


async def test_a_number_that_came_before_the_question_is_no_answer_to_it(scene: Scene) -> None:
    async def meanwhile(_: Any) -> str:
        await scene.desk.desk.receive(
            Inbound(business="till", conversation=scene.talk.id, text="1")
        )
        return "Shall I?"

    scene.model.then(TAKE, meanwhile, "Please answer.")
    await scene.talk.say("A1 please")
    scene.model.then("Thank you.")
    await scene.talk.say("hm")
    assert scene.till.ran == []


async def test_asked_again_it_counts_again(scene: Scene) -> None:
    await scene.say("A1 please", TAKE, "Shall I?")
    assert (await scene.say("hm", TAKE, "Shall I, then?")).endswith(LINE)
    await scene.say("1", "Yours.")
    assert await scene.rows() == {"A1": "taken"}


async def test_a_newer_proposal_takes_the_digit(scene: Scene) -> None:
    await scene.say("A1 please", TAKE, "Shall I?")
    await scene.say("B2 rather", OTHER, "B2 then?")
    await scene.say("1", "Yours.")
    assert await scene.rows() == {"B2": "taken"}


@pytest.mark.parametrize(
    ("texts", "ran"),
    [(["1", "thanks"], True), (["1", "1"], True), (["1", "2"], False), (["2", "1"], False),
     (["1", "no thanks"], False), (["2", "yes please"], False)],
)  # fmt: skip
async def test_what_is_said_with_it_can_only_take_it_back(
    scene: Scene, texts: list[str], ran: bool
) -> None:
    await scene.say("A1 please", TAKE, "Shall I?")
    for text in texts:
        scene.model.then("Right.")
        await scene.desk.desk.receive(
            Inbound(business="till", conversation=scene.talk.id, text=text, settle=0.2)
        )
    scene.model.then("Fine.")
    await scene.talk.say("so")
    assert (scene.till.ran == ["A1"]) is ran
    scene.model.steps.clear()


async def test_words_of_others_take_the_digit_away(scene: Scene) -> None:
    await scene.say("A1 please", TAKE, "Shall I?")
    database = scene.desk.desk.database
    await status.notice(database, "till", scene.talk.id, "We close early today.")
    assert await scene.say("1", "Pardon?") == "Pardon?"
    assert scene.till.ran == []
    await scene.say("A1", TAKE, "Shall I?")
    await status.take_over(database, "till", scene.talk.id, "kim", "Kim")
    await status.say(database, "till", scene.talk.id, "kim", "One or two?")
    await status.hand_back(database, "till", scene.talk.id, "kim")
    assert await scene.say("1", "Pardon?") == "Pardon?"
    assert scene.till.ran == []


async def test_an_offer_of_a_notice_is_carried_out_by_the_digit(scene: Scene) -> None:
    desk = scene.desk.desk
    for answer, ran in (("2", []), ("1", ["A1"])):
        offer = ToolCall(new_id(), "take", {"token": "A1"})
        text = f"A1 is free. {LINE}"
        desk.happened(
            scene.talk.id, await status.notice(desk.database, "till", scene.talk.id, text, offer)
        )
        await scene.say(answer, "Right.")
        assert scene.till.ran == ran
    await scene.say("1", "Again?")
    assert scene.till.ran == ["A1"], "an offer stands once"
    assert any(
        f"The customer was told: A1 is free. {LINE}" in block.text
        for message in scene.model.requests[-1].messages
        for block in message.blocks
        if isinstance(block, Situation)
    )


async def test_an_offer_does_not_outlive_other_words(scene: Scene) -> None:
    desk = scene.desk.desk
    offer = ToolCall(new_id(), "take", {"token": "A1"})
    await status.notice(desk.database, "till", scene.talk.id, f"Free. {LINE}", offer)
    await scene.say("Where are you?", "In London. How many are you?")
    await scene.say("1", "One, then.")
    assert scene.till.ran == []


async def test_the_web_shows_buttons_and_no_digits(tmp_path: Path) -> None:
    async with opened(tmp_path) as scene:
        scene.talk = await scene.desk.conversation("till")
        assert await scene.say("A1 please", TAKE, "Shall I?") == "Shall I?"
        assert await scene.say("1", "One what?") == "One what?"
        assert scene.till.ran == []


async def test_a_model_that_writes_the_line_itself_does_not_double_it(scene: Scene) -> None:
    said = await scene.say("A1 please", TAKE, f"The token A1. {LINE}")
    assert said == f"The token A1. {LINE}"
    await scene.say("1", "Yours.")
    assert scene.till.ran == ["A1"]


@pytest.mark.parametrize("locale", ["en-US", "es-ES", "de-DE", "fr-FR", "it-IT", "pt-BR"])
def test_no_word_of_the_line_is_swallowed_on_the_way_back(locale: str) -> None:
    line = words.choices(Business(id="x", name="x", locale=locale))
    assert words.has_choices(f"Shall I?\n\n{line}\n")
    assert not set(re.findall(r"\w+", line.lower())) & SWALLOWED
    assert {"1", "2"} < set(re.findall(r"\w+", line))


@given(st.text(max_size=6))
def test_only_a_bare_digit_is_one(text: str) -> None:
    found = words.digit(text)
    assert (found is None) or [c for c in text if c.isalnum()] == [str(found)]


async def outcome(scene: Scene, press: str) -> tuple[Any, ...]:
    """What becomes of two proposals, the second of which is answered."""
    scene.till.ran.clear()
    await scene.say("C3", Call("take", token="C3"), "Shall I?")
    await scene.say("D4", Call("take", token="D4"), "Shall I?")
    proposal = str(scene.talk.actions[-1].data["proposalId"])
    await scene.say(press, "Right.", confirm=None if press == "1" else proposal)
    actions = [(a.tool, a.status, a.data) for a in scene.talk.actions]
    ran = list(scene.till.ran)
    await scene.desk.desk.database.fetch("DELETE FROM prompt WHERE created = 0")
    return actions, ran, await scene.voided()


async def test_the_outcome_is_that_of_the_button(scene: Scene) -> None:
    by_digit = await outcome(scene, "1")
    scene.talk = await scene.desk.conversation("till")
    assert await outcome(scene, "Yes") == by_digit
    assert by_digit[1] == ["D4"]


# ---- whatever is said -----------------------------------------------------------------------

STEPS = st.builds(
    lambda first, between: [first, *between, "1"],
    st.sampled_from(["A1", "B2", "both"]),
    st.lists(st.sampled_from(["chat", "notice", "again", "A1", "both", "1", "2"]), max_size=4),
)
CALLS = {"A1": [TAKE], "B2": [OTHER], "both": [TAKE, OTHER]}


async def play(folder: Path, steps: list[str]) -> None:
    async with opened(folder) as scene:
        asked, waiting, taken = list[str](), list[str](), list[str]()
        """The tokens that the last words asked about, all that wait, and what is the customer's."""
        for step in steps:
            calls = CALLS.get(step, [])
            if step == "again":
                calls = [Call("take", token=token) for token in waiting]
            if step == "notice":
                await status.notice(
                    scene.desk.desk.database, "till", scene.talk.id, "Early closing."
                )
                asked = []
                continue
            scene.model.steps.clear()
            scene.model.then(*([[*calls], "Shall I?"] if calls else ["Right."]))
            await scene.talk.say(step if step in "12" else f"I want {step}")
            if step == "1":
                taken += asked
            if step in "12":
                waiting = [token for token in waiting if token not in asked]
            fresh = [call.arguments["token"] for call in CALLS.get(step, [])]
            fresh = [token for token in fresh if token not in taken]
            waiting = fresh or waiting
            asked = fresh if step in CALLS else waiting if step == "again" else []
            assert scene.till.ran == taken, (steps, step)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(STEPS)
def test_digits_never_do_what_was_not_asked_about_last(steps: list[str]) -> None:
    with TemporaryDirectory() as folder:
        asyncio.run(play(Path(folder), steps))
