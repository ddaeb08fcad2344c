"""A served console for tests: staff who are signed in, over HTTP and over its WebSocket."""

import asyncio
import hashlib
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
import websockets
from support import Visitor, loaded, migrated, serving

from frontdesk import config, status
from frontdesk.desk import Desk
from frontdesk.hookspecs import hookimpl
from frontdesk.ids import new_id
from frontdesk.instants import now_ms
from frontdesk.testing import ScriptedModel, read_toml
from frontdesk_server.console import staff

PROTOCOL = "frontdesk.console.v1"
SALON = read_toml('id = "salon"\nname = "Salon"\ntimezone = "Europe/Paris"\nlocale = "fr"')
"""Another business beside the demo's restaurant."""


class Console:
    """One open console: the frames that came, until somebody asks for them."""

    def __init__(self, socket: Any) -> None:
        self.socket = socket

    async def send(self, event: str, **data: Any) -> None:
        await self.socket.send(json.dumps({"event": event, "data": data}))

    async def next(self, *events: str, where: Callable[[Any], bool] = lambda _: True) -> Any:
        """The data of the next frame of these kinds that fits; others are passed over."""
        async with asyncio.timeout(15):
            while True:
                frame = json.loads(await self.socket.recv())
                if frame["event"] in events and where(frame["data"]):
                    return frame["data"]

    async def entries(self, count: int) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = []
        while len(found) < count:
            found += (await self.next("entries"))["entries"]
        return found


class Member:
    """A member of staff in a browser."""

    def __init__(self, office: "Office", identifier: str, name: str, token: str, csrf: str) -> None:
        self.id, self.name, self.office, self.csrf = identifier, name, office, csrf
        self.cookie = {"cookie": f"frontdesk_session={token}"}
        self.headers = self.cookie | {"x-csrf-token": csrf, "origin": office.url}

    async def get(self, path: str, **query: Any) -> Any:
        answer = await self.office.http.get(
            f"/console/api/{path}", params=query, headers=self.cookie
        )
        assert answer.status_code == 200, answer.text
        return answer.json()

    async def list(self, view: str, **query: Any) -> list[str]:
        found = await self.get("conversations", view=view, **query)
        return [item["id"] for item in found["conversations"]]

    async def try_to(self, verb: str, conversation: str, **body: Any) -> httpx.Response:
        return await self.office.http.post(
            f"/console/api/conversations/{conversation}/{verb}", json=body, headers=self.headers
        )

    async def do(self, verb: str, conversation: str, **body: Any) -> Any:
        answer = await self.try_to(verb, conversation, **body)
        assert answer.status_code == 200, answer.text
        return answer.json()

    @asynccontextmanager
    async def console(self, **more: Any) -> AsyncIterator[Console]:
        headers = self.cookie | more.pop("headers", {"origin": self.office.url})
        url = self.office.url.replace("http", "ws") + "/console/ws"
        protocols: Any = more.pop("subprotocols", [PROTOCOL])
        async with websockets.connect(
            url, subprotocols=protocols, additional_headers=headers, **more
        ) as socket:
            yield Console(socket)


class Office:
    def __init__(self, desk: Desk, model: ScriptedModel, http: httpx.AsyncClient, url: str) -> None:
        self.desk, self.model, self.http, self.url = desk, model, http, url

    async def member(self, name: str, business: str = "restaurant", role: str = "agent") -> Member:
        """Signed in, as the sign-in page would have left them."""
        database = self.desk.database
        email = f"{name.lower()}@example.com"
        who = await staff.add(database, business, email=email, name=name, role=role, password="")
        token, csrf, now = f"token of {who.id}".replace(" ", "-"), new_id(), now_ms()
        await database.fetch(
            "INSERT INTO staff_session (id, staff, csrf, created, seen, expires) "
            "VALUES ({}, {}, {}, {}, {}, {})",
            hashlib.sha256(token.encode()).hexdigest(), who.id, csrf, now, now, now + 3_600_000,
        )  # fmt: skip
        return Member(self, who.id, name, token, csrf)

    async def visitor(self, business: str = "restaurant") -> Visitor:
        return await Visitor.arrive(self.http, business)

    def socket(self, visitor: Visitor, after: int = 0) -> Any:
        url = self.url.replace("http", "ws") + f"{visitor.path}/ws?after={after}"
        return websockets.connect(url, subprotocols=["frontdesk.v1", visitor.token])  # type: ignore[list-item]

    async def waiting(self, business: str = "restaurant", text: str = "a person please") -> Visitor:
        """A customer who waits for a person."""
        visitor = await self.visitor(business)
        self.model.then("Of course.")
        await visitor.say(text)
        stored = await status.queue(self.desk.database, business, visitor.id, "wants_person")
        self.desk.happened(visitor.id, stored)
        return visitor


@asynccontextmanager
async def office_on(url: str, *plugins: Any, **sections: Any) -> AsyncIterator[Office]:
    if url.startswith("postgres"):
        await migrated(url)
    settings = config.settings_of(
        {"database": {"url": url}, "model": {"use": ["scripted", "offline"]}, **sections}
    )
    model = ScriptedModel()
    models = type("Models", (), {"register_models": staticmethod(hookimpl(lambda: [model]))})
    desk = loaded(Desk(settings), models, *plugins)
    async with serving(desk) as base, httpx.AsyncClient(base_url=base, timeout=20) as http:
        await desk.apply(SALON)
        yield Office(desk, model, http, base)
    assert model.violations == []


def sqlite(folder: Path) -> str:
    return f"sqlite:///{folder / 'office.db'}"


@pytest.fixture
async def office(tmp_path: Path) -> AsyncIterator[Office]:
    async with office_on(sqlite(tmp_path)) as served:
        yield served


@pytest.fixture
async def both(database_url: str) -> AsyncIterator[Office]:
    """On SQLite and on Postgres."""
    async with office_on(database_url) as served:
        yield served


@pytest.fixture
async def ana(office: Office) -> Member:
    return await office.member("Ana")


def tells_of(conversation: str, status: str) -> Any:
    return lambda data: any(
        (item["id"], item["status"]) == (conversation, status) for item in data["conversations"]
    )
