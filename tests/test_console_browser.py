"""The staff inbox in a real browser: conversations that pass between assistant, staff and customer.

With SCREENSHOTS=FOLDER in the environment, pictures are left there.
"""

import re

import httpx
from browsing import log_of, needs_chromium, picture, say, write
from playwright.async_api import Browser, Route, expect
from support import Visitor
from support_inbox_browser import (
    WISH,
    browser,
    composer,
    console,
    desk,
    items,
    site,
    thread,
    waiting,
)

__all__ = ["browser", "desk", "site"]  # fixtures

pytestmark = needs_chromium


async def test_a_conversation_from_the_assistant_to_a_person_and_back(
    browser: Browser, site: str
) -> None:
    page = await console(browser, site)
    customer = await waiting(browser, site)
    await expect(items(page)).to_have_count(1)
    await expect(items(page)).to_contain_text("Waiting")
    await expect(page).to_have_title(re.compile(r"^\(1\) "))

    await items(page).click()
    await expect(thread(page)).to_contain_text(WISH)
    await expect(page.get_by_text("Asked for a person")).to_be_visible()
    await page.get_by_role("button", name="Accept", exact=True).click()
    await expect(composer(page)).to_be_focused()
    await expect(log_of(customer)).to_contain_text("Ana joined")

    # Both see the other write.
    await composer(page).press_sequentially("Hello, Ana here.")
    await expect(customer.locator("front-desk .row.staff .dots")).to_be_visible()
    await page.keyboard.press("Control+Enter")
    await expect(log_of(customer).locator(".staff .bubble:not(.dots)")).to_have_text(
        "Hello, Ana here."
    )
    await customer.locator("front-desk textarea").press_sequentially("Thanks")
    await expect(page.get_by_text("Visitor is typing")).to_be_visible()
    await write(customer, "Thanks. Is the terrace open?")
    await expect(thread(page)).to_contain_text("Is the terrace open?")
    await expect(page.get_by_text("Visitor is typing")).to_be_hidden()

    # A note is the team's alone.
    await page.get_by_role("button", name="Note", exact=True).click()
    await composer(page).fill("She came last week, too")
    await page.keyboard.press("Control+Enter")
    await expect(thread(page).locator(".row--note")).to_contain_text("She came last week, too")
    await picture(page, "inbox-human")
    await expect(log_of(customer)).not_to_contain_text("last week")

    # The assistant goes on, and one can watch it.
    await page.get_by_role("button", name="Hand back").click()
    dialog = page.get_by_role("dialog")
    await dialog.get_by_role("textbox").fill("Terrace opens in May")
    await dialog.get_by_role("button", name="Hand back").click()
    await expect(log_of(customer)).to_contain_text("Ana left")
    await expect(thread(page)).to_contain_text("Handed to the assistant by you")
    await say(customer, "When are you open on Friday?")
    await expect(thread(page).locator(".row--assistant").last).to_contain_text("11:30 PM")
    call = thread(page).locator("details.call").filter(has_text="Get hours").last
    await call.locator("summary").click()
    await expect(call.get_by_role("table").first).to_be_visible()

    # Everything is there after a reload, on both sides, once.
    await page.reload()
    await expect(thread(page)).to_contain_text("Hello, Ana here.")
    await customer.reload()
    await expect(log_of(customer)).to_contain_text("Ana left")
    shown = await log_of(customer).inner_text()
    assert [shown.count(words) for words in ("Ana joined", "Hello, Ana here.", "Ana left")] == [
        1, 1, 1,
    ]  # fmt: skip


async def test_two_colleagues_and_one_conversation(browser: Browser, site: str) -> None:
    customer = await waiting(browser, site)
    ana, ben = await console(browser, site, "Ana"), await console(browser, site, "Ben")
    for page in (ana, ben):
        await items(page).click()
    await expect(ana.get_by_text("Ben is viewing this, too")).to_be_visible()
    await composer(ben).fill("Hello")
    await expect(ana.get_by_text("Ben is typing a reply")).to_be_visible()

    # Ana is faster, while Ben's click is on its way.
    async def held_up(route: Route) -> None:
        await ana.keyboard.press("t")
        await expect(log_of(customer)).to_contain_text("Ana joined")
        await route.continue_()

    await ben.route("**/accept", held_up)
    await ben.get_by_role("button", name="Accept", exact=True).click()
    await expect(ben.get_by_role("alert")).to_contain_text("Ana has this conversation.")
    await expect(ana.get_by_role("button", name="Hand back")).to_be_visible()
    await expect(composer(ben)).to_have_attribute("placeholder", "Ana answers this conversation.")
    await expect(ben.get_by_role("button", name="Accept", exact=True)).to_have_count(0)

    # Whoever steps out is seen as away.
    colleagues = ana.get_by_role("list", name="Colleagues")
    await expect(colleagues).to_contain_text("Ben, online")
    await ben.get_by_role("button", name="Online").click()
    await expect(colleagues).to_contain_text("Ben, away")

    # Who manages may give it to somebody else.
    await ben.get_by_role("button", name="Assign").click()
    await ben.get_by_role("dialog").get_by_role("button", name="Ben (you)").click()
    await expect(ana.locator(".thread-head")).to_contain_text("Ben")
    await expect(ben.get_by_role("button", name="Hand back")).to_be_visible()


