"""The inbox's JSON: for staff of the business alone, in requests that fit, and written down."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from support_inbox import Member, Office, ana, both, office

from frontdesk_server.console import inbox_actions

__all__ = ["ana", "both", "office"]  # fixtures


async def test_everything_is_of_one_business(both: Office) -> None:
    eve = await both.member("Eve", "salon")
    visitor = await both.waiting()
    bodies: dict[str, Any] = {
        "reply": {"text": "boo", "clientId": "k"},
        "note": {"text": "boo"},
        "assign": {"staff": eve.id},
        "snooze": {"until": (datetime.now(UTC) + timedelta(hours=1)).isoformat()},
        "seen": {"seq": 1},
    }
    before = await both.desk.database.fetch("SELECT * FROM conversation WHERE id = {}", visitor.id)
    for verb in inbox_actions.VERBS:
        answer = await eve.try_to(verb, visitor.id, **bodies.get(verb, {}))
        assert answer.status_code == 404, verb
        assert answer.json()["detail"] == "There is no such conversation."
    got = await both.http.get(f"/console/api/conversations/{visitor.id}", headers=eve.cookie)
    assert got.status_code == 404
    for view in ("queued", "mine", "bot", "all", "resolved"):
        assert await eve.list(view) == []
        assert await eve.list(view, before=visitor.id) == []
    assert await eve.list("all", q="person") == []
    after = await both.desk.database.fetch("SELECT * FROM conversation WHERE id = {}", visitor.id)
    assert after == before
    assert await both.desk.database.fetch("SELECT * FROM staff_seen") == []


async def test_nothing_without_a_session_a_token_and_our_origin(
    office: Office, ana: Member
) -> None:
    visitor = await office.waiting()
    for path in ("me", "conversations", f"conversations/{visitor.id}"):
        assert (await office.http.get(f"/console/api/{path}")).status_code == 401
    path = f"/console/api/conversations/{visitor.id}/accept"
    for headers, code in (
        ({}, 401),
        (ana.cookie, 403),
        (ana.cookie | {"x-csrf-token": "wrong"}, 403),
        (ana.headers | {"origin": "https://evil.example"}, 403),
        (ana.headers, 200),
    ):
        answer = await office.http.post(path, json={}, headers=headers)
        assert answer.status_code == code, headers
        if code != 200:
            assert answer.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize(
    ("verb", "body"),
    [
        ("reply", b"{"), ("reply", b"[]"), ("reply", b'{"text":""}'), ("reply", b"\xff"),
        ("reply", b'{"text":" ","clientId":"k"}'), ("reply", b'{"text":"a\\u0000","clientId":"k"}'),
        ("note", b"{}"), ("note", b'{"text":5}'), ("assign", b"{}"), ("seen", b'{"seq":-1}'),
        ("seen", b'{"seq":1e99}'), ("seen", b'{"seq":9007199254740992}'),
        ("seen", b'{"seq":1180591620717411303424}'), ("assign", b'{"staff":"\\u0000"}'),
        ("reply", b'{"text":"a","clientId":"\\u0000"}'), ("note", b'{"text":"\\ud800"}'),
        ("snooze", b"{}"), ("reply", b"[" * 30000),
    ],
)  # fmt: skip
async def test_what_does_not_fit_is_refused(office: Office, verb: str, body: bytes) -> None:
    ana = await office.member("Ana")
    visitor = await office.waiting()
    answer = await office.http.post(
        f"/console/api/conversations/{visitor.id}/{verb}", content=body, headers=ana.headers
    )
    assert answer.status_code == 400, answer.text
    assert answer.headers["content-type"] == "application/problem+json"


async def test_unknown_things(office: Office, ana: Member) -> None:
    visitor = await office.waiting()
    assert (await ana.try_to("explode", visitor.id)).status_code == 404
    assert (await ana.try_to("accept", "nothing")).status_code == 404
    for path in ("conversations?view=none", f"conversations/{visitor.id}?before=x"):
        answer = await office.http.get(f"/console/api/{path}", headers=ana.cookie)
        assert answer.status_code == 400
    long = await ana.try_to("note", visitor.id, text="x" * 100_000)
    assert long.status_code == 413


async def test_nul_characters_are_refused(both: Office) -> None:
    ana = await both.member("Ana")
    visitor = await both.waiting()
    for path in (
        "conversations?view=all&q=a%00b", "conversations?view=all&before=%00",
        "conversations?view=%00", "conversations/%00",
    ):  # fmt: skip
        answer = await both.http.get(f"/console/api/{path}", headers=ana.cookie)
        assert (answer.status_code, path) == (400, path)
        assert answer.json()["detail"] == "A NUL character is not text."
    for verb, conversation, body in (
        ("accept", "%00", {}),
        ("assign", visitor.id, {"staff": "\x00"}),
        ("reply", visitor.id, {"text": "x", "clientId": "\x00"}),
        ("hand_back", visitor.id, {"note": "\x00"}),
    ):
        answer = await ana.try_to(verb, conversation, **body)
        assert (answer.status_code, verb) == (400, verb)
        assert answer.json()["detail"] == "A NUL character is not text."
    # Whoever writes about it may.
    await ana.do("note", visitor.id, text="\\u0000")


async def test_what_staff_do_is_in_the_audit_log(both: Office) -> None:
    ana, ben = await both.member("Ana"), await both.member("Ben")
    visitor = await both.waiting()
    await ana.do("accept", visitor.id)
    await ana.do("accept", visitor.id)  # nothing happened
    await ben.try_to("accept", visitor.id)
    await ana.do("reply", visitor.id, text="a secret", clientId="k")
    await ana.do("seen", visitor.id, seq=1)
    rows = await both.desk.database.fetch("SELECT * FROM audit ORDER BY id")
    assert [(r["staff_name"], r["page"], r["did"], r["outcome"]) for r in rows] == [
        ("Ana", "inbox", "accept", "done"), ("Ben", "inbox", "accept", "refused"),
        ("Ana", "inbox", "reply", "done"),
    ]  # fmt: skip
    assert visitor.id in rows[0]["fields"]
    assert "secret" not in str(rows)
