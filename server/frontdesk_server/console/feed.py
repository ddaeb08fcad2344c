"""What the open consoles of this process hear of.

There are no queues: a listener keeps the ids of what changed and reads it when its line is free, so
that a slow browser gets the newest state once, and slows nobody.
"""

import asyncio
import time
from collections import OrderedDict
from contextlib import suppress
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

import structlog

from frontdesk.ids import new_id
from frontdesk.instants import now_ms
from frontdesk_server.console import presence

if TYPE_CHECKING:
    from frontdesk.database import Row
    from frontdesk.desk import Desk
    from frontdesk_server.console.sessions import Session

log = structlog.get_logger("frontdesk.console")
LOOK_SECONDS = 2.0
"""How often to look for what other nodes wrote."""
BEHIND_MS = 10_000
"""How far back each look goes: clocks of nodes differ, and transactions take a while."""
MOST_LOOKED = 500
MOST_HEARD = 2000
MOST_KNOWN = 5000
GATHER_SECONDS = 0.05


class Listener:
    """One open console."""

    def __init__(self, session: "Session") -> None:
        self.session = session
        self.changed: dict[str, None] = {}
        """Conversations to tell of, the oldest change first."""
        self.is_lost = False
        """More changed than is kept: the browser has to load its list anew."""
        self.presence = True
        """It is to be told who is there."""
        self.viewing = False
        """It is to be told who else looks at what is open."""
        self.open = ""
        self.is_typing = False
        self.is_away = False
        self.last_frame = time.monotonic()
        self.is_doubted = False
        """Its session may have ended."""
        self.wake = asyncio.Event()

    @property
    def is_present(self) -> bool:
        return not self.is_away and time.monotonic() - self.last_frame < presence.AWAY_SECONDS

    def tell(self, conversation: str) -> None:
        if len(self.changed) < MOST_HEARD:
            self.changed[conversation] = None
        else:
            self.is_lost = True
        self.wake.set()


