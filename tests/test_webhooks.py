"""Signed webhooks, from the outbox to a receiver on a real socket."""

import hashlib
import hmac
import json
import logging
import time
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from email.utils import format_datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from urllib.parse import urlsplit

import msgspec
import pytest
import structlog
from hypothesis import given
from hypothesis import strategies as st
from raw_server import Wire, http, listening

from frontdesk import outbox
from frontdesk.business import Business
from frontdesk.desk import Desk
from frontdesk.errors import ConfigError
from frontdesk.hookspecs import hookimpl
from frontdesk.instants import now_ms
from frontdesk.outbox import Courier
from frontdesk.testing import open_desk
from frontdesk.urls import Reach
from frontdesk.webhooks import (
    HEADER,
    Endpoint,
    check_business,
    delivery,
    in_section,
    sign,
    verify,
)

SECRET = "sixteen or more characters"
BODY = {"event": "order.placed", "order": {"reference": "7F3K-9QXM", "note": "piñata"}}


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Desk]:
    async with open_desk(tmp_path, recover=False) as opened:
        yield opened.desk


async def configure(desk: Desk, url: str, secret: str = SECRET) -> None:
    webhook = {"url": url, "secret": secret}
    anywhere = Reach(ports=(urlsplit(url).port or 443,), local=True)
    desk.settings = msgspec.structs.replace(desk.settings, outgoing=anywhere)
    await desk.apply(Business(id="bella", name="Bella", settings={"till": {"webhook": webhook}}))


async def send(desk: Desk, reach: Reach, *, later: float = 0) -> None:
    """Deliver what is due `later` seconds from now."""
    deliveries = {"till.webhook": delivery(in_section(desk, "till"), reach)}
    moment = now_ms() + 1000 + int(later * 1000)
    await Courier(desk.database, deliveries, clock=lambda: moment).run()


async def outbox_rows(desk: Desk) -> list[dict[str, Any]]:
    return await desk.database.fetch("SELECT * FROM outbox ORDER BY id")


def heard(wire: Wire, n: int) -> tuple[str, bytes]:
    """(signature, body) of the nth request."""
    _, headers, body = wire.requests[n]
    return headers[HEADER.lower()], body


