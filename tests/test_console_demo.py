"""The demo's console: open with one click, to a browser on this computer and to nobody else."""

import re
from pathlib import Path
from typing import Any

import pytest
from support_house import house_of, load

from frontdesk.business import Business
from frontdesk_server.console import signing


async def test_the_demo_is_looked_at_with_one_click(tmp_path: Path) -> None:
    async with house_of(load(tmp_path), demo=True) as house:
        await house.desk.apply(Business(id="shop", name="A real one"))
        browser = house.browser()
        page = await browser.see("/console/sign-in")
        assert "Look around as Ana (demo)" in page.text
        assert "A real one" not in page.text
        real = await browser.post(
            "/console/sign-in/demo", csrf=await browser.csrf("/console/sign-in"), business="shop"
        )
        assert real.status_code == 403
        for _ in range(2):  # she is made once
            guest = house.browser()
            token = await guest.csrf("/console/sign-in")
            done = await guest.post("/console/sign-in/demo", csrf=token, business="restaurant")
            assert done.headers["location"] == "/console"
            assert await guest.is_in()
        assert [row["email"] for row in await house.rows("staff")] == [signing.DEMO_EMAIL]
        assert (await house.browser().sign_in(signing.DEMO_EMAIL, "")).status_code == 401
        assert "staff console" in (await browser.see("/")).text


@pytest.mark.parametrize(
    ("demo", "server", "is_open"),
    [
        (False, {}, False),
        (True, {}, True),
        (True, {"host": "localhost"}, True),
        (True, {"host": "0.0.0.0"}, False),
        (True, {"public_url": "https://desk.example.com"}, False),
        (True, {"host": "0.0.0.0", "public_url": "https://desk.example.com"}, False),
    ],
)
async def test_who_is_let_into_the_demo(
    tmp_path: Path, demo: bool, server: dict[str, Any], is_open: bool
) -> None:
    desk = load(tmp_path, server=server)
    async with house_of(desk, demo=demo) as house:
        page = await house.browser().see("/console/sign-in")
        assert ("Look around" in page.text) == is_open


@pytest.mark.parametrize(
    ("headers", "is_open"),
    [
        ({"host": "localhost:9000"}, True),
        ({"host": "LOCALHOST"}, True),
        ({"host": "[::1]:8000"}, True),
        ({"host": "127.0.0.1"}, True),
        ({"host": "desk.example.com"}, False),
        ({"host": "127.0.0.1.evil.example:8000"}, False),
        ({"host": "localhost.evil.example"}, False),
        ({"host": "192.0.2.1:8000"}, False),
        ({"host": "[::1"}, False),
        ({"host": ""}, False),
        ({"x-forwarded-for": "203.0.113.9"}, False),
        ({"x-forwarded-proto": "https"}, False),
        ({"forwarded": "for=203.0.113.9"}, False),
        ({"x-real-ip": "203.0.113.9"}, False),
    ],
)
async def test_the_demo_is_for_a_browser_on_this_computer(
    tmp_path: Path, headers: dict[str, str], is_open: bool
) -> None:
    async with house_of(load(tmp_path), demo=True) as house:
        page = await house.browser(headers=headers).see("/console/sign-in")
        assert page.status_code == 200
        assert ("Look around" in page.text) == is_open
        # Who has the form from elsewhere gets no further with it.
        token = re.search(r'name="csrf" value="([^"]+)"', page.text)
        assert token
        done = await house.browser(headers=headers).http.post(
            "/console/sign-in/demo",
            data={"csrf": token[1], "business": "restaurant"},
            headers={"cookie": page.headers["set-cookie"].split(";")[0]},
        )
        assert done.status_code == (303 if is_open else 403)
