"""Persons: fetched, waited for, missed, and not there at all."""

import asyncio
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec
import pytest
from support_handoff import MONDAY, SHOP, SHOP_TOML, SUNDAY, WHO, Shop, ms, shop, small

from frontdesk import ConfigError, status
from frontdesk.catalogue import read_business
from frontdesk.testing import Call, ScriptedModel, open_desk
from frontdesk_plugins.handoff import requests
from frontdesk_plugins.handoff.staffed import HandoffSettings, staffed

__all__ = ["shop", "small"]  # fixtures

# ---- a person --------------------------------------------------------------------------------


async def test_a_person_is_fetched_while_somebody_is_there(shop: Shop) -> None:
    guest = await shop.guest()
    shop.model.then(
        Call("handoff_to_human", reason="complaint", summary="Cold soup.", urgency="urgent"),
        "I'm connecting you.",
    )
    reply = await guest.talk.say("the soup is cold, get me someone")
    assert reply is not None
    assert reply.handed_off
    (settled,) = guest.talk.actions
    assert (settled.status, settled.data["status"]) == ("done", "queued")
    assert settled.data["message"] == (
        "I'm fetching a person from our team. They answer right here; it may take a moment."
    )
    assert await shop.hands(guest.talk) == [("queued", "complaint")]
    (waits,) = await requests.waiting(shop.database, "shop")
    assert waits == requests.Request(
        id=settled.data["request"],
        conversation=guest.talk.id,
        contact=waits.contact,
        reason="complaint",
        summary="Cold soup.",
        collected={},
        urgency="urgent",
        language="en",
        said="the soup is cold, get me someone",
        created=ms(MONDAY),
        answer_by=ms(MONDAY + timedelta(seconds=120)),
    )
    assert await requests.waiting(shop.database, "other") == []
    assert await guest.talk.say("hello?") is None  # nobody but a person answers now


async def test_what_is_known_goes_with_the_request(small: Shop) -> None:
    guest = await small.guest()
    await guest.call("take_message", text="Call me", **WHO)
    await guest.call("handoff_to_human", reason="other")
    (waits,) = await requests.waiting(small.database, "shop")
    assert waits.collected == {"name": "Ada", "phone": "+12125550199"}


async def test_asking_again_is_the_same_request(shop: Shop) -> None:
    guest = await shop.guest()
    first_call = Call("handoff_to_human", reason="other")
    shop.model.then([first_call, Call("handoff_to_human", reason="complaint")], "Somebody comes.")
    await guest.talk.say("a person please")
    first, second = guest.talk.actions
    assert first.data["request"] == second.data["request"]
    assert len(await shop.rows()) == 1
    assert [hand[0] for hand in await shop.hands(guest.talk)] == ["queued"]


async def test_the_tool_needs_no_more_than_it_is_given(small: Shop) -> None:
    guest = await small.guest()
    done, data = await guest.call("handoff_to_human")
    assert (done, data["status"]) == ("done", "queued")


async def test_a_request_follows_its_conversation(shop: Shop) -> None:
    guest = await shop.guest()
    at = (shop.database, "shop", guest.talk.id)
    await guest.call("handoff_to_human", reason="other")
    await status.accept(*at, "ana", "Ana")
    assert await requests.waiting(shop.database, "shop") == []
    await shop.job()
    (row,) = await shop.rows()
    assert (row["status"], row["accepted_by"]) == ("accepted", "ana")
    assert abs(row["accepted_at"] - ms(datetime.now(UTC))) < 60_000
    # Handed back and asked for again before anybody looked: it is another request.
    await status.hand_back(*at, "ana")
    await guest.call("handoff_to_human", reason="complaint")
    assert [row["status"] for row in await shop.rows()] == ["accepted", "waiting"]
    await status.resolve(*at)
    await shop.job()
    assert [row["status"] for row in await shop.rows()] == ["accepted", "cancelled"]


async def test_a_request_handed_back_unseen_is_not_taken_for_the_next(shop: Shop) -> None:
    guest = await shop.guest()
    at = (shop.database, "shop", guest.talk.id)
    await guest.call("handoff_to_human", reason="other")
    await status.hand_back(*at)
    await guest.call("handoff_to_human", reason="complaint")
    assert [row["status"] for row in await shop.rows()] == ["cancelled", "waiting"]
    (waits,) = await requests.waiting(shop.database, "shop")
    assert waits.reason == "complaint"


