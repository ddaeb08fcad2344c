"""A stay as a guest books it: with the offline model, with a model that errs."""

from collections.abc import AsyncIterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from support import migrated
from support_stays import rows

from frontdesk import claims
from frontdesk.actions import Claim
from frontdesk.catalogue import read_business
from frontdesk.testing import Call, ScriptedModel, TestDesk, open_desk
from frontdesk_plugins.stays.claims import BOOKED, CANCELLED

WISH: dict[str, Any] = {
    "check_in": "2026-12-04", "check_out": "2026-12-06", "adults": 2, "room_type": "king",
    "name": "Ann Lee", "phone": "503 555 0100",
}  # fmt: skip


async def example(desk: TestDesk) -> TestDesk:
    pack = desk.desk.packs["hotel"]
    sections = desk.desk.plugins.business_settings
    await desk.add_business(read_business(pack.example, pack.shown, sections))
    return desk


@pytest.fixture
async def offline(tmp_path: Path, database_url: str) -> AsyncIterator[TestDesk]:
    async with open_desk(tmp_path, url=await migrated(database_url)) as desk:
        yield await example(desk)


@pytest.fixture
async def scripted(tmp_path: Path) -> AsyncIterator[tuple[TestDesk, ScriptedModel]]:
    model = ScriptedModel()
    use = {"model": {"use": ["scripted"]}}
    async with open_desk(tmp_path, models=[model], settings=use) as desk:
        yield await example(desk), model


async def test_the_offline_model_books_from_greeting_to_committed_row(offline: TestDesk) -> None:
    talk = await offline.conversation("hotel")
    for line in (
        "Hello", "I'd like to book a room", "December 4", "December 6", "2 adults", "Zoe Smith",
    ):  # fmt: skip
        await talk.say(line)
    reply = await talk.say("503 555 0123")
    assert reply is not None
    assert "King room: $458.00 in total ($229.00 a night)" in reply.content
    reply = await talk.say("the king please")
    assert reply is not None
    assert "$458.00 in total, taxes and fees included" in reply.content
    assert [row["status"] for row in await rows(offline)] == ["held"]
    reply = await talk.say("yes")
    assert reply is not None
    assert (reply.outcome, talk.actions[0].status) == ("answered", "done")
    (row,) = await rows(offline)
    assert (row["status"], row["room_type"], row["total"]) == ("confirmed", "king", 45800)
    assert (row["check_in"], row["check_out"]) == ("2026-12-04", "2026-12-06")
    assert (row["name"], row["phone"]) == ("Zoe Smith", "+15035550123")
    assert f"guarantee/{talk.actions[0].data['reference']}" in reply.content


async def test_a_no_leaves_nothing_behind(offline: TestDesk) -> None:
    talk = await offline.conversation("hotel")
    for line in (
        "book a room from December 4 to December 6", "2 adults", "Zoe Smith", "503 555 0123",
        "king room",
    ):  # fmt: skip
        await talk.say(line)
    assert talk.actions[0].status == "needs_confirmation"
    await talk.say("no")
    assert await rows(offline) == []


async def test_other_arguments_are_another_proposal(
    scripted: tuple[TestDesk, ScriptedModel],
) -> None:
    """The first hold is let go: a guest keeps one offer at a time."""
    desk, model = scripted
    talk = await desk.conversation("hotel")
    model.then(Call("book_room", **WISH), "Shall I?")
    await talk.say("A king from the 4th to the 6th, Ann Lee, 503 555 0100")
    model.then(Call("book_room", **WISH | {"room_type": "family"}), "Shall I?")
    await talk.say("Make it the family room")
    assert [(row["status"], row["room_type"]) for row in await rows(desk)] == [("held", "family")]
    model.then("Your family room is booked.")
    reply = await talk.say("Yes", confirm=talk.actions[0].data["proposalId"])
    assert reply is not None
    assert reply.outcome == "answered"
    assert [row["status"] for row in await rows(desk)] == ["confirmed"]


