"""Sending the parts of a message, each once.

The outbox delivers at least once, and Twilio has no key for repetitions. So every part has a row of its
own before Twilio is asked, and what became of the question decides what the next attempt does: what was
surely not taken is sent again; what may have been taken is looked up, and sent again only when Twilio
does not have it.
"""

import asyncio
from collections.abc import Callable, Coroutine
from typing import TYPE_CHECKING, Any, NoReturn

import structlog

from frontdesk import opting
from frontdesk.outbox import GiveUpError, NotDeliveredError
from frontdesk_plugins.sms import counters, messages
from frontdesk_plugins.sms.errors import OPTED_OUT, SmsError, explained
from frontdesk_plugins.sms.messages import Message
from frontdesk_plugins.sms.pace import GAP_SECONDS, Pace
from frontdesk_plugins.sms.provider import Outgoing, SmsProvider, Taken
from frontdesk_plugins.sms.states import TRYING

if TYPE_CHECKING:
    from frontdesk.desk import Desk

log = structlog.get_logger("frontdesk.sms")

STATUS_PATH = "/webhooks/twilio/status"
SKEW_MS = 60_000
"""How far Twilio's clock may be from ours when a message is looked up."""
LAST_SECONDS = 5.0
"""How long a process that stops waits for the answer to a request."""
LOOKS = 20
LOOK_SECONDS = 0.5
"""How often to look whether another process is done with a message."""


class Carrier:
    """The way from rows to telephones, in one process."""

    def __init__(
        self,
        desk: "Desk",
        provider: SmsProvider | None,
        pace: Pace,
        clock: Callable[[], int],
    ) -> None:
        """Without a provider words leave only as answers to webhooks. `clock` tells milliseconds since
        the epoch."""
        self._database = desk.database
        self._provider = provider
        self._pace = pace
        self._clock = clock
        self._counters = counters.of(desk)
        base = desk.settings.server.public_url.rstrip("/")
        self._callback = f"{base}{STATUS_PATH}" if base else ""

    async def send(self, parts: list[Message]) -> None:
        """Send what has not been sent, in order. Raises NotDeliveredError and GiveUpError."""
        is_first = True
        for n, part in enumerate(parts):
            if part.state == "failed" and not part.sid:
                raise GiveUpError(f"{explained(part.error)} ({part.error})")
            if part.rank > TRYING:
                continue
            if not is_first:
                await self._pace.sleep(GAP_SECONDS)
            is_first = False
            if not await self._send_part(part):
                for rest in parts[n:]:
                    await messages.ended(self._database, rest, "held", "opted_out")
                return

    async def begin(self, part: Message) -> bool:
        """Claim a part for an attempt. False when another has it, or it has its end."""
        return await messages.begin(self._database, part, self._clock())

    async def _send_part(self, part: Message) -> bool:
        """False when the customer turned out to have opted out."""
        if self._provider is None:
            await messages.ended(self._database, part, "failed", "no_credentials")
            raise GiveUpError(explained("no_credentials"))
        if wait := await self._pace.take(part.from_number, part.segments):
            raise NotDeliveredError("too many texts of this number wait", after=wait)
        begun = await self._begun(part)
        return begun is None or await _to_its_end(self._ask(self._provider, begun))

    async def _begun(self, part: Message) -> Message | None:
        """The part, claimed. None when another process has sent it meanwhile. Raises NotDeliveredError
        when another has been at it for long."""
        for _ in range(LOOKS):
            if await self.begin(part):
                return part
            now = await messages.again(self._database, part)
            if now.rank > TRYING:
                return None
            part = now
            await self._pace.sleep(LOOK_SECONDS)
        after = (part.busy_until - self._clock()) / 1000
        raise NotDeliveredError("another attempt is under way", after=max(0.0, after))

    async def _ask(self, provider: SmsProvider, part: Message) -> bool:
        message = Outgoing(
            to=part.to_number,
            from_=part.from_number,
            body=part.body,
            status_callback=self._callback,
        )
        found: Taken | None = None
        if part.tried:
            try:
                found = await self._found(provider, message, part)
            except SmsError as error:
                await self._doubt(part, error)
        try:
            taken = found or await provider.send(message)
        except SmsError as error:
            return await self._refused(part, error)
        await messages.taken(self._database, part, taken)
        result = "found" if found else "taken"
        self._counters.sends.labels(result).inc()
        self._counters.segments.inc(taken.segments or part.segments)
        log.info("a text message left", message=part.id, sid=taken.sid, result=result)
        return True

    async def _found(self, provider: SmsProvider, message: Outgoing, part: Message) -> Taken | None:
        """What Twilio has of an earlier attempt: of the messages that no row has, the oldest."""
        found = await provider.find(message, part.tried - SKEW_MS)
        known = await messages.known(self._database, [each.sid for each in found])
        return next((each for each in reversed(found) if each.sid not in known), None)

    async def _refused(self, part: Message, error: SmsError) -> bool:
        """False when the customer opted out; else it raises what the outbox has to know."""
        if error.verdict == "unknown":
            await self._doubt(part, error)
        self._counters.sends.labels(error.verdict).inc()
        log.warning("a text message was refused", message=part.id, code=error.code)
        if error.verdict == "retry":
            await messages.not_taken(self._database, part)
            raise NotDeliveredError(str(error)) from error
        if error.code == OPTED_OUT:
            await opting.record(self._database, part.business, part.to_number, "out", "provider")
            return False
        await messages.ended(self._database, part, "failed", error.code)
        raise GiveUpError(str(error)) from error

    async def _doubt(self, part: Message, error: SmsError) -> NoReturn:
        self._counters.sends.labels("unknown").inc()
        log.warning("nobody knows whether a text message left", message=part.id, code=error.code)
        await messages.doubtful(self._database, part)
        raise NotDeliveredError(str(error)) from error


async def _to_its_end(work: Coroutine[Any, Any, bool]) -> bool:
    """A request and the record of its answer. A cancellation waits for them, but not for long: what is
    not recorded has to be looked up."""
    task = asyncio.ensure_future(work)
    try:
        return await asyncio.shield(task)
    except asyncio.CancelledError:
        done, _ = await asyncio.wait({task}, timeout=LAST_SECONDS)
        if not done:
            task.cancel()
        elif not task.cancelled():
            task.exception()  # it is recorded; nobody is left to hear of it
        raise
