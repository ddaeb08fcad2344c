"""Verified telephone numbers: only with the code, in few tries, and then one customer everywhere."""

import asyncio
import re
from collections.abc import AsyncGenerator
from datetime import timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest
from pigeon import NUMBER, Pigeon, sent, texting
from support import migrated
from support_booking import Caller
from test_booking import BELLA
from ungated import ungated

from frontdesk import Business, opting
from frontdesk.testing import Call, ScriptedModel, TestDesk, open_desk
from frontdesk.testing.desk import NOW, Conversation

TOOLS = (
    "verify_phone", "create_booking", "lookup_booking", "cancel_booking", "add_to_order",
    "take_message",
)  # fmt: skip
HOUSE = msgspec.structs.replace(
    BELLA, id="house", name="House", tools=TOOLS,
    settings=BELLA.settings | {"sms": {"numbers": ["+12125550100"]}},
)  # fmt: skip
WISH = {"party_size": 2, "date": "2026-11-24", "time": "19:00", "name": "Ada Lovelace",
        "phone": NUMBER}  # fmt: skip


@pytest.fixture
async def desk(tmp_path: Path, database_url: str) -> AsyncGenerator[TestDesk]:
    async with open_desk(
        tmp_path, url=await migrated(database_url), plugins=[Pigeon()], recover=False
    ) as opened:
        await opened.add_business(HOUSE)
        yield opened


async def codes(desk: TestDesk) -> list[str]:
    """All that were sent, in order."""
    found = [re.search(r"\b\d{6}\b", body["text"]) for body in await sent(desk, "sms.text")]
    return [match[0] for match in found if match]


async def ask(caller: Caller, phone: str = NUMBER) -> str:
    """The code that is sent for a number."""
    done = await caller.run("verify_phone", phone=phone)
    assert done["status"] == "sent"
    return (await codes(caller.desk))[-1]


async def test_the_code_verifies_and_nothing_else_does(desk: TestDesk) -> None:
    caller = await Caller.arrive(desk, HOUSE)
    code = await ask(caller)
    (body,) = await sent(desk, "sms.text")
    assert body["text"].startswith(f"House: your code is {code}. It is good for 10 minutes.")
    assert (body["to"], body["purpose"]) == (NUMBER, "code")
    assert body["key"]
    wrong = f"{(int(code) + 1) % 1_000_000:06}"
    error = await caller.refusal("verify_phone", phone=NUMBER, code=wrong)
    assert "not the code" in error.message
    done = await caller.run("verify_phone", phone=NUMBER, code=f" {code[:3]} {code[3:]} ")
    assert done["status"] == "verified"
    assert caller.patch["contact"]["phone_verified"] is True
    (row,) = await contacts_with(desk, NUMBER)
    assert row["id"] == caller.contact.id
    again = await caller.refusal("verify_phone", phone=NUMBER, code=code)
    assert "no code" in again.message, "it counts once"


async def contacts_with(desk: TestDesk, phone: str) -> list[dict[str, Any]]:
    return await desk.desk.database.fetch(
        "SELECT * FROM contact WHERE phone = {} AND phone_verified", phone
    )


async def test_the_code_is_not_kept_in_the_clear(desk: TestDesk) -> None:
    code = await ask(await Caller.arrive(desk, HOUSE))
    (row,) = await desk.desk.database.fetch("SELECT * FROM verify_code")
    assert code not in str(row)
    assert len(row["digest"]) == 64


async def test_five_tries(desk: TestDesk) -> None:
    caller = await Caller.arrive(desk, HOUSE)
    code = await ask(caller)
    for n in range(5):
        wrong = f"{(int(code) + 1 + n) % 1_000_000:06}"
        assert (
            "not the code"
            in (await caller.refusal("verify_phone", phone=NUMBER, code=wrong)).message
        )
    late = await caller.refusal("verify_phone", phone=NUMBER, code=code)
    assert "no code" in late.message
    assert await contacts_with(desk, NUMBER) == []


async def test_guesses_at_once_are_counted(desk: TestDesk) -> None:
    caller = await Caller.arrive(desk, HOUSE)
    code = await ask(caller)
    tries = [f"{(int(code) + n) % 1_000_000:06}" for n in range(10, 30)]
    found = await asyncio.gather(
        *(caller.refusal("verify_phone", phone=NUMBER, code=one) for one in tries)
    )
    assert sum("not the code" in error.message for error in found) == 5


async def test_ten_minutes(desk: TestDesk) -> None:
    caller = await Caller.arrive(desk, HOUSE)
    code = await ask(caller)
    desk.set_time(NOW + timedelta(minutes=10))
    error = await caller.refusal("verify_phone", phone=NUMBER, code=code)
    assert "no code" in error.message


