"""The calls that a `FakeTwilio` makes: signed webhooks."""

import asyncio
import base64
import hashlib
import hmac
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from uuid import uuid4

import msgspec

OURS = "+15005550006"
"""The number that may send, also with test credentials."""
STOPS = {"STOP", "STOPALL", "UNSUBSCRIBE", "CANCEL", "END", "QUIT", "REVOKE", "OPTOUT"}
STARTS = {"START", "YES", "UNSTOP"}


class Message(msgspec.Struct, kw_only=True):
    """A message that was taken."""

    sid: str
    to: str
    from_: str
    body: str
    status: str
    status_callback: str
    validity_period: str
    service: str
    segments: int
    created: datetime
    error: str = ""


class Answer(msgspec.Struct, frozen=True):
    """What a webhook answered."""

    status: int
    body: str
    content_type: str


class Webhooks:
    def __init__(self) -> None:
        self.account_sid = "AC" + uuid4().hex
        self.auth_token = uuid4().hex
        self.desk_url = ""
        """Where the webhooks of the desk really are."""
        self.public_url = ""
        """What Twilio is told they are, and signs; `desk_url` when it is empty."""
        self.opted_out: set[tuple[str, str]] = set()
        """Pairs of our number and theirs."""

    def sign(
        self, url: str, form: Mapping[str, str], *, secret: str = "", sha256: bool = False
    ) -> str:
        """The signature of a request, with the auth token unless there is another `secret`."""
        text = url + "".join(name + form[name] for name in sorted(form))
        digest = hashlib.sha256 if sha256 else hashlib.sha1
        key = (secret or self.auth_token).encode()
        return base64.b64encode(hmac.new(key, text.encode(), digest).digest()).decode()

    async def post(
        self, path: str, form: Mapping[str, str], headers: Mapping[str, str] | None = None
    ) -> Answer:
        """Post a form to the desk, signed unless `headers` say otherwise. `path` may be the whole of
        the address that was given to Twilio."""
        import aiohttp  # noqa: PLC0415

        public = (self.public_url or self.desk_url).rstrip("/")
        path = path.removeprefix(public)
        signed = {"X-Twilio-Signature": self.sign(public + path, form)}
        async with (
            aiohttp.ClientSession() as session,
            session.post(
                self.desk_url.rstrip("/") + path,
                data=dict(form),
                headers=signed if headers is None else dict(headers),
                allow_redirects=False,
            ) as response,
        ):
            kind = response.headers.get("content-type", "")
            return Answer(response.status, await response.text(), kind)

    async def inbound(
        self,
        body: str,
        *,
        from_: str = "+12125550123",
        to: str = OURS,
        sid: str = "",
        media: Sequence[tuple[str, str]] = (),
        times: int = 1,
        fields: Mapping[str, str] | None = None,
        path: str = "/webhooks/twilio/sms",
    ) -> list[Answer]:
        """A customer texts `body`. It is delivered `times` times at once. `media` are pairs of address
        and content type; `fields` are added to the form, or replace some of it."""
        word = body.strip().upper()
        if word in STOPS:
            self.opted_out.add((to, from_))
        elif word in STARTS:
            self.opted_out.discard((to, from_))
        sid = sid or "SM" + uuid4().hex
        form = _blank() | {
            "MessageSid": sid, "SmsSid": sid, "SmsMessageSid": sid, "AccountSid": self.account_sid,
            "From": from_, "To": to, "Body": body, "NumMedia": str(len(media)),
            "NumSegments": str(segments(body)), "SmsStatus": "received",
            "ApiVersion": "2010-04-01",
        }  # fmt: skip
        for n, (url, kind) in enumerate(media):
            form |= {f"MediaUrl{n}": url, f"MediaContentType{n}": kind}
        form |= dict(fields or {})
        return await asyncio.gather(*(self.post(path, form) for _ in range(times)))

    async def tell(
        self, message: Message, status: str, *, error: str = "", times: int = 1
    ) -> list[Answer]:
        """A status callback of a message, `times` times at once."""
        message.status, message.error = status, error
        form = {
            "MessageSid": message.sid, "SmsSid": message.sid, "MessageStatus": status,
            "SmsStatus": status, "To": message.to, "From": message.from_,
            "AccountSid": self.account_sid, "ApiVersion": "2010-04-01",
        }  # fmt: skip
        if error:
            form["ErrorCode"] = error
        if status in ("delivered", "undelivered"):
            form["RawDlrDoneDate"] = datetime.now(UTC).strftime("%y%m%d%H%M")
        path = message.status_callback
        return await asyncio.gather(*(self.post(path, form) for _ in range(times)))


def _blank() -> dict[str, str]:
    """Twilio sends what it does not know as blanks, and signs them."""
    places = {f"{side}{what}": "" for side in ("From", "To") for what in ("City", "State", "Zip")}
    return places | {"FromCountry": "US", "ToCountry": "US"}


def segments(body: str) -> int:
    """Roughly: exact for ASCII without brackets and for what is not in GSM 03.38."""
    single, part = (160, 153) if body.isascii() else (70, 67)
    length = len(body.encode("utf-16-le")) // 2
    return 1 if length <= single else -(-length // part)
