"""A plugin of a third party with pages of its own, in a served console."""

from collections.abc import AsyncIterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from support import migrated
from support_house import House, house_of, load

from frontdesk.desk import Desk
from frontdesk.hookspecs import hookimpl
from frontdesk.pages import Page, PageError, PageRequest

EVIL = "<img src=x onerror=alert(1)>\"'&{{ 7*7 }}"


class Till:
    """A plugin of a third party: what is in the till, and counting it."""

    def __init__(self) -> None:
        self.coins: dict[str, str] = {}
        self.asked: list[PageRequest] = []

    async def load(self, asked: PageRequest) -> Mapping[str, Any]:
        if "broken" in asked.query:
            raise RuntimeError("the till fell over")
        if "missing" in asked.query:
            raise PageError("There is no such till.")
        return {"coins": self.coins.get(asked.business.id, "")}

    async def put(self, asked: PageRequest) -> str:
        self.asked.append(asked)
        coins = asked.form.get("coins", "")
        if coins == "crash":
            raise RuntimeError("the till fell over")
        if not coins.isdecimal():
            raise PageError(f"Coins: {coins!r} is no number.")
        self.coins[asked.business.id] = coins
        return f"{coins} coins are in."

    @hookimpl
    def register_pages(self, desk: Desk) -> list[Page]:
        return [
            Page(
                name="till", title="Till", template="tests_pages:till.html.j2", load=self.load,
                posts={"put": self.put}, role="agent", post_role="manager", place=5,
            ),
            Page(
                name="safe", title="Safe", template="tests_pages:till.html.j2", load=self.load,
                role="owner", post_role="owner", group="Money",
            ),
        ]  # fmt: skip


TEMPLATE = """{% extends "page.html.j2" %}{% from "macros.html.j2" import form, field, area, check %}
{% block content %}<p id="coins">{{ coins }}</p>
{% call form("put", csrf, {"note": "<hidden>"}) %}
{{ field("coins", "Coins", typed("put").get("coins", coins), required=true) }}
{{ area("why", "Why", typed("put").get("why", "")) }}{{ check("sure", "Sure", typed("put").get("sure")) }}
<button>Put</button>{% endcall %}{% endblock %}"""


@pytest.fixture
def till(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Till:
    package = tmp_path / "package" / "tests_pages"
    package.mkdir(parents=True)
    (package / "__init__.py").write_text("")
    (package / "till.html.j2").write_text(TEMPLATE)
    monkeypatch.syspath_prepend(package.parent)
    return Till()


@pytest.fixture
async def house(tmp_path: Path, till: Till) -> AsyncIterator[House]:
    async with house_of(load(tmp_path, till)) as made:
        yield made


@pytest.fixture
async def both(tmp_path: Path, till: Till, database_url: str) -> AsyncIterator[House]:
    await migrated(database_url)
    async with house_of(load(tmp_path, till, database={"url": database_url})) as made:
        yield made
