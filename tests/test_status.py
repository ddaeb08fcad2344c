"""Whose conversation it is: every change of hands against a turn that runs, and in any order."""

import asyncio
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from support_hands import B, Desk, business, changed, desk_on, finish
from test_storage import CORE, opened

from frontdesk import leases, status, store
from frontdesk.conversation import Conversation
from frontdesk.database import Database
from frontdesk.errors import StatusError, TurnLostError
from frontdesk.events import CallSettled, CallStarted, CustomerSaid, ModelSaid, StatusChanged
from frontdesk.ids import new_id
from frontdesk.model import ModelRequest, ToolCall
from frontdesk.reads import read_events
from frontdesk.testing import ScriptedModel, open_desk

# ---- races -----------------------------------------------------------------------------------


async def test_of_many_who_accept_one_wins(database_url: str) -> None:
    async with desk_on(database_url) as desk:
        await status.queue(*desk.at)
        agents = [f"agent {n}" for n in range(8)]
        results = await asyncio.gather(
            *(status.accept(*desk.at, agent, agent.title()) for agent in agents),
            return_exceptions=True,
        )
        won = [a for a, result in zip(agents, results, strict=True) if isinstance(result, list)]
        lost = [result for result in results if isinstance(result, StatusError)]
        assert (len(won), len(lost)) == (1, 7)
        assert {error.agent_name for error in lost} == {won[0].title()}
        assert (await desk.row())["agent"] == won[0]
        assert [hand[0] for hand in await desk.hands()] == ["queued", "human"]


async def test_the_timer_and_an_agent_at_once(database_url: str) -> None:
    """Nobody came, says the timer, while somebody comes: never both."""
    async with opened(database_url, CORE, pool=6) as database:
        for _ in range(10):
            desk = await Desk.open(database)
            await status.queue(*desk.at)
            accepted, back = await asyncio.gather(
                status.accept(*desk.at, "ana"), status.hand_back(*desk.at, epoch=1),
                return_exceptions=True,
            )  # fmt: skip
            ended = (await desk.row())["status"]
            if ended == "human":
                assert (back, isinstance(accepted, list)) == ([], True)
            else:
                assert (ended, isinstance(accepted, StatusError)) == ("bot", True)


@pytest.mark.parametrize("how", ["take_over", "queue", "resolve"])
async def test_a_running_turn_is_silenced(database_url: str, how: str) -> None:
    async with desk_on(database_url) as desk:
        await desk.write()
        turn = await desk.begin()
        assert turn is not None
        agent = ("ana",) if how == "take_over" else ()
        await getattr(status, how)(*desk.at, *agent)
        before = await desk.row()
        with pytest.raises(TurnLostError):
            await store.commit(desk.database, turn)
        with pytest.raises(TurnLostError):
            await finish(desk.database, turn)
        with pytest.raises(TurnLostError):
            async with store.writing(desk.database, turn, more=1):
                raise AssertionError("an action would run")
        assert not await leases.renew(desk.database, desk.id, turn.lease)
        assert await desk.row() == before
        assert (before["turn"], before["lease_owner"]) == ("", "")


async def test_calls_of_a_silenced_turn_get_their_outcome(database_url: str) -> None:
    """Or no model would read the history any more."""
    async with desk_on(database_url) as desk:
        await desk.write()
        turn = await desk.begin()
        assert turn is not None
        calls = [ToolCall(new_id(), name, {}) for name in ("done", "left", "waits")]
        turn.add(ModelSaid(calls=tuple(calls)))
        turn.add(CallSettled(calls[0].id, "done", "done"))
        turn.add(CallStarted(calls[1].id))
        await store.commit(desk.database, turn)
        stored = await status.take_over(*desk.at, "ana")
        left, waits, change = stored
        assert [item.seq for item in stored] == list(range(left.seq, left.seq + 3))
        assert (left.turn, waits.turn, change.turn) == (turn.turn, turn.turn, "")
        assert isinstance(left.event, CallSettled)
        assert isinstance(waits.event, CallSettled)
        assert (left.event.status, waits.event.status) == ("failed", "refused")
        assert "not known" in left.event.data["message"]
        assert "changed hands" in waits.event.problems[0]
        await status.hand_back(*desk.at, "ana")
        again = await desk.begin()
        assert again is not None
        assert again.turn != turn.turn  # a new turn, not the old one taken up
        assert again.open_calls() == []


async def test_no_word_of_the_assistant_after_a_person_came(tmp_path: Path) -> None:
    speaks, model = asyncio.Event(), ScriptedModel()
    model.pause = asyncio.Event()

    def step(_: ModelRequest) -> str:
        speaks.set()
        return "Let me tell you."

    model.then(step, "Unheard.")
    async with open_desk(tmp_path, models=[model], recover=False) as desk:
        await desk.add_business(await business(B))
        talk = await desk.conversation(B)
        answer = asyncio.create_task(talk.say("hello"))
        await speaks.wait()
        stored = await status.take_over(desk.desk.database, B, talk.id, "ana", "Ana")
        desk.desk.happened(talk.id, stored)
        model.pause.set()
        async with asyncio.timeout(20):
            assert await answer is None
        kinds = [item.event.__class__ for item in await talk.events()]
        assert kinds == [CustomerSaid, StatusChanged]


# ---- any order -------------------------------------------------------------------------------


AGENTS = st.sampled_from(["ana", "ben"])


