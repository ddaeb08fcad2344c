"""Whose stay it is, what cancelling costs, and what guests ask for."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest
from support_booking import Caller
from support_stays import ADA, HOTEL, MONDAY, QUEEN, arrive, book, hotel, nights, rows

from frontdesk import ActionError, contacts
from frontdesk.testing import TestDesk
from frontdesk.testing.desk import NOW
from frontdesk_plugins.handoff import promises
from frontdesk_plugins.stays import situation

CHANGES: list[tuple[str, dict[str, Any]]] = [
    ("lookup_stay", {}),
    ("cancel_stay", {}),
    ("late_checkout", {"until": "13:00"}),
    ("stay_request", {"text": "towels"}),
]


# ---- proof -----------------------------------------------------------------------------------


async def test_ones_own_stays_without_a_reference(tmp_path: Path) -> None:
    async with hotel(tmp_path) as desk:
        guest = await arrive(desk)
        assert (await guest.refusal("lookup_stay")).data == {"needs": "reference"}
        reference = (await book(guest))["reference"]
        found = await guest.run("lookup_stay")
        assert [one["reference"] for one in found["stays"]] == [reference]
        assert found["message"] == (
            f"{reference}: Queen room from Mon 23 Nov to Wed 25 Nov (2 nights). It is booked. "
            "Cancelling is free until Sun 22 Nov, 18:00, after that it costs £100.00."
        )
        assert "unit" not in str(found)


async def test_with_two_stays_it_is_asked_which(tmp_path: Path) -> None:
    async with hotel(tmp_path) as desk:
        guest = await arrive(desk)
        both = [(await book(guest, room_type=name))["reference"] for name in ("queen", "family")]
        failed = await guest.refusal("late_checkout", until="13:00")
        assert failed.data["needs"] == "reference"
        assert {one["value"] for one in failed.data["options"]} == set(both)
        assert await guest.run("late_checkout", until="13:00", reference=both[0])


@pytest.mark.parametrize(
    "proof", [{"name": "Mrs LOVELACE"}, {"phone": "020 7946 0123"}, {"email": "ADA@example.com"}]
)
async def test_the_reference_and_one_more_thing(tmp_path: Path, proof: Any) -> None:
    async with hotel(tmp_path) as desk:
        guest, other = await arrive(desk), await arrive(desk)
        reference = (await book(guest, email="ada@example.com"))["reference"]
        found = await other.run("lookup_stay", reference=reference.lower(), **proof)
        assert (found["reference"], found["name"]) == (reference, "Ada")
        assert not {"phone", "email", "unit"} & found.keys()


@pytest.mark.parametrize(("action", "wish"), CHANGES)
async def test_unproven_and_unknown_are_the_same_words(
    tmp_path: Path, action: str, wish: Any
) -> None:
    async with hotel(tmp_path) as desk:
        reference = (await book(await arrive(desk)))["reference"]
        held = await arrive(desk)
        await held.propose("book_room", "p", **QUEEN)
        (kept,) = [r["reference"] for r in await rows(desk) if r["status"] == "held"]
        answers: set[tuple[str, str]] = set()
        for guess in (
            {"reference": reference}, {"reference": reference, "name": "Ada"},
            {"reference": "0000-0000", "name": "Lovelace"}, {"reference": kept, "name": "Lovelace"},
            {"reference": "what?", "phone": ADA["phone"]},
        ):  # fmt: skip
            stranger = await arrive(desk)
            failed = await stranger.refusal(action, **guess, **wish)
            answers.add((failed.message, str(failed.data)))
            desk.set_time(desk.desk.now(HOTEL) + timedelta(minutes=6))
        assert len(answers) == 1


@pytest.mark.parametrize(("action", "wish"), CHANGES)
async def test_guesses_are_counted(tmp_path: Path, action: str, wish: Any) -> None:
    async with hotel(tmp_path) as desk:
        reference = (await book(await arrive(desk)))["reference"]
        stranger = await arrive(desk)
        for n in range(5):
            failed = await stranger.refusal(action, reference=reference, name=f"Guest{n}", **wish)
            assert failed.data == {}
        failed = await stranger.refusal(action, reference=reference, name="Lovelace", **wish)
        assert failed.data == {"needs_person": True}


# ---- cancelling ------------------------------------------------------------------------------


async def cancel(guest: Caller, reference: str) -> dict[str, Any]:
    """As after a yes."""
    await guest.propose("cancel_stay", "c", reference=reference)
    return await guest.run("cancel_stay", "c", reference=reference)


async def test_free_until_the_moment_and_then_the_first_night(
    tmp_path: Path, database_url: str
) -> None:
    async with hotel(tmp_path, url=database_url) as desk:
        guest = await arrive(desk)
        wish = {"check_in": "2026-11-27", "check_out": "2026-11-29"}
        one, two, three = [(await book(guest, **wish | {"room_type": t}))["reference"]
                           for t in ("queen", "queen", "family")]  # fmt: skip
        desk.set_time(datetime(2026, 11, 26, 18, 0, tzinfo=UTC))
        read = await guest.propose("cancel_stay", "c", reference=one)
        assert read["message"] == (
            f"Cancel {one}: Queen room from Fri 27 Nov to Sun 29 Nov (2 nights). It costs nothing."
        )
        done = await guest.run("cancel_stay", "c", reference=one)
        assert (done["status"], done["fee"]) == ("cancelled", 0)
        assert guest.commitments() == {one: ("stay_cancelled", "cancelled")}
        assert {unit for t, unit, _ in await nights(desk) if t == "queen"} == {2}
        desk.set_time(datetime(2026, 11, 26, 18, 0, 1, tzinfo=UTC))
        failed = await guest.refusal("cancel_stay", reference=two)
        assert failed.data == {"needs_consent": True, "fee": 12000}
        read = await guest.propose("cancel_stay", "d", reference=two)
        assert read["message"].endswith("(2 nights). This costs £120.00.")
        done = await guest.run("cancel_stay", "d", reference=two)
        assert done["fee"] == 12000
        assert done["message"].endswith("This costs £120.00.")
        (row,) = await rows(desk, two)
        assert (row["status"], row["fee"]) == ("cancelled", 12000)
        again = await guest.run("cancel_stay", "d", reference=two)
        assert again["message"] == "It is cancelled already."
        desk.set_time(datetime(2026, 11, 27, 15, 0, tzinfo=UTC))
        failed = await guest.refusal("cancel_stay", reference=three, accept_fee=True)
        assert failed.data == {"needs_person": True}


async def test_the_terms_of_the_booking_hold_whatever_the_hotel_changes(tmp_path: Path) -> None:
    async with hotel(tmp_path) as desk:
        guest = await arrive(desk)
        reference = (await book(guest, rate_plan="saver", rooms=2))["reference"]
        plans = [{"id": "saver", "title": "Saver", "free_until": 1}]
        settings = HOTEL.settings | {"stays": HOTEL.settings["stays"] | {"plans": plans}}
        await desk.add_business(msgspec.structs.replace(HOTEL, settings=settings))
        read = await guest.propose("cancel_stay", "c", reference=reference)
        assert read["fee"] == 2 * 18000
        assert (await guest.run("cancel_stay", "c", reference=reference))["fee"] == 36000
        assert [row["fee"] for row in await rows(desk, reference)] == [18000, 18000]
        assert await nights(desk) == []


async def test_the_terms_are_told_in_the_currency_of_the_booking(tmp_path: Path) -> None:
    async with hotel(tmp_path) as desk:
        guest = await arrive(desk)
        await book(guest)
        await desk.add_business(msgspec.structs.replace(HOTEL, currency="EUR"))
        found = await guest.run("lookup_stay")
        assert found["message"].endswith("after that it costs £100.00.")
        assert found["stays"][0]["policy"].endswith("it costs £100.00.")


async def test_a_fee_that_was_not_told_is_not_agreed_to(tmp_path: Path) -> None:
    async with hotel(tmp_path) as desk:
        guest = await arrive(desk)
        reference = (await book(guest))["reference"]
        await guest.propose("cancel_stay", "c", reference=reference)  # still free
        desk.set_time(NOW + timedelta(hours=7))
        with pytest.raises(ActionError) as failed:
            await guest.run("cancel_stay", "c", reference=reference)
        assert failed.value.data == {"needs_consent": True, "fee": 10000}
        assert (await rows(desk))[0]["status"] == "confirmed"


async def test_what_was_cancelled_can_be_sold_again(tmp_path: Path) -> None:
    async with hotel(tmp_path) as desk:
        guest = await arrive(desk)
        reference = (await book(guest, rooms=2))["reference"]
        await cancel(guest, reference)
        assert (await book(await arrive(desk), rooms=2))["rooms"] == 2
        assert (await guest.refusal("lookup_stay")).data == {"needs": "reference"}
        found = await guest.run("lookup_stay", reference=reference)
        assert found["message"].endswith("It is cancelled.")


# ---- during the stay -------------------------------------------------------------------------


async def messages(desk: TestDesk) -> list[tuple[str, str, str]]:
    found = await promises.open(desk.desk.database, "hotel")
    return [(one.topic, one.text, one.name) for one in found]


async def test_requests_are_passed_on_while_the_stay_is_current(tmp_path: Path) -> None:
    async with hotel(tmp_path) as desk:
        guest, other = await arrive(desk), await arrive(desk)
        reference = (await book(guest))["reference"]
        wish = {"reference": reference, "category": "amenities", "text": "two towels!"}
        failed = await guest.refusal("stay_request", **wish)
        assert failed.message.startswith("Requests from a room are taken from the day of arrival")
        assert await messages(desk) == []
        desk.set_time(NOW + timedelta(days=1))
        done = await other.run("stay_request", **wish, name="Lovelace")
        assert done["message"] == (
            "Your request is with our team: two towels. It is not a promise; they get back to you."
        )
        assert "recorded" in other.commitments()[f"request {reference}"]
        text = "Queen room from Mon 23 Nov to Wed 25 Nov (2 nights): two towels!"
        assert await messages(desk) == [(f"{reference}: amenities", text, "Ada Lovelace")]
        own = await guest.run("stay_request", category="noise", text="loud next door")
        assert own["reference"] == reference  # the only one: no reference needed
        desk.set_time(NOW + timedelta(days=4))
        assert (await guest.refusal("stay_request", **wish)).message == failed.message


async def test_late_check_out_is_a_request(tmp_path: Path) -> None:
    async with hotel(tmp_path) as desk:
        guest = await arrive(desk)
        reference = (await book(guest))["reference"]
        early = await guest.refusal("late_checkout", reference=reference, until="11:00")
        assert early.message == "Check-out is until 11:00 anyway; please name a later time."
        done = await guest.run("late_checkout", reference=reference, until="13:30")
        assert done["message"].startswith(
            "Your request is with our team: late check-out until 13:30 on Wed 25 Nov. It is not"
        )
        ((topic, _, _),) = await messages(desk)
        assert topic == f"{reference}: late check-out"
        await cancel(guest, reference)
        over = await guest.refusal("late_checkout", reference=reference, until="13:30")
        assert over.message == "This stay is over or cancelled."


async def test_without_anyone_who_keeps_messages_nothing_is_promised(tmp_path: Path) -> None:
    async with hotel(tmp_path) as desk:
        guest = await arrive(desk)
        reference = (await book(guest))["reference"]
        without = msgspec.structs.replace(HOTEL.plugins, disabled=("handoff",))
        await desk.add_business(msgspec.structs.replace(HOTEL, plugins=without))
        failed = await guest.refusal("late_checkout", reference=reference, until="13:30")
        assert failed.data == {"needs_person": True}


# ---- who is who ------------------------------------------------------------------------------


async def test_stays_move_with_their_contact(tmp_path: Path, database_url: str) -> None:
    async with hotel(tmp_path, url=database_url) as desk:
        guest, other = await arrive(desk), await arrive(desk)
        reference = (await book(guest))["reference"]
        database = desk.desk.database
        async with database.transaction():
            await contacts.merge(
                database, desk.desk.plugins, "hotel", kept=other.contact.id, gone=guest.contact.id
            )
        assert (await other.run("lookup_stay"))["stays"][0]["reference"] == reference


async def test_the_assistant_knows_of_the_guests_stays(tmp_path: Path) -> None:
    async with hotel(tmp_path) as desk:
        guest, other = await arrive(desk), await arrive(desk)
        reference = (await book(guest, rooms=2))["reference"]
        for who, said in (
            (guest, f"{reference}: 2026-11-23 to 2026-11-25, 2 x queen, confirmed"), (other, ""),
        ):  # fmt: skip
            conversation: Any = who
            conversation.id = who.conversation
            with desk.desk.database.bound():
                assert await situation.own_stays(conversation, NOW) == said


@pytest.mark.parametrize("language", ["en", "es", "de", "fr", "it"])
async def test_every_sentence_in_every_language(tmp_path: Path, language: str) -> None:
    locale = {"en": "en-US", "es": "es-ES", "de": "de-DE", "fr": "fr-FR", "it": "it-IT"}[language]
    business = msgspec.structs.replace(HOTEL, locale=locale)
    assert business.language == language
    async with hotel(tmp_path, business) as desk:
        guest = await arrive(desk)
        said: list[str] = []
        for action, wish in (
            ("list_rooms", {}), ("room_details", {"room_type": "queen"}),
            ("search_rooms", MONDAY), ("rate_quote", MONDAY | {"room_type": "queen"}),
        ):  # fmt: skip
            said.append((await guest.run(action, **wish))["message"])
        said.append((await guest.propose("book_room", "p", **QUEEN, children_ages=[1]))["message"])
        booked = await guest.run("book_room", "p", **QUEEN, children_ages=[1])
        reference = booked["reference"]
        said += [booked["message"], (await guest.run("lookup_stay"))["message"]]
        said.append((await guest.run("late_checkout", until="13:00"))["message"])
        said.append((await cancel(guest, reference))["message"])
        said.append((await guest.refusal("search_rooms", **MONDAY | {"adults": 9})).message)
        assert all(said)
        assert not any("{" in text or "  " in text for text in said)
        if language != "en":
            assert not any(word in " ".join(said) for word in (" night", "Booked", "fees included"))
