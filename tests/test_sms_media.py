"""Pictures that come with a text: fetched from Twilio only, checked, kept; nothing waits for them."""

import asyncio
import time
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support import migrated
from texting import acknowledged, load, rows, said, served, shop, sqlite

from frontdesk import outbox
from frontdesk.desk import Desk
from frontdesk.events import CustomerSaid
from frontdesk.testing import ScriptedModel
from frontdesk.testing.fake_twilio import FakeTwilio
from frontdesk.testing.fake_twilio_http import Request, write
from frontdesk_plugins.sms import media, words
from frontdesk_plugins.sms.settings import SmsSettings

PNG = b"\x89PNG\r\n\x1a\n" + b"picture" * 100


class Storage(FakeTwilio):
    """A Twilio that has files too."""

    def __init__(self) -> None:
        super().__init__()
        self.files: dict[str, tuple[int, bytes, str]] = {}
        """(status, content, where to) by path."""
        self.fetched: list[Request] = []
        self.opened = asyncio.Event()
        """Until it is set, files do not come."""
        self.opened.set()

    def place(self, content: bytes, *, status: int = 200, to: str = "", path: str = "") -> str:
        """The address of a file of our account."""
        path = path or f"/2010-04-01/Accounts/{self.account_sid}/Messages/MM1/Media/ME1"
        self.files[path] = status, content, to
        return self.url + path

    async def _answer(self, request: Request, writer: asyncio.StreamWriter) -> None:
        if request.path not in self.files:
            await super()._answer(request, writer)
            return
        self.fetched.append(request)
        await self.opened.wait()
        status, content, to = self.files[request.path]
        await write(writer, status, content, f"image/png\r\nlocation: {to}" if to else "image/png")


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(outbox, "LOOK_SECONDS", 0.1)


@asynccontextmanager
async def opened(folder: Path, url: str = "") -> AsyncGenerator[tuple[Desk, Storage]]:
    model = ScriptedModel(*["Nice."] * 9)
    place = await migrated(url) if url else sqlite(folder)
    async with Storage() as twilio:
        desk = load(place, twilio, models=[model])
        async with served(desk, twilio, shop()):
            yield desk, twilio


async def settled(desk: Desk) -> list[dict[str, Any]]:
    """The files, once each has its end."""
    async with asyncio.timeout(20):
        while any(row["state"] == "new" for row in await rows(desk, "sms_media")):
            await asyncio.sleep(0.02)
    return await rows(desk, "sms_media")


async def test_a_picture_is_kept(tmp_path: Path, database_url: str) -> None:
    async with opened(tmp_path, database_url) as (desk, twilio):
        url = twilio.place(PNG)
        answers = await twilio.inbound("Can you make this?", media=[(url, "image/png")], times=3)
        assert acknowledged(answers)
        (row,) = await settled(desk)
        assert (row["state"], row["type"], row["size"]) == ("kept", "image/png", len(PNG))
        assert bytes(row["content"]) == PNG
        assert row["business"] == "shop"
        (request,) = twilio.fetched
        assert (request.user, request.password) == (twilio.account_sid, twilio.auth_token)
        (message,) = [e for e in await said(desk) if isinstance(e, CustomerSaid)]
        assert message.text == "Can you make this?\n[image attached]"


async def test_nothing_waits_for_a_picture(tmp_path: Path) -> None:
    async with opened(tmp_path) as (desk, twilio):
        twilio.opened.clear()
        began = time.perf_counter()
        await twilio.inbound("", media=[(twilio.place(PNG), "image/png")])
        assert time.perf_counter() - began < 1
        assert "Nice." in (await twilio.sent()).body
        twilio.opened.set()
        (row,) = await settled(desk)
        assert row["state"] == "kept"


async def test_a_picture_of_twilios_storage(tmp_path: Path) -> None:
    async with opened(tmp_path) as (desk, twilio):
        there = twilio.place(PNG, path="/storage/file.png")
        await twilio.inbound("", media=[(twilio.place(b"", status=307, to=there), "image/png")])
        (row,) = await settled(desk)
        assert row["state"] == "kept"
        first, second = twilio.fetched
        assert first.password == twilio.auth_token
        assert (second.user, second.password) == ("", "")


@pytest.mark.parametrize(
    ("to", "why"),
    [
        ("http://169.254.169.254/latest/meta-data", "not Twilio's"),
        ("https://evil.example/twilio.com/", "not Twilio's"),
        ("https://api.twilio.com.evil.example/", "not Twilio's"),
        ("https://s3-external-1.amazonaws.com/another/file", "not Twilio's"),
        ("/storage/twice", "Twilio answered 302"),
    ],
)
async def test_redirects_lead_to_twilio_or_nowhere(tmp_path: Path, to: str, why: str) -> None:
    async with opened(tmp_path) as (desk, twilio):
        twilio.place(b"", status=302, to="/storage/thrice", path="/storage/twice")
        await twilio.inbound("", media=[(twilio.place(b"", status=302, to=to), "image/png")])
        (row,) = await settled(desk)
        assert row["state"] == "refused"
        assert why in row["error"]


