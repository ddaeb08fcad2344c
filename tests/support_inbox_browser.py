"""The staff inbox in a real browser, with a customer in the widget at the other end."""

from collections.abc import AsyncGenerator
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.async_playwright import Axe  # type: ignore[import-untyped]
from browsing import chromium, say, visit
from playwright.async_api import Browser, Locator, Page, expect
from support import serving
from support_house import PASSWORD

from frontdesk import config
from frontdesk.desk import Desk
from frontdesk_server.console import staff

WISH = "I want to talk to a person, please"


@pytest.fixture
async def desk(tmp_path: Path) -> Desk:
    url = f"sqlite:///{tmp_path / 'frontdesk.db'}"
    desk = Desk(config.Settings(database=config.Database(url=url), limits=config.Limits(
        conversations_per_hour=0, requests_per_minute=0, messages_per_minute=0,
        conversation_per_minute=0, business_per_minute=0)))  # fmt: skip
    desk.secret_keys = ("a key for tests, thirty-two characters",)
    desk.load()
    return desk


@pytest.fixture
async def site(desk: Desk) -> AsyncGenerator[str]:
    async with serving(desk) as url:
        for name, role in (("Ana", "agent"), ("Ben", "manager")):
            await staff.add(
                desk.database, "restaurant",
                email=f"{name.lower()}@bella.example", name=name, role=role, password=PASSWORD,
            )  # fmt: skip
        await desk.database.fetch(
            "INSERT INTO canned_reply (id, business, shortcut, text, created) "
            "VALUES ({}, {}, {}, {}, 0)",
            "canned", "restaurant", "hello", "Hi {name}, {agent} here.",
        )  # fmt: skip
        yield url


@pytest.fixture
async def browser() -> AsyncGenerator[Browser]:
    async with chromium() as browser:
        yield browser


async def console(browser: Browser, site: str, name: str = "Ana", **context: Any) -> Page:
    """The inbox of a member of staff. Errors, and what the page's policy refuses, fail the test."""
    desktop: dict[str, Any] = {"viewport": {"width": 1280, "height": 800}}
    opened = await browser.new_context(**desktop | context)
    page = await opened.new_page()
    page.on("pageerror", lambda error: pytest.fail(f"on the page: {error}"))
    page.on(
        "console",
        lambda said: pytest.fail(said.text) if "Security Policy" in said.text else None,
    )
    await page.goto(f"{site}/console/sign-in")
    await page.get_by_label("E-mail").fill(f"{name.lower()}@bella.example")
    await page.get_by_label("Password").fill(PASSWORD)
    await page.get_by_role("button", name="Sign in").click()
    await expect(page.get_by_role("heading", name="Inbox").last).to_be_visible()
    return page


def items(page: Page) -> Locator:
    return page.locator("a.item")


def thread(page: Page) -> Locator:
    return page.get_by_role("log")


def composer(page: Page) -> Locator:
    return page.locator("#composer")


async def waiting(browser: Browser, site: str) -> Page:
    """A customer who has asked for a person."""
    customer = await visit(browser, f"{site}/demo/restaurant")
    await say(customer, WISH)
    return customer


async def violations(page: Page) -> list[str]:
    found = await Axe().run(page)  # pyright: ignore[reportUnknownMemberType]
    return [
        f"{one['id']}: {[node['target'] for node in one['nodes']][:5]}"
        for one in found.response["violations"]
    ]
