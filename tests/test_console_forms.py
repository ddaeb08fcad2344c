"""Forms of the staff console, and all that other sites may send in their place."""

import re
from itertools import product

import pytest
from support_house import PASSWORD, House, house, sections

__all__ = ["house", "sections"]  # fixtures


async def test_a_form_needs_its_token(house: House) -> None:
    await house.hire("ada@shop.example")
    browser = await house.signed_in("ada@shop.example")
    stranger = await house.signed_in("ada@shop.example")
    for token in ("", "x", await stranger.csrf()):
        refused = await browser.post("/console/account", csrf=token, do="rename", name="Eve")
        assert refused.status_code == 403
        assert "out of date" in refused.text
    missing = await browser.http.post("/console/account", data={"do": "rename", "name": "Eve"})
    assert missing.status_code == 403
    out = await browser.post("/console/sign-out", csrf="x")
    assert out.status_code == 403
    assert [row["name"] for row in await house.rows("staff")] == ["Ada"]
    assert await browser.is_in()


async def test_signing_in_needs_the_form_of_this_browser(house: House) -> None:
    await house.hire("ada@shop.example")
    token = await house.browser().csrf("/console/sign-in")
    for given in ("", "x", token):
        answer = await house.browser().post(
            "/console/sign-in", csrf=given, email="ada@shop.example", password=PASSWORD
        )
        assert answer.status_code == 403
    assert await house.rows("staff_session") == []


FOREIGN = [
    {"origin": "https://evil.example"},
    {"origin": "null"},
    {"origin": "http://127.0.0.1:1"},
    {"origin": "http://127.0.0.1.evil.example"},
    {"origin": "chrome-extension://abc"},
    {"sec-fetch-site": "cross-site"},
    {"sec-fetch-site": "same-site"},
]


async def test_a_page_of_another_site_posts_nothing(house: House) -> None:
    await house.hire("ada@shop.example")
    browser, stranger = await house.signed_in("ada@shop.example"), house.browser()
    mine = {"csrf": await browser.csrf(), "do": "rename", "name": "Eve"}
    theirs = {"csrf": await stranger.csrf("/console/sign-in"), "email": "ada@shop.example"}
    theirs["password"] = PASSWORD
    for headers in FOREIGN:
        for path in ("/console/account", "/console/sign-out"):
            refused = await browser.http.post(path, data=mine, headers=headers)
            assert refused.status_code == 403, headers
        answer = await stranger.http.post("/console/sign-in", data=theirs, headers=headers)
        assert answer.status_code == 403, headers
    assert await browser.is_in()
    assert [row["name"] for row in await house.rows("staff")] == ["Ada"]


@pytest.mark.parametrize("sections", [{"server": {"public_url": "https://desk.example.com"}}])
async def test_behind_https_cookies_stay_there_and_the_public_origin_counts(house: House) -> None:
    await house.hire("ada@shop.example")
    browser = house.browser()
    page = await browser.see("/console/sign-in")
    assert "Secure" in page.headers["set-cookie"]
    assert page.headers["strict-transport-security"]
    token = re.search(r'name="csrf" value="([^"]+)"', page.text)
    assert token
    cookie = page.headers["set-cookie"].split(";")[0]
    fields = {"csrf": token[1], "email": "ada@shop.example", "password": PASSWORD}
    for origin, status in ((house.url, 403), ("https://desk.example.com", 303)):
        answer = await browser.http.post(
            "/console/sign-in", data=fields, headers={"origin": origin, "cookie": cookie}
        )
        assert answer.status_code == status
    assert "Secure" in answer.headers["set-cookie"]


async def test_every_page_has_the_headers_that_keep_it_safe(house: House) -> None:
    await house.hire("ada@shop.example")
    paths = ("/console/sign-in", "/console", "/console/account", "/console/x")
    browsers = (house.browser(), await house.signed_in("ada@shop.example"))
    for browser, path in product(browsers, paths):
        headers = (await browser.see(path)).headers
        policy = headers["content-security-policy"]
        assert "default-src 'self'" in policy
        assert "frame-ancestors 'none'" in policy
        assert "unsafe" not in policy
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] == "same-origin"
        assert headers["cache-control"] == "no-store"


async def test_only_forms_are_read(house: House) -> None:
    await house.hire("ada@shop.example")
    browser = await house.signed_in("ada@shop.example")
    json = await browser.http.post("/console/account", json={"do": "rename"})
    assert json.status_code == 415
    nul = await browser.post("/console/account", do="rename", name="a\x00b")
    assert nul.status_code == 400
    many = await browser.http.post(
        "/console/account", content=b"&".join([b"a=1"] * 3000),
        headers={"content-type": "application/x-www-form-urlencoded"},
    )  # fmt: skip
    assert many.status_code == 400
