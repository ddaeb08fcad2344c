"""Sessions of the staff console: whose they are, and when they end."""

import re

from support_house import PASSWORD, House, house, sections

from frontdesk.business import Business, BusinessPlugins

__all__ = ["house", "sections"]  # fixtures


async def test_a_session_that_was_planted_is_never_signed_in(house: House) -> None:
    await house.hire("ada@shop.example")
    attacker = await house.signed_in("ada@shop.example")
    planted = attacker.http.cookies["frontdesk_session"]
    await house.hire("bob@shop.example")
    victim = house.browser()
    victim.http.cookies.set("frontdesk_session", planted, path="/console")
    victim.http.cookies.set("frontdesk_session", planted, path="/console", domain="127.0.0.1")
    # The form is shown to those who are signed out only, so the token is had elsewhere.
    page = await house.browser().see("/console/sign-in")
    token = re.search(r'name="csrf" value="([^"]+)"', page.text)
    assert token
    cookie = page.cookies["frontdesk_sign_in"]
    answer = await victim.http.post(
        "/console/sign-in",
        data={"csrf": token[1], "email": "bob@shop.example", "password": PASSWORD},
        headers={"cookie": f"frontdesk_session={planted}; frontdesk_sign_in={cookie}"},
    )
    assert answer.status_code == 303
    assert answer.cookies["frontdesk_session"] != planted
    assert not await attacker.is_in()  # and the old session is over


async def test_an_unknown_cookie_is_nobody(house: House) -> None:
    for value in ("x", "x" * 43, "x" * 5000, "", "'"):
        browser = house.browser(cookies={"frontdesk_session": value})
        assert not await browser.is_in()


ENDS = [
    "UPDATE staff_session SET expires = 1",
    "UPDATE staff_session SET seen = seen - 43200001",
    "UPDATE staff SET active = FALSE",
    "DELETE FROM staff",
    "DELETE FROM business WHERE id = 'shop'",
]


async def test_a_session_ends(house: House) -> None:
    for change in ENDS:
        await house.database.fetch("DELETE FROM staff")
        await house.hire("ada@shop.example")
        browser = await house.signed_in("ada@shop.example")
        assert await browser.is_in()
        await house.database.fetch(change)
        house.desk._businesses.forget("shop")
        answer = await browser.see("/console/account?a=1&b=2")
        assert answer.status_code == 303, change
        assert answer.headers["location"] == (
            "/console/sign-in?next=%2Fconsole%2Faccount%3Fa%3D1%26b%3D2"
        )


async def test_a_session_that_is_used_stays(house: House) -> None:
    await house.hire("ada@shop.example")
    browser = await house.signed_in("ada@shop.example")
    await house.database.fetch("UPDATE staff_session SET seen = seen - 43000000")
    before = (await house.rows("staff_session"))[0]["seen"]
    assert await browser.is_in()
    assert (await house.rows("staff_session"))[0]["seen"] > before


async def test_old_sessions_are_cleared_away(house: House) -> None:
    await house.hire("ada@shop.example")
    await house.signed_in("ada@shop.example")
    await house.database.fetch("UPDATE staff_session SET expires = 1")
    await house.signed_in("ada@shop.example")
    assert len(await house.rows("staff_session")) == 1


async def test_a_business_may_switch_its_console_off(house: House) -> None:
    await house.hire("ada@shop.example")
    browser = await house.signed_in("ada@shop.example")
    off = BusinessPlugins(disabled=("console",))
    await house.desk.apply(Business(id="shop", name="Shop", plugins=off))
    assert not await browser.is_in()
    assert (await house.browser().sign_in("ada@shop.example")).status_code == 401
    await house.hire("ada@shop.example", business="other")  # and is not in the way of another
    for order in ("shop", "zebra"):
        await house.database.fetch("UPDATE staff SET business = {} WHERE business = 'shop'", order)
        there = await house.signed_in("ada@shop.example")
        assert "Other" in (await there.see("/console/account")).text


async def test_signing_out_everywhere(house: House) -> None:
    await house.hire("ada@shop.example")
    here, there = (
        await house.signed_in("ada@shop.example"),
        await house.signed_in("ada@shop.example"),
    )
    await here.post("/console/account", do="sign_out")
    assert not await here.is_in()
    assert not await there.is_in()
