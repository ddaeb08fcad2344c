"""Sockets that are open, and who sees to it that they close when the channel is switched off."""

import asyncio
from collections import Counter
from typing import TYPE_CHECKING

import structlog

from frontdesk import toggling

if TYPE_CHECKING:
    from frontdesk.desk import Desk

log = structlog.get_logger("frontdesk.web")

CHANNEL = "web"
LOOK_SECONDS = 0.5


class Doors:
    """Of one process. For a business that did without the channel since, whoever watches is woken."""

    def __init__(self, desk: "Desk") -> None:
        self._desk = desk
        self._open: Counter[str] = Counter()
        """Sockets by business."""
        self._looking: asyncio.Task[None] | None = None

    def enter(self, business: str) -> None:
        self._open[business] += 1
        if self._looking is None:
            self._looking = asyncio.create_task(self._look(), name="web doors")

    def leave(self, business: str) -> None:
        self._open[business] -= 1
        self._open += Counter()  # drops those without any
        if not self._open and self._looking is not None:
            self._looking.cancel()
            self._looking = None

    async def are_closed(self, business: str, conversation: str, seq: int) -> bool:
        """Whether a socket that has shown the events up to `seq` is to end: its channel is switched off,
        all that was said is answered, and the answer was shown."""
        if not await self.is_off(business):
            return False
        row = await self._desk.database.one(
            "SELECT last_seq FROM conversation WHERE id = {} AND (status <> 'bot' OR answered >= said)",
            conversation,
        )
        return row is not None and row["last_seq"] <= seq

    async def _look(self) -> None:
        while True:
            await asyncio.sleep(LOOK_SECONDS)
            try:
                off = [each for each in list(self._open) if await self.is_off(each)]
            except Exception:
                log.exception("it is not known whether the channel is switched off")
            else:
                if off:
                    self._desk.live.notify_all()

    async def is_off(self, identifier: str) -> bool:
        business = await self._desk.business(identifier)
        return business is not None and toggling.is_off(self._desk, CHANNEL, business)
