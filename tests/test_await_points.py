"""A turn is cut once at every point where it waits; what is left is taken up, and nothing is twice."""

import asyncio
from collections.abc import AsyncIterator, Coroutine, Generator
from pathlib import Path
from typing import Any

from support import migrated
from till import TILL, Till, open_till

from frontdesk import leases
from frontdesk.context import history
from frontdesk.events import CallSettled, Replied
from frontdesk.model import ModelReply, ModelRequest, Text, TextDelta, ToolResult
from frontdesk.reads import load
from frontdesk.testing import Call, ScriptedModel
from frontdesk.testing.desk import Conversation, TestDesk
from frontdesk.testing.scripted import check_history


class Killed(BaseException):
    """Nothing that the engine catches: the lease stays until it runs out."""


class Cut:
    """Runs a coroutine and throws into it where it waits for the n-th time."""

    def __init__(self, at: int, error: type[BaseException]) -> None:
        self.at, self.error = at, error
        self.points = 0
        self.is_over = False

    def wrap(self, inner: Coroutine[Any, Any, Any]) -> Coroutine[Any, Any, Any]:
        async def outer() -> Any:
            return await _Steps(self, inner)

        return outer()


class _Steps:
    def __init__(self, cut: Cut, inner: Coroutine[Any, Any, Any]) -> None:
        self.cut, self.inner = cut, inner

    def __await__(self) -> Generator[Any, Any, Any]:
        try:
            waits_for = self.inner.send(None)
            while True:
                self.cut.points += 1
                try:
                    if self.cut.points == self.cut.at:
                        if waits_for is not None:  # it goes on by itself, unwatched
                            waits_for._asyncio_future_blocking = False
                        raise self.cut.error("cut here")
                    got = yield waits_for
                except BaseException as error:
                    waits_for = self.inner.throw(error)
                else:
                    waits_for = self.inner.send(got)
        except StopIteration as stop:
            return stop.value
        finally:
            self.cut.is_over = True


def answer(request: ModelRequest) -> Any:
    """The same to the same history, as often as it is asked: two actions, then words."""
    last = request.messages[-1].blocks[-1]
    if isinstance(last, ToolResult):
        return "There you go."
    texts = [block.text for m in request.messages for block in m.blocks if isinstance(block, Text)]
    token = next(text for text in texts if text.startswith("I want")).removeprefix("I want ")
    if texts[-1] == "Yes please":
        return [Call("take", token=token), Call("send", token=token)]
    return [Call("take", token=token)]


class Endless(ScriptedModel):
    """Answers by `answer` for ever."""

    async def stream(self, request: ModelRequest) -> AsyncIterator[TextDelta | ModelReply]:
        self.steps = [answer]
        async for part in super().stream(request):
            yield part


def install(cut: Cut | None) -> None:
    """Tasks of turns are made with this cut; None takes it away."""
    loop = asyncio.get_running_loop()
    if cut is None:
        loop.set_task_factory(None)
        return

    def factory(
        of: asyncio.AbstractEventLoop, coro: Coroutine[Any, Any, Any], **more: Any
    ) -> asyncio.Task[Any]:
        if getattr(coro, "__qualname__", "") == "Runner._drive":
            loop.set_task_factory(None)  # only the first: the next one goes on undisturbed
            coro = cut.wrap(coro)
        return asyncio.Task(coro, loop=of, **more)

    loop.set_task_factory(factory)  # type: ignore[arg-type]


async def one_turn(desk: TestDesk, token: str, cut: Cut) -> Conversation:
    """A proposal, then the turn that is cut, then recovery until it is answered."""
    database = desk.desk.database
    talk = await desk.conversation("till")
    await talk.say(f"I want {token}")
    install(cut)
    answered = asyncio.create_task(talk.say("Yes please"))
    while not answered.done():
        await asyncio.wait({answered}, timeout=0.01)
        if cut.is_over:  # the ten seconds of a dead process's lease are not waited for
            cut.is_over = False
            await database.fetch("UPDATE conversation SET lease_until = 0 WHERE id = {}", talk.id)
        for identifier, lease in await leases.take_abandoned(database):
            desk.desk.runner.run(identifier, lease)
    install(None)
    assert (await answered) is not None
    return talk


async def check(desk: TestDesk, till: Till, talk: Conversation, token: str) -> None:
    events = [stored.event for stored in await talk.events()]
    replies = [event.content for event in events if isinstance(event, Replied)]
    assert replies[1:] == ["There you go."]
    outcomes = [(e.tool, e.status) for e in events if isinstance(e, CallSettled)]
    assert outcomes == [("take", "needs_confirmation"), ("take", "done"), ("send", "done")]
    rows = await desk.desk.database.fetch("SELECT body FROM prompt WHERE id = {}", token)
    assert [row["body"] for row in rows] == ["taken"]
    assert len(set(till.sent)) == 1, "the receiver tells repetitions by the call's id"
    till.sent.clear()
    row = await desk.desk.database.one("SELECT * FROM conversation WHERE id = {}", talk.id)
    assert row is not None
    assert (row["said"], row["turn"], row["lease_owner"]) == (row["answered"], "", "")
    loaded = await load(desk.desk.database, talk.id, "", desk.desk.business)
    assert check_history([*history(loaded), *history(loaded)[:1]]) == []


async def walk(folder: Path, url: str, error: type[BaseException]) -> None:
    till, model = Till(), Endless()
    async with open_till(folder, model, till, url=url, recover=False) as desk:
        await desk.add_business(TILL)
        whole = Cut(0, error)
        await check(desk, till, await one_turn(desk, "all", whole), "all")
        assert whole.points >= 10
        n, cut = 0, whole
        while cut.points >= n:  # cut turns may wait in more places than whole ones
            n += 1
            cut = Cut(n, error)
            await check(desk, till, await one_turn(desk, f"t{n}", cut), f"t{n}")
    print(f"{error.__name__}: cut at {n - 1} points, each time one reply and each action once")


async def test_a_turn_is_cancelled_at_every_await_point(tmp_path: Path, database_url: str) -> None:
    await walk(tmp_path, await migrated(database_url), asyncio.CancelledError)


async def test_a_turn_dies_at_every_await_point(tmp_path: Path) -> None:
    # Not on Tillgres: there a dead process also closes its connection, which only a real one does.
    await walk(tmp_path, "", Killed)
