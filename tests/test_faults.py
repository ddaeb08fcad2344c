"""What must hold when something breaks in the middle: the database, a model, a stranger's input."""

import asyncio
import json
import logging
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from support import Visitor, migrated, serving
from support_turn import SHOP, Shop

from frontdesk import ConfigError, config
from frontdesk.desk import Desk
from frontdesk.events import CallSettled, Replied
from frontdesk.model import ModelReply, ModelRequest
from frontdesk.testing import Call, ScriptedModel, open_desk
from frontdesk_server import logs


class BadCommit:
    """The next commits of a database fail, before or after they were carried out."""

    def __init__(self, engine: Any, *, after: bool, at: int) -> None:
        self.engine, self.after, self.left = engine, after, at
        self.original = engine.transaction
        engine.transaction = self.transaction

    def transaction(self, *args: Any, **kwargs: Any) -> Any:
        made = self.original(*args, **kwargs)
        if made._parent is not None:
            return made
        self.left -= 1
        if self.left != 0:
            return made
        finish, bad = type(made).__aexit__, self

        class Failing(type(made)):  # type: ignore[misc]
            async def __aexit__(self, kind: Any, error: Any, trace: Any) -> Any:
                if kind is not None:
                    return await finish(self, kind, error, trace)
                lost = ConnectionError("the connection is gone")
                if bad.after:
                    await finish(self, None, None, None)
                else:
                    await finish(self, type(lost), lost, None)
                raise lost

        made.__class__ = Failing
        return made


@pytest.mark.parametrize("after", [False, True])
@pytest.mark.parametrize("at", [2, 3])
async def test_a_commit_of_unknown_outcome_leaves_one_outcome(
    database_url: str, tmp_path: Path, at: int, after: bool
) -> None:
    """at=2: the action's own transaction; at=3: the reply's."""
    await migrated(database_url)
    model = ScriptedModel(
        lambda request: "Done." if len(request.messages) > 1 else Call("write", key="k")
    )
    model.steps *= 6
    settings = {"model": {"use": ["scripted"]}}
    async with open_desk(
        tmp_path, url=database_url, models=[model], plugins=[Shop()], settings=settings
    ) as desk:
        await desk.add_business(SHOP)
        talk = await desk.conversation("shop")
        # The prompt is remembered outside of transactions; the first one is the message's own.
        BadCommit(desk.desk.database.engine, after=after, at=at)
        reply = await talk.say("write it")
        assert reply is not None
        assert (reply.outcome, reply.content) == ("answered", "Done.")
        events = [stored.event for stored in await talk.events()]
        assert [e.status for e in events if isinstance(e, CallSettled)] == ["done"]
        assert len([e for e in events if isinstance(e, Replied)]) == 1
        rows = await desk.desk.database.fetch("SELECT id FROM prompt WHERE body = 'shop'")
        assert [row["id"] for row in rows] == ["k"]


async def test_a_model_that_breaks_its_contract_is_passed_over(tmp_path: Path) -> None:
    class Silent(ScriptedModel):
        async def stream(self, request: ModelRequest) -> AsyncIterator[Any]:
            if self.requests:
                yield None

    def explode(_: ModelRequest) -> Any:
        raise ValueError("a bug of a stranger")

    models = [ScriptedModel(explode, name="a"), Silent(name="b"), ScriptedModel("Third.", name="c")]
    async with open_desk(tmp_path, models=models) as desk:
        await desk.add_business(SHOP)
        reply = await (await desk.conversation("shop")).say("x")
        assert reply is not None
        assert reply.content == "Third."
        rows = await desk.desk.database.fetch("SELECT provider, error FROM ai_usage ORDER BY id")
        kinds = [(row["provider"], row["error"].split(":")[0]) for row in rows]
        assert kinds[0] == ("a", "broken")
        assert ("b", "cut") in kinds
        assert kinds[-1] == ("c", "")