# ---- nobody comes ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("locale", "start"),
    [
        ("en-US", "I'm sorry, nobody from our team is free right now. May I take a message"),
        ("es-MX", "Lo siento, ahora mismo no hay nadie libre"),
        ("de-AT", "Es tut mir leid, gerade ist niemand aus unserem Team frei."),
        ("fr-CA", "Je suis désolé, personne de notre équipe n'est libre"),
        ("it-IT", "Mi dispiace, in questo momento nessuno"),
    ],
)
async def test_nobody_came(small: Shop, locale: str, start: str) -> None:
    await small.test.add_business(msgspec.structs.replace(SHOP, locale=locale))
    guest = await small.guest()
    await guest.call("handoff_to_human", reason="other")
    small.test.set_time(MONDAY + timedelta(seconds=119))
    await small.job()
    assert await small.notices(guest.talk) == []
    small.test.set_time(MONDAY + timedelta(seconds=120))
    await small.job()
    (notice,) = await small.notices(guest.talk)
    assert notice.startswith(start)
    assert (await small.hands(guest.talk))[1:] == [("bot", "nobody came")]
    assert [row["status"] for row in await small.rows()] == ["nobody"]
    await small.job()
    assert len(await small.notices(guest.talk)) == 1
    small.model.then("Gladly.")
    reply = await guest.talk.say("a message then")  # the assistant goes on
    assert reply is not None
    assert reply.content == "Gladly."


async def test_the_timer_of_two_nodes_speaks_once(shop: Shop, tmp_path: Path) -> None:
    guests = [await shop.guest() for _ in range(3)]
    for guest in guests:
        await guest.call("handoff_to_human", reason="other")
    url = shop.desk.settings.database.url
    async with open_desk(tmp_path, url=url, models=[ScriptedModel()], recover=False) as other:
        second = Shop(other, ScriptedModel())
        for desk in (shop.test, other):
            desk.set_time(MONDAY + timedelta(minutes=5))
        await asyncio.gather(*(node.job() for node in (shop, second) * 2))
    for guest in guests:
        assert len(await shop.notices(guest.talk)) == 1
        assert [hand[0] for hand in await shop.hands(guest.talk)] == ["queued", "bot"]


async def test_who_came_in_time_is_not_sent_away(shop: Shop) -> None:
    guest = await shop.guest()
    await guest.call("handoff_to_human", reason="other")
    await status.accept(shop.database, "shop", guest.talk.id, "ana", "Ana")
    shop.test.set_time(MONDAY + timedelta(hours=1))
    await shop.job()
    assert await shop.notices(guest.talk) == []
    assert [hand[0] for hand in await shop.hands(guest.talk)] == ["queued", "human"]
    assert [row["status"] for row in await shop.rows()] == ["accepted"]


async def test_accept_and_timer_at_once(shop: Shop) -> None:
    guests = [await shop.guest() for _ in range(6)]
    for guest in guests:
        await guest.call("handoff_to_human", reason="other")
    shop.test.set_time(MONDAY + timedelta(minutes=5))
    accepts = [
        status.accept(shop.database, "shop", guest.talk.id, "ana", "Ana") for guest in guests
    ]
    *_, problem = await asyncio.gather(*accepts, shop.job(), return_exceptions=True)
    assert problem is None
    await shop.job()
    for guest, row in zip(guests, await shop.rows(), strict=True):
        (_, (hands, _)) = await shop.hands(guest.talk)
        is_human = hands == "human"
        assert row["status"] == ("accepted" if is_human else "nobody")
        assert len(await shop.notices(guest.talk)) == (0 if is_human else 1)


async def test_what_was_put_aside_waits(shop: Shop) -> None:
    guest = await shop.guest()
    at = (shop.database, "shop", guest.talk.id)
    await guest.call("handoff_to_human", reason="other")
    await status.snooze(*at, "ana")
    shop.test.set_time(MONDAY + timedelta(hours=1))
    await shop.job()
    assert await shop.notices(guest.talk) == []
    await status.reopen(*at)
    await shop.job()  # it is in the queue again, and the time is over
    assert len(await shop.notices(guest.talk)) == 1


