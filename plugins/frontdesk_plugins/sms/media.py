"""Pictures and other files that come with a message: fetched from Twilio, checked, kept in a table.

A table and not a folder, because every node reads it, and a backup or an erasure has it with the rest.
Nothing waits for them: the message says "[image attached]" at once, and the outbox fetches.
"""

import asyncio
import base64
import re
from typing import TYPE_CHECKING
from urllib.parse import urljoin, urlsplit

import msgspec
import structlog

from frontdesk import appending, urls
from frontdesk.database import Database
from frontdesk.ids import new_id
from frontdesk.instants import now_ms
from frontdesk.outbox import Deliver, Entry, NotDeliveredError
from frontdesk.urls import Answer, Reach, UnreachableError, UrlError
from frontdesk_plugins.sms.settings import SmsSettings

if TYPE_CHECKING:
    from frontdesk.desk import Desk

log = structlog.get_logger("frontdesk.sms")

KIND = "sms.media"
"""Of outbox entries."""
MOST = 10
"""Of one message; Twilio sends no more."""
LARGEST = 10 * 1024 * 1024
"""Bytes."""
SECONDS = 10.0
API = "https://api.twilio.com"
_ACROSS = re.compile(r"https://([a-z0-9-]+\.)+(twilio|twiliocdn)\.com/|"
                     r"https://s3-external-1\.amazonaws\.com/media\.twiliocdn\.com/")  # fmt: skip
"""Where Twilio sends on to: its own hosts, and the storage that it documents."""
_AGAIN = (404, 408, 425, 429)
"""A file may be there a moment later."""
_TYPES = (
    (rb"\xff\xd8\xff", "image/jpeg"),
    (rb"\x89PNG\r\n\x1a\n", "image/png"),
    (rb"GIF8[79]a", "image/gif"),
    (rb"RIFF....WEBP", "image/webp"),
    (rb"....ftyp(?:hei[cfmsx]|mif1)", "image/heic"),
    (rb"....ftyp3g", "video/3gpp"),
    (rb"....ftyp", "video/mp4"),
    (rb"#!AMR", "audio/amr"),
    (rb"OggS", "audio/ogg"),
    (rb"ID3|\xff[\xf2\xf3\xfb]", "audio/mpeg"),
    (rb"%PDF-", "application/pdf"),
    (rb"BEGIN:VCARD", "text/vcard"),
)
"""What a file is by its first bytes. Nothing else is kept."""
AT_ONCE = 2
"""Fetches of one process; each holds up to `LARGEST` bytes."""


class Attachment(msgspec.Struct, frozen=True):
    url: str
    declared: str
    """Its content type, as Twilio says."""


class _RefusedError(Exception):
    """It is not fetched, or not kept. The text says why."""


def sniff(content: bytes) -> str:
    """The content type of a file; empty for one that is not taken."""
    return next(
        (kind for start, kind in _TYPES if re.match(start, content, re.DOTALL)),
        "",
    )


async def remember(
    database: Database,
    business: str,
    conversation: str,
    sid: str,
    attachments: tuple[Attachment, ...],
) -> None:
    """In the transaction that stores the message: what has to be fetched."""
    for item in attachments[:MOST]:
        identifier = new_id()
        await database.fetch(
            "INSERT INTO sms_media (id, business, conversation, sid, url, declared, created) "
            "VALUES ({}, {}, {}, {}, {}, {}, {})",
            identifier, business, conversation, sid, item.url, item.declared, now_ms(),
        )  # fmt: skip
        await appending.put(database, business, KIND, {"id": identifier})


def delivery(desk: "Desk", settings: SmsSettings) -> Deliver:
    """Carries out outbox entries of this kind."""
    room = asyncio.Semaphore(AT_ONCE)

    async def fetch(entry: Entry) -> None:
        async with room:
            await _fetch(desk.database, settings, entry)

    return fetch


async def _fetch(database: Database, settings: SmsSettings, entry: Entry) -> None:
    """Get one file and keep it, or remember why not."""
    row = await database.one(
        "SELECT id, url FROM sms_media WHERE id = {} AND business = {} AND state = 'new'",
        entry.body["id"], entry.business,
    )  # fmt: skip
    if row is None:  # an earlier attempt kept it, or it was erased
        return
    try:
        content = await _content(settings, row["url"])
        kind = sniff(content)
        if not kind:
            raise _RefusedError("it is no file of a kind that is taken")
    except _RefusedError as error:
        log.warning("a file was refused", media=row["id"], reason=str(error))
        await database.fetch(
            "UPDATE sms_media SET state = 'refused', error = {} WHERE id = {}",
            str(error), row["id"],
        )  # fmt: skip
        return
    await database.fetch(
        "UPDATE sms_media SET state = 'kept', type = {}, size = {}, content = {} WHERE id = {}",
        kind, len(content), content, row["id"],
    )  # fmt: skip


async def _content(settings: SmsSettings, url: str) -> bytes:
    """The bytes at a media URL. Raises _RefusedError and NotDeliveredError."""
    base = settings.api_base_url.rstrip("/") or API
    if not _is_beneath(url, f"{base}/2010-04-01/Accounts/{settings.account_sid}/"):
        raise _RefusedError("its address is none of this account at Twilio")
    headers: dict[str, str] = {}
    if settings.credentials:
        pair = base64.b64encode(":".join(settings.credentials).encode()).decode()
        headers["authorization"] = f"Basic {pair}"
    answer = await _get(url, base, headers)
    if answer.status in (301, 302, 303, 307, 308):
        target = urljoin(url, answer.headers.get("location", ""))
        if not (_ACROSS.match(target) or (base != API and _is_beneath(target, base + "/"))):
            raise _RefusedError("it leads to a host that is not Twilio's")
        answer = await _get(target, base, {})  # the password is for Twilio alone
    if answer.status in _AGAIN or answer.status >= 500:
        raise NotDeliveredError(f"Twilio answered {answer.status}")
    if answer.status != 200:
        raise _RefusedError(f"Twilio answered {answer.status}")
    if len(answer.body) > LARGEST:
        raise _RefusedError("it is larger than 10 MB")
    return answer.body


async def _get(url: str, base: str, headers: dict[str, str]) -> Answer:
    is_configured = base != API and _is_beneath(url, base + "/")
    try:
        reach = _reach_of(base) if is_configured else Reach(ports=(443,))
        return await urls.request(
            "GET", url, reach, headers=headers, seconds=SECONDS, longest=LARGEST + 1
        )
    except UrlError as error:
        raise _RefusedError(str(error)) from error
    except UnreachableError as error:
        raise NotDeliveredError(str(error)) from error


def _reach_of(base: str) -> Reach:
    """The operator configured this address, so it may also be one of their own network."""
    parts = urlsplit(base)
    port = parts.port or (443 if parts.scheme == "https" else 80)
    return Reach(ports=(port,), local=True)


def _is_beneath(url: str, base: str) -> bool:
    return url.startswith(base) and ".." not in url and "\\" not in url and "%2e" not in url.lower()
