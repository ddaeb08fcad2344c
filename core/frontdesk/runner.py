"""Running turns as tasks of their own, and taking up those that a dead process left behind."""

import asyncio
import gc
import time
from contextlib import aclosing, suppress
from typing import TYPE_CHECKING, Any, cast

import structlog

from frontdesk import leases, reads, store
from frontdesk.errors import TurnLostError
from frontdesk.jobs import Job, keep_running
from frontdesk.live import LiveConversation, LiveTurn
from frontdesk.model import TextDelta
from frontdesk.turn import Part, run_turn

if TYPE_CHECKING:
    from frontdesk.desk import Desk

log = structlog.get_logger("frontdesk.runner")

PULSE_SECONDS = 5.0
SETTLE_LONGEST = 3
"""Times as long as one wait."""


class Runner:
    """The turns of this process. One task a conversation, none of them tied to a connection."""

    def __init__(self, desk: "Desk") -> None:
        self._desk = desk
        self._tasks: dict[str, asyncio.Task[None]] = {}
        self._free = asyncio.Semaphore(desk.settings.limits.turns or 1_000_000)
        self._recovery: asyncio.Task[None] | None = None
        self._pulse: asyncio.Task[None] | None = None
        self._warm: asyncio.Task[None] | None = None
        self._jobs: list[asyncio.Task[None]] = []
        self._settling: dict[str, asyncio.Event] = {}
        """Conversations whose turn waits for further messages."""
        self._stopping = False

    def start(self) -> None:
        self._recovery = asyncio.create_task(self._recover(), name="recovery")
        self._pulse = asyncio.create_task(self._beat(), name="pulse")
        for job in self._desk.jobs:
            self.add(job)

    def add(self, job: Job) -> None:
        self._jobs.append(asyncio.create_task(self._keep_running(job), name=f"job {job.name}"))

    async def stop(self) -> None:
        """Cancel what runs; leases are given back, so that another process can go on at once."""
        self._stopping = True
        await asyncio.sleep(0)  # a turn that has not begun could not give its lease back
        tasks = [
            task
            for task in (
                self._recovery,
                self._pulse,
                self._warm,
                *self._jobs,
                *self._tasks.values(),
            )
            if task is not None
        ]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def silence(self, conversation: str) -> None:
        """A person has the conversation now: a turn that runs here says no more."""
        for task in self._tasks.values():
            is_it = task.get_name() == _name(conversation)
            if is_it and task is not asyncio.current_task():  # which may be what fetched the person
                task.cancel()
                live = self._desk.live.get(conversation)
                if live is not None:
                    live.turn = None
                    live.notify()

    def warm_up(self) -> None:
        """Import what models need, in the background, once: the first conversation has begun."""
        if self._warm is None and not self._stopping:
            self._warm = asyncio.create_task(self._warm_up(), name="warm-up")

    async def _warm_up(self) -> None:
        for name in self._desk.settings.model.use:
            model = self._desk.plugins.models.get(name)
            if model is not None:
                try:
                    await model.warm_up()
                except (Exception, SystemExit):
                    log.exception("model did not warm up", model=name)
        # What was imported stays. Out of the collector's sight it no longer costs every full
        # collection tenths of a second, which the customers of that moment would wait for.
        gc.freeze()

    def run(self, conversation: str, lease: str, *, settle: float = 0) -> None:
        """Run the turns of a conversation whose lease we hold, until nothing is unanswered. The first
        waits until no message came for `settle` seconds."""
        if self._stopping:
            return
        driving = self._drive(conversation, lease, settle)
        task = asyncio.create_task(driving, name=_name(conversation))
        self._tasks[lease] = task
        task.add_done_callback(lambda _: self._tasks.pop(lease, None))

    def unsettle(self, conversation: str) -> None:
        """A further message came: a turn that waits for such begins its wait anew."""
        if conversation in self._settling:
            self._settling[conversation].set()

    async def _settle(self, conversation: str, seconds: float) -> None:
        self._settling[conversation] = more = asyncio.Event()
        latest = time.monotonic() + SETTLE_LONGEST * seconds
        try:
            while (left := latest - time.monotonic()) > 0:
                more.clear()
                async with asyncio.timeout(min(seconds, left)):
                    await more.wait()
        except TimeoutError:
            pass
        finally:
            del self._settling[conversation]

    async def _keep_running(self, job: Job) -> None:
        with self._desk.database.bound():
            await keep_running(job)

    async def _beat(self) -> None:
        """Wake all watchers now and then, so that none needs a timer for its heartbeat."""
        while True:
            await asyncio.sleep(PULSE_SECONDS)
            self._desk.live.notify_all()

    async def _recover(self) -> None:
        while True:
            try:
                for conversation, lease in await leases.take_abandoned(self._desk.database):
                    log.info("turn taken up", conversation=conversation)
                    self._desk.metrics.recovered.inc()
                    self.run(conversation, lease)
            except Exception:
                log.exception("looking for unanswered messages failed")
            await asyncio.sleep(leases.LOOK_SECONDS)

    async def _drive(self, conversation: str, lease: str, settle: float) -> None:
        desk = self._desk
        live = desk.live.open(conversation)
        keeper: asyncio.Task[None] | None = None
        try:
            this = asyncio.current_task()
            assert this is not None
            keeper = asyncio.create_task(self._keep(conversation, lease, this))
            if settle:
                await self._settle(conversation, settle)
            async with self._free:
                with desk.database.bound():
                    while await self._one(conversation, lease, live):
                        pass
        except TurnLostError:
            log.info("turn lost to another owner", conversation=conversation)
        except asyncio.CancelledError:
            with suppress(Exception):
                await leases.release(desk.database, conversation, lease)
            raise
        except Exception:
            # The messages are stored and unanswered: recovery tries again.
            log.exception("turn failed", conversation=conversation)
            with suppress(Exception):
                await leases.release(desk.database, conversation, lease, wait_ms=leases.AGAIN_MS)
        finally:
            if keeper is not None:
                keeper.cancel()
            if live.turn is not None and live.turn.reply is None:
                live.turn = None
            live.notify()
            desk.live.close(conversation)

    async def _keep(self, conversation: str, lease: str, turn: asyncio.Task[None]) -> None:
        """Renew the lease while the turn runs. When it is another's, stop the turn."""
        while True:
            await asyncio.sleep(leases.RENEW_SECONDS)
            try:
                if not await leases.renew(self._desk.database, conversation, lease):
                    turn.cancel()
                    return
            except Exception:
                log.exception("lease not renewed", conversation=conversation)

    async def _one(self, identifier: str, lease: str, live: LiveConversation) -> bool:
        """One turn. True when more messages came meanwhile."""
        desk = self._desk
        began = time.perf_counter()
        conversation = await reads.load(desk.database, identifier, lease, desk.business)
        started = conversation.started()
        turn = LiveTurn(
            conversation.turn,
            conversation.attempt,
            conversation.answered,
            started.upto if started else conversation.said,
        )
        for event in conversation.of_turn():  # an earlier attempt showed what it stored
            turn.show(event)
        live.turn = turn
        live.notify()
        desk.metrics.running.inc()
        try:
            parts = run_turn(desk, conversation)
            async with aclosing(cast("Any", parts)):
                async for part in parts:
                    _show(turn, part)
                    live.notify()
        finally:
            desk.metrics.running.dec()
            if conversation.calls_made:  # the turn ended before it could store them
                with suppress(Exception):
                    await store.save_usage(desk.database, conversation)
        reply = turn.reply
        assert reply is not None
        desk.metrics.turns.labels(conversation.channel, reply.outcome).inc()
        desk.metrics.turn_seconds.labels(conversation.channel).observe(time.perf_counter() - began)
        return conversation.more


def _name(conversation: str) -> str:
    return f"turn {conversation}"


def _show(turn: LiveTurn, part: Part) -> None:
    if isinstance(part, TextDelta):
        turn.text += part.text
    else:
        turn.show(part)
