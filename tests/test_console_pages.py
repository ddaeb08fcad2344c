"""Pages of plugins in the console: their forms, who sees them, and what of others is on them."""

import re
from importlib import import_module
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from support_house import PASSWORD, House, enter, house_of, load, menu
from support_till import EVIL, Till, both, house, till
from test_docs import ROOT, write_files

from frontdesk import appending
from frontdesk.business import Business, BusinessPlugins
from frontdesk.hookspecs import hookimpl
from frontdesk.pages import Page
from frontdesk.plugins import Plugin
from frontdesk_server.console import staff

__all__ = ["both", "house", "till"]  # fixtures


async def test_a_form_posts_redirects_and_is_told_once(both: House, till: Till) -> None:
    browser = await enter(both, "manager")
    done = await browser.post("/console/till?shift=late", do="put", coins="12", why="a\r\nb")
    assert (done.status_code, done.headers["location"]) == (303, "/console/till?shift=late")
    page = await browser.see(done.headers["location"])
    assert '<p class="flash flash--ok" role="status">12 coins are in.</p>' in page.text
    assert '<p id="coins">12</p>' in page.text
    assert "12 coins are in." not in (await browser.see("/console/till")).text
    (asked,) = till.asked
    assert asked.business.id == "shop"
    assert asked.staff.name == "Manager"
    assert asked.query == {"shift": "late"}
    assert asked.form == {"do": "put", "coins": "12", "why": "a\nb"}
    assert str(asked.now.tzinfo) == "Europe/Rome"
    signed_in, row = await both.rows("audit")
    assert (signed_in["page"], signed_in["did"]) == ("sign-in", "sign_in")
    assert (row["staff_name"], row["page"], row["did"]) == ("Manager", "till", "put")
    assert (row["outcome"], row["detail"]) == ("done", "12 coins are in.")
    assert row["fields"] == '{"coins":"12","why":"a\\nb"}'


async def test_what_is_refused_is_said_above_the_form_with_what_was_typed(house: House) -> None:
    browser = await enter(house, "manager")
    refused = await browser.post("/console/till", do="put", coins=EVIL, why="be\ncause", sure="yes")
    assert refused.status_code == 422
    assert 'role="alert"' in refused.text
    assert "<img" not in refused.text
    assert "49" not in re.sub(r"[0-9a-zA-Z_-]{20,}", "", refused.text)
    assert 'value="&lt;img src=x onerror=alert(1)&gt;&#34;&#39;&amp;{{ 7*7 }}"' in refused.text
    assert "\nbe\ncause</textarea>" in refused.text
    assert 'value="yes" checked' in refused.text
    assert (await house.rows("audit"))[-1]["outcome"] == "refused"


async def test_a_page_that_breaks_says_so_without_a_traceback(house: House) -> None:
    browser = await enter(house, "manager")
    broken = await browser.see("/console/till?broken=1")
    assert broken.status_code == 500
    assert "it is in the log as" in broken.text
    crashed = await browser.post("/console/till", do="put", coins="crash", why="kept")
    assert crashed.status_code == 500
    assert "kept</textarea>" in crashed.text
    for page in (broken, crashed):
        assert "fell over" not in page.text
        assert "Traceback" not in page.text
        assert "till" in menu(page)
    assert (await house.rows("audit"))[-1]["outcome"] == "failed"
    missing = await browser.see("/console/till?missing=1")
    assert (missing.status_code, "There is no such till." in missing.text) == (404, True)


async def test_what_is_not_there(house: House) -> None:
    browser = await enter(house)
    for path in ("/console/nothing", "/console/Till", "/console/till%00"):
        page = await browser.see(path)
        assert page.status_code == 404, path
        assert "text/html" in page.headers["content-type"], path
    token = await browser.csrf()
    assert (await browser.post("/console/nothing", csrf=token, do="x")).status_code == 404
    for do in ("", "nothing"):
        assert (await browser.post("/console/till", csrf=token, do=do)).status_code == 400
    assert (await browser.see("/console/assets/nothing.css")).status_code == 404
    assert (await browser.see("/console/assets/..%2f__init__.py")).status_code == 404
    css = await browser.see("/console/assets/console.css")
    assert css.headers["content-type"].startswith("text/css")
    again = await browser.http.get(
        "/console/assets/console.css", headers={"if-none-match": css.headers["etag"]}
    )
    assert again.status_code == 304


SEEN = {
    "agent": ["", "till", "canned"],
    "manager": ["", "till", "canned", "notifications", "deliveries"],
    "owner": ["", "till", "canned", "notifications", "team", "deliveries", "audit", "safe"],
}


async def test_who_sees_and_does_what(house: House, till: Till) -> None:
    mine = {name for names in SEEN.values() for name in names}
    for role, seen in SEEN.items():
        browser = await enter(house, role)
        page = await browser.see("/console/till")
        assert sorted(set(menu(page)) & mine) == sorted(seen), role
        for name in mine - set(seen):
            assert (await browser.see(f"/console/{name}")).status_code == 403, (role, name)
            token = await browser.csrf()
            posted = await browser.post(f"/console/{name}", csrf=token, do="add")
            assert posted.status_code == 403, (role, name)
        for name in seen:
            assert (await browser.see(f"/console/{name}")).status_code == 200, (role, name)
    agent = await house.signed_in("agent@shop.example")
    refused = await agent.post("/console/till", do="put", coins="5")
    assert refused.status_code == 403
    assert "needs the role manager" in refused.text
    assert till.coins == {}
    last = (await house.rows("audit"))[-1]
    assert (last["staff_name"], last["outcome"]) == ("Agent", "refused")


