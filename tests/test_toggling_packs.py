"""A pack whose plugin is off when the server starts."""

import json
from pathlib import Path
from typing import Any

import httpx
import pytest
from click.testing import CliRunner
from support import Visitor, serving
from support_toggling import desk_of, until, write

from frontdesk_server.cli import root


async def test_the_rest_starts_and_it_comes_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    file = tmp_path / "frontdesk.toml"
    write(file)
    async with serving(desk_of(tmp_path, file)):  # makes the pack's example business
        pass
    write(file, "booking")
    desk = desk_of(tmp_path, file)
    async with serving(desk) as url, httpx.AsyncClient(base_url=url, timeout=30) as http:
        who = await Visitor.arrive(http, "restaurant")
        assert "Bella" in who.greeting
        assert "5:00 PM to 10:30 PM" in (await who.say("When are you open?"))["content"]
        reply = await who.say("Cancel my booking ABCD-1234")
        assert reply["content"].startswith("I cannot cancel a booking here. Please call us on")
        assert reply["actions"] == []

        ready = (await http.get("/health/ready")).json()
        assert ready["status"] == "ok"
        assert ready["disabled"] == ["booking"]
        assert any("booking is switched off" in text for text in ready["brokenPacks"]["restaurant"])
        listed = run("plugins", "list", "--format", "json")
        assert {"booking": "disabled"}.items() <= {p["name"]: p["status"] for p in listed}.items()
        packs = {
            pack["name"]: pack["problems"] for pack in run("packs", "list", "--format", "json")
        }
        assert any("booking is switched off" in text for text in packs["restaurant"])

        write(file)
        await until(lambda: not desk.packs["restaurant"].problems, seconds=6)
        ready = (await http.get("/health/ready")).json()
        assert (ready["disabled"], ready["brokenPacks"]) == ([], {})
        who = await Visitor.arrive(http, "restaurant")
        reply = await who.say("A table for four tomorrow at 7pm please")
        assert "name" in reply["content"].lower()


def run(*args: str) -> list[dict[str, Any]]:
    done = CliRunner().invoke(root, [*args, "--config", "frontdesk.toml"])
    assert done.exit_code == 0, done.output
    found: list[dict[str, Any]] = json.loads(done.stdout)
    return found
