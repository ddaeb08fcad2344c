"""A served desk with a scripted model, and the widget's sockets to it."""

import asyncio
import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest
import websockets
from support import Visitor, loaded, serving

from frontdesk import config
from frontdesk.desk import Desk
from frontdesk.hookspecs import hookimpl
from frontdesk.testing import ScriptedModel


class Site:
    """A served desk, with its scripted model and a client."""

    def __init__(self, desk: Desk, model: ScriptedModel, http: httpx.AsyncClient, url: str) -> None:
        self.desk, self.model, self.http, self.url = desk, model, http, url

    def socket(self, visitor: Visitor, after: int = 0, **more: Any) -> Any:
        url = self.url.replace("http", "ws") + f"{visitor.path}/ws?after={after}"
        protocols = more.pop("subprotocols", ["frontdesk.v1", visitor.token])
        return websockets.connect(url, subprotocols=protocols, **more)


def load(folder: Path, model: ScriptedModel, **sections: Any) -> Desk:
    settings = config.settings_of(
        {
            "database": {"url": f"sqlite:///{folder / 'wire.db'}"},
            "model": {"use": ["scripted", "offline"]},
            **sections,
        }
    )
    models = type("Models", (), {"register_models": staticmethod(hookimpl(lambda: [model]))})
    return loaded(Desk(settings), models)


@pytest.fixture
def limits() -> dict[str, Any]:
    return {}


@pytest.fixture
async def site(tmp_path: Path, limits: dict[str, Any]) -> AsyncIterator[Site]:
    model = ScriptedModel()
    desk = load(tmp_path, model, limits=limits)
    async with serving(desk) as url, httpx.AsyncClient(base_url=url, timeout=20) as http:
        yield Site(desk, model, http, url)


@pytest.fixture
async def visitor(site: Site) -> Visitor:
    return await Visitor.arrive(site.http, "restaurant")


async def frames(socket: Any, until: str) -> list[dict[str, Any]]:
    got: list[dict[str, Any]] = []
    async with asyncio.timeout(10):
        while not got or got[-1]["event"] != until:
            got.append(json.loads(await socket.recv()))
    return got


def problem(answer: httpx.Response) -> dict[str, Any]:
    assert answer.headers["content-type"] == "application/problem+json"
    body: dict[str, Any] = answer.json()
    assert body["status"] == answer.status_code
    assert body["title"]
    assert len(body["detail"]) > 10
    return body