class Hands(RuleBasedStateMachine):
    """A conversation against a small model of it."""

    database: Database
    runner: asyncio.Runner
    desk: Desk

    def run(self, work: Any) -> Any:
        return self.runner.run(work)

    @initialize()
    def opens(self) -> None:
        self.desk = self.run(Desk.open(self.database))
        self.status, self.owner, self.epoch = "bot", "", 0
        self.waiting = 0
        """How many messages nobody answered."""
        self.turn: Conversation | None = None
        self.turn_epoch = 0

    def changes(self, work: Any, allowed: bool, to: str, owner: str = "") -> None:
        """`work` moves the conversation if it is allowed, and else changes nothing."""
        is_so = (self.status, self.owner) == (to, owner)
        try:
            stored = self.run(work)
        except StatusError:
            assert not allowed
            return
        if not stored:
            assert is_so or not allowed
            return
        assert allowed
        assert changed(stored).status == to
        self.status, self.owner, self.epoch = to, owner, self.epoch + 1
        if to == "resolved":
            self.waiting = 0

    @rule()
    def customer_writes(self) -> None:
        if self.status == "resolved":
            self.status, self.epoch = "bot", self.epoch + 1
        elif self.status == "snoozed":
            self.status, self.epoch = "human" if self.owner else "queued", self.epoch + 1
        receipt = self.run(self.desk.write())
        assert not receipt.lease or self.status == "bot"
        self.waiting += 1

    @rule()
    def woken_by_nobody(self) -> None:
        if self.status not in ("resolved", "snoozed"):
            assert self.run(status.reopen(*self.desk.at)) == []

    @precondition(lambda self: self.status == "bot" and self.waiting)
    @rule()
    def turn_begins(self) -> None:
        self.turn, self.turn_epoch = self.run(self.desk.begin()), self.epoch
        assert self.turn is not None

    @precondition(lambda self: self.turn)
    @rule()
    def turn_ends(self) -> None:
        turn, self.turn = self.turn, None
        assert turn is not None
        started = turn.started()
        assert started is not None
        try:
            self.run(finish(self.database, turn))
        except TurnLostError:
            assert self.epoch != self.turn_epoch
            return
        assert self.epoch == self.turn_epoch
        self.waiting -= len(turn.asked())

    @rule()
    def queue(self) -> None:
        self.changes(status.queue(*self.desk.at), self.status == "bot", "queued")

    @rule(agent=AGENTS)
    def accept(self, agent: str) -> None:
        self.changes(status.accept(*self.desk.at, agent), self.status == "queued", "human", agent)

    @rule(agent=AGENTS)
    def take_over(self, agent: str) -> None:
        allowed = self.status in ("bot", "resolved", "snoozed") and self.owner in ("", agent)
        self.changes(status.take_over(*self.desk.at, agent), allowed, "human", agent)

    @rule(agent=AGENTS)
    def hand_back(self, agent: str) -> None:
        allowed = self.status == "queued" or (self.status, self.owner) == ("human", agent)
        self.changes(status.hand_back(*self.desk.at, agent), allowed, "bot")

    @rule()
    def nobody_came(self) -> None:
        work = status.hand_back(*self.desk.at, epoch=self.epoch)
        self.changes(work, self.status == "queued", "bot")

    @rule()
    def an_old_timer(self) -> None:
        assert self.run(status.hand_back(*self.desk.at, epoch=self.epoch - 1)) == []

    @rule(agent=AGENTS)
    def snooze(self, agent: str) -> None:
        allowed = self.status == "queued" or (self.status, self.owner) == ("human", agent)
        self.changes(status.snooze(*self.desk.at, agent), allowed, "snoozed", self.owner)

    @rule(agent=AGENTS)
    def resolve(self, agent: str) -> None:
        allowed = self.status != "resolved" and self.owner in ("", agent)
        self.changes(status.resolve(*self.desk.at, agent), allowed, "resolved")

    @rule(agent=AGENTS)
    def say(self, agent: str) -> None:
        try:
            self.run(status.say(*self.desk.at, agent, "Yes?"))
        except StatusError:
            assert (self.status, self.owner) != ("human", agent)
            return
        assert (self.status, self.owner) == ("human", agent)
        self.waiting = 0

    @invariant()
    def it_is_as_it_should_be(self) -> None:
        row = self.run(self.desk.row())
        assert (row["status"], row["agent"], row["owner_epoch"]) == (
            self.status, self.owner, self.epoch,
        )  # fmt: skip
        stored = self.run(read_events(self.database, self.desk.id, 0))
        assert [item.seq for item in stored] == list(range(1, row["last_seq"] + 1))
        assert len(self.run(self.desk.hands())) == self.epoch
        seqs = [item.seq for item in stored if isinstance(item.event, CustomerSaid)]
        assert sum(seq > row["answered"] for seq in seqs) == self.waiting
        if self.status != "bot":
            assert row["lease_until"] == 0


def test_in_any_order_the_machine_holds(database_url: str) -> None:
    with asyncio.Runner() as runner:
        context = opened(database_url, CORE, pool=2)
        Hands.runner = runner
        Hands.database = runner.run(context.__aenter__())
        try:
            run_state_machine_as_test(
                Hands,
                settings=settings(
                    max_examples=40,
                    stateful_step_count=30,
                    deadline=None,
                    database=None,
                    suppress_health_check=list(HealthCheck),
                ),
            )
        finally:
            runner.run(context.__aexit__(None, None, None))
