"""Long conversations and spent budgets: the cost of a turn does not grow with age."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path

import msgspec

from frontdesk.desk import BUDGET_SECONDS
from frontdesk.model import ModelReply, Usage
from frontdesk.store import WINDOW_LARGEST
from frontdesk.testing import Call, ScriptedModel, open_desk, read_toml

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
        assert len(model.requests[-1].messages) > 20


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
        desk.set_time(datetime.now(UTC) + timedelta(seconds=BUDGET_SECONDS + 1))
        await talk.say("hello again")
        rows = await desk.desk.database.fetch("SELECT provider FROM ai_usage ORDER BY id")
        assert [row["provider"] for row in rows] == ["scripted", "offline"]
