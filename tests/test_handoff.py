"""Persons and messages to them: fetched, waited for, missed, and owed an answer."""

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest
from support import migrated
from test_booking import Guest
from test_storage import CORE, KINDS, opened

from frontdesk import ConfigError, status
from frontdesk.catalogue import read_business
from frontdesk.events import Noticed, StatusChanged
from frontdesk.migrate import Tables
from frontdesk.reads import read_events
from frontdesk.testing import Call, ScriptedModel, TestDesk, open_desk, read_toml
from frontdesk_plugins.handoff import promises, requests, words
from frontdesk_plugins.handoff.claims import read_claims
from frontdesk_plugins.handoff.staffed import HandoffSettings, staffed
from frontdesk_plugins.handoff.tables import TABLES

HANDOFF = Tables(app="handoff", tables=TABLES, migrations="frontdesk_plugins.handoff.migrations")
SHOP_TOML = """
id = "shop"
name = "Shop"
timezone = "America/New_York"
tools = ["handoff_to_human", "take_message", "create_booking"]
[hours]
mon = ["09:00-17:00"]
tue = ["09:00-17:00"]
[[exceptions]]
date = 2026-11-25
hours = ["10:00-12:00"]
reason = "Eve"
"""
SHOP = read_toml(SHOP_TOML)
MONDAY = datetime(2026, 11, 23, 15, 0, tzinfo=UTC)
"""10:00 at the shop."""
SUNDAY = datetime(2026, 11, 22, 15, 0, tzinfo=UTC)
WHO = {"name": "Ada", "phone": "212 555 0199"}


class Shop:
    def __init__(self, desk: TestDesk, model: ScriptedModel) -> None:
        self.test, self.desk, self.model = desk, desk.desk, model
        self.database = desk.desk.database

    async def guest(self, business: str = "shop") -> Guest:
        return Guest(self.test, self.model, await self.test.conversation(business))

    async def job(self) -> None:
        """What runs every few seconds."""
        (job,) = [job for job in self.desk.jobs if job.name == "handoff"]
        await job.run()

    async def rows(self, table: str = "handoff") -> list[dict[str, Any]]:
        return await self.database.fetch(f"SELECT * FROM {table} ORDER BY id")

    async def hands(self, talk: Any) -> list[tuple[str, str]]:
        return [
            (stored.event.status, stored.event.reason)
            for stored in await read_events(self.database, talk.id, 0)
            if isinstance(stored.event, StatusChanged)
        ]

    async def notices(self, talk: Any) -> list[str]:
        stored = await read_events(self.database, talk.id, 0)
        return [item.event.text for item in stored if isinstance(item.event, Noticed)]


@asynccontextmanager
async def shop_on(folder: Path, url: str = "") -> AsyncIterator[Shop]:
    if url:
        await migrated(url)
    model = ScriptedModel()
    async with open_desk(folder, url=url, models=[model], recover=False) as desk:
        await desk.add_business(SHOP)
        desk.set_time(MONDAY)
        yield Shop(desk, model)


@pytest.fixture
async def shop(tmp_path: Path, database_url: str) -> AsyncIterator[Shop]:
    """On SQLite and on Postgres."""
    async with shop_on(tmp_path, database_url) as opened_shop:
        yield opened_shop


@pytest.fixture
async def small(tmp_path: Path) -> AsyncIterator[Shop]:
    async with shop_on(tmp_path) as opened_shop:
        yield opened_shop


def ms(at: datetime) -> int:
    return int(at.timestamp() * 1000)


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


# ---- messages --------------------------------------------------------------------------------


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


# ---- words -----------------------------------------------------------------------------------