async def test_another_contacts_code_is_worth_nothing(desk: TestDesk) -> None:
    code = await ask(await Caller.arrive(desk, HOUSE))
    other = await Caller.arrive(desk, HOUSE)
    assert "no code" in (await other.refusal("verify_phone", phone=NUMBER, code=code)).message
    await ask(other, "+12125550199")
    assert "no code" in (await other.refusal("verify_phone", phone=NUMBER, code=code)).message


async def test_codes_are_sent_sparingly(desk: TestDesk) -> None:
    caller = await Caller.arrive(desk, HOUSE)
    for n in range(3):
        await ask(caller, f"+1212555019{n}")
    error = await caller.refusal("verify_phone", phone="+12125550197")
    assert error.message == "Too many codes were asked for. Please try again in 60 minutes."
    desk.set_time(NOW + timedelta(minutes=61))
    for _ in range(3):  # a number rings no more often, whoever asks
        await ask(await Caller.arrive(desk, HOUSE), "+12125550190")
    someone = await Caller.arrive(desk, HOUSE)
    assert "Too many" in (await someone.refusal("verify_phone", phone="+12125550190")).message
    assert len(await sent(desk, "sms.text")) == 6


async def test_a_business_without_text_messages_says_so(tmp_path: Path) -> None:
    without = msgspec.structs.replace(HOUSE, id="b", settings=BELLA.settings)
    off = msgspec.structs.replace(HOUSE, id="c", plugins={"disabled": ("sms",)})
    off = msgspec.convert(msgspec.to_builtins(off), Business)
    async with open_desk(tmp_path, plugins=[Pigeon()], recover=False) as desk:
        for business in (without, off):
            await desk.add_business(business)
            caller = await Caller.arrive(desk, business)
            error = await caller.refusal("verify_phone", phone=NUMBER)
            assert "cannot be verified here" in error.message
    folder = tmp_path / "bare"
    folder.mkdir()
    async with open_desk(folder, recover=False) as desk:  # and so does one without the channel
        await desk.add_business(HOUSE)
        caller = await Caller.arrive(desk, HOUSE)
        assert (
            "cannot be verified here"
            in (await caller.refusal("verify_phone", phone=NUMBER)).message
        )


async def test_a_number_that_wants_no_texts_gets_none(desk: TestDesk) -> None:
    await opting.record(desk.desk.database, "house", NUMBER, "out", "inbound")
    caller = await Caller.arrive(desk, HOUSE)
    assert "cannot send" in (await caller.refusal("verify_phone", phone=NUMBER)).message
    assert await sent(desk, "sms.text") == []


async def test_a_chat_is_of_one_number(desk: TestDesk) -> None:
    caller = await Caller.arrive(desk, HOUSE)
    await caller.run("verify_phone", phone=NUMBER, code=await ask(caller))
    known = msgspec.structs.replace(caller.contact, phone=NUMBER, phone_verified=True)
    caller.contact = known
    assert (await caller.run("verify_phone", phone=NUMBER))["status"] == "verified"
    error = await caller.refusal("verify_phone", phone="+12125550199")
    assert "another telephone number" in error.message


async def test_many_who_show_the_right_code_of_one_number_at_once(desk: TestDesk) -> None:
    """Two browsers of one person, and a text that arrives meanwhile: one contact remains."""
    for _ in range(4):
        callers = [await Caller.arrive(desk, HOUSE) for _ in range(3)]
        shown = [await ask(caller) for caller in callers]
        done = await asyncio.gather(
            *(
                c.run("verify_phone", phone=NUMBER, code=s)
                for c, s in zip(callers, shown, strict=True)
            ),
            texting(desk, "house"),
            return_exceptions=True,
        )
        assert not [one for one in done if isinstance(one, BaseException)]
        (row,) = await contacts_with(desk, NUMBER)
        conversations = await desk.desk.database.fetch("SELECT DISTINCT contact FROM conversation")
        assert conversations == [{"contact": row["id"]}]
        assert len(await desk.desk.database.fetch("SELECT id FROM contact")) == 1
        await desk.desk.database.fetch("DELETE FROM verify_sent")


# ---- the whole way ---------------------------------------------------------------------------


