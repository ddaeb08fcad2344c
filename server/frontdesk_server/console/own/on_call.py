"""Notifications: who is told when a customer waits and nobody in the console looks."""

from collections.abc import Mapping
from functools import partial
from typing import TYPE_CHECKING, Any

import msgspec

from frontdesk import phones, profiles
from frontdesk.business import Business
from frontdesk.errors import LimitError
from frontdesk.ids import new_id
from frontdesk.limits import RateLimit
from frontdesk.notify import can_text
from frontdesk.pages import Page, PageError, PageRequest
from frontdesk_server.console import notices
from frontdesk_server.console.passwords import generate
from frontdesk_server.console.settings import ConsoleSettings, settings_of

if TYPE_CHECKING:
    from frontdesk.desk import Desk

MOST = 10
TESTS, WINDOW = 5, 600


def page(desk: "Desk") -> Page:
    tests = RateLimit("tests", TESTS, WINDOW)
    return Page(
        name="notifications",
        title="Notifications",
        template="frontdesk_server:pages/console/notifications.html.j2",
        load=partial(load, desk),
        posts={"save": partial(save, desk), "test": partial(test, desk, tests)},
        role="manager",
        post_role="manager",
        place=165,
        group="Settings",
    )


async def load(desk: "Desk", asked: PageRequest) -> Mapping[str, Any]:
    return {
        "settings": settings_of(asked.business),
        "shown": phones.shown,
        "has_texts": can_text(desk.plugins, asked.business),
        "suggestion": generate(),
        "seconds": notices.WAIT_MS // 1000,
    }


async def save(desk: "Desk", asked: PageRequest) -> str:
    form = asked.form
    numbers = _numbers(form.get("on_call", ""), asked.business.country)
    try:
        per_hour = int(form.get("per_hour", ""))
    except ValueError as error:
        raise PageError("Notifications an hour: a whole number, please.") from error
    url, secret = form.get("webhook_url", "").strip(), form.get("webhook_secret", "").strip()

    def changed(business: Business) -> Business:
        old = settings_of(business).webhook
        section: dict[str, Any] = {"on_call": numbers, "per_hour": per_hour}
        if url:
            if not secret and old is None:
                raise PageError("Secret: the webhook needs one, of 16 characters or more.")
            section["webhook"] = {"url": url, "secret": secret or (old.secret if old else "")}
        try:
            msgspec.convert(section, ConsoleSettings)
        except msgspec.ValidationError as error:
            raise PageError(_plain(str(error))) from error
        sections = business.settings | {"console": section}
        return msgspec.structs.replace(business, settings=sections)

    await profiles.change(desk, asked.business.id, changed)
    return "Saved."


async def test(desk: "Desk", tests: RateLimit, asked: PageRequest) -> str:
    settings = settings_of(asked.business)
    if not notices.told(desk, asked.business, settings):
        raise PageError("There is nobody to notify. Save a number or a webhook first.")
    try:
        tests.take(asked.business.id)
    except LimitError as error:
        raise PageError("That were many tests. Wait some minutes, please.") from error
    async with desk.database.transaction():
        await notices.put_test(desk, asked.business, settings, new_id())
    return "A test is on its way. What does not arrive, Deliveries tells you of."


def _numbers(text: str, country: str) -> list[str]:
    """E.164, without repetitions. Each stands in a line of its own. Raises PageError."""
    found: dict[str, None] = {}
    for line in filter(None, (line.strip() for line in text.replace(",", "\n").split("\n"))):
        number = phones.read(line, country)
        if number is None or not number.startswith("+"):
            raise PageError(f"Telephone numbers: {line[:40]!r} is none. Write it as +12125550123.")
        found[number] = None
    if len(found) > MOST:
        raise PageError(f"Telephone numbers: {MOST} at most.")
    return list(found)


def _plain(error: str) -> str:
    if "webhook.secret" in error:
        return "Secret: 16 to 200 characters, please."
    if "per_hour" in error:
        return "Notifications an hour: 1 to 60, please."
    return error
