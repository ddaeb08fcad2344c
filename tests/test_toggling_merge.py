"""Two contacts become one while a plugin is off: its rows go with them all the same."""

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import msgspec
import pytest

from frontdesk import Business, config, contacts, hookimpl
from frontdesk.desk import Desk
from frontdesk.ids import new_id
from frontdesk.migrate import migrate
from frontdesk.plugins import Plugin

ROWS: list[dict[str, str]] = []
"""What stands for the plugin's table: who has what."""


async def _merge(kept: str, gone: str) -> None:
    for row in ROWS:
        if row["contact"] == gone:
            row["contact"] = kept


def _load() -> Any:
    return SimpleNamespace(merge_contacts=hookimpl(_hook))


def _hook(kept: str, gone: str) -> Any:
    return _merge(kept, gone)


@pytest.fixture(autouse=True)
def rows() -> None:
    ROWS.clear()


async def opened(url: str, *disabled: str) -> Desk:
    tree = {
        "database": {"url": url}, "model": {"use": ["offline"]},
        "plugins": {"disabled": list(disabled)},
    }  # fmt: skip
    desk = Desk(config.settings_of(tree))
    desk.plugins.load_installed()
    desk.plugins.add(Plugin(name="owner"), _load)
    desk.collect()
    await desk.open_database()
    await migrate(desk.database, desk.apps)
    await desk.database.stop()
    await desk.start(recover=False)
    await desk.apply(Business(id="b", name="B"))
    return desk


async def contact(desk: Desk) -> str:
    made = await contacts.of_visitor(desk.database, "b", new_id())
    ROWS.append({"contact": made.id})
    return made.id


async def merge(desk: Desk, kept: str, gone: str) -> None:
    async with desk.database.transaction():
        await contacts.merge(desk.database, desk.plugins, "b", kept=kept, gone=gone)


async def deliver(desk: Desk) -> None:
    await next(job for job in desk.jobs if job.name == "outbox").run()


async def waiting(desk: Desk) -> list[dict[str, str]]:
    found = await desk.database.fetch("SELECT body FROM outbox ORDER BY id")
    return [msgspec.json.decode(row["body"]) for row in found]


async def test_one_that_rests_has_its_rows_moved(database_url: str) -> None:
    desk = await opened(database_url)
    try:
        one, two = await contact(desk), await contact(desk)
        desk.switch_plugins({"owner"})
        await merge(desk, one, two)
        assert [row["contact"] for row in ROWS] == [one, one]
        assert await waiting(desk) == []
    finally:
        await desk.stop()


async def test_one_that_is_not_loaded_is_told_when_it_is(database_url: str) -> None:
    desk = await opened(database_url, "owner")
    try:
        one, two, three, four = [await contact(desk) for _ in range(4)]
        await merge(desk, one, two)
        await merge(desk, three, one)
        await deliver(desk)
        await merge(desk, three, four)
        assert [row["contact"] for row in ROWS] == [one, two, three, four]
        assert [entry["kept"] for entry in await waiting(desk)] == [three] * 3
    finally:
        await desk.stop()
    desk = await opened(database_url)
    try:
        await deliver(desk)
        assert [row["contact"] for row in ROWS] == [three] * 4
        assert await waiting(desk) == []
    finally:
        await desk.stop()


async def test_a_business_without_it_keeps_its_rows_too(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'a.db'}"
    desk = await opened(url, "owner")
    try:
        one, two = await contact(desk), await contact(desk)
        await merge(desk, one, two)
    finally:
        await desk.stop()
    desk = await opened(url)
    try:
        without = msgspec.convert(
            {"id": "b", "name": "B", "plugins": {"disabled": ["owner"]}}, Business
        )
        await desk.apply(without)
        await deliver(desk)
        assert [row["contact"] for row in ROWS] == [one, one]
        again = await contact(desk)
        await merge(desk, one, again)
        assert [row["contact"] for row in ROWS] == [one] * 3
    finally:
        await desk.stop()
