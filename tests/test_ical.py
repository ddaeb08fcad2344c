"""Bookings in calendars: parsed again by the library, over real HTTP, on both databases."""

import re
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from zoneinfo import ZoneInfo

import httpx
import msgspec
import pytest
from click.testing import CliRunner, Result
from hypothesis import example, given
from hypothesis import strategies as st
from icalendar import Calendar
from support import Visitor, serving

from frontdesk import config
from frontdesk.business import Business, Hours
from frontdesk.desk import Desk
from frontdesk.hookspecs import hookimpl
from frontdesk.ids import new_id
from frontdesk.migrate import migrate
from frontdesk.plugins import Plugin
from frontdesk.testing import Call, ScriptedModel, open_desk
from frontdesk_plugins.booking import feeds, ical
from frontdesk_server.cli import root

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
START = datetime(2026, 11, 24, 19, 0, tzinfo=ZoneInfo("Europe/London"))
KEY = "a key for tests, thirty-two characters"
OTHER_KEY = "another key for tests, of 38 characters"
SETTINGS: dict[str, Any] = {
    "resources": [
        {"id": "T1", "name": "Window", "min": 1, "max": 4},
        {"id": "T2", "min": 1, "max": 4},
    ],
}
ALL_DAY = ("00:00-24:00",)
BELLA = Business(
    id="bella", name="Bella, Roma; \\ & Co", timezone="Europe/London", locale="en-GB",
    phone="+44 20 7946 0000", address="1 High St, London", website="https://bella.example/a,b",
    hours=Hours(ALL_DAY, ALL_DAY, ALL_DAY, ALL_DAY, ALL_DAY, ALL_DAY, ALL_DAY),
    tools=("create_booking", "reschedule_booking", "cancel_booking"),
    settings={"booking": SETTINGS},
)  # fmt: skip


def ms(at: datetime) -> int:
    return int(at.timestamp() * 1000)


def booking(**columns: Any) -> dict[str, Any]:
    """A row of the table, as the plugin writes it."""
    return {
        "id": new_id(), "business": "bella", "reference": "7F3K9QXM", "status": "confirmed",
        "contact": "c", "conversation": "c", "call": new_id(), "service": "", "party": 4,
        "starts": ms(START), "ends": ms(START + timedelta(minutes=90)),
        "timezone": "Europe/London", "wall": "2026-11-24T19:00", "resources": '["T1"]',
        "name": "Ana Ruiz", "phone": "+12125550123", "notes": "birthday", "sequence": 0,
        "created": ms(NOW), "updated": ms(NOW),
    } | columns  # fmt: skip


def parsed(data: bytes) -> tuple[Any, list[Any]]:
    """What a strict reader makes of it; also checks the lines as RFC 5545, 3.1 has them."""
    assert data.endswith(b"END:VCALENDAR\r\n")
    for line in data.removesuffix(b"\r\n").split(b"\r\n"):
        assert len(line) <= 75
        assert not re.search(rb"[\x00-\x08\x0a-\x1f\x7f]", line)
    calendar: Any = Calendar.from_ical(data)
    assert calendar.errors == []
    assert (calendar["VERSION"], calendar["METHOD"]) == ("2.0", "PUBLISH")
    assert calendar["PRODID"]
    events = calendar.events
    assert all(event.errors == [] for event in events)
    return calendar, events


# ---- what is in them


def test_the_customers_own_booking() -> None:
    row = booking(sequence=3, updated=ms(NOW) + 5000)
    _, (event,) = parsed(ical.for_customer(BELLA, row, "desk.example.com"))
    assert event["UID"] == f"{row['id']}@desk.example.com"
    assert event["SEQUENCE"] == 3
    assert event["STATUS"] == "CONFIRMED"
    assert event.start == START
    assert event.end == START + timedelta(minutes=90)
    assert event["DTSTART"].to_ical() == b"20261124T190000Z"
    assert event["DTSTAMP"].to_ical() == b"20261122T120005Z"
    assert event["SUMMARY"] == "Booking at Bella, Roma; \\ & Co"
    assert event["LOCATION"] == "1 High St, London"
    assert event["URL"] == "https://bella.example/a,b"
    assert event["DESCRIPTION"] == "Reference: 7F3K-9QXM\n4 people\nPhone: +44 20 7946 0000"


