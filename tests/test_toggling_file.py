"""Plugins switched off and on by the configuration file of a running server."""

import logging
from collections.abc import AsyncIterator
from pathlib import Path
from types import SimpleNamespace

import httpx
import msgspec
import pytest
import structlog
from support import Visitor, serving
from support_toggling import FILE, OFF, desk_of, doubler, opened, send_pigeon, until

from frontdesk import Business, hookimpl, toggling
from frontdesk.desk import Desk
from frontdesk.plugins import Plugin


@pytest.fixture
async def served(tmp_path: Path) -> AsyncIterator[tuple[str, Desk, Path]]:
    async with opened(tmp_path) as found:
        yield found


async def test_a_running_server_takes_the_file_up(served: tuple[str, Desk, Path]) -> None:
    _, desk, file = served
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.INFO))
    with structlog.testing.capture_logs() as logs:
        file.write_text(FILE.replace('"http",', '"http", "test-0", "ghost",'))
        await until(lambda: desk.plugins.resting == OFF)
        assert [e["plugin"] for e in logs if "no plugin" in e["event"]] == ["ghost"]
        file.write_text("[plugins\n")
        await until(lambda: any("configuration is wrong" in e["event"] for e in logs))
        assert desk.plugins.resting == OFF
        file.write_text(FILE + "\n[limits]\nturns = 3\n")
        await until(lambda: not desk.plugins.resting)
        told = [e["keys"] for e in logs if "needs a restart" in e["event"] and "keys" in e]
        assert told == [["limits.turns"]]
        file.write_text(FILE.replace('"http",', ""))
        await until(lambda: "http" in desk.plugins.enabled())
        assert "http_get" in desk.plugins.actions
        file.unlink()
        await until(lambda: any("is gone" in e["event"] for e in logs))
        file.write_text(FILE.replace('"http",', '"http", "test-0"'))
        await until(lambda: desk.plugins.resting == OFF | {"http"})


async def test_what_was_off_at_the_start_is_loaded(tmp_path: Path) -> None:
    """With its tables, its routes, its jobs, and the pack that cannot be without it."""
    file = tmp_path / "frontdesk.toml"
    file.write_text('[plugins]\ndisabled = ["info", "web", "test-0", "broken"]\n')
    desk = desk_of(tmp_path, file)
    desk.plugins.add(
        Plugin(name="broken"), lambda: SimpleNamespace(startup=hookimpl(lambda: 1 / 0))
    )
    assert desk.packs["restaurant"].problems
    async with serving(desk) as url, httpx.AsyncClient(base_url=url) as http:
        assert (await http.post("/pigeon")).status_code == 404
        assert (await http.get("/widget/config?business=b")).status_code == 404
        file.write_text("[plugins]\ndisabled = []\n")
        await until(lambda: not desk.packs["restaurant"].problems)
        assert desk.plugins.found["broken"].status == "quarantined"
        assert desk.plugins.resting == frozenset()
        assert desk.plugins.unloaded == frozenset()
        assert (await http.post("/pigeon")).text == "coo"
        await send_pigeon(desk)
        await until(lambda: not desk.plugins.resting and doubler(desk).delivered)
        assert doubler(desk).ran.is_set()
        name = {"id": "b", "name": "B", "pack": "restaurant"}
        await desk.apply(msgspec.convert(name, Business))
        who = await Visitor.arrive(http, "b")
        assert (await who.say("do you sell gift cards?"))["content"]
        await desk.database.fetch("SELECT * FROM info_index")
        file.write_text('[plugins]\ndisabled = ["test-0"]\n')
        await until(lambda: desk.plugins.resting == OFF)
        assert (await http.post("/pigeon")).status_code == 503


async def test_what_is_required_is_never_switched_off(tmp_path: Path) -> None:
    file = tmp_path / "frontdesk.toml"
    file.write_text('[plugins]\nrequired = ["info"]\n')
    desk = desk_of(tmp_path, file)
    watch = toggling.jobs(desk)[0]
    file.write_text('[plugins]\ndisabled = ["info"]\n')
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.INFO))
    with structlog.testing.capture_logs() as logs:
        for _ in range(3):
            await watch.run()
    assert desk.plugins.resting == frozenset()
    assert "'info'" in next(e["reason"] for e in logs if "wrong" in e["event"])


def test_only_what_differs_is_told() -> None:
    old = {"a": {"b": 1, "c": 2}, "d": {"e": 1}}
    new = {"a": {"b": 1, "c": 3}, "f": {"g": 1}, "h": 2}
    assert toggling.changed(old, new) == ["a.c", "d.e", "f.g", "h"]
    assert toggling.changed(old, old) == []
