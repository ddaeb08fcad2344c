"""A real browser with the widget in it."""

import os
import shutil
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Browser, Locator, Page, async_playwright, expect

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or ""

needs_chromium = [
    pytest.mark.browser,
    pytest.mark.skipif(not CHROMIUM, reason="Chromium is not installed (apt install chromium)"),
]


@asynccontextmanager
async def chromium() -> AsyncGenerator[Browser]:
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path=CHROMIUM,
            args=["--no-sandbox", "--disable-dev-shm-usage", "--disable-background-networking"],
        )
        yield browser
        await browser.close()


async def visit(browser: Browser, url: str, **context: Any) -> Page:
    """A new customer who opens the widget on this page. Errors on the page fail the test."""
    desktop = {"viewport": {"width": 1280, "height": 860}}
    opened = await browser.new_context(**desktop | context)
    page = await opened.new_page()
    page.on("pageerror", lambda error: pytest.fail(f"on the page: {error}"))
    await page.goto(url)
    await page.locator("front-desk button.launcher").click()
    return page


def log_of(page: Page) -> Locator:
    return page.locator("front-desk").get_by_role("log")


async def write(page: Page, text: str) -> None:
    """Send, without waiting for anything."""
    box = page.locator("front-desk textarea")
    await box.fill(text)
    await box.press("Enter")


async def say(page: Page, text: str) -> None:
    """Send, and wait until the reply is whole."""
    replies = log_of(page).locator(".row.assistant .bubble:not(.dots)")
    before = await replies.count()
    await write(page, text)
    await expect(replies).not_to_have_count(before)
    await expect(page.locator("front-desk .dots:visible")).to_have_count(0)
    await expect(page.locator("front-desk .live")).to_have_count(0)


async def picture(page: Page, name: str) -> None:
    """With SCREENSHOTS=FOLDER in the environment, a picture is left there."""
    if folder := os.environ.get("SCREENSHOTS"):
        await page.wait_for_timeout(400)  # the last movement has come to rest
        await page.screenshot(path=Path(folder) / f"{name}.png")
