"""The widget in a real browser while the chat of its business is switched off and on."""

from pathlib import Path

import msgspec
from browsing import chromium, log_of, needs_chromium, picture, say, visit, write
from playwright.async_api import expect
from support import serving
from support_toggling import desk_of, without

pytestmark = needs_chromium
TEXT = "Our chat is switched off at the moment. Please call us on"


async def test_the_visitor_is_told_and_goes_on_later(tmp_path: Path) -> None:
    desk = desk_of(tmp_path)
    async with serving(desk) as url, chromium() as browser:
        page = await visit(browser, f"{url}/demo/restaurant")
        await say(page, "hello")
        bella = await desk.business("restaurant")
        assert bella is not None
        await desk.apply(without(bella, "web"))
        await expect(log_of(page)).to_contain_text(TEXT)
        await picture(page, "switched-off")
        await write(page, "When are you open?")
        failed = page.locator("front-desk [role=alert]")
        await expect(failed).to_contain_text(f"Not sent. {TEXT}")
        await picture(page, "switched-off-message")
        new = await browser.new_page()
        async with new.expect_response(lambda answer: answer.status == 503):
            await new.goto(f"{url}/demo/restaurant")
        await expect(new.locator("front-desk button.launcher")).to_have_count(0)

        await desk.apply(msgspec.structs.replace(bella))
        await page.locator("front-desk").get_by_role("button", name="Retry").click()
        await expect(log_of(page)).to_contain_text("10:30 PM")
        await expect(log_of(page)).to_contain_text("hello")
        await picture(page, "switched-on")
