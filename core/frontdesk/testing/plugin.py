"""The pytest plugin that ships with Frontdesk: fixtures `desk`, `say` and `scripted_model`.

The two that wait need pytest-asyncio, in any of its modes. Everything heavy is imported inside the
fixtures, so that test runs that use none pay nothing.
"""

from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from frontdesk.events import Replied
    from frontdesk.testing import ScriptedModel, TestDesk

async_fixture: Any
try:
    from pytest_asyncio import fixture as async_fixture
except ImportError:  # pytest says itself that an async fixture needs a plugin
    async_fixture = pytest.fixture


@pytest.fixture
def scripted_model() -> "ScriptedModel":
    """Give it replies with `then`; every request is checked as the real API would check it."""
    from frontdesk.testing import ScriptedModel  # noqa: PLC0415

    return ScriptedModel()


@async_fixture  # type: ignore[untyped-decorator]
async def desk(tmp_path: Path, scripted_model: "ScriptedModel") -> "AsyncIterator[TestDesk]":
    """A started desk with every installed plugin and pack, the scripted model, and a business.

    The business is "test": London, open every day from 9 to 23, and all actions are its tools.
    """
    from frontdesk.business import Business, Hours  # noqa: PLC0415
    from frontdesk.testing import open_desk  # noqa: PLC0415

    async with open_desk(tmp_path, models=[scripted_model]) as opened:
        day = ("09:00-23:00",)
        await opened.add_business(
            Business(
                id="test",
                name="Test Business",
                timezone="Europe/London",
                country="GB",
                phone="+44 20 7946 0000",
                hours=Hours(mon=day, tue=day, wed=day, thu=day, fri=day, sat=day, sun=day),
                tools=tuple(opened.desk.plugins.actions),
            )
        )
        yield opened


@async_fixture  # type: ignore[untyped-decorator]
async def say(desk: "TestDesk") -> "Callable[[str], Awaitable[Replied | None]]":
    """`await say("hello")` in one conversation with the business "test"; it returns the reply."""
    conversation = await desk.conversation("test")
    return conversation.say
