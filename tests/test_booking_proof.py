"""Whose booking it is: what proves it, what is told, and how often one may guess."""

import asyncio
from datetime import timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest
from support_booking import ADA, Caller, bookings, count
from test_booking import BELLA

from frontdesk import ActionError
from frontdesk.testing import Call, ScriptedModel, open_desk, read_toml
from frontdesk.testing.desk import NOW

WRONG = {"name": "Grace Hopper"}
CHANGES: list[tuple[str, dict[str, Any]]] = [
    ("lookup_booking", {}),
    ("reschedule_booking", {"time": "20:00"}),
    ("cancel_booking", {}),
]


def is_blocked(error: ActionError) -> bool:
    assert ("Too many" in error.message) == bool(error.data.get("needs_person"))
    return "Too many" in error.message


@pytest.mark.parametrize(("action", "wish"), CHANGES)
@pytest.mark.parametrize(
    "proof",
    [
        {"name": "Mrs LOVELACE"}, {"name": "lovelace"}, {"phone": "212-555-0199"},
        {"email": "ADA@example.com"}, {"name": "wrong", "phone": "+12125550199"},
    ],
)  # fmt: skip
async def test_the_reference_and_one_more_thing(
    tmp_path: Path, action: str, wish: Any, proof: Any
) -> None:
    async with bookings(tmp_path) as desk:
        ada, other = await Caller.arrive(desk), await Caller.arrive(desk)
        reference = (await ada.book(email="ada@example.com"))["reference"]
        done = await other.run(action, reference=reference, **wish, **proof)
        assert done["reference"] == reference
        assert done["name"] == "Ada"  # a stranger learns no more than is needed
        assert not {"phone", "email", "notes", "contact"} & done.keys()
        assert list(other.commitments()) == [reference] or "hold" in other.commitments()


@pytest.mark.parametrize(
    ("name", "typed"),
    [("José Muñoz", "munoz"), ("Ana Weiß", "WEISS"), ("Björk Guðmundsdóttir", "guðmundsdottir"),
     ("Prince", "prince")],
)  # fmt: skip
async def test_last_names_with_accents(tmp_path: Path, name: str, typed: str) -> None:
    async with bookings(tmp_path) as desk:
        ada, other = await Caller.arrive(desk), await Caller.arrive(desk)
        reference = (await ada.book(name=name))["reference"]
        assert (await other.run("lookup_booking", reference=reference, name=typed))["reference"]


@pytest.mark.parametrize(("action", "wish"), CHANGES)
async def test_everything_that_fails_has_one_answer(tmp_path: Path, action: str, wish: Any) -> None:
    async with bookings(tmp_path) as desk:
        ada = await Caller.arrive(desk)
        reference = (await ada.book())["reference"]
        answers: set[tuple[str, str]] = set()
        for guess in (
            {"reference": reference}, {"reference": reference, "name": "Ada"},
            {"reference": reference, "email": ""}, {"reference": "0000-0000", "name": "Lovelace"},
            {"reference": "what?", "phone": ADA["phone"]}, {"reference": reference, "name": " "},
        ):  # fmt: skip
            stranger = await Caller.arrive(desk)
            failed = await stranger.refusal(action, **guess, **wish)
            answers.add((failed.message, str(failed.data)))
            desk.set_time(desk.desk.now(BELLA) + timedelta(minutes=4))
        assert len(answers) == 1


@pytest.mark.parametrize(("action", "wish"), CHANGES)
async def test_five_failures_of_a_visitor_within_fifteen_minutes(
    database_url: str, tmp_path: Path, action: str, wish: Any
) -> None:
    async with bookings(tmp_path, url=database_url) as desk:
        ada = await Caller.arrive(desk)
        stranger = await Caller.arrive(desk, visitor="one and the same")
        reference = (await ada.book())["reference"]
        for n in range(5):
            failed = await stranger.refusal(action, reference=f"AAAA-AAA{n}", **WRONG, **wish)
            assert not is_blocked(failed)
        right = {"reference": reference, "name": "Lovelace"}
        assert is_blocked(await stranger.refusal(action, **right, **wish))
        # Neither a new conversation helps, nor what is asked meanwhile prolongs it.
        again = await Caller.arrive(desk, visitor="one and the same")
        assert is_blocked(await again.refusal(action, **right, **wish))
        # Others are not concerned, nor is what is one's own.
        assert (await (await Caller.arrive(desk)).run("lookup_booking", **right))["reference"]
        own = (await stranger.book("17:00"))["reference"]
        assert (await stranger.run("lookup_booking", reference=own))["reference"] == own
        desk.set_time(NOW + timedelta(minutes=15, seconds=1))
        assert (await stranger.run(action, **right, **wish))["reference"] == reference