def test_it_tells_nothing_about_the_customer() -> None:
    data = ical.for_customer(BELLA, booking(id="b", resources='["T9"]'), "x").decode()
    for private in ("Ana", "Ruiz", "555", "birthday", "T9", "Window"):
        assert private not in data


@pytest.mark.parametrize(
    ("status", "shown"),
    [("confirmed", "CONFIRMED"), ("cancelled", "CANCELLED"), ("pending", "TENTATIVE"),
     ("arrived", "CONFIRMED"), ("completed", "CONFIRMED"), ("no_show", "CONFIRMED")],
)  # fmt: skip
def test_the_status(status: str, shown: str) -> None:
    _, (event,) = parsed(ical.for_customer(BELLA, booking(status=status), "x"))
    assert event["STATUS"] == shown


@pytest.mark.parametrize(
    ("locale", "summary", "lines"),
    [
        ("en-US", "Haircut at Bella", "Reference: 7F3K-9QXM\n2 people"),
        ("es-ES", "Haircut en Bella", "Referencia: 7F3K-9QXM\n2 personas"),
        ("de-DE", "Haircut bei Bella", "Buchungsnummer: 7F3K-9QXM\n2 Personen"),
        ("fr-FR", "Haircut chez Bella", "Référence: 7F3K-9QXM\n2 personnes"),
        ("it-IT", "Haircut presso Bella", "Riferimento: 7F3K-9QXM\n2 persone"),
        ("nl-NL", "Haircut at Bella", "Reference: 7F3K-9QXM\n2 people"),
    ],
)
def test_it_speaks_the_language_of_the_business(locale: str, summary: str, lines: str) -> None:
    settings = {"booking": {"services": [{"id": "cut", "name": "Haircut"}]}}
    business = Business(id="b", name="Bella", locale=locale, settings=settings)
    _, (event,) = parsed(ical.for_customer(business, booking(service="cut", party=2), "x"))
    assert (event["SUMMARY"], event["DESCRIPTION"]) == (summary, lines)
    assert "LOCATION" not in event
    assert "URL" not in event


def test_a_feed() -> None:
    rows = [
        booking(name="Ana Ruiz", resources='["T1", "T2"]'),
        booking(name="Bo", party=1, service="gone", resources="[]", status="cancelled"),
        booking(name="", party=1, resources='["removed"]'),
    ]
    calendar, events = parsed(ical.feed(BELLA, rows, "desk.example.com", ical.FeedRules()))
    for name in ("NAME", "X-WR-CALNAME"):  # which the library does not know to be text
        assert calendar[name].to_ical() == b"Bella\\, Roma\\; \\\\ & Co"
    assert calendar["X-PUBLISHED-TTL"] == "PT1H"
    assert calendar["REFRESH-INTERVAL"].dt == timedelta(hours=1)
    assert calendar["REFRESH-INTERVAL"].params["VALUE"] == "DURATION"
    assert [event["SUMMARY"] for event in events] == ["Ana Ruiz, 4 people", "gone, Bo", "7F3K-9QXM"]
    assert [event.get("LOCATION") for event in events] == ["Window, T2", None, "removed"]
    assert [event["STATUS"] for event in events] == ["CONFIRMED", "CANCELLED", "CONFIRMED"]
    assert {event["DESCRIPTION"] for event in events} == {"Reference: 7F3K-9QXM"}
    _, events = parsed(ical.feed(BELLA, rows, "x", ical.FeedRules(initials=True)))
    assert [event["SUMMARY"] for event in events] == ["A. R., 4 people", "gone, B.", "7F3K-9QXM"]
    calendar, events = parsed(ical.feed(BELLA, rows, "x", ical.FeedRules(), "T2"))
    assert calendar["X-WR-CALNAME"].to_ical() == b"Bella\\, Roma\\; \\\\ & Co: T2"
    assert [event["SUMMARY"] for event in events] == ["Ana Ruiz, 4 people"]