async def test_a_page_of_a_plugin_that_is_off_for_a_business_is_not_there(house: House) -> None:
    browser = await enter(house)
    off = BusinessPlugins(disabled=("test-0",))
    await house.desk.apply(Business(id="shop", name="Shop", plugins=off))
    assert (await browser.see("/console/till")).status_code == 404
    assert "till" not in menu(await browser.see("/console/account"))


@pytest.mark.parametrize(
    ("pages", "why"),
    [
        ([{"name": "Upper"}], "page name"),
        ([{"name": "sign-in"}], "page name"),
        ([{"name": "team"}], "page name"),
        ([{"name": "a"}, {"name": "a"}], "two pages"),
        ([{"name": "a", "template": "frontdesk_server:nothing.j2"}], "no template"),
        ([{"name": "a", "template": "no_such_package:nothing.j2"}], "no template"),
        (["a"], "must return pages"),
    ],
)
def test_wrong_pages_quarantine_their_plugin(tmp_path: Path, pages: list[Any], why: str) -> None:
    from frontdesk_server.console.menu import collect

    def page(given: Any) -> Any:
        base: dict[str, Any] = {"title": "A", "template": "page.html.j2", "load": None}
        return Page(**base | given) if isinstance(given, dict) else given

    desk = load(tmp_path)
    plugin = SimpleNamespace(register_pages=hookimpl(lambda: [page(each) for each in pages]))
    desk.plugins.add(Plugin(name="bad"), lambda: plugin)
    assert "team" in collect(desk)
    found = desk.plugins.found["bad"]
    assert found.status == "quarantined"
    assert why in found.reason


async def test_the_page_of_the_docs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_files(ROOT / "docs" / "console.md", tmp_path / "docs")
    monkeypatch.syspath_prepend(tmp_path / "docs")
    async with house_of(load(tmp_path, import_module("my_stars"))) as house:
        browser = await enter(house, "manager")
        refused = await browser.post("/console/stars", do="rate", stars="9")
        assert "Stars: 1 to 5, please." in refused.text
        assert 'type="number" value="9" min="1" max="5">' in refused.text
        done = await browser.post("/console/stars", do="rate", stars="4")
        assert "4 stars: thank you." in (await browser.see(done.headers["location"])).text
        assert "stars" in menu(await browser.see("/console/account"))


# ---- tenants ---------------------------------------------------------------------------------


async def test_nobody_reaches_another_business(both: House) -> None:
    mine, theirs = await enter(both), await enter(both, business="other")
    other = (await staff.members(both.database, "other"))[0]
    await theirs.post("/console/canned", do="add", shortcut="hi", text="Hello.")
    await theirs.post("/console/canned", do="nothing")
    (canned,) = await both.rows("canned_reply")
    entry = await appending.put(both.database, "other", "x", {"event": "e"})
    await both.database.fetch("UPDATE outbox SET state = 'dead', error = 'their error'")
    before = {t: await both.rows(t) for t in ("staff", "canned_reply", "outbox", "business")}
    for do in ("role", "deactivate", "activate", "password", "sign_out", "remove"):
        answer = await mine.post(
            "/console/team", do=do, member=other.id, role="agent", password=PASSWORD + "!"
        )
        assert answer.status_code == 422, do
    for do in ("save", "remove"):
        await mine.post("/console/canned", do=do, reply=canned["id"], shortcut="x", text="x")
    await mine.post("/console/deliveries", do="again", entry=entry)
    await mine.post("/console/deliveries", do="again_all")
    assert {table: await both.rows(table) for table in before} == before
    assert await theirs.is_in()
    for path in (
        f"/console/team?member={other.id}", f"/console/canned?reply={canned['id']}",
        "/console/deliveries", f"/console/audit?staff={other.id}",
    ):  # fmt: skip
        page = await mine.see(path)
        assert page.status_code == 200
        for secret in (other.email, "Hello.", "their error", "canned</td>"):
            assert secret not in page.text, path


# ---- what people typed -----------------------------------------------------------------------


async def test_whatever_was_typed_is_shown_as_text(house: House) -> None:
    await house.desk.apply(Business(id="shop", name=EVIL))
    browser = await enter(house)
    await browser.post("/console/account", do="rename", name=EVIL)
    await browser.post("/console/canned", do="add", shortcut="evil", text=EVIL.replace("{", "("))
    await browser.post(
        "/console/team", do="add", name=EVIL, email="'<b>\"@x.example", role="agent",
        password=PASSWORD,
    )  # fmt: skip
    await browser.post("/console/till", do=EVIL)
    await browser.post("/console/till", do="put", **{"coins": "1", EVIL: EVIL})
    await appending.put(house.database, "shop", EVIL, {"event": EVIL})
    await house.database.fetch("UPDATE outbox SET state = 'dead', error = {}", EVIL)
    await house.database.fetch("UPDATE canned_reply SET text = {}", EVIL)
    someone = next(m for m in await staff.members(house.database) if m.role == "agent")
    (reply,) = await house.rows("canned_reply")
    for path in (
        "/console", "/console/account", f"/console/team?member={someone.id}", "/console/audit",
        f"/console/canned?reply={reply['id']}", "/console/deliveries", "/console/notifications",
        f"/console/audit?staff={EVIL}&before={EVIL}", f"/console/x?{EVIL}",
    ):  # fmt: skip
        page = await browser.see(path)
        assert "&lt;img src=x" in page.text, path
        assert "<img" not in page.text, path
        assert "<b>" not in page.text, path
    asked = await house.browser().see(f"/console/sign-in?next=/console/{EVIL}")
    assert "<img" not in asked.text
    wrong = await house.browser().sign_in(EVIL, "x")
    assert "<img" not in wrong.text
    assert "&lt;img" in wrong.text
