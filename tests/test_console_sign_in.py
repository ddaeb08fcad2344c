"""Signing in to the staff console and out of it, what stops guessing, and where one goes then."""

import re
from pathlib import Path

import httpx
import pytest
from support_house import PASSWORD, Browser, House, both, house, house_of, load, sections

from frontdesk_server.console import passwords, signing, staff

__all__ = ["both", "house", "sections"]  # fixtures


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
