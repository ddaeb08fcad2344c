"""What the widget shows for each kind of payload, in a real browser over real HTTP.

With SCREENSHOTS=FOLDER in the environment, pictures of the cards are left there.
"""

from collections.abc import AsyncGenerator

import pytest
from browsing import chromium, log_of, needs_chromium, picture, say, visit, write
from fake_wire import Json, fake_wire
from playwright.async_api import Browser, Page, expect

pytestmark = needs_chromium

READ_BACK = "Table for 4 on Tue, Nov 24, 7:00 PM, for Ana Silva, phone +1 212 555 0123"
BOOKING: Json = {
    "party_size": 4,
    "date": "2026-11-24",
    "time": "19:00",
    "label": "Tue, Nov 24, 7:00 PM",
    "start": "2026-11-24T19:00-05:00",
    "name": "Ana Silva",
}
BOOKED = BOOKING | {"reference": "7F3K-9QXM", "calendarUrl": "/calendar/7F3K.ics?sig=1"}
CART: Json = {
    "lines": [
        {
            "line_id": "a",
            "name": "Margherita",
            "variant": "Large",
            "modifiers": [{"name": "Extra mozzarella", "quantity": 2, "price": 150}],
            "quantity": 2,
            "total": 4400,
        },
        {"line_id": "b", "name": "Water", "modifiers": [], "quantity": 1, "total": 450},
    ],
    "subtotal": 4850,
    "fees": [{"name": "Delivery", "amount": 300}],
    "tax": 430,
    "total": 5580,
    "currency": "USD",
    "problems": [],
}
ORDER = CART | {"date": "2026-11-24", "time": "19:10", "label": "Tue, Nov 24, 7:10 PM"}
ORDER_READ_BACK = """For Ana, phone +1 212 555 0123, to 84 Orchard Street.
- 2 x Margherita, Large (2 x Extra mozzarella): $44.00
- 1 x Water: $4.50
Delivery $3.00, tax $4.30. Total $55.80."""
DARK: Json = {"color_scheme": "dark"}
TELEPHONE: Json = {"viewport": {"width": 390, "height": 844}, "has_touch": True}
LOOKS: dict[str, Json] = {
    "desktop": {},
    "desktop-dark": DARK,
    "telephone": TELEPHONE,
    "telephone-dark": TELEPHONE | DARK,
    "narrow": TELEPHONE | {"viewport": {"width": 320, "height": 600}},
}


@pytest.fixture
async def browser() -> AsyncGenerator[Browser]:
    async with chromium() as browser:
        yield browser


def action(tool: str, data: Json, status: str = "done") -> Json:
    return {"type": tool, "status": status, "data": data}


def proposal(tool: str, data: Json, number: int = 1, message: str = READ_BACK) -> Json:
    asked = {"proposalId": f"p{number}", "message": message, "status": "needs_confirmation"}
    return action(tool, data | asked, "needs_confirmation")


async def states(page: Page) -> list[str]:
    """The titles of the proposals, in order."""
    return await log_of(page).locator(".ask .head, .ended .head").all_inner_texts()


async def test_a_proposal_is_confirmed_by_its_button_once(browser: Browser) -> None:
    async with fake_wire() as wire:
        page = await visit(browser, wire.url)
        log = log_of(page)
        wire.answer("It is free. Please say yes or no.", proposal("create_booking", BOOKING))
        await say(page, "A table for 4 on Tuesday at 7")
        card = log.get_by_role("group", name="Is this right?")
        await expect(card).to_contain_text(READ_BACK)
        # Read out with the reply: the question is part of the card.
        status = page.locator("front-desk").get_by_role("status")
        await expect(status).to_have_text(f"It is free. Please say yes or no. {READ_BACK}")
        await expect(log.get_by_role("button")).to_have_text(["Confirm booking", "No, change it"])

        wire.answer("You are booked.", action("create_booking", BOOKED))
        await card.get_by_role("button", name="Confirm booking").dblclick()
        await expect(log).to_contain_text("Booking confirmed")
        assert await states(page) == ["Confirmed"]
        await expect(log.get_by_role("button")).to_have_count(0)
        assert [(body["content"], body.get("confirm")) for body in wire.said[1:]] == [
            ("Yes, please confirm", "p1")
        ]

        await page.reload()
        await expect(log).to_contain_text("Booking confirmed")
        assert await states(page) == ["Confirmed"]
        await expect(log.get_by_role("button")).to_have_count(0)


