"""Jobs and deliveries of a plugin that one business does without: they wait, others' go on."""

from pathlib import Path

import pytest
from support import migrated
from support_reminders import BISTRO, at, book, open_bistro, tick, want
from support_toggling import OFF, Doubler, send_pigeon, without

from frontdesk import Business
from frontdesk.testing import TestDesk, open_desk
from frontdesk_plugins.booking import reminders

ONE, TWO = Business(id="one", name="One"), Business(id="two", name="Two")


async def deliver(desk: TestDesk) -> None:
    await next(job for job in desk.desk.jobs if job.name == "outbox").run()


async def test_deliveries_of_one_business_wait(tmp_path: Path, database_url: str) -> None:
    plugin = Doubler()
    async with open_desk(tmp_path, plugins=[plugin], recover=False) as desk:
        await desk.add_business(without(ONE, *OFF))
        await desk.add_business(TWO)
        for _ in range(300):  # more than are looked at at once
            await send_pigeon(desk.desk, "one")
        await send_pigeon(desk.desk, "two")
        await deliver(desk)
        assert len(plugin.delivered) == 1
        waiting = await desk.desk.database.fetch("SELECT * FROM outbox")
        assert {(row["business"], row["state"], row["attempts"]) for row in waiting} == {
            ("one", "new", 0)
        }
        await deliver(desk)
        assert len(plugin.delivered) == 1
        await desk.add_business(ONE)
        await deliver(desk)
        assert len(plugin.delivered) == 301
        assert await desk.desk.database.fetch("SELECT * FROM outbox") == []


async def test_many_businesses_may_do_without(database_url: str, tmp_path: Path) -> None:
    plugin = Doubler()
    url = await migrated(database_url)
    async with open_desk(tmp_path, url=url, plugins=[plugin], recover=False) as desk:
        for n in range(150):
            await desk.add_business(without(Business(id=f"b{n}", name="B"), *OFF))
            await send_pigeon(desk.desk, f"b{n}")
        await desk.add_business(TWO)
        await send_pigeon(desk.desk, "two")
        for _ in range(4):
            await deliver(desk)
        assert len(plugin.delivered) == 1


async def test_reminders_of_one_business_wait(tmp_path: Path) -> None:
    async with open_bistro(tmp_path) as desk:
        await want(desk)
        await book(desk)
        await desk.desk.apply(without(BISTRO, "booking"))
        assert await tick(desk, at(23, 19, 1)) == []
        await desk.desk.apply(BISTRO)
        assert await tick(desk, at(23, 19, 2)) == []
        (text,) = await tick(desk, at(23, 19, 1 + reminders.REST_MINUTES))
        assert text.startswith("Bistro reminds you")


@pytest.mark.parametrize("plugin", ["orders", "handoff", "booking"])
async def test_a_business_is_none_of_a_plugin_that_it_does_without(
    tmp_path: Path, plugin: str
) -> None:
    async with open_desk(tmp_path, recover=False) as desk:
        await desk.add_business(without(ONE, plugin))
        assert await desk.desk.business_using(plugin, "one") is None
        assert await desk.desk.business_using("info", "one")
        assert await desk.desk.business_using("info", "three") is None