async def test_what_was_not_sent_is_tried_again(browser: Browser, site: str) -> None:
    customer = await waiting(browser, site)
    page = await console(browser, site)
    await items(page).click()
    await page.route("**/reply", lambda route: route.abort())
    await composer(page).fill("Are you still there?")
    await page.get_by_role("button", name="Accept and send").click()
    await expect(thread(page)).to_contain_text("Not sent.")
    await expect(composer(page)).to_have_value("")
    await page.unroute("**/reply")
    await page.get_by_role("button", name="Retry").click()
    await expect(log_of(customer)).to_contain_text("Are you still there?")
    await expect(thread(page).get_by_text("Not sent.")).to_have_count(0)
    await expect(thread(page).get_by_text("Are you still there?")).to_have_count(1)


async def test_a_long_conversation_is_read_from_its_end(browser: Browser, site: str) -> None:
    async with httpx.AsyncClient(base_url=site, timeout=20) as http:
        visitor = await Visitor.arrive(http, "restaurant")
        for n in range(60):
            await visitor.say(f"Where are you, the {n}. time?")
    page = await console(browser, site)  # nobody waits: it opens with what there is
    await items(page).click()
    await expect(thread(page).get_by_text("the 59. time?")).to_be_in_viewport()
    await thread(page).evaluate("log => log.scrollTop = 0")
    top = thread(page).locator(".row--customer").first
    text = await top.locator(".bubble").inner_text()
    await page.get_by_role("button", name="Load earlier messages").click()
    await expect(page.get_by_role("button", name="Load earlier messages")).to_be_hidden()
    await expect(thread(page).get_by_text(text)).to_be_in_viewport()  # the reader's place
    asked = thread(page).locator(".row--customer .bubble")
    await expect(asked).to_have_text([f"Where are you, the {n}. time?" for n in range(60)])

    # While one reads further up nothing moves: a button tells of what is new.
    async with httpx.AsyncClient(base_url=site, timeout=20) as http:
        visitor.http = http
        await visitor.say("One more")
    jump = page.get_by_role("button", name="New messages")
    await expect(jump).to_be_visible()
    await expect(thread(page).get_by_text("One more", exact=True)).not_to_be_in_viewport()
    await jump.click()
    await expect(thread(page).locator(".row").last).to_be_in_viewport()


async def test_without_a_network(browser: Browser, site: str) -> None:
    customer = await waiting(browser, site)
    page = await console(browser, site)
    await items(page).click()
    await page.context.set_offline(True)
    await expect(page.get_by_text("You are offline")).to_be_visible()
    await composer(page).fill("Hello")
    await page.keyboard.press("Control+Enter")
    await expect(thread(page)).to_contain_text("Not sent.")
    await page.context.set_offline(False)
    await expect(page.get_by_text("You are offline")).to_be_hidden()
    await page.get_by_role("button", name="Retry").click()
    await expect(log_of(customer)).to_contain_text("Hello")


async def test_put_off_until_tomorrow(browser: Browser, site: str) -> None:
    customer = await waiting(browser, site)
    page = await console(browser, site)
    await items(page).click()
    await page.keyboard.press("t")
    await page.get_by_role("button", name="Snooze").click()
    await page.get_by_role("button", name="Tomorrow at 9:00").click()
    await expect(thread(page)).to_contain_text("Snoozed by you until")
    await write(customer, "One more thing")
    await expect(thread(page)).to_contain_text("One more thing")
    await expect(page.get_by_role("button", name="Hand back")).to_be_visible()


async def test_what_customers_write_stays_text(browser: Browser, site: str) -> None:
    customer = await waiting(browser, site)
    page = await console(browser, site)
    await items(page).click()
    bad = '<img src=x onerror="document.title=1"> **bold** https://evil.example'
    await write(customer, bad)
    await expect(thread(page)).to_contain_text(bad)
    assert await thread(page).locator("img, a").count() == 0
