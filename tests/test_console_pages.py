"""The console's pages: those of plugins and its own. A real server, forms as browsers send them."""

import asyncio
import re
from collections.abc import AsyncIterator, Mapping
from importlib import import_module
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import httpx
import msgspec
import pytest
from axe_playwright_python.async_playwright import Axe  # type: ignore[import-untyped]
from browsing import chromium, needs_chromium, picture
from pigeon import Texts
from playwright.async_api import expect
from support import migrated
from test_console_auth import PASSWORD, Browser, House, house_of, load
from test_docs import ROOT, write_files

from frontdesk import appending, status, webhooks
from frontdesk.business import Business, BusinessPlugins
from frontdesk.desk import Desk
from frontdesk.hookspecs import hookimpl
from frontdesk.outbox import Entry, GiveUpError
from frontdesk.pages import Page, PageError, PageRequest
from frontdesk.plugins import Plugin
from frontdesk_server.console import notices, staff

EVIL = "<img src=x onerror=alert(1)>\"'&{{ 7*7 }}"
SECRET = "a secret of twenty letters"


class Till:
    """A plugin of a third party: what is in the till, and counting it."""

    def __init__(self) -> None:
        self.coins: dict[str, str] = {}
        self.asked: list[PageRequest] = []

    async def load(self, asked: PageRequest) -> Mapping[str, Any]:
        if "broken" in asked.query:
            raise RuntimeError("the till fell over")
        if "missing" in asked.query:
            raise PageError("There is no such till.")
        return {"coins": self.coins.get(asked.business.id, "")}

    async def put(self, asked: PageRequest) -> str:
        self.asked.append(asked)
        coins = asked.form.get("coins", "")
        if coins == "crash":
            raise RuntimeError("the till fell over")
        if not coins.isdecimal():
            raise PageError(f"Coins: {coins!r} is no number.")
        self.coins[asked.business.id] = coins
        return f"{coins} coins are in."

    @hookimpl
    def register_pages(self, desk: Desk) -> list[Page]:
        return [
            Page(
                name="till", title="Till", template="tests_pages:till.html.j2", load=self.load,
                posts={"put": self.put}, role="agent", post_role="manager", place=5,
            ),
            Page(
                name="safe", title="Safe", template="tests_pages:till.html.j2", load=self.load,
                role="owner", post_role="owner", group="Money",
            ),
        ]  # fmt: skip


TEMPLATE = """{% extends "page.html.j2" %}{% from "macros.html.j2" import form, field, area, check %}
{% block content %}<p id="coins">{{ coins }}</p>
{% call form("put", csrf, {"note": "<hidden>"}) %}
{{ field("coins", "Coins", typed("put").get("coins", coins), required=true) }}
{{ area("why", "Why", typed("put").get("why", "")) }}{{ check("sure", "Sure", typed("put").get("sure")) }}
<button>Put</button>{% endcall %}{% endblock %}"""


