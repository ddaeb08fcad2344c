"""What staff have to do because of a text message: one who texted CANCEL may mean their booking."""

import re
from typing import TYPE_CHECKING

import msgspec
import structlog

from frontdesk.actions import Commitment
from frontdesk.conversation import Contact
from frontdesk.outbox import Entry, GiveUpError
from frontdesk_plugins.sms.words import say

if TYPE_CHECKING:
    from frontdesk.desk import Desk

log = structlog.get_logger("frontdesk.sms")

KIND = "sms.task"
"""Of outbox entries `{"conversation"}`: whatever becomes of a task, the STOP itself is stored."""
MOST = 5
"""Commitments that a task names."""
_NOT_THEIRS = ("handed_off", "message_taken", "recorded", "held")
"""Kinds of commitments that no customer cancels."""
_DAY = re.compile(r"\d{4}-\d\d-\d\d")


async def leave(desk: "Desk", entry: Entry) -> None:
    """Tell the team, by whichever plugin takes messages for them."""
    business = await desk.business(entry.business)
    row = await desk.database.one(
        "SELECT k.* FROM conversation c JOIN contact k ON k.id = c.contact "
        "WHERE c.id = {} AND c.business = {}",
        entry.body["conversation"], entry.business,
    )  # fmt: skip
    if business is None or row is None:
        raise GiveUpError("the business or the conversation is gone")
    contact, text = msgspec.convert(row, Contact), say(business, "cancel")
    if known := await _known(desk, entry.business, contact.id, f"{desk.now(business):%Y-%m-%d}"):
        text += " " + say(business, "known", things="; ".join(known))
    taken = desk.plugins.ask(
        "leave_message",
        but=business.plugins.disabled,
        business=business,
        conversation=entry.body["conversation"],
        contact=contact,
        topic=say(business, "cancel_topic"),
        text=text,
        now=desk.now(business),
    )
    for _, waiting in taken:
        async with desk.database.transaction():
            await waiting
        return
    log.warning("a customer texted CANCEL, and no plugin takes messages", business=entry.business)


async def _known(desk: "Desk", business: str, contact: str, today: str) -> list[str]:
    """What is committed for a customer from today on, the newest first: "BK-7Q2M (2026-11-24, 19:00)"."""
    rows = await desk.database.fetch(
        "SELECT s.commitments FROM conversation_state s JOIN conversation c ON c.id = s.conversation "
        "WHERE c.business = {} AND c.contact = {} ORDER BY c.updated DESC LIMIT 20",
        business, contact,
    )  # fmt: skip
    newest: dict[str, Commitment] = {}
    for row in rows:
        for one in reversed(msgspec.json.decode(row["commitments"], type=list[Commitment])):
            newest.setdefault(one.subject, one)
    return [_shown(one) for one in newest.values() if _is_ahead(one, today)][:MOST]


def _is_ahead(one: Commitment, today: str) -> bool:
    """Something that can still be cancelled."""
    if not one.kinds or any(kind in _NOT_THEIRS or "cancel" in kind for kind in one.kinds):
        return False
    days = [fact for fact in one.facts if _DAY.fullmatch(fact)]
    return not days or max(days) >= today


def _shown(one: Commitment) -> str:
    facts = [fact for fact in one.facts if fact != one.subject]
    return one.subject + (f" ({', '.join(facts)})" if facts else "")