CLAIMS = [
    ("en", "handed_off", "I'm connecting you with a colleague now."),
    ("en", "handed_off", "I\u2019m transferring you to the manager."),
    ("en", "handed_off", "I've passed you on to our team."),
    ("en", "handed_off", "I have notified the team."),
    ("en", "handed_off", "A colleague will join this chat shortly, they will be with you soon."),
    ("en", "handed_off", "You are being transferred."),
    ("en", "message_taken", "I've passed your message on to the team."),
    ("en", "message_taken", "I have taken a message for the manager."),
    ("en", "message_taken", "A colleague will call you back tomorrow."),
    ("en", "message_taken", "Someone from our team will get back to you."),
    ("en", "message_taken", "You'll get a call this afternoon."),
    ("es", "handed_off", "Le paso con un compañero."),
    ("es", "handed_off", "He avisado a una persona del equipo."),
    ("es", "message_taken", "He pasado su mensaje al equipo."),
    ("es", "message_taken", "He anotado su recado."),
    ("es", "message_taken", "Alguien de nuestro equipo le llamará mañana."),
    ("de", "handed_off", "Ich verbinde Sie mit einer Kollegin."),
    ("de", "handed_off", "Ich hole jemanden aus dem Team."),
    ("de", "handed_off", "Ich habe soeben eine Kollegin informiert."),
    ("de", "message_taken", "Ich habe Ihre Nachricht an das Team weitergeleitet."),
    ("de", "message_taken", "Jemand aus unserem Team meldet sich bei Ihnen."),
    ("de", "message_taken", "Ihre Nachricht wurde notiert."),
    ("fr", "handed_off", "Je vous mets en relation avec un collègue."),
    ("fr", "handed_off", "J'ai prévenu notre équipe."),
    ("fr", "message_taken", "J'ai bien transmis votre message."),
    ("fr", "message_taken", "Un collègue vous rappellera demain."),
    ("it", "handed_off", "La metto in contatto con un collega."),
    ("it", "handed_off", "Ho avvisato il responsabile."),
    ("it", "message_taken", "Ho inoltrato il suo messaggio."),
    ("it", "message_taken", "Un collega la richiamerà domani."),
]
HARMLESS = [
    ("en", "May I take a message for them?"),
    ("en", "I've noted your details: four guests on Friday."),
    ("en", "Your table is booked, and I've sent the confirmation by text."),
    ("en", "You can reach our team by telephone."),
    ("en", "Our team is here from nine to five."),
    ("es", "¿Quiere que tome un recado?"),
    ("es", "He anotado su petición de una mesa junto a la ventana."),
    ("es", "Nuestro equipo está de lunes a viernes."),
    ("de", "Darf ich eine Nachricht aufnehmen?"),
    ("de", "Unser Team ist von Montag bis Freitag da."),
    ("de", "Ich habe Ihren Wunsch nach einem Fensterplatz notiert."),
    ("fr", "Puis-je prendre un message ?"),
    ("fr", "J'ai noté votre demande pour une table en terrasse."),
    ("it", "Posso prendere un messaggio?"),
    ("it", "Ho annotato la sua richiesta di un tavolo all'aperto."),
]


def kinds_in(language: str, text: str) -> set[str]:
    return {
        kind
        for kind, claim in read_claims().items()
        for pattern in claim.patterns[language]
        if re.search(pattern, text, re.IGNORECASE)
    }


@pytest.mark.parametrize(("language", "kind", "text"), CLAIMS)
def test_words_that_claim_a_person_or_a_message(language: str, kind: str, text: str) -> None:
    assert kind in kinds_in(language, text)


@pytest.mark.parametrize(("language", "text"), HARMLESS)
def test_words_that_claim_neither(language: str, text: str) -> None:
    assert kinds_in(language, text) == set()


def test_our_own_words_claim_what_they_say_and_no_more() -> None:
    for what, table in words._WORDS.items():
        expected = {"coming": {"handed_off"}, "taken": {"message_taken"}}.get(what, set())
        assert set(table) == {"en", "es", "de", "fr", "it"}
        for language, text in table.items():
            assert kinds_in(language, text) == expected, (what, language)


# ---- the tables ------------------------------------------------------------------------------


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.__name__)
async def test_the_tables_are_what_the_migration_makes(database_url: str, table: Any) -> None:
    async with opened(database_url, CORE, HANDOFF) as database:
        name = table._meta.tablename
        if database.is_sqlite:
            rows = await database.fetch(f"SELECT * FROM pragma_table_info('{name}')")
            found = {r["name"]: (r["type"].upper(), not (r["notnull"] or r["pk"])) for r in rows}
        else:
            rows = await database.fetch(
                "SELECT column_name, data_type, is_nullable FROM information_schema.columns "
                "WHERE table_name = {}",
                name,
            )
            found = {
                r["column_name"]: (r["data_type"].upper(), r["is_nullable"] == "YES") for r in rows
            }
        columns = {column._meta.db_column_name: column for column in table._meta.columns}
        assert set(found) == set(columns)
        for key, column in columns.items():
            kind, nullable = found[key]
            assert isinstance(column, KINDS[kind]), key
            assert column._meta.null == nullable, key
