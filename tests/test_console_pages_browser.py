"""The console's pages in a real browser: accessible, narrow, without script, by keyboard."""

from typing import Any

import pytest
from axe_playwright_python.async_playwright import Axe  # type: ignore[import-untyped]
from browsing import chromium, needs_chromium, picture
from playwright.async_api import expect
from support_house import PASSWORD, House, enter
from support_till import house, till

from frontdesk import appending
from frontdesk_server.console import staff

__all__ = ["house", "till"]  # fixtures

OWN = ("account", "team", "canned", "notifications", "deliveries", "audit", "till", "nothing")


class TestInABrowser:
    pytestmark = needs_chromium

    async def test_every_page_is_accessible_and_fits(self, house: House) -> None:
        await enter(house)
        owner = await house.signed_in("owner@shop.example")
        await owner.post("/console/canned", do="add", shortcut="hi", text="Hello " + "x" * 60)
        await appending.put(house.database, "shop", "a.webhook", {"event": "e"})
        await house.database.fetch("UPDATE outbox SET state = 'dead', error = {}", "e " * 99)
        (me,) = await staff.members(house.database)
        async with chromium() as browser:
            for scheme in ("light", "dark"):
                context = await browser.new_context(color_scheme=scheme)
                page = await context.new_page()
                page.on("console", lambda said: _no_error(said.type, said.text))
                await page.goto(f"{house.url}/console/team")
                await _check(page, f"sign-in-{scheme}")
                await page.get_by_label("E-mail address").fill("owner@shop.example")
                await page.get_by_label("Password").fill(PASSWORD)
                await page.keyboard.press("Enter")
                await page.wait_for_url("**/console/team")
                for name in (*OWN, f"team?member={me.id}"):
                    await page.goto(f"{house.url}/console/{name}")
                    await _check(page, f"{name.split('?')[0]}-{scheme}")
                await context.close()

    async def test_without_script_and_with_the_keyboard(self, house: House) -> None:
        await enter(house)
        async with chromium() as browser:
            context = await browser.new_context(
                java_script_enabled=False, viewport={"width": 375, "height": 700}
            )
            page = await context.new_page()
            await page.goto(f"{house.url}/console/canned")
            await page.get_by_label("E-mail address").fill("owner@shop.example")
            await page.get_by_label("Password").fill(PASSWORD)
            await page.keyboard.press("Enter")
            await page.get_by_label("Shortcut").fill("hi")
            await page.get_by_label("Text").fill("Hello.")
            await page.get_by_role("button", name="Add").press("Enter")
            await expect(page.get_by_role("status")).to_have_text(
                "In the inbox, /hi writes this now."
            )
            await page.get_by_role("link", name="Change /hi").click()
            await page.locator("summary").press("Enter")
            await page.get_by_role("button", name="Remove").press("Enter")
            await expect(page.get_by_role("status")).to_have_text("/hi is removed.")
            await expect(page.get_by_role("navigation", name="Console")).to_be_hidden()
            await page.get_by_role("button", name="Menu").press("Enter")
            await page.get_by_role("link", name="Team").click()
            await expect(page.get_by_role("heading", level=1)).to_have_text("Team")
            await page.keyboard.press("Tab")
            await expect(page.get_by_role("link", name="Skip to the content")).to_be_focused()
            await context.close()


def _no_error(kind: str, text: str) -> None:
    if kind == "error" and "404" not in text:
        pytest.fail(f"on the page: {text}")


async def _check(page: Any, name: str) -> None:
    await page.evaluate("for (const each of document.querySelectorAll('details')) each.open = true")
    for width in (1280, 320):
        await page.set_viewport_size({"width": width, "height": 800})
        wider = await page.evaluate("document.documentElement.scrollWidth - innerWidth")
        assert wider <= 0, f"{name} is {wider} px too wide at {width}"
        found = await Axe().run(page)
        assert found.response["violations"] == [], f"{name} at {width}: {found.generate_report()}"
        await picture(page, f"console-{name}-{width}")
