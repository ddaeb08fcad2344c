"""Long conversations and spent budgets: the cost of a turn does not grow with age."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from statistics import mean
from typing import Any

import msgspec

from frontdesk.budget import KNOWN_SECONDS
from frontdesk.database import Database
from frontdesk.model import ModelReply, Usage
from frontdesk.store import WINDOW_LARGEST
from frontdesk.summary import LARGEST
from frontdesk.testing import Call, ScriptedModel, open_desk, read_toml
from frontdesk.testing.fake_claude import FakeClaude, says

BUSINESS = read_toml('id = "long"\nname = "Long"\ntools = ["get_hours"]')


async def test_a_long_conversation_is_cut_rarely_and_only_before_customers(tmp_path: Path) -> None:
    model = ScriptedModel()
    async with open_desk(
        tmp_path, models=[model], settings={"model": {"use": ["scripted"]}}
    ) as desk:
        await desk.add_business(BUSINESS)
        talk = await desk.conversation("long")
        for n in range(90):
            model.then(*([Call("get_hours")] if n % 2 else []), f"Reply {n}.")
            assert await talk.say(f"message {n}") is not None  # the model checks every history
        cuts = sum(
            now.messages[: len(before.messages)] != before.messages
            for before, now in pairwise(model.requests)
        )
        assert 1 <= cuts <= 5
        assert max(len(request.messages) for request in model.requests) < WINDOW_LARGEST
        summary = str(model.requests[-1].messages[0].blocks[0])
        assert "Customer: message 7" in summary, "what the window lost is told in short"


async def test_two_thousand_messages_cost_no_more_than_fifty(tmp_path: Path) -> None:
    model = ScriptedModel()
    async with open_desk(
        tmp_path, models=[model], settings={"model": {"use": ["scripted"]}}, recover=False
    ) as desk:  # without the jobs, whose queries belong to no turn
        await desk.add_business(BUSINESS)
        talk = await desk.conversation("long")
        queries = counted(desk.desk.database)
        before: list[int] = []
        for n in range(1000):
            model.then(f"Reply {n}, which is about as long as replies are, a sentence or two.")
            before.append(len(queries))
            assert await talk.say(f"Message {n}: could you tell me a little more of it?")
        before.append(len(queries))
        sizes = [len(msgspec.json.encode(request.messages)) for request in model.requests]
        asked = [after - earlier for earlier, after in pairwise(before)]
        assert max(sizes[40:]) <= 1.1 * max(sizes[:40]) + LARGEST
        assert mean(sizes[-40:]) <= sizes[24] + LARGEST, "a whole cycle of the window, and fifty"
        assert max(asked[45:]) <= max(asked[:45]) + 2, "the window is cut sometimes"
        assert mean(asked[-40:]) <= mean(asked[:45]) + 0.5


def counted(database: Database) -> list[str]:
    """Every statement that the database runs from now on."""
    seen: list[str] = []
    fetch = database.engine.fetch

    async def counting(sql: str, args: Sequence[Any] = ()) -> list[dict[str, Any]]:
        seen.append(sql)
        return await fetch(sql, args)

    database.engine.fetch = counting  # type: ignore[method-assign]
    return seen


async def test_from_the_second_turn_nine_tenths_come_from_the_cache(tmp_path: Path) -> None:
    def answer(body: dict[str, Any]) -> Any:
        return says("We keep it for you until eight, and there is a garage round the corner.")

    async with FakeClaude(answer) as fake:
        settings = {
            "plugins": {"claude": {"api_key": "sk-test", "base_url": fake.url}},
            "model": {"use": ["claude"]},
        }
        async with open_desk(tmp_path, settings=settings) as desk:
            await desk.add_business(read_toml(desk.desk.packs["restaurant"].example))
            talk = await desk.conversation("restaurant")
            for n in range(100):
                assert await talk.say(f"And number {n}: could we come by car, and is it far?")
        assert fake.violations == []
        shares = [usage.cached_share for usage in fake.usages]
        assert mean(shares[1:]) >= 0.95
        assert min(shares[1:]) >= 0.9, "also where the window is cut"


async def test_a_spent_budget_leaves_the_offline_model(tmp_path: Path) -> None:
    dear = ModelReply(model="dear", text="Hello.", usage=Usage(output=1, cost=30_000))
    model = ScriptedModel(dear)
    async with open_desk(tmp_path, models=[model]) as desk:
        desk.set_time(datetime.now(UTC))
        await desk.add_business(msgspec.structs.replace(BUSINESS, monthly_budget=3))
        talk = await desk.conversation("long")
        first = await talk.say("hello")
        assert first is not None
        assert first.content == "Hello."
        desk.set_time(datetime.now(UTC) + timedelta(seconds=KNOWN_SECONDS + 1))
        await talk.say("hello again")
        rows = await desk.desk.database.fetch("SELECT provider FROM ai_usage ORDER BY id")
        assert [row["provider"] for row in rows] == ["scripted", "offline"]
