"""Tools that are an address: what is sent, what is read, and what goes wrong."""

import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import msgspec
import pytest
from aiohttp import web

from frontdesk import Business, ConfigError
from frontdesk.testing import Call, ScriptedModel, TestDesk, open_desk, read_toml

BUSINESS = """
id = "garage"
name = "Garage"
[[custom_tools]]
name = "repair_status"
description = "How a repair stands."
action = "http_get"
bind = { endpoint = "status" }
[custom_tools.input_schema]
type = "object"
additionalProperties = false
required = ["number"]
[custom_tools.input_schema.properties]
number = { type = "string" }
[[custom_tools]]
name = "order_part"
description = "Order a part."
action = "http_call"
bind = { endpoint = "part" }
[custom_tools.input_schema]
type = "object"
additionalProperties = false
required = ["part"]
[custom_tools.input_schema.properties]
part = { type = "string" }
count = { type = "integer" }
[settings.http.endpoints.status]
method = "GET"
url = "http://127.0.0.1:PORT/jobs/{number}?full=1"
headers = { Authorization = "Bearer {secret:garage}" }
result = { state = "/job/state", first = "/job/parts/0" }
message = "Job {state}."
refusals = { 404 = "There is no such job." }
[settings.http.endpoints.part]
url = "http://127.0.0.1:PORT/parts"
body = { sku = "{part}", quantity = "{count}", note = "for {part}" }
timeout = 2
"""


class System:
    """The other system: it notes what comes and answers what it is told to."""

    def __init__(self) -> None:
        self.requests: list[tuple[str, dict[str, str], str]] = []
        self.answers: list[Any] = []
        """Statuses or bodies, one for each request; then an empty object."""

    async def handle(self, request: web.Request) -> web.Response:
        self.requests.append(
            (
                request.raw_path,
                {key.lower(): value for key, value in request.headers.items()},
                await request.text(),
            )
        )
        answer = self.answers.pop(0) if self.answers else {}
        if isinstance(answer, int):
            return web.Response(status=answer)
        return web.json_response(answer)


@pytest.fixture
async def system() -> AsyncIterator[tuple[System, int]]:
    system = System()
    app = web.Application()
    app.router.add_route("*", "/{tail:.*}", system.handle)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    port = runner.addresses[0][1]
    yield system, port
    await runner.cleanup()


class Talk:
    def __init__(self, desk: TestDesk, model: ScriptedModel, system: System) -> None:
        self.desk, self.model, self.system = desk, model, system

    async def call(self, tool: str, **arguments: Any) -> tuple[str, dict[str, Any]]:
        self.model.then(Call(tool, **arguments), "There.")
        talk = await self.desk.conversation("garage")
        await talk.say("please")
        return talk.actions[0].status, talk.actions[0].data


def business(port: int) -> Business:
    return read_toml(BUSINESS.replace("PORT", str(port)))


@pytest.fixture
async def talk(tmp_path: Path, system: tuple[System, int]) -> AsyncIterator[Talk]:
    other, port = system
    model = ScriptedModel()
    settings = {
        "model": {"use": ["scripted"]},
        "outgoing": {"local": True, "ports": [port]},
        "plugins": {"http": {"secrets": {"garage": {"value": "s3cret", "businesses": ["garage"]}}}},
    }
    async with open_desk(tmp_path, models=[model], settings=settings) as desk:
        await desk.add_business(business(port))
        yield Talk(desk, model, other)


async def test_a_look_up(talk: Talk) -> None:
    talk.system.answers = [{"job": {"state": "ready", "parts": ["brake"], "owner": "someone else"}}]
    status, data = await talk.call("repair_status", number="A/7?x=1")
    assert (status, data) == ("done", {"state": "ready", "first": "brake", "message": "Job ready."})
    ((path, headers, body),) = talk.system.requests
    assert (path, body) == ("/jobs/A%2F7%3Fx%3D1?full=1", "")
    assert headers["authorization"] == "Bearer s3cret"


async def test_what_is_sent_is_mapped_with_its_types(talk: Talk) -> None:
    assert (await talk.call("order_part", part="brake", count=2))[0] == "done"
    assert json.loads(talk.system.requests[0][2]) == {
        "sku": "brake", "quantity": 2, "note": "for brake",
    }  # fmt: skip


async def test_every_attempt_has_the_same_key(talk: Talk) -> None:
    talk.system.answers = [503, 429, {"ok": True}]
    assert await talk.call("order_part", part="brake") == ("done", {"ok": True})
    keys = {headers["idempotency-key"] for _, headers, _ in talk.system.requests}
    assert (len(talk.system.requests), len(keys)) == (3, 1)


async def test_what_may_have_been_done_is_not_sent_again_without_a_key(
    talk: Talk, system: tuple[System, int]
) -> None:
    own = business(system[1])
    endpoints = own.settings["http"]["endpoints"]
    plain = endpoints["part"] | {"idempotency_header": ""}
    settings = {"http": {"endpoints": endpoints | {"part": plain}}}
    await talk.desk.add_business(msgspec.structs.replace(own, settings=settings))
    talk.system.answers = [503]
    status, data = await talk.call("order_part", part="brake")
    assert (status, len(talk.system.requests)) == ("failed", 1)
    assert "not known" in data["message"]


@pytest.mark.parametrize(
    ("answer", "words"), [(404, "There is no such job."), (403, "refused this (403)")]
)
async def test_refusals(talk: Talk, answer: int, words: str) -> None:
    talk.system.answers = [answer]
    status, data = await talk.call("repair_status", number="7")
    assert (status, len(talk.system.requests)) == ("failed", 1)
    assert words in data["message"]


async def test_a_secret_of_another_business_is_not_sent(
    talk: Talk, system: tuple[System, int]
) -> None:
    await talk.desk.add_business(msgspec.structs.replace(business(system[1]), id="thief"))
    talk.model.then(Call("repair_status", number="7"), "There.")
    thief = await talk.desk.conversation("thief")
    await thief.say("please")
    assert thief.actions[0].status == "failed"
    assert talk.system.requests == []


async def test_nothing_inside_is_reached(tmp_path: Path, system: tuple[System, int]) -> None:
    model = ScriptedModel()
    async with open_desk(
        tmp_path, models=[model], settings={"model": {"use": ["scripted"]}}
    ) as desk:
        await desk.add_business(business(system[1]))
        status, _ = await Talk(desk, model, system[0]).call("order_part", part="brake")
    assert (status, system[0].requests) == ("failed", [])


@pytest.mark.parametrize(
    ("old", "new", "where"),
    [
        ('action = "http_get"', 'action = "http_gte"', "custom_tools.0.action"),
        ("additionalProperties = false\n", "", "custom_tools.0.input_schema"),
        ('name = "order_part"', 'name = "Order part"', "custom_tools.1.name"),
    ],
)
async def test_wrong_tools_are_named(tmp_path: Path, old: str, new: str, where: str) -> None:
    async with open_desk(tmp_path) as desk:
        with pytest.raises(ConfigError, match=where):
            await desk.add_business(read_toml(BUSINESS.replace(old, new, 1)))
