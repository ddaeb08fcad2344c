"""A whole turn with the real anthropic SDK, against a fake of its wire that checks every request."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import msgspec
import pytest
from ungated import ungated

from frontdesk import reads
from frontdesk.context import history
from frontdesk.events import Replied
from frontdesk.testing import open_desk, read_toml
from frontdesk.testing.desk import Conversation, TestDesk
from frontdesk.testing.fake_claude import (
    FakeClaude,
    Reply,
    call,
    calls,
    cut_call,
    fails,
    refuses,
    says,
    says_nothing,
)
from frontdesk.testing.scripted import check_history

BOOKING = {
    "party_size": 4, "date": "2026-11-23", "time": "19:00", "name": "Zoë Smith",
    "phone": "+1 212 555 0142",
}  # fmt: skip


TOOLS = ("create_booking", "check_availability", "get_hours", "get_business_info")


class Scene:
    def __init__(self, desk: TestDesk, talk: Conversation, fake: FakeClaude) -> None:
        self.desk, self.talk, self.fake = desk, talk, fake

    async def say(self, text: str) -> Replied:
        reply = await self.talk.say(text)
        assert reply is not None
        assert self.fake.violations == []
        return reply

    async def usage(self) -> list[dict[str, Any]]:
        return await self.desk.desk.database.fetch("SELECT * FROM ai_usage ORDER BY created, id")

    async def bookings(self) -> int:
        row = await self.desk.desk.database.one("SELECT COUNT(*) AS n FROM booking")
        assert row is not None
        return int(row["n"])


@pytest.fixture
def script() -> list[Any]:
    """Tests append to it before they speak."""
    return []


@pytest.fixture
async def scene(tmp_path: Path, script: list[Any]) -> AsyncIterator[Scene]:
    def answer(body: dict[str, Any]) -> Any:
        step = script.pop(0)
        return step(body) if callable(step) else step

    async with FakeClaude(answer, cache_minimum=0) as fake:
        settings = {
            "plugins": {"claude": {"api_key": "sk-test", "base_url": fake.url, "timeout": 5}},
            "model": {"use": ["claude", "offline"]},
        }
        # Tools that have to be confirmed are not what is tested here.
        packs = [ungated(tmp_path, *TOOLS)]
        async with open_desk(tmp_path, settings=settings, pack_folders=packs) as desk:
            example = read_toml(desk.desk.packs["restaurant"].example)
            await desk.add_business(msgspec.structs.replace(example, pack="ungated"))
            yield Scene(desk, await desk.conversation("restaurant"), fake)


async def test_words(scene: Scene, script: list[Any]) -> None:
    script += [says("Good evening."), says("You are welcome.")]
    assert (await scene.say("hello")).content == "Good evening."
    assert (await scene.say("thanks")).content == "You are welcome."
    usage = await scene.usage()
    assert [row["provider"] for row in usage] == ["claude", "claude"]
    assert all(row["cost"] and row["output_tokens"] for row in usage)
    whole = (
        usage[1]["input_tokens"] + usage[1]["cache_read_tokens"] + usage[1]["cache_write_tokens"]
    )
    assert usage[1]["cache_read_tokens"] >= 0.9 * whole


async def test_one_tool_then_two_in_parallel(scene: Scene, script: list[Any]) -> None:
    script += [
        calls(call("check_availability", {"party_size": 4, "date": "2026-11-23", "time": "19:00"})),
        says("It is free."),
        calls(call("get_hours", {}), call("get_business_info", {}), text="One moment."),
        says("There."),
    ]
    assert (await scene.say("tomorrow at 7 for 4?")).content == "It is free."
    assert [a.data["available"] for a in scene.talk.actions] == [True]
    assert (await scene.say("hours and address?")).content == "One moment.\n\nThere."
    assert [a.tool for a in scene.talk.actions] == ["get_hours", "get_business_info"]
    results = scene.fake.requests[-1]["messages"][-1]["content"]
    assert [block["type"] for block in results] == ["tool_result", "tool_result"]


async def test_an_invalid_call_is_corrected_after_reading_the_problems(
    scene: Scene, script: list[Any]
) -> None:
    wrong = BOOKING | {"party_size": "four", "time": "7pm", "table": "window"}
    script += [calls(call("create_booking", wrong))]

    def corrected(body: dict[str, Any]) -> Reply:
        result = body["messages"][-1]["content"][0]
        assert result["is_error"]
        for problem in ("/party_size: must be of type integer", "/time: ", "/: unknown: table"):
            assert problem in result["content"]
        return calls(call("create_booking", BOOKING))

    script += [corrected, says("Booked for four.")]
    assert (await scene.say("book a table")).content == "Booked for four."
    assert [a.status for a in scene.talk.actions] == ["done"]
    assert await scene.bookings() == 1


@pytest.mark.parametrize(
    ("failure", "kind"),
    [
        (fails(429, "rate_limit_error", retry_after="0"), "rate_limit"),
        (fails(529, "overloaded_error"), "overloaded"),
        (fails(500, "api_error"), "server"),
    ],
)
async def test_passing_failures_are_retried(
    scene: Scene, script: list[Any], failure: Any, kind: str
) -> None:
    script += [failure, says("Here.")]
    assert (await scene.say("hello")).content == "Here."
    assert [row["error"].split(":")[0] for row in await scene.usage()] == [kind, ""]


async def test_lasting_failures_fall_back_to_the_offline_model(
    scene: Scene, script: list[Any]
) -> None:
    script += [fails(529, "overloaded_error")] * 3
    reply = await scene.say("What are your opening hours?")
    assert reply.outcome == "answered"
    assert [a.tool for a in scene.talk.actions] == ["get_hours"]
    script += [says("Back.")]
    assert (await scene.say("thanks")).content == "Back."  # and its history is legal for the API
    providers = [row["provider"] for row in await scene.usage()]
    assert providers.count("offline") >= 1
    assert providers[-1] == "claude"


async def test_a_refused_key_is_not_tried_again(scene: Scene, script: list[Any]) -> None:
    script += [fails(401, "authentication_error")]
    await scene.say("hello")
    assert len(scene.fake.requests) + len(script) <= 1


HALF = says("We are open until ten tonight.", deltas=6)


@pytest.mark.parametrize(
    "broken",
    [HALF.aborts(3), HALF.ends_early(3), HALF.breaks("overloaded_error", 3)],
    ids=["connection reset", "no message_stop", "error event"],
)
async def test_a_cut_stream_is_continued_once(
    scene: Scene, script: list[Any], broken: Reply
) -> None:
    said = ""

    def rest(body: dict[str, Any]) -> Reply:
        nonlocal said
        assert body["messages"][-2]["role"] == "assistant"
        said = body["messages"][-2]["content"][0]["text"]
        return says(" and so on.")

    script += [broken, rest, says("Bye."), broken, broken]
    assert (await scene.say("hours?")).content == said + " and so on."
    assert said
    assert "We are open until ten tonight.".startswith(said)
    assert (await scene.say("thanks")).content == "Bye."
    assert (await scene.say("hours?")).outcome == "apology"  # the second time it ends


async def test_a_call_cut_by_max_tokens_is_not_carried_out(scene: Scene, script: list[Any]) -> None:
    script += [
        cut_call("create_booking", '{"party_size":4,"date":"2026-11-23","time":"19:0'),
        calls(call("create_booking", BOOKING)),
        says("Booked."),
    ]
    assert (await scene.say("book")).content == "Booked."
    assert await scene.bookings() == 1
    first, second = scene.fake.requests[0]["max_tokens"], scene.fake.requests[1]["max_tokens"]
    assert second == 2 * first


async def test_refusals_and_silence(scene: Scene, script: list[Any]) -> None:
    script += [refuses("I can"), says_nothing(), says("Yes?"), says("Bye.")]
    assert (await scene.say("x")).outcome == "refusal"
    assert (await scene.say("y")).content == "Yes?"
    await scene.say("z")


async def test_the_stored_history_is_always_legal(scene: Scene, script: list[Any]) -> None:
    script += [calls(call("get_hours", {})), fails(400, "invalid_request_error")]
    await scene.say("hours?")
    rows = await scene.talk.events()
    assert isinstance(rows[-1].event, Replied)
    script += [says("Fine.")]
    await scene.say("again")
    database = scene.desk.desk.database
    await database.fetch("UPDATE conversation SET lease_owner = 'test', turn = 'none'")
    conversation = await reads.load(database, scene.talk.id, "test", scene.desk.desk.business)
    messages = history(conversation)
    assert messages[-1].role == "assistant"
    assert check_history(messages[:-1]) == []
