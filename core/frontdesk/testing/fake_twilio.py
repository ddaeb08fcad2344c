"""A Twilio for tests: a real HTTP server on this machine, which the real SDK talks to.

    async with FakeTwilio() as twilio:
        settings = {"plugins": {"sms": twilio.settings()}}
        ...                                       # a desk with these settings, served at `url`
        twilio.desk_url = url
        await twilio.inbound("Hello", from_="+12125550123")
        message = await twilio.sent()             # waits for the answer
        await twilio.tell(message, "delivered")   # a signed status callback

It takes messages, lists them, refuses the numbers that Twilio's own test credentials refuse, blocks
who texted STOP, and fails as it is told with `then`:

    429         20429, not taken            500, 503    an error of the server, not taken
    502_html    a gateway's page, not taken  garbage    taken, and an answer nobody can read
    drop        reset, not taken             drop_taken reset after it was taken
    stuck       no answer, not taken         slow       no answer, after it was taken

or any of Twilio's error codes, such as "30034" or "21408". `taken` holds what was taken, `asked` every
request to send, also those that failed. Signatures are made here by the rules that Twilio publishes,
and not by its SDK.
"""

import asyncio
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from email.utils import format_datetime
from types import TracebackType
from typing import Any, Self
from uuid import uuid4

import msgspec

from frontdesk.testing.fake_twilio_http import Request, drop, read_request, write
from frontdesk.testing.fake_twilio_webhooks import OURS, Answer, Message, Webhooks, segments

__all__ = ["FROM", "OURS", "TO", "Answer", "FakeTwilio", "Message"]

FROM = {"+15005550001": 21212, "+15005550007": 21606, "+15005550008": 21611}
TO = {
    "+15005550001": 21211,
    "+15005550002": 21612,
    "+15005550003": 21408,
    "+15005550004": 21610,
    "+15005550009": 21614,
}
"""Twilio's magic numbers, and the errors they stand for."""
LONGEST = 1600
WAIT_SECONDS = 20.0


