"""Messages to persons: taken once, promised an answer, and owed it."""

from datetime import UTC, datetime, timedelta

import msgspec
import pytest
from support_handoff import MONDAY, SUNDAY, WHO, Shop, ms, shop, small

from frontdesk_plugins.handoff import promises

__all__ = ["shop", "small"]  # fixtures


async def test_a_message_is_a_promise(shop: Shop) -> None:
    shop.test.set_time(SUNDAY)
    guest = await shop.guest()
    done, data = await guest.call(
        "take_message", topic="Cake", text="A cake for forty?", callback_window="after six",
        urgency="low", **WHO,
    )  # fmt: skip
    assert (done, data["status"]) == ("done", "taken")
    assert data["message"] == (
        "I've noted your message for our team, Ada. They will answer you at +1 212-555-0199. "
        "They read it from Mon, Nov 23, 9:00 AM."
    )
    (owed,) = await promises.open(shop.database, "shop")
    assert (owed.topic, owed.text, owed.name, owed.phone, owed.email) == (
        "Cake", "A cake for forty?", "Ada", "+12125550199", "",
    )  # fmt: skip
    assert (owed.urgency, owed.callback_window, owed.state) == ("low", "after six", "open")
    assert owed.due == ms(datetime(2026, 11, 23, 14, tzinfo=UTC))
    assert (owed.conversation, owed.id) == (guest.talk.id, data["promise"])
    assert await promises.open(shop.database, "other") == []
    assert not await promises.done(shop.database, "other", owed.id, "eve")
    assert await promises.done(shop.database, "shop", owed.id, "ana")
    assert not await promises.done(shop.database, "shop", owed.id, "ben")
    assert await promises.open(shop.database, "shop") == []
    (row,) = await shop.rows("promise")
    assert (row["state"], row["done_by"]) == ("done", "ana")


async def test_promises_come_by_what_is_due(small: Shop) -> None:
    guest = await small.guest()
    for at, text in ((MONDAY + timedelta(hours=9), "later"), (MONDAY, "now")):
        small.test.set_time(at)
        await guest.call("take_message", text=text, **WHO)
    owed = await promises.open(small.database, "shop")
    assert [promise.text for promise in owed] == ["now", "later"]


async def test_the_same_words_again_are_one_message(shop: Shop) -> None:
    guest = await shop.guest()
    _, first = await guest.call("take_message", text="Call me", **WHO)
    _, again = await guest.call("take_message", text=" Call me ", **WHO)
    _, other = await guest.call("take_message", text="Do call me", **WHO)
    assert first["promise"] == again["promise"] != other["promise"]
    _, others = await (await shop.guest()).call("take_message", text="Call me", **WHO)
    assert len({first["promise"], other["promise"], others["promise"]}) == 3


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({}, "A telephone number or an e-mail address is needed"),
        ({"phone": "  "}, "A telephone number or an e-mail address is needed"),
        ({"phone": "call me"}, "'call me' is not a telephone number."),
        ({"email": "ada at example"}, "ada at example is no e-mail address."),
    ],
)
async def test_nobody_can_answer_to_nowhere(
    small: Shop, given: dict[str, str], message: str
) -> None:
    guest = await small.guest()
    failed, data = await guest.call("take_message", text="Call me", name="Ada", **given)
    assert (failed, data["message"].startswith(message)) == ("failed", True)
    assert data["needs"] in ("phone", "email")
    assert await promises.open(small.database, "shop") == []


async def test_an_email_is_enough_and_so_is_a_verified_number(small: Shop) -> None:
    guest = await small.guest()
    _, data = await guest.call("take_message", text="Hi", name="Ada", email="ada@example.org")
    assert "answer you at ada@example.org" in data["message"]
    await small.database.fetch(
        "UPDATE contact SET phone = '+12125550100', phone_verified = TRUE WHERE id = "
        "(SELECT contact FROM conversation WHERE id = {})",
        guest.talk.id,
    )
    _, data = await guest.call("take_message", text="Again", name="Ada")
    assert data["phone"] == "+12125550100"


async def test_what_is_done_is_a_commitment_and_what_is_not_is_none(small: Shop) -> None:
    guest = await small.guest()
    await guest.call("take_message", text="Hi", name="Ada")  # failed
    _, taken = await guest.call("take_message", text="Hi", **WHO)
    small.test.set_time(SUNDAY)
    await guest.call("handoff_to_human", reason="other")  # nobody there
    small.test.set_time(MONDAY)
    _, queued = await guest.call("handoff_to_human", reason="other")
    row = await small.database.one(
        "SELECT commitments FROM conversation_state WHERE conversation = {}", guest.talk.id
    )
    assert row is not None
    kept = msgspec.json.decode(row["commitments"])
    assert [(one["kinds"], one["subject"]) for one in kept] == [
        (["message_taken"], taken["promise"]),
        (["handed_off"], queued["request"]),
    ]
