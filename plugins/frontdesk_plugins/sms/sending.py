"""The deliveries "sms" and "sms.text": words of the outbox on their way to a telephone.

Here is decided what is said to which number, and whether it may be; `carrier.py` sends it. Words of one
conversation arrive in their order: an attempt first sends what waits before it.
"""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from typing import TYPE_CHECKING, Literal
from weakref import WeakValueDictionary

import msgspec
import structlog

from frontdesk import events, opting
from frontdesk.appending import Words
from frontdesk.business import Business
from frontdesk.events import Replied, StatusChanged
from frontdesk.instants import now_ms
from frontdesk.outbox import Deliver, Entry, GiveUpError
from frontdesk_plugins.sms import asking, counters, messages, opening, texts
from frontdesk_plugins.sms.carrier import Carrier
from frontdesk_plugins.sms.messages import Message
from frontdesk_plugins.sms.pace import Pace
from frontdesk_plugins.sms.provider import SmsProvider, Taken, Twilio
from frontdesk_plugins.sms.settings import Number, SmsSettings, of_business
from frontdesk_plugins.sms.states import TRYING

if TYPE_CHECKING:
    from frontdesk.desk import Desk

log = structlog.get_logger("frontdesk.sms")


class TextOut(msgspec.Struct, frozen=True, kw_only=True):
    """The body of a "sms.text": words outside of any conversation."""

    to: Number
    text: str
    purpose: Literal["staff", "code"]
    """Staff on call agreed when they gave their number; codes were asked for. Neither goes to a number
    that opted out."""
    key: str = ""
    """The same key and purpose again are not sent twice; else the entry's id."""


def deliveries(
    desk: "Desk",
    section: SmsSettings,
    *,
    provider: SmsProvider | None = None,
    pace: Pace | None = None,
    clock: Callable[[], int] = now_ms,
) -> dict[str, Deliver]:
    """What `register_deliveries` returns: nothing when there is no account. `clock` tells milliseconds
    since the epoch."""
    if not section.is_on:
        return {}
    if provider is None and section.credentials is not None:
        provider = Twilio(section)
    line = Line(desk, section, Carrier(desk, provider, pace or Pace(), clock))
    return {"sms": line.deliver_words, "sms.text": line.deliver_text}


