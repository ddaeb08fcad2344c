"""Kinds of turn, and batches of them: many conversations at once with one server."""

import asyncio
import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from itertools import product

import msgspec

from .client import Answer, Link
from .fake import said
from .targets import OURS, Conversation, Target

BATCH_SECONDS = 300
SETTLE = 0.15
"""Seconds before processor time is read, for what goes on after the last byte."""
PIECE = 12
"""Characters of a call's JSON in one delta of the fake."""


class Kind(msgspec.Struct, frozen=True):
    name: str
    deltas: int
    tool: str = ""


PLAIN = Kind("plain", 120)
TOOL = Kind("one tool", 60, "check_availability")
BOOKING = Kind("booking", 60, "create_booking")
KINDS = (PLAIN, TOOL, BOOKING)
SHORT = Kind("short", 1)


class Batch(msgspec.Struct, frozen=True):
    cpu_ms: float
    """Of the server's process, per turn."""
    first_ms: list[float]
    """Of each turn, the time to the first words that the model did not take."""


def free_tables() -> Iterator[tuple[date, str]]:
    """Dates and times at which the restaurant of the demo seats one more party of two."""
    today = datetime.now(UTC).date()
    for _, days, time in product(range(6), range(2, 58), ("17:00", "18:30", "20:00")):
        day = today + timedelta(days=days)
        if (day.month, day.day) not in ((12, 25), (12, 26), (12, 31)):
            yield day, time


class Traffic:
    """What customers say to one server. It remembers which tables are taken."""

    def __init__(self, target: Target) -> None:
        self.target = target
        self._tables = free_tables()

    def message(self, kind: Kind, pace: int) -> str:
        wish = f"bench: {kind.deltas} {pace}"
        if not kind.tool:
            return f"Good evening! Which table would you give the two of us?\n{wish}"
        return f"A table for two, please.\ncall: {kind.tool} {self._arguments(kind)}\n{wish}"

    def _arguments(self, kind: Kind) -> str:
        if kind is not BOOKING:
            day = datetime.now(UTC).date() + timedelta(days=20)
            return f'{{"party_size":2,"date":"{day}","time":"19:00"}}'
        try:
            day, time = next(self._tables)
        except StopIteration:
            raise RuntimeError("every table is taken: fewer --turns, please") from None
        return (
            f'{{"party_size":2,"date":"{day}","time":"{time}",'
            f'"name":"Ada Lovelace","phone":"+1 212 555 0187"}}'
        )

    async def batch(self, kind: Kind, each: int, count: int, pace: int = 0) -> Batch:
        """`count` new conversations at once, `each` turns in each of them."""
        return await self.among(await self.target.begin(count), kind, each, pace)

    async def among(
        self, found: list[Conversation], kind: Kind, each: int, pace: int = 0, together: int = 0
    ) -> Batch:
        """Turns in these conversations, all of them at once or only so many."""
        links = [Link(conversation) for conversation in found]
        texts = [[self.message(kind, pace) for _ in range(each)] for _ in found]
        gate = asyncio.Semaphore(together or len(found))
        lag = (kind.deltas * pace / 1000) / len(found)  # apart, as customers come
        answers: list[Answer] = []

        async def talk(index: int) -> None:
            await asyncio.sleep(index * lag)
            async with gate:
                for text in texts[index]:
                    answer = await links[index].say(text)
                    self._check(kind, answer)
                    answers.append(answer)

        try:
            for link in links:
                await link.open(self.target.port)
            await asyncio.sleep(SETTLE)
            before = self.target.process.cpu()
            async with asyncio.timeout(BATCH_SECONDS), asyncio.TaskGroup() as group:
                for index in range(len(found)):
                    group.create_task(talk(index))
            await asyncio.sleep(SETTLE)
            cpu = self.target.process.cpu() - before
        finally:
            for link in links:
                link.close()
        model = _model_ms(texts[0][0], pace)
        return Batch(cpu * 1000 / len(answers), [a.first * 1000 - model for a in answers])

    def _check(self, kind: Kind, answer: Answer) -> None:
        if answer.text.strip() != "".join(said(kind.deltas)).strip():
            raise RuntimeError(f"{self.target.name} told the customer {answer.text[:300]!r}")
        if kind.tool and self.target.name == OURS:
            outcomes = [action["status"] for action in answer.actions]
            if outcomes not in (["done"], ["needs_confirmation"]):
                raise RuntimeError(f"{kind.tool} ended as {answer.actions}")


def _model_ms(text: str, pace: int) -> int:
    """What the model itself takes to its first words: a pause before each delta."""
    call = re.search(r"^call: \w+ (.*)$", text, re.MULTILINE)
    fragments = 1 + -(-len(call[1]) // PIECE) if call else 0
    return (fragments + 1) * pace