async def test_a_model_without_deltas_is_heard(tmp_path: Path) -> None:
    class Whole(ScriptedModel):
        async def stream(self, request: ModelRequest) -> AsyncIterator[Any]:
            yield ModelReply(model="whole", text="All at once.")

    async with open_desk(tmp_path, models=[Whole()]) as desk:
        await desk.add_business(SHOP)
        reply = await (await desk.conversation("shop")).say("x")
        assert reply is not None
        assert reply.content == "All at once."


async def test_refusals_of_one_round_are_read_before_anything_ends(tmp_path: Path) -> None:
    bad = Call("square", number="x")
    model = ScriptedModel([bad, bad, bad], Call("square", number=2), "Four.")
    async with open_desk(tmp_path, models=[model], plugins=[Shop()]) as desk:
        await desk.add_business(SHOP)
        reply = await (await desk.conversation("shop")).say("x")
        assert reply is not None
        assert reply.content == "Four."


async def test_what_a_cancelled_turn_cost_is_kept(tmp_path: Path) -> None:
    model = ScriptedModel("Never finished.")
    model.pause = asyncio.Event()
    url = f"sqlite:///{tmp_path / 'cost.db'}"
    async with open_desk(tmp_path, url=url, models=[model]) as desk:
        await desk.add_business(SHOP)
        talk = await desk.conversation("shop")
        saying = asyncio.create_task(talk.say("x"))
        while not model.requests:
            await asyncio.sleep(0.001)
        saying.cancel()
    async with open_desk(tmp_path, url=url, recover=False) as desk:
        rows = await desk.desk.database.fetch("SELECT error FROM ai_usage")
        assert [row["error"].split(":")[0] for row in rows] == ["cancelled"]


async def test_strange_input_on_both_databases(database_url: str) -> None:
    await migrated(database_url)
    desk = Desk(config.settings_of({"database": {"url": database_url}}))
    desk.secret_keys = ("a key for tests, thirty-two characters",)
    desk.load()
    deep = b'{"content":"x","z":' + b"[" * 30_000 + b"]" * 30_000 + b"}"
    async with serving(desk) as url, httpx.AsyncClient(base_url=url, timeout=20) as http:
        visitor = await Visitor.arrive(http, "restaurant")
        headers = visitor.headers | {"content-type": "application/json"}
        long_token = {"authorization": "Bearer " + "x" * 9000}
        answers = [
            (await http.post(f"{visitor.path}/messages", content=deep, headers=headers), 400),
            (await http.get("/widget/config?business=%00"), 404),
            (await http.get("/demo/%00"), 404),
            (await http.post("/widget/conversations", json={"business": "\x00"}), 404),
            (await http.get(f"{visitor.path}/messages", headers=long_token), 401),
        ]  # fmt: skip
        assert [a.status_code for a, _ in answers] == [status for _, status in answers]
        # The same message again costs nothing, however often it is asked for.
        first = await visitor.say("When are you open?", clientId="c")
        for _ in range(30):
            assert await visitor.say("When are you open?", clientId="c") == first


def test_logs_keep_secrets_and_texts_of_exceptions(capsys: pytest.CaptureFixture[str]) -> None:
    import structlog

    logs.set_up()
    log = structlog.get_logger("test")
    words = "my card is 4111 and postgresql://me:hunter2@host/db"
    try:
        raise ValueError(words)
    except ValueError:
        log.exception("it broke", nested={"token": "abc", "list": ["sk-ant-abcdefgh1234"]})
    shown = capsys.readouterr().err
    assert "ValueError" in shown
    assert "test_faults.py" in shown
    for secret in ("4111", "hunter2", 'abc"', "sk-ant-abcdefgh1234"):
        assert secret not in shown
    logging.getLogger().handlers.clear()
    json.loads(shown.splitlines()[-1])


async def test_a_model_that_nobody_brings_stops_the_start(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"model\.use: no plugin brings the model 'cluade'"):
        async with open_desk(tmp_path, settings={"model": {"use": ["cluade", "offline"]}}):
            pass
