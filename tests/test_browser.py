"""The widget in a real browser, against the real server with the offline model.

With SCREENSHOTS=FOLDER in the environment, pictures of the conversations are left there.
"""

import re
from collections.abc import AsyncGenerator
from pathlib import Path

import httpx
import pytest
from browsing import chromium, log_of, needs_chromium, picture, say, visit
from playwright.async_api import Browser, Page, expect
from support import Visitor, serving

from frontdesk import config
from frontdesk.desk import Desk

pytestmark = needs_chromium


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
    async with chromium() as browser:
        yield browser


async def agree(page: Page) -> None:
    """To what was read back: by the card's button, or in words where nothing is proposed."""
    button = log_of(page).locator(".choice .yes:enabled")
    if await button.count():
        await button.click()
    else:
        await say(page, "yes")


async def test_a_table_for_four_tomorrow_at_seven(browser: Browser, site: str, desk: Desk) -> None:
    page = await visit(browser, f"{site}/demo/restaurant")
    log = log_of(page)
    messages = ["Hi, can I book a table for four tomorrow at 7pm?", "Zoe Smith", "212 555 0123"]
    for text in messages:
        await say(page, text)
    await agree(page)
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


NAMES = ("Emma", "Liam", "Olivia", "Noah", "Sofia", "James", "Clara", "Henry", "Laura", "Peter")


async def test_who_comes_for_the_last_table_is_offered_others(
    browser: Browser, site: str, desk: Desk
) -> None:
    async with httpx.AsyncClient(base_url=site, timeout=20) as http:
        for n in range(len(NAMES)):  # until every table for four at seven is gone
            visitor = await Visitor.arrive(http, "restaurant")
            first = await visitor.say("A table for four tomorrow at 7pm, please")
            if any(a["data"].get("available") is False for a in first["actions"]):
                break
            await visitor.say(f"{NAMES[n]} Miller, 212 555 0123")
            last = await visitor.say("yes")
            assert any(a["type"] == "create_booking" for a in last["actions"]), last
        else:
            pytest.fail("ten parties of four found a table at the same time")
    page = await visit(browser, f"{site}/demo/restaurant")
    await say(page, "Is there a table for four tomorrow at 7pm?")
    log = log_of(page)
    await expect(log).to_contain_text("fully booked")
    offers = log.get_by_role("button").filter(has_text=re.compile(r"\d:\d\d"))
    assert await offers.count() >= 2
    await picture(page, "offers")
    taken = await desk.database.one("SELECT COUNT(*) AS n FROM booking")
    await offers.first.click()
    await expect(log.locator(".customer")).to_have_count(2)
    assert taken == await desk.database.one("SELECT COUNT(*) AS n FROM booking")


async def test_two_tabs_show_the_same(browser: Browser, site: str) -> None:
    page = await visit(browser, f"{site}/demo/restaurant")
    await say(page, "Where are you?")
    other = await page.context.new_page()
    await other.goto(f"{site}/demo/restaurant")
    if await other.locator("front-desk .panel:visible").count() == 0:
        await other.locator("front-desk button.launcher").click()
    log = log_of(other)
    await expect(log).to_contain_text("Orchard Street")
    await say(page, "When are you open on Friday?")
    await expect(log).to_contain_text("When are you open on Friday?")
    await expect(log).to_contain_text("11:30 PM")


async def test_on_a_telephone_in_the_dark(browser: Browser, site: str) -> None:
    page = await visit(
        browser,
        f"{site}/demo/restaurant",
        viewport={"width": 375, "height": 700},
        color_scheme="dark",
        has_touch=True,
    )
    await say(page, "Do you have parking?")
    await expect(log_of(page)).to_contain_text("Essex Street")
    await picture(page, "telephone")
    assert await page.evaluate("document.documentElement.scrollWidth") <= 375
