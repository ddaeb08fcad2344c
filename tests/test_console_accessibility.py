"""The staff inbox for everyone, in a real browser: by keyboard, on a telephone, by a link.

With SCREENSHOTS=FOLDER in the environment, pictures are left there.
"""

import pytest
from browsing import log_of, needs_chromium, picture, say, visit
from playwright.async_api import Browser, expect
from support_house import PASSWORD
from support_inbox_browser import (
    WISH,
    browser,
    composer,
    console,
    desk,
    items,
    site,
    thread,
    violations,
    waiting,
)

__all__ = ["browser", "desk", "site"]  # fixtures

pytestmark = needs_chromium


async def test_the_keyboard_alone(browser: Browser, site: str) -> None:
    customer = await waiting(browser, site)
    page = await console(browser, site)
    await expect(items(page)).to_have_count(1)
    await page.keyboard.press("?")
    await expect(page.get_by_role("dialog")).to_contain_text("Keyboard shortcuts")
    await page.keyboard.press("e")  # not while a dialog asks
    await page.keyboard.press("Escape")
    await expect(page.get_by_role("dialog")).to_have_count(0)
    await page.keyboard.press("j")
    await expect(page.get_by_role("heading", name="Visitor").first).to_be_focused()
    await page.keyboard.press("t")
    await expect(composer(page)).to_be_focused()
    await page.keyboard.type("/he")
    await expect(page.get_by_role("option")).to_have_count(1)
    await page.keyboard.press("Enter")
    await expect(composer(page)).to_have_value("Hi there, Ana here.")
    await page.keyboard.press("Enter")  # a new line, as the hint says
    await page.keyboard.press("Control+Enter")
    await expect(log_of(customer)).to_contain_text("Hi there, Ana here.")

    # What is begun is kept for its conversation; no key acts while one writes.
    await page.keyboard.type("jkea")
    await page.reload()
    await expect(composer(page)).to_have_value("jkea")
    await page.keyboard.press("r")
    await expect(composer(page)).to_be_focused()
    await page.keyboard.press("Control+a")
    await page.keyboard.press("Delete")
    await page.keyboard.press("Escape")
    await page.keyboard.press("/")
    await expect(page.get_by_role("searchbox")).to_be_focused()
    await page.keyboard.type("nobody says this")
    await expect(page.get_by_text("Nothing found")).to_be_visible()
    await page.keyboard.press("Escape")
    await page.keyboard.press("Escape")
    await page.keyboard.press("e")
    await expect(thread(page)).to_contain_text("Resolved by you")
    await expect(log_of(customer)).to_contain_text("Ana left")


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_nothing_that_axe_finds(browser: Browser, site: str, scheme: str) -> None:
    customer = await visit(browser, f"{site}/demo/restaurant")
    await say(customer, "When are you open on Friday?")
    await say(customer, WISH)
    page = await console(browser, site, color_scheme=scheme)
    assert await violations(page) == []
    await items(page).click()
    await page.keyboard.press("t")
    await expect(composer(page)).to_be_focused()
    await composer(page).fill("Hello")
    await page.keyboard.press("Control+Enter")
    await page.get_by_role("button", name="Note", exact=True).click()
    await composer(page).fill("A note")
    await page.keyboard.press("Control+Enter")
    await expect(thread(page).locator(".row--note:not(.pending)")).to_have_count(1)
    await thread(page).locator("details.call summary").first.click()
    await picture(page, f"inbox-{scheme}")
    assert await violations(page) == []
    await page.get_by_role("button", name="Snooze").click()
    assert await violations(page) == []
    await page.keyboard.press("Escape")
    await composer(page).fill("/")
    await expect(page.get_by_role("option")).to_have_count(1)
    assert await violations(page) == []


async def test_on_a_telephone_one_pane_at_a_time(browser: Browser, site: str) -> None:
    await waiting(browser, site)
    small = {"width": 320, "height": 640}
    page = await console(browser, site, viewport=small, color_scheme="dark", has_touch=True)
    await expect(thread(page)).to_be_hidden()
    await picture(page, "inbox-telephone-list")
    await items(page).click()
    await expect(thread(page)).to_be_visible()
    await expect(items(page)).to_be_hidden()
    assert await page.evaluate("document.documentElement.scrollWidth") <= 320
    await picture(page, "inbox-telephone-thread")
    await page.get_by_role("button", name="About the customer").click()
    await expect(page.get_by_role("complementary", name="Customer")).to_be_visible()
    assert await violations(page) == []
    await page.get_by_role("button", name="Back to the conversation").click()
    await page.get_by_role("button", name="Back to the list").click()
    await expect(items(page)).to_be_visible()
    await page.go_back()
    await expect(thread(page)).to_be_visible()


async def test_a_link_to_a_conversation_survives_the_sign_in(browser: Browser, site: str) -> None:
    await waiting(browser, site)
    page = await console(browser, site)
    link = await items(page).get_attribute("href")
    assert link is not None
    await page.context.clear_cookies()
    await page.goto(f"{site}/console?conversation={link[1:]}")
    await page.get_by_label("E-mail").fill("ana@bella.example")
    await page.get_by_label("Password").fill(PASSWORD)
    await page.get_by_role("button", name="Sign in").click()
    await expect(thread(page)).to_contain_text(WISH)
    assert page.url.endswith(f"/console{link}")
    # A place on the page is no conversation.
    await page.goto(f"{site}/console")
    await page.keyboard.press("Tab")
    await page.keyboard.press("Enter")
    await expect(page.get_by_text("No conversation is open")).to_be_visible()


async def test_permission_is_asked_for_after_a_click_and_once(browser: Browser, site: str) -> None:
    page = await console(browser, site)
    await page.evaluate(
        """() => {
            window.asked = 0;
            Notification.requestPermission = async () => { window.asked++ };
        }"""
    )
    await page.keyboard.press("j")
    assert await page.evaluate("window.asked") == 0
    await page.get_by_role("button", name="Notify me").click()
    await expect(page.get_by_role("button", name="Notify me")).to_have_count(0)
    assert await page.evaluate("window.asked") == 1
