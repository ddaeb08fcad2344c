"""What has to leave this database, at least once: webhooks, text messages, notices.

An entry is put there in the transaction that makes it necessary, so that there is never one without
the other. Every node looks for what is due, claims it for a limited time, and hands it to the
`Deliver` of its kind. What is delivered is deleted; what was tried in vain stays as `dead`.

Entries are delivered side by side and tried again on their own, so they may arrive out of order. Their
ids sort by the time at which they were put there.
"""

import asyncio
import random
from collections.abc import Awaitable, Callable, Coroutine, Mapping
from typing import TYPE_CHECKING, Any

import msgspec
import structlog

from frontdesk.appending import Words, put
from frontdesk.errors import FrontdeskError
from frontdesk.instants import now_ms
from frontdesk.jobs import Job

if TYPE_CHECKING:
    from frontdesk.database import Database, Row
    from frontdesk.desk import Desk

__all__ = [
    "Courier",
    "Dead",
    "Deliver",
    "Entry",
    "GiveUpError",
    "NotDeliveredError",
    "Words",
    "put",
]

log = structlog.get_logger("frontdesk.outbox")

WAITS = (10, 60, 300, 1800, 7200, 21600)
"""Seconds from a failed attempt to the next, give or take a fifth. After the last one it is dead."""
LONGEST_WAIT = 24 * 3600
"""Seconds. A receiver that asks for more patience does not get it."""
LOOK_SECONDS = 1.0
ATTEMPT_SECONDS = 60.0
CLAIM_MS = 120_000
"""More than an attempt may take: only the entry of a process that died is taken up by another."""
AT_ONCE = 32
AT_ONCE_EACH = 4
"""Of one receiver, so that a slow receiver leaves room for all others."""
AGAIN_SECONDS = 0.1
"""How soon to look again while deliveries are under way."""
LONGEST_ERROR = 500


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    id: str
    """Stable over all attempts: receivers tell repetitions by it."""
    business: str
    kind: str
    body: dict[str, Any]
    attempt: int
    """From 1. A higher one may repeat what an earlier attempt did deliver without learning so."""


class Dead(Entry, frozen=True, kw_only=True):
    """An entry that was given up."""

    error: str
    """Why the last attempt failed."""
    created: int
    """Milliseconds since the epoch, UTC."""


class NotDeliveredError(FrontdeskError):
    """This attempt failed. The next comes by the schedule, but not before `after` seconds.

    The text is kept with the entry, so it names no secret.
    """

    def __init__(self, message: str, *, after: float = 0) -> None:
        super().__init__(message)
        self.after = after


class GiveUpError(FrontdeskError):
    """The receiver refused for good: no further attempt. The text is kept with the entry."""


Deliver = Callable[[Entry], Awaitable[None]]
"""Returns when the receiver has it. Any exception but `GiveUpError` means: try again later."""


Receiver = tuple[str, str]
"""Business and kind."""


async def dead(database: "Database", business: str, *, limit: int = 100) -> list[Dead]:
    """What was given up, the newest first."""
    rows = await database.fetch(
        "SELECT * FROM outbox WHERE business = {} AND state = 'dead' ORDER BY id DESC LIMIT {}",
        business, limit,
    )  # fmt: skip
    return [
        Dead(
            id=row["id"],
            business=row["business"],
            kind=row["kind"],
            body=msgspec.json.decode(row["body"]),
            attempt=row["attempts"],
            error=row["error"],
            created=row["created"],
        )
        for row in rows
    ]


async def again(database: "Database", business: str, identifier: str) -> bool:
    """Give a dead entry another round of attempts. False when there is no such dead entry."""
    row = await database.one(
        "UPDATE outbox SET state = 'new', next_at = {} "
        "WHERE id = {} AND business = {} AND state = 'dead' RETURNING id",
        now_ms(), identifier, business,
    )  # fmt: skip
    return row is not None


Rests = Callable[[str, str], Awaitable[bool]]
"""Whether a business (its id) has its entries of a kind wait."""


def job(desk: "Desk", rests: Rests) -> Job:
    """The deliveries of this process, with what plugins registered for them."""
    courier = Courier(desk.database, desk.deliveries, rests=rests)
    return Job(name="outbox", seconds=LOOK_SECONDS, run=courier.run)


async def _never(_business: str, _kind: str) -> bool:
    return False


