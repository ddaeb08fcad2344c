"""Customers who are blocked: stored, never answered, and let back in."""

import json
from typing import Any

from support_inbox import Office, both

__all__ = ["both"]  # fixtures


async def test_a_blocked_customer_is_stored_and_never_answered(both: Office) -> None:
    ana = await both.member("Ana")
    first = await both.waiting()
    created = await both.http.post(
        "/widget/conversations", json={"business": "restaurant"}, headers=first.headers
    )
    second = type(first)(both.http, created.json())
    both.model.then("Hello.")
    await second.say("from another tab")
    got = await ana.do("block", first.id)
    assert (got["conversation"]["status"], got["conversation"]["reason"]) == ("resolved", "blocked")
    assert set(await ana.list("resolved")) == {first.id, second.id}
    third = type(first)(
        both.http,
        (
            await both.http.post(
                "/widget/conversations", json={"business": "restaurant"}, headers=first.headers
            )
        ).json(),
    )
    asked = len(both.model.requests)
    for visitor in (first, second, third):
        answer = await both.http.post(
            f"{visitor.path}/messages", json={"content": "spam"}, headers=visitor.headers
        )
        assert answer.status_code == 403
        assert "no longer answered" in answer.json()["detail"]
        assert (await visitor.history())["messages"][-1]["content"] == "spam"
    (end,) = await first.stream("more spam")
    assert (end["type"], end["code"], end["retryable"]) == ("error", "blocked", False)
    async with both.socket(first) as socket:
        await socket.send(json.dumps({"event": "send_message", "data": {"content": "ws spam"}}))
        frames: list[Any] = []
        while not frames or frames[-1]["event"] != "error":
            frames.append(json.loads(await socket.recv()))
        assert frames[-1]["data"]["code"] == "blocked"
        assert "ack" in [frame["event"] for frame in frames]
    assert len(both.model.requests) == asked
    await ana.do("reopen", first.id)
    both.model.then("Welcome back.")
    assert (await first.say("sorry"))["content"] == "Welcome back."
    # Neither is what was said while they were blocked.
    words = str(both.model.requests[-1].messages[-1])
    assert "sorry" in words
    both.model.then("Here too.")
    assert (await third.say("hello"))["content"] == "Here too."


async def test_who_is_blocked_after_it_was_resolved(both: Office) -> None:
    ana, ben = await both.member("Ana"), await both.member("Ben")
    visitor = await both.waiting()
    await ana.do("accept", visitor.id)
    late = await ben.try_to("block", visitor.id)
    assert (late.status_code, late.json()["agentName"]) == (409, "Ana")
    await ana.do("resolve", visitor.id)
    assert (await ben.do("block", visitor.id))["conversation"]["reason"] == "blocked"
    assert (await visitor.stream("hello?"))[0]["type"] == "error"
    # Staff who want to talk with them let them answer.
    taken = await ana.do("take_over", visitor.id)
    assert taken["conversation"]["reason"] == ""
    (done,) = await visitor.stream("thank you")
    assert (done["type"], done["handedOff"]) == ("done", True)
    rows = await both.desk.database.fetch("SELECT did, outcome FROM audit ORDER BY id")
    assert ("block", "done") in [(row["did"], row["outcome"]) for row in rows]
