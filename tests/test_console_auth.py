"""Signing in to the staff console, and all that must not get in. A real server."""

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial
from itertools import product
from pathlib import Path
from typing import Any

import httpx
import pytest
from support import migrated, serving
from test_storage import CORE, KINDS, opened

from frontdesk import config
from frontdesk.business import Business, BusinessPlugins
from frontdesk.desk import Desk
from frontdesk.migrate import Tables
from frontdesk.plugins import Plugin
from frontdesk_server.console import passwords, signing, staff
from frontdesk_server.console.staff import Member, StaffError
from frontdesk_server.console.tables import TABLES

CONSOLE = Tables(app="console", tables=TABLES, migrations="frontdesk_server.console.migrations")
PASSWORD = "correct horse battery"


class House:
    """A served desk with two businesses, and people of them."""

    def __init__(self, desk: Desk, url: str) -> None:
        self.desk, self.url = desk, url
        self.database = desk.database
        self._clients: list[httpx.AsyncClient] = []

    async def close(self) -> None:
        for client in self._clients:
            await client.aclose()

    async def hire(
        self, email: str, role: str = "agent", business: str = "shop", **more: str
    ) -> Member:
        asked = {"name": email.split("@", maxsplit=1)[0].title(), "password": PASSWORD} | more
        return await staff.add(self.database, business, email=email, role=role, **asked)

    def browser(self, **more: Any) -> "Browser":
        self._clients.append(httpx.AsyncClient(base_url=self.url, timeout=20, **more))
        return Browser(self, self._clients[-1])

    async def signed_in(self, email: str, password: str = PASSWORD) -> "Browser":
        browser = self.browser()
        answer = await browser.sign_in(email, password)
        assert answer.status_code == 303, answer.text
        return browser

    async def rows(self, table: str) -> list[dict[str, Any]]:
        return await self.database.fetch(f"SELECT * FROM {table} ORDER BY id")


class Browser:
    """A browser: cookies, and the forms of the page that it last saw."""

    def __init__(self, house: House, http: httpx.AsyncClient) -> None:
        self.house, self.http = house, http

    async def see(self, path: str) -> httpx.Response:
        return await self.http.get(path)

    async def csrf(self, path: str = "/console/account") -> str:
        page = await self.see(path)
        found = re.search(r'name="csrf" value="([^"]+)"', page.text)
        assert found, page.text
        return found[1]

    async def post(self, path: str, **fields: Any) -> httpx.Response:
        """As the form of the page does."""
        if "csrf" not in fields:
            fields["csrf"] = await self.csrf(path)
        return await self.http.post(path, data=fields, headers={"origin": self.house.url})

    async def sign_in(self, email: str, password: str = PASSWORD, **more: str) -> httpx.Response:
        asked = {"email": email, "password": password} | more
        return await self.post("/console/sign-in", **asked)

    async def is_in(self) -> bool:
        return (await self.see("/console/account")).status_code == 200


def load(folder: Path, *plugins: Any, **sections: Any) -> Desk:
    base = {
        "database": {"url": f"sqlite:///{folder / 'console.db'}"},
        "model": {"use": ["offline"]},
    }
    desk = Desk(config.settings_of(base | sections))
    desk.secret_keys = ("a key for tests, thirty-two characters",)
    desk.plugins.load_installed()
    for n, plugin in enumerate(plugins):
        desk.plugins.add(Plugin(name=f"test-{n}"), partial(_same, plugin))
    desk.collect()
    return desk


def _same(plugin: Any) -> Any:
    return plugin


@asynccontextmanager
async def house_of(desk: Desk, *, demo: bool = False) -> AsyncIterator[House]:
    async with serving(desk, demo=demo) as url:
        if not demo:
            await desk.apply(Business(id="shop", name="Shop", timezone="Europe/Rome"))
            await desk.apply(Business(id="other", name="Other"))
        house = House(desk, url)
        try:
            yield house
        finally:
            await house.close()


@pytest.fixture
def sections() -> dict[str, Any]:
    return {}


@pytest.fixture
async def house(tmp_path: Path, sections: dict[str, Any]) -> AsyncIterator[House]:
    async with house_of(load(tmp_path, **sections)) as made:
        yield made