def test_the_same_bookings_make_the_same_bytes() -> None:
    row = booking()
    assert ical.for_customer(BELLA, row, "x") == ical.for_customer(BELLA, row, "x")


@pytest.mark.parametrize(
    ("name", "short"),
    [("Ana Ruiz", "A. R."), ("  maría  josé ", "M. J."), ("Jean-Luc", "J."), ("李小龍", "李."),
     ("(Bo)", "B."), ("", ""), ("- !", ""), ("élan O'Neil", "É. O.")],
)  # fmt: skip
def test_initials(name: str, short: str) -> None:
    assert ical.initials(name) == short


TYPED = st.text(st.characters(codec="utf-8"), max_size=80)


@given(TYPED, TYPED, st.integers(0, 2**33), st.integers(1, 60 * 24))
@example("x\r\nEND:VEVENT\r\nBEGIN:VEVENT", "\n\\n;,:\"'\x0b\x85\u2028", 0, 1)
@example("\ud7ff" * 40, "👩‍👩‍👧" * 20, 1, 1)
def test_whatever_was_typed_stays_text(name: str, title: str, second: int, minutes: int) -> None:
    business = Business(
        id="b", name=title, address=title, phone=title, website=f"https://x/{title}",
        settings={"booking": {"resources": [{"id": "T1", "name": title}]}},
    )  # fmt: skip
    row = booking(
        name=name, service=name, starts=second * 1000, ends=(second + minutes * 60) * 1000
    )
    for data in (
        ical.for_customer(business, row, "x"),
        ical.feed(business, [row], "x", ical.FeedRules(), "T1"),
        ical.feed(business, [row], "x", ical.FeedRules(initials=True)),
    ):
        calendar, (event,) = parsed(data)
        assert event["UID"] == f"{row['id']}@x"
        assert event.start == datetime.fromtimestamp(second, UTC)
        assert event.end - event.start == timedelta(minutes=minutes)
        assert set(calendar) <= {
            "PRODID", "VERSION", "CALSCALE", "METHOD", "NAME", "X-WR-CALNAME", "X-WR-TIMEZONE",
            "REFRESH-INTERVAL", "X-PUBLISHED-TTL",
        }  # fmt: skip
        assert set(event) <= {
            "UID", "SEQUENCE", "STATUS", "DTSTART", "DTEND", "DTSTAMP", "CREATED", "LAST-MODIFIED",
            "SUMMARY", "LOCATION", "DESCRIPTION", "URL",
        }  # fmt: skip
    plain = re.sub(r"[^\w ]", "", name, flags=re.ASCII).strip()
    if plain and plain == name:
        assert plain in parsed(ical.feed(business, [row], "x", ical.FeedRules()))[1][0]["SUMMARY"]


# ---- over HTTP


class Site:
    """A served desk with the business `bella`."""

    def __init__(
        self, desk: Desk, model: ScriptedModel, clock: list[datetime], http: httpx.AsyncClient
    ) -> None:
        self.desk, self.model, self._clock, self.http = desk, model, clock, http

    def set_time(self, now: datetime) -> None:
        self._clock[0] = now

    async def configure(self, **more: Any) -> Business:
        business = msgspec.structs.replace(BELLA, settings={"booking": SETTINGS | more})
        await self.desk.apply(business)
        return business

    async def add(self, **columns: Any) -> dict[str, Any]:
        row = booking(reference=new_id()[-8:].upper(), **columns)
        places = ", ".join("{}" for _ in row)
        await self.desk.database.fetch(
            f"INSERT INTO booking ({', '.join(row)}) VALUES ({places})", *row.values()
        )
        return row

    async def change(self, row: dict[str, Any], **columns: Any) -> None:
        sets = ", ".join(f"{name} = {{}}" for name in columns)
        await self.desk.database.fetch(
            f"UPDATE booking SET {sets} WHERE id = {{}}", *columns.values(), row["id"]
        )

    def link(self, row: dict[str, Any], *keys: str, business: str = "bella") -> str:
        return feeds.booking_path(keys or (KEY,), business, row["id"])

    async def feed(self, resource: str = "") -> str:
        business = await self.desk.business("bella")
        assert business is not None
        return feeds.feed_path((KEY,), business, resource)

    async def events(self, path: str) -> list[Any]:
        answer = await self.http.get(path)
        assert answer.status_code == 200, answer.text
        return parsed(answer.content)[1]

    async def gone(self, path: str, **headers: str) -> bool:
        answer = await self.http.get(path, headers=headers)
        assert answer.status_code in {200, 404}
        assert answer.status_code == 200 or answer.json()["status"] == 404
        return answer.status_code == 404