async def test_what_was_booked_by_text_is_theirs_on_the_web(
    tmp_path: Path, database_url: str
) -> None:
    model = ScriptedModel()
    url, packs = await migrated(database_url), [ungated(tmp_path, *TOOLS)]
    async with open_desk(
        tmp_path, url=url, models=[model], plugins=[Pigeon()], pack_folders=packs
    ) as desk:
        await desk.add_business(msgspec.structs.replace(HOUSE, pack="ungated", tools=()))
        texts, web = await texting(desk, "house"), await desk.conversation("house")
        model.then(Call("create_booking", **WISH), "Booked.")
        await texts.say("A table for two on Tuesday at seven, Ada Lovelace")
        model.then(Call("lookup_booking"), "Nothing here.")
        await web.say("my bookings?")
        assert web.actions[0].data.get("bookings", []) == []
        model.then(Call("verify_phone", phone=NUMBER), "What is the code?")
        await web.say("find it by my number")
        (code,) = await codes(desk)
        model.then(Call("verify_phone", phone=NUMBER, code=code), Call("lookup_booking"), "There.")
        await web.say(code)
        assert [(a.tool, a.status) for a in web.actions] == [
            ("verify_phone", "done"), ("lookup_booking", "done"),
        ]  # fmt: skip
        (found,) = web.actions[1].data["bookings"]
        assert found["name"] == "Ada Lovelace"
        model.then(Call("cancel_booking", reference=found["reference"]), "Gone.")
        await web.say("cancel it please")
        assert [a.status for a in web.actions] == ["done"]
        # Both go on as one, and the texts know the name that was given.
        assert (await contact_of(desk, texts)) == (await contact_of(desk, web))
        (row,) = await contacts_with(desk, NUMBER)
        assert row["name"] == "Ada Lovelace"
        assert row["visitor"]
        model.then("Yes?")
        assert (await texts.say("and me?")) is not None


async def contact_of(desk: TestDesk, talk: Conversation) -> str:
    row = await desk.desk.database.one("SELECT contact FROM conversation WHERE id = {}", talk.id)
    assert row is not None
    return str(row["contact"])


VICTIM = "+12125550177"


@pytest.mark.parametrize("is_told", [True, False])
async def test_a_claim_of_a_turn_at_work_never_becomes_verified(
    tmp_path: Path, database_url: str, is_told: bool
) -> None:
    """Also when the turn does not learn that the contact has a verified number meanwhile."""
    model = ScriptedModel()
    async with open_desk(
        tmp_path, url=await migrated(database_url), models=[model], plugins=[Pigeon()]
    ) as desk:
        await desk.add_business(HOUSE)
        database = desk.desk.database
        caller = await Caller.arrive(desk, HOUSE, visitor="mallory")
        second = await desk.conversation("house", visitor="mallory")
        code = await ask(caller)
        claim = Call("take_message", name="M", phone=VICTIM, topic="x", text="call me")

        async def meanwhile(_: Any) -> Any:
            await caller.run("verify_phone", phone=NUMBER, code=code)
            if not is_told:
                await database.fetch("UPDATE conversation SET owner_epoch = 0")
            await database.fetch("UPDATE conversation SET lease_until = 0")  # not waited for
            return claim

        model.then(meanwhile, *([claim] if is_told else []), "Done.")
        reply = await asyncio.wait_for(second.say("please take a message"), 30)
        assert reply is not None
        (row,) = await contacts_with(desk, NUMBER)
        assert row["id"] == caller.contact.id == await contact_of(desk, second)
        assert await contacts_with(desk, VICTIM) == []
        # Whoever has that number is somebody else.
        theirs = await texting(desk, "house", VICTIM)
        assert await contact_of(desk, theirs) != caller.contact.id


async def test_the_error_of_a_stranger_tells_nothing(desk: TestDesk) -> None:
    """Whether a number is known here cannot be found out by asking for a code."""
    await texting(desk, "house")
    known, unknown = await Caller.arrive(desk, HOUSE), await Caller.arrive(desk, HOUSE)
    one = await known.run("verify_phone", phone=NUMBER)
    other = await unknown.run("verify_phone", phone="+12125550199")
    assert one["message"].replace("0123", "0199") == other["message"]
    assert "not a telephone number" in (await known.refusal("verify_phone", phone="123")).message


async def test_the_offline_model_asks_for_the_code(tmp_path: Path) -> None:
    packed = msgspec.structs.replace(HOUSE, pack="restaurant", tools=())
    async with open_desk(tmp_path, plugins=[Pigeon()]) as desk:
        await desk.add_business(packed)
        web = await desk.conversation("house")
        await web.say("verify my phone number")
        reply = await web.say(NUMBER)
        assert reply is not None
        assert reply.content.endswith("by text message. What is it?")
        (code,) = await codes(desk)
        await web.say(f"{(int(code) + 1) % 1_000_000:06}")
        reply = await web.say(code)
        assert reply is not None
        assert reply.content.startswith("Thank you, +1 212-555-0123 is yours")
        assert len(await contacts_with(desk, NUMBER)) == 1