@pytest.fixture
def till(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Till:
    package = tmp_path / "package" / "tests_pages"
    package.mkdir(parents=True)
    (package / "__init__.py").write_text("")
    (package / "till.html.j2").write_text(TEMPLATE)
    monkeypatch.syspath_prepend(package.parent)
    return Till()


@pytest.fixture
async def house(tmp_path: Path, till: Till) -> AsyncIterator[House]:
    async with house_of(load(tmp_path, till)) as made:
        yield made


@pytest.fixture
async def both(tmp_path: Path, till: Till, database_url: str) -> AsyncIterator[House]:
    await migrated(database_url)
    async with house_of(load(tmp_path, till, database={"url": database_url})) as made:
        yield made


async def enter(house: House, role: str = "owner", business: str = "shop") -> Browser:
    await house.hire(f"{role}@{business}.example", role, business)
    return await house.signed_in(f"{role}@{business}.example")


def menu(page: httpx.Response) -> list[str]:
    return re.findall(r'<li><a href="/console/?([a-z-]*)"', page.text)


# ---- the engine ------------------------------------------------------------------------------


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


# ---- our own pages ---------------------------------------------------------------------------


async def test_the_team(both: House) -> None:
    owner = await enter(both)
    new = {"email": "Zoe@Shop.example", "name": " Zoe  Z. ", "role": "agent", "password": PASSWORD}
    await owner.post("/console/team", do="add", **new)
    twice = await owner.post("/console/team", do="add", **new)
    assert "is a member of staff here already" in twice.text
    assert 'value="Zoe@Shop.example"' in twice.text
    for wrong in ({"email": "zoe"}, {"name": ""}, {"role": "king"}, {"password": "short"}):
        answer = await owner.post(
            "/console/team", do="add", **new | {"email": "y@y.example"} | wrong
        )
        assert answer.status_code == 422, wrong
    zoe = await both.signed_in("zoe@shop.example")
    (who,) = [m for m in await staff.members(both.database) if m.email == "zoe@shop.example"]
    assert (who.name, who.role) == ("Zoe Z.", "agent")
    await owner.post("/console/team", do="role", member=who.id, role="manager")
    assert (await zoe.see("/console/notifications")).status_code == 200  # counts at once
    await owner.post("/console/team", do="deactivate", member=who.id)
    assert not await zoe.is_in()
    assert (await both.browser().sign_in("zoe@shop.example")).status_code == 401
    assert "Deactivated" in (await owner.see("/console/team")).text
    await owner.post("/console/team", do="activate", member=who.id)
    zoe = await both.signed_in("zoe@shop.example")
    await owner.post("/console/team", do="password", member=who.id, password="new horse battery")
    assert not await zoe.is_in()
    zoe = await both.signed_in("zoe@shop.example", "new horse battery")
    await owner.post("/console/team", do="sign_out", member=who.id)
    assert not await zoe.is_in()
    await owner.post("/console/team", do="remove", member=who.id)
    assert "zoe@shop.example" not in (await owner.see("/console/team")).text
    me = next(m for m in await staff.members(both.database, "shop"))
    last = await owner.post("/console/team", do="role", member=me.id, role="agent")
    assert "only owner" in last.text
    log = str(await both.rows("audit"))
    assert PASSWORD not in log
    assert "new horse battery" not in log
    assert "(hidden)" in log


async def test_who_leaves_leaves_nobody_alone(both: House) -> None:
    owner, agent = await enter(both), await both.hire("zoe@shop.example")
    talks: list[str] = []
    for _ in range(3):
        identifier, _contact = await both.desk.open_conversation("shop", "web", "v")
        await status.take_over(both.database, "shop", identifier, agent.id, "Zoe")
        talks.append(identifier)
    await status.assign(both.database, "shop", talks[1], agent.id, "someone", "Sam")
    await status.snooze(both.database, "shop", talks[2], agent.id)
    done = await owner.post("/console/team", do="deactivate", member=agent.id)
    assert "1 of their conversations waits" in (await owner.see(done.headers["location"])).text
    rows = {row["id"]: (row["status"], row["agent"]) for row in await both.rows("conversation")}
    assert [rows[each] for each in talks] == [("queued", ""), ("human", "someone"), ("snoozed", "")]
    await status.reopen(both.database, "shop", talks[2])
    rows = {row["id"]: (row["status"], row["agent"]) for row in await both.rows("conversation")}
    assert rows[talks[2]] == ("queued", "")


async def test_canned_replies(both: House) -> None:
    browser = await enter(both, "manager")
    good = {"shortcut": "/Hours", "text": "Hi {name}, {business} is open."}
    done = await browser.post("/console/canned", do="add", **good)
    assert done.status_code == 303
    (row,) = await both.rows("canned_reply")
    assert (row["business"], row["shortcut"], row["text"]) == ("shop", "hours", good["text"])
    for wrong, said in (
        ({"shortcut": "hours"}, "is taken"),
        ({"shortcut": "no spaces"}, "Shortcut"),
        ({"shortcut": "a", "text": ""}, "Text"),
        ({"shortcut": "a", "text": "{nmae}"}, "there is no {nmae}"),
        ({"shortcut": "a", "text": "x" * 2001}, "Text"),
    ):
        answer = await browser.post("/console/canned", do="add", **good | wrong)
        assert answer.status_code == 422
        assert said in answer.text
    await browser.post("/console/canned", do="add", shortcut="bye", text="Bye.")
    taken = await browser.post(
        "/console/canned", do="save", reply=row["id"], shortcut="bye", text="x"
    )
    assert "is taken" in taken.text
    await browser.post("/console/canned", do="save", reply=row["id"], shortcut="when", text="Now.")
    page = await browser.see("/console/canned")
    assert "/when" in page.text
    me = (await browser.see("/console/api/me")).json()
    assert sorted(each["shortcut"] for each in me["canned"]) == ["bye", "when"]
    await browser.post("/console/canned", do="remove", reply=row["id"])
    assert [row["shortcut"] for row in await both.rows("canned_reply")] == ["bye"]


async def test_what_could_not_be_delivered_is_tried_again(both: House) -> None:
    tries: list[str] = []

    async def deliver(entry: Entry) -> None:
        tries.append(entry.kind)
        if len(tries) == 1:
            raise GiveUpError("the handset is off")

    both.desk.deliveries["pigeon"] = deliver
    browser = await enter(both, "manager")
    assert "Everything arrived" in (await browser.see("/console/deliveries")).text
    await appending.put(both.database, "shop", "pigeon", {"to": "+12125550123", "text": "private"})
    await until(both, "SELECT 1 FROM outbox WHERE state = 'dead'")
    page = await browser.see("/console/deliveries")
    assert "the handset is off" in page.text
    assert "to +12125550123" in page.text
    assert "private" not in page.text
    (row,) = await both.rows("outbox")
    await browser.post("/console/deliveries", do="again", entry=row["id"])
    await until(both, "SELECT 1 WHERE NOT EXISTS (SELECT 1 FROM outbox)")
    assert tries == ["pigeon", "pigeon"]
    gone = await browser.post("/console/deliveries", do="again", entry=row["id"])
    assert "somebody tried it again already" in gone.text


async def until(house: House, sql: str) -> None:
    """What a job does in its own time."""
    async with asyncio.timeout(20):
        while not await house.database.fetch(sql):
            await asyncio.sleep(0.05)


async def test_the_audit_log_is_read_by_person_and_by_pages(house: House) -> None:
    owner, agent = await enter(house), await enter(house, "manager")
    token = await owner.csrf()
    for n in range(51):  # and two have signed in
        await owner.post("/console/till", csrf=token, do="put", coins=f"{n + 1000}")
    await agent.post("/console/till", do="put", coins="7777")
    first = await owner.see("/console/audit")
    assert "7777" in first.text
    assert "1002" in first.text
    assert "1001 coins" not in first.text
    older = re.search(r'href="/console/audit\?([^"]+)">Older', first.text)
    assert older
    second = await owner.see("/console/audit?" + older[1].replace("&amp;", "&"))
    assert "1001 coins" in second.text
    assert "7777" not in second.text
    assert "Older" not in second.text
    (who,) = [m for m in await staff.members(house.database) if m.role == "manager"]
    only = await owner.see(f"/console/audit?staff={who.id}")
    assert "7777" in only.text
    assert "1050" not in only.text
    await staff.remove(house.database, "shop", who.id)
    assert "7777" in (await owner.see(f"/console/audit?staff={who.id}")).text


# ---- the people on call ----------------------------------------------------------------------


class Waiting:
    """Conversations that wait, and the clock of the job that looks for them."""

    def __init__(self, house: House, monkeypatch: pytest.MonkeyPatch) -> None:
        self.house, self.later = house, 0
        monkeypatch.setattr(notices, "now_ms", lambda: appending.now_ms() + self.later)

    async def conversation(self, business: str = "shop") -> str:
        identifier, _ = await self.house.desk.open_conversation(business, "web", "v")
        await status.queue(self.house.database, business, identifier, "complaint")
        return identifier

    async def look(self, seconds: int = 31) -> None:
        self.later = seconds * 1000
        (job,) = [job for job in self.house.desk.jobs if job.name == "console"]
        await job.run()

    async def told(self) -> list[dict[str, Any]]:
        rows = await self.house.rows("outbox")
        return [{"kind": row["kind"], **msgspec.json.decode(row["body"])} for row in rows]


@pytest.fixture
async def waiting(both: House, monkeypatch: pytest.MonkeyPatch) -> Waiting:
    async def hold(_: Entry) -> None:
        await asyncio.Event().wait()

    assert "console.webhook" in both.desk.deliveries
    both.desk.deliveries |= {"sms.text": hold, "console.webhook": hold}
    both.desk.plugins.channels["sms"] = Texts()
    section = {
        "on_call": ["+12125550123", "+12125550124"],
        "webhook": {"url": "https://pager.example.com/x", "secret": SECRET},
        "per_hour": 2,
    }
    await both.desk.apply(
        Business(
            id="shop",
            name="Shop {x}",
            locale="de-DE",
            settings={"console": section, "sms": {"numbers": ["+12125550111"]}},
        )
    )
    return Waiting(both, monkeypatch)


async def test_the_people_on_call_are_told_once(waiting: Waiting) -> None:
    identifier = await waiting.conversation()
    await waiting.conversation("other")  # which wants no notifications
    await waiting.look(29)
    assert await waiting.told() == []
    await asyncio.gather(*(waiting.look() for _ in range(5)))  # as five nodes do
    told = await waiting.told()
    assert [(each["kind"], each.get("to")) for each in told] == [
        ("sms.text", "+12125550123"), ("sms.text", "+12125550124"), ("console.webhook", None),
    ]  # fmt: skip
    assert told[0]["purpose"] == "staff"
    assert told[0]["text"] == "Shop {x}: Ein Kunde wartet auf einen Menschen."
    assert told[0]["key"] == f"{identifier}:1:+12125550123"
    assert told[2]["event"] == "conversation.waiting"
    assert told[2]["conversation"]["id"] == identifier
    assert told[2]["conversation"]["reason"] == "complaint"
    await waiting.look(600)
    assert len(await waiting.told()) == 3


async def test_without_a_number_of_its_own_a_business_sends_no_texts(waiting: Waiting) -> None:
    business = await waiting.house.desk.business("shop")
    assert business
    sections = {"console": business.settings["console"]}
    await waiting.house.desk.apply(msgspec.structs.replace(business, settings=sections))
    await waiting.conversation()
    await waiting.look()
    assert [each["kind"] for each in await waiting.told()] == ["console.webhook"]
    page = await (await enter(waiting.house, "manager")).see("/console/notifications")
    assert "not set up for this business" in page.text


async def test_the_look_for_who_waits_reads_open_conversations_only(house: House) -> None:
    plan = await house.database.fetch("EXPLAIN QUERY PLAN " + notices._DUE, 1, 1, 1)
    (first,) = [row["detail"] for row in plan if " c " in row["detail"] + " "]
    assert "conversation_open" in first


async def test_nobody_is_told_of_what_was_taken_or_opened(waiting: Waiting) -> None:
    house = waiting.house
    taken, opened = await waiting.conversation(), await waiting.conversation()
    await status.accept(house.database, "shop", taken, "s1", "Ana")
    who = await house.hire("ana@shop.example")
    await house.database.fetch(
        "INSERT INTO staff_seen (id, staff, conversation, seq) VALUES ('1', {}, {}, 1)",
        who.id,
        opened,
    )
    await house.database.fetch(
        "INSERT INTO staff_presence (id, business, staff, node, until) VALUES ('1', 'shop', {}, 'n', {})",
        who.id, appending.now_ms() + 10**6,
    )  # fmt: skip
    await waiting.look()
    assert await waiting.told() == []
    await house.database.fetch("DELETE FROM staff_presence")  # whoever opened it has left
    await waiting.look()
    assert len(await waiting.told()) == 3


async def test_no_more_than_the_business_wants_in_an_hour(waiting: Waiting) -> None:
    for _ in range(4):
        await waiting.conversation()
    await waiting.look()
    assert len(await waiting.told()) == 2 * 3
    await waiting.look(2 * 3600)  # too late for those that wait since then
    assert len(await waiting.told()) == 2 * 3


async def test_waiting_again_within_an_hour_is_not_told_again(waiting: Waiting) -> None:
    identifier = await waiting.conversation()
    await waiting.look()
    await status.hand_back(waiting.house.database, "shop", identifier)
    await status.queue(waiting.house.database, "shop", identifier)
    await waiting.look(60)
    assert len(await waiting.told()) == 3


async def test_notifications_are_set_up_in_the_console(both: House) -> None:
    browser = await enter(both, "manager")
    given = {"on_call": "212 555 0123\n+44 20 7946 0018, 212-555-0123", "per_hour": "3"}
    good = given | {"webhook_url": "https://pager.example.com/x", "webhook_secret": SECRET}
    for wrong, said in (
        ({"on_call": "call me"}, "&#39;call me&#39; is none"),
        ({"on_call": "555 0123"}, "is none"),
        ({"per_hour": "0"}, "1 to 60"),
        ({"per_hour": "many"}, "whole number"),
        ({"webhook_url": "http://pager.example.com/x"}, "must begin with https"),
        ({"webhook_url": "https://10.0.0.1/x"}, "not a public address"),
        ({"webhook_secret": ""}, "needs one"),
        ({"webhook_secret": "short"}, "16 to 200"),
    ):
        answer = await browser.post("/console/notifications", do="save", **good | wrong)
        assert answer.status_code == 422, wrong
        assert said in answer.text, wrong
    nobody = await browser.post("/console/notifications", do="test")
    assert "nobody to notify" in nobody.text
    await browser.post("/console/notifications", do="save", **good)
    both.desk._businesses.forget("shop")
    business = await both.desk.business("shop")
    assert business
    assert business.settings["console"] == {
        "on_call": ["+12125550123", "+442079460018"], "per_hour": 3,
        "webhook": {"url": "https://pager.example.com/x", "secret": SECRET},
    }  # fmt: skip
    page = await browser.see("/console/notifications")
    assert SECRET not in page.text
    kept = good | {"webhook_secret": "", "webhook_url": "https://pager.example.com/y"}
    await browser.post("/console/notifications", do="save", **kept)
    both.desk._businesses.forget("shop")
    endpoint = await webhooks.in_section(both.desk, "console")("shop")
    assert endpoint
    assert (endpoint.url, endpoint.secret) == ("https://pager.example.com/y", SECRET)
    assert SECRET not in str(await both.rows("audit"))
    await browser.post("/console/notifications", do="save", **given | {"webhook_url": ""})
    both.desk._businesses.forget("shop")
    assert await webhooks.in_section(both.desk, "console")("shop") is None
    assert "webhook" not in (await both.desk.business("shop")).settings["console"]  # type: ignore[union-attr]


# ---- in a browser ----------------------------------------------------------------------------

OWN = ("account", "team", "canned", "notifications", "deliveries", "audit", "till", "nothing")


class TestInABrowser:
    pytestmark = needs_chromium

    async def test_every_page_is_accessible_and_fits(self, house: House) -> None:
        await enter(house)
        owner = await house.signed_in("owner@shop.example")
        await owner.post("/console/canned", do="add", shortcut="hi", text="Hello " + "x" * 60)
        await appending.put(house.database, "shop", "a.webhook", {"event": "e"})
        await house.database.fetch("UPDATE outbox SET state = 'dead', error = {}", "e " * 99)
        (me,) = await staff.members(house.database)
        async with chromium() as browser:
            for scheme in ("light", "dark"):
                context = await browser.new_context(color_scheme=scheme)
                page = await context.new_page()
                page.on("console", lambda said: _no_error(said.type, said.text))
                await page.goto(f"{house.url}/console/team")
                await _check(page, f"sign-in-{scheme}")
                await page.get_by_label("E-mail address").fill("owner@shop.example")
                await page.get_by_label("Password").fill(PASSWORD)
                await page.keyboard.press("Enter")
                await page.wait_for_url("**/console/team")
                for name in (*OWN, f"team?member={me.id}"):
                    await page.goto(f"{house.url}/console/{name}")
                    await _check(page, f"{name.split('?')[0]}-{scheme}")
                await context.close()

    async def test_without_script_and_with_the_keyboard(self, house: House) -> None:
        await enter(house)
        async with chromium() as browser:
            context = await browser.new_context(
                java_script_enabled=False, viewport={"width": 375, "height": 700}
            )
            page = await context.new_page()
            await page.goto(f"{house.url}/console/canned")
            await page.get_by_label("E-mail address").fill("owner@shop.example")
            await page.get_by_label("Password").fill(PASSWORD)
            await page.keyboard.press("Enter")
            await page.get_by_label("Shortcut").fill("hi")
            await page.get_by_label("Text").fill("Hello.")
            await page.get_by_role("button", name="Add").press("Enter")
            await expect(page.get_by_role("status")).to_have_text(
                "In the inbox, /hi writes this now."
            )
            await page.get_by_role("link", name="Change /hi").click()
            await page.locator("summary").press("Enter")
            await page.get_by_role("button", name="Remove").press("Enter")
            await expect(page.get_by_role("status")).to_have_text("/hi is removed.")
            await expect(page.get_by_role("navigation", name="Console")).to_be_hidden()
            await page.get_by_role("button", name="Menu").press("Enter")
            await page.get_by_role("link", name="Team").click()
            await expect(page.get_by_role("heading", level=1)).to_have_text("Team")
            await page.keyboard.press("Tab")
            await expect(page.get_by_role("link", name="Skip to the content")).to_be_focused()
            await context.close()


def _no_error(kind: str, text: str) -> None:
    if kind == "error" and "404" not in text:
        pytest.fail(f"on the page: {text}")


async def _check(page: Any, name: str) -> None:
    await page.evaluate("for (const each of document.querySelectorAll('details')) each.open = true")
    for width in (1280, 320):
        await page.set_viewport_size({"width": width, "height": 800})
        wider = await page.evaluate("document.documentElement.scrollWidth - innerWidth")
        assert wider <= 0, f"{name} is {wider} px too wide at {width}"
        found = await Axe().run(page)
        assert found.response["violations"] == [], f"{name} at {width}: {found.generate_report()}"
        await picture(page, f"console-{name}-{width}")