@pytest.fixture
async def site(database_url: str) -> AsyncIterator[Site]:
    settings = config.settings_of(
        {
            "database": {"url": database_url},
            "model": {"use": ["scripted"]},
            "server": {"public_url": "https://desk.example.com"},
        }
    )
    clock, model = [NOW], ScriptedModel()
    desk = Desk(settings, clock=lambda: clock[0])
    desk.secret_keys = (KEY, OTHER_KEY)
    desk.plugins.load_installed()
    models = SimpleNamespace(register_models=hookimpl(lambda: [model]))
    desk.plugins.add(Plugin(name="models"), lambda: models)
    desk.collect()
    if not desk.database.is_sqlite:  # a start does not migrate it by itself
        await desk.open_database()
        await migrate(desk.database, desk.apps)
        await desk.database.stop()
    async with serving(desk, demo=False) as url, httpx.AsyncClient(base_url=url) as http:
        site = Site(desk, model, clock, http)
        await site.configure()
        yield site


async def test_a_booking_has_a_link_for_its_customer(site: Site) -> None:
    row = await site.add()
    answer = await site.http.get(site.link(row))
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "text/calendar; charset=utf-8"
    assert answer.headers["content-disposition"].endswith('.ics"')
    assert "noindex" in answer.headers["x-robots-tag"]
    _, (event,) = parsed(answer.content)
    assert event["UID"] == f"{row['id']}@desk.example.com"
    await site.change(row, status="cancelled", sequence=1)
    (event,) = await site.events(site.link(row))
    assert (event["STATUS"], event["SEQUENCE"]) == ("CANCELLED", 1)


async def test_the_link_ends_thirty_days_after_the_booking(site: Site) -> None:
    row = await site.add()
    end = START + timedelta(minutes=90)
    site.set_time(end + timedelta(days=30))
    assert not await site.gone(site.link(row))
    site.set_time(end + timedelta(days=30, seconds=1))
    assert await site.gone(site.link(row))
    await site.change(row, ends=ms(end + timedelta(days=7)))
    assert not await site.gone(site.link(row)), "it was moved to a later day"


async def test_wrong_links_lead_nowhere(site: Site) -> None:
    row, other = await site.add(), await site.add(business="carla")
    good = site.link(row)
    assert not await site.gone(good)
    assert not await site.gone(site.link(row, OTHER_KEY)), "signed before the key was changed"
    token = good.rpartition("/")[2].removesuffix(".ics")
    payload, _, signature = token.rpartition(".")
    for wrong in (
        good.removesuffix(".ics"),
        good.removesuffix(".ics") + ".txt",
        site.link(row, "a key that nobody here has signed"),
        site.link(other),
        site.link(other, business="carla"),
        site.link({"id": new_id()}),
        (await site.feed()).replace("feed", "booking"),
        good.replace("booking", "feed"),
        f"/calendar/booking/{payload}.{signature[:-2]}AA.ics",
        f"/calendar/booking/{payload}x.{signature}.ics",
        "/calendar/booking/.ics",
        "/calendar/booking/x.ics",
        "/calendar/booking/%F0%9F%98%80.ics",
        f"/calendar/booking/{'x' * 5000}.ics",
        "/calendar/booking/",
    ):
        assert await site.gone(wrong), wrong


