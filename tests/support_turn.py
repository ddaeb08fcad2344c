"""A shop whose two actions square and write, and a conversation with it."""

from pathlib import Path
from typing import Any

import msgspec
import pytest

from frontdesk import Action, ActionCall, ActionError, hookimpl
from frontdesk.events import CallSettled
from frontdesk.model import ModelError, ToolResult
from frontdesk.testing import ScriptedModel, open_desk, read_toml
from frontdesk.testing.desk import Conversation, TestDesk


class Square(msgspec.Struct):
    number: int


class Shop:
    """A plugin with an action of each kind."""

    def __init__(self) -> None:
        self.ran: list[int] = []

    async def square(self, call: ActionCall, params: Square) -> dict[str, Any]:
        if params.number > 10**6:
            raise ActionError("that is too large", largest=10**6)
        if params.number == 13:
            raise RuntimeError("secret detail")
        self.ran.append(params.number)
        return {"square": params.number**2}

    async def write(self, call: ActionCall, arguments: dict[str, Any]) -> dict[str, Any]:
        await call.db.fetch(
            "INSERT INTO prompt (id, body, created) VALUES ({}, {}, 0)", arguments["key"], "shop"
        )
        if arguments.get("fail"):
            raise ActionError("changed my mind")
        return {"written": arguments["key"]}

    @hookimpl
    def register_actions(self) -> list[Action]:
        schema = {
            "type": "object",
            "additionalProperties": False,
            "required": ["key"],
            "properties": {"key": {"type": "string"}, "fail": {"type": "boolean"}},
        }
        return [
            Action(
                name="square",
                description="Square it.",
                params=Square,
                run=self.square,
                changes=False,
            ),
            Action(name="write", description="Write it.", params=schema, run=self.write),
        ]

    @hookimpl
    def before_action(self, call: ActionCall, arguments: dict[str, Any]) -> str | None:
        return "seven is not allowed" if arguments.get("number") == 7 else None


SHOP = read_toml(
    'id = "shop"\nname = "Shop"\ntimezone = "Europe/Rome"\ntools = ["square", "write"]\nphone = "+39 06 1"'
)


class Scene:
    def __init__(
        self, desk: TestDesk, model: ScriptedModel, shop: Shop, talk: Conversation
    ) -> None:
        self.desk, self.model, self.shop, self.talk = desk, model, shop, talk

    async def written(self) -> list[str]:
        rows = await self.desk.desk.database.fetch("SELECT id FROM prompt WHERE body = 'shop'")
        return sorted(row["id"] for row in rows)

    async def usage(self) -> list[dict[str, Any]]:
        return await self.desk.desk.database.fetch("SELECT * FROM ai_usage ORDER BY id")

    async def settled(self) -> list[CallSettled]:
        return [s.event for s in await self.talk.events() if isinstance(s.event, CallSettled)]


@pytest.fixture
async def scene(tmp_path: Path) -> Any:
    model, shop = ScriptedModel(), Shop()
    settings: dict[str, Any] = {
        "limits": {"turn_rounds": 5, "turn_seconds": 20},
        "model": {"use": ["scripted"]},
    }
    async with open_desk(tmp_path, models=[model], plugins=[shop], settings=settings) as desk:
        await desk.add_business(SHOP)
        yield Scene(desk, model, shop, await desk.conversation("shop"))


def results(model: ScriptedModel) -> list[ToolResult]:
    """The results in the newest request."""
    return [
        block
        for message in model.requests[-1].messages
        for block in message.blocks
        if isinstance(block, ToolResult)
    ]


def broken(kind: str = "overloaded", **more: Any) -> ModelError:
    return ModelError(kind, "no", retryable=more.pop("retryable", True), **more)
