"""The customers' lines of docs/transcripts.md, said again: what is in the database then."""

import json
import re
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from test_offline_openings import BUSINESS

from frontdesk.events import CallSettled
from frontdesk.testing import Conversation, TestDesk, open_desk

DOCUMENT = Path(__file__).parents[1] / "docs" / "transcripts.md"
NOON, EVENING, RUSH, MORNING = (
    datetime(2026, 11, 24, hour, 30, tzinfo=UTC) for hour in (17, 22, 23, 14)
)
"""12:30, 17:30, 18:30 and 9:30 in New York, where the team is there from 17:00."""


def transcripts() -> dict[str, list[str]]:
    """The customers' lines by the headings."""
    sections = re.split(r"^## ", DOCUMENT.read_text(encoding="utf-8"), flags=re.MULTILINE)[1:]
    return {
        section.splitlines()[0]: re.findall(r"^> (.+)$", section, flags=re.MULTILINE)
        for section in sections
    }


LINES = transcripts()


class Replay:
    """A transcript, said at the desk."""

    def __init__(self, test: TestDesk, conversation: Conversation) -> None:
        self.test, self.conversation = test, conversation
        self.outcomes: list[CallSettled] = []
        self.replied: list[bool] = []

    @property
    def done(self) -> list[str]:
        return [one.tool for one in self.outcomes if one.status == "done"]

    async def say(self, lines: Iterable[str]) -> None:
        for line in lines:
            self.replied.append(await self.conversation.say(line) is not None)
            self.outcomes += self.conversation.actions

    async def rows(self, table: str) -> list[dict[str, Any]]:
        return [dict(row) for row in await self.test.desk.database.fetch(f"SELECT * FROM {table}")]

    async def row(self, table: str) -> dict[str, Any]:
        (row,) = await self.rows(table)
        return row


@asynccontextmanager
async def at(folder: Path, now: datetime) -> AsyncIterator[Replay]:
    async with open_desk(folder) as test:
        test.set_time(now)
        await test.add_business(BUSINESS)
        yield Replay(test, await test.conversation(BUSINESS.id))


async def test_a_table_is_booked_moved_and_cancelled(tmp_path: Path) -> None:
    lines = LINES["A table: booked, moved, cancelled"]
    booked = lines.index("yes") + 1
    moved = lines.index("yes", booked) + 1
    async with at(tmp_path, NOON) as replay:
        await replay.say(lines[:booked])
        row = await replay.row("booking")
        assert (row["status"], row["wall"], row["party"]) == (
            "confirmed", "2026-11-25T19:00", 4,
        )  # fmt: skip
        assert (row["name"], row["phone"]) == ("Ana Ruiz", "+12125550123")
        reference = row["reference"]
        await replay.say(lines[booked:moved])
        row = await replay.row("booking")
        assert (row["reference"], row["status"], row["wall"], row["party"]) == (
            reference, "confirmed", "2026-11-25T20:00", 4,
        )  # fmt: skip
        await replay.say(lines[moved:])
        row = await replay.row("booking")
        assert (row["reference"], row["status"]) == (reference, "cancelled")
        assert not any(claim["active"] for claim in await replay.rows("booking_claim"))


async def test_an_order_is_corrected_and_placed(tmp_path: Path) -> None:
    async with at(tmp_path, EVENING) as replay:
        lines = LINES["An order, corrected and placed"]
        await replay.say(lines[: lines.index("yes")])
        assert await replay.rows("customer_order") == []
        await replay.say(lines[lines.index("yes") :])
        row = await replay.row("customer_order")
        assert (row["fulfilment"], row["wall"], row["total"]) == (
            "pickup",
            "2026-11-24T19:00",
            5603,
        )
        placed = [(line["item"], line["quantity"]) for line in json.loads(row["lines"])]
        assert placed == [("margherita", 2), ("tiramisu", 1)]
        assert "mushrooms" in row["lines"]
        assert (row["name"], row["phone"]) == ("Ana Ruiz", "+12125550123")


async def test_an_order_is_given_up(tmp_path: Path) -> None:
    async with at(tmp_path, EVENING) as replay:
        await replay.say(LINES["An order given up"])
        assert replay.done.count("add_to_order") == 2
        assert replay.outcomes[-1].data["lines"] == []
        assert await replay.rows("customer_order") == []


async def test_the_hours_of_a_holiday(tmp_path: Path) -> None:
    async with at(tmp_path, EVENING) as replay:
        await replay.say(LINES["The hours of a holiday"])
        (told,) = replay.outcomes
        assert (told.tool, told.status) == ("get_hours", "done")
        assert "2026-12-25" in str(told.data["days"])


async def test_a_person_is_fetched(tmp_path: Path) -> None:
    async with at(tmp_path, RUSH) as replay:
        await replay.say(LINES["A person, while the team is there"])
        assert (await replay.row("conversation"))["status"] == "queued"
        assert (await replay.row("handoff"))["reason"] == "wants_person"
        assert not replay.replied[-1]  # the model is silent


async def test_a_message_is_taken(tmp_path: Path) -> None:
    async with at(tmp_path, MORNING) as replay:
        await replay.say(LINES["A person, while nobody is there"])
        assert (await replay.row("conversation"))["status"] == "bot"
        row = await replay.row("promise")
        assert "scarf" in row["text"]
        assert (row["name"], row["phone"], row["state"]) == ("Ana Ruiz", "+12125550123", "open")


def test_none_is_left_out() -> None:
    source = Path(__file__).read_text(encoding="utf-8")
    assert all(lines and f'LINES["{title}"]' in source for title, lines in LINES.items())