class FakeTwilio(Webhooks):
    def __init__(self, *, test_credentials: bool = False) -> None:
        """With test credentials only `OURS` may send, as at Twilio."""
        super().__init__()
        self.api_key = "SK" + uuid4().hex
        self.api_secret = uuid4().hex
        self.url = ""
        self.now: Callable[[], datetime] = lambda: datetime.now(UTC)
        """Its clock, which a test may set to its own."""
        self.taken: list[Message] = []
        self.asked: list[Mapping[str, str]] = []
        self.looked_up: list[Mapping[str, str]] = []
        self._strict = test_credentials
        self._next: list[str] = []
        self._next_lists: list[str] = []
        self._moved = asyncio.Condition()
        self._released = asyncio.Event()
        self._server: asyncio.Server | None = None
        self._open: dict[asyncio.Task[Any], asyncio.StreamWriter] = {}

    def settings(self) -> dict[str, Any]:
        """The section [plugins.sms]."""
        return {
            "account_sid": self.account_sid,
            "auth_token": self.auth_token,
            "api_base_url": self.url,
        }

    def then(self, *modes: str) -> None:
        """How to treat the next requests to send, one mode each; "ok" is the usual way."""
        self._next += modes

    def then_lists(self, *modes: str) -> None:
        """The same of the next look-ups."""
        self._next_lists += modes

    async def sent(self, count: int = 1) -> Message:
        """The message with this number (from 1), once it is taken."""
        async with asyncio.timeout(WAIT_SECONDS), self._moved:
            await self._moved.wait_for(lambda: len(self.taken) >= count)
        return self.taken[count - 1]

    async def was_asked(self, count: int = 1) -> None:
        """Returns when so many requests to send have come in."""
        async with asyncio.timeout(WAIT_SECONDS), self._moved:
            await self._moved.wait_for(lambda: len(self.asked) >= count)

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._connected, "127.0.0.1", 0)
        port = self._server.sockets[0].getsockname()[1]
        self.url = f"http://127.0.0.1:{port}"
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        assert self._server is not None
        self._released.set()
        self._server.close()
        for writer in self._open.values():
            writer.close()
        await asyncio.gather(*self._open)
        await self._server.wait_closed()

    async def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._open[task] = writer
        try:
            while not writer.is_closing():
                await self._answer(await read_request(reader), writer)
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            self._open.pop(task)
            writer.close()

    async def _answer(self, request: Request, writer: asyncio.StreamWriter) -> None:
        pair = (request.user, request.password)
        if request.path != f"/2010-04-01/Accounts/{self.account_sid}/Messages.json":
            await _fail(writer, 404, 20404, "The requested resource was not found")
        elif pair not in (
            (self.account_sid, self.auth_token),
            (self.api_key, self.api_secret),
        ):
            await _fail(writer, 401, 20003, "Authenticate")
        elif request.method == "GET":
            self.looked_up.append(request.fields)
            mode = self._next_lists.pop(0) if self._next_lists else "ok"
            await self._respond(writer, mode, 200, self._listed(request.fields))
        else:
            await self._posted(request.fields, writer)

    async def _posted(self, form: Mapping[str, str], writer: asyncio.StreamWriter) -> None:
        mode = self._next.pop(0) if self._next else "ok"
        self.asked.append(form)
        await self._moves()
        code = int(mode) if mode.isdigit() and len(mode) > 3 else self._refusal(form)
        if code and mode not in ("429", "500", "502_html", "503", "drop", "stuck"):
            await _fail(writer, 429 if code == 20429 else 400, code, "Refused")
            return
        answer = b""
        if mode in ("ok", "garbage", "drop_taken", "slow"):
            answer = await self._take(form)
        await self._respond(writer, mode, 201, answer)

    async def _respond(
        self, writer: asyncio.StreamWriter, mode: str, status: int, answer: bytes
    ) -> None:
        match mode:
            case "429":
                await _fail(writer, 429, 20429, "Too many requests")
            case "500" | "503":
                await _fail(writer, int(mode), 20500, "An internal server error has occurred")
            case "502_html":
                await write(writer, 502, b"<html><h1>Bad gateway</h1></html>", "text/html")
            case "garbage":
                await write(writer, status, b"{<html>", "text/html")
            case "drop" | "drop_taken":
                drop(writer)
            case "stuck" | "slow":
                await self._released.wait()
            case "ok":
                await write(writer, status, answer)
            case _:
                raise AssertionError(f"no such mode: {mode}")

    def release(self) -> None:
        """Let go of the connections that get no answer."""
        self._released.set()

    def _refusal(self, form: Mapping[str, str]) -> int:
        to, from_ = form.get("To", ""), form.get("From", "")
        body = form.get("Body", "")
        if from_ in FROM or (self._strict and from_ != OURS):
            return FROM.get(from_, 21606)
        if to in TO or not (to.startswith("+") and to[1:].isdigit()):
            return TO.get(to, 21211)
        if (from_, to) in self.opted_out:
            return 21610
        if not body:
            return 21602
        return 21617 if len(body.encode("utf-16-le")) // 2 > LONGEST else 0

    async def _take(self, form: Mapping[str, str]) -> bytes:
        service = form.get("MessagingServiceSid", "")
        message = Message(
            sid="SM" + uuid4().hex,
            to=form["To"],
            from_=form.get("From", ""),
            body=form["Body"],
            status="accepted" if service else "queued",
            status_callback=form.get("StatusCallback", ""),
            validity_period=form.get("ValidityPeriod", ""),
            service=service,
            segments=segments(form["Body"]),
            created=self.now().replace(microsecond=0),
        )
        self.taken.append(message)
        await self._moves()
        return msgspec.json.encode(self._shown(message))

    async def _moves(self) -> None:
        async with self._moved:
            self._moved.notify_all()

    def _listed(self, fields: Mapping[str, str]) -> bytes:
        """The newest first. What still waits was not sent, so no time of sending finds it."""
        found = [
            self._shown(message)
            for message in reversed(self.taken)
            if fields.get("To", message.to) == message.to
            and fields.get("From", message.from_) == message.from_
            and not ("DateSent>" in fields and message.status in ("queued", "accepted"))
        ]
        size = int(fields.get("PageSize", "50"))
        return msgspec.json.encode({"messages": found[:size], "page": 0, "next_page_uri": None})

    def _shown(self, message: Message) -> dict[str, Any]:
        at = format_datetime(message.created)
        return {
            "sid": message.sid, "account_sid": self.account_sid, "to": message.to,
            "from": message.from_, "body": message.body, "status": message.status,
            "num_segments": "0" if message.service else str(message.segments), "num_media": "0",
            "direction": "outbound-api", "date_created": at, "date_updated": at,
            "date_sent": None if message.status in ("queued", "accepted") else at,
            "error_code": int(message.error) if message.error else None, "error_message": None,
            "messaging_service_sid": message.service or None, "price": None, "price_unit": "USD",
            "api_version": "2010-04-01", "subresource_uris": {},
            "uri": f"/2010-04-01/Accounts/{self.account_sid}/Messages/{message.sid}.json",
        }  # fmt: skip


async def _fail(writer: asyncio.StreamWriter, status: int, code: int, message: str) -> None:
    more = f"https://www.twilio.com/docs/errors/{code}"
    body = {"code": code, "message": message, "more_info": more, "status": status}
    await write(writer, status, msgspec.json.encode(body))