@pytest.fixture
async def both(tmp_path: Path, database_url: str) -> AsyncIterator[House]:
    """On SQLite and on Postgres."""
    await migrated(database_url)
    async with house_of(load(tmp_path, database={"url": database_url})) as made:
        yield made


# ---- in and out ------------------------------------------------------------------------------


async def test_signing_in_and_out(both: House) -> None:
    who = await both.hire("ada@shop.example", name="Ada")
    assert who.seen == 0
    browser = both.browser()
    first = await browser.see("/console")
    assert (first.status_code, first.headers["location"]) == (303, "/console/sign-in")
    answer = await browser.sign_in("  ADA@Shop.example ")
    assert (answer.status_code, answer.headers["location"]) == (303, "/console")
    cookie = next(c for c in answer.headers.get_list("set-cookie") if "frontdesk_session" in c)
    assert "HttpOnly" in cookie
    assert "SameSite=lax" in cookie
    assert "Path=/console;" in cookie
    assert "Secure" not in cookie
    page = await browser.see("/console")
    assert page.status_code == 200
    assert "Shop" in page.text
    assert "Ada" in page.text
    (row,) = await both.rows("staff")
    assert row["seen"] > 0
    (session,) = await both.rows("staff_session")
    assert session["id"] not in cookie  # only a hash is stored
    assert (await browser.see("/console/sign-in")).headers["location"] == "/console"
    out = await browser.post("/console/sign-out", csrf=await browser.csrf())
    assert out.headers["location"] == "/console/sign-in?out"
    assert not await browser.is_in()
    assert await both.rows("staff_session") == []
    assert "signed out" in (await browser.see(out.headers["location"])).text


WRONG = [
    ("ada@shop.example", "wrong horse battery"),
    ("ada@shop.example", ""),
    ("ada@shop.example", PASSWORD + "x" * 5000),
    ("nobody@shop.example", PASSWORD),
    ("' OR 1=1 --", PASSWORD),
    ("", ""),
]


async def test_what_is_wrong_says_the_same_and_lets_nobody_in(house: House) -> None:
    await house.hire("ada@shop.example")
    for email, password in WRONG:
        answer = await house.browser().sign_in(email, password)
        assert answer.status_code == 401
        assert "do not fit together" in answer.text
        assert PASSWORD not in answer.text
    assert await house.rows("staff_session") == []