@pytest.mark.parametrize("is_pressed", [True, False])
async def test_two_rooms_of_one_turn_are_both_held_and_each_is_agreed_to(
    scripted: tuple[TestDesk, ScriptedModel], is_pressed: bool
) -> None:
    desk, model = scripted
    talk = await desk.conversation("hotel")
    queen = WISH | {"room_type": "queen"}
    model.then(Call("book_room", **WISH), Call("book_room", **queen), "Shall I book both?")
    await talk.say("A king and a queen from the 4th to the 6th, Ann Lee, 503 555 0100")
    proposals = [one.data["proposalId"] for one in talk.actions]
    assert [row["status"] for row in await rows(desk)] == ["held", "held"]
    if is_pressed:
        for proposal, name in zip(proposals, ("king", "queen"), strict=True):
            model.then(f"Your {name} room is booked.")
            reply = await talk.say("Yes", confirm=proposal)
            assert reply is not None
            assert (reply.outcome, talk.actions[0].status) == ("answered", "done")
    else:
        model.then(Call("book_room", **WISH), Call("book_room", **queen), "Both are booked.")
        await talk.say("Yes please")
    found = [(row["room_type"], row["status"]) for row in await rows(desk)]
    assert sorted(found) == [("king", "confirmed"), ("queen", "confirmed")]


async def test_dates_that_are_not_those_of_the_stay_are_taken_back(
    scripted: tuple[TestDesk, ScriptedModel],
) -> None:
    desk, model = scripted
    talk = await desk.conversation("hotel")
    model.then(Call("book_room", **WISH), "Shall I?")
    await talk.say("A king from the 4th to the 6th, Ann Lee, 503 555 0100")
    proposal = talk.actions[0].data["proposalId"]
    wrong = "Your room is booked from December 11 to December 13."
    model.then(wrong, wrong)
    reply = await talk.say("Yes", confirm=proposal)
    assert reply is not None
    assert reply.outcome == "corrected"


# ---- words -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", "Your suite is now confirmed."), ("en", "I have booked the king room for you."),
        ("es", "Su habitación queda reservada."), ("es", "Hemos reservado su habitación."),
        ("de", "Ihr Zimmer ist jetzt gebucht."), ("de", "Ich habe Ihr Zimmer gebucht."),
        ("fr", "Votre chambre est bien réservée."), ("fr", "J'ai réservé votre chambre."),
        ("it", "La Sua camera è prenotata."), ("it", "Ho prenotato la camera."),
    ],
)  # fmt: skip
def test_words_that_claim_a_stay(language: str, said: str) -> None:
    assert kinds_of(language, said, BOOKED) == {"stay_booked"}


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", "Your stay has been cancelled."), ("es", "Su estancia queda cancelada."),
        ("de", "Ihr Aufenthalt ist storniert."), ("fr", "Votre séjour est annulé."),
        ("it", "Il Suo soggiorno è annullato."),
    ],
)  # fmt: skip
def test_words_that_claim_a_cancellation(language: str, said: str) -> None:
    assert kinds_of(language, said, CANCELLED) == {"stay_cancelled"}


@pytest.mark.parametrize(
    "said",
    [
        "Shall I book the king room?", "The queen room is free from Friday to Sunday.",
        "Once you agree, your room is booked.", "Your room is not booked yet.",
        "The king room sleeps two.", "All rooms are set with a desk.",
    ],
)  # fmt: skip
def test_words_that_claim_nothing(said: str) -> None:
    assert kinds_of("en", said, BOOKED) | kinds_of("en", said, CANCELLED) == set()


def kinds_of(language: str, said: str, claim: Claim) -> set[str]:
    found = claims.unbacked(
        said, claims=[claim], commitments=[], fresh=set(), failed=set(), asked="",
        situation="", language=language, today=date(2026, 11, 22),
    )  # fmt: skip
    return {doubt.kind for doubt in found}
