"""The whole way of a reminder: booked in a conversation, agreed to, and answered by a digit."""

from pathlib import Path

import msgspec
from pigeon import NUMBER, texting
from support_reminders import BISTRO, WISH, at, open_bistro, tick, want
from test_booking import BELLA

from frontdesk import opting
from frontdesk.testing import Call, ScriptedModel, TestDesk
from frontdesk.testing.desk import Conversation

PACKED = msgspec.structs.replace(BISTRO, pack="restaurant")


async def agreed(desk: TestDesk, model: ScriptedModel, talk: Conversation) -> str:
    """A booking made in a conversation; its reference."""
    call = Call("create_booking", **WISH, phone=NUMBER)
    model.then(call, "Shall I book it?")
    await talk.say("A table please")
    model.then(call, "Done.")
    reply = await talk.say("Yes please")
    assert reply is not None
    (row,) = await desk.desk.database.fetch("SELECT * FROM booking")
    return f"{row['reference'][:4]}-{row['reference'][4:]}"


async def test_who_books_on_the_web_is_told_agrees_and_confirms_by_text(
    tmp_path: Path, database_url: str
) -> None:
    model = ScriptedModel()
    async with open_bistro(tmp_path, database_url, model, business=PACKED) as desk:
        database = desk.desk.database
        reference = await agreed(desk, model, await desk.conversation("bistro"))
        (consent,) = await database.fetch("SELECT * FROM text_consent")
        assert (consent["number"], consent["state"], consent["source"]) == (NUMBER, "in", "booking")
        assert consent["disclosure"].startswith("We will text a reminder to +1 212-555-0123;")
        (text,) = await tick(desk, at(23, 19))
        assert text.startswith("Bistro reminds you: Table for 2 on Tue, Nov 24, 7:00 PM")
        (row,) = await database.fetch("SELECT id FROM conversation WHERE channel = 'sms'")
        talk = Conversation(desk.desk, "bistro", row["id"])
        model.then("Thank you, Ada Lovelace: see you on Tue, Nov 24, 7:00 PM.")
        reply = await talk.say("1")
        assert reply is not None
        assert reply.content == "Thank you, Ada Lovelace: see you on Tue, Nov 24, 7:00 PM."
        assert [(a.tool, a.status) for a in talk.actions] == [("confirm_attendance", "done")]
        (booking,) = await database.fetch("SELECT attends FROM booking")
        assert booking["attends"]
        # The second reminder goes on in the same conversation, and asks nothing any more.
        (text,) = await tick(desk, at(24, 17))
        assert text.endswith(f"reference {reference}.")
        assert len(await database.fetch("SELECT id FROM conversation WHERE channel = 'sms'")) == 1


async def test_two_asks_what_to_change_and_the_number_is_proof_enough(tmp_path: Path) -> None:
    model = ScriptedModel()
    async with open_bistro(tmp_path, "", model, business=PACKED) as desk:
        reference = await agreed(desk, model, await desk.conversation("bistro"))
        await tick(desk, at(23, 19))
        (row,) = await desk.desk.database.fetch("SELECT id FROM conversation WHERE channel = 'sms'")
        talk = Conversation(desk.desk, "bistro", row["id"])
        model.then("What shall I change?")
        await talk.say("2")
        assert talk.actions == []
        move = Call("reschedule_booking", reference=reference, time="20:00")
        model.then(move, "Shall I move it?")
        await talk.say("8 pm please")
        assert [a.status for a in talk.actions] == ["needs_confirmation"]
        model.then("Moved.")
        await talk.say("1")
        assert [a.status for a in talk.actions] == ["done"]


async def test_who_books_by_text_has_agreed(tmp_path: Path) -> None:
    model = ScriptedModel()
    async with open_bistro(tmp_path, "", model, business=PACKED) as desk:
        await agreed(desk, model, await texting(desk, "bistro"))
        assert await opting.state(desk.desk.database, "bistro", NUMBER) == "in"
        assert len(await tick(desk, at(23, 19))) == 1


async def test_without_a_number_nothing_is_promised(tmp_path: Path) -> None:
    model = ScriptedModel()
    business = msgspec.structs.replace(PACKED, settings=BELLA.settings)
    async with open_bistro(tmp_path, "", model, business=business) as desk:
        talk = await desk.conversation("bistro")
        await agreed(desk, model, talk)
        assert await desk.desk.database.fetch("SELECT * FROM text_consent") == []
        await want(desk)
        assert await tick(desk, at(23, 19)) == []


# ---- without a language model ----------------------------------------------------------------


async def test_the_offline_model_hears_both_digits(tmp_path: Path) -> None:
    async with open_bistro(tmp_path, business=PACKED) as desk:
        talk = await texting(desk, "bistro")

        async def say(text: str) -> str:
            reply = await talk.say(text)
            assert reply is not None
            return reply.content

        for text in ("A table for 2 on Tuesday at 7pm", "Ada Lovelace"):
            await say(text)
        asked = await say("212 555 0123")
        assert asked.endswith("Shall I book it?\n\nReply 1 to confirm, 2 to change.")
        assert (await say("hm what")).endswith("Reply 1 to confirm, 2 to change.")
        assert "What should I change?" in await say("2")
        assert (await say("3 people")).endswith("Reply 1 to confirm, 2 to change.")
        assert (await say("1")).startswith("Booked: Table for 3 on Tue, Nov 24, 7:00 PM")
        await tick(desk, at(23, 19))
        assert (await say("2")).startswith("What should I change: the date, the time or")
        assert (await say("8pm")).startswith("Move booking ")
        assert (await say("1")).startswith("Moved: Table for 3 on Tue, Nov 24, 8:00 PM.")
        await tick(desk, at(24, 18))
        assert await say("1") == "Thank you, Ada Lovelace: see you on Tue, Nov 24, 8:00 PM."