async def test_an_unknown_account_costs_a_hash_too(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    await house.hire("ada@shop.example")
    asked: list[bool] = []
    verified = passwords.verified

    async def counted(stored: str, password: str) -> bool:
        asked.append(await verified(stored, password))
        return asked[-1]

    monkeypatch.setattr(passwords, "verified", counted)
    await house.browser().sign_in("nobody@shop.example")
    await house.browser().sign_in("ada@shop.example", "wrong horse battery")
    assert asked == [False, False]


async def test_too_many_wrong_sign_ins_of_an_account_are_refused_with_when_to_come_back(
    house: House,
) -> None:
    await house.hire("ada@shop.example")
    await house.hire("bob@shop.example")
    for who in ("bob@shop.example", "nobody@shop.example"):  # known or not, it is the same
        browser = house.browser()
        for _ in range(signing.PER_ACCOUNT):
            assert (await browser.sign_in(who, "wrong")).status_code == 401
        refused = await browser.sign_in(who)
        assert refused.status_code == 429
        assert 0 < int(refused.headers["retry-after"]) <= signing.WINDOW
        assert "Too many" in refused.text
    assert await (await house.signed_in("ada@shop.example")).is_in()


def browser_at(house: House, address: str) -> Browser:
    return house.browser(transport=httpx.AsyncHTTPTransport(local_address=address))


async def test_wrong_sign_ins_from_elsewhere_lock_nobody_out(house: House) -> None:
    await house.hire("ada@shop.example")
    eve = browser_at(house, "127.0.0.2")
    for _ in range(signing.PER_ACCOUNT):
        assert (await eve.sign_in("ada@shop.example", "wrong")).status_code == 401
    assert (await eve.sign_in("ada@shop.example")).status_code == 429
    assert (await browser_at(house, "127.0.0.3").sign_in("ada@shop.example")).status_code == 303


async def test_an_account_is_bounded_over_all_addresses(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(signing, "PER_ACCOUNT_ANYWHERE", 3)
    async with house_of(load(tmp_path)) as house:
        await house.hire("ada@shop.example")
        for n, status in enumerate([401, 401, 401, 429], 2):
            browser = browser_at(house, f"127.0.0.{n}")
            assert (await browser.sign_in("ada@shop.example", "wrong")).status_code == status


async def test_right_sign_ins_use_nothing_up(house: House) -> None:
    await house.hire("ada@shop.example")
    for _ in range(signing.PER_ACCOUNT + 2):
        await house.signed_in("ada@shop.example")


async def test_an_address_is_bounded_over_all_accounts(house: House) -> None:
    await house.hire("ada@shop.example")
    browser = house.browser()
    for n in range(signing.PER_ADDRESS):
        assert (await browser.sign_in(f"n{n}@shop.example", "wrong")).status_code == 401
    assert (await browser.sign_in("ada@shop.example")).status_code == 429


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


# ---- where to --------------------------------------------------------------------------------


NEXT = [
    ("/console/account?a=b", "/console/account?a=b"),
    ("/console", "/console"),
    ("", "/console"),
    ("//evil.example/console", "/console"),
    ("https://evil.example/console", "/console"),
    ("/\\evil.example", "/console"),
    ("/console\\@evil.example", "/console"),
    ("/consoles", "/console"),
    ("/console/../admin", "/console"),
    ("/console/sign-out", "/console"),
    ("/console/x\r\nset-cookie: a=b", "/console"),
    ("javascript:alert(1)", "/console"),
    ("/console/ä", "/console"),
]


async def test_where_one_goes_after_signing_in(house: House) -> None:
    await house.hire("ada@shop.example")
    for given, to in NEXT:
        answer = await house.browser().sign_in("ada@shop.example", next=given)
        assert answer.headers["location"] == to, given


async def test_one_address_in_two_businesses_chooses_after_the_password(both: House) -> None:
    await both.hire("ada@shop.example", "owner")
    there = await both.hire("ada@shop.example", business="other")
    await both.hire("eve@shop.example", business="other")
    browser = both.browser()
    choice = await browser.sign_in("ada@shop.example", next="/console/account")
    assert choice.status_code == 200
    assert "Which business" in choice.text
    assert await both.rows("staff_session") == []
    hidden = dict(re.findall(r'name="(csrf|ticket|next)" value="([^"]+)"', choice.text))
    eve = next(m for m in await staff.members(both.database) if m.email.startswith("eve"))
    for wrong in ({"staff": eve.id}, {"staff": there.id, "ticket": "x"}, {"staff": ""}):
        refused = await browser.post("/console/sign-in/choose", **{**hidden, **wrong})
        assert refused.status_code == 403
    thief = both.browser()  # another browser with the same ticket
    token = await thief.csrf("/console/sign-in")
    stolen = await thief.post(
        "/console/sign-in/choose", **hidden | {"csrf": token, "staff": there.id}
    )
    assert stolen.status_code == 403
    done = await browser.post("/console/sign-in/choose", **hidden, staff=there.id)
    assert done.headers["location"] == "/console/account"
    assert "Other" in (await browser.see("/console/account")).text


async def test_different_passwords_in_two_businesses_need_no_choice(house: House) -> None:
    await house.hire("ada@shop.example")
    await house.hire("ada@shop.example", business="other", password="another horse battery")
    browser = await house.signed_in("ada@shop.example", "another horse battery")
    assert "Other" in (await browser.see("/console/account")).text


# ---- what other sites send -------------------------------------------------------------------


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


# ---- passwords -------------------------------------------------------------------------------


async def test_a_new_password_signs_out_everywhere(both: House) -> None:
    await both.hire("ada@shop.example")
    here, there = await both.signed_in("ada@shop.example"), await both.signed_in("ada@shop.example")
    new = "quite another sentence"
    asked = {"do": "password", "new_password": new, "new_password_again": new}
    wrong = await here.post("/console/account", **asked, current_password="wrong")
    assert wrong.status_code == 422
    assert "not right" in wrong.text
    assert new not in wrong.text
    differs = await here.post(
        "/console/account", **asked | {"new_password_again": "x"}, current_password=PASSWORD
    )
    assert "differ" in differs.text
    done = await here.post("/console/account", **asked, current_password=PASSWORD)
    assert done.status_code == 303
    assert not await here.is_in()
    assert not await there.is_in()
    assert (await both.browser().sign_in("ada@shop.example")).status_code == 401
    assert await (await both.signed_in("ada@shop.example", new)).is_in()
    assert new not in str(await both.rows("audit"))
    assert PASSWORD not in str(await both.rows("audit"))


async def test_a_browser_left_open_is_no_way_to_guess_the_password(house: House) -> None:
    await house.hire("ada@shop.example")
    browser = await house.signed_in("ada@shop.example")
    for _ in range(5):
        await browser.post("/console/account", do="password", current_password="wrong")
    said = await browser.post("/console/account", do="password", current_password=PASSWORD)
    assert "Too many" in said.text


async def test_signing_out_everywhere(house: House) -> None:
    await house.hire("ada@shop.example")
    here, there = (
        await house.signed_in("ada@shop.example"),
        await house.signed_in("ada@shop.example"),
    )
    await here.post("/console/account", do="sign_out")
    assert not await here.is_in()
    assert not await there.is_in()


def test_easy_passwords_are_refused() -> None:
    for easy in ("short", "a" * 50, "Ada Lovelace 1", "password1234", "x" * 300, "aabbccddaabb"):
        with pytest.raises(passwords.PasswordError):
            passwords.check(easy, email="ada@shop.example", name="Ada Lovelace")


def test_generated_passwords_are_good_ones() -> None:
    made = {passwords.generate() for _ in range(100)}
    assert len(made) == 100
    for each in made:
        passwords.check(each)


async def test_what_is_stored_is_argon2id(house: House) -> None:
    await house.hire("ada@shop.example")
    (row,) = await house.rows("staff")
    assert row["password"].startswith("$argon2id$v=19$m=19456,t=2,p=1$")


async def test_a_hash_of_older_costs_is_made_anew(house: House) -> None:
    from argon2 import PasswordHasher

    await house.hire("ada@shop.example")
    old = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD)
    await house.database.fetch("UPDATE staff SET password = {}", old)
    await house.signed_in("ada@shop.example")
    (row,) = await house.rows("staff")
    assert "m=19456" in row["password"]
    await house.signed_in("ada@shop.example")


async def test_there_is_always_an_owner(both: House) -> None:
    owner = await both.hire("ada@shop.example", "owner")
    await both.hire("eve@other.example", "owner", business="other")
    for change in (
        staff.set_role(both.database, "shop", owner.id, "agent"),
        staff.set_active(both.database, "shop", owner.id, active=False),
        staff.remove(both.database, "shop", owner.id),
    ):
        with pytest.raises(StaffError, match="only owner"):
            await change
    second = await both.hire("bob@shop.example", "owner")
    await staff.remove(both.database, "shop", owner.id)
    assert [m.id for m in await staff.members(both.database, "shop")] == [second.id]


# ---- the demo --------------------------------------------------------------------------------


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


# ---- the tables ------------------------------------------------------------------------------


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.__name__)
async def test_the_table_classes_are_what_the_migrations_make(
    database_url: str, table: Any
) -> None:
    name = table._meta.tablename
    async with opened(database_url, CORE, CONSOLE) as database:
        if database.is_sqlite:
            rows = await database.fetch(f"PRAGMA table_info({name})")
            found = {row["name"]: row["type"] for row in rows}
        else:
            rows = await database.fetch(
                "SELECT column_name, data_type FROM information_schema.columns WHERE table_name = {}",
                name,
            )
            found = {row["column_name"]: row["data_type"].upper() for row in rows}
        columns = {column._meta.db_column_name: column for column in table._meta.columns}
        assert set(found) == set(columns)
        for key, column in columns.items():
            assert isinstance(column, KINDS[found[key]]), key