class Courier:
    """Delivers what is due, for one process."""

    def __init__(
        self,
        database: "Database",
        deliveries: Mapping[str, Deliver],
        *,
        clock: Callable[[], int] = now_ms,
        rests: Rests = _never,
    ) -> None:
        """`deliveries` by kind; it may still grow. `clock` tells milliseconds since the epoch."""
        self._database = database
        self._deliveries = deliveries
        self._clock = clock
        self._under_way: dict[asyncio.Task[None], Receiver] = {}
        self._unknown: set[str] = set()
        self._rests = rests
        self._resting: set[Receiver] = set()

    async def run(self) -> None:
        """Returns when nothing is due and nothing is under way. What comes due meanwhile is taken.

        When it is cancelled, so are the deliveries, and their entries are due again at once.
        """
        with self._database.bound():
            async with asyncio.TaskGroup() as group:
                while await self._begin_due(group) or self._under_way:
                    if self._under_way:
                        await asyncio.wait(self._under_way, timeout=AGAIN_SECONDS)

    async def _begin_due(self, group: asyncio.TaskGroup) -> bool:
        """Begin what is due, as far as there is room. True when something was begun."""
        begun = False
        try:
            for row in await self._due():
                if not self._has_room(row) or await self._is_resting(row):
                    continue
                if entry := await self._claim(row):
                    task = group.create_task(self._attempt(entry), name=f"outbox {entry.id}")
                    self._under_way[task] = entry.business, entry.kind
                    task.add_done_callback(self._under_way.pop)
                    begun = True
        except Exception:
            if not self._under_way:
                raise
            log.exception("looking for what is due failed")  # and what is under way goes on
        return begun

    async def _due(self) -> "list[Row]":
        """The oldest of each receiver. Twice as many as there is room for, because those of busy
        receivers are passed over, and these have no more than what is under way."""
        self._unknown -= self._deliveries.keys()  # a plugin was switched on
        unknown = sorted(self._unknown)
        others = f"AND kind NOT IN ({', '.join('{}' for _ in unknown)})" if unknown else ""
        self._resting = {each for each in self._resting if await self._rests(*each)}
        resting = sorted(self._resting)
        if resting:
            pairs = ", ".join("({}, {})" for _ in resting)
            others += f" AND (business, kind) NOT IN (VALUES {pairs})"
        return await self._database.fetch(
            "SELECT id, business, kind, attempts "  # noqa: S608  `others` is places
            "FROM (SELECT id, business, kind, attempts, next_at, "
            "ROW_NUMBER() OVER (PARTITION BY business, kind ORDER BY next_at, id) AS place "
            f"FROM outbox WHERE state = 'new' AND next_at <= {{}} {others}) AS due "
            "WHERE place <= {} ORDER BY next_at, id LIMIT {}",
            self._clock(), *unknown, *(part for each in resting for part in each),
            AT_ONCE_EACH, 2 * AT_ONCE,
        )  # fmt: skip

    def _has_room(self, row: "Row") -> bool:
        """Also says once of each kind that nobody here delivers it: its entries wait."""
        if row["kind"] not in self._deliveries:
            if row["kind"] not in self._unknown:
                self._unknown.add(row["kind"])
                log.warning("nothing delivers these entries; is a plugin off?", kind=row["kind"])
            return False
        receivers = list(self._under_way.values())
        same = receivers.count((row["business"], row["kind"]))
        return len(receivers) < AT_ONCE and same < AT_ONCE_EACH

    async def _is_resting(self, row: "Row") -> bool:
        """Also keeps it in mind: these entries must not take the place of others."""
        receiver = row["business"], row["kind"]
        if await self._rests(*receiver):
            self._resting.add(receiver)
        return receiver in self._resting

    async def _claim(self, row: "Row") -> Entry | None:
        """None when another was faster."""
        claimed = await self._database.one(
            "UPDATE outbox SET attempts = attempts + 1, next_at = {} "
            "WHERE id = {} AND state = 'new' AND attempts = {} RETURNING attempts, body",
            self._clock() + CLAIM_MS, row["id"], row["attempts"],
        )  # fmt: skip
        if claimed is None:
            return None
        return Entry(
            id=row["id"],
            business=row["business"],
            kind=row["kind"],
            body=msgspec.json.decode(claimed["body"]),
            attempt=claimed["attempts"],
        )

    async def _attempt(self, entry: Entry) -> None:
        """One attempt and what follows from it. Only a cancellation leaves it."""
        try:
            try:
                error = await self._deliver(entry)
            except asyncio.CancelledError:
                await self._wait(entry, 0, "the process stopped during the attempt")
                raise
            await _to_the_end(self._settle(entry, error))
        except Exception:
            # Its claim runs out, and then it is delivered again if need be.
            log.exception("a delivery's end was not recorded", entry=entry.id)

    async def _deliver(self, entry: Entry) -> Exception | None:
        """Why it failed; None when it is delivered."""
        try:
            async with asyncio.timeout(ATTEMPT_SECONDS):
                await self._deliveries[entry.kind](entry)
        except FrontdeskError as error:
            return error
        except TimeoutError:
            return NotDeliveredError("it took too long")
        except (Exception, SystemExit) as error:
            log.exception("a delivery broke", entry=entry.id, kind=entry.kind)
            return NotDeliveredError(f"{type(error).__name__}: {error}")
        return None

    async def _settle(self, entry: Entry, error: Exception | None) -> None:
        about = {"entry": entry.id, "kind": entry.kind, "attempt": entry.attempt}
        # The attempts of another round, see `again`, follow the same schedule.
        n = (entry.attempt - 1) % (len(WAITS) + 1)
        if error is None:
            await self._database.fetch("DELETE FROM outbox WHERE id = {}", entry.id)
            log.info("delivered", **about)
        elif isinstance(error, GiveUpError) or n == len(WAITS):
            await self._database.fetch(
                "UPDATE outbox SET state = 'dead', error = {} WHERE id = {} AND attempts = {}",
                str(error)[:LONGEST_ERROR], entry.id, entry.attempt,
            )  # fmt: skip
            log.error("delivery given up", business=entry.business, **about)
        else:
            after = error.after if isinstance(error, NotDeliveredError) else 0
            wait = max(WAITS[n] * random.uniform(0.8, 1.2), min(after, LONGEST_WAIT))  # noqa: S311
            await self._wait(entry, wait, str(error))
            log.warning("not delivered, will be tried again", seconds=round(wait), **about)

    async def _wait(self, entry: Entry, seconds: float, error: str) -> None:
        await self._database.fetch(
            "UPDATE outbox SET next_at = {}, error = {} "
            "WHERE id = {} AND state = 'new' AND attempts = {}",
            self._clock() + int(seconds * 1000), error[:LONGEST_ERROR], entry.id, entry.attempt,
        )  # fmt: skip


async def _to_the_end(work: Coroutine[Any, Any, None]) -> None:
    """A cancellation waits for it: what is delivered must not stay behind as if it were not."""
    task = asyncio.ensure_future(work)
    try:
        await asyncio.shield(task)
    except asyncio.CancelledError:
        await task
        raise