async def test_a_proposal_is_declined_then_replaced(browser: Browser) -> None:
    async with fake_wire() as wire:
        page = await visit(browser, wire.url)
        wire.answer("Shall I?", proposal("create_booking", BOOKING))
        await say(page, "A table for 4 on Tuesday at 7")
        wire.answer("What should it be?")
        decline = log_of(page).get_by_role("button", name="No, change it")
        await decline.focus()
        await page.keyboard.press("Enter")
        await expect(log_of(page)).to_contain_text("What should it be?")
        await expect(page.locator("front-desk textarea")).to_be_focused()
        assert wire.said[-1]["content"] == "No"
        assert "confirm" not in wire.said[-1]

        wire.answer("At 8 then?", proposal("create_booking", BOOKING | {"time": "20:00"}, 2))
        await say(page, "8 pm")
        wire.answer("Yes, behind the house.")
        await say(page, "Is there parking?")
        assert await states(page) == ["Declined", "Is this right?"]
        wire.answer("For 5 then?", proposal("create_booking", BOOKING | {"party_size": 5}, 3))
        await say(page, "We are 5")
        expected = ["Declined", "Replaced", "Is this right?"]
        assert await states(page) == expected

        await page.reload()
        await expect(log_of(page)).to_contain_text("For 5 then?")
        assert await states(page) == expected
        await log_of(page).get_by_role("button", name="Confirm booking").click()
        await expect(log_of(page).locator(".ended").last).to_contain_text("One moment")
        assert wire.said[-1]["confirm"] == "p3"


async def test_a_proposal_that_the_server_knows_to_be_declined(browser: Browser) -> None:
    async with fake_wire() as wire:
        page = await visit(browser, wire.url)
        wire.answer("Shall I?", proposal("create_booking", BOOKING))
        await say(page, "A table for 4 on Tuesday at 7")
        wire.answer("As you like.", voided=("p1",))
        await say(page, "I would rather not")
        assert await states(page) == ["Declined"]
        await page.reload()
        await expect(log_of(page)).to_contain_text("As you like.")
        assert await states(page) == ["Declined"]


async def test_a_booking_moves_is_cancelled_and_waits(browser: Browser) -> None:
    async with fake_wire() as wire:
        page = await visit(browser, wire.url, timezone_id="Asia/Tokyo")
        log = log_of(page)
        moved = BOOKED | {"date": "2026-11-25", "previous": BOOKING}
        wire.answer("Moved.", action("reschedule_booking", moved))
        await say(page, "A day later, please")
        card = log.get_by_role("group", name="Booking changed")
        await expect(card.locator("s")).to_have_text("Tuesday, November 24, 7:00 PM")
        await expect(card).to_contain_text("Wednesday, November 25")
        await expect(card).to_contain_text("Local times in New York")
        link = card.get_by_role("link", name="Add to calendar")
        await expect(link).to_have_attribute("href", f"{wire.url}/calendar/7F3K.ics?sig=1")

        foreign = {"calendarUrl": "https://elsewhere.example/x.ics", "status": "cancelled"}
        wire.answer("Cancelled.", action("cancel_booking", BOOKED | foreign))
        await say(page, "Cancel it")
        gone = log.get_by_role("group", name="Booking cancelled")
        await expect(gone.locator(".when b").first).to_have_css(
            "text-decoration-line", "line-through"
        )
        await expect(gone.get_by_role("link")).to_have_count(0)

        wire.answer("Noted.", action("join_waitlist", BOOKING | {"status": "waiting"}))
        await say(page, "Put me on the waiting list")
        await expect(log.get_by_role("group", name="On the waiting list")).to_contain_text("Ana")


async def test_an_order_from_the_cart_to_the_counter(browser: Browser) -> None:
    async with fake_wire(currency="EUR") as wire:
        page = await visit(browser, wire.url)
        log = log_of(page)
        for text in ("Two large Margherita", "And a water"):
            wire.answer("Added.", action("add_to_order", CART))
            await say(page, text)
        carts = log.locator("details")
        assert [await cart.get_attribute("open") for cart in await carts.all()] == [None, ""]
        await expect(carts.last).to_contain_text(
            "Large, 2 \N{MULTIPLICATION SIGN} Extra mozzarella"
        )
        await expect(carts.last).to_contain_text("$55.80")
        await carts.first.locator("summary").focus()
        await page.keyboard.press("Enter")
        await expect(carts.first.get_by_text("Subtotal")).to_be_visible()

        asked = proposal("confirm_order", ORDER, message=ORDER_READ_BACK)
        wire.answer("Shall I send it?", asked)
        await say(page, "That is all")
        await expect(log.locator(".ask")).to_contain_text("to 84 Orchard Street")
        placed = ORDER | {"reference": "2QF8-7XKD", "status": "placed"}
        wire.answer("Done.", action("confirm_order", placed))
        await log.get_by_role("button", name="Place order").click()
        card = log.get_by_role("group", name="Order placed")
        await expect(card).to_contain_text("Tuesday, November 24")
        await expect(card).to_contain_text("2QF8-7XKD")
        await expect(card.get_by_role("link")).to_have_count(0)
        await expect(carts.last.get_by_text("Subtotal")).to_be_hidden()


