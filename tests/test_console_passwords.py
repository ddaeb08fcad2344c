"""Passwords of staff: how they are changed, checked and stored."""

import pytest
from support_house import PASSWORD, House, both, house, sections

from frontdesk_server.console import passwords

__all__ = ["both", "house", "sections"]  # fixtures


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