class Feed:
    """The listeners of one desk, and the task that looks on their behalf while there are any."""

    def __init__(self, desk: "Desk") -> None:
        self._desk = desk
        self._node = new_id()
        self._listeners: set[Listener] = set()
        self._heard: dict[str, None] = {}
        self._wake = asyncio.Event()
        self._known: OrderedDict[str, tuple[int, int]] = OrderedDict()
        """(last seq, owner epoch) of what was told, by conversation."""
        self._present: dict[str, set[str]] = {}
        self._written: set[tuple[str, str]] = set()
        self._written_at = 0.0
        self._writing = asyncio.Lock()
        self._task: asyncio.Task[None] | None = None

    def add(self, listener: Listener) -> None:
        self._listeners.add(listener)
        self._wake.set()
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._run(), name="console feed")

    async def remove(self, listener: Listener) -> None:
        self._listeners.discard(listener)
        self.look(listener, "")
        if not self._listeners and self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
            self._task = None
            self._known.clear()
        if not self._desk.stopping:
            await self.write_presence()

    def hear(self, conversation: str) -> None:
        """Something was committed on this node."""
        if self._listeners and len(self._heard) < MOST_HEARD:
            self._heard[conversation] = None
            self._wake.set()

    def touch(self, business: str, conversation: str, staff: str = "") -> None:
        """Something beside the events changed, for everyone or for one member of staff."""
        for listener in self.of(business):
            if not staff or listener.session.staff.id == staff:
                listener.tell(conversation)

    def doubt(self, staff: str) -> None:
        """The sessions of this member of staff, or some of them, ended on this node."""
        for listener in self._listeners:
            if listener.session.staff.id == staff:
                listener.is_doubted = True
                listener.wake.set()

    def of(self, business: str) -> list[Listener]:
        return [each for each in self._listeners if each.session.business == business]

    # ---- who looks at what

    def look(self, listener: Listener, conversation: str, *, is_typing: bool = False) -> None:
        """This console has that conversation open now; empty: none."""
        places = {listener.open, conversation} - {""}
        if (listener.open, listener.is_typing) == (conversation, is_typing):
            return
        listener.open, listener.is_typing = conversation, is_typing
        for other in self.of(listener.session.business):
            if other.open in places:
                other.viewing = True
                other.wake.set()

    def viewers(self, business: str, conversation: str, but: str) -> list[dict[str, Any]]:
        found: dict[str, dict[str, Any]] = {}
        for each in self.of(business):
            staff = each.session.staff
            if each.open == conversation and staff.id != but:
                typed = each.is_typing or found.get(staff.id, {}).get("isTyping", False)
                found[staff.id] = {"id": staff.id, "name": staff.name, "isTyping": typed}
        return sorted(found.values(), key=lambda one: one["id"])

    # ---- the task

    async def _run(self) -> None:
        while True:
            try:
                await self._look()
            except Exception:
                log.exception("the console's feed failed")
            with suppress(TimeoutError):
                async with asyncio.timeout(LOOK_SECONDS):
                    await self._wake.wait()
            await asyncio.sleep(GATHER_SECONDS)

    async def _look(self) -> None:
        self._wake.clear()
        heard, self._heard = list(self._heard), {}
        for n in range(0, len(heard), MOST_LOOKED):
            part = heard[n : n + MOST_LOOKED]
            marks = ", ".join(["{}"] * len(part))
            self._tell(await self._rows(f"id IN ({marks})", *part))
        since = now_ms() - BEHIND_MS
        for business in {each.session.business for each in self._listeners}:
            rows = await self._rows(
                "business = {} AND updated > {} ORDER BY updated DESC", business, since
            )
            for conversation in self._tell(rows):
                if live := self._desk.live.get(conversation):
                    live.doubt()  # another process wrote it
        await self.write_presence()
        await self._tell_presence()

    async def _rows(self, where: str, *arguments: Any) -> "list[Row]":
        return await self._desk.database.fetch(
            "SELECT id, business, last_seq, owner_epoch FROM conversation "  # noqa: S608
            f"WHERE last_seq > 0 AND {where} LIMIT {{}}",
            *arguments, MOST_LOOKED,
        )  # fmt: skip

    def _tell(self, rows: "list[Row]") -> list[str]:
        """Tell the listeners of each business; what was new."""
        new: list[str] = []
        for row in rows:
            state = (row["last_seq"], row["owner_epoch"])
            if self._known.get(row["id"]) == state:
                continue
            new.append(row["id"])
            self._known[row["id"]] = state
            self._known.move_to_end(row["id"])
            for listener in self.of(row["business"]):
                listener.tell(row["id"])
        while len(self._known) > MOST_KNOWN:
            self._known.popitem(last=False)
        return new

    # ---- who is there

    async def write_presence(self) -> None:
        """Into the database, when it changed or is about to run out."""
        async with self._writing:
            here = {
                (each.session.business, each.session.staff.id)
                for each in self._listeners
                if each.is_present
            }
            is_fresh = time.monotonic() - self._written_at < presence.RENEW_SECONDS
            if here == self._written and (is_fresh or not here):
                return
            await presence.renew(self._desk.database, self._node, here)
            self._written, self._written_at = here, time.monotonic()
        self._wake.set()

    async def _tell_presence(self) -> None:
        businesses = {each.session.business for each in self._listeners}
        self._present = {name: who for name, who in self._present.items() if name in businesses}
        for business in businesses:
            there = await presence.present(self._desk.database, business)
            if there != self._present.get(business):
                self._present[business] = there
                for listener in self.of(business):
                    listener.presence = True
                    listener.wake.set()


_feeds: WeakKeyDictionary["Desk", Feed] = WeakKeyDictionary()


def of(desk: "Desk") -> Feed:
    feed = _feeds.get(desk)
    if feed is None:
        feed = _feeds[desk] = Feed(desk)
    return feed


def hear(conversation: str) -> None:
    """For the hook `on_event`, which does not say whose desk it was: ids are nobody else's."""
    for feed in list(_feeds.values()):
        feed.hear(conversation)


def doubt(staff: str) -> None:
    """Call it when the change is committed, or the sessions would still be found."""
    for feed in list(_feeds.values()):
        feed.doubt(staff)