async def test_five_failures_at_a_reference_whoever_guesses(
    database_url: str, tmp_path: Path
) -> None:
    async with bookings(tmp_path, url=database_url) as desk:
        ada = await Caller.arrive(desk)
        reference = (await ada.book())["reference"]
        for _ in range(5):
            stranger = await Caller.arrive(desk)
            assert not is_blocked(
                await stranger.refusal("lookup_booking", reference=reference, **WRONG)
            )
        stranger = await Caller.arrive(desk)
        right = {"reference": reference, "name": "Lovelace"}
        assert is_blocked(await stranger.refusal("lookup_booking", **right))
        # Its owner is not locked out.
        assert (await ada.run("cancel_booking", reference=reference))["status"] == "cancelled"


async def test_guesses_at_the_same_time_are_all_counted(database_url: str, tmp_path: Path) -> None:
    async with bookings(tmp_path, url=database_url) as desk:
        talks = [await Caller.arrive(desk, visitor="busy") for _ in range(12)]
        failed = await asyncio.gather(
            *(
                talk.refusal("lookup_booking", reference=f"BBBB-BBB{n % 10}", **WRONG)
                for n, talk in enumerate(talks)
            )
        )
        assert sum(not is_blocked(error) for error in failed) == 5
        desk.set_time(NOW + timedelta(hours=3))
        late = await Caller.arrive(desk)
        await late.refusal("lookup_booking", reference="BBBB-BBB1", **WRONG)
        assert await count(desk, "guess") == 2  # what is old is forgotten


async def test_a_verified_number_is_proof_and_a_claimed_one_is_not(tmp_path: Path) -> None:
    async with bookings(tmp_path) as desk:
        ada, phone = await Caller.arrive(desk), await Caller.arrive(desk, channel="sms")
        reference = (await ada.book())["reference"]
        for verified in (False, True):
            phone.contact = msgspec.structs.replace(
                phone.contact, phone="+12125550199", phone_verified=verified
            )
            if verified:
                done = await phone.run("cancel_booking", reference=reference)
                assert done["name"] == "Ada Lovelace"
            else:
                await phone.refusal("cancel_booking", reference=reference)


async def test_another_business_knows_nothing(tmp_path: Path) -> None:
    twin = msgspec.structs.replace(BELLA, id="twin")
    async with bookings(tmp_path, twin) as desk:
        ada = await Caller.arrive(desk)
        reference = (await ada.book())["reference"]
        elsewhere = await Caller.arrive(desk, twin)
        for action, wish in CHANGES:
            failed = await elsewhere.refusal(action, reference=reference, name="Lovelace", **wish)
            assert "No booking was found" in failed.message


async def test_guesses_are_counted_while_a_proposal_is_open(tmp_path: Path) -> None:
    """A failure puts back what an open proposal holds, but is counted all the same."""
    model = ScriptedModel()
    async with open_desk(tmp_path, models=[model]) as desk:
        example = read_toml(desk.desk.packs["restaurant"].example)
        await desk.add_business(example)
        who = {"party_size": 2, "date": "2026-11-24", "time": "19:00"}
        ada = await desk.conversation("restaurant")
        eve = await desk.conversation("restaurant")
        references: list[str] = []
        for talk, name in ((ada, "Ada Lovelace"), (eve, "Eve Green")):
            book = Call("create_booking", **who, name=name, phone="+1 212 555 0199")
            model.then(book, "Shall I?", book, "Booked.")
            await talk.say("Book it")
            await talk.say("Yes")
            references.append(talk.actions[-1].data["reference"])
        model.then(Call("cancel_booking", reference=references[1]), "Shall I?")
        await eve.say("Cancel mine")
        assert eve.actions[-1].status == "needs_confirmation"
        said: list[str] = []
        for n in range(7):
            guess = Call("cancel_booking", reference=references[0], name=f"Wrong{n} Name{n}")
            model.then(guess, "Sorry.")
            await eve.say("Cancel this one")
            said.append(eve.actions[-1].data["message"])
        assert ["Too many" in text for text in said] == [False] * 5 + [True] * 2
        right = Call("cancel_booking", reference=references[0], name="Ada Lovelace")
        model.then(right, "Sorry.")
        await eve.say("Now the right name")
        assert [action.status for action in eve.actions[-1:]] == ["failed"]
        rows = await desk.desk.database.fetch("SELECT status FROM booking")
        assert {row["status"] for row in rows} == {"confirmed"}