async def test_a_receiver_can_tell_that_it_was_us(desk: Desk) -> None:
    async with listening(http(204)) as wire:
        await configure(desk, f"{wire.url}/orders?shop=1")
        identifier = await outbox.put(desk.database, "bella", "till.webhook", BODY)
        await send(desk, wire.reach)
    assert await outbox_rows(desk) == []
    ((first, headers, body),) = wire.requests
    assert first == "POST /orders?shop=1 HTTP/1.1"
    assert headers["content-type"] == "application/json"
    got = json.loads(body)
    assert list(got) == ["event", "id", "order", "sent_at"]
    assert (got["event"], got["id"], got["order"]) == ("order.placed", identifier, BODY["order"])
    sent_at = datetime.strptime(got["sent_at"], "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
    signature = headers["x-frontdesk-signature"]
    at = signature.partition(",")[0].removeprefix("t=")
    assert int(at) == sent_at.timestamp()
    expected = hmac.new(SECRET.encode(), at.encode() + b"." + body, hashlib.sha256).hexdigest()
    assert signature == f"t={at},v1={expected}"
    assert verify(signature, body, SECRET, now=time.time())
    assert not verify(signature, body + b" ", SECRET, now=time.time())


async def test_a_repetition_has_the_same_id_and_the_newest_secret(desk: Desk) -> None:
    async with listening(http(503), http(200)) as wire:
        await configure(desk, wire.url)
        identifier = await outbox.put(desk.database, "bella", "till.webhook", BODY)
        await send(desk, wire.reach)
        (row,) = await outbox_rows(desk)
        assert (row["state"], row["error"]) == ("new", "the receiver answered 503")
        await configure(desk, wire.url, secret="another secret of theirs")
        await send(desk, wire.reach, later=20)
    assert await outbox_rows(desk) == []
    assert [json.loads(heard(wire, n)[1])["id"] for n in (0, 1)] == [identifier] * 2
    assert verify(*heard(wire, 1), "another secret of theirs", now=time.time())
    assert not verify(*heard(wire, 1), SECRET, now=time.time())


@pytest.mark.parametrize(
    ("status", "then"),
    [(200, "done"), (201, "done"), (299, "done"), (400, "dead"), (401, "dead"), (404, "dead"),
     (410, "dead"), (422, "dead"), (301, "new"), (307, "new"), (408, "new"), (425, "new"),
     (429, "new"), (500, "new"), (502, "new"), (503, "new"), (599, "new")],
)  # fmt: skip
async def test_what_the_answer_means(desk: Desk, status: int, then: str) -> None:
    async with listening(http(status, b"words " * 100_000, location="/elsewhere")) as wire:
        await configure(desk, wire.url)
        await outbox.put(desk.database, "bella", "till.webhook", BODY)
        await send(desk, wire.reach)
    rows = await outbox_rows(desk)
    assert [row["state"] for row in rows] == ([] if then == "done" else [then])
    assert all(row["error"] == f"the receiver answered {status}" for row in rows)
    assert len(wire.requests) == 1


@pytest.mark.parametrize(
    ("retry_after", "least", "most"),
    [
        ("120", 119, 122),
        (lambda: format_datetime(datetime.fromtimestamp(time.time() + 120, UTC), True), 110, 122),
        ("Wed, 21 Oct 2015 07:28:00 GMT", 5, 13),
        ("soon", 5, 13),
        ("-5", 5, 13),
        ("9" * 30, 5, 13),
        ("999999999", 86399, 86402),
    ],
)
async def test_the_receiver_says_when(
    desk: Desk, retry_after: Any, least: float, most: float
) -> None:
    value = retry_after if isinstance(retry_after, str) else retry_after()
    async with listening(http(429, retry_after=value)) as wire:
        await configure(desk, wire.url)
        await outbox.put(desk.database, "bella", "till.webhook", BODY)
        before = now_ms()
        await send(desk, wire.reach)
    (row,) = await outbox_rows(desk)
    assert least <= (row["next_at"] - before) / 1000 <= most + 5


async def test_a_webhook_that_is_gone_or_leads_inside_is_given_up(desk: Desk) -> None:
    async with listening(http(200)) as wire:
        await configure(desk, wire.url)
        await outbox.put(desk.database, "bella", "till.webhook", BODY)
        await outbox.put(desk.database, "nobody", "till.webhook", BODY)
        await send(desk, Reach(ports=(wire.port,)))
        await desk.apply(Business(id="bella", name="Bella"))
        await outbox.put(desk.database, "bella", "till.webhook", BODY)
        await send(desk, wire.reach)
        assert wire.connections == 0
    errors = [each.error for each in await outbox.dead(desk.database, "bella")]
    assert errors == [
        "the business has no webhook for this any more",
        "the URL must begin with https://",
    ]
    assert len(await outbox.dead(desk.database, "nobody")) == 1


async def test_a_receiver_that_is_away_is_tried_again(desk: Desk) -> None:
    async with listening(http(200)) as wire:
        await configure(desk, wire.url)
    await outbox.put(desk.database, "bella", "till.webhook", BODY)
    await send(desk, wire.reach)
    (row,) = await outbox_rows(desk)
    assert row["state"] == "new"
    assert "Cannot connect" in row["error"]


@pytest.mark.parametrize("answers", [(http(500),), (http(400),), (http(200),), (b"nonsense",)])
async def test_the_secret_is_told_to_nobody(desk: Desk, answers: tuple[bytes, ...]) -> None:
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.DEBUG))
    with structlog.testing.capture_logs() as logs:
        async with listening(*answers) as wire:
            await configure(desk, wire.url)
            await outbox.put(desk.database, "bella", "till.webhook", BODY)
            assert SECRET not in str(await outbox_rows(desk))
            await send(desk, wire.reach)
            await configure(desk, wire.url, secret="another, also long")
            await outbox.put(desk.database, "bella", "till.webhook", BODY)
            await send(desk, wire.reach)
    everything = str([logs, await outbox_rows(desk), wire.requests])
    assert SECRET not in everything
    assert "another, also long" not in everything
    assert SECRET not in repr(Endpoint(url=wire.url, secret=SECRET))


