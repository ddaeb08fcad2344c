"""The widget in a real browser, against the real server with the offline model.

With SCREENSHOTS=FOLDER in the environment, pictures of the conversations are left there.
"""

import os
import re
import shutil
from collections.abc import AsyncGenerator
from pathlib import Path
from typing import Any

import httpx
import pytest
from playwright.async_api import Browser, Page, async_playwright, expect
from support import Visitor, serving

from frontdesk import config
from frontdesk.desk import Desk

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or ""

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not CHROMIUM, reason="Chromium is not installed (apt install chromium)"),
]


@pytest.fixture
async def desk(tmp_path: Path) -> Desk:
    url = f"sqlite:///{tmp_path / 'frontdesk.db'}"
    desk = Desk(config.Settings(database=config.Database(url=url), limits=config.Limits(
        conversations_per_hour=0, requests_per_minute=0)))  # fmt: skip
    desk.secret_keys = ("a key for tests, thirty-two characters",)
    desk.load()
    return desk


@pytest.fixture
async def site(desk: Desk) -> AsyncGenerator[str]:
    async with serving(desk) as url:
        yield url


@pytest.fixture
async def browser() -> AsyncGenerator[Browser]:
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path=CHROMIUM,
            args=["--no-sandbox", "--disable-dev-shm-usage", "--disable-background-networking"],
        )
        yield browser
        await browser.close()


async def visit(browser: Browser, site: str, **context: Any) -> Page:
    """A new customer who opens the widget on the demo page. Errors on the page fail the test."""
    opened = await browser.new_context(viewport={"width": 1280, "height": 860}, **context)
    page = await opened.new_page()
    page.on("pageerror", lambda error: pytest.fail(f"on the page: {error}"))
    await page.goto(f"{site}/demo/restaurant")
    await page.locator("front-desk button.launcher").click()
    return page


async def say(page: Page, text: str) -> None:
    """Send, and wait until the reply is whole."""
    replies = (
        page.locator("front-desk").get_by_role("log").locator(".row.assistant .bubble:not(.dots)")
    )
    before = await replies.count()
    box = page.locator("front-desk textarea")
    await box.fill(text)
    await box.press("Enter")
    await expect(replies).not_to_have_count(before)
    await expect(page.locator("front-desk .dots:visible")).to_have_count(0)


async def picture(page: Page, name: str) -> None:
    if folder := os.environ.get("SCREENSHOTS"):
        await page.wait_for_timeout(400)  # the last movement has come to rest
        await page.screenshot(path=Path(folder) / f"{name}.png")


async def test_a_table_for_four_tomorrow_at_seven(browser: Browser, site: str, desk: Desk) -> None:
    page = await visit(browser, site)
    log = page.locator("front-desk").get_by_role("log")
    messages = [
        "Hi, can I book a table for four tomorrow at 7pm?", "Zoe Smith", "212 555 0123", "yes",
    ]  # fmt: skip
    for text in messages:
        await say(page, text)
    await expect(log).to_contain_text("Booking confirmed")
    await picture(page, "booking")
    row = await desk.database.one("SELECT * FROM booking")
    assert row is not None
    assert (row["party"], row["status"], row["name"]) == (4, "confirmed", "Zoe Smith")
    assert row["wall"].endswith("T19:00")
    shown = await log.inner_text()
    assert re.search(rf"{row['reference'][:4]}-{row['reference'][4:]}", shown)

    # Everything is there again after a reload, once.
    await page.reload()
    await expect(log).to_contain_text("Booking confirmed")
    assert (await log.inner_text()).count(messages[0]) == 1


async def test_who_comes_for_the_last_table_is_offered_others(
    browser: Browser, site: str, desk: Desk
) -> None:
    async with httpx.AsyncClient(base_url=site, timeout=20) as http:
        for n in range(12):  # until every table for four at seven is gone
            visitor = await Visitor.arrive(http, "restaurant")
            first = await visitor.say("A table for four tomorrow at 7pm, please")
            if any(a["data"].get("available") is False for a in first["actions"]):
                break
            await visitor.say(f"Guest {chr(65 + n)}son, 212 555 0123")
            last = await visitor.say("yes")
            assert any(a["type"] == "create_booking" for a in last["actions"]), last
        else:
            pytest.fail("twelve parties of four found a table at the same time")
    page = await visit(browser, site)
    await say(page, "Is there a table for four tomorrow at 7pm?")
    log = page.locator("front-desk").get_by_role("log")
    await expect(log).to_contain_text("fully booked")
    offers = log.get_by_role("button").filter(has_text=re.compile(r"\d:\d\d"))
    assert await offers.count() >= 2
    await picture(page, "offers")
    taken = await desk.database.one("SELECT COUNT(*) AS n FROM booking")
    await offers.first.click()
    await expect(log.locator(".customer")).to_have_count(2)
    assert taken == await desk.database.one("SELECT COUNT(*) AS n FROM booking")


async def test_two_tabs_show_the_same(browser: Browser, site: str) -> None:
    page = await visit(browser, site)
    await say(page, "Where are you?")
    other = await page.context.new_page()
    await other.goto(f"{site}/demo/restaurant")
    if await other.locator("front-desk .panel:visible").count() == 0:
        await other.locator("front-desk button.launcher").click()
    log = other.locator("front-desk").get_by_role("log")
    await expect(log).to_contain_text("Orchard Street")
    await say(page, "When are you open on Friday?")
    await expect(log).to_contain_text("When are you open on Friday?")
    await expect(log).to_contain_text("23:30")


async def test_on_a_telephone_in_the_dark(browser: Browser, site: str) -> None:
    opened = await browser.new_context(
        viewport={"width": 375, "height": 700}, color_scheme="dark", has_touch=True
    )
    page = await opened.new_page()
    await page.goto(f"{site}/demo/restaurant")
    await page.locator("front-desk button.launcher").click()
    await say(page, "Do you have parking?")
    await expect(page.locator("front-desk").get_by_role("log")).to_contain_text("Essex Street")
    await picture(page, "telephone")
    assert await page.evaluate("document.documentElement.scrollWidth") <= 375
