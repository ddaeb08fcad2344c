"""Text messages that customers send: each is stored once, and made one message of a conversation.

Everything happens in one transaction, which begins with the row of Twilio's MessageSid. So what is
acknowledged is stored, and the same message again, at once or after a restart, is nothing.
"""

import asyncio
from typing import TYPE_CHECKING, Literal

import msgspec
import structlog

from frontdesk import appending, blocking, opting, redact, status, store, toggling
from frontdesk.business import Business
from frontdesk.channels import Inbound
from frontdesk.database import Database
from frontdesk.errors import LimitError, StatusError
from frontdesk.events import Noticed, Stored
from frontdesk.instants import now_ms
from frontdesk.limits import RateLimit
from frontdesk.store import Receipt
from frontdesk_plugins.sms import keywords, loops, media, numbers, resting, tasks, words
from frontdesk_plugins.sms.keywords import Command
from frontdesk_plugins.sms.media import Attachment
from frontdesk_plugins.sms.settings import SmsSettings

if TYPE_CHECKING:
    from frontdesk.desk import Desk

log = structlog.get_logger("frontdesk.sms")

CHANNEL = "sms"
TRIES = 3
AGAIN_SECONDS = 0.3
Outcome = Literal["message", "aside", "stop", "start", "help", "dropped"]


class Text(msgspec.Struct, frozen=True, kw_only=True):
    """One message as Twilio delivers it."""

    sid: str
    sender: str
    recipient: str
    body: str
    option: str = ""
    """OptOutType, with Advanced Opt-Out: STOP, START or HELP."""
    attachments: tuple[Attachment, ...] = ()
    token: str = ""


class Taken(msgspec.Struct, frozen=True):
    """What became of a message. It is stored when this exists."""

    conversation: str = ""
    """Empty when no conversation holds it, or when it had come before."""
    receipt: Receipt | None = None
    is_awaited: bool = False
    """Words for the customer follow."""
    words: str = ""
    """What the webhook itself answers, while text messages are switched off."""


class Switchboard:
    """What messages pass on their way to a business, in this process."""

    def __init__(self, desk: "Desk", settings: SmsSettings) -> None:
        self.desk = desk
        self.settings = settings
        self.directory = numbers.Directory(desk)
        limits = desk.settings.limits
        self._limits = (
            RateLimit("messages", limits.messages_per_minute, 60),
            RateLimit("messages of a day", limits.messages_per_day, 86400),
        )
        self._business = RateLimit("business", limits.business_per_minute, 60)

    async def owner(self, text: Text) -> tuple[Business | None, str]:
        """(whose it is, or why it is nobody's)."""
        if not numbers.is_person(text.sender):
            return None, "the sender is no telephone number"
        if await self.directory.is_ours(text.sender):
            return None, "the sender is one of our own numbers"
        owners = await self.directory.owners(text.recipient)
        if len(owners) > 1:
            log.error(
                "a number that several businesses have: take it out of [settings.sms] of all but one",
                number=text.recipient, businesses=owners,
            )  # fmt: skip
            return None, f"several businesses have the number: {', '.join(owners)}"
        owner = next(iter(owners), "")
        if not owner:
            log.warning(
                "a text message for a number that no business has: add it to `numbers` in "
                "[settings.sms] of the business",
                number=text.recipient,
            )
            return None, "no business has the number"
        business = await self.desk.business(owner)
        return business, "" if business else "the business is gone"

    def limited(self, business: str, sender: str) -> str:
        """Why this is too much; empty when it is not."""
        try:
            for limit in self._limits:
                limit.take(f"{business} {sender}")
            self._business.take(business)
        except LimitError as error:
            self.desk.metrics.limited.labels(error.message).inc()
            return f"more than the limit: {error.message}"
        return ""


