"""Reminders of bookings by text message, and the consent to them."""

from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING

import msgspec
import structlog

from frontdesk import ActionCall, Business, notify, opting, phones, words
from frontdesk.ids import new_id
from frontdesk.instants import instant, ms
from frontdesk.jobs import Job
from frontdesk.model import ToolCall
from frontdesk.references import shown
from frontdesk_plugins.booking import cards, moments, strangers
from frontdesk_plugins.booking.ledger import Row
from frontdesk_plugins.booking.rules import rules_of
from frontdesk_plugins.booking.words import say

if TYPE_CHECKING:
    from datetime import datetime

    from frontdesk.desk import Desk

log = structlog.get_logger("frontdesk.booking")

SECONDS = 20.0
REST_MINUTES = 5
"""How often to look whether a business has bookings switched on again."""
AT_ONCE = 200
ACTION = "confirm_attendance"
TOLD = "reminder_told"
"""The key of `Told` in the conversation's custom_data."""


class Told(msgspec.Struct, frozen=True, kw_only=True):
    """The last read-back that spoke of reminders."""

    proposal: str = ""
    phone: str = ""
    text: str = ""
    """Exactly what it said of them."""


def job(desk: "Desk") -> Job:
    return Job(name="reminders", seconds=SECONDS, run=partial(remind, desk))


async def remind(desk: "Desk") -> None:
    """Send what is due. Every node may do it at the same time: each reminder is taken by one."""
    now = desk.now(Business(id="any", name="Any"))  # an instant; the zone does not matter
    rows = await desk.database.fetch(
        "SELECT * FROM booking WHERE remind_at > 0 AND remind_at <= {} ORDER BY remind_at LIMIT {}",
        ms(now), AT_ONCE,
    )  # fmt: skip
    for row in rows:
        business = await desk.business(row["business"])
        if business is None:
            continue
        try:
            if "booking" in business.plugins.disabled:
                await _rest(desk, business, row, now)
            else:
                await _remind(desk, business, row, now)
        except Exception:  # one booking must not stop the others
            log.exception("reminder failed", business=business.id, booking=row["id"])


async def _rest(desk: "Desk", business: Business, booking: Row, now: "datetime") -> None:
    """Look at it later, so that those of other businesses have its place."""
    again = ms(now + timedelta(minutes=REST_MINUTES))
    async with desk.database.transaction():
        await _take(desk, business, booking, now, remind_at=again)


async def _remind(desk: "Desk", business: Business, booking: Row, now: "datetime") -> None:
    once = partial(_take, desk, business, booking, now)
    if not _is_wanted(business, booking, now):
        async with desk.database.transaction():
            await once()
        return
    if await strangers.is_stranger(desk.database, business.id, booking["phone"]):
        again = await strangers.when(desk.database, booking, now)
        if again is not None:
            log.warning(
                "no reminder now: too many to numbers that never wrote",
                business=business.id, booking=booking["id"],
            )  # fmt: skip
            async with desk.database.transaction():
                await _take(desk, business, booking, now, remind_at=again)
            return
        once = partial(once, stranger_at=ms(now))
    offer = None if booking["attends"] else _offer(desk, business, booking)
    text = await _text(desk, business, booking)
    if offer is not None:
        text = f"{text} {words.choices(business)}"
    if await notify.notify(desk, business, booking["phone"], text, once=once, offer=offer):
        log.info("reminded", business=business.id, booking=booking["id"])
    else:  # there is nobody to text, and this reminder is over for good
        async with desk.database.transaction():
            await once()


async def _take(
    desk: "Desk",
    business: Business,
    booking: Row,
    now: "datetime",
    *,
    remind_at: int = 0,
    stranger_at: int = 0,
) -> bool:
    """Compare and set: False when another was faster, or the booking has changed since."""
    upcoming = remind_at or moments.following(business, instant(booking["starts"]), now)
    taken = await desk.database.one(
        "UPDATE booking SET remind_at = {}, stranger_at = {} WHERE id = {} AND remind_at = {} "
        "AND sequence = {} AND status = {} RETURNING id",
        upcoming, stranger_at or booking["stranger_at"],
        booking["id"], booking["remind_at"], booking["sequence"], booking["status"],
    )  # fmt: skip
    return taken is not None


def _is_wanted(business: Business, booking: Row, now: "datetime") -> bool:
    """False for what is cancelled or not confirmed, and for a reminder that comes too late because
    nobody was there to send it."""
    rules = rules_of(business)
    return (
        booking["status"] == "confirmed"
        and booking["phone"].startswith("+")
        and instant(booking["starts"]) - now >= moments.LATEST
        and moments.quiet_since(business, rules.quiet, now) is None
    )


async def _text(desk: "Desk", business: Business, booking: Row) -> str:
    rules = rules_of(business)
    what = cards.described(business, rules, cards.what_of(rules, booking))
    name = " ".join(booking["name"].split())
    if strangers.is_name(name) or await strangers.is_verified(desk.database, booking):
        what = f"{what}, {say(business, 'for_name', name=name)}"
    return say(business, "reminder", house=business.name, what=what,
               reference=shown(booking["reference"]))  # fmt: skip


def _offer(desk: "Desk", business: Business, booking: Row) -> ToolCall | None:
    """What the digit 1 does; None where no tool of the business does it."""
    tools = desk.tools(business).values()
    name = next((bound.tool.name for bound in tools if bound.action.name == ACTION), "")
    return ToolCall(new_id(), name, {"reference": shown(booking["reference"])}) if name else None


# ---- consent ---------------------------------------------------------------------------------


async def tell(call: ActionCall, phone: str, start: "datetime") -> str:
    """What a read-back says of reminders, by which the customer agrees to them with the rest; empty
    when there will be none, or the holder of the number wants no text messages."""
    business = call.business
    is_possible = phone.startswith("+") and notify.can_text(call.plugins, business)
    if not is_possible or not moments.following(business, start, call.now):
        return ""
    if await opting.state(call.db, business.id, phone) == "out":
        return ""
    text = say(business, "reminds", phone=phones.shown(phone))
    told = Told(proposal=call.proposal, phone=phone, text=text)
    call.patch.setdefault("custom_data", {})[TOLD] = msgspec.to_builtins(told)
    return text


async def agreed(call: ActionCall, phone: str) -> None:
    """Write down, in the booking's transaction, that its customer wants to be reminded: they were
    told and agreed, or they book by text message."""
    told = msgspec.convert(call.state.custom_data.get(TOLD, {}), Told)
    is_told = bool(call.proposal) and (told.proposal, told.phone) == (call.proposal, phone)
    by_text = call.channel == notify.CHANNEL and _is_theirs(call, phone)
    has_reminders = (
        notify.can_text(call.plugins, call.business) and rules_of(call.business).reminders
    )
    if not has_reminders or not (by_text or is_told):
        return
    if await opting.state(call.db, call.business.id, phone) != "out":
        text = told.text if is_told else ""
        await opting.record(call.db, call.business.id, phone, "in", "booking", text)


def _is_theirs(call: ActionCall, phone: str) -> bool:
    return call.contact.phone_verified and call.contact.phone == phone
