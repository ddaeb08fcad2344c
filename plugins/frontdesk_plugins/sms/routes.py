"""Twilio's webhooks. What is answered with 200 is stored; what is not signed is not looked at."""

import re
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl

import structlog
from litestar import Request, Response, Router, post
from litestar.background_tasks import BackgroundTask
from litestar.datastructures import FormMultiDict

from frontdesk.toggling import ANSWERS_ITSELF
from frontdesk_plugins.sms import counters, inbound, signature, statuses, texts, twiml
from frontdesk_plugins.sms.inbound import Switchboard, Text
from frontdesk_plugins.sms.media import MOST, Attachment
from frontdesk_plugins.sms.settings import SmsSettings, check_running

if TYPE_CHECKING:
    from frontdesk.desk import Desk

log = structlog.get_logger("frontdesk.sms")

AnyRequest = Request[Any, Any, Any]
INBOUND = "/webhooks/twilio/sms"
STATUS = "/webhooks/twilio/status"
MOST_FIELDS = 300
_SID = re.compile(r"[SM]M[0-9a-zA-Z]{32}")


def make_routes(desk: "Desk", settings: SmsSettings) -> list[Any]:
    check_running(settings, is_demo=desk.is_demo)
    board = Switchboard(desk, settings)
    seen = counters.of(desk).webhooks

    async def checked(request: AnyRequest, kind: str, url: str) -> FormMultiDict | None:
        """The form of a request that Twilio signed for our account."""
        form = _form(await request.body())
        scope: Any = request.scope
        url = url or signature.url_of(scope, desk.settings.server.public_url)
        is_ours = form is not None and signature.is_genuine(settings, url, scope, form)
        if not is_ours or form is None or form.get("AccountSid") != settings.account_sid:
            seen.labels(kind, "refused" if not is_ours else "foreign").inc()
            log.warning("a webhook was refused", kind=kind, is_signed=is_ours)
            return None
        seen.labels(kind, "taken").inc()
        return form

    # Also while text messages are switched off: STOP is law, and what is not acknowledged is lost.
    always = {ANSWERS_ITSELF: True}

    @post(INBOUND, status_code=200, summary="Twilio: a text message arrived", opt=always)
    async def message(request: AnyRequest) -> Response[bytes]:
        form = await checked(request, "message", settings.webhook_url)
        if form is None:
            return _forbidden()
        text = _text(form, request.headers.get("i-twilio-idempotency-token", ""))
        if text is None:
            log.warning("a webhook without a message in it")
            return _twiml()
        taken = await inbound.take(board, text)
        if taken.words:
            return _twiml(twiml.document(texts.split(texts.normal(taken.words))))
        if settings.reply_mode != "twiml" or taken.receipt is None or not taken.is_awaited:
            return _twiml()
        parts, waiter = await twiml.wait(
            desk,
            taken.conversation,
            taken.receipt.seq,
            settings.twiml_deadline,
            request.receive,
        )
        return _twiml(twiml.document(parts), waiter)

    @post(STATUS, status_code=200, summary="Twilio: what became of a text message", opt=always)
    async def status(request: AnyRequest) -> Response[bytes]:
        form = await checked(request, "status", "")
        if form is None:
            return _forbidden()
        await statuses.report(desk, {name: str(form[name]) for name in form})
        return _twiml()

    size = desk.settings.limits.body_bytes or None
    return [Router("/", route_handlers=[message, status], request_max_body_size=size)]


def _form(body: bytes) -> FormMultiDict | None:
    """All fields, blank ones too, as they were sent. None for what is no form."""
    try:
        text = body.decode("ascii")
        return FormMultiDict(parse_qsl(text, keep_blank_values=True, max_num_fields=MOST_FIELDS))
    except ValueError:
        return None


def _text(form: FormMultiDict, token: str) -> Text | None:
    """The message in a form; None when there is none."""

    def field(name: str) -> str:
        return str(form.get(name, "")).replace("\0", "")

    sid = field("MessageSid") or field("SmsSid")
    if not _SID.fullmatch(sid):
        return None
    count = field("NumMedia")
    return Text(
        sid=sid,
        sender=field("From").strip(),
        recipient=field("To").strip(),
        body=field("Body"),
        option=field("OptOutType"),
        attachments=tuple(
            Attachment(url, field(f"MediaContentType{n}"))
            for n in range(min(int(count), MOST) if count.isascii() and count.isdigit() else 0)
            if (url := field(f"MediaUrl{n}"))
        ),
        token=token[:200],
    )


def _forbidden() -> Response[bytes]:
    return Response(b"", status_code=403, media_type="text/plain")


def _twiml(body: bytes = twiml.NOTHING, waiter: twiml.Waiter | None = None) -> Response[bytes]:
    after = BackgroundTask(_mark, waiter) if waiter is not None else None
    return Response(body, media_type="text/xml", background=after)


async def _mark(waiter: twiml.Waiter) -> None:
    waiter.answer(has_left=True)