class Line:
    """The way from outbox entries to messages, in one process."""

    def __init__(self, desk: "Desk", section: SmsSettings, carrier: Carrier) -> None:
        self._desk = desk
        self._database = desk.database
        self._section = section
        self._carrier = carrier
        self._locks: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()
        """One after the other: of each conversation, and of each text with the same key."""

    # ---- words of conversations

    async def deliver_words(self, entry: Entry) -> None:
        words = msgspec.convert(entry.body, Words)
        lock = self._locks.setdefault(words.conversation, asyncio.Lock())
        async with lock:
            for earlier in await self._waiting_before(entry, words.conversation):
                with suppress(GiveUpError):  # its own entry tells, and nothing waits for it
                    await self._say(entry.business, earlier)
            await self._say(entry.business, words)

    async def _waiting_before(self, entry: Entry, conversation: str) -> list[Words]:
        """What was put into the outbox earlier, and has neither left nor been given up."""
        rows = await self._database.fetch(
            "SELECT body FROM outbox WHERE business = {} AND kind = 'sms' AND state = 'new' "
            "AND id < {} AND body LIKE {} ORDER BY id",
            entry.business, entry.id, f'%"conversation":"{conversation}"%',
        )  # fmt: skip
        found = [msgspec.json.decode(row["body"], type=Words) for row in rows]
        return [words for words in found if words.conversation == conversation]

    async def _say(self, business: str, words: Words) -> None:
        owner = await self._business(business)
        number = await self._number(business, words.conversation)
        held = await self._why_held(owner, number, words)
        parts = await messages.of_event(self._database, business, words.event)
        is_begun = any(part.state != "new" for part in parts)
        if not held and not is_begun and await self._is_too_late(words):
            held = "taken_over"
        if not parts:
            parts = await self._prepare(owner, number, words, held)
        if held:
            await self._hold(parts, held)
        elif self._section.reply_mode != "twiml" or not await self._in_webhook(words, parts):
            await self._carrier.send(parts)

    async def _number(self, business: str, conversation: str) -> str:
        row = await self._database.one(
            "SELECT k.phone FROM conversation c JOIN contact k ON k.id = c.contact "
            "WHERE c.id = {} AND c.business = {} AND k.phone_verified AND k.phone <> ''",
            conversation, business,
        )  # fmt: skip
        if row is None:
            raise GiveUpError("the conversation has no verified telephone number")
        return str(row["phone"])

    async def _why_held(self, business: Business, number: str, words: Words) -> str:
        """Why the customer must not get this; empty when they may."""
        consent = await opting.state(self._database, business.id, number)
        if consent == "out":
            return "" if await self._confirms_stop(business, words) else "opted_out"
        if consent == "unknown":
            wrote = await self._database.one(
                "SELECT 1 AS yes FROM event e JOIN conversation c ON c.id = e.conversation "
                "WHERE c.id = {} AND c.business = {} AND e.type = 'customer_said' LIMIT 1",
                words.conversation, business.id,
            )  # fmt: skip
            return "" if wrote else "no_consent"
        return ""

    async def _confirms_stop(self, business: Business, words: Words) -> bool:
        """Whether these are the one confirmation of a STOP: the webhook's, or a rule's of the turn."""
        known = await self._database.one(
            "SELECT 1 AS yes FROM sms_inbound WHERE business = {} AND confirmation = {} "
            "AND confirmation <> ''",  # so that its index is used
            business.id, words.event,
        )  # fmt: skip
        if known is not None:
            return True
        _, reply = await self._reply(words)
        rules = {rule.name for rule in self._desk.triggers(business) if rule.then == "opt_out"}
        return reply is not None and reply.trigger in rules

    async def _is_too_late(self, words: Words) -> bool:
        """Whether these are the assistant's and a person has come since. Words of a rule, such as the
        number for emergencies, are never too late."""
        seq, reply = await self._reply(words)
        if reply is None or reply.trigger:
            return False
        rows = await self._database.fetch(
            "SELECT body FROM event WHERE conversation = {} AND seq > {} AND type = 'status_changed'",
            words.conversation, seq,
        )  # fmt: skip
        since = [events.decode(row["body"]) for row in rows]
        return any(isinstance(one, StatusChanged) and one.status == "human" for one in since)

    async def _reply(self, words: Words) -> tuple[int, Replied | None]:
        """The reply that these are, with its seq; None when others than the assistant said them."""
        row = await self._database.one(
            "SELECT seq, body FROM event WHERE conversation = {} AND type = 'replied' "
            "AND body LIKE {} ORDER BY seq DESC LIMIT 1",
            words.conversation, f'%"id":"{words.event}"%',
        )  # fmt: skip
        reply = events.decode(row["body"]) if row else None
        if row is None or not isinstance(reply, Replied) or reply.id != words.event:
            return 0, None
        return row["seq"], reply

    async def _prepare(
        self, business: Business, number: str, words: Words, held: str
    ) -> list[Message]:
        text = _plain(words.text)
        top = opening.Opening()
        if not held:
            top = await opening.of_message(
                self._desk, business, words.conversation, words.event, text
            )
        return await messages.add(
            self._database, business.id, words.conversation, words.event,
            to=number,
            sender=await self._sender(business, number),
            parts=texts.split(top.text + text),
            discloses=top.discloses,
            held=held,
        )  # fmt: skip

    async def _hold(self, parts: list[Message], why: str) -> None:
        for part in parts:
            if part.rank <= TRYING:
                await messages.ended(self._database, part, "held", why)
        counters.of(self._desk).sends.labels("held").inc()
        log.info("a text message is held", message=[part.id for part in parts], why=why)

    async def _in_webhook(self, words: Words, parts: list[Message]) -> bool:
        """Whether a webhook that waits took the words, see `twiml.py`."""
        from frontdesk_plugins.sms import twiml  # noqa: PLC0415  it imports the web framework

        if any(part.state != "new" for part in parts):
            return False
        begun = [part for part in parts if await self._carrier.begin(part)]
        given = [part.body for part in begun]
        if await twiml.hand_over(self._desk, words.conversation, words.event, given):
            for part in begun:
                await messages.taken(self._database, part, Taken(sid="", state="queued"))
            return True
        for part in begun:
            await messages.not_taken(self._database, part)
        return False

    # ---- other texts

    async def deliver_text(self, entry: Entry) -> None:
        try:
            out = msgspec.convert(entry.body, TextOut)
        except msgspec.ValidationError as error:
            raise GiveUpError(f"not a text message: {error}") from error
        event = f"{out.purpose}:{out.key or entry.id}"
        lock = self._locks.setdefault(f"{entry.business} {event}", asyncio.Lock())
        async with lock:
            await self._text(await self._business(entry.business), event, out)

    async def _text(self, business: Business, event: str, out: TextOut) -> None:
        consent = await opting.state(self._database, business.id, out.to)
        held = "opted_out" if consent == "out" else ""
        parts = await messages.of_event(self._database, business.id, event)
        if not parts:
            parts = await messages.add(
                self._database, business.id, "", event,
                to=out.to,
                sender=await self._sender(business, out.to),
                parts=texts.split(_plain(out.text)),
                held=held,
            )  # fmt: skip
        await (self._hold(parts, held) if held else self._carrier.send(parts))

    # ---- both

    async def _business(self, identifier: str) -> Business:
        business = await self._desk.business(identifier)
        if business is None:
            raise GiveUpError("the business is gone")
        return business

    async def _sender(self, business: Business, number: str) -> str:
        """Our number that the customer wrote to last, else the business's first."""
        own = of_business(business.settings.get("sms")).numbers
        if not own:
            raise GiveUpError(
                f"the business {business.id} has no number: write [settings.sms] numbers"
            )
        row = await self._database.one(
            "SELECT recipient FROM sms_sender WHERE id = {}", f"{business.id} {number}"
        )
        return row["recipient"] if row and row["recipient"] in own else own[0]


def _plain(text: str) -> str:
    return asking.safe(texts.normal(texts.unmarked(text)))
