"""Bookings of one business for calendars, and a server that has them."""

import re
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any
from zoneinfo import ZoneInfo

import httpx
import msgspec
import pytest
from icalendar import Calendar
from support import loaded, serving

from frontdesk import config
from frontdesk.business import Business, Hours
from frontdesk.desk import Desk
from frontdesk.hookspecs import hookimpl
from frontdesk.ids import new_id
from frontdesk.migrate import migrate
from frontdesk.testing import ScriptedModel
from frontdesk_plugins.booking import feeds

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
    models = SimpleNamespace(register_models=hookimpl(lambda: [model]))
    desk = loaded(Desk(settings, clock=lambda: clock[0]), models)
    desk.secret_keys = (KEY, OTHER_KEY)
    if not desk.database.is_sqlite:  # a start does not migrate it by itself
        await desk.open_database()
        await migrate(desk.database, desk.apps)
        await desk.database.stop()
    async with serving(desk, demo=False) as url, httpx.AsyncClient(base_url=url) as http:
        site = Site(desk, model, clock, http)
        await site.configure()
        yield site
