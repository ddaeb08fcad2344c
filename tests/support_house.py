"""A served console with two businesses, and browsers that send its forms."""

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
from support import loaded, migrated, serving

from frontdesk import config
from frontdesk.business import Business
from frontdesk.desk import Desk
from frontdesk_server.console import staff
from frontdesk_server.console.staff import Member

PASSWORD = "correct horse battery"


class House:
    """A served desk with two businesses, and people of them."""

    def __init__(self, desk: Desk, url: str) -> None:
        self.desk, self.url = desk, url
        self.database = desk.database
        self._clients: list[httpx.AsyncClient] = []

    async def close(self) -> None:
        for client in self._clients:
            await client.aclose()

    async def hire(
        self, email: str, role: str = "agent", business: str = "shop", **more: str
    ) -> Member:
        asked = {"name": email.split("@", maxsplit=1)[0].title(), "password": PASSWORD} | more
        return await staff.add(self.database, business, email=email, role=role, **asked)

    def browser(self, **more: Any) -> "Browser":
        self._clients.append(httpx.AsyncClient(base_url=self.url, timeout=20, **more))
        return Browser(self, self._clients[-1])

    async def signed_in(self, email: str, password: str = PASSWORD) -> "Browser":
        browser = self.browser()
        answer = await browser.sign_in(email, password)
        assert answer.status_code == 303, answer.text
        return browser

    async def rows(self, table: str) -> list[dict[str, Any]]:
        return await self.database.fetch(f"SELECT * FROM {table} ORDER BY id")


class Browser:
    """A browser: cookies, and the forms of the page that it last saw."""

    def __init__(self, house: House, http: httpx.AsyncClient) -> None:
        self.house, self.http = house, http

    async def see(self, path: str) -> httpx.Response:
        return await self.http.get(path)

    async def csrf(self, path: str = "/console/account") -> str:
        page = await self.see(path)
        found = re.search(r'name="csrf" value="([^"]+)"', page.text)
        assert found, page.text
        return found[1]

    async def post(self, path: str, **fields: Any) -> httpx.Response:
        """As the form of the page does."""
        if "csrf" not in fields:
            fields["csrf"] = await self.csrf(path)
        return await self.http.post(path, data=fields, headers={"origin": self.house.url})

    async def sign_in(self, email: str, password: str = PASSWORD, **more: str) -> httpx.Response:
        asked = {"email": email, "password": password} | more
        return await self.post("/console/sign-in", **asked)

    async def is_in(self) -> bool:
        return (await self.see("/console/account")).status_code == 200


def load(folder: Path, *plugins: Any, **sections: Any) -> Desk:
    base = {
        "database": {"url": f"sqlite:///{folder / 'console.db'}"},
        "model": {"use": ["offline"]},
    }
    return loaded(Desk(config.settings_of(base | sections)), *plugins)


@asynccontextmanager
async def house_of(desk: Desk, *, demo: bool = False) -> AsyncIterator[House]:
    async with serving(desk, demo=demo) as url:
        if not demo:
            await desk.apply(Business(id="shop", name="Shop", timezone="Europe/Rome"))
            await desk.apply(Business(id="other", name="Other"))
        house = House(desk, url)
        try:
            yield house
        finally:
            await house.close()


@pytest.fixture
def sections() -> dict[str, Any]:
    return {}


@pytest.fixture
async def house(tmp_path: Path, sections: dict[str, Any]) -> AsyncIterator[House]:
    async with house_of(load(tmp_path, **sections)) as made:
        yield made


@pytest.fixture
async def both(tmp_path: Path, database_url: str) -> AsyncIterator[House]:
    """On SQLite and on Postgres."""
    await migrated(database_url)
    async with house_of(load(tmp_path, database={"url": database_url})) as made:
        yield made


async def enter(house: House, role: str = "owner", business: str = "shop") -> Browser:
    await house.hire(f"{role}@{business}.example", role, business)
    return await house.signed_in(f"{role}@{business}.example")


def menu(page: httpx.Response) -> list[str]:
    return re.findall(r'<li><a href="/console/?([a-z-]*)"', page.text)