async def take(board: Switchboard, text: Text) -> Taken:
    """Store a message and see to what follows from it. What goes wrong is tried again here, because
    Twilio does not come again."""
    for left in reversed(range(TRIES)):
        try:
            return await _take(board, text)
        except Exception as error:
            if not left:
                raise
            log.warning("a text message was not stored, trying again", sid=text.sid, exc_info=error)
            await asyncio.sleep(AGAIN_SECONDS)
    raise AssertionError("the last try returns or raises")


async def _take(board: Switchboard, text: Text) -> Taken:
    desk = board.desk
    business, why = await board.owner(text)
    if business is None:
        dropped = msgspec.structs.replace(text, body=redact.cards(text.body)[0])
        if await _record(desk.database, dropped, reason=why, kept=dropped.body):
            log.info("a text message is not answered", sid=text.sid, reason=why)
        return Taken()
    command = keywords.hear(  # before the transaction: what it may have to compile takes its time
        text.body,
        option=text.option,
        mode=board.settings.opt_out,
        recipient=text.recipient,
        is_out=await opting.state(desk.database, business.id, text.sender) == "out",
        business=business,
        rules=desk.triggers(business),
    )
    async with desk.database.transaction():
        if not await _record(desk.database, text, business=business.id):
            return Taken()
        taken, inbound, more = await _store(board, business, text, command)
    receipt = taken.receipt
    assert receipt is not None
    desk.received(inbound, receipt)
    if more:
        desk.happened(taken.conversation, more)
    return taken


async def _record(
    database: Database, text: Text, *, business: str = "", reason: str = "", kept: str = ""
) -> bool:
    """The row of a message. False when it is there already."""
    rows = await database.fetch(
        "INSERT INTO sms_inbound (sid, business, conversation, sender, recipient, outcome, reason, "
        "digest, text, token, received) VALUES ({}, {}, '', {}, {}, 'dropped', {}, {}, {}, {}, {}) "
        "ON CONFLICT (sid) DO NOTHING RETURNING sid",
        text.sid, business, text.sender, text.recipient, reason,
        loops.digest(text.body), kept, text.token, now_ms(),
    )  # fmt: skip
    return bool(rows)


async def _store(
    board: Switchboard, business: Business, text: Text, command: Command | None
) -> tuple[Taken, Inbound, list[Stored]]:
    """Within the transaction: the message in its conversation, and what follows from it at once."""
    desk, database = board.desk, board.desk.database
    conversation = await _conversation(desk, business.id, text)
    consent = await opting.state(database, business.id, text.sender)
    is_off = toggling.is_off(desk, CHANNEL, business)
    outcome, reason = _outcome(board, business, text, command, is_out=consent == "out")
    if outcome == "message" and is_off:
        outcome, reason = "aside", await resting.reason(database, business.id, text.sender)
    said = words.with_media(text.body, [item.declared for item in text.attachments])
    inbound = Inbound(
        business=business.id,
        conversation=conversation,
        text=said[: desk.settings.limits.message_chars or None],
        client_id=text.sid,
        settle=board.settings.debounce if outcome == "message" else 0,
        is_aside=outcome != "message",
    )
    receipt = await store.receive(database, inbound)
    more: list[Stored] = []
    confirmation = answer = ""
    if command is not None:
        more, confirmation, answer = await _obey(
            desk, business, conversation, text.sender, command,
            is_out=consent == "out", is_off=is_off,
        )  # fmt: skip
    elif reason in (resting.REASON, resting.TOLD):
        answer = resting.urgent(desk, business, text.body)
        if reason == resting.TOLD and not answer:
            answer = resting.words(business)
    elif outcome == "message":
        reason = await loops.reason(database, business.id, conversation, text.sender, now_ms())
        if reason:
            more = await _silence(desk, business.id, conversation, reason)
            receipt = msgspec.structs.replace(receipt, lease="")
    await media.remember(database, business.id, conversation, text.sid, text.attachments)
    await database.fetch(
        "UPDATE sms_inbound SET conversation = {}, outcome = {}, reason = {}, confirmation = {} "
        "WHERE sid = {}",
        conversation, outcome, reason, confirmation, text.sid,
    )  # fmt: skip
    if answer and command is None and await blocking.refuse(database, conversation):
        answer = ""
    return Taken(conversation, receipt, outcome == "message", answer), inbound, more