async def test_a_feed_has_what_is_recent_and_to_come(site: Site) -> None:
    day = timedelta(days=1)

    async def add(name: str, start: timedelta, updated: timedelta = -40 * day, **more: Any) -> None:
        starts = ms(NOW + start)
        await site.add(
            name=name, starts=starts, ends=starts + 3_600_000, updated=ms(NOW + updated), **more
        )

    await add("Old", -31 * day)
    await add("Recent", -29 * day)
    await add("Far", 400 * day, resources='["T2"]')
    await add("Dropped", 3 * day, updated=-29 * day, status="cancelled")
    await add("Forgotten", 3 * day, updated=-31 * day, status="cancelled")
    await add("Soon", 1 * day, resources='["T1", "T2"]')
    await add("Elsewhere", 1 * day, business="carla")
    events = await site.events(await site.feed())
    assert [event["SUMMARY"].split(",")[0] for event in events] == [
        "Recent", "Soon", "Dropped", "Far",
    ]  # fmt: skip
    assert [event["STATUS"] for event in events].count("CANCELLED") == 1
    of_t2 = await site.events(await site.feed("T2"))
    assert [event["SUMMARY"].split(",")[0] for event in of_t2] == ["Soon", "Far"]


async def test_who_asks_again_is_told_that_nothing_changed(site: Site) -> None:
    row = await site.add()
    path = await site.feed("T1")
    first = await site.http.get(path)
    etag = first.headers["etag"]
    assert first.headers["content-type"] == "text/calendar; charset=utf-8"
    assert "private" in first.headers["cache-control"]

    async def is_same(etag: str) -> bool:
        answer = await site.http.get(path, headers={"if-none-match": etag})
        assert answer.status_code in {200, 304}
        if answer.status_code == 304:
            assert answer.content == b""
            assert answer.headers["etag"] == first.headers["etag"]
        return answer.status_code == 304

    assert await is_same(etag)
    assert await is_same(f'"other", W/{etag}')
    assert not await is_same('"other"')
    site.set_time(NOW + timedelta(hours=5))
    assert await is_same(etag), "time alone changes nothing"
    changes: list[Callable[[], Any]] = [
        lambda: site.change(row, sequence=1),
        lambda: site.change(row, updated=ms(NOW) + 1),
        site.add,
        lambda: site.configure(feeds={"initials": True}),
    ]
    for change in changes:
        before = (await site.http.get(path)).headers["etag"]
        await change()
        assert not await is_same(before)
    before = (await site.http.get(path)).headers["etag"]
    site.set_time(START + timedelta(days=31))
    assert not await is_same(before), "it is too old to be shown now"


async def test_a_feed_can_be_revoked(site: Site) -> None:
    await site.add()
    first = [await site.feed(), await site.feed("T1")]
    await site.configure(feeds={"version": 2})
    assert [await site.gone(path) for path in first] == [True, True]
    second = await site.feed()
    assert not await site.gone(second)
    await site.configure(feeds={"version": 3})
    assert await site.gone(second)
    assert await site.gone(first[0])


async def test_bookings_of_a_conversation_are_in_the_calendars(site: Site) -> None:
    """What the plugin writes is what the calendars read, and every change is seen."""
    visitor = await Visitor.arrive(site.http, "bella")
    path = await site.feed("T1")

    async def do(tool: str, **arguments: Any) -> dict[str, Any]:
        site.model.then(Call(tool, **arguments), "There.")
        (action,) = (await visitor.say("Go on."))["actions"]
        site.model.then("Done.")
        pressed = await visitor.say("Yes.", confirm=action["data"]["proposalId"])
        (action,) = pressed["actions"]
        assert action["status"] == "done", action
        data: dict[str, Any] = action["data"]
        return data

    async def shown() -> tuple[str, Any]:
        answer = await site.http.get(path)
        (event,) = parsed(answer.content)[1]
        return answer.headers["etag"], event

    made = await do(
        "create_booking", party_size=4, date="2026-11-24", time="19:00", name="Ana Ruiz",
        phone="+44 20 7946 0999",
    )  # fmt: skip
    first, event = await shown()
    assert (event["SEQUENCE"], event["STATUS"], event.start) == (0, "CONFIRMED", START)
    assert event["DESCRIPTION"] == f"Reference: {made['reference']}"
    (own,) = await site.events(made["calendarUrl"])
    assert own["UID"] == event["UID"]
    await do("reschedule_booking", reference=made["reference"], time="20:00")
    second, moved = await shown()
    assert (moved["UID"], moved["SEQUENCE"]) == (event["UID"], 1)
    assert moved.start == START + timedelta(hours=1)
    await do("cancel_booking", reference=made["reference"])
    third, cancelled = await shown()
    assert (cancelled["UID"], cancelled["SEQUENCE"]) == (event["UID"], 2)
    assert cancelled["STATUS"] == "CANCELLED"
    assert len({first, second, third}) == 3


