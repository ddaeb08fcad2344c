"""The pages of the console as staff use them: a real server, signed in, forms posted."""

import re
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from datetime import datetime
from html import unescape
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import httpx
from support import migrated, serving

from frontdesk import Business, config
from frontdesk.desk import Desk
from frontdesk.testing import TestDesk
from frontdesk.testing.desk import NOW
from frontdesk_server.console import sessions, staff


class Person:
    """A member of staff with a browser."""

    def __init__(self, http: httpx.AsyncClient, desk: TestDesk, session: sessions.Session) -> None:
        self.http, self.desk, self.session = http, desk, session

    async def see(self, page: str, *, status: Any = 200, **query: Any) -> str:
        """The page's HTML."""
        answer = await self.http.get(f"/console/{page}", params=query)
        assert answer.status_code == status, answer.text
        return answer.text

    async def post(
        self, page: str, do: str, *, query: Any = None, **fields: Any
    ) -> tuple[int, str]:
        """(status, what is said above the page after it)."""
        data = {"csrf": self.session.csrf, "do": do} | {k: str(v) for k, v in fields.items()}
        answer = await self.http.post(
            f"/console/{page}", params=query, data=data, follow_redirects=True
        )
        said = re.search(r'<p class="flash[^>]*>(.*?)</p>', answer.text, re.DOTALL)
        return answer.status_code, unescape(said[1]) if said else text_of(answer.text)

    async def done(self, page: str, do: str, **fields: Any) -> str:
        status, said = await self.post(page, do, **fields)
        assert status == 200, said
        return said

    async def refused(self, page: str, do: str, **fields: Any) -> str:
        status, said = await self.post(page, do, **fields)
        assert status == 422, said
        return said


class Console:
    def __init__(self, desk: TestDesk, url: str) -> None:
        self.desk, self.url = desk, url
        self.browsers: list[httpx.AsyncClient] = []

    async def sign_in(self, business: str, role: str = "agent", name: str = "Ana") -> Person:
        desk = self.desk.desk
        email = f"{name}.{role}@{business}.example".lower()
        member = await staff.of_email(desk.database, business, email) or await staff.add(
            desk.database, business, email=email, name=name, role=role, password=""
        )
        nobody: Any = SimpleNamespace(cookies={})
        cookie = await sessions.begin(desk, nobody, member.id)
        browser = httpx.AsyncClient(base_url=self.url, timeout=20)
        browser.cookies.set(cookie.key, cookie.value or "", path="/console")
        self.browsers.append(browser)
        known: Any = SimpleNamespace(cookies={cookie.key: cookie.value})
        session = await sessions.current(desk, known)
        assert session is not None
        return Person(browser, self.desk, session)


@asynccontextmanager
async def console(
    folder: Path, *businesses: Business, url: str = "", now: datetime = NOW
) -> AsyncGenerator[Console]:
    """A server with these businesses, whose clock stands at `now` until it is set."""
    clock = [now]
    settings = config.settings_of(
        {
            "database": {"url": await migrated(url) if url else f"sqlite:///{folder / 'pages.db'}"},
            "model": {"use": ["offline"]},
        }
    )
    desk = Desk(settings, clock=lambda: clock[0])
    desk.secret_keys = ("a key for tests, thirty-two characters",)
    desk.load()
    async with serving(desk) as base:
        test = TestDesk(desk, clock)
        for business in businesses:
            await test.add_business(business)
        opened = Console(test, base)
        try:
            yield opened
        finally:
            for browser in opened.browsers:
                await browser.aclose()


def text_of(html: str) -> str:
    """What one reads on a page, in one line."""
    body = re.sub(r"<(script|style)\b.*?</\1>", "", html, flags=re.DOTALL)
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", body)).split())