async def test_what_was_said_in_the_queue_is_answered_after_it(tmp_path: Path) -> None:
    model = ScriptedModel()
    async with open_desk(tmp_path, models=[model]) as desk:  # with recovery and jobs
        await desk.add_business(SHOP)
        desk.set_time(MONDAY)
        talk = await desk.conversation("shop")
        model.then(Call("handoff_to_human", reason="other"), "A moment.", "I'm back.")
        await talk.say("a person, please")
        assert await talk.say("what are your hours?") is None
        desk.set_time(MONDAY + timedelta(minutes=3))
        (job,) = [job for job in desk.desk.jobs if job.name == "handoff"]
        await job.run()
        async with asyncio.timeout(10):
            while (await talk.events())[-1].event.__class__.__name__ != "Replied":
                await asyncio.sleep(0.02)
        kinds = [stored.event.__class__.__name__ for stored in await talk.events()]
        assert kinds[-5:] == ["CustomerSaid", "StatusChanged", "Noticed", "TurnStarted", "Replied"]


# ---- out of hours ----------------------------------------------------------------------------


async def test_out_of_hours_nothing_is_queued(shop: Shop) -> None:
    shop.test.set_time(SUNDAY)
    guest = await shop.guest()
    done, data = await guest.call("handoff_to_human", reason="other")
    assert (done, data["status"]) == ("done", "nobody")
    assert data["back_at"] == "2026-11-23T09:00-05:00"
    assert data["message"] == (
        "Nobody from our team is here at the moment. They are back: Mon, Nov 23, 9:00 AM. "
        "May I take a message for them?"
    )
    assert await shop.hands(guest.talk) == []
    assert await shop.rows() == []
    shop.model.then("Yes?")
    assert await guest.talk.say("hello") is not None


@pytest.mark.parametrize(
    ("hours", "at", "there"),
    [
        ('hours = "opening"', MONDAY, True),
        ('hours = "opening"', SUNDAY, False),
        ('hours = "always"', SUNDAY, True),
        ('hours = "never"', MONDAY, False),
        ('[settings.handoff.hours]\nmon = ["09:00-10:00"]', MONDAY, False),
        ('[settings.handoff.hours]\nsun = ["10:00-24:00"]', SUNDAY, True),
        # An exception holds for staff too: on Wednesday the 25th from ten to twelve.
        ('[settings.handoff.hours]\nmon = ["09:00-10:00"]', MONDAY + timedelta(days=2), True),
    ],
)
def test_who_is_there_when(hours: str, at: datetime, there: bool) -> None:
    head = "" if hours.startswith("[") else "[settings.handoff]\n"
    business = read_business(SHOP_TOML + head + hours, "b.toml", {"handoff": HandoffSettings})
    assert staffed(business, at.astimezone(business.zone))[0] is there


async def test_never_offers_a_message_without_promising_a_time(small: Shop) -> None:
    never = msgspec.structs.replace(SHOP, settings={"handoff": {"hours": "never"}})
    await small.test.add_business(never)
    guest = await small.guest()
    _, data = await guest.call("handoff_to_human", reason="other")
    assert data["message"] == (
        "Nobody from our team answers here at the moment. May I take a message for them?"
    )
    _, taken = await guest.call("take_message", text="Call me", **WHO)
    assert taken["read_from"] == "2026-11-23T10:00-05:00"  # messages are read while it is open


def test_wrong_hours_are_named() -> None:
    text = 'id = "b"\nname = "B"\n[settings.handoff]\n'
    for wrong, message in (
        ('hours = "sometimes"', "b.toml:4: settings.handoff.hours"),
        ('[settings.handoff.hours]\nmon = ["9-5"]', "mon: '9-5' is not a range of times"),
        ("timeout = 1", "b.toml:4: settings.handoff.timeout"),
    ):
        with pytest.raises(ConfigError, match=re.escape(message)):
            read_business(text + wrong, "b.toml", {"handoff": HandoffSettings})
