"""Whose conversation it is: every change of hands, alone and against a turn that runs."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any

import msgspec
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
from test_storage import CORE, opened

from frontdesk import Business, Inbound, contacts, leases, status, store
from frontdesk.conversation import Conversation
from frontdesk.database import Database
from frontdesk.errors import StatusError, TurnLostError, UnknownConversationError
from frontdesk.events import (
    CallSettled,
    CallStarted,
    CustomerSaid,
    ModelSaid,
    Replied,
    StaffSaid,
    StatusChanged,
    Stored,
    TurnStarted,
)
from frontdesk.ids import new_id
from frontdesk.model import ModelRequest, ToolCall
from frontdesk.reads import load, read_events
from frontdesk.testing import ScriptedModel, open_desk

B = "shop"
HOUR = status.HOUR_MS


async def business(_: str) -> Business:
    return Business(id=B, name="Shop")


class Desk:
    """One conversation on a database, and the shortest way to everything that happens to it."""

    def __init__(self, database: Database, conversation: str, contact: str) -> None:
        self.database, self.id, self.contact = database, conversation, contact

    @classmethod
    async def open(cls, database: Database, channel: str = "web") -> "Desk":
        contact = await contacts.of_visitor(database, B, new_id())
        conversation = await store.open_conversation(database, B, channel, contact)
        return cls(database, conversation, contact.id)

    @property
    def at(self) -> tuple[Database, str, str]:
        return self.database, B, self.id

    async def row(self) -> dict[str, Any]:
        row = await self.database.one("SELECT * FROM conversation WHERE id = {}", self.id)
        assert row is not None
        return row

    async def write(self, text: str = "hello") -> store.Receipt:
        return await store.receive(
            self.database, Inbound(business=B, conversation=self.id, text=text)
        )

    async def begin(self) -> Conversation | None:
        """The turn that answers what is unanswered, begun; None when there is nothing to answer."""
        await self.database.fetch(  # whoever had it is gone
            "UPDATE conversation SET lease_until = 0 WHERE id = {}", self.id
        )
        for conversation, lease in await leases.take_abandoned(self.database):
            if conversation == self.id:
                turn = await load(self.database, self.id, lease, business)
                if turn.started() is None:
                    turn.add(TurnStarted(upto=turn.said, situation="now"))
                return turn
        return None

    async def answer(self) -> None:
        turn = await self.begin()
        assert turn is not None
        await finish(self.database, turn)

    async def hands(self) -> list[tuple[str, str, str]]:
        return [
            (stored.event.status, stored.event.agent, stored.event.agent_name)
            for stored in await read_events(self.database, self.id, 0)
            if isinstance(stored.event, StatusChanged)
        ]


async def finish(database: Database, turn: Conversation) -> None:
    started = turn.started()
    assert started is not None
    reply = Replied(id=new_id(), content="Hi.", text="Hi.", upto=started.upto)
    await store.finish(database, turn, reply)


@asynccontextmanager
async def desk_on(url: str, channel: str = "web") -> AsyncGenerator[Desk]:
    async with opened(url, CORE, pool=4) as database:
        yield await Desk.open(database, channel)


def changed(stored: list[Stored]) -> StatusChanged:
    """The change of hands among what was stored, without where it came from: that has a test."""
    (event,) = [item.event for item in stored if isinstance(item.event, StatusChanged)]
    return msgspec.structs.replace(event, before="")


# ---- one after the other ---------------------------------------------------------------------


async def test_a_change_tells_where_it_came_from(database_url: str) -> None:
    async with desk_on(database_url) as desk:
        (stored,) = await status.queue(*desk.at)
        assert stored.event == StatusChanged("queued", before="bot")


async def test_asked_for_accepted_answered_and_handed_back(database_url: str) -> None:
    async with desk_on(database_url) as desk:
        await desk.write("a person, please")
        await desk.answer()
        queued = await status.queue(*desk.at, "asked for a person")
        assert changed(queued) == StatusChanged("queued", "asked for a person")
        assert not (await desk.write("anyone there?")).lease
        accepted = await status.accept(*desk.at, "ana", "Ana")
        assert changed(accepted) == StatusChanged("human", "", "ana", "Ana")
        (said,) = await status.say(*desk.at, "ana", "Ana here.")
        assert isinstance(said.event, StaffSaid)
        assert (said.event.text, said.event.agent_name) == ("Ana here.", "Ana")
        back = await status.hand_back(*desk.at, "ana", reason="all told")
        assert changed(back) == StatusChanged("bot", "all told", "ana", "Ana")
        row = await desk.row()
        assert (row["status"], row["agent"], row["owner_epoch"]) == ("bot", "", 3)
        assert await desk.begin() is None  # Ana answered it all


async def test_what_came_after_the_last_word_of_staff_is_the_assistants(database_url: str) -> None:
    async with desk_on(database_url) as desk:
        await desk.write("one")
        await status.take_over(*desk.at, "ana", "Ana")
        await status.say(*desk.at, "ana", "Yes?")
        last = await desk.write("two")
        await status.hand_back(*desk.at, "ana")
        turn = await desk.begin()
        assert turn is not None
        assert [seq for seq, _ in turn.asked()] == [last.seq]


async def test_without_a_word_of_staff_the_assistant_answers_it_all(database_url: str) -> None:
    async with desk_on(database_url) as desk:
        first = await desk.write("one")
        await status.take_over(*desk.at, "ana")
        second = await desk.write("two")
        await status.hand_back(*desk.at, "ana")
        turn = await desk.begin()
        assert turn is not None
        assert [seq for seq, _ in turn.asked()] == [first.seq, second.seq]


async def test_who_does_not_have_it_is_told_who_does(database_url: str) -> None:
    async with desk_on(database_url) as desk:
        await status.queue(*desk.at)
        await status.accept(*desk.at, "ana", "Ana")
        assert await status.accept(*desk.at, "ana", "Ana") == []  # pressed twice
        before = await desk.row()
        for attempt in (
            status.accept(*desk.at, "ben", "Ben"),
            status.take_over(*desk.at, "ben", "Ben"),
            status.hand_back(*desk.at, "ben"),
            status.hand_back(*desk.at),
            status.snooze(*desk.at, "ben"),
            status.resolve(*desk.at, "ben"),
            status.say(*desk.at, "ben", "me too"),
        ):
            with pytest.raises(StatusError) as caught:
                await attempt
            assert (caught.value.status, caught.value.agent, caught.value.agent_name) == (
                "human", "ana", "Ana",
            )  # fmt: skip
        assert await desk.row() == before


async def test_a_snoozed_conversation_wakes_with_whom_it_was(database_url: str) -> None:
    async with desk_on(database_url) as desk:
        await status.take_over(*desk.at, "ana", "Ana")
        await status.snooze(*desk.at, "ana")
        with pytest.raises(StatusError, match="snoozed, with Ana"):
            await status.say(*desk.at, "ana", "too early")
        assert changed(await status.reopen(*desk.at)) == StatusChanged(
            "human", "the customer wrote", "ana", "Ana"
        )
        assert await status.reopen(*desk.at) == []
        await status.hand_back(*desk.at, "ana")
        await status.queue(*desk.at)
        await status.snooze(*desk.at, "ana", reason="next week")
        assert changed(await status.reopen(*desk.at)).status == "queued"
        assert (await desk.row())["agent"] == ""


async def test_a_resolved_conversation_goes_on_with_the_assistant(database_url: str) -> None:
    async with desk_on(database_url) as desk:
        await desk.write("old")
        await status.take_over(*desk.at, "ana", "Ana")
        await status.resolve(*desk.at, "ana", reason="done")
        assert await status.resolve(*desk.at) == []
        assert changed(await status.reopen(*desk.at)).status == "bot"
        assert await desk.begin() is None  # what was resolved is not answered any more
        new = await desk.write("new")
        turn = await desk.begin()
        assert turn is not None
        assert [seq for seq, _ in turn.asked()] == [new.seq]


async def test_a_message_wakes_what_it_is_written_to(database_url: str) -> None:
    async with desk_on(database_url) as desk:
        await status.resolve(*desk.at)
        receipt = await desk.write("still there?")
        assert receipt.lease
        assert [item.event.__class__ for item in receipt.stored] == [CustomerSaid, StatusChanged]
        await status.take_over(*desk.at, "ana", "Ana")
        await status.snooze(*desk.at, "ana")
        receipt = await desk.write("hello, Ana")
        assert not receipt.lease
        assert await desk.hands() == [
            ("resolved", "", ""), ("bot", "", ""), ("human", "ana", "Ana"),
            ("snoozed", "ana", "Ana"), ("human", "ana", "Ana"),
        ]  # fmt: skip
        assert (await desk.row())["agent"] == "ana"


async def test_no_other_business_gets_in(database_url: str) -> None:
    async with desk_on(database_url) as desk:
        await status.queue(*desk.at)
        before, theirs = await desk.row(), (desk.database, "other", desk.id)
        for attempt in (
            status.accept(*theirs, "eve"),
            status.hand_back(*theirs),
            status.resolve(*theirs),
            status.reopen(*theirs),
            status.notice(*theirs, "boo"),
            status.say(*theirs, "eve", "boo"),
            status.queue(desk.database, B, "no-such-one"),
        ):
            with pytest.raises(UnknownConversationError):
                await attempt
        assert await desk.row() == before
        assert await status.continued(desk.database, "other", desk.contact, "web", 0) is None


async def test_a_change_that_fails_outside_is_undone_with_it(database_url: str) -> None:
    async with desk_on(database_url) as desk:
        with suppress(ZeroDivisionError):
            async with desk.database.transaction():
                assert await status.queue(*desk.at)
                assert await status.notice(*desk.at, "One moment.")
                raise ZeroDivisionError
        assert (await desk.row())["owner_epoch"] == 0
        assert await read_events(desk.database, desk.id, 0) == []


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


# ---- time ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("channel", "hands", "hours"), [("web", 0, 2), ("sms", 0, 72), ("web", 1, 24), ("sms", 1, 24)]
)
async def test_what_is_idle_is_resolved(
    database_url: str, channel: str, hands: int, hours: int
) -> None:
    async with desk_on(database_url, channel) as desk:
        await desk.write()
        if hands:
            await status.take_over(*desk.at, "ana", "Ana")
        else:
            await desk.answer()
        idle = (await desk.row())["updated"] + hours * HOUR
        assert await status.resolve_idle(desk.database, idle) == []
        ((conversation, stored),) = await status.resolve_idle(desk.database, idle + 1)
        owner = ("ana", "Ana") if hands else ("", "")
        assert conversation == desk.id
        assert changed(stored) == StatusChanged("resolved", "idle", *owner)
        assert await status.resolve_idle(desk.database, idle + 1) == []


async def test_who_waits_for_an_answer_is_not_resolved_away(database_url: str) -> None:
    async with desk_on(database_url) as desk:
        late = (await desk.row())["updated"] + 1000 * HOUR
        await desk.write()
        assert await status.resolve_idle(desk.database, late) == []
        await status.queue(*desk.at)
        assert await status.resolve_idle(desk.database, late) == []


async def test_a_week_after_its_end_a_conversation_is_not_gone_on_with(database_url: str) -> None:
    async with desk_on(database_url, "sms") as desk:
        whose = (desk.database, B, desk.contact, "sms")
        assert await status.continued(*whose, 2 << 50) == desk.id
        await status.resolve(*desk.at)
        ended = (await desk.row())["updated"]
        assert await status.continued(*whose, ended + 7 * 24 * HOUR - 1) == desk.id
        assert await status.continued(*whose, ended + 7 * 24 * HOUR) is None
        assert await status.continued(desk.database, B, desk.contact, "web", ended) is None


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