async def test_a_plugin_registers_it_under_a_kind_of_its_own(tmp_path: Path) -> None:
    async with listening(http(200)) as wire:

        def register(desk: Desk) -> dict[str, Any]:
            return {"till.webhook": delivery(in_section(desk, "till"), wire.reach)}

        plugin = SimpleNamespace(register_deliveries=hookimpl(register))
        async with open_desk(tmp_path, plugins=[plugin], recover=False) as opened:
            await configure(opened.desk, wire.url)
            await outbox.put(opened.desk.database, "bella", "till.webhook", BODY)
            (job,) = (job for job in opened.desk.jobs if job.name == "outbox")
            await job.run()
        assert verify(*heard(wire, 0), SECRET, now=time.time())


def test_a_business_is_told_what_is_wrong_with_its_webhook() -> None:
    def business(**webhook: Any) -> Business:
        return Business(id="b", name="B", settings={"faq": {}, "till": {"webhook": webhook}})

    check_business(business(url="https://example.com/", secret=SECRET), Reach())
    check_business(Business(id="b", name="B", settings={"till": {}}), Reach())
    check_business(
        business(url="http://127.0.0.1:9000/", secret=SECRET), Reach(ports=(9000,), local=True)
    )
    for wrong, why in (
        ({"url": "https://10.0.0.1/", "secret": SECRET}, "not a public address"),
        ({"url": "https://example.com:22/", "secret": SECRET}, "port 22 is not allowed"),
        ({"url": "https://example.com/", "secret": "short"}, "length >= 16"),
        ({"url": "https://example.com/"}, "missing required field `secret`"),
        ({"url": "https://example.com/", "secret": SECRET, "x": 1}, "unknown field `x`"),
    ):
        with pytest.raises(ConfigError, match=rf"^settings\.till\.webhook: .*{why}"):
            check_business(business(**wrong), Reach())


# ---- verify


NOW = 1_795_348_800


@given(st.binary(), st.text(st.characters(codec="utf-8"), min_size=1), st.integers(0, 2**40))
def test_what_is_signed_is_verified(body: bytes, secret: str, now: int) -> None:
    header = sign(body, secret, now)
    assert verify(header, body, secret, now=now)
    assert verify(header, body, secret, now=now + 300)
    assert verify(header, body, secret, now=now - 300)
    assert not verify(header, body, secret, now=now + 301)
    assert not verify(header, body, secret, now=now - 301)
    assert not verify(header, body + b"x", secret, now=now)
    assert not verify(header, body, secret + "x", now=now)
    assert not verify(header.replace(f"t={now}", f"t={now + 1}"), body, secret, now=now)


def test_a_known_signature() -> None:
    header = "t=1795348800,v1=" + hashlib.sha256(b"").hexdigest()
    assert not verify(header, b"{}", SECRET, now=NOW)
    # printf '1795348800.{}' | openssl dgst -sha256 -hmac 'sixteen or more characters'
    known = "t=1795348800,v1=ceaf649359958c00df05189c7932c79a3c080f2018d8e2dfc5066292fe34bb70"
    assert sign(b"{}", SECRET, NOW) == known


def test_while_secrets_change_a_request_may_carry_two_signatures() -> None:
    old, new = sign(b"{}", "old secret", NOW), sign(b"{}", SECRET, NOW)
    both = f"{old},{new.partition(',')[2]}"
    assert verify(both, b"{}", SECRET, now=NOW)
    assert verify(both, b"{}", "old secret", now=NOW)
    assert not verify(both, b"{}", "other secret", now=NOW)


@given(st.text(st.sampled_from("tv1=,0aé½٣ \n"), max_size=40))
def test_nonsense_is_not_verified(header: str) -> None:
    assert not verify(header, b"{}", SECRET, now=0)


async def test_a_business_with_a_webhook_to_the_inside_is_not_accepted(desk: Desk) -> None:
    webhook = {"url": "https://10.0.0.1/", "secret": SECRET}
    inside = Business(id="bella", name="Bella", settings={"till": {"webhook": webhook}})
    with pytest.raises(ConfigError, match=r"settings.till.webhook: .* not a public address"):
        await desk.apply(inside)