async def test_addresses_that_are_not_our_accounts_are_never_called(tmp_path: Path) -> None:
    async with opened(tmp_path) as (desk, twilio):
        other = "/2010-04-01/Accounts/AC" + "9" * 32 + "/Messages/MM1/Media/ME1"
        ours = f"/2010-04-01/Accounts/{twilio.account_sid}/"
        addresses = [
            twilio.place(PNG, path=other),
            twilio.place(PNG, path="/elsewhere"),
            twilio.place(PNG, path=ours + "../../elsewhere"),
            twilio.place(PNG, path=ours + "%2E%2e/elsewhere"),
            "http://169.254.169.254/" + ours,
            "https://api.twilio.com.evil.example" + ours,
            "file:///etc/passwd",
            "",
        ]
        await twilio.inbound("", media=[(url, "image/png") for url in addresses])
        found = await settled(desk)
        assert len(found) == len(addresses) - 1  # one without an address is none
        assert {row["state"] for row in found} == {"refused"}
        assert twilio.fetched == []


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"<html><script>alert(1)</script>", "no file of a kind"),
        (b"MZ\x90\x00", "no file of a kind"),
        (b"", "no file of a kind"),
        (PNG + b"x" * media.LARGEST, "larger than 10 MB"),
    ],
    ids=["html", "program", "nothing", "too large"],
)
async def test_what_is_no_picture_is_not_kept(tmp_path: Path, content: bytes, why: str) -> None:
    async with opened(tmp_path) as (desk, twilio):
        await twilio.inbound("", media=[(twilio.place(content), "image/png")])
        (row,) = await settled(desk)
        assert (row["state"], row["content"]) == ("refused", None)
        assert why in row["error"]


async def test_a_file_that_is_not_there_yet_is_asked_for_again(tmp_path: Path) -> None:
    async with opened(tmp_path) as (desk, twilio):
        await twilio.inbound("", media=[(twilio.place(b"", status=503), "image/png")])
        async with asyncio.timeout(20):
            while not twilio.fetched:
                await asyncio.sleep(0.02)
        twilio.place(PNG)
        async with asyncio.timeout(20):
            while not await desk.database.fetch(
                "UPDATE outbox SET next_at = 0 WHERE kind = 'sms.media' AND error <> '' RETURNING id"
            ):
                await asyncio.sleep(0.02)
        (row,) = await settled(desk)
        assert row["state"] == "kept"


async def test_pictures_of_who_opted_out_are_kept_for_staff(tmp_path: Path) -> None:
    async with opened(tmp_path) as (desk, twilio):
        await twilio.inbound("STOP")
        await twilio.inbound("", media=[(twilio.place(PNG), "image/png")])
        (row,) = await settled(desk)
        assert row["state"] == "kept"
        assert twilio.taken == []


# ---- by themselves ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("start", "kind"),
    [
        (b"\xff\xd8\xff\xe0\x00\x10JFIF", "image/jpeg"), (PNG, "image/png"),
        (b"GIF89a", "image/gif"), (b"RIFF\x10\x00\x00\x00WEBPVP8 ", "image/webp"),
        (b"RIFF\x10\x00\x00\x00WAVEfmt ", ""), (b"\x00\x00\x00\x18ftypheic", "image/heic"),
        (b"\x00\x00\x00\x18ftypmp42", "video/mp4"), (b"\x00\x00\x00\x18ftyp3gp5", "video/3gpp"),
        (b"%PDF-1.7", "application/pdf"), (b"BEGIN:VCARD\r\n", "text/vcard"),
        (b"#!AMR\n", "audio/amr"), (b"#!/bin/sh", ""), (b"<svg xmlns=", ""), (b"PK\x03\x04", ""),
    ],
)  # fmt: skip
def test_what_a_file_is_by_its_first_bytes(start: bytes, kind: str) -> None:
    assert media.sniff(start) == kind


@given(st.binary(max_size=64))
def test_no_bytes_break_the_look_at_them(content: bytes) -> None:
    assert media.sniff(content) in {kind for _, kind in media._TYPES} | {""}


@pytest.mark.parametrize(
    ("text", "types", "expected"),
    [
        ("Hi", [], "Hi"),
        ("", ["image/jpeg"], "[image attached]"),
        (" Look ", ["image/jpeg", "image/png"], "Look\n[2 images attached]"),
        ("", ["audio/amr", "text/vcard", "", "video/mp4"],
         "[recording attached]\n[2 files attached]\n[video attached]"),
    ],
)  # fmt: skip
def test_what_a_model_reads_of_files(text: str, types: list[str], expected: str) -> None:
    assert words.with_media(text, types) == expected


async def test_twilios_own_address_is_the_one_without_another() -> None:
    settings = SmsSettings(account_sid="AC" + "0" * 32, auth_token="12345")
    for url in (
        "http://api.twilio.com/2010-04-01/Accounts/" + settings.account_sid + "/Media/ME1",
        "https://api.twilio.com:8443/2010-04-01/Accounts/" + settings.account_sid + "/Media/ME1",
        "https://user@api.twilio.com/2010-04-01/Accounts/" + settings.account_sid + "/Media/ME1",
    ):
        with pytest.raises(media._RefusedError):
            await media._content(settings, url)
