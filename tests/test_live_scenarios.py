"""Packs and a model of its own will: what the wire accepts, and how such a model is graded."""

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from frontdesk import packs, scenarios
from frontdesk.catalogue import read_business
from frontdesk.packs import Pack
from frontdesk.testing import Call, ScriptedModel, open_desk
from frontdesk.testing.fake_claude import FakeClaude, call, calls, from_customer, says
from frontdesk.testing.scenarios import Run, run
from frontdesk.testing.scripted import Step
from frontdesk_server.cli import root

INSTALLED = {pack.name: pack for pack in packs.read_installed()}
TABLE = {
    "party_size": 2, "date": "2026-11-24", "time": "19:00", "name": "Ann Lee", "phone": "212 555 0100"
}  # fmt: skip
BOOKS = """
name = "a table"
now = 2026-11-23T12:00:00-05:00
rows = { booking = 1 }

[[turn]]
customer = "A table for two tomorrow at seven, Ann Lee, 212 555 0100"
expect.proposed = ["create_booking"]
expect.done = []

[[turn]]
customer = "Yes"
press = true
expect.done = ["create_booking"]
expect.data = { create_booking = { party_size = 2 } }
expect.says = ["words that no other model finds"]

[[turn]]
customer = "Thank you"
expect.never = ["cancel_booking"]
"""
LOOKS = Call("check_availability", party_size=2, date="2026-11-24", time="19:00")
PROPOSES = Call("create_booking", **TABLE)


# ---- the wire --------------------------------------------------------------------------------


@pytest.mark.parametrize("name", INSTALLED)
@pytest.mark.parametrize("channel", ["web", "sms"])
async def test_the_messages_api_accepts_the_tools_of_every_pack(
    tmp_path: Path, name: str, channel: str
) -> None:
    """The real SDK against a wire that refuses what the API refuses."""
    script = [calls(call("get_hours", {})), says("There."), says("Goodbye.")]
    async with FakeClaude(script) as fake:
        settings = {
            "plugins": {"claude": {"api_key": "sk-test", "base_url": fake.url, "timeout": 5}},
            "model": {"use": ["claude"]},
        }
        async with open_desk(tmp_path, settings=settings) as desk:
            sections = desk.desk.plugins.business_settings
            business = read_business(INSTALLED[name].example, "example", sections)
            await desk.add_business(business)
            talk = await desk.conversation(business.id, channel=channel)
            replies = [await talk.say("Your hours, please"), await talk.say("Goodbye")]
            known = desk.desk.tools(business)
    assert [reply and reply.content for reply in replies] == ["There.", "Goodbye."]
    assert fake.violations == []
    for request in fake.requests:
        assert [tool["name"] for tool in request["tools"]] == sorted(known)
        assert set(INSTALLED[name].tools) <= set(known)


@contextmanager
def serving(fake: FakeClaude) -> Iterator[str]:
    """Its address, while it answers in another thread."""
    ready, stop = threading.Event(), asyncio.Event()
    loop = asyncio.new_event_loop()

    async def serve() -> None:
        async with fake:
            ready.set()
            await stop.wait()

    thread = threading.Thread(target=lambda: loop.run_until_complete(serve()))
    thread.start()
    assert ready.wait(10)
    try:
        yield fake.url
    finally:
        loop.call_soon_threadsafe(stop.set)
        thread.join(10)
        loop.close()


def test_the_command_runs_scenarios_with_claude(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    folder = tmp_path / "bakery"
    assert CliRunner().invoke(root, ["packs", "new", "bakery"]).exit_code == 0
    for file in (folder / "scenarios").iterdir():
        file.unlink()
    for name, says_ in (("asks", "call: get_hours {}"), ("does_not", "never mind")):
        (folder / f"scenarios/{name}.toml").write_text(
            f'name = "{name}"\nnow = 2026-11-23T12:00:00-05:00\n[[turn]]\n'
            f'customer = "{says_}"\nexpect.data = {{ get_hours = {{}} }}\n'
        )
    fake = FakeClaude(from_customer())
    with serving(fake) as url:
        monkeypatch.setenv("ANTHROPIC_API_KEY", "sk-test")
        monkeypatch.setenv("ANTHROPIC_BASE_URL", url)
        result = CliRunner().invoke(root, ["packs", "test", "./bakery", "--live", "--times", "2"])
    assert fake.violations == []
    assert result.exit_code == 1
    assert "ok   bakery: asks (2 of 2)" in result.output
    assert "FAIL bakery: does_not (1 of 2)" in result.output
    assert "in the end: data: get_hours was not called" in result.output
    assert "2 passed, 2 failed" in result.output
    assert "pass^2 50% (1 of 2 scenarios)" in result.output


def test_live_without_a_key_says_what_it_needs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("ANTHROPIC_API_KEY", raising=False)
    result = CliRunner().invoke(root, ["packs", "test", "restaurant", "--live"])
    assert result.exit_code == 1
    assert "ANTHROPIC_API_KEY" in result.output


# ---- grading ---------------------------------------------------------------------------------


async def graded(*steps: Step) -> Run:
    scenario, problems = scenarios.read(BOOKS, "x.toml")
    assert scenario is not None, problems
    restaurant: Pack = INSTALLED["restaurant"]
    return await run(restaurant, scenario, model=ScriptedModel(*steps))


@pytest.mark.parametrize(
    "steps",
    [
        (PROPOSES, "Shall I?", "Booked.", "Welcome."),
        (LOOKS, PROPOSES, "Shall I?", "Booked.", LOOKS, "Welcome."),
        ("Just to be sure: at seven?", PROPOSES, "Shall I?", "Booked.", "Welcome."),
    ],
    ids=["as written", "with look-ups", "asked in words first"],
)
async def test_how_it_gets_there_is_its_own_affair(steps: tuple[Step, ...]) -> None:
    assert (await graded(*steps)).failures == []


@pytest.mark.parametrize(
    ("steps", "said"),
    [
        (("Fully booked.", "Sorry.", "Bye."), "in the end: done: create_booking was expected"),
        (("Fully booked.", "Sorry.", "Bye."), "rows: expected 1 in booking, got 0"),
        (("Fully booked.", "Sorry.", "Bye."), "in the end: data: create_booking was not called"),
        (
            (
                Call("take_message", text="Call me", name="Ann Lee", phone="212 555 0100"),
                "Noted.",
                PROPOSES,
                "Shall I?",
                "Bye.",
            ),
            "turn 1: done: take_message was carried out, and nothing asked for it",
        ),
        (
            (Call("create_booking", **TABLE | {"party_size": 3}), "Shall I?", "Booked.", "Bye."),
            "in the end: data: create_booking.party_size: expected 2, got 3",
        ),
    ],
)
async def test_what_it_did_counts(steps: tuple[Step, ...], said: str) -> None:
    failures: list[Any] = (await graded(*steps)).failures
    assert any(failure.startswith(said) for failure in failures), failures
