"""Telling the people on call that a customer waits and that nobody in the console looks."""

from typing import TYPE_CHECKING, Any

import structlog

from frontdesk.appending import put
from frontdesk.business import Business
from frontdesk.database import Row
from frontdesk.errors import ConfigError
from frontdesk.ids import new_id
from frontdesk.instants import now_ms
from frontdesk.notify import can_text
from frontdesk.reads import last_change
from frontdesk.words import in_language
from frontdesk_server.console.presence import is_anyone_present
from frontdesk_server.console.settings import ConsoleSettings, settings_of

if TYPE_CHECKING:
    from frontdesk.desk import Desk

log = structlog.get_logger("frontdesk.console")

LOOK_SECONDS = 5.0
WAIT_MS = 30_000
HOUR_MS = 3_600_000
TEXT = "sms.text"
"""The kind of outbox entry that the text message plugin delivers."""
WEBHOOK = "console.webhook"

_WAITS = {
    "en": "{business}: a customer is waiting for a person.",
    "es": "{business}: un cliente espera a una persona.",
    "de": "{business}: Ein Kunde wartet auf einen Menschen.",
    "fr": "{business} : un client attend une personne.",
    "it": "{business}: un cliente aspetta una persona.",
}
_TEST = {
    "en": "{business}: this is a test. You get a message like this when a customer is waiting.",
    "es": "{business}: esto es una prueba. Así se le avisa cuando un cliente espera.",
    "de": "{business}: Dies ist ein Test. So erfahren Sie, dass ein Kunde wartet.",
    "fr": "{business} : ceci est un test. Vous serez averti ainsi quand un client attend.",
    "it": "{business}: questa è una prova. Così la avvisiamo quando un cliente aspetta.",
}

# Queued for long enough, in the last hour, and neither told of for this time of waiting nor within
# an hour. The newest change of hands says since when. The second condition on the status, word for
# word, lets SQLite take the partial index `conversation_open`.
_DUE = """
SELECT c.id, c.business, c.owner_epoch, c.channel, e.seq, e.at
FROM conversation c JOIN event e ON e.conversation = c.id AND e.type = 'status_changed'
WHERE c.status = 'queued' AND c.status <> 'resolved' AND e.at <= {} AND e.at > {}
  AND e.seq = (SELECT MAX(x.seq) FROM event x
               WHERE x.conversation = c.id AND x.type = 'status_changed')
  AND NOT EXISTS (SELECT 1 FROM on_call_mark m WHERE m.conversation = c.id
                  AND (m.epoch = c.owner_epoch OR m.created > {}))
ORDER BY e.at LIMIT 200"""


async def look(desk: "Desk") -> None:
    """What a node does every few seconds."""
    now = now_ms()
    rows = await desk.database.fetch(_DUE, now - WAIT_MS, now - HOUR_MS, now - HOUR_MS)
    for row in rows:
        business = await desk.business(row["business"])
        if business is None or "console" in business.plugins.disabled:
            continue
        try:
            settings = settings_of(business)
        except ConfigError as error:
            log.warning("the people on call cannot be told", why=str(error))
            continue
        if told(desk, business, settings) and not await _is_seen(desk, row):
            await _tell(desk, business, settings, row, now)


async def _is_seen(desk: "Desk", row: Row) -> bool:
    """Whether somebody who is there has opened it since it waits."""
    if not await is_anyone_present(desk, row["business"]):
        return False
    seen = await desk.database.one(
        "SELECT 1 FROM staff_seen WHERE conversation = {} AND seq >= {}", row["id"], row["seq"]
    )
    return seen is not None


async def _tell(
    desk: "Desk", business: Business, settings: ConsoleSettings, row: Row, now: int
) -> None:
    """Once, whichever node is first; no more than the business wants in an hour."""
    database = desk.database
    async with database.transaction():
        # The nodes count one after the other.
        await database.fetch("UPDATE business SET updated = updated WHERE id = {}", business.id)
        count = await database.one(
            "SELECT COUNT(*) AS n FROM on_call_mark WHERE business = {} AND created > {}",
            business.id, now - HOUR_MS,
        )  # fmt: skip
        if count and count["n"] >= settings.per_hour:
            return
        marked = await database.one(
            "INSERT INTO on_call_mark (id, business, conversation, epoch, created) "
            "VALUES ({}, {}, {}, {}, {}) ON CONFLICT (conversation, epoch) DO NOTHING RETURNING id",
            new_id(), business.id, row["id"], row["owner_epoch"], now,
        )  # fmt: skip
        if marked is None:
            return
        change = await last_change(database, row["id"])
        about: dict[str, Any] = {
            "id": row["id"],
            "channel": row["channel"],
            "reason": change.reason if change else "",
            "since": row["at"],
        }
        text = _say(business, _WAITS) + _link(desk, row["id"])
        key = f"{row['id']}:{row['owner_epoch']}"
        event = {"event": "conversation.waiting", "conversation": about}
        await _put(desk, business, settings, text, key, event)
    log.info("told the people on call", business=business.id, conversation=row["id"])


async def put_test(desk: "Desk", business: Business, settings: ConsoleSettings, key: str) -> None:
    """In the caller's transaction."""
    await _put(desk, business, settings, _say(business, _TEST), key, {"event": "console.test"})


async def _put(
    desk: "Desk",
    business: Business,
    settings: ConsoleSettings,
    text: str,
    key: str,
    event: dict[str, Any],
) -> None:
    if can_text(desk.plugins, business):
        for number in settings.on_call:
            body = {"to": number, "text": text, "purpose": "staff", "key": f"{key}:{number}"}
            await put(desk.database, business.id, TEXT, body)
    if settings.webhook is not None:
        await put(desk.database, business.id, WEBHOOK, event | {"business": business.id})


def told(desk: "Desk", business: Business, settings: ConsoleSettings) -> bool:
    """Whether there is anyone to tell."""
    has_numbers = bool(settings.on_call) and can_text(desk.plugins, business)
    return has_numbers or settings.webhook is not None


def _say(business: Business, sentences: dict[str, str]) -> str:
    return in_language(business, sentences).format(business=business.name)


def _link(desk: "Desk", conversation: str) -> str:
    public = desk.settings.server.public_url.rstrip("/")
    return f" {public}/console?conversation={conversation}" if public else ""