async def _conversation(desk: "Desk", business: str, text: Text) -> str:
    """The conversation that a message goes on in, or a new one. Others who look for the same
    customer's wait until this transaction ends.

    The contact is only read: turns lock a conversation and then its contact, and so does all else here.
    """
    database, now = desk.database, now_ms()
    await database.fetch(
        "INSERT INTO sms_sender (id, business, number, recipient, seen) VALUES ({}, {}, {}, {}, {}) "
        "ON CONFLICT (id) DO UPDATE SET recipient = excluded.recipient, seen = excluded.seen",
        f"{business} {text.sender}", business, text.sender, text.recipient, now,
    )  # fmt: skip
    known = await database.one(
        "SELECT id FROM contact WHERE business = {} AND phone = {} AND phone_verified "
        "AND phone <> ''",  # so that its index is used
        business, text.sender,
    )  # fmt: skip
    contact = known["id"] if known else ""
    found = await status.continued(database, business, contact, CHANNEL, now)
    return found or (await desk.open_conversation(business, CHANNEL, phone=text.sender))[0]


def _outcome(
    board: Switchboard, business: Business, text: Text, command: Command | None, *, is_out: bool
) -> tuple[Outcome, str]:
    """(what a message is, why nobody answers it)."""
    if command is not None:
        return command.kind, ""
    if is_out:
        return "aside", "the number opted out"
    if not text.body.strip() and not text.attachments:
        return "aside", "it is empty"
    if limited := board.limited(business.id, text.sender):
        log.warning("a text message is not answered", sid=text.sid, reason=limited)
        return "aside", limited
    return "message", ""


async def _obey(
    desk: "Desk",
    business: Business,
    conversation: str,
    number: str,
    command: Command,
    *,
    is_out: bool,
    is_off: bool,
) -> tuple[list[Stored], str, str]:
    """Carry STOP, START or HELP out: (what was stored, the id of the words that confirm a STOP, the
    words that the webhook has to say because nothing else leaves)."""
    database = desk.database
    stored: list[Stored] = []
    confirmation = ""
    rules = desk.triggers(business)
    answer = keywords.answer(command.kind, business, rules) if command.is_ours else ""
    if is_out and command.kind != "start":
        answer = ""
    match command.kind:
        case "stop":
            await opting.record(database, business.id, number, "out", "inbound")
        case "start":
            await opting.record(database, business.id, number, "in", "inbound")
        case "help":
            pass
    if answer and not is_off:
        stored = await status.notice(database, business.id, conversation, answer)
    if command.kind == "stop":
        notices = [each.event.id for each in stored if isinstance(each.event, Noticed)]
        confirmation = next(iter(notices), "")
        stored += await _end(database, business.id, conversation)
        if command.word == "CANCEL":
            body = {"conversation": conversation}
            await appending.put(database, business.id, tasks.KIND, body)
    return stored, confirmation, answer if is_off else ""


async def _end(database: Database, business: str, conversation: str) -> list[Stored]:
    """A customer who opted out waits for no answer. What a person has stays with them."""
    why = "the customer wants no text messages"
    try:
        return await status.resolve(database, business, conversation, "", reason=why)
    except StatusError:
        return []


async def _silence(desk: "Desk", business: str, conversation: str, reason: str) -> list[Stored]:
    """The assistant says no more until somebody has looked."""
    try:
        stored = await status.queue(desk.database, business, conversation, reason=reason)
    except StatusError:  # a person has it: nothing answers by itself
        return []
    if stored:
        log.warning("a loop of text messages", conversation=conversation, reason=reason)
        desk.metrics.limited.labels("loop").inc()
    return stored