async def test_wrong_feeds_lead_nowhere(site: Site) -> None:
    business = await site.configure()
    stranger = Business(id="carla", name="Carla", settings={"booking": SETTINGS})
    path = await site.feed()
    assert not await site.gone(path)
    for wrong in (
        feeds.feed_path((KEY,), business, "T9"),
        feeds.feed_path(("a key that nobody here has signed",), business),
        feeds.feed_path((KEY,), stranger),
        path.removesuffix(".ics"),
        path[:-8] + "AAAA.ics",
        "/calendar/feed/x.ics",
    ):
        assert await site.gone(wrong), wrong
        assert await site.gone(wrong, **{"if-none-match": "*"})
    await site.desk.apply(stranger)
    theirs = await site.http.get(feeds.feed_path((KEY,), stranger))
    assert parsed(theirs.content)[1] == []


async def test_a_business_without_bookings_has_no_calendars(site: Site) -> None:
    row, path = await site.add(), await site.feed()
    await site.desk.apply(
        Business(id="bella", name="Bella", plugins={"disabled": ("booking",)})  # type: ignore[arg-type]
    )
    assert await site.gone(path)
    assert await site.gone(site.link(row))


# ---- the command


@pytest.fixture
async def applied(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    async with open_desk(tmp_path, url="sqlite:///frontdesk.db", recover=False) as opened:
        await opened.add_business(BELLA)


def run(*arguments: str, env: dict[str, str] | None = None) -> Result:
    base = {
        "FRONTDESK_SERVER__SECRET_KEY": KEY,
        "FRONTDESK_SERVER__PUBLIC_URL": "https://d.example/",
    }
    return CliRunner().invoke(root, ["booking", "feed", *arguments], env=base | (env or {}))


@pytest.mark.usefixtures("applied")
def test_the_command_prints_the_address(tmp_path: Path) -> None:
    assert run("bella").output == f"https://d.example{feeds.feed_path((KEY,), BELLA)}\n"
    assert run("bella", "T2").output == f"https://d.example{feeds.feed_path((KEY,), BELLA, 'T2')}\n"
    assert run("bella").output != run("bella", "T2").output
    kept = {"FRONTDESK_SERVER__SECRET_KEY": "", "FRONTDESK_SERVER__PUBLIC_URL": ""}
    done = run("bella", env=kept)
    assert done.exit_code == 2
    assert "no secret key" in done.output
    (tmp_path / "frontdesk.db.secret").write_text("what serve made and kept here\n")
    path = feeds.feed_path(("what serve made and kept here",), BELLA)
    assert run("bella", env=kept).output == f"http://127.0.0.1:8000{path}\n"


@pytest.mark.usefixtures("applied")
def test_the_command_names_what_there_is_not() -> None:
    done = run("carla")
    assert (done.exit_code, done.output) == (1, "Error: There is no business 'carla'.\n")
    done = run("bella", "T9")
    assert done.exit_code == 1
    assert done.output == "Error: bella has no resource 'T9'. Resources: T1, T2.\n"


def test_the_command_makes_no_database(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    done = run("bella")
    assert done.exit_code == 1
    assert "no database" in done.output
    assert list(tmp_path.iterdir()) == []