async def test_a_person_takes_over_and_leaves(browser: Browser) -> None:
    async with fake_wire() as wire:
        page = await visit(browser, wire.url)
        log, panel = log_of(page), page.locator("front-desk").get_by_role("dialog")
        wire.answer("I have asked a colleague.", action("handoff_to_human", {}), handed_off=True)
        await say(page, "May I speak to a person?")
        banner = panel.get_by_text("Waiting for a person…")
        await expect(banner).to_be_visible()
        await write(page, "It is about an allergy.")
        await expect(log.locator(".customer").last).to_contain_text("Delivered")
        await expect(log.locator(".assistant:visible")).to_have_count(2)  # with the greeting

        wire.join("Ana")
        await expect(log).to_contain_text("Ana joined")
        await expect(banner).to_be_hidden()
        await expect(panel.locator("header")).to_contain_text("Ana")
        wire.frame("typing", isTyping=True, isHuman=True)
        await expect(log.locator(".staff .dots")).to_be_visible()
        wire.say("staff", "Hi, which one? <b>Nuts</b>?", agentName="Ana")
        await expect(log.locator(".staff .bubble").first).to_have_text(
            "Hi, which one? <b>Nuts</b>?"
        )
        await expect(log.locator(".dots")).to_be_hidden()
        await expect(log).not_to_contain_text("Delivered")

        await page.reload()
        await expect(panel.locator("header")).to_contain_text("Ana")
        await expect(banner).to_be_hidden()
        wire.leave()
        wire.say("system", "This conversation is closed.")
        await expect(log).to_contain_text("Ana left")
        await expect(log.locator(".system")).to_contain_text("This conversation is closed.")
        await expect(panel.locator("header")).not_to_contain_text("Ana")


async def test_other_languages_are_fetched_when_they_are_needed(browser: Browser) -> None:
    fetched: list[str] = []
    for locale, placeholder, button, day in (
        ("en-GB", "Write a message…", "Confirm booking", "Tuesday 24 November"),
        ("de-DE", "Nachricht schreiben…", "Buchung bestätigen", "Dienstag, 24. November"),
    ):
        async with fake_wire(locale=locale, timezone="Europe/Berlin", currency="EUR") as wire:
            page = await visit(browser, wire.url, timezone_id="Europe/Berlin", locale="fr-FR")
            page.on("request", lambda request: fetched.append(request.url))
            await page.reload()
            await expect(page.locator("front-desk textarea")).to_have_attribute(
                "placeholder", placeholder
            )
            wire.answer("19 Uhr?", proposal("create_booking", BOOKING))
            await say(page, "Ein Tisch")
            card = log_of(page).locator(".ask")
            await expect(card).to_contain_text(day)
            await expect(card).to_contain_text("19:00")
            await expect(card.get_by_role("button").first).to_have_text(button)
    assert [url.split("/")[-1].split("?")[0] for url in fetched if "i18n" in url] == ["de.json"]


@pytest.mark.parametrize("look", LOOKS)
async def test_every_card_fits(browser: Browser, look: str) -> None:
    async with fake_wire() as wire:
        page = await visit(browser, wire.url, timezone_id="America/New_York", **LOOKS[look])
        wire.answer("Shall I book it?", proposal("create_booking", BOOKING))
        await say(page, "A table for 4 on November 24 at 7 pm, Ana Silva")
        await picture(page, f"{look}-proposal")
        wire.answer("You are booked!", action("create_booking", BOOKED))
        await log_of(page).get_by_role("button", name="Confirm booking").click()
        await expect(log_of(page)).to_contain_text("Booking confirmed")
        await picture(page, f"{look}-booking")
        moved = BOOKED | {"date": "2026-11-25", "previous": BOOKING}
        wire.answer("Moved.", action("reschedule_booking", moved))
        await say(page, "A day later, please")
        await picture(page, f"{look}-moved")
        wire.answer("So far:", action("view_order", CART))
        await say(page, "Two large pizzas and a water")
        await picture(page, f"{look}-cart")
        asked = proposal("confirm_order", ORDER, 2, ORDER_READ_BACK)
        wire.answer("Shall I send it?", asked)
        await say(page, "That is all")
        await picture(page, f"{look}-order")
        wire.answer("I have asked a colleague.", handed_off=True)
        await say(page, "May I speak to a person?")
        wire.join("Ana")
        wire.say("staff", "Hi, this is Ana. How can I help?", agentName="Ana")
        await expect(log_of(page)).to_contain_text("this is Ana")
        await picture(page, f"{look}-person")
        # Nothing is wider than its place: neither on the page nor in the transcript.
        for what in ("document.documentElement", "log"):
            script = (
                "() => { const log = document.querySelector('front-desk').shadowRoot"
                f".querySelector('.log'); return {what}.scrollWidth - {what}.clientWidth }}"
            )
            assert await page.evaluate(script) <= 0, what
